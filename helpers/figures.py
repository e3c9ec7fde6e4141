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
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import Colormap, ListedColormap, to_rgba
from matplotlib.figure import Figure
from PIL import Image

from helpers._validate import boolean_mask, ordered, real_image, real_number, whole_number
from helpers.images import resize, write_gif

# Okabe and Ito's colours (Color Universal Design, 2008), which colour-blind readers tell apart.
PALETTE = {
    "sky blue": "#56B4E9",
    "orange": "#E69F00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "vermilion": "#D55E00",
    "yellow": "#F0E442",
    "blue": "#0072B2",
}
# One colour for one meaning, in every lesson.
COLOURS = {
    "lungs": PALETTE["sky blue"],
    "heart": PALETTE["purple"],
    "opacity": PALETTE["orange"],
    "right": PALETTE["green"],
    "missed": PALETTE["vermilion"],
    "too much": PALETTE["yellow"],
}
# Matplotlib's own gray rounds down 24 of its 256 levels, 33 to 32 for one.
GRAY = ListedColormap(np.minimum(1, (np.arange(256.0) + 0.01) / 255)[:, None].repeat(3, 1), "gray")
# Colormaps with a neutral middle, which belongs to zero.
DIVERGING = {"PiYG", "PRGn", "BrBG", "PuOr", "RdGy", "RdBu", "RdYlBu", "RdYlGn", "Spectral",
             "coolwarm", "bwr", "seismic", "berlin", "managua", "vanimo"}  # fmt: skip
