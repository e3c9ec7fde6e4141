"""The student edition: the course without outputs, solutions and tests, as one zip.

    python start.py student                        # build/student.zip
    python start.py student --nbgrader             # build/nbgrader, a course for nbgrader
    python start.py student --out FILE or FOLDER

The answers that `check` needs are in the zip, packed so that a search does not show them. That
hides them and does not protect them.
"""

import argparse
import json
import posixpath
import re
import sys
import zipfile
from pathlib import Path

import graded
import pages

sys.path.insert(0, str(pages.ROOT))  # this runs before the course is installed as well

from helpers.exercises.packed import pack

ROOT = pages.ROOT
TOP = "xray-course"  # the folder in the zip
README = pages.SITE / "student" / "README.txt"
MOST = 15e6  # bytes
FILES = ("start.py", "pyproject.toml", "requirements.lock", "environment.yml", "LICENSE",
         "LICENSE-CONTENT", "CITATION.cff", "site/overview.png")  # fmt: skip
FOLDERS = ("helpers", "data")
LEFT_OUT = {"__pycache__", "nih", ".ipynb_checkpoints", ".DS_Store"}
# What the lessons say about solutions, and what they say instead where there are none.
SAID_INSTEAD = {
    "- do an exercise, take a hint, and open a solution.": "- do an exercise and take a hint.",
    " A click on `# Solution 0.1` opens the solution.": "",
    "ask for a hint before you open the solution.": "ask for a hint.",
    ' *Run All Cells* runs the folded solutions too, and each of them says "Right." below itself. '
    "So do the exercises one cell at a time.": "",
    "`hint` helps, and each solution is folded below its exercise.": "and `hint` helps.",
    "In Google Colab the course has to be fetched first. Insert": "In Google Colab upload "
    "`student.zip` to the files of the session first. Insert",
}
# Lesson 00 fetches the whole course in Colab, its solutions too.
FETCHES = re.compile(r"!git clone --depth 1 \S+ course\n%cd course\n")
A_DAY = (2020, 1, 1, 0, 0, 0)  # of every file in the zip, so that equal courses give equal zips


def is_solution(cell):
    """Tell whether a cell is a folded solution."""
    return "solution" in cell["metadata"].get("tags", [])


def without_solutions(notebook):
    """Return a notebook without outputs, without solutions and without words about them."""
    cells = []
    for cell in notebook["cells"]:
        if is_solution(cell):
            continue
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cell = {**cell, "outputs": [], "execution_count": None}
        else:
            for said, instead in SAID_INSTEAD.items():
                source = source.replace(said, instead)
            source = FETCHES.sub(f"!unzip -q -o student.zip\n%cd {TOP}\n", source)
        cells.append({**cell, "source": source.splitlines(keepends=True)})
    return {**notebook, "cells": cells}


def as_text(notebook):
    """Return a notebook as the text of its file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def readme(root=ROOT):
    """Return the README of the student edition, with the course map of the whole course."""
    lessons = pages.course_map(pages.read("README.md", root))
    return README.read_text(encoding="utf-8").replace(pages.MAP_MARK, lessons)


def keep_links(text, home, names):
    """Turn links of a text to what is not among the names into plain words."""

    def keep(match):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(home), match[2]))
        leads = target in names or any(name.startswith(f"{target}/") for name in names)
        return match[0] if leads else match[1]

    return pages.LINK.sub(keep, text)


def contents(root=ROOT):
    """Return what the zip holds: name -> bytes."""
    held = {name: (root / name).read_bytes() for name in FILES}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root)
            if path.is_file() and not LEFT_OUT & set(name.parts):
                held[name.as_posix()] = path.read_bytes()
    for name, data in held.items():
        if re.fullmatch(r"helpers/exercises/lesson_\d+\.py", name):
            held[name] = pack(data.decode("utf-8")).encode("ascii")
    for path in pages.notebooks(root):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        held[f"notebooks/{path.name}"] = as_text(without_solutions(notebook)).encode("utf-8")
    held["README.md"] = readme(root).encode("utf-8")
    for name in [name for name in held if name.endswith(".md")]:
        held[name] = keep_links(held[name].decode("utf-8"), name, held).encode("utf-8")
    return held


def write_zip(target, held):
    """Write the files into a zip, all under one folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, data in sorted(held.items()):
            info = zipfile.ZipInfo(f"{TOP}/{name}", A_DAY)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            file.writestr(info, data)


def main(arguments):
    """Write the edition that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python start.py student")
    parser.add_argument("--nbgrader", action="store_true", help="a course in nbgrader's layout")
    parser.add_argument("--out", type=Path, help="file, or with --nbgrader the folder, to write")
    options = parser.parse_args(arguments)
    if options.nbgrader:
        target = options.out or ROOT / "build" / "nbgrader"
        number = graded.write(target)
        print(f"{target}: {number} lessons for nbgrader, see site/teaching/grading.md")
        return
    target = options.out or ROOT / "build" / "student.zip"
    write_zip(target, contents())
    size = target.stat().st_size
    print(f"{target}: {size / 1e6:.1f} MB")
    if size > MOST:
        sys.exit(f"That is more than {MOST / 1e6:.0f} MB, too much to hand out.")


if __name__ == "__main__":
    main(sys.argv[1:])
