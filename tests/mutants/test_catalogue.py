"""The catalogue of planted regressions still applies to the course, and nothing in it is idle."""

import copy
import functools
import re
import shutil

import nbformat
import pytest

from tests.mutants.catalogue import HERE, ROOT, Mutant, catalogue, plant, plant_in
from tests.mutants.looking import is_named

MUTANTS = catalogue()
IN_NOTEBOOKS = [mutant for mutant in MUTANTS if mutant.in_notebook]
IN_FILES = [mutant for mutant in MUTANTS if not mutant.in_notebook]


@functools.cache  # several mutants are planted in copies of each
def notebook_of(file):
    return nbformat.read(ROOT / file, as_version=4)


@pytest.mark.parametrize("mutant", IN_NOTEBOOKS, ids=lambda mutant: mutant.id)
def test_mutant_can_be_planted_in_a_notebook(mutant):
    planted = copy.deepcopy(notebook_of(mutant.file))
    plant_in(planted, [mutant])
    assert planted != notebook_of(mutant.file), "the mutant changes nothing"


@pytest.mark.parametrize("mutant", IN_FILES, ids=lambda mutant: mutant.id)
def test_mutant_can_be_planted_in_a_file(mutant, tmp_path):
    before = (ROOT / mutant.file).read_bytes()
    target = tmp_path / mutant.file
    target.parent.mkdir(parents=True)
    shutil.copy(ROOT / mutant.file, target)
    if mutant.path.parts[0] == "data":
        (tmp_path / "data").mkdir(exist_ok=True)
        shutil.copy(ROOT / "data" / "manifest.json", tmp_path / "data")
    plant([mutant], tmp_path)
    assert target.read_bytes() != before, "the mutant changes nothing"


def test_catalogue_is_large_and_touches_every_lesson():
    assert len({mutant.id for mutant in MUTANTS}) == len(MUTANTS) >= 100
    lessons = {mutant.path.name[:2] for mutant in MUTANTS if mutant.in_notebook}
    assert lessons == {f"{number:02}" for number in range(15)}
    assert all(mutant.kind and re.fullmatch(r"[\w-]+", mutant.id) for mutant in MUTANTS), HERE


def test_a_text_that_is_not_there_or_twice_there_cannot_be_planted(tmp_path):
    (tmp_path / "helper.py").write_text("one = 1\ntwo = 1\n", encoding="utf-8")
    for old in ("= 2", "= 1"):
        with pytest.raises(LookupError, match="occurs"):
            plant([Mutant("id", "kind", "helper.py", old, "= 3")], tmp_path)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ('09_canny.ipynb cell 31 "thin = …" is changed', True),
        ("09_canny.ipynb::Cell 12 failed", True),
        ("09_canny.ipynb exercise 9.3: the solution cell prints nothing", True),
        ("09_canny.ipynb: the cell with the id abc-1 is gone", True),
        ("09_canny.ipynb cell 3 and cell 310 are changed", False),
        ("09_canny.ipynb exercise 9.31: the solution cell prints nothing", False),
        ("08_edges.ipynb cell 31 is changed", False),
        ("09_canny.ipynb: variable kept", False),
    ],
)
def test_a_failure_names_the_notebook_and_the_cell(words, named):
    mutant = Mutant("id", "kind", "notebooks/09_canny.ipynb")
    places = [(31, 12, "abc-1", '# Solution 9.3\ncheck("9.3", answer)')]
    assert is_named(mutant, places, [("test", words)]) == named
