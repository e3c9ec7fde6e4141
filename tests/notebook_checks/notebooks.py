"""What the notebook tests share: where notebooks are, how their kernel starts, what they hold."""

import base64
import json
import os
import re
import subprocess
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("golden")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# What to evaluate in a kernel to learn what is alive there, as JSON.
LEDGER_FILE = str(Path(__file__).with_name("ledger.py"))
LEDGER = f"__import__('runpy').run_path({LEDGER_FILE!r})['ledger'](get_ipython().user_ns)"
# What to evaluate to learn what cells print when they are run once more at the end.
SAID_AGAIN = LEDGER.replace("['ledger'](", "['said_again']({0!r}, ")

# JupyterLab's marks on a cell whose source and outputs wait behind a click.
FOLDED = {"source_hidden": True, "outputs_hidden": True}

PICTURE = re.compile(r"data:image/(png|webp|gif);base64,([A-Za-z0-9+/=]+)")

CELL_SECONDS = 120  # the longest a cell may take, on a busy computer

# A kernel of a test keeps no history on disk, what Python or a library has announced to remove is
# an error when our own code uses it, and a figure is described as well as drawn.
KERNEL_ARGUMENTS = ["--HistoryManager.hist_file=:memory:"]
FIGURE_TEXT_FILE = str(Path(__file__).with_name("figure_text.py"))
KERNEL_START = f"""
for __kind in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
    __import__("warnings").filterwarnings("error", category=__kind, module="helpers|__main__")
__import__("runpy").run_path({FIGURE_TEXT_FILE!r})["register"](get_ipython())
"""


def read(path):
    """Read a notebook."""
    return nbformat.read(path, as_version=4)


def kernel_environment(dataset="phantom", **variables):
    """Return the environment of a kernel: none of the user's settings, but one data set."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("XRAY_") and name != "MPLBACKEND"
    }
    return {**kept, "XRAY_DATASET": str(dataset), **variables}


def execute(notebook, folder, environment):
    """Execute a notebook in a new kernel, as readers do, and return what is alive at the end.

    Outputs are put into the notebook. A cell that raises ends it with nbclient's
    CellExecutionError, unless it is tagged raises-exception.
    """
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=CELL_SECONDS,
        startup_timeout=CELL_SECONDS,
        coalesce_streams=True,
        record_timing=False,
        extra_arguments=list(KERNEL_ARGUMENTS),
    )

    def run_beside(code):
        """Run a cell that is not part of the notebook; nbclient wants it to be for a moment."""
        notebook.cells.append(nbformat.v4.new_code_cell(code))
        client.execute_cell(notebook.cells[-1], -1, store_history=False)
        return notebook.cells.pop().outputs

    with client.setup_kernel(env=environment, cwd=str(folder), stderr=subprocess.DEVNULL):
        run_beside(KERNEL_START)
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        return json.loads(run_beside(f"print({LEDGER})")[0].text)


def code_cells(notebook):
    """Return the code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def html(output):
    """Return the HTML of an output, or ""."""
    return output.get("data", {}).get("text/html", "")


def is_figure(output):
    """Tell a picture of helpers.figures, or of a plain plt.show(), from other outputs."""
    return "<figure" in html(output) or "image/png" in output.get("data", {})


def pictures(outputs):
    """Return the bytes of all pictures in a cell's outputs."""
    found = []
    for output in outputs:
        found += [data for _, data in PICTURE.findall(html(output))]
        found += [output["data"]["image/png"]] if "image/png" in output.get("data", {}) else []
    return [base64.b64decode(data) for data in found]


def figure_texts(outputs):
    """Return the text of each figure in a cell's outputs."""
    return [output["data"].get("text/plain", "") for output in outputs if is_figure(output)]


def contents(notebook):
    """Count what a notebook holds; a cell, output or figure that is lost changes this."""
    cells = code_cells(notebook)
    return {
        "text cells": len(notebook.cells) - len(cells),
        "code cells": len(cells),
        "outputs": sum(len(cell.outputs) for cell in cells),
        "figures": sum(len(pictures(cell.outputs)) for cell in cells),
    }


def golden(notebook_path, folder=GOLDEN):
    """Return the golden record of a notebook: its contents, and its variables at the end."""
    path = Path(folder) / f"{Path(notebook_path).stem}.json"
    if not path.exists():
        raise FileNotFoundError(
            f"{path.name} is missing in {path.parent.name}/; "
            f"run python start.py accept notebooks/{Path(notebook_path).name}"
        )
    return json.loads(path.read_text(encoding="utf-8"))
