"""What the web edition shows: the notebooks, the course map and the pages, laid for Sphinx."""

import ast
import json
import posixpath
import re
import shutil
from itertools import pairwise
from pathlib import Path

SITE = Path(__file__).resolve().parent
ROOT = SITE.parent
# Where a file of the repository stands on the site. Notebooks keep their place.
MOVED = {"README.md": "index.md", "data/README.md": "data.md", "helpers": "api/index.md"}
MAP_MARK = "<!-- course map -->"
PLOT_ALT = "A plot that this cell draws; the text around it says what is seen."
LINK = re.compile(r"(?<!!)\[([^\]\[]*)\]\((?!https?:|mailto:|#)([^)\s#]+)(#[^)\s]*)?\)")
STEPS = re.compile(r"^.*\[Course map\]\([^)]*README\.md\).*\n?", re.MULTILINE)


def notebooks(root=ROOT):
    """Return the lessons in reading order."""
    return sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def place(path, root=ROOT):
    """Say where a file of the repository stands on the site; None where it does not."""
    if path in MOVED:
        return MOVED[path]
    if path.startswith("site/") and path.endswith(".md"):
        return path.removeprefix("site/")
    is_lesson = path.startswith("notebooks/") and path.endswith(".ipynb")
    return path if is_lesson and (root / path).is_file() else None


def relink(text, home, page, root=ROOT):
    """Let the links of a text from the file `home` lead on from the page `page` of the site.

    A link to what is not on the site becomes plain text.
    """

    def lead_on(match):
        words, target, anchor = match.groups()
        path = posixpath.normpath(posixpath.join(posixpath.dirname(home), target))
        there = place(path, root)
        if there is None:
            return words
        return f"[{words}]({posixpath.relpath(there, posixpath.dirname(page))}{anchor or ''})"

    return LINK.sub(lead_on, text)


def course_map(readme):
    r"""Return the table of the lessons, as README.md has it.

    >>> course_map("A | b\n\n| lesson | x |\n|---|---|\n| 1 | 2 |\n\nText")
    '| lesson | x |\n|---|---|\n| 1 | 2 |'
    """
    found = re.search(r"^\| lesson .*(?:\n\|.*)+", readme, re.MULTILINE)
    if not found:
        raise ValueError("README.md has no table that begins with '| lesson'.")
    return found.group()


def lesson(notebook, name, root=ROOT):
    """Return a notebook as the site shows it: solutions folded, links within the site."""
    page = f"notebooks/{name}"
    cells = []
    for cell in notebook["cells"]:
        cell = json.loads(json.dumps(cell))
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            # The page has its own links to the lessons before and after it.
            text = relink(STEPS.sub("", source), page, page, root).rstrip()
            cell["source"] = with_pictures(text, cell.pop("attachments", {}))
            if not cell["source"]:
                continue
        else:
            fold_or_name(cell, source)
        cells.append(cell)
    add_to_index(cells, (SITE / "terms.txt").read_text(encoding="utf-8").splitlines())
    return {**notebook, "cells": cells}


def with_pictures(text, attachments):
    """Put the pictures that are attached to a text cell into its text.

    >>> with_pictures("![A dot](attachment:dot.png)", {"dot.png": {"image/png": "iVBO"}})
    '![A dot](data:image/png;base64,iVBO)'
    """
    for name, picture in attachments.items():
        [(kind, data)] = picture.items()
        text = text.replace(f"attachment:{name}", f"data:{kind};base64,{data}")
    return text


def mentions(term, text):
    """Count how often a text has a term: as a whole word, or with an ending.

    >>> mentions("mask", "A mask, two masks, and masked pixels. Unmask!")
    3
    """
    return len(re.findall(rf"\b{re.escape(term)}", text, re.IGNORECASE))


def add_to_index(cells, terms):
    """Name the terms that a section is about, after its heading, for the index of the site.

    These are the ones in its heading, and the ones that its text has three times or more.
    """
    sections = [
        number
        for number, cell in enumerate(cells)
        if cell["cell_type"] == "markdown" and cell["source"].startswith("## ")
    ]
    for begin, end in pairwise([*sections, len(cells)]):
        part = [cell["source"] for cell in cells[begin:end] if cell["cell_type"] == "markdown"]
        heading, _, rest = part[0].partition("\n")
        text = " ".join(part)
        found = [term for term in terms if mentions(term, text) > 2 or mentions(term, heading)]
        if found and not heading.startswith(("## Key", "## Further")):
            entries = f"```{{index}} {', '.join(found)}\n```"
            cells[begin]["source"] = f"{heading}\n\n{entries}\n\n{rest}"


