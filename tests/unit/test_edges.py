"""helpers.edges against scikit-image, SciPy and cases worked by hand.

Canny is compared pixel for pixel, without any tolerance. Gradients differ from their oracles by
rounding alone: 1e-12 of the largest value is some thousand times float64's precision.
"""

import itertools
import platform
from functools import cache

import numpy as np
import pytest
from scipy import ndimage as ndi
from skimage import feature, filters

from helpers import datasets, edges
from tests.unit.samples import (
    BAD_IMAGES,
    IMAGES,
    SHAPES,
    assert_one_sentence,
    nih_films,
    phantom_film,
    random_image,
)

SIGMAS = (0.5, 1.0, 1.7, 3.0, 4.0)
THRESHOLDS = ((0.1, 0.2), (0.02, 0.08), (0.0, 0.05), (0.15, 0.15))
SMALL_SHAPES = [(1, 1), (1, 5), (5, 1), (2, 2), (3, 3), (3, 7)]
STEP = np.repeat([[10.0] * 6 + [110.0] * 6], 9, axis=0)  # dark on the left, bright on the right


def close(found, wanted):
    """Check equality up to rounding."""
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12 * max(1, np.abs(wanted).max()))


def canny_of_scikit_image(image, sigma, low, high):
    """Call the oracle, which wants the thresholds of an integer image in its own levels."""
    top = np.iinfo(image.dtype).max if image.dtype.kind in "iu" else 1
    return feature.canny(image, sigma, low * top, high * top)


def unit(image):
    """Bring a float image to 0 to 1, where Canny's thresholds lie; leave integers alone."""
    return image / np.array(255, image.dtype) if image.dtype.kind == "f" else image


@pytest.mark.parametrize("image", IMAGES.values(), ids=IMAGES.keys())
@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.5])
def test_canny_is_that_of_scikit_image_on_random_images(image, sigma):
    image = unit(image)
    for low, high in THRESHOLDS:
        wanted = canny_of_scikit_image(image, sigma, low, high)
        assert np.array_equal(edges.canny(image, sigma, low, high), wanted)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
def test_random_images_hold_edges_to_compare(dtype):
    image = unit(random_image(dtype, (60, 80)))
    wanted = canny_of_scikit_image(image, 1.0, 0.1, 0.2)
    assert 0.02 < wanted.mean() < 0.5
    assert np.array_equal(edges.canny(image, 1.0, 0.1, 0.2), wanted)


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "uint32", "float16"])
def test_canny_is_that_of_scikit_image_for_every_dtype(dtype):
    noise = np.random.default_rng(3).uniform(-1, 1, (40, 50))
    image = noise * (np.iinfo(dtype).max if "int" in dtype else 1)
    image = (np.abs(image) if dtype[0] == "u" else image).astype(dtype)
    before = image.copy()
    for low, high in THRESHOLDS:
        wanted = canny_of_scikit_image(image, 1.0, low, high)
        assert wanted.mean() > 0.1
        assert np.array_equal(edges.canny(image, 1.0, low, high), wanted)
    assert np.array_equal(image, before)


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
@pytest.mark.parametrize("sigma", [0.01, 0.5])
def test_canny_decides_between_equally_strong_neighbours_as_scikit_image_does(sigma, dtype):
    # Four grey levels and hardly any blur: many neighbours differ in the last digit or not at all.
    levels = np.random.default_rng(4).integers(0, 4, (120, 160))
    image = (levels * 64).astype(dtype) if dtype == "uint8" else (levels / 4).astype(dtype)
    for low, high in (*THRESHOLDS, (0.5, 0.5)):
        wanted = canny_of_scikit_image(image, sigma, low, high)
        assert wanted.mean() > 0.2
        differing = np.sum(edges.canny(image, sigma, low, high) != wanted)
        # Compilers for other processors may round a product and a sum once instead of twice, which
        # changes the last digit of scikit-image's interpolation: imitated, 0.3 % of these edges.
        on_intel = platform.machine().lower() in ("x86_64", "amd64")
        assert differing <= (0 if on_intel else 0.01 * wanted.sum())


