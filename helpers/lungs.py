"""The lung field of a frontal chest film, found in steps that can each be looked at.

Lungs are two large dark areas that the brighter body surrounds, left and right of the spine. Each
step uses one of these properties:

1. `darker_than_surroundings`: a threshold of its own for every pixel;
2. `candidates`: the large pieces inside the film, holes filled, thin links cut;
3. `best_pair`: the two pieces that go best together as lungs, or none;
4. `follow_edge`: the outline moves to where the film climbs from lung to body;
5. `straighten`: what bites into the side along the rib cage is filled.

`lung_field` cuts off the frame and runs all of them on a small film of SIDE x SIDE pixels; lengths
are pixels of that film. `film` and `image` are (h, w) arrays of finite real numbers of any integer
or float dtype on which dense tissue is bright; they are never modified, and to `lung_field`
anything else raises TypeError or ValueError. Masks are (h, w) boolean.

References
----------
B. van Ginneken, B. M. ter Haar Romeny and M. A. Viergever, Computer-aided diagnosis in chest
radiography: a survey, IEEE Trans. Medical Imaging 20 (2001) 1228-1241, section on lung fields.
"""

import itertools

import numpy as np
from scipy import ndimage as ndi
from scipy.spatial import ConvexHull

from helpers._validate import real_image
from helpers.images import resize
from helpers.intensity import equalize_histogram

FRAME = 0.04  # rows with less than this share of the largest spread belong to a frame
SIDE = 256  # rows and columns of the small film
SURROUNDINGS = 61  # window that holds lung and body alike: about as wide as one lung
RIB = 5  # radius: ribs and vessels are thinner than twice this, and so are links to the air outside
LEAST = 0.03  # share of the film a lung covers at least, and the least score of a pair of lungs
NEARBY = 21  # window in which lung and body are measured on either side of the edge
EDGE = 0.45  # the edge lies so far up the climb from lung to body
RIM = 2  # along the rib cage the lung is too thin to show: so much is added


def lung_field(image):
    """Find the lungs on a frontal chest film.

    Parameters
    ----------
    image : (h, w) real array
        Any size and aspect; the lungs should be complete. No units are needed, since only the
        order of the grey levels and their local differences count.

    Returns
    -------
    (h, w) bool
        Both visible lung fields, without heart, mediastinum and what lies below the diaphragm.
        All False where no two pieces look like a pair of lungs, as on a blank image.

    Notes
    -----
    What it cannot do: find a lung that is entirely white, tell stomach gas from lung where no
    diaphragm shows between them, or reach the tip of a sharp costophrenic angle.

    Examples
    --------
    >>> from helpers import datasets
    >>> film = datasets.load("phantom").frames[0]
    >>> lungs = lung_field(film)
    >>> lungs.shape == film.shape, round(float(lungs.mean()), 1)
    (True, 0.2)
    """
    image = real_image(image)
    inside = inside_frame(image)
    film = resize(image[inside], (SIDE, SIDE))
    pair = best_pair(candidates(darker_than_surroundings(film)))
    found = np.zeros(image.shape, dtype=bool)
    if pair is not None:
        left, right = follow_edge(film, pair)
        lungs = straighten(left) | straighten(right[:, ::-1])[:, ::-1]
        found[inside] = resize(lungs.astype(float), found[inside].shape) > 0.5
    return found


def inside_frame(image):
    """Find the slices that leave out border rows and columns of nearly one grey level.

    Returns
    -------
    (slice, slice)
        Of rows and of columns; ``image[inside_frame(image)]`` is the film without its frame.

    Examples
    --------
    >>> framed = np.pad(np.arange(12.0).reshape(3, 4), 2)
    >>> inside_frame(framed)[0].start, framed[inside_frame(framed)].shape
    (2, (3, 4))
    """
    slices = []
    for axis in (1, 0):
        spread = np.ptp(image.astype(float), axis=axis)
        varied = np.flatnonzero(spread >= FRAME * spread.max())
        slices.append(slice(int(varied[0]), int(varied[-1]) + 1))
    return tuple(slices)


