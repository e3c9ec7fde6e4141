"""Usual mistakes that turn a right answer into a wrong one, whatever the exercise asks for."""

import numpy as np

from helpers.exercises.kinds import kind_of


def numbers(function):
    """Apply a function to arrays of numbers; other arrays have no such usual mistake."""
    return lambda right: function(right.astype(float)) if kind_of(right) == "numbers" else None


# What goes wrong in every exercise: (what it makes of the right answer, the sentence).
USUAL = (
    (lambda a: ~a if a.dtype == bool else None, "it is True where False is right, and vice versa."),
    (numbers(np.negative), "it has the opposite sign."),
    (
        lambda a: a.swapaxes(-1, -2) if a.ndim > 1 else None,
        "rows and columns are exchanged: the first index is the row.",
    ),
    (
        lambda a: a[::-1] if a.ndim in (1, 3) else None,
        "the order is reversed: the last comes first.",
    ),
    (
        lambda a: a[..., ::-1, :] if a.ndim > 1 else None,
        "it is upside down: the last row comes first.",
    ),
    (lambda a: a[..., ::-1] if a.ndim > 1 else None, "left and right are exchanged."),
    (lambda a: a[..., ::-1, ::-1] if a.ndim > 1 else None, "it is turned by 180 degrees."),
    (
        numbers(lambda a: 1 - a if a.size and 0 <= a.min() <= a.max() <= 1 else None),
        "it is 1 minus what is wanted, the share of the others.",
    ),
    (numbers(lambda a: 255 - a), "it is 255 minus what is wanted, the negative."),
    (numbers(lambda a: a + 1), "it is one too large: where does counting begin?"),
    (numbers(lambda a: a - 1), "it is one too small: where does counting begin?"),
    (
        numbers(lambda a: a % 256),
        "what exceeds 255 or is negative has wrapped around, as in uint8.",
    ),
    (numbers(lambda a: a.clip(0, 255)), "it is cut off at 0 and 255."),
    (numbers(np.rint), "it is rounded to whole numbers; keep the fractions."),
    (numbers(lambda a: a.round(1)), "it is rounded; let Python compute it, with all digits."),
    (numbers(lambda a: a.round(2)), "it is rounded; let Python compute it, with all digits."),
    (numbers(np.floor), "its fractions are cut off; compute with floats."),
    (numbers(lambda a: a * 255), "it is on a scale to 255; a scale to 1 is wanted."),
    (numbers(lambda a: a / 255), "it is on a scale to 1; a scale to 255 is wanted."),
    (numbers(lambda a: a * 100), "it is 100 times too large: a share or a percentage?"),
    (numbers(lambda a: a / 100), "it is 100 times too small: a share or a percentage?"),
    (numbers(np.square), "it is the square of what is wanted."),
    (numbers(lambda a: np.sqrt(a.clip(0))), "it is the square root of what is wanted."),
    (numbers(lambda a: 1 / np.where(a == 0, np.nan, a)), "it is upside down: one divided by it."),
)


# What goes wrong where a number is worked out by hand, not by a function.
UNITS = (
    (numbers(lambda a: a * 1e3), "it is 1000 times too large: look at the unit."),
    (numbers(lambda a: a / 1e3), "it is 1000 times too small: look at the unit."),
    (numbers(lambda a: a * 1e6), "it is a million times too large: look at the unit."),
    (numbers(lambda a: a / 1.048576), "a megabyte is 1,000,000 bytes here, not 1,048,576."),
    (numbers(lambda a: a * 8), "it is 8 times too large: bits or bytes?"),
    (numbers(lambda a: a / 8), "it is 8 times too small: bits or bytes?"),
    (numbers(lambda a: a * 60), "it is 60 times too large: seconds, minutes or hours?"),
    (numbers(lambda a: a / 60), "it is 60 times too small: seconds, minutes or hours?"),
    (numbers(lambda a: a * 10), "it is 10 times too large: look at the powers of ten."),
    (numbers(lambda a: a / 10), "it is 10 times too small: look at the powers of ten."),
    (numbers(lambda a: a / 1e4), "it is 10,000 times too small: look at the unit."),
    (numbers(np.ceil), "it is rounded up."),
)
