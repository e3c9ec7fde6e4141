"""Which tests can see a mutant, and whether they name what it changed."""

import ast
import re
from pathlib import Path

import nbformat

from tests.mutants.catalogue import ROOT


def stages(batch, course):
    """Yield the arguments of pytest for one look after the other, the quickest first."""
    first = batch[0]
    files = sorted({mutant.file for mutant in batch})
    if first.in_notebook:
        rules = sorted(course.glob("tests/notebook_*/test_notebooks_static.py"))
        yield [*rules, "-k", " or ".join(Path(file).stem for file in files)]
        if not first.accept:
            yield files
        return
    stem = first.path.stem.strip("_")
    if first.tests:
        yield list(first.tests)
    elif stem.startswith("lesson_"):
        yield ["tests/unit/test_exercises.py"]
    else:
        yield sorted(course.glob(f"tests/unit/test_{stem}*.py"))
    if first.path.parts[0] == "helpers":
        yield from callers(first, course)
    for notebook in first.notebooks:
        yield [f"notebooks/{notebook}.ipynb"]


def callers(mutant, course):
    """Yield the notebooks that use what a mutant of a helper is in."""
    stem = mutant.path.stem
    number = re.fullmatch(r"lesson_(\d\d)", stem)
    word = re.compile(rf"{re.escape(stem)}\.{function_of(mutant)}\b")
    for path in sorted(course.glob("notebooks/*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        calls = any(cell.cell_type == "code" and word.search(cell.source) for cell in cells)
        if path.name.startswith(number[1]) if number else calls:
            yield [path]


def is_named(mutant, places, failures):
    """Tell whether one of the failures names a mutant.

    `places` are its cells as `catalogue.plant` returns them, `failures` pairs of the name of a
    test and what it says.
    """
    return any(names(mutant, places, f"{title}\n{text}") for title, text in failures)


def names(mutant, places, words):
    """Tell whether a failure names a cell of the notebook, the function or the file."""
    if mutant.in_notebook:
        named = any(names_cell(*place, words) for place in places) or not places
        return mutant.path.name in words and named
    if mutant.path.suffix == ".py":
        function = function_of(mutant) or mutant.path.stem
        test = f"test_{mutant.path.stem.strip('_')}"
        return bool(re.search(rf"(?i){re.escape(function)}|\b{test}\b", words))
    return mutant.path.name in words


def names_cell(number, order, ident, source, words):
    """Tell whether words name a cell: by one of its numbers, its id or its exercise."""
    heads = r'^check\("(\d+\.\d+)"|^### Exercise (\d+\.\d+)|^# Solution (\d+\.\d+)'
    exercise = re.search(heads, source, re.MULTILINE)
    ways = [rf"cell {number}"] * (number is not None) + [re.escape(ident)]
    ways += [rf"Cell {order}"] * (order is not None)  # nbval's own name of it
    ways += [rf"exercise {exercise[exercise.lastindex]}"] if exercise else []
    return any(re.search(rf"(?<!\w){way}(?!\w)", words) for way in ways)


def function_of(mutant):
    """Return the name of the function or class that a mutant of a Python file is in, or ""."""
    source = (ROOT / mutant.file).read_text(encoding="utf-8")
    line = source[: source.index(mutant.old)].count("\n") + 1
    for node in ast.parse(source).body:
        if node.lineno <= line <= node.end_lineno and hasattr(node, "name"):
            return node.name
    return ""