def fold_or_name(cell, source):
    """Fold a solution under its name; keep one form of each output, and give plots a text."""
    tags = cell["metadata"].setdefault("tags", [])
    if "solution" in tags:
        title = source.partition("\n")[0].removeprefix("#").strip()
        tags.append("hide-cell")
        cell["metadata"]["mystnb"] = {"code_prompt_show": title, "code_prompt_hide": title}
    for output in cell["outputs"]:
        data = output.get("data", {})
        if "text/html" in data:  # beside it, a text that only tests need
            output["data"] = {"text/html": data["text/html"]}
        elif "image/png" in data:
            output["data"] = {"image/png": data["image/png"]}
            cell["metadata"].setdefault("mystnb", {})["image"] = {"alt": PLOT_ALT}


def public_functions(path):
    """Return the functions and classes of a room that readers may call, in their order."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and node.name[0] != "_"
        and node.name != "main"
    ]


def rooms(root=ROOT):
    """Return the files of `helpers` that have a page."""
    return [path for path in sorted((root / "helpers").glob("*.py")) if path.name[0] != "_"]


def api(root=ROOT):
    """Yield the name and the text of every page on `helpers`."""
    overview = (SITE / "api" / "index.md").read_text(encoding="utf-8").rstrip()
    for path in rooms(root):
        names = "\n".join(f"   helpers.{path.stem}.{name}" for name in public_functions(path))
        overview += f"\n\n## {path.stem}\n\n```{{eval-rst}}\n.. autosummary::\n\n{names}\n```"
        options = "   :members:\n   :exclude-members: main"
        body = f".. automodule:: helpers.{path.stem}\n{options}"
        yield f"api/{path.stem}.md", f"# helpers.{path.stem}\n\n```{{eval-rst}}\n{body}\n```\n"
    overview += "\n\n## exercises\n\n```{eval-rst}\n.. autosummary::\n\n"
    functions = [f"helpers.exercises.{name}" for name in ("check", "hint", "grade")]
    overview += "\n".join(f"   {name}" for name in functions) + "\n```"
    body = "\n".join(f".. autofunction:: {name}" for name in functions)
    yield "api/exercises.md", f"# helpers.exercises\n\n```{{eval-rst}}\n{body}\n```\n"
    listed = "\n".join([*(path.stem for path in rooms(root)), "exercises"])
    yield "api/index.md", f"{overview}\n\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n"


def written(root=ROOT):
    """Return the pages under site/ that somebody wrote, the home page aside, by their place."""
    found = sorted((root / "site").glob("*.md")) + sorted((root / "site/teaching").glob("*.md"))
    return {path.relative_to(root / "site").as_posix(): path for path in found}


def toctrees(root=ROOT):
    """Return the lists of contents, for the end of the home page."""
    rows = course_map(read("README.md", root)).splitlines()
    linked = [re.match(r"\| \[([^\]]+)\]\(([^)]+)\)", row) for row in rows]
    names = {row[2]: row[1] for row in linked if row}
    pages = [name.removesuffix(".md") for name in written(root) if name != "index.md"]
    teaching = [name for name in pages if name.startswith("teaching/")]
    first = [name for name in ("glossary", "cheatsheet") if name in pages]
    others = [name for name in pages if name not in teaching + first]
    lessons = []
    for path in notebooks(root):
        target = f"notebooks/{path.name}"
        title = names.get(target, path.stem.replace("_", " ").capitalize())
        lessons.append(f"{title} <notebooks/{path.stem}>")
    parts = {
        "Lessons": lessons,
        "To look up": [*first, *others, "data", "Helpers <api/index>", "Index <genindex>"],
        "For teachers": sorted(teaching, key=lambda name: (name != "teaching/index", name)),
    }
    return "\n".join(
        f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(entries) + "\n```\n"
        for caption, entries in parts.items()
        if entries
    )


def read(path, root=ROOT):
    """Return the text of a file of the repository."""
    return (root / path).read_text(encoding="utf-8")


def lay(target, root=ROOT):
    """Lay everything that the site shows into a folder, anew."""
    shutil.rmtree(target, ignore_errors=True)
    texts = dict(api(root))
    for page, path in written(root).items():
        home = path.relative_to(root).as_posix()
        texts[page] = relink(path.read_text(encoding="utf-8"), home, page, root)
    lessons = relink(course_map(read("README.md", root)), "README.md", "index.md", root)
    texts["index.md"] = f"{texts['index.md'].replace(MAP_MARK, lessons)}\n{toctrees(root)}"
    texts["data.md"] = relink(read("data/README.md", root), "data/README.md", "data.md", root)
    for path in notebooks(root):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        texts[f"notebooks/{path.name}"] = json.dumps(lesson(notebook, path.name, root))
    for page, text in texts.items():
        (target / page).parent.mkdir(parents=True, exist_ok=True)
        (target / page).write_text(text, encoding="utf-8", newline="\n")
    for picture in (root / "site").glob("*.png"):
        shutil.copy(picture, target)
