"""Check an answer on the spot and, when it is wrong, name the mistake.

An exercise is data, see `Exercise`: what is right, on which inputs, which wrong answers people
really give, and what to look at then. An answer is a value, a function or a figure. It may raise,
print, never end, be of any type and change what it is given: `check` prints one sentence.
"""

import contextlib
import copy
import ctypes
import functools
import importlib
import io
import threading
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from helpers.exercises.diagnosis import named
from helpers.exercises.figures import figure_difference, read_figure
from helpers.exercises.kinds import kind_of

STRICT = 1e-3  # what a tolerance may be at most where a mistake is named
TINY = 1e-3  # what a tolerance is a share of where 0 is right
SECONDS = 10  # that an answer may take
BUSY = 6  # times as long where the computer has other things to do
UNNAMED = ("it raises", "it is still running", "nothing is drawn", "it is of type module")
CAUSES = {  # of errors that everybody meets
    "truth value of an array": "`and`, `or`, `if` and chained comparisons want one answer, and an "
    "array has many; combine masks with & and |",
    "is not defined": "a name in it is not known where the function runs",
    "unsupported operand type(s) for &": "a comparison beside & or | needs parentheses",
    "numpy boolean subtract": "NumPy refuses to subtract masks; use & and ~",
    "positional argument": "it does not take the arguments that it is called with",
    "slice indices must be integers": "a place in a slice is no whole number; divide with //",
    "'NoneType'": "a function that it calls returned None",
    "Cannot read": "a file cannot be read, and nothing catches the error",
    "contains NaN": "a step of it refuses NaN; fill in what is missing first",
    "features, but": "what it learns from has other columns than what it answers for",
    "is out of bounds for axis": "an index lies beyond the end of an array",
}
NOT_YET = "Not yet: put your answer in the place of the dots."


@dataclass(frozen=True)
class Exercise:
    """What is right, on which inputs, what is known to go wrong, and what helps.

    Parameters
    ----------
    right : object
        A function of the inputs where there are `inputs`; a function that draws on the Figure it
        is given where there is something to read; else a value, or a function that returns it.
    inputs : tuple of tuples
        The arguments of each call of an answer that is a function.
    mistakes : tuple of (wrong, sentence)
        `wrong` is like `right`. The sentence says what it did and what to look at. Calls for which
        it gives NaN do not count, if it is wrong in others.
    hints : tuple of str
        From weak to strong.
    reads : tuple of str
        What counts in a figure: names of `helpers.exercises.figures.READERS`.
    score, goal : function of the answer, float
        Where many answers are good: what an answer reaches, and what is enough.
    prepare : function
        Makes what `score` needs, such as films, before the answer's time begins to run.
    tells : function of the answer
        What is the matter with an answer whose score is too low, where no mistake is known.
    tolerance : float
        Greatest difference that is no mistake, as a share of the greatest right value.
    dtype : bool
        Whether an array has to have the right dtype as well.
    points : int
        For the graded edition.
    """

    right: object
    inputs: tuple = ()
    mistakes: tuple = ()
    hints: tuple = ()
    reads: tuple = ()
    score: object = None
    goal: float = 0.0
    prepare: object = None
    tells: object = None
    tolerance: float = 1e-6
    dtype: bool = False
    points: int = 1


# ---- what learners call -------------------------------------------------------------------------


def check(name, answer):
    """Say whether an answer is right and, if it is not, what went wrong.

    Parameters
    ----------
    name : str
        Number of the exercise, such as "1.2".
    answer : object
        A value, a function, or the axes that were drawn on.

    Examples
    --------
    >>> check("1.1", ...)
    Not yet: put your answer in the place of the dots.
    """
    print(judge(find(name), answer)[1])


def hint(name, number=1):
    """Print a hint; the next one is stronger.

    Examples
    --------
    >>> hint("1.1")  # doctest: +ELLIPSIS
    Hint 1 of 2: ...
    """
    hints = find(name).hints
    if number not in range(1, len(hints) + 1):
        raise ValueError(f"number is {number!r}; exercise {name} has hints 1 to {len(hints)}.")
    print(f"Hint {number} of {len(hints)}: {hints[number - 1]}")
    if number < len(hints):
        print(f'More: hint("{name}", {number + 1})')


