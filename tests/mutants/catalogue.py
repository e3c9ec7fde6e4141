"""The planted regressions: what they are, and how one is put into a copy of the course.

A mutant is data, an entry of one of the TOML files beside this one: a file of the course, an old
text that occurs there exactly once and a new text in its place. In a notebook, the old text is
looked for in the sources of the cells, and the cell that holds it is the one a test has to name.
What is no exchange of texts is named in `change`, and a function of this module does it.
"""

import copy
import hashlib
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass
class Mutant:
    """One planted regression."""

    id: str
    kind: str
    file: str
    old: str = ""
    new: str = ""
    change: str = "exchange"  # the name of a function below
    accept: bool = False  # store the notebook afterwards, as a maintainer would
    alone: bool = False  # other cells use what this one changes: not in one run with other mutants
    shows: tuple = ()  # texts in other cells that may be named, as they show what this one changes
    tests: tuple = ()  # where to look first, when that is not the usual place
    notebooks: tuple = ()  # then these, for a mutant outside the notebooks

    @property
    def path(self):
        """The file as a path inside the course."""
        return Path(self.file)

    @property
    def in_notebook(self):
        """Whether the mutant is in a notebook."""
        return self.path.suffix == ".ipynb"


def catalogue(folder=HERE):
    """Return the mutants of all TOML files in a folder."""
    entries = []
    for path in sorted(Path(folder).glob("*.toml")):
        entries += tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]
    return [Mutant(**entry) for entry in entries]


def plant(mutants, course):
    """Put mutants, of one file, into a copy of the course.

    Return for each of them the cells that a test may name, as (number in the notebook, number
    among the code cells, id, source), numbers that a cell has not being None; outside of notebooks
    nothing.
    """
    path = Path(course) / mutants[0].file
    if not mutants[0].in_notebook:
        for mutant in mutants:
            FILE_CHANGES[mutant.change](path, mutant)
        return [[] for _ in mutants]
    notebook = nbformat.read(path, as_version=4)
    places = plant_in(notebook, mutants)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    return places


