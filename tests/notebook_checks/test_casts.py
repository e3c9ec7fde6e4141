"""Casts that depend on the processor are seen: in a cell, in a helper, inside SciPy."""

import json
import subprocess
import sys

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.notebook_checks import casts, notebooks
from tests.notebook_regression.notebooks import execute

SEEN = {
    "cell('(ramp - 300.0).astype(np.uint8)')": "astype: -300 to -100",
    "cell('(ramp * 3.0).astype(dtype=ramp.dtype)')": "astype: 0 to 600",
    "cell('np.array([np.nan]).astype(int)')": "astype: nan to nan",
    "cell('empty[1] = -2.0')": "assignment: -2 to -2",
    "cell('empty[:] = ramp[0, :3] - 150.5')": "assignment: -50 to 49",
    "ndi.sobel(ramp)": "a filter of SciPy: -200 to 0",
    "ndi.gaussian_laplace(ramp, 1)": "a filter of SciPy: -",
    "rounding_is_broken(intensity.equalize_locally, ramp)": "astype: nan to nan",
}
UNSEEN = [
    "cell('np.clip(ramp - 300.0, 0, 255).astype(np.uint8)')",
    "cell('(ramp.astype(int) - 300).astype(np.uint8)')",  # integers wrap in the same way everywhere
    "cell('np.array([-0.9, 255.9]).astype(np.uint8)')",
    "cell('np.array([]).astype(np.uint8)')",
    "cell('empty[:] = 3.5, 2, 1')",
    "cell('names = {}; names[1] = -2.5')",
    "ndi.sobel(ramp, output=float)",
    "ndi.gaussian_filter(ramp, 1)",
    "edges.canny(ramp)",
    "intensity.equalize_locally(ramp, tiles=2)",
]
# One Python of its own, where casts are looked at, says of each piece of code what is warned of.
START = f"""
import json, runpy, sys, warnings
from unittest import mock

import numpy as np

casts = runpy.run_path({casts.__file__!r})
casts["watch"]()
from helpers import edges, intensity
from scipy import ndimage as ndi

ramp = np.tile(np.array([200, 200, 100, 0, 0], dtype=np.uint8), (5, 1))
empty = np.zeros(3, np.uint8)

def cell(source):
    tree = casts["Looked"]().visit(casts["ast"].parse(source))
    exec(compile(tree, "cell", "exec"), globals())

def rounding_is_broken(function, image):
    with mock.patch("numpy.rint", lambda values: np.full(np.shape(values), np.nan)):
        function(image)

def said(code):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(code)
        except Exception as error:
            warnings.warn(repr(error))
    return " ".join(str(each.message) for each in caught)

print(json.dumps([said(code) for code in json.loads(sys.argv[1])]))
"""


@pytest.fixture(scope="module")
def said():
    """Return code -> what is said when it runs."""
    codes = [*SEEN, *UNSEEN]
    done = subprocess.run(
        [sys.executable, "-c", START, json.dumps(codes)],
        cwd=notebooks.ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        check=True,
    )
    return dict(zip(codes, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize(("code", "what"), SEEN.items())
def test_a_cast_that_depends_on_the_processor_is_seen(said, code, what):
    assert what in said[code]
    assert "depends on the processor" in said[code]


@pytest.mark.parametrize("code", UNSEEN)
def test_other_casts_are_not(said, code):
    assert said[code] == ""


def test_every_cell_that_is_excused_is_there():
    sources = [
        cell.source
        for path in notebooks.NOTEBOOKS
        for cell in notebooks.code_cells(notebooks.read(path))
    ]
    for piece in casts.TAUGHT:
        assert sum(piece in source for source in sources) == 1, piece


def test_the_kernels_of_the_notebooks_look_at_casts(tmp_path):
    cell = new_code_cell("import numpy as np\n\nprint(np.array([-6.0]).astype(np.uint8).dtype)")
    execute(new_notebook(cells=[cell]), tmp_path, notebooks.SETTINGS)
    said = {output.name: output.text for output in cell.outputs}
    assert said["stdout"] == "uint8\n"
    assert "astype: -6 to -6 do not fit into uint8" in said["stderr"]
    assert ":3: CastWarning" in said["stderr"]
