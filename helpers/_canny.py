"""The four stages of Canny's edge detector, which `helpers.edges.canny` puts together.

Every stage gives the numbers of scikit-image to the last digit: where two neighbours are equally
strong that digit decides which of them is an edge.
"""

import numpy as np
from scipy import ndimage as ndi

TRUNCATE = 4.0  # a Gaussian is cut off after so many standard deviations
PORTION = 16_000  # pixels that non-maximum suppression looks at together


def unit_scale(image):
    """Divide integers by the largest value of their dtype; floats keep their values.

    float16 and float32 become float32, everything else float64, as in scikit-image.
    """
    if image.dtype.kind in "iu":
        return np.maximum(image * (1.0 / np.iinfo(image.dtype).max), -1.0)
    return image.astype(np.float32 if image.dtype.itemsize <= 4 else np.float64)


def smooth(image, sigma):
    """Blur with a Gaussian that, beside the border, averages only pixels inside the image."""
    # Rows whose length in bytes is a power of two compete for the same places in the processor's
    # cache; with eight numbers more per row a 1024 x 1024 film takes half the time.
    height, width = image.shape
    blurred = np.empty((height, width + 8), dtype=image.dtype)[:, :width]
    ndi.gaussian_filter(image, sigma, mode="constant", truncate=TRUNCATE, output=blurred)
    # The share of the kernel inside the image is the blur of an image of ones. It varies only
    # within one radius of the border, so the blur of a small image of ones has every value of it.
    radius = int(TRUNCATE * sigma + 0.5)
    ones = np.ones([min(n, 2 * radius + 1) for n in image.shape], dtype=image.dtype)
    share = ndi.gaussian_filter(ones, sigma, mode="constant", truncate=TRUNCATE)
    share += np.finfo(image.dtype).eps
    near_border = (_distance_code(n, radius) for n in image.shape)
    blurred /= share[np.ix_(*near_border)]
    return blurred


def _distance_code(n, radius):
    """Map 0 ... n-1 to 0 ... 2*radius: all that is further than radius from both ends to radius."""
    position = np.arange(n)
    return np.minimum(position, radius) + np.maximum(position - max(n - 1 - radius, radius), 0)


def sobel(image, axis):
    """Give what ndi.sobel gives, to the last digit, in a third of its time on a large film."""
    padded = np.pad(image, 1, mode="symmetric")
    along = padded.T if axis == 1 else padded
    climb = (along[2:] - along[:-2]).astype(np.float64, copy=False)
    slope = climb[:, 1:-1] * 2.0
    slope += climb[:, :-2] + climb[:, 2:]
    slope = slope.astype(image.dtype, copy=False)
    return slope.T if axis == 1 else slope


def suppress_non_maxima(down, right, magnitude, low):
    """Find the pixels of at least `low` that are not weaker than their neighbours across the edge.

    Only pixels above the threshold are looked at, by their position in the flattened image, and
    in portions whose intermediate results fit into the processor's cache.
    """
    strong = np.zeros(magnitude.shape, dtype=bool)  # the border stays False: no neighbours there
    # scikit-image compares in single precision, and takes 0 to mean "above 0".
    lowest = float(np.float32(low)) or 1e-14
    np.greater_equal(magnitude[1:-1, 1:-1], lowest, out=strong[1:-1, 1:-1])
    positions = np.flatnonzero(strong)
    portions = np.array_split(positions, positions.size // PORTION + 1)
    return np.concatenate([_crests(part, down, right, magnitude) for part in portions])


def _crests(here, down, right, magnitude):
    """Keep the positions where neither neighbour across the edge is stronger.

    The neighbours lie one step along the gradient and one step against it. That is between two
    pixels of the grid, a straight and a diagonal one, so their magnitude is interpolated linearly.
    """
    width = magnitude.shape[1]  # in the flattened image the next row is this many positions away
    magnitude = magnitude.ravel()
    down, right = down.ravel()[here], right.ravel()[here]
    same_sign = (down > 0) == (right > 0)
    down, right = np.abs(down), np.abs(right)
    # Of the four cases the gradient runs rather along the row in the first two, and in the second
    # and fourth both derivatives have the same sign: it points down right or up left.
    case = 2 * (down > right) + same_sign
    straight = np.array([1, 1, width, width])[case]
    diagonal = np.array([1 - width, 1 + width, width - 1, width + 1])[case]
    share = np.minimum(down, right) / np.maximum(down, right)  # of the diagonal pixel
    for step in (1, -1):
        beside = magnitude[here + step * diagonal] * share
        beside = beside + magnitude[here + step * straight] * (1.0 - share.astype(np.float64))
        crest = np.flatnonzero(beside <= magnitude[here])
        here, straight, diagonal, share = (v[crest] for v in (here, straight, diagonal, share))
    return here


def hysteresis(crests, magnitude, high):
    """Keep the lines of crest pixels, joined by sides or corners, that reach `high` somewhere."""
    edges = np.zeros(magnitude.shape, dtype=bool)
    edges.ravel()[crests] = True
    labels, count = ndi.label(edges, np.ones((3, 3)))
    labels = labels.ravel()[crests]
    reaches_high = np.zeros(count + 1, dtype=bool)
    reaches_high[labels[magnitude.ravel()[crests] >= high]] = True
    edges.ravel()[crests] = reaches_high[labels]
    return edges
