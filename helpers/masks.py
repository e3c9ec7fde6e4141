"""Masks: Otsu's threshold, regions and their measures, and how well two masks agree.

A mask is an (h, w) boolean array, True where a pixel belongs to what is meant. `image` is an
(h, w) array of finite real numbers of any integer or float dtype, which is never modified;
anything else raises TypeError or ValueError with a sentence that says what was wanted.
"""

import numpy as np
from scipy import ndimage as ndi

from helpers._validate import boolean_mask, real_image

FLOAT_BINS = 256  # histogram bins for float images; integers have one bin per level


def otsu_threshold(values):
    """Find the threshold that separates dark from bright pixels best.

    Parameters
    ----------
    values : (h, w) or (n,) real array
        An image, or any selection of its pixels such as ``image[mask]``.

    Returns
    -------
    float
        Pixels with ``values > threshold`` form the bright class, those with ``values <=
        threshold`` the dark one, and the variance between the two classes is as large as it can
        be. For integers it is one of the levels; for floats, to the width of a bin, the centre of
        one of 256 bins between the smallest and the largest value. Where all values are equal it
        is that value. Equal to ``skimage.filters.threshold_otsu`` for integers and float64.

    References
    ----------
    N. Otsu, A threshold selection method from gray-level histograms, IEEE Trans. Systems, Man, and
    Cybernetics 9 (1979) 62-66.

    Examples
    --------
    >>> otsu_threshold(np.array([10, 11, 12, 200, 201, 202]))
    12.0
    """
    if isinstance(values, np.ndarray) and values.ndim == 1 and values.size:
        values = values[np.newaxis]  # a selection of pixels is an image of one row
    levels, counts = _levels_and_counts(real_image(values, "values"))
    if len(levels) == 1:
        return float(levels[0])
    dark, bright = np.cumsum(counts)[:-1], _cumsum_from_the_end(counts)
    dark_mean = np.cumsum(counts * levels)[:-1] / dark
    bright_mean = _cumsum_from_the_end(counts * levels) / bright
    between = dark * bright * (dark_mean - bright_mean) ** 2
    return float(levels[np.argmax(between)])


def _levels_and_counts(values):
    """Return the levels that occur and how many pixels have each, both as floats."""
    if values.dtype.kind == "f":
        values = values.astype(np.float64)
        # Bins narrower than the last digit of the numbers would be empty or split a level.
        if np.ptp(values) >= FLOAT_BINS * np.spacing(np.abs(values).max()):
            counts, edges = np.histogram(values, bins=FLOAT_BINS)
            return (edges[:-1] + edges[1:]) / 2, counts.astype(np.float64)
    levels, counts = np.unique(values, return_counts=True)
    return levels.astype(np.float64), counts.astype(np.float64)


def _cumsum_from_the_end(numbers):
    """Return, for each place but the last, the sum of all numbers after it."""
    return np.cumsum(numbers[::-1])[::-1][1:]


def dice(a, b):
    """Measure how well two masks agree.

    Parameters
    ----------
    a, b : (h, w) bool

    Returns
    -------
    float
        Dice's coefficient: twice the common area divided by the sum of the two areas. 1 when they
        are equal (two empty masks too), 0 when they have nothing in common.

    References
    ----------
    L. R. Dice, Measures of the amount of ecologic association between species, Ecology 26 (1945)
    297-302.

    Examples
    --------
    >>> a = np.array([[True, True, False, False]])
    >>> dice(a, np.roll(a, 1))
    0.5
    """
    a = boolean_mask(a, name="a")
    b = boolean_mask(b, a.shape, "b")
    total = int(a.sum()) + int(b.sum())
    return 2 * int((a & b).sum()) / total if total else 1.0


def boundary_distance(a, b):
    """Measure how far apart the outlines of two masks are.

    For each pixel of either outline, the distance to the nearest pixel of the other outline is
    taken. Dice's coefficient hardly sees a thin rim around a large mask; these distances do.

    Parameters
    ----------
    a, b : (h, w) bool

    Returns
    -------
    dict of float, in pixels
        mean : mean of these distances, over both outlines together;
        hausdorff95 : 95th percentile of them, the greater of the two outlines' own.

        Both are 0 for two empty masks, and infinite where only one is empty.

    References
    ----------
    D. P. Huttenlocher, G. A. Klanderman and W. J. Rucklidge, Comparing images using the Hausdorff
    distance, IEEE Trans. Pattern Analysis and Machine Intelligence 15 (1993) 850-863.

    Examples
    --------
    >>> a = np.zeros((20, 20), dtype=bool)
    >>> a[5:15, 5:10] = True
    >>> boundary_distance(a, np.roll(a, 2, axis=0))
    {'mean': 0.6153846153846154, 'hausdorff95': 2.0}
    """
    a = boolean_mask(a, name="a")
    b = boolean_mask(b, a.shape, "b")
    if not (a.any() and b.any()):
        distance = 0.0 if a.any() == b.any() else np.inf
        return {"mean": distance, "hausdorff95": distance}
    outlines = [mask & ~ndi.binary_erosion(mask) for mask in (a, b)]
    there = ndi.distance_transform_edt(~outlines[1])[outlines[0]]
    back = ndi.distance_transform_edt(~outlines[0])[outlines[1]]
    return {
        "mean": float(np.concatenate([there, back]).mean()),
        "hausdorff95": float(max(np.percentile(there, 95), np.percentile(back, 95))),
    }


def regions(mask, image=None):
    """Measure every connected region of a mask.

    Parameters
    ----------
    mask : (h, w) bool
        Pixels that touch by a side or a corner belong to the same region.
    image : (h, w) real array, optional
        Where the mean intensity is taken from.

    Returns
    -------
    list of dict, one per region, in the order in which the rows of the mask meet them
        label : 1, 2, ...;
        area : number of pixels;
        centroid : (row, column), mean position of its pixels;
        bbox : (first row, first column, last row + 1, last column + 1);
        intensity_mean : mean of the image inside it, when an image is given.

        Names and values are those of ``skimage.measure.regionprops``.

    Examples
    --------
    >>> regions(np.array([[True, True, False, True]]))[0]
    {'label': 1, 'area': 2, 'centroid': (0.0, 0.5), 'bbox': (0, 0, 1, 2)}
    """
    mask = boolean_mask(mask)
    if image is not None:
        image = real_image(image)
        if image.shape != mask.shape:
            raise ValueError(f"image has shape {image.shape}, mask {mask.shape}; one is wanted.")
    labels, _ = ndi.label(mask, np.ones((3, 3)))
    rows = []
    for label, (down, right) in enumerate(ndi.find_objects(labels), start=1):
        part = labels[down, right] == label
        r, c = np.nonzero(part)
        centroid = float(down.start + r.mean()), float(right.start + c.mean())
        bbox = down.start, right.start, down.stop, right.stop
        row = {"label": label, "area": r.size, "centroid": centroid, "bbox": bbox}
        if image is not None:
            row["intensity_mean"] = float(image[down, right][part].mean(dtype=np.float64))
        rows.append(row)
    return rows
