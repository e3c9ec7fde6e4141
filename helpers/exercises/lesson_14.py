"""The exercises of lesson 14: scaling up."""

from pathlib import Path

import numpy as np

from helpers import images
from helpers.datasets import DATA
from helpers.exercises.engine import Exercise

GOOD = DATA / "followup" / "frame_00.png"
SMALL = DATA / "pneumonia" / "1_normal" / "normal_01.jpeg"
NO_FILM = DATA / "manifest.json"
NOWHERE = Path("no_such_film.png")

BROKEN, LOST = "ValueError: damaged", "FileNotFoundError: missing"


def rows_of(*pairs):
    """Return rows of a path and an error each."""
    return [{"path": path, "error": error} for path, error in pairs]


SOLVED = rows_of(("b.png", BROKEN), ("a.png", ""), ("b.png", ""))
TWICE = rows_of(
    ("d.png", BROKEN), ("a.png", ""), ("c.png", LOST), ("d.png", BROKEN), ("c.png", LOST)
)
WORSE = rows_of(("f.png", ""), ("e.png", LOST), ("f.png", BROKEN))
MIXED = rows_of(
    ("z.png", BROKEN), ("b.png", BROKEN), ("y.png", LOST), ("b.png", ""), ("z.png", LOST)
)
UNSORTED = rows_of(("k.png", LOST), ("m.png", BROKEN), ("g.png", LOST), ("m.png", ""))
UNSORTED += rows_of(("n.png", BROKEN), ("k.png", LOST))

WORKERS = np.arange(1, 401)
FILMS, SECONDS, MEGABYTES, NETWORK = 112_120, 0.25, 0.4, 125


# ---- a row in any case --------------------------------------------------------------------------


def row_of(path, mean=np.mean, bad=np.nan, error=lambda error: type(error).__name__, good=""):
    """Return the row of a film, or what people return in its place."""
    try:
        values = images.read_image(path)
    except (OSError, ValueError) as failure:
        return {"path": path, "mean": bad, "error": error(failure)}
    return {"path": path, "mean": float(mean(values)), "error": good}


def row_like(**changes):
    """Return a function that returns such a row with something changed."""
    return lambda path: row_of(path, **changes)


def always_failed(path):
    """Report an error for every film."""
    return row_of(path) | {"mean": np.nan, "error": "ValueError"}


# ---- what to fetch again ------------------------------------------------------------------------


def to_fetch(rows):
    """Return the paths without a good row."""
    good = {row["path"] for row in rows if not row["error"]}
    return list(dict.fromkeys(row["path"] for row in rows if row["path"] not in good))


def failed(rows):
    """Return the path of every row with an error."""
    return [row["path"] for row in rows if row["error"]]


def failed_once(rows):
    """Let one bad row of a film count."""
    bad = failed(rows)
    return [path for path in dict.fromkeys(row["path"] for row in rows) if path in bad]


def failed_since(rows):
    """Take a path out again at a good row, and in again at a later error."""
    paths = []
    for row in rows:
        if row["error"] and row["path"] not in paths:
            paths.append(row["path"])
        elif not row["error"] and row["path"] in paths:
            paths.remove(row["path"])
    return paths


def failed_last(rows):
    """Let the last row of a film count."""
    last = {row["path"]: row["error"] for row in rows}
    return [path for path in last if last[path]]


def failed_first(rows):
    """Let the first row of a film count."""
    first = {row["path"]: row["error"] for row in reversed(rows)}
    return [path for path in dict.fromkeys(row["path"] for row in rows) if first[path]]


# ---- the limit ----------------------------------------------------------------------------------


def draw_pace(figure, first=None, second=None, x=WORKERS):
    """Draw what workers can do and what the network lets them, or what people draw instead."""
    can = WORKERS / SECONDS if first is None else first
    arrives = np.minimum(WORKERS / SECONDS, NETWORK / MEGABYTES) if second is None else second
    axes = figure.subplots()
    axes.plot(x, can)
    axes.plot(x, arrives)
    axes.set(xlabel="workers", ylabel="films per second")


