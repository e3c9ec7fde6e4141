"""helpers.batch: what a row says, that each film gets one and only one, and what may go wrong.

Tests about the way put a stand-in that takes milliseconds in place of `measure`.
"""

import _thread
import csv
import logging
import os
import site
import socket
import sys
import threading
import time
import types
from contextlib import closing, contextmanager
from pathlib import Path

import dask
import imageio.v3 as iio
import numpy as np
import psutil
import pytest
from distributed import Client, LocalCluster
from skimage import feature

from helpers import _cluster, _row_file, batch, images, masks
from tests.unit.samples import assert_one_sentence, phantom_film
from tests.unit.stand_in import page_faults, quick

FOLLOWUP = Path(__file__).parents[2] / "data" / "followup"
NUMBERS = [name for name, kind in batch.COLUMNS.items() if kind is not str]
FILMS = [f"film {number}.png" for number in range(60)]


def saved(path, image):
    """Write an image and return its path."""
    iio.imwrite(path, image)
    return path


def csv_rows(path):
    """Read the texts of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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
    lungs = masks.lung_field(small)
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
        "lung_pixels": np.count_nonzero(lungs),
        "lung_share": np.count_nonzero(lungs) / 512**2,
        "lung_mean": np.average(small[lungs]),
        "opacity_share": masks.opacity(small, lungs).sum() / lungs.sum(),
        "edge_density": np.count_nonzero(found & lungs) / np.count_nonzero(lungs),
        "error": "",
    }
    assert list(row) == list(batch.COLUMNS)
    for name, kind in batch.COLUMNS.items():
        assert type(row[name]) is kind, name
        same = row[name] == wanted[name] if kind is str else np.isclose(row[name], wanted[name])
        assert same, name  # numbers up to rounding


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
    assert list(row) == list(batch.COLUMNS)
    assert [row[name] for name in NUMBERS] == [None] * len(NUMBERS)
    assert row["path"] == str(path)
    assert "Cannot read" in row["error"]
    assert "bad.png" in row["error"]
    assert "\n" not in row["error"]
    assert len(row["error"]) <= batch.LONGEST_ERROR


def test_whatever_a_film_does_to_an_algorithm_it_becomes_a_row(monkeypatch, tmp_path, small):
    path = saved(tmp_path / "film.png", small)

    def fails(image):
        raise MemoryError("no room\nfor it" * 100)

    monkeypatch.setattr(masks, "lung_field", fails)
    row = batch.measure(path)
    assert row["error"].startswith("MemoryError: no room for it")
    assert len(row["error"]) == batch.LONGEST_ERROR
    assert [row[name] for name in NUMBERS] == [None] * len(NUMBERS)


def test_a_film_without_lungs_is_no_error(tmp_path):
    row = batch.measure(saved(tmp_path / "blank.png", np.full((40, 30), 9, np.uint8)))
    assert (row["error"], row["height"], row["width"], row["mean"]) == ("", 40, 30, 9.0)
    assert (row["lung_pixels"], row["lung_share"]) == (0, 0.0)
    assert row["lung_mean"] is row["opacity_share"] is row["edge_density"] is None


# ---- many films, in this process -----------------------------------------------------------------


def test_rows_come_in_the_order_of_the_paths(tmp_path, small):
    paths = [
        saved(tmp_path / f"{name}.png", small[:, :wide]) for name, wide in (("b", 500), ("a", 400))
    ]
    paths.insert(1, tmp_path / "missing.png")
    rows = batch.measure_all(iter(paths), progress=False)
    assert rows == [batch.measure(path) for path in paths]
    assert [row["width"] for row in rows] == [500, None, 400]


@pytest.mark.parametrize(
    ("paths", "kind"),
    [
        ([], ValueError),
        ("films", TypeError),
        (Path("films"), TypeError),
        (None, TypeError),
        (7, TypeError),
        (["a.png", 7], TypeError),
        (["a.png", "b.png", Path("a.png")], ValueError),
    ],
)
def test_a_bad_list_of_paths_is_refused_in_one_sentence(paths, kind, calls):
    with pytest.raises(kind) as caught:
        batch.measure_all(paths, progress=False)
    assert_one_sentence(caught)
    assert calls == []


def test_the_sentence_names_what_came_and_what_helps(calls):
    with pytest.raises(TypeError, match=r"films.*list_images\(folder\)"):
        batch.measure_all("films")
    with pytest.raises(ValueError, match=r"a\.png is in the list"):
        batch.measure_all(["b.png", "a.png", "a.png"])


def test_progress_is_shown_when_it_is_wanted(calls, capsys):
    batch.measure_all(FILMS[:3], progress=False)
    assert capsys.readouterr() == ("", "")
    batch.measure_all(FILMS[:3])
    out, err = capsys.readouterr()
    assert out == ""
    assert "3/3" in err
    assert "film" in err


# ---- rows on disk --------------------------------------------------------------------------------


def test_rows_on_disk_are_the_rows_returned_and_are_not_measured_again(calls, tmp_path):
    file = tmp_path / "rows.csv"
    names = [*FILMS[:4], 'Jürgen "X", 2.png', "two\nlines.png"]
    rows = batch.measure_all(names, progress=False, rows_to=file)
    assert [row["path"] for row in csv_rows(file)] == names
    assert list(csv_rows(file)[0]) == list(batch.COLUMNS)
    calls.clear()
    before = file.read_bytes()
    assert batch.measure_all(names[::-1], progress=False, rows_to=str(file)) == rows[::-1]
    assert calls == []
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_text_is_kept(calls, tmp_path):
    name = os.fsdecode(b"film\xff.png")
    for _ in range(2):
        rows = batch.measure_all([name], progress=False, rows_to=tmp_path / "rows.csv")
        assert [row["path"] for row in rows] == [name]
    assert calls == [name]


def test_films_with_an_error_are_measured_again_and_rows_of_other_films_stay(calls, tmp_path):
    file = tmp_path / "rows.csv"
    batch.measure_all(["a", "broken b", "broken c"], progress=False, rows_to=file)
    calls.clear()
    rows = batch.measure_all(["broken b", "a", "d"], progress=False, rows_to=file)
    assert [row["path"] for row in rows] == ["broken b", "a", "d"]
    assert calls == ["broken b", "d"]
    assert sorted(row["path"] for row in csv_rows(file)) == ["a", "broken b", "broken c", "d"]


def test_a_file_cut_at_any_byte_gives_the_rows_that_are_whole(tmp_path):
    rows = [quick(name) for name in ("film 1", 'the "2nd",\nfilm', "broken 3")]
    file = tmp_path / "rows.csv"
    with _row_file.appending(file, [], batch.COLUMNS) as add:
        header = file.stat().st_size
        ends = [add(row) or file.stat().st_size for row in rows]
    content = file.read_bytes()
    for length in range(header, len(content) + 1):
        file.write_bytes(content[:length])
        whole = sum(end <= length for end in ends)
        assert _row_file.read_rows(file, batch.COLUMNS) == rows[:whole], content[:length]


def test_a_damaged_line_is_dropped_and_its_film_measured_again(calls, tmp_path):
    file = tmp_path / "rows.csv"
    rows = batch.measure_all(FILMS[:3], progress=False, rows_to=file)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[2] = lines[2].replace(",7,", ",seven,")
    file.write_text("".join([*lines, "film 3.png,7"]), encoding="utf-8")
    calls.clear()
    assert batch.measure_all(FILMS[:3], progress=False, rows_to=file) == rows
    assert calls == ["film 1.png"]
    assert sorted(row["path"] for row in csv_rows(file)) == FILMS[:3]


def test_a_stray_quotation_mark_costs_the_lines_behind_it_and_no_more(tmp_path):
    file = tmp_path / "rows.csv"
    with _row_file.appending(file, [quick("film 1")], batch.COLUMNS) as add:
        file.write_text(
            file.read_text(encoding="utf-8") + '"' + "\nfilm" * 40_000, encoding="utf-8"
        )
        add(quick("film 2"))
    assert _row_file.read_rows(file, batch.COLUMNS) == [quick("film 1")]


def test_somebody_elses_file_is_refused_and_left_alone(calls, tmp_path):
    file = tmp_path / "patients.csv"
    file.write_text("name,age\nN. N.,61\n", encoding="utf-8")
    with pytest.raises(ValueError, match="other columns") as caught:
        batch.measure_all(FILMS, progress=False, rows_to=file)
    assert_one_sentence(caught)
    assert file.read_text(encoding="utf-8") == "name,age\nN. N.,61\n"
    for place, kind in ((tmp_path, ValueError), (tmp_path / "no" / "rows.csv", FileNotFoundError)):
        with pytest.raises(kind):
            batch.measure_all(FILMS, progress=False, rows_to=place)
    assert calls == []


def test_an_empty_file_is_filled(calls, tmp_path):
    file = tmp_path / "rows.csv"
    file.touch()
    batch.measure_all(["a"], progress=False, rows_to=file)
    assert [row["path"] for row in csv_rows(file)] == ["a"]


def test_the_new_rows_are_on_the_disk_before_the_old_file_is_replaced(monkeypatch, tmp_path):
    file, synced = tmp_path / "rows.csv", []
    file.write_text("old", encoding="utf-8")
    monkeypatch.setattr(
        os, "fsync", lambda number: synced.append((os.fstat(number).st_size, file.read_bytes()))
    )
    with _row_file.appending(file, [quick("film 1")], batch.COLUMNS):
        assert synced == [(file.stat().st_size, b"old")]


@pytest.mark.skipif(os.name == "nt", reason="Windows itself refuses to replace an open file")
def test_a_run_whose_file_is_gone_stops_instead_of_losing_rows(tmp_path):
    file = tmp_path / "rows.csv"
    with _row_file.appending(file, [], batch.COLUMNS) as first:
        first(quick("film 1"))
        with _row_file.appending(file, [quick("film 1")], batch.COLUMNS) as second:
            with pytest.raises(RuntimeError, match="replaced by another run") as caught:
                first(quick("film 2"))
            assert_one_sentence(caught)
            second(quick("film 3"))
            file.unlink()
            with pytest.raises(RuntimeError, match="or removed"):
                second(quick("film 4"))


def test_an_interrupted_run_goes_on_where_it_was(monkeypatch, tmp_path):
    file, measured = tmp_path / "rows.csv", []

    def interrupted(path):
        if len(measured) == 5:
            raise KeyboardInterrupt
        measured.append(path)
        return quick(path)

    monkeypatch.setattr(batch, "measure", interrupted)
    with pytest.raises(KeyboardInterrupt):
        batch.measure_all(FILMS, progress=False, rows_to=file)
    with file.open("a", encoding="utf-8") as half_written:
        half_written.write("film 5.png,7,7,ui")
    measured += [None]
    rows = batch.measure_all(FILMS, progress=False, rows_to=file)
    assert [row["path"] for row in rows] == [row["path"] for row in csv_rows(file)] == FILMS
    assert measured == [*FILMS[:5], None, *FILMS[5:]]


# ---- many films, on a cluster --------------------------------------------------------------------


@contextmanager
def cluster_of(count, folder):
    """Give the client of a cluster of processes that gives a film up after two deaths."""
    options = {"n_workers": count, "threads_per_worker": 1, "dashboard_address": ":0"}
    place = {"local_directory": str(folder)}
    options |= {"scheduler_kwargs": place, **place}
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        LocalCluster(**options, silence_logs=logging.CRITICAL) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """Return the client of a cluster of two processes."""
    with cluster_of(2, tmp_path_factory.mktemp("cluster")) as client:
        yield client


@contextmanager
def once_there_are(rows, file, action):
    """Call an action in another thread as soon as a CSV file holds so many rows."""
    over = threading.Event()

    def watch():
        while not over.wait(0.005):
            if file.exists() and file.read_bytes().count(b"\n") > rows:
                return action()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def tasks_left(client):
    """Count the tasks of a scheduler, having given it a second to forget those that are over."""
    for _ in range(100):
        left = client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))
        if not left:
            break
        time.sleep(0.01)
    return left


def test_a_cluster_gives_the_rows_of_a_loop(client, tmp_path, small):
    paths = [saved(tmp_path / f"{wide}.png", small[:, :wide]) for wide in (512, 300)]
    paths.insert(1, tmp_path / "missing.png")
    wanted = batch.measure_all(paths, progress=False)
    assert batch.measure_all(paths, client, progress=False) == wanted
    address = client.scheduler.address
    assert batch.measure_all(paths, address, False, tmp_path / "rows.csv") == wanted
    assert client.status == "running"


def test_few_films_are_handed_out_at_a_time(client, monkeypatch):
    monkeypatch.setattr(batch, "measure", quick)
    monkeypatch.setattr(_cluster, "LEAST_HANDED_OUT", 3)
    monkeypatch.setattr(_cluster, "ITEMS_PER_THREAD", 4)
    handed_out, submit = [], client.submit

    def counting(*args, **options):
        future = submit(*args, **options)
        handed_out.append(len(client.futures))
        return future

    monkeypatch.setattr(client, "submit", counting)
    batch.measure_all([f"film {number}" for number in range(200)], client, progress=False)
    assert len(handed_out) == 200
    # 4 for each of 2 workers; Dask forgets those that are finished a moment later.
    assert max(handed_out) <= 2 * 4 * 2


def test_a_worker_that_dies_costs_no_film(client, monkeypatch, tmp_path):
    monkeypatch.setattr(batch, "measure", quick)
    file = tmp_path / "rows.csv"
    names = [f"broken {n}" if n % 50 == 49 else f"film {n}" for n in range(150)]
    victim = psutil.Process(next(iter(client.run(os.getpid).values())))
    with once_there_are(40, file, victim.kill):
        rows = batch.measure_all(names, client, progress=False, rows_to=file)
    assert not victim.is_running()
    assert [row["path"] for row in rows] == names
    assert [row["path"] for row in rows if row["error"]] == [names[n] for n in (49, 99, 149)]
    assert sorted(row["path"] for row in csv_rows(file)) == sorted(names)
    client.wait_for_workers(2)  # for the next tests


def test_a_film_that_kills_its_workers_becomes_a_row_and_its_neighbours_live(client, monkeypatch):
    monkeypatch.setattr(batch, "measure", quick)
    names = [*FILMS[:10], "deadly", *FILMS[10:20]]
    rows = batch.measure_all(names, client, progress=False)
    assert [row["path"] for row in rows] == names
    assert [row["path"] for row in rows if row["error"]] == ["deadly"]
    assert rows[10]["error"].startswith("KilledWorker: every worker that measured this film died")
    assert list(rows[10]) == list(batch.COLUMNS)
    client.wait_for_workers(2)  # for the next tests: both died


def test_an_interruption_ends_everything_and_the_run_goes_on(client, monkeypatch, tmp_path):
    monkeypatch.setattr(batch, "measure", quick)
    file = tmp_path / "rows.csv"
    names = [f"film {number}" for number in range(400)]
    with (
        once_there_are(20, file, _thread.interrupt_main),
        pytest.raises(KeyboardInterrupt) as caught,
    ):
        batch.measure_all(names, client, progress=False, rows_to=file)
    whole = csv_rows(file)
    assert 20 <= len(whole) < 400
    # A notebook keeps the error with all its variables, among them the film just finished.
    assert tasks_left(client) <= 1
    del caught
    assert tasks_left(client) == 0
    submitted, submit = [], client.submit
    monkeypatch.setattr(
        client, "submit", lambda f, path, **more: submitted.append(path) or submit(f, path, **more)
    )
    rows = batch.measure_all(names, client, progress=False, rows_to=file)
    assert [row["path"] for row in rows] == names
    assert sorted(submitted) == sorted(set(names) - {row["path"] for row in whole})
    assert sorted(row["path"] for row in csv_rows(file)) == sorted(names)


def test_an_interruption_between_two_rows_ends_everything_too(client, monkeypatch):
    monkeypatch.setattr(batch, "measure", quick)
    rows = batch._measured_by(client, FILMS)
    assert next(rows)["error"] == ""
    rows.close()
    assert tasks_left(client) == 0


def profilers_running(client):
    """Tell for each worker whether Dask's profiler is running."""

    def is_running(dask_worker):
        callback = dask_worker.periodic_callbacks.get("profile")
        return callback is not None and callback.is_running()

    return list(client.run(is_running).values())


