"""What `check` says to right, wrong and missing answers: `complaints(4)` should return [].

The answers come from the exercises themselves, so that none is forgotten, and from
tests/unit/answers/, right answers in another style. Also run in the kernel of a notebook that has
come to its end, where every check must say the same.

    python -m tests.notebook_checks.exercise_verdicts 4
"""

import contextlib
import dataclasses
import functools
import importlib
import json
import sys
from pathlib import Path

from matplotlib.figure import Figure

from helpers import datasets
from helpers.exercises import engine
from tests.notebook_regression.notebooks import digest

LESSONS = sorted(int(path.stem[-2:]) for path in Path(engine.__file__).parent.glob("lesson_*.py"))
# What a learner reads, exercise -> a few digits of each text; `python start.py accept` renews it.
TEXTS = Path(__file__).with_name("exercises.json")

MIN_MISTAKES = 3
HINTS = 2
PATIENCE = 100  # seconds

loaded = functools.cache(datasets.load)  # all lessons judge on the same films


def exercises_of(lesson):
    """Return the exercises of a lesson's data file."""
    return importlib.import_module(f"helpers.exercises.lesson_{lesson:02}").EXERCISES


def texts_of(lesson):
    """Return the hints of each exercise of a lesson, and what it says to wrong answers."""
    return {
        name: [*exercise.hints, *(sentence for _, sentence in exercise.mistakes)]
        for name, exercise in exercises_of(lesson).items()
    }


def record_texts():
    """Store a few digits of each text."""
    texts = {name: each for lesson in LESSONS for name, each in texts_of(lesson).items()}
    digits = {name: " ".join(map(digest, each)) for name, each in texts.items()}
    TEXTS.write_text(json.dumps(digits, indent=1) + "\n", encoding="utf-8", newline="\n")


def other_texts(lesson):
    """Return a sentence for each exercise of a lesson whose texts are not those of the record."""
    wanted = json.loads(TEXTS.read_text(encoding="utf-8"))
    return [
        f"lesson_{lesson:02}.py exercise {name} says otherwise than when it was accepted: "
        f"{[text for text in texts if digest(text) not in wanted.get(name, '')] or 'in its order'}"
        for name, texts in texts_of(lesson).items()
        if " ".join(map(digest, texts)) != wanted.get(name)
    ]


def complaints(lesson):
    """Return a sentence for each verdict of a lesson that is not what it should be."""
    exercises = {name: scored_once(each) for name, each in exercises_of(lesson).items()}
    answers = importlib.import_module(f"tests.unit.answers.lesson_{lesson:02}").ANSWERS
    found = [f"{name} has no second right answer" for name in exercises.keys() - answers.keys()]
    with each_model_once():
        for name, exercise in exercises.items():
            found += [f"{name}: {text}" for text in faults(exercise, answers.get(name))]
    return found


def scored_once(exercise):
    """Let a score that takes a function, and a second with it, be worked out once for each."""
    if not (exercise.score and callable(exercise.right)):
        return exercise
    return dataclasses.replace(exercise, score=functools.cache(exercise.score))


@contextlib.contextmanager
def each_model_once():
    """Load films once, and work out once what an exercise knows; `judge` tries many mistakes.

    What is handed in, the same mistakes among it, is worked out anew, but for scores and figures.
    It may take longer than a learner's answer, since the computer may be busy with other tests.
    """
    known, model, seconds, load = {}, engine.model, engine.SECONDS, datasets.load

    def remembered(exercise, right):
        key = id(exercise), id(right)
        if key not in known and exercise.reads:
            known[key] = [engine.read_figure(drawn(right), exercise.reads)[0]]
        elif key not in known:
            known[key] = model(exercise, right)
        return known[key]

    engine.model, engine.SECONDS, datasets.load = remembered, PATIENCE, loaded
    try:
        yield
    finally:
        engine.model, engine.SECONDS, datasets.load = model, seconds, load


def faults(exercise, second):
    """Yield what is wrong with the verdicts of one exercise; `second` is another right answer."""
    right = [as_answer(exercise, exercise.right), as_answer(exercise, second)]
    for which, answer in zip(("reference", "second right answer"), right, strict=True):
        kind, sentence = engine.judge(exercise, answer)
        if kind != "right":
            yield f"the {which} gets: {sentence}"
    yield from mistake_complaints(exercise)
    if engine.judge(exercise, ...)[0] != "not yet":
        yield "the dots get another verdict than not yet"
    if len(exercise.hints) != HINTS:
        yield f"it has {len(exercise.hints)} hints, not {HINTS}"


def mistake_complaints(exercise):
    """Yield what is wrong with the mistakes that an exercise knows."""
    sentences = {sentence for _, sentence in exercise.mistakes}
    if len(exercise.mistakes) < MIN_MISTAKES:
        yield f"it knows {len(exercise.mistakes)} mistakes, not {MIN_MISTAKES}"
    for wrong, sentence in exercise.mistakes:
        kind, said = engine.judge(exercise, as_answer(exercise, wrong))
        if kind != "named" or not said.endswith(sentence):
            yield f"the mistake {sentence!r} gets: {said}"
        if sentence[-1] not in ".?":
            yield f"the sentence {sentence!r} has no full stop at its end"
    if len(sentences) < MIN_MISTAKES:
        yield f"it has {len(sentences)} different sentences, not {MIN_MISTAKES}"


def as_answer(exercise, model):
    """Turn a model of the exercise into what a learner would hand in."""
    if exercise.reads and callable(model):
        return drawn(model)
    if exercise.inputs or exercise.score or not callable(model) or isinstance(model, type):
        return model
    return model()


@functools.lru_cache(maxsize=2)  # one is handed in, and at once compared with itself
def drawn(model):
    """Return a figure that an exercise or an answer draws."""
    figure = Figure()
    model(figure)
    return figure


def main(lessons):
    """Print the complaints about the lessons named on the command line."""
    for lesson in map(int, lessons):
        for text in complaints(lesson):
            print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
