"""Every figure of the course: image panels, masks on images, histograms, animations.

Each function draws with plain Matplotlib and displays one picture, as `plt.show()` would, with an
alternative text. `alt` is one sentence, for readers who cannot see the picture; `caption` adds
words under it. Nothing is returned. What cannot be drawn raises ValueError or TypeError with one
sentence: text, rows of different lengths, NaN, an empty array, titles that do not fit.
"""

import base64
import html
import io
import math
import textwrap
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib as mpl
import numpy as np
from IPython.display import display
from matplotlib import pyplot as plt
from matplotlib.colors import Colormap, ListedColormap, to_rgba
from matplotlib.figure import Figure

from helpers._validate import (
    boolean_mask,
    check_range,
    ordered,
    real_image,
    real_number,
    shown,
    whole_number,
)
from helpers.images import resize, write_gif

# Okabe and Ito's colours (Color Universal Design, 2008), which colour-blind readers tell apart.
# A mask whose name has no meaning gets the first that is free, so "blue" comes before the others.
PALETTE = {
    "sky blue": "#56B4E9",
    "blue": "#0072B2",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "green": "#009E73",
    "vermilion": "#D55E00",
    "yellow": "#F0E442",
}
# One colour for one meaning, in every lesson.
COLOURS = {
    "lungs": "sky blue",
    "heart": "purple",
    "opacity": "orange",
    "right": "green",
    "missed": "vermilion",
    "too much": "yellow",
}
# Matplotlib's own gray rounds down 24 of its 256 levels, 33 to 32 for one.
GRAY = ListedColormap(np.minimum(1, (np.arange(256.0) + 0.01) / 255)[:, None].repeat(3, 1), "gray")
# Colormaps with a neutral middle, which belongs to zero.
DIVERGING = {"RdBu", "RdGy", "PuOr", "PRGn", "PiYG", "BrBG", "coolwarm", "bwr", "seismic"}
SMALL = 25_000  # bytes of a picture that is drawn twice as fine, for sharp screens


class Picture:
    """One displayed figure: HTML for a page, its alternative text wherever a page cannot be shown.

    Parameters
    ----------
    alt : str
        One sentence that says what the picture shows.
    html : str
        The `<figure>` with the picture in it.
    drawing : matplotlib.figure.Figure or dict
        What was drawn; for an animation its frames, titles, cmap, limits and seconds.

    Examples
    --------
    >>> Picture("A film of a chest.", "<figure></figure>", None)
    A film of a chest.
    """

    def __init__(self, alt, html, drawing):
        self.alt, self.html, self.drawing = alt, html, drawing

    def __repr__(self):  # noqa: D105
        return self.alt

    def _repr_html_(self):
        return self.html


def show(images, titles=None, *, alt, caption="", cmap="gray", limits="shared", columns=None,
         colorbar=False):  # fmt: skip
    """Show images side by side, each at least 300 pixels wide.

    Parameters
    ----------
    images : (h, w) or (h, w, 3) array, (n, h, w) stack, or list of images
        Any real dtype. Masks (bool) are shown from 0 to 1, colour images as they are.
    titles : str or list of str, optional
        One per image.
    alt, caption : str
    cmap : str, Colormap or list of them
        One for all images, or one each. With a diverging one zero is in the middle.
    limits : "shared", "each" or (low, high)
        The values at the two ends of the colormap. "shared": one range for all images with the
        same colormap, from the least to the greatest value (0 to 255 when one is uint8). "each":
        least and greatest value of every image by itself.
    columns : int, optional
        Panels in a row, by default up to three.
    colorbar : bool or str
        Draw the scale beside each image; a string is its label.

    Examples
    --------
    >>> ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    >>> show([ramp, 255 - ramp], ["ramp", "negative"], alt="A grey ramp and its negative.")
    A grey ramp and its negative.
    """
    images = _image_list(images)
    scales = _scales(images, cmap, limits)
    figure, panels = _panels(images, titles, columns, room=0.9 if colorbar else 0)
    for axes, image, (colours, low, high) in zip(panels, images, scales, strict=True):
        drawn = axes.imshow(image, cmap=colours, vmin=low, vmax=high)
        if colorbar:
            figure.colorbar(drawn, ax=axes, label=colorbar if isinstance(colorbar, str) else "")
    _display(figure, alt, caption)


