"""Images the tests of the algorithm rooms share: random, extreme, wrong, and films."""

import os
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

# The same examples in every run, on any machine, however slow it is.
DETERMINISTIC = settings(derandomize=True, database=None, deadline=None, max_examples=60)
INTEGER_DTYPES = [np.dtype(f"{kind}{size}") for kind in "iu" for size in (1, 2, 4, 8)]
SHAPES = {"odd": (31, 17), "even": (24, 38), "pixel": (1, 1), "row": (1, 23), "column": (12, 1)}


def random_image(dtype, shape, seed=2024):
    """Fill a shape with noise: the whole range of uint8 and uint16, 0 to 255 for other dtypes."""
    rng = np.random.default_rng(seed)
    top = np.iinfo(dtype).max if np.dtype(dtype).kind == "u" else 255
    if np.dtype(dtype).kind == "f":
        return rng.uniform(0, top, shape).astype(dtype)
    return rng.integers(0, top, shape, dtype=dtype, endpoint=True)


IMAGES = {
    f"{dtype}-{label}": random_image(dtype, shape)
    for dtype in ("uint8", "uint16", "float32", "float64")
    for label, shape in SHAPES.items()
} | {
    "uint8-constant": np.full((9, 8), 77, dtype=np.uint8),
    "uint8-black": np.zeros((5, 6), dtype=np.uint8),
    "uint8-extremes": np.array([[0, 255], [255, 0], [1, 254]], dtype=np.uint8),
    "float64-constant": np.full((6, 7), 12.3),
}
each_image = pytest.mark.parametrize("image", IMAGES.values(), ids=IMAGES.keys())

BAD_IMAGES = {
    "colour": (np.zeros((8, 9, 3)), ValueError),
    "colour with alpha": (np.zeros((8, 9, 4), dtype=np.uint8), ValueError),
    "stack": (np.zeros((9, 8, 7)), ValueError),
    "one row of numbers": (np.arange(5), ValueError),
    "one number": (7, ValueError),
    "empty": (np.zeros((0, 4)), ValueError),
    "NaN": (np.array([[1.0, np.nan]]), ValueError),
    "infinity": (np.array([[1.0, -np.inf]], dtype=np.float32), ValueError),
    "ragged": ([[1, 2], [3]], ValueError),
    "mask": (np.ones((4, 4), dtype=bool), TypeError),
    "complex": (np.ones((4, 4), dtype=complex), TypeError),
    "text": (np.array([["1", "2"]]), TypeError),
    "objects": (np.array([[None, 1]]), TypeError),
    "durations": (np.ones((4, 4), dtype="m8[s]"), TypeError),
    "nothing": (None, TypeError),
    "file name": ("film.png", TypeError),
    "path": (Path("film.png"), TypeError),
}


def integer_images(least=None, most=None):
    """Draw images of any integer dtype and small shape, 1 x 1 and 1 x N among them.

    Values cover the whole range of the dtype, its ends included, within `least` and `most`.
    """

    def of_dtype(dtype):
        info = np.iinfo(dtype)
        low = info.min if least is None else max(least, info.min)
        high = info.max if most is None else min(most, info.max)
        shapes = hnp.array_shapes(min_dims=2, max_dims=2, max_side=7)
        values = st.sampled_from([low, high]) | st.integers(low, high)
        return hnp.arrays(dtype, shapes, elements=values)

    return st.sampled_from(INTEGER_DTYPES).flatmap(of_dtype)


def phantom_film():
    """Read the first film of the phantom's follow-up series."""
    return iio.imread(Path(__file__).parents[2] / "data" / "followup" / "frame_00.png")


def nih_films():
    """Read the nine NIH films, or skip the test when XRAY_DATA_HOME does not hold them."""
    folder = os.environ.get("XRAY_DATA_HOME", "")
    paths = sorted(Path(folder).glob("*.png")) if folder else []
    if not paths:
        pytest.skip("the folder XRAY_DATA_HOME holds no NIH films")
    return [iio.imread(path) for path in paths]


def assert_one_sentence(caught):
    """Check that an error says in one sentence what came and what is wanted."""
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert ". " not in message
    assert len(message) < 250
    assert "wanted" in message or "reads" in message or "has to be" in message, message
