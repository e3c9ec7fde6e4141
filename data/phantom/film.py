"""One film: put the anatomy together, take the picture, and keep the truth.

solids in cm -> path lengths -> sum of mu x length -> pose -> light -> blur, noise -> grey levels
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import ndimage as ndi

from . import detector
from .anatomy import Chest, bowel_gas, breasts, fat_planes, wall_thickness
from .disease import DISEASES
from .lungs import Lung, airways, hila, vessels
from .patient import LEFT, RIGHT, Patient, stream
from .projection import Grid, enlarge, texture
from .skeleton import skeleton
from .truth import Truth, pack

MARGIN = 1 / 8  # the anatomy is drawn on a wider grid, so that turning and shifting find tissue
# So much heart, mediastinum and aorta (cm) on a ray hides the lung behind it: the film changes most
# steeply there. At 0.5 cm, 0.3 cm further out, it changes two thirds as steeply.
HIDING_CM = 2.0
OPACITY_THRESHOLD = 0.06  # attenuation: opacity that takes 6 % of the light away counts
ASYMMETRY_CM = 0.30  # spread of the smooth displacements that break the mirror symmetry


@dataclass(frozen=True)
class View:
    """How the patient stands or lies at a visit.

    Attributes
    ----------
    turn : float
        Turn about the long axis (degrees).
    breath : float
        Rise of the diaphragm (cm), 0 on full inspiration.
    heart_scale : float
        Apparent size of the heart.
    shift : (up, left)
        Displacement on the film (cm).
    angle : float
        Lean to one side (degrees).
    zoom : float
        Enlargement.
    lying : bool
        In bed, not standing.
    """

    turn: float = 0.0
    breath: float = 0.0
    heart_scale: float = 1.0
    shift: tuple = (0.0, 0.0)
    angle: float = 0.0
    zoom: float = 1.05
    lying: bool = False

    @classmethod
    def from_seed(cls, seed, visit=0):
        """Draw an ordinary upright PA film."""
        rng = stream(seed, "view", visit)
        return cls(
            turn=float(rng.normal(0, 2.0)),
            breath=float(abs(rng.normal(0, 0.5))),
            heart_scale=float(1 + abs(rng.normal(0, 0.03))),
            shift=(float(rng.normal(1.0, 0.7)), float(rng.normal(0, 0.6))),
            angle=float(rng.normal(0, 1.3)),
            zoom=float(1.08 + rng.normal(0, 0.025)),
        )


@dataclass(frozen=True)
class Film:
    """A radiograph with its truth.

    Attributes
    ----------
    image : (h, w) uint8 array
    noise_free : (h, w) uint8 array
        The same without photon and read-out noise.
    signal : (h, w) float32 array
        What the reader holds before tone curve and rounding: about 0 open air, 1.5 lung, 5 abdomen.
    truth : mapping of str to (h, w) bool array
        lungs, lung_field, heart, ribs, opacity, edges.
    pixel_cm : float
        Side of a pixel in the mid-coronal plane of a patient of zoom 1.
    """

    image: np.ndarray
    noise_free: np.ndarray
    signal: np.ndarray
    truth: Mapping = field(repr=False)
    pixel_cm: float

    @property
    def opacity_share(self):
        """True share of the visible lung field that opacity covers, 0 to 1."""
        lung_field = self.truth["lung_field"]
        return float((self.truth["opacity"] & lung_field).sum() / max(lung_field.sum(), 1))


def radiograph(
    size=1024,
    seed=0,
    *,
    disease=None,
    severity=0.0,
    visit=0,
    patient=None,
    view=None,
    exposure=None,
):
    """Film of a person who never lived.

    Parameters
    ----------
    size : int
        Height and width in pixels; the field is 43 cm. At least 128.
    seed : int
        Person; the same number is the same person at every size.
    disease : {None, "bacterial", "viral"}
    severity : float
        0 to 1.
    visit : int
        Number of the visit: bowel gas, noise and marker differ from visit to visit.
    patient, view, exposure : Patient, View, Exposure, optional
        By default drawn from `seed` and `visit`.

    Returns
    -------
    Film

    Raises
    ------
    ValueError
        If size, disease or severity is none of these.
    """
    if size < 128:
        raise ValueError(f"size is {size}; a film needs at least 128 pixels a side.")
    if disease is not None and disease not in DISEASES:
        raise ValueError(f"disease is {disease!r}; choose None or one of {sorted(DISEASES)}.")
    if not 0 <= severity <= 1:
        raise ValueError(f"severity is {severity}; choose a number from 0 (healthy) to 1.")
    patient = Patient.from_seed(seed) if patient is None else patient
    view = View.from_seed(seed, visit) if view is None else view
    exposure = exposure_from_seed(seed, visit) if exposure is None else exposure
    attenuation, shadows = project(size, patient, view, disease, severity, visit)

    grid = detector.film_grid(size)
    lead, lead_shadow = detector.lead_objects(grid, seed, visit, exposure)
    light = detector.expose(grid, attenuation + lead, exposure)
    noisy = detector.add_noise(grid, light, exposure, stream(seed, "noise", visit))
    signal = detector.process(grid, noisy, exposure)
    image = detector.develop(grid, signal, exposure)
    noise_free = detector.develop(grid, detector.process(grid, light, exposure), exposure)

    shadows = pack({"lead": lead_shadow}, shadows)
    beam = np.ones(grid.shape, bool)
    if exposure.collimator is not None:
        beam = detector.collimated(grid, exposure) > 0.5
    return Film(image, noise_free, signal, Truth(shadows, beam, noise_free), grid.pixel)


def exposure_from_seed(seed, visit=0):
    """Draw how a film is taken and developed: `Exposure`."""
    rng = stream(seed, "exposure", visit)
    return detector.Exposure(
        dose=float(rng.uniform(0.7, 1.5)),
        brightness=float(rng.normal(0, 0.06)),
        contrast=float(rng.uniform(0.92, 1.12)),
        heel=float(rng.normal(0.05, 0.03)),
        marker=(float(rng.uniform(15, 18)), float(rng.uniform(16, 18))),
    )


def project(size, patient, view, disease=None, severity=0.0, visit=0):
    """Attenuation of the posed patient and the shadows of the solids.

    Returns
    -------
    attenuation : (size, size) float32 array
        Sum of mu times length along each ray (no unit).
    shadows : (size, size) uint64 array
        One bit per solid, see `truth.PLANES`.
    """
    wide = size + 2 * round(size * MARGIN / 2)
    grid = Grid.square(wide, detector.FIELD_CM / size, np.deg2rad(view.turn))
    chest = Chest(patient, view.breath, view.heart_scale, view.lying)
    sides = [Lung(chest, side) for side in (RIGHT, LEFT)]
    lungs = [lung.thickness(grid) for lung in sides]
    windpipe = airways(grid, chest)
    gas = bowel_gas(grid, chest, visit)
    blood, roots = vessels(grid, sides), hila(grid)
    bones = skeleton(grid, chest)

    extra, vessel_gain, opacity = grid.zeros(), 1.0, np.zeros(grid.shape, bool)
    if disease is not None and severity > 0:
        extra, vessel_gain = DISEASES[disease](grid, patient.seed, lungs, severity)
        opacity = extra > OPACITY_THRESHOLD

    trunk = grid.thickness(chest.skin)
    arms = np.maximum(*(grid.thickness(chest.arm(side)) for side in (RIGHT, LEFT)))
    lung, air = lungs[0] + lungs[1], windpipe + gas
    attenuation = extra + attenuate(
        grid, chest, trunk, arms, lung, air, vessel_gain * blood, roots, bones
    )
    dome_top = np.where(
        grid.x < 0, chest.dome(RIGHT).height(grid.x), chest.dome(LEFT).height(grid.x)
    )
    heart, mediastinum, aorta = (
        grid.thickness(part) for part in (chest.heart, chest.mediastinum, chest.aorta)
    )
    planes = {
        "body": trunk > 0.5,
        "arms": arms > 0.5,
        "muscle": grid.thickness(chest.muscle) > 0.5,
        "right lung": lungs[0] > 0.5,
        "left lung": lungs[1] > 0.5,
        "above diaphragm": grid.z > dome_top,
        "heart": heart > 0.5,
        "mediastinum": mediastinum > 0.5,
        "aorta": aorta > 0.5,
        "hiding": heart + mediastinum + aorta > HIDING_CM,
        "airways": windpipe > 0.1,
        "gas": gas > 0.15,
        "vessels": blood > 0.25,
        "large vessels": blood > 0.7,
        "hila": roots > 0.5,
        "opacity": opacity,
        **bones.shadows,
    }
    return pose(grid, size, patient, view, np.maximum(attenuation, 0), pack(planes))


def attenuate(grid, chest, trunk, arms, lung, air, blood, roots, bones):
    """Sum of mu times length (no unit) over the materials on each ray.

    The arguments are path lengths in cm; `bones` is a `skeleton.Bones`.
    """
    seed = chest.patient.seed
    fat = np.maximum(trunk - grid.thickness(chest.muscle), 0)
    soft = np.maximum(trunk, arms) - lung - fat - air
    soft += np.where(soft > 1, wall_thickness(grid, seed), 0)
    soft = np.maximum(soft, 0) + breasts(grid, chest)
    fine = texture(grid, stream(seed, "lung"), 2.0, 0.09, 2)
    # where vessels overlap they cannot fill the whole lung
    blood = 3.0 * np.tanh(1.05 * ndi.gaussian_filter(blood, 0.5) / 3.0)
    blood = np.minimum(blood, 0.2 * lung) + np.minimum(roots, 0.4 * lung)
    return (
        detector.MU_SOFT * soft * (1 + fat_planes(grid, seed))
        + detector.MU_FAT * fat
        + detector.MU_LUNG * lung * (1 + 0.026 * fine)
        + (detector.MU_SOFT - detector.MU_LUNG) * blood
        + (detector.MU_CORTICAL - detector.MU_SOFT) * ndi.gaussian_filter(bones.cortical, 0.5)
        + (detector.MU_SPONGY - detector.MU_SOFT) * ndi.gaussian_filter(bones.spongy, 0.7)
    )


def pose(grid, size, patient, view, attenuation, shadows):
    """Shift, lean and enlarge the patient, with a smooth random asymmetry of a few millimetres."""
    rng = stream(patient.seed, "asymmetry")
    nodes = 34
    wobble = ndi.gaussian_filter(rng.standard_normal((2, nodes, nodes)), (0, 4.5, 4.5))
    wobble = wobble / wobble.std(axis=(1, 2), keepdims=True) * ASYMMETRY_CM / grid.pixel
    down, right = (enlarge(part, (size, size)) for part in wobble)
    centred = np.arange(size, dtype=np.float32) - (size - 1) / 2
    row, column = centred[:, None], centred[None, :]
    angle = np.deg2rad(view.angle)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    middle = (grid.shape[0] - 1) / 2
    along = (cos * row - sin * column) / (view.zoom * patient.length)
    across = (sin * row + cos * column) / (view.zoom * patient.width)
    places = np.stack(
        [
            along + down + np.float32(middle + view.shift[0] / grid.pixel),
            across + right + np.float32(middle + view.shift[1] / grid.pixel),
        ]
    )
    posed = ndi.map_coordinates(attenuation, places, order=1, mode="nearest")
    rows, columns = np.clip(np.rint(places).astype(int), 0, grid.shape[0] - 1)
    return posed, shadows[rows, columns]
