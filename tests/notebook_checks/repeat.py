"""Run notebooks again and again, each time in other surroundings, and compare what they say.

    python start.py test again                    # every notebook, once in each surrounding
    python start.py test again --times 30 02 04   # thirty times, the surroundings in turn

Outside the ordinary run, since it takes long. What may differ, by its tag, is left out.
"""

import argparse
import contextlib
import dataclasses
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nbclient.exceptions import CellExecutionError

from tests.notebook_checks import notebooks
from tests.notebook_regression.notebooks import execute

# How long a cell takes is no question here: the processors may have other work besides.
SETTINGS = dataclasses.replace(notebooks.SETTINGS, cell_seconds=1800)
BUSY = "while True: sum(range(10**6))"
# What each surrounding sets, `busy` and `twice` aside: both processors have other work, or every
# cell runs twice in one kernel, first the whole notebook and then the whole notebook again.
SURROUNDINGS = {
    "one thread": {"OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "1"},
    "four threads": {"OMP_NUM_THREADS": "4", "PYTHONHASHSEED": "2"},
    "Turkish, far east": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Auckland"},
    "plain C, far west": {"LC_ALL": "C", "LANG": "C", "TZ": "Pacific/Honolulu"},
    "busy": {"PYTHONHASHSEED": "3"},
    "twice": {"PYTHONHASHSEED": "4"},
}


@contextlib.contextmanager
def busy(processes):
    """Keep some processors at work for a while."""
    workers = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(processes)]
    try:
        yield
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def said(cell):
    """Return the texts of a cell's outputs."""
    return [
        output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue")
        for output in cell.outputs
    ]


def differences(path, name, course):
    """Run a notebook in one surrounding; return a sentence for each cell that says otherwise."""
    stored = notebooks.code_cells(notebooks.read(path))
    again = notebooks.read(path)
    if name == "twice":
        again.cells += notebooks.read(path).cells
    environment = notebooks.kernel_environment(PYTHONPATH=str(course), **SURROUNDINGS[name])
    with busy(os.cpu_count() if name == "busy" else 0):
        try:
            execute(again, course / "notebooks", SETTINGS, environment)
        except CellExecutionError as error:
            return [f"{path.name}, {name}: {error}"]
    return [
        f"{path.name}, {name}, {cell.id}:\n  stored {said(was)}\n  now    {said(cell)}"
        for cell, was in zip(notebooks.code_cells(again), itertools.cycle(stored), strict=False)
        if said(cell) != said(was) and "nbval-ignore-output" not in cell.metadata.get("tags", [])
    ]


def main(words):
    """Run the notebooks of some numbers, or all, and end with what differs."""
    parser = argparse.ArgumentParser(description="Run notebooks in other surroundings.")
    parser.add_argument("--times", type=int, default=len(SURROUNDINGS))
    parser.add_argument("numbers", nargs="*")
    wanted = parser.parse_args(words)
    found = []
    with tempfile.TemporaryDirectory(prefix="Kürs à façon ") as folder:
        course = Path(folder).resolve() / "x ray"
        hidden = shutil.ignore_patterns(".*", "my_files", "build", "student", "__pycache__")
        shutil.copytree(notebooks.ROOT, course, ignore=hidden)
        for path in notebooks.NOTEBOOKS:
            if not wanted.numbers or path.stem[:2] in wanted.numbers:
                for _, name in zip(
                    range(wanted.times), itertools.cycle(SURROUNDINGS), strict=False
                ):
                    found += differences(path, name, course)
                    print(f"{path.name}, {name}: {len(found)} differences so far", flush=True)
    sys.exit("\n".join(found) or 0)


if __name__ == "__main__":
    main(sys.argv[1:])
