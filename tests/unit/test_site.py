"""The web edition: every lesson is on it, and nothing on it asks another host for anything."""

import importlib
import json
import re
import runpy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "site"
OUTSIDE = re.compile(r"""(?:src|href|url|import)\s*[=(]?\s*["']?\s*(?:https?:)?//[\w.]""")


@pytest.fixture
def load(monkeypatch):
    """Return a function that imports a file of site/ by its name."""
    monkeypatch.syspath_prepend(str(SITE))
    yield importlib.import_module
    for name in ("pages", "slides", "pdf", "packages", "mathml"):
        sys.modules.pop(name, None)


def text_cell(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code_cell(source, *outputs, tags=()):
    metadata = {"tags": list(tags)}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": list(outputs)}


def said(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def drawn(**data):
    return {"output_type": "display_data", "metadata": {}, "data": data}


def test_settings_can_be_read_without_sphinx_and_run_nothing(monkeypatch):
    monkeypatch.setattr(sys, "path", sys.path[:])
    monkeypatch.delenv("COURSE_REPOSITORY", raising=False)
    settings = runpy.run_path(str(SITE / "conf.py"))
    assert settings["nb_execution_mode"] == "off"
    assert settings["html_math_renderer"] == "mathml"
    assert "sphinx.ext.mathjax" not in settings["extensions"]
    assert not settings["html_theme_options"]["repository_url"]


def test_every_lesson_and_every_written_page_is_in_the_contents(load):
    pages = load("pages")
    contents = pages.toctrees()
    lessons = [path.stem for path in (ROOT / "notebooks").glob("*.ipynb")]
    assert lessons
    assert re.findall(r"<notebooks/(\w+)>$", contents, re.MULTILINE) == sorted(lessons)
    entries = contents.splitlines()
    assert not [name for name in pages.written() if Path(name).with_suffix("").as_posix()
                not in [*entries, "index"]]  # fmt: skip
    assert {"data", "Helpers <api/index>", "Index <genindex>"} <= set(entries)


def test_the_map_of_the_home_page_leads_to_every_lesson(load, tmp_path):
    pages = load("pages")
    pages.lay(tmp_path / "source")
    home = (tmp_path / "source" / "index.md").read_text(encoding="utf-8")
    assert pages.MAP_MARK not in home
    for path in pages.notebooks():
        assert f"](notebooks/{path.name})" in home
        assert (tmp_path / "source" / "notebooks" / path.name).is_file()
    assert "(data/README.md)" not in home


def test_pages_that_others_write_are_taken_up_with_their_links(load, tmp_path):
    pages = load("pages")
    (tmp_path / "site" / "teaching").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "04_x.ipynb").touch()
    table = "| lesson | m |\n|---|---|\n| [04 X](notebooks/04_x.ipynb) | 1 |\n"
    (tmp_path / "README.md").write_text(table, encoding="utf-8")
    for name in ("index", "glossary", "teaching/notes", "teaching/plans"):
        (tmp_path / "site" / f"{name}.md").write_text("# A page\n", encoding="utf-8")
    contents = pages.toctrees(tmp_path)
    assert "04 X <notebooks/04_x>" in contents
    assert "\nglossary\n" in contents
    assert ":caption: For teachers\n\nteaching/notes\nteaching/plans\n" in contents
    text = "[a](../../notebooks/04_x.ipynb#two) [b](../../README.md) [c](../../LICENSE) [d](https://e.org)"
    led = pages.relink(text, "site/teaching/notes.md", "teaching/notes.md", tmp_path)
    assert led == "[a](../notebooks/04_x.ipynb#two) [b](../index.md) c [d](https://e.org)"


def test_solutions_fold_and_the_text_for_the_tests_is_not_shown(load):
    pages = load("pages")
    figure = drawn(**{"text/html": "<figure></figure>", "text/plain": "panel 1, check 7"})
    plot = drawn(**{"image/png": "aGk=", "text/plain": "<Figure>"})
    cells = [
        code_cell("# Solution 1.1\nx = 1", said("Right.\n"), tags=["solution"]),
        code_cell("draw()", figure),
        code_cell("plt.show()", plot),
        text_cell("← [03 A](03_a.ipynb) · [Course map](../README.md) · [05 B](05_b.ipynb)"),
    ]
    shown = pages.lesson({"cells": cells}, "04_x.ipynb")["cells"]
    assert len(shown) == 3  # the site has its own way to the lessons before and after
    assert "hide-cell" in shown[0]["metadata"]["tags"]
    assert shown[0]["metadata"]["mystnb"]["code_prompt_show"] == "Solution 1.1"
    assert "check 7" not in json.dumps(shown)
    assert shown[2]["metadata"]["mystnb"]["image"]["alt"]
    assert cells[0]["metadata"] == {"tags": ["solution"]}  # the notebook itself stays as it is


def test_the_index_names_what_a_section_is_about(load):
    pages = load("pages")
    cells = [
        text_cell("# A lesson about masks"),
        text_cell("## 1. Masks (3 minutes)\n\nA kernel."),
        code_cell("kernel = 1"),
        text_cell("Another kernel, and more kernels. One window."),
        text_cell("## Key points\n\n- mask, mask, mask"),
    ]
    pages.add_to_index(cells, ["kernel", "mask", "window"])
    first = cells[1]["source"]
    assert first == "## 1. Masks (3 minutes)\n\n```{index} kernel, mask\n```\n\n\nA kernel."
    assert cells[0]["source"] == "# A lesson about masks"
    assert "{index}" not in cells[4]["source"]
    terms = (SITE / "terms.txt").read_text(encoding="utf-8").splitlines()
    assert terms == sorted(set(terms), key=str.casefold)
    assert not [term for term in terms if "," in term or term != term.strip() or not term]


def assets():
    """Return the files that pages of the site, slides and PDFs load or are made of."""
    folders = (SITE / "_static", SITE / "_templates", SITE / "reveal")
    found = [path for folder in folders for path in folder.rglob("*") if path.name != "LICENSE"]
    return [path for path in [*found, SITE / "print.css"] if path.is_file()]


@pytest.mark.parametrize("path", assets(), ids=lambda path: path.name)
def test_nothing_is_asked_of_another_host(path):
    assert not OUTSIDE.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "line",
    [
        '<script src="https://cdn.example.org/x.js">',
        "@import url(//fonts.example.org/css);",
        "a { background: url('http://example.org/a.png') }",
    ],
)
def test_a_request_to_another_host_would_be_seen(line):
    assert OUTSIDE.search(line)


