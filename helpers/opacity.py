"""Opacity: what is whiter than clear lung, as in pneumonia, found in steps that can be looked at.

1. `between`: the dense tissue between the lungs, which disease changes least;
2. `on_own_scale`: 0 is clear lung and 1 that tissue, so exposure cancels;
3. `mirrored`: every place beside the same place in the other lung;
4. `expected_level`: what healthy lung would show there, the clearer one of the two;
5. `opaque_parts`: what exceeds that, unless it is small or never leaves the rim of a lung.

`opacity` runs all of them on a small copy of the lungs and their surroundings. Lengths are shares
of a lung's size, the side of the square that has its area. `film` and `image` are (h, w) arrays of
finite real numbers of any integer or float dtype on which dense tissue is bright; they are never
modified, and to `opacity` anything else raises TypeError or ValueError. Masks are (h, w) boolean.

References
----------
B. van Ginneken, B. M. ter Haar Romeny and M. A. Viergever, Computer-aided diagnosis in chest
radiography: a survey, IEEE Trans. Medical Imaging 20 (2001) 1228-1241, on comparing the lungs.
"""

import numpy as np
from scipy import ndimage as ndi

from helpers._validate import boolean_mask, real_image
from helpers.images import resize

LONGEST = 180  # pixels of the longer side of both lungs in the small copy
LEAST_BETWEEN = 0.1  # tissue between two lungs, as a share of both; beside one there is less
CLEAR = 10  # percentile of the lungs that stands for clear lung, between ribs and vessels
BLUR = 0.045  # standard deviation that blurs ribs and vessels: nearly a rib's height
EXCESS = 0.07  # share of the way from clear lung to dense tissue that counts as opacity
RIM = 0.18  # depth of the rim, where ribs, chest wall and heart brighten healthy lung too
SMALLEST = 0.008  # share of both lungs below which a part is noise


def opacity(image, lungs):
    """Find the parts of the lungs that are whiter than clear lung.

    Parameters
    ----------
    image : (h, w) real array
        A frontal chest film of any size from about 128 pixels.
    lungs : (h, w) bool
        Both lung fields, as from `helpers.lungs.lung_field`.

    Returns
    -------
    (h, w) bool
        True where the lung is opaque, False outside the lungs. All False without lungs, and where
        the tissue between them is no brighter than they are, as on a blank image.
        ``opacity(image, lungs).sum() / lungs.sum()`` is the opacity share.

    Raises
    ------
    ValueError
        If nothing lies between the lungs, as when there is but one.

    Notes
    -----
    What it cannot do: see what is the same in both lungs, such as faint haze on both sides, or in
    the whole of one; see opacity behind the heart, or a lung so white that the lung field leaves
    it out; tell pneumonia from fluid, collapse, a tumour, a breast or a wire. It is no diagnosis.

    Examples
    --------
    >>> from helpers import datasets
    >>> from helpers.lungs import lung_field
    >>> film = datasets.load("phantom").frames[4]
    >>> lungs = lung_field(film)
    >>> bool(0.1 < opacity(film, lungs).sum() / lungs.sum() < 0.5)
    True
    """
    image = real_image(image)
    lungs = boolean_mask(lungs, image.shape, "lungs")
    found = np.zeros(image.shape, dtype=bool)
    if not lungs.any():
        return found
    box = ndi.find_objects(lungs.astype(np.uint8))[0]
    shape = np.array(lungs[box].shape)
    small = tuple(np.maximum(1, np.rint(shape * min(1, LONGEST / shape.max())).astype(int)))
    film, both = resize(image[box], small), resize(lungs[box].astype(float), small) > 0.5
    if between(both).sum() <= LEAST_BETWEEN * both.sum():
        raise ValueError("lungs leave no tissue between them; a left and a right lung are wanted.")
    scaled = on_own_scale(film, both)
    opaque = opaque_parts(scaled - expected_level(scaled, both), both)
    found[box] = resize(opaque.astype(float), shape) > 0.5
    return found & lungs


def between(lungs):
    """Mark, in each row, what lies between lung and lung.

    Examples
    --------
    >>> between(np.array([[True, False, False, True, False]]))
    array([[False,  True,  True, False, False]])
    """
    from_left = np.logical_or.accumulate(lungs, axis=1)
    from_right = np.logical_or.accumulate(lungs[:, ::-1], axis=1)[:, ::-1]
    return from_left & from_right & ~lungs


