"""helpers.batch: what a row says, that each film gets one and only one, and what may go wrong.

Tests about the way put a stand-in that takes milliseconds in place of `measure`. Where workers
die, every wait has an end, and no test asks how long anything takes.
"""

import logging
import os
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import dask
import imageio.v3 as iio
import numpy as np
import pandas as pd
import pytest
from distributed import Client, KilledWorker, LocalCluster, wait
from skimage import feature

from helpers import batch, images, lungs, opacity
from tests.unit.samples import assert_one_sentence, phantom_film
from tests.unit.stand_in import PRELOAD, quick

FOLLOWUP = Path(__file__).parents[2] / "data" / "followup"
COLUMNS = {
    "path": str,
    "height": "Int64",
    "width": "Int64",
    "dtype": str,
    "mean": float,
    "std": float,
    "lung_pixels": "Int64",
    "lung_share": float,
    "lung_mean": float,
    "opacity_share": float,
    "edge_density": float,
    "error": str,
}
NUMBERS = [name for name, kind in COLUMNS.items() if kind is not str]
FILMS = [f"film {number}.png" for number in range(60)]


def saved(path, image):
    """Write an image and return its path."""
    iio.imwrite(path, image)
    return path


def as_table(rows):
    """Return rows as the table that `measure_all` makes of them, by another way."""
    table = pd.DataFrame(rows)
    for name, kind in COLUMNS.items():
        table[name] = pd.array(table[name].tolist(), dtype=kind)
    return table


def same(table, other):
    """Tell whether two tables are equal to the last digit, in types too."""
    pd.testing.assert_frame_equal(table, other, check_exact=True)
    return True


def stamps(folder):
    """Return when each file of a folder was written, by name."""
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


@pytest.fixture(scope="module")
def small():
    """Return the first film of the phantom, 512 x 512."""
    return np.rint(images.resize(phantom_film(), (512, 512))).astype(np.uint8)


@pytest.fixture
def calls(monkeypatch):
    """Put a stand-in in place of `measure` and return the list of the paths it is called with."""
    called = []
    monkeypatch.setattr(batch, "measure", lambda path: called.append(path) or quick(path))
    return called


# ---- one film ------------------------------------------------------------------------------------


def test_a_row_holds_what_independent_formulas_give(tmp_path, small):
    row = batch.measure(saved(tmp_path / "film.png", small))
    field = lungs.lung_field(small)
    low, high = np.percentile(small, (1, 99))
    even = np.clip((small - low) / (high - low), 0, 1)
    thresholds = batch.EDGE_SIGMA, batch.EDGE_LOW, batch.EDGE_HIGH
    found = feature.canny(even, *thresholds, mode="constant")
    wanted = {
        "path": str(tmp_path / "film.png"),
        "height": 512,
        "width": 512,
        "dtype": "uint8",
        "mean": np.average(small),
        "std": np.sqrt(np.average((small - np.average(small)) ** 2)),
        "lung_pixels": np.count_nonzero(field),
        "lung_share": np.count_nonzero(field) / 512**2,
        "lung_mean": np.average(small[field]),
        "opacity_share": opacity.opacity(small, field).sum() / field.sum(),
        "edge_density": np.count_nonzero(found & field) / np.count_nonzero(field),
        "error": "",
    }
    assert list(row) == list(COLUMNS)
    for name, kind in COLUMNS.items():
        assert type(row[name]) is (int if kind == "Int64" else kind), name
        equal = row[name] == wanted[name] if kind is str else np.isclose(row[name], wanted[name])
        assert equal, name  # numbers up to rounding


def test_lungs_and_opacity_follow_the_truth_of_the_phantom():
    with np.load(FOLLOWUP / "truth.npz") as truth:
        lung_shares = truth["lung_field"].mean(axis=(1, 2))
    first, sick = (batch.measure(FOLLOWUP / f"frame_0{number}.png") for number in (0, 5))
    assert first["lung_share"] == pytest.approx(lung_shares[0], rel=0.15)
    assert (
        first["opacity_share"] < sick["opacity_share"] - 0.1
    )  # none, and the greatest of the nine


