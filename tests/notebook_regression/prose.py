"""Numbers in text cells: each must be found in the code or the outputs around it, or have a reason.

A number counts as found when a code cell near its text, in the same section, holds it or prints it,
as it is or rounded: 12 % is found where 0.118 or 11.8 is printed. A single digit, which stands
nearly everywhere, has to be nearer. Words from five on are numbers too; those of lists and
headings, in addresses, powers and indices are let go.
"""

import re
from collections import Counter
from itertools import chain

from .notebooks import figure_texts, is_figure, plain_text

# What a text holds besides its sentences.
NOT_SAID = re.compile(
    r"```.*?```|<[^>]*>|\]\([^)]*\)|https?://\S+|^\s*\d+\.\s|^#+ [\d.]+|[\^_]\{[^}]*\}|[\^_]-?\w",
    re.DOTALL | re.MULTILINE,
)
# Not in a name such as float32, a version, a date or a colour.
NUMBER = re.compile(
    r"(?<![\w.#-])(?<!\d[,.:/])"
    r"(\d{1,3}(?:[,\u202f\u00a0 ]\d{3})+(?!\d)|\d+)(\.\d+)?(e-?\d+)?"
    r"(?![\w#]|[:/]\d|\.\d|-\d\d-)(\s*(?:%|percent|per cent)|\s*million|\s*thousand)?"
)
# Not a pixel or a check of a figure's text, which hold every digit.
NOT_PRINTED = re.compile(r"check -?[\d. -]+|map [\d ]+|#[0-9a-f]{6}|data:image\S+")
VALUE = re.compile(r"(?<![\w.])\d[\d_]*\.?\d*(?:e[-+]?\d+)?(?![\w])|(?<![\w.])\.\d+")
DIGIT = re.compile(r"\d")
# Numbers that are written as words; two, three and four stand everywhere.
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
SMALL = ("five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", *TEENS)
WORDS = dict(zip((*SMALL, *TENS), (*range(5, 20), *range(20, 100, 10)), strict=True))
WORD = re.compile(rf"(?i)\b(?:{'|'.join(WORDS)})\b")
FACTOR = {"%": 0.01, "percent": 0.01, "per cent": 0.01, "million": 1e6, "thousand": 1e3}


# How many code cells above and below a text count as near: for a number, and for a single digit.
NEAR, NEXT = (4, 2), (2, 1)


def missing(notebook, let_go=()):
    """Yield (cell, number as written, the words around it) for each that is not found.

    The alt texts of a cell's figures count as its text. What matches the patterns of `let_go` is no
    number of the text, such as a chapter's.
    """
    for cell, number, words, holders in said(notebook, let_go):
        if not holders:
            yield cell, number, words


def said(notebook, let_go=()):
    """Yield (cell, number as written, the words around it, who holds it).

    These are the code cells near, each with how often it does.
    """
    for section in sections(notebook):
        for place, cell in enumerate(section):
            if cell.cell_type == "markdown":
                near, nearest = (cells_near(section, place, *reach) for reach in (NEAR, NEXT))
                texts = [cell.source]
            else:
                near = nearest = cells_near(section, place + 1, *NEAR)
                texts = alt_texts(cell)
            if not any(map(values_of, near)):  # a summary, without code of its own
                near = nearest = cells_near(notebook.cells, len(notebook.cells), None, None)
            for found, words in (each for text in texts for each in numbers_in(text, let_go)):
                reach = nearest if DIGIT.fullmatch(found[0]) else near
                times = ((each, times_held(each, found)) for each in reach)
                yield cell, found[0].strip(), words, [each for each in times if each[1]]


def times_held(cell, found):
    """Return how often a code cell holds or prints a number of a text."""
    values = values_of(cell)
    if found.re is WORD:
        return values[WORDS[found[0].lower()]]
    if DIGIT.fullmatch(found[0]):
        return values[float(found[0])]
    return sum(times for value, times in values.items() if is_said(found, value))


def alt_texts(cell):
    """Return the alt texts of a cell's figures: first lines of their text, where they have any."""
    return list(filter(is_alt, (text.partition("\n")[0] for text in figure_texts(cell.outputs))))


def is_alt(line):
    """Tell whether the first line of a figure's text is an alt text."""
    return not re.match(r"(?:panel|frame) \d|text ", line)


def cells_near(section, place, above, below):
    """Return the code cells next to a place in a section."""
    before = [cell for cell in section[:place] if cell.cell_type == "code"][-(above or 0) :]
    return before + [cell for cell in section[place:] if cell.cell_type == "code"][:below]


def values_of(cell):
    """Return how often each number stands in a code cell and in its outputs."""
    return Counter(chain(*map(values_in, [cell.source, *map(printed, cell.outputs)])))


