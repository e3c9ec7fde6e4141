"""Exercises of lesson 04: intensity transforms."""

from functools import cache

import numpy as np

from helpers import datasets, intensity
from helpers.exercises.engine import Exercise

LEVELS = np.arange(256)
RANDOM = np.random.default_rng(4)


@cache
def film():
    """Return the first film of the data set that was chosen; it is read once."""
    return datasets.load().frames[0]


# ---- 4.2: brighter, without wrap-around ---------------------------------------------------------

UINT8_IMAGES = (
    (np.array([[0, 100, 255]], dtype=np.uint8),),
    (np.array([[214, 215, 216], [217, 50, 7]], dtype=np.uint8),),
    (np.full((3, 3), 240, dtype=np.uint8),),
    (RANDOM.integers(0, 256, (5, 3), dtype=np.uint8),),
    (LEVELS.astype(np.uint8).reshape(16, 16),),
)


def brighter(image):
    """Add 40 to every level, at most 255."""
    return np.clip(image.astype(float) + 40, 0, 255)


# ---- 4.4: the window ----------------------------------------------------------------------------

WINDOWS = (
    (np.array([[0, 100, 255]], dtype=np.uint8), 128, 100),
    (np.array([[-20.5, 60.25], [130.0, 99.9]]), 60, 80),
    (LEVELS.astype(np.uint8).reshape(16, 16), 60, 53),
    (RANDOM.uniform(-50, 300, (5, 3)), 100.5, 80),
    (np.full((3, 3), 120, dtype=np.uint8), 100, 50),
    (RANDOM.integers(0, 4096, (12, 9), dtype=np.int16), 1700, 2800),
)


WRAPPED_WINDOW = "uint8 wraps around where something is subtracted: convert to float first."
TWICE_AS_WIDE = "the window is twice as wide as it should be: the ends are half a width from c."
CENTER_BLACK = "the center has become black; it belongs in the middle of the line."
UPPER_END = "c + w/2 is subtracted, the upper end; mind the brackets around c - w/2."
ENDS_OF_IMAGE = (
    "the ends depend on the image: look at one that has no values at an end of the window."
)


def wrapped_window(image, center, width):
    """Subtract the lower end in the image's own dtype."""
    above = image - np.asarray(center - width / 2).astype(image.dtype)
    return 255 * np.clip(above / width, 0, 1)


def stretched_again(image, center, width):
    """Clip, then stretch what is left from its darkest to its brightest."""
    clipped = np.clip(image.astype(float), center - width / 2, center + width / 2)
    return 255 * (clipped - clipped.min()) / (clipped.max() - clipped.min())


def position(image, center, width):
    """Return where each value is in the window: 0 at its lower end, 1 at its upper end."""
    return (image.astype(float) - (center - width / 2)) / width


# ---- 4.6: the curve of a gamma ------------------------------------------------------------------


def gamma_curve(rule, labels=("level in", "level out"), title="a gamma", exchanged=False,
                levels=LEVELS, kind="plot"):  # fmt: skip
    """Make a function that draws the curve of a rule over some numbers for the levels in."""

    def draw(figure):
        axes = figure.subplots()
        new = rule(LEVELS)[: len(levels)]
        getattr(axes, kind)(*((new, levels) if exchanged else (levels, new)))
        axes.set(xlabel=labels[0], ylabel=labels[1], title=title)

    return draw


def with_diagonal(first):
    """Make a function that draws the diagonal beside the right curve, before or after it."""

    def draw(figure):
        axes = figure.subplots()
        curves = [255 * (LEVELS / 255) ** 0.4, LEVELS]
        for curve in reversed(curves) if first else curves:
            axes.plot(LEVELS, curve)
        axes.set(xlabel="level in", ylabel="level out", title="a gamma")

    return draw


# ---- 4.7: a gamma for the dark quarter ----------------------------------------------------------


def share(percent):
    """Return a percentile of the film as a share of white."""
    return np.percentile(film(), percent) / 255


