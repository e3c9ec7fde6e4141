"""A digital chest phantom: X-ray films of nobody, with their truth.

Examples
--------
>>> from data.phantom import radiograph
>>> film = radiograph(size=256, seed=3, disease="bacterial", severity=0.8)
>>> film.image.shape
(256, 256)
"""

from .detector import Exposure
from .film import Film, View, radiograph
from .patient import Patient
from .series import CLASSES, SEVERITIES, class_film, follow_up_frame

__all__ = [
    "CLASSES",
    "SEVERITIES",
    "Exposure",
    "Film",
    "Patient",
    "View",
    "class_film",
    "follow_up_frame",
    "radiograph",
]
