"""The notebook tests see what they are for: regressions planted in a small notebook are caught.

A notebook is executed and stored. Then a second one is made of it, in which every cell stands
twice: as it was, and with the code changed as a bug or a new library would change it. Pytest has
to name what is wrong, in the changed cells alone.
"""

import base64
import contextlib
import copy
import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import nbformat
import numpy as np
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image, ImageSequence
from scipy import ndimage as ndi

from . import notebooks, plugin, shown
from .planting import white_png
from .plugin import Kernel
from .store import MAX_LOSSLESS, lighter, refresh, webp

# The small collection: where its records are, and what its conftest.py says.
TIMES = notebooks.Uncompared("a time", r"(\d+\.\d) times as fast\n", [(1.5, 40)])
SETTINGS = notebooks.Settings(
    picture="shown.Picture",
    runs_again=lambda cell: "solution" in notebooks.tags(cell),
    uncompared={("seconds.ipynb", name): TIMES for name in ("in", "off", "no")},
)
CONFTEST = f"""from {__package__}.test_regression_sees import SETTINGS
pytest_plugins = ["{__package__}.plugin"]
def pytest_notebook_settings():
    return SETTINGS
"""
ROOT = notebooks.HERE.parents[__package__.count(".")]  # from where the package is imported

pytestmark = [pytest.mark.slow, pytest.mark.tools]

