"""The first cell of every notebook: without the course's helpers, one sentence says what to do."""

import os

import nbclient
import nbformat
import pytest

from tests.unit.test_project import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PRETENDERS = {
    "no such module": "raise ModuleNotFoundError(\"No module named 'helpers'\", name='helpers')\n",
    "somebody else's": "def help_me():\n    return 'a package of the same name'\n",
}


def run_first_cell(path, monkeypatch, folder):
    """Run the first code cell in a kernel that finds `folder`/helpers.py first."""
    notebook = nbformat.read(path, as_version=4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    notebook.cells = [first]
    monkeypatch.setenv("PYTHONPATH", os.fspath(folder))
    nbclient.NotebookClient(notebook, allow_errors=True, timeout=60).execute()
    return first.outputs


@pytest.mark.parametrize("pretender", PRETENDERS)
def test_wrong_helpers_get_one_sentence_with_the_command(monkeypatch, tmp_path, pretender):
    assert NOTEBOOKS
    (tmp_path / "helpers.py").write_text(PRETENDERS[pretender], encoding="utf-8")
    outputs = run_first_cell(NOTEBOOKS[0], monkeypatch, tmp_path)
    error = next(each for each in outputs if each.output_type == "error")
    assert error.ename == "SystemExit"
    assert "python start.py" in error.evalue
    assert "Traceback" not in "".join(error.traceback)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_begins_with_that_check(path):
    notebook = nbformat.read(path, as_version=4)
    first = next(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert first.startswith("%matplotlib inline\n")
    check = first[first.index("try:") :]
    assert "from helpers import" in check
    assert "except ImportError:" in check
    assert "In the course folder run: python start.py" in check
