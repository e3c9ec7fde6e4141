"""The learner's own copy: renewed where untouched, never overwritten where there is work in it."""

import json
import re

import pytest

from helpers.exercises import my_course
from tests.notebook_checks import notebooks


def notebook(*sources, outputs=()):
    """Return the text of a notebook with a code cell for each source."""
    cells = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "source": source,
            "outputs": list(outputs),
            "execution_count": 7,
            "metadata": {"jupyter": {"source_hidden": True}},
        }
        for number, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def folders(tmp_path):
    """Return a course of two lessons and the place of the learner's copy."""
    course = tmp_path / "notebooks"
    course.mkdir()
    result = {"output_type": "stream", "name": "stdout", "text": "2\n"}
    for name in ("00_start_here", "01_one_film"):
        (course / f"{name}.ipynb").write_text(notebook("1 + 1", outputs=[result]), "utf-8")
    return course, tmp_path / "my-course"


def sources(path):
    """Return the sources of a notebook's cells."""
    return ["".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"]]


def edit(path, *cells, outputs=()):
    path.write_text(notebook(*cells, outputs=outputs), encoding="utf-8")


def test_copies_hold_everything_but_outputs(folders):
    assert my_course.lay(*folders) == []
    for path in folders[0].glob("*.ipynb"):
        copied = json.loads((folders[1] / path.name).read_text("utf-8"))
        assert sources(folders[1] / path.name) == sources(path)
        cell = copied["cells"][0]
        assert (cell["outputs"], cell["execution_count"]) == ([], None)
        assert cell["metadata"] == {"jupyter": {"source_hidden": True}}


def test_the_copies_of_the_course_are_valid_notebooks(tmp_path):
    my_course.lay(notebooks.ROOT / "notebooks", tmp_path / "mine")
    copies = sorted((tmp_path / "mine").glob("*.ipynb"))
    assert [path.name for path in copies] == [path.name for path in notebooks.NOTEBOOKS]
    assert not any(cell.outputs for p in copies for cell in notebooks.code_cells(notebooks.read(p)))


def test_an_untouched_lesson_is_renewed_even_when_it_was_run(folders):
    course, mine = folders
    my_course.lay(course, mine)
    edit(mine / "01_one_film.ipynb", "1 + 1", outputs=[{"output_type": "stream"}])
    edit(course / "01_one_film.ipynb", "1 + 1", "new")
    assert my_course.lay(course, mine) == []
    assert sources(mine / "01_one_film.ipynb") == ["1 + 1", "new"]


def test_work_is_never_overwritten_and_the_newer_lesson_is_announced(folders):
    course, mine = folders
    my_course.lay(course, mine)
    edit(mine / "01_one_film.ipynb", "1 + 1", "my answer")
    before = (mine / "01_one_film.ipynb").read_bytes()
    assert my_course.lay(course, mine) == []  # nothing newer
    edit(course / "01_one_film.ipynb", "1 + 1", "new")
    for _ in range(2):
        assert my_course.lay(course, mine) == ["01_one_film.ipynb"]
        assert (mine / "01_one_film.ipynb").read_bytes() == before


def test_a_fresh_copy_is_laid_beside_the_work_and_ends_the_announcement(folders):
    course, mine = folders
    my_course.lay(course, mine)
    edit(mine / "01_one_film.ipynb", "my answer")
    edit(course / "01_one_film.ipynb", "new")
    first, second = (my_course.lay_fresh(course, mine, number) for number in ("01", "1"))
    assert (first.name, second.name) == (
        "01_one_film fresh.ipynb",
        "01_one_film fresh 2.ipynb",
    )
    assert sources(first) == sources(second) == ["new"]
    assert sources(mine / "01_one_film.ipynb") == ["my answer"]
    assert my_course.lay(course, mine) == []
    edit(course / "01_one_film.ipynb", "newer still")
    assert my_course.lay(course, mine) == ["01_one_film.ipynb"]


@pytest.mark.parametrize("record", [None, "", "[1]", "{}"])
def test_without_a_record_every_lesson_counts_as_work(folders, record):
    course, mine = folders
    my_course.lay(course, mine)
    edit(course / "01_one_film.ipynb", "new")
    (mine / my_course.RECORD).unlink()
    if record is not None:
        (mine / my_course.RECORD).write_text(record, encoding="utf-8")
    assert my_course.lay(course, mine) == ["01_one_film.ipynb"]
    assert sources(mine / "01_one_film.ipynb") == ["1 + 1"]


@pytest.mark.parametrize("damaged", ["", "{", "[]", "{}", '{"cells": [1]}'])
def test_a_damaged_copy_is_left_alone(folders, damaged):
    course, mine = folders
    my_course.lay(course, mine)
    (mine / "01_one_film.ipynb").write_text(damaged, encoding="utf-8")
    edit(course / "01_one_film.ipynb", "new")
    assert my_course.lay(course, mine) == ["01_one_film.ipynb"]
    assert (mine / "01_one_film.ipynb").read_text("utf-8") == damaged


def test_a_lesson_that_was_deleted_comes_back(folders):
    my_course.lay(*folders)
    (folders[1] / "00_start_here.ipynb").unlink()
    my_course.lay(*folders)
    assert sources(folders[1] / "00_start_here.ipynb") == ["1 + 1"]


def test_what_cannot_be_laid_is_said_in_one_sentence(folders, monkeypatch, capsys):
    monkeypatch.setattr(my_course, "ROOT", folders[0].parent)
    (folders[0].parent / "README.md").write_text("# Course", encoding="utf-8")
    for number in ("99", "*", "x"):
        with pytest.raises(SystemExit, match="There is no lesson"):
            my_course.main(["fresh", number])
    with pytest.raises(SystemExit, match="The number of a lesson is wanted"):
        my_course.main(["fresh"])
    folders[1].write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(SystemExit, match="could not be laid"):
        my_course.main([])
    folders[1].unlink()
    my_course.main([])
    edit(folders[1] / "01_one_film.ipynb", "my answer")
    edit(folders[0] / "01_one_film.ipynb", "new")
    capsys.readouterr()
    my_course.main([])
    assert "python start.py fresh 01" in capsys.readouterr().out


def test_links_of_the_copies_stay_in_the_copies(tmp_path, monkeypatch):
    """A reader who follows the course map does not end up in the lessons that git keeps."""
    root = notebooks.ROOT
    readme = my_course.course_map((root / "README.md").read_text(encoding="utf-8"))
    my_course.lay(root / "notebooks", tmp_path / "mine")
    lesson = "\n".join(sources(tmp_path / "mine" / "01_one_film.ipynb"))
    assert "[Course map](README.md)" in lesson
    assert re.findall(r"!\[[^\]]*\]\(http", readme) == []  # the badges are left out
    targets = re.findall(r"\]\(([^)\s]+)\)", readme)
    assert "01_one_film.ipynb" in targets
    for target in targets:
        if not target.startswith("http"):
            assert (tmp_path / "mine" / target).exists() or (root / "site" / target).exists()
            assert "notebooks/" not in target