def overlay(image, mask, titles=None, *, alt, caption="", limits="shared", columns=None):
    """Show masks on grey images, each as a transparent tint with an outline.

    Parameters
    ----------
    image : (h, w) array, (n, h, w) stack, or list of images
    mask : bool array, stack or list like `image`, or a dict of them
        The keys of a dict name the masks in the caption. A name in `COLOURS` has its colour,
        other names get the remaining ones.
    titles, limits, columns
        As in `show`.
    alt, caption : str

    Examples
    --------
    >>> film = np.arange(100.0).reshape(10, 10)
    >>> overlay(film, {"opacity": film > 70}, alt="A ramp with its brightest part marked.")
    A ramp with its brightest part marked.
    """
    images = _image_list(image)
    masks = mask if isinstance(mask, dict) else {"": mask}
    colours = _mask_colours(masks)
    figure, panels = _panels(images, titles, columns)
    for axes, film, (cmap, low, high) in zip(
        panels, images, _scales(images, "gray", limits), strict=True
    ):
        axes.imshow(film, cmap=cmap, vmin=low, vmax=high)
    for name, group in masks.items():
        group = _one_each(_as_list(group), len(images), "mask")
        for axes, film, part in zip(panels, images, group, strict=True):
            part = boolean_mask(part, film.shape[:2], name or "mask")
            _draw_mask(axes, part, PALETTE[colours[name]], f"{name} {colours[name]}".strip())
    named = "; ".join(f"{name}: {colour}" for name, colour in colours.items() if name)
    _display(figure, alt, f"{caption} {named}{'.' * bool(named)}")


def _mask_colours(names):
    """Choose the colour of each mask: that of its meaning, or one that is still free."""
    free = [colour for colour in PALETTE if colour not in map(COLOURS.get, names)]
    if len(names) > len(PALETTE):
        raise ValueError(f"mask names {len(names)} masks; at most {len(PALETTE)} are wanted.")
    return {name: COLOURS.get(name) or free.pop(0) for name in names}


def _draw_mask(axes, mask, colour, name):
    """Draw the tint of a mask and, at its edge, a line."""
    tint = ListedColormap([to_rgba(colour, 0), to_rgba(colour, 0.3)], name=name)
    axes.imshow(mask, cmap=tint, vmin=0, vmax=1)
    if mask.any() and not mask.all() and min(mask.shape) > 1:
        axes.contour(mask, [0.5], colors=colour, linewidths=1.2).set_gid("outline of a mask")


def show_histogram(images, labels=None, *, alt, caption="", log=False):
    """Show the histograms of one or several grey images in one panel.

    Parameters
    ----------
    images : (h, w) array, (n, h, w) stack, or list of images
        8-bit images get one bin per level, others 256 bins from the least to the greatest value.
    labels : str or list of str, optional
        One per image, for the legend.
    alt, caption : str
    log : bool
        Logarithmic count axis, where the border's black pixels dwarf everything else.

    Examples
    --------
    >>> show_histogram(np.eye(4), ["identity"], alt="Twelve zeros and four ones.")
    Twelve zeros and four ones.
    """
    images = _image_list(images)
    labels = _one_each(labels, len(images), "label")
    if any(image.ndim == 3 or image.dtype == bool for image in images):
        raise TypeError("images holds a mask or a colour image; grey images are wanted.")
    edges = _bin_edges(images)
    figure = Figure(figsize=(7.6, 3.6))
    axes = figure.subplots()
    colours = mpl.colormaps["viridis"](np.linspace(0.25, 0.95, len(images)))
    for image, label, colour in zip(images, labels, colours, strict=False):
        label = str(label).replace("$", r"\$")  # a sum of money, not a formula
        axes.stairs(*np.histogram(image, edges), label=label, color=colour, fill=len(images) == 1)
    axes.set(xlabel="grey level", ylabel="pixels", yscale="log" if log else "linear")
    if any(map(str, labels)):
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    finish(figure, alt, caption)


def _bin_edges(images):
    """Return the edges of 256 bins that hold all values, or of one where these hardly differ."""
    if all(image.dtype == np.uint8 for image in images):
        return np.arange(257) - 0.5
    low, high = (float(end) for end in _range(images))
    digit = np.spacing(max(abs(low), abs(high)))  # no bin can be narrower than the last digit
    if high - low < 512 * digit:
        return np.array([low - max(digit, 0.5), high + max(digit, 0.5)])
    return np.linspace(low, high, 257)


