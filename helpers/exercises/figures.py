"""What a figure shows, read off its axes, so that `check` can compare it with the right one."""

import re

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from helpers.exercises.diagnosis import named

LEVELS = np.linspace(0, 1, 256)
FILLERS = ("the", "and", "for", "per")
HIGH, WIDE = "in height", "along the horizontal axis"


def read_figure(drawn, wanted):
    """Read what is to be seen on each panel of a figure.

    Parameters
    ----------
    drawn : Figure, Axes, a list or array of Axes, or an image or line on one
    wanted : tuple of str
        Names of `READERS`.

    Returns
    -------
    list of dict or None, str
        A dict per panel, colour bars aside; what is wrong, "" for nothing.
    """
    figure = figure_of(drawn)
    if figure is None:
        kind = type(drawn).__name__
        return None, f"it is of type {kind}; the axes that you drew on are wanted"
    bars = [shown.colorbar.ax for axes in figure.axes for shown in pictures(axes) if shown.colorbar]
    panels = [axes for axes in figure.axes if axes not in bars and axes.has_data()]
    reading = [{name: READERS[name][0](axes) for name in wanted} for axes in panels]
    if any(map(is_cut, panels)):
        return reading, "a part of it is outside the axes; look at xlim, ylim and the scales"
    return reading, "" if reading else "nothing is drawn on these axes"


def pictures(axes):
    """Return what imshow and pcolormesh have drawn."""
    return [*axes.images, *(drawn for drawn in axes.collections if isinstance(drawn, QuadMesh))]


def is_cut(axes):
    """Tell whether pixels, points of a curve or tops of bars are outside the axes."""
    x, y = (np.sort(ends) for ends in (axes.get_xlim(), axes.get_ylim()))
    points = [line.get_xydata() for line in axes.lines if len(line.get_xydata()) > 2]
    bars = [bar for group in axes.containers for bar in group if hasattr(bar, "get_height")]
    points += [[bar.get_x(), bar.get_y() + bar.get_height()] for bar in bars]
    for drawn in pictures(axes):
        across, up = edges_of(drawn)
        points += [np.transpose([across[:: len(across) - 1], up[:: len(up) - 1]])]
    points = np.concatenate([np.reshape(each, (-1, 2)).astype(float) for each in points or [[]]])
    points = points[np.isfinite(points).all(axis=1)]
    margin = 0.6 if pictures(axes) else 1e-9
    outside = (points < [x[0] - margin, y[0] - margin]) | (points > [x[1] + margin, y[1] + margin])
    return bool(outside.any())


def edges_of(drawn):
    """Return where the columns and the rows of a picture begin and end, the first row first."""
    rows, columns = np.shape(drawn.get_array())[:2]
    if isinstance(drawn, QuadMesh):
        corners = drawn.get_coordinates()
        return corners[0, :, 0], corners[:, 0, 1]
    left, right, bottom, top = drawn.get_extent()
    ends = (top, bottom) if drawn.origin == "upper" else (bottom, top)
    return np.linspace(left, right, columns + 1), np.linspace(*ends, rows + 1)


def figure_of(drawn):
    """Return the figure that something belongs to, or None."""
    if isinstance(drawn, list | tuple | np.ndarray) and len(drawn):
        return figure_of(drawn[0])
    if isinstance(drawn, Figure):
        return drawn
    return drawn.figure if isinstance(drawn, Artist) else None


def image(axes):
    """Return the first image on the axes, as it is seen: its first row at the top."""
    if not pictures(axes):
        return None
    drawn = pictures(axes)[0]
    shown = np.ma.getdata(drawn.get_array()).astype(float)
    up = edges_of(drawn)[1]
    bottom, top = axes.get_ylim()
    return shown if (up[-1] - up[0]) * (bottom - top) > 0 else shown[::-1]


def cmap(axes):
    """Return the 256 colours of the first image's colormap; colour images have none."""
    if not pictures(axes) or pictures(axes)[0].get_array().ndim == 3:
        return None
    return np.asarray(pictures(axes)[0].get_cmap()(LEVELS))


def limits(axes):
    """Return the values at the two ends of the colormap."""
    return np.array(pictures(axes)[0].get_clim(), float) if pictures(axes) else None


def colorbar(axes):
    """Tell whether the first image has a colour bar."""
    return bool(pictures(axes)) and pictures(axes)[0].colorbar is not None


def title(axes):
    """Tell whether the panel, or the figure, has a title."""
    titles = [axes.get_title(place) for place in ("left", "center", "right")]
    return any(titles) or bool(axes.figure.get_suptitle())


def labels(axes):
    """Return the words on both axes, of the panel or of the whole figure."""
    figure = axes.figure
    across, up = axes.get_xlabel() or figure.get_supxlabel(), axes.get_ylabel()
    return [words_of(across), words_of(up or figure.get_supylabel())]


def words_of(text):
    """Return the words of a label that tell something; the whole text is one of them."""
    words = re.findall(r"\w{3,}|%", text.lower())
    return {word.rstrip("s") for word in words if word not in FILLERS} | {text.strip()}


def labels_differ(found, wanted):
    """Say whether a label is missing, or the two are exchanged."""
    if any(words == {""} for words in found) != any(words == {""} for words in wanted):
        return READERS["labels"][1]
    own = [bool(found[place] & wanted[place]) for place in (0, 1)]
    other = [bool(found[place] & wanted[1 - place]) for place in (0, 1)]
    if all(other) and not any(own):
        return "the two labels are exchanged: xlabel is for what runs across"
    return ""


