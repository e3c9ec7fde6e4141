"""The notebook tests see what they are for: regressions planted in a small notebook are caught.

The notebook is executed and stored; then its code is changed as a bug in the helpers or a new
library would change it, and pytest has to name what is wrong, in the cells concerned alone.
"""

import base64
import io
import subprocess
import sys
import xml.etree.ElementTree as ET

import nbformat
import numpy as np
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from tests.notebook_checks import notebooks
from tests.notebook_checks.rules import RULES, UNCOMPARED, Notebook
from tests.notebook_checks.store import METADATA, refresh

SETUP = """%matplotlib inline
import os
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from helpers import figures"""
FILM = """film = (np.add.outer(np.arange(48), 3 * np.arange(64)) + 5).astype(np.uint8)
negative = 255 - film"""
TWO = 'figures.show([film, {second}], ["film", "negative"], alt="A film and its negative.")'
ONE = 'figures.show({image}, {title!r}, alt="A film of the test.", {options})'
CURVE = """fig, ax = plt.subplots()
ax.plot({values})
ax.set(xlabel="column", ylabel={label!r})
figures.finish(fig, "One row of the film.")"""
ORDER = """print("first")
display({{"text/plain": "second"}}, raw=True)"""

# name -> (code as stored, code after the regression, words the failure must hold)
REGRESSIONS = {
    "wrong array": (
        TWO.format(second="negative"),
        TWO.format(second="film"),
        ['panel 2 "negative"', "min 5, max 241", "min 14, max 250"],
    ),
    "panels exchanged": (
        TWO.format(second="negative"),
        TWO.format(second="negative").replace("film, negative", "negative, film"),
        ['panel 1 "film"', 'panel 2 "negative"'],
    ),
    "number": ("print(film.mean())", "print(film.mean() + 1e-3)", ["123.0", "123.001"]),
    "flip": (
        ONE.format(image="film", title="flip", options=""),
        ONE.format(image="film[:, ::-1]", title="flip", options=""),
        ['panel 1 "flip"', "map 0257", "map 7520"],
    ),
    "one pixel": (
        ONE.format(image="film", title="pixel", options=""),
        ONE.format(image="film + (film == 5).astype(np.uint8)", title="pixel", options=""),
        ['panel 1 "pixel"', "check"],
    ),
    "limits": (
        ONE.format(image="film", title="limits", options=""),
        ONE.format(image="film", title="limits", options="limits=(0, 250)"),
        ['panel 1 "limits"', "gray from 0 to 255", "gray from 0 to 250"],
    ),
    "colormap": (
        ONE.format(image="film", title="cmap", options=""),
        ONE.format(image="film", title="cmap", options='cmap="viridis"'),
        ['panel 1 "cmap"', "gray from 0", "viridis from 0"],
    ),
    "title": (
        ONE.format(image="film", title="before", options=""),
        ONE.format(image="film", title="after", options=""),
        ['panel 1 "before"', 'panel 1 "after"'],
    ),
    "curve": (
        CURVE.format(values="film[9]", label="intensity"),
        CURVE.format(values="film[10]", label="intensity"),
        ["panel 1", "y 14 to 203", "y 15 to 204"],
    ),
    "axis label": (
        CURVE.format(values="film[9]", label="intensity"),
        CURVE.format(values="film[9]", label="level"),
        ['y "intensity"', 'y "level"'],
    ),
    "bins": (
        'figures.show_histogram(film, alt="The histogram of the film.")',
        'figures.show_histogram(film * 1.0, alt="The histogram of the film.")',
        ["256 steps: x -0.5 to 256", "256 steps: x 5 to 241"],
    ),
    "no figure": (
        ONE.format(image="film", title="gone", options=""),
        "film.max()",
        ["no figure"],
    ),
    "warning": (
        "print(np.log(film.max() - 240))",
        "print(np.log(film.max() - 241.0))",
        ["stderr", "divide by zero"],
    ),
    "deprecated": (
        "film.sum().item()",
        "import warnings; warnings.warn('old', DeprecationWarning); film.sum().item()",
        ["DeprecationWarning"],
    ),
    "order": (
        ORDER.format(),
        "\n".join(reversed(ORDER.format().splitlines())),
        ["another order"],
    ),
}
FILE = "with open('left.txt', 'w') as file:\n    file.write('x')"


