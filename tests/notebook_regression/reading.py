"""Which words somebody has to read again, since what they speak of has changed beside them.

No program can tell whether words fit a picture. So a golden record keeps what the words of a
notebook stood beside when they were last taken to fit: of each number in a text, or in the alt
texts of a cell, the code cells that held or printed it, and how often; and of each cell's figures,
a few digits of their alt texts and of all that was drawn.
Words are in doubt when a cell holds their number less often, or when alt texts changed and figures
did not, or the other way round.
New words, or `--words-fit`, settle it.
"""

from . import prose
from .notebooks import code_cells, digest, figure_texts


def read(notebook, let_go=()):
    """Return cell id -> what its words stand beside, for each cell with words to be read."""
    found = {}

    def entry(cell):
        return found.setdefault(cell.id, {"text": digest(words_of(cell)), "numbers": {}})

    for cell, number, _, holders in prose.said(notebook, let_go):
        entry(cell)["numbers"][number] = {each.id: times for each, times in holders}
    for cell in code_cells(notebook):
        if any(map(prose.is_alt, figure_texts(cell.outputs))):
            entry(cell)["drawn"] = digest(drawn(cell))
    return found


def words_of(cell):
    """Return a text, or the alt texts of a code cell's figures."""
    return cell.source if cell.cell_type == "markdown" else "\n".join(prose.alt_texts(cell))


def drawn(cell):
    """Return what the figures of a cell show, without their alt texts."""
    return "\n".join(text.partition("\n")[2] for text in figure_texts(cell.outputs))


def doubts(was, now):
    """Yield (cell id, what is in doubt) of two results of `read`: of then, and of today."""
    for key in was.keys() & now.keys():
        old, new = was[key], now[key]
        same_words, same_figure = (old.get(name) == new.get(name) for name in ("text", "drawn"))
        if same_words and not same_figure:
            yield key, "its figure is another one, and its alt text is not"
        if same_figure and not same_words and "drawn" in old:
            yield key, "its alt text is another one, and its figure is not"
        if same_words:
            for number, cells in old["numbers"].items():
                still = new["numbers"].get(number, {})
                for cell, times in cells.items():
                    if still.get(cell, 0) < times:
                        yield key, f"says {number}, which {cell} no longer holds as often"


def settled(was, now):
    """Return what a record is to keep: of cells in doubt the old entry, else today's."""
    doubted = {key for key, _ in doubts(was, now)}
    return {key: was[key] if key in doubted else entry for key, entry in now.items()}
