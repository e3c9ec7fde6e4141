"""Slides of the lessons, made from the notebooks: `python start.py slides`, or `slides 04` for one.

A section of a lesson is a column of slides, and a text with its code and what it gives is one of
them. What does not fit goes on to the next. Solutions are left out. Everything is in build/slides:
open a file there with a browser, on a computer without a network as well. The letter S opens a
second window for the speaker, with the notes for teachers: all of a lesson's on its first slide,
and what is said about an exercise on the slide of that exercise.
"""

import base64
import json
import re
import shutil
import sys
from html import escape
from io import BytesIO

import mathml
import packages
import pages

TARGET = pages.ROOT / "build" / "slides"
# Pixels of a slide of 1280 × 720: what fits under the name of the section, and heights of lines.
ROOM, TEXT_LINE, CODE_LINE, GAP = 600, 37, 25, 26
CHARACTERS = {"text": 92, "code": 104}
ROW = 40  # of a table
SPARE = 80  # The last block of an idea may take so much more; the slide is then shown smaller.
FIGURE_LEAST, FIGURE_MOST, WIDTH = 300, 520, 1180
LEFT_OUT = ("Further reading",)


def ideas(cells):
    """Split the cells of a lesson into sections, and these into ideas.

    Returns a list of (title, ideas). An idea is a list of cells: a text, or some, and the code that
    belongs to it. A heading begins a new idea, and one of the second level a new section.
    """
    sections = []
    for cell in cells:
        if "solution" in cell["metadata"].get("tags", []):
            continue
        is_text = cell["cell_type"] == "markdown"
        source = "".join(cell["source"])
        heading = re.match(r"(#+) +(.*)", source) if is_text else None
        if not sections or (heading and len(heading[1]) <= 2):
            sections.append((heading[2] if heading else "", [[cell]]))
        elif is_text and (heading or has_code(sections[-1][1][-1])):
            sections[-1][1].append([cell])
        else:
            sections[-1][1][-1].append(cell)
    return [(title, joined(each)) for title, each in sections if title not in LEFT_OUT]


def joined(ideas):
    """Let a text without code of its own follow what it speaks of; an exercise tells no answer."""
    kept = []
    for idea in ideas:
        is_new = has_code(idea) or "".join(idea[0]["source"]).startswith("#")
        if is_new or not kept or is_exercise(kept[-1][-1]):
            kept.append(idea)
        else:
            kept[-1] = kept[-1] + idea
    return kept


def has_code(idea):
    """Tell whether an idea has its code already, so that a text begins the next."""
    return any(cell["cell_type"] == "code" for cell in idea)


def is_exercise(cell):
    """Tell whether a cell waits for an answer."""
    return "exercise" in cell["metadata"].get("tags", [])


def is_heading(html):
    """Tell whether a block names what follows it: a heading, or a line in bold type."""
    return bool(re.match(r"<h\d|<p><strong>[^<]*</strong></p>", html))


def pack(blocks, room=ROOM):
    """Lay blocks, each a (height, html), on as many slides as they need; headings stay with theirs.

    >>> pack([(400, "a"), (150, "b"), (200, "c")], room=600)
    [['a', 'b'], ['c']]
    """
    slides, left = [[]], room
    for number, (height, html) in enumerate(blocks):
        follows = blocks[number + 1][0] if number + 1 < len(blocks) else 0
        needed = height + (min(follows, room - height) if is_heading(html) else 0)
        spare = 0 if follows else SPARE
        if needed > left + spare and not all(map(is_heading, slides[-1])):
            slides.append([])
            left = room
        slides[-1].append(html)
        left -= height
    return slides


class Writer:
    """Turns cells into blocks of HTML with the height that they will about take."""

    def __init__(self):
        from markdown_it import MarkdownIt  # of the web edition's own packages
        from mdit_py_plugins.dollarmath import dollarmath_plugin

        self.markdown = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
        rules = self.markdown.renderer.rules
        rules["math_inline"] = lambda tokens, i, *_: mathml.mathml(tokens[i].content)
        rules["math_block"] = lambda tokens, i, *_: (
            f'<div class="formula">{mathml.mathml(tokens[i].content, mathml.BLOCK)}</div>'
        )
        rules["fence"] = lambda tokens, i, *_: self.code(tokens[i].content, tokens[i].info)

    def code(self, source, language=""):
        """Colour code; text in another language stays as it is."""
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer, TextLexer

        lexer = PythonLexer() if language == "python" else TextLexer()
        return highlight(source, lexer, HtmlFormatter(cssclass=f"highlight {language}".strip()))

    def text(self, source):
        """Yield the paragraphs, lists and formulas of a text."""
        tokens = self.markdown.parse(source)
        part = []
        for token in tokens:
            part.append(token)
            if token.level == 0 and token.nesting <= 0:
                html = self.markdown.renderer.render(part, self.markdown.options, {})
                picture = re.search(r'<img src="data:[^>]*>', html)
                yield block_of(picture[0]) if picture else (text_height(part), html)
                part = []

    def aside(self, said):
        """Return notes for the speaker's window; no text, no notes."""
        return f'<aside class="notes">{self.markdown.render(said)}</aside>' if said else ""

    def blocks(self, cell):
        """Yield the blocks of a cell: its text, or its code and what this gives."""
        if cell["cell_type"] == "markdown":
            yield from self.text(told(cell))
        else:
            yield from self.code_blocks(cell)

    def code_blocks(self, cell):
        """Yield the code of a cell with the text that it prints, and each of its figures."""
        source = "".join(cell["source"])
        height, html = height_of(source.splitlines(), "code"), self.code(source, "python")
        pictures = []
        # What an exercise says before somebody has answered is of no use.
        for output in [] if is_exercise(cell) else cell["outputs"]:
            data = output.get("data", {})
            if "text" in output:
                text = "".join(output["text"])
                html += f'<div class="given">{self.code(text)}</div>'
                height += height_of(text.splitlines(), "code")
            elif "text/html" in data:
                pictures.append("".join(data["text/html"]))
            elif "image/png" in data:
                uri = f"data:image/png;base64,{''.join(data['image/png']).strip()}"
                pictures.append(f'<img alt="{pages.PLOT_ALT}" src="{uri}">')
        yield height, html
        yield from map(block_of, pictures)


