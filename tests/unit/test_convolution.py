"""Convolution against SciPy's dense formula, scikit-image, exact integer sums and double loops.

A weighted sum of n float64 products is off by at most n * 1.1e-16 of the sum of their magnitudes,
so TOLERANCE, 1e-12 of the largest value times the sum of the weights, leaves room for thousands of
terms in any order and for nothing else. Blurs are held to the 1e-9 grey levels the course promises.
"""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage as ndi
from scipy.signal import convolve2d
from skimage import filters, metrics

from helpers import convolution
from helpers.convolution import (
    BOUNDARY_MODES,
    KERNELS,
    box_blur,
    convolve_valid,
    output_size,
    psnr,
    sharpen,
    unsharp_mask,
)
from tests.unit.samples import (
    BAD_IMAGES,
    DETERMINISTIC,
    assert_one_sentence,
    each_image,
    integer_images,
    nih_films,
    phantom_film,
    random_image,
)

TOLERANCE = 1e-12
CALLS = {
    "convolve_valid": lambda image: convolve_valid(image, [[-3]]),
    "box_blur": lambda image: box_blur(image, 4),
    "sharpen": sharpen,
    "unsharp_mask": lambda image: unsharp_mask(image, sigma=1.5, amount=2),
    "psnr": lambda image: psnr(image, np.zeros((20, 14)), 255),
}
BLURS = {name: CALLS[name] for name in ("box_blur", "sharpen", "unsharp_mask")}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


def assert_close(result, expected, scale=255, tolerance=TOLERANCE):
    assert result.dtype == np.float64
    np.testing.assert_allclose(result, expected, rtol=0, atol=tolerance * scale, strict=True)


def largest(image):
    """Return the largest magnitude, at least 1, as a float: the scale of a tolerance."""
    return max(1.0, float(np.max(np.abs(image.astype(float)))))


def convolve_in_loops(image, kernel, stride=1):
    """Write the definition out: g[i, j] = sum of k[a, b] f[i - a, j - b], where all f exist."""
    (h, w), (kh, kw) = image.shape, kernel.shape
    rows, columns = range(kh - 1, h, stride), range(kw - 1, w, stride)
    result = np.zeros((len(rows), len(columns)))
    for (row, i), (column, j) in itertools.product(enumerate(rows), enumerate(columns)):
        for a, b in itertools.product(range(kh), range(kw)):
            result[row, column] += float(kernel[a, b]) * float(image[i - a, j - b])
    return result


def dense_box_blur(image, size):
    """Blur each channel with the dense formula, size * size multiplications a pixel."""
    box = np.full((size, size), 1 / size**2)
    channels = image.astype(float).reshape(*image.shape[:2], -1)
    blurred = [
        convolve2d(channels[..., channel], box, mode="same", boundary="symm")
        for channel in range(channels.shape[2])
    ]
    return np.stack(blurred, axis=-1).reshape(image.shape)


# --- output_size ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "f", "stride", "padding", "size"),
    [
        (32, 3, 1, 0, 30),
        (5, 3, 1, 0, 3),
        (7, 3, 2, 0, 3),
        (8, 3, 2, 0, 3),
        (32, 3, 1, 1, 32),
        (1, 1, 1, 0, 1),
        (3, 5, 1, 1, 1),
        (224, 7, 2, 3, 112),
    ],
)
def test_output_size_by_hand(n, f, stride, padding, size):
    assert output_size(n, f, stride, padding) == size


def test_output_size_counts_the_positions_of_a_window():
    for n, f, stride, padding in itertools.product(range(1, 9), range(1, 9), (1, 2, 3), (0, 1, 2)):
        padded = range(n + 2 * padding)
        starts = [start for start in padded[::stride] if start + f <= len(padded)]
        if starts:
            assert output_size(n, f, stride, padding) == len(starts)


# --- convolve_valid ------------------------------------------------------------------------------


