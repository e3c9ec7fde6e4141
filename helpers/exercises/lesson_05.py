"""Exercises of lesson 05: histograms and equalization."""

import functools
import os

import numpy as np

from data.phantom import radiograph
from helpers import datasets, intensity
from helpers.exercises.engine import Exercise, UnfitError

LEVELS = np.arange(256)
RANDOM = np.random.default_rng(5)


@functools.cache
def films_of(data_set):
    """Return the films of a data set, read once."""
    return datasets.load(data_set).frames


def film(index=0):
    """Return a film that the lesson works on."""
    return films_of(os.environ.get("XRAY_DATASET"))[index]


def noise(shape, low=0, high=256):
    """Return an 8-bit image of even noise."""
    return RANDOM.integers(low, high, shape, dtype=np.uint8)


# ---- 5.3: density -------------------------------------------------------------------------------

HISTOGRAMS = (
    (np.array([[0, 100, 255]], dtype=np.uint8), 2),
    (np.array([[10, 20, 200], [30, 130, 140]], dtype=np.uint8), 4),
    (np.full((3, 3), 64, dtype=np.uint8), 8),
    (noise((5, 3)), 16),
    (noise((12, 9), 40, 90), 256),
    (noise((40, 30)), 100),
)


def count(image, bins, stop=256):
    """Count the pixels in bins from 0 to `stop`."""
    return np.histogram(image, bins, (0, stop))[0]


def density(image, bins):
    """Divide the counts by the pixels and the width of a bin."""
    return count(image, bins) / (image.size * 256 / bins)


# ---- 5.4: two CDFs ------------------------------------------------------------------------------


def cdf(image):
    """Return the share of the pixels that are not brighter than each level."""
    return np.cumsum(np.bincount(image.ravel(), minlength=256)) / image.size


def cdf_figure(change=lambda curve: curve, frames=(0, -1)):
    """Make a function that draws CDFs, changed, and labels the axes."""

    def draw(figure):
        axes = figure.subplots()
        for index in frames:
            axes.plot(LEVELS, change(cdf(film(index))))
        axes.set(xlabel="level", ylabel="share of the pixels")

    return draw


def pixels_up_to(figure):
    """Draw how many pixels there are up to each level."""
    axes = figure.subplots()
    for index in (0, -1):
        axes.plot(LEVELS, np.cumsum(intensity.histogram(film(index))))
    axes.set(xlabel="level", ylabel="pixels")


def all_films(figure):
    """Draw the CDF of every film."""
    cdf_figure(frames=range(len(films_of(os.environ.get("XRAY_DATASET")))))(figure)


# ---- 5.5: the bug -------------------------------------------------------------------------------

IMAGES = (
    (np.array([[10, 10, 10, 200]], dtype=np.uint8),),
    (np.array([[0, 255], [255, 254]], dtype=np.uint8),),
    (np.full((3, 3), 77, dtype=np.uint8),),
    (noise((5, 3)),),
    (noise((12, 9), 40, 90),),
)


def table_of(image, divisor):
    """Return the cumulative counts, divided, as a look-up table."""
    return 255 * np.cumsum(np.bincount(image.ravel(), minlength=256)) / divisor


def from_zero(image):
    """Equalize so that the darkest level becomes 0."""
    share = cdf(image)
    start = share[image.min()]
    return 255 * (share - start)[image] / max(1 - start, 1e-9)


# ---- 5.7: beat CLAHE ----------------------------------------------------------------------------

MOST_NOISE = 4.0
DISEASES = {3: "bacterial", 4: "viral", 5: "bacterial", 6: "viral"}


@functools.cache
def patients():
    """Return the films of the four patients of the lesson."""
    return [
        radiograph(size=256, seed=seed, disease=disease, severity=0.7)
        for seed, disease in DISEASES.items()
    ]