def told(cell):
    """Return what slides show of a text: its pictures, the words of its links, no reading list."""
    source = pages.with_pictures("".join(cell["source"]), cell.get("attachments", {}))
    source = pages.LINK.sub(r"\1", pages.STEPS.sub("", source))
    return source.partition("\n## Further reading\n")[0]


def notes(lesson, text):
    r"""Return the part of the notes for teachers that is about a lesson, given by its number.

    >>> notes("01", "## 00 A\n\n- No.\n\n## 01 B\n\n- Yes.\n")
    '- Yes.'
    """
    found = re.search(rf"^## {lesson} .*\n((?:(?!## ).*\n)*)", text, re.MULTILINE)
    return found[1].strip() if found else ""


def about_exercise(idea, said):
    r"""Return the points of the notes that name the exercise with which an idea begins.

    >>> about_exercise([{"source": "### Exercise 2.4 · Do it"}], "- As in 2.4.\n- Not 12.4.")
    '- As in 2.4.'
    """
    heading = re.match(r"### Exercise (\d+\.\d+)", "".join(idea[0]["source"]))
    if not heading:
        return ""
    points = re.findall(rf"^- .*\b{re.escape(heading[1])}\b.*", said, re.MULTILINE)
    return "\n".join(points)


def block_of(picture):
    """Return the block of a picture, which may come with a figure around it."""
    figure = picture if "<figure" in picture else f"<figure>{picture}</figure>"
    return figure_height(picture), f'<div class="picture">{figure}</div>'


def height_of(lines, kind):
    """Return about how many pixels lines of text or code take, broken where they are too long."""
    rows = sum(max(1, -(-len(line) // CHARACTERS[kind])) for line in lines)
    return rows * (TEXT_LINE if kind == "text" else CODE_LINE) + GAP


def text_height(tokens):
    """Return about how many pixels a paragraph, a list, a table or a formula takes."""
    if tokens[0].type.startswith("math"):
        return 100
    if tokens[0].type == "table_open":
        return sum(token.type == "tr_open" for token in tokens) * ROW + GAP
    if tokens[0].type == "fence":
        return height_of(tokens[0].content.splitlines(), "code")
    return height_of([token.content for token in tokens if token.content], "text")


def figure_height(html):
    """Return how many pixels a figure should have: as drawn, between a least and a most."""
    from PIL import Image

    found = re.search(r'src="data:image/\w+;base64,([^"]+)"', html)
    if not found:
        return FIGURE_LEAST
    width, height = Image.open(BytesIO(base64.b64decode(found[1]))).size
    shown = re.search(r"width: (\d+)px", html)
    scale = min(int(shown[1]) if shown else width, WIDTH) / width
    return min(max(round(height * scale * 0.8), FIGURE_LEAST), FIGURE_MOST)


def deck(notebook, name, said):
    """Return the slides of a lesson as one page, with what the notes for teachers say of it."""
    writer = Writer()
    columns = []
    for title, section in ideas(notebook["cells"]):
        where = escape(re.sub(r" \(\d+ minutes\)|`", "", title))
        column = []
        for idea in section:
            blocks = [block for cell in idea for block in writer.blocks(cell)]
            slides = [f'<p class="where">{where}</p>{"".join(slide)}' for slide in pack(blocks)]
            slides = [f'<div class="slide">{slide}</div>' for slide in slides]
            is_first = not columns and not column
            slides[0] += writer.aside(said if is_first else about_exercise(idea, said))
            column += [f"<section>{slide}</section>" for slide in slides]
        columns.append(f"<section>\n{chr(10).join(column)}\n</section>")
    first = "".join(notebook["cells"][0]["source"]).partition("\n")[0].removeprefix("# ")
    page = (pages.SITE / "reveal" / "deck.html").read_text(encoding="utf-8")
    return page.replace("TITLE", escape(f"{name[:2]} {first}")).replace(
        "SLIDES", "\n".join(columns)
    )


def write(target, wanted=()):
    """Write the slides of all lessons, or of those whose numbers are given, into a folder."""
    from pygments.formatters import HtmlFormatter

    lessons = [path for path in pages.notebooks() if not wanted or path.name[:2] in wanted]
    if not lessons:
        sys.exit(f"No lesson has the number {' or '.join(wanted)}; they look like 04.")
    local = target / "reveal"
    shutil.rmtree(local, ignore_errors=True)
    local.mkdir(parents=True)
    for file in ("reveal.js", "reveal.css", "slides.css", "LICENSE"):
        shutil.copy(pages.SITE / "reveal" / file, local)
    colours = HtmlFormatter(style="a11y-high-contrast-light").get_style_defs(".highlight")
    (local / "pygments.css").write_text(colours, encoding="utf-8")
    said = (pages.SITE / "teaching" / "notes.md").read_text(encoding="utf-8")
    for path in lessons:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        page = target / f"{path.name[:2]}.html"
        slides = deck(notebook, path.stem, notes(path.name[:2], said))
        page.write_text(slides, encoding="utf-8", newline="\n")
    return [target / f"{path.name[:2]}.html" for path in lessons]


if __name__ == "__main__":
    packages.install()
    for written in write(TARGET, sys.argv[1:]):
        print(written.relative_to(pages.ROOT).as_posix())
