"""The shared input checks: what passes, passes untouched; what does not, gets one sentence."""

from fractions import Fraction

import numpy as np
import pytest

from helpers._validate import (
    boolean_mask,
    check_range,
    ordered,
    real_image,
    real_number,
    shown,
    top_level,
    whole_number,
)
from tests.unit.samples import BAD_IMAGES, INTEGER_DTYPES, assert_one_sentence

REAL_DTYPES = [*INTEGER_DTYPES, np.float16, np.float32, np.float64, ">u2", ">f4"]


@pytest.mark.parametrize("dtype", REAL_DTYPES, ids=str)
def test_a_real_image_passes_untouched(dtype):
    image = np.arange(6).reshape(2, 3).astype(dtype)
    assert real_image(image) is image


def test_nested_lists_become_an_array():
    np.testing.assert_array_equal(real_image([[1, 2], [3, 4]]), np.array([[1, 2], [3, 4]]))


def test_stacks_and_colour_images_pass_where_they_are_welcome():
    stack, colour = np.zeros((9, 8, 7)), np.zeros((9, 8, 3))
    assert real_image(stack, stack=True) is stack
    assert real_image(colour, colour=True) is colour
    for image, welcome in [(colour, {"stack": True}), (stack, {"colour": True})]:
        with pytest.raises(ValueError, match=r"is wanted") as caught:
            real_image(image, **welcome)
        assert_one_sentence(caught)


@pytest.mark.parametrize(("image", "error"), BAD_IMAGES.values(), ids=BAD_IMAGES.keys())
def test_a_bad_image_gets_one_sentence_with_its_name(image, error):
    with pytest.raises(error, match=r"^photo ") as caught:
        real_image(image, "photo")
    assert_one_sentence(caught)


@pytest.mark.parametrize(
    ("bad", "hint"),
    [
        ("mask", r"is a boolean mask; .*astype"),
        ("path", "read_image reads"),
        ("colour", r"looks like a colour image; .*photo\[\.\.\., 0\]"),
        ("NaN", "NaN or infinity; .*nan_to_num"),
        ("ragged", "rows of different lengths"),
    ],
)
def test_the_sentence_says_what_to_do(bad, hint):
    image, error = BAD_IMAGES[bad]
    with pytest.raises(error, match=hint):
        real_image(image, "photo")


def test_a_mask_passes_untouched():
    mask = np.ones((2, 3), dtype=bool)
    assert boolean_mask(mask, (2, 3)) is mask
    assert boolean_mask(mask) is mask


@pytest.mark.parametrize(
    ("mask", "error"),
    [(np.ones((2, 3)), TypeError), (np.ones((3, 2), dtype=bool), ValueError), (None, TypeError)],
)
def test_a_bad_mask_gets_one_sentence(mask, error):
    with pytest.raises(error, match=r"^lungs has ") as caught:
        boolean_mask(mask, (2, 3), "lungs")
    assert_one_sentence(caught)


@pytest.mark.parametrize("value", [3, np.uint8(3), np.int64(3), np.array(3)])
def test_whole_numbers_pass_as_int(value):
    assert whole_number(value, "size") == 3
    assert type(whole_number(value, "size")) is int


@pytest.mark.parametrize(
    ("value", "error"),
    [(0, ValueError), (-2, ValueError)]
    + [(value, TypeError) for value in (3.0, True, "3", None, np.zeros((2, 2)), np.True_)],
)
def test_other_numbers_are_not_whole(value, error):
    with pytest.raises(error, match=r"^size is .* at least 1 is wanted") as caught:
        whole_number(value, "size")
    assert_one_sentence(caught)


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2), np.uint8(2), Fraction(2)])
def test_real_numbers_pass_as_float(value):
    assert real_number(value, "gamma", above=1, least=2) == 2.0
    assert type(real_number(value, "gamma")) is float


@pytest.mark.parametrize(
    ("value", "error"),
    [(value, ValueError) for value in (0, -1, np.nan, np.inf)]
    + [(value, TypeError) for value in (True, "2", None, 1j, [1, 2], np.zeros((3, 3)))],
)
def test_other_things_are_not_numbers_above_0(value, error):
    with pytest.raises(error, match=r"^gamma is .* greater than 0 is wanted") as caught:
        real_number(value, "gamma", above=0)
    assert_one_sentence(caught)


def test_an_interval_is_ascending():
    assert ordered(1, 2) == (1.0, 2.0)
    for low, high in [(2, 2), (3, 2)]:
        with pytest.raises(ValueError, match=r"^first is .* last ") as caught:
            ordered(low, high, "first", "last")
        assert_one_sentence(caught)


def test_there_are_at_least_two_levels():
    assert top_level(256) == 255
    with pytest.raises(ValueError, match="levels is 257; at most 256 is wanted"):
        top_level(257, most=256)
    with pytest.raises(ValueError, match=r"levels is 1; .* at least 2") as caught:
        top_level(1)
    assert_one_sentence(caught)


def test_the_range_allows_for_rounding_and_no_more():
    check_range(np.array([[-1e-12, 255 + 1e-12]]), 255)
    for image in (np.array([[256]], dtype=np.uint16), np.array([[-1]]), np.array([[255.1]])):
        with pytest.raises(ValueError, match=r"^image holds values from .*; 0 to 255") as caught:
            check_range(image, 255)
        assert_one_sentence(caught)


