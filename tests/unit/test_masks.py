"""helpers.masks against scikit-image, cases worked by hand, and the truth of the phantom."""

import numpy as np
import pytest
from scipy import ndimage as ndi
from skimage import filters, measure

from helpers import masks
from tests.unit.samples import BAD_IMAGES, IMAGES, assert_one_sentence, random_image

SQUARES = np.zeros((20, 30), dtype=bool)
SQUARES[2:6, 3:8] = SQUARES[10:18, 12:20] = SQUARES[6, 8] = True  # the dot touches by a corner


@pytest.mark.parametrize("image", IMAGES.values(), ids=IMAGES.keys())
def test_otsu_is_that_of_scikit_image(image):
    wanted = image.flat[0] if image.min() == image.max() else filters.threshold_otsu(image)
    # Both give one of the levels or the centre of a bin: equal but for the last bits of float32.
    assert masks.otsu_threshold(image) == pytest.approx(wanted, rel=1e-6)


def test_otsu_of_a_selection_is_that_of_its_pixels():
    image = random_image("uint8", (20, 30))
    assert masks.otsu_threshold(image[SQUARES]) == filters.threshold_otsu(image[SQUARES])


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_otsu_of_wide_and_of_offset_short_floats_is_that_of_float64(dtype):
    wide = np.array([[-6e4, -5e4, 5e4, 6e4, 65504.0 if dtype == np.float16 else 3e38]], dtype)
    offset = (1000 + random_image("float64", (12, 9)) / 100).astype(dtype)
    for image in (wide, offset):
        wanted = filters.threshold_otsu(image.astype(np.float64))
        assert masks.otsu_threshold(image) == pytest.approx(wanted, rel=1e-12)


def test_boundary_distance_by_hand():
    a = np.zeros((30, 40), dtype=bool)
    a[10:20, 10:30] = True
    assert masks.boundary_distance(a, a) == {"mean": 0, "hausdorff95": 0}
    # A pixel of either outline is one pixel from the other where the rim was cut off.
    thinner = masks.boundary_distance(a, ndi.binary_erosion(a))
    corner = (4 * np.sqrt(2) + 52 + 48) / (56 + 48)  # of the outer outline the corners are further
    assert thinner["mean"] == pytest.approx(corner)
    assert 1 <= thinner["hausdorff95"] <= np.sqrt(2)
    b = np.zeros_like(a)
    b[10:20, 13:33] = True
    moved = masks.boundary_distance(a, b)
    assert moved == masks.boundary_distance(b, a)
    assert moved["hausdorff95"] == 3
    none = np.zeros_like(a)
    assert masks.boundary_distance(none, none) == {"mean": 0, "hausdorff95": 0}
    assert masks.boundary_distance(a, none) == {"mean": np.inf, "hausdorff95": np.inf}


def test_boundary_distance_is_that_of_all_pairs_of_points():
    rng = np.random.default_rng(6)
    a, b = (ndi.gaussian_filter(rng.normal(size=(60, 50)), 4) > 0 for _ in range(2))
    outlines = [mask & ~ndi.binary_erosion(mask) for mask in (a, b)]
    points = [np.argwhere(outline) for outline in outlines]
    every = np.hypot(*(points[0][:, None] - points[1][None]).T)  # rows: of b, columns: of a
    there, back = every.min(axis=0), every.min(axis=1)
    found = masks.boundary_distance(a, b)
    assert found["mean"] == pytest.approx(np.concatenate([there, back]).mean())
    assert found["hausdorff95"] == pytest.approx(
        max(np.percentile(there, 95), np.percentile(back, 95))
    )


def test_otsu_of_floats_that_differ_in_their_last_digits():
    one, next_one = np.float32(1), np.nextafter(np.float32(1), np.float32(2))
    assert masks.otsu_threshold(np.array([[one, one, next_one]])) == one


def test_dice_by_hand():
    a, b = np.zeros((2, 4, 5), dtype=bool)
    assert masks.dice(a, b) == 1
    a[0, :4] = True
    assert masks.dice(a, b) == 0
    b[0, 2:5] = True
    assert masks.dice(a, b) == masks.dice(b, a) == pytest.approx(2 * 2 / (4 + 3))