def test_films_are_not_filtered_in_the_dark_theme():
    rules = (SITE / "_static" / "course.css").read_text(encoding="utf-8")
    rule = re.search(
        r'html\[data-theme="dark"\] \.bd-content div\.cell_output img \{([^}]+)\}', rules
    )
    assert rule
    assert "filter: none !important" in rule[1]
    assert "padding: 0 !important" in rule[1]


LESSON = [
    text_cell("# Turn\n\nWhy?"),
    code_cell("import numpy"),
    text_cell("## 1. First (3 minutes)\n\nOne text."),
    text_cell("A second text."),
    code_cell("print(1)", said("1\n")),
    text_cell("What follows."),
    code_cell("print(2)", said("2\n")),
    text_cell("### Exercise 1.1 · Do it (2 minutes)"),
    code_cell("x = ...", said("Not yet.\n"), tags=["exercise"]),
    code_cell("# Solution 1.1\nx = 1", said("Right.\n"), tags=["solution"]),
    text_cell("## Key points\n\n- One."),
    text_cell("## Further reading\n\n- A book."),
]


def test_slides_have_a_column_for_each_section_and_a_slide_for_each_idea(load):
    columns = load("slides").ideas(LESSON)
    assert [title for title, _ in columns] == ["Turn", "1. First (3 minutes)", "Key points"]
    assert [len(ideas) for _, ideas in columns] == [1, 3, 1]
    assert [len(idea) for idea in columns[1][1]] == [3, 2, 2]
    assert "Solution" not in json.dumps(columns)


def test_what_does_not_fit_goes_on_to_the_next_slide_and_nothing_is_lost(load):
    slides = load("slides")
    blocks = [(250, "<p>a</p>"), (250, "<p>b</p>"), (50, "<h3>c</h3>"), (400, "<p>d</p>")]
    laid = slides.pack(blocks, room=600)
    assert laid == [["<p>a</p>", "<p>b</p>"], ["<h3>c</h3>", "<p>d</p>"]]
    tall = [(900, "<p>e</p>"), (10, "<p>f</p>")]
    assert slides.pack(tall, room=600) == [["<p>e</p>"], ["<p>f</p>"]]


