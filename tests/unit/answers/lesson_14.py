"""Right answers to the exercises of lesson 14, in another style than the reference."""

import math

import numpy as np

from helpers import images


def row(path):
    result = {"error": "", "path": path, "mean": math.nan}
    try:
        film = images.read_image(path)
    except Exception as error:
        result["error"] = error.__class__.__name__
    else:
        result["mean"] = film.sum(dtype=np.float64) / film.size
    return result


def to_fetch(rows):
    wanted = []
    for row in rows:
        path = row["path"]
        good = any(each["path"] == path and each["error"] == "" for each in rows)
        if not good and path not in wanted:
            wanted.append(path)
    return wanted


def draw(figure):
    axes = figure.add_subplot()
    workers = list(range(1, 401))
    axes.plot(workers, [4 * count for count in workers], "k--", label="workers")
    axes.plot(workers, [min(4 * count, 312.5) for count in workers], label="with the network")
    axes.set_xlabel("number of workers")
    axes.set_ylabel("films / s")
    axes.legend()


ANSWERS = {
    "14.1": [math.floor(16e9 / 10_240_000), math.floor(16e9 / 40_960_000)],
    "14.2": row,
    "14.3": to_fetch,
    "14.4": "B",
    "14.5": draw,
    "14.6": np.array([47, 75]),
}
