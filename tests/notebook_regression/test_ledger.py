"""The ledger tells every kind of value apart from one that is only a little different."""

import collections
import dataclasses
import datetime
import types

import numpy as np
import pytest

from .ledger import Ledger

LEDGER = Ledger(r"(seconds|times?|memory)$", f"^{__name__}$")
Point = collections.namedtuple("Point", "x y")


@dataclasses.dataclass
class Box:
    """A value with names."""

    width: float


class Own:
    """A value of the collection's own."""

    def __init__(self, value):
        self.value, self._hidden = value, object()


class Model:
    """A model, as scikit-learn makes them."""

    def __init__(self, power=1.0):
        self.power = power

    def get_params(self, deep=True):
        """Return what it was told."""
        return {"power": self.power}

    def fit(self, weight):
        """Learn."""
        self.weight_ = weight
        return self


class Table:
    """A table, as pandas makes them."""

    def __init__(self, columns, index=(0, 1)):
        self.columns, self.index, self.iloc = list(columns), np.array(index), None
        self.values, self.shape = columns, (2, len(columns))

    def items(self):
        """Return names and columns."""
        column = collections.namedtuple("Column", "to_numpy")
        return [(n, column(lambda v=v: np.array(v))) for n, v in self.values.items()]


RAMP = np.arange(12.0).reshape(3, 4)
PAIRS = [
    (1, 2),
    (0.1, 0.1 + 1e-9),
    (123456.7, 123456.701),
    (np.float32(0.1), np.float32(0.10001)),
    (1 + 2j, 1 + 2.000001j),
    (RAMP, RAMP * (1 + 1e-4)),
    (RAMP, np.where(RAMP == 5, 5.01, RAMP)),
    (RAMP.astype(np.float32), (RAMP * (1 + 1e-4)).astype(np.float32)),
    (RAMP * 1j, RAMP * 1.001j),
    (np.array(["a", "b"]), np.array(["a", "c"])),
    (np.array([1, 2], "datetime64[D]"), np.array([1, 3], "datetime64[D]")),
    (np.array([np.nan, 1]), np.array([np.nan, np.nan])),
    (np.zeros((0, 3)), np.zeros((0, 4))),
    ("a" * 300 + "b", "a" * 300 + "c"),
    (list(range(40)), [*range(39), 40]),
    (["a"] * 40, ["a"] * 39 + ["b"]),
    (["a"] * 40, ["a"] * 41),
    ([[1, [2, 3]]], [[1, [2, 4]]]),
    ({n: n for n in range(40)}, {n: n + (n == 39) for n in range(40)}),
    (collections.OrderedDict(a=1), collections.OrderedDict(a=2)),
    (types.MappingProxyType({"a": 1}), types.MappingProxyType({"a": 2})),
    ({"a", "b"}, {"a", "c"}),
    (Point(1, 2), Point(1, 3)),
    (Box(1.0), Box(1.5)),
    (Own(1), Own(2)),
    (Own(Own(1)), Own(Own(2))),
    (datetime.date(2026, 1, 1), datetime.date(2026, 1, 2)),
    (slice(1, 2), slice(1, 3)),
    (range(3), range(4)),
    (b"ab", b"abc"),
    (Model().fit(RAMP), Model().fit(RAMP + 1)),
    (Model(1.0), Model(2.0)),
    (Table({"a": [1, 2]}), Table({"a": [1, 3]})),
    (Table({"a": [1, 2]}), Table({"b": [1, 2]})),
    (Table({"a": [1, 2]}), Table({"a": [1.0, 2.0]})),
    (Table({"a": [1, 2]}), Table({"a": [1, 2]}, index=[0, 2])),
    (Table({"a": ["x", "y"]}), Table({"a": ["x", "z"]})),
]


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=[type(one).__name__ for one, _ in PAIRS])
def test_a_small_difference_is_told(one, other):
    assert LEDGER.entry(one) == LEDGER.entry(one)
    assert LEDGER.entry(one) != LEDGER.entry(other)


@pytest.mark.parametrize("value", [0.1, 1e5 / 3, RAMP / 7, [0.1] * 40, Own(1 / 3)])
def test_rounding_errors_are_not_told(value):
    def other(value):
        if isinstance(value, list):
            return [other(each) for each in value]
        return Own(other(value.value)) if isinstance(value, Own) else value * (1 + 4e-16)

    assert LEDGER.entry(other(value)) == LEDGER.entry(value)
    assert (LEDGER.entry(1e-17), LEDGER.entry(float("nan"))) == ("float 0", "float nan")


def test_of_a_measured_value_the_type_alone_is_told():
    assert LEDGER.named("sobel_seconds", 0.3) == "float"
    assert LEDGER.entry({"peak_memory": 3, "n": 4}) == "dict of 2: 'peak_memory': int, 'n': int 4"


def test_a_model_tells_what_differs_from_its_usual_settings_and_what_it_has_learned():
    assert LEDGER.entry(Model()) == "Model of 0: "
    assert LEDGER.entry(Model(2.0).fit(3)) == "Model of 2: 'power': float 2, 'weight_': int 3"


def test_what_a_model_has_counted_is_told_alike_from_integers_and_floats():
    def entry(counted):
        model = Model()
        model.n_seen_ = counted
        return LEDGER.entry(model)

    assert entry(36) == entry(36.0) == entry(np.float64(36)) == "Model of 1: 'n_seen_': int 36"
    assert len({entry(counted) for counted in (36, 36.5, 37, np.nan)}) == 4


def test_where_a_notebook_lies_is_not_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(tmp_path) not in LEDGER.entry(f"Cannot read {tmp_path / 'cut.png'}.")
