"""The steps by which `helpers.masks.opacity` finds what is whiter than lung should be.

They work on a small copy of the lungs and their surroundings. Lengths are shares of a lung's size,
the side of the square that has its area, so that every film is treated alike.
"""

import numpy as np
from scipy import ndimage as ndi

SIDE = 180  # about how many pixels the longer side of both lungs has in the small copy
LEAST_BETWEEN = 0.1  # tissue between two lungs, as a share of both; beside one there is less
CLEAR = 10  # percentile of the lungs that stands for clear lung, between ribs and vessels
SMOOTHING = 0.045  # standard deviation that blurs ribs and vessels, nearly a rib's height
NEARBY = 0.07  # standard deviation over which the expected level is averaged
EXCESS = 0.07  # share of the way from clear lung to soft tissue that counts as opacity
RIM = 0.18  # depth of the rim, where ribs, chest wall and heart brighten healthy lung too
SMALLEST = 0.008  # share of both lungs below which a part is noise


def surroundings(lungs):
    """Find the box of the lungs, and how many pixels a side become one in the small copy."""
    box = ndi.find_objects(lungs.astype(np.uint8))[0]
    longest = max(part.stop - part.start for part in box)
    return box, max(1, round(longest / SIDE))


def shrink(image, factor):
    """Average blocks of factor x factor pixels; the last blocks repeat the border."""
    rows, columns = (-n % factor for n in image.shape)
    image = np.pad(image.astype(np.float64), ((0, rows), (0, columns)), mode="edge")
    height, width = (n // factor for n in image.shape)
    return image.reshape(height, factor, width, factor).mean(axis=(1, 3))


def enlarge(mask, factor, shape):
    """Undo `shrink` for a mask, with smooth outlines."""
    large = ndi.zoom(mask.astype(np.float32), factor, order=1, mode="nearest", grid_mode=True)
    return large[: shape[0], : shape[1]] > 0.5


def between(lungs):
    """Find the tissue between the lungs: in each row, what lies between lung and lung."""
    from_left = np.logical_or.accumulate(lungs, axis=1)
    from_right = np.logical_or.accumulate(lungs[:, ::-1], axis=1)[:, ::-1]
    return from_left & from_right & ~lungs


def reference_levels(film, lungs):
    """Measure what disease changes least: clear lung, and the dense tissue between the lungs."""
    return np.percentile(film[lungs], CLEAR), np.median(film[between(lungs)])


def mean_nearby(film, mask, sigma):
    """Average, around each pixel, the film over the pixels of the mask (Gaussian weights)."""
    weight = ndi.gaussian_filter(mask.astype(np.float64), sigma)
    total = ndi.gaussian_filter(np.where(mask, film, 0), sigma)
    return np.divide(total, weight, out=np.zeros_like(total), where=weight > 1e-6)


def chest_columns(lungs):
    """Find, in each row, the first and the last column of lung."""
    return lungs.argmax(axis=1), lungs.shape[1] - 1 - lungs[:, ::-1].argmax(axis=1)


def fold(array, lungs):
    """Exchange left and right about the middle of the chest, row by row."""
    left, right = chest_columns(lungs)
    columns = np.arange(lungs.shape[1])
    partner = (left + right)[:, None] - columns  # the column `left` gets what is at `right`
    return np.take_along_axis(array, np.clip(partner, 0, columns[-1]), axis=1)


def expected_level(film, lungs, sigma):
    """Guess the level of healthy lung at each place: the clearer one of the place and its partner.

    When the patient stands a little turned, one whole lung is whiter: the median difference of the
    partners is taken off first. Where the partner is hidden, as by the heart, the neighbourhood
    decides.
    """
    paired = lungs & fold(lungs, lungs)
    partner = fold(film, lungs)
    left, right = chest_columns(lungs)
    side = np.where(np.arange(lungs.shape[1]) < (left + right)[:, None] / 2, 1, -1)
    turned = np.median((side * (film - partner))[paired]) if paired.any() else 0.0
    return mean_nearby(np.minimum(film, partner + side * turned), paired, sigma)


def opaque_parts(excess, lungs, rim):
    """Keep the parts that reach the core of a lung, follow them into the rim, drop small ones."""
    whiter = (excess > EXCESS) & lungs
    core = ndi.distance_transform_edt(np.pad(lungs, 1))[1:-1, 1:-1] > rim
    labels, count = ndi.label(whiter & core)
    large = np.bincount(labels.ravel(), minlength=count + 1) >= SMALLEST * lungs.sum()
    large[0] = False
    return ndi.binary_dilation(large[labels], iterations=max(1, round(rim)), mask=whiter)
