"""The engine of the exercises, and every exercise of every lesson with right and wrong answers."""

import re
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt
from scipy import ndimage as ndi

from helpers import images
from helpers.exercises import check, engine, grade, hint
from helpers.exercises.engine import Exercise, judge
from tests.notebook_checks import exercise_verdicts, notebooks
from tests.notebook_checks.exercise_verdicts import LESSONS, exercises_of

SMALL = np.arange(9, dtype=np.uint8).reshape(3, 3)
FLOATS = np.full((2, 4), 200.5)
NEGATIVE = Exercise(
    right=lambda image: 255 - image.astype(float),
    inputs=((SMALL,), (FLOATS,)),
    mistakes=((lambda image: 1 - image.astype(float), "1 is not the largest level."),),
)
TAKE_FUNCTIONS = [
    name
    for lesson in LESSONS
    for name, exercise in exercises_of(lesson).items()
    if exercise.score and callable(exercise.right)
]
VALUE = Exercise(right=75.5, mistakes=((72.0, "a megabyte is 10⁶ bytes."),))


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS, ids="lesson_{:02}".format)
def test_every_exercise_accepts_what_is_right_and_names_what_is_wrong(lesson):
    assert exercise_verdicts.complaints(lesson) == []


@pytest.mark.parametrize("lesson", LESSONS, ids="lesson_{:02}".format)
def test_hints_and_sentences_are_those_that_were_accepted(lesson):
    assert exercise_verdicts.other_texts(lesson) == []


def test_lessons_and_data_hold_the_same_exercises():
    in_data = {name for lesson in LESSONS for name in exercises_of(lesson)}
    in_lessons = {
        name
        for path in notebooks.NOTEBOOKS
        for cell in notebooks.code_cells(notebooks.read(path))
        for name in re.findall(r'^check\("(\d+\.\d+)"', cell.source, re.MULTILINE)
    }
    assert in_data == in_lessons


@pytest.mark.parametrize(
    ("answer", "kind", "part"),
    [
        (..., "not yet", "dots"),
        (lambda image: ..., "not yet", "dots"),
        (lambda image: 255 - image.astype(float), "right", "Right."),
        (lambda image: (255.0 - image).tolist(), "right", "Right."),
        (lambda image: 1.0 - image, "named", "1 is not the largest level."),
        (lambda image: image - 255.0, "named", "opposite sign"),
        (lambda image: (255.0 - image).T, "named", "rows and columns"),
        (lambda image: np.floor(255.0 - image), "named", "whole numbers"),
        (lambda image: 254.0 - image, "named", "one too small"),
        (lambda image: None, "named", "perhaps a return is missing"),
        (lambda image: image.sum(), "named", "a single value; several"),
        (lambda image: "text", "named", "a single value; several"),
        (lambda image: [object()], "wrong", "shape"),
        (lambda image: [[1], [2, 3]], "wrong", "cannot be compared"),
        (lambda image: (255.0 - image) * 1j, "wrong", "complex numbers"),
        (lambda image: 1 / 0, "wrong", "it raises ZeroDivisionError: division by zero, given"),
        (lambda: 0, "named", "it does not take the arguments"),
        (lambda image: sys.exit("bye"), "wrong", "it raises SystemExit: bye"),
        (lambda image: np.subtract(255, image, out=image), "named", "work on a copy"),
        (lambda image: np.multiply(image, 0, out=image), "named", "work on a copy"),
        (SMALL, "named", "a function is wanted"),
        ("text", "named", "a function is wanted"),
        (None, "named", "a function is wanted"),
        ((1 - SMALL.astype(float)), "named", "a function is wanted"),
    ],
)
def test_answers_that_are_functions(answer, kind, part):
    verdict = judge(NEGATIVE, answer)
    assert verdict[0] == kind
    assert part in verdict[1]
    assert "0x" not in verdict[1]


BIG = np.random.default_rng(3).normal(100, 90, (9, 12))
BLUR = Exercise(right=lambda image: ndi.uniform_filter(image, 3), inputs=((BIG,), (BIG.T,)))
CENTRED = Exercise(right=lambda image: image - 100, inputs=((BIG,), (BIG.T,)))
DARK = Exercise(right=lambda image: image < 90, inputs=((BIG,), (BIG.T,)))