@each_image
@pytest.mark.parametrize("stride", [1, 2, 5])
def test_convolve_valid_is_that_of_scipy(image, stride):
    rng = np.random.default_rng(11)
    for shape in [(1, 1), (3, 3), (2, 2), (4, 1), (1, 5), (5, 2), image.shape]:
        if shape[0] > image.shape[0] or shape[1] > image.shape[1]:
            continue
        kernel = rng.normal(size=shape)
        expected = convolve2d(image.astype(float), kernel, mode="valid")[::stride, ::stride]
        result = convolve_valid(image, kernel, stride)
        assert_close(result, expected, scale=largest(image) * abs(kernel).sum())
        sizes = [output_size(n, f, stride) for n, f in zip(image.shape, shape, strict=True)]
        assert list(result.shape) == sizes


def test_convolve_valid_by_hand():
    """Small enough for paper; the flip shows, since 1 and -1 trade places."""
    image = np.array([[1, 2, 4], [8, 16, 32]], dtype=np.uint8)
    assert convolve_valid(image, [[1, -1]]).tolist() == [[1, 2], [8, 16]]
    assert convolve_valid(image, [[1], [-1]]).tolist() == [[7, 14, 28]]
    assert convolve_valid(image, [[1, 10, 100]]).tolist() == [[124], [992]]


@each_image
def test_convolve_valid_in_written_out_loops(image):
    small = image[:9, :8]
    kernel = np.random.default_rng(3).integers(-9, 10, (min(3, len(small)), 1)).astype(np.int8)
    for stride in (1, 2):
        result = convolve_valid(small, kernel, stride)
        assert_close(result, convolve_in_loops(small, kernel, stride), 27 * largest(image))


# --- box_blur ------------------------------------------------------------------------------------


@each_image
@pytest.mark.parametrize("size", [1, 2, 9, 30])
def test_box_blur_is_the_dense_formula(image, size):
    assert_close(box_blur(image, size), dense_box_blur(image, size), largest(image) / 255, 1e-9)


@pytest.mark.parametrize("shape", [(3, 5), (16, 15), (1, 1), (1, 9), (9, 1)])
def test_box_blur_of_every_size_up_to_far_beyond_the_image(shape):
    image = random_image(np.uint8, shape)
    for size in range(1, 42):
        assert_close(box_blur(image, size), dense_box_blur(image, size), 1, 1e-9)


@pytest.mark.parametrize("size", [9, 15, 30, 60])
def test_box_blur_of_a_colour_image(size):
    image = random_image(np.uint8, (48, 71, 3))
    assert_close(box_blur(image, size), dense_box_blur(image, size), 1, 1e-9)


@pytest.mark.parametrize("size", [9, 15, 30, 60])
def test_box_blur_of_the_large_colour_image_in_exact_integers(size):
    """768 x 1024 x 3 in a summed-area table of whole numbers, which has no rounding at all."""
    image = random_image(np.uint8, (768, 1024, 3))
    before, after = size // 2, (size - 1) // 2
    padded = np.pad(image, [(before + 1, after), (before + 1, after), (0, 0)], mode="symmetric")
    table = padded.astype(np.int64).cumsum(axis=0).cumsum(axis=1)
    top, bottom = table[:-size], table[size:]
    sums = bottom[:, size:] - bottom[:, :-size] - top[:, size:] + top[:, :-size]
    assert_close(box_blur(image, size), sums / size**2, 1, 1e-9)


@pytest.mark.parametrize("mode", BOUNDARY_MODES)
@pytest.mark.parametrize("size", [1, 2, 5, 8, 21])
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_box_blur_knows_the_boundaries_of_scipy(mode, size, dtype):
    for shape in [(12, 9), (1, 7), (7, 1), (1, 1)]:
        image = random_image(dtype, shape)
        box = np.full((size, size), 1 / size**2)
        expected = ndi.correlate(image.astype(float), box, mode=mode)
        assert_close(box_blur(image, size, mode=mode), expected, 1, 1e-9)


# --- sharpening and noise ------------------------------------------------------------------------


@each_image
@pytest.mark.parametrize("amount", [1.0, -0.2])
def test_sharpen_is_a_convolution(image, amount):
    kernel = (1 - amount) * KERNELS["identity"] + amount * KERNELS["sharpen"]
    expected = convolve2d(image.astype(float), kernel, mode="same", boundary="symm")
    assert_close(sharpen(image, amount), expected, 9 * largest(image))


