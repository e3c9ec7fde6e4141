"""The same anatomy cut into voxels: axial slices as a CT scanner would give them.

Values are CT numbers plus 1000, so that they fit into unsigned integers: 0 is air, 1000 is water,
``1000 * mu / mu(water)`` in general (Hounsfield's scale, shifted).
"""

import numpy as np
from scipy import ndimage as ndi

from . import detector
from .anatomy import Chest
from .lungs import Lung
from .patient import LEFT, RIGHT, stream
from .projection import Grid
from .skeleton import Block, Rod, all_bones

VOXEL_CM = (0.90, 0.45, 0.45)  # z, y, x
SIDE = 96  # voxels in y and x; half as many slices
MU_WATER = 0.199  # 1/cm at 65 keV, XCOM


def ct_volume(patient):
    """Voxels of the chest: (48, 96, 96) uint16 array in the order z (head first), y, x.

    y runs from the breast to the back, x from the patient's right to the left, as CT slices are
    shown.
    """
    grid = Grid.square(SIDE, VOXEL_CM[1], source=np.inf)
    chest = Chest(patient)
    y = -grid.z  # from the front (negative) to the back

    def fill(solid):
        front, back = grid.interval(solid)
        depth = y[None]
        return (depth > front[:, None]) & (depth < back[:, None])

    mu = np.zeros((SIDE, SIDE, SIDE), np.float32)
    for side in (RIGHT, LEFT):
        mu[fill(chest.arm(side))] = detector.MU_SOFT
    mu[fill(chest.skin)] = detector.MU_FAT
    mu[fill(chest.muscle)] = detector.MU_SOFT
    z_of, y_of, x_of = np.broadcast_arrays(grid.z[:, :, None], y[None], grid.x[None])
    points = np.stack([x_of, y_of, z_of], axis=-1).reshape(-1, 3)
    for side in (RIGHT, LEFT):
        mu[Lung(chest, side).contains(points, margin=0.0).reshape(mu.shape)] = detector.MU_LUNG
    mu[fill(chest.trachea)] = 0
    mu += bone_gain(grid, chest) * fill(chest.skin)
    mu = ndi.gaussian_filter(mu, 0.4)
    numbers = 1000 * mu.reshape(SIDE // 2, 2, SIDE, SIDE).mean(axis=1) / MU_WATER
    noise = stream(patient.seed, "noise", 99).normal(0, 12, numbers.shape)
    return np.clip(np.round(numbers + noise), 0, 4095).astype(np.uint16)


def bone_gain(grid, chest):
    """Return what bone adds to the attenuation coefficient of soft tissue (1/cm) in each voxel.

    Plates are thinner than a voxel and are left out.
    """
    gain = np.zeros((SIDE, SIDE, SIDE), np.float32)
    cortical = detector.MU_CORTICAL - detector.MU_SOFT
    spongy = detector.MU_SPONGY - detector.MU_SOFT
    for bone in all_bones(chest):
        if isinstance(bone, Rod):
            rod = bone.elements(0.2)
            amount = cortical * (rod.whole - rod.core) + spongy * rod.core
            for part in (-0.4, -0.2, 0.0, 0.2, 0.4):  # spread along the ray
                x, y, z = (rod.points + rod.chord[:, None] * (0, part, 0)).T
                index = np.rint((np.array([-z, y, x]) - grid.x[0, 0]) / grid.pixel).astype(int)
                seen = ((index >= 0) & (index < SIDE)).all(axis=0)
                np.add.at(gain, tuple(index[:, seen]), amount[seen] / 5 / grid.pixel**3)
        elif isinstance(bone, Block):
            window, chord = bone.solid.chord(grid)
            inside = np.abs(-grid.z[None] - bone.solid.centre[1]) < chord[:, None] / 2
            gain[window[0], :, window[1]] += (spongy + 0.1 * bone.cortical_share) * inside
    return gain
