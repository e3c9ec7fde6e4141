"""Words are in doubt where what they speak of has changed, and nowhere else."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from . import notebooks, reading, store
from .planting import figure_output, stream

ALT = "A film and its gamma of 3."


def figure(alt=ALT, mean=60.1, titles=("film", "gamma")):
    """Return the output of a figure with two panels."""
    output = figure_output(alt)
    panels = [f'panel {n} "{t}": image, mean {mean}' for n, t in enumerate(titles, start=1)]
    output.data["text/plain"] = "\n".join([alt, *panels])
    return output


def notebook(power=3, total=12, text="A gamma of 3 makes 12 levels.", **drawn):
    """Return a small notebook whose text and alt text say what its cells hold."""
    return new_notebook(
        cells=[
            new_markdown_cell("# Gamma", id="title"),
            new_code_cell(f"bent = film**{power}", id="bend"),
            new_code_cell("print(levels)", id="count", outputs=[stream(f"{total} levels")]),
            new_markdown_cell(text, id="text"),
            new_code_cell("show(3, bent)", id="show", outputs=[figure(**drawn)]),
        ]
    )


FIGURE = "its figure is another one, and its alt text is not"
WORDS = "its alt text is another one, and its figure is not"


@pytest.mark.parametrize(
    ("changes", "doubts"),
    [
        ({}, []),
        ({"mean": 60.2}, [("show", FIGURE)]),
        ({"power": 2}, [("show", "says 3, which bend no"), ("text", "says 3, which bend no")]),
        ({"power": 2, "text": "A gamma of 2 makes 12 levels."}, [("show", "says 3")]),
        ({"total": 13}, [("text", "says 12, which count no longer holds")]),
        ({"titles": ("gamma", "film")}, [("show", FIGURE)]),
        ({"alt": "A film and its gamma of 30."}, [("show", WORDS)]),
        ({"titles": ("film", "bent"), "alt": "A film, bent."}, []),
    ],
)
def test_words_are_in_doubt_where_what_they_speak_of_has_changed(changes, doubts):
    found = sorted(reading.doubts(reading.read(notebook()), reading.read(notebook(**changes))))
    assert [key for key, _ in found] == [key for key, _ in doubts]
    for (_, said), (_, words) in zip(found, doubts, strict=True):
        assert said.startswith(words)


def test_a_record_keeps_what_words_in_doubt_stood_beside():
    was, now = reading.read(notebook()), reading.read(notebook(total=13))
    kept = reading.settled(was, now)
    assert (kept["text"], kept["show"]) == (was["text"], now["show"])
    assert list(reading.doubts(kept, now)) == list(reading.doubts(was, now))


def test_a_notebook_that_is_not_there_is_named():
    with pytest.raises(SystemExit, match="is no file; a path is wanted"):
        store.arguments(["missing.ipynb"])


@pytest.mark.slow
@pytest.mark.tools
def test_accept_leaves_words_in_doubt_until_they_are_said_to_fit(tmp_path, capsys):
    path, settings = tmp_path / "words.ipynb", notebooks.Settings()
    cells = [new_markdown_cell("# The total is 12."), new_code_cell("total = 12")]
    cells.append(new_code_cell("print(total + 12)"))
    stored = new_notebook(cells=cells)
    stored.cells[2].id = "sum"
    nbformat.write(stored, path)
    store.accept([path], settings)
    assert "Look at" not in capsys.readouterr().out
    stored.cells[2].source = "print(total + 13)"
    nbformat.write(stored, path)
    for words, doubted in ([], True), (["--words-fit"], False):
        _, words_fit = store.arguments([str(path), *words])
        store.accept([path], settings, words_fit)
        said = capsys.readouterr().out
        assert ("says 12, which sum no longer holds" in said) == doubted, said
