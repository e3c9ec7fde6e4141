"""Run notebooks and store what they give, for maintainers.

    python -m notebook_regression.store notebooks/*.ipynb

or, with settings, a script of one's own that calls `accept`.

A notebook is executed from top to bottom in a new kernel, as in the tests. Its outputs are stored
with clean metadata (no timings, one kernel name), and its golden record is renewed: every
cell in its place, and the variables alive at the end. A picture is stored as
lossless WebP where that is small, else as WebP that is off by a grey level or so; in a learner's
kernel it is a lossless PNG. What changes is told cell by cell. Nothing is written when a cell
raises or the settings forbid it, and when nothing has changed, the files stay the same byte for
byte.

Words that were not read anew beside what has changed are told, see reading.py, and the rules name
them until they are changed as well, or `--words-fit` stands on the command line.
"""

import base64
import io
import json
import sys
from pathlib import Path

import nbformat
import numpy as np
from nbclient.exceptions import CellExecutionError
from PIL import Image, ImageSequence

from . import notebooks, reading, rules
from .changes import cell_changes, output_changes, variable_changes

# Bytes; base64 adds a third in the notebook.
MAX_LOSSLESS = 60_000
# The first of these qualities is taken with which a picture stays close to the drawing: so many
# grey levels off on average, and so many in one pixel out of a thousand. Greys alone count, since
# WebP halves the resolution of colours at any quality.
QUALITIES = (80, 85, 90)
WORDS_FIT = "--words-fit"
MAX_ERROR, MAX_RARE_ERROR = 1.5, 12


