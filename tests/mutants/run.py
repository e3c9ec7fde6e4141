"""Plant every mutant of the catalogue and look whether the tests catch it and say where it is.

    python start.py mutants                    # all; the report is in build/mutants.md as well
    python start.py mutants alt 09_canny       # those whose id, kind or file holds one of the words

Each mutant is put into a copy of the course; the working tree is never touched. Then only what can
see it is run: for a notebook its rules and the notebook itself, for a helper its unit tests and,
if these see nothing, the notebooks that call it. A mutant with `accept` is stored first, as by a
maintainer who takes it for a wanted change. Mutants of one notebook that cannot disturb each other
share a run.

A mutant is caught when a test fails, and named when a failure names its notebook and its cell, its
function or its file.
"""

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat

import start
from tests.mutants.catalogue import HERE, ROOT, catalogue, plant

SECONDS = 400  # the longest a run of tests may take
LEFT_OUT = shutil.ignore_patterns(
    ".*", "build", "my-course", "my_files", "wheelhouse", "*.egg-info"
)


@dataclass
class Verdict:
    """What the tests said of a mutant."""

    mutant: object
    caught: bool
    named: bool
    words: str  # the beginning of the first failure


def try_out(batch):
    """Plant mutants into a fresh copy and run tests until all are named, or none are left."""
    first = batch[0]
    failures = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        course = Path(folder) / "course"
        shutil.copytree(ROOT, course, ignore=LEFT_OUT)
        places = plant(batch, course)
        if first.accept:
            failures += run(course, [*start.WORDS["accept"], first.file])
        for tests in stages(first, course):
            failures += pytest(course, tests)
            named = [is_named(*each, failures) for each in zip(batch, places, strict=True)]
            if all(named):
                break
    words = failures[0][1].strip() if failures else ""
    caught = bool(failures) and len(batch) == 1  # of several, a failure belongs to those it names
    return [
        Verdict(mutant, caught or name, name, words)
        for mutant, name in zip(batch, named, strict=True)
    ]


def stages(mutant, course):
    """Yield the arguments of pytest for one look after the other, the quickest first."""
    stem = mutant.path.stem
    runs_at_once = mutant.in_notebook and mutant.change == "exchange" and not mutant.accept
    if mutant.tests:
        yield list(mutant.tests)
    elif mutant.in_notebook:
        rules = sorted(course.glob("tests/notebook_*/test_notebooks_static.py"))
        yield [*rules, *([mutant.file] if runs_at_once else []), "-k", stem]
    elif "lesson_" in stem:
        yield ["tests/unit/test_exercises.py"]
    elif mutant.path.parts[0] == "helpers":
        yield sorted(course.glob(f"tests/unit/test_{stem.strip('_')}*.py"))
    if mutant.in_notebook and not mutant.accept and not runs_at_once:
        yield [mutant.file]
    elif mutant.path.parts[0] == "helpers":
        yield from callers(mutant, course)
    for notebook in mutant.notebooks:
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


def function_of(mutant):
    """Return the name of the function or class that a mutant of a Python file is in, or ""."""
    source = (ROOT / mutant.file).read_text(encoding="utf-8")
    line = source[: source.index(mutant.old)].count("\n") + 1 + mutant.old.startswith("\n")
    for node in ast.parse(source).body:
        if node.lineno <= line <= node.end_lineno and hasattr(node, "name"):
            return node.name
    return ""


def is_named(mutant, places, failures):
    """Tell whether a failure names the cells of a mutant, or its function or file."""
    for title, text in failures:
        words = f"{title}\n{text}"
        if mutant.in_notebook:
            if mutant.path.name in words and any(names(*place, words) for place in places):
                return True
        elif mutant.path.suffix == ".py":
            if re.search(
                rf"(?i){function_of(mutant) or mutant.path.stem}|{test_of(mutant)}", words
            ):
                return True
        elif mutant.path.name in words:
            return True
    return False


def test_of(mutant):
    """Return the name of the unit tests of a helper."""
    return f"test_{mutant.path.stem.strip('_')}"