@pytest.mark.parametrize(
    ("exercise", "answer", "part"),
    [
        (BLUR, lambda image: image, "unchanged"),
        (BLUR, lambda image: np.full(image.shape, image.mean()), "all the same"),
        (BLUR, lambda image: np.zeros(image.shape), "all the same"),
        (BLUR, lambda image: 9 * BLUR.right(image), "9 times"),
        (BLUR, lambda image: BLUR.right(image) - 4, "too small by 4"),
        (CENTRED, lambda image: np.abs(image - 100), "wrong sign"),
        (BLUR, lambda image: np.sort(BLUR.right(image)), "other places"),
        (CENTRED, lambda image: (image - 100).clip(0), "should be negative"),
        (BLUR, lambda image: ndi.uniform_filter(image, 3, mode="constant"), "only the border"),
        (BLUR, lambda image: 1.01 * BLUR.right(image) - 1, "nearly right, everywhere within 2%"),
        (BLUR, lambda image: ndi.uniform_filter(image, 5), "differ"),
        (DARK, lambda image: image < 80, "a part of what is right"),
        (DARK, lambda image: image < 99, "and more besides"),
        (DARK, lambda image: image < 1e9, "True everywhere"),
        (DARK, lambda image: image > 50, "differ"),
        (BLUR, lambda image: np.roll(BLUR.right(image), 1, 0), "moved down by 1 pixel"),
        (BLUR, lambda image: np.roll(BLUR.right(image), -2, 1), "to the left by 2 pixels"),
        (BLUR, lambda image: BLUR.right(image)[::-1], "upside down"),
        (BLUR, lambda image: BLUR.right(image)[:, ::-1], "left and right"),
        (BLUR, lambda image: BLUR.right(image)[::-1, ::-1], "180 degrees"),
        (BLUR, lambda image: 255 - BLUR.right(image), "the negative"),
        (BLUR, lambda image: BLUR.right(image).mean(), "the mean of what is wanted"),
        (BLUR, lambda image: BLUR.right(image)[1:], "1 row too few"),
        (BLUR, lambda image: BLUR.right(image)[2:-2, 2:-2], "too small; what is its shape"),
        (BLUR, lambda image: BLUR.right(image)[0], "it has one axis; what is wanted has 2"),
        (BLUR, lambda image: BLUR.right(image) > 90, "True and False; numbers are wanted"),
        (BLUR, lambda image: np.log(BLUR.right(image) - 100), "NaN, not a number"),
        (DARK, lambda image: DARK.right(image) * 7, "other than 0 in the right places"),
        (DARK, lambda image: image, "numbers; True and False are wanted"),
        (DARK, lambda image: DARK.right(image).sum(), "the sum of what is wanted"),
        (DARK, lambda image: image if (image < 90) else 0, "combine masks with & and |"),
        (DARK, lambda image: picture < 90, "is not known where the function runs"),  # noqa: F821
    ],
)
def test_the_way_in_which_an_answer_is_wrong_is_named(exercise, answer, part):
    kind, sentence = judge(exercise, answer)
    assert part in sentence
    assert (kind == "named") == (part != "differ")


SHARES = Exercise(
    right=lambda image, level: (np.mean(image < level), np.mean(image >= level)),
    inputs=((BIG, 90), (BIG.T, 90), (BIG, 40), (SMALL, 5), (BIG, 70)),
)
PLACES = Exercise(
    right=lambda row: np.flatnonzero(row > 5),
    inputs=((np.array([1, 9, 3, 7]),), (np.arange(9)[::-1],), (np.zeros(4),)),
)
ROW = Exercise(
    right=lambda row: {"n": row.size, "mean": row.mean(), "kind": "row"},
    inputs=((np.arange(4.0),), (np.arange(9),)),
)
MEAN = Exercise(right=np.mean, inputs=((BIG,), (SMALL,), (np.arange(4.0),)))


