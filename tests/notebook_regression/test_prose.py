"""Numbers in sentences are found where they are printed, and nowhere else."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from . import prose
from .notebooks import Settings
from .planting import complaints, finished, good_notebook, put, stream
from .rules import RULES


def missing(text, printed="", code="x = 1", let_go=()):
    """Return the numbers of a text that are not found in a code cell below it."""
    cells = [new_markdown_cell(text), new_code_cell(code, outputs=[stream(printed)])]
    return [number for _, number, _ in prose.missing(finished(cells), let_go)]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("It is 12.3.", "12.3"),
        ("It is 12.3.", "12.3456"),
        ("It is −12.3, or -12.3.", "-12.3"),
        ("It is 12 %, or 12%, or 12 percent.", "0.118"),
        ("It is 12 %.", "11.8"),
        ("It is 1,024, or 1 024, or 1024.", "1024"),
        ("It is 2 million.", "2000000"),
        ("It is 1.5e-3.", "0.0015"),
        ("It is $0.5\\,\\mu^{17}$ and $x_{23}$, $2^{31}$.", "0.5 2"),
        ("`film[40:60]` are rows.", "40 60"),
        ("# 14. Title", ""),
        ("12. First of a list", ""),
        ("See [this](17_page.md) and <img width=99>, https://x.org/71.", ""),
        ("Twelve of them, or two.", "12"),
        ("`float32` and v1.25.3; 2024-05-17,, 10:45.", ""),
        ("```\n99\n```", ""),
    ],
)
def test_a_number_is_found_as_it_is_printed(text, printed):
    assert missing(text, printed) == []


@pytest.mark.parametrize(
    ("text", "printed", "number"),
    [
        ("It is 12.3.", "12.36", "12.3"),
        ("It is 12.3.", "12", "12.3"),
        ("It is 13 %.", "0.118", "13 %"),
        ("It is 1,024.", "1 24", "1,024"),
        ("It is 4.", "14 0.4 40", "4"),
        ("It is 4.", "4.2", "4"),
        ("There are fifty.", "5 51", "fifty"),
        ("It is 37.", "check 37 37.5, map 3737 3737", "37"),
        ("It is 2 million.", "3", "2 million"),
    ],
)
def test_another_number_is_not_found(text, printed, number):
    assert missing(text, printed) == [number]


def test_code_counts_as_what_it_prints_and_other_patterns_are_let_go():
    assert missing("It is 25.", code="size = 25") == []
    assert missing("See lesson 25, and 26.", let_go=[r"lesson \d+"]) == ["26"]


def test_a_number_is_looked_for_near_its_text():
    codes = [new_code_cell(f"x = {value}") for value in (11, 22, 33, 44, 55, 66, 77)]
    text = new_markdown_cell("It is 11, 22, 55, 66, 77.")
    cells = [new_markdown_cell("## A"), *codes[:5], text, *codes[5:]]
    assert [n for _, n, _ in prose.missing(finished(cells))] == ["11"]
    cells.insert(1, new_markdown_cell("## B"))
    cells[-3:-3] = [new_markdown_cell("## C")]
    found = [n for _, n, _ in prose.missing(finished(cells))]
    assert found == ["11", "22", "55"]


def test_a_summary_may_speak_of_the_whole_notebook():
    cells = [new_code_cell("x = 25"), new_markdown_cell("## Summary\n\n25 and 26.")]
    assert [n for _, n, _ in prose.missing(finished(cells))] == ["26"]


def test_a_reason_allows_one_number_and_must_belong_to_a_text(tmp_path):
    rule, notebook = RULES["numbers_in_text_are_printed"], good_notebook()
    put(4, source="In 1895 it was found.")(notebook)
    key = notebook.cells[4].id
    settings = Settings(numbers={"01_good.ipynb": {key: {"a year": ["1895"]}}})
    assert complaints(notebook, tmp_path, rule, settings) == []
    put(4, source="In 1896 it was found.")(notebook)
    found = complaints(notebook, tmp_path, rule, settings)
    assert "has no 1895 in" in found[0]
    assert "cell 5 says 1896, which no cell near it prints" in found[1]


ALT = "Two films; the {} one is {}.\n"
PANELS = """panel 1 "a": image (4, 4) uint8, min 0, max 9, mean {}, check 1, gray from 0 to 255
panel 2 "b", x "col": image (4, 4) uint8, min 0, max 9, mean {}, check 1, gray from 0 to 255"""


@pytest.mark.parametrize(
    ("alt", "means", "is_right"),
    [
        (ALT.format("left", "brighter"), (50, 40), True),
        (ALT.format("left", "brighter"), (40, 50), False),
        (ALT.format("right", "clearly darker"), (50, 40), True),
        (ALT.format("right", "clearly darker"), (40, 50), False),
        (ALT.format("second", "darker"), (40, 50), False),
        ("Bright and dark: bright on the left, dark on the right.\n", (50, 40), True),
        ("Bright and dark: bright on the right, dark on the left.\n", (50, 40), False),
        ("Two films, left and right, one of them brighter.\n", (40, 50), True),
    ],
)
def test_an_alt_text_that_calls_the_wrong_panel_brighter_is_contradicted(alt, means, is_right):
    assert (list(prose.contradictions(alt + PANELS.format(*means))) == []) == is_right


LINES = """panel 1:
  5 points in a line: x 0 to 4, y 0 to 9, check 1 2; C0
  5 points in a line: x 0 to 4, y 0 to 8, check 1 2; C1
  2 points in a line across y: x 2 to 2, y 0 to 1, check 1 2; #000000{}"""


@pytest.mark.parametrize(
    ("alt", "style", "said"),
    [
        ("Two rising lines.\n", "", ""),
        ("Three rising lines.\n", "", "says Three rising lines"),
        ("Two rising lines and a dashed one.\n", ", style dashed", ""),
        ("Two rising lines and a dashed one.\n", "", "speaks of what is dashed"),
        ("Two rising lines and a dashed one.\n", " alpha 0, style dashed", "of what is dashed"),
        ("Two rising lines and a dotted one.\n", ", style dashed", "speaks of what is dotted"),
    ],
)
def test_an_alt_text_counts_lines_and_knows_which_are_dashed(alt, style, said):
    found = list(prose.contradictions(alt + LINES.format(style)))
    assert said in "".join(found)
    assert bool(found) == bool(said)