def plant_in(notebook, mutants):
    """Put mutants into a notebook; return what `plant` does."""
    touched = [
        CELL_CHANGES[mutant.change](notebook, mutant)
        + [notebook.cells[find(notebook, text)] for text in mutant.shows]
        for mutant in mutants
    ]
    renumber(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    places = {id(cell): number for number, cell in enumerate(notebook.cells, start=1)}
    orders = {id(cell): number for number, cell in enumerate(code)}
    return [
        [(places.get(id(c)), orders.get(id(c)), c.id, c.source) for c in cells] for cells in touched
    ]


def cells_of(mutant):
    """Return the indices of the cells that a mutant changes or is seen in; all for most changes."""
    if not mutant.in_notebook:
        return set()
    notebook = nbformat.read(ROOT / mutant.file, as_version=4)
    if mutant.alone or mutant.change != "exchange":
        return set(range(len(notebook.cells)))
    return {find(notebook, text) for text in (mutant.old, *mutant.shows)}


def find(notebook, text):
    """Return the index of the one cell whose source holds a text, once."""
    found = [index for index, cell in enumerate(notebook.cells) if text in cell.source]
    if len(found) != 1 or notebook.cells[found[0]].source.count(text) != 1:
        raise LookupError(f"{text!r} is in {len(found)} cells, or several times in one")
    return found[0]


def once(text, old, new):
    """Exchange a text that has to occur exactly once."""
    if text.count(old) != 1:
        raise LookupError(f"{old!r} occurs {text.count(old)} times")
    return text.replace(old, new)


def renumber(notebook):
    """Give the code cells the numbers 1, 2, 3, as a run from top to bottom does."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        cell.execution_count = number


# ---- changes of a cell: each returns the cells that a test may name -----------------------------


def exchange(notebook, mutant):
    """Exchange a text in the source of a cell; the outputs stay."""
    cell = notebook.cells[find(notebook, mutant.old)]
    cell.source = once(cell.source, mutant.old, mutant.new)
    return [cell]


def delete(notebook, mutant):
    """Delete a cell; a test names it by its id, or the place where it was."""
    index = find(notebook, mutant.old)
    deleted = notebook.cells.pop(index)
    return [deleted, *notebook.cells[max(0, index - 1) : index + 1]]


def duplicate(notebook, mutant):
    """Let a cell stand twice."""
    index = find(notebook, mutant.old)
    twin = copy.deepcopy(notebook.cells[index])
    twin["id"] += "-2"
    notebook.cells.insert(index, twin)
    return notebook.cells[index : index + 2]


def swap(notebook, mutant):
    """Exchange two cells with their outputs; `new` finds the second one."""
    one, two = find(notebook, mutant.old), find(notebook, mutant.new)
    cells = notebook.cells
    cells[one], cells[two] = cells[two], cells[one]
    return [cells[one], cells[two]]


def stored(notebook, mutant):
    """Exchange a text in the stored outputs of a cell; its source stays."""
    hits = []
    for cell in notebook.cells:
        for out in cell.get("outputs", []):
            data = out.get("data", {})
            for holder, key in ((out, "text"), (data, "text/plain"), (data, "text/html")):
                if mutant.old in (holder.get(key) or ""):
                    holder[key] = holder[key].replace(mutant.old, mutant.new)
                    hits.append(cell)
    if not hits or any(cell is not hits[0] for cell in hits):
        raise LookupError(f"{mutant.old!r} is in the outputs of {len(hits)} cells")
    return hits[:1]


def picture(notebook, mutant):
    """Put the picture of another cell, which `new` finds, into the place of a cell's own."""
    cell, other = (notebook.cells[find(notebook, text)] for text in (mutant.old, mutant.new))
    image = re.compile(r"data:image/\w+;base64,[A-Za-z0-9+/=]+")
    shown = [
        next(out for out in each.outputs if image.search(out.get("data", {}).get("text/html", "")))
        for each in (cell, other)
    ]
    theirs = image.search(shown[1].data["text/html"])[0]
    shown[0].data["text/html"] = image.sub(theirs, shown[0].data["text/html"], count=1)
    return [cell]


def tag(notebook, mutant):
    """Add a tag to a cell, or take its only one off when `new` is empty."""
    cell = notebook.cells[find(notebook, mutant.old)]
    cell.metadata["tags"] = [mutant.new] if mutant.new else []
    return [cell]


def to_text(notebook, mutant):
    """Turn a code cell into a text cell."""
    index = find(notebook, mutant.old)
    old = notebook.cells[index]
    notebook.cells[index] = nbformat.v4.new_markdown_cell(
        f"```python\n{old.source}\n```", id=old.id
    )
    return [notebook.cells[index]]


def metadata(notebook, mutant):
    """Let the notebook come from another kernel."""
    notebook.metadata.kernelspec["name"] = mutant.new
    return []


# ---- changes of other files ---------------------------------------------------------------------


def exchange_in_file(path, mutant):
    """Exchange a text in a text file."""
    text = once(path.read_text(encoding="utf-8"), mutant.old, mutant.new)
    path.write_text(text, encoding="utf-8", newline="\n")


def grey_level(path, mutant):
    """Make one pixel of a PNG another level, and let the manifest agree: `old` is its place."""
    row, column = map(int, mutant.old.split())
    image = np.array(Image.open(path))
    image[row, column] += np.array(1, image.dtype)
    Image.fromarray(image).save(path)
    agree(path)


def flip_film(path, _mutant):
    """Mirror a film, and let the manifest agree."""
    Image.fromarray(np.array(Image.open(path))[:, ::-1]).save(path)
    agree(path)


def shift_truth(path, mutant):
    """Move a true mask, named in `old`, by one pixel, and let the manifest agree."""
    with np.load(path) as arrays:
        truth = dict(arrays)
    truth[mutant.old] = np.roll(truth[mutant.old], 1, axis=-1)
    np.savez_compressed(path, **truth)
    agree(path)


def damage(path, _mutant):
    """Flip a bit in the middle of a file; the manifest does not agree."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def agree(path):
    """Let the manifest say of a file what it is now."""
    data = next(parent for parent in path.parents if parent.name == "data")
    manifest = data / "manifest.json"
    entries = json.loads(manifest.read_text(encoding="utf-8"))
    for entry in entries["files"]:
        if entry["name"] == path.relative_to(data).as_posix():
            entry["bytes"] = path.stat().st_size
            entry["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    text = json.dumps(entries, indent=1, ensure_ascii=False) + "\n"
    manifest.write_text(text, encoding="utf-8", newline="\n")


CELL_CHANGES = {
    each.__name__: each
    for each in (exchange, delete, duplicate, swap, stored, picture, tag, to_text, metadata)
}
FILE_CHANGES = {
    "exchange": exchange_in_file,
    **{each.__name__: each for each in (grey_level, flip_film, shift_truth, damage)},
}
