"""Every figure of the course: image panels, histograms, overlays, animations.

Each function displays one figure with two faces: a picture with alt text and caption, and a text
that says what every panel really holds (`helpers._figure_text`). `alt` is one sentence for
readers who cannot see the picture; `caption` adds words under it. Nothing is returned.
"""

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from helpers import _figure_output as output
from helpers import _figure_panels as panel
from helpers import _figure_text as text


def show(images, titles=None, *, alt, caption="", cmap="gray", limits="shared", columns=None,
         colorbar=False):  # fmt: skip
    """Show images side by side.

    Parameters
    ----------
    images : (h, w) or (h, w, 3) array, (n, h, w) stack, or list of images
        Any real dtype. Masks (bool) are shown from 0 to 1, colour images as they are.
    titles : str or list of str, optional
        One per image.
    alt, caption : str
    cmap : str or list of str
        Colormap, or one per image. With a diverging one zero is in the middle.
    limits : "shared", "each" or (low, high)
        The values at the two ends of the colormap. "shared": one range for all images with the
        same colormap, from the least to the greatest value (0 to 255 when one is uint8). "each":
        least and greatest value of every image by itself.
    columns : int, optional
        Panels in a row; by default up to three in one row, else a square.
    colorbar : bool or str
        Draw the scale; a string is its label.

    Raises
    ------
    ValueError, TypeError
        When an image cannot be shown, or titles, colormaps, limits or alt text do not fit.
    """
    alt = output.checked_alt(alt)
    images = panel.image_list(images)
    scales = panel.scales(images, panel.one_each(cmap, images, "colormap"), limits)
    figure, panels = panel.grid(images, titles, columns, room=0.85 if colorbar else 1)
    grey = [
        drawn
        for axes, image, scale in zip(panels, images, scales, strict=True)
        if (drawn := panel.draw(axes, image, scale)).get_array().ndim == 2
    ]
    if colorbar and grey:
        label = colorbar if isinstance(colorbar, str) else ""
        if len(set(scales)) == 1:
            figure.colorbar(grey[0], ax=panels, label=label)
        else:
            for drawn in grey:
                figure.colorbar(drawn, ax=drawn.axes, label=label)
    _display(figure, alt, f"{caption} {panel.scale_words(images, scales)}")


def compare(before, after, titles=("before", "after"), *, alt, difference=False, cmap="gray",
            **options):  # fmt: skip
    """Show two images side by side with the same limits.

    Parameters
    ----------
    before, after : (h, w) array
    titles : pair of str
    alt : str
    difference : bool
        Add a panel with after - before: red where it is greater, blue where it is smaller.
    cmap, **options
        `caption`, `limits` and `colorbar` as in `show`.
    """
    images = panel.image_list([before, after])
    titles = list(titles)
    cmaps = [cmap, cmap]
    if difference:
        if images[0].shape != images[1].shape or images[0].ndim != 2:
            shapes = f"{images[0].shape} and {images[1].shape}"
            raise ValueError(f"a difference needs two grey images of one shape, not {shapes}")
        images.append(images[1].astype(float) - images[0].astype(float))
        titles.append(" - ".join(reversed(titles)))
        cmaps.append("RdBu_r")
    show(images, titles, alt=alt, cmap=cmaps, columns=len(images), **options)


