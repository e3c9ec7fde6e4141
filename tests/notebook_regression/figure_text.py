"""What a figure shows, in words and numbers: the text by which the notebook tests compare figures.

The pixels of a drawing change with every release of Matplotlib while the data in it do not. So the
text must stay the same when only a library or a processor changes, and change when a panel shows
another array:

* minimum and maximum are rounded to three significant digits, means to as many as the dtype
  holds safely (integers are exact);
* images get a map, the means of 4 x 4 blocks in one digit each, which a flip or a shift rearranges;
* everything gets a check number, in which one changed pixel shows, and a gain or an offset too.

`register` puts the text in the place of `text/plain` in a kernel of the test and store commands,
for pictures of a collection's own and for those of a plain `plt.show()`. In a learner's kernel
nothing of this is there.
"""

import numpy as np
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.container import BarContainer
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.quiver import Quiver
from matplotlib.ticker import NullFormatter, ScalarFormatter

# How far the floats of a dtype (by bytes) can be trusted on every processor:
# significant digits of a mean, decimals of a check number, and the smallest span that is told
# from rounding errors, as a share of the greatest value.
TRUST = {2: (3, 1, 1), 4: (5, 1, 0.1), 8: (6, 3, 1e-4)}


def trust(values):
    """Return the three entries of TRUST for a float array."""
    return TRUST[min(values.dtype.itemsize, 8)]


def number(value, digits=3):
    """Write a number with some significant digits; integers are written in full."""
    if isinstance(value, int | np.integer | np.bool_):
        return str(int(value))
    # Rounding to nine digits first: 172.49999999999997 and 172.5 then print the same.
    value = float(f"{float(value):.9g}")
    text = f"{value:.{digits}g}"
    if "e" in text and 1 <= abs(value) < 1e6:
        text = f"{float(text):.0f}"
    return "0" if float(text) == 0 else text


def power_of_two(value):
    """Return the exponent of the least power of two above a size; last bits do not matter."""
    return int(np.frexp(float(f"{float(value):.9g}"))[1])


def largest(values):
    """Return the greatest absolute value of a float array."""
    return max(abs(float(values.min())), abs(float(values.max())))


def scaled(values):
    """Return floats divided by a power of two, from -1 to 1, and its exponent.

    So sums of the largest doubles stay finite.
    """
    exponent = power_of_two(largest(values))
    return np.ldexp(values.astype(float), -exponent), exponent


def block_map(image, blocks=4):
    """Return the means of `blocks` x `blocks` parts, darkest 0 to brightest 9, rows apart."""
    if image.dtype.kind == "f":
        image = scaled(image)[0]
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


def exact_sum(values, weights=None):
    """Return the sum of integers, or of integers times weights up to 127; nothing wraps."""
    greatest = max(abs(int(values.min())), abs(int(values.max())))
    if 127 * greatest * values.size < 2**63:
        values = values.astype(np.int64)
    else:
        values = values.astype(object)  # Python's integers, which have no end
    return int((values if weights is None else weights * values).sum())


def check_number(values):
    """Return a sum of all values, each weighted by its position, as text.

    The weights are odd numbers from -127 to 127: never 0, so no change of one value goes unseen,
    and seldom equal, so few exchanges of two do. Integers give an exact sum. Floats are divided
    by a power of two near their span and the sum is rounded, since their last bits differ between
    processors. A gain changes the sum in proportion.
    """
    values = values.ravel()
    if not values.size:
        return "0"
    weights = 2 * ((np.arange(values.size) * 7919) % 9973 % 128) - 127
    if values.dtype.kind in "biu":
        return str(exact_sum(values, weights))
    _, decimals, least = trust(values)
    shares, _ = scaled(values)
    span = max(np.ptp(shares), least * np.abs(shares).max())
    total = float((weights * np.ldexp(shares, -power_of_two(span))).sum())
    return f"{round(round(total, decimals + 4), decimals) + 0.0:.{decimals}f}"


def mean(values):
    """Return the mean as text: exact integers, six digits of doubles, fewer of short floats."""
    if values.dtype.kind in "biu":
        return number(exact_sum(values) / values.size, 6)
    shares, exponent = scaled(values)
    # What is left of a sum that is nothing but rounding errors counts as zero.
    share = np.clip(round(shares.mean(), 9), shares.min(), shares.max())
    return number(float(np.ldexp(share, exponent)), trust(values)[0])


def summary(values):
    """Return minimum, maximum and mean as text; rounding errors around zero count as zero."""
    low, high = values.min(), values.max()
    if values.dtype.kind == "f":
        noise = 1e-9 * largest(values)
        low, high = (0.0 if abs(float(value)) <= noise else value for value in (low, high))
    return f"min {number(low)}, max {number(high)}, mean {mean(values)}"


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


NO_CORNERS = np.empty((0, 2))


def _describe_collection(collection):
    if isinstance(collection, QuadMesh):
        return f"mesh {describe_image(collection.get_array())}, {describe_colours(collection)}"
    if isinstance(collection, Quiver):
        arrows = describe_points("arrows", collection.U, collection.V)
        return f"{arrows}; {describe_points('places', collection.X, collection.Y)}"
    if isinstance(collection, ContourSet):
        # The order of the corners and where each line begins are the library's own.
        corners = [path.vertices for path in collection.get_paths() if len(path.vertices)]
        corners = np.unique(np.round(np.concatenate(corners), 6), axis=0) if corners else NO_CORNERS
        levels = ", ".join(map(number, np.asarray(collection.levels, float)))
        return f"contours at {levels}, {describe_points('corners', *corners.T)}"
    if isinstance(collection, PathCollection):
        kind, vertices = "markers", np.asarray(collection.get_offsets())
    else:
        paths = [path.vertices for path in collection.get_paths() if len(path.vertices)]
        kind, vertices = "corners of shapes", np.concatenate(paths) if paths else NO_CORNERS
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
    texts += [_describe_collection(item) for item in axes.collections]
    texts += [
        f"text {quote(item.get_text())} at ({', '.join(map(number, item.get_unitless_position()))})"
        for item in axes.texts
    ]
    return texts or ["nothing"]


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


def describe_animation(animation):
    """Describe an animation, one line per frame.

    A dict with frames, titles and limits (one each per frame) and the seconds of each frame.
    """
    each = zip(animation["frames"], animation["titles"], animation["limits"], strict=True)
    rhythm = f"{len(animation['frames'])} frames, {number(animation['seconds'])} s each"
    lines = [f"animation: {rhythm}"]
    for index, (frame, title, limits) in enumerate(each, start=1):
        name = f"frame {index} {quote(title)}" if title else f"frame {index}"
        scale = colours("gray", *limits)
        lines.append(f"{name}: {describe_image(frame)}, {scale}")
    return lines


def picture_text(picture):
    """Return the text of a picture that has an alt text: the alt text, then what is drawn."""
    drawing = picture.drawing
    describe = describe_figure if isinstance(drawing, Figure) else describe_animation
    return "\n".join([picture.alt, *describe(drawing)])


def register(shell, picture=""):
    """Let an IPython shell write these texts as text/plain.

    `picture` is the "module.Class" of a collection's own pictures, which stays as it is.
    """
    # The backend is made active first, because that takes Figure out of all formatters.
    shell.run_line_magic("matplotlib", "inline")
    plain = shell.display_formatter.formatters["text/plain"]
    if picture:
        plain.for_type_by_name(
            *picture.rsplit(".", 1),
            lambda item, printer, cycle: printer.text(picture_text(item)),
        )
    plain.for_type(
        Figure,
        lambda item, printer, cycle: printer.text("\n".join(describe_figure(item))),
    )