def drawing(**changes):
    """Return a function that draws the curves with something changed."""
    return lambda figure: draw_pace(figure, **changes)


def draw_one(figure):
    """Draw the second curve alone."""
    axes = figure.subplots()
    axes.plot(WORKERS, np.minimum(WORKERS / SECONDS, NETWORK / MEGABYTES))
    axes.set(xlabel="workers", ylabel="films per second")


def draw_can(figure):
    """Draw the first curve alone."""
    axes = figure.subplots()
    axes.plot(WORKERS, WORKERS / SECONDS)
    axes.set(xlabel="workers", ylabel="films per second")


def draw_exchanged(figure):
    """Exchange the two axes."""
    axes = figure.subplots()
    axes.plot(WORKERS / SECONDS, WORKERS)
    axes.plot(np.minimum(WORKERS / SECONDS, NETWORK / MEGABYTES), WORKERS)
    axes.set(xlabel="films per second", ylabel="workers")


CAN, MOST = WORKERS / SECONDS, NETWORK / MEGABYTES

EXERCISES = {
    "14.1": Exercise(
        right=(1562, 390),
        mistakes=(
            (
                (1562.5, 390.625),
                "these hold a part of a film at the end; count whole films.",
            ),
            ((1563, 391), "the last film does not fit as a whole any more; round down."),
            ((195, 48), "this takes 16 bits for 16 bytes; a byte has 8 bits."),
            ((195, 24), "a byte has 8 bits, so 16 bits are fewer bytes; look at both numbers."),
            ((3125, 390), "the first number counts one byte a pixel; how many bytes are 16 bits?"),
            ((1562, 781), "the second one is for float32; a float64 has twice as many bytes."),
            (
                (7629, 1907),
                "this is right for films of 1024 × 1024; detectors deliver larger ones.",
            ),
            ((1677, 419), "this takes 16 GB for 16 · 2³⁰ bytes; here it is 16 · 10⁹."),
            ((1562, 1562), "a film takes more memory as float64; look at the second number."),
            (
                (1562, 6250),
                "a film as float64 takes four times the memory; do more or fewer of them fit?",
            ),
            ((1562, 391), "the second number is rounded up; count whole films."),
            (
                (10_240_000, 40_960_000),
                "these are the bytes of one film; how often do 16 GB hold them?",
            ),
            ((10.24, 40.96), "these are the megabytes of one film; how often do 16 GB hold them?"),
        ),
        hints=(
            "How many bytes has a pixel of 16 bits, and how many has one of 64 bits?",
            "Divide 16 * 10**9 by rows times columns times bytes a pixel, with // to round down.",
        ),
    ),
    "14.2": Exercise(
        right=row_of,
        inputs=((SMALL,), (GOOD,), (NO_FILM,), (NOWHERE,)),
        mistakes=(
            (
                row_like(error=str),
                '"error" holds the whole sentence of the error; the name of its type is wanted.',
            ),
            (
                row_like(error=lambda error: f"{type(error).__name__}: {error}"),
                '"error" holds the sentence behind the name; the name of the type alone is wanted.',
            ),
            (
                row_like(error=lambda error: str(type(error))),
                '"error" holds the type as Python prints it; __name__ is the name alone.',
            ),
            (
                row_like(error=lambda error: "ValueError"),
                "every error is called a ValueError; look at the path that leads nowhere.",
            ),
            (
                row_like(
                    error=lambda error: "OSError" if isinstance(error, OSError) else "ValueError"
                ),
                "a missing file has an error type of its own; let Python tell you its name.",
            ),
            (
                row_like(error=lambda error: "error"),
                '"error" does not say what went wrong; the name of the error\'s type is wanted.',
            ),
            (
                row_like(error=lambda error: ""),
                'the bad films have an empty "error", so nobody finds them again.',
            ),
            (
                row_like(bad=0.0),
                "a film that cannot be read has the mean 0, as if it were black.",
            ),
            (
                row_like(bad=None),
                "a film that cannot be read has the mean None, which is no number; np.nan is one.",
            ),
            (
                row_like(mean=np.median),
                "this is the median of the film; the mean is wanted.",
            ),
            (
                row_like(mean=np.sum),
                "this is the sum of the pixels; the mean is wanted.",
            ),
            (
                row_like(mean=lambda values: int(values.mean())),
                "the mean has lost its fraction; a float is wanted.",
            ),
            (
                lambda path: row_of(path) | {"path": path.name},
                '"path" has lost its folder; two folders may hold a film of the same name.',
            ),
            (
                lambda path: row_of(path) | {"path": str(path)},
                '"path" has become a text; put it in as it was given.',
            ),
            (
                always_failed,
                "every film fails, the good ones as well; look at what stands below try.",
            ),
        ),
        hints=(
            "Put the reading below try, and return one dict there and another one below except.",
            "except (OSError, ValueError) as error: … gives the error a name, and"
            " type(error).__name__ is the name of its type.",
        ),
    ),
    "14.3": Exercise(
        right=to_fetch,
        inputs=((TWICE,), (SOLVED,), (WORSE,), (MIXED,), (UNSORTED,)),
        mistakes=(
            (
                failed,
                "each row with an error counts; a film may have another row that is good, or come"
                " twice.",
            ),
            (
                lambda rows: list(dict.fromkeys(failed(rows))),
                "a film with an error and a good row is in the list; one good row is enough.",
            ),
            (
                failed_once,
                "a film with an error and a good row is in the list; one good row is enough.",
            ),
            (
                lambda rows: [path for path in failed(rows) if path in to_fetch(rows)],
                "a film that failed twice is there twice; each path is wanted once.",
            ),
            (failed_last, "the last row of a film decides here; a good one before it counts, too."),
            (
                failed_since,
                "the last row of a film decides here; a good one before it counts, too.",
            ),
            (
                failed_first,
                "the first row of a film decides here; a good one after it counts, too.",
            ),
            (
                lambda rows: sorted(to_fetch(rows)),
                "the paths are sorted by name; the order of the rows is wanted.",
            ),
            (
                lambda rows: set(to_fetch(rows)),
                "this is a set, which has no order; a list is wanted.",
            ),
            (
                lambda rows: [row["path"] for row in rows if not row["error"]],
                "these are the films with a good row; the others are wanted.",
            ),
            (
                lambda rows: list(dict.fromkeys(row["path"] for row in rows)),
                "these are all films; those with a good row need not be fetched.",
            ),
            (
                lambda rows: [row["error"] for row in rows if row["path"] in to_fetch(rows)],
                "these are the errors; the paths are wanted.",
            ),
            (
                lambda rows: [row for row in rows if row["path"] in to_fetch(rows)],
                "these are whole rows; their paths alone are wanted.",
            ),
        ),
        hints=(
            "First collect the paths that have a good row. Then go through all rows once more.",
            "Append a path when it is neither among the good ones nor in your list already.",
        ),
    ),
    "14.4": Exercise(
        right="b",
        mistakes=(
            ("a", "rows leave a worker when a whole part is done; where are the others?"),
            ("c", "the rows of finished parts have left the worker; where are they now?"),
            ("d", "300 parts are files on a disk; what does a dead process do to them?"),
        ),
        hints=(
            "Ask of each film where its row is when the worker dies: on disk or in that process?",
            "Rows of finished parts are stored. Only what was in the dead process is gone.",
        ),
    ),
    "14.5": Exercise(
        right=draw_pace,
        reads=("curves", "labels"),
        mistakes=(
            (
                drawing(first=np.minimum(CAN, MOST), second=CAN),
                "the two curves have changed places; the workers alone come first.",
            ),
            (draw_one, "one curve is there; draw what the workers can do as well."),
            (
                draw_can,
                "one curve is to be seen; the second is what arrives (a line across is not yet that).",
            ),
            (
                drawing(second=np.full(len(WORKERS), MOST)),
                "the second curve is the network alone; two workers do not fill it.",
            ),
            (
                drawing(second=np.maximum(CAN, MOST)),
                "the second curve takes the larger of the two; which of them is the limit?",
            ),
            (
                drawing(first=WORKERS * SECONDS, second=np.minimum(WORKERS * SECONDS, MOST)),
                "a worker that takes 0.25 seconds a film does more than one film a second.",
            ),
            (
                drawing(second=np.minimum(CAN, NETWORK)),
                "125 is megabytes a second; how many films is that?",
            ),
            (
                drawing(second=np.minimum(CAN, NETWORK * MEGABYTES)),
                "megabytes a second times megabytes a film are no films; divide.",
            ),
            (
                drawing(first=CAN * MEGABYTES, second=np.minimum(CAN * MEGABYTES, NETWORK)),
                "these are megabytes a second; films a second are wanted.",
            ),
            (
                drawing(first=FILMS / CAN / 60, second=np.maximum(FILMS / CAN, FILMS / MOST) / 60),
                "these are the minutes of the run; films per second are wanted.",
            ),
            (
                drawing(x=WORKERS - 1),
                "the curves begin at 0 workers; look at what is on the horizontal axis.",
            ),
            (draw_exchanged, "the two axes have changed places."),
        ),
        hints=(
            "How many films does one worker do in a second? And how many come through the network?",
            "The first curve is workers / 0.25, the second np.minimum of it and 125 / 0.4.",
        ),
    ),
    "14.6": Exercise(
        # All films in ten minutes are 74.7 MB a second; 47 workers may ask for 75.2. Both will do,
        # and workers that were not rounded up will not.
        right=(47, 74.95),
        tolerance=0.0036,
        mistakes=(
            ((46, FILMS * MEGABYTES / 600), "46 workers come too late; round the first one up."),
            ((46, 46 * 1.6), "46 workers come too late; round the first one up."),
            (
                (FILMS * SECONDS / 600, FILMS * MEGABYTES / 600),
                "a worker is there or not; round the first number up.",
            ),
            (
                (47, FILMS * MEGABYTES / 10),
                "the second number is for a minute; seconds are wanted.",
            ),
            (
                (48, FILMS * MEGABYTES / 600),
                "one worker fewer is enough; round up, and add none.",
            ),
            (
                (FILMS * SECONDS / 10, FILMS * MEGABYTES / 10),
                "both numbers are divided by ten minutes; take the seconds of ten minutes.",
            ),
            ((47, 8 * FILMS * MEGABYTES / 600), "the second number is in megabits; a byte has 8."),
            ((47, FILMS * MEGABYTES / 6e5), "the second number is in gigabytes."),
            ((47, FILMS * MEGABYTES), "the second number is all there is to read; divide by time."),
            (
                (78, 125),
                "so many workers fill the network; within ten minutes fewer are enough.",
            ),
            ((47, 125), "the second number is what the network can do; how much must arrive?"),
            ((47, FILMS / 600), "the second number counts films; how many megabytes are they?"),
            ((47, 47 * MEGABYTES), "the second number is what 47 films have; in which time?"),
            (
                (748, FILMS * MEGABYTES / 600),
                "the first number takes four seconds for a film; it is a quarter of a second.",
            ),
            (
                (187, FILMS * MEGABYTES / 600),
                "the first number takes a second for a film; it is a quarter of that.",
            ),
            (
                (2804, FILMS * MEGABYTES / 600),
                "the first number divides by ten seconds; ten minutes are given.",
            ),
            (
                (FILMS * MEGABYTES / 600, 47),
                "the two numbers have changed places; the workers come first.",
            ),
        ),
        hints=(
            "How many seconds of work are there, and how many seconds has each worker?",
            "Divide 112,120 · 0.25 by 600 and round up (np.ceil); divide 112,120 · 0.4 by 600.",
        ),
    ),
}