SMALL = 60_000  # bytes of a picture that may have twice the shown width, for sharp screens
BAR = 95  # pixels beside a panel for a colour bar, its numbers and its label


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
        Draw the scale; a string is its label.

    Examples
    --------
    >>> ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    >>> show([ramp, 255 - ramp], ["ramp", "negative"], alt="A grey ramp and its negative.")
    A grey ramp and its negative.
    """
    images = _image_list(images)
    scales = _scales(images, cmap, limits)
    grey = [index for index, image in enumerate(images) if scales[index] and image.dtype != bool]
    shared = len(grey) == len(images) and all(scale == scales[0] for scale in scales)
    bars = 0 if not (colorbar and grey) else 1 if shared else len(images)
    figure, panels = _panels(images, titles, columns, bars)
    drawn = [_draw(*each) for each in zip(panels, images, scales, strict=True)]
    last = max((panel.get_position() for panel in panels), key=lambda place: (place.x1, place.y1))
    for index in grey[:bars]:
        label = colorbar if isinstance(colorbar, str) else ""
        beside = panels[index].get_position() if bars > 1 else last
        width = figure.get_figwidth() * 100
        place = (beside.x1 + 8 / width, beside.y0, 14 / width, beside.height)
        axes = figure.add_axes(place, label="<colorbar>")
        figure.colorbar(drawn[index], cax=axes).set_label(label, parse_math=False)
    _display(figure, alt, caption if colorbar else f"{caption} {_limits_in_words(scales)}")


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
    taken = {COLOURS[name] for name in masks if name in COLOURS}
    free = [colour for colour in PALETTE.values() if colour not in taken]
    if len(masks) > len(taken) + len(free):
        raise ValueError(f"mask names {len(masks)} masks; at most {len(PALETTE)} are wanted.")
    scales = _scales(images, "gray", limits)
    figure, panels = _panels(images, titles, columns)
    for each in zip(panels, images, scales, strict=True):
        _draw(*each)
    names = {hexadecimal: name for name, hexadecimal in PALETTE.items()}
    words = []
    for name, group in masks.items():
        group = _one_each(_as_list(group), len(images), "mask")
        colour = COLOURS.get(name) or free.pop(0)
        for panel, film, part in zip(panels, images, group, strict=True):
            part = boolean_mask(part, film.shape[:2], name or "mask")
            _draw_mask(panel, part, colour, f"{name} {names[colour]}".strip())
        words += [f"{name}: {names[colour]}"] if name else []
    named = "; ".join(words) + "." if words else ""
    _display(figure, alt, f"{caption} {named} {_limits_in_words(scales)}")


def show_histogram(images, labels=None, *, alt, caption="", log=False):
    """Show the histograms of one or several grey images in one panel.

    Parameters
    ----------
    images : (h, w) array, (n, h, w) stack, or list of images
        8-bit images get one bin per level. Others get up to 256 bins from the least to the
        greatest value, whole levels wide when they hold integers.
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
    colours = list(PALETTE.values())
    if len(images) > len(colours):
        colours = mpl.colormaps["viridis"](np.linspace(0, 0.9, len(images)))
    for image, label, colour in zip(images, labels, colours, strict=False):
        style = {"fill": True, "color": "0.4"} if len(images) == 1 else {"color": colour}
        axes.stairs(np.histogram(image, edges)[0], edges, label=label, **style)
    axes.set(xlabel="intensity", ylabel="pixels", yscale="log" if log else "linear")
    if any(labels):
        legend = axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
        for text in legend.get_texts():
            text.set_parse_math(False)
    finish(figure, alt, caption)


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
    levels = [_film_sized(*each) for each in zip(frames, scales, strict=True)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "animation.gif"
        write_gif(path, np.stack(levels), seconds)
        data = path.read_bytes()
    order = f"In order: {', '.join(named)}." if any(named) else ""
    drawing = {"frames": frames, "titles": named, "cmap": "gray", "seconds": seconds}
    drawing["limits"] = [scale[1:] for scale in scales]
    width = levels[0].shape[1]
    words = f"{caption} {order} {_limits_in_words(scales)}"
    _display_picture("gif", data, width, alt, words, drawing)


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
                title = f" ({axes.get_title()})" if axes.get_title() else ""
                raise ValueError(
                    f"panel {number}{title} has no label on its {side} axis; one that says what"
                    f" it counts is wanted (ax.set_{side}label)."
                )
    if fig.get_layout_engine() is None:
        fig.set_layout_engine("constrained")
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
        if (
            image.ndim == 3
            and image.dtype != np.uint8
            and not (0 <= image.min() <= image.max() <= 1)
        ):
            raise ValueError(
                f"image is in colour, dtype {image.dtype}, from {image.min():g} to"
                f" {image.max():g}; uint8 or numbers from 0 to 1 are wanted."
            )
        checked.append(image)
    return checked


def _one_each(values, count, name):
    """Return a list with one value per image; nothing is "" for each."""
    if values is None:
        return [""] * count
    if isinstance(values, str):
        values = [values]
    if not isinstance(values, list | tuple | np.ndarray):
        raise TypeError(f"{name}s is {values!r}; a list with one {name} per image is wanted.")
    if len(values) != count:
        raise ValueError(f"{name}s has {len(values)} entries; {count}, one per image, are wanted.")
    return list(values)


def _scales(images, cmap, limits):
    """Return (colormap, low, high) for each image, None for colour images."""
    cmaps = [cmap] * len(images) if isinstance(cmap, str | Colormap) else cmap
    cmaps = _one_each(cmaps, len(images), "colormap")
    cmaps = [GRAY if name == "gray" else mpl.colormaps.get_cmap(name) for name in cmaps]
    fixed = not isinstance(limits, str)
    if (fixed and np.shape(limits) != (2,)) or (not fixed and limits not in ("shared", "each")):
        raise ValueError(f'limits is {limits!r}; "shared", "each" or (low, high) is wanted.')
    low, high = ordered(*limits, "limits[0]", "limits[1]") if fixed else (None, None)
    scales = []
    for image, colours in zip(images, cmaps, strict=True):
        if image.ndim == 3:
            scales.append(None)
        elif image.dtype == bool:
            scales.append((colours, 0, 1))
        elif fixed:
            scales.append((colours, low, high))
        elif limits == "each":
            scales.append((colours, *_least_and_greatest([image], colours)))
        else:
            grey = [i for i, c in zip(images, cmaps, strict=True) if i.ndim == 2 and c == colours]
            group = [i for i in grey if i.dtype != bool]
            ends = [0, 255] if any(i.dtype == np.uint8 for i in group) else []
            scales.append((colours, *_least_and_greatest([*group, np.uint8(ends)], colours)))
    return scales


def _least_and_greatest(images, cmap):
    """Return the range of the values; around zero, which a diverging colormap has in its middle."""
    low = min(image.min().item() for image in images if image.size)
    high = max(image.max().item() for image in images if image.size)
    if cmap.name.removesuffix("_r") in DIVERGING:
        high = max(-low, high) or 1
        low = -high
    return low, high


def _limits_in_words(scales):
    """Say what the ends of one common colormap mean, unless they are 0 and 255 or 0 and 1."""
    first = scales[0]
    obvious = ("gray", 0, 255), ("gray", 0, 1)
    if not first or any(each != first for each in scales) or (first[0].name, *first[1:]) in obvious:
        return ""
    low, high = (f"{end:g}" if end == round(end) else f"{end:.3g}" for end in first[1:])
    if first[0].name == "gray":
        return f"Black is {low}, white is {high}."
    return f"The colours run from {low} to {high}."


def _panels(images, titles, columns, bars=0):
    """Return a figure and one panel without ticks per image, laid out in whole pixels.

    With `bars` there is room for one colour bar at the right, or for one beside each panel.
    """
    titles = _one_each(titles, len(images), "title")
    default = 2 if len(images) == 4 else 3
    columns = default if columns is None else whole_number(columns, "columns")
    columns = min(columns, len(images))
    rows = math.ceil(len(images) / columns)
    width = {1: 450, 2: 400}.get(columns, 300)
    height = width * max(image.shape[0] / image.shape[1] for image in images)
    height = round(min(max(height, 20), 1200))
    titles = [textwrap.fill(str(title), width // 8) for title in titles]
    head = 14 + 17 * max(title.count("\n") + bool(title) for title in titles)
    right = 6 + BAR * (bars > 1)
    size = 6 + columns * (width + right) + BAR * (bars == 1), 6 + rows * (height + head)
    total = np.array(size)
    # A little more than whole pixels, which Matplotlib would round down.
    figure = Figure(figsize=(total + 0.001) / 100)
    panels = []
    for index, title in enumerate(titles):
        row, column = divmod(index, columns)
        corner = (6 + column * (width + right), total[1] - (row + 1) * (height + head))
        axes = figure.add_axes((*(corner / total), *((width, height) / total)))
        axes.set_title(title, fontsize=10, pad=4, parse_math=False)
        for spine in axes.spines.values():  # a frame around the image, not upon its edge
            spine.set(edgecolor="0.7", linewidth=0.5, position=("outward", 0.6))
        axes.set(xticks=[], yticks=[])
        panels.append(axes)
    return figure, panels


def _draw(axes, image, scale):
    """Draw one image."""
    cmap, low, high = scale or (None, None, None)
    return axes.imshow(image, cmap=cmap, vmin=low, vmax=high)


def _draw_mask(axes, mask, colour, name):
    """Draw the tint of a mask and, at its edge, a line."""
    tint = ListedColormap([to_rgba(colour, 0), to_rgba(colour, 0.3)], name=name)
    axes.imshow(mask, cmap=tint, vmin=0, vmax=1)
    if mask.any() and not mask.all() and min(mask.shape) > 1:
        lines = axes.contour(mask, [0.5], colors=colour, linewidths=1.2)
        lines.set_gid("outline of a mask")


def _bin_edges(images):
    """Return the edges of at most 256 bins that hold all values."""
    low, high = _least_and_greatest(images, GRAY)
    if all(image.dtype.kind in "iu" for image in images):
        if all(image.dtype == np.uint8 for image in images):
            low, high = 0, 255
        step = math.ceil((high - low + 1) / 256)
        edges = low - 0.5 + step * np.arange(math.ceil((high - low + 1) / step) + 1.0)
    else:
        edges = np.histogram_bin_edges(np.array([low, high], float), 256)
    if not (np.diff(edges) > 0).all():
        raise ValueError(
            f"images holds values from {low} to {high}, too close together for bins; numbers of"
            " a smaller size are wanted (image - image.min())."
        )
    return edges


def _film_sized(frame, scale):
    """Scale a frame to 0 to 255 between its limits, and to 300 pixels in width or more."""
    _, low, high = scale
    height, width = frame.shape
    if height > 10 * width:
        raise ValueError(f"stack holds frames of shape {frame.shape}; wider ones are wanted.")
    if width > 300:
        frame = resize(frame, (max(1, round(height * 300 / width)), 300))
    times = math.ceil(300 / frame.shape[1])
    share = (frame.astype(float) - low) / ((high - low) or 1)
    levels = np.rint(255 * np.clip(share, 0, 1)).astype(np.uint8)
    return levels.repeat(times, axis=0).repeat(times, axis=1)


def _is_labelled(figure, axes, side):
    """Tell whether the x or y axis has a label, its own or one shared with other panels."""
    shared = getattr(axes, f"get_shared_{side}_axes")().get_siblings(axes)
    labels = [getattr(panel, f"get_{side}label")() for panel in (axes, *shared)]
    return any(labels) or bool(getattr(figure, f"get_sup{side}label")())


def _display(figure, alt, caption):
    """Draw a figure as a PNG and display it, twice as fine as shown where that stays small."""
    data = _png(figure, 200)
    if len(data) > SMALL:
        data = _png(figure, 100)
    _display_picture("png", data, round(100 * figure.get_figwidth()), alt, caption, figure)


def _png(figure, dpi):
    """Return the canvas as a lossless PNG; one channel holds it where nothing has a colour."""
    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    is_grey = (pixels == pixels[..., :1]).all()
    buffer = io.BytesIO()
    Image.fromarray(pixels[..., 0] if is_grey else pixels).save(buffer, "PNG")
    return buffer.getvalue()


def _display_picture(kind, data, width, alt, caption, drawing):
    """Display a PNG or GIF as HTML with alternative text and caption."""
    if not isinstance(alt, str) or len(alt.split()) < 3:
        raise ValueError(
            f"alt is {alt!r}; a sentence that says what the picture shows is wanted, for readers"
            " who cannot see it."
        )
    alt, caption = " ".join(alt.split()), " ".join(caption.split())
    encoded = base64.b64encode(data).decode("ascii")
    page = (
        '<figure style="margin: 0">\n'
        f'<img alt="{html.escape(alt)}" src="data:image/{kind};base64,{encoded}"'
        f' style="width: {width}px; max-width: 100%; background: white">\n'
        + (f"<figcaption>{html.escape(caption)}</figcaption>\n" if caption else "")
        + "</figure>"
    )
    display(Picture(alt, page, drawing))
