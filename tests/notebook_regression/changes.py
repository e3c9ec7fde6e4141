"""What has changed in a notebook, in words: cell by cell, panel by panel, name by name."""

import ast
import re
from difflib import SequenceMatcher
from itertools import zip_longest

from . import notebooks

LONG = 300  # letters of a value that a sentence quotes
PANEL = re.compile(r'(?:panel|frame) \d+(?: "[^"]*")?')
FACT_ENDS = re.compile(r'[,;:] (?=(?:[^"]*"[^"]*")*[^"]*$)|:$')  # outside of quotation marks


def cell_changes(wanted, notebook):
    """Yield a sentence for each cell that is not the one in a golden record.

    Of a line that has changed the record holds a few digits, not the words.
    """
    if not wanted:
        yield "the record says nothing of its cells"
        return
    found = notebooks.contents(notebook)
    names = dict(zip(found, notebooks.cell_names(notebook), strict=True))
    yield from (f"the cell with the id {key} is gone" for key in wanted if key not in found)
    yield from (f"{names[key]} is not in the record" for key in found if key not in wanted)
    was, now = [key for key in wanted if key in found], [key for key in found if key in wanted]
    yield from (f"{names[key]} stands in another place" for key in moved(was, now))
    for key, cell in zip(found, notebook.cells, strict=True):
        if key in wanted and wanted[key] != found[key]:
            heads, hashes = zip(
                *(each.split(": ", 1) for each in (wanted[key], found[key])), strict=True
            )
            if heads[0] != heads[1]:
                yield f"{names[key]} is {heads[1]}; in the record it is {heads[0]}"
            lines = cell.source.splitlines()
            yield from (f"{names[key]}: {text}" for text in line_changes(*hashes, lines))


def moved(was, now):
    """Return what stands elsewhere in two orders of the same things, as few as may be."""
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    carried = [key for tag, i, j, *_ in matcher.get_opcodes() if tag != "equal" for key in was[i:j]]
    exchanged = [new for old, new in zip(was, now, strict=True) if old != new]
    return min(exchanged, carried, key=len)


def line_changes(was, now, lines):
    """Yield what has happened to the lines of a cell, given the digits of each."""
    for tag, i, j, start, end in SequenceMatcher(
        None, was.split(), now.split(), False
    ).get_opcodes():
        words = short(" ".join(line.strip() for line in lines[start:end]))
        if tag in ("replace", "insert"):
            kind = "changed" if tag == "replace" else "new"
            yield f"line {start + 1} is {kind}: {words}"
        if tag == "delete" or (tag == "replace" and j - i > end - start):
            yield f"{(j - i) - (end - start)} lines are gone after line {end}"


def output_changes(was, now):
    """Yield what has changed in the outputs of a cell."""
    old, new = (", ".join(kinds(outputs)) or "none" for outputs in (was, now))
    if old != new:
        yield f"its outputs are {new}; they were {old}"
    for index, (old, new) in enumerate(zip_longest(was, now), start=1):
        texts = [notebooks.plain_text(each) if each else "" for each in (old, new)]
        which = f"output {index}: " if len(now) > 1 else ""
        yield from (f"{which}{text}" for text in text_changes(*texts))
        if texts[0] == texts[1] and old != new:
            yield f"{which}its page or picture is drawn otherwise, with the same text"


def text_changes(was, now):
    """Yield the lines in which two texts differ, each with the panel that it belongs to."""
    was, now = was.splitlines(), now.splitlines()
    matcher = SequenceMatcher(None, list(map(key, was)), list(map(key, now)), autojunk=False)
    for _, i, j, start, end in matcher.get_opcodes():
        for offset, (old, new) in enumerate(zip_longest(was[i:j], now[start:end], fillvalue="")):
            if old != new:
                place = panel(now, start + offset) if (new or old).startswith(" ") else ""
                yield place + fact_changes(old.strip(), new.strip())


def key(line):
    """Return what stays of a line when its numbers change; of a panel, number and title."""
    return (
        PANEL.match(line)[0] if PANEL.match(line) else re.sub(r"[-+]?\d[\d.e+-]*", "#", line)[:40]
    )


def panel(lines, index):
    """Return the panel that a line belongs to: the last one that begins above."""
    heads = list(filter(None, map(PANEL.match, lines[: index + 1])))
    return f"{heads[-1][0]}: " if heads else ""


def fact_changes(was, now):
    """Write what differs between two lines, as in 'panel 2 "σ = 2": mean 12.3 → 12.9'."""
    head = PANEL.match(now)
    head = f"{head[0]}: " if head and was.startswith(head[0]) else ""
    olds, news = (FACT_ENDS.split(text) for text in (was, now))
    if len(olds) == len(news) and len(olds) > 1:
        pairs = zip(olds, news, strict=True)
        return head + ", ".join(one_change(old, new) for old, new in pairs if old != new)
    if not (old := [fact for fact in olds if fact not in news]):
        return head + ", ".join(f"now {fact}" for fact in news if fact not in olds)
    if len(olds) > 1 and len(news) > 1:
        new = [fact for fact in news if fact not in olds]
        return f"{head}{', '.join(old)} → {', '.join(new) or 'nothing'}"
    return f"{short(was) or 'nothing'} → {short(now) or 'nothing'}"


def one_change(was, now):
    """Write one fact that has changed; a word that both begin with is said once."""
    name = "" if PANEL.match(was) else f"{was.split(' ')[0]} "
    return f"{was} → {now.removeprefix(name)}"


def short(text):
    """Cut a long text."""
    return text if len(text) <= LONG else f"{text[:LONG]}…"


def kinds(outputs):
    """Return what each output is: a stream's name, or the kinds of its data."""
    return [
        output.get("name") or " ".join(sorted(output.get("data", {"error": None})))
        for output in outputs
    ]


def variable_changes(was, now, notebook):
    """Yield a sentence for each variable that differs from the record, with the cell it is from."""
    for name in sorted(was.keys() | now.keys()):
        old, new = was.get(name, "none"), now.get(name, "none")
        if old != new:
            place = bound_in(notebook, name)
            yield f"variable {name}{place}: {short(old)} in the record, now {short(new)}"


def bound_in(notebook, name):
    """Name the last cell that binds a name, in brackets."""
    names = notebooks.cell_names(notebook)
    for where, cell in reversed(list(zip(names, notebook.cells, strict=True))):
        if cell.cell_type == "code" and binds(cell.source, name):
            return f" ({where})"
    return ""


def binds(source, name):
    """Tell whether code binds a name."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:  # magic, or an announced error
        return False
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in nodes
    )