def grade(name, answer):
    """Print what `check` prints and return the points, for the graded edition.

    Examples
    --------
    >>> grade("1.1", ...)
    Not yet: put your answer in the place of the dots.
    0
    """
    exercise = find(name)
    kind, sentence = judge(exercise, answer)
    print(sentence)
    return exercise.points if kind == "right" else 0


def find(name):
    """Return the exercise of that number."""
    lesson = str(name).partition(".")[0]
    exercises = {}
    if lesson.isdigit():
        with contextlib.suppress(ModuleNotFoundError):
            file = importlib.import_module(f"helpers.exercises.lesson_{int(lesson):02}")
            exercises = file.EXERCISES
    if str(name) not in exercises:
        known = ", ".join(exercises) or "numbered like 1.2"
        raise ValueError(f"There is no exercise {name!r}; the exercises are {known}.")
    return exercises[str(name)]


# ---- the verdict --------------------------------------------------------------------------------


def judge(exercise, answer):
    """Return (kind, sentence); kind is "right", "not yet", "named" or "wrong"."""
    values, broken = results(exercise, answer)
    if any(map(unfilled, (answer, *values))):
        return "not yet", NOT_YET
    wanted = [exercise.goal] if exercise.score else model(exercise, exercise.right)
    if exercise.score and not broken and is_enough(values[0], exercise.goal):
        if values[0] == exercise.goal:
            return "right", "Right."
        return "right", f"Right: it reaches {apart(values[0], exercise.goal)} was wanted."
    fault = broken or first_difference(exercise, values, wanted)
    if not fault:
        return "right", "Right."
    is_whole = not any(value is None for value in values)  # else no mistake can be the same
    for wrong, sentence in exercise.mistakes if is_whole else ():
        if same(values, model(exercise, wrong), wanted, exercise):
            return "named", f"Not right: {sentence}"
    if exercise.reads and not broken:
        fault = figure_difference(values[0], wanted[0])
    if broken or exercise.reads:
        end = "" if fault.endswith("?") else "."
        return ("wrong" if fault.startswith(UNNAMED) else "named"), f"Not right: {fault}{end}"
    if exercise.tells and is_number(values[0]):
        return "named", f"Not right: {call(exercise.tells, [(answer,)])[0][0] or fault + '.'}"
    if exercise.score and is_number(values[0]):
        return "wrong", f"Not right: it reaches {apart(values[0], exercise.goal)} is wanted."
    sentence = named(values, wanted, exercise.inputs, is_equal(min(exercise.tolerance, STRICT)))
    return ("named", f"Not right: {sentence}") if sentence else ("wrong", f"Not right: {fault}.")


def unfilled(answer):
    """Tell whether the dots are still there."""
    return answer is ... or (isinstance(answer, list | tuple) and any(a is ... for a in answer))


def is_number(value):
    """Tell whether a score is a number."""
    return np.ndim(value) == 0 and np.asarray(value).dtype.kind in "biuf"


def is_enough(value, goal):
    """Tell whether a score is a number that reaches the goal."""
    return is_number(value) and bool(value >= goal)


def apart(value, goal):
    """Write a score and a goal that differ with as many digits as tell them apart."""
    texts = ((f"{value:.{digits}g}", f"{goal:.{digits}g}") for digits in range(3, 18))
    return ", and ".join(next(pair for pair in texts if pair[0] != pair[1]))


def results(exercise, answer):
    """Return the values that an answer gives, one per call, and what is wrong, "" for nothing."""
    if exercise.reads:
        reading, fault = read_figure(answer, exercise.reads)
        return [reading], fault
    wants_function = exercise.inputs or (exercise.score and callable(exercise.right))
    if wants_function and not callable(answer):
        kind = type(answer).__name__
        return [answer], f"it is of type {kind}; a function is wanted, its name without brackets"
    if exercise.score:
        if exercise.prepare and callable(answer):
            exercise.prepare()
        return call(exercise.score, [(answer,)])
    if not exercise.inputs:
        is_function = callable(answer) and not isinstance(answer, type)
        return [answer], "it is a function; a value is wanted, so call it" * is_function
    return call(answer, exercise.inputs)


