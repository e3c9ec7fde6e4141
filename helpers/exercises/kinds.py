"""What is wrong with an answer before its numbers are looked at.

It may be of another kind or length than what is wanted, or wrong for some inputs only. Sentences
are yielded for one pair of (value, right value); `agreed` keeps those that hold for all pairs.
"""

import numpy as np

NAMES = {
    "b": "truth values",
    "c": "complex numbers",
    "U": "texts",
    "S": "texts",
    "O": "objects",
}
COUNTING = ("first", "second", "third", "fourth")
UNITS = (("row", "rows"), ("column", "columns"), ("layer", "layers"))
SUMMARIES = (
    ("sum", np.sum),
    ("mean", np.mean),
    ("largest", np.max),
    ("smallest", np.min),
    ("number", np.size),
)


def kind_of(array):
    """Name what an array holds."""
    return NAMES.get(array.dtype.kind, "numbers")


def array_of(value):
    """Turn a value into an array, rows of different lengths into one of objects."""
    try:
        return np.asarray(value)
    except ValueError:
        return np.asarray(value, dtype=object)


def is_letter(array):
    """Tell whether an array is a single letter, as predictions are."""
    return not array.ndim and kind_of(array) == "texts" and len(str(array)) == 1


def agreed(say, pairs):
    """Return the first sentence that holds for every pair, or ""."""
    found = [list(say(*pair)) for pair in pairs]
    return next((text for text in (found or [[]])[0] if all(text in other for other in found)), "")


def other_kind(value, right):
    """Yield sentences about an answer of another kind than the right one."""
    if value is None and not is_letter(array_of(right)):
        yield "it is None; perhaps a return is missing."
    elif isinstance(right, dict):
        yield from other_keys(value, right)
    elif isinstance(value, dict):
        yield "it is a dict; look at what is to be returned."
    elif isinstance(value, tuple) and len(value) == 1 and np.ndim(right) == 1:
        yield "it is a tuple with one array in it, as np.where gives it; take the array out."
    elif isinstance(right, tuple | list) and np.ndim(right[:1]) - 1 == array_of(value).ndim > 0:
        yield f"it is one array; {len(right)} are wanted."
    else:
        yield from other_arrays(value, right)


def other_keys(value, right):
    """Yield what is the matter with a dict."""
    if not isinstance(value, dict):
        yield f"it is of type {type(value).__name__}; a dict is wanted."
        return
    missing, more = [
        [repr(k) for k in a if k not in b] for a, b in ((right, value), (value, right))
    ]
    if missing:
        yield f"the key {missing[0]} is missing."
    if more:
        yield f"the key {more[0]} is one too many."


def other_arrays(value, right):
    """Yield sentences about arrays, texts and numbers of another kind or with other axes."""
    value, right = array_of(value), array_of(right)
    if value.size == right.size == 1:
        value, right = value.reshape(()), right.reshape(())
    kinds = (kind_of(value), kind_of(right))
    if is_letter(right) and (kinds[0] != "texts" or value.ndim or len(str(value).strip()) != 1):
        yield 'one of the letters is wanted, such as "a".'
    elif not value.size or not right.size or "objects" in kinds or "complex numbers" in kinds:
        return
    elif kinds == ("texts", "texts") and value.shape == right.shape and right.ndim:
        if sorted(value.ravel()) == sorted(right.ravel()):
            yield "all that is wanted is in it, in another order."
    elif value.ndim != right.ndim:
        yield from other_axes(value, right)
        if kinds[0] != kinds[1]:
            yield f"it holds {kinds[0]}; {kinds[1]} are wanted."
    elif kinds == ("numbers", "truth values"):
        if value.shape == right.shape and np.array_equal(value != 0, right):
            yield "it holds numbers, other than 0 in the right places; True and False are wanted."
        if value.ndim == 1 and np.array_equal(value, np.flatnonzero(right)):
            yield "these are the positions of True; a row of True and False is wanted."
        yield "it holds numbers; True and False are wanted, as a comparison gives them."
    elif kinds == ("truth values", "numbers"):
        yield "it holds True and False; numbers are wanted."
    elif kinds[0] != kinds[1]:
        yield f"it holds {kinds[0]}; {kinds[1]} are wanted."


def other_axes(value, right):
    """Yield what is the matter with one number for many, or a table for a row."""
    numeric = kind_of(value) == "numbers" and right.size and kind_of(right) != "texts"
    if not value.ndim:
        for name, summary in SUMMARIES if numeric else ():
            if np.isclose(value, summary(right.astype(float))):
                yield f"it is a single value, the {name} of what is wanted; return them all."
        yield "it is a single value; several are wanted."
    elif not right.ndim:
        yield "it holds several values; a single one is wanted."
    else:
        axes = "one axis" if value.ndim == 1 else f"{value.ndim} axes"
        yield f"it has {axes}; what is wanted has {right.ndim}."


