"""What a cluster costs and brings, and that memory does not grow: `python start.py bench`.

The films are those of the phantom's follow-up series, 512 x 512, each linked many times into a
temporary folder. The number in brackets after each time is how many times slower than the fastest
it is: one worker beside the bare loop is what Dask costs, two beside one is what they bring.
Memory is measured on 200 and on 2000 films, which takes a few minutes. On a machine that is
shared, the ratios of CPU seconds that are printed say more than those of the clock.
"""

import logging
import os
import shutil
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import dask
import imageio.v3 as iio
import numpy as np
import psutil
import pytest
from distributed import Client, LocalCluster

from helpers import batch, images

FOLLOWUP = Path(__file__).parents[2] / "data" / "followup"
TIMED, FEW, MANY = 60, 200, 2000
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """Return the paths of `MANY` films."""
    folder = tmp_path_factory.mktemp("films")
    originals = []
    for number, path in enumerate(images.list_images(FOLLOWUP, ".png")):
        small = images.resize(images.read_image(path), (512, 512))
        originals.append(folder / f"original_{number}.png")
        iio.imwrite(originals[-1], np.rint(small).astype(np.uint8))
    paths = [folder / f"film_{number}.png" for number in range(MANY)]
    for number, path in enumerate(paths):
        try:
            path.hardlink_to(originals[number % len(originals)])
        except OSError:  # some file systems have no hard links
            shutil.copyfile(originals[number % len(originals)], path)
    return paths


@contextmanager
def workers(count):
    """Start a cluster of so many processes, with one thread each."""
    options = {"n_workers": count, "threads_per_worker": 1, "dashboard_address": ":0"}
    with TemporaryDirectory() as folder, dask.config.set(batch.SETTINGS):
        options |= {"scheduler_kwargs": {"local_directory": folder}, "local_directory": folder}
        cluster = LocalCluster(**options, silence_logs=logging.ERROR)
        with cluster, Client(cluster, timeout=60) as client:
            client.wait_for_workers(count, timeout=60)
            client.run(batch.measure, "no film")  # all is imported now
            yield client


@contextmanager
def peaks(processes):
    """Yield a list that gets the largest memory in use of each process, in bytes, at the end."""
    largest, over = [0] * len(processes), threading.Event()

    def watch():
        while not over.wait(0.02):
            for index, process in enumerate(processes):
                largest[index] = max(largest[index], process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield largest
    finally:
        over.set()
        watcher.join(10)


@pytest.mark.benchmark(group=f"{TIMED} films")
def test_bare_loop(benchmark, films):
    rows = benchmark.pedantic(lambda: [batch.measure(path) for path in films[:TIMED]], rounds=2)
    assert not any(row["error"] for row in rows)


@pytest.mark.benchmark(group=f"{TIMED} films")
@pytest.mark.parametrize("count", [1, 2])
def test_workers(benchmark, films, count):
    with workers(count) as client:
        table = benchmark.pedantic(
            lambda: batch.measure_all(films[:TIMED], client, progress=False), rounds=2
        )
    assert table["error"].eq("").all()


def test_one_film_in_cpu_seconds(films):
    """Print what one film costs, here and through Dask with one worker, in CPU seconds."""
    batch.measure(films[0])
    before = time.process_time()
    for path in films[:TIMED]:
        batch.measure(path)
    bare = time.process_time() - before
    with workers(1) as client:
        before = sum(client.run(time.process_time).values()) + time.process_time()
        batch.measure_all(films[:TIMED], client, progress=False)
        dask_too = sum(client.run(time.process_time).values()) + time.process_time() - before
    print(f"{bare / TIMED:.3f} CPU s a film; with Dask and one worker {dask_too / bare:.2f} times")


@pytest.mark.timeout(1800)  # 2000 films take five minutes on a slow computer
@pytest.mark.benchmark(group="memory of ten times as many films")
def test_memory_does_not_grow_with_the_number_of_films(benchmark, films):
    with workers(2) as client:
        pids = [os.getpid(), *client.run(os.getpid).values()]
        processes = [psutil.Process(pid) for pid in pids]
        with peaks(processes) as few:
            batch.measure_all(films[:FEW], client, progress=False)
        with peaks(processes) as many:
            benchmark.pedantic(lambda: batch.measure_all(films, client, progress=False), rounds=1)
    for name, before, after in zip(["main", "worker 1", "worker 2"], few, many, strict=True):
        growth = f"{name}: {before / MEGABYTE:.0f} MB, then {after / MEGABYTE:.0f} MB"
        print(growth)
        assert after <= 1.1 * before, growth