def test_sharpen_by_hand():
    image = np.array([[1, 1, 1], [1, 2, 1], [1, 1, 1]], dtype=np.uint8)
    assert sharpen(image)[1, 1] == 5 * 2 - 4 * 1 == 6
    assert sharpen(image)[0, 1] == 5 * 1 - (1 + 1 + 1 + 2) == 0


@each_image
@pytest.mark.parametrize("sigma", [0, 5])
def test_unsharp_mask_is_that_of_scikit_image(image, sigma):
    expected = filters.unsharp_mask(
        image.astype(float), radius=sigma, amount=1.5, preserve_range=True
    )
    assert_close(unsharp_mask(image, sigma, 1.5), expected, 4 * largest(image))


@each_image
def test_psnr_is_that_of_scikit_image(image):
    reference = image + np.random.default_rng(8).normal(scale=10, size=image.shape)
    expected = metrics.peak_signal_noise_ratio(reference, image.astype(float), data_range=255)
    assert psnr(image, reference, 255) == pytest.approx(expected, abs=1e-9)  # decibels


def test_psnr_by_hand():
    black, grey = np.zeros((4, 5), dtype=np.uint8), np.full((4, 5), 255, dtype=np.uint8)
    assert psnr(grey, black, data_range=2550) == pytest.approx(20)  # a tenth: 20 dB
    assert psnr(black, grey, data_range=255) == 0
    assert psnr(grey, grey, data_range=255) == np.inf
    assert psnr([[0.5]], [[0.25]], data_range=0.25) == 0
    assert psnr([[1.0]], [[0.0]], data_range=1e-300) == pytest.approx(-6000)


# --- kernels -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KERNELS)
def test_kernels_are_square_odd_and_read_only(name):
    kernel = KERNELS[name]
    assert kernel.dtype == np.float64
    assert kernel.shape[0] == kernel.shape[1]
    assert kernel.shape[0] % 2 == 1
    with pytest.raises(ValueError, match="read-only"):
        kernel[0, 0] = 1


def test_a_kernel_is_divided_and_read_only():
    kernel = convolution._kernel([[2, 4]], divisor=2)
    assert kernel.tolist() == [[1.0, 2.0]]
    assert convolution._kernel([[3]]).tolist() == [[3.0]]
    assert not kernel.flags.writeable


def test_kernels_keep_or_remove_the_mean():
    keeping = {"identity", "box", "gaussian", "sharpen", "emboss"}
    for name, kernel in KERNELS.items():
        assert kernel.sum() == pytest.approx(1 if name in keeping else 0, abs=1e-15), name


def test_kernels_do_what_their_names_say():
    image = random_image(np.uint8, (31, 17)).astype(float)
    expected = {
        "identity": image,
        "box": ndi.uniform_filter(image, 3),
        "gaussian": ndi.correlate1d(
            ndi.correlate1d(image, [0.25, 0.5, 0.25], 0), [0.25, 0.5, 0.25], 1
        ),
        "sharpen": image - ndi.laplace(image),
        "outline": 9 * (image - ndi.uniform_filter(image, 3)),
        "laplacian": ndi.laplace(image),
        "sobel_rows": ndi.sobel(image, axis=0),
        "sobel_columns": ndi.sobel(image, axis=1),
        "prewitt_rows": ndi.prewitt(image, axis=0),
        "prewitt_columns": ndi.prewitt(image, axis=1),
        "emboss": ndi.correlate(image, [[2, 1, 0], [1, 1, -1], [0, -1, -2]]),
    }
    assert set(expected) == set(KERNELS)
    for name, filtered in expected.items():
        assert_close(convolve_valid(image, KERNELS[name]), filtered[1:-1, 1:-1], 4000)


