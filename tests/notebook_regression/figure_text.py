"""What a figure shows, in words and numbers: the text by which the notebook tests compare figures.

The pixels of a drawing change with every release of Matplotlib while the data in it do not. So the
text must stay the same when only a library or a processor changes, and change when a panel shows
another array:

* minimum and maximum are rounded to three significant digits, means to as many as the dtype
  holds safely (integers are exact);
* images get a map, the means of 4 x 4 blocks in one digit each, which a flip or a shift rearranges;
* everything gets a check number, in which one changed pixel shows, and a gain or an offset too;
* colours, line styles, markers and the like are told where they are not Matplotlib's usual ones.

`register` puts the text in the place of `text/plain` in a kernel of the test and store commands,
for pictures of a collection's own and for those of a plain `plt.show()`. In a learner's kernel
nothing of this is there.
"""

import numpy as np
from matplotlib import colormaps, rcParamsDefault
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.colors import same_color, to_hex, to_rgba
from matplotlib.container import BarContainer
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import AxLine, Line2D
from matplotlib.patches import FancyArrowPatch, Rectangle, StepPatch
from matplotlib.quiver import Quiver
from matplotlib.text import Annotation
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator, ScalarFormatter

# How far the floats of a dtype (by bytes) can be trusted on every processor:
# significant digits of a mean, decimals of a check number, and the smallest span that is told
# from rounding errors, as a share of the greatest value.
TRUST = {2: (3, 1, 1), 4: (5, 1, 0.1), 8: (6, 3, 1e-4)}
FEW = 64  # values, whose rounding errors add up to little: one more decimal


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
    # np.ldexp takes much longer; two steps, since 2 ** 1024 is more than a double holds.
    return values.astype(float) / 2.0 ** (exponent - 1) / 2, exponent


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
    # else Python's integers, which have no end
    kind = np.int64 if 127 * greatest * values.size < 2**63 else object
    if weights is None:
        return int(values.sum(dtype=kind))
    return int(np.einsum("i,i", values, weights, dtype=kind, casting="unsafe"))


# Again from the first one after 9973 values.
WEIGHTS = (2 * ((np.arange(9973) * 7919) % 9973 % 128) - 127).astype(np.int8)


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
    weights = np.resize(WEIGHTS, values.size)
    if values.dtype.kind in "biu":
        return str(exact_sum(values, weights))
    _, decimals, least = trust(values)
    if decimals == 1 and values.dtype.itemsize == 4 and values.size <= FEW:
        decimals = 2
    shares, _ = scaled(values)
    span = max(np.ptp(shares), least * largest(shares))
    total = np.ldexp((weights * shares).sum(), -power_of_two(span))
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


# ---- style: what is not told is Matplotlib's usual one ------------------------------------------

CYCLE = [to_hex(each) for each in rcParamsDefault["axes.prop_cycle"].by_key()["color"]]
STYLES = {"--": "dashed", "-.": "dash-dotted", ":": "dotted", "None": "no line"}
ANTIALIASED = {None, "auto", "antialiased"}  # one interpolation, by the names of three releases
UNNAMED = {"from_list", "unnamed"}  # a colormap without a name, up to Matplotlib 3.10 and since


def colour_name(colour):
    """Name one colour: C0 to C9 of the usual cycle, else in hexadecimal; with alpha below one."""
    colour = to_rgba(colour)
    name = to_hex(colour)
    name = f"C{CYCLE.index(name)}" if name in CYCLE else name
    return name if colour[3] == 1 else f"{name} alpha {number(colour[3])}"


def colour_names(colours):
    """Name the colours of many things in their order; more than twelve by a check number."""
    colours = np.asarray(colours, float).reshape(-1, 4)
    if not len(colours) or not colours[:, 3].any():
        return "none"
    if (colours == colours[0]).all():
        return colour_name(colours[0])
    if len(colours) <= 12:
        return " ".join(map(colour_name, colours))
    return f"{len(colours)} colours check {check_number(colours)}"


