"""The teacher's plans add up: each number in them is the one in the headings of the notebooks."""

import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLANS = ROOT / "site" / "teaching" / "plans.md"
NOTES = ROOT / "site" / "teaching" / "notes.md"
HEADING = re.compile(r"^(##|###) (.+) \((\d+) minutes?(, extra)?\)$", re.MULTILINE)
CLOCK = re.compile(r"(\d+):(\d\d) to (\d+):(\d\d)(?:, | \()(\d+) minutes\)")
BUILDS_ON = re.compile(r"^\*\*Builds on\*\*.*$", re.MULTILINE)


@cache
def headings():
    """Return the minutes of each heading of each lesson, and its kind: core, exercise or extra."""
    found = {}
    for number, text in texts().items():
        lesson = found.setdefault(number, {})
        for mark, title, minutes, extra in HEADING.findall(text):
            kind = "exercise" if mark == "###" else "core"
            if extra or title.startswith("Extra"):
                kind = "extra"
            lesson[title] = (int(minutes), kind)
    return found


@cache
def texts():
    """Return the text of each lesson under its number, such as "04"."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        parts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        found[path.name[:2]] = "\n".join(parts)
    return found


def total(lesson, kind):
    return sum(minutes for minutes, what in headings()[lesson].values() if what == kind)


def plan(title):
    """Return the part of the page under a heading of the second level."""
    parts = re.split(r"^## (.+)$", PLANS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[title]


def rows(text):
    """Return the rows of the tables in a text, each a list of cells, without their heads."""
    found, lines = [], text.splitlines()
    for before, line in zip(["", *lines], lines, strict=False):
        is_head = not before.startswith("|") or set(line) <= set("|-")
        if line.startswith("|") and not is_head:
            found.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return [[cell.strip("| ") for cell in row] for row in found]


def lesson_of(cell):
    """Return the number of the lesson that a cell links to."""
    found = re.fullmatch(r"\[(\d\d) [^\]]+\]\(\.\./\.\./notebooks/(\d\d)_\w+\.ipynb\)", cell)
    assert found, f"{cell!r} is no link to a lesson"
    assert found[1] == found[2], cell
    return found[1]


def minutes_of(clock):
    return 60 * int(clock[0]) + int(clock[1]), 60 * int(clock[2]) + int(clock[3]), int(clock[4])


def blocks():
    """Return (title, text) of each block of the day."""
    parts = re.split(r"^### (.+)$", plan("One day"), flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize(("title", "text"), blocks())
def test_a_block_of_the_day_names_real_sections_with_their_minutes(title, text):
    table = rows(text)
    assert len(table) > 5
    for lesson, heading, minutes in table:
        assert heading in headings()[lesson], f"lesson {lesson} has no heading {heading!r}"
        assert int(minutes) == headings()[lesson][heading][0], f"{lesson}, {heading}"
        assert headings()[lesson][heading][1] != "extra", f"{lesson}, {heading} is extra"
    begin, end, said = minutes_of(CLOCK.search(title).groups())
    assert end - begin == said == sum(int(row[2]) for row in table)


def test_the_day_goes_through_the_lessons_in_order_and_names_nothing_twice():
    named = [(row[0], row[1]) for _, text in blocks() for row in rows(text)]
    order = [(lesson, list(headings()[lesson]).index(heading)) for lesson, heading in named]
    assert order == sorted(set(order))
    sections = {(lesson, heading.split(".")[0]) for lesson, heading in named}
    for lesson, heading in named:
        if heading.startswith("Exercise") and lesson != "00":  # whose exercises stand at its end
            before = list(headings()[lesson])[: list(headings()[lesson]).index(heading)]
            section = [title for title in before if not title.startswith("Exercise")][-1]
            assert (lesson, section.split(".")[0]) in sections, f"{heading} without {section}"


def test_the_day_adds_up_to_six_hours():
    day = plan("One day")
    clocks = [minutes_of(found) for found in CLOCK.findall(day)]
    for (_, end, _), (begin, _, _) in pairwise(clocks):
        assert end == begin, "the clock of the day has a gap"
    assert all(end - begin == said for begin, end, said in clocks)
    lessons = sum(int(row[2]) for _, text in blocks() for row in rows(text))
    breaks = sum(map(int, re.findall(r"\*\*Break, .+\((\d+) minutes\)", day)))
    lunch = sum(map(int, re.findall(r"\*\*Lunch, .+\((\d+) minutes\)", day)))
    assert f"**{lessons} minutes** of sections and exercises and **{breaks} minutes**" in day
    assert lessons + breaks == 6 * 60 == clocks[-1][1] - clocks[0][0] - lunch
    assert re.search(r"Six hours from (\d+:\d\d) to (\d+:\d\d)", day).groups() == tuple(
        f"{minutes // 60}:{minutes % 60:02d}" for minutes in (clocks[0][0], clocks[-1][1])
    )


def test_the_semester_has_fourteen_sessions_and_the_minutes_of_the_lessons():
    text = plan("A semester")
    *table, last = rows(text)
    assert [(row[0], lesson_of(row[1])) for row in table] == [
        (str(number), f"{number:02d}") for number in range(1, 15)
    ]
    for row in table:
        lesson = lesson_of(row[1])
        core, exercises = total(lesson, "core"), total(lesson, "exercise")
        wanted = [core, exercises, core + exercises, total(lesson, "extra")]
        assert [int(cell) for cell in row[2:]] == wanted, f"lesson {lesson}"
        assert core + exercises <= 90
    sums = [sum(int(row[column]) for row in table) for column in range(2, 6)]
    assert [int(cell) for cell in last[-4:]] == sums
    core, exercises = total("00", "core"), total("00", "exercise")
    assert f"Lesson 00 takes {core} minutes and its exercises {exercises}." in text
    longest = max(int(row[4]) for row in table)
    assert f"The longest session has {longest} minutes" in text


def test_self_study_has_every_lesson_with_what_it_builds_on():
    text = plan("Self-study")
    *table, last = rows(text)
    assert [lesson_of(row[0]) for row in table] == sorted(texts())
    for row in table:
        lesson = lesson_of(row[0])
        said = BUILDS_ON.search(texts()[lesson])[0]
        links = sorted(set(re.findall(r"\((\d\d)_\w+\.ipynb\)", said)))
        assert row[1] == (", ".join(links) or "nothing"), f"lesson {lesson}"
        together = total(lesson, "core") + total(lesson, "exercise")
        assert [int(cell) for cell in row[2:]] == [together, total(lesson, "extra")], lesson
    minutes, extra = (sum(int(row[column]) for row in table) for column in (2, 3))
    assert [int(cell) for cell in last[-2:]] == [minutes, extra]
    hours = round(minutes / 60)
    assert f"**{minutes} minutes**, about {hours} hours, and **{extra} minutes** more" in text


def test_no_lesson_builds_on_those_that_may_be_skipped():
    builds_on = {lesson_of(row[0]): row[1].split(", ") for row in rows(plan("Self-study"))[:-1]}
    skipped = set()
    for lesson in ("09", "08", "14"):  # in this order, as the page says
        skipped.add(lesson)
        needed = {one for other, them in builds_on.items() if other not in skipped for one in them}
        assert lesson not in needed


def notes():
    """Return the notes of each lesson under its number."""
    parts = re.split(r"^## (\d\d) .+$", NOTES.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("lesson", sorted(texts()))
def test_the_notes_sort_every_exercise_of_a_lesson_once(lesson):
    note = notes()[lesson]
    room, home = re.search(r"\*\*In the room:\*\* (.+?)\*\*At home:\*\* (.+)", note).groups()
    home, _, extra = home.partition("the extra ")
    kinds = {"core": room + home.split(". ")[0], "extra": extra.split(". ")[0]}
    for kind, text in kinds.items():
        wanted = {
            re.match(r"Exercise (\S+)", title)[1]
            for title, (_, what) in headings()[lesson].items()
            if title.startswith("Exercise") and (what == "extra") == (kind == "extra")
        }
        named = re.findall(r"\b\d+\.\d+\b", text)
        assert len(named) == len(set(named)), f"{named} twice"
        assert set(named) == wanted, kind
    mentioned = set(re.findall(rf"\b{int(lesson)}\.\d+\b", note))
    assert mentioned <= {re.sub(r"Exercise (\S+).*", r"\1", title) for title in headings()[lesson]}
    questions = re.findall(r"^\d\. .+", note.split("**To discuss**")[1], re.MULTILINE)
    assert len(questions) == 2
    assert "**What learners stumble over**" in note
