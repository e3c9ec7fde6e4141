"""The exercises of lesson 00: how exercises work."""

from functools import cache

from helpers import datasets
from helpers.exercises.engine import Exercise


@cache
def frames():
    """Return the films of the data set that was chosen."""
    return datasets.load().frames


def count(more=0):
    """Return the number of films, and so many more."""
    return len(frames()) + more


EXERCISES = {
    "0.1": Exercise(
        right=count,
        mistakes=(
            (lambda: count(-1), "this is the index of the last film, since Python counts from 0."),
            (lambda: count(1), "this is one too many; what does len give?"),
            (
                lambda: frames().shape[1],
                "these are the rows of one film; len of data.frames counts films.",
            ),
            (lambda: frames().size, "these are all the pixels of all films."),
            (lambda: frames(), "these are the films themselves; let len count them."),
            (lambda: frames()[0], "this is one film; let len count data.frames."),
            (
                lambda: frames().shape,
                "this is the whole shape; only the number of films is wanted.",
            ),
            (lambda: str(count()), "this is a text; leave the quotation marks out."),
            ("data.frames", "this is a text; leave the quotation marks out."),
            ("len(data.frames)", "this is a text; leave the quotation marks out."),
        ),
        hints=(
            "len(…) counts what is in a list or a stack of films.",
            "Put len(data.frames) in the place of the dots; no quotation marks.",
        ),
    ),
    "0.2": Exercise(
        right=1,
        mistakes=(
            (0, "the cell adds 1 to the 0 of the cell before it, then prints."),
            (2, "after a restart nothing of earlier runs is left, and every cell runs once."),
            (3, "after a restart nothing of earlier runs is left, and every cell runs once."),
            (4, "this counts earlier runs, too; a restart empties the memory first."),
            (5, "this counts earlier runs, too; a restart empties the memory first."),
            ("1", "this is a text; a number has no quotation marks."),
            ("counter + 1", "this is a text; put in the number that you expect."),
        ),
        hints=(
            "What is left of the earlier runs after a restart?",
            "The memory is empty. Then counter = 0 runs once, and the next cell runs once.",
        ),
    ),
}
