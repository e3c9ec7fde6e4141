"""Rules that the notebooks of any collection can keep.

A rule is a function that takes a Notebook and yields a sentence for each place where the notebook
breaks it. `RULES` holds them all by name.
"""

# ruff: noqa: D401 - the first line of a rule's docstring is the rule

import ast
import io
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image

from . import notebooks, prose, reading
from .notebooks import METADATA

MAX_NOTEBOOK = 1_100_000  # bytes
MAX_PICTURE = {"png": 200_000, "webp": 200_000, "gif": 270_000}  # bytes as stored, in base64

ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/])(?:/(?:home|Users|root|tmp|work|mnt|opt|usr|var|private|content)/|[A-Za-z]:\\)"
)
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
NUMPY_SCALAR = re.compile(r"\bnp\.(?:bool|u?int|float|complex|str)_?\d*\(")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)[^)]*\)")


@dataclass
class Notebook:
    """A notebook file, read."""

    path: Path
    settings: notebooks.Settings = field(default_factory=notebooks.Settings)
    nb: nbformat.NotebookNode = None  # read from the file when it is not given

    def __post_init__(self):  # noqa: D105
        self.nb = self.nb or notebooks.read(self.path)
        self.cells = self.nb.cells

    @property
    def chapter(self):
        """The number at the beginning of the file's name, or None."""
        found = re.match(r"\d+", self.path.name)
        return int(found[0]) if found else None

    def code(self):
        """Yield (name in messages, cell) for each code cell."""
        for index, cell in enumerate(self.cells, start=1):
            if cell.cell_type == "code":
                yield f"{self.path.name} cell {index}", cell

    def text(self):
        """Yield (name in messages, cell) for each text cell."""
        for index, cell in enumerate(self.cells, start=1):
            if cell.cell_type == "markdown":
                yield f"{self.path.name} cell {index}", cell

    def outputs(self):
        """Yield (name in messages, output) for each output."""
        for name, cell in self.code():
            for output in cell.outputs:
                yield name, output


def lines(cell):
    """Return the lines of a cell that are not blank."""
    return [line for line in cell.source.splitlines() if line.strip()]


def words(output):
    """Return everything an output says, without the pixels of its pictures."""
    texts = [output.get("text", ""), "\n".join(output.get("traceback", []))]
    texts += [
        data
        for kind, data in output.get("data", {}).items()
        if isinstance(data, str) and kind != "image/png"
    ]
    return notebooks.PICTURE.sub("", "\n".join(texts))


# ---- what readers see ---------------------------------------------------------------------------


def begins_with_a_title(notebook):
    """The first cell is text that begins with the only heading of the first level."""
    first = notebook.cells[0]
    if first.cell_type != "markdown" or not first.source.startswith("# "):
        yield f"{notebook.path.name} cell 1 is not a text cell that begins with '# ' and a title"
    for name, cell in notebook.text():
        without_code = re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
        if cell is not first and re.search(r"^# ", without_code, re.MULTILINE):
            yield f"{name} has a second title; headings inside begin with ## or more"


def text_explains_code(notebook):
    """There is at least one text cell for each code cell."""
    code, text = len(list(notebook.code())), len(list(notebook.text()))
    if text < code:
        yield f"{notebook.path.name} has {text} text cells for {code} code cells"


def a_figure_comes_early(notebook):
    """One of the first five cells, text or code, shows a figure."""
    if not any(
        "<img" in words(out) or notebooks.is_figure(out)
        for cell in notebook.cells[:5]
        for out in cell.get("outputs", [])
    ):
        yield f"{notebook.path.name} shows no figure in its first five cells"


def figures_have_alt_text(notebook):
    """Every figure has an alt text of three words or more; then its plain text describes it."""
    for name, cell in notebook.code():
        plain_show = (notebook.path.name, cell.get("id")) in notebook.settings.plain_show
        for data in (output.get("data", {}) for output in cell.outputs):
            text, page = data.get("text/plain", ""), data.get("text/html", "")
            if {"image/jpeg", "image/svg+xml"} & set(data):
                yield f"{name} shows a picture that is neither in HTML nor a PNG"
            if "image/png" in data and not plain_show:
                yield f"{name} shows a picture that has no alt text"
            if "<Figure size" in text:
                yield f"{name} has a figure that is not described: store it anew"
            for alt in alt_texts(page):
                if len(alt.split()) < 3:
                    yield f"{name} has a picture with the alt text {alt!r}"
                elif not text.startswith(alt + "\n"):
                    yield f"{name} has a picture whose plain text does not begin with its alt text"


def text_pictures_have_alt_text(notebook):
    """Every picture in a text cell has an alt text."""
    for name, cell in notebook.text():
        alts = [alt for mark, alt, _ in LINK.findall(cell.source) if mark]
        for alt in alts + alt_texts(cell.source):
            if len(alt.split()) < 3:
                yield f"{name} has a picture with the alt text {alt!r}"


