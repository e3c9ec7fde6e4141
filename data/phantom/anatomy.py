"""Soft tissue: trunk, heart and great vessels, diaphragm, bowel gas.

Everything is given in centimetres for a grown-up of average build; `Patient` says how one person
differs from it.  Axes as in `projection`: x to the patient's left, y to the back, z to the head,
origin in the middle of the chest.

The tables of knots below were drawn for this course, from the proportions of anatomy textbooks and
of published films: lungs 24 to 27 cm high on full inspiration, heart not wider than half of the
chest (cardiothoracic ratio), carina at the height of the fifth thoracic vertebra, right half of the
diaphragm 1 to 2 cm higher than the left.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .patient import LEFT, RIGHT, Patient, stream
from .projection import Column, Ellipsoid, constant, profile, texture

# Outline of the trunk and of the rib cage: (height z, value).
SKIN = ((-22, 18.4), (-14, 18.4), (-6, 18.0), (0, 18.0), (3, 19.0), (6, 21.4), (8, 24), (10, 26.5))
SHOULDER = ((11.5, 27), (12.6, 26), (13.6, 23.3), (14.6, 19.4), (15.6, 15.6), (16.6, 12.0))
NECK = ((17.6, 9.0), (18.6, 7.3), (20, 6.4), (22, 6.1))
TRUNK_DEPTH = ((-22, 11.0), (-14, 11.5), (-6, 10.8), (0, 10.3), (6, 9.2), (10, 7.8), (13, 7.3))
NECK_DEPTH = ((16, 7.0), (19, 6.4), (22, 6.4))
RIB_CAGE = (
    *((15.2, 4.2), (15.0, 5.0), (14.6, 5.7), (14.0, 6.4), (13.0, 7.1), (11.5, 8.0), (10, 9.1)),
    *((8.5, 10.3), (7, 11.4), (5, 12.5), (2.5, 13.5), (0, 14.2), (-3, 14.8), (-7, 15.3)),
    *((-11, 15.6), (-14, 15.4), (-16, 15.0)),
)
CAGE_DEPTH = (
    (15.2, 0.1),
    (15.0, 0.3),
    (14.6, 0.8),
    (14, 1.7),
    (13, 3.2),
    (11.5, 5.2),
    (9, 7.0),
    (4, 8.4),
    (-4, 9.0),
)
SPINE_DEPTH = ((22, 1.5), (16, 3.5), (8, 7.0), (0, 7.8), (-10, 6.5), (-22, 4.0))

# Heart: right border (right atrium), left border (left ventricle), depth, half thickness.
HEART_RIGHT = (
    *((4.6, 0.4), (4.3, -1.6), (3.6, -2.9), (2, -4.0), (0, -4.7), (-2, -5.1), (-4, -5.1)),
    *((-6, -4.6), (-7.6, -3.6), (-9, -1.6), (-10, 1.0), (-10.6, 4.0)),
)
HEART_LEFT = (
    *(
        (4.6, 1.2),
        (4.3, 2.9),
        (3.6, 3.8),
        (2.4, 4.4),
        (1, 4.8),
        (-0.5, 5.6),
        (-2, 6.7),
        (-3.5, 7.8),
    ),
    *((-4.8, 8.4), (-6.0, 8.5), (-7.2, 8.0), (-8.4, 7.2), (-9.6, 6.0), (-10.6, 4.0)),
)
HEART_DEPTH = ((5, -0.6), (2, -0.9), (-4, -2.4), (-13, -3))
HEART_HALF = (
    (4.6, 0.1),
    (4.2, 2.2),
    (3, 4.4),
    (1, 5.8),
    (-2, 6.8),
    (-6, 6.9),
    (-9, 4.8),
    (-10.6, 0.1),
)
# Mediastinum: superior vena cava and ascending aorta on the right; on the left subclavian artery,
# aortopulmonary window (a dent) and pulmonary trunk (a bulge).
MEDIASTINUM_RIGHT = (
    *((16, -1.6), (14, -1.9), (12.4, -2.6), (11, -2.9), (9.6, -2.7), (8, -2.9), (6.4, -3.2)),
    *((5.4, -3.8), (4.4, -3.5), (2, -3.3), (0, -3.0), (-13, -2.2)),
)
MEDIASTINUM_LEFT = (
    *((16, 1.5), (14, 1.9), (12.4, 2.6), (11, 2.9), (9.8, 2.6), (7, 2.8), (5.6, 3.0), (4.7, 3.8)),
    *((3.5, 4.5), (2.4, 4.6), (1.2, 4.2), (-1, 3.0), (-13, 2.2)),
)
MEDIASTINUM_DEPTH = ((16, 1.5), (8, 0.2), (2, -0.5), (-13, 1.0))
MEDIASTINUM_HALF = ((16, 3.0), (10, 4.2), (6, 5.0), (2, 5.0), (-2, 4.0), (-13, 4.0))
AORTA_CENTRE = ((9, 2.2), (7.4, 2.9), (4, 2.9), (0, 2.5), (-6, 1.6), (-14, 0.6))
AORTA_HALF = ((9.0, 0.05), (8.8, 0.9), (8.2, 1.5), (7.2, 1.75), (6, 1.6), (3, 1.35), (-14, 1.15))
AORTA_DEPTH = ((9, 1.5), (7, 2.2), (4, 4.5), (-14, 4.5))
AORTA_THICKNESS = ((9, 0.05), (8.8, 1.8), (8, 3.2), (7, 3.4), (5, 1.7), (-14, 1.5))


def scaled(knots, factor=1.0, offset=0.0, shift=0.0):
    """Knots with values times `factor` plus `offset`, moved up by `shift`."""
    return [(z + shift, value * factor + offset) for z, value in knots]


TENDON_CM = 3.2  # how far the middle of the diaphragm lies below its tops


@dataclass(frozen=True)
class Dome:
    """One half of the diaphragm: a paraboloid, everything below it is abdomen.

    Attributes
    ----------
    top : float
        Height (cm) of its highest point.
    centre : float
        x of that point.
    curve : float
        Curvature factor.
    """

    top: float
    centre: float
    curve: float

    def depth(self, z):
        """Depth (cm) of the highest point."""
        return np.float32(-1.0)

    def height(self, x):
        """Height (cm) of the outline on the film."""
        fall = self.curve * 0.115 * (x - self.centre) ** 2
        # towards the midline the heart rests on the central tendon
        tendon = TENDON_CM * (1 - np.exp(-fall / TENDON_CM))
        return self.top - np.where(np.abs(x) < abs(self.centre), tendon, fall)

    def interval(self, x, z):
        """Front and back depth of the abdomen under the dome."""
        half = np.sqrt(np.maximum(self.height(x) - z, 0) / 0.050)
        return -1.0 - half, -1.0 + half


@dataclass(frozen=True)
class Chest:
    """The soft parts of one patient at one depth of breath.

    Attributes
    ----------
    patient : Patient
    breath : float
        Rise of the diaphragm in cm; 0 for full inspiration.
    heart_scale : float
        Apparent size of the heart; above 1 on portable films, which are taken from the front.
    lying : bool
        Fluid in the stomach then has no level that the film could show.
    """

    patient: Patient
    breath: float = 0.0
    heart_scale: float = 1.0
    lying: bool = False

    @cached_property
    def cage(self):
        """Half width of the rib cage, x(z)."""
        p = self.patient
        upper = [(z, w * (1 - p.taper * z / 15)) for z, w in RIB_CAGE]
        return profile(*((z + p.apex * np.clip(z / 12, 0, 1), w) for z, w in upper))

    @cached_property
    def cage_depth(self):
        """Half depth of the rib cage, y(z)."""
        apex = self.patient.apex
        return profile(*((z + apex * np.clip(z / 12, 0, 1), d) for z, d in CAGE_DEPTH))

    @cached_property
    def cage_centre(self):
        """Middle of the rib cage in depth, y(z)."""
        return profile((16, 2.8), (12, 1.6), (8, 0.8), (-14, 0.8))

    @cached_property
    def skin(self):
        """Body outline without the arms, as a solid."""
        p = self.patient
        extra = p.fat - 1.2
        outline = scaled(SKIN + SHOULDER, offset=extra) + scaled(NECK, offset=extra * 0.5)
        # shoulders and neck rise together, the flanks stay
        outline = [(z + p.shoulder * np.clip((z - 8) / 3.5, 0, 1), w) for z, w in outline]
        half = profile(*outline)
        thick = profile(*scaled(TRUNK_DEPTH, offset=extra * 0.8), *NECK_DEPTH)
        return Column(lambda z: -half(z), half, constant(0.0), thick, squareness=3.0, softness=0.5)

    @cached_property
    def muscle(self):
        """What lies under the fat, as a solid."""
        fat, skin = self.patient.fat, self.skin
        return Column(
            lambda z: skin.left(z) + fat,
            lambda z: skin.right(z) - fat,
            skin.depth,
            lambda z: skin.half_depth(z) - fat * 0.8,
            squareness=3.0,
            softness=0.5,
        )

    def arm(self, side):
        """Upper arm, as a solid."""
        middle = profile((10, 20.5 * side), (4, 22.2 * side), (-22, 29 * side))
        half = profile((12, 0.1), (10, 4.2), (2, 4.2), (-22, 4.0))
        return Column(
            lambda z: middle(z) - half(z), lambda z: middle(z) + half(z), constant(0.0), half
        )

    @cached_property
    def heart(self):
        """Heart with its pericardium."""
        p = self.patient
        scale = p.heart_width * self.heart_scale
        lift = 0.35 * self.breath + 0.3 * (p.dome_right + 5.8)

        def border(knots):
            # a steep heart is narrower at its apex and reaches lower
            turned = [(z, x * scale - p.heart_tilt * 0.09 * (2 - z)) for z, x in knots]
            return profile(*scaled(turned, shift=lift))

        depth, half = (profile(*scaled(knots, shift=lift)) for knots in (HEART_DEPTH, HEART_HALF))
        return Column(border(HEART_RIGHT), border(HEART_LEFT), depth, half, softness=0.62)

    @cached_property
    def mediastinum(self):
        """Great vessels, oesophagus and fat between the lungs."""
        wide = self.patient.mediastinum + 0.1 * (self.heart_scale - 1) + 0.06 * self.breath
        return Column(
            profile(*scaled(MEDIASTINUM_RIGHT, wide)),
            profile(*scaled(MEDIASTINUM_LEFT, wide)),
            profile(*MEDIASTINUM_DEPTH),
            profile(*MEDIASTINUM_HALF),
            softness=0.9,
        )

    @cached_property
    def aorta(self):
        """Aortic arch, seen end on as the aortic knob, and descending aorta."""
        knob = self.patient.aortic_knob
        centre = profile(*scaled(AORTA_CENTRE, 0.5 + 0.5 * knob))
        half = profile(*scaled(AORTA_HALF, 0.4 + 0.6 * knob))
        return Column(
            lambda z: centre(z) - half(z),
            lambda z: centre(z) + half(z),
            profile(*AORTA_DEPTH),
            profile(*AORTA_THICKNESS),
            softness=0.75,
        )

    @cached_property
    def spine_line(self):
        """Sideways place x(z) of the vertebral bodies."""
        bend = self.patient.scoliosis
        return profile((22, 0), (14, -0.3 * bend), (6, bend), (-3, -0.6 * bend), (-14, 0.5 * bend))

    @cached_property
    def paraspinal(self):
        """Vertebral bodies with the muscles beside them: where no lung can be."""
        half = profile((16, 2.8), (8, 3.2), (0, 4.0), (-8, 5.0), (-14, 6))
        line = self.spine_line
        return Column(
            lambda z: line(z) - half(z),
            lambda z: line(z) + half(z),
            profile(*SPINE_DEPTH),
            constant(3.0),
            softness=1.0,
        )

    @cached_property
    def trachea(self):
        """Windpipe down to the carina, pushed to the right by the aortic arch."""
        middle = profile((22, 0.1), (12, 0.05), (7.5, 0.35), (5.5, 0.45))
        half = profile((22, 0.85), (7, 0.85), (5.6, 0.9), (4.6, 0.4), (4.4, 0.02))
        return Column(
            lambda z: middle(z) - half(z),
            lambda z: middle(z) + half(z),
            profile((20, -1.0), (5, 1.5)),
            profile((22, 0.8), (5.6, 0.8), (4.6, 0.4), (4.4, 0.0)),
        )

    def dome(self, side):
        """Half of the diaphragm on one side."""
        p = self.patient
        top = p.dome_right if side == RIGHT else p.dome_left
        centre = -8.4 if side == RIGHT else 9.2
        return Dome(top + self.breath, centre, p.dome_curve)


def bowel_gas(grid, chest, visit):
    """Path length (cm) of gas in stomach and colon under the left half of the diaphragm.

    The gas moves from visit to visit.  The stomach bubble of a standing patient fills the top of
    the stomach, close under the dome, down to a level of fluid; in a lying patient it spreads in
    front of the fluid and thins out at its rim.  The colon shows rounded pouches (haustra) with
    thin folds between them.
    """
    p = chest.patient
    rng = stream(p.seed, "gas", visit)
    dome = chest.dome(LEFT)
    gas = grid.zeros()
    width, height = rng.uniform(2.2, 3.8), rng.uniform(1.4, 2.4)
    x, top = rng.uniform(6.0, 8.5), dome.top - rng.uniform(0.7, 1.1)
    bubble = Ellipsoid((x, -1.0, top - height), (width, 2.2, height))
    window, chord = bubble.chord(grid)
    level = top - height * rng.uniform(0.9, 1.5)
    if chest.lying:
        share = 0.2 * chord
    else:
        share = 0.8 * np.clip((grid.z[window[0]] - level) / 0.08 + 0.5, 0, 1)
    gas[window] = p.bowel_gas * share * chord
    ragged = np.clip(1 + 0.12 * texture(grid, rng, 2.6, 0.8, 6), 0.2, 1.6)
    below = np.clip((dome.height(grid.x) - 0.5 - grid.z) / 0.2, 0, 1)
    return gas + p.bowel_gas * colon(grid, rng, dome) * ragged * below


def colon(grid, rng, dome):
    """Path length (cm) of gas in the left bend of the colon: pouches along its course."""
    pouches = grid.zeros()
    course = profile((0.0, 13.0), (0.4, 11.5), (0.7, 8.0), (1.0, 2.0))
    fall = rng.uniform(7.0, 12.0)
    first, last = rng.uniform(0.0, 0.5), rng.uniform(0.45, 1.0)
    for place in np.arange(0.0, 1.0, 0.06) + rng.uniform(-0.02, 0.02, 17):
        radius, share, tilt = rng.uniform(1.1, 2.1), rng.uniform(0.5, 1.2), rng.uniform(-60, 60)
        x = float(course(np.float64(place))) + rng.normal(0, 0.8)
        z = dome.top - 4.0 - fall * abs(place - 0.35) + rng.normal(0, 0.6)
        pouch = Ellipsoid((x, -3.0, z), (radius * 1.2, 1.6, radius), tilt=tilt)
        if first < place < last:
            window, chord = pouch.chord(grid)
            pouches[window] = np.maximum(pouches[window], share * chord)
    return pouches


def breasts(grid, chest):
    """Path length (cm) of breast tissue in front of the chest."""
    thick = chest.patient.breast
    tissue = grid.zeros()
    if thick == 0:
        return tissue
    for side in (RIGHT, LEFT):
        breast = Ellipsoid((side * 9.2, -12.0, -4.2), (6.0, 1.0, 5.4), tilt=-12 * side)
        window, chord = breast.chord(grid)
        tissue[window] += thick * (chord / 2) ** 1.3
    return tissue


def wall_thickness(grid, seed):
    """Uneven thickness of the muscles of the chest wall, in cm around their mean."""
    return 0.55 * texture(grid, stream(seed, "wall"), 3.0, 2.0, 16)


def fat_planes(grid, seed):
    """Relative variation of soft tissue: fat between the muscles and around the bowels."""
    fine = texture(grid, stream(seed, "tissue"), 2.6, 0.25, 9)
    belly = texture(grid, stream(seed, "abdomen"), 3.0, 1.0, 9)
    below = np.clip((-9 - grid.z) / 4 + 0.5, 0, 1)
    return 0.013 * fine + 0.012 * below * belly