SETUP = """import os
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
import shown"""
FILM = """film = (np.add.outer(np.arange(48), 3 * np.arange(64)) + 5).astype(np.uint8)
negative = 255 - film"""
TWO = 'shown.show([film, {second}], ["film", "negative"], alt="A film and its negative.")'
ONE = 'shown.show([{image}], [{title!r}], alt="A film of the test.", {options})'
# Two film panels: soft noise, and a ramp that holds every grey level.
PANELS = """noise = np.random.default_rng(1).random((512, 512))
soft = sum(np.roll(noise, (i, j), (0, 1)) for i in range(3) for j in range(3)) * 28
ramp = np.tile(np.arange(256, dtype=np.uint8).repeat(2), (512, 1))
shown.show([soft.astype(np.uint8), ramp], ["", ""], alt="Soft noise and a grey ramp.")"""
CURVE = """fig, ax = plt.subplots()
ax.plot({values})
ax.set(xlabel="column", ylabel={label!r})
shown.finish(fig, "One row of the film.")"""
PLAIN = """plt.plot({values})
plt.show()"""
# The page stays the same, another drawing stands behind it.
DRAWING = """fig, ax = plt.subplots()
ax.imshow({image})
plt.close(fig)
display(shown.Picture("A film of the test.", "<figure></figure>", fig))"""
HISTOGRAM = """edges = {bins}
fig, ax = plt.subplots()
ax.stairs(np.histogram(film, edges)[0], edges)
shown.finish(fig, "The histogram of the film.")"""
# All values but one are 2**62: sums in 64 bits wrap to the same number wherever that one is.
HUGE = "np.where(np.arange(64).reshape(8, 8) == {place}, 0, 2**62)"
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
    "gain": (
        ONE.format(image="film * 1.0", title="gain", options="limits=(0, 255)"),
        ONE.format(image="film * 1.0001", title="gain", options="limits=(0, 255)"),
        ['panel 1 "gain"', "mean 123,", "mean 123.012,"],
    ),
    "offset": (
        ONE.format(image="film * 1.0", title="offset", options="limits=(0, 255)"),
        ONE.format(image="film + 0.02", title="offset", options="limits=(0, 255)"),
        ['panel 1 "offset"', "mean 123,", "mean 123.02,"],
    ),
    "wrapped sums": (
        ONE.format(image=HUGE.format(place=0), title="huge", options=""),
        ONE.format(image=HUGE.format(place=8), title="huge", options=""),
        ['panel 1 "huge"', f"max {2**62}, mean 4.53963e+18", "check"],
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
    "plain plt.show()": (
        PLAIN.format(values="film[9]"),
        PLAIN.format(values="film[10]"),
        ["64 points in a line", "y 14 to 203", "y 15 to 204"],
    ),
    "drawing": (
        DRAWING.format(image="film"),
        DRAWING.format(image="negative"),
        ["panel 1", "min 5, max 241", "min 14, max 250"],
    ),
    "animation": (
        'shown.animate([film, negative], ["one", "two"], alt="A film and its negative.")',
        'shown.animate([film, film], ["one", "two"], alt="A film and its negative.")',
        ['frame 2 "two"', "min 14, max 250", "min 5, max 241"],
    ),
    "axis label": (
        CURVE.format(values="film[9]", label="intensity"),
        CURVE.format(values="film[9]", label="level"),
        ['y "intensity"', 'y "level"'],
    ),
    "bins": (
        HISTOGRAM.format(bins="np.arange(257) - 0.5"),
        HISTOGRAM.format(bins="np.linspace(5, 241, 257)"),
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
CHECK = """def check(name, answer):
    print("Right." if answer == 3 else "Not right.")

check("1.1", kept)
del check"""
FILE = "with open('left.txt', 'w') as file:\n    file.write('x')"


def write(path, codes):
    cells = [new_markdown_cell("# A test"), *map(new_code_cell, codes)]
    nbformat.write(new_notebook(cells=cells), path)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Return a notebook, executed and stored; its golden record is in the folder `golden`."""
    path = tmp_path_factory.mktemp("sees") / "stored.ipynb"
    (path.parent / "shown.py").write_bytes((notebooks.HERE / "shown.py").read_bytes())
    codes = [code for code, _, _ in REGRESSIONS.values()]
    write(path, [SETUP, FILM, *codes, "kept = film.sum()", PANELS])
    refresh(path, SETTINGS)
    return path


@pytest.fixture(scope="module")
def report(stored):
    """Run pytest on notebooks made from the stored one; return (file, test) -> its failure."""
    run = stored.parent / "run"
    golden = run / "golden"
    golden.mkdir(parents=True)
    (run / "shown.py").write_bytes((notebooks.HERE / "shown.py").read_bytes())
    (run / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (run / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")

    def made(name, first, cells, **variables):
        notebook = notebooks.read(stored)
        notebook.cells = first + cells
        nbformat.write(notebook, run / f"{name}.ipynb")
        record = {"cells": notebooks.contents(notebook), "variables": variables}
        (golden / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")

    cells = notebooks.code_cells(notebooks.read(stored))
    first, [*regressions, kept, _] = cells[:2], cells[2:]
    twice = []
    for cell, (_, code, _) in zip(regressions, REGRESSIONS.values(), strict=True):
        twice += [cell, changed(cell, source=code)]
    white = changed(regressions[0])
    output = white.outputs[0].data
    old = notebooks.PICTURE.search(output["text/html"])[2]
    output["text/html"] = output["text/html"].replace(old, white_png())
    announced = nbformat.from_dict({"tags": ["raises-exception"]})
    damaged = [white, changed(regressions[2], metadata=announced)]
    other = changed(kept, source=f"kept = film.sum() + 1\n{FILE}")
    variables = json.loads(SETTINGS.record_of(stored).read_text(encoding="utf-8"))["variables"]
    made("damaged", first, [*twice, *damaged, other], **variables)
    never_run = changed(kept, outputs=[], execution_count=None)
    killer = changed(kept, source="import os\nos._exit(1)")
    made("killed", [], [never_run, killer, kept])
    # Nothing but this is alive at the end of a notebook of one cell.
    made("clean", [], [changed(kept, source="kept = 3")], kept="int 3")
    # A cell that is run once more, and reads a name which a later cell binds anew.
    check = changed(kept, source=CHECK, outputs=[new_output("stream", text="Right.\n")])
    check.metadata = nbformat.from_dict({"tags": ["solution"]})
    names = [changed(kept, source=f"kept = {number}") for number in (3, 4)]
    made("rebound", [], [names[0], check, names[1]], kept="int 4")
    seconds = new_output("stream", text="2.5 times as fast\n")
    ignored = nbformat.from_dict({"tags": ["nbval-ignore-output"]})
    texts = {"in": "2.9 times as fast", "off": "90.0 times as fast", "no": "slow"}
    timed = [changed(kept, source=f"print({text!r})", id=name) for name, text in texts.items()]
    made(
        "seconds",
        [],
        [changed(cell, outputs=[seconds], metadata=ignored, id=cell.id) for cell in timed],
    )
    xml = stored.parent / "report.xml"
    command = [
        *(sys.executable, "-m", "pytest", "--color=no", f"--junitxml={xml}"),
        *("-p", "no:cacheprovider", "-p", "no:xdist", run),
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=280
    )
    assert done.returncode == 1, done.stdout + done.stderr
    failures = {}
    for case in ET.parse(xml).iter("testcase"):
        text = "\n".join(child.text or child.get("message") or "" for child in case)
        failures[case.get("classname"), case.get("name")] = text
    return failures


def changed(cell, **values):
    """Return a copy of a cell with other values, under an id of its own."""
    cell = copy.deepcopy(cell)
    cell.update({"id": new_code_cell().id, **values})
    return cell


def test_the_untouched_cells_pass_beside_those_with_a_regression(report):
    untouched = [0, 1, *range(2, 2 + 2 * len(REGRESSIONS), 2)]
    failures = {cell: report["damaged.ipynb", f"Cell {cell}"] for cell in untouched}
    assert failures == dict.fromkeys(untouched, "")


@pytest.mark.parametrize("name", REGRESSIONS)
def test_a_regression_is_named(report, name):
    failure = report["damaged.ipynb", f"Cell {3 + 2 * list(REGRESSIONS).index(name)}"]
    assert failure.startswith(f"damaged.ipynb cell {4 + 2 * list(REGRESSIONS).index(name)} ")
    for words in REGRESSIONS[name][2]:
        assert words in failure


def test_a_notebook_that_leaves_what_its_record_says_passes(report):
    assert (report["clean.ipynb", "Cell 0"], report["clean.ipynb", "End"]) == ("", "")


def test_a_value_that_is_never_printed_is_compared(report):
    said = report["damaged.ipynb", "End"]
    assert re.search(r'variable kept \(cell \d+ "kept = film.sum\(\) \+ 1 with ope…"\): ', said)
    assert "): uint64 377856 in the record, now uint64 377857" in said


def test_an_output_that_no_two_runs_share_has_a_form_and_bounds(report):
    failures = [report["seconds.ipynb", f"Cell {cell}"] for cell in range(3)]
    assert failures[0] == ""
    assert "90 is not between 1.5 and 40" in failures[1]
    assert "'slow\\n'" in failures[2]


def test_an_exercise_that_gets_another_verdict_at_the_end_is_named(report):
    failures = [report["rebound.ipynb", f"Cell {cell}"] for cell in range(3)]
    assert failures == ["", "", ""]
    assert "said at the end by def check(" in report["rebound.ipynb", "End"]
    assert "now Not right." in report["rebound.ipynb", "End"]


def test_a_file_written_beside_the_notebook_is_noticed(report):
    assert "file beside the notebook left.txt: none in the record" in report["damaged.ipynb", "End"]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (0, "picture 1 looks different from the stored one"),
        (1, "tagged raises-exception, but it did not raise"),
    ],
)
def test_what_is_wrong_in_the_stored_notebook_is_named(report, place, words):
    assert words in report["damaged.ipynb", f"Cell {2 + 2 * len(REGRESSIONS) + place}"]


def test_cells_that_cannot_run_are_named_and_the_record_is_not_compared(report):
    assert "this cell was never run" in report["killed.ipynb", "Cell 0"]
    assert "the kernel died" in report["killed.ipynb", "Cell 1"]
    assert "an earlier cell ended the kernel" in report["killed.ipynb", "Cell 2"]
    assert "only 1 of 3 cells were run" in report["killed.ipynb", "End"]


def test_a_kernel_that_nbval_has_ended_can_be_ended_again(tmp_path):
    kernel = Kernel(tmp_path, notebooks.Settings())
    assert kernel.is_alive()
    for _ in range(2):
        kernel.stop()
        assert not kernel.is_alive()


@pytest.mark.parametrize("silent", [2, 3])
def test_a_kernel_that_does_not_answer_is_replaced_twice(silent, monkeypatch):
    starts = []

    def start(seconds, name, cwd):
        starts.append(cwd)
        if len(starts) <= silent:
            raise RuntimeError("Kernel didn't respond")
        return "a kernel"

    monkeypatch.setattr(plugin, "start_new_kernel", start)
    expected = contextlib.nullcontext() if silent == 2 else pytest.raises(RuntimeError)
    with expected:
        assert plugin.started(cwd="here") == "a kernel"
    assert starts == ["here"] * 3


def drawn(code, monkeypatch):
    """Return the page of the figure that code of the notebook draws, as a learner's kernel does."""
    displayed = []
    monkeypatch.setattr(shown, "display", displayed.append)
    monkeypatch.setitem(sys.modules, "shown", shown)
    names = {}
    exec("\n".join([SETUP, FILM, code]), names)
    return displayed[0].html


def test_a_stored_film_panel_is_close_to_the_drawing(stored, monkeypatch):
    cell = notebooks.code_cells(notebooks.read(stored))[-1]
    page = notebooks.html(cell.outputs[0])
    lossless = notebooks.PICTURE.search(drawn(PANELS, monkeypatch))
    small = notebooks.PICTURE.search(page)
    assert (lossless[1], small[1]) == ("png", "webp")
    assert page == lossless.string.replace(lossless[0], small[0])
    was, now = (base64.b64decode(found[2]) for found in (lossless, small))
    assert len(was) > MAX_LOSSLESS
    was, now = (
        np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), float) for data in (was, now)
    )
    error = np.abs(was - now)
    assert error.mean() <= 1.5
    assert np.percentile(error, 99.9) <= 12


