"""Masks: Otsu's threshold, regions and their measures, the lung field, and Dice's coefficient.

A mask is an (h, w) boolean array, True where a pixel belongs to what is meant. `image` is an
(h, w) array of finite real numbers of any integer or float dtype, which is never modified;
anything else raises TypeError or ValueError with a sentence that says what was wanted.
"""

import numpy as np
from scipy import ndimage as ndi

from helpers import _lungs as step
from helpers import _opacity as measure
from helpers._validate import boolean_mask, real_image

FLOAT_BINS = 256  # histogram bins for float images; integers have one bin per level


def otsu_threshold(image):
    """Find the threshold that separates dark from bright pixels best.

    Parameters
    ----------
    image : (h, w) real array

    Returns
    -------
    float
        Pixels with ``image > threshold`` form the bright class, those with ``image <= threshold``
        the dark one, and the variance between the two classes is as large as it can be. For
        integers it is one of the levels; for floats, to the width of a bin, the centre of one of
        256 bins between the smallest and the largest value. A constant image gives its own value.
        Equal to ``skimage.filters.threshold_otsu``.

    References
    ----------
    N. Otsu, A threshold selection method from gray-level histograms, IEEE Trans. Systems, Man, and
    Cybernetics 9 (1979) 62-66.
    """
    image = real_image(image)
    if image.min() == image.max():
        return float(image.flat[0])
    digit = 0 if image.dtype.kind in "iu" else np.spacing(np.abs(image).max())
    if not digit or np.ptp(image) < FLOAT_BINS * digit:  # no room for bins: each value is a level
        levels, counts = np.unique(image, return_counts=True)
    else:
        counts, edges = np.histogram(image, bins=FLOAT_BINS)
        levels = (edges[:-1] + edges[1:]) / 2
    levels, counts = levels.astype(np.float64), counts.astype(np.float64)
    dark, bright = np.cumsum(counts)[:-1], np.cumsum(counts[::-1])[-2::-1]
    dark_mean = np.cumsum(counts * levels)[:-1] / dark
    bright_mean = np.cumsum((counts * levels)[::-1])[-2::-1] / bright
    between = dark * bright * (dark_mean - bright_mean) ** 2
    return float(levels[np.argmax(between)])


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
    """
    a = boolean_mask(a, name="a")
    b = boolean_mask(b, a.shape, "b")
    total = int(a.sum()) + int(b.sum())
    return 2 * int((a & b).sum()) / total if total else 1.0


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
    """
    mask = boolean_mask(mask)
    labels, count = ndi.label(mask, np.ones((3, 3)))
    numbers = range(1, count + 1)
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    centroids = ndi.center_of_mass(mask, labels, numbers)
    rows = [
        {
            "label": label,
            "area": int(area),
            "centroid": tuple(float(position) for position in centroid),
            "bbox": tuple(part.start for part in box) + tuple(part.stop for part in box),
        }
        for label, area, centroid, box in zip(
            numbers, areas, centroids, ndi.find_objects(labels), strict=True
        )
    ]
    if image is not None:
        image = real_image(image)
        if image.shape != mask.shape:
            raise ValueError(
                f"image has shape {image.shape} and mask {mask.shape}; equal shapes are wanted."
            )
        means = ndi.mean(image.astype(np.float64), labels, numbers)
        for row, mean in zip(rows, means, strict=True):
            row["intensity_mean"] = float(mean)
    return rows


