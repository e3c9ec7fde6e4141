"""Good notebooks, and how to break them: what the tests of the rules share."""

import base64
import dataclasses
import io
import json

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from . import reading
from .notebooks import METADATA
from .rules import Notebook


def white_png(shape=(300, 400)):
    buffer = io.BytesIO()
    Image.fromarray(np.full(shape, 255, np.uint8)).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def figure_output(alt="A film of the test.", data=None):
    """Return an output as a picture with an alt text makes it."""
    if data is None:
        film = Image.fromarray(np.add.outer(np.arange(60), np.arange(80)).astype(np.uint8))
        buffer = io.BytesIO()
        film.save(buffer, "PNG")
        data = base64.b64encode(buffer.getvalue()).decode("ascii")
    picture = f'<img alt="{alt}" src="data:image/png;base64,{data}">'
    page = f"<figure>\n{picture}\n<figcaption>words</figcaption>\n</figure>"
    text = f"{alt}\npanel 1: image (60, 80) uint8"
    return new_output("display_data", {"text/html": page, "text/plain": text})


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def put(index, **values):
    """Return a change of one cell."""

    def change(notebook):
        for name, value in values.items():
            setattr(notebook.cells[index], name, value)

    return change


def output(*outputs):
    return put(5, outputs=list(outputs))


def tagged(index, *tags, **metadata):
    return put(index, metadata=nbformat.from_dict({"tags": list(tags), **metadata}))


def remove(index):
    return lambda notebook: notebook.cells.pop(index)


def finished(cells):
    """Return a notebook of these cells, with metadata and execution counts as they are stored."""
    notebook = new_notebook(cells=cells, metadata=nbformat.from_dict(METADATA))
    code = (cell for cell in notebook.cells if cell.cell_type == "code")
    for count, cell in enumerate(code, start=1):
        cell.execution_count = count
    return notebook


def good_notebook():
    """Return a small notebook that keeps every rule."""
    return finished(
        [
            new_markdown_cell("# Load images"),
            new_code_cell("import numpy as np"),
            new_markdown_cell("## Films\n\nSee [this one](01_good.ipynb#films)."),
            new_code_cell("show(film)", outputs=[figure_output()], id="shown"),
            new_markdown_cell("How bright is it?"),
            new_code_cell("print(film.mean())", outputs=[stream("29.5\n")]),
            new_markdown_cell("Is it the same?"),
            new_code_cell("print('same:', x == x)", outputs=[stream("same: True\n")], id="claim"),
        ]
    )


def complaints(notebook, folder, rule, settings):
    """Return what a rule says of a notebook, saved in a folder beside the good one's record."""
    path = folder / "01_good.ipynb"
    settings = dataclasses.replace(settings, golden=folder)
    record = settings.record_of(path)
    words = {"words": reading.read(good_notebook())}
    record.write_text(json.dumps(words), encoding="utf-8")
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    return list(rule(Notebook(path, settings)))
