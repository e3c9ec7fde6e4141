"""Imaging chain: from attenuation to the grey levels of a film.

1. *Beer-Lambert*: of N photons that leave the tube towards a pixel, N exp(-sum of mu x length)
   arrive unscattered.
2. *Scatter*: other photons arrive after a change of direction.  They carry a blurred copy of the
   body and lower the contrast.
3. *Blur*: focal spot and phosphor screen smear a point over about a pixel.
4. *Noise*: photons arrive by chance; the spread of a count N is sqrt(N).  Uneven grains of the
   screen and the read-out add some.
5. *-log*: turns exponential attenuation back into a sum of lengths.
6. *Detail boost*: computed radiography adds part of the fine detail again, so that lung and
   mediastinum can be seen on one film (unsharp masking on two scales; Prokop et al., J. Thorac.
   Imaging 18, 2003, describe the practice).
7. *Tone curve* to 8 bits: S-shaped, steep where lung and soft tissue lie.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage as ndi
from scipy.interpolate import PchipInterpolator

from .patient import stream
from .projection import Grid, enlarge, polygon, smooth, tube

# Linear attenuation coefficients (1/cm) at an effective 65 keV: mass coefficients of NIST's XCOM
# (Berger et al., NBSIR 87-3597) times density.  120 kVp with 2.5 mm Al has a mean of 54 keV at the
# tube, 63 keV behind 8 cm of water and 70 keV behind 20 cm.
MU_SOFT = 0.209  # soft tissue, 1.06 g/cm³
MU_FAT = 0.182  # fat, 0.95 g/cm³
MU_LUNG = 0.052  # inflated lung, 0.26 g/cm³
MU_CORTICAL = 0.541  # compact bone, 1.92 g/cm³
MU_SPONGY = 0.250  # spongy bone with marrow, 1.18 g/cm³
ATTENUATION_LEAD_LETTER = 3.6  # no unit: about 0.6 mm of lead alloy let 3 % through

PHOTONS = 2.0e4  # per pixel of 0.42 mm in open air, detected; sets the noise
SCATTER_SHARE = 0.16  # scattered light relative to the local mean, behind an anti-scatter grid
SCATTER_RANGE_CM = 3.0
BLUR_CM = 0.023  # focal spot and screen, standard deviation
SCREEN_BLUR_CM = 0.023  # spread of light in the screen, which ties the noise of neighbours
READOUT_NOISE = 3.0  # in photons
STRUCTURE_NOISE = 0.018  # relative sensitivity from pixel to pixel of 0.42 mm, grains of the screen
FIELD_CM = 43.0  # a 35 x 43 cm cassette, taken as a square of its longer side
PIXEL_AT_1024_CM = FIELD_CM / 1024


@dataclass(frozen=True)
class Exposure:
    """How a film is taken and developed.

    Attributes
    ----------
    dose : float
        Factor on the number of photons.
    brightness : float
        Added to the -log signal before the tone curve.
    contrast : float
        Slope around the middle of the tone curve.
    heel : float
        Relative fall of the beam from top to bottom (heel effect and uneven set-up).
    marker : (x, z) or None
        Place of the lead letter L in cm.
    leads : int
        Number of ECG leads on a portable film.
    collimator : tuple or None
        Distance (cm) of the collimator's edge from top, bottom, left and right, and its turn
        (degrees).
    masked : bool
        True when the reader blackens what lies outside the collimator; else it stays unexposed,
        which is white.
    """

    dose: float = 1.0
    brightness: float = 0.0
    contrast: float = 1.0
    heel: float = 0.05
    marker: tuple | None = (16.2, 17.0)
    leads: int = 0
    collimator: tuple | None = None
    masked: bool = True


LETTER_L = ((0, 0), (0, 1.7), (0.38, 1.7), (0.38, 0.36), (1.15, 0.36), (1.15, 0))


def lead_letter(grid, place, rng):
    """Mask of the side marker: the letter L, initials and a ring, a little askew."""
    turn = rng.normal(0, 0.12)
    cos, sin = np.cos(turn), np.sin(turn)

    def placed(corners):
        return [(place[0] + u * cos - v * sin, place[1] + u * sin + v * cos) for u, v in corners]

    bars = ((0, 0.15), (0.45, 0.6), (0.75, 0.9))
    initials = [((a, -0.8), (b, -0.8), (b, -0.25), (a, -0.25)) for a, b in bars]
    initials.append(((0.0, -0.55), (0.45, -0.45), (0.45, -0.33), (0.0, -0.43)))
    mask = np.zeros(grid.shape, bool)
    for corners in (LETTER_L, *initials):
        window, inside = polygon(grid, placed(corners))
        mask[window] |= inside
    (x, z) = placed([(0.45, -1.5)])[0]
    distance = np.hypot(grid.x - x, grid.z - z)
    return mask | ((distance < 0.52) & (distance > 0.36))


# Places (x, z in cm) of electrodes: below both collar bones and low on both flanks.
ELECTRODES = ((-10.5, 8.5), (10.5, 8.0), (14.0, -6.5), (-13.5, -7.5))


def ecg_leads(grid, count, rng):
    """Attenuation of ECG wires on the skin with their electrodes, and its mask."""
    total = grid.zeros()
    for electrode in ELECTRODES[:count]:
        x, z = electrode + rng.normal(0, 0.9, 2)
        path = [(x, -12, z), (0.8 * x + rng.normal(0, 1.5), -12, z - 4)]
        path += [(0.4 * x + rng.normal(0, 3), -12, 0.5 * z - 12), (rng.normal(3, 4), -12, -26)]
        wire = tube(path, 0.08, 0.08, 0.0, grid.pixel * 0.9)
        window, (length,) = grid.deposit(wire.points, wire.whole)
        total[window] += 3.0 * length
        clip = np.hypot(grid.x - x * 0.93, grid.z - z * 0.93)
        total += np.where(clip < 0.5, 0.25, 0) + np.where((clip < 0.24) & (clip > 0.1), 1.2, 0)
    return total, total > 0.12


def expose(grid, attenuation, exposure):
    """Light that reaches the detector without noise, relative to open air: (h, w) float32 array."""
    height = grid.z / grid.z.max()
    light = np.exp(-attenuation) * (1 + exposure.heel * height)
    coarse = 8
    rows, columns = grid.shape
    blocks = light[: rows // coarse * coarse, : columns // coarse * coarse]
    blocks = blocks.reshape(rows // coarse, coarse, columns // coarse, coarse).mean(axis=(1, 3))
    # rays that miss the body saturate the detector but make no scatter
    blocks = ndi.gaussian_filter(
        np.minimum(blocks, 0.3), SCATTER_RANGE_CM / grid.pixel / coarse, mode="nearest"
    )
    return smooth(light, grid, BLUR_CM) + SCATTER_SHARE * enlarge(blocks, grid.shape)


def add_noise(grid, light, exposure, rng):
    """Photon noise, structure of the screen and read-out noise: (h, w) float32 array.

    A count with mean N > 20 has nearly a normal distribution with variance N.  Normal numbers are
    used in place of Poisson's because their number does not depend on the image: every version of
    NumPy then sees the same noise.
    """
    photons = PHOTONS * exposure.dose * (grid.pixel / PIXEL_AT_1024_CM) ** 2
    structure = STRUCTURE_NOISE * PIXEL_AT_1024_CM / grid.pixel  # averages out in larger pixels
    spread = np.sqrt(light * photons + (structure * light * photons) ** 2)
    quantum = rng.standard_normal(light.shape, dtype=np.float32) * spread
    quantum = smooth(quantum, grid, SCREEN_BLUR_CM)
    readout = READOUT_NOISE * rng.standard_normal(light.shape, dtype=np.float32)
    return np.maximum(light + (quantum + readout) / photons, 1 / photons)


# Grey level for a -log signal; 0 is open air, 1.5 lung, 3 soft tissue, 5 abdomen.
TONE_CURVE = (
    *((-1.0, 0), (0.0, 5), (0.3, 14), (0.6, 23), (0.9, 32), (1.2, 42), (1.5, 60), (1.8, 83)),
    *((2.1, 110), (2.5, 138), (2.9, 157), (3.3, 175), (3.7, 192), (4.1, 208), (4.5, 222)),
    *((5.0, 236), (6.5, 252)),
)


def process(grid, light, exposure):
    """-log and detail boost on two scales: (h, w) float32 signal, 0 open air, 5 abdomen."""
    signal = -np.log(light)
    coarse = 8
    rows, columns = grid.shape
    blocks = signal[: rows // coarse * coarse, : columns // coarse * coarse]
    blocks = blocks.reshape(rows // coarse, coarse, columns // coarse, coarse).mean(axis=(1, 3))
    blocks = ndi.gaussian_filter(blocks, 1.6 / grid.pixel / coarse, mode="nearest")
    detail = signal - smooth(signal, grid, 0.22)
    signal = signal + 0.60 * (signal - enlarge(blocks, grid.shape)) + 0.12 * detail
    return (signal - 2.3) * exposure.contrast + 2.3 + exposure.brightness


def develop(grid, signal, exposure):
    """Tone curve and collimator: (h, w) uint8 array from the processed signal."""
    curve = PchipInterpolator(*np.array(TONE_CURVE).T)(np.linspace(-1, 6.5, 4096))
    grey = np.interp(signal, np.linspace(-1, 6.5, 4096), curve)
    if exposure.collimator is not None:
        inside = collimated(grid, exposure)
        outside = 0.0 if exposure.masked else 253.0
        grey = grey * inside + outside * (1 - inside)
    return np.clip(np.round(grey), 0, 255).astype(np.uint8)


def collimated(grid, exposure):
    """Share of the beam (0..1) that the collimator lets through at each pixel."""
    top, bottom, left, right, turn = exposure.collimator
    angle = float(np.deg2rad(turn))
    x = grid.x * np.cos(angle) + grid.z * np.sin(angle)
    z = grid.z * np.cos(angle) - grid.x * np.sin(angle)
    half = grid.x.max()
    inside = np.minimum(half - top - z, z + half - bottom)
    inside = np.minimum(inside, np.minimum(x + half - left, half - right - x))
    penumbra = 0.08 if exposure.masked else 0.5
    return np.clip(inside / penumbra + 0.5, 0, 1).astype(np.float32)


def film_grid(size):
    """Grid of a film of size x size pixels that covers the field of 43 cm."""
    return Grid.square(size, FIELD_CM / size)


def lead_objects(grid, seed, visit, exposure):
    """Attenuation of marker and leads, and their mask."""
    total, mask = grid.zeros(), np.zeros(grid.shape, bool)
    if exposure.marker is not None:
        letter = lead_letter(grid, exposure.marker, stream(seed, "marker", visit))
        total += ATTENUATION_LEAD_LETTER * letter
        mask |= letter
    if exposure.leads:
        wires, shadow = ecg_leads(grid, exposure.leads, stream(seed, "leads", visit))
        total += wires
        mask |= shadow
    return total, mask