def shared(artist, usual):
    """Yield what any artist may have: transparency, a place in front or behind, invisibility.

    `usual` is its place in front of or behind the others when nobody has said any.
    """
    alpha = artist.get_alpha()
    if alpha is not None:
        yield f"alpha {number(alpha) if np.ndim(alpha) == 0 else check_number(np.asarray(alpha))}"
    if artist.get_zorder() != usual:
        yield f"zorder {number(artist.get_zorder())}"
    if not artist.get_visible():
        yield "invisible"


def unusual(**values):
    """Yield name and value where a value is not the usual one; each is a pair of the two."""
    for name, (value, usual) in values.items():
        if value != usual:
            text = number(value) if isinstance(value, float | int) else value
            yield f"{name.replace('_', ' ')} {text}"


def said(facts):
    """Return facts as text behind a description."""
    facts = list(facts)
    return f"; {', '.join(facts)}" if facts else ""


def line_style(line):
    """Yield the style of a curve, or of the edge that goes around something."""
    yield colour_name(line.get_color())
    marker = line.get_marker()
    marker = marker if isinstance(marker, str | int) else "of its own"
    has_marker = marker not in ("None", "none", "", " ", None)
    yield from unusual(
        style=(STYLES.get(line.get_linestyle(), line.get_linestyle()), "-"),
        width=(line.get_linewidth(), rcParamsDefault["lines.linewidth"]),
        steps=(line.get_drawstyle(), "default"),
        marker=(str(marker) if has_marker else "None", "None"),
        marker_size=(line.get_markersize() if has_marker else 6, 6),
        marker_every=(str(line.get_markevery()), "None"),
    )
    if has_marker:
        for name in ("face", "edge"):
            colour = getattr(line, f"get_marker{name}color")()
            if not same_color(colour, line.get_color()):
                yield f"marker {name} {'none' if to_rgba(colour)[3] == 0 else colour_name(colour)}"
    yield from shared(line, Line2D.zorder)


def patch_style(patches):
    """Yield the style of bars or of other patches: the first one's, and the colours of all."""
    first, edges = patches[0], [patch.get_edgecolor() for patch in patches]
    faces = [patch.get_facecolor() if patch.get_fill() else (0, 0, 0, 0) for patch in patches]
    yield f"fill {colour_names(faces)}"
    if np.any(np.asarray(edges)[:, 3]) and first.get_linewidth():
        yield f"edge {colour_names(edges)}"
        yield from unusual(
            width=(first.get_linewidth(), rcParamsDefault["patch.linewidth"]),
            style=(STYLES.get(first.get_linestyle(), first.get_linestyle()), "solid"),
        )
    yield from unusual(hatch=(first.get_hatch(), None))
    yield from shared(first, type(first).zorder)
    if hidden := sum(not patch.get_visible() for patch in patches[1:]):
        yield f"{hidden} invisible"


def collection_style(collection):
    """Yield the style of markers, arrows, shapes and lines that are drawn together."""
    values = collection.get_array()
    if values is not None:
        values = np.ma.getdata(values)
        yield f"{describe_colours(collection)} by values check {check_number(values)}"
    else:
        yield f"fill {colour_names(collection.get_facecolor())}"
        yield f"edge {colour_names(collection.get_edgecolor())}"
    widths = np.unique(np.asarray(collection.get_linewidth(), float))
    yield from unusual(
        width=(" ".join(map(number, widths)), "1"), hatch=(collection.get_hatch(), None)
    )
    dashes = [pattern for _, pattern in collection.get_linestyle() if pattern is not None]
    yield from [f"dashes {' '.join(number(part) for part in dashes[0])}"] if dashes else []
    if isinstance(collection, PathCollection):
        sizes = np.asarray(collection.get_sizes(), float)
        shape = collection.get_paths()[0].vertices if collection.get_paths() else NO_CORNERS
        yield f"size {number(sizes[0]) if len(set(sizes)) == 1 else check_number(sizes)}"
        yield f"shape of {len(shape)} corners check {check_number(np.round(shape, 6))}"
    yield from shared(collection, 1)


