"""The catalogue of planted regressions still applies to the course, and nothing in it is idle."""

import re
import shutil

import pytest

from tests.mutants.catalogue import HERE, ROOT, catalogue, plant

MUTANTS = catalogue()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.id)
def test_mutant_can_be_planted(mutant, tmp_path):
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