def model(exercise, right):
    """Return the values that a right or wrong answer of the exercise's own gives, one per call."""
    if exercise.reads:
        figure = Figure()
        right(figure)
        return [read_figure(figure, exercise.reads)[0]]
    if exercise.score:
        return [score_of(exercise.score, right) if callable(right) else exercise.score(right)]
    if exercise.inputs:
        return call(right, exercise.inputs)[0]
    return [right() if callable(right) else right]


@functools.cache
def score_of(score, known):
    """Return what a function that is known reaches, which may take a second to find out."""
    return score(known)


class UnfitError(Exception):
    """Raised by a score; says what is wanted in place of what an answer returns."""


class TooLongError(BaseException):
    """Raised inside an answer that runs longer than SECONDS."""


def call(function, rows):
    """Call a function with copies of each row of arguments; return its values and the fault."""
    given = [[copy.deepcopy(argument) for argument in row] for row in rows]
    values, faults = [], []

    def run():
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                values.extend(function(*row) for row in given)
            except TooLongError:
                pass
            except BaseException as error:  # an answer may raise anything, SystemExit as well
                faults.append(what_it_raised(error) + given_as(rows[len(values)]))

    with contextlib.redirect_stdout(io.StringIO()):
        if not ends_in_time(run):
            faults = [f"it is still running after {SECONDS} seconds"]
    before, after = ([a for row in all_rows for a in row] for all_rows in (rows, given))
    if not all(map(unchanged, before, after)):
        faults.append("it changes the array that it is given; work on a copy")
    return values + [None] * (len(rows) - len(values)), faults[0] if faults else ""


def what_it_raised(error):
    """Describe an error, and what it comes from where that is plain."""
    text = " ".join(str(error).split()).rstrip(".")
    if isinstance(error, UnfitError):
        return text
    for part, cause in CAUSES.items():
        if part in text:
            return f"{cause} ({type(error).__name__})"
    return f"it raises {type(error).__name__}: {text}"


def unchanged(before, after):
    """Tell whether an argument is still what it was."""
    return not isinstance(before, np.ndarray) or np.array_equal(before, after, equal_nan=True)


def ends_in_time(run):
    """Run a function in a thread; stop it, and return False, when it takes too long."""
    thread = threading.Thread(target=run, daemon=True)
    try:
        thread.start()
    except RuntimeError:  # there are no threads in a browser
        run()
        return True
    began = time.process_time()
    for _ in range(BUSY):
        thread.join(SECONDS)
        if not thread.is_alive():
            return True
        if time.process_time() - began > SECONDS / 2:
            break
    stop = ctypes.pythonapi.PyThreadState_SetAsyncExc
    stop(ctypes.c_ulong(thread.ident), ctypes.py_object(TooLongError))
    return False


def given_as(row):
    """Describe arguments: small arrays whole, images by their size, an answer not at all."""
    arrays = [a for a in row if isinstance(a, np.ndarray)]
    few = sum(array.size for array in arrays) <= 9
    texts = [describe(argument, few) for argument in row if not callable(argument)]
    return ", given " + ", ".join(texts) if texts else ""


def describe(argument, whole):
    """Describe one argument, an array with all its values or by its size."""
    if isinstance(argument, Path):
        return repr(argument.name)
    if not isinstance(argument, np.ndarray):
        return repr(argument)
    if whole:
        return f"the {argument.dtype} array {argument.tolist()}"
    return f"a {argument.dtype} array of shape {argument.shape}"


# ---- comparing ----------------------------------------------------------------------------------


def first_difference(exercise, values, wanted):
    """Return "" when all values are right, else a sentence about the smallest that is not."""
    rows = exercise.inputs or [()] * len(values)
    sizes = [sum(np.size(argument) for argument in row) for row in rows]
    if exercise.reads:
        return figure_difference(values[0], wanted[0], explain=False)
    for index in np.argsort(sizes, kind="stable"):
        value, right = values[index], wanted[index]
        if fault := difference(value, right, exercise.tolerance, exercise.dtype):
            return f"{fault}{given_as(rows[index])}" if exercise.inputs else fault
    return ""


