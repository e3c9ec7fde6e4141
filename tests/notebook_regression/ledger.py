"""What is alive at the end of a notebook. This file runs inside the notebook's kernel.

A value that is computed and never printed would otherwise change unseen. Every line survives a
change of machine or library: doubles are told to nine digits, shorter floats to six.
"""

import contextlib
import dataclasses
import datetime
import hashlib
import inspect
import io
import json
import os
import re
import runpy
import types
from collections.abc import Mapping, Set
from pathlib import Path

import numpy as np

# By its path: the kernel of a notebook is not to know the package of the tests.
_TEXT = runpy.run_path(str(Path(__file__).with_name("figure_text.py")))
check_number, number, summary = (_TEXT[name] for name in ("check_number", "number", "summary"))

NOT_DATA = types.ModuleType | types.FunctionType | types.BuiltinFunctionType | type
NUMBERS = int | float | np.integer | np.floating | np.bool_
MANY, LONG = 20, 200  # so many entries and letters are told; the rest goes into a check
DEEP = 4  # levels of lists, dicts and objects


class Ledger:
    """Describes values, each in one line.

    Of what is named as `measured` says the type alone is told. Objects are told by their contents
    when their module matches `own`, or when they are of a kind that is told apart here.
    """

    def __init__(self, measured, own):
        self.measured, self.own = re.compile(measured), re.compile(own)

    def named(self, name, value, depth=0):
        """Describe a value that has a name."""
        if self.measured.search(str(name)):
            return type(value).__name__
        return self.entry(value, depth)

    def entry(self, value, depth=0):
        """Describe one value."""
        kind = type(value).__name__
        if isinstance(value, np.ndarray):
            return self.array(value, depth)
        if isinstance(value, bool | int | np.integer | np.bool_):
            return f"{kind} {value}"
        if isinstance(value, float | np.floating):
            digits = 9 if isinstance(value, float) else 6
            # A sum that ends in 1e-17 on one machine and in 0 on another is 0.
            return f"{kind} {value:.{digits}g}" if not abs(value) <= 1e-12 else f"{kind} 0"
        if isinstance(value, complex | np.complexfloating):
            return f"{kind} {value:.9g}"
        if isinstance(value, str) and not os.path.isabs(value):  # noqa: PTH117
            text = value.replace(os.getcwd(), "…")  # noqa: PTH109, where this notebook happens to lie
            more = f" of {len(text)} letters, check {digest(text)}" if len(text) > LONG else ""
            return f"{kind} {text[:LONG]!r}{more}"
        if isinstance(value, os.PathLike):
            return f"path {os.path.basename(value)}"  # noqa: PTH119
        if isinstance(value, slice | range):
            return f"{kind} {value.start} to {value.stop} by {value.step}"
        if isinstance(value, bytes):
            # A file may hold names made by chance, of a few letters more or less.
            size = len(value)
            return f"{kind} of {size}" if size < 1000 else f"{kind}, {size / 1000:.0f} kB"
        if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
            return f"{kind} {value}"
        if depth == DEEP:
            return kind
        return self.several(value, kind, depth + 1)

    def several(self, value, kind, depth):
        """Describe a value that holds others."""
        if hasattr(value, "_asdict"):
            return self.pairs(value._asdict(), kind, depth)
        if isinstance(value, Mapping):
            return self.pairs(value, kind, depth)
        if isinstance(value, list | tuple):
            return self.listed(value, kind, depth)
        if isinstance(value, Set):
            return self.listed(sorted(value, key=str), kind, depth)
        if hasattr(value, "iloc"):
            return self.table(value, kind, depth)
        if hasattr(value, "get_params"):
            return self.pairs(self.fitted(value), kind, depth)
        if dataclasses.is_dataclass(value) or self.own.search(type(value).__module__):
            public = {n: v for n, v in getattr(value, "__dict__", {}).items() if n[0] != "_"}
            return self.pairs(public, kind, depth) if public else kind
        return kind

    def array(self, values, depth):
        """Describe an array: shape, dtype, statistics and check number."""
        shape = f"array {values.shape} {values.dtype}"
        if not values.size:
            return shape
        if values.dtype.kind == "c":
            return f"{shape}: real {self.entry(values.real)}, imag {self.entry(values.imag)}"
        if values.dtype.kind in "mM":
            return f"{shape}: check {check_number(values.astype(np.int64))}"
        if values.dtype.kind not in "biuf":
            return (
                f"array {values.shape}: {self.listed(values.ravel().tolist(), 'list', depth + 1)}"
            )
        if not np.isfinite(values).all():
            shape += f" with {np.count_nonzero(~np.isfinite(values))} NaN or infinite, else"
            values = np.where(np.isfinite(values), values, 0)
        return f"{shape}: {summary(values)}, check {check_number(values)}"

    def listed(self, values, kind, depth):
        """Describe a list: its first entries, and a check of the others."""
        values = list(values)
        text = f"{kind} of {len(values)}: "
        if len(values) > MANY and all(isinstance(each, NUMBERS) for each in values):
            return text + self.array(np.array(values), depth)
        entries = [self.entry(value, depth) for value in values]
        return text + told(entries)

    def pairs(self, mapping, kind, depth):
        """Describe names and values."""
        entries = [f"{key!r}: {self.named(key, mapping[key], depth)}" for key in mapping]
        return f"{kind} of {len(entries)}: {told(entries)}"

    def table(self, table, kind, depth):
        """Describe a table, or a column of one."""
        index = self.listed(table.index.tolist(), "index", depth)
        columns = dict(table.items()) if hasattr(table, "columns") else {table.name: table}
        columns = {name: column.to_numpy() for name, column in columns.items()}
        return f"{kind} {table.shape}, {index}; {self.pairs(columns, 'columns', depth)}"

    def fitted(self, model):
        """Return what a model was told and what it has learned: names that end in _."""
        usual = inspect.signature(type(model)).parameters
        given = model.get_params(deep=False)
        told = {
            name: value
            for name, value in given.items()
            if name not in usual or not same(value, usual[name].default)
        }
        learned = {
            n: count(n, v) for n, v in vars(model).items() if n.endswith("_") and n[0] != "_"
        }
        return told | learned


def told(entries):
    """Join entries, the first in full and the others as a check."""
    rest = entries[MANY:]
    more = f", and {len(rest)} more, check {digest(', '.join(rest))}" if rest else ""
    return ", ".join(entries[:MANY]) + more


def digest(text):
    """Return a few digits that change when a text does."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def count(name, value):
    """Return a count that a model has learned as an int: only some releases hold it in a float."""
    is_count = name.startswith("n_") and isinstance(value, NUMBERS) and value % 1 == 0
    return int(value) if is_count else value


def same(value, other):
    """Tell whether two settings of a model are the same, without comparing arrays."""
    return value is other or (type(value) is type(other) and repr(value) == repr(other))


def ledger(namespace, measured, own):
    """Return the names a notebook has given, each with its description, as JSON."""
    hidden = {"In", "Out", "exit", "quit", "open", "get_ipython"}
    names = sorted(name for name in namespace if not name.startswith("_") and name not in hidden)
    describe = Ledger(measured, own).named
    return json.dumps(
        {
            name: describe(name, value)
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
