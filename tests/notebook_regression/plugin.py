"""Notebook tests: every cell runs, and its outputs must be the stored ones.

nbval does the work. Added here:

* a kernel that starts in the notebook's folder, and whose death is noticed within a second;
* a figure that differs is reported by panel, and its picture must look like the stored one;
* a cell that was never run, did not raise as announced, or shuffles its outputs fails;
* after the last cell: the variables must be those in the golden record, no file may have been
  written beside the notebook, and the cells that the settings name must say the same once more.
"""

import ast
import copy
import io
import json
import subprocess
from itertools import product, zip_longest
from queue import Empty
from time import monotonic

import numpy as np
import pytest
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel, start_new_kernel
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError, coalesce_streams
from PIL import Image, ImageSequence

from . import notebooks
from .changes import cell_changes, kinds, variable_changes

# Mean difference of 32 x 32 grey levels. A new Matplotlib moves letters and lines: below 3.
# A blank, exchanged or garbled picture: above 10.
LOOKS_DIFFERENT = 6
# On a busy computer a kernel needs ten seconds to start.
START_SECONDS = 40
SANITIZE = notebooks.HERE / "sanitize.cfg"
# Folders beside a notebook in which it writes nothing.
NOT_ITS_OWN = {"__pycache__", ".ipynb_checkpoints", ".pytest_cache", "golden"}


class KernelDiedError(Exception):
    """The kernel's process ended while a cell was running."""


def started(**arguments):
    """Start a kernel; another one where it does not answer: at times, one of many never does."""
    for last in (False, False, True):
        try:
            return start_new_kernel(START_SECONDS, CURRENT_ENV_KERNEL_NAME, **arguments)
        except RuntimeError:
            if last:
                raise


class Kernel(RunningKernel):
    """nbval's kernel with the tests' environment; it behaves as in JupyterLab."""

    def __init__(self, folder, settings):
        self.seconds = settings.cell_seconds
        self.km, self.kc = started(
            cwd=str(folder),
            env=settings.environment(),
            extra_arguments=notebooks.KERNEL_ARGUMENTS,
            stderr=subprocess.DEVNULL,
        )
        self._ensure_iopub_up()
        self.ask(settings.kernel_start(), "None")

    def ask(self, code, question):
        """Run code beside the notebook and return the value of an expression."""
        request = self.kc.execute(
            code, silent=True, store_history=False, user_expressions={"answer": question}
        )
        end = monotonic() + self.seconds
        while True:
            reply = self.kc.get_shell_msg(timeout=max(0.01, end - monotonic()))
            if reply["parent_header"].get("msg_id") == request:
                break
        answer = reply["content"]["user_expressions"]["answer"]
        if answer["status"] != "ok":
            raise RuntimeError("\n".join(answer["traceback"]))
        return ast.literal_eval(answer["data"]["text/plain"])

    def execute_cell_input(self, cell_input, allow_stdin=None):
        """Run a cell; with history, so that `;` at the end of a line and `_` work."""
        return self.kc.execute(
            cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False
        )

    def await_reply(self, msg_id, timeout=None):
        """Wait until a cell has run, looking every second whether the kernel is still there."""
        end = monotonic() + self.seconds
        while True:
            try:
                reply = self.get_message("shell", timeout=min(1, max(0.01, end - monotonic())))
            except Empty:
                if not self.is_alive():
                    raise KernelDiedError from None
                if monotonic() > end:
                    raise
            else:
                if reply["parent_header"].get("msg_id") == msg_id:
                    return

    def stop(self):
        """End the kernel, unless nbval has: it does when a cell cannot be interrupted."""
        if hasattr(self, "km"):
            super().stop()


class Notebook(IPyNbFile):
    """A notebook file."""

    def collect(self):
        """Yield a test for the cells as a whole, one for each code cell, and one for the end."""
        self.settings = self.ihook.pytest_notebook_settings() or notebooks.Settings()
        self.config.option.nbval_cell_timeout = self.settings.cell_seconds  # in nbval's sentences
        cells = list(super().collect())  # which reads the notebook
        yield Cells.from_parent(self, name="Cells")
        for cell in cells:
            yield Cell.from_parent(
                self, name=cell.name, cell_num=cell.cell_num, cell=cell.cell, options=cell.options
            )
        yield End.from_parent(self, name="End")

    def setup(self):
        """Start the kernel."""
        self.cells_run = 0
        self.files = self.files_beside()
        self.kernel = Kernel(self.path.parent, self.settings)
        self.setup_sanitize_files()

    def get_sanitize_files(self):
        """Name the file that says what nbval is not to compare."""
        return [SANITIZE, *super().get_sanitize_files()]

    def teardown(self):
        """Stop the kernel, or what is left of it."""
        if self.kernel is not None:
            self.kernel.stop()

    def files_beside(self):
        """Return name -> (size, time) of the files in the notebook's folder, notebooks aside."""
        return {
            path.relative_to(self.path.parent).as_posix(): fingerprint(path)
            for path in self.path.parent.rglob("*")
            if path.is_file()
            and path.suffix != ".ipynb"
            and not (NOT_ITS_OWN | self.settings.may_write) & set(path.parts)
        }

    def said_again(self):
        """Run the cells that the settings name once more; return what they now say otherwise."""
        cells = list(filter(self.settings.runs_again, notebooks.code_cells(self.nb)))
        question = notebooks.in_kernel(
            "said_again", "get_ipython().user_ns", [cell.source for cell in cells]
        )
        said = self.kernel.ask("", question) if cells else []
        stored = ["".join(output.get("text", "") for output in cell.outputs) for cell in cells]
        return {
            cell.source: now.strip()
            for cell, was, now in zip(cells, stored, said, strict=True)
            if now != was
        }


