"""The exercises of lesson 07: noise and smoothing."""

import os
from functools import cache

import numpy as np
from scipy import ndimage as ndi

from helpers import convolution, datasets
from helpers.exercises.engine import Exercise

RANDOM = np.random.default_rng(7)
EXTREMES = np.array([[0, 255, 0], [255, 0, 255], [10, 250, 3]], np.uint8)
DOTS = np.array([[60, 62, 61], [63, 255, 60], [62, 61, 0], [64, 60, 63], [61, 62, 70]], np.uint8)
BYTES = RANDOM.integers(0, 256, (9, 12), dtype=np.uint8)
FLOATS = 255 * RANDOM.random((5, 3))
LARGER = 60 + 50 * RANDOM.random((21, 34))
CONSTANT = np.full((4, 6), 77.0)
BLACK = np.zeros((4, 6))
CHEQUERED = np.indices((4, 6)).sum(axis=0) % 2 == 0
NEARBY = np.clip(BYTES.astype(int) + RANDOM.integers(-9, 10, BYTES.shape), 0, 255)
NEARBY = NEARBY.astype(np.uint8)
PIECE = RANDOM.random(BYTES.shape) < 0.4
MEDIANS = (3, 5, 7)


@cache
def films_of(data_set):
    """Return the films of a data set, read once."""
    return datasets.load(data_set).frames


# ---- repair only what is broken -----------------------------------------------------------------


def despeckle(image, limit):
    """Put the median where a pixel differs from it by more than the limit."""
    image = image.astype(float)
    median = ndi.median_filter(image, size=3)
    return np.where(np.abs(image - median) > limit, median, image)


def despeckle_wrapped(image, limit):
    """Subtract in the type of the image."""
    median = ndi.median_filter(image, size=3)
    return np.where(np.abs(image - median) > limit, median, image)


def despeckle_between(image, limit):
    """Add the limit to the median in the type of the image."""
    median = ndi.median_filter(image, size=3)
    return np.where((image > median + limit) | (image < median - limit), median, image)


def despeckle_like(suspect, centre=ndi.median_filter):
    """Return a function that takes other pixels for wrong, or puts something else there."""

    def repair(image, limit):
        image = image.astype(float)
        middle = centre(image, size=3)
        return np.where(suspect(image, middle, limit), middle, image)

    return repair


def far(image, middle, limit):
    """Mark pixels that differ by more than the limit, as is right."""
    return np.abs(image - middle) > limit


# ---- a score for the part that matters ----------------------------------------------------------


def psnr_inside(image, reference, mask, root=False, power=2):
    """Return the PSNR of the pixels in the mask."""
    error = np.mean(np.abs(image.astype(float) - reference)[mask] ** power)
    return 10 * np.log10(255**2 / (np.sqrt(error) if root else error))


def psnr_wrapped(image, reference, mask):
    """Subtract, and square, in the type of the images."""
    error = np.mean(((image - reference) ** 2)[mask])
    return 10 * np.log10(255**2 / error)


def psnr_converted_late(image, reference, mask):
    """Convert what has wrapped already."""
    error = np.mean((image - reference).astype(float)[mask] ** 2)
    return 10 * np.log10(255**2 / error)


def psnr_of_product(image, reference, mask):
    """Set everything outside to zero and average over all pixels."""
    error = np.mean(((image.astype(float) - reference) * mask) ** 2)
    return 10 * np.log10(255**2 / error)


def psnr_by_range(image, reference, mask):
    """Take the brightest pixel for the data range."""
    error = np.mean((image.astype(float) - reference)[mask] ** 2)
    return 10 * np.log10(float(reference.max()) ** 2 / error)


# ---- a film to judge a filter on ----------------------------------------------------------------