def darker_than_surroundings(film):
    """Mark each pixel that is darker than the mean of the window around it.

    The film is equalized first, so that neither exposure nor tone curve matters.

    Returns
    -------
    (h, w) bool

    Examples
    --------
    >>> film = np.full((64, 64), 200)
    >>> film[20:40, 20:40] = 50
    >>> int(darker_than_surroundings(film).sum())
    400
    """
    even = equalize_histogram(film)
    return even < ndi.uniform_filter(even, SURROUNDINGS, mode="nearest")


def candidates(dark):
    """Fill the holes, cut thin links by an opening, then keep the large pieces that lungs may be.

    Holes are ribs, vessels and opacity. The air beside the body reaches the upper or the lower
    border of the film, lungs do not.

    Returns
    -------
    list of (h, w) bool, one per piece

    Examples
    --------
    >>> dark = np.zeros((64, 64), dtype=bool)
    >>> dark[10:40, 10:30] = dark[20:64, 45:60] = True  # the second reaches the lower border
    >>> len(candidates(dark))
    1
    """
    labels, count = ndi.label(opening(ndi.binary_fill_holes(dark), RIB))
    outside = np.unique(labels[[0, -1]])
    pieces = [labels == label for label in range(1, count + 1) if label not in outside]
    return [piece for piece in pieces if piece.mean() > LEAST]


def best_pair(pieces):
    """Choose the two pieces that go best together as lungs, by `pair_score`.

    Returns
    -------
    (left, right), each (h, w) bool, as they lie in the image; None where the best pair scores less
    than LEAST: pairs of lungs score 0.04 to 0.1, 98 % of blurred noise less than LEAST

    Examples
    --------
    >>> left, right = np.zeros((2, 64, 64), dtype=bool)
    >>> left[10:40, 10:30] = right[12:40, 36:56] = True
    >>> best_pair([right, left])[0] is left
    True
    """
    scored = ((pair_score(*pair), pair) for pair in itertools.combinations(pieces, 2))
    score, best = max(scored, key=lambda each: each[0], default=(0, None))
    if score < LEAST:
        return None
    return tuple(sorted(best, key=lambda piece: ndi.center_of_mass(piece)[1]))


def pair_score(a, b):
    """Rate two pieces as a pair of lungs: large, without deep notches, side by side.

    Returns
    -------
    float
        The share of the film that one of them covers (geometric mean), times the solidity of each
        (how much of its convex hull it fills), times the share of their rows that both have.

    Examples
    --------
    >>> left, right = np.zeros((2, 64, 64), dtype=bool)
    >>> left[:32, :16] = right[:32, 32:48] = True
    >>> pair_score(left, right)
    0.125
    """
    area = np.sqrt(a.mean() * b.mean())
    solidity = a.sum() / convex_hull(a).sum() * b.sum() / convex_hull(b).sum()
    rows_a, rows_b = a.any(axis=1), b.any(axis=1)
    return float(area * solidity * (rows_a & rows_b).sum() / (rows_a | rows_b).sum())


