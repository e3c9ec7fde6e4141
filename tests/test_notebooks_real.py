"""Every notebook runs from start to end on other films: the nine of NIH, and a folder of one's own.

What they give there is looked at in memory and never stored.
"""

import os
from pathlib import Path

import numpy as np
import pytest
from nbclient.exceptions import CellExecutionError
from PIL import Image

from helpers.datasets import NIH_SHA256
from tests import notebooks

every_notebook = pytest.mark.parametrize(
    "path", notebooks.NOTEBOOKS, ids=[path.stem for path in notebooks.NOTEBOOKS]
)


@pytest.fixture(scope="module")
def nih_folder():
    """Return the folder with the NIH films; skip where they are not."""
    folder = Path(os.environ.get("XRAY_DATA_HOME") or notebooks.ROOT / "data" / "nih")
    if missing := [name for name in NIH_SHA256 if not (folder / name).is_file()]:
        pytest.skip(
            f"XRAY_DATA_HOME names no folder with the NIH films ({len(missing)} of 9 are missing); "
            "python -m helpers.datasets fetch-nih downloads them"
        )
    return folder.resolve()


@pytest.fixture(scope="module")
def own_folder(tmp_path_factory):
    """Return a folder with nine 8-bit films of another size, under names people use."""
    folder = tmp_path_factory.mktemp("own films é")
    frames = sorted((notebooks.ROOT / "data" / "followup").glob("*.png"))
    for number, frame in enumerate(frames, start=1):
        with Image.open(frame) as film:
            other = film.crop((60, 30, 960, 1010)).resize((620, 700), Image.Resampling.LANCZOS)
            other = other.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            other.save(folder / f"film {number}.png")
    return folder


def run(path, **environment):
    """Execute a notebook; fail with the cell and the error, or the warning, that it meets."""
    notebook = notebooks.read(path)
    stored = figure_texts(notebook)
    try:
        notebooks.execute(notebook, path.parent, notebooks.kernel_environment(**environment))
    except CellExecutionError as error:
        cell = next(
            index
            for index, cell in enumerate(notebook.cells, start=1)
            if any(out.output_type == "error" for out in cell.get("outputs", []))
            and "raises-exception" not in cell.metadata.get("tags", [])
        )
        summary = f"{path.name} cell {cell}: {error.ename}: {error.evalue}"
        pytest.fail(f"{summary}\n\n{error}", pytrace=False)
    for index, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                pytest.fail(f"{path.name} cell {index} warns: {output.text}", pytrace=False)
    now = figure_texts(notebook)
    assert now, f"{path.name} shows no figure"
    if stored:
        assert now != stored, f"{path.name} shows the phantom: it does not heed XRAY_DATASET"


def figure_texts(notebook):
    return [
        text
        for cell in notebooks.code_cells(notebook)
        for text in notebooks.figure_texts(cell.outputs)
    ]


@every_notebook
def test_notebook_runs_on_the_nih_films(path, nih_folder):
    run(path, dataset="nih", XRAY_DATA_HOME=str(nih_folder))


@every_notebook
def test_notebook_runs_on_ones_own_films(path, own_folder):
    run(path, dataset=own_folder)


def test_the_own_films_are_other_films(own_folder):
    films = [np.asarray(Image.open(path)) for path in sorted(own_folder.glob("*.png"))]
    assert [film.shape for film in films] == [(700, 620)] * 9
    assert {film.dtype for film in films} == {np.dtype(np.uint8)}
    assert min(film.std() for film in films) > 20