def overlay(image, mask, titles=None, *, alt, caption="", tint=0.3, outline=True,
            limits="shared", columns=None):  # fmt: skip
    """Show masks on grey images, each as a transparent tint with an outline.

    Parameters
    ----------
    image : (h, w) array, (n, h, w) stack, or list of images
    mask : bool array, stack or list like `image`, or a dict of them
        The keys of a dict name the masks in the caption.
    titles, limits, columns
        As in `show`.
    alt, caption : str
    tint : float
        Opacity of the tint, from 0 to 1.
    outline : bool
        Draw the outline too.
    """
    alt = output.checked_alt(alt)
    images = panel.image_list(image)
    masks = mask if isinstance(mask, dict) else {"": mask}
    if len(masks) > len(panel.COLOURS):
        raise ValueError(
            f"{len(masks)} masks, but only {len(panel.COLOURS)} colours to tell them apart"
        )
    masks = {name: panel.image_list(group) for name, group in masks.items()}
    wanted = [(item.shape[:2], np.dtype(bool)) for item in images]
    for name, group in masks.items():
        if (came := [(item.shape, item.dtype) for item in group]) != wanted:
            came, shapes = (sorted({f"{s} {d}" for s, d in pairs}) for pairs in (came, wanted))
            raise ValueError(f"mask {name!r} has {came}; wanted, one per image, {shapes}")
    scales = panel.scales(images, ["gray"] * len(images), limits)
    figure, panels = panel.grid(images, titles, columns)
    for index, axes in enumerate(panels):
        panel.draw(axes, images[index], scales[index])
        for (name, group), colour in zip(masks.items(), panel.COLOURS, strict=False):
            panel.draw_mask(axes, group[index], f"{name} {colour}".strip(), colour, tint, outline)
    named = [
        f"{name}: {colour}." for name, colour in zip(masks, panel.COLOURS, strict=False) if name
    ]
    _display(figure, alt, " ".join([caption, *named, panel.scale_words(images, scales)]))


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
    """
    images = panel.image_list(images)
    labels = panel.one_each(labels, images, "label")
    if any(image.ndim == 3 or image.dtype == bool for image in images):
        raise TypeError("a histogram needs grey images, not a mask or a colour image")
    if all(image.dtype == np.uint8 for image in images):
        edges = np.arange(257) - 0.5
    else:
        low, high = min(image.min() for image in images), max(image.max() for image in images)
        edges = np.histogram_bin_edges(np.array([low, high], float), 256)
    figure = Figure(figsize=(panel.WIDTH, 3.6))
    axes = figure.subplots()
    colours = list(panel.COLOURS.values())
    if len(images) > len(colours):
        colours = mpl.colormaps["viridis"](np.linspace(0, 0.9, len(images)))
    for image, label, colour in zip(images, labels, colours, strict=False):
        counts = np.histogram(image, edges)[0]
        style = {"fill": True, "color": "0.4"} if len(images) == 1 else {"color": colour}
        axes.stairs(counts, edges, label=label, **style)
    axes.set(xlabel="intensity", ylabel="pixels", yscale="log" if log else "linear")
    if any(labels):
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    finish(figure, alt, caption=caption)


def animate(stack, titles=None, *, alt, caption="", seconds_per_frame=1.0, cmap="gray",
            limits="shared"):  # fmt: skip
    """Show a stack as an endless animation, scaled down to 256 pixels in width or less.

    Parameters
    ----------
    stack : (n, h, w) array or list of grey images of one shape
    titles : list of str, optional
        One per frame.
    alt, caption : str
    seconds_per_frame : float
        From 0.02 to 60.
    cmap, limits
        As in `show`.
    """
    alt = output.checked_alt(alt)
    frames = panel.image_list(stack)
    titles = panel.one_each(titles, frames, "title")
    if len({frame.shape for frame in frames}) > 1 or frames[0].ndim != 2:
        shapes = sorted({frame.shape for frame in frames})
        raise ValueError(f"an animation needs grey frames of one shape, not {shapes}")
    if not 0.02 <= seconds_per_frame <= 60:
        raise ValueError(f"seconds_per_frame must be from 0.02 to 60, not {seconds_per_frame}")
    scales = panel.scales(frames, [cmap] * len(frames), limits)
    unit = [
        ((frame - np.float64(low)) / ((high - low) or 1)).clip(0, 1).astype(np.float32)
        for frame, (_, low, high) in zip(frames, scales, strict=True)
    ]
    data, width = output.gif(unit, titles if any(titles) else None, cmap, seconds_per_frame)
    rhythm = f"{len(frames)} frames, {text.number(seconds_per_frame)} s each"
    lines = [f"animation: {rhythm}"]
    for index, (frame, title, scale) in enumerate(zip(frames, titles, scales, strict=True), 1):
        name = f"frame {index} {text.quote(title)}" if title else f"frame {index}"
        lines.append(f"{name}: {text.describe_image(frame)}, {text.colours(*scale)}")
    caption = f"{caption} {rhythm}. {panel.scale_words(frames, scales)}".strip()
    output.display_picture("gif", data, width, alt, caption, lines)


def finish(fig, alt, *, caption=""):
    """Check, describe, display and close a figure drawn with Matplotlib.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt, caption : str

    Raises
    ------
    ValueError
        When a panel with curves, bars or markers lacks an axis label.
    """
    if not isinstance(fig, Figure):
        raise TypeError(f"finish wants the Matplotlib figure, not {type(fig).__name__}")
    alt = output.checked_alt(alt)
    for index, axes in enumerate(text.panels(fig), start=1):
        for name in "xy":
            if axes.has_data() and not axes.images and not panel.is_labelled(fig, axes, name):
                raise ValueError(
                    f"{text.panel_name(index, axes)} has no label on its {name} axis; "
                    f"say what it counts with axes.set_{name}label(...)"
                )
    if fig.get_layout_engine() is None:
        fig.set_layout_engine("constrained")
    _display(fig, alt, caption)


def _display(figure, alt, caption):
    """Draw, describe, close and display; without any caption the alt text is the caption."""
    data, width = output.png(figure)
    lines = text.describe_figure(figure)
    plt.close(figure)  # or Jupyter's inline backend shows it once more
    output.display_picture("png", data, width, alt, caption.strip() or alt, lines)