def test_canny_takes_the_lowest_signed_integer_for_minus_one():
    step = np.zeros((7, 8), dtype=np.int8)
    step[:, 4:] = -128  # -1.008 times the largest value; its gradient would be 4.03
    for threshold, is_an_edge in ((3.9, True), (4.01, False)):
        found = edges.canny(step, 0.01, threshold, threshold)
        assert np.array_equal(found, canny_of_scikit_image(step, 0.01, threshold, threshold))
        assert found.any() == is_an_edge


@pytest.mark.parametrize("dtype", ["int64", "uint64"])
def test_canny_divides_long_integers_by_their_largest_value_too(dtype):
    unit_image = np.random.default_rng(3).random((40, 50))  # scikit-image refuses 64 bits
    image = (unit_image * 2.0**62).astype(dtype)
    wanted = edges.canny(image / np.iinfo(dtype).max, 1.0, 0.05, 0.1)
    assert wanted.mean() > 0.1
    assert np.array_equal(edges.canny(image, 1.0, 0.05, 0.1), wanted)


@pytest.mark.parametrize("shape", [*SMALL_SHAPES, SHAPES["even"]])
def test_canny_of_an_image_smaller_than_the_gaussian(shape):
    image = random_image("float64", shape) / 255
    for sigma in (4.0, 30.0):  # 33 and 241 pixels wide
        wanted = canny_of_scikit_image(image, sigma, 0.0, 0.0)
        assert np.array_equal(edges.canny(image, sigma, 0.0, 0.0), wanted)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_canny_is_that_of_scikit_image_on_the_phantom(sigma):
    film = phantom_film()
    for low, high in THRESHOLDS[:2]:
        wanted = canny_of_scikit_image(film, sigma, low, high)
        assert wanted.any()
        assert np.array_equal(edges.canny(film, sigma, low, high), wanted)


@pytest.mark.films
def test_canny_is_that_of_scikit_image_on_the_nih_films():
    for film, sigma in zip(nih_films(), SIGMAS * 2, strict=False):
        for image in (film, film / 255):
            wanted = canny_of_scikit_image(image, sigma, 0.05, 0.1)
            assert wanted.any()
            assert np.array_equal(edges.canny(image, sigma, 0.05, 0.1), wanted)


def test_canny_marks_a_step_once_and_nothing_else():
    climb = STEP.copy()
    climb[:, 6] = 60  # the middle of the climb lies on a pixel, not between two
    found = edges.canny(climb / 255, sigma=1.0, low=0.1, high=0.2)
    assert found[1:-1, 6].all()
    assert np.delete(found, 6, axis=1).sum() == 0


@pytest.mark.parametrize("shape", [(20, 30), *SMALL_SHAPES])
@pytest.mark.parametrize("value", [0, 77, -3, 0.3, 1e-30])
def test_even_images_have_no_edges(value, shape):
    image = np.full(shape, value)
    for operator in ("sobel", "prewitt", "gaussian"):
        assert not edges.gradient(image, operator)[0].any()
    laplacian = edges.laplacian_of_gaussian(image, 1.5)
    # SciPy's kernel, sampled and cut off, sums to -2e-4 and not to 0.
    np.testing.assert_allclose(laplacian, 0, atol=2e-4 * abs(value))
    assert not edges.zero_crossings(laplacian).any()
    assert not edges.zero_crossings(image).any()
    assert not edges.canny(image, 1.0, 0.0, 0.0).any()