def test_derivative_kernels_are_positive_where_the_image_brightens():
    downwards = np.arange(5)[:, np.newaxis] * np.ones((5, 5))
    for operator, gain in (("sobel", 8), ("prewitt", 6)):
        rows, columns = KERNELS[f"{operator}_rows"], KERNELS[f"{operator}_columns"]
        np.testing.assert_array_equal(convolve_valid(downwards, rows), np.full((3, 3), gain))
        np.testing.assert_array_equal(convolve_valid(downwards, columns), np.zeros((3, 3)))
        np.testing.assert_array_equal(convolve_valid(downwards.T, columns), np.full((3, 3), gain))


# --- films ---------------------------------------------------------------------------------------


def check_film(film):
    """Check everything on one film; the slow dense formulas on its middle."""
    middle = film[400:560, 300:480]
    for size in (9, 30):
        assert_close(box_blur(middle, size), dense_box_blur(middle, size), 1, 1e-9)
    assert_close(box_blur(film, 60), ndi.uniform_filter(film.astype(float), 60), 1, 1e-9)
    for kernel in KERNELS.values():
        dense = convolve2d(middle.astype(float), kernel, mode="valid")
        assert_close(convolve_valid(middle, kernel), dense, 4000)
    masked = filters.unsharp_mask(film.astype(float), radius=5, amount=1, preserve_range=True)
    assert_close(unsharp_mask(film, 5, 1), masked, 1000)
    expected = metrics.peak_signal_noise_ratio(film, film // 2, data_range=255)
    assert psnr(film // 2, film, 255) == pytest.approx(expected, abs=1e-9)


def test_the_phantom():
    check_film(phantom_film())


@pytest.mark.films
def test_the_nih_films():
    for film in nih_films():
        check_film(film)


# --- any integer dtype: nothing wraps, nothing is modified ---------------------------------------


@DETERMINISTIC
@given(image=integer_images())
@pytest.mark.parametrize("name", BLURS)
def test_integers_give_what_floats_give(name, image):
    before = image.copy()
    result = BLURS[name](image)
    np.testing.assert_array_equal(image, before)
    assert not np.shares_memory(result, image)
    assert_close(result, BLURS[name](image.astype(float)), largest(image))


@DETERMINISTIC
@given(image=integer_images(), size=st.integers(1, 12))
def test_no_blur_wraps(image, size):
    assert_close(box_blur(image, size), dense_box_blur(image, size), largest(image))


@DETERMINISTIC
@given(image=integer_images(), kernel=integer_images(), stride=st.integers(1, 3))
def test_no_convolution_wraps(image, kernel, stride):
    kernel = kernel[: image.shape[0], : image.shape[1]]
    before = image.copy(), kernel.copy()
    result = convolve_valid(image, kernel, stride)
    np.testing.assert_array_equal(image, before[0])
    np.testing.assert_array_equal(kernel, before[1])
    scale = largest(image) * largest(kernel) * kernel.size
    assert_close(result, convolve_in_loops(image, kernel, stride), scale)


@DETERMINISTIC
@given(image=integer_images(), data=st.data())
def test_no_comparison_wraps(image, data):
    reference = data.draw(st.permutations(image.ravel().tolist()))
    reference = np.array(reference, dtype=image.dtype).reshape(image.shape)
    squares = [(float(a) - float(b)) ** 2 for a, b in zip(image.flat, reference.flat, strict=True)]
    ratio = 10 ** (psnr(image, reference, 255) / 10)
    expected = 255**2 / (sum(squares) / image.size) if any(squares) else np.inf
    assert ratio == pytest.approx(expected, rel=1e-9)  # decibels back to a ratio costs some digits


@each_call
def test_any_memory_layout_gives_the_same(call):
    image = random_image(np.uint16, (20, 14))
    expected = call(np.ascontiguousarray(image))
    double = np.repeat(np.repeat(image, 2, axis=0), 2, axis=1)
    read_only = image.copy()
    read_only.setflags(write=False)
    for layout in (np.asfortranarray(image), double[::2, ::2], image.astype(">u2"), read_only):
        # Another order of the same additions may round the last digit differently.
        np.testing.assert_allclose(call(layout), expected, rtol=1e-13, atol=1e-8)
    np.testing.assert_allclose(call(image.tolist()), expected, rtol=1e-13, atol=1e-8)


# --- bad input -----------------------------------------------------------------------------------


@each_call
def test_bad_images_get_one_sentence(call):
    for bad, (image, error) in BAD_IMAGES.items():
        if bad == "colour" and call is CALLS["box_blur"]:
            assert call(image).shape == image.shape
            continue
        with pytest.raises(error, match=r"^image ") as caught:
            call(image)
        assert_one_sentence(caught)


def test_bad_kernels_and_references_get_one_sentence():
    film = random_image(np.uint8, (20, 14))
    for kernel, error in BAD_IMAGES.values():
        with pytest.raises(error, match=r"^kernel ") as caught:
            convolve_valid(film, kernel)
        assert_one_sentence(caught)
        with pytest.raises(error, match=r"^reference ") as caught:
            psnr(film, kernel, 255)
        assert_one_sentence(caught)


FILM = random_image(np.uint8, (6, 7))
BAD_CALLS = {
    "kernel too tall": (lambda: convolve_valid(FILM, np.ones((7, 1))), ValueError, "does not fit"),
    "kernel too wide": (lambda: convolve_valid(FILM, np.ones((1, 8))), ValueError, "does not fit"),
    "kernel empty": (lambda: convolve_valid(FILM, [[]]), ValueError, "kernel .* is empty"),
    "stride 0": (lambda: convolve_valid(FILM, [[1]], 0), ValueError, "stride is 0"),
    "stride 1.5": (lambda: convolve_valid(FILM, [[1]], 1.5), TypeError, "stride is 1.5"),
    "size 0": (lambda: box_blur(FILM, 0), ValueError, "size is 0"),
    "size negative": (lambda: box_blur(FILM, -3), ValueError, "size is -3"),
    "size 3.0": (lambda: box_blur(FILM, 3.0), TypeError, "size is 3.0"),
    "size NaN": (lambda: box_blur(FILM, np.nan), TypeError, "size is nan"),
    "huge size": (lambda: box_blur(FILM, 2**70), ValueError, "size is 1180591620717411303424; at"),
    "two sizes": (lambda: box_blur(FILM, (3, 3)), TypeError, r"size is \(3, 3\)"),
    "mode": (lambda: box_blur(FILM, 3, mode="symm"), ValueError, "mode is 'symm'; one of reflect,"),
    "modes": (lambda: box_blur(FILM, 3, mode=["wrap"]), ValueError, "mode is "),
    "amount NaN": (lambda: sharpen(FILM, np.nan), ValueError, "amount is nan"),
    "amount None": (lambda: unsharp_mask(FILM, 1, None), TypeError, "amount is None"),
    "sigma negative": (lambda: unsharp_mask(FILM, -1, 1), ValueError, "sigma is -1"),
    "sigma text": (lambda: unsharp_mask(FILM, "5", 1), TypeError, "sigma is '5'"),
    "shapes": (lambda: psnr(FILM, FILM.T, 255), ValueError, r"\(6, 7\), reference \(7, 6\)"),
    "data_range 0": (lambda: psnr(FILM, FILM, 0), ValueError, "data_range is 0"),
    "n 0": (lambda: output_size(0, 1), ValueError, "n is 0"),
    "f 0": (lambda: output_size(5, 0), ValueError, "f is 0"),
    "f 2.5": (lambda: output_size(5, 2.5), TypeError, "f is 2.5"),
    "f too large": (
        lambda: output_size(5, 8, padding=1),
        ValueError,
        "8 pixels does not fit into 7 pixels",
    ),
    "output stride 0": (lambda: output_size(5, 3, stride=0), ValueError, "stride is 0"),
    "padding negative": (lambda: output_size(5, 3, padding=-1), ValueError, "padding is -1"),
}


@pytest.mark.parametrize(("call", "error", "words"), BAD_CALLS.values(), ids=BAD_CALLS.keys())
def test_bad_arguments_get_one_sentence(call, error, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert_one_sentence(caught)


def test_every_public_function_is_tested_here():
    public = {
        name
        for name, thing in vars(convolution).items()
        if not name.startswith("_") and getattr(thing, "__module__", None) == convolution.__name__
    }
    assert public == {*CALLS, "output_size"}
