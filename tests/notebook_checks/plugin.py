"""Notebook tests: every cell runs, and its outputs must be the stored ones.

nbval does the work (`pytest --nbval`). Added here:

* a kernel that starts in the notebook's folder on the phantom, whatever the user has set, and
  whose death is noticed within a second;
* a figure that differs is reported by panel, and its picture must look like the stored one;
* a cell that was never run, did not raise as announced, or shuffles its outputs fails;
* after the last cell: the variables must be those in the golden record, no file may have been
  written beside the notebook (my_files/ aside), and every exercise must still get its verdict.
"""

import ast
import copy
import io
import json
import math
import re
import subprocess
from itertools import zip_longest
from pathlib import Path
from queue import Empty
from time import monotonic

import numpy as np
import pytest
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel, start_new_kernel
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError, coalesce_streams
from PIL import Image, ImageSequence

from tests.notebook_checks import notebooks

# Mean difference of 32 x 32 grey levels. A new Matplotlib moves letters and lines: below 3.
# A blank, exchanged or garbled picture: above 10.
LOOKS_DIFFERENT = 6


class KernelDiedError(Exception):
    """The kernel's process ended while a cell was running."""


class CourseKernel(RunningKernel):
    """nbval's kernel with the tests' environment; it behaves as in JupyterLab."""

    def __init__(self, folder, startup_timeout):
        self.km, self.kc = start_new_kernel(
            startup_timeout,
            CURRENT_ENV_KERNEL_NAME,
            cwd=str(folder),
            env=notebooks.kernel_environment(),
            extra_arguments=notebooks.KERNEL_ARGUMENTS,
            stderr=subprocess.DEVNULL,
        )
        self._ensure_iopub_up()
        self.ask(notebooks.KERNEL_START, "None")

    def ask(self, code, question):
        """Run code beside the notebook and return the value of an expression."""
        request = self.kc.execute(
            code, silent=True, store_history=False, user_expressions={"answer": question}
        )
        end = monotonic() + notebooks.CELL_SECONDS
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
        end = monotonic() + (timeout or notebooks.CELL_SECONDS)
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


