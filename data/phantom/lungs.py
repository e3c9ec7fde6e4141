"""Lungs: their shape, their vessels and the airways; lengths in cm, axes as in `projection`."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial.distance import cdist

from .anatomy import Chest
from .patient import LEFT, RIGHT, stream
from .projection import Column, profile, smooth, tube, union_length

UNDER_RIB_CM = 0.45  # the top of the lung lies this much below the top of the rib cage


@dataclass(frozen=True)
class Lung:
    """What is left of one half of the rib cage beside heart, vessels, spine and diaphragm."""

    chest: Chest
    side: int

    @cached_property
    def cavity(self):
        """Half of the rib cage, as a solid; its inner border lies behind and before the heart."""
        chest, side = self.chest, self.side
        medial = profile(
            (15.2, 4.3), (15.0, 3.5), (14.6, 2.9), (13.5, 2.0), (11.5, 1.0), (9, -0.5), (5, -1.5)
        )

        def below_first_rib(curve, apex=0.0):
            return lambda z: curve(z + (UNDER_RIB_CM - apex) * np.clip(z / 12, 0, 1))

        outer = below_first_rib(chest.cage)
        inner = below_first_rib(medial, chest.patient.apex)
        left, right = (inner, outer) if side == LEFT else (outer, inner)
        return Column(
            lambda z: side * left(z),
            lambda z: side * right(z),
            chest.cage_centre,
            below_first_rib(chest.cage_depth),
            squareness=3,
        )

    @cached_property
    def apex(self):
        """Height (cm) above which there is no lung."""
        return 15.2 - UNDER_RIB_CM + self.chest.patient.apex

    def displacing(self):
        """Solids that take up room inside the rib cage."""
        chest = self.chest
        return chest.heart, chest.mediastinum, chest.paraspinal, chest.aorta, chest.dome(self.side)

    def thickness(self, grid):
        """Path length (cm) of aerated lung, at most what the body leaves room for."""
        window = (
            grid.window(-22, 2.5, -19, 17) if self.side == RIGHT else grid.window(-2.5, 22, -19, 17)
        )
        cut = grid.part(window)
        front, back = cut.interval(self.cavity)
        own_side = (self.side * (cut.x - 0.1) > 0) & (cut.z < self.apex)
        back = np.where(own_side, back, front)
        air = (
            back
            - front
            - union_length((front, back), [cut.interval(solid) for solid in self.displacing()])
        )
        image = grid.zeros()
        image[window] = np.minimum(air, np.maximum(cut.thickness(self.chest.muscle) - 0.8, 0))
        return image

    def contains(self, points, margin=0.15):
        """Which of the points (n, 3) lie at least about `margin` cm inside the lung."""
        x, y, z = np.asarray(points, dtype=float).T
        places = np.flatnonzero((self.side * x > 0) & (z < self.apex))
        front, back = self.cavity.interval(x[places], z[places])
        places = places[(y[places] > front + margin) & (y[places] < back - margin)]
        for solid in self.displacing():  # each is asked only about what is left
            front, back = solid.interval(x[places], z[places])
            outside = (y[places] < front - margin) | (y[places] > back + margin)
            places = places[outside | (back - front <= 0)]
        inside = np.zeros(len(x), bool)
        inside[places] = True
        return inside


# Lower branch of the pulmonary artery, which the tree of the lung grows from, and upper branch with
# the vein before it.  The left hilum is 1 to 2 cm higher than the right, because the left artery
# passes above the bronchus.
HILUM = {
    RIGHT: ((-2.4, 0.0, 2.9), (-4.3, 0.6, 2.6), (-5.3, 1.2, 1.2), (-5.9, 1.8, -1.0)),
    LEFT: ((2.4, 0.0, 4.0), (4.4, 1.0, 4.4), (5.7, 2.0, 3.2), (6.4, 2.6, 0.8)),
}
LOWER_END = {RIGHT: (-6.8, 2.4, -4.2), LEFT: (7.3, 3.2, -2.4)}
UPPER_BRANCH = {
    RIGHT: ((-3.0, 0.2, 1.4), (-4.6, 0.0, 3.2), (-5.6, 0.2, 5.2), (-6.5, 0.6, 7.8)),
    LEFT: ((3.2, 0.4, 2.8), (4.8, 0.0, 4.8), (5.8, 0.2, 6.8), (6.5, 0.6, 9.0)),
}
# The lower right branch is up to 1.6 cm wide in the healthy.
LOWER_RADIUS = (0.30, 0.80, 0.78, 0.48, 0.15)
UPPER_RADIUS = (0.30, 0.75, 0.45, 0.10)


def hila(grid):
    """Path length (cm) of blood in the large vessels at the roots of the lungs."""
    blood = grid.zeros()
    for side in (RIGHT, LEFT):
        lower = (*HILUM[side], LOWER_END[side])
        for path, radius in ((lower, LOWER_RADIUS), (UPPER_BRANCH[side], UPPER_RADIUS)):
            branch = tube(path, radius, radius, 0.0, grid.pixel * 0.9)
            window, (length,) = grid.deposit(branch.points, branch.whole)
            # pieces overlap where the path bends; no ray is longer in it than straight through
            length = np.minimum(length, 2 * max(radius))
            blood[window] = np.maximum(blood[window], length)
    return smooth(blood, grid, 0.10)


def vessel_tree(lung, rng, trunk, count, root_radius):
    """Branching vessels that fill a lung.

    Random points of the lung are joined one after the other, nearest to the hilum first, to the
    branch that gives a short way back to the heart (a spanning tree with a penalty on path length,
    as in Cuntz et al., PLoS Comput. Biol. 6, 2010).  Radii follow the flow: r ~ (number of tips
    beyond)**0.42, close to Murray's law (J. Gen. Physiol. 9, 1926), where the exponent is 1/3.

    Returns
    -------
    start, end : (n, 3) arrays
        Ends of each segment in cm.
    radius : (n,) array
        cm.
    """
    cloud = rng.uniform((-17, -9, -17), (17, 10.5, 17), (count * 16, 3))
    cloud = cloud[lung.contains(cloud)][:count]
    trunk = np.asarray(trunk, dtype=float)
    cloud = cloud[np.argsort(np.linalg.norm(cloud - trunk[-1], axis=1), kind="stable")]
    points = np.vstack([trunk, cloud])
    first, total = len(trunk), len(points)
    stretched = points * (1, 1.5, 1)  # ways across the film are preferred to ways along the ray
    parent, path = np.zeros(total, int), np.zeros(total)
    parent[1:first] = np.arange(first - 1)
    gaps = cdist(stretched, stretched)
    for k in range(first, total):
        parent[k] = nearest = np.argmin(gaps[k, :k] + 0.5 * path[:k])
        path[k] = path[nearest] + gaps[k, nearest]
    flow, before = [1.0] * total, parent.tolist()
    for k in range(total - 1, 0, -1):
        flow[before[k]] += flow[k]
    flow = np.array(flow)
    for _ in range(3):  # pull bends straight
        sums, weights = np.zeros((total, 3)), np.zeros(total)
        np.add.at(sums, parent[1:], points[1:] * flow[1:, None])
        np.add.at(weights, parent[1:], flow[1:])
        inner = (weights > 0) & (np.arange(total) >= first)
        ahead = sums[inner] / weights[inner, None]
        points[inner] = 0.4 * points[inner] + 0.3 * points[parent[inner]] + 0.3 * ahead
    return points[parent[1:]], points[1:], root_radius * (flow[1:] / total) ** 0.42


def segments(start, end, radius, bow, step):
    """Elements of volume of many slightly bowed cylinders: points (n, 3) in cm, volumes in cm³."""
    length = np.linalg.norm(end - start, axis=1) + 1e-6
    forward = (end - start) / length[:, None]
    across = np.stack([forward[:, 2], np.zeros_like(length), -forward[:, 0]], axis=1)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)
    along_count = np.maximum((length / step).astype(int), 2)
    across_count = (2 * radius / step).astype(int) + 2
    count = along_count * across_count
    which = np.repeat(np.arange(len(length)), count)
    number = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    along = (number // across_count[which] + 0.5) / along_count[which]
    offset = (number % across_count[which] + 0.5) / across_count[which] * 2 - 1
    points = start[which] + (end - start)[which] * along[:, None]
    points += (bow * length[:, None])[which] * (4 * along * (1 - along))[:, None]
    points += across[which] * (offset * radius[which])[:, None]
    area = (2 * radius / across_count * length / along_count)[which]
    return points, 2 * radius[which] * np.sqrt(1 - offset**2) * area


def vessels(grid, lungs):
    """Path length (cm) of blood in the vessels of the lungs."""
    pieces = []
    for lung in lungs:
        side, seed = lung.side, lung.chest.patient.seed
        name = "right" if side == RIGHT else "left"
        veins = ((side * 3.0, 0.0, -1.5), (side * 5.0, 0.5, -1.9))
        for kind, trunk, count, root in (
            ("arteries", HILUM[side], 1100, 1.05),
            ("veins", veins, 600, 0.80),
        ):
            rng = stream(seed, f"{name}_{kind}")
            start, end, radius = vessel_tree(lung, rng, trunk, count, root)
            bow = rng.normal(0, 0.08, start.shape)
            pieces.append(segments(start, end, radius, bow, grid.pixel * 0.9))
    points, volumes = (np.concatenate(part) for part in zip(*pieces, strict=True))
    blood = grid.zeros()
    window, (length,) = grid.deposit(points, volumes)
    blood[window] = length
    return blood


def airways(grid, chest):
    """Path length (cm) of air in trachea and main bronchi."""
    step = grid.pixel * 0.9
    air = np.maximum(grid.thickness(chest.trachea), 0)
    bronchi = (
        (((0.4, 1.5, 5.3), (-1.6, 1.6, 3.6), (-3.8, 1.8, 2.0)), (0.70, 0.65, 0.45)),
        (((0.4, 1.5, 5.3), (2.2, 1.6, 3.2), (4.4, 1.9, 1.4)), (0.60, 0.55, 0.40)),
    )
    for path, radius in bronchi:
        bronchus = tube(path, radius, radius, 0.0, step)
        window, (length,) = grid.deposit(bronchus.points, bronchus.whole)
        air[window] = np.maximum(air[window], length)
    return air