def test_thresholds_include_their_own_value():
    flank = np.zeros((7, 8))
    # So narrow a Gaussian does nothing, except that scikit-image divides by 1 + epsilon: then the
    # gradient is exactly 1 / 8 on the two columns beside the step.
    flank[:, 4:] = (1 + np.finfo(float).eps) / 32
    found = edges.canny(flank, 0.01, low=0.125, high=0.125)
    assert np.array_equal(found, canny_of_scikit_image(flank, 0.01, 0.125, 0.125))
    assert np.argwhere(found.any(axis=0)).ravel().tolist() == [3, 4]
    assert not edges.canny(flank, 0.01, low=0.125, high=0.12501).any()
    assert not edges.canny(flank, 0.01, low=0.12501, high=0.12501).any()
    # scikit-image rounds the lower threshold to float32, 0.1 to 0.1000000015.
    flank *= 0.8 * (1 + 5e-9)
    assert not canny_of_scikit_image(flank, 0.01, 0.1, 0.1).any()
    assert not edges.canny(flank, 0.01, low=0.1, high=0.1).any()
    assert edges.canny(flank * (1 + 2e-8), 0.01, low=0.1, high=0.1).any()


@pytest.mark.parametrize("image", IMAGES.values(), ids=IMAGES.keys())
def test_gradients_are_those_of_scikit_image_and_scipy(image):
    values = image.astype(float)
    oracles = {
        "sobel": filters.sobel(values, mode="reflect") * 4 * np.sqrt(2),
        "prewitt": filters.prewitt(values, mode="reflect") * 3 * np.sqrt(2),
        "gaussian": ndi.gaussian_gradient_magnitude(values, 1.5),
    }
    for operator, wanted in oracles.items():
        close(edges.gradient(image, operator, sigma=1.5)[0], wanted)


@pytest.mark.parametrize("shape", [*SMALL_SHAPES, SHAPES["even"]])
def test_beyond_the_border_the_image_is_mirrored_however_small_it_is(shape):
    image, sigma = random_image("float64", shape), 2.5
    reach = 12  # of the kernels, in pixels; the mirrored copies fill it several times over
    inside = tuple(slice(reach, -reach) for _ in shape)
    mirrored = np.pad(image, reach, mode="symmetric")
    for operator in ("sobel", "prewitt", "gaussian"):
        wanted = edges.gradient(mirrored, operator, sigma)[0]
        close(edges.gradient(image, operator, sigma)[0], wanted[inside])
    wanted = sum(ndi.gaussian_filter(mirrored, sigma, order) for order in ((2, 0), (0, 2)))
    close(edges.laplacian_of_gaussian(image, sigma), wanted[inside])


@pytest.mark.parametrize(("operator", "slope"), [("sobel", 8), ("prewitt", 6), ("gaussian", 1)])
def test_gradient_of_a_ramp(operator, slope):
    down, right = np.mgrid[:30, :30]
    for ramp, angle in ((right, 0), (down, np.pi / 2), (-down, -np.pi / 2), (-right, np.pi)):
        magnitude, direction = edges.gradient(ramp, operator, sigma=1.0)
        # SciPy cuts the Gaussian off at four sigma, which takes 7e-5 of the slope away.
        np.testing.assert_allclose(magnitude[10:20, 10:20], slope, rtol=1e-4)
        np.testing.assert_allclose(np.abs(direction[10:20, 10:20]), abs(angle), atol=1e-6)
        if 0 < abs(angle) < 3:
            np.testing.assert_allclose(direction[10:20, 10:20], angle, atol=1e-6)


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int64"])
def test_integers_give_what_floats_give(dtype):
    image = (
        random_image(dtype, (20, 30)) if dtype[0] == "u" else np.arange(600).reshape(20, 30) % 99
    )
    image = image.astype(dtype)
    before = image.copy()
    for function in (edges.gradient, lambda each: [edges.laplacian_of_gaussian(each, 1.2)]):
        close(function(image)[0], function(image.astype(float))[0])
    assert np.array_equal(image, before)


def test_laplacian_of_gaussian_is_that_of_the_formula():
    reach, sigma = 12, 2.0
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    bell = np.exp(-(x**2 + y**2) / (2 * sigma**2)) / (2 * np.pi * sigma**2)
    kernel = (x**2 + y**2 - 2 * sigma**2) / sigma**4 * bell
    image = random_image("uint8", (50, 60)).astype(float)
    found = edges.laplacian_of_gaussian(ndi.gaussian_filter(image, 3), sigma)
    wanted = ndi.convolve(ndi.gaussian_filter(image, 3), kernel, mode="reflect")
    # SciPy samples the second derivative of a Gaussian cut off at four sigma: 2 % of the largest.
    np.testing.assert_allclose(found, wanted, atol=0.02 * np.abs(wanted).max())


