"""The rules of style see what they are for: each, broken in a good notebook, says so."""

import base64
import io

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from tests.notebook_checks import notebooks
from tests.notebook_checks.rules import PLAIN_SHOW, RULES, UNCOMPARED, Notebook, names_in
from tests.notebook_checks.store import METADATA


def white_png(shape=(300, 400)):
    buffer = io.BytesIO()
    Image.fromarray(np.full(shape, 255, np.uint8)).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def figure_output(alt="A film of the test.", data=None):
    """Return an output as helpers.figures makes it."""
    if data is None:
        film = Image.fromarray(np.add.outer(np.arange(60), np.arange(80)).astype(np.uint8))
        buffer = io.BytesIO()
        film.save(buffer, "PNG")
        data = base64.b64encode(buffer.getvalue()).decode("ascii")
    picture = f'<img alt="{alt}" src="data:image/png;base64,{data}">'
    page = f"<figure>\n{picture}\n<figcaption>words</figcaption>\n</figure>"
    text = f"{alt}\npanel 1: image (60, 80) uint8"
    return new_output("display_data", {"text/html": page, "text/plain": text})


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


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
    notebook = new_notebook(cells=cells, metadata=nbformat.from_dict(METADATA))
    for count, cell in enumerate(notebooks.code_cells(notebook), start=1):
        cell.execution_count = count
    return notebook


def complaints(notebook, folder, rule):
    path = folder / "01_good.ipynb"
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    return list(RULES[rule](Notebook(path)))


def put(index, **values):
    """Return a change of one cell."""

    def change(notebook):
        for name, value in values.items():
            setattr(notebook.cells[index], name, value)

    return change


def output(*outputs):
    return put(5, outputs=list(outputs))


def tagged(index, *tags, **metadata):
    return put(index, metadata=nbformat.from_dict({"tags": list(tags), **metadata}))


def remove(index):
    return lambda notebook: notebook.cells.pop(index)


