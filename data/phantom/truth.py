"""Truth of a film: which pixels are lung, heart, rib or opacity, and where true edges run.

Each solid casts a shadow, one bit of an integer per pixel, so that all of them can be turned and
shifted together with the picture.

*Edges.*  A true edge is the one-pixel outline of the shadow of a solid, kept where it can be seen:
where the noise-free film, smoothed by a Gaussian of `EDGE_SIGMA` pixels, changes by at least
`EDGE_STEP` grey levels per pixel in the direction across that outline.  Outlines of different
solids that touch are thinned to one pixel; pieces shorter than `EDGE_LENGTH` pixels are dropped.
"""

import numpy as np
from scipy import ndimage as ndi

PLANES = (
    "body", "arms", "right lung", "left lung", "above diaphragm", "heart", "mediastinum", "aorta",
    "airways", "gas", "vessels", "opacity", "clavicles", "scapulae", "humeri", "vertebrae",
    "pedicles", "lead", "hiding", *(f"rib {number}" for number in range(1, 13)),
)  # fmt: skip
WITHOUT_EDGE = ("opacity", "hiding")  # the one fades out, the other is no solid

EDGE_SIGMA = 1.5
EDGE_STEP = 2.0
EDGE_LENGTH = 12


def pack(shadows, packed=0):
    """Write bool arrays by name into the bits of a uint32 array."""
    for name, shadow in shadows.items():
        packed = packed | (shadow.astype(np.uint32) << np.uint32(PLANES.index(name)))
    return packed


def plane(packed, *names):
    """Pixels in the shadow of any of the named solids: bool array."""
    bits = sum(1 << PLANES.index(name) for name in names)
    return (packed & np.uint32(bits)) != 0


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


def outline(mask):
    """Pixels of a mask that touch (4 neighbours) a pixel outside of it: rows, columns."""
    around = np.pad(mask, 1, mode="edge")
    inner = around[:-2, 1:-1] & around[2:, 1:-1] & around[1:-1, :-2] & around[1:-1, 2:]
    return np.nonzero(mask & ~inner)


def step_across(mask, rows, columns, gradient):
    """Grey levels per pixel by which the film changes across the outline of a mask.

    Parameters
    ----------
    mask : (h, w) bool array
    rows, columns : (n,) int arrays
        Pixels on its outline.
    gradient : pair of (h, w) arrays
        Derivatives of the film along rows and columns.

    Returns
    -------
    (n,) array
        Component of the gradient along the normal; the normal points to the centre of gravity of
        the mask within two pixels.
    """
    around = np.pad(mask, 2, mode="edge")
    normal = np.zeros((2, len(rows)))
    for down in range(-2, 3):
        for right in range(-2, 3):
            inside = around[rows + 2 + down, columns + 2 + right]
            normal += inside * np.array([[down], [right]])
    across = normal[0] * gradient[0][rows, columns] + normal[1] * gradient[1][rows, columns]
    return np.abs(across) / np.maximum(np.hypot(*normal), 1e-6)


def true_edges(packed, beam, noise_free):
    """One-pixel-wide outlines of solids that can be seen on the noise-free film.

    Parameters
    ----------
    packed : (h, w) uint32 array
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
    edge = np.zeros(film.shape, bool)
    shadows = [plane(packed, name) & beam for name in PLANES if name not in WITHOUT_EDGE]
    for shadow in (*shadows, beam):
        rows, columns = outline(shadow)
        seen = step_across(shadow, rows, columns, gradient) >= EDGE_STEP
        edge[rows[seen], columns[seen]] = True
    edge = thin(edge)
    pieces, _ = ndi.label(edge, np.ones((3, 3)))
    return edge & (np.bincount(pieces.ravel()) >= EDGE_LENGTH)[pieces]


# The eight neighbours, clockwise from the one above.
RING = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def thin(mask):
    """Thin a mask to lines one pixel wide (Zhang and Suen, Comm. ACM 27, 1984)."""
    work = np.pad(mask, 1)
    changed = True
    while changed:
        changed = False
        for first, second in (((0, 2, 4), (2, 4, 6)), ((0, 2, 6), (0, 4, 6))):
            rows, columns = np.nonzero(work)
            ring = np.array([work[rows + down, columns + right] for down, right in RING])
            count = ring.sum(axis=0)
            starts = (~ring & np.roll(ring, -1, axis=0)).sum(axis=0)
            remove = (count >= 2) & (count <= 6) & (starts == 1)
            remove &= ~ring[list(first)].all(axis=0) & ~ring[list(second)].all(axis=0)
            work[rows[remove], columns[remove]] = False
            changed |= bool(remove.any())
    return work[1:-1, 1:-1]
