"""From one film to a hundred thousand: one row of measurements each, here or on a Dask cluster.

The rows of many films are kept in parts, CSV files of at most a hundred rows. CSV needs nothing
but pandas, opens in any editor, and holds a hundred thousand films in 20 MB. Parquet would be
smaller and faster to read, but the library behind it, pyarrow, takes 170 MB.
"""

import os
from collections import Counter
from contextlib import suppress
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from helpers import edges, images, intensity, lungs, opacity

WORKING_SIDE = 512  # pixels: larger films are shrunk to it, so that lengths in pixels compare
EDGE_SIGMA, EDGE_LOW, EDGE_HIGH = 2.0, 0.05, 0.1  # Canny's parameters on the working film
LONGEST_ERROR = 300  # characters
LARGEST_PART = 100  # films: half a minute of work, which is what an interruption costs at most
FEWEST_PARTS = 20  # of a short list, so that several workers have something to do until the end
LONGEST_WAIT = 900  # seconds in which no part is finished
KILLED = "KilledWorker: every worker that measured this film died, out of memory perhaps"

TEXTS = ("path", "dtype", "error")
WHOLE_NUMBERS = ("height", "width", "lung_pixels")
NUMBERS = ("mean", "std", "lung_share", "lung_mean", "opacity_share", "edge_density")

# For dask.config.set, before a cluster is started.
SETTINGS = {
    # Dask's profiler keeps 150 kB for each second of work, more than everything else together.
    "distributed.worker.profile.enabled": False,
    # Workers on Linux may keep 64 MB that they have freed, arrays of up to 32 MB among it. Without
    # both, each array of a filter has to be asked for anew, which costs time in some runs.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 64 * 2**20,
    "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 32 * 2**20,
    # A worker that is lost may take this long to come back before it is given up for good.
    "distributed.deploy.lost-worker-timeout": "10 minutes",
    # A part during which a worker dies is tried once more; then its films are tried one by one.
    "distributed.scheduler.allowed-failures": 1,
}


def measure(path):
    """Measure one film.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    dict
        path : str, as given;
        height, width : pixels of the stored film;
        dtype : of the stored values, such as uint8;
        mean, std : of the stored values;
        lung_pixels : area of the lung field, in pixels of the stored film;
        lung_share : the same as a share of the film, 0 to 1;
        lung_mean : mean of the values inside the lung field;
        opacity_share : share of the lung field that `helpers.opacity.opacity` marks, 0 to 1;
        edge_density : share of the lung field that Canny's edges take, 0 to 1;
        error : "" for a good film.

        A film that cannot be read never raises: its `error` says why, its numbers are None. The
        last three are None where no lung field is found, and `opacity_share` also where the lungs
        leave no tissue between them to compare with; neither is an error.

    Notes
    -----
    Lungs, opacity and edges are looked for on a working film whose longer side has at most
    512 pixels, and edges between the 1st and 99th percentile of its values. So neither the size
    of a scan nor its exposure decides how many edges there are. Smaller films are not enlarged.

    Examples
    --------
    >>> row = measure("no such film.png")
    >>> row["height"] is None, row["error"][:17]
    (True, 'FileNotFoundError')
    """
    path = os.fsdecode(path)
    row = _empty_row(path)
    try:
        image = images.read_image(path)
        row["height"], row["width"] = image.shape
        row["dtype"] = str(image.dtype)
        row["mean"], row["std"] = (float(f(image, dtype=np.float64)) for f in (np.mean, np.std))
        film = _working_film(image)
        lung_field = lungs.lung_field(film)
        row["lung_share"] = float(lung_field.mean())
        row["lung_pixels"] = round(row["lung_share"] * image.size)
        if lung_field.any():
            even = intensity.stretch_contrast(film, 1, 99) / 255
            found = edges.canny(even, EDGE_SIGMA, EDGE_LOW, EDGE_HIGH)
            row["lung_mean"] = float(film[lung_field].mean())
            row["edge_density"] = float(found[lung_field].mean())
            with suppress(ValueError):  # no tissue between the lungs to compare with
                row["opacity_share"] = float(opacity.opacity(film, lung_field)[lung_field].mean())
    except Exception as error:  # whatever one film does, the others are to be measured
        return _empty_row(path, " ".join(f"{type(error).__name__}: {error}".split()))
    return row


def _empty_row(path, error=""):
    """Return the row of a film of which nothing is known, in the order of its columns."""
    return {
        "path": path, "height": None, "width": None, "dtype": "", "mean": None, "std": None,
        "lung_pixels": None, "lung_share": None, "lung_mean": None, "opacity_share": None,
        "edge_density": None, "error": error[:LONGEST_ERROR],
    }  # fmt: skip


def _working_film(image):
    """Shrink a film to the size at which all films are measured."""
    shrink = max(image.shape) / WORKING_SIDE
    if shrink <= 1:
        return image.astype(np.float64)
    return images.resize(image, [max(1, round(side / shrink)) for side in image.shape])