PICTURE = new_output("display_data", {"image/png": white_png(), "text/plain": "<Figure size 6x4>"})
UNDESCRIBED = new_output("display_data", {"text/plain": "<Figure size 6x4>"})
SVG = new_output("display_data", {"image/svg+xml": "<svg/>", "text/plain": "x"})
RAISED = new_output("error", ename="KeyError", evalue="x", traceback=["KeyError: x"])
# (rule, a change that breaks it, words of the complaint)
BROKEN = [
    ("begins_with_a_title", put(0, source="## Load"), "cell 1 is not"),
    ("begins_with_a_title", put(2, source="text\n# Again"), "cell 3 has a second title"),
    ("cells_are_short", put(3, source="x = 1\n" * 13), "cell 4 has 13 lines"),
    ("cells_are_short", lambda nb: [put(i, source="x = 1\n" * 8)(nb) for i in range(5, 32, 4)],
     "has 4.56 lines"),
    ("text_explains_code", remove(2), "15 text cells for 16"),
    ("a_figure_comes_early", put(3, outputs=[]), "01_good.ipynb shows no figure"),
    ("figures_have_alt_text", output(PICTURE), "cell 6 shows a picture without helpers.figures"),
    ("figures_have_alt_text", output(figure_output(alt="")), "cell 6 has a picture with the alt"),
    ("figures_have_alt_text",
     output(new_output("display_data", {"text/html": '<img alt="a b c d">', "text/plain": "x"})),
     "does not begin with its alt"),
    ("text_pictures_have_alt_text", put(2, source="![](x.png)"), "cell 3 has a picture"),
    ("text_pictures_have_alt_text", put(2, source='<img src="x.png">'), "cell 3 has a picture"),
    ("links_lead_somewhere", put(2, source="[next](02_next.ipynb)"), "02_next.ipynb, which does"),
    ("links_lead_somewhere", put(2, source="![a b c](attachment:x.png)"), "not attached"),
    ("exercises_are_complete", remove(4), "1.6, 1.7; wanted 1.1"),
    ("exercises_are_complete", remove(6), "exercise 1.1 has no cell tagged solution"),
    ("exercises_answer_back", put(4, source="### Exercise 1.1 · Find"), "heading names no minutes"),
    ("exercises_answer_back", tagged(5), "exercise 1.1 has no cell tagged exercise"),
    ("exercises_answer_back", put(5, source="answer = ..."), "exercise 1.1 has no cell tagged"),
    ("exercises_answer_back", output(stream("Right.\n")), "the exercise cell prints 'Right.'"),
    ("exercises_answer_back", put(6, outputs=[stream("Right.\n3\n")]), "the solution cell prints"),
    ("exercises_answer_back", put(6, outputs=[stream("Not right.\n")]), "the solution cell prints"),
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
    ("figures_have_alt_text", output(UNDESCRIBED), "cell 6 has a figure that is not described"),
    ("figures_have_alt_text", output(SVG), "cell 6 shows a picture that is neither"),
    ("figures_speak_of_the_image", output(figure_output(alt="The film of fig_figure.")), "_figure"),
    ("figures_speak_of_the_image", put(2, source="![a b c](my_figure.png)"), "cell 3 holds"),
    ("first_cell_is_plain_imports", put(1, source="import os\nx = 1"), "cell 2 does more than"),
    ("first_cell_is_plain_imports", put(1, source="%matplotlib inline"), "import: %matplotlib"),
    ("first_cell_is_plain_imports", put(1, source="try:\n    import x\nexcept E:\n    y"), "try:"),
    ("first_cell_is_explained", put(0, source="# Load images"), "does not say: python start.py"),
    ("first_cell_is_explained", remove(0), "does not say: python start.py"),
    ("code_is_python", put(3, source="!ls"), "cell 4 holds more than Python: !ls"),
    ("code_is_python", put(1, source="%matplotlib inline"), "cell 2 holds more than Python"),
    ("helpers_are_imported_by_public_names",
     put(1, source="from helpers import _canny"), "cell 2 imports helpers._canny"),
    ("helpers_are_imported_by_public_names",
     put(1, source="import helpers._levels as levels"), "cell 2 imports helpers._levels"),
    ("imports_come_first", put(3, source="if x:\n    from y import z"), "cell 4 imports"),
    ("nothing_goes_uncompared", tagged(3, "nbval-skip"), "cell 4 has nbval-skip"),
    ("nothing_goes_uncompared", tagged(3, "nbval-ignore-output"), "gives no reason"),
    ("nothing_goes_uncompared", put(3, source="# NBVAL_IGNORE_OUTPUT\nx"), "NBVAL_IGNORE_OUTPUT"),
    ("nothing_is_written_to_stderr", output(stream("old", "stderr")), "cell 6 writes to stderr"),
    ("only_announced_errors_are_raised", output(RAISED), "cell 6 raises KeyError"),
    ("only_announced_errors_are_raised", tagged(5, "raises-exception"), "does not raise"),
    ("it_was_run_from_top_to_bottom", put(5, execution_count=None), "cell 6 has the execution"),
    ("it_was_run_from_top_to_bottom", put(5, execution_count=9), "count 9, not 3"),
    ("nothing_belongs_to_one_machine", output(stream("/Users/anna/x.png")), "/Users/anna/x.png"),
    ("nothing_belongs_to_one_machine", put(3, source='read("C:\\\\films")'), "cell 4 holds C:"),
    ("nothing_belongs_to_one_machine", output(stream("<Axes at 0x7f3a5c1d2e00>")), "0x7f3a5c1d"),
    ("no_numpy_scalars_are_shown", output(stream("np.float64(1.5)")), "np.float64("),
    ("metadata_is_the_same_everywhere", lambda nb: nb.metadata.update(colab={}), "other metadata"),
    ("metadata_is_the_same_everywhere", lambda nb: nb.update(nbformat_minor=4), "other metadata"),
    ("files_stay_small", output(stream("x" * 1_100_000)), "bytes, at most 1100000"),
    ("files_stay_small", output(figure_output(data="A" * 200_004)), "a png of 200004 bytes"),
    ("pictures_are_not_blank", output(figure_output(data=white_png())), "picture that is blank"),
    ("pictures_are_not_blank", output(figure_output(data="AAAA")), "picture that is damaged"),
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
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


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


def test_a_reason_allows_one_cell_to_go_uncompared(tmp_path, monkeypatch):
    notebook = good_notebook()
    tagged(5, "nbval-ignore-output")(notebook)
    monkeypatch.setitem(UNCOMPARED, ("01_good.ipynb", notebook.cells[5].id), "prints seconds")
    assert complaints(notebook, tmp_path, "nothing_goes_uncompared") == []
    output(figure_output())(notebook)
    assert complaints(notebook, tmp_path, "nothing_goes_uncompared") == [
        "01_good.ipynb cell 6 holds a figure, which is not compared"
    ]


def test_a_reason_allows_one_cell_a_plain_show(tmp_path, monkeypatch):
    notebook = good_notebook()
    output(
        new_output("display_data", {"image/png": white_png(), "text/plain": "panel 1: nothing"})
    )(notebook)
    assert len(complaints(notebook, tmp_path, "figures_have_alt_text")) == 1
    monkeypatch.setitem(PLAIN_SHOW, ("01_good.ipynb", notebook.cells[5].id), "plt.show() itself")
    assert complaints(notebook, tmp_path, "figures_have_alt_text") == []
