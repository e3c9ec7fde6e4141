"""What is alive at the end of a notebook. This file runs inside the notebook's kernel.

A value that is computed and never printed would otherwise change unseen.
"""

import contextlib
import io
import json
import os
import re
import runpy
import types
from pathlib import Path

import numpy as np

# By its path: the kernel of a notebook is not to know the package of the tests.
_TEXT = runpy.run_path(str(Path(__file__).with_name("figure_text.py")))
check_number, number, summary = (_TEXT[name] for name in ("check_number", "number", "summary"))

NOT_DATA = types.ModuleType | types.FunctionType | types.BuiltinFunctionType | type


def entry(value):
    """Describe one value in one line that survives a change of machine or library."""
    kind = type(value).__name__
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and value.size:
        shape = f"array {value.shape} {value.dtype}"
        if not np.isfinite(value).all():
            value = np.where(np.isfinite(value), value, 0)
            shape += " with NaN or infinity, else"
        return f"{shape}: {summary(value)}, check {check_number(value)}"
    if isinstance(value, bool | int | np.integer | np.bool_):
        return f"{kind} {value}"
    if isinstance(value, float | np.floating):
        # A sum that ends in 1e-17 on one machine and in 0 on another is 0.
        return f"{kind} {value:.6g}" if abs(value) > 1e-12 else f"{kind} {number(0.0)}"
    if isinstance(value, str) and not os.path.isabs(value):  # noqa: PTH117
        return f"{kind} {value[:200]!r}"
    if isinstance(value, os.PathLike):
        return f"path {os.path.basename(value)}"  # noqa: PTH119
    if isinstance(value, list | tuple):
        return f"{kind} of {len(value)}: {', '.join(map(entry, value[:20]))}"
    if type(value) is dict:
        parts = [f"{key!r}: {entry(value[key])}" for key in list(value)[:20]]
        return f"{kind} of {len(value)}: {', '.join(parts)}"
    return kind


def ledger(namespace, measured):
    """Return the names a notebook has given, each with its description, as JSON.

    Of names that match `measured`, as `sobel_seconds` does, the type alone is told.
    """
    hidden = {"In", "Out", "exit", "quit", "open", "get_ipython"}
    names = sorted(name for name in namespace if not name.startswith("_") and name not in hidden)
    return json.dumps(
        {
            name: type(value).__name__ if re.search(measured, name) else entry(value)
            for name in names
            if not isinstance(value := namespace[name], NOT_DATA)
        }
    )


def said_again(names, sources):
    """Run cells in a copy of the names that are alive; return what each of them prints."""
    said = []
    for source in sources:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(source, dict(names))
        said.append(out.getvalue())
    return said