def alt_texts(html):
    """Return the alt texts of the pictures in HTML, "" where there is none."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: (
        found.append(dict(attributes).get("alt") or "") if tag == "img" else None
    )
    parser.feed(html)
    return found


def links_lead_somewhere(notebook):
    """Every relative link names a file of the course, every attachment is there."""
    for name, cell in notebook.text():
        targets = [target for _, _, target in LINK.findall(cell.source)]
        targets += re.findall(r"(?:src|href)=[\"']([^\"']+)", cell.source)
        for target in targets:
            file = target.split("#")[0]
            if file.startswith("attachment:"):
                if file.removeprefix("attachment:") not in cell.get("attachments", {}):
                    yield f"{name} shows {target}, which is not attached"
            elif re.match(r"\w+:", file):
                continue  # the web
            elif file and not (notebook.path.parent / file).exists():
                yield f"{name} links to {target}, which does not exist"


def numbers_in_text_are_printed(notebook):
    """A number in a text or alt text is held or printed near it, or the settings say why not."""
    allowed = {
        (key, number): text
        for key, reasons in notebook.settings.numbers.get(notebook.path.name, {}).items()
        for text, numbers in reasons.items()
        for number in numbers
    }
    sources = {cell.get("id"): cell.source for cell in notebook.cells}
    for (key, number), text in allowed.items():
        if number not in sources.get(key, ""):
            yield f"{notebook.path.name} has no {number} in {key}, as the settings say: {text}"
    names = {id(cell): name for name, cell in [*notebook.text(), *notebook.code()]}
    for cell, number, near in prose.missing(notebook.nb, notebook.settings.let_go):
        if (cell.get("id"), number) not in allowed:
            yield f"{names[id(cell)]} says {number}, which no cell near it prints: … {near} …"


def alt_texts_fit_the_panels(notebook):
    """What an alt text calls brighter, counts or calls dashed is so."""
    for name, cell in notebook.code():
        for text in notebooks.figure_texts(cell.outputs):
            yield from (f"{name}: the alt text {said}" for said in prose.contradictions(text))


def words_were_read(notebook):
    """Words are read again where what they speak of has changed: or `--words-fit` says they fit."""
    record = notebook.settings.record_of(notebook.path)
    was = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    now = reading.read(notebook.nb, notebook.settings.let_go)
    names = {cell.id: name for name, cell in [*notebook.text(), *notebook.code()]}
    for key, doubt in sorted(reading.doubts(was.get("words", {}), now)):
        yield f"{names[key]} ({key}): {doubt}"


def claims_stay(notebook):
    """What a cell says to be true, and the code that says so, are those that the settings list."""
    wanted = notebook.settings.claims.get(notebook.path.name, {})
    found = {cell.get("id"): (name, claims(cell)) for name, cell in notebook.code()}
    for key in wanted.keys() - found.keys():
        yield f"{notebook.path.name} has no cell {key}, which claims {wanted[key]}"
    for key, (name, said) in found.items():
        listed = wanted.get(key, []) if wanted else said
        yield from (f"{name} ({key}) has no {text!r}" for text in listed if text not in said)
        yield from (
            f"{name} ({key}) has, unlisted, {text!r}" for text in said if text not in listed
        )


def claims(cell):
    """Return the lines that end in True or False, the code that prints them, and assertions."""
    text = "\n".join(map(notebooks.plain_text, cell.outputs))
    lines = re.findall(r"^.*\S: +(?:True|False)$", text, re.MULTILINE)
    kinds = ast.Assert | ast.Call if lines else ast.Assert
    nodes = [node for statement in statements(cell) for node in ast.walk(statement)]
    code = [ast.get_source_segment(cell.source, node) for node in nodes if isinstance(node, kinds)]
    return lines + [each for each in code if each.startswith(("assert ", "print("))]


# ---- what the code may do -----------------------------------------------------------------------


def first_cell_is_plain_imports(notebook):
    """The first code cell imports and does nothing else."""
    for name, cell in list(notebook.code())[:1]:
        for statement in statements(cell, magic=True):
            if not isinstance(statement, ast.Import | ast.ImportFrom):
                line = cell.source.splitlines()[statement.lineno - 1].strip()
                yield f"{name} does more than import: {line}"


def code_is_python(notebook):
    """There is no magic, no shell command and no question mark."""
    for name, cell in notebook.code():
        for line in lines(cell):
            if re.match(r"\s*[%!]|.*\?$|.*get_ipython\(", line):
                yield f"{name} holds more than Python: {line.strip()}"


def imports_come_first(notebook):
    """Only the first code cell imports."""
    for name, cell in list(notebook.code())[1:]:
        tree = [node for statement in statements(cell) for node in ast.walk(statement)]
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in tree):
            yield f"{name} imports; imports belong into the first code cell"


def statements(cell, magic=False):
    """Return the statements of a code cell; of one that is not Python, none.

    With `magic`, a line of magic counts as a statement.
    """
    source = re.sub(r"(?m)^[%!].*", "magic", cell.source) if magic else cell.source
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []  # magic, which has its own rule, or an announced error


# ---- what is stored -----------------------------------------------------------------------------


def nothing_goes_uncompared(notebook):
    """A tag or comment that keeps nbval from comparing stands only where the settings say why."""
    for name, cell in notebook.code():
        marks = [tag for tag in notebooks.tags(cell) if tag.lower().startswith("nbval")]
        marks += re.findall(r"(?i)(?:nbval|pytest_validate)_\w+", cell.source)
        key = (notebook.path.name, cell.get("id"))
        if marks == ["nbval-ignore-output"] and notebook.settings.uncompared.get(key):
            if any(map(notebooks.is_figure, cell.outputs)):
                yield f"{name} holds a figure, which is not compared"
        elif marks:
            yield f"{name} has {marks[0]}, but the settings give no reason for it"


def nothing_is_written_to_stderr(notebook):
    """No cell warns."""
    for name, output in notebook.outputs():
        if output.get("name") == "stderr":
            yield f"{name} writes to stderr: {output.text.strip().splitlines()[-1]}"


def only_announced_errors_are_raised(notebook):
    """A cell raises exactly when it is tagged raises-exception."""
    for name, cell in notebook.code():
        raised = [output.ename for output in cell.outputs if output.output_type == "error"]
        if raised and "raises-exception" not in notebooks.tags(cell):
            yield f"{name} raises {raised[0]}"
        if "raises-exception" in notebooks.tags(cell) and not raised:
            yield f"{name} is tagged raises-exception, but does not raise"


def it_was_run_from_top_to_bottom(notebook):
    """The execution counts are 1, 2, 3 and so on."""
    for count, (name, cell) in enumerate(notebook.code(), start=1):
        if cell.execution_count != count:
            yield f"{name} has the execution count {cell.execution_count}, not {count}"
            break


def nothing_belongs_to_one_machine(notebook):
    """No text, code or output names an absolute path or an address in memory."""
    for index, cell in enumerate(notebook.cells, start=1):
        for text in (cell.source, *map(words, cell.get("outputs", []))):
            if found := ABSOLUTE_PATH.search(text) or ADDRESS.search(text):
                start = text[found.start() :].split()[0]
                yield f"{notebook.path.name} cell {index} holds {start[:60]}"


def no_numpy_scalars_are_shown(notebook):
    """No output is np.float64(…); numbers are printed or converted."""
    for name, output in notebook.outputs():
        if found := NUMPY_SCALAR.search(words(output)):
            yield f"{name} shows {found[0]}…); print the number, or use float() or int()"


def metadata_is_the_same_everywhere(notebook):
    """Format, kernel and language are those that store.py writes."""
    nb, name = notebook.nb, notebook.path.name
    if dict(nb.metadata) != METADATA or (nb.nbformat, nb.nbformat_minor) != (4, 5):
        yield f"{name} has other metadata than store.py writes: store it anew"
    try:
        nbformat.validate(nb)
    except nbformat.ValidationError as error:
        yield f"{name} is not a valid notebook: {error.message}"


def files_stay_small(notebook):
    """A notebook has at most 1.1 MB, a picture 200 kB, an animation 270 kB."""
    if (size := notebook.path.stat().st_size) > MAX_NOTEBOOK:
        yield f"{notebook.path.name} has {size} bytes, at most {MAX_NOTEBOOK}"
    for name, output in notebook.outputs():
        found = notebooks.PICTURE.findall(notebooks.html(output))
        if "image/png" in output.get("data", {}):
            found.append(("png", output.data["image/png"]))
        for kind, data in found:
            if len(data) > MAX_PICTURE[kind]:
                yield f"{name} has a {kind} of {len(data)} bytes, at most {MAX_PICTURE[kind]}"


def pictures_are_not_blank(notebook):
    """Every stored picture can be decoded and shows something."""
    for name, cell in notebook.code():
        for data in notebooks.pictures(cell.outputs):
            try:
                with Image.open(io.BytesIO(data)) as picture:
                    blank = np.asarray(picture.convert("L"), float).std() < 1
            except (OSError, ValueError):
                yield f"{name} has a picture that is damaged"
                continue
            if blank:
                yield f"{name} has a picture that is blank"


RULES = {
    rule.__name__: rule
    for rule in (
        begins_with_a_title,
        text_explains_code,
        a_figure_comes_early,
        figures_have_alt_text,
        text_pictures_have_alt_text,
        links_lead_somewhere,
        numbers_in_text_are_printed,
        alt_texts_fit_the_panels,
        words_were_read,
        claims_stay,
        first_cell_is_plain_imports,
        code_is_python,
        imports_come_first,
        nothing_goes_uncompared,
        nothing_is_written_to_stderr,
        only_announced_errors_are_raised,
        it_was_run_from_top_to_bottom,
        nothing_belongs_to_one_machine,
        no_numpy_scalars_are_shown,
        metadata_is_the_same_everywhere,
        files_stay_small,
        pictures_are_not_blank,
    )
}