@pytest.mark.parametrize(
    ("exercise", "answer", "part"),
    [
        (SHARES, lambda image, level: (np.mean(image < level), 0), "only the second one is wrong"),
        (SHARES, lambda image, level: SHARES.right(image, 90), "the second argument is 90"),
        (SHARES, lambda image, level: SHARES.right(image, level)[::-1], "order is reversed"),
        (SHARES, lambda image, level: SHARES.right(image, level)[0], "a single value; several"),
        (SHARES, lambda image, level: (*SHARES.right(image, level), 1), "and more besides"),
        (SHARES, lambda image, level: (0.5, 0.5), "the same for all inputs"),
        (SHARES, lambda image: 1, "does not take the arguments"),
        (SHARES, lambda image, level: {"share": 1}, "it is a dict"),
        (
            ROW,
            lambda row: {"n": row.size, "mean": 0.5, "kind": 3},
            "only 'mean' and 'kind' are wrong",
        ),
        (
            ROW,
            lambda row: {"n": row.size, "mean": row.mean(), "kind": 3},
            "'kind' is wrong: it holds",
        ),
        (PLACES, lambda row: np.where(row > 5), "a tuple with one array"),
        (PLACES, lambda row: row > 5, "numbers are wanted"),
        (PLACES, lambda row: np.arange(row.size), "all that is wanted is in it, and more"),
        (MEAN, np.sum, "times the number of its pixels"),
        (MEAN, lambda image: 255 + np.mean(image - image.dtype.type(255)), "only for uint8"),
        (
            MEAN,
            lambda image: None if image.size < 5 else image.mean(),
            "for some inputs it is None",
        ),
    ],
)
def test_what_kind_of_answer_came_and_for_which_inputs_it_fails_is_named(exercise, answer, part):
    kind, sentence = judge(exercise, answer)
    assert part in sentence
    assert kind == "named"


@pytest.mark.parametrize(
    ("answer", "kind", "part"),
    [
        (75.5, "right", "Right."),
        (np.float32(75.5), "right", "Right."),
        (72, "named", "10⁶"),
        (7550, "named", "a share or a percentage"),
        (75.4, "wrong", "75.4 is too small"),
        (np.nan, "wrong", "nan is too"),
        (True, "named", "numbers are wanted"),
        ("75.5", "named", "texts"),
        ([75.5], "right", "Right."),
        ([75.5, 75.5], "named", "a single one is wanted"),
        (None, "named", "it is None"),
        (len, "named", "call it"),
        ({}, "named", "it is a dict"),
    ],
)
def test_answers_that_are_values(answer, kind, part):
    verdict = judge(VALUE, answer)
    assert verdict[0] == kind
    assert part in verdict[1]


def test_a_mistake_that_divides_by_zero_is_known_however_people_avoid_that():
    def share(a, of):
        return a[0] / of if of else np.nan

    exercise = Exercise(
        right=lambda a: share(a, a.sum()) if a.any() else 0.0,
        inputs=((np.array([1.0, 3.0]),), (np.array([2.0, 0.0]),), (np.zeros(2),)),
        mistakes=(
            (lambda a: share(a, a.sum()), "There is a nan."),
            (lambda a: share(a, a[1]), "It is a ratio."),
        ),
    )
    for other in (0.0, 1.0, np.nan):
        verdict = judge(exercise, lambda a, other=other: a[0] / a[1] if a[1] else other)
        assert verdict == ("named", "Not right: It is a ratio.")
    assert judge(exercise, lambda a: share(a, a.sum()))[1] == "Not right: There is a nan."
    assert "nan" not in judge(exercise, lambda a: share(a, a.sum()) if a.any() else 1.0)[1]


def test_what_is_wrong_is_found_where_a_special_case_is_right():
    numbers = [np.array([n, 10.0 - n]) for n in (0, 0, 1, 2, 4)]
    share = Exercise(
        right=lambda a: a[0] / a.sum() if a[0] else 1.0, inputs=tuple((a,) for a in numbers)
    )
    answer = lambda a: 40 * share.right(a) if a[0] else 1.0  # noqa: E731
    assert judge(share, answer)[1] == (
        "Not right: where it is wrong, every number is 40 times what is wanted."
    )
    longer = Exercise(right=lambda a: list("xyz")[: len(a)], inputs=((SMALL,), (SMALL[:1],)))
    for wrong, part in (
        (lambda a: list("abcdefgh")[: 3 + 2 * len(a)], "it has too many entries"),
        (lambda a: [], "it is empty"),
    ):
        assert part in judge(longer, wrong)[1]


def test_zero_may_come_out_as_a_very_small_number_and_as_no_other():
    assert judge(Exercise(right=0.0), 1e-11)[0] == "right"
    assert judge(Exercise(right=0.0), 1e-6)[0] == "wrong"


