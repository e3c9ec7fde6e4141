"""The steps by which `helpers.masks.lung_field` finds the lungs.

All but the first and the last work on a film of SIDE x SIDE pixels, and lengths are pixels of that
film. A `pair` is the left and the right lung as they lie in the picture: two boolean arrays.
"""

import itertools
from collections import namedtuple

import numpy as np
from scipy import ndimage as ndi
from scipy.spatial import ConvexHull

from helpers.intensity import equalize_histogram

SIDE = 256
FRAME_SPREAD = 0.04  # border rows with less spread than this share of the film's belong to a frame
WINDOWS = (61, 101, 181)  # what counts as surroundings: from half a lung to most of a chest
OPENINGS = (3, 6, 9)  # radii that cut the links between a lung and the air outside
SMALLEST = 0.02  # share of the film that a lung covers at least
BORDER = 10  # width of the strip along the border where there is air rather than lung
NEARBY = (31, 31, 31, 21, 21, 21, 11, 11, 11)  # windows in which the edge is sought, round by round
STEP = 4  # how far a lung may grow in one round
RIM = 10  # depth inside the first outline that may be lost again
EDGE_SHARE = 0.45  # the edge lies so far up the climb from lung to surroundings
RIB_GAP = 5  # radius that bridges ribs and vessels
SPUR = 2  # radius below which a part that sticks out is no lung
DENT = 20  # depth to which the outer border of a lung is straightened
OUTER_RIM = 2  # along the rib cage the lung is thin and hides in the ribs: this much is added
INNER_RIM = 1  # heart and vessels are thin at their border and hardly show: this much is theirs
SMOOTHING = 1.5  # standard deviation of the Gaussian that smooths an outline

Candidate = namedtuple("Candidate", "box region area column likeness")


