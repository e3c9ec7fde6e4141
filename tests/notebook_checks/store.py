"""Run notebooks on the phantom and store what they give, for maintainers.

    python start.py accept                                  # every notebook
    python start.py accept notebooks/01_one_film.ipynb       # one

A notebook is executed from top to bottom in a new kernel, as in the tests. Its outputs are stored
with clean metadata (no timings, one kernel name), and its record under golden/ is renewed:
how many cells, outputs and figures there are, and the variables alive at the end. A picture is
stored as lossless WebP where that is small, else as WebP that is off by a grey level or so; in a
learner's kernel it is a lossless PNG. Nothing is written when a cell raises.
When nothing has changed, the files stay the same byte for byte; so read `git diff` afterwards:
every changed line is a change of what readers see.
"""

import base64
import io
import json
import sys
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image, ImageSequence

from tests.notebook_checks import notebooks

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

# Bytes; base64 adds a third in the notebook.
MAX_LOSSLESS = 60_000
# The first of these qualities is taken with which a picture stays close to the drawing: so many
# grey levels off on average, and so many in one pixel out of a thousand. Greys alone count, since
# WebP halves the resolution of colours at any quality.
QUALITIES = (80, 85, 90)
MAX_ERROR, MAX_RARE_ERROR = 1.5, 12


def refresh(path, golden=notebooks.GOLDEN):
    """Execute one notebook in place and renew its golden record."""
    path, golden = Path(path), Path(golden)
    notebook = notebooks.read(path)
    variables = notebooks.execute(notebook, path.parent, notebooks.kernel_environment())
    for cell in notebooks.code_cells(notebook):
        for output in cell.outputs:
            if page := notebooks.html(output):
                output.data["text/html"] = notebooks.PICTURE.sub(lighter, page)
    normalise(notebook)
    record = {**notebooks.contents(notebook), "variables": variables}
    golden.mkdir(exist_ok=True)
    write(path, nbformat.writes(notebook) + "\n")
    write(golden / f"{path.stem}.json", json.dumps(record, indent=1, ensure_ascii=False) + "\n")


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


def normalise(notebook):
    """Keep of the metadata the tags alone; fold solutions, so that nothing gives them away."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict(METADATA)
    for index, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"cell-{index}")
        tags = cell.metadata.get("tags", [])
        kept = {"tags": tags} if tags else {}
        if "solution" in tags:
            kept["jupyter"] = notebooks.FOLDED
        cell.metadata = nbformat.from_dict(kept)
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = nbformat.from_dict({})
    nbformat.validate(notebook)


def write(path, text):
    """Write a file as a whole or not at all, with the same line ends on every system."""
    temporary = path.with_suffix(".new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)


def main(paths):
    """Refresh the notebooks named on the command line, or all."""
    for path in map(Path, paths) if paths else notebooks.NOTEBOOKS:
        print(path.name, flush=True)
        refresh(path)


if __name__ == "__main__":
    main(sys.argv[1:])
