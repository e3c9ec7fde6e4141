"""Point operations and histograms: each pixel's new value depends on its old value alone.

Such an operation is a function s = T(r) of the grey level r. An 8-bit image has only 256 levels, a
16-bit image 65 536, so T is worked out once per level and looked up for each pixel.

Everywhere, `image` is an (h, w) array of finite real numbers of any integer or float dtype, which
is never modified; anything else raises ValueError or TypeError. `levels` is the number L of grey
levels, black being 0 and white L - 1: 256 for 8 bits, 65536 for 16 bits, 2 for floats from 0 to 1.
Where r is measured against L - 1, a value outside 0 to L - 1 raises ValueError ("within its
levels"); elsewhere `levels` sets the range of the result and the image may hold any values.

Source of the formulas: Gonzalez & Woods, Digital Image Processing, 4th ed. (2018), chapter 3,
unless another one is named.
"""

import numpy as np

from helpers._validate import (
    boolean_mask,
    check_range,
    ordered,
    real_image,
    real_number,
    top_level,
    whole_number,
)

LEVELS_REMEDY = (
    "levels=65536 is for 16-bit images; helpers.intensity.rescale brings any image to 0 to 255"
)


def _point_operation(image, transform):
    """Apply s = T(r): by look-up where a table can hold every level, by arithmetic elsewhere."""
    if image.dtype.kind != "u" or image.dtype.itemsize > 2:
        return transform(image.astype(np.float64))
    table = transform(np.arange(np.iinfo(image.dtype).max + 1, dtype=np.float64))
    return table[image]


def _ramp(start, end):
    """Make the T that climbs from 0 at `start` to 1 at `end`, and a step where they are equal."""
    start, half_span = float(start), float(end) / 2 - float(start) / 2  # a half cannot overflow
    if half_span > 0:
        return lambda r: np.clip((r / 2 - start / 2) / half_span, 0.0, 1.0)
    return lambda r: (r > start).astype(np.float64)


def rescale(image, out_min=0.0, out_max=255.0):
    """Map the image's own range to another one: (r - min) / (max - min), then stretched.

    Parameters
    ----------
    image : (h, w) real array
    out_min, out_max : float
        What the darkest and the brightest pixel become; `out_min` has to be the smaller one.

    Returns
    -------
    (h, w) float64 array in [out_min, out_max]
        A constant image becomes `out_min`.

    Examples
    --------
    >>> rescale(np.array([[10, 15, 20]]), 0, 1)
    array([[0. , 0.5, 1. ]])
    """
    image = real_image(image)
    out_min, out_max = ordered(out_min, out_max, "out_min", "out_max")
    share = _ramp(image.min(), image.max())
    return _point_operation(image, lambda r: out_min * (1 - share(r)) + out_max * share(r))


def negative(image, levels=256):
    """Exchange bright and dark: s = (L - 1) - r.

    Parameters
    ----------
    image : (h, w) real array within its levels
    levels : int

    Returns
    -------
    (h, w) float64 array in [0, levels - 1]

    Examples
    --------
    >>> negative(np.array([[0, 55, 255]], dtype=np.uint8))
    array([[255., 200.,   0.]])
    """
    image, top = real_image(image), top_level(levels)
    check_range(image, top, LEVELS_REMEDY)
    return _point_operation(image, lambda r: top - r)


def log_transform(image, levels=256):
    """Spread the dark levels, squeeze the bright: s = c log(1 + r), c = (L - 1) / log(1 + max).

    Parameters
    ----------
    image : (h, w) real array
        A value below 0 raises ValueError.
    levels : int

    Returns
    -------
    (h, w) float64 array in [0, levels - 1]
        The brightest pixel becomes L - 1; an image of zeros stays zero.

    Examples
    --------
    >>> log_transform(np.array([[0, 3, 15]])).round(1)
    array([[  0. , 127.5, 255. ]])
    """
    image, top = real_image(image), top_level(levels)
    largest = float(image.max())
    if image.min() < 0:
        raise ValueError(
            f"image holds values from {image.min():g} to {largest:g}; values of at least 0 are"
            " wanted, since smaller ones have no logarithm (helpers.intensity.rescale helps)."
        )
    c = top / np.log1p(largest) if largest else 0.0
    # A table holds levels above the largest one, too; no pixel looks them up.
    return _point_operation(image, lambda r: c * np.log1p(np.minimum(r, largest)))


