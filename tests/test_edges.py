"""helpers.edges against scikit-image, SciPy and cases worked by hand.

Canny is compared pixel for pixel, without any tolerance. Gradients differ from their oracles by
rounding alone: 1e-12 of the largest value is some thousand times float64's precision.
"""

import itertools

import numpy as np
import pytest
from samples import BAD_IMAGES, IMAGES, assert_one_sentence, nih_films, phantom_film, random_image
from scipy import ndimage as ndi
from skimage import feature, filters

from helpers import edges

SIGMAS = (0.5, 1.0, 1.7, 3.0, 4.0)
THRESHOLDS = ((0.1, 0.2), (0.02, 0.08), (0.0, 0.05), (0.15, 0.15))
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


@pytest.mark.parametrize("sigma", SIGMAS)
def test_canny_is_that_of_scikit_image_on_the_phantom(sigma):
    film = phantom_film()
    for low, high in THRESHOLDS[:2]:
        wanted = canny_of_scikit_image(film, sigma, low, high)
        assert wanted.any()
        assert np.array_equal(edges.canny(film, sigma, low, high), wanted)


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


@pytest.mark.parametrize("value", [0, 77])
def test_canny_finds_nothing_in_an_even_image(value):
    assert not edges.canny(np.full((20, 30), value, np.uint8), 1.0, 0.0, 0.0).any()


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
    assert set(edges.edge_scores(none, none).values()) == {1.0}
    assert set(edges.edge_scores(none, some).values()) == {0.0}
    assert set(edges.edge_scores(some, none).values()) == {0.0}


CALLS = {
    "gradient": edges.gradient,
    "laplacian_of_gaussian": lambda image: edges.laplacian_of_gaussian(image, 1.0),
    "zero_crossings": edges.zero_crossings,
    "canny": edges.canny,
}


@pytest.mark.parametrize("bad", BAD_IMAGES)
@pytest.mark.parametrize("name", CALLS)
def test_bad_images_get_one_sentence(name, bad):
    image, error = BAD_IMAGES[bad]
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
        (lambda: edges.gradient(STEP, "roberts"), ValueError),
        (lambda: edges.laplacian_of_gaussian(STEP, 0), ValueError),
        (lambda: edges.zero_crossings(STEP, threshold=-1), ValueError),
        (lambda: edges.edge_scores(line(3), line(3, (5, 6))), ValueError),
        (lambda: edges.edge_scores(line(3).astype(int), line(3)), TypeError),
        (lambda: edges.edge_scores(line(3), line(3), tolerance=-1), ValueError),
        (lambda: edges.edge_scores(np.zeros(3, bool), np.zeros(3, bool)), ValueError),
    ],
)
def test_bad_settings_get_one_sentence(call, error):
    with pytest.raises(error) as caught:
        call()
    assert_one_sentence(caught)