def image_style(image):
    """Yield how an image is laid out and drawn."""
    rows, columns = image.get_array().shape[:2]
    if not np.allclose(image.get_extent(), (-0.5, columns - 0.5, rows - 0.5, -0.5)):
        yield f"extent {' '.join(map(number, image.get_extent()))}"
    interpolation = image.get_interpolation()
    yield from unusual(
        origin=(image.origin, "upper"),
        interpolation=(None if interpolation in ANTIALIASED else interpolation, None),
    )
    if image.colorbar is not None:
        yield "a colour bar"
    yield from shared(image, AxesImage.zorder)


def text_style(text):
    """Yield the style of a text: of what a reader sees at once, colour and size."""
    usual = rcParamsDefault["font.size"]
    if not same_color(text.get_color(), rcParamsDefault["text.color"]):
        yield colour_name(text.get_color())
    yield from unusual(
        size=(text.get_fontsize(), usual),
        weight=(text.get_fontweight(), "normal"),
        turned_by=(text.get_rotation(), 0.0),
        aligned=(f"{text.get_ha()} {text.get_va()}", "left baseline"),
    )
    if text.get_bbox_patch():
        yield from (f"box {fact}" for fact in patch_style([text.get_bbox_patch()]))
    yield from shared(text, type(text).zorder)


def describe_colours(artist):
    """Return colormap and limits of an image or mesh; a colour image has neither."""
    if np.ndim(artist.get_array()) == 3:
        return "colour image"
    norm = artist.norm
    scale = "" if type(norm).__name__ == "Normalize" else f" by {type(norm).__name__}"
    for name in ("gamma", "vcenter", "linthresh", "boundaries"):
        if (value := getattr(norm, name, None)) is not None:
            scale += f" {name} {' '.join(map(number, np.atleast_1d(value)))}"
    return colours(artist.get_cmap(), *artist.get_clim()) + scale


def colours(cmap, low, high):
    """Write a colormap and its limits; whole ones in full, also where they have become floats."""
    low, high = (int(each) if float(each).is_integer() else each for each in (low, high))
    return f"{colormap_name(cmap)} from {number(low, 5)} to {number(high, 5)}"


def colormap_name(cmap):
    """Name a colormap of Matplotlib's own, or as good as; tell more of another one."""
    table = cmap(np.arange(cmap.N))
    name = "unnamed" if cmap.name in UNNAMED else cmap.name
    if not (
        name in colormaps and np.allclose(colormaps[name](np.arange(cmap.N)), table, atol=1e-3)
    ):
        name += f" ({colour_names(table)})"
    bad = cmap.get_bad()
    return f"{name}, missing {colour_name(bad)}," if bad[3] else name


# ---- what is drawn ------------------------------------------------------------------------------


def _line_values(line):
    """Return x and y as given when they are numbers (whole counts stay exact), else as drawn."""
    given = [np.asarray(values) for values in line.get_data(orig=True)]
    return [
        values if values.dtype.kind in "biuf" else np.asarray(drawn, float)
        for values, drawn in zip(given, line.get_data(orig=False), strict=True)
    ]


NO_CORNERS = np.empty((0, 2))


def _describe_line(line, axes):
    """Describe a curve, or a line that goes across the whole panel."""
    if isinstance(line, AxLine):
        one, other = line.get_xy1(), line.get_xy2()
        ends = " and ".join(place(point) for point in (one, other) if point is not None)
        slope = "" if line.get_slope() is None else f", slope {number(line.get_slope())}"
        return f"a line across, through {ends}{slope}{said(line_style(line))}"
    kind = "points in a line"
    in_data = line.get_transform().contains_branch_seperately(axes.transData)
    if not all(in_data):  # as of axhline: along x it reaches from edge to edge
        sides = (side for side, inside in zip("xy", in_data, strict=True) if not inside)
        kind += f" across {' and '.join(sides)}"
    values = _line_values(line)
    return describe_points(kind, *values, line.get_label()) + said(line_style(line))


def place(point, digits=3):
    """Write a place as (x, y)."""
    return f"({', '.join(number(value, digits) for value in point)})"