def on_own_scale(film, lungs):
    """Scale the film so that clear lung is 0 and the tissue between the lungs 1; blur the ribs.

    Returns
    -------
    (h, w) float64 array
        Each pixel averages the lung around it, not what lies beside the lung. All 0 where the
        tissue is no brighter than clear lung.

    Examples
    --------
    >>> lungs = np.array([[True, False, True]] * 9)
    >>> film = np.where(lungs, 40, 200)
    >>> on_own_scale(film, lungs)[0]
    array([0., 0., 0.])
    """
    clear, dense = np.percentile(film[lungs], CLEAR), np.median(film[between(lungs)])
    if dense <= clear:
        return np.zeros(film.shape)
    return masked_gaussian((film - clear) / (dense - clear), lungs, BLUR * lung_size(lungs))


def lung_size(lungs):
    """Measure the side of the square that has the area of one lung.

    Examples
    --------
    >>> float(lung_size(np.ones((8, 4), dtype=bool)))
    4.0
    """
    return np.sqrt(lungs.sum() / 2)


def masked_gaussian(film, mask, sigma):
    """Average, around each pixel, the film over the pixels of the mask (Gaussian weights).

    Examples
    --------
    >>> film = np.array([[10.0, 20.0, 90.0]])
    >>> masked_gaussian(film, np.array([[True, True, False]]), 100).round(1)
    array([[15., 15., 15.]])
    """
    weight = ndi.gaussian_filter(mask.astype(float), sigma)
    total = ndi.gaussian_filter(np.where(mask, film, 0.0), sigma)
    return np.divide(total, weight, out=np.zeros(film.shape), where=weight > 1e-6)


def mirrored(array, lungs):
    """Exchange left and right about the middle of the lungs, row by row.

    Where a row has no lung, the middle is that of the array.

    Examples
    --------
    >>> lungs = np.array([[False, True, True, False, True, True]])
    >>> mirrored(np.array([[0, 1, 2, 3, 4, 5]]), lungs)
    array([[5, 5, 4, 3, 2, 1]])
    """
    columns = np.arange(lungs.shape[1])
    first, last = lungs.argmax(axis=1), columns[-1] - lungs[:, ::-1].argmax(axis=1)
    partner = (first + last)[:, None] - columns  # the column `first` gets what is at `last`
    return np.take_along_axis(array, np.clip(partner, 0, columns[-1]), axis=1)


def expected_level(film, lungs):
    """Guess the level of healthy lung at each place: the clearer one of the place and its partner.

    When the patient stands a little turned, one whole lung is whiter: the median difference of the
    partners is taken off first. Where the partner is hidden, as by the heart, the neighbourhood
    decides.

    Examples
    --------
    >>> lungs = np.ones((9, 20), dtype=bool)
    >>> film = np.zeros((9, 20))
    >>> film[3:6, 2:6] = 0.5  # whiter than its partner on the right
    >>> float(expected_level(film, lungs).max())
    0.0
    """
    paired = lungs & mirrored(lungs, lungs)
    columns = np.broadcast_to(np.arange(lungs.shape[1]), lungs.shape)
    on_left = columns < mirrored(columns, lungs)
    difference = film - mirrored(film, lungs)
    turned = np.median(difference[paired & on_left]) if paired.any() else 0.0
    difference = difference - np.where(on_left, turned, -turned)
    return masked_gaussian(film - np.maximum(0, difference), paired, 1.5 * BLUR * lung_size(lungs))


def opaque_parts(excess, lungs):
    """Keep the parts that reach the core of a lung, follow them into the rim, drop small ones.

    Examples
    --------
    >>> lungs = np.ones((60, 60), dtype=bool)
    >>> excess = np.zeros((60, 60))
    >>> excess[20:40, 20:40] = 0.2
    >>> int(opaque_parts(excess, lungs).sum())
    400
    """
    whiter = (excess > EXCESS) & lungs
    rim = RIM * lung_size(lungs)
    core = ndi.distance_transform_edt(np.pad(lungs, 1))[1:-1, 1:-1] > rim
    labels, count = ndi.label(whiter & core)
    areas = np.bincount(labels.flat, minlength=count + 1)
    large = np.flatnonzero(areas[1:] >= SMALLEST * lungs.sum()) + 1
    start = np.isin(labels, large)
    return ndi.binary_dilation(start, iterations=max(1, round(rim)), mask=whiter)