def refresh(path, settings, words_fit=False):
    """Execute one notebook in place, renew its golden record, and return what has changed.

    With `words_fit`, no word is in doubt.

    Raises ValueError with a sentence for each reason not to store it.
    """
    path, golden = Path(path), settings.record_of(path)
    stored, notebook = notebooks.read(path), notebooks.read(path)
    variables = notebooks.execute(notebook, path.parent, settings)
    for cell in notebooks.code_cells(notebook):
        for output in cell.outputs:
            if page := notebooks.html(output):
                output.data["text/html"] = notebooks.PICTURE.sub(lighter, page)
    normalise(notebook, settings)
    keep_uncompared(stored, notebook, path.name, settings)
    if reasons := settings.refused(path, notebook):
        raise ValueError("\n".join(reasons))
    was = json.loads(golden.read_text(encoding="utf-8")) if golden.exists() else {}
    words = reading.read(notebook, settings.let_go)
    words = words if words_fit else reading.settled(was.get("words", {}), words)
    cells = notebooks.contents(notebook)
    record = {"cells": cells, "variables": variables, "words": words}
    told = list(told_changes(stored, notebook, was, record))
    golden.parent.mkdir(exist_ok=True)
    write(path, nbformat.writes(notebook) + "\n")
    write(golden, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    return told


def keep_uncompared(stored, notebook, name, settings):
    """Keep the stored output where no two runs share it, so that it is no change."""
    for old, new in zip(stored.cells, notebook.cells, strict=True):
        uncompared = settings.uncompared.get((name, new.id))
        text = "".join(map(notebooks.plain_text, old.get("outputs", [])))
        if uncompared and text and not uncompared.complaint(text):
            new.outputs = old.outputs


def told_changes(stored, notebook, was, record):
    """Yield in words what is stored otherwise than before."""
    yield from cell_changes(was.get("cells", {}), notebook)
    names = notebooks.cell_names(notebook)
    for name, old, new in zip(names, stored.cells, notebook.cells, strict=True):
        if old.cell_type == "code" and old.outputs != new.outputs:
            yield from (f"{name}: {text}" for text in output_changes(old.outputs, new.outputs))
    variables = was.get("variables", {})
    yield from variable_changes(variables, record["variables"], notebook)


def lighter(match):
    """Return a picture in HTML (a match of PICTURE) as it is stored.

    Lossless WebP has the pixels of a PNG in about half the bytes.
    """
    kind, data = match[1], base64.b64decode(match[2])
    smaller = []
    with Image.open(io.BytesIO(data)) as picture:
        if kind == "png":
            smaller.append(webp(picture, lossless=True))
        if kind in ("png", "gif") and len(data) > MAX_LOSSLESS:
            smaller.append(webp(picture))
    small = min(smaller, key=len, default=data)
    if len(small) < len(data):
        kind, data = "webp", small
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def webp(picture, lossless=False):
    """Encode a picture, or all frames of an animation with their times, as WebP."""
    # Pillow hands out one and the same picture, frame after frame, so each is copied at once.
    frames, times = [], []
    for frame in ImageSequence.Iterator(picture):
        frames.append(frame.convert("RGB"))
        times.append(frame.info.get("duration"))
    options = {"method": 6, "lossless": lossless}
    if len(frames) > 1:
        options |= {"save_all": True, "append_images": frames[1:], "duration": times, "loop": 0}
    for quality in QUALITIES:
        buffer = io.BytesIO()
        frames[0].save(buffer, "WEBP", quality=quality, **options)
        if lossless or is_close(buffer, frames[0]):
            break
    return buffer.getvalue()


def is_close(file, drawn):
    """Tell whether a stored picture, or the first of several, is close to the drawing."""
    with Image.open(file) as stored:
        error = np.abs(np.asarray(stored.convert("L"), float) - np.asarray(drawn.convert("L")))
    return error.mean() <= MAX_ERROR and np.percentile(error, 99.9) <= MAX_RARE_ERROR


def normalise(notebook, settings):
    """Keep of the metadata the tags and what the settings say, so that no machine leaves traces."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict(notebooks.METADATA)
    for index, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"cell-{index}")
        tags = notebooks.tags(cell)
        kept = {"tags": tags} if tags else {}
        cell.metadata = nbformat.from_dict({**kept, **settings.kept_metadata(tags)})
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = nbformat.from_dict({})
    nbformat.validate(notebook)


def write(path, text):
    """Write a file as a whole or not at all, with the same line ends on every system."""
    temporary = path.with_suffix(".new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)


def accept(paths, settings, words_fit=False):
    """Store the notebooks with these paths; say what changes, cell by cell."""
    refusals = 0
    for path in map(Path, paths):
        before = path.read_bytes(), record_bytes(path, settings)
        try:
            told = refresh(path, settings, words_fit)
        except (ValueError, CellExecutionError) as error:
            refusals += 1
            print(f"{path.name} is not stored:\n{error}", flush=True)
            continue
        if before == (path.read_bytes(), record_bytes(path, settings)):
            print(f"{path.name}: nothing has changed", flush=True)
        else:
            told = told or ["what no reader sees, such as metadata, is stored otherwise"]
            print("\n".join(f"{path.name}, {text}" for text in told), flush=True)
        for text in misfits(path, settings):
            print(f"Look at the words: {text}", flush=True)
    if refusals:
        sys.exit(1)


def misfits(path, settings):
    """Yield the sentences that no longer fit what a notebook prints and shows."""
    notebook = rules.Notebook(path, settings)
    yield from rules.numbers_in_text_are_printed(notebook)
    yield from rules.alt_texts_fit_the_panels(notebook)
    yield from rules.words_were_read(notebook)


def record_bytes(path, settings):
    """Return the bytes of a golden record, none where it is missing."""
    record = settings.record_of(path)
    return record.read_bytes() if record.exists() else b""


def arguments(words):
    """Return the paths among the words of a command line, and whether `--words-fit` is one."""
    paths = [word for word in words if word != WORDS_FIT]
    for path in paths:
        if not Path(path).is_file():
            sys.exit(f"{path} is no file; a path is wanted, such as notebooks/01_first.ipynb.")
    return paths, WORDS_FIT in words


if __name__ == "__main__":
    paths, words_fit = arguments(sys.argv[1:])
    accept(paths, notebooks.Settings(), words_fit)