def animate(stack, titles=None, *, alt, caption="", seconds_per_frame=1.0, limits="shared"):
    """Show a stack of grey images as an endless animation, 300 pixels wide or a little more.

    Parameters
    ----------
    stack : (n, h, w) array or list of grey images of one shape
    titles : list of str, optional
        One per frame, listed in the caption.
    alt, caption : str
    seconds_per_frame : float
        From 0.01 to 655.35.
    limits
        As in `show`.

    Examples
    --------
    >>> frames = np.zeros((2, 8, 8), np.uint8)
    >>> frames[1] = 255
    >>> animate(frames, ["off", "on"], alt="A lamp is switched on.", seconds_per_frame=0.5)
    A lamp is switched on.
    """
    frames = _image_list(stack)
    seconds = real_number(seconds_per_frame, "seconds_per_frame", least=0.01)
    named = _one_each(titles, len(frames), "title")
    if len({frame.shape for frame in frames}) > 1 or frames[0].ndim != 2:
        shapes = " and ".join(sorted({str(frame.shape) for frame in frames}))
        raise ValueError(f"stack holds frames of shape {shapes}; grey frames of one are wanted.")
    scales = _scales(frames, "gray", limits)
    levels = [_animation_frame(*each) for each in zip(frames, scales, strict=True)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "animation.gif"
        write_gif(path, np.stack(levels), seconds)
        data = path.read_bytes()
    order = f"In order: {', '.join(map(str, named))}." if any(map(str, named)) else ""
    limits = [scale[1:] for scale in scales]
    drawing = {"frames": frames, "titles": named, "limits": limits, "seconds": seconds}
    _display_picture("gif", data, 300, alt, f"{caption} {order}", drawing)


def _animation_frame(frame, scale):
    """Scale a frame to 0 to 255 between its limits; shrink it where it is wider than 300 pixels."""
    _, low, high = scale
    height, width = frame.shape
    if width > 300:
        frame = resize(frame, (max(1, round(height * 300 / width)), 300))
    share = (frame.astype(np.float64) - low) / ((high - low) or 1)
    return np.rint(255 * np.clip(share, 0, 1)).astype(np.uint8)


def finish(fig, alt, caption=""):
    """Display and close a figure drawn with Matplotlib, once its axes are labelled.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Made by `plt.subplots()` or `plt.figure()`.
    alt, caption : str

    Raises
    ------
    ValueError
        When a panel with curves, bars or markers lacks an axis label.

    Examples
    --------
    >>> fig, ax = plt.subplots()
    >>> lines = ax.plot([0, 1, 2], [0, 1, 4])
    >>> labels = ax.set(xlabel="x", ylabel="square of x")
    >>> finish(fig, "A parabola that opens upwards.")
    A parabola that opens upwards.
    """
    if not isinstance(fig, Figure):
        raise TypeError(f"fig is of type {type(fig).__name__}; a Matplotlib figure is wanted.")
    panels = [axes for axes in fig.axes if axes.get_label() != "<colorbar>"]
    for number, axes in enumerate(panels, start=1):
        for side in "xy":
            if axes.has_data() and not axes.images and not _is_labelled(fig, axes, side):
                raise ValueError(
                    f"panel {number} {axes.get_title()!r} has no label on its {side} axis; one that"
                    f" says what it counts is wanted (ax.set_{side}label)."
                )
    if fig.get_layout_engine() is None:
        # A colour bar that was made without the constrained layout cannot be moved by it.
        fig.set_layout_engine("constrained" if panels == fig.axes else "tight")
    _display(fig, alt, caption)
    plt.close(fig)  # or Jupyter's inline backend shows it once more


def _as_list(images):
    """Return one image, a stack or a list of images as a list."""
    if isinstance(images, list | tuple):
        return list(images)
    shape = np.shape(images)
    # Three columns are colour channels, unless the rows are as short: small kernels.
    is_one = len(shape) < 3 or (shape[2] == 3 and shape[1] > 4)
    return [images] if is_one else list(images)


def _image_list(images):
    """Return a list of checked images, masks and colour images."""
    images = _as_list(images)
    if not images:
        raise ValueError("images is empty; at least one image is wanted.")
    checked = []
    for image in images:
        if getattr(image, "dtype", None) == np.bool_:
            checked.append(boolean_mask(image, name="image"))
            continue
        image = real_image(image, colour=True)
        if image.ndim == 3:
            check_range(image, 255 if image.dtype == np.uint8 else 1)
        checked.append(image)
    return checked


def _one_each(values, count, name):
    """Return a list with one value per image; nothing is "" for each."""
    if values is None:
        return [""] * count
    if isinstance(values, str):
        values = [values]
    if not isinstance(values, list | tuple | np.ndarray) or getattr(values, "ndim", 1) == 0:
        raise TypeError(f"{name}s is {shown(values)}; a list with one {name} per image is wanted.")
    if len(values) != count:
        raise ValueError(f"{name}s has {len(values)} entries; {count}, one per image, are wanted.")
    return list(values)


def _scales(images, cmap, limits):
    """Return colormap and limits for each image; a colour image needs none."""
    cmaps = [cmap] * len(images) if isinstance(cmap, str | Colormap) else cmap
    cmaps = _one_each(cmaps, len(images), "colormap")
    cmaps = [GRAY if str(name) == "gray" else mpl.colormaps.get_cmap(name) for name in cmaps]
    fixed = None
    if not (isinstance(limits, str) and limits in ("shared", "each")):
        if not np.iterable(limits) or len([*limits]) != 2:
            raise ValueError(
                f'limits is {shown(limits)}; "shared", "each" or (low, high) is wanted.'
            )
        fixed = ordered(*limits, "limits[0]", "limits[1]")
    scales = []
    for image, colours in zip(images, cmaps, strict=True):
        if image.ndim == 3:
            scales.append((None, None, None))
        elif image.dtype == bool:
            scales.append((colours, 0, 1))
        elif fixed or limits == "each":
            scales.append((colours, *(fixed or _range([image], colours))))
        else:
            same = [i for i, c in zip(images, cmaps, strict=True) if c == colours and i.ndim == 2]
            group = [other for other in same if other.dtype != bool]
            scales.append((colours, *_range(group, colours, shared=True)))
    return scales


def _range(images, cmap=GRAY, shared=False):
    """Return the range of the values; around zero for a diverging colormap."""
    low = min(image.min().item() for image in images)
    high = max(image.max().item() for image in images)
    if shared and any(image.dtype == np.uint8 for image in images):
        low, high = min(low, 0), max(high, 255)
    if cmap.name.removesuffix("_r") in DIVERGING:
        high = max(-low, high) or 1
        low = -high
    return low, high


def _panels(images, titles, columns, room=0.0):
    """Return a figure and one panel without ticks per image, at least 300 pixels wide.

    `room` is left beside each panel for a colour bar, in inches.
    """
    titles = _one_each(titles, len(images), "title")
    wanted = 2 if len(images) == 4 else 3
    columns = min(wanted if columns is None else whole_number(columns, "columns"), len(images))
    rows = math.ceil(len(images) / columns)
    width = {1: 4.6, 2: 4.0}.get(columns, 3.1)  # inches of 100 pixels
    height = width * max(image.shape[0] / image.shape[1] for image in images)
    size = columns * (width + room), rows * (min(max(height, 0.2), 12) + 0.3)
    figure = Figure(figsize=size, layout="compressed")
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    for axes, title in zip(panels, titles, strict=False):
        title = textwrap.fill(str(title), int(12 * width))
        axes.set_title(title, fontsize=10, parse_math=False)
        axes.set(xticks=[], yticks=[])
        for spine in axes.spines.values():  # a frame around the image, not upon its edge
            spine.set(edgecolor="0.7", linewidth=0.5, position=("outward", 0.6))
    for axes in panels[len(images) :]:
        axes.remove()
    return figure, panels[: len(images)]


def _is_labelled(figure, axes, side):
    """Tell whether the x or y axis has a label, its own or one shared with other panels."""
    shared = getattr(axes, f"get_shared_{side}_axes")().get_siblings(axes)
    labels = [getattr(panel, f"get_{side}label")() for panel in (axes, *shared)]
    return any(labels) or bool(getattr(figure, f"get_sup{side}label")())


def _display(figure, alt, caption):
    """Draw a figure as a PNG and display it, twice as fine as shown where that stays small."""
    for _ in range(2 if figure.axes else 0):  # the layout settles when worked out a second time
        figure.get_layout_engine().execute(figure)
    figure.set_layout_engine()  # none, or savefig would work it out again and draw twice
    data = _png(figure, 100)
    if len(data) <= SMALL:
        data = _png(figure, 200)
    _display_picture("png", data, round(100 * figure.get_figwidth()), alt, caption, figure)


def _png(figure, dpi):
    """Draw a figure with so many pixels an inch; return the bytes of the lossless picture."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, facecolor="white")
    return buffer.getvalue()


def _display_picture(kind, data, width, alt, caption, drawing):
    """Display a PNG or GIF as HTML with alternative text and caption."""
    if not isinstance(alt, str) or len(alt.split()) < 3:
        raise ValueError(f"alt is {shown(alt)}; a sentence on what the picture shows is wanted.")
    alt, caption = " ".join(alt.split()), " ".join(str(caption).split())
    encoded = base64.b64encode(data).decode("ascii")
    page = (
        '<figure style="margin: 0">\n'
        f'<img alt="{html.escape(alt)}" src="data:image/{kind};base64,{encoded}"'
        f' style="width: {width}px; max-width: 100%; background: white">\n'
        + (f"<figcaption>{html.escape(caption)}</figcaption>\n" if caption else "")
        + "</figure>"
    )
    display(Picture(alt, page, drawing))
