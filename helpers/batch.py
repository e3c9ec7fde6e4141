"""From one film to a hundred thousand: one row of measurements each, here or on a Dask cluster."""

import os
import warnings
from contextlib import closing, nullcontext
from pathlib import Path

import numpy as np

from helpers import _cluster, _row_file, edges, images, intensity, masks
from helpers._cluster import check_client, connect

with warnings.catch_warnings():
    # In a notebook tqdm recommends ipywidgets; without them it draws its bar with letters.
    warnings.simplefilter("ignore")
    from tqdm.auto import tqdm

WORKING_SIDE = 512  # pixels: larger films are shrunk to it, so that lengths in pixels compare
EDGE_SIGMA, EDGE_LOW, EDGE_HIGH = 2.0, 0.05, 0.1  # Canny's parameters on the working film
LONGEST_ERROR = 300  # characters

COLUMNS = {
    "path": str,
    "height": int,
    "width": int,
    "dtype": str,
    "mean": float,
    "std": float,
    "lung_pixels": int,
    "lung_share": float,
    "lung_mean": float,
    "opacity_share": float,
    "edge_density": float,
    "error": str,
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
        opacity_share : share of the lung field that `helpers.masks.opacity` marks, 0 to 1;
        edge_density : share of the lung field that Canny's edges take, 0 to 1;
        error : "" for a good film.

        A film that cannot be read or measured never raises: its `error` says why, its numbers are
        None. So are the last three where no lung field is found, which is no error.

    Notes
    -----
    Lungs, opacity and edges are looked for on a working film whose longer side has at most
    512 pixels, and edges between the 1st and 99th percentile of its values. So neither the size
    of a scan nor its exposure decides how many edges there are. Smaller films are not enlarged.
    """
    path = os.fsdecode(path)
    try:
        return _without_numbers(path) | _numbers(images.read_image(path))
    except Exception as error:  # whatever one film does, the others are to be measured
        return _without_numbers(path, " ".join(f"{type(error).__name__}: {error}".split()))


def _numbers(image):
    """Return what `measure` says about an image."""
    height, width = image.shape
    film = _working_film(image)
    lungs = masks.lung_field(film)
    lung_share = float(lungs.mean())
    numbers = {
        "height": height,
        "width": width,
        "dtype": str(image.dtype),
        "mean": float(image.mean(dtype=np.float64)),
        "std": float(image.std(dtype=np.float64)),
        "lung_pixels": round(lung_share * height * width),
        "lung_share": lung_share,
    }
    if not lungs.any():
        return numbers
    even = intensity.stretch_contrast(film, 1, 99) / 255
    found = edges.canny(even, EDGE_SIGMA, EDGE_LOW, EDGE_HIGH)
    return numbers | {
        "lung_mean": float(film[lungs].mean()),
        "opacity_share": float(masks.opacity(film, lungs)[lungs].mean()),
        "edge_density": float(found[lungs].mean()),
    }


def _working_film(image):
    """Shrink a film to the size at which all films are measured."""
    shrink = max(image.shape) / WORKING_SIDE
    if shrink <= 1:
        return image.astype(np.float64)
    return images.resize(image, [max(1, round(side / shrink)) for side in image.shape])


def measure_all(paths, client=None, progress=True, rows_to=None):
    """Measure many films, here or on a cluster; see `measure`.

    Parameters
    ----------
    paths : iterable of str or Path
        No film twice.
    client : distributed.Client or str, optional
        The cluster that measures, or the address of its scheduler; without one this process
        measures one film after the other. The scheduler and every worker need this package, and
        every worker has to find the films under the same paths.
    progress : bool
        Show a progress bar.
    rows_to : str or Path, optional
        A CSV file to which each row is written as it comes. When the file is there already, the
        films whose rows it holds are not measured again, but those with an error are. So the same
        call, repeated after an interruption, measures what is missing. Rows of other films stay.

    Returns
    -------
    list of dict
        One row per film, in the order of `paths`, about one kilobyte each. A cluster is given a
        few films per worker at a time, so nothing else grows with their number.

    Raises
    ------
    TypeError, ValueError
        If `paths` is one path, is empty, or names a film twice; if `client` is something else; if
        `rows_to` holds other columns.
    FileNotFoundError
        If there is no folder to write the rows to.
    ConnectionError
        If the scheduler does not answer, or is lost on the way. The rows so far are in `rows_to`.
    RuntimeError
        If the workers or the scheduler lack this package; if another run replaces `rows_to`.

    Warns
    -----
    UserWarning
        If the cluster has no workers yet.

    Notes
    -----
    When a worker dies, Dask gives its films to another one. A film whose workers die again and
    again, even when no other film is handed out, becomes a row with its error.
    """
    paths = _checked_paths(paths)
    if isinstance(client, str):
        with connect(client) as connected:
            return measure_all(paths, connected, progress, rows_to)
    if client is not None:
        check_client(client)
    rows, adding = {}, nullcontext(lambda row: None)
    if rows_to is not None:
        file = Path(rows_to)
        _row_file.check_place(file)
        rows = {row["path"]: row for row in _row_file.read_rows(file, COLUMNS)}
        again = {path for path in paths if path in rows and rows[path]["error"]}
        rows = {path: row for path, row in rows.items() if path not in again}
        adding = _row_file.appending(file, rows.values(), COLUMNS)
    todo = [path for path in paths if path not in rows]
    measured = (measure(path) for path in todo) if client is None else _measured_by(client, todo)
    bar = tqdm(total=len(paths), initial=len(paths) - len(todo), unit="film", disable=not progress)
    with adding as add, closing(measured), bar:
        for row in measured:
            add(row)
            rows[row["path"]] = row
            bar.update()
    return [rows[path] for path in paths]


def _checked_paths(paths):
    """Return the paths as a list of str, or say what is wrong with them."""
    if isinstance(paths, str | bytes | os.PathLike):
        raise TypeError(f"paths is {paths!s}; a list is wanted, such as list_images(folder).")
    try:
        paths = [os.fsdecode(path) for path in paths]
    except TypeError:
        raise TypeError(
            f"paths is of type {type(paths).__name__} or holds something else than paths; a list of"
            " paths is wanted, such as list_images(folder)."
        ) from None
    if not paths:
        raise ValueError("paths is empty; at least one film is wanted.")
    if len(set(paths)) < len(paths):
        seen = set()
        twice = next(path for path in paths if path in seen or seen.add(path))
        raise ValueError(
            f"{twice} is in the list of paths more than once; one row per film is wanted"
            " (list(dict.fromkeys(paths)) drops repetitions)."
        )
    return paths


def _measured_by(client, paths):
    """Yield the rows of films as the workers of a cluster finish them."""
    for path, row in _cluster.finished(client, measure, paths):
        if row is None:
            row = _without_numbers(
                path,
                "KilledWorker: every worker that measured this film died, out of memory perhaps",
            )
        yield {name: row[name] for name in COLUMNS}  # names that all rows share


def _without_numbers(path, error=""):
    """Return the row of a film of which nothing is known."""
    return dict.fromkeys(COLUMNS) | {"path": path, "dtype": "", "error": error[:LONGEST_ERROR]}