def test_a_heading_is_never_alone_on_a_slide(load):
    pack = load("slides").pack
    assert pack([(60, "<h2>a</h2>"), (590, "<ul>b</ul>")], room=600) == [
        ["<h2>a</h2>", "<ul>b</ul>"]
    ]
    blocks = [(200, "<p>a</p>"), (60, "<p><strong>b</strong></p>"), (390, "<ul>c</ul>")]
    assert pack(blocks, room=600) == [["<p>a</p>"], ["<p><strong>b</strong></p>", "<ul>c</ul>"]]


def test_a_last_line_that_nearly_fits_gets_no_slide_of_its_own(load):
    pack = load("slides").pack
    assert pack([(590, "<p>a</p>"), (60, "<p>b</p>")], room=600) == [["<p>a</p>", "<p>b</p>"]]
    assert pack([(590, "<p>a</p>"), (100, "<p>b</p>")], room=600) == [["<p>a</p>"], ["<p>b</p>"]]


def test_a_conclusion_stands_by_what_it_concludes_and_never_by_an_exercise(load):
    slides = load("slides")
    shown, heading, last = (
        [text_cell("Look."), code_cell("1")],
        text_cell("### Why"),
        text_cell("So."),
    )
    assert slides.joined([shown, [last]]) == [[*shown, last]]
    assert slides.joined([shown, [heading]]) == [shown, [heading]]
    exercise = [text_cell("### Exercise 1.1"), code_cell("x = ...", tags=["exercise"])]
    assert slides.joined([exercise, [last]]) == [exercise, [last]]


def test_ideas_of_the_real_lessons_hold_every_cell_but_solutions_and_reading(load):
    slides = load("slides")
    for path in slides.pages.notebooks():
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        kept = [cell for _, ideas in slides.ideas(cells) for idea in ideas for cell in idea]
        wanted = [
            cell
            for cell in cells
            if "solution" not in cell["metadata"].get("tags", [])
            and not "".join(cell["source"]).startswith("## Further reading")
        ]
        assert kept == wanted, path.name


def test_the_speaker_has_the_notes_of_a_lesson_and_of_each_exercise(load):
    slides = load("slides")
    said = slides.notes("04", (SITE / "teaching" / "notes.md").read_text(encoding="utf-8"))
    assert said.startswith("**What learners stumble over**")
    assert "At home" in said
    assert "\n## " not in said
    assert not slides.notes("99", said)
    exercise = [text_cell("### Exercise 4.2 · Brighter (3 minutes)")]
    told = slides.about_exercise(exercise, said).splitlines()
    assert told
    assert all("4.2" in line for line in told)
    assert not slides.about_exercise([text_cell("About 4.2")], said)
    assert slides.about_exercise(exercise, "- As in 4.2.\n- Not 14.2, nor 4.25.") == "- As in 4.2."


def test_slides_show_attached_pictures_and_no_reading_list(load):
    cell = text_cell(
        "See [03](03_a.ipynb).\n\n![A dot](attachment:a.png)\n\n## Further reading\n\n- B"
    )
    cell["attachments"] = {"a.png": {"image/png": "iVBO"}}
    shown = load("slides").told(cell)
    assert shown.split() == ["See", "03.", "![A", "dot](data:image/png;base64,iVBO)"]


def test_the_lock_of_the_site_agrees_with_that_of_the_course():
    def versions(path):
        text = path.read_text(encoding="utf-8")
        return set(re.findall(r"^([\w.-]+)==([^ ;\\]+)", text, re.MULTILINE))

    course, site = versions(ROOT / "requirements.lock"), versions(SITE / "requirements.lock")
    names = {name for name, _ in course}
    assert {(name, version) for name, version in site if name in names} <= course
    assert {"sphinx", "myst-nb", "sphinx-book-theme", "latex2mathml"} <= {name for name, _ in site}
    assert not {"sphinx", "myst-nb"} & names  # a learner installs none of it