def other_length(value, right):
    """Yield sentences about a row or a table with too few or too many entries."""
    value, right = array_of(value), array_of(right)
    if value.ndim != right.ndim or value.shape == right.shape or not value.ndim:
        return
    alike = kind_of(value) == kind_of(right) in ("numbers", "texts")
    if value.ndim == 1 and (alike or not value.size or not right.size):
        has, wanted = set(value.tolist()), set(right.tolist())
        if not has:
            yield "it is empty, and something is wanted."
        if not wanted:
            yield "it holds something where nothing is wanted."
        if has == wanted and len(wanted) == right.size:
            yield "all that is wanted is in it, and some of it twice."
        if wanted < has and (value.size <= 3 * right.size or not wanted):
            yield "all that is wanted is in it, and more besides."
        if has < wanted:
            yield "it is a part of what is wanted, and some is missing."
    if value.ndim == 2 and value.shape == right.shape[::-1]:
        yield "its rows and columns are exchanged: the first index is the row."
    off = [a - b for a, b in zip(value.shape, right.shape, strict=True)]
    for axis, more in enumerate(off):
        if more in (-2, -1, 1, 2) and not any(off[:axis] + off[axis + 1 :]):
            one, many = ("entry", "entries") if len(off) == 1 else UNITS[axis]
            what = f"1 {one}" if abs(more) == 1 else f"{abs(more)} {many}"
            yield f"it has {what} too {'many' if more > 0 else 'few'}."
    if len(off) == 1:
        yield f"it has too {'many' if off[0] > 0 else 'few'} entries."
    smaller, larger = max(off) <= 0, min(off) >= 0
    if value.ndim > 1 and (smaller or larger):
        yield f"it is too {'small' if smaller else 'large'}; what is its shape to be?"


# ---- wrong for some inputs only -----------------------------------------------------------------


def holds(test):
    """Return a function that tells whether a test holds for an array among the arguments."""
    return lambda row: any(isinstance(a, np.ndarray) and bool(test(a)) for a in row)


def is_number(array):
    """Tell whether an array holds numbers, and at least one."""
    return array.size > 0 and array.dtype.kind in "uif"


INPUTS = (
    (holds(lambda a: a.dtype == np.uint8), "for uint8: what becomes of negative or large numbers"),
    (holds(lambda a: a.dtype.kind == "f" and np.isnan(a).any()), "where something is NaN"),
    (holds(lambda a: a.size == 0), "where nothing is given"),
    (holds(lambda a: a.dtype == bool and not a.any()), "where a mask is empty"),
    (holds(lambda a: a.dtype == bool and a.all()), "where a mask is True everywhere"),
    (
        holds(lambda a: a.ndim == 2 and a.shape[0] != a.shape[1]),
        "where the image is not square",
    ),
    (holds(lambda a: is_number(a) and np.ptp(a.astype(float)) == 0), "where all numbers are equal"),
    (holds(lambda a: a.dtype.kind == "f"), "for floats"),
)


def some_inputs(good, rows):
    """Say for which inputs an answer goes wrong, or "".

    Parameters
    ----------
    good : list of bool
        Whether the answer is right, for each input.
    rows : tuple of tuples
        The inputs.
    """
    if not 0 < sum(good) < len(good):
        return ""
    for test, where in INPUTS:
        fits = [test(row) for row in rows]
        explained = all(is_good or fit for is_good, fit in zip(good, fits, strict=True))
        if explained and fits.count(False) > 1 and 2 * good.count(False) >= sum(fits):
            return f"it goes wrong only {where}{'?' if ':' in where else '.'}"
    return own_number(good, rows)


def own_number(good, rows):
    """Find an argument that is replaced by a number of the answer's own."""
    for place in range(min(map(len, rows))):
        column = [row[place] for row in rows]
        if not all(isinstance(each, int | float | np.number) for each in column):
            continue
        right, wrong = (
            {c for c, g in zip(column, good, strict=True) if g is k} for k in (True, False)
        )
        if len(right) == 1 and not right & wrong and len(wrong) > 1 < sum(good):
            nth = COUNTING[place] if place < len(COUNTING) else "last"
            number = f"{right.pop():.6g}"
            return f"it is right only where the {nth} argument is {number}; is that argument used?"
    return ""
