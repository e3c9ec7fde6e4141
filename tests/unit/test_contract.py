"""Every public function of helpers against the input contract, whatever comes in.

The functions are found, not listed, so that none is forgotten; what comes back is compared with
what the docstring promises under "Returns". Otherwise the function raises TypeError, ValueError or
FileNotFoundError: one sentence written in helpers, not by Python or NumPy, that names the argument
or quotes what came. It never changes what it was given and never warns.

Numbers reach to 1e100 here, so that a product of three is still a float. Ranges up to the largest
float are tested room by room where a function promises them.
"""

import contextlib
import copy
import decimal
import fractions
import importlib
import inspect
import itertools
import linecache
import os
import pkgutil
import re
from pathlib import Path
from types import MappingProxyType

import imageio.v3 as iio
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from matplotlib.figure import Figure

import helpers
from helpers import batch
from helpers.convolution import output_size
from tests.unit.samples import DETERMINISTIC, INTEGER_DTYPES

FOLDER = Path(helpers.__file__).parent
DICOM = FOLDER.parent / "data" / "formats" / "film_12bit.dcm"
# XRAY_CONTRACT_EXAMPLES=2000 looks longer, and each time elsewhere.
EXAMPLES = int(os.environ.get("XRAY_CONTRACT_EXAMPLES", "0"))
SEARCH = settings(
    settings() if EXAMPLES else DETERMINISTIC,
    deadline=None,
    max_examples=EXAMPLES or 10,
    suppress_health_check=list(HealthCheck),
)

# In these rooms one function checks; its steps, which a lesson calls one by one, take what it made.
CHECKED = {"lungs": ["lung_field"], "opacity": ["opacity"]}
ELSEWHERE = {"datasets.main", "datasets.fetch_nih"}  # a command line, a download: test_datasets.py


def public_functions():
    """Return every public function of every room of helpers by its name, such as edges.canny."""
    rooms = [room.name for room in pkgutil.iter_modules(helpers.__path__) if not room.ispkg]
    found = {}
    for room in (room for room in rooms if not room.startswith("_")):
        module = importlib.import_module(f"helpers.{room}")
        for name, thing in vars(module).items():
            own = inspect.isfunction(thing) and thing.__module__ == module.__name__
            public = re.fullmatch(
                "[a-z]+(_[a-z]+)*", name
            )  # mutmut adds names with two underscores
            if own and public and name in CHECKED.get(room, [name]):
                found[f"{room}.{name}"] = thing
    return {name: found[name] for name in sorted(found.keys() - ELSEWHERE)}


FUNCTIONS = public_functions()
each_function = pytest.mark.parametrize("name", FUNCTIONS)

FILM = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5
MASK = FILM % 7 < 3
# An argument that is in order, by its name; a longer name is that of the one function's.
GOOD = {
    "a": MASK, "alt": "A small film, darker above.", "amount": 1.5, "b": MASK[::-1], "caption": "",
    "center": 90, "clip_limit": 0.1, "client": None, "cmap": "gray", "colorbar": False,
    "columns": 2, "data_range": 255, "detected": MASK[::-1], "extensions": ".png", "f": 3,
    "gamma": 0.7, "high": 60, "image": FILM, "images": [FILM, FILM[::-1]], "keep": True,
    "kernel": FILM[:2, :3], "labels": ["one", "two"], "levels": 256, "limits": "shared",
    "log": False, "log_image": FILM - 100.0, "low": 20, "lungs": MASK, "mask": MASK,
    "mode": "reflect", "n": 32, "operator": "sobel", "out_max": 255.0,
    "out_min": 0.0, "padding": 1, "progress": False, "reference": FILM[::-1],
    "seconds_per_frame": 0.5, "shape": (5, 4), "sigma": 1.5, "size": 3, "stack": [FILM, FILM + 1],
    "stride": 2, "table": None, "threshold": 0.5, "tiles": 2, "titles": ["one", "two"],
    "tolerance": 2.0, "truth": MASK, "value": 200, "values": FILM, "width": 50,
    "images.dicom_window.path": DICOM, "images.write_gif.stack": np.stack([FILM, FILM + 1]),
    "figures.overlay.image": [FILM, FILM], "figures.overlay.mask": [MASK, MASK],
}  # fmt: skip