def white_png(shape=(300, 400)):
    buffer = io.BytesIO()
    Image.fromarray(np.full(shape, 255, np.uint8)).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def write(path, codes):
    cells = [new_markdown_cell("# A test"), *map(new_code_cell, codes)]
    nbformat.write(new_notebook(cells=cells), path)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Return a notebook, executed and stored; its golden record is in the folder `golden`."""
    path = tmp_path_factory.mktemp("sees") / "clean.ipynb"
    codes = [code for code, _, _ in REGRESSIONS.values()]
    write(path, [SETUP, FILM, *codes, "kept = film.sum()"])
    refresh(path, path.parent / "golden")
    return path


@pytest.fixture(scope="module")
def report(stored):
    """Run pytest on the stored notebook and on damaged ones; return (file, test) -> its failure."""
    folder, damaged = stored.parent, stored.parent / "damaged"
    damaged.mkdir()
    record = (folder / "golden" / "clean.json").read_text(encoding="utf-8")

    def variant(name, change):
        notebook = notebooks.read(stored)
        change(notebook, notebooks.code_cells(notebook)[2:])
        nbformat.write(notebook, damaged / f"{name}.ipynb")
        (folder / "golden" / f"{name}.json").write_text(record, encoding="utf-8")

    def other_code(notebook, cells):
        for cell, (_, code, _) in zip(cells, REGRESSIONS.values(), strict=False):
            cell.source = code
        cells[-1].source = f"kept = film.sum() + 1\n{FILE}"

    def other_storage(notebook, cells):
        notebook.cells = notebook.cells[:7]  # no golden record fits: cells are missing
        html = cells[0].outputs[0].data["text/html"]
        picture = notebooks.PICTURE.search(html)[2]
        cells[0].outputs[0].data["text/html"] = html.replace(picture, white_png())
        cells[1].outputs, cells[1].execution_count = [], None
        cells[2].metadata.tags = ["raises-exception"]
        cells[3].source = "os._exit(1)"

    variant("code", other_code)
    variant("storage", other_storage)
    xml = folder / "report.xml"
    command = [
        *(sys.executable, "-m", "pytest", "--color=no", "--nbval", "--nbval-cell-timeout=60"),
        *("-c", notebooks.ROOT / "pyproject.toml", "--rootdir", folder, f"--junitxml={xml}"),
        *("-p", "tests.notebook_plugin", "--notebook-golden", folder / "golden"),
        *("-p", "no:cacheprovider", "-p", "no:xdist"),
        *(stored, damaged),
    ]
    done = subprocess.run(
        command, cwd=notebooks.ROOT, capture_output=True, text=True, encoding="utf-8", timeout=200
    )
    assert done.returncode == 1, done.stdout + done.stderr
    failures = {}
    for case in ET.parse(xml).iter("testcase"):
        text = "\n".join(child.text or child.get("message") or "" for child in case)
        file = case.get("classname").removeprefix("damaged.")
        failures[file, case.get("name")] = text
    return failures


def test_the_untouched_notebook_passes(report):
    results = {test: text for (file, test), text in report.items() if file == "clean.ipynb"}
    assert results == dict.fromkeys(
        [f"Cell {n}" for n in range(len(REGRESSIONS) + 3)] + ["End"], ""
    )


@pytest.mark.parametrize("name", REGRESSIONS)
def test_a_regression_is_named(report, name):
    failure = report["code.ipynb", f"Cell {2 + list(REGRESSIONS).index(name)}"]
    for words in REGRESSIONS[name][2]:
        assert words in failure


def test_cells_without_a_regression_pass_beside_those_with_one(report):
    assert [report["code.ipynb", f"Cell {n}"] for n in (0, 1, 2 + len(REGRESSIONS))] == [""] * 3


def test_a_value_that_is_never_printed_is_compared(report):
    assert (
        "variable kept: uint64 377856 in the record, now uint64 377857"
        in report["code.ipynb", "End"]
    )


def test_a_file_written_beside_the_notebook_is_noticed(report):
    assert "file beside the notebook left.txt: none in the record" in report["code.ipynb", "End"]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (2, "picture 1 looks different from the stored one"),
        (3, "this cell was never run"),
        (4, "tagged raises-exception, but it did not raise"),
        (5, "the kernel died"),
    ],
)
def test_a_damaged_notebook_and_a_dead_kernel_are_noticed(report, cell, words):
    assert words in report["storage.ipynb", f"Cell {cell}"]


def test_the_record_is_compared_only_after_all_cells(report):
    assert "only 5 of 6 cells were run" in report["storage.ipynb", "End"]


def test_refresh_gives_the_same_bytes_when_nothing_changed(stored):
    golden = stored.parent / "golden" / "clean.json"
    before = stored.read_bytes(), golden.read_bytes()
    refresh(stored, golden.parent)
    assert (stored.read_bytes(), golden.read_bytes()) == before


def test_refresh_writes_nothing_when_a_cell_raises(tmp_path):
    path = tmp_path / "broken.ipynb"
    write(path, ["1 / 0"])
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        refresh(path, tmp_path / "golden")
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["broken.ipynb"]


# ---- the rules of style -------------------------------------------------------------------------


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


def good_notebook():
    """Return a notebook of chapter 1 that keeps every rule."""
    cells = [
        new_markdown_cell("# Load images"),
        new_code_cell("%matplotlib inline\nimport numpy as np"),
        new_markdown_cell("A film, and [this notebook](01_good.ipynb#films)."),
        new_code_cell("show(film)", outputs=[figure_output()]),
    ]
    for number in range(1, 5):
        task, solution = new_code_cell("answer = ..."), new_code_cell("# Solution 1.1\nanswer = 3")
        solution.metadata = nbformat.from_dict({"tags": ["solution"], "jupyter": notebooks.FOLDED})
        text = new_markdown_cell(f"**Exercise 1.{number}** · 3 minutes · Count.")
        cells += [text, task, new_markdown_cell("A solution:"), solution]
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
RAISED = new_output("error", ename="KeyError", evalue="x", traceback=["KeyError: x"])
# (rule, a change that breaks it, words of the complaint)
BROKEN = [
    ("begins_with_a_title", put(0, source="## Load"), "cell 1 is not"),
    ("begins_with_a_title", put(2, source="text\n# Again"), "cell 3 has a second title"),
    ("cells_are_short", put(3, source="x = 1\n" * 13), "cell 4 has 13 lines"),
    ("cells_are_short", lambda nb: [put(i, source="x = 1\n" * 8)(nb) for i in (3, 5, 7, 9, 11, 13)],
     "has 5.50 lines"),
    ("text_explains_code", lambda nb: [remove(2)(nb), remove(3)(nb)], "8 text cells for 10"),
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
    ("exercises_are_complete", remove(4), "exercises 1.2, 1.3, 1.4; wanted 1.1"),
    ("exercises_are_complete", lambda nb: nb.cells.__delitem__(slice(16, None)), "3 exercises"),
    ("exercises_are_complete", remove(7), "exercise 1.1 has no cell tagged solution"),
    ("solutions_are_folded", tagged(7, "solution"), "cell 8 is a solution that is not folded"),
    ("solutions_are_folded",
     lambda nb: nb.cells[7].metadata.jupyter.pop("outputs_hidden"), "cell 8 is a solution that is"),
    ("folded_solutions_show_no_answer", put(7, source="answer = 3"), "cell 8 shows 'answer = 3'"),
    ("inline_comes_first", put(1, source="import numpy"), "cell 2 does not begin with"),
    ("inline_comes_first", put(3, source="!ls"), "cell 4 holds more than Python: !ls"),
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
    ("files_stay_small", output(stream("x" * 1_500_000)), "bytes, at most 1500000"),
    ("files_stay_small", output(figure_output(data="A" * 200_000)), "a png of 200000 bytes"),
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


def test_a_reason_allows_one_cell_to_go_uncompared(tmp_path, monkeypatch):
    notebook = good_notebook()
    tagged(5, "nbval-ignore-output")(notebook)
    monkeypatch.setitem(UNCOMPARED, ("01_good.ipynb", notebook.cells[5].id), "prints seconds")
    assert complaints(notebook, tmp_path, "nothing_goes_uncompared") == []
    output(figure_output())(notebook)
    assert complaints(notebook, tmp_path, "nothing_goes_uncompared") == [
        "01_good.ipynb cell 6 holds a figure, which is not compared"
    ]
