"""What a figure shows, read off its axes, so that `check` can compare it with the right one."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

LEVELS = np.linspace(0, 1, 256)


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
    drawn_images = [shown for axes in figure.axes for shown in axes.images]
    bars = [shown.colorbar.ax for shown in drawn_images if shown.colorbar]
    panels = [axes for axes in figure.axes if axes not in bars and axes.has_data()]
    reading = [{name: READERS[name][0](axes) for name in wanted} for axes in panels]
    return reading, "" if reading else "nothing is drawn on these axes"


def figure_of(drawn):
    """Return the figure that something belongs to, or None."""
    if isinstance(drawn, list | tuple | np.ndarray) and len(drawn):
        return figure_of(drawn[0])
    if isinstance(drawn, Figure):
        return drawn
    return drawn.figure if isinstance(drawn, Artist) else None


def image(axes):
    """Return the first image on the axes, as it is seen: its first row at the top."""
    if not axes.images:
        return None
    drawn = axes.images[0]
    shown = np.ma.getdata(drawn.get_array()).astype(float)
    first_row = drawn.get_extent()[3 if drawn.origin == "upper" else 2]
    bottom, top = axes.get_ylim()
    return shown if abs(first_row - top) < abs(first_row - bottom) else shown[::-1]


def cmap(axes):
    """Return the 256 colours of the first image's colormap; colour images have none."""
    if not axes.images or axes.images[0].get_array().ndim == 3:
        return None
    return np.asarray(axes.images[0].get_cmap()(LEVELS))


def limits(axes):
    """Return the values at the two ends of the colormap."""
    return np.array(axes.images[0].get_clim(), float) if axes.images else None


def colorbar(axes):
    """Tell whether the first image has a colour bar."""
    return bool(axes.images) and axes.images[0].colorbar is not None


def title(axes):
    """Tell whether the panel, or the figure, has a title."""
    titles = [axes.get_title(place) for place in ("left", "center", "right")]
    return any(titles) or bool(axes.figure.get_suptitle())


def labels(axes):
    """Tell whether both axes are labelled, by themselves or for the whole figure."""
    figure = axes.figure
    across, up = axes.get_xlabel() or figure.get_supxlabel(), axes.get_ylabel()
    return bool(across) and bool(up or figure.get_supylabel())


def heights(axes):
    """Return the heights of the bars, of steps, or of a filled histogram."""
    bars = [patch for patch in axes.patches if hasattr(patch, "get_height")]
    steps = [patch for patch in axes.patches if hasattr(patch, "get_data")]
    if bars:
        return np.array([bar.get_height() for bar in bars], float)
    return np.asarray(steps[0].get_data().values, float) if steps else None


def curves(axes):
    """Return x and y of each curve with more than two points, one below the other.

    A curve that is drawn once more, as with markers, is one curve.
    """
    found = [line.get_xydata().astype(float) for line in axes.lines]
    curves = {points.tobytes(): points for points in found if len(points) > 2}
    return np.concatenate(list(curves.values())) if curves else None


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


def figure_difference(reading, right):
    """Return "" when two readings are equal, else what differs first."""
    if reading is None or len(reading) != len(right):
        found = 0 if reading is None else len(reading)
        return f"panels with something drawn on them: {found}, and {len(right)} wanted"
    for number, (panel, wanted) in enumerate(zip(reading, right, strict=True), start=1):
        where = f" (panel {number})" if len(right) > 1 else ""
        for name in wanted:
            if panel[name] is None and wanted[name] is not None and name in MISSING:
                return MISSING[name] + where
            if not alike(panel[name], wanted[name]):
                shown = panel[name].tolist() if name == "limits" else ""
                return READERS[name][1].format(tuple(shown)) + where
    return ""


def alike(found, wanted):
    """Tell whether two things that were read are equal; colours by half a percent."""
    if found is None or wanted is None:
        return found is wanted
    found, wanted = np.asarray(found, float), np.asarray(wanted, float)
    if found.shape != wanted.shape:
        return False
    tolerance = 0.005 * max(1.0, np.abs(wanted).max(initial=0) / 255)
    return np.allclose(found, wanted, rtol=1e-6, atol=tolerance)