def lung_field(image):
    """Find the lungs on a frontal chest film on which dense tissue is bright.

    Lungs are two large dark areas that the brighter body surrounds, left and right of the spine.
    Eight steps find them: cut off the frame; shrink; equalize; keep what is darker than its
    surroundings; cut thin links (opening); choose the two regions that go best together as lungs;
    follow their edge; fill ribs and vessels, drop spurs, straighten the side along the rib cage.

    Parameters
    ----------
    image : (h, w) real array
        Any size and aspect; the lungs should be complete. No units are needed, since only the
        order of the grey levels and their local differences count.

    Returns
    -------
    (h, w) bool
        Both visible lung fields, without heart, mediastinum and what lies below the diaphragm.
        All False where no two regions look like a pair of lungs, as on a blank image.

    Notes
    -----
    What it cannot do: tell a lung that is entirely white, tell apart stomach gas that no visible
    diaphragm separates from the lung, or reach the tip of a sharp costophrenic angle.

    References
    ----------
    B. van Ginneken, B. M. ter Haar Romeny and M. A. Viergever, Computer-aided diagnosis in chest
    radiography: a survey, IEEE Trans. Medical Imaging 20 (2001) 1228-1241, section on lung fields.
    """
    image = real_image(image)
    found = np.zeros(image.shape, dtype=bool)
    rows, columns = step.inside_frame(image)
    film = step.shrink(image[rows, columns])
    pair = step.choose_pair(film)
    if pair is not None:
        lungs = step.follow_edge(film, pair)
        lungs = step.complete(lungs, pair)
        found[rows, columns] = step.enlarge(lungs, image[rows, columns].shape)
    return found


def opacity(image, lungs):
    """Find the parts of the lungs that are whiter than clear lung, as in pneumonia.

    The film is put on a scale of its own, on which exposure cancels: 0 is clear lung (a low
    percentile of the lungs), 1 the dense tissue between them. Ribs and vessels are blurred, and
    each place is compared with the clearer one of itself and its mirror image in the other lung.
    What exceeds that is opacity, unless it is small or never leaves the rim of the lung.

    Parameters
    ----------
    image : (h, w) real array
        A frontal chest film on which dense tissue is bright, of any size from about 128 pixels.
    lungs : (h, w) bool
        Both lung fields, as from `lung_field`.

    Returns
    -------
    (h, w) bool
        True where the lung is opaque, False outside the lungs. All False without lungs, and where
        the tissue between them is no brighter than they are, as on a blank image.
        ``opacity(image, lungs).sum() / lungs.sum()`` is the opacity share.

    Raises
    ------
    TypeError, ValueError
        If the image is not one of real numbers, `lungs` not a mask of its shape, or if nothing
        lies between the lungs, as when there is but one.

    Notes
    -----
    What it cannot do: see what is the same in both lungs, such as faint haze on both sides, or in
    the whole of one; see opacity behind the heart, or a lung so white that `lung_field` leaves it
    out; tell pneumonia from fluid, collapse, a tumour, a breast or a wire. It is no diagnosis.

    References
    ----------
    B. van Ginneken, B. M. ter Haar Romeny and M. A. Viergever, Computer-aided diagnosis in chest
    radiography: a survey, IEEE Trans. Medical Imaging 20 (2001) 1228-1241, on comparing the lungs.
    """
    image = real_image(image)
    lungs = boolean_mask(lungs, image.shape, "lungs")
    found = np.zeros(image.shape, dtype=bool)
    if not lungs.any():
        return found
    box, factor = measure.surroundings(lungs)
    film, small = measure.shrink(image[box], factor), measure.shrink(lungs[box], factor) > 0.5
    if measure.between(small).sum() <= measure.LEAST_BETWEEN * small.sum():
        raise ValueError("lungs leave no tissue between them; a left and a right lung are wanted.")
    clear, dense = measure.reference_levels(film, small)
    if dense > clear:
        size = np.sqrt(small.sum() / 2)
        smooth = measure.mean_nearby(
            (film - clear) / (dense - clear), small, measure.SMOOTHING * size
        )
        excess = smooth - measure.expected_level(smooth, small, measure.NEARBY * size)
        opaque = measure.opaque_parts(excess, small, measure.RIM * size)
        found[box] = measure.enlarge(opaque, factor, lungs[box].shape) & lungs[box]
    return found
