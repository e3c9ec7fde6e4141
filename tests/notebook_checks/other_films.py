"""Run a notebook on other films than those it was stored with.

What it gives there is looked at in memory and never stored.
"""

import pytest
from nbclient.exceptions import CellExecutionError

from tests.notebook_checks import notebooks
from tests.notebook_regression.notebooks import execute, figure_texts

every_notebook = pytest.mark.parametrize(
    "path", notebooks.NOTEBOOKS, ids=[path.stem for path in notebooks.NOTEBOOKS]
)


def run(path, folder, **environment):
    """Execute a notebook in a folder; fail with the cell and the error, or the warning, it meets.

    What it writes there does not meet what the same notebook writes elsewhere at the same time.
    """
    notebook = notebooks.read(path)
    stored = texts_of(notebook)
    try:
        environment = notebooks.kernel_environment(**environment)
        execute(notebook, folder, notebooks.SETTINGS, environment)
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
    now = texts_of(notebook)
    assert now, f"{path.name} shows no figure"
    if stored:
        assert now != stored, f"{path.name} shows the phantom: it does not heed XRAY_DATASET"


def texts_of(notebook):
    return [text for cell in notebooks.code_cells(notebook) for text in figure_texts(cell.outputs)]
