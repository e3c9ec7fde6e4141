"""Point operations and histograms against scikit-image, pydicom, NumPy and plain double loops.

TOLERANCE is 1e-12 of the range, some thousand times the rounding error of one float64 operation
and far below a grey level: different orders of the same few operations pass, any wrong one fails.
"""

import math

import numpy as np
import pydicom
import pytest
from hypothesis import given
from pydicom.pixels import apply_windowing
from skimage import exposure, util

from helpers import intensity
from helpers.intensity import (
    bit_planes,
    equalize_histogram,
    equalize_locally,
    gamma_correct,
    histogram,
    log_transform,
    negative,
    rescale,
    slice_levels,
    stretch_contrast,
    window_level,
)
from tests.unit.samples import (
    BAD_IMAGES,
    DETERMINISTIC,
    IMAGES,
    assert_one_sentence,
    each_image,
    integer_images,
    nih_films,
    phantom_film,
    random_image,
)

TOLERANCE = 1e-12
# Every function, with arguments that suit any image of whole numbers from 0 to 255.
CALLS = {
    "rescale": rescale,
    "negative": negative,
    "log_transform": log_transform,
    "gamma_correct": lambda image: gamma_correct(image, 0.4),
    "stretch_contrast": stretch_contrast,
    "slice_levels": lambda image: slice_levels(image, 50, 100),
    "bit_planes": bit_planes,
    "histogram": histogram,
    "equalize_histogram": equalize_histogram,
    "equalize_locally": lambda image: equalize_locally(image, tiles=2),
    "window_level": lambda image: window_level(image, 100, 80),
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


def levels_of(image):
    """Return 256 levels, or more where the image needs them."""
    return max(256, int(np.max(image)) + 1)


def assert_close(result, expected, scale=255):
    assert result.dtype == np.float64
    np.testing.assert_allclose(result, expected, rtol=0, atol=TOLERANCE * scale, strict=True)


def pixel_by_pixel(image, formula):
    """Apply a formula to one pixel at a time, as a Python float, which never wraps."""
    result = np.empty(image.shape)
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            result[row, column] = formula(float(image[row, column]))
    return result


# --- against independent implementations ---------------------------------------------------------


@each_image
def test_rescale(image):
    if image.min() == image.max():
        expected = np.full(image.shape, -3.0)
    else:
        expected = exposure.rescale_intensity(image.astype(float), out_range=(-3, 9))
    assert_close(rescale(image, -3, 9), expected)


@each_image
def test_negative(image):
    top = levels_of(image) - 1
    assert_close(negative(image, top + 1), pixel_by_pixel(image, lambda r: top - r), scale=top)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_negative_is_the_inverse_of_scikit_image(dtype):
    image = random_image(dtype, (31, 17))
    expected = util.invert(image)
    np.testing.assert_array_equal(negative(image, np.iinfo(dtype).max + 1), expected)


@each_image
def test_log_transform(image):
    c = 255 / math.log(1 + image.max().item()) if image.max() else 0
    expected = pixel_by_pixel(image, lambda r: c * math.log(1 + r))
    assert_close(log_transform(image), expected)


@each_image
@pytest.mark.parametrize("gamma", [0.04, 2.2])
def test_gamma_correct(image, gamma):
    top = levels_of(image) - 1
    expected = exposure.adjust_gamma(image.astype(float) / top, gamma) * top
    assert_close(gamma_correct(image, gamma, top + 1), expected, scale=top)


def test_gamma_below_1_brightens_and_both_directions_undo_each_other():
    film = random_image(np.uint8, (31, 17))
    brighter = gamma_correct(film, 1 / 2.2)
    inner = (film > 0) & (film < 255)
    assert (brighter[inner] > film[inner]).all()
    assert_close(gamma_correct(brighter, 2.2), film.astype(float))


@each_image
@pytest.mark.parametrize("percents", [(2, 98), (33.3, 50.1), (0, 0.5)])
def test_stretch_contrast(image, percents):
    low, high = np.percentile(image.astype(float), percents)
    if low == high:
        expected = np.where(image > low, 255.0, 0.0)
    else:
        expected = exposure.rescale_intensity(
            image.astype(float), in_range=(low, high), out_range=(0, 255)
        )
    # A narrow range magnifies the rounding of the percentiles themselves.
    scale = 255 * max(1, image.max() / (high - low)) if high > low else 255
    assert_close(stretch_contrast(image, *percents), expected, scale=scale)


@each_image
@pytest.mark.parametrize("keep", [True, False])
def test_slice_levels_includes_both_ends(image, keep):
    low, high = int(np.median(image)), int(np.median(image)) + 20
    expected = pixel_by_pixel(image, lambda r: 200 if low <= r <= high else r if keep else 0)
    assert_close(slice_levels(image, low, high, 200, keep=keep), expected)


def test_bit_planes():
    image = random_image(np.uint8, (31, 17))
    expected = np.unpackbits(image[np.newaxis], axis=0, bitorder="little").astype(bool)
    planes = bit_planes(image)
    assert planes.dtype == np.bool_
    np.testing.assert_array_equal(planes, expected)
    np.testing.assert_array_equal(bit_planes(image.astype(np.float32)), expected)


def test_the_bit_planes_of_6_and_129():
    planes = bit_planes(np.array([[6, 129]], dtype=np.int64))
    assert planes[:, 0, 0].tolist() == [False, True, True, False, False, False, False, False]
    assert planes[:, 0, 1].tolist() == [True, False, False, False, False, False, False, True]


@each_image
def test_histogram_has_one_bin_per_level(image):
    levels = levels_of(np.rint(image))
    edges = np.arange(levels + 1) - 0.5
    counts = histogram(image, levels)
    assert counts.shape == (levels,)
    assert counts.dtype.kind == "i"
    # No image here holds a half, which NumPy would count one level higher.
    np.testing.assert_array_equal(counts, np.histogram(image, edges)[0])


def test_histogram_of_uint8_is_that_of_scikit_image():
    image = random_image(np.uint8, (31, 17))
    np.testing.assert_array_equal(
        histogram(image), exposure.histogram(image, source_range="dtype")[0]
    )


def test_histogram_with_fewer_levels_than_the_dtype():
    image = np.array([[0, 3], [3, 1]], dtype=np.uint8)
    assert histogram(image, levels=4).tolist() == [1, 1, 0, 2]


INTEGER_IMAGES = {name: image for name, image in IMAGES.items() if image.dtype.kind == "u"}


@pytest.mark.parametrize("image", INTEGER_IMAGES.values(), ids=INTEGER_IMAGES.keys())
@pytest.mark.parametrize("masked", [False, True])
def test_equalize_histogram_is_that_of_scikit_image(image, masked):
    mask = np.random.default_rng(5).random(image.shape) < 0.6 if masked else None
    if masked:
        mask.flat[0] = True
    top = np.iinfo(image.dtype).max
    expected = exposure.equalize_hist(image, nbins=256, mask=mask) * top
    assert_close(equalize_histogram(image, mask, levels=top + 1), expected, scale=top)
    # Floats of the same values have the same distribution, so they get the same result.
    floats = equalize_histogram(image.astype(float), mask, levels=top + 1)
    assert_close(floats, expected, scale=top)


@each_image
def test_equalize_histogram_is_the_share_of_pixels_not_brighter(image):
    expected = pixel_by_pixel(image, lambda r: 255 * np.count_nonzero(image <= r) / image.size)
    assert_close(equalize_histogram(image), expected)


@each_image
@pytest.mark.parametrize(("function", "shift"), [("LINEAR_EXACT", 0), ("LINEAR", 1)])
def test_window_level_is_that_of_dicom(image, function, shift):
    header = pydicom.Dataset()
    header.PhotometricInterpretation, header.PixelRepresentation = "MONOCHROME2", 0
    header.BitsStored, header.VOILUTFunction = 8, function
    header.WindowCenter, header.WindowWidth = 120, 90
    expected = apply_windowing(image.astype(float), header)
    assert_close(window_level(image, 120 - shift / 2, 90 - shift), expected)


def test_a_window_by_hand():
    image = np.array([[-1000, -50, 0, 25, 50, 3000]], dtype=np.int16)
    expected = np.array([[0, 0, 127.5, 191.25, 255, 255]])
    assert_close(window_level(image, center=0, width=100), expected)


# --- films ---------------------------------------------------------------------------------------


def check_film(film):
    """Check everything on one film; window, gamma and slice through the pixels' own formulas."""
    r = film.astype(float)
    mask = film > 20
    low, high = np.percentile(film, (2, 98))
    exact = {
        "negative": (negative(film), util.invert(film)),
        "log": (log_transform(film), 255 * np.log(1 + r) / np.log(1 + r.max())),
        "gamma": (gamma_correct(film, 0.5), exposure.adjust_gamma(r / 255, 0.5) * 255),
        "rescale": (rescale(film), exposure.rescale_intensity(r, out_range=(0, 255))),
        "stretch": (
            stretch_contrast(film),
            exposure.rescale_intensity(r, in_range=(low, high), out_range=(0, 255)),
        ),
        "slice": (slice_levels(film, 100, 150), np.where((r < 100) | (r > 150), r, 255)),
        "window": (window_level(film, 100, 60), np.interp(r, [70, 130], [0, 255])),
        "equalize": (equalize_histogram(film), exposure.equalize_hist(film, nbins=256) * 255),
        "equalize masked": (
            equalize_histogram(film, mask),
            exposure.equalize_hist(film, nbins=256, mask=mask) * 255,
        ),
    }
    for name, (result, expected) in exact.items():
        np.testing.assert_allclose(result, expected, rtol=0, atol=1e-9, err_msg=name)
    np.testing.assert_array_equal(histogram(film), np.bincount(film.ravel(), minlength=256))
    weights = 2 ** np.arange(8)
    np.testing.assert_array_equal(np.tensordot(weights, bit_planes(film), axes=1), film)


def test_the_phantom():
    check_film(phantom_film())


@pytest.mark.films
def test_the_nih_films():
    for film in nih_films():
        check_film(film)


# --- any integer dtype: nothing wraps, nothing is modified ---------------------------------------


@DETERMINISTIC
@given(image=integer_images(least=0, most=255))
@pytest.mark.parametrize("name", CALLS)
def test_integers_give_what_floats_give(name, image):
    before = image.copy()
    result = CALLS[name](image)
    np.testing.assert_array_equal(image, before)
    assert not np.shares_memory(result, image)
    expected = CALLS[name](image.astype(np.float64))
    np.testing.assert_allclose(result, expected, rtol=TOLERANCE, atol=TOLERANCE, strict=True)


@DETERMINISTIC
@given(image=integer_images())
@pytest.mark.parametrize("name", ["rescale", "stretch", "slice", "window", "equalize"])
def test_no_integer_wraps(name, image):
    """Compare with Python floats, over the whole range of every dtype, negative values too."""
    before = image.copy()
    low, high = float(image.min()), float(image.max())

    def ramp(r):
        return 255 * (r - low) / (high - low) if high > low else 0

    result, formula = {
        "rescale": (rescale(image), ramp),
        "stretch": (stretch_contrast(image, 0, 100), ramp),
        "slice": (slice_levels(image, -5, 90, 7), lambda r: 7 if -5 <= r <= 90 else r),
        "window": (window_level(image, 10, 300), lambda r: 255 * min(max(r + 140, 0), 300) / 300),
        "equalize": (
            equalize_histogram(image),
            lambda r: 255 * sum(float(value) <= r for value in image.flat) / image.size,
        ),
    }[name]
    np.testing.assert_array_equal(image, before)
    assert_close(result, pixel_by_pixel(image, formula))


@DETERMINISTIC
@given(image=integer_images(least=0))
@pytest.mark.parametrize("name", ["negative", "log", "gamma"])
def test_no_integer_wraps_where_levels_bound_the_image(name, image):
    before = image.copy()
    top = 2**64 - 1  # above the largest value of any dtype
    c = 255 / math.log1p(image.max()) if image.any() else 0
    result, formula, scale = {
        "negative": (negative(image, 2**64), lambda r: top - r, top),
        "log": (log_transform(image), lambda r: c * math.log1p(r), 255),
        "gamma": (gamma_correct(image, 0.5, 2**64), lambda r: top * (r / top) ** 0.5, top),
    }[name]
    np.testing.assert_array_equal(image, before)
    assert_close(result, pixel_by_pixel(image, formula), scale)


@each_call
def test_any_memory_layout_gives_the_same(call):
    image = random_image(np.uint16, (20, 14)) // 257
    expected = call(np.ascontiguousarray(image))
    double = np.repeat(np.repeat(image, 2, axis=0), 2, axis=1)
    read_only = image.copy()
    read_only.setflags(write=False)
    for layout in (np.asfortranarray(image), double[::2, ::2], image.astype(">u2"), read_only):
        np.testing.assert_array_equal(call(layout), expected)
    np.testing.assert_array_equal(call(image.tolist()), expected)


# --- bad input -----------------------------------------------------------------------------------


@each_call
def test_bad_images_get_one_sentence(call):
    for image, error in BAD_IMAGES.values():
        with pytest.raises(error, match=r"^image ") as caught:
            call(image)
        assert_one_sentence(caught)


FILM = random_image(np.uint8, (6, 7))
BAD_CALLS = {
    "gamma 0": (lambda: gamma_correct(FILM, 0), ValueError, "gamma is 0"),
    "gamma negative": (lambda: gamma_correct(FILM, -2.0), ValueError, "gamma is -2"),
    "gamma NaN": (lambda: gamma_correct(FILM, np.nan), ValueError, "gamma is nan"),
    "gamma text": (lambda: gamma_correct(FILM, "2"), TypeError, "gamma is '2'"),
    "one level": (lambda: negative(FILM, levels=1), ValueError, "levels is 1"),
    "half a level": (lambda: log_transform(FILM, levels=2.5), TypeError, "levels is 2.5"),
    "16 bits, negative": (
        lambda: negative(np.array([[300]], dtype=np.uint16)),
        ValueError,
        "300 to 300; 0 to 255 .*levels=65536",
    ),
    "16 bits, gamma": (lambda: gamma_correct(FILM * 257.0, 2), ValueError, "0 to 255"),
    "16 bits, histogram": (lambda: histogram(FILM * 257.0), ValueError, "0 to 255"),
    "below 0, negative": (lambda: negative(FILM - 256.0), ValueError, "0 to 255"),
    "below 0, log": (
        lambda: log_transform(np.array([[-1, 5]])),
        ValueError,
        "from -1 to 5; values of at least 0",
    ),
    "below 0 only, log": (
        lambda: log_transform(np.array([[-3, -2]])),
        ValueError,
        "from -3 to -2; values of at least 0",
    ),
    "percentiles": (lambda: stretch_contrast(FILM, 98, 2), ValueError, "low is 98"),
    "equal percentiles": (lambda: stretch_contrast(FILM, 5, 5), ValueError, "low is 5"),
    "percentile below 0": (lambda: stretch_contrast(FILM, -1, 5), ValueError, "0 to 100"),
    "percentile above 100": (lambda: stretch_contrast(FILM, 1, 101), ValueError, "0 to 100"),
    "percentile NaN": (lambda: stretch_contrast(FILM, np.nan, 5), ValueError, "low is nan"),
    "band": (lambda: slice_levels(FILM, 9, 9), ValueError, "low is 9"),
    "band's value": (lambda: slice_levels(FILM, 1, 9, value=None), TypeError, "value is None"),
    "range": (lambda: rescale(FILM, 5, 5), ValueError, "out_min is 5"),
    "half a grey level": (lambda: bit_planes(FILM + 0.5), ValueError, "fractions|0 to 255"),
    "nine bits": (
        lambda: bit_planes(np.array([[256]])),
        ValueError,
        r"0 to 255 is wanted \(helpers",
    ),
    "no tile": (lambda: equalize_locally(FILM, tiles=0), ValueError, "tiles is 0"),
    "clip limit 0": (lambda: equalize_locally(FILM, clip_limit=0), ValueError, "clip_limit is 0"),
    "16 bits, locally": (lambda: equalize_locally(FILM * 257.0), ValueError, "levels=65536"),
    "huge gamma": (lambda: gamma_correct(FILM, 10**400), ValueError, "gamma is inf"),
    "huge levels": (lambda: negative(FILM, 10**400), ValueError, "levels is of type int; at most"),
    "levels beyond memory": (lambda: histogram(FILM, 10**30), ValueError, "levels is 1000"),
    "mask's shape": (
        lambda: equalize_histogram(FILM, np.ones((7, 6), dtype=bool)),
        ValueError,
        "mask has shape",
    ),
    "mask's dtype": (lambda: equalize_histogram(FILM, FILM), TypeError, "mask has dtype uint8"),
    "empty mask": (
        lambda: equalize_histogram(FILM, np.zeros(FILM.shape, dtype=bool)),
        ValueError,
        "selects no pixel",
    ),
    "width 0": (lambda: window_level(FILM, 5, 0), ValueError, "width is 0"),
    "center": (lambda: window_level(FILM, None, 5), TypeError, "center is None"),
}


@pytest.mark.parametrize(("call", "error", "words"), BAD_CALLS.values(), ids=BAD_CALLS.keys())
def test_bad_arguments_get_one_sentence(call, error, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert_one_sentence(caught)


def test_every_public_function_is_tested_here():
    public = {
        name
        for name, thing in vars(intensity).items()
        if not name.startswith("_") and getattr(thing, "__module__", None) == intensity.__name__
    }
    assert public == set(CALLS)


# --- local equalization --------------------------------------------------------------------------


def test_one_tile_without_a_limit_is_plain_equalization():
    film = phantom_film()[::8, ::8]
    assert_close(equalize_locally(film, tiles=1, clip_limit=1), equalize_histogram(film))


def test_local_equalization_interpolates_between_the_tables_of_four_tiles():
    film = random_image(np.uint8, (24, 36))
    tables = {}
    for i, rows in enumerate(np.split(np.arange(24), 3)):
        for j, columns in enumerate(np.split(np.arange(36), 3)):
            part = film[np.ix_(rows, columns)]
            share = [min(np.mean(part == level), 0.02) for level in range(256)]
            share = np.array(share) + (1 - sum(share)) / 256
            tables[i, j] = 255 * np.cumsum(share)
    wanted = np.empty(film.shape)
    for row in range(24):
        for column in range(36):
            y, x = np.clip((row - 3.5) / 8, 0, 2), np.clip((column - 5.5) / 12, 0, 2)
            near = [(i, j) for i in range(3) for j in range(3) if abs(i - y) < 1 and abs(j - x) < 1]
            wanted[row, column] = sum(
                (1 - abs(i - y)) * (1 - abs(j - x)) * tables[i, j][film[row, column]]
                for i, j in near
            )
    assert_close(equalize_locally(film, tiles=3, clip_limit=0.02), wanted)


def test_equalize_locally_rounds_floats_to_the_nearest_level():
    film = np.random.default_rng(7).integers(0, 256, (24, 24))
    for off in (-0.4, 0.4):
        rounded = intensity.equalize_locally(np.clip(film + off, 0, 255), tiles=3)
        np.testing.assert_array_equal(rounded, intensity.equalize_locally(film, tiles=3))


def test_local_equalization_agrees_with_scikit_image_where_both_interpolate():
    film = phantom_film()[::2, ::2]
    ours = equalize_locally(film, tiles=8, clip_limit=0.02)
    theirs = 255 * exposure.equalize_adapthist(film, kernel_size=64, clip_limit=0.02)
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.95


def test_rescale_of_the_largest_floats():
    ends = np.array([[-1.7e308, 0.0, 1.7e308]])
    np.testing.assert_allclose(rescale(ends, 0, 1), [[0, 0.5, 1]])
    np.testing.assert_array_equal(rescale([[0, 1]], -1.7e308, 1.7e308), [[-1.7e308, 1.7e308]])
