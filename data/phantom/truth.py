"""Truth of a film: which pixels are lung, heart, rib or opacity, and where true edges run.

Each solid casts a shadow, one bit of an integer per pixel, so that all of them can be turned and
shifted together with the picture.

*Edges.*  The outline of a solid is where its thickness begins, but the film shows a step where the
thickness grows fastest, some pixels inside.  So each pixel of an outline is moved along the normal,
by up to `EDGE_REACH`, to the highest local maximum of the slope of the noise-free film (after a
Gaussian of `EDGE_SIGMA` pixels) in that direction; a solid that is brighter than its surroundings
must make the film brighter inwards.  A true edge is there where that slope is at least `EDGE_STEP`
grey levels per pixel.  Pieces shorter than `EDGE_LENGTH` pixels are dropped, and lines of different
solids that touch are thinned to one pixel.
"""

from collections.abc import Mapping

import numpy as np
from scipy import ndimage as ndi

PLANES = (
    "body", "arms", "muscle", "right lung", "left lung", "above diaphragm", "heart",
    "mediastinum", "aorta", "hiding", "airways", "gas", "vessels", "large vessels", "hila",
    "opacity", "clavicles",
    "shoulder blades", "borders of the blades", "spines of the blades", "coracoids", "sockets",
    "humeri", "vertebrae", "pedicles", "marrow", "lead",
    *(f"rib {number}" for number in range(1, 13)),
)  # fmt: skip
TRUTHS = ("lungs", "lung_field", "heart", "ribs", "opacity", "edges")
FADES_OUT = ("opacity",)  # has no edge
DARKER_INSIDE = ("right lung", "left lung", "above diaphragm", "airways", "gas", "marrow")
SIGN = {**dict.fromkeys(DARKER_INSIDE, -1), "beam": 0}  # outside the beam is black or white

EDGE_SIGMA = 1.5
EDGE_STEP = 2.0
EDGE_LENGTH = 12
EDGE_REACH = 6 / 1024  # of the height of the film: 2.5 mm
NORMAL_RADIUS = 5


def pack(shadows, packed=0):
    """Write bool arrays by name into the bits of a uint64 array."""
    for name, shadow in shadows.items():
        packed = packed | (shadow.astype(np.uint64) << np.uint64(PLANES.index(name)))
    return packed


def plane(packed, *names):
    """Pixels in the shadow of any of the named solids: bool array."""
    bits = sum(1 << PLANES.index(name) for name in names)
    return (packed & np.uint64(bits)) != 0


def unpack(packed):
    """Masks of a film: lungs, lung_field, heart, ribs, opacity."""
    lungs = plane(packed, "right lung", "left lung")
    return {
        "lungs": lungs,
        "lung_field": lungs & plane(packed, "above diaphragm") & ~plane(packed, "hiding"),
        "heart": plane(packed, "heart"),
        "ribs": plane(packed, *(name for name in PLANES if name.startswith("rib "))),
        "opacity": plane(packed, "opacity") & lungs,
    }


class Truth(Mapping):
    """Masks of a film by name, see `TRUTHS`.

    Edges take up to a third of a film's time, so they are found when first asked for.

    Parameters
    ----------
    packed, beam, noise_free
        As in `true_edges`.
    """

    def __init__(self, packed, beam, noise_free):
        self._masks, self._film = unpack(packed), (packed, beam, noise_free)

    def __getitem__(self, name):
        """Return one mask."""
        if name == "edges" and name not in self._masks:
            self._masks[name] = true_edges(*self._film)
        return self._masks[name]

    def __iter__(self):
        """Go through the names."""
        return iter(TRUTHS)

    def __len__(self):
        """Count the masks."""
        return len(TRUTHS)


def outline(mask):
    """Pixels of a mask that touch (4 neighbours) a pixel outside of it: rows, columns."""
    around = np.pad(mask, 1, mode="edge")
    inner = around[:-2, 1:-1] & around[2:, 1:-1] & around[1:-1, :-2] & around[1:-1, 2:]
    return np.nonzero(mask & ~inner)


def normals(mask, rows, columns):
    """Find unit vectors (n, 2), down and right, that point from its outline into a mask.

    A normal points to the centre of gravity of the mask within `NORMAL_RADIUS` pixels.
    """
    side = 2 * NORMAL_RADIUS + 1
    around = np.pad(mask, NORMAL_RADIUS, mode="edge")
    # each pixel's neighbourhood as one row: places in the flattened mask, from its upper left one
    down, right = (np.indices((side, side)) - NORMAL_RADIUS).reshape(2, -1)
    near = (down + NORMAL_RADIUS) * around.shape[1] + right + NORMAL_RADIUS
    inside = around.ravel()[(rows * around.shape[1] + columns)[:, None] + near]
    inward = inside @ np.stack([down, right], axis=1).astype(float)
    return inward / np.maximum(np.hypot(*inward.T), 1e-6)[:, None]


