"""The package works for another collection: copied beside one notebook, and nothing else."""

import ast
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from .notebooks import HERE

PACKAGES = {"IPython", "PIL", "matplotlib", "nbclient", "nbformat", "nbval", "numpy", "pytest"}
OWN = sorted(path for path in HERE.glob("*.py") if not path.name.startswith("test_"))


def test_nothing_but_declared_packages_is_imported():
    for path in OWN:
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        names = [each.name for node in nodes if isinstance(node, ast.Import) for each in node.names]
        names += [n.module for n in nodes if isinstance(n, ast.ImportFrom) and not n.level]
        others = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)
        assert others <= PACKAGES, path.name


def test_no_word_is_of_one_collection():
    # The names of the folders around the package, and of what lives there.
    words = re.compile(r"helpers|phantom|xray|XRAY|start\.py|lesson|notebook_checks")
    found = [path.name for path in OWN if words.search(path.read_text(encoding="utf-8"))]
    assert found == []


def run(*words, folder):
    """Run Python in a folder and return exit code and output."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.tools
def test_a_copy_beside_one_notebook_stores_it_and_sees_a_change(tmp_path):
    (tmp_path / HERE.name).mkdir()
    for path in [*OWN, HERE / "sanitize.cfg"]:
        shutil.copy(path, tmp_path / HERE.name)
    conftest = f'pytest_plugins = ["{HERE.name}.plugin"]\n'
    (tmp_path / "conftest.py").write_text(conftest, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    path = tmp_path / "one.ipynb"
    cells = [new_markdown_cell("# One"), new_code_cell("total = 1 + 2\nprint(total)")]
    nbformat.write(new_notebook(cells=cells), path)
    tests = ("-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", path.name)
    code, said = run("-m", f"{HERE.name}.store", path.name, folder=tmp_path)
    assert code == 0, said
    code, said = run(*tests, folder=tmp_path)
    assert code == 0, said
    assert "3 passed" in said
    (tmp_path / "golden" / "one.json").write_text(
        (tmp_path / "golden" / "one.json").read_text("utf-8").replace("int 3", "int 4"), "utf-8"
    )
    code, said = run(*tests, folder=tmp_path)
    assert code == 1
    assert "variable total (cell 2 " in said
    assert "int 4 in the record, now int 3" in said
