"""The exercises of lesson 01: one film is a table of numbers."""

from functools import cache

import numpy as np

from helpers import datasets
from helpers.exercises.engine import Exercise

TABLE = np.arange(200).reshape(20, 10)
RANDOM = np.random.default_rng(1)
SIGNED = np.array([[-100, 5], [100, -7]], np.int8)
SMALL = np.array([[0, 50, 100], [150, 200, 255]], np.uint8)
FLOATS = RANDOM.random((5, 3))
LARGER = RANDOM.integers(0, 256, (31, 42), dtype=np.uint8)
DARK, BRIGHT = np.array([[10, 0], [250, 7]], np.uint8), np.array([[12, 255], [5, 7]], np.uint8)


@cache
def film():
    """Return the first film of the data set that was chosen."""
    return datasets.load().frames[0]


def draw_difference(figure, cmap="RdBu_r", ends=(-150, 150), scale=None, bar=True, title="title"):
    """Draw the film minus its mean, or what people draw in its place."""
    first = film()
    shown = first - first.mean() if scale is None else scale(first)
    axes = figure.subplots()
    image = axes.imshow(shown, cmap=cmap, vmin=ends[0], vmax=ends[1])
    axes.set_title(title)
    if bar:
        figure.colorbar(image)


def start(image, size):
    """Return the first row and column of the square in the middle."""
    return [(length - size) // 2 for length in image.shape]


def piece(image, top, left, size):
    """Cut out a square."""
    return image[top : top + size, left : left + size].copy()


def square(image, size):
    """Cut out the square in the middle."""
    return piece(image, *start(image, size), size)


EXERCISES = {
    "1.1": Exercise(
        right=92,
        mistakes=(
            (103, "this is table[10, 3]; with which number does counting begin?"),
            (102, "the column is right; count the rows in the same way."),
            (93, "the row is right; count the columns in the same way."),
            (29, "the row comes first; this is the number in row 3 and column 10."),
            (39, "the row comes first, and counting begins at 0."),
            (114, "one was added; counting begins at 0, so an index is one less."),
            (81, "two were subtracted; an index is just one less than the place."),
            (TABLE[9], "this is the whole tenth row; the column is missing."),
            (TABLE[:, 2], "this is the whole third column; the row is missing."),
            ((9, 2), "this is the place; wanted is the number that table holds there."),
            ("table[9, 2]", "this is a text; leave the quotation marks out."),
        ),
        hints=(
            "The first row is row 0. Which index has the tenth row?",
            "In the square brackets the row comes first, then a comma, then the column.",
        ),
    ),
    "1.2": Exercise(
        right=9 * 1024 * 1024 * 8 / 1e6,
        tolerance=0.001,
        mistakes=(
            (
                9 * 1024 * 1024 / 1e6,
                "this counts one byte for each number; how many bits has float64?",
            ),
            (9 * 1024 * 1024 * 64 / 1e6, "these are bits; a byte has 8 of them."),
            (9 * 8.0, "this takes a megabyte as 1024 × 1024 bytes; here it is 10⁶."),
            (1024 * 1024 * 8 / 1e6, "this is a single film; the patient has nine."),
            (9 * 1024 * 1024 * 4 / 1e6, "this is right for float32; float64 is twice as wide."),
            (9 * 1024 * 1024 * 8, "these are bytes; a megabyte is 10⁶ of them."),
            (9 * 1024 * 1024, "these are the pixels of nine films; how many bytes takes each?"),
            (9 * 1024 * 8 / 1e6, "a film has 1024 × 1024 pixels, and this counts 1024."),
            (9.0, "this counts one byte for each number, and 1024 × 1024 bytes to a megabyte."),
            (
                9 * 64.0,
                "these are bits, and a megabyte is taken as 1024 × 1024; here it is 10⁶ bytes.",
            ),
            ("75.5", "this is a text; leave the quotation marks out."),
        ),
        hints=(
            "How many numbers are there, and how many bytes does each of them take?",
            "float64 takes 64 bits, which are 8 bytes. Divide the bytes of all nine films by 1e6.",
        ),
    ),
    "1.3": Exercise(
        right=lambda image, level: np.mean(image < level),
        inputs=(
            (SMALL, 100),
            (SMALL, 255),
            (np.full((4, 2), 7, np.uint8), 7),
            (FLOATS, 0.5),
            (LARGER, 80),
        ),
        mistakes=(
            (
                lambda image, level: np.mean(image <= level),
                "pixels equal to the level are counted too; wanted are smaller ones.",
            ),
            (
                lambda image, level: np.mean(image > level),
                "this is the share of pixels above the level.",
            ),
            (
                lambda image, level: np.mean(image >= level),
                "this is the share of pixels that are not below the level.",
            ),
            (
                lambda image, level: np.sum(image < level),
                "this is how many pixels there are; divide by all of them, or take the mean.",
            ),
            (
                lambda image, level: image < level,
                "this is the array of True and False; its mean is the share.",
            ),
            (
                lambda image, level: (
                    np.mean(image[image < level]) if (image < level).any() else np.nan
                ),
                "this is the mean of the dark numbers; wanted is their share of all pixels.",
            ),
            (
                lambda image, level: np.sum(image < level) / image.shape[0],
                "this divides by the number of rows; divide by the number of pixels.",
            ),
            (
                lambda image, level: round(float(np.mean(image < level)), 3),
                "it is rounded to three digits; return all of them.",
            ),
            (
                lambda image, level: image[image < level],
                "these are the dark pixels themselves; wanted is their share.",
            ),
            (
                lambda image, level: np.mean(image < 100),
                "this always compares with 100; use level.",
            ),
            (
                lambda image, level: (image < level).mean(axis=0),
                "this is one share for each column; wanted is one for the whole image.",
            ),
        ),
        hints=(
            "A comparison of an array with a number gives an array of True and False.",
            "The mean of an array of True and False is the share of True.",
        ),
    ),
    "1.4": Exercise(
        right="c",
        mistakes=(
            (
                "a",
                "nothing fixed the ends of the colormap here. Which number is drawn white in each panel?",
            ),
            (
                "b",
                "smaller numbers are never drawn brighter by gray. Which number is drawn white in each panel?",
            ),
            ("d", "imshow looks for the largest number of each panel and draws it white."),
        ),
        hints=(
            "Nobody told imshow which number is black and which is white. How does it choose?",
            "It takes the smallest and the largest number of each panel, by itself.",
        ),
    ),
    "1.5": Exercise(
        right=draw_difference,
        reads=("image", "cmap", "limits", "colorbar", "title"),
        mistakes=(
            (
                lambda f: draw_difference(f, scale=lambda a: a),
                "this shows the film itself; subtract its mean.",
            ),
            (
                lambda f: draw_difference(f, scale=lambda a: a, ends=(None, None)),
                "this shows the film itself, and the ends are not fixed; subtract the mean first.",
            ),
            (
                lambda f: draw_difference(f, scale=lambda a: np.abs(a - a.mean())),
                "this is the distance from the mean; what is below the mean should be negative.",
            ),
            (
                lambda f: draw_difference(f, ends=(150, -150)),
                "vmin and vmax are exchanged; vmin is the smaller one.",
            ),
            (
                lambda f: draw_difference(f, scale=lambda a: a.mean() - a),
                "this is the mean minus the film; red should be brighter than the mean.",
            ),
            (
                lambda f: draw_difference(f, scale=lambda a: a - a.mean().astype(np.uint8)),
                "the subtraction was done in uint8 and wrapped; subtract the mean as a float.",
            ),
            (
                lambda f: draw_difference(f, scale=lambda a: a - np.median(a)),
                "this subtracts the median; wanted is the mean.",
            ),
            (
                lambda f: draw_difference(f, cmap="RdBu"),
                "this colormap runs from red to blue; the ending _r turns it round.",
            ),
            (
                lambda f: draw_difference(f, cmap="gray"),
                "the colormap is gray; wanted is one with white in its middle.",
            ),
            (
                lambda f: draw_difference(f, ends=(None, None)),
                "the ends were left to imshow, so white is not the mean; give vmin and vmax.",
            ),
            (
                lambda f: draw_difference(f, ends=(0, 255)),
                "the ends are 0 and 255, so all below the mean is cut off; look at vmin.",
            ),
            (
                lambda f: draw_difference(f, bar=False),
                "there is no colour bar yet: fig.colorbar takes what imshow returned.",
            ),
            (lambda f: draw_difference(f, title=""), "there is no title yet; look at set_title."),
        ),
        hints=(
            "Subtract the mean first, and give imshow the result, with cmap, vmin and vmax.",
            "Keep what imshow returns in a variable, and give it to fig.colorbar. The title is set on the axes.",
        ),
    ),
    "1.6": Exercise(
        right=square,
        inputs=(
            (np.arange(25).reshape(5, 5), 3),
            (np.arange(24.0).reshape(4, 6), 2),
            (np.arange(42).reshape(7, 6), 4),
            (np.arange(48).reshape(6, 8), 3),
            (np.arange(12).reshape(3, 4), 3),
            (LARGER, 8),
        ),
        mistakes=(
            (
                lambda image, size: image[:size, :size].copy(),
                "this is the upper left corner; where does the middle begin?",
            ),
            (
                lambda image, size: piece(image, *start(image, size), size - 1),
                "it is one row and one column too small; stop is left out of a range.",
            ),
            (
                lambda image, size: image[slice(start(image, size)[0], None)][
                    :, slice(start(image, size)[1], None)
                ],
                "the end is missing: stop is size further than start.",
            ),
            (
                lambda image, size: image[image.shape[0] // 2 :, image.shape[1] // 2 :][
                    :size, :size
                ].copy(),
                "it begins at the centre; half of it should lie before the centre.",
            ),
            (
                lambda image, size: image[
                    start(image, size)[0] : size, start(image, size)[1] : size
                ].copy(),
                "stop is an index, not a length: it is start + size.",
            ),
            (
                lambda image, size: image[start(image, size)[1] :, start(image, size)[0] :][
                    :size, :size
                ].copy(),
                "rows and columns are exchanged: shape[0] counts the rows.",
            ),
            (
                lambda image, size: image[start(image, size)[0] :, start(image, size)[0] :][
                    :size, :size
                ].copy(),
                "both starts come from the rows; the columns have their own length, shape[1].",
            ),
            (
                lambda image, size: piece(image, *start(image, size), size + 1),
                "it is one row and one column too large; stop is left out of a range.",
            ),
            (
                lambda image, size: piece(image, *(s + 1 for s in start(image, size)), size),
                "it begins one row and one column too late.",
            ),
            (
                lambda image, size: piece(image, *(n // 2 - size // 2 for n in image.shape), size),
                "it halves both lengths before subtracting; subtract first, then halve.",
            ),
            (
                lambda image, size: image[start(image, size)[0] :][:size],
                "only the rows are cut; cut the columns as well.",
            ),
        ),
        hints=(
            "image.shape holds the number of rows and of columns. Compute the first row and the first column.",
            "A range runs from the first row to the first row plus size. Do the same for columns.",
        ),
    ),
    "1.7": Exercise(
        right=lambda first, second: np.abs(first.astype(float) - second).mean(),
        inputs=(
            (DARK, BRIGHT),
            (DARK / 10, BRIGHT / 10),
            (LARGER, LARGER[::-1]),
            (SMALL, SMALL),
            (SIGNED, SIGNED[::-1]),
        ),
        mistakes=(
            (
                lambda first, second: np.abs(first - second).mean(),
                "the subtraction was done in the type of the films; what is 10 - 12 in uint8?",
            ),
            (
                lambda first, second: np.abs(first.astype(int) - second.astype(int)).mean(),
                "the films were turned into whole numbers, so films of floats lost their fractions.",
            ),
            (
                lambda first, second: np.abs(first.astype(np.int8) - second.astype(np.int8)).mean(),
                "int8 ends at 127 and wraps, too; choose a type that does not.",
            ),
            (
                lambda first, second: ((first.astype(float) - second) ** 2).mean(),
                "this is the mean square; wanted is the mean absolute difference.",
            ),
            (
                lambda first, second: np.abs(first.astype(float) - second).sum() / len(first),
                "this divides by the number of rows; divide by the number of pixels.",
            ),
            (
                lambda first, second: (first.astype(float) - second).mean(),
                "differences above and below zero cancel; take the absolute value before the mean.",
            ),
            (
                lambda first, second: abs(first.mean() - second.mean()),
                "this is the difference of the means; wanted is the mean of the differences.",
            ),
            (
                lambda first, second: np.abs(first.astype(float) - second),
                "this is the map of the differences; wanted is its mean.",
            ),
            (
                lambda first, second: np.abs(first.astype(float) - second).max(),
                "this is the largest difference; wanted is the mean.",
            ),
            (
                lambda first, second: np.abs(first.astype(float) - second).sum(),
                "this is the sum of the differences; wanted is the mean.",
            ),
            (
                lambda first, second: np.median(np.abs(first.astype(float) - second)),
                "this is the median of the differences; wanted is the mean.",
            ),
            (
                lambda first, second: np.sqrt(((first.astype(float) - second) ** 2).mean()),
                "this is the root of the mean square; wanted is the mean absolute difference.",
            ),
        ),
        hints=(
            "What is 10 - 12 in uint8? Try np.uint8(10) - np.uint8(12).",
            "Turn one of the two films into floats before the subtraction.",
        ),
    ),
}
