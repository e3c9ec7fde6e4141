"""What comes before drawing: checked images, their colour limits, and panels to put them in."""

import math
import textwrap

import matplotlib as mpl
import numpy as np
from matplotlib.colors import ListedColormap, to_rgba
from matplotlib.figure import Figure

from helpers._figure_text import OUTLINE, number

WIDTH = 7.6  # inches, of a figure with several panels
DIVERGING = (
    "PiYG PRGn BrBG PuOr RdGy RdBu RdYlBu RdYlGn Spectral coolwarm bwr seismic berlin vanimo"
)
# Okabe and Ito's colours (Color Universal Design, 2008), which colour-blind readers tell apart.
COLOURS = {
    "orange": "#E69F00",
    "sky blue": "#56B4E9",
    "green": "#009E73",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
    "blue": "#0072B2",
}


def image_list(images):
    """Return a list of 2-D or colour arrays from one image, a stack or a list of images."""
    if not isinstance(images, list | tuple):
        array = np.asarray(images)
        # Three or four columns are colour channels, unless the rows are as short: small kernels.
        colour = array.ndim == 3 and array.shape[2] in (3, 4) and array.shape[1] > 4
        images = [array] if array.ndim < 3 or colour else list(array)
    if not images:
        raise ValueError("there is no image to show: the list or stack is empty")
    return [_checked_image(np.asarray(image)) for image in images]


def _checked_image(image):
    if image.dtype.kind not in "biuf":
        raise TypeError(f"an image holds real numbers, not {image.dtype}")
    colour = image.ndim == 3 and image.shape[2] in (3, 4)
    if not (image.ndim == 2 or colour) or image.size == 0:
        raise ValueError(f"an image has the shape (h, w) or (h, w, 3), not {image.shape}")
    if not np.isfinite(image).all():
        raise ValueError(
            f"{np.count_nonzero(~np.isfinite(image))} pixels are NaN or infinite; replace them "
            "before showing the image"
        )
    fits = image.dtype == np.uint8 or (
        image.dtype.kind == "f" and 0 <= image.min() <= image.max() <= 1
    )
    if colour and not fits:
        raise ValueError(
            f"a colour image is uint8 or float from 0 to 1, not {image.dtype} "
            f"from {number(image.min())} to {number(image.max())}"
        )
    return image


def one_each(values, images, what):
    """Return one text per image from None, one text for all (colormaps) or a list."""
    if values is None:
        return [""] * len(images)
    if isinstance(values, str):
        values = [values] * (len(images) if what == "colormap" else 1)
    values = [str(value) for value in values]
    if len(values) != len(images):
        raise ValueError(
            f"{len(images)} images, but {len(values)} {what}s; give one {what} for each image"
        )
    return values


def scales(images, cmaps, limits):
    """Return (colormap, low, high) for each image; ("", 0, 1) for colour images."""
    if unknown := [name for name in cmaps if name not in mpl.colormaps]:
        raise ValueError(f"there is no colormap {unknown[0]!r}; try gray, viridis or RdBu_r")
    if not isinstance(limits, str):
        limits = _checked_limits(limits)
    elif limits not in ("shared", "each"):
        raise ValueError(f'limits is "shared", "each" or (low, high), not {limits!r}')
    result = []
    for image, cmap in zip(images, cmaps, strict=True):
        if image.ndim == 3:
            result.append(("", 0, 1))
        elif image.dtype == bool:
            result.append((cmap, 0, 1))
        elif limits == "shared":
            same = [
                other
                for other, name in zip(images, cmaps, strict=True)
                if name == cmap and other.ndim == 2 and other.dtype != bool
            ]
            result.append((cmap, *_range(same, cmap)))
        elif limits == "each":
            result.append((cmap, *_range([image], cmap, whole=False)))
        else:
            result.append((cmap, *limits))
    return result


def _checked_limits(limits):
    try:
        low, high = limits
        if low < high:
            return low, high
    except (TypeError, ValueError):
        pass
    raise ValueError(f"limits is two numbers, low < high, not {limits!r}")