def test_the_profiler_which_hoards_is_off_during_a_run_and_on_again_after_it(client, monkeypatch):
    monkeypatch.setattr(batch, "measure", quick)
    rows = batch._measured_by(client, FILMS)
    next(rows)
    assert profilers_running(client) == [False, False]
    rows.close()
    assert profilers_running(client) == [True, True]


def test_an_empty_cluster_is_told_of_and_workers_that_join_later_are_tuned(monkeypatch, tmp_path):
    monkeypatch.setattr(batch, "measure", quick)
    with cluster_of(0, tmp_path) as client:
        client.cluster.adapt(maximum=1, interval="50 ms", wait_count=10_000)  # grows when it should
        with closing(batch._measured_by(client, FILMS)) as rows:
            with pytest.warns(UserWarning, match="no workers yet"):
                next(rows)
            assert profilers_running(client) == [False]
            if sys.platform == "linux":
                assert client.submit(page_faults).result() < 100 * 256 / 4  # see below
        assert profilers_running(client) == [True]


def test_two_runs_on_one_cluster_may_end_in_any_order(client, monkeypatch):
    monkeypatch.setattr(batch, "measure", quick)
    rows = batch._measured_by(client, FILMS)
    next(rows)
    batch.measure_all(FILMS[:4], client, progress=False)
    assert len(list(rows)) == len(FILMS) - 1
    assert profilers_running(client) == [True, True]