class Cell(IPyNbCell):
    """A code cell."""

    def runtest(self):
        """Run the cell, let nbval compare the outputs, then look at what nbval does not see."""
        if self.cell.source.strip() and self.cell.execution_count is None:
            self.raise_cell_error("this cell was never run: there is nothing to compare with")
        if not self.parent.kernel.is_alive():
            self.raise_cell_error("an earlier cell ended the kernel")
        self.parent.cells_run += 1
        try:
            super().runtest()
        except KernelDiedError:
            self.raise_cell_error("the kernel died: out of memory, a crash, or an exit")
        except NbCellError as error:
            outputs = self.test_outputs or []
            remarks = figure_changes(self.cell.outputs, outputs)
            remarks += [f"stderr: {out.text}" for out in outputs if out.get("name") == "stderr"]
            error.args = ("\n".join([str(error), *remarks]),)
            raise
        self.check_announced_error()
        if self.options["check"]:
            self.check_order()
            self.check_pictures()
        else:
            self.check_shape()

    def compare_outputs(self, test, ref, skip_compare=None):
        """Compare as nbval does; a text that the settings call the same counts as equal."""
        same = self.parent.settings.same
        test = [copy.copy(output) for output in test]
        for stored, now in zip(ref, test, strict=False):
            was, new = (each.get("data", {}).get("text/plain", "") for each in (stored, now))
            if was and new and was != new and same(self.parent.nb, was, new):
                now["data"] = {**now["data"], "text/plain": was}
        return super().compare_outputs(test, ref, skip_compare)

    def check_announced_error(self):
        """Fail when a cell tagged raises-exception did not raise."""
        raised = any(output.output_type == "error" for output in self.test_outputs)
        if self.options["check_exception"] and not raised:
            self.raise_cell_error("the cell is tagged raises-exception, but it did not raise")

    def repr_failure(self, excinfo):
        """Name the notebook and the cell as every message of these tests does."""
        names = zip(notebooks.cell_names(self.parent.nb), self.parent.nb.cells, strict=True)
        name = next(name for name, cell in names if cell is self.cell)
        return f"{self.path.name} {name}\n{super().repr_failure(excinfo)}"

    def check_shape(self):
        """Fail when an output that no two runs share has not the form that the settings say."""
        key = self.path.name, self.cell.get("id")
        if uncompared := self.parent.settings.uncompared.get(key):
            text = "".join(map(notebooks.plain_text, self.test_outputs))
            if complaint := uncompared.complaint(text):
                self.raise_cell_error(complaint)

    def check_order(self):
        """Fail when text, results and figures come in another order; nbval compares each kind."""
        stored, new = (
            kinds(coalesce_streams(list(outputs)))
            for outputs in (self.cell.outputs, self.test_outputs)
        )
        if stored != new:
            self.raise_cell_error(f"the outputs come in another order: {new}, stored: {stored}")

    def check_pictures(self):
        """Fail when a picture is damaged, blank or another one, seen from afar."""
        stored, new = (
            notebooks.pictures(outputs) for outputs in (self.cell.outputs, self.test_outputs)
        )
        for index, (old, now) in enumerate(zip(stored, new, strict=True), start=1):
            try:
                difference = looks_apart(old, now)
            except (OSError, ValueError) as error:
                self.raise_cell_error(f"picture {index} as stored is damaged: {error}")
            if difference > LOOKS_DIFFERENT:
                self.raise_cell_error(
                    f"picture {index} looks different from the stored one: "
                    f"{difference:.1f} grey levels on average"
                )