def test_a_noisy_panel_is_stored_with_the_quality_it_needs():
    noise = np.random.default_rng(3).normal(128, 6, (100, 100)).repeat(3, 0).repeat(3, 1)
    sizes = []
    for drawn in (noise, ndi.gaussian_filter(noise, 3)):
        picture = Image.fromarray(drawn.clip(0, 255).astype(np.uint8)).convert("RGB")
        with Image.open(io.BytesIO(webp(picture))) as stored:
            error = np.abs(np.asarray(stored.convert("RGB"), float) - np.asarray(picture, float))
        assert error.mean() <= 1.5
        coarse = io.BytesIO()
        picture.save(coarse, "WEBP", quality=80, method=6)
        sizes.append(len(webp(picture)) / coarse.tell())
    assert sizes[0] > 1.1
    assert sizes[1] == 1


def test_a_small_figure_is_stored_as_it_was_drawn(stored, monkeypatch):
    place = list(REGRESSIONS).index("curve")
    cell = notebooks.code_cells(notebooks.read(stored))[2 + place]
    page = drawn(REGRESSIONS["curve"][0], monkeypatch)
    was, now = (notebooks.PICTURE.search(html) for html in (page, notebooks.html(cell.outputs[0])))
    assert (was[1], now[1]) == ("png", "webp")
    was, now = (
        np.asarray(Image.open(io.BytesIO(base64.b64decode(found[2]))).convert("RGB"))
        for found in (was, now)
    )
    assert np.array_equal(was, now)