@pytest.mark.skipif(sys.platform != "linux", reason="Dask changes this on Linux alone")
def test_workers_do_not_ask_anew_for_every_array(client, monkeypatch):
    monkeypatch.setattr(batch, "measure", quick)
    batch.measure_all(FILMS[:4], client, progress=False)
    faults = client.gather([client.submit(page_faults, pure=False) for _ in range(4)])
    assert max(faults) < 100 * 256 / 4  # a megabyte has 256 pages


def test_workers_without_the_course_are_named_as_the_reason(client, monkeypatch):
    elsewhere = types.FunctionType(quick.__code__, {"__name__": "not_on_the_workers"}, "measure")
    monkeypatch.setattr(batch, "measure", elsewhere)
    with pytest.raises(RuntimeError, match=r"2 of 2 .* cannot import not_on_the_work") as caught:
        batch.measure_all(["a", "b"], client, progress=False)
    assert_one_sentence(caught)


def test_a_scheduler_without_the_course_is_named_as_the_reason(client, monkeypatch, tmp_path):
    (tmp_path / "on_the_workers").mkdir()
    for name in ("__init__.py", "alone.py"):
        (tmp_path / "on_the_workers" / name).touch()
    client.run(site.addsitedir, str(tmp_path))
    for module in ("on_the_workers", "on_the_workers.alone"):
        elsewhere = types.FunctionType(quick.__code__, {"__name__": module}, "measure")
        monkeypatch.setattr(batch, "measure", elsewhere)
        with pytest.raises(RuntimeError, match=f"scheduler cannot import {module};") as caught:
            batch.measure_all(["a"], client, progress=False)
        assert_one_sentence(caught)