def steps(mask, sign, gradient, reach):
    """Visible steps along the outline of a mask.

    Parameters
    ----------
    mask : (h, w) bool array
    sign : {1, -1, 0}
        1 where the inside of the solid is brighter, -1 where it is darker, 0 for either.
    gradient : pair of (h, w) arrays
        Derivatives of the film along rows and columns.
    reach : int
        The step is looked for up to so many pixels away.

    Returns
    -------
    rows, columns : (n,) int arrays
        Where the component of the gradient along the normal has its highest local maximum, if
        that is at least `EDGE_STEP`.
    """
    outlined = np.transpose(outline(mask))
    normal = normals(mask, *outlined.T)
    # half a pixel apart, and one place more at both ends to tell a maximum from a slope
    places = np.arange(-reach - 0.5, reach + 1, 0.5)
    points = outlined[:, None] + places[:, None] * normal[:, None]
    down, right = (
        ndi.map_coordinates(part, points.reshape(-1, 2).T, order=1, mode="nearest")
        for part in gradient
    )
    along = (np.stack([down, right], 1).reshape(points.shape) * normal[:, None]).sum(axis=2)
    step = sign * along if sign else np.abs(along)
    peak = step[:, 1:-1]
    peak = np.where((peak >= step[:, :-2]) & (peak >= step[:, 2:]), peak, 0)
    best = np.argmax(peak, axis=1)
    each = np.arange(len(peak))
    seen = peak[each, best] >= EDGE_STEP
    found = np.rint(points[each, best + 1][seen]).astype(int)
    return np.clip(found, 0, np.array(mask.shape) - 1).T


def true_edges(packed, beam, noise_free):
    """One-pixel-wide outlines of solids that can be seen on the noise-free film.

    Parameters
    ----------
    packed : (h, w) uint64 array
        Shadows of the solids, see `pack`.
    beam : (h, w) bool array
        What the collimator lets through; its border is an edge, too.
    noise_free : (h, w) uint8 array

    Returns
    -------
    (h, w) bool array
    """
    film = noise_free.astype(np.float32)
    gradient = [
        ndi.gaussian_filter(film, EDGE_SIGMA, order=order, mode="nearest")
        for order in ((1, 0), (0, 1))
    ]
    reach = max(round(EDGE_REACH * film.shape[0]), 2)
    solids = {name: plane(packed, name) & beam for name in PLANES if name not in FADES_OUT}
    edge = np.zeros(film.shape, bool)
    for name, mask in {**solids, "beam": beam}.items():
        sign = SIGN.get(name, 1)
        for box in ndi.find_objects(mask.astype(np.uint8)):  # one box, none for an empty shadow
            part = tuple(slice(max(s.start - reach - 2, 0), s.stop + reach + 2) for s in box)
            cut = [derivative[part] for derivative in gradient]
            edge[part] |= line(mask[part].shape, steps(mask[part], sign, cut, reach))
    return thin(edge)


def line(shape, places):
    """Join pixels (rows, columns) to lines; drop pieces shorter than `EDGE_LENGTH`."""
    drawn = np.zeros(shape, bool)
    drawn[*places] = True
    drawn = close(drawn)
    pieces, _ = ndi.label(drawn, np.ones((3, 3)))
    return drawn & (np.bincount(pieces.ravel()) >= EDGE_LENGTH)[pieces]


def close(mask):
    """Fill gaps of a mask that no square of 3 x 3 pixels fits in: `ndi.binary_closing`, faster."""
    wide = np.pad(mask, 2)
    grown = wide[:-2] | wide[1:-1] | wide[2:]
    grown = grown[:, :-2] | grown[:, 1:-1] | grown[:, 2:]
    # what lies beyond the border is not in the mask, also when it shrinks again
    grown[[0, -1]] = grown[:, [0, -1]] = False
    rows = grown[:-2] & grown[1:-1] & grown[2:]
    return rows[:, :-2] & rows[:, 1:-1] & rows[:, 2:]


# The eight neighbours, clockwise from the one above.
RING = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def thin(mask):
    """Thin a mask to lines one pixel wide (Zhang and Suen, Comm. ACM 27, 1984)."""
    work = np.pad(mask, 1)
    flat = work.ravel()
    steps_around = np.array([[down * work.shape[1] + right] for down, right in RING])
    places, changed = np.flatnonzero(flat), True
    while changed:
        changed = False
        for first, second in (((0, 2, 4), (2, 4, 6)), ((0, 2, 6), (0, 4, 6))):
            ring = flat[places + steps_around]
            count = ring.sum(axis=0)
            starts = (~ring & np.roll(ring, -1, axis=0)).sum(axis=0)
            remove = (count >= 2) & (count <= 6) & (starts == 1)
            remove &= ~ring[list(first)].all(axis=0) & ~ring[list(second)].all(axis=0)
            flat[places[remove]] = False
            places = places[~remove]
            changed |= bool(remove.any())
    return work[1:-1, 1:-1]
