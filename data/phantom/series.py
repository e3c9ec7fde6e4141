"""Who is on the films of the embedded sets: the follow-up patient and the three classes."""

import numpy as np

from .detector import Exposure
from .film import Film, View, radiograph
from .patient import Patient, stream

FOLLOW_UP_SEED = 7
FOLLOW_UP_PATIENT = Patient(
    seed=FOLLOW_UP_SEED, width=1.0, length=0.95, dome_right=-5.6, dome_left=-6.9, heart_width=1.02,
    aortic_knob=1.15, mediastinum=1.15, fat=1.5, clavicle=0.3, scoliosis=0.25, bowel_gas=1.0,
    dome_curve=1.05,
)  # fmt: skip
SEVERITIES = (0.0, 0.15, 0.35, 0.6, 0.9, 1.0, 0.75, 0.45, 0.08)  # grows, then heals
PORTABLE_VISITS = (4, 5)  # taken in bed from the front, with ECG leads
COLLIMATED = {  # (top, bottom, left, right in cm, turn in degrees), masked black or left white
    1: ((0.5, -1, -1, -1, 0.7), True),
    3: ((-1, -1, 0.4, -1, -0.3), False),
    5: ((-1, -1, -1, 0.5, -0.6), True),
    7: ((-1, 0.4, -1, -1, 0.4), False),
}

CLASSES = {"1_normal": 12, "2_bacterial": 24, "3_viral": 12}


def follow_up_frame(visit, size=1024, severity=None):
    """Film of the follow-up patient at a visit (0 to 8).

    Pose, breath, exposure and contrast differ from visit to visit, as they do in life.

    Parameters
    ----------
    visit : int
    size : int
        Height and width in pixels.
    severity : float, optional
        0 to 1; by default that of the visit in `SEVERITIES`.  With 0 at every visit the same person
        stays healthy: what a measure finds in such films is its error.

    Returns
    -------
    Film
    """
    if not 0 <= visit < len(SEVERITIES):
        raise ValueError(f"visit is {visit}; there are visits 0 to {len(SEVERITIES) - 1}.")
    rng = stream(FOLLOW_UP_SEED, "view", visit)
    portable = visit in PORTABLE_VISITS
    view = View(
        turn=float(rng.normal(0, 2.0)),
        breath=float(abs(rng.normal(0, 0.4)) + (1.2 if portable else 0)),
        heart_scale=1.1 if portable else 1.0,
        shift=(float(rng.normal(1.3, 0.6)), float(rng.normal(0, 0.6))),
        angle=float(rng.normal(0, 1.3)),
        zoom=float(1.09 + rng.normal(0, 0.025) + 0.03 * portable),
        lying=portable,
    )
    collimator, masked = COLLIMATED.get(visit, (None, True))
    exposure = Exposure(
        dose=float(rng.uniform(0.7, 1.5)),
        brightness=float(rng.normal(0, 0.07)),
        contrast=float(rng.uniform(0.92, 1.10)) - 0.08 * portable,
        heel=float(rng.normal(0.05, 0.03)),
        marker=(float(rng.uniform(14, 18)), float(rng.uniform(15.5, 18))),
        leads=4 if portable else 0,
        collimator=collimator,
        masked=masked,
    )
    severity = SEVERITIES[visit] if severity is None else severity
    return radiograph(
        size,
        FOLLOW_UP_SEED,
        disease="bacterial",
        severity=severity,
        visit=visit,
        patient=FOLLOW_UP_PATIENT,
        view=view,
        exposure=exposure,
    )


def class_film(name, number):
    """Film number 1, 2, ... of a class of `CLASSES`, cropped; every film is another patient."""
    if name not in CLASSES:
        raise ValueError(f"class is {name!r}; choose one of {sorted(CLASSES)}.")
    if not 1 <= number <= CLASSES[name]:
        raise ValueError(f"number is {number}; {name} has films 1 to {CLASSES[name]}.")
    seed = 1000 * (1 + sorted(CLASSES).index(name)) + number
    rng = stream(seed, "view", 1)
    size = int(rng.choice([288, 320, 352, 384, 416]))
    disease = {"1_normal": None, "2_bacterial": "bacterial", "3_viral": "viral"}[name]
    exposure = Exposure(
        dose=float(rng.uniform(0.7, 1.5)),
        brightness=float(rng.normal(0, 0.12)),
        contrast=float(rng.uniform(0.88, 1.12)),
        heel=float(rng.normal(0.05, 0.03)),
        marker=(float(rng.uniform(13, 16)), float(rng.uniform(14, 16)))
        if rng.random() < 0.6
        else None,
    )
    film = radiograph(
        size, seed, disease=disease, severity=float(rng.uniform(0.55, 1.0)), exposure=exposure
    )
    top, left = (int(size * rng.uniform(0, 0.06)) for _ in range(2))
    height, width = int(size * rng.uniform(0.64, 0.94)), int(size * rng.uniform(0.84, 0.94))
    crop = np.s_[top : top + height, left : left + width]
    truth = {key: mask[crop] for key, mask in film.truth.items()}
    return Film(film.image[crop], film.noise_free[crop], film.signal[crop], truth, film.pixel_cm)