def test_zero_crossings_by_hand():
    signed = np.array([[5.0, 2.0, -3.0, -4.0], [5.0, 0.0, -1.0, -1.0], [4.0, 4.0, 4.0, 4.0]])
    wanted = np.array([[0, 1, 0, 0], [0, 1, 1, 1], [0, 0, 0, 0]], dtype=bool)
    assert np.array_equal(edges.zero_crossings(signed), wanted)
    assert not edges.zero_crossings(signed, threshold=9).any()
    assert not edges.zero_crossings(np.zeros((4, 5))).any()
    assert not edges.zero_crossings(np.array([[4.0, 0.0, 4.0]])).any()  # it touches zero only


def test_zero_crossings_in_whichever_direction():
    rng = np.random.default_rng(8)
    signed = rng.integers(-2, 3, (30, 40))  # zeros and equal distances from zero among them
    found = edges.zero_crossings(signed)
    assert 0.2 < found.mean() < 0.8
    assert np.array_equal(edges.zero_crossings(signed.T), found.T)
    # Of two pixels equally near to zero the first one counts, so a mirror image differs there.
    odd = signed + rng.uniform(0.1, 0.2, signed.shape)
    assert np.array_equal(edges.zero_crossings(odd[::-1]), edges.zero_crossings(odd)[::-1])
    assert np.array_equal(edges.zero_crossings(-odd), edges.zero_crossings(odd))


@pytest.mark.parametrize("shape", SMALL_SHAPES)
def test_zero_crossings_of_the_smallest_images(shape):
    signs = np.where(np.indices(shape).sum(axis=0) % 2, -1, 1).astype(np.int8)  # a chessboard
    rows, columns = shape
    # Of each pair the upper or left pixel counts: all but the last pixel have a partner after them.
    wanted = np.ones(shape, dtype=bool)
    wanted[-1, -1] = False
    assert np.array_equal(edges.zero_crossings(signs), wanted)
    assert not edges.zero_crossings(np.ones((rows, columns), dtype=np.uint8)).any()


