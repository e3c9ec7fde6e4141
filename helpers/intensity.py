"""Point operations and histograms: each pixel's new value depends on its old value alone.

Such an operation is a function s = T(r) of the grey level r. An 8-bit film has only 256 levels, a
16-bit film 65 536, so T is worked out once per level and looked up for each pixel.

Everywhere, `image` is an (h, w) array of finite real numbers of any integer or float dtype, which
is never modified; anything else raises ValueError or TypeError. `levels` is the number L of grey
levels, black being 0 and white L - 1: 256 for 8 bits, 65536 for 16 bits, 2 for floats from 0 to 1.
Where r is measured against L - 1, a value outside 0 to L - 1 raises ValueError ("within its
levels"); elsewhere `levels` sets the range of the result and the image may hold any values.

Source of the formulas: Gonzalez & Woods, Digital Image Processing, 4th ed. (2018), chapter 3,
unless another one is named.
"""

import numpy as np

from helpers._levels import count_levels, cumulative_counts, percentiles, point_operation, ramp
from helpers._validate import boolean_mask, check_range, ordered, real_image, real_number, top_level


def as_float(image):
    """Convert to float64 with every value unchanged: the first step before any arithmetic.

    Returns
    -------
    (h, w) float64 array
        Always a copy. Integers beyond 2**53 are rounded to the nearest float.
    """
    return real_image(image).astype(np.float64)


def rescale(image, out_min=0.0, out_max=255.0):
    """Map the image's own range to another one: (r - min) / (max - min), then stretched.

    Parameters
    ----------
    image : (h, w) real array
    out_min, out_max : float
        What the darkest and the brightest pixel become.

    Returns
    -------
    (h, w) float64 array in [out_min, out_max]
        A constant image becomes `out_min`.

    Raises
    ------
    ValueError
        If `out_min` >= `out_max`.
    """
    image = real_image(image)
    out_min, out_max = ordered(out_min, out_max, "out_min", "out_max")
    share = ramp(image.min(), image.max())
    return point_operation(image, lambda r: out_min + (out_max - out_min) * share(r))


def negative(image, levels=256):
    """Exchange bright and dark: s = (L - 1) - r.

    Parameters
    ----------
    image : (h, w) real array within its levels
    levels : int

    Returns
    -------
    (h, w) float64 array in [0, levels - 1]
    """
    image, top = real_image(image), top_level(levels)
    check_range(image, top)
    return point_operation(image, lambda r: top - r)


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
    """
    image, top = real_image(image), top_level(levels)
    largest = float(image.max())
    check_range(image, max(largest, 0.0))
    if largest <= 0:
        return np.zeros(image.shape)
    c = top / np.log1p(largest)
    return point_operation(image, lambda r: c * np.log1p(np.clip(r, 0, largest)))


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

    Raises
    ------
    ValueError
        If gamma is not above 0 or a value lies outside 0 to levels - 1.
    """
    image, top = real_image(image), top_level(levels)
    gamma = real_number(gamma, "gamma", above=0)
    check_range(image, top)
    return point_operation(image, lambda r: top * (np.clip(r, 0, top) / top) ** gamma)


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

    Raises
    ------
    ValueError
        If the percentiles are out of order or range.
    """
    image, top = real_image(image), top_level(levels)
    low, high = ordered(low, high, "low", "high")
    if low < 0 or high > 100:
        raise ValueError(f"low is {low:g}, high {high:g}; percentiles from 0 to 100 are wanted.")
    share = ramp(*percentiles(image, (low, high)))
    return point_operation(image, lambda r: top * share(r))


def slice_levels(image, low, high, value=255, keep=True):
    """Highlight a band of grey levels: where low <= r <= high, s = value.

    Parameters
    ----------
    image : (h, w) real array
    low, high, value : float
    keep : bool
        Whether the levels outside the band stay as they are; otherwise they become 0.

    Returns
    -------
    (h, w) float64 array

    Raises
    ------
    ValueError
        If `low` >= `high`.
    """
    image = real_image(image)
    low, high = ordered(low, high, "low", "high")
    value = real_number(value, "value")
    return point_operation(
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

    Raises
    ------
    ValueError
        If a value is a fraction or lies outside 0 to 255.
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

    Returns
    -------
    (levels,) int array
        Entry k is the number of pixels of level k.
    """
    image, top = real_image(image), top_level(levels)
    if image.dtype.kind == "f":
        image = np.rint(image)
    check_range(image, top)
    counts = count_levels(image)[: top + 1]
    return np.pad(counts, (0, top + 1 - counts.size))


def equalize_histogram(image, mask=None, levels=256):
    """Give every part of the grey scale its share of the pixels: s = (L - 1) CDF(r).

    Parameters
    ----------
    image : (h, w) real array
    mask : (h, w) bool array, optional
        The pixels that make up the CDF, the share of pixels not brighter than r: a film without
        its black border, say. All pixels are transformed; those darker than any in the mask
        become what the darkest in it becomes.
    levels : int

    Returns
    -------
    (h, w) float64 array in (0, levels - 1]

    Raises
    ------
    ValueError, TypeError
        If the mask is not boolean, has another shape or selects no pixel.

    References
    ----------
    Pizer et al., Computer Vision, Graphics, and Image Processing 39 (1987), 355-368.
    """
    image, top = real_image(image), top_level(levels)
    counted = image if mask is None else image[boolean_mask(mask, image.shape)]
    if counted.size == 0:
        raise ValueError("mask selects no pixel; at least one is wanted (mask.any() tells).")
    values, ranks = cumulative_counts(counted)
    scaled_cdf = top * (ranks / counted.size)

    def equalize(r):
        return scaled_cdf[np.searchsorted(values, np.maximum(r, values[0]), side="right") - 1]

    return point_operation(image, equalize)


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

    Raises
    ------
    ValueError
        If the width is not above 0.

    References
    ----------
    DICOM PS3.3, C.11.2.1.2.1 (LINEAR) and C.11.2.1.3.2 (LINEAR_EXACT).
    """
    image, top = real_image(image), top_level(levels)
    center, width = real_number(center, "center"), real_number(width, "width", above=0)
    share = ramp(center - width / 2, center + width / 2)
    return point_operation(image, lambda r: top * share(r))