def printed(output):
    """Return what an output says, without alt text and without the pixels of a figure."""
    text = plain_text(output)
    alt, _, rest = text.partition("\n")
    text = rest if is_figure(output) and is_alt(alt) else text
    return NOT_PRINTED.sub(" ", text)


def sections(notebook):
    """Return the cells in parts, each beginning with a heading of the first or second level."""
    parts = [[]]
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.match(r"##? ", cell.source):
            parts.append([])
        parts[-1].append(cell)
    return parts


def values_in(text):
    """Return the numbers in code or in an output."""
    return [float(each.replace("_", "")) for each in VALUE.findall(text.replace(",", " "))]


def numbers_in(text, let_go=()):
    """Yield each number of a text, as a match, with the words around it."""
    for pattern in (*let_go, NOT_SAID):
        text = re.sub(pattern, " ", text, flags=0 if pattern is NOT_SAID else re.MULTILINE)
    for found in (*NUMBER.finditer(text), *WORD.finditer(text)):
        yield found, " ".join(text[max(0, found.start() - 40) : found.end() + 30].split())


def is_said(found, value):
    """Tell whether a number in a text is this value, rounded as it is written."""
    whole, decimals, power, unit = found.groups()
    said = float(re.sub(r"\D", "", whole) + (decimals or "") + (power or ""))
    step = 10.0 ** (int((power or "e0")[1:]) - max(0, len(decimals or "") - 1))
    scales = {1, FACTOR.get((unit or "").strip(), 1)}
    return any(abs(value / scale - said) <= step / 2 * (1 + 1e-9) for scale in scales)


# A clause of an alt text that says which of several panels is brighter or darker than the others.
SIDE = {"left": 0, "first": 0, "right": -1, "second": 1, "last": -1}
CLAUSE = re.compile(
    r"(?P<side>left|right|first|second|last)(?: (?:one|panel|film|image|picture))?(?: is| looks)?"
    r"(?: \w+ly)? (?P<a>brighter|darker)\b"
    r"|\b(?P<b>brighter|darker|bright|dark) on the (?P<s>left|right)\b"
)
IMAGE = re.compile(
    r'^panel \d+(?: "[^"\n]*")?[^:\n]*:\s+image [^:\n]*?mean (?P<mean>[-+.e\d]+)'
    r"[^\n]*? from (?P<low>[-+.e\d]+) to (?P<high>[-+.e\d]+)",
    re.MULTILINE,
)


# A number of things at the beginning of an alt text: as many are drawn.
COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
COUNT = re.compile(rf"(?i)({'|'.join(COUNTS)})(?: [\w-]+){{0,2}} (\w+)\b")
CURVE = re.compile(r"(?:^panel .*: |^  )\d+ points in a line(?! across)", re.MULTILINE)
SHOWN = re.compile(r"(?:^panel .*: |^  )image ", re.MULTILINE)
COUNTED = {
    **dict.fromkeys(("lines", "curves"), CURVE),
    **dict.fromkeys(("films", "pictures", "maps", "images"), SHOWN),
}


def contradictions(text):
    """Yield what the alt text of a figure says and its panels contradict, as far as that is plain.

    Which of several images is brighter, how many lines or images there are, and whether a line is
    dashed. `text` is the alt text and, from its second line on, the text of the figure.
    """
    alt, _, panels = text.partition("\n")
    yield from wrong_greys(alt, panels)
    count = COUNT.match(alt)
    if count and (pattern := COUNTED.get(count[2].lower())):
        parts = re.split(r"^(?=panel )", panels, flags=re.MULTILINE)
        there = {len(pattern.findall(panels)), *(len(pattern.findall(part)) for part in parts)}
        said = 1 + COUNTS.index(count[1].lower())
        if said not in there and panels.startswith("panel"):
            yield f"says {count[0]}, and its panels show {max(there)}"
    for style in ("dashed", "dotted"):
        lines = [line for line in panels.splitlines() if style in line]
        if style in alt and all("invisible" in line or "alpha 0" in line for line in lines):
            yield f"speaks of what is {style}, and its panels show no such line"


def wrong_greys(alt, panels):
    """Yield what an alt text calls brighter or darker and is not."""
    shown = [tuple(map(float, found.groups())) for found in IMAGE.finditer(panels)]
    greys = [(mean - low) / (high - low) for mean, low, high in shown if high > low]
    if not 1 < len(greys) == len(re.findall(r"^panel", panels, re.MULTILINE)):
        return  # not all panels are images
    for found in CLAUSE.finditer(alt):
        side, word = found["side"] or found["s"], found["a"] or found["b"]
        others = list(greys)
        grey = others.pop(SIDE[side])
        if grey <= max(others) if word.startswith("bright") else grey >= min(others):
            yield f"calls what is {side} {word}, and its panels have the means {shown}"