# ---- 4.8: zero in the middle --------------------------------------------------------------------

SIGNED = (
    (np.array([[-3.0, 1.0], [2.0, 0.5]]),),
    (np.array([[1.5, 5.0, 2.0]]),),
    (np.array([[-0.25], [-0.5]]),),
    (RANDOM.normal(20, 60, (5, 3)),),
    (RANDOM.normal(-30, 40, (16, 12)),),
)


def farthest(difference):
    """Return the value farthest from zero, with its sign."""
    return difference.ravel()[np.abs(difference).argmax()]


# ---- 4.9: lift the lungs ------------------------------------------------------------------------

LUNGS = (38, 138)  # 5th and 95th percentile of the phantom's first film inside `lung_field`
HEART = (160, 201)  # 25th and 75th percentile inside `heart`
WRONG_SIZE, OUTSIDE, FALLS, NO_HEART = -4.0, -3.0, -2.0, -1.0


def lung_contrast(table):
    """Return how far apart a table puts the lungs; a number below 0 says which rule it breaks."""
    try:
        table = np.asarray(table, dtype=float)
    except (TypeError, ValueError):
        return WRONG_SIZE
    if table.shape != (256,):
        return WRONG_SIZE
    if not (table.min() >= -1e-9 and table.max() <= 255 + 1e-9):  # NaN is outside as well
        return OUTSIDE
    if np.diff(table).min() < -1e-9:
        return FALLS
    if table[HEART[1]] - table[HEART[0]] < 20 - 1e-9:
        return NO_HEART
    return float(table[LUNGS[1]] - table[LUNGS[0]])