class Cells(pytest.Item):
    """The cells as they were written: none added, lost, moved or edited since it was stored."""

    def runtest(self):
        """Compare with the golden record."""
        notebook = self.parent
        wanted = notebooks.golden(notebook.path, notebook.settings).get("cells")
        if complaints := list(cell_changes(wanted, notebook.nb)):
            pytest.fail(sentences(notebook, complaints), pytrace=False)

    def reportinfo(self):
        """Name this test in a report."""
        return self.path, 0, f"{self.path.name}::{self.name}"


class End(pytest.Item):
    """What a notebook leaves behind: its variables, and files where there should be none."""

    def runtest(self):
        """Compare with the golden record."""
        notebook = self.parent
        cells = len(notebooks.code_cells(notebook.nb))
        if notebook.cells_run < cells:
            pytest.skip(f"only {notebook.cells_run} of {cells} cells were run")
        if not notebook.kernel.is_alive():
            pytest.skip("the kernel died")
        settings = notebook.settings
        wanted = notebooks.golden(notebook.path, settings)["variables"]
        variables = json.loads(notebook.kernel.ask("", settings.ledger()))
        for name in wanted.keys() & variables.keys():
            was, now = wanted[name], variables[name]
            if was != now and settings.same(notebook.nb, was, now):
                variables[name] = wanted[name]
        complaints = list(variable_changes(wanted, variables, notebook.nb))
        complaints += changes(notebook.files, notebook.files_beside(), "file beside the notebook")
        complaints += changes({}, notebook.said_again(), "what is said at the end by")
        if complaints:
            pytest.fail(sentences(notebook, complaints), pytrace=False)

    def reportinfo(self):
        """Name this test in a report."""
        return self.path, 0, f"{self.path.name}::{self.name}"


def sentences(notebook, complaints):
    """Join complaints, each beginning with the notebook's name."""
    return "\n".join(f"{notebook.path.name} {text}" for text in complaints)


def fingerprint(path):
    """Return size and time of a file, which differ once it has been written."""
    return f"{path.stat().st_size} bytes at {path.stat().st_mtime_ns}"


def looks_apart(stored, new):
    """Return by how many grey levels two pictures, or animations, differ seen from afar.

    One Matplotlib draws 4.6 inches as 460 pixels, another as 459, and 32 x 32 parts of them are
    not quite the same places. So where the sizes differ by a pixel, this pixel is left out, at
    the edges where the rest agrees best.
    """
    was, now = frames(stored), frames(new)
    spare = np.subtract(was[0].size, now[0].size)
    if np.abs(spare).max() > 1:
        spare[:] = 0
    return min(
        np.abs(seen_from_afar(was, spare, edges) - seen_from_afar(now, -spare, edges)).mean()
        for edges in product((0, 1), repeat=2)
    )


def frames(data):
    """Return the frames of a picture in grey levels."""
    with Image.open(io.BytesIO(data)) as picture:
        return [frame.convert("L") for frame in ImageSequence.Iterator(picture)]


def seen_from_afar(picture, spare, edges):
    """Return the grey levels of each frame in 32 x 32 pixels.

    What a frame has to spare in width or height, if anything, is left out first: at its left
    or upper edge where `edges` holds 1, at the other one where it holds 0.
    """
    spare = np.maximum(spare, 0)
    begin = spare * edges
    box = (*begin, *(begin + picture[0].size - spare))
    return np.stack(
        [np.asarray(frame.resize((32, 32), Image.Resampling.BOX, box), float) for frame in picture]
    )


def figure_changes(stored, new):
    """Return the lines in which the texts of figures differ, each with the panel it belongs to."""
    report = []
    texts = zip_longest(
        notebooks.figure_texts(stored), notebooks.figure_texts(new), fillvalue="no figure"
    )
    for index, (old, now) in enumerate(texts, start=1):
        panel = ""
        for was, line in zip_longest(old.splitlines(), now.splitlines(), fillvalue="nothing"):
            if not was.startswith(" "):
                panel = was.split(":")[0]
            if was != line:
                report += [f"Figure {index}, {panel}", f"  stored: {was}", f"  now:    {line}"]
    return report


def changes(old, new, what):
    """Return a sentence for each key that two dicts do not have with the same value."""
    return [
        f"{what} {key}: {old.get(key, 'none')} in the record, now {new.get(key, 'none')}"
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


class Hooks:
    """What a conftest.py may say."""

    @pytest.hookspec(firstresult=True)
    def pytest_notebook_settings(self):
        """Return the Settings of the collection."""


def pytest_addhooks(pluginmanager):
    """Let a conftest.py hand in settings."""
    pluginmanager.add_hookspecs(Hooks)


def pytest_collect_file(file_path, parent):
    """Take up every notebook; `--nbval` is not wanted."""
    return Notebook.from_parent(parent, path=file_path) if file_path.suffix == ".ipynb" else None
