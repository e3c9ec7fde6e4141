"""Right answers to the exercises of lesson 03, in another style than the reference."""

import math

import imageio.v3 as iio
import numpy as np
import pydicom

from helpers import datasets

FORMATS = datasets.DATA / "formats"


def turn_over(numbers, bits):
    largest = (1 << bits) - 1
    return np.bitwise_xor(numbers, np.uint16(largest))


def draw(figure):
    axes = figure.add_subplot(111)
    film = pydicom.dcmread(FORMATS / "film_12bit.dcm").pixel_array
    image = axes.imshow(film, "gray")
    image.set_clim(500, 1500)
    figure.colorbar(image, ax=axes, label="value")
    figure.suptitle("Lung window")


def length_mm(start, end, spacing):
    (r0, c0), (r1, c1) = start, end
    return math.hypot((r1 - r0) * spacing[0], (c1 - c0) * spacing[1])


def side():
    volume = iio.imread(FORMATS / "volume.tif", plugin="pillow", index=...)
    film = np.zeros((48, 96))
    for k in range(96):
        film += volume[:, :, k] * 0.0002 * 0.45
    return film.astype(np.float32)


def bone():
    volume = iio.imread(FORMATS / "volume.tif", plugin="pillow", index=...)
    return round(np.count_nonzero(volume > 1400) * 9 * 4.5 * 4.5 / 1000)


ANSWERS = {
    "3.1": " B",
    "3.2": np.uint16(4096),
    "3.3": turn_over,
    "3.4": draw,
    "3.5": length_mm,
    "3.6": side,
    "3.7": np.array([15, 52, 10, 115]),
    "3.8": bone,
}
