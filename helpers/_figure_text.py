"""What a figure shows, in words and numbers: the text behind every picture of the course.

A reader who cannot see a figure reads this text, and the notebook tests compare it, because the
pixels of a drawing change with every release of Matplotlib while the data in it do not. So the
text must stay the same when only a library changes, and change when a panel shows another array:

* numbers are rounded to three significant digits (integers are exact);
* images get a map, the means of 4 x 4 blocks in one digit each, which a flip or a shift rearranges;
* everything gets a check number, in which one changed pixel shows.
"""

import numpy as np
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.container import BarContainer
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.quiver import Quiver
from matplotlib.ticker import NullFormatter, ScalarFormatter


def number(value):
    """Write a number with three significant digits; integers are written in full."""
    if isinstance(value, int | np.integer | np.bool_):
        return str(int(value))
    # Rounding to nine digits first: 172.49999999999997 and 172.5 then print the same.
    value = float(f"{float(value):.9g}")
    text = f"{value:.3g}"
    if "e" in text and 1 <= abs(value) < 1e6:
        text = f"{float(text):.0f}"
    return "0" if float(text) == 0 else text


def block_map(image, blocks=4):
    """Return the means of `blocks` x `blocks` parts, darkest 0 to brightest 9, rows apart."""
    if image.ndim == 3:
        image = image.mean(axis=2)
    rows = np.array_split(image, min(blocks, image.shape[0]))
    parts = [np.array_split(row, min(blocks, row.shape[1]), axis=1) for row in rows]
    means = np.array([[part.mean(dtype=float) for part in row] for row in parts])
    span = np.ptp(means)
    if span <= 1e-9 * np.abs(means).max():
        digits = np.zeros(means.shape, int)
    else:
        # The rounding to nine decimals keeps a value that lies on a border on one side of it.
        digits = np.floor(np.round(9 * (means - means.min()) / span, 9) + 0.5).astype(int)
    return " ".join("".join(map(str, row)) for row in digits)


def check_number(values):
    """Return a sum of all values, each weighted by its position, as text.

    The weights are odd numbers from -127 to 127: never 0, so no change of one value goes unseen,
    and seldom equal, so few exchanges of two do. Integers give an exact sum. Floats are divided
    by their span and the sum is rounded, since their last bits differ between processors.
    """
    values = values.ravel()
    weights = 2 * ((np.arange(values.size) * 7919) % 9973 % 128) - 127
    if values.dtype.kind in "biu":
        return str(int((weights * values.astype(np.int64)).sum()))
    span = float(np.ptp(values)) if values.size else 0.0
    if span == 0:
        return "0"
    total = float((weights * ((values - values.min()) / span).astype(float)).sum())
    decimals = 3 if values.dtype.itemsize >= 8 else 1
    return f"{round(round(total, decimals + 4), decimals) + 0.0:.{decimals}f}"


def summary(values):
    """Return minimum, maximum and mean as text; rounding errors around zero count as zero."""
    low, high = values.min(), values.max()
    if values.dtype.kind in "biu":
        mean = int(values.sum(dtype=np.int64)) / values.size
    else:
        noise = 1e-9 * max(abs(float(low)), abs(float(high)))
        mean = values.mean(dtype=float)
        low, high, mean = (0.0 if abs(value) <= noise else value for value in (low, high, mean))
    return f"min {number(low)}, max {number(high)}, mean {number(mean)}"


def describe_image(image):
    """Describe an array shown as an image: shape, dtype, statistics, map and check number."""
    image = np.ma.masked_invalid(image)
    valid = image.compressed()
    shape = f"{tuple(map(int, image.shape))} {image.dtype}"
    if not valid.size:
        return f"image {shape}, no valid pixel"
    missing = f", {image.size - valid.size} pixels missing" if valid.size < image.size else ""
    filled = image.filled(valid.min())
    return (
        f"image {shape}, {summary(valid)}{missing}, "
        f"map {block_map(filled)}, check {check_number(filled)}"
    )


def describe_points(kind, x, y, label="", count=None):
    """Describe curves, bars and markers: how many, label, ranges and a check number per axis."""
    x, y = np.asarray(x), np.asarray(y)
    label = str(label)
    name = "" if not label or label.startswith("_") else f" {quote(label)}"
    facts, checks = [], []
    for axis, values in (("x", x), ("y", y)):
        valid = values[np.isfinite(values)] if values.dtype.kind == "f" else values
        if valid.size:
            facts.append(f"{axis} {number(valid.min())} to {number(valid.max())}")
        if valid.size < values.size:
            facts.append(f"{values.size - valid.size} missing")
        checks.append(check_number(valid))
    facts.append(f"check {' '.join(checks)}")
    return f"{x.size if count is None else count} {kind}{name}: {', '.join(facts)}"


def quote(text):
    """Put a text of the figure on one line and in quotation marks."""
    return f'"{" ".join(str(text).split())}"'


def describe_colours(artist):
    """Return colormap and limits of an image or mesh; a colour image has neither."""
    if artist.get_array().ndim == 3:
        return "colour image"
    norm = type(artist.norm).__name__
    scale = "" if norm == "Normalize" else f" by {norm}"
    return colours(artist.get_cmap().name, *artist.get_clim()) + scale


def colours(cmap, low, high):
    """Write a colormap and its limits."""
    return f"{cmap} from {number(low)} to {number(high)}"


