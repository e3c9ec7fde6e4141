"""What wrong answers have in common, whatever the exercise asks for.

`pattern` says in which regular way numbers or masks differ from the right ones: it names what to
look at where no mistake is known. `named` asks it after `kinds` and `usual` have had their say, and
part by part where an answer has several.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from helpers.exercises import kinds
from helpers.exercises.kinds import array_of, kind_of
from helpers.exercises.usual import UNITS, USUAL

SHORT = [{(size,)} for size in (2, 3, 4)]  # what has few parts
CLOSE = 1e-6  # of the greatest right value: less is no difference
NEARLY = 0.02
BORDERS = (1, 2, 3, 4)  # rows and columns
WAYS = {
    (1, 0): ("place", ("forwards", "backwards")),
    (2, 0): ("pixel", ("down", "up")),
    (2, 1): ("pixel", ("to the right", "to the left")),
}
NO_RETURN = "; perhaps a return is missing"
UNUSED = "; does it use what it is given?"
FEW = 9  # numbers of an answer that is no function: a factor would give the right ones away


def named(values, wanted, rows, equal):
    """Return a sentence that says what is wrong with an answer, or "".

    Parameters
    ----------
    values, wanted : lists of what an answer gave and what is right, one for each call
    rows : tuple of the arguments of each call, empty for an answer that is no function
    equal : function of two values
    """
    good = [equal(*pair) for pair in zip(values, wanted, strict=True)]
    pairs = [
        pair
        for pair, is_good in zip(zip(values, wanted, strict=True), good, strict=True)
        if not is_good
    ]
    if 0 < sum(value is None for value in values) < len(values):
        return f"for some inputs it is None{NO_RETURN} there."
    full = [pair for pair in pairs if all(array_of(side).size for side in pair)]
    for say, some in ((kinds.other_kind, full or pairs), (kinds.other_length, pairs)):
        if sentence := kinds.agreed(say, some):
            return sentence
    if len(values) > 2 and not any(good) and all(equal(value, values[0]) for value in values):
        return f"it is the same for all inputs{UNUSED}"
    for usual, sentence in USUAL if rows else USUAL + UNITS:
        wrong = [
            usual(array_of(right)) if not isinstance(right, dict) else None for right in wanted
        ]
        if all(map(equal, values, wrong)) and not all(map(equal, wanted, wrong)):
            return sentence
    return (
        pattern(values, wanted, [row[0] for row in rows])
        or some_parts(values, wanted, rows, equal)
        or kinds.some_inputs(good, rows)
        or times_a_size(values, wanted, rows)
        or where_it_is_wrong(values, wanted, rows, equal)
    )


def where_it_is_wrong(values, wanted, rows, equal):
    """Look at those calls alone that went wrong, as where a special case is right."""
    good = [equal(*pair) for pair in zip(values, wanted, strict=True)]
    if not 3 <= good.count(False) < len(good):
        return ""
    places = [place for place, is_good in enumerate(good) if not is_good]
    wrong = [[side[place] for place in places if side] for side in (values, wanted, rows)]
    sentence = named(*wrong, equal).replace(UNUSED, ".")  # what is right uses it
    return f"where it is wrong, {sentence}" if sentence else ""


def some_parts(values, wanted, rows, equal):
    """Find the parts of an answer that are wrong: numbers of a pair, or keys of a dict."""
    if isinstance(wanted[0], dict):
        keys = list(wanted[0])
    elif {array_of(each).shape[:1] for each in (*values, *wanted)} in SHORT:
        keys = range(len(wanted[0]))
    else:
        return ""
    columns = [[[each[key] for each in side] for side in (values, wanted)] for key in keys]
    wrong = [not all(map(equal, *column)) for column in columns]
    if not 0 < sum(wrong) < len(wrong):
        return ""
    names = [repr(key) if isinstance(key, str) else kinds.COUNTING[key] for key in keys]
    names = [name for name, is_wrong in zip(names, wrong, strict=True) if is_wrong]
    if len(names) > 1:
        the = "" if isinstance(wanted[0], dict) else "the "
        return f"only {the}{' and '.join(names)} are wrong."
    part = f"the key {names[0]}" if isinstance(wanted[0], dict) else f"the {names[0]} one"
    why = named(*columns[wrong.index(True)], rows, equal)
    why = why.replace(f"{NO_RETURN} there", "").replace(NO_RETURN, "")  # a part needs none
    return f"only {part} is wrong: {why}" if why else f"only {part} is wrong."


def times_a_size(values, wanted, rows):
    """Find a sum or a count where a mean or a share is wanted, and the other way round."""
    sizes = {
        "the number of its pixels": lambda a: a.size,
        "the number of its rows": len,
        "the number of pixels in the mask": lambda a: a.sum() if a.dtype == bool else np.nan,
    }
    if len(rows) < 3 or any(
        array_of(v).ndim or kind_of(array_of(v)) != "numbers" for v in (*values, *wanted)
    ):
        return ""
    value, right = np.array(values, float), np.array(wanted, float)
    for place in range(min(map(len, rows))):
        arrays = [row[place] for row in rows]
        if not all(isinstance(a, np.ndarray) and a.ndim for a in arrays):
            continue
        for name, size_of in sizes.items():
            size = np.array([size_of(a) for a in arrays], float)
            if np.ptp(size) and np.allclose(value, right * size) and not np.allclose(value, right):
                return (
                    f"it is what is wanted times {name}: a sum for a mean, or a count for a share?"
                )
            if np.ptp(size) and np.allclose(value * size, right) and not np.allclose(value, right):
                return f"it is what is wanted divided by {name}."
    return ""


@dataclass
class Compared:
    """Numbers beside the right ones, the arrays of all calls in one row."""

    pairs: list  # of (array, right array), one for each call
    value: np.ndarray
    right: np.ndarray
    close: float  # the greatest difference that is none
    may_tell: bool  # whether a factor gives nothing away


def pattern(values, wanted, given):
    """Return a sentence about the way in which arrays differ from the right ones, or "".

    Parameters
    ----------
    values, wanted : lists of what an answer gave and what is right, one for each call
    given : list of the first arguments, empty for an answer that is no function
    """
    try:
        pairs = [
            (np.asarray(value), np.asarray(right))
            for value, right in zip(values, wanted, strict=True)
        ]
    except (TypeError, ValueError):
        return ""
    if any(a.shape != b.shape or kind_of(a) != kind_of(b) for a, b in pairs):
        return ""
    if sum(b.size for _, b in pairs) >= 3 and (moved := a_shift(pairs)):
        return moved
    value, right = (np.concatenate([pair[side].ravel() for pair in pairs]) for side in (0, 1))
    if value.dtype == right.dtype == bool:
        return mask_pattern(value, right)
    if kind_of(right) != "numbers" or len(right) < 3:
        return ""
    value, right = value.astype(float), right.astype(float)
    if np.isnan(value).any() and np.isfinite(right).all():
        return "it is NaN, not a number, in places; is 0 divided by 0?"
    close = CLOSE * np.abs(right).max()
    if not np.isfinite([value, right]).all() or np.abs(value - right).max() <= close:
        return ""
    if given and all(np.array_equal(a, b) for (a, _), b in zip(pairs, given, strict=True)):
        return "it is what was given, unchanged."
    compared = Compared(pairs, value, right, close, bool(given) or len(right) > FEW)
    return next((sentence for say in PATTERNS if (sentence := say(compared))), "")


def mask_pattern(value, right):
    """Say what is the matter with a mask."""
    if value.size < 3 or np.array_equal(value, right):
        return ""
    if value.all() or not value.any():
        return f"it is {bool(value[0])} everywhere."
    if not (right & ~value).any():
        return "it marks all that is right, and more besides."
    if not (value & ~right).any():
        return "it marks a part of what is right, and nothing else."
    return ""


def a_shift(pairs):
    """Find rows and images that are moved by one or two pixels."""
    pairs = [(a, b) for a, b in pairs if 1 <= b.ndim <= 2 and min(b.shape) > 4]
    for step, axis in itertools.product((1, -1, 2, -2), (0, 1)):
        moved = [
            (inner(a, axis), inner(np.roll(b, step, axis), axis), inner(b, axis))
            for a, b in pairs
            if b.ndim > axis
        ]
        differ = any(not np.array_equal(a, right) for a, _, right in moved)
        if len(moved) == len(pairs) and differ and all(np.array_equal(a, b) for a, b, _ in moved):
            unit, ways = WAYS[pairs[0][1].ndim, axis]
            return f"it is moved {ways[step < 0]} by {abs(step)} {unit}{'s' * (abs(step) > 1)}."
    return ""


def inner(array, axis):
    """Cut two pixels off both ends of an axis."""
    return array.swapaxes(0, axis)[2:-2]


def all_the_same(it):
    """Find arrays of one number where different ones are wanted."""
    arrays = [pair for pair in it.pairs if pair[1].size > 1] or [(it.value, it.right)]
    spread, wanted = (max(np.ptp(pair[side]) for pair in arrays) for side in (0, 1))
    if spread <= it.close < wanted:
        return "its numbers are all the same, and different ones are wanted."
    return ""


def wrong_signs(it):
    """Find numbers that are right but for the sign of some."""
    if np.abs(np.abs(it.value) - np.abs(it.right)).max() <= it.close:
        return "some of its numbers have the wrong sign, and else all is right."
    return ""


def other_places(it):
    """Find the right numbers in another order."""
    if all(b.ndim == 1 and alike(a, np.sort(b), it.close) for a, b in it.pairs):
        return "its numbers are right, but sorted; keep the order."
    if all(b.ndim and alike(np.sort(a, None), np.sort(b, None), it.close) for a, b in it.pairs):
        return "its numbers are right, but they stand in other places."
    return ""


def a_factor(it):
    """Find what is proportional to the right numbers."""
    largest = np.abs(it.right).argmax()
    factor = it.value[largest] / it.right[largest]
    if it.may_tell and factor and alike(it.value, factor * it.right, abs(factor) * it.close):
        return f"every number is {factor:.3g} times what is wanted."
    return ""


def an_offset(it):
    """Find what is too large by one and the same amount."""
    offset = it.value[0] - it.right[0]
    if it.may_tell and alike(it.value - offset, it.right, 2 * it.close):
        return f"every number is too {'large' if offset > 0 else 'small'} by {abs(offset):.3g}."
    return ""


def only_some(it):
    """Find mistakes among negative numbers, or large ones, alone."""
    wrong = np.abs(it.value - it.right) > it.close
    for part, where in ((it.right < 0, "negative"), (it.right > 255, "above 255")):
        if not (wrong & ~part).any():
            return f"only numbers that should be {where} are wrong."
    return ""


def only_the_border(it):
    """Find images that are right but near their border."""
    for border in BORDERS:
        if all(b.ndim == 2 and min(b.shape) > 4 * border for _, b in it.pairs):
            inside = np.s_[border:-border, border:-border]
            if all(alike(a[inside], b[inside], it.close) for a, b in it.pairs):
                return "only the border is wrong, the inside is right: what is assumed beyond it?"
    return ""


def nearly(it):
    """Find what is off by little."""
    if np.abs(it.value - it.right).max() <= NEARLY * np.abs(it.right).max():
        return f"it is nearly right, everywhere within {NEARLY:.0%} of the largest number."
    return ""


def alike(a, b, close):
    """Tell whether no number is off by more than `close`."""
    return np.allclose(a, b, rtol=0, atol=close)


PATTERNS = (
    all_the_same,
    wrong_signs,
    other_places,
    a_factor,
    an_offset,
    only_some,
    only_the_border,
    nearly,
)
