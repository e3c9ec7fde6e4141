"""Every notebook keeps the rules of rules.py and matches its golden record."""

import pytest

from tests.notebook_checks import notebooks
from tests.notebook_checks.rules import RULES, UNCOMPARED, Notebook

every_notebook = pytest.mark.parametrize(
    "path", notebooks.NOTEBOOKS, ids=[path.stem for path in notebooks.NOTEBOOKS]
)


def test_there_are_notebooks():
    assert notebooks.NOTEBOOKS, "notebooks/ holds no notebook"


@every_notebook
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_notebook(path, rule):
    complaints = list(rule(Notebook(path)))
    assert not complaints, "\n".join([rule.__doc__, *complaints])


@every_notebook
def test_nothing_was_lost_from_the_notebook(path):
    wanted = notebooks.golden(path)
    wanted.pop("variables")
    assert notebooks.contents(notebooks.read(path)) == wanted


def test_every_golden_record_belongs_to_a_notebook():
    records = {path.stem for path in notebooks.GOLDEN.glob("*.json")}
    assert records == {path.stem for path in notebooks.NOTEBOOKS}


def test_every_reason_belongs_to_a_cell():
    cells = {
        (path.name, cell.get("id"))
        for path in notebooks.NOTEBOOKS
        for cell in notebooks.code_cells(notebooks.read(path))
        if "nbval-ignore-output" in cell.metadata.get("tags", [])
    }
    assert set(UNCOMPARED) <= cells