def _describe_quiver(quiver):
    arrows = describe_points("arrows", quiver.U, quiver.V)
    angles = quiver.angles if isinstance(quiver.angles, str) else check_number(quiver.angles)
    # A scale that Matplotlib has chosen follows from the size of the page.
    scale = None if quiver.scale_units is None else f"{number(quiver.scale)} {quiver.scale_units}"
    facts = unusual(angles=(angles, "uv"), scale=(scale, None), pivot=(quiver.pivot, "tail"))
    style = [*facts, *collection_style(quiver)]
    return f"{arrows}; {describe_points('places', quiver.X, quiver.Y)}{said(style)}"


def _describe_contours(contours):
    # The order of the corners and where each line begins are the library's own.
    corners = [path.vertices for path in contours.get_paths() if len(path.vertices)]
    corners = np.unique(np.round(np.concatenate(corners), 6), axis=0) if corners else NO_CORNERS
    levels = ", ".join(map(number, np.asarray(contours.levels, float)))
    kind = "filled contours" if contours.filled else "contours"
    if contours.colors is None:
        style = [describe_colours(contours)]
    else:
        given = contours.colors
        given = [given] if isinstance(given, str | tuple) else given
        style = [" ".join(map(colour_name, given))]
    if not contours.filled:
        widths = np.unique(np.asarray(contours.get_linewidth(), float))
        style += unusual(width=(" ".join(map(number, widths)), "1.5"))
        style += unusual(style=(str(contours.linestyles), "None"))
    style += shared(contours, contours.get_zorder())
    return f"{kind} at {levels}, {describe_points('corners', *corners.T)}{said(style)}"


def _describe_collection(collection):
    if isinstance(collection, QuadMesh):
        text = f"mesh {describe_image(collection.get_array())}, {describe_colours(collection)}"
        return text + said(shared(collection, 1))
    if isinstance(collection, Quiver):
        return _describe_quiver(collection)
    if isinstance(collection, ContourSet):
        return _describe_contours(collection)
    if isinstance(collection, PathCollection):
        kind, vertices = "markers", np.asarray(collection.get_offsets())
    else:
        paths = [path.vertices for path in collection.get_paths() if len(path.vertices)]
        kind, vertices = "corners of shapes", np.concatenate(paths) if paths else NO_CORNERS
    text = describe_points(kind, *vertices.T, collection.get_label())
    return text + said(collection_style(collection))


def _describe_patches(axes):
    """Yield the bars of each bar chart or histogram, then all other patches one by one."""
    bars = [group for group in axes.containers if isinstance(group, BarContainer)]
    for group in bars:
        left, bottom, width, height = (
            np.array([getattr(bar, f"get_{name}")() for bar in group.patches])
            for name in ("x", "y", "width", "height")
        )
        x, y = np.concatenate([left, left + width]), np.concatenate([bottom, bottom + height])
        count = len(group.patches)
        style = said(patch_style(group.patches)) if count else ""
        yield describe_points("bars", x, y, group.get_label(), count=count) + style
    in_bars = {bar for group in bars for bar in group.patches}
    for patch in axes.patches:
        if patch not in in_bars:
            yield _describe_patch(patch) + said(patch_style([patch]))


def _describe_patch(patch):
    if isinstance(patch, StepPatch):
        data = patch.get_data()
        return describe_points(
            "steps", data.edges, data.values, patch.get_label(), count=data.values.size
        )
    if isinstance(patch, FancyArrowPatch):  # its corners follow from the size of the page
        return f"an arrow {type(patch.get_arrowstyle()).__name__}"
    path = patch.get_patch_transform().transform_path(patch.get_path())
    kind = "a rectangle" if isinstance(patch, Rectangle) else "a shape"
    return describe_points(f"corners of {kind}", *path.vertices.T, patch.get_label())


