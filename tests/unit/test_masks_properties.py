"""What holds for every image and every mask: Otsu's threshold, Dice's coefficient, regions.

Hypothesis draws small images and masks, the same ones in every run, and looks for one that breaks
the rule. Where a result is compared up to rounding, 1e-12 is some thousand times float64's
precision.
"""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage as ndi
from skimage import filters, measure

from helpers import masks
from tests.unit.samples import DETERMINISTIC, integer_images

SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, max_side=9)
MASKS = hnp.arrays(bool, SHAPES)
TWO_MASKS = SHAPES.flatmap(lambda shape: st.tuples(*[hnp.arrays(bool, shape)] * 2))
# Values that 8 and 16 bits hold, with and without sign, in every integer dtype that has room.
LEVELS = integer_images(least=-(2**15), most=2**16 - 1)
FEW_LEVELS = hnp.arrays(np.int16, SHAPES, elements=st.integers(0, 5))  # ties and equal pixels
FLOATS = hnp.arrays(np.float64, SHAPES, elements=st.integers(-(2**20), 2**20).map(lambda n: n / 64))
turns = st.sampled_from([np.transpose, np.flipud, np.fliplr, np.rot90])


def variance_between(image, threshold):
    """Compute the variance between the two classes exactly, times the squared number of pixels."""
    values = [int(value) for value in image.ravel()]
    bright = [value for value in values if value > threshold]
    dark = len(values) - len(bright)
    if not dark or not bright:
        return Fraction(0)
    apart = (sum(values) - sum(bright)) * len(bright) - sum(bright) * dark
    return Fraction(apart**2, dark * len(bright))


@DETERMINISTIC
@given(LEVELS | FEW_LEVELS)
def test_otsu_leaves_no_better_threshold(image):
    threshold = masks.otsu_threshold(image)
    assert threshold in image
    best = max(variance_between(image, level) for level in np.unique(image))
    assert variance_between(image, threshold) == best


@DETERMINISTIC
@given(LEVELS | FEW_LEVELS)
def test_otsu_of_integers_is_that_of_scikit_image(image):
    assume(image.min() < image.max())
    found = masks.otsu_threshold(image)
    wanted = filters.threshold_otsu(image.astype(np.int64))  # older ones refuse uint64
    # Where two thresholds are exactly as good, rounding decides which one either of them gives.
    assert found == wanted or variance_between(image, found) == variance_between(image, wanted)


@DETERMINISTIC
@given(FLOATS)
def test_otsu_of_floats_is_that_of_scikit_image(image):
    assume(image.min() < image.max())
    found, wanted = masks.otsu_threshold(image), filters.threshold_otsu(image)
    width = np.ptp(image) / 256
    bins = [round((each - image.min()) / width - 0.5) for each in (found, wanted)]
    for each, number in zip((found, wanted), bins, strict=True):
        assert each == pytest.approx(image.min() + (number + 0.5) * width, rel=1e-9)
    if found != pytest.approx(wanted, rel=1e-12):  # two bins that are exactly as good
        binned = np.minimum((image - image.min()) / width, 255).astype(int)
        assert variance_between(binned, bins[0]) == variance_between(binned, bins[1])


@DETERMINISTIC
@given(LEVELS | FEW_LEVELS | FLOATS)
def test_otsu_separates_two_classes_that_are_not_empty(image):
    threshold = masks.otsu_threshold(image)
    assert image.min() <= threshold <= image.max()
    assert (image <= threshold).any()
    assert (image > threshold).any() == (image.min() < image.max())


@DETERMINISTIC
@given(LEVELS | FEW_LEVELS, st.integers(-1000, 1000))
def test_otsu_follows_a_constant_that_is_added(image, constant):
    moved = image.astype(np.int64) + constant
    threshold = masks.otsu_threshold(moved) - constant
    assert variance_between(image, threshold) == variance_between(
        image, masks.otsu_threshold(image)
    )


@DETERMINISTIC
@given(FLOATS, st.integers(-1000, 1000))
def test_otsu_of_floats_follows_a_constant_that_is_added(image, constant):
    moved = masks.otsu_threshold(image + constant)
    assert moved == pytest.approx(masks.otsu_threshold(image) + constant, abs=1e-9)


@DETERMINISTIC
@given(LEVELS | FEW_LEVELS | FLOATS, st.randoms(use_true_random=False), turns)
def test_otsu_does_not_care_where_the_pixels_are(image, random, turn):
    shuffled = image.ravel().tolist()
    random.shuffle(shuffled)
    shuffled = np.array(shuffled, dtype=image.dtype).reshape(image.shape)
    before = image.copy()
    assert masks.otsu_threshold(image) == masks.otsu_threshold(shuffled)
    assert masks.otsu_threshold(image) == masks.otsu_threshold(turn(image))
    assert np.array_equal(image, before)


