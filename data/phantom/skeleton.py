"""Bones: ribs, clavicles, shoulder blades, upper arms, spine and breastbone.

A bone is a shell of compact (cortical) bone around a core of spongy bone.  On a film the shell
draws the bright lines, because a ray that grazes it runs a long way inside it.  Axes and units as
in `anatomy`: centimetres, x to the patient's left, y to the back, z to the head.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage as ndi
from scipy.interpolate import CubicSpline, PchipInterpolator

from .anatomy import SPINE_DEPTH
from .patient import LEFT, RIGHT, stream
from .projection import Ellipsoid, polygon, profile, tube

# Heights of the centres of the vertebral bodies C3 ... L3; the first rib leaves the spine at T1.
VERTEBRAE = np.array(
    (
        *(22.6, 21.1, 19.6, 18.0, 16.3, 14.5, 12.3, 9.9, 7.4, 4.8),
        *(2.1, -0.7, -3.6, -6.6, -9.8, -13.1, -16.4, -19.9, -23.4, -27.0),
    )
)
FIRST_THORACIC = 5

# Ribs 1 to 12: fall from spine to front end (cm), and the angle round the chest at which bone ends
# (0 at the spine, 90 at the side, 180 at the breastbone; cartilage continues and is not seen).
RIB_FALL = (6.0, 10.5, 12.8, 14.2, 15.0, 15.5, 15.8, 15.8, 15.5, 15.0, 14.0, 13.0)
RIB_END = (150, 146, 142, 138, 133, 128, 123, 118, 111, 105, 84, 58)
# Share of that fall reached at an angle: flat at the back, steep along the side.
FALL_SHARE = PchipInterpolator(
    [9, 30, 55, 75, 105, 125, 145, 180], [0, 0.12, 0.30, 0.46, 0.73, 0.86, 0.95, 1]
)

SCAPULA = (
    *((16.4, 9.8), (16.2, 7.6), (15.6, 5.2), (14.7, 1.8), (13.9, -1.2), (13.0, -2.4), (12.3, -1.0)),
    *((11.7, 3.0), (11.3, 7.0), (11.5, 9.6), (12.3, 12.2), (13.6, 11.9), (15.0, 11.2)),
)


@dataclass
class Bones:
    """Path lengths of bone and which bone casts which shadow.

    Attributes
    ----------
    cortical, spongy : (h, w) float32 arrays
        Path length in cm.
    shadows : dict of str to (h, w) bool arrays
        Projected solids: "rib 1" ... "rib 12" (both sides), "clavicles" and so on, see
        `truth.PLANES`; "marrow" is what lies inside the shells of all of them.
    """

    cortical: np.ndarray
    spongy: np.ndarray
    shadows: dict

    def add(self, name, cortical, spongy, window=np.s_[:, :], least=0.08):
        """Add a bone; if it has a name it casts a shadow where it is thicker than `least` cm."""
        self.cortical[window] += cortical
        self.spongy[window] += spongy
        if name:
            for shadow, length in ((name, cortical + spongy), ("marrow", spongy)):
                if shadow not in self.shadows:
                    self.shadows[shadow] = np.zeros(self.cortical.shape, bool)
                self.shadows[shadow][window] |= length > least


@dataclass(frozen=True)
class Rod:
    """Long bone along a path; see `projection.tube` for the geometry."""

    name: str | None
    path: np.ndarray
    height: np.ndarray
    width: np.ndarray
    shell: np.ndarray
    outward: object = None
    spongy_share: float = 1.0

    def elements(self, step):
        """Elements of volume; see `projection.tube`."""
        return tube(self.path, self.height, self.width, self.shell, step, self.outward)

    def project(self, bones, grid):
        """Add the shadow of this bone."""
        rod = self.elements(grid.pixel * 0.95)
        window, (cortical, core) = grid.deposit(rod.points, rod.whole - rod.core, rod.core)
        bones.add(self.name, cortical, self.spongy_share * core, window)


@dataclass(frozen=True)
class Block:
    """Short bone: an ellipsoid or rounded box with a shell.

    The shares say how much of shell and core is really bone; the rest is soft tissue.
    """

    name: str | None
    solid: Ellipsoid
    shell: float | tuple
    cortical_share: float = 1.0
    spongy_share: float = 1.0

    def project(self, bones, grid):
        """Add the shadow of this bone."""
        window, whole = self.solid.chord(grid)
        core = np.zeros(grid.shape, np.float32)
        inner, core[inner] = self.solid.shrunk(self.shell).chord(grid)
        core = core[window]
        cortical = self.cortical_share * np.maximum(whole - core, 0)
        bones.add(self.name, cortical, self.spongy_share * core, window)


@dataclass(frozen=True)
class Plate:
    """Thin bone given by its outline (x, z) in cm, thicker along the border."""

    name: str
    corners: np.ndarray

    def project(self, bones, grid):
        """Add the shadow of this bone."""
        window, inside = polygon(grid, self.corners)
        depth = ndi.distance_transform_edt(np.pad(inside, 1))[1:-1, 1:-1] * grid.pixel
        plate = inside * (0.28 + 0.30 * np.exp(-depth / 0.25))
        plate = ndi.gaussian_filter(plate, 0.10 / grid.pixel).astype(np.float32)
        bones.add(self.name, plate, 0 * plate, window)


def skeleton(grid, chest):
    """Shadows of all bones of one patient: `Bones`."""
    bones = Bones(grid.zeros(), grid.zeros(), {})
    for bone in all_bones(chest):
        bone.project(bones, grid)
    return bones


def all_bones(chest):
    """Yield every bone of one patient: `Rod`, `Block` or `Plate`."""
    yield from ribs(chest)
    for side in (RIGHT, LEFT):
        yield clavicle(chest, side)
        yield from scapula(chest, side)
        yield humerus(chest, side)
    yield from spine(chest)
    yield from sternum()


def rib_path(chest, number, side, rng):
    """Axis of a rib: 48 points (x, y, z) in cm from its head to its front end.

    `number` counts from 0.  The head joins the vertebra, the shaft follows the wall of the chest.
    """
    angle = np.linspace(9, RIB_END[number], 48)
    fall = RIB_FALL[number] * chest.patient.rib_slope * (1 + 0.04 * rng.normal())
    arch = 0.6 + 0.45 * np.sin(np.clip((angle - 9) / 36, 0, 1) * np.pi)
    start = VERTEBRAE[FIRST_THORACIC + number] + 0.15 * rng.normal()
    z = start + arch - fall * FALL_SHARE(angle)
    half_width = np.maximum(chest.cage(z) + 0.30, 5.0) * (0.95 if number == 0 else 1.0)
    half_depth = np.maximum(chest.cage_depth(z) + 0.3, 4.2)
    head = np.clip(1 - (angle - 9) / 14, 0, 1)
    turn = np.deg2rad(angle)
    x = half_width * np.sin(turn) ** 0.70 * (1 - head) + 1.9 * head
    forward = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.9
    return np.stack(
        [side * x + chest.spine_line(z) * head, chest.cage_centre(z) + half_depth * forward, z],
        axis=1,
    )


def ribs(chest):
    """Twelve pairs; compact bone is thick at the back and side and thin in front.

    The shells are about twice as thick as a real rib's cortex (1 to 2 mm): at one effective
    energy, without the softer part of the spectrum, ribs of true thickness come out too faint
    beside real films.
    """
    rng = stream(chest.patient.seed, "ribs")

    def outward(points):
        x, y, z = points.T
        across = x / chest.cage(z) ** 2
        return np.stack([across, (y - chest.cage_centre(z)) / chest.cage_depth(z) ** 2, 0 * z], 1)

    for number in range(12):
        height = (0.58 + 0.11 * min(number, 6) / 6 if number < 10 else 0.42) * np.array(
            [0.45, 0.90, 1.05, 1.05, 1.02, 0.98, 0.95]
        )
        width = np.array([0.45, 0.54, 0.52, 0.48, 0.41, 0.35, 0.30])
        shell = np.array([0.08, 0.25, 0.29, 0.29, 0.20, 0.14, 0.11]) * chest.patient.bone
        if number == 0:
            height, shell = 0.85 * height, 0.55 * shell
        if number > 7:  # behind the liver and the bowels hardly anything is seen of them
            shell = shell * np.array([0.1, 0.2, 0.3, 0.5, 0.8, 0.8, 0.8])
        if number > 9:
            height = height * np.linspace(1, 0.6, 7)
        for side in (RIGHT, LEFT):
            path = rib_path(chest, number, side, rng)
            yield Rod(f"rib {number + 1}", path, height, width, shell, outward)


def _mirrored(side, *points):
    return np.array(points) * (side, 1, 1)


def clavicle(chest, side):
    """Collar bone: wide at the breastbone, bent like a flat S, flattened at the acromion."""
    lift = chest.patient.clavicle + chest.patient.shoulder * 0.5
    path = _mirrored(
        side,
        (1.9, -6.5, 9.9 + 0.1 * lift),
        (3.4, -7.3, 10.8 + 0.2 * lift),
        (6.2, -7.6, 11.7 + 0.4 * lift),
        (9.0, -6.6, 12.0 + 0.6 * lift),
        (12.0, -4.4, 12.2 + 0.8 * lift),
        (15.0, -2.2, 12.9 + 0.9 * lift),
        (17.6, -1.5, 13.4 + lift),
    )
    height = [0.5, 1.05, 0.85, 0.66, 0.58, 0.56, 0.58, 0.64, 0.5, 0.2]
    shell = np.array([0.08, 0.18, 0.24, 0.26, 0.20, 0.10]) * chest.patient.bone
    return Rod("clavicles", path, height, [0.5, 0.65, 0.55, 0.5, 0.25], shell)


def scapula(chest, side):
    """Shoulder blade: thin plate, thick outer border, spine with acromion, coracoid, socket."""
    lift, bone = chest.patient.shoulder, chest.patient.bone
    rise = (0, 0, lift)
    corners = np.array(SCAPULA)
    around = CubicSpline(np.arange(len(corners) + 1), [*corners, corners[0]], bc_type="periodic")
    outline = around(np.linspace(0, len(corners), 120, endpoint=False))
    yield Plate("shoulder blades", outline * (side, 1) + (0, lift))
    outer = _mirrored(side, (16.2, 3.8, 8.0), (15.4, 5.2, 4.6), (14.4, 6.6, 1.0), (13.0, 7.3, -2.2))
    yield Rod(
        "borders of the blades",
        outer + rise,
        [0.5, 0.5, 0.4, 0.25],
        [0.3, 0.5, 0.4, 0.3],
        0.3 * bone,
    )
    inner = _mirrored(
        side,
        (12.4, 7.0, 12.0),
        (11.4, 7.4, 8.6),
        (11.3, 7.6, 4.6),
        (11.9, 7.6, 0.8),
        (12.8, 7.4, -2),
    )
    yield Rod("borders of the blades", inner + rise, 0.16, [0.1, 0.3, 0.3, 0.2], 0.16 * bone)
    crest = _mirrored(
        side,
        (11.5, 7.2, 8.2),
        (13.6, 7.4, 9.7),
        (15.8, 6.8, 11.4),
        (17.8, 4.8, 12.7),
        (19.0, 1.8, 13),
    )
    yield Rod(
        "spines of the blades",
        crest + rise,
        [0.12, 0.25, 0.38, 0.52, 0.60, 0.3],
        [0.10, 0.30, 0.55, 0.60, 0.40, 0.25],
        np.array([0.06, 0.14, 0.18, 0.16, 0.10]) * bone,
    )
    coracoid = Ellipsoid((side * 15.2, 1.0, 10.7 + lift), (1.0, 0.7, 0.45), tilt=-50 * side)
    yield Block("coracoids", coracoid, 0.10, 0.5, 0.6)
    socket = Ellipsoid((side * 16.7, 3.0, 9.2 + lift), (0.6, 1.0, 1.8), tilt=8 * side)
    yield Block("sockets", socket, 0.12, 0.8)


def humerus(chest, side):
    """Upper arm bone: round head, then a shaft with a thick cortex."""
    path = _mirrored(
        side, (18.9, 0, 12.0), (19.2, 0, 8.6), (20.0, 0, 6.0), (21.5, 0.2, 0), (23.8, 0.4, -9)
    )
    path = path + np.array((0, 0, chest.patient.shoulder))
    place = np.linspace(0, 21.5, 80)
    head = np.sqrt(np.maximum(2.3**2 - (place - 2.3) ** 2, 0.01))
    shaft = np.where(place > 3, 1.05 + 0.9 * np.exp(-(place - 3) / 2.0), 0)
    radius = np.maximum(head, shaft)
    shell = np.interp(place, [0, 4, 7, 10], [0.06, 0.08, 0.25, 0.40])
    return Rod("humeri", path, radius, radius, shell, spongy_share=0.4)


def spine(chest):
    """Vertebral bodies, pedicles, transverse and spinous processes, C3 to L2."""
    depth_of = profile(*SPINE_DEPTH)
    rng = stream(chest.patient.seed, "spine")
    for level, z in enumerate(VERTEBRAE[:-1]):
        middle, y = float(chest.spine_line(z)), float(depth_of(z))
        half_width = np.interp(level, [2, 5, 10, 18], [1.25, 1.55, 1.65, 2.25])
        half_height = (z - VERTEBRAE[level + 1]) / 2 - np.interp(level, [2, 18], [0.20, 0.30])
        body = Ellipsoid(
            (middle, y, float(z)),
            (half_width, 1.5, half_height),
            tilt=float(rng.normal(0, 1.8)),
            squareness=4,
            waist=0.12,
        )
        yield Block("vertebrae", body, (0.02, 0.02, 0.10), 0.22, 0.45)
        for side in (RIGHT, LEFT):
            yield from vertebral_arch(level, (middle, y, float(z)), side)
        process = Ellipsoid(
            (middle + float(rng.normal(0, 0.08)), y + 4.5, z - 1.0), (0.3, 1.4, 0.8)
        )
        yield Block(None, process, 0.25, 0.14, 0.1)


def vertebral_arch(level, body, side):
    """Pedicle, seen end on as an oval, and transverse process of one side."""
    middle, y, z = body
    aside = side * np.interp(level, [2, 5, 18], [0.9, 1.0, 1.45])
    size = (np.interp(level, [5, 18], [0.36, 0.45]), 0.5, np.interp(level, [5, 18], [0.45, 0.65]))
    yield Block("pedicles", Ellipsoid((middle + aside, y + 2, z + 0.35), size), 0.12, 0.40, 0.4)
    start = np.array((middle + 1.2 * aside, y + 2.6, z + 0.3))
    path = start + np.array(((0, 0, 0), (0.8 * side, 0.4, 0.2), (1.5 * side, 0.7, 0.2)))
    yield Rod(None, path, [0.42, 0.36, 0.42, 0.2], [0.38, 0.38, 0.2], 0.06, spongy_share=0.8)


def sternum():
    """Breastbone: manubrium and body, spongy with a thin shell; hardly seen from the front."""
    for centre, radii in (((0, -9.5, 8.6), (3.0, 0.7, 2.6)), ((0, -10.5, 0.5), (1.7, 0.6, 6.5))):
        yield Block(None, Ellipsoid(centre, radii, squareness=4), 0.02, 0.5, 0.7)
