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
    with pytest.raises(ValueError, match=r"levels is 1; .* at least 2") as caught:
        top_level(1)
    assert_one_sentence(caught)


def test_the_range_allows_for_rounding_and_no_more():
    check_range(np.array([[-1e-12, 255 + 1e-12]]), 255)
    for image in (np.array([[256]], dtype=np.uint16), np.array([[-1]]), np.array([[255.1]])):
        with pytest.raises(ValueError, match=r"^image holds values from .*; 0 to 255") as caught:
            check_range(image, 255)
        assert_one_sentence(caught)
