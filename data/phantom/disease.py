"""Pneumonia: what fills or thickens the lung, as extra attenuation.

Two patterns, as in the classes of public pneumonia sets.  They are drawn to look different in the
way textbooks describe, no more; nothing here is a model of a real course of disease.
"""

import numpy as np

from .patient import stream
from .projection import smooth, texture


def bacterial(grid, seed, lungs, severity):
    """Lobar consolidation: air spaces full of fluid, ragged border; a second focus comes late.

    Parameters
    ----------
    grid : Grid
    seed : int
        Fixes the places.
    lungs : pair of (h, w) arrays
        Path length (cm) of right and left lung.
    severity : float
        0 (none) to 1.

    Returns
    -------
    extra : (h, w) float32 array
        Attenuation to add (no unit: 1/cm times cm).
    vessel_gain : float
        Factor on the vessels' path length.
    """
    rng = stream(seed, "disease")
    ragged = texture(grid, rng, 3.2, 0.5, 6)
    spots = 1 + 0.25 * texture(grid, rng, 2.2, 0.2, 2)
    extra = grid.zeros()
    # the second focus on the other side, so that the two never merge
    first_side = int(rng.integers(2))
    for focus, side in enumerate((first_side, 1 - first_side)):
        x = (-1, 1)[side] * rng.uniform(6.0, 9.5)
        z, size, aspect = rng.uniform(-4.0, 6.0), rng.uniform(3.0, 4.2), rng.uniform(0.7, 1.1)
        grown = float(np.clip(severity if focus == 0 else (severity - 0.5) * 1.7, 0, 1))
        radius = size * (0.5 + 0.6 * grown)
        distance = ((grid.x - x) / radius) ** 2 + ((grid.z - z) / (radius * aspect)) ** 2
        filled = np.clip(1.35 - distance - 0.33 * ragged, 0, 1.35) / 1.35
        length = np.minimum(2.2 * radius * filled, 0.8 * lungs[side])
        extra += 0.085 * grown**0.7 * length * spots
    return smooth(extra, grid, 0.2), 1.0 + 0.1 * severity


def viral(grid, seed, lungs, severity):
    """Interstitial pattern on both sides: haze, a fine net, thick strands around the vessels."""
    rng = stream(seed, "disease")
    both = lungs[0] + lungs[1]
    patches = np.clip(0.6 + 0.5 * texture(grid, rng, 3.2, 1.2, 9), 0, 1.6)
    central = np.exp(-((np.maximum(np.abs(grid.x) - 5, 0) / 7) ** 2))
    net = np.exp(-((texture(grid, rng, 1.6, 0.22, 1.2) / 0.35) ** 2))
    haze = both * severity * patches * central * (0.014 + 0.016 * net)
    return haze.astype(np.float32), 1.0 + 0.45 * severity


DISEASES = {"bacterial": bacterial, "viral": viral}