def gamma_correct(image, gamma, levels=256):
    """Apply the power law s = (L - 1) (r / (L - 1)) ** gamma: gamma below 1 brightens.

    Parameters
    ----------
    image : (h, w) real array within its levels
    gamma : float
        Above 0. 1 changes nothing; above 1 darkens. Black and white stay where they are.
    levels : int

    Returns
    -------
    (h, w) float64 array in [0, levels - 1]

    Examples
    --------
    >>> gamma_correct(np.array([[0.0, 0.25, 1.0]]), gamma=0.5, levels=2)
    array([[0. , 0.5, 1. ]])
    """
    image, top = real_image(image), top_level(levels)
    gamma = real_number(gamma, "gamma", above=0)
    check_range(image, top, LEVELS_REMEDY)
    return _point_operation(image, lambda r: top * (np.clip(r, 0, top) / top) ** gamma)


def stretch_contrast(image, low=2, high=98, levels=256):
    """Map the values between two percentiles of the image linearly to 0 to L - 1; clip the rest.

    Parameters
    ----------
    image : (h, w) real array
    low, high : float
        Percentiles, 0 <= low < high <= 100, interpolated linearly between pixels.
    levels : int

    Returns
    -------
    (h, w) float64 array in [0, levels - 1]
        Where both percentiles are one value, brighter pixels become L - 1 and all others 0.

    Examples
    --------
    >>> stretch_contrast(np.array([[0, 10, 20, 30, 40]]), low=25, high=75)
    array([[  0. ,   0. , 127.5, 255. , 255. ]])
    """
    image, top = real_image(image), top_level(levels)
    low, high = ordered(low, high, "low", "high")
    if low < 0 or high > 100:
        raise ValueError(f"low is {low:g}, high {high:g}; percentiles from 0 to 100 are wanted.")
    share = _ramp(*np.percentile(image.astype(np.float64), (low, high)))
    return _point_operation(image, lambda r: top * share(r))


def slice_levels(image, low, high, value=255, keep=True):
    """Highlight a band of grey levels: where low <= r <= high, s = value.

    Parameters
    ----------
    image : (h, w) real array
    low, high, value : float
        `low` has to be smaller than `high`.
    keep : bool
        Whether the levels outside the band stay as they are; otherwise they become 0.

    Returns
    -------
    (h, w) float64 array

    Examples
    --------
    >>> slice_levels(np.array([[10, 100, 200]]), 90, 110)
    array([[ 10., 255., 200.]])
    >>> slice_levels(np.array([[10, 100, 200]]), 90, 110, keep=False)
    array([[  0., 255.,   0.]])
    """
    image = real_image(image)
    low, high = ordered(low, high, "low", "high")
    value = real_number(value, "value")
    return _point_operation(
        image, lambda r: np.where((r >= low) & (r <= high), value, r if keep else 0.0)
    )


def bit_planes(image):
    """Take an 8-bit image apart into its binary digits.

    Parameters
    ----------
    image : (h, w) real array of whole numbers 0 to 255

    Returns
    -------
    (8, h, w) bool array
        Plane k is the digit worth 2**k: 0 the least significant, 7 the most.

    Examples
    --------
    >>> bit_planes(np.array([[5]]))[:, 0, 0].astype(int)  # 5 = 1 + 4
    array([1, 0, 1, 0, 0, 0, 0, 0])
    """
    image = real_image(image)
    check_range(image, 255)
    digits = image.astype(np.uint8)
    if not np.array_equal(digits, image):
        raise ValueError("image holds fractions; whole numbers are wanted (np.rint rounds them).")
    worth = np.uint8(1) << np.arange(8, dtype=np.uint8)
    return (digits & worth[:, np.newaxis, np.newaxis]) != 0


def histogram(image, levels=256):
    """Count the pixels of each grey level.

    Parameters
    ----------
    image : (h, w) real array within its levels
        Floats are counted at the nearest level, halves at the even one (np.rint).
    levels : int
        At most 2**24.

    Returns
    -------
    (levels,) int array
        Entry k is the number of pixels of level k.

    Examples
    --------
    >>> histogram(np.array([[0, 1, 1, 3]]), levels=4)
    array([1, 2, 0, 1])
    """
    image, top = real_image(image), top_level(levels, most=2**24)
    if image.dtype.kind == "f":
        image = np.rint(image)
    check_range(image, top, LEVELS_REMEDY)
    return np.bincount(image.ravel().astype(np.intp), minlength=top + 1)


def equalize_histogram(image, mask=None, levels=256):
    """Give every part of the grey scale its share of the pixels: s = (L - 1) CDF(r).

    Parameters
    ----------
    image : (h, w) real array
    mask : (h, w) bool array, optional
        The pixels that make up the CDF, the share of pixels not brighter than r: an image without
        its black border, say. All pixels are transformed; those darker than any in the mask
        become what the darkest in it becomes.
    levels : int

    Returns
    -------
    (h, w) float64 array in (0, levels - 1]

    References
    ----------
    Pizer et al., Computer Vision, Graphics, and Image Processing 39 (1987), 355-368.

    Examples
    --------
    >>> equalize_histogram(np.array([[10, 10, 10, 200]]), levels=5)
    array([[3., 3., 3., 4.]])
    """
    image, top = real_image(image), top_level(levels)
    counted = image if mask is None else image[boolean_mask(mask, image.shape)]
    if counted.size == 0:
        raise ValueError("mask selects no pixel; at least one is wanted (mask.any() tells).")
    values, counts = np.unique(counted.astype(np.float64), return_counts=True)
    cdf = np.cumsum(counts) / counted.size

    def equalize(r):
        return top * cdf[np.searchsorted(values, np.maximum(r, values[0]), side="right") - 1]

    return _point_operation(image, equalize)


