"""What the notebook tests share: a collection's settings, its kernels, and what notebooks hold."""

import base64
import hashlib
import json
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent
LEDGER_FILE, FIGURE_TEXT_FILE = (str(HERE / name) for name in ("ledger.py", "figure_text.py"))

PICTURE = re.compile(r"data:image/(png|webp|gif);base64,([A-Za-z0-9+/=]+)")

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

MAX_NAME = 30  # letters by which a cell is named

# A kernel of a test keeps no history on disk.
KERNEL_ARGUMENTS = ["--HistoryManager.hist_file=:memory:"]


def plain_environment():
    """Return this process's environment, without the drawing backend that a user has set."""
    return {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}


@dataclass
class Uncompared:
    """Why a cell's output differs from run to run, and what is true of each run's.

    The pattern is that of the whole output; each of its groups is a number between two bounds.
    """

    reason: str
    pattern: str
    bounds: list

    def complaint(self, text):
        """Return what is wrong with an output, or ""."""
        found = re.fullmatch(self.pattern, text)
        if not found:
            return f"the output is not of the form {self.pattern!r}: {text!r}"
        for value, (low, high) in zip(map(float, found.groups()), self.bounds, strict=True):
            if not low <= value <= high:
                return f"{value:g} is not between {low:g} and {high:g}, in {text!r}"
        return ""


@dataclass
class Settings:
    """What a collection of notebooks says of itself. All of it may be left as it is."""

    # The folder of golden records; by default golden/ beside each notebook.
    golden: Path | None = None
    # Returns the environment of a kernel.
    environment: Callable[[], dict] = plain_environment
    # The longest a cell may take, in seconds, on a busy computer.
    cell_seconds: float = 120
    # Modules, as a pattern, in which a deprecated call is an error and of whose objects the record
    # tells the contents; the notebook is one.
    own_modules: str = "__main__"
    # What else a kernel runs before the first cell.
    first: str = ""
    # "module.Class" of pictures that are displayed as HTML: objects with `alt` and `drawing`, which
    # is a Figure, or the dict that figure_text.describe_animation takes.
    picture: str = ""
    # Names of variables, as a pattern, that no two runs give the same value.
    measured: str = r"(seconds|times?|memory)$"
    # Files and folders that a notebook may write beside itself.
    may_write: set = field(default_factory=set)
    # Tells of a notebook and two descriptions that differ, stored and new, whether that is no
    # change.
    same: Callable = lambda notebook, stored, new: False
    # Tells whether a cell is to be run once more at the end, and must then print the same.
    runs_again: Callable = lambda cell: False
    # Returns the metadata that a cell with these tags keeps, besides its tags.
    kept_metadata: Callable = lambda tags: {}
    # Returns sentences that forbid to store a notebook.
    refused: Callable = lambda path, notebook: []
    # Cells whose output no two runs share, (notebook, cell id) -> Uncompared.
    uncompared: dict = field(default_factory=dict)
    # Cells that teach plt.show() itself, and so have no alt text, (notebook, cell id) -> why.
    plain_show: dict = field(default_factory=dict)
    # What is no number of a text, as patterns, and numbers that are found in no cell near their
    # text: notebook -> cell id -> reason -> numbers.
    let_go: list = field(default_factory=list)
    numbers: dict = field(default_factory=dict)
    # What cells say to be true, so that no assertion is lost when a notebook is stored anew:
    # notebook -> cell id -> lines and code, as rules.claims finds them.
    claims: dict = field(default_factory=dict)
    # What to type to store a notebook anew.
    store_command: str = f"python -m {__package__}.store"

    def record_of(self, path):
        """Return the path of a notebook's golden record."""
        return (self.golden or Path(path).parent / "golden") / f"{Path(path).stem}.json"

    def kernel_start(self):
        """Return what a kernel runs first.

        What Python or a library has announced to remove is an error when our own code uses it, and
        a figure is described as well as drawn.
        """
        return f"""
for __kind in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
    __import__("warnings").filterwarnings("error", category=__kind, module={self.own_modules!r})
__import__("runpy").run_path({FIGURE_TEXT_FILE!r})["register"](get_ipython(), {self.picture!r})
{self.first}
"""

    def ledger(self):
        """Return what to evaluate in a kernel to learn what is alive there, as JSON."""
        return in_kernel("ledger", "get_ipython().user_ns", self.measured, self.own_modules)