def test_texts_masks_dicts_and_dtypes_can_be_answers():
    assert judge(Exercise(right="uint8"), np.uint8)[0] == "right"
    for answer in (" C ", ["c"]):
        assert judge(Exercise(right="c"), answer)[0] == "right"
    for answer in ("both", None, 3):
        assert "one of the letters" in judge(Exercise(right="c"), answer)[1]
    assert "only the second one is wrong" in judge(Exercise(right=["a", "b"]), ("a", "c"))[1]
    mask = Exercise(right=np.eye(3, dtype=bool))
    assert judge(mask, ~np.eye(3, dtype=bool)) == (
        "named",
        "Not right: it is True where False is right, and vice versa.",
    )
    assert "other than 0 in the right places" in judge(mask, np.eye(3))[1]
    typed = Exercise(right=np.arange(3, dtype=np.uint8), dtype=True)
    assert "dtype is int64, not uint8" in judge(typed, np.arange(3, dtype=np.int64))[1]
    rows = Exercise(right={"mean": 1.0, "size": 4})
    assert judge(rows, {"mean": 1.0, "size": 4})[0] == "right"
    assert "'size'" in judge(rows, {"mean": 1.0, "size": 5})[1]
    assert "the key 'size' is missing" in judge(rows, {"mean": 1.0})[1]


def test_an_error_that_an_answer_should_have_caught_is_named_without_the_folder():
    def row_of(path):
        try:
            return {"path": path, "mean": images.read_image(path).mean(), "error": ""}
        except OSError as error:
            return {"path": path, "mean": np.nan, "error": type(error).__name__}

    missing = Path.cwd() / "nowhere" / "no_film.png"
    none = (lambda path: row_of(path) | {"mean": None}, "None is no number.")
    exercise = Exercise(right=row_of, inputs=((missing,),), mistakes=(none,))
    assert judge(exercise, row_of)[0] == "right"
    assert judge(exercise, none[0]) == ("named", "Not right: None is no number.")
    kind, sentence = judge(exercise, images.read_image)
    assert kind == "named"
    assert "nothing catches the error (FileNotFoundError), given 'no_film.png'." in sentence
    for change, part in (
        ({"path": str(missing)}, "only the key 'path' is wrong"),
        ({"error": None}, "only the key 'error' is wrong: it is None."),
    ):
        assert part in judge(exercise, lambda path, change=change: row_of(path) | change)[1]
    typed = Exercise(right="ValueError")
    assert judge(typed, ValueError)[0] != "right"


def test_an_answer_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(engine, "SECONDS", 0.3)

    def forever(image):
        while True:
            time.sleep(0.01)

    before = threading.active_count()
    assert judge(NEGATIVE, forever) == (
        "wrong",
        "Not right: it is still running after 0.3 seconds.",
    )
    end = time.monotonic() + 50
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_an_answer_gets_more_time_where_the_computer_has_other_things_to_do(monkeypatch):
    monkeypatch.setattr(engine, "SECONDS", 0.1)
    monkeypatch.setattr(engine, "BUSY", 500)
    monkeypatch.setattr(engine.time, "process_time", lambda: 0.0)

    def slow(image):
        time.sleep(0.4)  # as if other processes ran in the meantime
        return NEGATIVE.right(image)

    assert judge(NEGATIVE, slow)[0] == "right"