def follow_edge(film, pair, rounds=5):
    """Move the outline to where the film is nearly halfway between lung and body.

    Both are measured close by, so the edge is found beside the bright heart and the darker chest
    wall alike. Ribs and vessels, which are bright too, are bridged (closing, holes filled), and
    spurs cut off (opening).

    Parameters
    ----------
    film : (h, w) real array
    pair : (left, right), each (h, w) bool
    rounds : int
        How often the outline moves, each time by RIB pixels at most.

    Returns
    -------
    (left, right), each (h, w) bool

    Examples
    --------
    >>> film = np.full((64, 64), 200.0)
    >>> film[10:50, 8:28] = film[10:50, 36:56] = 50
    >>> left = np.zeros((64, 64), dtype=bool)
    >>> left[13:47, 11:25] = True
    >>> found, _ = follow_edge(film, (left, left[:, ::-1]))
    >>> bool(left.sum() < found.sum())
    True
    """
    left, right = pair
    on_left = ndi.distance_transform_edt(~left) < ndi.distance_transform_edt(~right)
    lungs = left | right
    for _ in range(rounds):
        level = (1 - EDGE) * mean_nearby(film, lungs) + EDGE * mean_nearby(film, ~lungs)
        lungs = (film < level) & dilate(lungs, RIB)
        lungs = opening(ndi.binary_fill_holes(closing(lungs, RIB)), RIB // 2)
    return largest(lungs & on_left), largest(lungs & ~on_left)


def mean_nearby(film, mask):
    """Average, around each pixel, the film over those pixels of the window that are in the mask.

    Examples
    --------
    >>> film = np.where(np.arange(40) < 20, 50.0, 200.0) * np.ones((40, 1))
    >>> float(mean_nearby(film, film < 100)[20, 25].round())
    50.0
    """
    share = ndi.uniform_filter(mask.astype(float), NEARBY, mode="nearest")
    total = ndi.uniform_filter(film * mask, NEARBY, mode="nearest")
    return total / np.maximum(share, 0.5 / NEARBY**2)


def straighten(lung):
    """Fill what bites into the left side of the left lung in the image: the rib cage is convex.

    Along it the lung thins out and its last pixels do not show; RIM columns are added for them.

    Examples
    --------
    >>> lung = np.zeros((32, 32), dtype=bool)
    >>> lung[5:25, 10:20] = True
    >>> dented = lung.copy()
    >>> dented[12:15, 10:13] = False
    >>> bool(np.array_equal(straighten(dented), straighten(lung)))
    True
    """
    if not lung.any():
        return lung
    outermost = lung.any(axis=0).argmax()
    lowest = np.flatnonzero(lung[:, outermost])[-1]  # below, the lung recedes from the rib cage
    above = lung[: lowest + 1]
    straight = lung.copy()
    straight[: lowest + 1] |= convex_hull(above) & ~np.logical_or.accumulate(above, axis=1)
    return ndi.binary_dilation(straight, [[1, 1, 0]], iterations=RIM)


def convex_hull(mask):
    """Fill every notch: what lies inside all straight lines that touch the mask from outside.

    Examples
    --------
    >>> notched = np.ones((5, 5), dtype=bool)
    >>> notched[2, 3:] = False
    >>> bool(convex_hull(notched).all())
    True
    """
    pixels = np.argwhere(mask)
    halves = itertools.product((-0.5, 0.5), repeat=2)
    corners = np.vstack([pixels + half for half in halves])
    *normal, offset = ConvexHull(corners).equations.T
    rows, columns = np.ogrid[: mask.shape[0], : mask.shape[1]]
    hull = np.ones(mask.shape, dtype=bool)
    for down, right, constant in zip(*normal, offset, strict=True):
        hull &= down * rows + right * columns + constant < 1e-9
    return hull


def largest(mask):
    """Keep the largest piece of a mask.

    Examples
    --------
    >>> largest(np.array([[True, False, True, True]]))
    array([[False, False,  True,  True]])
    """
    labels, count = ndi.label(mask)
    return labels == 1 + np.argmax(np.bincount(labels.flat)[1:]) if count else mask


# Morphology with a disc, which treats all directions alike.


def dilate(mask, radius):
    """Add every pixel within the radius, a whole number: join copies shifted over a disc.

    Examples
    --------
    >>> dilate(np.array([[False, True, False, False]]), 1)
    array([[ True,  True,  True, False]])
    """
    disc = np.hypot(*np.ogrid[-radius : radius + 1, -radius : radius + 1]) <= radius
    wide, (rows, columns) = np.pad(mask, radius), mask.shape
    grown = np.zeros_like(mask)
    for down, right in np.argwhere(disc):
        grown |= wide[down : down + rows, right : right + columns]
    return grown


def erode(mask, radius):
    """Keep what is further than the radius from everything outside the mask.

    Examples
    --------
    >>> erode(np.array([[True, True, True, False]]), 1)
    array([[ True,  True, False, False]])
    """
    return ~dilate(~mask, radius)


def opening(mask, radius):
    """Erode, then dilate: what is thinner than twice the radius goes.

    Examples
    --------
    >>> opening(np.array([[False, True, False, True, True, True, True]]), 1)
    array([[False, False, False,  True,  True,  True,  True]])
    """
    return dilate(erode(mask, radius), radius)


def closing(mask, radius):
    """Dilate, then erode: gaps narrower than twice the radius are filled.

    Examples
    --------
    >>> closing(np.array([[True, False, True, False, False, False, False]]), 1)
    array([[ True,  True,  True, False, False, False, False]])
    """
    return erode(dilate(mask, radius), radius)