def _range(images, cmap, whole=True):
    """Return the limits of images shown together; whole: 0 to 255 when one of them is uint8."""
    low = min(image.min().item() for image in images)
    high = max(image.max().item() for image in images)
    if whole and any(image.dtype == np.uint8 for image in images):
        low, high = min(low, 0), max(high, 255)
    if cmap.removesuffix("_r") in DIVERGING.split():
        high = max(abs(low), abs(high)) or 1
        low = -high
    return low, high


def scale_words(images, scales):
    """Say for the caption what the colours of each panel mean; panels of one scale together."""
    panels = {}
    for index, (image, (cmap, low, high)) in enumerate(zip(images, scales, strict=True), start=1):
        low, high = ("false", "true") if image.dtype == bool else (number(low), number(high))
        if cmap == "gray":
            panels.setdefault(f"black is {low}, white is {high}", []).append(index)
        elif cmap:
            panels.setdefault(f"{cmap} runs from {low} to {high}", []).append(index)
    if len(panels) == 1:
        words = next(iter(panels))
        return f"{words[0].upper()}{words[1:]}."  # capitalize() would write Rdbu_r
    return "; ".join(
        f"panel {', '.join(map(str, where))}: {words}" for words, where in panels.items()
    )


def grid(images, titles, columns, room=1.0):
    """Return a figure and, for each image, one panel without ticks, with its title.

    `room` is the share of a panel's width that the image gets, beside a colour bar.
    """
    titles = one_each(titles, images, "title")
    count = len(images)
    columns = columns or (count if count <= 3 else math.ceil(math.sqrt(count)))
    width = min(WIDTH, 4.5 * columns) / columns
    height = room * width * max(image.shape[0] / image.shape[1] for image in images)
    rows, columns = math.ceil(count / columns), min(count, columns)
    # A little more than whole pixels: Matplotlib's versions round a width to different sides.
    size = (round(100 * width * columns) / 100 + 0.001, rows * (min(height, 12) + 0.3))
    figure = Figure(figsize=size, layout="constrained")
    panels = []
    for index, title in enumerate(titles, start=1):
        axes = figure.add_subplot(rows, columns, index, xticks=[], yticks=[])
        # A letter at 10 points is about 0.09 inch wide.
        axes.set_title(textwrap.fill(title, max(10, int(width / 0.09))), fontsize=10)
        panels.append(axes)
    return figure, panels


def draw(axes, image, scale):
    """Draw one image: smoothed when it shrinks, so that nothing aliases; else pixel by pixel."""
    cmap, low, high = scale
    enlarged = axes.get_window_extent().width / image.shape[1]
    return axes.imshow(
        image,
        cmap=cmap or None,
        vmin=low,
        vmax=high,
        interpolation="mitchell" if enlarged < 3 else "nearest",
        interpolation_stage="data",
    )


def draw_mask(axes, mask, name, colour, tint, outline):
    """Draw the tint of a mask and, at its edge, a line as wide in every panel size."""
    colours = ListedColormap([(0, 0, 0, 0), to_rgba(COLOURS[colour], tint)], name=name)
    axes.imshow(mask, cmap=colours, vmin=0, vmax=1, interpolation="nearest")
    step = max(1, min(mask.shape) // 400)  # finer than any panel shows, and quick
    coarse = mask[::step, ::step]
    if outline and coarse.any() and not coarse.all():
        rows, columns = (step * np.arange(size) for size in coarse.shape)
        lines = axes.contour(columns, rows, coarse, [0.5], colors=COLOURS[colour], linewidths=1.2)
        lines.set_gid(OUTLINE)


def is_labelled(figure, axes, name):
    """Tell whether the x or y axis has a label, its own or one shared with other panels."""
    shared = getattr(axes, f"get_shared_{name}_axes")().get_siblings(axes)
    labels = [getattr(panel, f"get_{name}label")() for panel in (axes, *shared)]
    return any(labels) or bool(getattr(figure, f"get_sup{name}label")())
