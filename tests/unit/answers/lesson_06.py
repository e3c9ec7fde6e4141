"""Second right answers to the exercises of lesson 06, in another style."""

import numpy as np
from scipy import signal

from helpers import convolution, datasets


def size_after(n, f, stride, padding):
    """Count the places one by one."""
    return len(range(0, n + 2 * padding - f + 1, stride))


def keep_size(image, kernel):
    """Convolve in full, then cut the middle out."""
    full = signal.convolve2d(image.astype(float), kernel)
    top, left = (kernel.shape[0] - 1) // 2, (kernel.shape[1] - 1) // 2
    return full[top : top + image.shape[0], left : left + image.shape[1]]


def draw_borders(figure):
    """Add three columns up, and draw the differences."""
    film = np.asarray(datasets.load().frames[0], dtype=float)
    height, width = film.shape
    crop = film[height // 2 :, width // 6 :][: height // 10, : width // 10]
    rim = np.pad(crop, 1, mode="symmetric")
    sums = rim[:-2] + rim[1:-1] + rim[2:]
    axes = figure.add_subplot()
    drawn = axes.imshow(sums[:, 2:] - sums[:, :-2], cmap="RdBu_r")
    drawn.set_clim(-80, 80)
    axes.set_title("Prewitt", loc="left")
    figure.colorbar(drawn, ax=axes, label="grey levels")


ANSWERS = {
    "6.1": "C",
    "6.2": 27 / 5,
    "6.3": [[0, 0, 0], [0, 0, 0], [0, 0, 1]],
    "6.4": size_after,
    "6.5": keep_size,
    "6.6": 6,
    "6.7": draw_borders,
    "6.8": [[-1, -1, 0], [-1, 0, 1], [0, 1, 1]],
    "6.9": " b",
}

WRONG = {
    "6.2": [6, 5, "5.4 or so"],
    "6.3": [np.zeros((3, 3)), np.ones((3, 3)) / 9],
    "6.4": [lambda n, f, stride, padding: n // stride, lambda *sizes: None],
    "6.5": [lambda image, kernel: image, lambda image, kernel: 1 / 0],
    "6.6": [7, -5],
    "6.8": [convolution.KERNELS["sobel_rows"], [1, 2, 3]],
}