def test_regions_are_those_of_scikit_image():
    image = random_image("uint8", SQUARES.shape)
    found = masks.regions(SQUARES, image)
    wanted = measure.regionprops(measure.label(SQUARES, connectivity=2), image)
    assert len(found) == len(wanted) == 2
    for row, region in zip(found, wanted, strict=True):
        assert (row["label"], row["area"]) == (region.label, region.area)
        assert row["bbox"] == region.bbox
        assert row["centroid"] == pytest.approx(region.centroid, abs=1e-9)
        assert row["intensity_mean"] == pytest.approx(region.intensity_mean, abs=1e-9)
    assert masks.regions(np.zeros((3, 4), dtype=bool)) == []


def test_bad_values_get_one_sentence():
    for name, (values, error) in BAD_IMAGES.items():
        if name == "one row of numbers":  # a selection of pixels, which is welcome
            assert masks.otsu_threshold(values) == filters.threshold_otsu(values)
            continue
        with pytest.raises(error, match=r"^values ") as caught:
            masks.otsu_threshold(values)
        assert_one_sentence(caught)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: masks.dice(SQUARES, SQUARES[1:]), ValueError),
        (lambda: masks.dice(SQUARES.astype(int), SQUARES), TypeError),
        (lambda: masks.regions(SQUARES, np.zeros((3, 3))), ValueError),
        (lambda: masks.regions(np.zeros(5, dtype=bool)), ValueError),
        (lambda: masks.regions([[True], [True, False]]), ValueError),
    ],
)
def test_bad_masks_get_one_sentence(call, error):
    with pytest.raises(error) as caught:
        call()
    assert_one_sentence(caught)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32", "float64"])
def test_otsu_gives_a_python_float(dtype):
    for image in (np.array([[1, 2, 2, 9]], dtype=dtype), np.full((2, 3), 7, dtype=dtype)):
        assert type(masks.otsu_threshold(image)) is float


@pytest.mark.parametrize("dtype", ["int64", "uint64"])
def test_otsu_of_long_integers_does_not_wrap(dtype):
    levels = np.repeat([0, 1, 6, 7], 3).reshape(3, 4)  # three times 7 * 2**60 is beyond 64 bits
    image = (levels * 2**60).astype(dtype)
    dark = image <= masks.otsu_threshold(image)
    assert np.array_equal(dark, levels <= 1)


def test_otsu_of_narrow_integers_does_not_wrap():
    levels = np.repeat([-128, -120, 100, 127], 50).reshape(10, 20)
    assert masks.otsu_threshold(levels.astype(np.int8)) == -120
    assert masks.otsu_threshold((levels + 128).astype(np.uint8)) == 8


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (SQUARES[:, 1:], ValueError),
        (SQUARES.T, ValueError),
        (SQUARES[None], ValueError),
        (SQUARES.ravel(), ValueError),
        (np.zeros((0, 30), dtype=bool), ValueError),
        (SQUARES.astype(np.uint8), TypeError),
        (SQUARES.astype(float), TypeError),
        (SQUARES.astype(object), TypeError),
        (None, TypeError),
    ],
)
def test_a_mask_of_wrong_shape_or_dtype_gets_one_sentence(bad, error):
    calls = [
        call
        for judge in (masks.dice, masks.boundary_distance)
        for call in (lambda j=judge: j(bad, SQUARES), lambda j=judge: j(SQUARES, bad))
    ]
    if np.ndim(bad) != 2 or np.size(bad) == 0 or error is TypeError:  # wrong by itself
        calls += [lambda: masks.regions(bad), lambda: masks.dice(bad, bad)]
    for call in calls:
        with pytest.raises(error) as caught:
            call()
        assert_one_sentence(caught)


def test_the_image_of_regions_has_to_fit():
    for image, error in (
        (np.zeros(SQUARES.shape[::-1]), ValueError),  # as many pixels, but lying
        (np.full(SQUARES.shape, np.nan), ValueError),
        (SQUARES, TypeError),
    ):
        with pytest.raises(error) as caught:
            masks.regions(SQUARES, image)
        assert_one_sentence(caught)


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (5, 1), (7, 8)])
def test_the_emptiest_and_the_fullest_mask(shape):
    full = np.ones(shape, dtype=bool)
    assert masks.regions(~full, np.zeros(shape)) == []
    (row,) = masks.regions(full, np.full(shape, 250, dtype=np.uint8))
    centre = tuple((n - 1) / 2 for n in shape)
    assert row == {
        "label": 1,
        "area": full.size,
        "centroid": centre,
        "bbox": (0, 0, *shape),
        "intensity_mean": 250.0,
    }
    numbers = (*row["centroid"], row["intensity_mean"])
    assert {type(number) for number in numbers} == {float}
    assert {type(number) for number in (row["label"], row["area"], *row["bbox"])} == {int}