def test_rows_of_one_film_compare_in_every_size_and_depth(tmp_path, small):
    """Shares may differ by 2 %: a scan of another size is not the same film pixel for pixel."""
    film = phantom_film()
    large = batch.measure(saved(tmp_path / "large.png", film))
    deep = batch.measure(saved(tmp_path / "deep.png", film.astype(np.uint16) * 257))
    half = batch.measure(saved(tmp_path / "half.png", small))
    for name in ("lung_share", "edge_density"):
        assert half[name] == pytest.approx(large[name], rel=0.02)
        assert deep[name] == pytest.approx(large[name], rel=1e-3)  # rounding before the edges
    assert large["lung_pixels"] == pytest.approx(4 * half["lung_pixels"], rel=0.02)
    assert large["lung_pixels"] == round(large["lung_share"] * 1024**2)
    assert (large["height"], large["width"], large["dtype"]) == (1024, 1024, "uint8")
    assert deep["dtype"] == "uint16"
    assert deep["mean"] == pytest.approx(257 * large["mean"], rel=1e-12)


def test_a_film_that_is_wide_is_shrunk_without_distortion(tmp_path):
    wide = np.pad(phantom_film(), ((0, 0), (0, 256)))
    assert batch._working_film(wide).shape == (410, 512)
    assert batch._working_film(wide[:3, :3]).shape == (3, 3)
    assert batch._working_film(np.zeros((1, 5000))).shape == (1, 512)


