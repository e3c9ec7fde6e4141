"""What has changed is told in words: the cell, the panel, the value before and after."""

import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from . import notebooks, store
from .changes import cell_changes, text_changes
from .notebooks import contents
from .planting import figure_output, good_notebook, put, remove, tagged


def moved(notebook):
    notebook.cells[3], notebook.cells[5] = notebook.cells[5], notebook.cells[3]


def doubled(notebook):
    notebook.cells.insert(4, notebook.cells[3])


WORDS = "## Films\n\nSee [this one](01_good.ipynb#films)."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put(2, source=WORDS.replace("this", "that")),
         ['cell 3 "## Films See [that one](01_goo…": line 3 is changed: See [that']),
        (put(2, source="## Films"), ['cell 3 "## Films": 2 lines are gone after line 1']),
        (put(5, source="print(film.mean())\nassert x"), ["line 2 is new: assert x"]),
        (put(5, source=""), ['cell 6 "": 1 lines are gone after line 0']),
        (remove(4), ["the cell with the id", "is gone"]),
        (doubled, ['cell 5 "show(film)" is not in the record']),
        (moved, ['cell 4 "print(film.mean())" stands in another place', 'cell 6 "show(film)"']),
        (put(3, outputs=[]), ['cell 4 "show(film)" is code; in the record it is code, 1 outputs']),
        (put(3, outputs=[figure_output()] * 2), ["is code, 2 outputs, 2 pictures; in the record"]),
        (put(2, attachments={"x.png": {"image/png": "AAAA"}}), ["is markdown, attachments "]),
        (tagged(3, "nbval-skip"), ["is code nbval-skip, 1 outputs"]),
    ],
)  # fmt: skip
def test_a_cell_that_is_not_as_it_was_stored_is_named(change, said):
    notebook = good_notebook()
    record = contents(notebook)
    assert list(cell_changes(record, notebook)) == []
    change(notebook)
    found = list(cell_changes(record, notebook))
    for words in said:
        assert words in "\n".join(found)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("mean 12.3\n", "mean 12.9\n", ["mean 12.3 → mean 12.9"]),
        ("alt\npanel 1: a\npanel 2 \"σ = 2\": image (4, 4), mean 12.3, check 7",
         "alt\npanel 1: a\npanel 2 \"σ = 2\": image (4, 4), mean 12.9, check 8",
         ['panel 2 "σ = 2": mean 12.3 → 12.9, check 7 → 8']),
        ("panel 1 \"a\":\n  curve, x 0 to 2", "panel 1 \"a\":\n  curve, x 0 to 3",
         ['panel 1 "a": x 0 to 2 → 0 to 3']),
        ('panel 1 "a, b", x "c: d": one, mean 1', 'panel 1 "a, b", x "c: e": one, mean 1',
         ['panel 1 "a, b": x "c: d" → "c: e"']),
        ('panel 1 "a": one, mean 1', 'panel 1 "a": one, mean 1; C0', ['panel 1 "a": now C0']),
        ('panel 1 "a": one, mean 1', 'panel 1 "a": one', ['panel 1 "a": mean 1 → nothing']),
        ("panel 1: a, mean 1\npanel 2: b, mean 2",
         "grey\npanel 1: a, mean 3\npanel 2: b, mean 4",
         ["nothing → grey", "panel 1: mean 1 → 3", "panel 2: mean 2 → 4"]),
        ("one\ntwo", "one\ntwo\nthree", ["nothing → three"]),
        ("one\ntwo", "two", ["one → nothing"]),
    ],
)  # fmt: skip
def test_a_text_that_has_changed_is_told_by_its_facts(was, now, said):
    assert list(text_changes(was, now)) == said


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Store a notebook of four cells; return its folder."""
    path = tmp_path_factory.mktemp("stored") / "good.ipynb"
    codes = ["size = 3", "total = size * 4\nprint('total', total)", "kept = [size]"]
    cells = [new_markdown_cell("# Good"), *map(new_code_cell, codes)]
    for index, cell in enumerate(cells):
        cell.id = f"cell-{index}"
    nbformat.write(new_notebook(cells=cells), path)
    store.accept([path], notebooks.Settings())
    return path.parent


@pytest.fixture
def collection(stored, tmp_path):
    """Return a copy of that notebook, its record beside it."""
    return shutil.copytree(stored, tmp_path / "copy") / "good.ipynb"


@pytest.mark.slow
@pytest.mark.tools
def test_accept_tells_exactly_the_cells_that_a_change_touches_and_stores_them(collection, capsys):
    capsys.readouterr()
    before = collection.read_bytes()
    store.accept([collection], notebooks.Settings())
    assert capsys.readouterr().out == "good.ipynb: nothing has changed\n"
    assert collection.read_bytes() == before
    collection.write_bytes(before.replace(b"size = 3", b"size = 5"))
    store.accept([collection], notebooks.Settings())
    assert capsys.readouterr().out.splitlines() == [
        'good.ipynb, cell 2 "size = 5": line 1 is changed: size = 5',
        "good.ipynb, cell 3 \"total = size * 4 print('total'…\": total 12 → total 20",
        'good.ipynb, variable kept (cell 4 "kept = [size]"): list of 1: int 3 in the record, '
        "now list of 1: int 5",
        'good.ipynb, variable size (cell 2 "size = 5"): int 3 in the record, now int 5',
        "good.ipynb, variable total (cell 3 \"total = size * 4 print('total'…\"): int 12 in the "
        "record, now int 20",
    ]
    store.accept([collection], notebooks.Settings())
    assert capsys.readouterr().out == "good.ipynb: nothing has changed\n"


@pytest.mark.slow
@pytest.mark.tools
def test_accept_tells_which_words_no_longer_fit(collection, capsys):
    notebook = notebooks.read(collection)
    notebook.cells[0].source = "# Good\n\nThe total is 12."
    nbformat.write(notebook, collection)
    store.accept([collection], notebooks.Settings())
    assert "Look at" not in capsys.readouterr().out
    notebook.cells[1].source = "size = 5"
    nbformat.write(notebook, collection)
    store.accept([collection], notebooks.Settings())
    assert "Look at the words: good.ipynb cell 1 says 12, which no cell" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.tools
def test_accept_refuses_what_the_settings_forbid_and_writes_nothing(collection, capsys):
    before = collection.read_bytes()
    settings = notebooks.Settings(refused=lambda path, notebook: ["cell 2 is filled in"])
    with pytest.raises(SystemExit):
        store.accept([collection], settings)
    assert "good.ipynb is not stored:\ncell 2 is filled in" in capsys.readouterr().out
    assert collection.read_bytes() == before