def equalize_locally(image, tiles=8, clip_limit=0.01, levels=256):
    """Equalize each neighbourhood by its own histogram, with a limit to the contrast (CLAHE).

    The image is cut into `tiles` x `tiles` parts. Each part gets the look-up table that equalizes
    it; a level that more than `clip_limit` of its pixels have is cut there, and what is cut off is
    spread over all levels, so that even areas do not turn into noise. Each pixel is looked up in
    the tables of the four nearest parts, weighted by how near their centres are.

    Parameters
    ----------
    image : (h, w) real array within its levels
        Floats are counted at the nearest level.
    tiles : int
        Parts along each axis.
    clip_limit : float
        Share of a part's pixels, above 0; 1 sets no limit.
    levels : int
        At most 65 536.

    Returns
    -------
    (h, w) float64 array in [0, levels - 1]

    References
    ----------
    K. Zuiderveld, "Contrast limited adaptive histogram equalization", Graphics Gems IV (1994),
    474-485.

    Examples
    --------
    >>> dull = np.tile(np.arange(100, 132, dtype=np.uint8), (32, 1))
    >>> int(np.ptp(dull)), round(np.ptp(equalize_locally(dull, tiles=1, clip_limit=1)))
    (31, 247)
    """
    image, top = real_image(image), top_level(levels, most=2**16)
    tiles = min(whole_number(tiles, "tiles"), *image.shape)
    clip_limit = real_number(clip_limit, "clip_limit", above=0)
    check_range(image, top, LEVELS_REMEDY)
    level = np.rint(image).astype(np.intp)
    rows, columns = (np.array_split(np.arange(n), tiles) for n in image.shape)
    tables = np.array(
        [[_clipped_table(level[np.ix_(r, c)], clip_limit, top) for c in columns] for r in rows]
    )
    (up, down, row_weight), (left, right, column_weight) = map(_nearest_two, (rows, columns))
    above, below = up[:, np.newaxis], down[:, np.newaxis]
    over = _between(tables[above, left, level], tables[above, right, level], column_weight)
    under = _between(tables[below, left, level], tables[below, right, level], column_weight)
    return _between(over, under, row_weight[:, np.newaxis])


def _clipped_table(level, clip_limit, top):
    """Make the look-up table that equalizes one part, from its histogram with a clipped top."""
    share = np.bincount(level.ravel(), minlength=top + 1) / level.size
    clipped = np.minimum(share, clip_limit)
    clipped += (1 - clipped.sum()) / (top + 1)
    return top * np.cumsum(clipped)


def _nearest_two(parts):
    """Find, for each position, the parts whose centres lie before and after it, and its weight.

    The weight of the part after it climbs from 0 at the one centre to 1 at the other.
    """
    centres = np.array([part.mean() for part in parts])
    place = np.interp(np.arange(parts[-1][-1] + 1), centres, np.arange(len(parts)))
    before = np.floor(place).astype(int)
    return before, np.minimum(before + 1, len(parts) - 1), place - before


def _between(first, second, weight):
    """Interpolate linearly: `first` where the weight is 0, `second` where it is 1."""
    return first + (second - first) * weight


def window_level(image, center, width, levels=256):
    """Map the values from center - width/2 to center + width/2 to 0 to L - 1; clip the rest.

    This is LINEAR_EXACT of the DICOM standard. What a viewer applies to a file that names no
    function, LINEAR, is `window_level(image, center - 0.5, width - 1)`.

    Parameters
    ----------
    image : (h, w) real array
    center, width : float
        In the image's unit; the width above 0.
    levels : int

    Returns
    -------
    (h, w) float64 array in [0, levels - 1]

    References
    ----------
    DICOM PS3.3, C.11.2.1.2.1 (LINEAR) and C.11.2.1.3.2 (LINEAR_EXACT).

    Examples
    --------
    >>> window_level(np.array([[-1000, 40, 440]]), center=40, width=400)
    array([[  0. , 127.5, 255. ]])
    """
    image, top = real_image(image), top_level(levels)
    center, width = real_number(center, "center"), real_number(width, "width", above=0)
    share = _ramp(center - width / 2, center + width / 2)
    return _point_operation(image, lambda r: top * share(r))