def measure_all(paths, client=None, progress=True, table=None):
    """Measure many films, here or on a cluster; see `measure`.

    Parameters
    ----------
    paths : iterable of str or Path
        No film twice.
    client : distributed.Client, optional
        The cluster that measures; without one this process measures one film after the other.
        Every worker needs this package and has to find the films under the same paths. Start
        the cluster after `dask.config.set(SETTINGS)`.
    progress : bool
        Show a progress bar.
    table : str or Path, optional
        A folder for the rows, made if it is not there. Each part becomes a file when all its
        films are measured, whole or not at all. Films whose row is there are not measured again,
        except those with an error. So the same call, repeated after an interruption, measures
        what is missing, and a longer list what is new. Rows of other films stay. To measure a
        film again, delete the part that holds its row.

    Returns
    -------
    pandas.DataFrame
        One row per film, in the order of `paths`, about one kilobyte each; nothing else grows
        with their number.

    Raises
    ------
    ConnectionError
        If the scheduler is lost on the way, or no part is finished in a quarter of an hour,
        because no worker is left, for example. The rows so far are in `table`.

    Notes
    -----
    When a worker dies, Dask starts it again and has its part measured once more. A part whose
    workers die again is measured film by film, one at a time, so that only the film of which
    workers die becomes a row with an error.

    Examples
    --------
    >>> from helpers import datasets
    >>> rows = measure_all(datasets.load().paths[:2], progress=False)
    >>> rows[["height", "dtype", "error"]].values.tolist()
    [[1024, 'uint8', ''], [1024, 'uint8', '']]
    """
    paths = _checked_paths(paths)
    tables = [] if table is None else _stored(Path(table))
    known = {path for rows in tables for path in rows["path"]}.intersection(paths)
    todo = [path for path in paths if path not in known]
    size = min(LARGEST_PART, max(1, len(todo) // FEWEST_PARTS))
    parts = [todo[start : start + size] for start in range(0, len(todo), size)]
    measured = map(_measure_part, parts) if client is None else _measured_by(client, parts)
    with tqdm(total=len(paths), initial=len(known), unit="film", disable=not progress) as bar:
        for part in measured:
            rows = _as_table(part)
            if table is not None:
                _store(rows, Path(table))
            tables.append(rows)
            bar.update(len(rows))
    rows = pd.concat(tables).drop_duplicates("path", keep="last")
    return rows.set_index("path").loc[paths].reset_index()


def _checked_paths(paths):
    """Return the paths as a list of str, or say what is wrong with them."""
    if isinstance(paths, str | bytes | os.PathLike):
        raise TypeError(f"paths is {paths!s}; a list is wanted, such as list_images(folder).")
    paths = [os.fsdecode(path) for path in paths]
    if not paths:
        raise ValueError("paths is empty; at least one film is wanted.")
    path, times = Counter(paths).most_common(1)[0]
    if times > 1:
        raise ValueError(f"{path} is in paths {times} times; every film once is wanted.")
    return paths


def _measure_part(paths):
    """Measure the films of one part; this is what a worker runs."""
    return [measure(path) for path in paths]


def _measured_by(client, parts):
    """Yield the rows of each part as the workers of a cluster finish it."""
    suspects = []
    for part, rows in _finished(client, parts):
        if rows is None:
            suspects.append(part)
        else:
            yield rows
    for part in suspects:
        # One film is handed out at a time, so that no other one is blamed when a worker dies.
        alone = [next(_finished(client, [[path]])) for path in part]
        yield [_empty_row(path, KILLED) if rows is None else rows[0] for [path], rows in alone]


def _finished(client, parts):
    """Yield (part, rows) as they come; None in place of the rows where workers died."""
    from distributed import CancelledError, Client, KilledWorker, wait

    if not isinstance(client, Client) or client.status != "running":
        raise TypeError(f"client is a {type(client).__name__}; a connected dask Client is wanted.")
    part_of = dict(zip(client.map(_measure_part, parts, pure=False), parts, strict=True))
    try:
        while part_of:
            with client.as_current():  # there may be other clients
                done, _ = wait(list(part_of), LONGEST_WAIT, return_when="FIRST_COMPLETED")
            for future in done:
                part = part_of.pop(future)  # with the future, the cluster forgets the rows
                try:
                    yield part, future.result(timeout=LONGEST_WAIT)
                except KilledWorker:
                    yield part, None
    except (TimeoutError, CancelledError) as error:
        raise ConnectionError(
            f"The Dask scheduler is lost, or no part was finished in {LONGEST_WAIT} s; a cluster"
            " with workers is wanted, and the same call with table goes on where this one ended."
        ) from error
    finally:  # after an interruption, too: nothing goes on
        if client.status == "running":
            client.cancel(list(part_of))


def _as_table(rows):
    """Return rows as a table; whole numbers stay whole where others are missing."""
    types = dict.fromkeys(TEXTS, str) | dict.fromkeys(WHOLE_NUMBERS, "Int64")
    return pd.DataFrame(rows).astype(types | dict.fromkeys(NUMBERS, float))


def _store(rows, folder):
    """Write a part under the first number that is free, whole or not at all."""
    names = (folder / f"part_{number:05}.csv" for number in count())
    part = next(name for name in names if not name.exists())
    fresh = part.with_suffix(".tmp")
    rows.to_csv(fresh, index=False, lineterminator="\n", errors="surrogateescape")
    fresh.replace(part)


def _stored(folder):
    """Return the good rows of each part in a folder, which is made if it is not there."""
    if folder.is_file():
        raise ValueError(f"table is {folder}, a file; the name of a folder is wanted.")
    folder.mkdir(parents=True, exist_ok=True)
    tables = [_read_part(part) for part in sorted(folder.glob("part_*.csv"))]
    return [rows[rows["error"] == ""] for rows in tables]


def _read_part(part):
    """Read a part as it was written: Python reads numbers to the last digit, and text as text."""
    options = {"keep_default_na": False, "dtype": str, "encoding_errors": "surrogateescape"}
    rows = pd.read_csv(part, **options)
    for name in (*WHOLE_NUMBERS, *NUMBERS):
        rows[name] = [float(text) if text else None for text in rows[name]]
    return _as_table(rows)
