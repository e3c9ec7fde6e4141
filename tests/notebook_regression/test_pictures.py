"""Two pictures are compared from afar: place by place, even where one is a pixel smaller."""

import io

import numpy as np
import pytest
from PIL import Image

from .plugin import LOOKS_DIFFERENT, looks_apart


def squares(seed):
    """Return 320 x 320 pixels of black and white squares, of ten pixels each."""
    levels = np.random.default_rng(seed).choice([0, 255], (32, 32))
    return levels.repeat(10, 0).repeat(10, 1).astype(np.uint8)


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


PICTURE = squares(1)
OTHERS = {
    "another": squares(2),
    "mirrored": PICTURE[:, ::-1],
    "inverted": 255 - PICTURE,
    "blank": np.full_like(PICTURE, 255),
}
SMALLER = {
    "from the upper left": np.s_[1:, 1:],
    "from the upper right": np.s_[1:, :-1],
    "from the lower left": np.s_[:-1, 1:],
    "from the lower right": np.s_[:-1, :-1],
    "lower": np.s_[1:],
    "narrower": np.s_[:, :-1],
}


@pytest.mark.parametrize("part", SMALLER.values(), ids=SMALLER)
def test_a_picture_that_lacks_a_pixel_is_compared_place_by_place(part):
    whole, smaller = png(PICTURE), png(PICTURE[part])
    assert looks_apart(whole, smaller) == looks_apart(smaller, whole) == 0


def test_one_picture_may_be_lower_and_the_other_narrower():
    assert looks_apart(png(PICTURE[1:]), png(PICTURE[:, :-1])) == 0


@pytest.mark.parametrize("part", [np.s_[:], *SMALLER.values()], ids=["whole", *SMALLER])
@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_picture_is_seen_with_a_pixel_less_too(other, part):
    for stored, new in ((PICTURE, other[part]), (other[part], PICTURE)):
        assert looks_apart(png(stored), png(new)) > LOOKS_DIFFERENT


def test_a_picture_that_lacks_more_is_not_shifted():
    assert looks_apart(png(PICTURE), png(PICTURE[2:, 2:])) > LOOKS_DIFFERENT
