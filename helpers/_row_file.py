"""A CSV file of rows that grows row by row, survives an interruption, and is read again.

A line counts once its line end is there. What an interruption left behind, half a line at the end,
is dropped; so is any line that does not hold a value of the right kind for every column.
"""

import csv
import io
import os
from contextlib import contextmanager, suppress

# Names that are no text, which some file systems allow, come back as they were written.
TEXT = {"encoding": "utf-8", "errors": "surrogateescape", "newline": ""}


def check_place(path):
    """Raise one sentence unless a file can lie at `path`."""
    if path.is_dir():
        raise ValueError(f"{path} is a folder; the name of a CSV file is wanted.")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"There is no folder {path.parent} to write {path.name} into.")


def read_rows(path, columns):
    """Read the whole rows of a file.

    Parameters
    ----------
    path : Path
    columns : dict of name -> str, int or float

    Returns
    -------
    list of dict
        None where a number is missing; no rows where there is no file, or an empty one.

    Raises
    ------
    ValueError
        If the file begins with other column names: it is somebody else's.
    """
    if not path.exists():
        return []
    with path.open(**TEXT) as file:
        text = file.read()
    if not text:
        return []
    lines = csv.reader(io.StringIO(text[: text.rfind("\n") + 1], newline=""))
    if next(lines, None) != list(columns):
        raise ValueError(
            f"{path} has other columns than the rows to be written, so it is left alone; the name"
            " of a new file, or of one that an earlier run wrote, is wanted."
        )
    rows = (_row(values, columns) for values in _until_broken(lines))
    return [row for row in rows if row is not None]


def _until_broken(lines):
    """Go through the lines; a stray quotation mark makes one endless field of all the rest."""
    with suppress(csv.Error):
        yield from lines


def _row(values, columns):
    """Turn the texts of one line into a row; None when it is not whole."""
    try:
        return {
            name: value if kind is str else kind(value) if value else None
            for (name, kind), value in zip(columns.items(), values, strict=True)
        }
    except ValueError:
        return None


@contextmanager
def appending(path, rows, columns):
    """Write a file anew with these rows, then yield a function that adds one row at a time.

    The old file is replaced when the new one is complete. Each row that is added is handed to the
    operating system at once, so that a power cut costs those of the last seconds.

    Raises
    ------
    RuntimeError
        By the function, if another run has replaced the file: the row would be lost.
    """
    fresh = path.with_name(path.name + ".part")
    with fresh.open("w", **TEXT) as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        file.flush()
        os.fsync(file.fileno())  # or a power cut could leave neither the old file nor the new one
    fresh.replace(path)
    with path.open("a", **TEXT) as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")

        def add(row):
            if not _lies_at(path, file):
                raise RuntimeError(
                    f"{path} was replaced by another run, or removed; one run at a time is wanted."
                )
            writer.writerow(row)
            file.flush()

        yield add


def _lies_at(path, file):
    """Tell whether an open file is the one that lies at `path`."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    return False
