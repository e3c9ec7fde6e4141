"""Who is on the film: a person's build, drawn from a number, and their random streams.

Random numbers come from one generator per part of the body and visit.  NumPy keeps the streams of
`numpy.random.Generator` stable for the methods used here, so the same number is the same person.
"""

from dataclasses import dataclass

import numpy as np

RIGHT, LEFT = -1, 1  # the patient's sides, as the sign of x

# One random stream per part: a changed diaphragm must not move the pneumonia between two visits.
STREAMS = (
    *("patient", "ribs", "tissue", "lung", "disease", "asymmetry", "gas", "noise", "marker"),
    *("leads", "view", "exposure", "right_arteries", "right_veins", "left_arteries"),
    *("left_veins", "wall", "abdomen", "spine"),
)


def stream(seed, part, visit=0):
    """Random generator that belongs to one part of one patient (at one visit)."""
    return np.random.default_rng([seed, STREAMS.index(part), visit])


@dataclass(frozen=True)
class Patient:
    """How one person differs from the average; lengths in cm, the rest are factors.

    Attributes
    ----------
    width, length : float
        Size of the whole chest across and along.
    taper : float
        Above 0 the chest is narrower at the top than average, below 0 more like a barrel.
    apex : float
        Height of the lung apices above average.
    dome_right, dome_left : float
        Height of the tops of the diaphragm.
    dome_curve : float
        Curvature of the diaphragm.
    heart_width, heart_tilt : float
        Width of the heart; tilt above 0 is a steep heart, below 0 a lying one.
    aortic_knob : float
        Size of the aortic arch.
    rib_slope, bone : float
        Fall of the ribs from back to front; thickness of cortical bone.
    mediastinum : float
        Width of the great vessels and the fat around them.
    fat : float
        Fat under the skin.
    breast : float
        Thickness of breast tissue, 0 for none.
    shoulder, clavicle : float
        Height of the shoulders and of the outer ends of the clavicles above average.
    scoliosis : float
        Sideways bend of the spine.
    bowel_gas : float
        How much gas there is under the left half of the diaphragm.
    """

    seed: int
    width: float = 1.0
    length: float = 1.0
    taper: float = 0.0
    apex: float = 0.0
    dome_right: float = -5.8
    dome_left: float = -6.8
    dome_curve: float = 1.0
    heart_width: float = 1.0
    heart_tilt: float = 0.0
    aortic_knob: float = 1.0
    mediastinum: float = 1.0
    rib_slope: float = 1.0
    bone: float = 1.0
    fat: float = 1.2
    breast: float = 0.0
    shoulder: float = 0.0
    clavicle: float = 0.0
    scoliosis: float = 0.0
    bowel_gas: float = 1.0

    @classmethod
    def from_seed(cls, seed):
        """Draw a person."""
        rng = stream(seed, "patient")
        dome = -5.6 + rng.normal(0, 1.0)
        return cls(
            seed=seed,
            width=float(np.clip(rng.normal(1.0, 0.06), 0.88, 1.12)),
            length=float(np.clip(rng.normal(0.98, 0.06), 0.88, 1.08)),
            taper=float(np.clip(rng.normal(0.0, 0.06), -0.12, 0.12)),
            apex=float(np.clip(rng.normal(0, 0.5), -1, 1)),
            dome_right=float(dome),
            dome_left=float(dome - rng.normal(1.1, 0.6)),
            dome_curve=float(rng.uniform(0.75, 1.25)),
            heart_width=float(np.clip(rng.normal(1.0, 0.08), 0.82, 1.18)),
            heart_tilt=float(np.clip(rng.normal(0, 0.6), -1.2, 1.2)),
            aortic_knob=float(rng.uniform(0.75, 1.25)),
            mediastinum=float(rng.uniform(0.9, 1.25)),
            rib_slope=float(np.clip(rng.normal(1.0, 0.09), 0.8, 1.2)),
            bone=float(rng.uniform(0.85, 1.2)),
            fat=float(rng.uniform(0.7, 2.6)),
            breast=float(max(rng.uniform(-2.5, 2.5), 0)),
            shoulder=float(np.clip(rng.normal(0, 0.6), -1.2, 1.2)),
            clavicle=float(rng.normal(0, 0.7)),
            scoliosis=float(rng.normal(0, 0.25)),
            bowel_gas=float(rng.uniform(0.3, 1.6)),
        )