def _describe_text(text, axes):
    """Describe a text in a panel, and the arrow that goes from it."""
    where = place(text.get_unitless_position())
    facts = list(text_style(text))
    if isinstance(text, Annotation):
        facts = [f"for {place(text.xy)}", *facts]
        facts += unusual(xycoords=(str(text.xycoords), "data"))
        facts += unusual(textcoords=(str(text.anncoords), "data"))
        if arrow := text.arrow_patch:
            line = type(arrow.get_arrowstyle()).__name__, colour_name(arrow.get_edgecolor())
            facts += [f"arrow {' '.join(line)}", *unusual(width=(arrow.get_linewidth(), 1.0))]
    elif text.get_transform() == axes.transAxes:
        where += " of the panel"
    return f"text {quote(text.get_text())} at {where}{said(facts)}"


def _describe_artists(axes):
    """Return one text for each image, curve, bar group, marker set, shape and annotation."""
    texts = [
        f"{describe_image(image.get_array())}, {describe_colours(image)}{said(image_style(image))}"
        for image in axes.images
    ]
    texts += [_describe_line(line, axes) for line in axes.lines]
    texts += _describe_patches(axes)
    texts += [_describe_collection(item) for item in axes.collections]
    texts += [_describe_text(item, axes) for item in axes.texts]
    return texts or ["nothing"]


def _describe_axis(axes, name):
    """Return label, scale, the range the author set and ticks of an axis; "" for images.

    A range or ticks that Matplotlib chose follow from the data and its version; they are left out.
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
    elif limits[0] > limits[1] and not axes.images:
        words.append("turned round")
    if axis.get_scale() != "linear":
        words.append(axis.get_scale())
    elif not isinstance(axis.get_major_formatter(), ScalarFormatter | NullFormatter):
        # Names of classes and other ticks the author wrote.
        names = ", ".join(quote(tick.get_text()) for tick in axis.get_ticklabels())
        words.append(f"({names})")
    words += _describe_ticks(axis, expected=not axes.images)
    return f", {name} {' '.join(words)}" if words else ""


def _describe_ticks(axis, expected):
    """Yield the ticks that an author has set; images are expected to have none."""
    locator = axis.get_major_locator()
    places = axis.get_majorticklocs() if isinstance(locator, FixedLocator) else ()
    if len(places):
        few = len(places) <= 12
        yield f"ticks {' '.join(map(number, places)) if few else check_number(np.asarray(places))}"
    elif isinstance(locator, FixedLocator | NullLocator) == expected:
        yield "no ticks" if expected else "ticks"
    if axis.get_gridlines() and axis.get_gridlines()[0].get_visible():
        yield "grid"


def _describe_frame(axes):
    """Return what is unusual about a panel itself."""
    hidden = [name for name, spine in axes.spines.items() if not spine.get_visible()]
    facts = [f"no frame {' '.join(hidden)}"] if hidden else []
    if not axes.axison:
        facts.append("no axes")
    if not axes.get_visible():
        facts.append("invisible")
    usual = 1.0 if axes.images else "auto"
    facts += unusual(aspect=(axes.get_aspect(), usual))
    if not same_color(axes.get_facecolor(), "white"):
        facts.append(f"ground {colour_name(axes.get_facecolor())}")
    return "".join(f", {fact}" for fact in facts)


def _describe_legend(legend):
    names = ", ".join(quote(text.get_text()) for text in legend.get_texts())
    title = legend.get_title().get_text()
    return f"legend {f'{quote(title)}: ' if title else ''}{names}"


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
    labels = {"x": figure.get_supxlabel(), "y": figure.get_supylabel()}
    texts = [item.get_text() for item in figure.texts]
    lines = [f"text {quote(text)}" for text in texts if text and text not in labels.values()]
    lines += [f"{side} of all panels {quote(label)}" for side, label in labels.items() if label]
    lines += [_describe_legend(legend) for legend in figure.legends]
    for index, axes in enumerate(panels(figure), start=1):
        head = panel_name(index, axes) + _describe_axis(axes, "x") + _describe_axis(axes, "y")
        head += _describe_frame(axes)
        artists = _describe_artists(axes)
        if axes.get_legend():
            artists.append(_describe_legend(axes.get_legend()))
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
        scale = colours(colormaps["gray"], *limits)
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