@cache
def another_film(data_set):
    """Return the middle of the last film, damaged and not, and the PSNR of the best median."""
    frame = films_of(data_set)[-1].astype(float)
    rows, columns = frame.shape
    wide = np.s_[rows // 4 : 3 * rows // 4, columns // 4 : 3 * columns // 4]
    before = frame[wide]
    chance = np.random.default_rng(2)
    counts = chance.poisson(500 * np.exp(-4 * before / 255))
    result = np.clip(-255 / 4 * np.log(np.maximum(counts, 1) / 500), 0, 255)
    dead = chance.random(before.shape)
    damaged = np.where(dead < 0.02, 0, np.where(dead > 0.98, 255, result))
    best = max(psnr(ndi.median_filter(damaged, size), before) for size in MEDIANS)
    return damaged, before, best


def psnr(image, reference):
    """Return the PSNR for a data range of 255."""
    return convolution.psnr(np.asarray(image, dtype=float), reference, 255)


def beyond_the_median(denoise):
    """Return by how many decibels a function is better than the best single median."""
    damaged, before, best = another_film(os.environ.get("XRAY_DATASET"))
    result = denoise(damaged.copy())
    return result if result is None or result is ... else psnr(result, before) - best


# ---- waves --------------------------------------------------------------------------------------


@cache
def waves_of(data_set, blur):
    """Return the first film after a box of 9, or another blur, and its spectrum."""
    film = films_of(data_set)[0].astype(float)
    blurred = convolution.box_blur(film, 9) if blur is None else blur(film)
    return blurred, np.fft.fftshift(np.abs(np.fft.fft2(blurred)))


def draw_spectrum(figure, blur=None, scale=None, cmap="viridis", ends=(0, 7), bar=True):
    """Draw the spectrum of the film after a box of 9, or what people draw in its place."""
    blurred, waves = waves_of(os.environ.get("XRAY_DATASET"), blur)
    shown = np.log10(1 + waves) if scale is None else scale(blurred, waves)
    axes = figure.subplots()
    image = axes.imshow(shown, cmap=cmap, vmin=ends[0], vmax=ends[1])
    axes.set_title("spectrum after a box of 9")
    if bar:
        figure.colorbar(image)


def drawing(**changes):
    """Return a function that draws the spectrum with something changed."""
    return lambda figure: draw_spectrum(figure, **changes)


def sharpen(image):
    """Sharpen in floats."""
    image = image.astype(float)
    return image + 2 * (image - ndi.gaussian_filter(image, 2))


def sharpen_wrapped(image):
    """Sharpen in the type of the image."""
    return image + 2 * (image - ndi.gaussian_filter(image, 2))


def sharpen_late(image):
    """Blur in the type of the image, which cuts off fractions, and convert afterwards."""
    blurred = ndi.gaussian_filter(image, 2).astype(float)
    return image.astype(float) + 2 * (image.astype(float) - blurred)


def sharpen_difference(image):
    """Convert what has wrapped already."""
    return image.astype(float) + 2 * (image - ndi.gaussian_filter(image, 2)).astype(float)


def sharpen_product(image):
    """Convert only what the wrapped difference is added to."""
    return image.astype(float) + 2 * (image - ndi.gaussian_filter(image, 2))


# ---- even out -----------------------------------------------------------------------------------


def even_out(image, size, least=1.0, divide=True, root=True, convert=True):
    """Subtract the local mean and divide by the local standard deviation, at least 1."""
    values = image.astype(float) if convert else image
    mean = convolution.box_blur(values, size)
    variance = convolution.box_blur(values**2, size) - mean**2
    floor = np.maximum(variance, least**2)
    return (values - mean) / (np.sqrt(floor) if root else floor) if divide else values - mean


def even_out_whole(image, size):
    """Divide by the standard deviation of the whole image."""
    values = image.astype(float)
    return (values - convolution.box_blur(values, size)) / max(values.std(), 1)


def even_out_added(image, size):
    """Add 1 to the standard deviation."""
    values = image.astype(float)
    mean = convolution.box_blur(values, size)
    variance = np.maximum(convolution.box_blur(values**2, size) - mean**2, 0)
    return (values - mean) / (np.sqrt(variance) + 1)


def even_out_by(deviation):
    """Return a function that divides by something else, of the values, their means and the size."""

    def even(image, size):
        values = image.astype(float)
        mean = convolution.box_blur(values, size)
        return (values - mean) / deviation(values, mean, size)

    return even


def smaller(values, mean, size):
    """Return the local standard deviation, or 1 where it is larger."""
    variance = convolution.box_blur(values**2, size) - mean**2
    return np.minimum(np.sqrt(np.maximum(variance, 0)), 1)


def root_of_squares(values, mean, size):
    """Leave the square of the mean out of the variance."""
    return np.sqrt(np.maximum(convolution.box_blur(values**2, size), 1))


def spread_of_differences(values, mean, size):
    """Average the squared differences from the mean of each pixel's own window."""
    return np.sqrt(np.maximum(convolution.box_blur((values - mean) ** 2, size), 1))


def even_out_mean_only(image, size):
    """Divide the mean alone, for want of brackets."""
    values = image.astype(float)
    mean = convolution.box_blur(values, size)
    variance = convolution.box_blur(values**2, size) - mean**2
    return values - mean / np.sqrt(np.maximum(variance, 1))


def even_out_no_mean(image, size):
    """Forget to subtract the mean."""
    values = image.astype(float)
    mean = convolution.box_blur(values, size)
    variance = convolution.box_blur(values**2, size) - mean**2
    return values / np.sqrt(np.maximum(variance, 1))


EXERCISES = {
    "7.1": Exercise(
        right=2.5,
        tolerance=0.01,  # so that counts drawn at random will do
        mistakes=(
            (40, "this is the standard deviation in photons; which share of 1600 is it?"),
            (0.025, "this is a share of 1; percent are wanted."),
            (100 / 1600, "this is one photon in 1600; the spread is larger than one photon."),
            (5, "this is right for 400 photons; what does a dose of 1600 give?"),
            (100, "this takes the standard deviation for the count itself."),
            (1600, "this is the variance, the square of the standard deviation."),
            (4000, "this is the standard deviation times 100; divide by the count first."),
            (16, "this is one percent of 1600; how much do counts differ from each other?"),
            (25, "this is ten times too large: parts in a thousand, or percent?"),
            (97.5, "this is what is left without the noise; how large is the noise?"),
        ),
        hints=(
            "How is the standard deviation of a count of photons found from the count?",
            "Take the square root of 1600, divide it by 1600, and turn the share into percent.",
        ),
    ),
    "7.2": Exercise(
        right=5,
        tolerance=0.01,
        mistakes=(
            (7, "the two σ do not add up; blur with 7 and compare, it is much softer."),
            (12, "this multiplies the two; compare with a film blurred with 12."),
            (3.5, "this is the mean of the two, weaker than the second blur alone."),
            (25, "this is the square of it; what adds up is σ², not σ."),
            (np.sqrt(12), "this is the geometric mean, weaker than the second blur alone."),
            (np.sqrt(7), "this adds the σ and takes the root; square them before you add."),
            (4, "the second blur alone does this much; the first one counts, too."),
            (3, "the first blur alone does this much; the second one counts, too."),
            (1, "this is the difference; a second blur never takes back what the first one did."),
            (49, "this adds the σ and squares the sum; square them before you add."),
        ),
        hints=(
            "Compare by np.abs(first - second).max() for a few values between 4 and 7.",
            "Independent spreads add like the sides of a right triangle: their squares add up.",
        ),
    ),
    "7.3": Exercise(
        right="c",
        mistakes=(
            ("a", "no pixel is far off here; what does the median do with the other eight?"),
            (
                "b",
                "both see nine pixels, but one of them adds all up and the other takes the middle.",
            ),
            ("d", "the middle of nine noisy numbers is calmer than any one of them, is it not?"),
        ),
        hints=(
            "The mean uses the values of all nine pixels. What does the median use of them?",
            "Try both with np.random.default_rng(0).normal(0, 10, (500, 500)) and compare .std().",
        ),
    ),
    "7.4": Exercise(
        right=despeckle,
        inputs=(
            (EXTREMES, 40),
            (DOTS, 20),
            (DOTS, 8),
            (BYTES, 60),
            (FLOATS, 30.5),
            (LARGER, 10),
            (CONSTANT, 5),
        ),
        mistakes=(
            (
                despeckle_wrapped,
                "the difference wraps where the pixel is smaller than the median: uint8 has no"
                " negative numbers. Look at the type before the subtraction.",
            ),
            (
                despeckle_between,
                "the median plus or minus the limit wraps: uint8 ends at 0 and 255. Look at the"
                " type before you add.",
            ),
            (
                despeckle_like(lambda image, middle, limit: image - middle > limit),
                "only pixels that are too bright are repaired; look at the dark ones.",
            ),
            (
                despeckle_like(lambda image, middle, limit: middle - image > limit),
                "only pixels that are too dark are repaired; look at the bright ones.",
            ),
            (
                despeckle_like(lambda image, middle, limit: ~far(image, middle, limit)),
                "the good pixels are replaced and the wrong ones kept; look at the order in"
                " np.where.",
            ),
            (
                despeckle_like(lambda image, middle, limit: np.abs(image - middle) >= limit),
                "a pixel that differs by exactly the limit should stay; look at the comparison.",
            ),
            (
                despeckle_like(lambda image, middle, limit: np.ones(image.shape, bool)),
                "this is the median everywhere; good pixels should keep their value.",
            ),
            (
                despeckle_like(lambda image, middle, limit: np.zeros(image.shape, bool)),
                "no pixel has changed; look at what you return.",
            ),
            (
                despeckle_like(lambda image, middle, limit: image > limit),
                "this compares the pixel itself with the limit; compare its difference from the"
                " median.",
            ),
            (
                despeckle_like(far, ndi.uniform_filter),
                "this takes the mean of the window; a wrong pixel spoils it. Which filter does"
                " not mind?",
            ),
            (
                despeckle_like(
                    far, lambda image, size: ndi.median_filter(image, size, mode="constant")
                ),
                "beyond the border this counts black pixels; ndi.median_filter with size=3 alone"
                " mirrors the image there.",
            ),
            (
                lambda image, limit: despeckle(image.astype(int), limit),
                "the fractions of float images are cut off; compute with floats.",
            ),
            (
                lambda image, limit: np.where(
                    far(image.astype(float), ndi.median_filter(image.astype(float), 3), limit),
                    0,
                    image,
                ),
                "wrong pixels become black; the median belongs there.",
            ),
            (
                lambda image, limit: np.where(
                    far(image.astype(float), ndi.median_filter(image.astype(float), 5), limit),
                    ndi.median_filter(image.astype(float), 5),
                    image,
                ),
                "this is the median of another window; 3 × 3 is wanted.",
            ),
            (
                lambda image, limit: np.where(
                    np.abs(image.astype(float) - np.median(image)) > limit, np.median(image), image
                ),
                "this is the median of the whole image; each pixel has its own 3 × 3 window.",
            ),
            (
                lambda image, limit: far(
                    image.astype(float), ndi.median_filter(image.astype(float), 3), limit
                ),
                "this says which pixels are wrong; return the repaired image.",
            ),
        ),
        hints=(
            "First make three arrays: the image as float, its median, and how far they differ.",
            "np.where(condition, a, b) takes a where the condition holds and b elsewhere. np.abs"
            " makes the difference count in both directions.",
        ),
    ),
    "7.5": Exercise(
        right=psnr_inside,
        inputs=(
            (EXTREMES, EXTREMES[::-1].copy(), EXTREMES > 5),
            (BYTES, NEARBY, PIECE),
            (NEARBY, BYTES, PIECE),
            (BYTES, BYTES[::-1].copy(), PIECE),
            (FLOATS, FLOATS[:, ::-1].copy(), FLOATS > 90),
            (LARGER, LARGER + RANDOM.normal(0, 4, LARGER.shape), LARGER > 100),
            (CONSTANT, CONSTANT + 1, CHEQUERED),
        ),
        tolerance=1e-5,
        mistakes=(
            (
                lambda image, reference, mask: psnr_inside(image, reference, np.full_like(mask, 1)),
                "all pixels are counted; where does the mask come in?",
            ),
            (
                lambda image, reference, mask: psnr_inside(image, reference, ~mask),
                "the pixels outside the mask are counted; True means inside.",
            ),
            (
                psnr_of_product,
                "what is outside counts as an error of 0 and lifts the score; leave those pixels"
                " out of the mean.",
            ),
            (
                psnr_wrapped,
                "the differences wrap, since uint8 has no negative numbers; look at the type"
                " before the subtraction.",
            ),
            (
                psnr_converted_late,
                "the differences have wrapped before they became floats; convert the images first.",
            ),
            (
                lambda image, reference, mask: psnr_inside(image, reference, mask) * np.log(10),
                "this takes the natural logarithm; decibels use the one to base 10.",
            ),
            (
                lambda image, reference, mask: psnr_inside(image, reference, mask) / 10,
                "the factor of ten is missing: ten decibels are one bel.",
            ),
            (
                lambda image, reference, mask: 2 * psnr_inside(image, reference, mask),
                "the factor is 20 and the error is squared; one of the two is too much.",
            ),
            (
                lambda image, reference, mask: (
                    psnr_inside(image, reference, mask) - 10 * np.log10(255)
                ),
                "the range is not squared, while the error is.",
            ),
            (
                lambda image, reference, mask: psnr_inside(image, reference, mask, root=True),
                "this takes the root of the squared error, while the range is squared.",
            ),
            (
                lambda image, reference, mask: psnr_inside(image, reference, mask, power=1),
                "this takes the mean absolute error; the errors are to be squared.",
            ),
            (
                lambda image, reference, mask: (
                    psnr_inside(image, reference, mask) - 20 * np.log10(255)
                ),
                "the range is taken as 1; these films go to 255.",
            ),
            (
                lambda image, reference, mask: np.mean(
                    (image.astype(float) - reference)[mask] ** 2
                ),
                "this is the mean squared error; turn it into decibels.",
            ),
            (
                lambda image, reference, mask: (
                    psnr_inside(image, reference, mask) - 10 * np.log10(mask.sum())
                ),
                "the squared errors are added up; their mean is wanted.",
            ),
            (
                lambda image, reference, mask: (
                    255**2 / np.mean((image.astype(float) - reference)[mask] ** 2)
                ),
                "this is the ratio itself; decibels are ten times its logarithm to base 10.",
            ),
            (
                lambda image, reference, mask: (
                    20 * np.log10(255 / (image.astype(float) - reference)[mask].std())
                ),
                "this is the standard deviation of the errors, which misses a shift of all pixels;"
                " take the mean of the squares.",
            ),
            (
                psnr_by_range,
                "the brightest pixel is taken for the range; 255 is wanted for every film.",
            ),
        ),
        hints=(
            "array[mask] holds the pixels where the mask is True, in one row.",
            "Subtract as floats, keep the pixels of the mask, square, and give that to decibels.",
        ),
    ),
    "7.6": Exercise(
        right=lambda image: ndi.gaussian_filter(ndi.median_filter(image, size=3), 1.5),
        score=beyond_the_median,
        goal=0.3,
        mistakes=(
            (lambda image: image, "the image comes back as it was."),
            (
                lambda image: ndi.uniform_filter(image, 3),
                "this is the mean of 3 × 3, which smears the dots; look at what a dot does to a"
                " mean.",
            ),
            (
                lambda image: ndi.uniform_filter(image, 5),
                "this is the mean of 5 × 5, which smears the dots; look at what a dot does to a"
                " mean.",
            ),
            (
                lambda image: ndi.gaussian_filter(image, 1),
                "this is a Gaussian alone, which smears the dots; what could remove them first?",
            ),
            (
                lambda image: ndi.gaussian_filter(image, 1.5),
                "this is a Gaussian alone, which smears the dots; what could remove them first?",
            ),
            (
                lambda image: ndi.gaussian_filter(image, 2),
                "this is a Gaussian alone, which smears the dots; what could remove them first?",
            ),
            (
                lambda image: ndi.median_filter(image, 3),
                "this is the median of 3 × 3; the dots are gone and much grain is left. What"
                " suits grain?",
            ),
            (
                lambda image: ndi.median_filter(image, 5),
                "this is the median of 5 × 5; grain is left that another filter removes better.",
            ),
            (
                lambda image: ndi.median_filter(image, 7),
                "this is the median of 7 × 7; a smaller one and something against grain do better.",
            ),
            (
                lambda image: ndi.median_filter(ndi.gaussian_filter(image, 1.5), 3),
                "the Gaussian comes first and smears the dots, and the median finds none any"
                " more; look at the order.",
            ),
            (
                lambda image: ndi.median_filter(ndi.gaussian_filter(image, 1), 3),
                "the Gaussian comes first and smears the dots, and the median finds none any"
                " more; look at the order.",
            ),
            (
                lambda image: ndi.median_filter(ndi.gaussian_filter(image, 1), 5),
                "the Gaussian comes first and smears the dots, and the median finds none any"
                " more; look at the order.",
            ),
            (
                lambda image: ndi.gaussian_filter(ndi.median_filter(image, 3), 1),
                "the plan is good and the numbers are not yet; measure others on practice.",
            ),
            (
                lambda image: ndi.uniform_filter(ndi.median_filter(image, 3), 3),
                "the plan is good and the numbers are not yet; measure others on practice.",
            ),
            (
                lambda image: ndi.median_filter(ndi.median_filter(image, 3), 3),
                "two medians take the dots twice; something against grain is missing.",
            ),
            (
                lambda image: convolution.unsharp_mask(image, 3, 1.5),
                "this sharpens, and the noise with it.",
            ),
        ),
        hints=(
            "There are two kinds of noise in it. Which filter suits dots, and which suits grain?",
            "Use two filters, one after the other: first what removes dots, then a gentle Gaussian"
            " against the grain. Try σ from 0.8 to 2.",
        ),
    ),
    "7.7": Exercise(
        right=draw_spectrum,
        reads=("image", "cmap", "limits", "colorbar", "title"),
        mistakes=(
            (
                drawing(scale=lambda blurred, _: np.log10(1 + np.abs(np.fft.fft2(blurred)))),
                "the slowest waves are in the corners; np.fft.fftshift moves them to the middle.",
            ),
            (
                drawing(scale=lambda _, waves: np.log10(np.maximum(waves, 1e-300))),
                "1 is to be added before the logarithm is taken.",
            ),
            (
                drawing(scale=lambda _, waves: np.log1p(waves)),
                "this is the natural logarithm; look for the one to base 10.",
            ),
            (
                drawing(scale=lambda _, waves: waves),
                "the logarithm is missing, so that a single point outshines all others.",
            ),
            (drawing(blur=lambda image: image), "this is the spectrum of the film without a blur."),
            (
                drawing(blur=lambda image: ndi.gaussian_filter(image, 9)),
                "the film was blurred with a Gaussian; a box of 9 is wanted.",
            ),
            (
                drawing(blur=lambda image: convolution.box_blur(image, 3)),
                "the film was blurred with a box of 3; a box of 9 is wanted.",
            ),
            (
                drawing(scale=lambda blurred, _: blurred),
                "this is the blurred film itself; its waves are wanted.",
            ),
            (
                drawing(scale=lambda _, waves: np.log10(1 + waves**2)),
                "this is the square of the strength, whose logarithm is twice as large.",
            ),
            (
                drawing(
                    scale=lambda blurred, _: np.log10(
                        1 + np.abs(np.fft.fftshift(np.fft.fft2(blurred).real))
                    )
                ),
                "this is the real part of the waves; np.abs of the whole number is their strength.",
            ),
            (
                drawing(cmap="gray"),
                "the colormap is gray; viridis is wanted for strengths.",
            ),
            (
                drawing(ends=(None, None)),
                "the colormap runs from the least to the greatest value; look at vmin and vmax.",
            ),
            (drawing(bar=False), "the colour bar is missing; look at fig.colorbar."),
        ),
        hints=(
            "The lesson's function spectrum does the computing. Which image goes into it?",
            "shown = box_axes.imshow(…, vmin=…, vmax=…) draws it, fig.colorbar(shown) adds the"
            " bar, and box_axes.set_title the title.",
        ),
    ),
    "7.8": Exercise(
        right=sharpen,
        inputs=((EXTREMES,), (DOTS,), (BYTES,), (FLOATS,), (LARGER,), (CONSTANT,)),
        mistakes=(
            (
                sharpen_wrapped,
                "it wraps as the colleague's does; the image has to become float before anything"
                " is computed with it.",
            ),
            (
                sharpen_late,
                "the blur was computed with whole numbers, which cuts off its fractions; convert to"
                " float before you blur.",
            ),
            (
                lambda image: sharpen_late(image.astype(int)),
                "whole numbers cannot hold the fractions of a film or of its blur; convert to"
                " float before you blur.",
            ),
            (
                sharpen_difference,
                "the difference has wrapped before it became float; convert the image first.",
            ),
            (
                sharpen_product,
                "one of the images is float and the difference still wraps; convert once, before"
                " everything else.",
            ),
            (
                lambda image: np.clip(sharpen_wrapped(image), 0, 255),
                "clipping comes too late for what has wrapped; look at the type of the image.",
            ),
            (
                lambda image: sharpen(image).astype(np.uint8),
                "the result is turned into uint8, where it wraps; floats are wanted.",
            ),
            (
                lambda image: np.clip(sharpen(image), 0, 255),
                "it is clipped to 0 and 255; return the values as they are.",
            ),
            (
                lambda image: 2 * (sharpen(image) - image) / 2,
                "this is the part that is added; the image itself is missing.",
            ),
            (
                lambda image: (sharpen(image) - image) / 2,
                "this is the high pass; add twice of it to the image.",
            ),
            (
                lambda image: 2 * image.astype(float) - sharpen(image),
                "the high pass is subtracted, so the image becomes softer.",
            ),
            (
                lambda image: (image + sharpen(image)) / 2,
                "the high pass is added once; the colleague adds it twice.",
            ),
            (
                lambda image: (
                    image + 2 * np.abs(image - ndi.gaussian_filter(image.astype(float), 2))
                ),
                "the size of the difference is added, so nothing gets darker; its sign counts.",
            ),
            (
                lambda image: image + 2 * (image - ndi.gaussian_filter(image.astype(float), 3)),
                "the blur has another σ; the colleague's is 2.",
            ),
            (
                lambda image: ndi.gaussian_filter(image.astype(float), 2),
                "this is the blurred image alone.",
            ),
            (
                lambda image: np.clip(sharpen(image), 0, 255).astype(np.uint8),
                "it is clipped and cut to whole numbers; floats are wanted.",
            ),
            (
                lambda image: sharpen(image / 255),
                "it is on a scale to 1; a scale to 255 is wanted.",
            ),
        ),
        hints=(
            "Print ndi.gaussian_filter(image, 2).dtype for a film as uint8, and think of 3 - 5.",
            "One line at the top is enough. The blur has to work on floats as well.",
        ),
    ),
    "7.9": Exercise(
        right=even_out,
        inputs=(
            (EXTREMES, 3),
            (BYTES, 5),
            (FLOATS, 3),
            (LARGER, 7),
            (BLACK, 3),
            (np.arange(40.0).reshape(5, 8) / 30, 3),
        ),
        tolerance=1e-5,
        mistakes=(
            (
                lambda image, size: even_out(image, size, convert=False),
                "the squares of uint8 wrap; look at the type before you square.",
            ),
            (
                lambda image, size: even_out(image, size, root=False),
                "this divides by the variance; the standard deviation is its square root.",
            ),
            (
                lambda image, size: even_out(image, size, divide=False),
                "in effect only the mean is subtracted; look at the division, and at the sign of"
                " the variance.",
            ),
            (
                lambda image, size: even_out(image, size, least=0),
                "where the standard deviation is below 1 it should count as 1; look at even parts.",
            ),
            (
                even_out_whole,
                "the standard deviation is that of the whole image; each window has its own.",
            ),
            (
                even_out_added,
                "1 is added to every standard deviation; it should only replace smaller ones.",
            ),
            (even_out_mean_only, "only the mean is divided; put the difference in brackets."),
            (even_out_no_mean, "the mean of the window is not subtracted."),
            (
                even_out_by(smaller),
                "a standard deviation above 1 counts as 1 here, and a smaller one stays; it should"
                " be the other way round.",
            ),
            (
                even_out_by(root_of_squares),
                "this is the root of the mean of the squares; for the variance something is to be"
                " subtracted from that mean.",
            ),
            (
                even_out_by(spread_of_differences),
                "the differences come from other windows, each with a mean of its own; blur the"
                " squares of the image itself.",
            ),
            (
                lambda image, size: (image.astype(float) - image.mean()) / max(image.std(), 1),
                "mean and standard deviation are those of the whole image; each window has its"
                " own.",
            ),
        ),
        hints=(
            "Make two blurred images: of the values, and of the values squared, both as floats.",
            "The standard deviation is the root of the variance, and np.maximum(variance, 1) keeps"
            " it from getting too small before the root is taken.",
        ),
    ),
}
