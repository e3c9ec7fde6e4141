"""The learner's own copy of the lessons: my-course/, without outputs, which git ignores.

`python start.py` lays it. A lesson that the learner has not changed is renewed when the course
changes; one with work in it is never overwritten. `python start.py fresh 04` lays a new copy of
lesson 04 beside it.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECORD = ".laid.json"  # what was laid: name of a lesson -> fingerprint of its cells


def lay(course, copy):
    """Lay or renew the copies of all lessons; return the names of those that were left alone.

    Parameters
    ----------
    course, copy : Path
        The folder with the lessons and the learner's folder, which is made when needed.

    Returns
    -------
    list of str
        Lessons with work in them of which the course has a newer version.
    """
    copy.mkdir(exist_ok=True)
    record, left = read_record(copy), []
    for path in sorted(course.glob("[0-9]*.ipynb")):
        mine, text = copy / path.name, without_outputs(path)
        newest, laid = fingerprint(text), record.get(path.name)
        written = laid
        if mine.exists():
            written = fingerprint(mine.read_text(encoding="utf-8", errors="replace"))
        if written == newest:
            record[path.name] = newest
        if not mine.exists() or (written == laid != newest):
            write(mine, text)
            record[path.name] = newest
        elif newest not in (written, laid, record.get(f"fresh {path.name}")):
            left.append(path.name)
    write(copy / RECORD, json.dumps(record, indent=1))
    return left


def lay_fresh(course, copy, number):
    """Lay a new copy of a lesson beside the learner's own; return its path."""
    found = [path for path in sorted(course.glob("*.ipynb")) if path.name[:2] == number.zfill(2)]
    if not found:
        raise ValueError(f"There is no lesson {number!r}; a number such as 04 is wanted.")
    copy.mkdir(exist_ok=True)
    names = (f"{found[0].stem} fresh{n}.ipynb" for n in ("", *(f" {n}" for n in range(2, 100))))
    mine = next(copy / name for name in names if not (copy / name).exists())
    text = without_outputs(found[0])
    write(mine, text)
    record = read_record(copy)
    record[f"fresh {found[0].name}"] = fingerprint(text)
    write(copy / RECORD, json.dumps(record, indent=1))
    return mine


def without_outputs(path):
    """Return the text of a notebook as before its first run."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        else:  # the map beside the copies leads to the copies
            cell["source"] = "".join(cell["source"]).replace("(../README.md", "(README.md")
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def course_map(readme):
    """Return the text of README.md with links that lead to the copies, or out of their folder.

    Its badges are pictures of other hosts, which a course that runs offline does not ask for.
    """

    def lead(link):
        target = link[1]
        if re.match(r"\w+:|#", target):  # the web, or a place in the text
            return link[0]
        inside = target.startswith("notebooks/")
        return f"]({target.removeprefix('notebooks/') if inside else '../' + target})"

    plain = re.sub(r"^\[!\[.*\n+", "", readme, flags=re.MULTILINE)
    return re.sub(r"\]\(([^)\s]+)\)", lead, plain)


def fingerprint(text):
    """Return a checksum of what is written in the cells; running them does not change it.

    A damaged notebook has none, so it counts as work.
    """
    try:
        cells = json.loads(text)["cells"]
        written = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    except (ValueError, KeyError, TypeError):
        return "damaged"
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def read_record(copy):
    """Return what was laid; nothing when the record is missing or damaged."""
    try:
        return dict(json.loads((copy / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def write(path, text):
    """Write a file as a whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)


def main(arguments):
    """Lay the copies; after the word fresh, new ones of the lessons whose numbers follow."""
    course, copy = ROOT / "notebooks", ROOT / "my-course"
    if arguments == ["fresh"]:
        sys.exit("The number of a lesson is wanted, as in: python start.py fresh 04")
    try:
        for number in arguments[1:]:
            print(f"A fresh copy is {copy.name}/{lay_fresh(course, copy, number).name}")
        left = [] if arguments else lay(course, copy)
        write(copy / "README.md", course_map((ROOT / "README.md").read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        sys.exit(f"Your copy of the lessons could not be laid: {error}")
    for name in left:
        print(
            f"{copy.name}/{name} holds your work and was left alone. The course has a newer "
            f"version: python start.py fresh {name.partition('_')[0]} lays it beside yours."
        )


if __name__ == "__main__":
    main(sys.argv[1:])