def same(values, others, wanted, exercise):
    """Tell whether an answer gives the same values as a known mistake.

    Where the mistake gives NaN, as a division by 0 does, people help themselves in many ways. So
    these calls do not count if it is wrong in others as well.
    """
    if exercise.reads:
        return not figure_difference(values[0], others[0], explain=False)
    if len(values) != len(others):
        return False
    calls = list(zip(values, others, wanted, strict=True))
    some = [call for call in calls if not is_nan(call[1])]
    if len(some) < len(calls) and any(difference(b, c, exercise.tolerance) for _, b, c in some):
        calls = some
    return not any(difference(a, b, exercise.tolerance) for a, b, _ in calls)


def is_nan(value):
    """Tell whether a value is NaN, as one number and not as one of many."""
    return isinstance(value, float) and np.isnan(value)


def is_equal(tolerance):
    """Return a function that tells whether two values are equal."""
    return lambda value, right: right is not None and not difference(value, right, tolerance)


def difference(value, right, tolerance, dtype=False):
    """Return "" when two values are equal, else what differs."""
    if value is None or right is None:
        return "it is None; perhaps a return is missing"
    if isinstance(right, dict):
        return dict_difference(value, right, tolerance)
    if isinstance(right, str):  # a dtype or a path is an answer too
        value = value[0] if isinstance(value, list | tuple) and len(value) == 1 else value
        is_dtype = isinstance(value, type) and not issubclass(value, BaseException)
        value = value.__name__ if is_dtype else str(value)
    try:
        value, right = np.asarray(value), np.asarray(right)
        if value.size == right.size == 1:  # one number in brackets is that number
            value, right = value.reshape(()), right.reshape(())
        if dtype and value.dtype != right.dtype:
            return f"its dtype is {value.dtype}, not {right.dtype}"
        if value.shape != right.shape:
            return f"its shape is {value.shape}, not {right.shape}"
        if kind_of(value) != kind_of(right):
            return f"it holds {kind_of(value)}; {kind_of(right)} are wanted"
        off = unequal(value, right, tolerance)
    except (TypeError, ValueError):
        return f"it is a {type(value).__name__}, which cannot be compared"
    if not off.any():
        return ""
    place = tuple(map(int, np.argwhere(off)[0]))
    if kind_of(right) != "numbers":
        is_letter = right.dtype.kind == "U" and not place and len(str(right)) == 1
        other = 'one of the letters is wanted, such as "a"' if is_letter else "it is another one"
        return f"{np.mean(off):.0%} of the values differ" if place else other
    direction = "large" if value[place] > right[place] else "small"
    if not place:
        return f"{value[()]:.6g} is too {direction}"
    return (
        f"{value[place]:.6g} at {place} is too {direction}; {np.mean(off):.0%} of the values differ"
    )


def dict_difference(value, right, tolerance):
    """Return "" when two dicts hold the same, else what differs."""
    if not isinstance(value, dict) or value.keys() != right.keys():
        return f"a dict with the keys {', '.join(map(str, right))} is wanted"
    others = (key for key in right if value[key] is not right[key])  # None is None as well
    faults = ((key, difference(value[key], right[key], tolerance)) for key in others)
    return next((f"at the key {key!r}, {fault}" for key, fault in faults if fault), "")


def unequal(value, right, tolerance):
    """Mark where two arrays of one shape differ: numbers by more than the tolerance."""
    if kind_of(right) == "texts":
        return np.char.lower(np.char.strip(value)) != np.char.lower(np.char.strip(right))
    if kind_of(right) != "numbers":
        return value != right
    finite = right[np.isfinite(right)]
    scale = np.abs(finite.astype(float)).max() if finite.size else 1.0
    close = tolerance * (scale or TINY)
    return ~np.isclose(value.astype(float), right.astype(float), 0, close, True)
