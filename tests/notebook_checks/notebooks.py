"""The course's notebooks, and what it says of them to tests/notebook_regression/."""

import json
import math
import os
import re
from pathlib import Path

from tests.notebook_regression.notebooks import Settings, Uncompared, code_cells, read, tags

__all__ = ["NOTEBOOKS", "ROOT", "SETTINGS", "code_cells", "read"]

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("golden")
CASTS_FILE = str(Path(__file__).with_name("casts.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

# JupyterLab's marks on a cell whose source and outputs wait behind a click.
FOLDED = {"source_hidden": True, "outputs_hidden": True}

# Cells whose output no two runs share: they print a time or an amount of memory, hold nothing else,
# and are tagged nbval-ignore-output.
# Each form names the amounts that a text speaks of, with bounds that any computer keeps.
UNCOMPARED = {
    ("07_noise_and_smoothing.ipynb", "window-times"): Uncompared(
        "milliseconds on this computer, and their ratios",
        "".join(
            rf" *{way}(?: +\d+\.\d){{4}} +ratio +(\d+\.\d)\n"
            for way in ("direct", "separable", "Fourier", "running sum")
        ),
        [(2, 300), (0.2, 100), (0.05, 60), (0.02, 60)],
    ),
    ("14_scaling_up.ipynb", "worker-times"): Uncompared(
        "films per second on this computer, and their ratios",
        r"loop +: +(\d+\.\d\d) films per second\n"
        r"one worker +: +(\d+\.\d\d) films per second\n"
        r"two workers: +(\d+\.\d\d) films per second, (\d+\.\d) times one worker\n"
        r"a task that does nothing: (\d+\.\d) milliseconds\n",
        [(0.005, 500), (0.005, 500), (0.005, 1000), (0.1, 10), (0.05, 2000)],
    ),
    ("14_scaling_up.ipynb", "worker-memory"): Uncompared(
        "megabytes of this computer's processes",
        "".join(
            rf"{when} +: notebook +(\d+) MB, a worker +(\d+) MB\n"
            for when in ("before", "films: 1", "films: 4")
        ),
        [(50, 8000), (30, 8000)] * 3,
    ),
}

# The few cells that teach plt.show() itself, (notebook, cell id) -> what they teach. What they show
# has no alt text; the sentence before them says what is seen.
PLAIN_SHOW = {
    ("01_one_film.ipynb", "first-imshow"): "imshow and show, in the colours Matplotlib chooses",
    ("01_one_film.ipynb", "gray-imshow"): "cmap, title and labels",
}

# Numbers that are no statement: of lessons, exercises, minutes and steps, and of publications.
LET_GO = [
    r"^(?:\*Lesson .*|.* of 14 · \d+ minutes: .*)\*$",
    r"(?i)\b(?:lesson|section|chapter|step)s? \d+(?:(?:,| and| to| or|–) \d+)*",
    r"\bExercises? \d+\.\d+",
    r"\(\d+ minutes?(?:, extra)?\)",
    r"\[[^\]]*\]\(\d\d_\w+\.ipynb[^)]*\)",
    r"(?s)^## Further reading\n.*",
]
# Those that no cell near their text prints, with the reason, notebook -> cell id -> reason.
NUMBERS = json.loads(Path(__file__).with_name("numbers.json").read_text(encoding="utf-8"))

# What cells say to be true, with the code that says so, notebook -> cell id -> lines and code.
CLAIMS = json.loads(Path(__file__).with_name("claims.json").read_text(encoding="utf-8"))

# Of a million pixels of a film that is made on another processor, so many may be another level.
OTHER_PIXELS = 20e-6
LARGE = 1000  # pixels: a smaller array is compared exactly
LAST_DIGIT = 2e-5
ARRAY = re.compile(  # as figures and records describe it
    r"(?P<head>\((?P<shape>[\d, ]+)\) \w+[^()]*?mean )(?P<mean>[-+.e\d]+)"
    r"(?P<middle>[^()]*?check )(?P<check>-?[\d.]+)"
)


def kernel_environment(dataset="phantom", **variables):
    """Return the environment of a kernel: none of the user's settings, but one data set."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("XRAY_") and name != "MPLBACKEND"
    }
    return {**kept, "XRAY_DATASET": str(dataset), **variables}


def is_the_same_film(notebook, stored, new):
    """Tell whether two descriptions differ by what another processor makes of a phantom's film.

    Only a notebook that makes films of its own has any.
    """
    makes_films = any("from data.phantom import" in cell.source for cell in code_cells(notebook))
    return makes_films and alike(stored, new)


def alike(stored, new):
    """Tell whether two descriptions differ in a few levels of a large array at most.

    There a few of a million pixels are another level, by one. So the check number of a large
    array, and the last digit of its mean, may differ a little; nothing else may.
    """
    rest = [ARRAY.sub(r"\g<head>\g<middle>", text) for text in (stored, new)]
    arrays = zip(ARRAY.finditer(stored), ARRAY.finditer(new), strict=False)
    return rest[0] == rest[1] and all(is_nearly(was, now) for was, now in arrays)


def is_nearly(was, now):
    """Tell whether mean and check number of an array, of the same shape, are nearly the same."""
    pixels = math.prod(int(side) for side in was["shape"].split(",") if side.strip())
    others = math.ceil(pixels * OTHER_PIXELS) if pixels >= LARGE else 0
    weight = 1.0 if "." in was["check"] else 127  # of a pixel that is off by one level
    check, mean = (abs(float(was[name]) - float(now[name])) for name in ("check", "mean"))
    return check <= weight * others and mean <= LAST_DIGIT * abs(float(was["mean"])) * bool(others)


def runs_again(cell):
    """Tell whether a cell is an exercise or a solution that is checked."""
    is_one = {"exercise", "solution"} & set(tags(cell))
    return bool(is_one and re.search(r"^check\(", cell.source, re.MULTILINE))


SETTINGS = Settings(
    golden=GOLDEN,
    environment=kernel_environment,
    own_modules="helpers|__main__",
    first=f"__import__('runpy').run_path({CASTS_FILE!r})['watch'](get_ipython())",
    picture="helpers.figures.Picture",
    # Lesson 14 collects rows in the order in which workers finish them.
    measured=r"(seconds|times?|memory|^collected)$",
    may_write={"my_files"},
    same=is_the_same_film,
    runs_again=runs_again,
    kept_metadata=lambda tags: {"jupyter": FOLDED} if "solution" in tags else {},
    uncompared=UNCOMPARED,
    plain_show=PLAIN_SHOW,
    let_go=LET_GO,
    numbers=NUMBERS,
    claims=CLAIMS,
    store_command="python start.py accept",
)
