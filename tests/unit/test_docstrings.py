"""The examples in the docstrings of the helpers run and show what they print."""

import doctest
import importlib

import pytest

from tests.unit.test_project import ROOT

MODULES = sorted(path.stem for path in (ROOT / "helpers").glob("[a-z]*.py"))


@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_show(name, capsys):
    module = importlib.import_module(f"helpers.{name}")
    failed, tried = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0, capsys.readouterr().out
    assert tried > 0
