"""Tests: unit/ for the helpers and the phantom, notebook_checks/, notebook_regression/, bench/."""

import sys

# nbformat imports jsonschema, which imports this where it is there. It compiles its 38 grammars
# then, two seconds in every process, to look at addresses that no notebook holds.
sys.modules.setdefault("rfc3987_syntax", None)
