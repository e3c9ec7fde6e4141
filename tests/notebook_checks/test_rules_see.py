"""The rules of style see what they are for: each, broken in a good notebook, says so."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.notebook_checks import notebooks
from tests.notebook_checks.accept import refused
from tests.notebook_checks.rules import RULES, names_in
from tests.notebook_regression import planting
from tests.notebook_regression import rules as general
from tests.notebook_regression.planting import (
    figure_output,
    finished,
    output,
    put,
    remove,
    stream,
    tagged,
)

# Exercises as in lesson 01, since the rules ask what kind each of them is.
TITLES = ("Find", "What it costs", "The share", "Predict: what", "Draw", "Cut", "Find the bug")
MINUTES = "*Lesson 1 of 14 · 72 minutes: 60 to read and run, 12 for exercises; 7 more are extra*"


@pytest.fixture(autouse=True)
def readme(tmp_path, monkeypatch):
    """Put a README.md with the minutes of the good notebook where the rules look for it."""
    row = "| [01 Good](notebooks/01_good.ipynb) | 60 + 12 | load |"
    (tmp_path / "README.md").write_text(row, encoding="utf-8")
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)


def good_notebook():
    """Return a notebook of chapter 1 that keeps every rule."""
    cells = [
        new_markdown_cell(f"# Load images\n\n{MINUTES}\n\nIf it fails, `python start.py`."),
        new_code_cell("import numpy as np\nfrom helpers import figures"),
        new_markdown_cell("## 1. Films (60 minutes)\n\nSee [this one](01_good.ipynb#films)."),
        new_code_cell("show(film)", outputs=[figure_output()]),
    ]
    for number, title in enumerate(TITLES, start=1):
        minutes = "7 minutes, extra" if number == len(TITLES) else f"{number % 3 + 1} minutes"
        text = new_markdown_cell(f"### Exercise 1.{number} · {title} ({minutes})\n\nDo it.")
        check = f'check("1.{number}", '
        task = new_code_cell(f"answer_{number} = ...\n{check}answer_{number})")
        task.metadata = nbformat.from_dict({"tags": ["exercise"]})
        task.outputs = [stream("Not yet: put it in the place of the dots.\n")]
        solution = new_code_cell(f"# Solution 1.{number}\n{check}3)")
        solution.metadata = nbformat.from_dict({"tags": ["solution"], "jupyter": notebooks.FOLDED})
        solution.outputs = [stream("Right.\n")]
        cells += [text, task, solution, new_markdown_cell("Read on.")]
    return finished(cells)


def complaints(notebook, folder, rule):
    return planting.complaints(notebook, folder, RULES[rule], notebooks.SETTINGS)


# (rule, a change that breaks it, words of the complaint)
BROKEN = [
    ("cells_are_short", put(3, source="x = 1\n" * 13), "cell 4 has 13 lines"),
    ("cells_are_short", lambda nb: [put(i, source="x = 1\n" * 8)(nb) for i in range(5, 32, 4)],
     "has 4.56 lines"),
    ("exercises_are_complete", remove(4), "1.6, 1.7; wanted 1.1"),
    ("exercises_are_complete", remove(6), "exercise 1.1 has no cell tagged solution"),
    ("exercises_answer_back", put(4, source="### Exercise 1.1 · Find"), "heading names no minutes"),
    ("exercises_answer_back", tagged(5), "exercise 1.1 has no cell tagged exercise"),
    ("exercises_answer_back", put(5, source="answer = ..."), "exercise 1.1 has no cell tagged"),
    ("exercises_answer_back", output(stream("Right.\n")), "the exercise cell prints 'Right.'"),
    ("exercises_answer_back", put(6, outputs=[stream("Right.\n3\n")]), "the solution cell prints"),
    ("exercises_answer_back", put(6, outputs=[stream("Not right.\n")]), "the solution cell prints"),
    ("exercises_are_not_filled_in", put(5, source='answer_1 = 3\ncheck("1.1", answer_1)'),
     "cell 6 is an exercise without dots: answer_1 = 3"),
    ("exercises_are_not_filled_in", put(5, source='answer_1 = [3, ...]\ncheck("1.1", answer_1)'),
     "cell 6 is an exercise that is half filled in: [3, ...]"),
    ("exercises_name_what_to_fill_in",
     put(4, source="### Exercise 1.1 · Find (2 minutes)\n\nPut it into `answer`."),
     "exercise 1.1 asks for answer, which is not"),
    ("links_name_their_lesson", put(2, source="[02 Next](01_good.ipynb)"), "leads to 01"),
    ("there_are_enough_exercises", lambda nb: nb.cells.__delitem__(slice(4, 16)), "3 core"),
    ("there_are_enough_exercises", lambda nb: nb.cells.__delitem__(slice(20, 24)), "a figure"),
    ("there_are_enough_exercises", put(16, source="### Exercise 1.4 · What (2 minutes)"),
     "a prediction"),
    ("exercises_stand_alone", put(3, source="answer_1 = 3"), "binds answer_1, which another"),
    ("exercises_stand_alone", lambda nb: [put(i, source="film = 1")(nb) for i in (1, 3)]
     + [put(6, source='check("1.1", film)')(nb)], "reads film, which more than one"),
    ("minutes_add_up", put(2, source="## 1. Films (61 minutes)"), "its sections give 61 + 12"),
    ("minutes_add_up", put(4, source="### Exercise 1.1 · Find (9 minutes)"), "60 + 19, and 7"),
    ("minutes_add_up", put(0, source="# Load images"), "cell 1 does not say: *Lesson"),
    ("solutions_are_folded", tagged(6, "solution"), "cell 7 is a solution that is not folded"),
    ("solutions_are_folded",
     lambda nb: nb.cells[6].metadata.jupyter.pop("outputs_hidden"), "cell 7 is a solution that is"),
    ("folded_solutions_show_no_answer", put(6, source="answer = 3"), "cell 7 shows 'answer = 3'"),
    ("figures_speak_of_the_image", output(figure_output(alt="The film of fig_figure.")), "_figure"),
    ("figures_speak_of_the_image", put(2, source="![a b c](my_figure.png)"), "cell 3 holds"),
    ("first_cell_is_explained", put(0, source="# Load images"), "does not say: python start.py"),
    ("first_cell_is_explained", remove(0), "does not say: python start.py"),
    ("helpers_are_imported_by_public_names",
     put(1, source="from helpers import _canny"), "cell 2 imports helpers._canny"),
    ("helpers_are_imported_by_public_names",
     put(1, source="import helpers._levels as levels"), "cell 2 imports helpers._levels"),
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_a_good_notebook_keeps_the_rule(tmp_path, rule):
    assert complaints(good_notebook(), tmp_path, rule) == []


@pytest.mark.parametrize(("rule", "change", "words"), BROKEN, ids=[case[0] for case in BROKEN])
def test_a_broken_rule_is_named(tmp_path, rule, change, words):
    notebook = good_notebook()
    change(notebook)
    found = complaints(notebook, tmp_path, rule)
    assert found, "the rule sees nothing"
    assert words in found[0]
    assert found[0].startswith("01_good.ipynb")


def test_every_rule_has_a_case_that_breaks_it():
    assert {rule for rule, _, _ in BROKEN} == RULES.keys() - general.RULES.keys()


def test_a_lesson_is_no_longer_than_it_may_be_and_the_readme_says_so(tmp_path):
    notebook = good_notebook()
    notebook.cells[0].source = notebook.cells[0].source.replace("72 minutes: 60", "73 minutes: 61")
    notebook.cells[2].source = "## 1. Films (61 minutes)"
    assert complaints(notebook, tmp_path, "minutes_add_up") == [
        "01_good.ipynb takes 61 + 12 minutes, not 60 + 30",
        "README.md does not give 61 + 12 minutes to 01_good.ipynb",
    ]


def test_names_inside_of_functions_are_nobody_elses():
    cell = new_code_cell("def f(a, b=c):\n    d = a + e\n    return [g for g in d]\n\nh = f(i)")
    assert names_in(cell) == ({"f", "h"}, {"c", "e", "f", "i"})


def test_a_filled_exercise_is_not_stored():
    notebook = good_notebook()
    assert refused(Path("01_good.ipynb"), notebook) == []
    put(5, source='answer_1 = 3\ncheck("1.1", answer_1)', outputs=[stream("Right.\n")])(notebook)
    assert len(refused(Path("01_good.ipynb"), notebook)) == 2