def _line_values(line):
    """Return x and y as given when they are numbers (whole counts stay exact), else as drawn."""
    given = [np.asarray(values) for values in line.get_data(orig=True)]
    return [
        values if values.dtype.kind in "biuf" else np.asarray(drawn, float)
        for values, drawn in zip(given, line.get_data(orig=False), strict=True)
    ]


def _describe_collection(collection):
    if isinstance(collection, QuadMesh):
        return f"mesh {describe_image(collection.get_array())}, {describe_colours(collection)}"
    if isinstance(collection, Quiver):
        arrows = describe_points("arrows", collection.U, collection.V)
        return f"{arrows}; {describe_points('places', collection.X, collection.Y)}"
    if isinstance(collection, PathCollection):
        kind, vertices = "markers", np.asarray(collection.get_offsets())
    else:
        paths = [path.vertices for path in collection.get_paths() if len(path.vertices)]
        kind, vertices = "corners of shapes", np.concatenate(paths) if paths else np.empty((0, 2))
    return describe_points(kind, *vertices.T, collection.get_label())


def _describe_patches(axes):
    """Yield the bars of each bar chart or histogram, then all other patches one by one."""
    bars = [group for group in axes.containers if isinstance(group, BarContainer)]
    for group in bars:
        left, bottom, width, height = (
            np.array([getattr(bar, f"get_{name}")() for bar in group.patches])
            for name in ("x", "y", "width", "height")
        )
        x, y = np.concatenate([left, left + width]), np.concatenate([bottom, bottom + height])
        yield describe_points("bars", x, y, group.get_label(), count=len(group.patches))
    in_bars = {bar for group in bars for bar in group.patches}
    for patch in axes.patches:
        if isinstance(patch, StepPatch):
            data = patch.get_data()
            yield describe_points(
                "steps", data.edges, data.values, patch.get_label(), count=data.values.size
            )
        elif patch not in in_bars:
            path = patch.get_patch_transform().transform_path(patch.get_path())
            kind = "a rectangle" if isinstance(patch, Rectangle) else "a shape"
            yield describe_points(f"corners of {kind}", *path.vertices.T, patch.get_label())


def _describe_artists(axes):
    """Return one text for each image, curve, bar group, marker set, shape and annotation."""
    texts = [
        f"{describe_image(image.get_array())}, {describe_colours(image)}" for image in axes.images
    ]
    texts += [
        describe_points("points in a line", *_line_values(line), line.get_label())
        for line in axes.lines
    ]
    texts += _describe_patches(axes)
    texts += [_describe_collection(item) for item in axes.collections if item.get_gid() != OUTLINE]
    texts += [
        f"text {quote(item.get_text())} at ({', '.join(map(number, item.get_unitless_position()))})"
        for item in axes.texts
    ]
    return texts or ["nothing"]


# Contours that only trace the edge of a described mask carry this id and are not described again.
OUTLINE = "outline of a mask"


def _describe_axis(axes, name):
    """Return label, scale, the range the author set and named ticks of an axis; "" for images.

    A range that Matplotlib chose follows from the data and its version; it is left out.
    """
    axis = getattr(axes, f"{name}axis")
    limits = getattr(axes, f"get_{name}lim")()
    if axes.images:
        size = axes.images[0].get_array().shape[1 if name == "x" else 0]
        chosen = not np.allclose(limits, (-0.5, size - 0.5) if name == "x" else (size - 0.5, -0.5))
    else:
        chosen = not getattr(axes, f"get_autoscale{name}_on")()
    label = axis.get_label_text()
    words = [quote(label)] if label else []
    if chosen:
        words.append(f"{number(limits[0])} to {number(limits[1])}")
    if axis.get_scale() != "linear":
        words.append(axis.get_scale())
    elif not isinstance(axis.get_major_formatter(), ScalarFormatter | NullFormatter):
        # Names of classes and other ticks the author wrote.
        names = ", ".join(quote(tick.get_text()) for tick in axis.get_ticklabels())
        words.append(f"({names})")
    return f", {name} {' '.join(words)}" if words else ""


def panels(figure):
    """Return the axes of a figure without its colour bars."""
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]


def panel_name(index, axes):
    """Name a panel as in 'panel 2 "after"' (counted from 1)."""
    title = axes.get_title() or axes.get_title(loc="left") or axes.get_title(loc="right")
    return f"panel {index} {quote(title)}" if title else f"panel {index}"


def describe_figure(figure):
    """Describe a drawn figure, one line per panel and more where a panel holds more.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    list of str
    """
    lines = [f"text {quote(item.get_text())}" for item in figure.texts if item.get_text()]
    for index, axes in enumerate(panels(figure), start=1):
        head = panel_name(index, axes) + _describe_axis(axes, "x") + _describe_axis(axes, "y")
        artists = _describe_artists(axes)
        if axes.get_legend():
            names = [quote(text.get_text()) for text in axes.get_legend().get_texts()]
            artists.append(f"legend {', '.join(names)}")
        if len(artists) == 1:
            lines.append(f"{head}: {artists[0]}")
        else:
            lines += [f"{head}:", *(f"  {artist}" for artist in artists)]
    for axes in figure.axes:
        if axes.get_label() == "<colorbar>":
            label = axes.get_ylabel() or axes.get_xlabel()
            lines.append(f"colour bar {quote(label)}" if label else "colour bar")
    return lines