def test_a_large_animation_is_stored_as_webp_with_all_its_frames():
    rng = np.random.default_rng(5)
    noise = [ndi.gaussian_filter(rng.normal(size=(200, 300)), 2) for _ in range(3)]
    frames = [Image.fromarray(np.uint8(128 + 100 * frame / np.ptp(frame))) for frame in noise]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=500, loop=0)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    assert buffer.tell() > MAX_LOSSLESS
    stored = lighter(notebooks.PICTURE.fullmatch(f"data:image/gif;base64,{data}"))
    content = base64.b64decode(notebooks.PICTURE.fullmatch(stored)[2])
    assert len(content) < buffer.tell() / 2
    with Image.open(io.BytesIO(content)) as animation:
        assert (animation.format, animation.n_frames) == ("WEBP", 3)
        for frame, drawn in zip(ImageSequence.Iterator(animation), frames, strict=True):
            difference = np.asarray(frame.convert("L"), float) - np.asarray(drawn, float)
            assert np.abs(difference).mean() < 2
            assert frame.info["duration"] == 500


def test_refresh_gives_the_same_bytes_when_nothing_changed(stored):
    golden = SETTINGS.record_of(stored)
    before = stored.read_bytes(), golden.read_bytes()
    refresh(stored, SETTINGS)
    assert (stored.read_bytes(), golden.read_bytes()) == before


def test_refresh_writes_nothing_when_a_cell_raises(tmp_path):
    path = tmp_path / "broken.ipynb"
    write(path, ["1 / 0"])
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        refresh(path, SETTINGS)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["broken.ipynb"]
