"""Plant every mutant of the catalogue and look whether the tests catch it and say where it is.

    python start.py mutants                    # all; the report is in build/mutants.md as well
    python start.py mutants alt 09_canny       # those whose id, kind or file holds one of the words

Each mutant is put into a copy of the course; the working tree is never touched. Then only what can
see it is run: for a notebook its rules and the notebook itself, for a helper its unit tests and,
if these see nothing, the notebooks that call it. A mutant with `accept` is stored first, as by a
maintainer who takes it for a wanted change. Mutants of different notebooks, or of
cells that do not disturb each other, share a run.

A mutant is caught when a test fails, and named when a failure names its notebook and its cell, its
function or its file.
"""

import argparse
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

import start
from tests.mutants.catalogue import HERE, ROOT, catalogue, cells_of, plant
from tests.mutants.looking import is_named, stages

SECONDS = 1200  # the longest a run of tests may take
FILES = 4  # notebooks that are tried in one run
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
    failures, places = [], {}
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as folder:
        course = Path(folder) / "course"
        shutil.copytree(ROOT, course, ignore=LEFT_OUT)
        for file in sorted({mutant.file for mutant in batch}):
            here = [mutant for mutant in batch if mutant.file == file]
            places |= zip((mutant.id for mutant in here), plant(here, course), strict=True)
            if here[0].accept:
                failures += run(course, [*start.WORDS["accept"], file])
        for tests in stages(batch, course):
            failures += pytest(course, tests)
            named = [is_named(mutant, places[mutant.id], failures) for mutant in batch]
            if all(named):
                break
    return [
        verdict(mutant, name, batch, failures) for mutant, name in zip(batch, named, strict=True)
    ]


def verdict(mutant, named, batch, failures):
    """Return the verdict on one mutant of a batch.

    A failure that names the file alone is put down to the mutant when it is the only one there.
    """
    neighbours = [other for other in batch if other.file == mutant.file]
    texts = ["\n".join(failure) for failure in failures]
    about = [text for text in texts if mutant.path.name in text or len(batch) == 1]
    caught = named or (len(neighbours) == 1 and bool(about))
    return Verdict(mutant, caught, named, about[0] if about else "")


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
    """Put mutants of notebooks together that do not disturb each other, up to FILES notebooks."""
    found = []  # (what they have in common, the cells they change, the mutants)
    for mutant in mutants:
        kind = (mutant.in_notebook, mutant.accept)
        cells = {(mutant.file, cell) for cell in cells_of(mutant)}
        for common, taken, batch in found:
            files = {other.file for other in batch} | {mutant.file}
            if mutant.in_notebook and common == kind and not taken & cells and len(files) <= FILES:
                taken |= cells
                batch.append(mutant)
                break
        else:
            found.append((kind, cells, [mutant]))
    return [batch for _, _, batch in sorted(found, key=lambda each: -len(each[2]))]


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
    pool = ThreadPoolExecutor(options.jobs)
    try:
        for found in pool.map(try_out, batches(chosen)):
            verdicts += found
            for each in found:
                word = "named" if each.named else "CAUGHT" if each.caught else "MISSED"
                said = "" if each.named else re.sub(r"\s+", " ", each.words)[:300]
                print(f"{word:7} {each.mutant.id} {said}", flush=True)
    finally:
        pool.shutdown(cancel_futures=True)  # after a fault, or Ctrl-C, no other run begins
    text = report(verdicts, time.monotonic() - begin)
    print("\n" + text)
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "mutants.md").write_text(text, encoding="utf-8", newline="\n")
    return int(any(not verdict.named for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
