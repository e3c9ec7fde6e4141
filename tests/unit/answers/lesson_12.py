"""Right answers to the exercises of lesson 12, in another style than the reference."""

import numpy as np
from scipy import signal


def register(moved, fixed):
    centred, still = moved - np.mean(moved), fixed - np.mean(fixed)
    likeness = signal.convolve2d(np.tile(centred, (2, 2)), still[::-1, ::-1], mode="valid")
    rows, columns = fixed.shape
    down, right = divmod(int(np.argmax(likeness[:rows, :columns])), columns)
    return np.roll(np.roll(moved, rows - down, axis=0), columns - right, axis=1)


def halves(marked, lung_mask):
    shares = []
    for side in (slice(None, marked.shape[1] // 2), slice(marked.shape[1] // 2, None)):
        inside = marked[:, side][lung_mask[:, side]]
        shares.append(inside.mean() if inside.size else 0)
    return tuple(shares)


def false_alarms(setting, checking):
    limit = max(share for share in setting if not np.isnan(share))
    films = [share for share in checking if not np.isnan(share)]
    return sum(share > limit for share in films) / len(films)


def p_value(share, healthy):
    everyone = np.append(healthy, share)
    return np.mean(everyone >= share)


def draw(figure):
    axes = figure.add_subplot()
    axes.plot([0, 3, 10, 45], [2.1, 14.2, 18.3, 3.4], "s--", color="black")
    axes.axhline(8.6)
    axes.set_xlabel("days since the first film")
    axes.set_ylabel("share of the lungs (%)")


ANSWERS = {
    "12.1": "C",
    "12.2": register,
    "12.3": halves,
    "12.4": false_alarms,
    "12.5": "B",
    "12.6": p_value,
    "12.7": draw,
}
