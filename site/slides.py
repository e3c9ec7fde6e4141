"""Slides of the lessons, made from the notebooks: `python start.py slides`, or `slides 04` for one.

A section of a lesson is a column of slides, and a text with its code and what it gives is one of
them. What does not fit goes on to the next. Solutions are left out. Everything is in build/slides:
open a file there with a browser, on a computer without a network as well.
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
    return [(title, each) for title, each in sections if title not in LEFT_OUT]


def has_code(idea):
    """Tell whether an idea has its code already, so that a text begins the next."""
    return any(cell["cell_type"] == "code" for cell in idea)


def pack(blocks, room=ROOM):
    """Lay blocks, each a (height, html), on as many slides as they need; headings stay with theirs.

    >>> pack([(400, "a"), (150, "b"), (100, "c")], room=600)
    [['a', 'b'], ['c']]
    """
    slides, left = [[]], room
    for number, (height, html) in enumerate(blocks):
        follows = blocks[number + 1][0] if number + 1 < len(blocks) else 0
        is_heading = html.startswith("<h")
        if slides[-1] and height + is_heading * min(follows, room // 2) > left:
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
        source = pages.STEPS.sub("", source)
        source = pages.LINK.sub(r"\1", source)
        tokens = self.markdown.parse(source)
        part = []
        for token in tokens:
            part.append(token)
            if token.level == 0 and token.nesting <= 0:
                html = self.markdown.renderer.render(part, self.markdown.options, {})
                yield text_height(part), html
                part = []

    def blocks(self, cell):
        """Yield the blocks of a cell: its text, or its code and what this gives."""
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            yield from self.text(source)
            return
        yield from self.code_blocks(cell, source)

    def code_blocks(self, cell, source):
        """Yield the code of a cell with the text that it prints, and each of its figures."""
        height, html = height_of(source.splitlines(), "code"), self.code(source, "python")
        pictures = []
        is_exercise = "exercise" in cell["metadata"].get("tags", [])
        # What an exercise says before somebody has answered is of no use.
        for output in [] if is_exercise else cell["outputs"]:
            data = output.get("data", {})
            if "text" in output:
                text = "".join(output["text"])
                html += f'<div class="given">{self.code(text)}</div>'
                height += height_of(text.splitlines(), "code")
            elif "text/html" in data:
                pictures.append("".join(data["text/html"]))
            elif "image/png" in data:
                uri = f"data:image/png;base64,{''.join(data['image/png']).strip()}"
                pictures.append(f'<figure><img alt="{pages.PLOT_ALT}" src="{uri}"></figure>')
        yield height, html
        for picture in pictures:
            yield figure_height(picture), f'<div class="picture">{picture}</div>'


def height_of(lines, kind):
    """Return about how many pixels lines of text or code take, broken where they are too long."""
    rows = sum(max(1, -(-len(line) // CHARACTERS[kind])) for line in lines)
    return rows * (TEXT_LINE if kind == "text" else CODE_LINE) + GAP


def text_height(tokens):
    """Return about how many pixels a paragraph, a list, a table or a formula takes."""
    if tokens[0].type.startswith("math"):
        return 100
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


def deck(notebook, name):
    """Return the slides of a lesson as one page."""
    writer = Writer()
    columns = []
    for title, section in ideas(notebook["cells"]):
        where = escape(re.sub(r" \(\d+ minutes\)|`", "", title))
        column = []
        for idea in section:
            blocks = [block for cell in idea for block in writer.blocks(cell)]
            slides = (f'<p class="where">{where}</p>{"".join(slide)}' for slide in pack(blocks))
            column += [f'<section><div class="slide">{one}</div></section>' for one in slides]
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
    for path in lessons:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        page = target / f"{path.name[:2]}.html"
        page.write_text(deck(notebook, path.stem), encoding="utf-8", newline="\n")
    return [target / f"{path.name[:2]}.html" for path in lessons]


if __name__ == "__main__":
    packages.install()
    for written in write(TARGET, sys.argv[1:]):
        print(written.relative_to(pages.ROOT).as_posix())