def test_a_worker_that_has_just_died_is_no_reason_to_give_up(client, monkeypatch):
    monkeypatch.setattr(batch, "measure", quick)
    psutil.Process(next(iter(client.run(os.getpid).values()))).kill()
    rows = batch.measure_all(FILMS, client, progress=False)
    assert [row["path"] for row in rows if not row["error"]] == FILMS
    client.wait_for_workers(2)


def test_what_goes_wrong_on_a_worker_beside_the_measuring_is_not_hidden(client, monkeypatch):
    monkeypatch.setattr(batch, "measure", quick)
    with pytest.raises(RuntimeError, match=r"could not run a task: TypeError"):
        list(_cluster.finished(client, quick, [7]))
    assert tasks_left(client) == 0


# ---- no cluster ----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"], ids=["silent", "web"])
def test_something_else_that_listens_is_not_waited_for(words):
    def answer():
        with server.accept()[0] as call:
            call.sendall(words)
            over.wait()

    over, began = threading.Event(), time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(ConnectionError) as caught:
            batch.connect(f"tcp://127.0.0.1:{server.getsockname()[1]}", timeout=0.5)
        over.set()
    assert time.monotonic() - began < 15  # Dask alone would wait for ever
    assert_one_sentence(caught)


def test_an_address_where_nobody_is_gives_one_sentence_in_time(calls, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(ConnectionError, match=address) as caught:
        batch.connect(address, timeout=0.5)
    assert_one_sentence(caught)
    for nonsense in ("nonsense", "tcp://127.0.0.1", "http://cluster:8787/status", ""):
        with pytest.raises(ConnectionError) as caught:
            batch.measure_all(["a"], nonsense, progress=False, rows_to=tmp_path / "rows.csv")
        assert_one_sentence(caught)
    assert batch.connect.__defaults__ == (10,)  # seconds
    assert list(tmp_path.iterdir()) == []
    assert calls == []


def test_the_address_of_a_worker_is_not_that_of_a_scheduler(client):
    with pytest.raises(ConnectionError) as caught:
        batch.connect(next(iter(client.nthreads())), timeout=5)
    assert "worker" in str(caught.value.__cause__)


def test_what_is_no_client_is_refused_in_one_sentence(calls):
    for wrong in (7, Path("tcp://cluster:8786"), LocalCluster):
        with pytest.raises(TypeError) as caught:
            batch.measure_all(["a"], wrong, progress=False)
        assert_one_sentence(caught)
    with pytest.raises(TypeError) as caught:
        batch.connect(None)
    assert_one_sentence(caught)
    assert calls == []


def test_a_closed_client_is_refused_in_one_sentence(client):
    other = Client(client.scheduler.address, set_as_default=False)
    other.close()
    with pytest.raises(ValueError, match="closed") as caught:
        batch.measure_all(["a"], other, progress=False)
    assert_one_sentence(caught)
