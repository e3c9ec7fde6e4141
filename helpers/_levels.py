"""What makes point operations fast: an 8-bit film has 256 levels, however many pixels it has."""

import numpy as np


def has_few_levels(pixels):
    """Tell whether the dtype is unsigned with 8 or 16 bits, so that a table can hold its levels."""
    return pixels.dtype.kind == "u" and pixels.dtype.itemsize <= 2


def point_operation(image, transform):
    """Apply s = T(r): by look-up where there are few levels, by arithmetic elsewhere.

    Parameters
    ----------
    image : (h, w) real array
    transform : callable
        T, from a float64 array to a float64 array of the same shape.

    Returns
    -------
    (h, w) float64 array
    """
    if not has_few_levels(image):
        return transform(image.astype(np.float64))
    table = transform(np.arange(np.iinfo(image.dtype).max + 1, dtype=np.float64))
    return table[image]


def ramp(start, end):
    """Make the T that climbs from 0 at `start` to 1 at `end`, and a step where they are equal."""
    start, end = float(start), float(end)
    if end > start:
        return lambda r: np.clip((r - start) / (end - start), 0.0, 1.0)
    return lambda r: (r > start).astype(np.float64)


def count_levels(pixels):
    """Count whole numbers, none below 0: entry k says how often k occurs."""
    pixels = pixels.ravel()
    if pixels.dtype != np.uint8:
        return np.bincount(pixels.astype(np.intp))
    # Two 8-bit pixels are counted at a time, as one 16-bit number: half as many steps.
    pairs, last = np.split(pixels, [pixels.size // 2 * 2])
    counts = np.bincount(pairs.view(np.uint16), minlength=2**16).reshape(256, 256)
    return counts.sum(axis=0) + counts.sum(axis=1) + np.bincount(last, minlength=256)


def cumulative_counts(pixels):
    """Return the values that occur, in ascending order, and how many pixels are at most each."""
    if has_few_levels(pixels):
        counts = count_levels(pixels)
        values = np.flatnonzero(counts)
        return values, np.cumsum(counts[values])
    values, counts = np.unique(pixels.astype(np.float64), return_counts=True)
    return values, np.cumsum(counts)


def percentiles(pixels, percents):
    """Do what np.percentile does, by counting instead of sorting where there are few levels."""
    values, ranks = cumulative_counts(pixels)
    position = np.array(percents) / 100 * (pixels.size - 1)
    before = np.floor(position)
    low = values[np.searchsorted(ranks, before, side="right")].astype(np.float64)
    high = values[np.searchsorted(ranks, np.ceil(position), side="right")]
    return low + (high - low) * (position - before)