EXERCISES = {
    "4.1": Exercise(
        right=[44, 236],
        mistakes=(
            ([300, -20], "these are the sums of ordinary numbers. Which numbers fit into uint8?"),
            ([255, 0], "this would be clipping. uint8 does not stop at its ends, it goes on."),
            ([45, 235], "one step too few on the way round: after 255 comes 0, not 1."),
            ([300, 236], "the difference is right. 300 does not fit into uint8 either."),
            ([44, -20], "the sum is right. uint8 has no negative numbers."),
            ([255, 236], "the difference is right. The sum does not stop at 255 either."),
            ([44, 0], "the sum is right. The difference does not stop at 0 either."),
            ([44, 20], "the sum is right. uint8 does not drop the minus sign; what is before 0?"),
            ([44, 235], "the sum is right. Count back from 0: the number before it is 255."),
            ([45, 236], "the difference is right. Count on from 255: the number after it is 0."),
            ([0, 255], "it does not start again from the end; it goes on by all that is left."),
            ([44, 255], "the sum is right. From 255 the difference goes on down by what is left."),
            ([44, 216], "the sum is right. The second number of `a` is 20, and 40 is subtracted."),
            (
                [255, 255],
                "nothing stops at 255; the sum and the difference both go on from an end.",
            ),
            ([44, 160], "the sum is right. From `a - 40` the second number is wanted."),
            (
                [[44, 120], [160, 236]],
                "these are all four; wanted are the first of `a + 100` and the second of `a - 40`.",
            ),
            ([0, 0], "what does not fit is not lost; counting goes on from the other end."),
        ),
        hints=(
            "uint8 holds 0 to 255. Think of the counter of a car: what does it show after 999?",
            "After 255 comes 0. What does not fit is off by 256, in the one or the other direction.",
        ),
    ),
    "4.2": Exercise(
        right=brighter,
        inputs=UINT8_IMAGES,
        mistakes=(
            (
                lambda image: np.clip(image + 40, 0, 255),
                "it still wraps around: follow level 255 from step to step, and look at its dtype.",
            ),
            (
                lambda image: image.astype(float) + 40,
                "it does not wrap any more, but some numbers are greater than 255: clip after the sum.",
            ),
            (
                lambda image: np.where(image > 215, 255, image),
                "the bright pixels are white, but the other ones have not become brighter.",
            ),
            (
                lambda image: np.where(image > 215, image, image + 40.0),
                "the brightest pixels have stayed as they were; they should become white.",
            ),
            (
                lambda image: np.clip(image.astype(float) + 40, 0, 256),
                "white is 255; the last of 256 levels has the number 255.",
            ),
            (
                lambda image: np.clip(image.astype(np.int8).astype(float) + 40, 0, 255),
                "int8 ends at 127, so bright pixels have become negative on the way.",
            ),
            (
                lambda image: np.maximum(image.astype(np.int8) + 40, 0),
                "int8 ends at 127, so it wraps even earlier than uint8.",
            ),
            (
                lambda image: np.maximum(image.astype(float) + 40, 255),
                "np.maximum takes the greater of two numbers; the smaller one is wanted here.",
            ),
            (
                lambda image: (image.astype(float) + 40) * 255 / 295,
                "it squeezes all levels to fit; they should be cut off at 255.",
            ),
            (
                lambda image: np.clip(image.astype(float), 0, 215),
                "it makes room for the sum, but the sum itself is missing.",
            ),
            (
                lambda image: np.clip(image.astype(float) - 40, 0, 255),
                "the image has become darker instead of brighter.",
            ),
            (
                lambda image: (image.astype(float) + 40) * 255 / (image.max() + 40.0),
                "it squeezes the levels to fit its brightest pixel; they should be cut off at 255.",
            ),
            (
                lambda image: (image.astype(float) + 40) / 255,
                "it is on a scale to 1, and not cut off; levels from 0 to 255 are wanted.",
            ),
            (
                lambda image: image.astype(float) * 40,
                "it multiplies by 40; the levels should rise by 40.",
            ),
            (lambda image: image, "it returns the image as it came."),
            (
                lambda image: np.clip(image, 40, 255),
                "np.clip lifts what is below 40 and adds nothing; the sum itself is missing.",
            ),
            (
                lambda image: np.clip(image.astype(float) + 40, 0, 1),
                "it is cut off at 1, but white is 255 here.",
            ),
            (
                lambda image: np.clip(image.astype(float) + 40, 0, 215),
                "the result is cut off at 215. White is 255; 215 is the last level with room for 40.",
            ),
        ),
        hints=(
            "Follow one bright pixel, 240, through the function. Where does it go wrong?",
            "The sum wraps before np.clip sees it. Convert the image to a type that has room above"
            " 255 first.",
        ),
    ),
    "4.3": Exercise(
        right=np.where(LEVELS >= 128, 255, 0),
        mistakes=(
            (
                np.where(LEVELS > 128, 255, 0),
                "level 128 itself should become 255; look at index 128.",
            ),
            (
                np.where(LEVELS >= 127, 255, 0),
                "level 127 should become 0; look at index 127.",
            ),
            (np.where(LEVELS >= 128, 0, 255), "black and white are exchanged."),
            (LEVELS >= 128, "it holds True and False; the levels 255 and 0 are wanted."),
            (np.where(LEVELS >= 128, 1, 0), "white is 255 in this film, not 1."),
            (np.where(LEVELS >= 128, 256, 0), "white is 255; there is no level 256."),
            (np.where(LEVELS >= 128, 128, 0), "the levels from 128 on have become 128, not 255."),
            (
                np.where(LEVELS == 128, 255, 0),
                "only level 128 is white; those above it should be, too.",
            ),
            (LEVELS[128:], "these are the levels from 128 on; each of the 256 needs a number."),
            (
                lambda: np.where(LEVELS >= 128),
                "np.where took a condition alone, so it returned places; give it both numbers, too.",
            ),
            (np.where(LEVELS >= 128, 255, LEVELS), "the levels below 128 should become 0."),
            (np.where(LEVELS >= 128, LEVELS, 0), "the levels from 128 on should become 255."),
            (
                lambda: np.where(film() >= 128, 255, 0),
                "this is the film in black and white. The table has one number for each level.",
            ),
            (
                lambda: film() >= 128,
                "this is the film in True and False. The table has one number for each level.",
            ),
            (
                [0, 255],
                "these are the two tones; the table has one of them for each of 256 levels.",
            ),
            (np.where(np.arange(255) >= 128, 255, 0), "it has 255 numbers; level 255 is missing."),
            (
                np.where(np.arange(257) >= 128, 255, 0),
                "it has 257 numbers; the levels are 0 to 255.",
            ),
            (LEVELS, "this table changes nothing; each level should become 0 or 255."),
            (
                np.where(np.arange(1, 257) >= 128, 255, 0)[:255],
                "a table begins at level 0 and ends at level 255.",
            ),
        ),
        hints=(
            "The table is made from `levels` alone. Which of them are 128 or more?",
            "np.where takes a condition on `levels` first, then the number where it is true, then"
            " the number elsewhere.",
        ),
    ),
    "4.4": Exercise(
        right=intensity.window_level,
        inputs=WINDOWS,
        mistakes=(
            (
                lambda image, c, w: 255 * position(image, c, w),
                "the line is right, but it goes on below 0 and above 255.",
            ),
            (
                lambda image, c, w: np.maximum(255 * position(image, c, w), 0),
                "it stops at 0, but not at 255.",
            ),
            (
                lambda image, c, w: np.minimum(255 * position(image, c, w), 255),
                "it stops at 255, but not at 0.",
            ),
            (wrapped_window, WRAPPED_WINDOW),
            (lambda image, c, w: 255 * np.clip((image - c + w / 2) / w, 0, 1), WRAPPED_WINDOW),
            (lambda image, c, w: 255 * np.clip((image - c) / w + 0.5, 0, 1), WRAPPED_WINDOW),
            (
                lambda image, c, w: 255 * np.clip((position(image, c, 2 * w)), 0, 1),
                TWICE_AS_WIDE,
            ),
            (
                lambda image, c, w: 255 * np.clip((image - (c - w)) / (2 * w), 0, 1),
                TWICE_AS_WIDE,
            ),
            (
                lambda image, c, w: 255 * np.clip((image.astype(float) - c) / w, 0, 1),
                CENTER_BLACK,
            ),
            (lambda image, c, w: 255 * np.clip((image - c) / w, 0, 1), CENTER_BLACK),
            (
                lambda image, c, w: np.where(
                    np.abs(position(image, c, w) - 0.5) <= 0.5, 255.0, 0.0
                ),
                "this is a slice: all values in the window are white. In between runs a line.",
            ),
            (
                lambda image, c, w: np.where(
                    np.abs(position(image, c, w) - 0.5) <= 0.5, image, 0.0
                ),
                "the values in the window are kept as they are, and the others are lost.",
            ),
            (
                lambda image, c, w: 255 * np.clip(position(image, c, w) * w / (c + w / 2), 0, 1),
                "it divides by the upper end; the whole width becomes 255.",
            ),
            (
                lambda image, c, w: 255 * np.clip((image.astype(float) - c) / w + 1, 0, 1),
                "the center has become white; it belongs in the middle of the line.",
            ),
            (
                lambda image, c, w: 256 * np.clip(position(image, c, w), 0, 1),
                "white is 255; it has become 256.",
            ),
            (
                lambda image, c, w: np.clip(image.astype(float), c - w / 2, c + w / 2),
                "the values are cut off at the ends of the window, but not stretched to 0 to 255.",
            ),
            (
                lambda image, c, w: (
                    255 * np.clip(image.astype(float), c - w / 2, c + w / 2) / (c + w / 2)
                ),
                "it divides by the upper end: subtract the lower end first, divide by the width.",
            ),
            (
                lambda image, c, w: (
                    255 * (np.clip(image.astype(float), c - w / 2, c + w / 2) - (c - w / 2)) / c
                ),
                "it divides by the center; which length becomes 255?",
            ),
            (stretched_again, ENDS_OF_IMAGE),
            (
                lambda image, c, w: intensity.rescale(
                    np.clip(image.astype(float), c - w / 2, c + w / 2)
                ),
                ENDS_OF_IMAGE,
            ),
            (
                lambda image, c, w: np.where(
                    position(image, c, w) > 1, 0.0, np.maximum(255 * position(image, c, w), 0)
                ),
                "what is above the window has become black; it should be white.",
            ),
            (
                lambda image, c, w: 255 - intensity.window_level(image, c, w),
                "black and white are exchanged.",
            ),
            (
                lambda image, c, w: intensity.window_level(image, c - 0.5, w - 1),
                "this is the window of DICOM viewers, half a value off; here the ends are exactly"
                " c - w/2 and c + w/2.",
            ),
            (
                lambda image, c, w: 255 * np.clip((image.astype(float) - (c - w // 2)) / w, 0, 1),
                "w // 2 drops the half where the width is odd; divide with /.",
            ),
            (
                lambda image, c, w: intensity.window_level(image, w, c),
                "center and width are exchanged.",
            ),
            (lambda image, c, w: 255 * np.clip((image - c - w / 2) / w, 0, 1), UPPER_END),
            (lambda image, c, w: 255 * np.clip(position(image, c + w, w), 0, 1), UPPER_END),
            (
                lambda image, c, w: np.clip(position(image, c, w), 0, 255),
                "the shares of the width have not been multiplied by 255.",
            ),
            (
                lambda image, c, w: 255 * np.clip(2 * position(image, c, w), 0, 1),
                "it divides by half of the width, so that the center is white already.",
            ),
            (
                lambda image, c, w: np.where(
                    np.abs(position(image, c, w) - 0.5) <= 0.5, 255 * position(image, c, w), image
                ),
                "the line is right, but what is outside of the window has stayed as it was.",
            ),
            (
                lambda image, c, w: np.where(image >= c, 255.0, 0.0),
                "everything is black or white; a straight line is wanted in between.",
            ),
            (
                lambda image, c, w: intensity.window_level(image, 75, 110),
                "this is the window 75 / 110 of the lesson for every image; use center and width.",
            ),
        ),
        hints=(
            "Work out the lower end first. How far above it is a value, as a share of the width?",
            "As floats: subtract c - w/2, divide by w, clip to 0 and 1, multiply by 255.",
        ),
    ),
    "4.5": Exercise(
        right="a",
        mistakes=(
            ("b", "a logarithm is steepest at the dark end; which of the groups is there?"),
            ("c", "the middle gains little: draw a logarithm, and look where it is steep."),
            ("d", "there the logarithm is nearly flat, and a flat curve brings levels together."),
            *(
                (text, "a letter is wanted, the one in front of your answer.")
                for text in ("0 to 15", "64 to 79", "120 to 135", "240 to 255")
            ),
        ),
        hints=(
            "A group is spread over many levels where the curve is steep.",
            "Compare log(16) - log(1) with log(256) - log(241).",
        ),
    ),
    "4.6": Exercise(
        right=gamma_curve(lambda r: 255 * (r / 255) ** 0.4),
        reads=("curves", "labels", "title"),
        mistakes=(
            (
                gamma_curve(lambda r: 255 * (r / 255) ** 2.5),
                "this curve has the power 1/γ; in the formula of this section the power is γ.",
            ),
            (
                gamma_curve(lambda r: r**0.4),
                "the power was taken of the level itself; take it of the level as a share of white.",
            ),
            (
                gamma_curve(lambda r: (r / 255) ** 0.4),
                "these are shares of white from 0 to 1; turn them back into levels.",
            ),
            (
                gamma_curve(lambda r: 255 * r**0.4),
                "the levels go far above 255: divide by 255 before you take the power.",
            ),
            (
                gamma_curve(lambda r: (r / 255) ** 0.4, levels=LEVELS / 255),
                "both axes are shares of white; they should show levels from 0 to 255.",
            ),
            (
                gamma_curve(lambda r: 255 * (r / 255) ** 0.4, levels=LEVELS / 255),
                "the horizontal axis is a share of white; it should show the 256 levels.",
            ),
            (
                gamma_curve(lambda r: 255 * r / 255 * 0.4),
                "γ multiplies the level; it should be its power.",
            ),
            (
                gamma_curve(lambda r: 255 * (r / 255) ** 0.5),
                "this is the curve of γ = 0.5.",
            ),
            (
                gamma_curve(lambda r: 255 * (r / 255) ** 4),
                "this is the curve of γ = 4; look at the decimal point.",
            ),
            (
                gamma_curve(lambda r: 256 * (r / 256) ** 0.4),
                "white is 255: divide by 255, and multiply by it afterwards.",
            ),
            (
                gamma_curve(lambda r: 255 * (r / 256) ** 0.4),
                "white does not stay white: divide by 255, the level of white.",
            ),
            (
                gamma_curve(lambda r: 255 * np.log1p(r) / np.log(256)),
                "this is the logarithm of section 4.",
            ),
            (
                gamma_curve(lambda r: np.rint(255 * (r / 255) ** 0.4)),
                "the levels out are rounded; keep them as floats.",
            ),
            (
                gamma_curve(lambda r: np.floor(255 * (r / 255) ** 0.4)),
                "the fractions of the levels out are cut off; keep them as floats.",
            ),
            (
                gamma_curve(lambda r: 255 * (r / 255) ** 0.4, exchanged=True),
                "the axes are exchanged: the levels in belong on the horizontal one.",
            ),
            (
                gamma_curve(lambda r: 255 * (r / 255) ** 0.4, labels=("", "")),
                "a label is missing: ax.set takes xlabel and ylabel.",
            ),
            (
                gamma_curve(lambda r: 255 * (r / 255) ** (1 / 2.2)),
                "this is the curve of the camera, γ = 1 / 2.2.",
            ),
            (
                gamma_curve(lambda r: 255 * (r / 255) ** 0.4, levels=LEVELS[:255]),
                "the last level, 255, is missing.",
            ),
            (
                gamma_curve(lambda r: 255 * (r / 255) ** 0.4, kind="scatter"),
                "there is no curve on these axes; draw one with plot.",
            ),
            (
                with_diagonal(first=True),
                "there is a second curve; draw this one and nothing else.",
            ),
            (
                with_diagonal(first=False),
                "there is a second curve; draw this one and nothing else.",
            ),
            (
                gamma_curve(lambda r: 255 * (r / 255) ** 0.4, title=""),
                "a title is missing: ax.set takes it as well.",
            ),
        ),
        hints=(
            "`levels` are the levels in. Compute the levels out first, as for the table of γ = 0.5.",
            "Divide the levels by 255, take the power, multiply by 255. plot takes the levels in"
            " first, then the levels out.",
        ),
    ),
    "4.7": Exercise(
        right=lambda: np.log(0.5) / np.log(share(25)),
        tolerance=0.01,
        mistakes=(
            (
                lambda: np.log(share(25)) / np.log(0.5),
                "it is upside down: this is the γ of the other formula, with 1/γ.",
            ),
            (
                lambda: np.log(127.5) / np.log(255 * share(25)),
                "both levels have to be divided by 255 before the logarithm is taken.",
            ),
            (
                lambda: np.log(0.5) / np.log(255 * share(25)),
                "the percentile has to be divided by 255 before the logarithm is taken.",
            ),
            (
                lambda: np.log(127.5) / np.log(share(25)),
                "127.5 has to be divided by 255 before the logarithm is taken.",
            ),
            (
                lambda: 0.5 / share(25),
                "this is the factor between the two levels. γ is a power: take logarithms.",
            ),
            (
                lambda: share(25) / 0.5,
                "this is the ratio of the two levels. γ is a power: take logarithms.",
            ),
            (
                lambda: share(25),
                "this is the level as a share of white; the γ is still to be found.",
            ),
            (
                0.5,
                "this γ of the examples comes near; put it into the formula and see what it gives.",
            ),
            (1, "γ = 1 changes nothing, so the level would stay as dark as it is."),
            (lambda: 255 * share(25), "this is the level; wanted is the power that lifts it."),
            (
                lambda: np.log(0.5) / np.log(share(50)),
                "this γ belongs to the median, the 50th percentile.",
            ),
            (
                lambda: np.log(0.5) - np.log(share(25)),
                "this is one logarithm minus the other, which is that of a quotient; look at what the"
                " logarithm makes of a power.",
            ),
            (
                lambda: -np.log(0.5) / np.log(share(25)),
                "a negative γ would turn bright into dark; both logarithms are negative.",
            ),
        ),
        hints=(
            "Divide both sides by 255. The logarithm turns the power γ into a factor.",
            "log(0.5) = γ · log(dark_quarter / 255). Divide.",
        ),
    ),
    "4.8": Exercise(
        right=lambda difference: (-np.abs(difference).max(), np.abs(difference).max()),
        inputs=SIGNED,
        mistakes=(
            (
                lambda difference: (difference.min(), difference.max()),
                "these are the least and the greatest value; then white is between them, not at 0.",
            ),
            (
                lambda difference: (difference.max(), difference.min()),
                "these are the two ends of the data, the greater one first; zero is not between them"
                " in the middle.",
            ),
            (
                lambda difference: (-difference.max(), difference.max()),
                "it looks at the greatest value alone; a negative one may be farther from zero.",
            ),
            (
                lambda difference: (difference.min(), -difference.min()),
                "it looks at the least value alone; a positive one may be farther from zero.",
            ),
            (
                lambda difference: (-abs(difference.max()), abs(difference.max())),
                "it looks at the greatest value alone; a negative one may be farther from zero.",
            ),
            (
                lambda difference: (-abs(difference.min()), abs(difference.min())),
                "it looks at the least value alone; a positive one may be farther from zero.",
            ),
            (
                lambda difference: (-abs(difference.min()), abs(difference.max())),
                "each end has a distance of its own, so zero is in the middle only by chance.",
            ),
            (
                lambda difference: (-farthest(difference), farthest(difference)),
                "where the value farthest from zero is negative, the two limits are exchanged.",
            ),
            (
                lambda difference: (np.abs(difference).max(), np.abs(difference).max()),
                "both limits are the same number; one of them needs another sign.",
            ),
            (
                lambda difference: (-64, 64),
                "these are the limits of the picture above; look at the values of this array.",
            ),
            (
                lambda difference: (0, np.abs(difference).max()),
                "it begins at 0, so that zero gets the first colour instead of white.",
            ),
            (
                lambda difference: (0, difference.max()),
                "it begins at 0, so that zero gets the first colour, and forgets what is negative.",
            ),
            (
                lambda difference: (
                    -np.percentile(np.abs(difference), 98),
                    np.percentile(np.abs(difference), 98),
                ),
                "it leaves out the outermost values; the value farthest from zero is wanted.",
            ),
            (
                lambda difference: (np.abs(difference).max(), -np.abs(difference).max()),
                "the order is vmin, vmax: the smaller one comes first.",
            ),
            (
                lambda difference: np.abs(difference).max(),
                "this is one number; both vmin and vmax are wanted.",
            ),
            (
                lambda difference: (np.abs(difference).min(), np.abs(difference).max()),
                "both limits are positive; negative values need a colour, too.",
            ),
            (
                lambda difference: (-np.ptp(difference) / 2, np.ptp(difference) / 2),
                "this is half of the range; the value farthest from zero may be more than that.",
            ),
            (
                lambda difference: (-np.ptp(difference), np.ptp(difference)),
                "this is the whole range; the value farthest from zero may be less than that.",
            ),
            (
                lambda difference: (-difference.std(), difference.std()),
                "this is the standard deviation, and most arrays hold values beyond it.",
            ),
            (
                lambda difference: (-abs(difference.mean()), abs(difference.mean())),
                "this is the mean; the value farthest from zero is wanted.",
            ),
            (
                lambda difference: (-np.abs(difference).mean(), np.abs(difference).mean()),
                "this is the mean distance from zero; the greatest one is wanted.",
            ),
            (
                lambda difference: (-255, 255),
                "these limits are the same for every array; look at the values it holds.",
            ),
            (
                lambda difference: (-150, 150),
                "these limits do not depend on the array; look at the values it holds.",
            ),
            (
                lambda difference: (-1, 1),
                "these limits fit an array from -1 to 1 alone; look at the values it holds.",
            ),
        ),
        hints=(
            "How far from zero is each value, regardless of its sign?",
            "np.abs gives the distances from zero. The greatest one is vmax; what is vmin?",
        ),
    ),
    "4.9": Exercise(
        right=np.interp(LEVELS, [0, 38, 138, 225, 255], [0, 0, 195, 255, 255]),
        score=lung_contrast,
        goal=190.0,
        mistakes=(
            (LEVELS, "this table changes nothing; where should it be steep?"),
            (
                np.clip(255 * (LEVELS - 38) / 100, 0, 255),
                "the heart is lost: its two levels end less than 20 apart.",
            ),
            (
                255 - LEVELS,
                "the table falls somewhere; each number must be at least the one before.",
            ),
            (LEVELS * 2, "some numbers are outside 0 to 255."),
            (LEVELS[:-1], "a table of 256 numbers is wanted, one for each level."),
            (
                255 * (LEVELS / 255) ** 0.5,
                "γ = 0.5 is steep only below level 64, and most of the lungs' range is above it.",
            ),
            (
                255 * np.clip(LEVELS / 238, 0, 1),
                "this is the stretch from darkest to brightest; make the lungs steeper than the rest.",
            ),
            (
                255 * (LEVELS / 255) ** 2,
                "γ = 2 is flat in the dark and squeezes the lungs; it should be steep there.",
            ),
        ),
        hints=(
            "Make the curve steep from 38 to 138. Where can it be flat at no cost?",
            "Flat up to 38, steep to 138, less steep over the heart up to 225, flat again. Give"
            " these corners to np.interp.",
        ),
    ),
    "4.10": Exercise(
        right=[31, 16],
        mistakes=(
            ([32, 16], "the last level before the next step is 31 above the kept one, not 32."),
            ([31, 15], "with half a step added, look at the first level of each step."),
            ([32, 32], "no level is a whole step away; look at the last level of a step."),
            ([16, 16], "the second error is right. Without the half step, s is rounded down only."),
            ([0, 16], "s - r is 0 or negative at first; errors are counted by their size."),
            ([31, 0], "half a step does not fit every level; look at the first of each step."),
            ([8, 16], "the second error is right. 8 is the number of levels; how wide is a step?"),
            ([8, 4], "8 is the number of levels that are left; how wide is a step?"),
            ([15, 16], "the second error is right. The first one is that of four bits."),
            ([31, 8], "the first error is right. Half a step is 16, not 8; try all the levels."),
            ([15.5, 8], "these are the mean errors; the largest are wanted."),
            ([-31, -15], "these are the least differences; errors are counted by their size."),
            ([31, 31], "adding half a step moves the error: half of it is now on the other side."),
            ([31, 15.5], "the levels are whole numbers; try all 256 of them."),
            ([15, 8], "this holds for four bits; three bits keep steps of 32."),
            ([31, 47], "an error counts by its size, and 16 is added to s, not to the error."),
            ([7, 4], "this is what three bits that are lost make; here three bits are kept."),
            ([31, -16], "errors are counted by their size; leave out the sign."),
            ([-31, 16], "errors are counted by their size, without the sign."),
        ),
        hints=(
            "Make the table s for all 256 levels, and subtract it from the levels.",
            "np.abs(levels - s).max() is the largest error. Do it once more with s + 16.",
        ),
    ),
}
