"""Right answers to the exercises of lesson 05, in another style, and wrong ones."""

import numpy as np

from helpers import datasets, intensity


def bright():
    """Count the bright pixels with a loop over the histogram."""
    counts = intensity.histogram(datasets.load().frames[0]).tolist()
    return sum(number for level, number in enumerate(counts) if level >= 200)


def density_of(image, bins):
    """Let NumPy divide."""
    return list(np.histogram(image, bins=bins, range=(0, 256), density=True)[0])


def two_cdfs(figure):
    """Count with comparisons, draw with titles, colours and a legend."""
    axes = figure.add_subplot()
    frames = datasets.load().frames
    for name, frame in (("first", frames[0]), ("last", frames[-1])):
        ordered = np.sort(frame, axis=None)
        shares = np.searchsorted(ordered, np.arange(256), side="right") / ordered.size
        axes.plot(shares, "--", label=name)
    axes.set_xlabel("grey level")
    axes.set_ylabel("share")
    axes.legend()


def mended(image):
    """Ask for every pixel how many are not brighter."""
    return [[255 * float(np.mean(image <= level)) for level in row] for row in image]


def my_rule(image):
    """Set a window on the levels of the lungs."""
    return np.clip((image.astype(float) - 35) / 110 * 255, 0, 255).astype(np.uint8)


def match(image, reference):
    """Search level by level."""
    table = np.zeros(256, dtype=np.uint8)
    for level in range(256):
        share = np.mean(image <= level)
        table[level] = next(s for s in range(256) if np.mean(reference <= s) >= share)
    return table[image]


ANSWERS = {
    "5.1": bright,
    "5.2": " D",
    "5.3": density_of,
    "5.4": two_cdfs,
    "5.5": mended,
    "5.6": "C",
    "5.7": my_rule,
    "5.8": match,
}

WRONG = {
    "5.1": ["many", 0, [173310], None],
    "5.2": ["e", 160],
    "5.3": [lambda image, bins: np.histogram(image, bins, (0, 256))],
    "5.4": [lambda figure: figure.subplots().plot([0, 1, 2], [0, 1, 4])],
    "5.5": [lambda image: image],
    "5.6": ["e", 95],
    "5.7": [lambda image: np.zeros_like(image), lambda image: image[:10], "CLAHE"],
    "5.8": [lambda image, reference: image],
}