class Notebook(IPyNbFile):
    """A notebook file."""

    def collect(self):
        """Yield one test for each code cell, and one for what is left at the end."""
        for cell in super().collect():
            yield Cell.from_parent(
                self, name=cell.name, cell_num=cell.cell_num, cell=cell.cell, options=cell.options
            )
        yield End.from_parent(self, name="End")

    def setup(self):
        """Start the kernel."""
        self.cells_run = 0
        self.files = self.files_beside()
        sources = [cell.source for cell in notebooks.code_cells(self.nb)]
        self.makes_films = any("from data.phantom import" in source for source in sources)
        self.kernel = CourseKernel(
            self.path.parent, self.config.option.nbval_kernel_startup_timeout
        )
        self.setup_sanitize_files()

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
            and not {"__pycache__", ".ipynb_checkpoints", "golden", "my_files"} & set(path.parts)
        }

    def exercise_verdicts(self):
        """Run exercises and solutions once more; return what they now say otherwise."""
        cells = [
            cell
            for cell in notebooks.code_cells(self.nb)
            if {"exercise", "solution"} & set(cell.metadata.get("tags", []))
            and re.search(r"^check\(", cell.source, re.MULTILINE)
        ]
        sources = [cell.source for cell in cells]
        question = notebooks.SAID_AGAIN.format(sources)
        said = self.kernel.ask("", question) if sources else []
        stored = ["".join(output.get("text", "") for output in cell.outputs) for cell in cells]
        return {
            source.partition("\ncheck(")[2]: now.strip()
            for source, was, now in zip(sources, stored, said, strict=True)
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

    def compare_outputs(self, test, ref, skip_compare=None):
        """Compare as nbval does; what differs as films made on another processor do is equal."""
        if self.parent.makes_films:
            test = copy.deepcopy(test)
            for stored, now in zip(ref, test, strict=False):
                if self.is_the_same_film(stored, now):
                    now["data"]["text/plain"] = stored["data"]["text/plain"]
        return super().compare_outputs(test, ref, skip_compare)

    def is_the_same_film(self, stored, now):
        """Tell whether two outputs are figures whose texts differ by a few pixels at most."""
        texts = [each.get("data", {}).get("text/plain", "") for each in (stored, now)]
        return all(texts) and alike(*texts)

    def check_announced_error(self):
        """Fail when a cell tagged raises-exception did not raise."""
        raised = any(output.output_type == "error" for output in self.test_outputs)
        if self.options["check_exception"] and not raised:
            self.raise_cell_error("the cell is tagged raises-exception, but it did not raise")

    def check_order(self):
        """Fail when text, results and figures come in another order; nbval compares each kind."""

        def kinds(outputs):
            return [
                output.get("name") or sorted(output.get("data", {"error": None}))
                for output in coalesce_streams(list(outputs))
            ]

        stored, new = kinds(self.cell.outputs), kinds(self.test_outputs)
        if stored != new:
            self.raise_cell_error(f"the outputs come in another order: {new}, stored: {stored}")

    def check_pictures(self):
        """Fail when a picture is damaged, blank or another one, seen from afar."""
        stored, new = (
            notebooks.pictures(outputs) for outputs in (self.cell.outputs, self.test_outputs)
        )
        for index, (old, now) in enumerate(zip(stored, new, strict=True), start=1):
            try:
                difference = np.abs(seen_from_afar(old) - seen_from_afar(now)).mean()
            except (OSError, ValueError) as error:
                self.raise_cell_error(f"picture {index} as stored is damaged: {error}")
            if difference > LOOKS_DIFFERENT:
                self.raise_cell_error(
                    f"picture {index} looks different from the stored one: "
                    f"{difference:.1f} grey levels on average"
                )


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
        wanted = notebooks.golden(notebook.path, self.config.getoption("notebook_golden"))
        variables = json.loads(notebook.kernel.ask("", notebooks.LEDGER))
        verdicts = notebook.exercise_verdicts()
        if notebook.makes_films:
            for name in wanted["variables"].keys() & variables.keys():
                if alike(wanted["variables"][name], variables[name]):
                    variables[name] = wanted["variables"][name]
        complaints = changes(wanted["variables"], variables, "variable")
        complaints += changes(notebook.files, notebook.files_beside(), "file beside the notebook")
        complaints += changes({}, verdicts, "verdict at the end on exercise")
        if complaints:
            pytest.fail("\n".join(complaints), pytrace=False)

    def reportinfo(self):
        """Name this test in a report."""
        return self.path, 0, f"{self.path.name}::{self.name}"


# Of a million pixels of a film that is made on another processor, so many may be another level.
OTHER_PIXELS = 20e-6
LARGE = 1000  # pixels: a smaller array is compared exactly
LAST_DIGIT = 2e-5
ARRAY = re.compile(  # as figures and records describe it
    r"(?P<head>\((?P<shape>[\d, ]+)\) \w+[^()]*?mean )(?P<mean>[-+.e\d]+)"
    r"(?P<middle>[^()]*?check )(?P<check>-?[\d.]+)"
)


def fingerprint(path):
    """Return size and time of a file, which differ once it has been written."""
    return f"{path.stat().st_size} bytes at {path.stat().st_mtime_ns}"


def seen_from_afar(data):
    """Return the grey levels of a picture, or of each frame, in 32 x 32 pixels."""
    with Image.open(io.BytesIO(data)) as picture:
        return np.stack(
            [
                np.asarray(frame.convert("L").resize((32, 32), Image.Resampling.BOX), float)
                for frame in ImageSequence.Iterator(picture)
            ]
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


def alike(stored, new):
    """Tell whether two descriptions differ by what another processor makes of a phantom's film.

    There a few of a million pixels are another level, by one. So the check number of a large
    array, and the last digit of its mean, may differ a little; nothing else may.
    """
    rest = [ARRAY.sub(r"\g<head>\g<middle>", text) for text in (stored, new)]
    arrays = zip(ARRAY.finditer(stored), ARRAY.finditer(new), strict=False)
    return rest[0] == rest[1] and all(is_nearly(was, now) for was, now in arrays)


def is_nearly(was, now):
    """Tell whether mean and check number of an array, of the same shape, are nearly the same."""
    pixels = math.prod(int(side) for side in was["shape"].split(",") if side.strip())
    others = math.ceil(pixels * OTHER_PIXELS) if pixels >= LARGE else 0
    weight = 1.0 if "." in was["check"] else 127  # of a pixel that is off by one level
    check, mean = (abs(float(was[name]) - float(now[name])) for name in ("check", "mean"))
    return check <= weight * others and mean <= LAST_DIGIT * abs(float(was["mean"])) * bool(others)


def changes(old, new, what):
    """Return a sentence for each key that two dicts do not have with the same value."""
    return [
        f"{what} {key}: {old.get(key, 'none')} in the record, now {new.get(key, 'none')}"
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def pytest_addoption(parser):
    """Let tests of these tests keep their golden records elsewhere."""
    parser.addoption(
        "--notebook-golden",
        default=notebooks.GOLDEN,
        type=Path,
        help="folder with the golden record of each notebook",
    )


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Put a Notebook where nbval has collected a notebook."""
    collected = yield
    return [
        Notebook.from_parent(parent, path=file_path) if isinstance(node, IPyNbFile) else node
        for node in collected
    ]
