"""The glossary: every term is one of the lesson that it names, and of no earlier one."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.notebook_checks import notebooks

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "site" / "glossary.md"
# How a lesson writes a term, where it is not the word itself.
WRITTEN = {
    "beer-lambert": "beer and lambert",
    "box blur": "box_blur",
    "lut (look-up table)": "look-up table",
    "pixel spacing": "pixelspacing",
    "training, validation and test": "*validation*",
}
# Words that an earlier lesson marks in another sense, or as the name of a kernel.
EARLIER = {"kernel": {"00"}, "gaussian": {"06"}, "laplacian": {"06"}}


def entries():
    """Return (term, definition) of each entry."""
    text = PAGE.read_text(encoding="utf-8")
    body = re.search(r"^```\{glossary\}\n:sorted:\n(.+)^```$", text, re.MULTILINE | re.DOTALL)[1]
    found = re.findall(r"^(\S.*)\n  (\S.+)\n(?=\n|\Z)", body, re.MULTILINE)
    assert len(found) == len(re.findall(r"^\S", body, re.MULTILINE)), "an entry of another form"
    return found


@cache
def lessons():
    """Return what each lesson says in text and code, in lower case."""
    return {
        path.name[:2]: "\n".join(cell.source for cell in notebooks.read(path).cells).lower()
        for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    }


def test_the_glossary_is_long_enough_and_names_nothing_twice():
    terms = [term.lower() for term, _ in entries()]
    assert len(terms) >= 70
    assert len(terms) == len(set(terms))


@pytest.mark.parametrize(("term", "definition"), entries())
def test_a_term_is_one_of_its_lesson(term, definition):
    links = re.findall(r"Lesson \[(\d\d)\]\(\.\./(notebooks/\d\d_\w+\.ipynb)\)\.$", definition)
    assert len(links) == 1, "the lesson stands at the end, once"
    lesson, path = links[0]
    assert (ROOT / path).is_file()
    assert path.startswith(f"notebooks/{lesson}_")
    written = WRITTEN.get(term.lower(), term.lower())
    assert written in lessons()[lesson], f"lesson {lesson} does not write {written!r}"
    marked = rf"(?<!\w)(\*\*?){re.escape(written)}\1(?!\w)"
    earlier = {name for name, text in lessons().items() if name < lesson}
    earlier = {name for name in earlier if re.search(marked, lessons()[name])}
    assert earlier <= EARLIER.get(term.lower(), set()), f"lesson {min(earlier)} introduces it"