def rib_contrast(rule):
    """Return by how many levels ribs are brighter than lung; 0 where the noise is too strong."""
    contrasts, noises = [], []
    for patient in patients():
        results = [rule(patient.image.copy()), rule(patient.noise_free.copy())]
        for result in results:
            if result is None or result is ...:
                return result
            if np.shape(result) != patient.image.shape:
                raise UnfitError(
                    f"the result has the shape {np.shape(result)}, not that of the image"
                )
        seen, clean = (np.clip(np.asarray(result, float), 0, 255) for result in results)
        lung = patient.truth["lung_field"] & ~patient.truth["opacity"]
        ribs = patient.truth["ribs"]
        contrasts.append(seen[lung & ribs].mean() - seen[lung & ~ribs].mean())
        noises.append((seen - clean)[patient.truth["lung_field"]].std())
    return float(np.mean(contrasts)) if np.mean(noises) <= MOST_NOISE else 0.0


def lung_greys_count(image):
    """Equalize by the histogram of the dark greys."""
    return intensity.equalize_histogram(image, mask=(image > 20) & (image < 140))


# ---- 5.8: matching ------------------------------------------------------------------------------

# Sizes that are powers of two: shares are exact, in whatever order they are added up.
PAIRS = (
    (
        np.array([[0, 0, 10, 255]], dtype=np.uint8),
        np.array([[5, 5, 9, 20], [5, 9, 20, 90]], dtype=np.uint8),
    ),
    (np.full((2, 2), 77, dtype=np.uint8), noise((4, 4))),
    (noise((4, 8)), noise((8, 8), 100, 180)),
    (noise((16, 16), 40, 90), noise((8, 16))),
    (noise((32, 16)), np.array([[0, 255]], dtype=np.uint8)),
)


def match(image, reference):
    """Look up the smallest level of the reference whose CDF is at least that of the level."""
    return np.searchsorted(cdf(reference), cdf(image))[image]


def nearest_match(image, reference):
    """Look up the level of the reference whose CDF is nearest."""
    apart = np.abs(cdf(reference)[np.newaxis, :] - cdf(image)[:, np.newaxis])
    return apart.argmin(axis=1)[image]


def match_of_counts(image, reference):
    """Compare numbers of pixels, whatever the sizes of the images."""
    mine, other = (np.cumsum(np.bincount(x.ravel(), minlength=256)) for x in (image, reference))
    return np.searchsorted(other, mine)[image]


