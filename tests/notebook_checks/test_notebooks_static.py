"""Every notebook keeps the rules of rules.py and matches its golden record."""

from functools import cache

import pytest

from tests.notebook_checks import notebooks
from tests.notebook_checks.notebooks import GOLDEN, PLAIN_SHOW, SETTINGS, UNCOMPARED
from tests.notebook_checks.rules import MAX_PLAIN_SHOW, MAX_TOGETHER, RULES
from tests.notebook_regression.changes import cell_changes
from tests.notebook_regression.notebooks import golden
from tests.notebook_regression.rules import Notebook

every_notebook = pytest.mark.parametrize(
    "path", notebooks.NOTEBOOKS, ids=[path.stem for path in notebooks.NOTEBOOKS]
)


@cache  # the rules read a notebook, and none changes it
def read_once(path):
    return Notebook(path, SETTINGS)


def test_there_are_notebooks():
    assert notebooks.NOTEBOOKS, "notebooks/ holds no notebook"


@every_notebook
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_notebook(path, rule):
    complaints = list(rule(read_once(path)))
    assert not complaints, "\n".join([rule.__doc__, *complaints])


@every_notebook
def test_every_cell_is_the_one_that_was_accepted(path):
    changes = list(cell_changes(golden(path, SETTINGS).get("cells"), read_once(path).nb))
    assert not changes, "\n".join(
        [f"{path.name}: python start.py accept notebooks/{path.name} accepts", *changes]
    )


def test_every_golden_record_belongs_to_a_notebook():
    records = {path.stem for path in GOLDEN.glob("*.json")}
    assert records == {path.stem for path in notebooks.NOTEBOOKS}


def test_notebooks_together_stay_small():
    assert sum(path.stat().st_size for path in notebooks.NOTEBOOKS) <= MAX_TOGETHER


def test_every_reason_belongs_to_a_cell():
    cells = [
        (path.name, cell)
        for path in notebooks.NOTEBOOKS
        for cell in notebooks.code_cells(read_once(path).nb)
    ]
    ignored = {
        (name, cell.get("id"))
        for name, cell in cells
        if "nbval-ignore-output" in cell.metadata.get("tags", [])
    }
    shown = {
        (name, cell.get("id"))
        for name, cell in cells
        if any("image/png" in output.get("data", {}) for output in cell.outputs)
    }
    assert set(UNCOMPARED) <= ignored
    assert set(PLAIN_SHOW) <= shown
    assert len(PLAIN_SHOW) <= MAX_PLAIN_SHOW