BAD_FILES = {
    "missing": None,
    "empty": b"",
    "text": b"patient did not come",
    "cut off": iio.imwrite("<bytes>", phantom_film(), extension=".png")[:9000],
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_becomes_a_row_with_its_error(tmp_path, content):
    path = tmp_path / "bad.png"
    if content is not None:
        path.write_bytes(content)
    row = batch.measure(path)
    assert list(row) == list(COLUMNS)
    assert [row[name] for name in NUMBERS] == [None] * len(NUMBERS)
    assert (row["path"], row["dtype"]) == (str(path), "")
    assert "Cannot read" in row["error"]
    assert "bad.png" in row["error"]
    assert "\n" not in row["error"]
    assert len(row["error"]) <= batch.LONGEST_ERROR


def test_whatever_a_film_does_to_an_algorithm_it_becomes_a_row(monkeypatch, tmp_path, small):
    path = saved(tmp_path / "film.png", small)

    def fails(image):
        raise MemoryError("no room\nfor it" * 100)

    monkeypatch.setattr(lungs, "lung_field", fails)
    row = batch.measure(path)
    assert row["error"].startswith("MemoryError: no room for it")
    assert len(row["error"]) == batch.LONGEST_ERROR
    assert [row[name] for name in NUMBERS] == [None] * len(NUMBERS)


def test_a_film_without_lungs_is_no_error(tmp_path):
    row = batch.measure(saved(tmp_path / "blank.png", np.full((40, 30), 9, np.uint8)))
    assert (row["error"], row["height"], row["width"], row["mean"]) == ("", 40, 30, 9.0)
    assert (row["lung_pixels"], row["lung_share"]) == (0, 0.0)
    assert row["lung_mean"] is row["opacity_share"] is row["edge_density"] is None


def test_lungs_without_tissue_between_them_cost_the_share_of_opacity_alone(
    monkeypatch, tmp_path, small
):
    path = saved(tmp_path / "film.png", small)
    whole = batch.measure(path)
    everything = np.ones(small.shape, bool)
    monkeypatch.setattr(lungs, "lung_field", lambda film: everything)
    row = batch.measure(path)
    assert (row["error"], row["lung_share"], row["opacity_share"]) == ("", 1.0, None)
    for name in ("height", "mean", "std"):
        assert row[name] == whole[name]
    assert row["lung_mean"] == pytest.approx(whole["mean"])
    assert row["edge_density"] > 0


# ---- many films, in this process -----------------------------------------------------------------


def test_rows_come_in_the_order_of_the_paths(tmp_path, small):
    paths = [
        saved(tmp_path / f"{name}.png", small[:, :wide]) for name, wide in (("b", 500), ("a", 400))
    ]
    paths.insert(1, tmp_path / "missing.png")
    table = batch.measure_all(iter(paths), progress=False)
    assert same(table, as_table([batch.measure(path) for path in paths]))
    assert table["width"].tolist() == [500, pd.NA, 400]


@pytest.mark.parametrize(
    ("paths", "kind"),
    [
        ([], ValueError),
        ("films", TypeError),
        (Path("films"), TypeError),
        (None, TypeError),
        (["a.png", 7], TypeError),
        (["a.png", "b.png", Path("a.png")], ValueError),
    ],
)
def test_a_bad_list_of_paths_is_refused(paths, kind, calls):
    with pytest.raises(kind):
        batch.measure_all(paths, progress=False)
    assert calls == []


def test_one_sentence_names_what_came_and_what_helps(calls, tmp_path):
    with pytest.raises(TypeError, match=r"films.*list_images\(folder\)") as caught:
        batch.measure_all("films")
    assert_one_sentence(caught)
    with pytest.raises(ValueError, match=r"a\.png is in paths 2") as caught:
        batch.measure_all(["b.png", "a.png", "a.png"])
    assert_one_sentence(caught)
    with pytest.raises(ValueError, match="at least one film") as caught:
        batch.measure_all([])
    assert_one_sentence(caught)
    file = tmp_path / "rows.csv"
    file.touch()
    with pytest.raises(ValueError, match=r"rows\.csv, a file") as caught:
        batch.measure_all(FILMS, table=file)
    assert_one_sentence(caught)
    with pytest.raises(TypeError, match="client is a str; a connected dask Client") as caught:
        batch.measure_all(FILMS, "tcp://cluster:8786", progress=False)
    assert_one_sentence(caught)
    assert calls == []


def test_progress_is_shown_when_it_is_wanted(calls, capsys):
    batch.measure_all(FILMS[:3], progress=False)
    assert capsys.readouterr() == ("", "")
    batch.measure_all(FILMS[:3])
    out, err = capsys.readouterr()
    assert out == ""
    assert "3/3" in err
    assert "film" in err


# ---- parts on disk -------------------------------------------------------------------------------


ODD_NAMES = ["NA", "two  spaces ", 'Jürgen "X", 2.png', "two\nlines\r.png", "nan", 'broken, "1"']
if sys.platform == "linux":  # other systems have no names that are no text
    ODD_NAMES.append(os.fsdecode(b"film\xff.png"))


def test_what_comes_back_from_the_disk_is_what_was_measured(calls, tmp_path):
    names = [*FILMS, *ODD_NAMES]
    before = batch.measure_all(names, progress=False, table=tmp_path / "a" / "table")
    assert same(before, as_table([quick(name) for name in names]))
    calls.clear()
    written = stamps(tmp_path / "a" / "table")
    good = [name for name in names[::-1] if "broken" not in name]
    after = batch.measure_all(good, progress=False, table=str(tmp_path / "a" / "table"))
    assert same(after, as_table([quick(name) for name in good]))
    assert calls == []
    assert stamps(tmp_path / "a" / "table") == written


def test_a_part_that_is_removed_is_measured_again_and_no_other_one(calls, tmp_path):
    before = batch.measure_all(FILMS, progress=False, table=tmp_path)
    written = stamps(tmp_path)
    parts = sorted(written)
    assert len(parts) == batch.FEWEST_PARTS
    (tmp_path / parts[4]).unlink()
    calls.clear()
    assert same(batch.measure_all(FILMS, progress=False, table=tmp_path), before)
    assert calls == FILMS[12:15]
    now = stamps(tmp_path)
    assert {name: now[name] for name in parts if name != parts[4]} == {
        name: written[name] for name in parts if name != parts[4]
    }


def test_no_part_holds_more_than_a_hundred_films(calls, tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "measure", lambda path: quick("good") | {"path": path})
    monkeypatch.setattr(batch, "LARGEST_PART", 2)
    batch.measure_all(FILMS, progress=False, table=tmp_path)
    sizes = [len(pd.read_csv(part)) for part in tmp_path.iterdir()]
    assert sizes == [2] * 30


def test_films_with_an_error_are_measured_again_and_rows_of_other_films_stay(calls, tmp_path):
    batch.measure_all(["a", "broken b", "broken c"], progress=False, table=tmp_path)
    written = stamps(tmp_path)
    assert len(written) == 3  # of a short list each film is a part
    calls.clear()
    table = batch.measure_all(["broken b", "a", "d"], progress=False, table=tmp_path)
    assert table["path"].tolist() == ["broken b", "a", "d"]
    assert table["error"].tolist() == ["broken", "", ""]
    assert calls == ["broken b", "d"]
    assert written.items() <= stamps(tmp_path).items()


def test_of_two_rows_of_one_film_the_last_one_counts(calls, tmp_path):
    batch.measure_all(["a"], progress=False, table=tmp_path)
    [first] = tmp_path.iterdir()
    other = first.read_text(encoding="utf-8").replace(",7,", ",8,")
    (tmp_path / "part_00001.csv").write_text(other, encoding="utf-8")
    assert batch.measure_all(["a"], progress=False, table=tmp_path)["height"].tolist() == [8]


@pytest.mark.parametrize("moment", ["measuring", "writing"])
def test_an_interrupted_run_leaves_whole_parts_and_goes_on(monkeypatch, calls, tmp_path, moment):
    def interrupted(path):
        if path == FILMS[7]:
            raise KeyboardInterrupt
        return quick(path)

    def half_written(self, path, **options):
        Path(path).write_text("path,height\nfilm 6.p", encoding="utf-8")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(batch, "measure", interrupted)
        if moment == "writing":
            batch.measure_all(FILMS[:6], progress=False, table=tmp_path)
            patch.setattr(batch, "measure", quick)
            patch.setattr(pd.DataFrame, "to_csv", half_written)
        with pytest.raises(KeyboardInterrupt):
            batch.measure_all(FILMS, progress=False, table=tmp_path)
    stored = [pd.read_csv(part) for part in sorted(tmp_path.glob("*.csv"))]
    assert pd.concat(stored)["path"].tolist() == FILMS[:6]
    calls.clear()
    table = batch.measure_all(FILMS, progress=False, table=tmp_path)
    assert same(table, as_table([quick(film) for film in FILMS]))
    assert calls == FILMS[6:]
    assert {path.suffix for path in tmp_path.iterdir()} == {".csv"}


# ---- many films, on a cluster --------------------------------------------------------------------


@contextmanager
def cluster_in_this_process():
    """Give the client of a cluster whose only worker is a thread, which starts at once."""
    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": ":0"}
    with (
        LocalCluster(**options, processes=False, silence_logs=logging.CRITICAL) as cluster,
        Client(cluster, set_as_default=False, timeout=60) as client,
    ):
        yield client


def test_parts_whose_worker_dies_are_measured_film_by_film(monkeypatch, calls):
    """The worker is a thread here, and its death the error by which Dask tells of one."""

    def measure(path):
        calls.append(path)
        if "heavy" in path:
            raise KilledWorker(path, SimpleNamespace(address="tcp://gone"), 1)
        return quick(path)

    monkeypatch.setattr(batch, "measure", measure)
    monkeypatch.setattr(batch, "FEWEST_PARTS", 2)
    films = ["a", "heavy b", "c", "d", "e", "f"]
    with cluster_in_this_process() as client:
        table = batch.measure_all(films, client, progress=False)
    assert table["path"].tolist() == films
    assert table["error"].tolist() == ["", batch.KILLED, "", "", "", ""]
    assert same(table.drop(1), as_table([quick(film) for film in films]).drop(1))
    assert calls == ["a", "heavy b", "d", "e", "f", "a", "heavy b", "c"]


def test_a_run_whose_workers_never_finish_ends(monkeypatch, tmp_path):
    end = threading.Event()

    def measure(path):
        if path == "endless":
            assert end.wait(timeout=100)
        return quick(path)

    monkeypatch.setattr(batch, "measure", measure)
    monkeypatch.setattr(batch, "LONGEST_WAIT", 1)
    films = [*FILMS[:4], "endless"]
    with cluster_in_this_process() as client:
        with pytest.raises(ConnectionError, match="no part was finished in 1 s") as caught:
            batch.measure_all(films, client, progress=False, table=tmp_path)
        end.set()
    assert_one_sentence(caught)
    stored = pd.concat(pd.read_csv(part) for part in tmp_path.iterdir())
    assert sorted(stored["path"]) == FILMS[:4]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """Return the client of a cluster of two processes that measure with the stand-in."""
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    place = {"local_directory": str(tmp_path_factory.mktemp("cluster"))}
    options |= {"scheduler_kwargs": place, "preload": [PRELOAD], **place}
    with (
        dask.config.set(batch.SETTINGS),
        LocalCluster(**options, silence_logs=logging.CRITICAL) as cluster,
        Client(cluster, set_as_default=False, timeout=60) as client,
    ):
        client.wait_for_workers(2, timeout=60)
        yield client


@pytest.mark.slow
def test_rows_with_and_without_a_cluster_are_equal(client, calls, tmp_path):
    films = FILMS + [f"broken {number}" for number in range(3)]
    table = batch.measure_all(films, client, progress=False, table=tmp_path)
    assert calls == []  # the workers have measured
    assert same(table, batch.measure_all(films, progress=False))
    assert len(calls) == len(films)
    again = batch.measure_all(FILMS, client, progress=False, table=tmp_path)
    assert same(again, table.iloc[: len(FILMS)])
    assert len(list(tmp_path.iterdir())) == 21  # of three films each; nothing was written again


@pytest.mark.slow
def test_real_films_and_a_bad_one_in_fifty(client, tmp_path, small):
    film = saved(tmp_path / "real_0.png", small[::4, ::4])
    blank = saved(tmp_path / "real_1.png", small[::4, ::4] // 255)
    paths = [film, blank, *(tmp_path / f"real_{number}.png" for number in range(2, 50))]
    for number, path in enumerate(paths[2:], start=2):  # the lungs of each fifth are found
        path.write_bytes((blank if number % 5 else film).read_bytes())
    paths[20].write_bytes(film.read_bytes()[:3000])
    table = batch.measure_all(paths, client, progress=False)
    assert table["path"].tolist() == [str(path) for path in paths]
    assert "real_20.png" in table["error"][20]
    assert table["error"].ne("").sum() == 1
    of_film, of_blank = batch.measure(film), batch.measure(blank)
    assert (of_film["lung_pixels"] > 0, of_blank["lung_pixels"]) == (True, 0)
    wanted = as_table([of_blank if number % 5 else of_film for number in range(50)])
    good = table.index != 20
    assert same(table[good].drop(columns="path"), wanted[good].drop(columns="path"))


@pytest.mark.slow
def test_nothing_is_left_on_the_cluster(client):
    batch.measure_all(FILMS, client, progress=False)
    end = time.monotonic() + 60  # Dask forgets a result soon after, not at once
    while client.futures and time.monotonic() < end:
        time.sleep(0.01)
    assert client.futures == {}


@pytest.mark.slow
def test_a_lost_scheduler_gives_one_sentence(client, monkeypatch):
    def lost(futures, timeout, return_when):
        client.cancel(futures)  # as Dask does when the connection is gone
        return wait(futures, timeout, return_when)

    monkeypatch.setattr("distributed.wait", lost)
    with pytest.raises(ConnectionError, match="scheduler is lost") as caught:
        batch.measure_all(FILMS, client, progress=False)
    assert_one_sentence(caught)


@pytest.mark.slow
def test_the_settings_reach_workers(client):
    def settings():
        names = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_")
        profile = dask.config.get("distributed.worker.profile.enabled")
        return profile, *(int(os.environ[name]) for name in names)

    assert set(client.run(settings).values()) == {(False, 64 * 2**20, 32 * 2**20)}
    # A worker that dies may need long to start again; Dask's own limit of 15 s has lost some.
    patience = dask.config.get("distributed.deploy.lost-worker-timeout")
    assert dask.utils.parse_timedelta(patience) >= 60


@pytest.mark.slow
def test_dead_workers_are_replaced_and_deadly_films_named(client, tmp_path):
    """Two films kill whoever measures them; another two kill the first worker that gets them."""
    films = FILMS.copy()
    films[10], films[40] = "deadly 10.png", "deadly 40.png"
    films[25], films[26] = (str(tmp_path / f"once {number}.png") for number in (25, 26))
    rows = tmp_path / "rows"
    table = batch.measure_all(films, client, progress=False, table=rows)
    client.cluster.scale(2)
    client.wait_for_workers(2, timeout=60)
    assert table["path"].tolist() == films
    assert table.index[table["error"] != ""].tolist() == [10, 40]
    assert table["error"][10] == table["error"][40] == batch.KILLED
    good = [film for film in films if "deadly" not in film]
    kept = table[table["error"] == ""].reset_index(drop=True)
    assert same(kept, as_table([quick(film) for film in good]))
    stored = pd.concat(pd.read_csv(part) for part in rows.iterdir())
    assert Counter(stored["path"]) == Counter(films)