FILM = np.arange(12).reshape(3, 4)
HIDDEN = np.ma.masked_less(FILM, 3)
# What a reader is told, word for word: what came, what was wanted and what to do.
SENTENCES = {
    "a file name": (
        lambda: real_image("film.png"),
        "image is a file name; helpers.images.read_image reads a 2-D image (h, w) from a file.",
    ),
    "a mask": (
        lambda: real_image(FILM > 3, stack=True),
        "image is a boolean mask; a 2-D image (h, w) or a stack (n, h, w) of numbers is wanted"
        " (mask.astype(np.uint8)).",
    ),
    "complex numbers": (
        lambda: real_image(FILM * 1j, "photo"),
        "photo is of type ndarray, dtype complex128; a 2-D photo (h, w) of real numbers is wanted.",
    ),
    "an empty array": (
        lambda: real_image([[]], colour=True),
        "image of shape (1, 0) is empty; a 2-D image (h, w) or a colour image (h, w, 3) is wanted.",
    ),
    "a colour image": (
        lambda: real_image(np.zeros((5, 6, 3))),
        "image of shape (5, 6, 3) looks like a colour image; a 2-D image (h, w) is wanted"
        " (one channel: image[..., 0]).",
    ),
    "one row": (
        lambda: real_image(FILM[0]),
        "image has shape (4,); a 2-D image (h, w) is wanted.",
    ),
    "NaN": (
        lambda: real_image([[np.nan]]),
        "image contains NaN or infinity; finite numbers are wanted (np.nan_to_num helps).",
    ),
    "masked pixels": (
        lambda: real_image(HIDDEN),
        "image is a masked array with masked pixels; a 2-D image (h, w) without them is wanted"
        " (image.filled(0) fills them).",
    ),
    "a masked mask": (
        lambda: boolean_mask(HIDDEN > 4),
        "mask is a masked array with masked pixels; a boolean mask without them is wanted"
        " (mask.filled(0) fills them).",
    ),
    "ragged rows": (
        lambda: boolean_mask([[True], []]),
        "mask has rows of different lengths; a boolean mask is wanted.",
    ),
    "numbers for a mask": (
        lambda: boolean_mask(FILM / 2),
        "mask has dtype float64; a boolean mask is wanted (a comparison makes one: mask > 0).",
    ),
    "no pixels": (
        lambda: boolean_mask(np.zeros((0, 3), bool)),
        "mask has shape (0, 3); (h, w) with pixels is wanted.",
    ),
    "a row of a mask": (
        lambda: boolean_mask([True]),
        "mask has shape (1,); (h, w) with pixels is wanted.",
    ),
    "another shape": (
        lambda: boolean_mask(FILM > 3, [4, 3]),
        "mask has shape (3, 4); the shape (4, 3) is wanted.",
    ),
    "a fraction": (
        lambda: whole_number(3.0, "size"),
        "size is 3.0; a whole number of at least 1 is wanted.",
    ),
    "too small": (
        lambda: whole_number(-1, "padding", least=0),
        "padding is -1; a whole number of at least 0 is wanted.",
    ),
    "too large": (
        lambda: whole_number(2**64 + 1, "size"),
        "size is 18446744073709551617; at most 18446744073709551616 is wanted.",
    ),
    "more than a function bears": (
        lambda: whole_number(9, "size", most=8),
        "size is 9; at most 8 is wanted.",
    ),
    "no number": (
        lambda: real_number("5", "sigma", above=0, least=0.5),
        "sigma is '5'; a finite number greater than 0 of at least 0.5 is wanted.",
    ),
    "NaN for a number": (
        lambda: real_number(np.nan, "gamma"),
        "gamma is nan; a finite number is wanted.",
    ),
    "beyond the largest float": (
        lambda: real_number(10**400, "gamma"),
        "gamma is inf; a finite number is wanted.",
    ),
    "too wide": (
        lambda: real_number(1001, "sigma", least=0.5, most=1000),
        "sigma is 1001; a finite number of at least 0.5 and at most 1000 is wanted.",
    ),
    "low above high": (lambda: ordered(3, 2), "low is 3, high 2; the smaller first is wanted."),
    "no low": (lambda: ordered(None, 2), "low is None; a finite number is wanted."),
    "no high": (lambda: ordered(1, None), "high is None; a finite number is wanted."),
    "an outlier": (
        lambda: check_range(np.array([[-1.5, 256]]), 255),
        "image holds values from -1.5 to 256; 0 to 255 is wanted"
        " (helpers.intensity.rescale brings any image to 0 to 255).",
    ),
}


@pytest.mark.parametrize(("call", "sentence"), SENTENCES.values(), ids=SENTENCES.keys())
def test_the_sentence_word_for_word(call, sentence):
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    assert str(caught.value) == sentence


def test_bounds_count_themselves():
    assert whole_number(1, "size") == 1
    assert whole_number(2**64, "levels") == 2**64
    assert real_number(1000, "sigma", least=1000, most=1000) == 1000
    check_range(np.array([[-1e-7, 100 + 1e-7]]), 100)  # a billionth of the range, both ends
    for image in ([[-1.1e-7]], [[100 + 1.1e-7]]):
        with pytest.raises(ValueError, match="0 to 100 is wanted"):
            check_range(np.array(image), 100)


def test_a_long_value_is_named_by_its_type():
    assert shown("x" * 38) == repr("x" * 38)  # 40 characters, with the quotes
    assert shown("x" * 39) == "of type str"
    assert shown(np.eye(2)) == "of type ndarray"  # short, but of two lines


def test_a_stack_of_films_that_are_few_pixels_high_is_no_colour_image():
    for narrow in (np.zeros((4, 9, 3)), np.zeros((9, 4, 4))):
        assert real_image(narrow, stack=True) is narrow
    with pytest.raises(ValueError, match="looks like a colour image"):
        real_image(np.zeros((5, 5, 3)), stack=True)