@DETERMINISTIC
@given(TWO_MASKS, turns)
def test_dice_counts_common_pixels(pair, turn):
    a, b = pair
    pixels = [set(map(tuple, np.argwhere(mask).tolist())) for mask in pair]
    total = len(pixels[0]) + len(pixels[1])
    score = masks.dice(a, b)
    assert type(score) is float
    assert score == (2 * len(pixels[0] & pixels[1]) / total if total else 1)
    assert 0 <= score <= 1
    assert (score == 1) == np.array_equal(a, b)
    assert (score == 0) == (total > 0 and not (a & b).any())
    assert masks.dice(b, a) == score
    assert masks.dice(turn(a), turn(b)) == score


@DETERMINISTIC
@given(MASKS)
def test_dice_of_a_mask_with_itself_and_with_all_it_is_not(mask):
    before = mask.copy()
    assert masks.dice(mask, mask) == masks.dice(mask, mask.copy()) == 1
    assert masks.dice(mask, ~mask) == 0
    assert np.array_equal(mask, before)


@DETERMINISTIC
@given(TWO_MASKS, st.data())
def test_dice_grows_with_every_pixel_put_right(pair, data):
    a, b = pair
    wrong = np.argwhere(a != b).tolist()
    assume(wrong)
    right = a.copy()
    right[tuple(data.draw(st.sampled_from(wrong)))] ^= True
    # Where they have nothing in common, taking a false pixel away leaves the score at 0.
    better, worse = masks.dice(right, b), masks.dice(a, b)
    assert better > worse or (better == worse == 0 and not (a & b).any())


@DETERMINISTIC
@given(MASKS, st.integers(0, 2**32 - 1))
def test_regions_are_those_of_scikit_image(mask, seed):
    image = np.random.default_rng(seed).integers(-99, 100, mask.shape)
    found = masks.regions(mask, image)
    wanted = measure.regionprops(measure.label(mask, connectivity=2), image)
    assert [row["label"] for row in found] == list(range(1, len(wanted) + 1))
    for row, region in zip(found, wanted, strict=True):
        assert row["area"] == region.area
        assert row["bbox"] == region.bbox
        assert row["centroid"] == pytest.approx(region.centroid, abs=1e-12)
        assert row["intensity_mean"] == pytest.approx(region.intensity_mean, abs=1e-12)
    without_image = [{k: v for k, v in row.items() if k != "intensity_mean"} for row in found]
    assert masks.regions(mask) == without_image


@DETERMINISTIC
@given(MASKS, st.integers(0, 2**32 - 1))
def test_regions_share_out_the_whole_mask(mask, seed):
    image = np.random.default_rng(seed).integers(0, 256, mask.shape, dtype=np.uint8)
    before = mask.copy(), image.copy()
    rows = masks.regions(mask, image)
    assert sum(row["area"] for row in rows) == mask.sum()
    assert sum(row["area"] * row["intensity_mean"] for row in rows) == pytest.approx(
        image[mask].sum(dtype=int)
    )
    for axis, positions in enumerate(np.nonzero(mask)):
        weighted = sum(row["area"] * row["centroid"][axis] for row in rows)
        assert weighted == pytest.approx(positions.sum())
    assert np.array_equal(mask, before[0])
    assert np.array_equal(image, before[1])


@DETERMINISTIC
@given(MASKS)
def test_the_box_of_a_region_fits_and_their_order_is_that_of_the_rows(mask):
    first_pixels = []
    for row in masks.regions(mask):
        top, left, bottom, right = row["bbox"]
        assert {type(number) for number in (row["label"], row["area"], *row["bbox"])} == {int}
        assert top <= row["centroid"][0] <= bottom - 1
        assert left <= row["centroid"][1] <= right - 1
        assert row["area"] <= (bottom - top) * (right - left)
        # Other regions reach into the box; its own one is that of this area which fills the box.
        labels, count = ndi.label(mask[top:bottom, left:right], np.ones((3, 3)))
        own = [
            part
            for part in (labels == number for number in range(1, count + 1))
            if part.sum() == row["area"]
            and all(side.any() for side in (part[0], part[-1], part[:, 0], part[:, -1]))
        ]
        assert len(own) == 1
        first_pixels.append((top, left + int(np.argmax(own[0][0]))))
    assert first_pixels == sorted(first_pixels)


@DETERMINISTIC
@given(MASKS, st.integers(0, 3), st.integers(0, 3))
def test_regions_move_with_the_mask(mask, down, right):
    moved = masks.regions(np.pad(mask, ((down, 1), (right, 2))))
    for row, there in zip(masks.regions(mask), moved, strict=True):
        assert there["area"] == row["area"]
        shift = (down, right, down, right)
        assert there["bbox"] == tuple(a + b for a, b in zip(row["bbox"], shift, strict=True))
        wanted = tuple(a + b for a, b in zip(row["centroid"], shift[:2], strict=True))
        assert there["centroid"] == pytest.approx(wanted, abs=1e-12)
