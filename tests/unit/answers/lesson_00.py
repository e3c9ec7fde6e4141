"""Right answers to the exercises of lesson 00, in another style than the reference."""

from helpers import datasets

ANSWERS = {"0.1": lambda: datasets.load().frames.shape[0], "0.2": 1.0}