def test_without_threads_as_in_a_browser_answers_are_checked_too(monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert judge(NEGATIVE, NEGATIVE.right)[0] == "right"


def test_what_an_answer_prints_or_warns_of_is_kept_back(capsys, monkeypatch):
    def loud(image):
        print("here")
        np.log(np.zeros(3))
        return 255.0 - image

    monkeypatch.setitem(sys.modules, "helpers.exercises.lesson_99", Lesson)
    check("99.1", loud)
    assert capsys.readouterr() == ("Right.\n", "")


class Lesson:
    """Stands in for a lesson's file."""

    EXERCISES = {  # noqa: RUF012
        "99.1": Exercise(right=NEGATIVE.right, inputs=NEGATIVE.inputs, hints=("Soft.", "Strong."))
    }


def test_hints_grow_stronger_and_points_are_given(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "helpers.exercises.lesson_99", Lesson)
    hint("99.1")
    assert capsys.readouterr().out == 'Hint 1 of 2: Soft.\nMore: hint("99.1", 2)\n'
    hint("99.1", 2)
    assert capsys.readouterr().out == "Hint 2 of 2: Strong.\n"
    with pytest.raises(ValueError, match="has hints 1 to 2"):
        hint("99.1", 3)
    assert (grade("99.1", NEGATIVE.right), grade("99.1", ...), grade("99.1", abs)) == (1, 0, 0)


@pytest.mark.parametrize("name", ["99.2", "1.99", "", "x", None, 1.11])
def test_an_unknown_exercise_gets_one_sentence(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "helpers.exercises.lesson_99", Lesson)
    with pytest.raises(ValueError, match="There is no exercise"):
        check(name, 1)


def test_a_score_is_enough_or_not():
    best = Exercise(right=9.0, score=lambda answer: 10.0 - answer, goal=2.0)
    assert judge(best, 8.0) == ("right", "Right.")
    assert judge(best, 7.0) == ("right", "Right: it reaches 3, and 2 was wanted.")
    assert judge(best, 8.5) == ("wrong", "Not right: it reaches 1.5, and 2 is wanted.")
    assert judge(best, ...)[0] == "not yet"
    assert "raises" in judge(best, "text")[1]


def test_a_score_and_its_goal_are_told_apart_and_known_answers_are_scored_once():
    calls = []

    def score(answer):
        calls.append(answer)
        return answer(0)

    def known(number):
        return 0.5

    exercise = Exercise(right=known, score=score, goal=0.88, mistakes=((known, "Half of it."),))
    assert "reaches 0.8796, and 0.88 is wanted" in judge(exercise, lambda number: 0.8796)[1]
    assert "Right: it reaches 0.9, and 0.88 was" in judge(exercise, lambda number: 0.9)[1]
    assert judge(exercise, lambda number: 0.88)[1] == "Right."
    assert judge(exercise, lambda number: 0.5) == ("named", "Not right: Half of it.")
    assert calls.count(known) == 1
    steps = (np.array([1.0, 2.0]), "These are two steps.")  # a value has no place in a cache
    spread = Exercise(right=np.array([0.0, 3.0]), score=np.ptp, goal=3.0, mistakes=(steps,))
    assert judge(spread, np.array([1.0, 2.0])) == ("named", "Not right: These are two steps.")


def test_a_score_that_is_too_low_says_what_it_consists_of():
    def score(answer):
        if answer(1) is None:
            raise engine.UnfitError("a number is wanted")
        return answer(1)

    best = Exercise(
        right=lambda x: 9 * x, score=score, goal=2, tells=lambda answer: f"one gives {answer(1)}."
    )
    assert judge(best, best.right)[0] == "right"
    assert judge(best, lambda x: x) == ("named", "Not right: one gives 1.")
    assert "it is of type int; a function is wanted" in judge(best, 3)[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", TAKE_FUNCTIONS)
def test_an_answer_that_spoils_what_it_is_given_spoils_no_verdict(name):
    exercise, spoilt = engine.find(name), []

    def spoiling(*given):
        value = exercise.right(*given)
        for array in given:
            if isinstance(array, np.ndarray) and array.flags.writeable:
                array[...] = 0
                spoilt.append(array)
        return value

    for looks in filter(None, (exercise.score, exercise.tells)):
        before = looks(exercise.right)
        assert looks(spoiling) == before
        assert looks(exercise.right) == before
    assert spoilt, "it hands out no array: nothing was tried"


def test_what_a_score_needs_is_made_before_the_time_runs(monkeypatch):
    monkeypatch.setattr(engine, "SECONDS", 0.3)
    films = []

    def make():
        if not films:
            time.sleep(0.6)
            films.append(SMALL)

    best = Exercise(
        right=np.max, score=lambda answer: (make(), answer(films[0]))[1], goal=8, prepare=make
    )
    assert judge(best, ...)[0] == "not yet"
    assert not films
    assert judge(best, np.max) == ("right", "Right.")


# ---- figures ------------------------------------------------------------------------------------


def drawing(cmap="gray", low=0, high=255, bar=True, title="film", image=SMALL, origin="upper"):
    """Return a function that draws on a figure."""

    def draw(figure):
        axes = figure.subplots()
        shown = axes.imshow(image, cmap=cmap, vmin=low, vmax=high, origin=origin)
        axes.set_title(title)
        if bar:
            figure.colorbar(shown)

    return draw


FIGURE = Exercise(
    right=drawing(),
    reads=("image", "cmap", "limits", "colorbar", "title"),
    mistakes=((drawing(low=None, high=None), "the limits were left to Matplotlib."),),
)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({}, "Right."),
        ({"low": None, "high": None}, "left to Matplotlib"),
        ({"high": 200}, "(0.0, 200.0); look at vmin and vmax"),
        ({"cmap": "viridis"}, "look at cmap"),
        ({"image": SMALL.T}, "another array"),
        ({"origin": "lower"}, "look at what you give to imshow: it is upside down"),
        ({"image": SMALL[1:]}, "of shape (2, 3), and (3, 3) is wanted"),
        ({"bar": False}, "colour bar"),
        ({"title": ""}, "title"),
    ],
)
def test_answers_that_are_figures(options, part):
    figure = plt.figure()
    drawing(**options)(figure)
    axes = figure.axes[0]
    for answer in (figure, axes, [axes], np.array([axes]), axes.images[0]):
        assert part in judge(FIGURE, answer)[1]
    plt.close(figure)