def in_kernel(function, namespace, *arguments):
    """Return the call of a function of ledger.py, to be evaluated in a kernel."""
    arguments = "".join(f", {each!r}" for each in arguments)
    return f"__import__('runpy').run_path({LEDGER_FILE!r})[{function!r}]({namespace}{arguments})"


def read(path):
    """Read a notebook."""
    return nbformat.read(path, as_version=4)


def execute(notebook, folder, settings, environment=None):
    """Execute a notebook in a new kernel, as readers do, and return what is alive at the end.

    Outputs are put into the notebook. A cell that raises ends it with nbclient's
    CellExecutionError, unless it is tagged raises-exception.
    """
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=settings.cell_seconds,
        startup_timeout=settings.cell_seconds,
        coalesce_streams=True,
        record_timing=False,
        extra_arguments=list(KERNEL_ARGUMENTS),
    )

    def run_beside(code):
        """Run a cell that is not part of the notebook; nbclient wants it to be for a moment."""
        notebook.cells.append(nbformat.v4.new_code_cell(code))
        client.execute_cell(notebook.cells[-1], -1, store_history=False)
        return notebook.cells.pop().outputs

    environment = environment or settings.environment()
    with client.setup_kernel(env=environment, cwd=str(folder), stderr=subprocess.DEVNULL):
        run_beside(settings.kernel_start())
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        return json.loads(run_beside(f"print({settings.ledger()})")[0].text)


def code_cells(notebook):
    """Return the code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell):
    """Return the tags of a cell."""
    return cell.metadata.get("tags", [])


def cell_names(notebook):
    """Return the cells' names in messages, as 'cell 31 "thin = suppress(…"', counted from 1."""
    words = [" ".join(cell.source.split()) for cell in notebook.cells]
    words = [text if len(text) <= MAX_NAME else f"{text[:MAX_NAME].rstrip()}…" for text in words]
    return [f'cell {number} "{text}"' for number, text in enumerate(words, start=1)]


def plain_text(output):
    """Return what an output says as text: a stream, a result, a figure's text or an error."""
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return output.get("text", "") or output.get("data", {}).get("text/plain", "")


def html(output):
    """Return the HTML of an output, or ""."""
    return output.get("data", {}).get("text/html", "")


def is_figure(output):
    """Tell a picture in HTML, or of a plain plt.show(), from other outputs."""
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
    """Return id -> what a cell holds: kind, tags, how many outputs and figures, and its lines.

    A line is a few digits that change when it does. The order of the cells is the dict's.
    """
    found = {}
    for index, cell in enumerate(notebook.cells):
        key = cell.get("id", f"cell-{index}")
        found[f"{key} again" if key in found else key] = content(cell)
    return found


def content(cell):
    """Return what a cell holds, as text."""
    kind = " ".join([cell.cell_type, *tags(cell)])
    outputs = cell.get("outputs", [])
    counts = f", {len(outputs)} outputs, {len(pictures(outputs))} pictures" if outputs else ""
    if pictures_of_text := cell.get("attachments"):
        counts += f", attachments {digest(json.dumps(pictures_of_text, sort_keys=True))}"
    return f"{kind}{counts}: {' '.join(map(digest, cell.source.splitlines()))}"


def digest(text):
    """Return a few digits that change when a text does."""
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def golden(path, settings):
    """Return the golden record of a notebook: its cells, and its variables at the end."""
    record = settings.record_of(path)
    if not record.exists():
        raise FileNotFoundError(
            f"{record.name} is missing in {record.parent.name}/; "
            f"run {settings.store_command} {Path(path).name}"
        )
    return json.loads(record.read_text(encoding="utf-8"))
