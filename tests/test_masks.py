"""helpers.masks against scikit-image, cases worked by hand, and the truth of the phantom."""

import numpy as np
import pytest
from samples import BAD_IMAGES, IMAGES, assert_one_sentence, nih_films, random_image
from skimage import filters, measure

from helpers import datasets, masks

SQUARES = np.zeros((20, 30), dtype=bool)
SQUARES[2:6, 3:8] = SQUARES[10:18, 12:20] = SQUARES[6, 8] = True  # the dot touches by a corner


@pytest.mark.parametrize("image", IMAGES.values(), ids=IMAGES.keys())
def test_otsu_is_that_of_scikit_image(image):
    wanted = image.flat[0] if image.min() == image.max() else filters.threshold_otsu(image)
    # Both give one of the levels or the centre of a bin: equal but for the last bits of float32.
    assert masks.otsu_threshold(image) == pytest.approx(wanted, rel=1e-6)


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


def test_lung_field_agrees_with_the_truth_of_the_phantom():
    phantom = datasets.load("phantom")
    scores = [
        masks.dice(masks.lung_field(film), truth)
        for film, truth in zip(phantom.frames, phantom.truth["lung_field"], strict=True)
    ]
    assert np.mean(scores) > 0.93
    assert min(scores) > 0.92


def test_lung_field_of_a_real_film_is_two_large_parts_on_either_side():
    for film in nih_films():
        lungs = masks.lung_field(film)
        rows = [row for row in masks.regions(lungs) if row["area"] > 0.02 * film.size]
        assert len(rows) == 2
        left, right = sorted(row["centroid"][1] / film.shape[1] for row in rows)
        assert 0.1 < left < 0.5 < right < 0.9
        assert 0.15 < lungs.mean() < 0.45


@pytest.mark.parametrize("value", [0, 200])
def test_lung_field_of_an_even_image_is_empty(value):
    assert not masks.lung_field(np.full((300, 280), value, dtype=np.uint8)).any()


@pytest.mark.parametrize("bad", BAD_IMAGES)
@pytest.mark.parametrize("function", [masks.otsu_threshold, masks.lung_field])
def test_bad_images_get_one_sentence(function, bad):
    image, error = BAD_IMAGES[bad]
    with pytest.raises(error) as caught:
        function(image)
    assert_one_sentence(caught)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: masks.dice(SQUARES, SQUARES[1:]), ValueError),
        (lambda: masks.dice(SQUARES.astype(int), SQUARES), TypeError),
        (lambda: masks.regions(SQUARES, np.zeros((3, 3))), ValueError),
        (lambda: masks.regions(np.zeros(5, dtype=bool)), ValueError),
    ],
)
def test_bad_masks_get_one_sentence(call, error):
    with pytest.raises(error) as caught:
        call()
    assert_one_sentence(caught)