ROW = batch.measure("nowhere.png")


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Return the good arguments, those among them that are files or folders."""
    root = tmp_path_factory.mktemp("films")
    for path in (root / "1_ill" / "a.png", root / "2_well" / "b.png"):
        path.parent.mkdir()
        iio.imwrite(path, FILM)
    film = root / "1_ill" / "a.png"
    return GOOD | {
        "folder": film.parent, "name": film.parent, "path": film, "paths": [film], "root": root,
        "images.write_gif.path": root / "new.gif",
    }  # fmt: skip


@pytest.fixture(autouse=True)
def no_picture(monkeypatch, tmp_path, good):
    """Leave out what takes long: the pixels of a drawing, and the phantom unless it is named."""
    if not EXAMPLES:
        monkeypatch.setattr(Figure, "draw_without_rendering", lambda figure: None)
        monkeypatch.setattr(Figure, "savefig", lambda figure, file, **options: None)
        monkeypatch.setattr(Figure, "subplots", blank_panels)
        monkeypatch.setattr(Figure, "colorbar", lambda figure, drawn, **options: None)
    monkeypatch.setattr("helpers.batch._measure_part", lambda paths: [dict(ROW, path=paths[0])])
    monkeypatch.setattr("helpers.lungs.SIDE", 32)
    monkeypatch.chdir(tmp_path)  # whatever may be written
    monkeypatch.setenv("XRAY_DATASET", str(good["folder"]))


class BlankPanel:
    """Stand in for a panel, which takes a twentieth of a second to make."""

    spines = MappingProxyType({})

    def __getattr__(self, name):  # noqa: D105
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *values, **options: self


def blank_panels(figure, rows=1, columns=1, squeeze=True):
    panels = np.array([BlankPanel() for _ in range(rows * columns)])
    return panels[0] if squeeze else panels.reshape(rows, columns)


def arguments(name, good):
    """Return good arguments of a function, in its own order."""
    values = {p: good.get(f"{name}.{p}", good.get(p)) for p in parameters(name)}
    return copy.deepcopy(values) | ({"fig": Figure()} if "fig" in values else {})


def parameters(name):
    return inspect.signature(FUNCTIONS[name]).parameters


def call(name, values):
    """Call a function; keep from the screen what it shows."""
    with contextlib.redirect_stdout(None):
        return FUNCTIONS[name](**values)


# What a docstring promises


def promises(function):
    """Return the lines under "Returns" that say what comes back, one for each thing."""
    section = re.search(
        r"Returns\n-+\n(.*?)(\n\n[A-Z]\w+\n-+\n|\Z)", inspect.getdoc(function), re.DOTALL
    )
    return re.findall(r"^(?:\w+ : )?(\S.*)", section[1], re.MULTILINE) if section else []


def check_promise(promise, result, values):
    """Check one thing that came back: its type, or its dtype, shape and range."""
    kind = re.match(r"(float|int|str|dict|list|Dataset|pandas\.DataFrame)\b(?! array|64)", promise)
    if kind:
        assert type(result).__name__ == kind[1].split(".")[-1]
        parts = result.values() if "dict of float" in promise else ()
        assert all(type(part) is float for part in parts)
        if "between 0 and 1" in promise:
            assert all(0 <= part <= 1 for part in parts)
        return
    if promise == "(center, width) of float, or None":
        assert result is None or [type(part) for part in result] == [float, float]
        return
    names = numbers_in(values, result)
    if "shape" in promise:  # that shape, the image's shape
        shape = tuple(values["shape"]) if "that shape" in promise else np.shape(values["image"])
    else:
        shape = eval(re.match(r"\((?:[^()]|\([^()]*\))*\)", promise)[0], names)
    assert isinstance(result, np.ndarray)
    assert result.shape == shape
    dtype = re.search(r"float64|bool|int(?= array)", promise)
    assert not dtype or result.dtype == np.dtype(dtype[0])
    assert np.isfinite(result).all()
    if limits := re.search(r" in [\[(](.*), (.*)\]", promise):
        low, high = (float(eval(limit, names)) for limit in limits.groups())
        slack = 1e-9 * max(abs(low), abs(high))
        assert low - slack <= result.min() <= result.max() <= high + slack


def numbers_in(values, result):
    """Return what the names in a promise such as (levels,) or (h, w) stand for."""
    first = next((values[name] for name in values if name in ARRAYS), None)
    if first is None:  # it comes from a file
        first = result[0] if np.ndim(result) == 3 else result
    names = {"output_size": output_size, "n": len(result), **values}
    names |= dict(zip("hw", np.shape(first), strict=False))
    if "kernel" in values:
        names |= dict(zip(("kh", "kw"), np.shape(values["kernel"]), strict=True))
    return names


ARRAYS = {
    "a", "b", "detected", "image", "kernel", "log_image", "lungs", "mask", "reference", "truth",
    "values",
}  # fmt: skip


def check_result(name, values, result):
    wanted = promises(FUNCTIONS[name])
    if not wanted:
        assert result is None
    elif len(wanted) > 1:
        assert len(result) == len(wanted)
        for promise, part in zip(wanted, result, strict=True):
            check_promise(promise, part, values)
    else:
        check_promise(wanted[0], result, values)


@each_function
def test_good_arguments_give_what_the_docstring_promises(name, good):
    values = arguments(name, good)
    check_result(name, values, call(name, values))


# What is refused


# What others say as well: Python of what is no file name, the system of a name it cannot take,
# Matplotlib of a colormap.
OTHERS = re.compile(
    r"os\.PathLike|not iterable|iteration over a 0-d|name too long|null|truth|cmap|Colormap"
)
FILES = {"extensions", "folder", "name", "path", "paths", "root", "table"}


def check_refusal(error, name, values):
    """Check that it is one sentence of our own about one of the arguments."""
    if not {"cmap", *FILES}.isdisjoint(values) and OTHERS.search(str(error)):
        return
    last = error.__traceback__
    while last.tb_next:
        last = last.tb_next
    file = last.tb_frame.f_code.co_filename
    assert Path(file).parent == FOLDER, error
    assert linecache.getline(file, last.tb_lineno).lstrip().startswith("raise "), error
    sentence = str(error)
    assert sentence.endswith("."), sentence
    if not any("\n" in str(values.get(file)) for file in FILES):
        assert "\n" not in sentence
        assert len(sentence) < 300
    named = any(re.search(rf"\b{argument}\b", sentence) for argument in values)
    assert named or any(quoted(value, sentence) for value in values.values()), sentence


def quoted(value, sentence):
    """Tell whether a sentence quotes a value, or one of several: a file name above all."""
    return str(value) in sentence or (
        np.iterable(value) and any(map(sentence.count, map(str, value)))
    )


def content(thing):
    """Return what must not change about an argument."""
    if isinstance(thing, np.ma.MaskedArray):
        return thing.dtype, thing.shape, thing.data.tobytes(), thing.mask.tobytes()
    if isinstance(thing, np.ndarray):
        return thing.dtype, thing.shape, thing.tobytes()
    if isinstance(thing, list | tuple):
        return [content(part) for part in thing]
    if isinstance(thing, pd.DataFrame | pd.Series):
        return thing.to_numpy().tolist()
    return repr(thing)


def check_call(name, values):
    """Call a function: what it promises, or one sentence, and its arguments as they were."""
    before = content(list(values.values()))
    try:
        result = call(name, values)
    except (TypeError, ValueError, OSError) as error:
        check_refusal(error, name, values)
    else:
        check_result(name, values, result)
    assert content(list(values.values())) == before


ODD = [
    None, True, "", "seven", "nowhere.png", b"film.png", Path("nowhere"),
    0, 1, -1, 3, 2.5, -2.5, 2**31, 2**62, -(2**62), 2**70, 1e100, -1e100, 5e-324, 1e-100,
    np.nan, np.inf, -np.inf, 1j, np.float32(2), np.int8(-3), np.uint64(2**64 - 1), np.True_,
    np.datetime64("2020-01-01"), fractions.Fraction(5, 2), decimal.Decimal("2.5"),
    [], (), {}, set(), range(3), object(), len, ..., [[]], [[1], [2, 3]], [None], ["a", "b"],
    [1, "a"], (20, 10), (np.nan, 1), (None, None), [FILM, None], [FILM, FILM[:2]], [FILM, "film"],
    {"one": MASK}, {"one": FILM}, {1: MASK},
    pd.DataFrame({"a": [1, 2], "b": [3.5, 4]}), pd.Series(["a", "b"]),
    np.array(3), np.array("text"), np.array(None), np.array([]), np.arange(5), np.zeros((0, 4)),
    np.zeros((1, 1)), np.ones((1, 9), np.uint8), np.ones((9, 1), np.int16), np.zeros((6, 8, 3)),
    np.zeros((6, 8, 4), np.uint8), np.zeros((2, 3, 3)), np.zeros((2, 2, 2, 2)), MASK.T,
    np.zeros((6, 8), bool), np.ones((6, 8), bool), np.full((6, 8), np.nan), FILM * 1j,
    FILM.astype(object), FILM.astype(str), FILM.astype("M8[s]"), np.zeros((6, 8), "u1,f4"),
    np.ma.masked_less(FILM, 9), np.ma.array(FILM), FILM.astype(">i2"), FILM / np.float16(7),
    FILM.astype(np.longdouble), -FILM.astype(int), np.full((6, 8), 2**64 - 1, np.uint64),
    np.full((6, 8), -(2**63)), np.linspace(-1e100, 1e100, 48).reshape(6, 8),
    np.where(MASK, np.inf, 1).astype(np.float32), np.asfortranarray(FILM), FILM[::-2, ::-1],
]  # fmt: skip


@each_function
@pytest.mark.timeout(60)
def test_one_odd_argument_is_used_or_refused_by_its_name(name, good):
    for spoilt, odd in itertools.product(parameters(name), ODD):
        if isinstance(GOOD.get(spoilt), bool):
            continue  # a flag is whatever Python takes for true or false
        values = arguments(name, good) | {spoilt: copy.deepcopy(odd)}
        try:
            check_call(name, values)
        except Exception as error:
            error.add_note(f"{name}({spoilt}={odd!r})")
            raise


DTYPES = ["bool", "c16", "O", "U3", "f2", ">f4", "f8", "g", *INTEGER_DTYPES, ">u2"]
SHAPES = st.just((6, 8)) | hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6)


@st.composite
def arrays(draw):
    """Draw an array of any dtype and shape, some with a NaN where the dtype has one."""
    size = draw(st.sampled_from([1, 255, 1e100]))
    values = np.random.default_rng(draw(st.integers(0, 99))).uniform(-size, size, draw(SHAPES))
    if values.size and draw(st.integers(0, 5)) == 0:
        values.flat[0] = np.nan
    with np.errstate(all="ignore"):
        return values.astype(draw(st.sampled_from(DTYPES)))


NUMBERS = (
    st.integers(-300, 300) | st.integers(-(2**70), 2**70) | st.floats(-1e100, 1e100)
    | st.sampled_from([np.nan, np.inf, -np.inf])
)  # fmt: skip
ANYTHING = (
    arrays() | arrays() | NUMBERS | NUMBERS | st.text(max_size=5) | st.sampled_from(ODD)
    | st.lists(NUMBERS, max_size=3) | st.tuples(NUMBERS, NUMBERS)
)  # fmt: skip


@each_function
@pytest.mark.timeout(60 + EXAMPLES)
def test_whatever_comes_in_is_used_or_refused(name, good):
    if parameters(name):
        spoil(name=name, good=good)


@SEARCH
@given(data=st.data())
def spoil(data, name, good):
    values = arguments(name, good)
    flags = {p for p in values if isinstance(values[p], bool)}
    for spoilt in data.draw(st.sets(st.sampled_from([*values]), min_size=1, max_size=3)) - flags:
        values[spoilt] = copy.deepcopy(data.draw(ANYTHING, label=spoilt))
    check_call(name, values)


def test_the_contract_covers_every_public_function():
    """Each argument has a value to begin with, and each room is there."""
    rooms = {name.split(".")[0] for name in FUNCTIONS}
    assert rooms == {
        "batch", "convolution", "datasets", "edges", "figures", "images", "intensity", "lungs",
        "masks", "opacity",
    }  # fmt: skip
    assert len(FUNCTIONS) >= 40