def inside_frame(image):
    """Find the slices that leave out border rows and columns of nearly one grey level."""
    step = max(1, min(image.shape) // SIDE)
    sample = image[::step, ::step].astype(np.float64)
    slices = []
    for axis in (0, 1):
        low, high = np.percentile(sample, (10, 90), axis=1 - axis)
        picture = np.flatnonzero(high - low > FRAME_SPREAD * np.ptp(sample))
        first, last = (picture[0], picture[-1]) if picture.size > 8 else (0, low.size - 1)
        # Beside a frame lie rows that are half frame, half picture: two more are left out.
        start = (first + 2) * step if first > 0 else 0
        stop = (last - 1) * step if last < low.size - 1 else image.shape[axis]
        slices.append(slice(start, stop))
    return tuple(slices)


def shrink(image):
    """Resample to SIDE x SIDE pixels, whatever the aspect, averaging those that fall together."""
    factors = np.divide(image.shape, SIDE)
    averaged = ndi.uniform_filter(image.astype(np.float64), 2 * (factors // 2).astype(int) + 1)
    return ndi.zoom(averaged, 1 / factors, order=1, mode="nearest", grid_mode=True)


def choose_pair(film):
    """Find the two regions, dark against their surroundings, that look most like two lungs.

    Returns
    -------
    pair, or None where no two regions qualify
    """
    even = equalize_histogram(film)  # from here on the exposure no longer matters
    middle = even[:, SIDE // 4 : -SIDE // 4].mean(axis=0)
    spine = SIDE // 4 + int(np.argmax(ndi.gaussian_filter1d(middle, 6)))
    best, best_score = None, 0.0
    for window in WINDOWS:
        dark = even < ndi.uniform_filter(even, window, mode="nearest")
        dark[:, spine - 2 : spine + 3] = False
        depth = depth_in(dark)
        for radius in OPENINGS:
            candidates = lung_candidates(dilate(depth > radius, radius))
            for left, right in itertools.combinations(candidates, 2):
                score = pair_score(left, right)
                if score > best_score:
                    best, best_score = (left, right), score
    return best and tuple(_painted(lung, film.shape) for lung in best)


def lung_candidates(mask):
    """List the regions that may be one lung, from left to right, with their likeness to a lung.

    A lung has no deep notches (it fills most of its convex hull) and keeps away from the border.
    """
    inner = np.zeros(mask.shape, dtype=bool)
    inner[BORDER:-BORDER, BORDER:-BORDER] = True
    labels, _ = ndi.label(mask)  # joined by sides only: a corner is too thin a link
    candidates = []
    for label, box in enumerate(ndi.find_objects(labels), start=1):
        region = labels[box] == label
        if region.size < SMALLEST * mask.size:  # crumbs: most of the regions
            continue
        region = ndi.binary_fill_holes(region)
        area = int(region.sum())
        if area >= SMALLEST * mask.size:
            outline = np.argwhere(region & ~ndi.binary_erosion(region))
            compactness = min(1.0, area / ConvexHull(outline).volume)
            at_border = 1 - (region & inner[box]).sum() / area
            likeness = compactness**2 * max(0.0, 1 - 5 * at_border)
            column = box[1].start + ndi.center_of_mass(region)[1]
            candidates.append(Candidate(box, region, area, column, likeness))
    return sorted(candidates, key=lambda candidate: candidate.column)


def pair_score(left, right):
    """Rate two regions as a pair of lungs: large, side by side, at the distance lungs have."""
    rows, other_rows = left.box[0], right.box[0]
    common = min(rows.stop, other_rows.stop) - max(rows.start, other_rows.start)
    side_by_side = common / min(left.region.shape[0], right.region.shape[0])
    distance = (right.column - left.column) / SIDE
    if side_by_side < 0.5 or not 0.2 < distance < 0.7:
        return 0.0
    return np.sqrt(left.area * right.area) * side_by_side * left.likeness * right.likeness


def _painted(candidate, shape):
    """Put the region of a candidate into an empty mask."""
    mask = np.zeros(shape, dtype=bool)
    mask[candidate.box] = candidate.region
    return mask


def follow_edge(film, pair):
    """Move the outline to where the brightness climbs from lung to its surroundings.

    Lung and surroundings are both measured close by, in smaller and smaller windows, so the edge
    is found beside the bright heart and the darker chest wall alike. What lies deeper than RIM
    inside the first outline stays lung, however bright: pneumonia is.

    Returns
    -------
    (SIDE, SIDE) bool, both lungs
    """
    lungs = ndi.binary_fill_holes(close(pair[0] | pair[1], RIB_GAP))
    certain = erode(lungs, RIM)
    for window in NEARBY:
        inside = mean_nearby(film, lungs, window, otherwise=-np.inf)
        outside = mean_nearby(film, ~lungs, window, otherwise=np.inf)
        below_edge = film < (1 - EDGE_SHARE) * inside + EDGE_SHARE * outside
        lungs = certain | (below_edge & dilate(lungs, STEP))
        lungs = ndi.binary_fill_holes(close(lungs, RIB_GAP))
        lungs = ndi.gaussian_filter(lungs.astype(np.float64), SMOOTHING) > 0.5
    return dilate(erode(lungs, SPUR), SPUR)


def mean_nearby(film, mask, window, otherwise):
    """Average, around each pixel, the film over the pixels of the mask within the window."""
    share = ndi.uniform_filter(mask.astype(np.float64), window, mode="nearest")
    total = ndi.uniform_filter(film * mask, window, mode="nearest")
    some = share > 0.5 / window**2
    return np.divide(total, share, out=np.full(film.shape, otherwise), where=some)


def complete(lungs, pair):
    """Part the lungs, keep the largest piece of each, and straighten it along the rib cage."""
    left_side = distance_to(pair[0]) < distance_to(pair[1])
    left = straighten(largest(lungs & left_side))
    right = straighten(largest(lungs & ~left_side)[:, ::-1])[:, ::-1]
    return left | right


def largest(mask):
    """Keep the largest region of a mask."""
    labels, count = ndi.label(mask)
    return labels == 1 + np.argmax(np.bincount(labels.ravel())[1:]) if count else mask


def straighten(lung):
    """Set both upright borders of the left lung in the picture: the rib cage is convex.

    Dents along the rib cage, which lies to the left, are filled. Both borders move outwards, to the
    left, by what does not show of the thin rim.
    """
    lung = lung & np.roll(lung, -INNER_RIM, axis=1)
    rows = np.flatnonzero(lung.any(axis=1))
    if rows.size < 2:
        return lung
    border = lung[rows].argmax(axis=1)
    far = 2 * lung.shape[1]
    points = np.column_stack([np.r_[rows, rows[[0, -1]]], np.r_[border, far, far]])
    corners = np.sort([i for i in ConvexHull(points).vertices if i < rows.size])
    straight = np.interp(rows, rows[corners], border[corners]) - OUTER_RIM
    columns = np.arange(lung.shape[1])
    dent = (columns >= np.round(straight)[:, None]) & (columns < border[:, None])
    lung[rows] |= dent & (border - straight <= DENT)[:, None]
    return lung


def enlarge(mask, shape):
    """Smooth the outline of a small mask and resample it to `shape`."""
    soft = ndi.gaussian_filter(mask.astype(np.float64), SMOOTHING)
    factors = np.divide(shape, mask.shape)
    return ndi.zoom(soft, factors, order=1, mode="nearest", grid_mode=True) > 0.5


# Morphology with a disc, through distances: every radius costs the same.


def distance_to(mask):
    """Measure the distance of every pixel to the nearest pixel of the mask."""
    return ndi.distance_transform_edt(~mask)


def around(mask, margin):
    """Find the slices that hold all of a mask, and so many pixels around it."""
    spans = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    return tuple(slice(max(0, n[0] - margin), n[-1] + margin + 1) for n in spans)


def dilate(mask, radius):
    """Add all pixels within the radius."""
    dilated = np.zeros_like(mask)
    if mask.any():
        box = around(mask, radius)
        dilated[box] = distance_to(mask[box]) <= radius
    return dilated


def depth_in(mask):
    """Measure the distance of every pixel to what is outside; the border of the film is not."""
    return ndi.distance_transform_edt(np.pad(mask, 1, constant_values=True))[1:-1, 1:-1]


def erode(mask, radius):
    """Remove all pixels within the radius of what is outside."""
    eroded = np.zeros_like(mask)
    if mask.any():
        box = around(mask, 1)
        eroded[box] = depth_in(mask[box]) > radius
    return eroded


def close(mask, radius):
    """Dilate, then erode: fill what is narrower than twice the radius."""
    closed = erode(dilate(np.pad(mask, radius), radius), radius)
    return closed[radius:-radius, radius:-radius]