def test_figures_that_are_none():
    fig, axes = plt.subplots()
    axes.pcolormesh(SMALL)
    assert "another array is shown" in judge(FIGURE, axes)[1]  # the first row is below
    axes.cla()
    assert judge(FIGURE, axes) == ("wrong", "Not right: nothing is drawn on these axes.")
    plt.close(fig)
    assert judge(FIGURE, ...)[0] == "not yet"
    for answer in (3, None, plt, "text", [], drawing()):
        assert "the axes that you drew on are wanted" in judge(FIGURE, answer)[1]


def test_meshes_are_images_and_cut_axes_and_exchanged_labels_are_seen():
    exercise = Exercise(right=drawing(), reads=("image", "cmap", "limits", "colorbar"))
    fig, axes = plt.subplots()
    shown = axes.pcolormesh(SMALL, cmap="gray", vmin=0, vmax=255)
    fig.colorbar(shown)
    assert "upside down" in judge(exercise, axes)[1]
    axes.invert_yaxis()
    assert judge(exercise, axes)[0] == "right"
    axes.set_xlim(0, 2)
    assert "a part of it is outside the axes" in judge(exercise, axes)[1]
    plt.close(fig)

    def course(figure, x=(0, 3, 10), y=(2, 14, 18), labels=("day", "share in %"), **limits):
        axes = figure.add_subplot()
        axes.plot(x, y)
        axes.set(xlabel=labels[0], ylabel=labels[1], **limits)

    exercise = Exercise(right=course, reads=("curves", "labels"))
    for options, part in (
        ({"labels": ("days since then", "percent")}, "Right."),
        ({"labels": ("share", "days")}, "the two labels are exchanged"),
        ({"xlim": (0, 5)}, "a part of it is outside the axes"),
        ({"ylim": (20, 0)}, "Right."),
        ({"x": (2, 14, 18), "y": (0, 3, 10)}, "the two axes are exchanged"),
        ({"y": (200, 1400, 1800)}, "it is 100 times too large"),
        ({"x": (0, 1, 2)}, "wrong along the horizontal axis, and right in height: only the second"),
        ({"x": (0, 3, 9), "y": (2, 14, 17)}, "another one, across and upwards"),
        ({"x": (0, 3, 9, 10), "y": (2, 14, 17, 1)}, "points on the curves: 4, and 3 wanted"),
    ):
        figure = plt.figure()
        course(figure, **options)
        assert part in judge(exercise, figure)[1]
        plt.close(figure)


def test_curves_bars_labels_and_panels_are_read():
    def curves(figure, y=(1, 4, 9), labels=True):
        left, right = figure.subplots(1, 2)
        left.plot([1, 2, 3], y)
        right.bar([1, 2], [3, 4])
        if labels:
            for axes in (left, right):
                axes.set(xlabel="x", ylabel="y")

    exercise = Exercise(right=curves, reads=("curves", "heights", "labels"))
    for options, part in (
        ({}, "Right."),
        ({"y": (1, 4, 8)}, "the curve is wrong in height, and right along the horizontal axis"),
        ({"labels": False}, "a label is missing"),
    ):
        figure = plt.figure()
        curves(figure, **options)
        assert part in judge(exercise, figure)[1]
        plt.close(figure)
    figure = plt.figure()
    curves(figure)
    figure.axes[0].plot([1, 2, 3], [1, 4, 9], "o")  # the same points once more, as markers
    assert judge(exercise, figure)[0] == "right"
    plt.close(figure)
    fig, axes = plt.subplots()
    axes.plot([1, 2, 3], [1, 4, 9])
    assert "drawn on them: 1, and 2 wanted" in judge(exercise, axes)[1]
    plt.close(fig)