def test_zero_crossings_must_exceed_the_threshold_and_rounding():
    signed = np.array([[3, -5, 0, 4]], dtype=np.int8)
    before = signed.copy()
    jumps = [edges.zero_crossings(signed, threshold)[0].tolist() for threshold in (7.9, 8, 9)]
    assert jumps == [[1, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert np.array_equal(signed, before)
    for largest in (1e-6, 1, 1e6):
        for tiny, is_an_edge in ((1e-9, True), (1e-11, False)):
            found = edges.zero_crossings(largest * np.array([[1, tiny, -tiny]]))
            assert found.any() == is_an_edge


def test_zero_crossings_of_small_integers_do_not_wrap():
    signed = np.array([[16, -16, 100, -100]], dtype=np.int8)  # 16 * 16 is 0 in 8 bits
    assert edges.zero_crossings(signed, 150).tolist() == [[False, False, True, False]]
    assert edges.zero_crossings(signed, 31).tolist() == [[True, True, True, False]]


@pytest.mark.parametrize("size", [1e-200, 1e300])
def test_zero_crossings_of_tiny_and_huge_numbers(size):
    values = size * np.array([[3.0, -1.0, -2.0, 1.5e7]])
    np.testing.assert_array_equal(edges.zero_crossings(values), [[False, True, True, False]])


def test_the_defaults_are_those_of_the_course():
    """A default that changes would change every map that a reader makes without naming it."""
    film = phantom_film()[::4, ::4]
    for ours, named in (
        (edges.canny(film), edges.canny(film, sigma=1.0, low=0.1, high=0.2)),
        (edges.gradient(film), edges.gradient(film, "sobel", sigma=1.0)),
        (edges.gradient(film, "gaussian"), edges.gradient(film, "gaussian", sigma=1.0)),
    ):
        np.testing.assert_array_equal(ours, named)
    assert edges.edge_scores(line(3), line(5))["f1"] == 1
    assert edges.edge_scores(line(3), line(6))["f1"] == 0


def test_zero_crossings_run_along_a_step():
    crossing = edges.zero_crossings(edges.laplacian_of_gaussian(STEP, 1.0), threshold=1.0)
    assert crossing.sum(axis=1).tolist() == [1] * 9
    assert set(np.nonzero(crossing)[1].tolist()) <= {5, 6}


def line(column, shape=(20, 40)):
    """Return an edge map with one standing line."""
    marks = np.zeros(shape, dtype=bool)
    marks[:, column] = True
    return marks


def test_a_perfect_map_scores_one():
    scores = edges.edge_scores(line(7), line(7))
    assert scores == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "pratt": 1.0}


@cache
def true_edge_map():
    """Read the true edges of the fifth film."""
    return datasets.load("phantom").truth["edges"][4]


def true_edges(down=0, right=0):
    """Cut out the middle of the true edge map, moved so far down and to the right."""
    return true_edge_map()[300 - down : 700 - down, 300 - right : 700 - right]


def test_every_perfect_map_scores_one():
    lone = np.zeros((5, 6), dtype=bool)
    lone[0, 5] = True
    for truth in (true_edges(), lone, np.ones((5, 6), dtype=bool), np.ones((1, 1), dtype=bool)):
        for tolerance in (0, 0.5, 20):
            assert set(edges.edge_scores(truth, truth, tolerance).values()) == {1.0}


@pytest.mark.parametrize("direction", [(1, 0), (0, 1), (-1, 0), (0, -1), (1, 1)])
def test_scores_of_true_edges_fall_with_a_growing_shift(direction):
    truth = true_edges()
    assert 0.01 < truth.mean() < 0.1
    # Four pixels on, an edge may already meet its neighbour, the other side of a thin line.
    shifts = [tuple(n * step for step in direction) for n in range(4)]
    scores = [edges.edge_scores(true_edges(*shift), truth, tolerance=1) for shift in shifts]
    for name in ("precision", "recall", "f1"):
        values = [each[name] for each in scores]
        assert values == sorted(values, reverse=True), name
        assert values[0] == 1 > 0.7 > values[-1]
    pratt = [each["pratt"] for each in scores]
    assert pratt[0] == 1
    assert all(near > far for near, far in itertools.pairwise(pratt))


def pixels(*positions):
    """Return a small edge map with these pixels."""
    marks = np.zeros((9, 9), dtype=bool)
    marks[tuple(np.transpose(positions))] = True
    return marks


@pytest.mark.parametrize(
    ("detected", "truth", "pratt"),
    [
        # distances as the crow flies: the square root of 2, and 5 from 3 down and 4 to the right
        (pixels((1, 1)), pixels((2, 2)), 1 / (1 + 2 / 9)),
        (pixels((1, 1)), pixels((4, 5)), 1 / (1 + 25 / 9)),
        # the nearest true pixel counts, whichever it is
        (pixels((4, 4)), pixels((4, 7), (6, 4)), 9 / 13 / 2),
        # one hit, one pixel 3 away, one 6 away
        (pixels((0, 0), (3, 0), (6, 0)), pixels((0, 0)), (1 + 1 / 2 + 1 / 5) / 3),
        # a true line of three columns found as its middle one, and the other way round
        (line(7), line(6) | line(7) | line(8), 1 / 3),
        (line(6) | line(7) | line(8), line(7), (1 + 2 * 0.9) / 3),
        # a broken line: 15 pixels of 20, and 5 of them one column off
        (np.roll(line(7), 1, axis=1) & (np.arange(20)[:, None] < 5), line(7), 5 * 0.9 / 20),
        # a false line beside a true one that was found: 20 hits, 20 pixels 6 away
        (line(7) | line(13), line(7), (20 + 20 * 0.2) / 40),
    ],
)
def test_pratt_by_hand(detected, truth, pratt):
    assert edges.edge_scores(detected, truth)["pratt"] == pytest.approx(pratt, abs=1e-12)
    for turn in (np.transpose, np.flipud, np.fliplr):
        turned = edges.edge_scores(turn(detected), turn(truth))["pratt"]
        assert turned == pytest.approx(pratt, abs=1e-12)


def test_the_tolerance_is_a_distance_and_counts_itself():
    diagonal = pixels((1, 1)), pixels((2, 2))
    for tolerance, f1 in ((0, 0), (1.41, 0), (1.42, 1)):
        assert edges.edge_scores(*diagonal, tolerance)["f1"] == f1
    below = pixels((1, 1)), pixels((4, 5))
    for tolerance, f1 in ((4.999, 0), (5, 1)):
        assert edges.edge_scores(*below, tolerance)["f1"] == f1


def test_without_tolerance_the_scores_count_common_pixels():
    rng = np.random.default_rng(6)
    detected, truth = rng.random((40, 50)) < 0.3, rng.random((40, 50)) < 0.2
    before = detected.copy(), truth.copy()
    scores = edges.edge_scores(detected, truth, tolerance=0)
    common = np.sum(detected & truth)
    assert scores["precision"] == pytest.approx(common / detected.sum(), abs=1e-15)
    assert scores["recall"] == pytest.approx(common / truth.sum(), abs=1e-15)
    # the harmonic mean is Dice's coefficient then
    dice = 2 * common / (detected.sum() + truth.sum())
    assert scores["f1"] == pytest.approx(dice, abs=1e-15)
    assert {type(score) for score in scores.values()} == {float}
    assert np.array_equal(detected, before[0])
    assert np.array_equal(truth, before[1])


@pytest.mark.parametrize(("shift", "pratt"), [(1, 0.9), (2, 9 / 13), (3, 0.5), (6, 0.2)])
def test_pratt_of_a_shifted_line_by_hand(shift, pratt):
    assert edges.edge_scores(line(7 + shift), line(7))["pratt"] == pytest.approx(pratt, abs=1e-12)


def test_pratt_counts_what_is_missing_and_what_is_too_much():
    half = line(7)
    half[10:] = False
    assert edges.edge_scores(half, line(7))["pratt"] == pytest.approx(0.5)
    both = line(7) | line(10)
    assert edges.edge_scores(both, line(7))["pratt"] == pytest.approx((1 + 0.5) / 2)


def test_precision_and_recall_by_hand():
    detected = line(7) | line(20)
    scores = edges.edge_scores(detected, line(9), tolerance=2)
    assert (scores["precision"], scores["recall"]) == (0.5, 1.0)
    assert scores["f1"] == pytest.approx(2 / 3)
    assert edges.edge_scores(detected, line(9), tolerance=1.9)["f1"] == 0.0


def test_scores_are_symmetric_where_they_must_be():
    rng = np.random.default_rng(5)
    a, b = rng.random((2, 40, 50)) < 0.03
    there, back = edges.edge_scores(a, b), edges.edge_scores(b, a)
    assert there["precision"] == back["recall"]
    assert there["recall"] == back["precision"]
    assert there["f1"] == pytest.approx(back["f1"], abs=1e-15)


def test_scores_fall_with_a_growing_shift():
    scores = [edges.edge_scores(line(7 + shift), line(7), 2.0) for shift in range(8)]
    pratt = [each["pratt"] for each in scores]
    assert all(a > b for a, b in itertools.pairwise(pratt))
    f1 = [each["f1"] for each in scores]
    assert f1 == [1, 1, 1, 0, 0, 0, 0, 0]


def test_empty_maps():
    none, some = np.zeros((5, 6), dtype=bool), line(2, (5, 6))
    names = ("precision", "recall", "f1", "pratt")
    assert edges.edge_scores(none, none) == dict.fromkeys(names, 1.0)
    assert edges.edge_scores(none, some) == dict.fromkeys(names, 0.0)
    assert edges.edge_scores(some, none) == dict.fromkeys(names, 0.0)


CALLS = {
    "gradient": edges.gradient,
    "laplacian_of_gaussian": lambda image: edges.laplacian_of_gaussian(image, 1.0),
    "zero_crossings": edges.zero_crossings,
    "canny": edges.canny,
}


@pytest.mark.parametrize("name", CALLS)
def test_bad_images_get_one_sentence(name):
    for image, error in BAD_IMAGES.values():
        with pytest.raises(error) as caught:
            CALLS[name](image)
        assert_one_sentence(caught)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: edges.canny(STEP, low=0.3, high=0.2), ValueError),
        (lambda: edges.canny(STEP, low=-0.1), ValueError),
        (lambda: edges.canny(STEP, sigma=0), ValueError),
        (lambda: edges.canny(STEP, sigma="1"), TypeError),
        (lambda: edges.gradient(STEP, "gaussian", sigma=-1), ValueError),
        (lambda: edges.gradient(STEP, "gaussian", sigma=0.4), ValueError),
        (lambda: edges.laplacian_of_gaussian(STEP, 0.4), ValueError),
        (lambda: edges.gradient(STEP, "roberts"), ValueError),
        (lambda: edges.laplacian_of_gaussian(STEP, 0), ValueError),
        (lambda: edges.zero_crossings(STEP, threshold=-1), ValueError),
        (lambda: edges.edge_scores(line(3), line(3, (5, 6))), ValueError),
        (lambda: edges.edge_scores(line(3).astype(int), line(3)), TypeError),
        (lambda: edges.edge_scores(line(3), line(3), tolerance=-1), ValueError),
        (lambda: edges.edge_scores(np.zeros(3, bool), np.zeros(3, bool)), ValueError),
        (lambda: edges.edge_scores(np.zeros((0, 4), bool), np.zeros((0, 4), bool)), ValueError),
        (lambda: edges.canny(STEP, low=0.2, high=0), ValueError),
        (lambda: edges.canny(STEP, high=-0.1), ValueError),
        (lambda: edges.canny(STEP, low=np.nan), ValueError),
        (lambda: edges.canny(STEP, high=np.inf), ValueError),
        (lambda: edges.canny(STEP, low=None), TypeError),
        (lambda: edges.canny(STEP, high="0.2"), TypeError),
        (lambda: edges.canny(STEP, sigma=np.nan), ValueError),
        (lambda: edges.canny(STEP, sigma=(1, 2)), TypeError),
        (lambda: edges.gradient(STEP, "sobel", sigma=0), ValueError),
        (lambda: edges.gradient(STEP, None), ValueError),
        (lambda: edges.laplacian_of_gaussian(STEP, np.inf), ValueError),
        (lambda: edges.laplacian_of_gaussian(STEP, True), TypeError),
        (lambda: edges.zero_crossings(STEP, threshold=np.nan), ValueError),
        (lambda: edges.zero_crossings(STEP, threshold="1"), TypeError),
        (lambda: edges.edge_scores(line(3), line(3), tolerance=np.nan), ValueError),
        (lambda: edges.edge_scores(line(3), line(3), tolerance=None), TypeError),
    ],
)
def test_bad_settings_get_one_sentence(call, error):
    with pytest.raises(error) as caught:
        call()
    assert_one_sentence(caught)


@pytest.mark.parametrize("which", ["detected", "truth"])
@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (line(3).T, ValueError),
        (line(3)[:-1], ValueError),
        (line(3)[None], ValueError),
        (np.stack([line(3)] * 3, axis=-1), ValueError),
        (line(3).ravel(), ValueError),
        (np.zeros((0, 40), dtype=bool), ValueError),
        (line(3).astype(np.uint8), TypeError),
        (line(3).astype(float), TypeError),
        (line(3).astype(object), TypeError),
        (None, TypeError),
        (True, ValueError),
    ],
)
def test_bad_edge_maps_get_one_sentence(which, bad, error):
    maps = {"detected": line(3), "truth": line(3), which: bad}
    with pytest.raises(error) as caught:
        edges.edge_scores(**maps)
    assert_one_sentence(caught)