def heights(axes):
    """Return the heights of the bars, of steps, or of a filled histogram."""
    bars = [patch for patch in axes.patches if hasattr(patch, "get_height")]
    steps = [patch for patch in axes.patches if hasattr(patch, "get_data")]
    if bars:
        return np.array([bar.get_height() for bar in bars], float)
    return np.asarray(steps[0].get_data().values, float) if steps else None


def curves(axes):
    """Return number, x and y of each curve with more than two points, one below the other.

    A curve that is drawn once more, as with markers, is one curve.
    """
    found = [line.get_xydata().astype(float) for line in axes.lines]
    curves = {points.tobytes(): points for points in found if len(points) > 2}
    rows = [np.insert(points, 0, number, axis=1) for number, points in enumerate(curves.values())]
    return np.concatenate(rows) if rows else None


def curves_differ(found, wanted):
    """Say in which way curves differ."""
    has, need = (int(rows[-1, 0]) + 1 for rows in (found, wanted))
    if has != need:
        return f"curves to be seen: {has}, and {need} wanted"
    if len(found) != len(wanted):
        return f"points on the curves: {len(found)}, and {len(wanted)} wanted"
    if not alike(found[:, 0], wanted[:, 0]):
        return "the curves have other numbers of points"
    if alike(found[:, [2, 1]], wanted[:, 1:]):
        return "the two axes are exchanged: ax.plot takes x first"
    if need > 1 and alike(found[np.argsort(-found[:, 0], kind="stable"), 1:], wanted[:, 1:]):
        return "the curves come in another order"
    wrong = [
        number
        for number in range(need)
        if not alike(found[found[:, 0] == number], wanted[wanted[:, 0] == number])
    ]
    which = "the curve is" if need == 1 else "the curves are"
    if len(wrong) < need:
        which = f"only curve {wrong[0] + 1} is" if len(wrong) == 1 else "some curves are"
    for name, opposite, same, other in ((HIGH, WIDE, 1, 2), (WIDE, HIGH, 2, 1)):
        if alike(found[:, same], wanted[:, same]):
            pairs = [
                [rows[rows[:, 0] == number, other] for number in wrong] for rows in (found, wanted)
            ]
            why = named(*pairs, (), alike_and_whole)
            return f"{which} wrong {name}, and right {opposite}" + (
                f": {why.rstrip('.')}" if why else ""
            )
    return f"{which} another one, across and upwards"


def array_differs(found, wanted):
    """Say in which way an array that is shown differs, or the heights of bars."""
    if found.ndim == wanted.ndim == 1 and found.shape != wanted.shape:
        return f": {found.size} of them, and {wanted.size} wanted"
    if found.shape != wanted.shape and found.T.shape != wanted.shape:
        return f", of shape {found.shape}, and {wanted.shape} is wanted"
    why = named([found], [wanted], (), alike_and_whole)
    return f": {why.rstrip('.')}" if why else ""


# name: (how it is read, what is said where it differs)
READERS = {
    "image": (image, "another array is shown; look at what you give to imshow"),
    "cmap": (cmap, "the colormap is another one; look at cmap"),
    "limits": (limits, "the values at the ends of the colormap are {}; look at vmin and vmax"),
    "colorbar": (colorbar, "the colour bar is missing; look at fig.colorbar"),
    "title": (title, "a title is missing; look at ax.set_title"),
    "labels": (labels, "a label is missing; look at ax.set_xlabel and ax.set_ylabel"),
    "heights": (heights, "the bars have other heights"),
    "curves": (curves, "the curve is another one"),
}
MISSING = {
    "image": "no image is there; look at ax.imshow",
    "limits": "no image is there; look at ax.imshow",
    "heights": "no bars are there; look at ax.bar",
    "curves": "no curve is there; look at ax.plot",
}


def figure_difference(reading, right, explain=True):
    """Return "" when two readings are equal, else what differs first, and how."""
    if reading is None or len(reading) != len(right):
        found = 0 if reading is None else len(reading)
        return f"panels with something drawn on them: {found}, and {len(right)} wanted"
    for number, (panel, wanted) in enumerate(zip(reading, right, strict=True), start=1):
        where = f" (panel {number})" if len(right) > 1 else ""
        for name in wanted:
            if panel[name] is None and wanted[name] is not None and name in MISSING:
                return MISSING[name] + where
            if fault := reader_difference(name, panel[name], wanted[name], explain):
                return fault + where
    return ""


def reader_difference(name, found, wanted, explain):
    """Return "" when what a reader found is right, else what is to be said."""
    if name == "labels":
        return labels_differ(found, wanted)
    if alike(found, wanted):
        return ""
    if name == "curves" and explain:
        return curves_differ(found, wanted)
    why = array_differs(found, wanted) if name in ("image", "heights") and explain else ""
    return READERS[name][1].format(tuple(found.round(3).tolist()) if name == "limits" else "") + why


def alike_and_whole(found, wanted):
    """Tell whether two arrays are equal; an answer may be missing."""
    return found is not None and wanted is not None and alike(found, wanted)


def alike(found, wanted):
    """Tell whether two things that were read are equal; colours by half a percent."""
    if found is None or wanted is None:
        return found is wanted
    found, wanted = np.asarray(found, float), np.asarray(wanted, float)
    if found.shape != wanted.shape:
        return False
    tolerance = 0.005 * max(1.0, np.abs(wanted).max(initial=0) / 255)
    return np.allclose(found, wanted, rtol=1e-6, atol=tolerance)