def names(number, order, ident, source, words):
    """Tell whether words name a cell: by its number, its id or its exercise."""
    exercise = re.search(r'^check\("(\d+\.\d+)"|^### Exercise (\d+\.\d+)', source, re.MULTILINE)
    return bool(
        re.search(rf"\bcell {number}\b", words)
        or (order is not None and re.search(rf"\bCell {order}\b", words))
        or (exercise and re.search(rf"exercise {exercise[1] or exercise[2]}\b", words))
        or re.search(rf"\b{re.escape(ident)}\b", words)
    )


def pytest(course, arguments):
    """Run tests in a copy; return (name of the test, what it says) of those that fail."""
    report = course / "report.xml"
    command = ["-m", "pytest", "-q", "-pno:cacheprovider", f"--junitxml={report}", *arguments]
    failures = run(course, command)
    if not report.exists():
        return failures
    cases = ET.parse(report).iter("testcase")
    report.unlink(missing_ok=True)
    return [
        (f"{case.get('classname')} {case.get('name')}", f"{bad.get('message')}\n{bad.text}")
        for case in cases
        for bad in (*case.iter("failure"), *case.iter("error"))
    ]


def run(course, command):
    """Run Python in a copy of the course; return what it says when it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XRAY_")}
    environment = {**kept, "PYTHONPATH": str(course)}
    try:
        done = subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=course,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return [("time", f"{command[-1]} took more than {SECONDS} seconds")]
    return [] if done.returncode in (0, 5) else [(str(command[-1]), done.stdout + done.stderr)]


def batches(mutants):
    """Put mutants together that may share a run, the notebooks that take longest first."""
    together = defaultdict(list)
    for number, mutant in enumerate(mutants):
        shares = mutant.in_notebook and mutant.change == "exchange"
        alone = mutant.alone or not shares
        together[mutant.file, mutant.accept, number if alone else ""].append(mutant)
    return sorted(together.values(), key=lambda batch: batch[0].file, reverse=True)


def report(verdicts, seconds):
    """Return the report as Markdown."""
    by_kind = defaultdict(list)
    for verdict in verdicts:
        by_kind[verdict.mutant.kind].append(verdict)
    lines = ["| kind | mutants | caught | named |", "|---|---|---|---|"]
    for kind, each in [*sorted(by_kind.items()), ("**all**", verdicts)]:
        caught, named = (sum(getattr(v, what) for v in each) for what in ("caught", "named"))
        lines.append(f"| {kind} | {len(each)} | {caught} | {named} |")
    shares = [
        f"{sum(getattr(v, what) for v in verdicts) / len(verdicts):.1%} {what}"
        for what in ("caught", "named")
    ]
    lines += ["", f"{', '.join(shares)}; {seconds / 60:.0f} minutes.", ""]
    for title, what in (("Not caught", "caught"), ("Caught, but not named", "named")):
        missed = [v for v in verdicts if not getattr(v, what) and (what == "caught" or v.caught)]
        lines += [f"## {title}", ""] * bool(missed)
        lines += [f"- `{v.mutant.id}`, {v.mutant.kind}: {v.mutant.file}" for v in missed]
    return "\n".join(lines) + "\n"


def main(arguments):
    """Try the mutants and write the report; the exit code is 1 when one is not named."""
    parser = argparse.ArgumentParser(description="Try the planted regressions.")
    parser.add_argument("words", nargs="*", help="only mutants whose id, kind or file holds one")
    parser.add_argument("--folder", default=HERE, help="another catalogue than that of the course")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="runs at the same time")
    options = parser.parse_args(arguments)
    chosen = [
        mutant
        for mutant in catalogue(options.folder)
        if any(word in f"{mutant.id} {mutant.kind} {mutant.file}" for word in options.words or [""])
    ]
    if hasattr(os, "nice"):
        os.nice(10)
    begin, verdicts = time.monotonic(), []
    with ThreadPoolExecutor(options.jobs) as pool:
        for found in pool.map(try_out, batches(chosen)):
            verdicts += found
            for each in found:
                word = "named" if each.named else "CAUGHT" if each.caught else "MISSED"
                said = "" if each.named else re.sub(r"\s+", " ", each.words)[:300]
                print(f"{word:7} {each.mutant.id} {said}", flush=True)
    text = report(verdicts, time.monotonic() - begin)
    print("\n" + text)
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "mutants.md").write_text(text, encoding="utf-8", newline="\n")
    return int(any(not verdict.named for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
