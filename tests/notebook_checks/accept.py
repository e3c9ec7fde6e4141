"""Store the course's notebooks anew: `python start.py accept [--words-fit] [NOTEBOOK …]`.

An exercise that is filled in, and one whose check gives another verdict than it should, is not
stored.
"""

import dataclasses
import sys

from tests.notebook_checks import exercise_verdicts, rules
from tests.notebook_checks.notebooks import NOTEBOOKS, SETTINGS
from tests.notebook_regression.rules import Notebook
from tests.notebook_regression.store import accept, arguments

FORBIDDEN = (rules.exercises_are_not_filled_in, rules.exercises_answer_back)


def refused(path, notebook):
    """Return why a notebook that has just been run is not to be stored."""
    return [text for rule in FORBIDDEN for text in rule(Notebook(path, SETTINGS, notebook))]


if __name__ == "__main__":
    paths, words_fit = arguments(sys.argv[1:])
    accept(paths or NOTEBOOKS, dataclasses.replace(SETTINGS, refused=refused), words_fit)
    for lesson in exercise_verdicts.LESSONS:
        for text in exercise_verdicts.other_texts(lesson):
            print(text)
    exercise_verdicts.record_texts()
