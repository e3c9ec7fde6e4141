"""A Dask cluster: connect to it, and run one function on many items, few of them at a time."""

import asyncio
import ctypes
import platform
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import islice

from distributed import Client, KilledWorker, WorkerPlugin, as_completed, rpc

from helpers._validate import real_number

ITEMS_PER_THREAD = 4  # handed out ahead of time, for each thread of the cluster
LEAST_HANDED_OUT = 32  # at any time, so that a cluster that can grow sees that there is work
RETRIES = 2  # how often Dask tries again when a worker cannot run a task
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # numbers from malloc.h of the GNU C library


def connect(address, timeout=10):
    """Connect to the scheduler of a Dask cluster.

    Parameters
    ----------
    address : str
        Such as "tcp://cluster.example.org:8786".
    timeout : float
        Seconds to wait for an answer.

    Returns
    -------
    distributed.Client
        Close it, or use it with `with`.

    Raises
    ------
    ConnectionError
        If no scheduler answers.
    TypeError
        If the address is no text.
    """
    if not isinstance(address, str):
        raise TypeError(
            f"address is of type {type(address).__name__}; text is wanted, such as tcp://name:8786."
        )
    timeout = real_number(timeout, "timeout", above=0)
    try:
        # In a thread of its own, because in a notebook this one has a loop running already.
        with ThreadPoolExecutor(1) as other:
            other.submit(asyncio.run, _ask_for_scheduler(address, timeout)).result()
    except Exception as error:  # of many kinds: anything may listen at that address
        raise ConnectionError(
            f"No Dask scheduler answered at {address!r} within {timeout:g} s; the address that"
            " `dask scheduler` prints is wanted, such as tcp://name:8786, open to this computer."
        ) from error
    return Client(address, timeout=timeout, set_as_default=False)


async def _ask_for_scheduler(address, timeout):
    """Make sure that a scheduler answers; a Client waits for ever where something is silent."""
    async with asyncio.timeout(timeout), rpc(address, timeout=timeout) as there:
        found = (await there.identity())["type"]
    if found != "Scheduler":
        raise ValueError(f"there is a {found.lower()} at this address")


def check_client(client):
    """Say what is wrong with a client that can measure nothing."""
    if not isinstance(client, Client):
        raise TypeError(
            f"client is of type {type(client).__name__}; a distributed.Client, the address of a"
            " scheduler or None is wanted."
        )
    if client.status != "running":
        raise ValueError(f"The client is {client.status}; one that is connected is wanted.")


def finished(client, function, items):
    """Call a function on every item, and yield what is finished, first come, first served.

    When a worker dies, Dask gives its items to another one; it counts for each item how many
    workers died while they had it, and gives it up after a few. The good ones that lay beside a
    deadly one are suspected as well. So all that were given up get a second chance at the end, one
    at a time.

    Parameters
    ----------
    client : distributed.Client
    function : callable
        One that workers can import, and that never raises.
    items : sequence
        Hashable, no two equal.

    Yields
    ------
    item, result
        The result is None where workers died of an item that was alone.

    Raises
    ------
    RuntimeError
        If the workers or the scheduler cannot import the function, or a worker cannot run it.
    ConnectionError
        If the scheduler is lost.

    Warns
    -----
    UserWarning
        If the cluster has no workers yet.
    """
    _check_workers(client, function.__module__)
    several = max(LEAST_HANDED_OUT, ITEMS_PER_THREAD * sum(client.nthreads().values()))
    suspects = []
    with _tuned(client):
        for item, result in _few_at_a_time(client, function, items, several):
            if result is None:
                suspects.append(item)
            else:
                yield item, result
        yield from _few_at_a_time(client, function, suspects, 1)


def _check_workers(client, module):
    """Make sure that every worker and the scheduler, which reads all tasks, can import a module."""
    answers = client.run(find_spec, module, on_error="return")
    # A worker that has just died answers with another error, and Dask replaces it.
    lacking = [at for at, spec in answers.items() if spec is None or isinstance(spec, ImportError)]
    if lacking:
        raise RuntimeError(
            f"{len(lacking)} of {len(answers)} workers ({lacking[0]}) cannot import {module};"
            " the course, installed as on this computer, is wanted on every worker."
        )
    if not answers:
        warnings.warn(
            "The cluster has no workers yet; the films wait until one joins.", stacklevel=2
        )
    on_scheduler = None
    with suppress(ImportError):  # of the package that the module is in
        on_scheduler = client.run_on_scheduler(find_spec, module)
    if on_scheduler is None:
        raise RuntimeError(
            f"The scheduler cannot import {module}; the course, installed as on this computer, is"
            " wanted there too."
        )


@contextmanager
def _tuned(client):
    """Set all workers, those that join later too, up for short tasks on large arrays, for a while.

    Dask's profiler keeps 150 kB for each second, up to 1000 seconds: more than everything else
    together. It is switched off. And Dask has workers on Linux hand back memory at once, so that
    every array of a filter has to be asked for anew: half as much time again. They may keep some.
    """
    with suppress(OSError):  # a worker has just died; the others are set up all the same
        client.register_plugin(_Tuning())
    try:
        yield
    finally:
        if client.status == "running":
            # ValueError: another run on this cluster, which ended earlier, has done it.
            with suppress(OSError, ValueError):
                client.unregister_worker_plugin(_Tuning.name)


class _Tuning(WorkerPlugin):
    """What `_tuned` does to one worker, and takes back except for the memory."""

    name = "short tasks on large arrays"

    def setup(self, worker):
        _keep_memory()
        # Taken out, because a worker that has just joined starts all that are in there.
        callbacks, names = worker.periodic_callbacks, ("profile", "profile-cycle")
        self.taken_out = {name: callbacks.pop(name) for name in names if name in callbacks}
        for callback in self.taken_out.values():
            callback.stop()

    def teardown(self, worker):
        worker.periodic_callbacks.update(self.taken_out)
        for callback in self.taken_out.values():
            callback.start()


def _keep_memory():
    """Let this process keep up to 64 MB that it has freed, as a process without Dask does."""
    if platform.libc_ver()[0] == "glibc":
        c_library = ctypes.CDLL(None)
        c_library.mallopt(M_MMAP_THRESHOLD, 32 * 2**20)
        c_library.mallopt(M_TRIM_THRESHOLD, 64 * 2**20)


def _few_at_a_time(client, function, items, count):
    """Yield (item, result) as they come, with never more than `count` items handed out."""
    waiting, handed_out = iter(items), {}
    done = as_completed(with_results=True, raise_errors=False, loop=client.loop)

    def hand_out(count):
        for item in islice(waiting, count):
            future = client.submit(function, item, pure=False, retries=RETRIES)
            handed_out[future] = item
            done.add(future)

    try:
        hand_out(count)
        for future, result in done:
            item = handed_out.pop(future)
            yield item, _result_or_none(future, result)
            hand_out(1)
    finally:  # after an interruption, too: nothing goes on
        client.cancel(list(handed_out))


def _result_or_none(future, result):
    """Return the result of a task, None when workers died of it; raise when the cluster failed."""
    if future.status == "finished":
        return result
    if future.status == "error":
        _, error, _ = result
        if isinstance(error, KilledWorker):
            return None
        raise RuntimeError(f"A worker could not run a task: {error!r}.") from error
    raise ConnectionError(
        "The connection to the Dask scheduler is lost; the same call, with rows_to, goes on from"
        " the last row that was written."
    )
