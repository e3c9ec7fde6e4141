"""Right answers to the exercises of lesson 10, in another style than the reference."""

import numpy as np
from scipy import ndimage as ndi

from helpers import datasets, masks


def band(image, low, high):
    result = image.copy()
    result[(image < low) | (image > high)] = 255
    return result


def draw(figure):
    heights = [masks.otsu_threshold(frame.ravel()) for frame in datasets.load().frames]
    axes = figure.add_subplot()
    axes.bar([f"film {number}" for number in range(9)], heights, width=0.5)
    axes.set_title("Otsu, film by film")
    axes.set_ylabel("threshold")
    figure.supxlabel("visit")


def remove_small(mask, least):
    result = np.zeros_like(mask)
    numbers, count = ndi.label(mask, structure=np.ones((3, 3), int))
    for number in range(1, count + 1):
        if np.count_nonzero(numbers == number) >= least:
            result |= numbers == number
    return result


def largest():
    film = datasets.load().frames[0]
    best = 0
    for piece in masks.regions(film <= 120):
        top, left, bottom, right = piece["bbox"]
        if top and left and bottom < film.shape[0] and right < film.shape[1]:
            best = max(best, piece["area"])
    return best * (43 / film.shape[1]) ** 2


def lungs(image):
    wide = np.pad(image <= masks.otsu_threshold(image) + 5, 1, constant_values=True)
    air, _ = ndi.label(wide, np.ones((3, 3)))
    pieces = (wide & (air != air[0, 0]))[1:-1, 1:-1]
    closed = ndi.binary_closing(np.pad(pieces, 9), iterations=9)[9:-9, 9:-9]
    return ndi.binary_dilation(remove_small(closed, 500), iterations=2)


def rim(mask, width):
    side = 2 * width + 1
    return (ndi.maximum_filter(mask.astype(int), side, mode="constant") > 0) & np.logical_not(mask)


ANSWERS = {
    "10.1": band,
    "10.2": draw,
    "10.3": " B",
    "10.4": remove_small,
    "10.5": largest,
    "10.6": lungs,
    "10.7": rim,
}
