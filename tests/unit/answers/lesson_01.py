"""Right answers to the exercises of lesson 01, in another style than the reference."""

import numpy as np

from helpers import datasets


def draw(figure):
    film = datasets.load().frames[0].astype(np.float64)
    axes = figure.add_subplot(1, 1, 1)
    image = axes.imshow(np.subtract(film, np.mean(film)), "RdBu_r")
    image.set_clim(-150, 150)
    figure.colorbar(image, ax=axes, label="grey levels")
    figure.suptitle("Film minus its mean")


def share_below(image, level):
    return np.count_nonzero(image.ravel() < level) / image.size


def centre(image, size):
    rows, columns = image.shape
    return np.array(
        [
            [image[r + (rows - size) // 2, c + (columns - size) // 2] for c in range(size)]
            for r in range(size)
        ]
    )


def apart(first, second):
    return float(np.mean(abs(np.float64(first) - np.float64(second))))


ANSWERS = {
    "1.1": np.int64(92),
    "1.2": 75.5,
    "1.3": share_below,
    "1.4": " C ",
    "1.5": draw,
    "1.6": centre,
    "1.7": apart,
}