EXERCISES = {
    "5.1": Exercise(
        right=lambda: np.count_nonzero(film() >= 200),
        mistakes=(
            (
                lambda: np.count_nonzero(film() > 200),
                "level 200 itself is missing. “200 or more” includes it.",
            ),
            (
                lambda: np.count_nonzero(film() == 200),
                "these are the pixels of level 200 alone. The brighter levels belong to it.",
            ),
            (
                lambda: np.count_nonzero(film() < 200),
                "these are the pixels darker than 200. Look at which side of the colon 200 stands.",
            ),
            (
                lambda: np.count_nonzero(film() <= 200),
                "these are the pixels up to level 200. Look at which side of the colon 200 stands.",
            ),
            (
                lambda: np.mean(film() >= 200),
                "this is the share of the pixels. Their number is wanted.",
            ),
            (
                lambda: film()[film() >= 200].sum(dtype=np.int64),
                "this adds up levels. Every pixel counts as one, whatever its level.",
            ),
            (
                lambda: np.count_nonzero(intensity.histogram(film()) >= 200),
                "these are the levels with 200 pixels or more. Which entries of counts belong to"
                " bright levels?",
            ),
            (
                lambda: 100 * np.mean(film() >= 200),
                "this is the share in percent. The number of pixels is wanted.",
            ),
            (
                lambda: intensity.histogram(film())[200:],
                "these are the counts of the bright levels, one by one. Add them up.",
            ),
            (
                lambda: film() >= 200,
                "this marks the bright pixels in the film. Their number is wanted, from counts.",
            ),
            (
                lambda: 56,
                "this is how many levels there are from 200 on. What do the entries of counts add"
                " up to?",
            ),
        ),
        hints=(
            "Entry 200 of counts is the number of pixels of level 200.",
            "Cut counts from entry 200 to its end with a colon in square brackets, and add up.",
        ),
    ),
    "5.2": Exercise(
        right="d",
        mistakes=(
            (
                "a",
                "that needs pixels at each of the 256 levels. How many levels go in, and can one"
                " come out as two?",
            ),
            (
                "b",
                "that needs some 235 levels in the result. How many levels does the dull film use?",
            ),
            (
                "c",
                "that needs some 175 levels in the result. How many levels does the dull film use?",
            ),
        ),
        hints=(
            "Stretching is a look-up table: all pixels of a level get the same new level.",
            "So the result cannot use more levels than the dull film. Subtract their number from"
            " 256.",
        ),
    ),
    "5.3": Exercise(
        right=density,
        inputs=HISTOGRAMS,
        mistakes=(
            (
                count,
                "these are the counts. Their area is not 1: divide by the pixels and the width.",
            ),
            (
                lambda image, bins: count(image, bins) / image.size,
                "its sum is 1, not its area. Heights have to be multiplied by the width of a bin.",
            ),
            (
                lambda image, bins: count(image, bins) / (256 / bins),
                "it depends on how many pixels the image has. Divide by their number as well.",
            ),
            (
                lambda image, bins: count(image, bins) / (image.size * bins),
                "it is divided by the number of bins. How wide is one of them?",
            ),
            (
                lambda image, bins: count(image, bins) / count(image, bins).max(),
                "its highest bar is 1. It is the area that has to be 1.",
            ),
            (
                lambda image, bins: np.histogram(image, bins, density=True)[0],
                "the bins reach from the darkest to the brightest pixel. They have to reach from 0"
                " to 256.",
            ),
            (
                lambda image, bins: np.histogram(image, bins, (0, 255), density=True)[0],
                "the bins end at 255, so they are a little too narrow. The last one ends at 256.",
            ),
            (
                lambda image, bins: count(image, bins, 255) / (image.size * 256 / bins),
                "the bins end at 255, so they are a little too narrow. The last one ends at 256.",
            ),
            (
                lambda image, bins: count(image, bins) / (image.size * 255 / bins),
                "it is divided by a 255th of the range. From 0 to 256 the bins are wider.",
            ),
            (
                lambda image, bins: np.cumsum(density(image, bins)),
                "it adds up from bin to bin. The height of each bin alone is wanted.",
            ),
            (
                lambda image, bins: np.cumsum(count(image, bins)) / image.size,
                "it adds up from bin to bin. The height of each bin alone is wanted.",
            ),
            (
                lambda image, bins: count(image, bins) / image.size * 256 / bins,
                "it is multiplied by the width of a bin. Look at the brackets of the division.",
            ),
            (
                lambda image, bins: count(image, bins) / (len(image) * 256 / bins),
                "it is divided by the number of rows. How many pixels does the image have?",
            ),
            (
                lambda image, bins: count(image, 256) / image.size,
                "it has 256 bins, whatever is asked for. Use the argument bins.",
            ),
            (
                lambda image, bins: np.linspace(0, 256, bins + 1),
                "these are the edges. np.histogram returns the counts first.",
            ),
        ),
        hints=(
            "np.histogram(image, bins, (0, 256)) returns counts and edges. Take the counts.",
            "Each bin is 256 / bins levels wide, and image.size is the number of pixels. Divide the"
            " counts by both.",
        ),
    ),
    "5.4": Exercise(
        right=cdf_figure(),
        reads=("curves", "labels"),
        mistakes=(
            (
                pixels_up_to,
                "the curves end at the number of pixels. A share ends at 1.",
            ),
            (
                cdf_figure(lambda curve: np.diff(curve, prepend=0) * film().size),
                "these are the histograms. A CDF adds the shares up from the left.",
            ),
            (
                cdf_figure(lambda curve: np.diff(curve, prepend=0)),
                "this is the share of each level alone. A CDF adds them up from the left.",
            ),
            (
                cdf_figure(lambda curve: 1 - curve),
                "the curves fall. Draw the share of the pixels that are not brighter.",
            ),
            (
                cdf_figure(lambda curve: 255 * curve),
                "these are the tables of the equalization. The CDF itself ends at 1.",
            ),
            (
                cdf_figure(lambda curve: 100 * curve),
                "the curves are in percent. Shares from 0 to 1 are wanted.",
            ),
            (
                cdf_figure(frames=(-1, 0)),
                "the last film is drawn first. The order is the first film, then the last.",
            ),
            (cdf_figure(frames=(0,)), "only the first film is drawn. The last one is missing."),
            (cdf_figure(frames=(-1,)), "only the last film is drawn. The first one is missing."),
            (
                cdf_figure(frames=(0, 1)),
                "the second curve is that of the second film. The last film has the index -1.",
            ),
            (all_films, "all films are drawn. Only the first and the last are wanted."),
        ),
        hints=(
            "The CDF is the cumulative sum of the histogram, divided by the number of pixels.",
            "For each of the two films: axes_5_4.plot(np.arange(256), its CDF). Then"
            " axes_5_4.set(xlabel=…, ylabel=…).",
        ),
    ),
    "5.5": Exercise(
        right=intensity.equalize_histogram,
        inputs=IMAGES,
        mistakes=(
            (
                lambda image: table_of(image, 256)[image - 1],
                "both lines are as they were. What is the largest value of a CDF, and which entry"
                " of the table belongs to level 0?",
            ),
            (
                lambda image: table_of(image, image.size)[image - 1],
                "the shares are right, but each level looks up the entry of another one.",
            ),
            (
                lambda image: table_of(image, 256)[image],
                "the look-up is right, but the shares do not end at 1. A share of what?",
            ),
            (
                lambda image: table_of(image, image.max())[image],
                "it is divided by the brightest level. A share of what does the CDF hold?",
            ),
            (
                lambda image: table_of(image, np.bincount(image.ravel()).max())[image],
                "it is divided by the highest count. A share of what does the CDF hold?",
            ),
            (
                lambda image: table_of(image, image.shape[0])[image],
                "it is divided by the number of rows. A share of what does the CDF hold?",
            ),
            (
                lambda image: table_of(image, 255)[image],
                "it is divided by 255. A share of what does the CDF hold?",
            ),
            (
                lambda image: 255 * (np.bincount(image.ravel()) / image.size)[image],
                "this is the share of each level alone. A CDF adds them up from the left.",
            ),
            (
                lambda image: 256 * cdf(image)[image],
                "it reaches 256. The brightest of 256 levels is 255.",
            ),
            (
                lambda image: cdf(image)[image],
                "these are the shares from 0 to 1. The result has to reach 255.",
            ),
            (
                lambda image: table_of(image, image.size),
                "this is the table with 256 entries. Every pixel has to be looked up in it.",
            ),
            (
                from_zero,
                "the darkest level has become 0. Some programs do that; here it is 255 CDF(r).",
            ),
        ),
        hints=(
            "The last entry of a CDF is 1. Print share_up_to for a small image.",
            "A share is counts divided by the number of pixels. And entry r of a table belongs to"
            " level r.",
        ),
    ),
    "5.6": Exercise(
        right="c",
        mistakes=(
            (
                "a",
                "the darkest pixel of the film is brighter than all of the border. Which share of"
                " the scan is that?",
            ),
            (
                "b",
                "40 of 255 would be a border of 16 % of the scan. Look at the share that was"
                " printed.",
            ),
            (
                "d",
                "160 of 255 would be a border of 63 % of the scan. Look at the share that was"
                " printed.",
            ),
        ),
        hints=(
            "The new level is 255 times the share of the pixels that are not brighter.",
            "All pixels of the border are darker than the film, and hardly any pixel of the film"
            " is. So multiply 255 by the share of the border.",
        ),
    ),
    "5.7": Exercise(
        right=lung_greys_count,
        score=rib_contrast,
        prepare=patients,
        goal=45.0,
        mistakes=(
            (
                lambda image: image,
                "this is the film as it is, with a contrast of 25. Which levels do lungs have?",
            ),
            (
                intensity.equalize_locally,
                "this is CLAHE as it comes, with 41. Change its settings, or think of a rule that"
                " cares about the levels of the lungs alone.",
            ),
            (
                intensity.equalize_histogram,
                "with all pixels equalized it is 24. Which pixels should count?",
            ),
            (
                intensity.negative,
                "a contrast below 0: ribs have become darker than the lung between them.",
            ),
            (
                lambda image: intensity.negative(intensity.equalize_locally(image)),
                "a contrast below 0: ribs have become darker than the lung between them.",
            ),
            (
                lambda image: 255.0 * (image > 80),
                "it scores 0: its noise in the lungs is above 4 levels, or all pixels have become"
                " equal.",
            ),
            (
                lambda image: image / 255,
                "its values reach from 0 to 1. A result from 0 to 255 is wanted.",
            ),
            (
                lambda image: intensity.equalize_locally(image) / 255,
                "its values reach from 0 to 1. A result from 0 to 255 is wanted.",
            ),
            (
                intensity.stretch_contrast,
                "stretched from the 2nd to the 98th percentile it is 27. The lungs are a narrower"
                " band.",
            ),
            (
                lambda image: intensity.gamma_correct(image, 0.5),
                "a gamma of 0.5 lifts the lungs but flattens them: 21. Where is its curve steep?",
            ),
            (
                intensity.rescale,
                "from the darkest to the brightest pixel it is 26. The lungs are a narrower band.",
            ),
            (
                lambda image: intensity.gamma_correct(image, 2),
                "a gamma of 2 is steep where the film is bright, and flattens the lungs: 20.",
            ),
            (
                intensity.log_transform,
                "the logarithm is steep near black only, below the levels of the lungs: 13.",
            ),
        ),
        hints=(
            "The lungs have levels from about 30 to 140. A rule brings them out when its curve is"
            " steep there.",
            "Try a window over these levels, an equalization in which only these levels count, or"
            " CLAHE with a higher clip limit. Not too steep: noise grows with the slope.",
        ),
    ),
    "5.8": Exercise(
        right=match,
        inputs=PAIRS,
        mistakes=(
            (
                lambda image, reference: match(reference, image),
                "the two images are exchanged. The first one has to change.",
            ),
            (
                lambda image, reference: np.searchsorted(cdf(reference), cdf(image)),
                "this is the table with 256 entries. Every pixel has to be looked up in it.",
            ),
            (
                lambda image, reference: np.searchsorted(cdf(reference), cdf(image), "right")[
                    image
                ],
                "where the two CDFs are equal, it takes the next level. “At least” includes equal.",
            ),
            (
                match_of_counts,
                "it compares numbers of pixels. The images differ in size, so compare shares.",
            ),
            (
                lambda image, reference: np.searchsorted(cdf(image), cdf(reference))[image],
                "the two CDFs are exchanged. Search in that of the reference.",
            ),
            (
                nearest_match,
                "it takes the level with the nearest CDF. The smallest with at least the same CDF"
                " is wanted.",
            ),
            (
                lambda image, reference: np.interp(cdf(image), cdf(reference), LEVELS)[image],
                "it interpolates between levels. A level of the reference is wanted.",
            ),
            (
                lambda image, reference: np.rint(np.interp(cdf(image), cdf(reference), LEVELS))[
                    image
                ],
                "it interpolates and rounds, so some levels come out that the rule does not give.",
            ),
            (
                lambda image, reference: 255 * cdf(reference)[image],
                "it looks the image up in the CDF of the reference. What is the CDF of the image?",
            ),
            (
                lambda image, reference: reference,
                "this is the reference itself. It is the image that has to change.",
            ),
            (
                lambda image, reference: 255 * cdf(image)[image],
                "this equalizes the image. The reference does not come in.",
            ),
            (
                lambda image, reference: intensity.equalize_histogram(reference),
                "this equalizes the reference. It is the image that has to change.",
            ),
        ),
        hints=(
            "You need two CDFs, each divided by the size of its own image.",
            "np.searchsorted(CDF of the reference, CDF of the image) is a look-up table with 256"
            " entries.",
        ),
    ),
}
