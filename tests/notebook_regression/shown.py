"""Pictures of the small collection that the tests of this package make for themselves.

They stand in for a collection's own figures: HTML for a page, and a drawing that tells what it is.
"""

import base64
import io

import numpy as np
from IPython.display import display
from matplotlib.figure import Figure
from PIL import Image


class Picture:
    """A picture with an alternative text."""

    def __init__(self, alt, html, drawing):
        self.alt, self.html, self.drawing = alt, html, drawing

    def _repr_html_(self):
        return self.html


def show(images, titles, alt, limits=(0, 255), cmap="gray"):
    """Show grey images side by side."""
    figure = Figure(figsize=(4 * len(images), 4), layout="compressed")
    panels = figure.subplots(1, len(images), squeeze=False).flat
    for axes, image, title in zip(panels, images, titles, strict=True):
        axes.imshow(image, cmap=cmap, vmin=limits[0], vmax=limits[1])
        axes.set(title=title, xticks=[], yticks=[])
    finish(figure, alt)


def finish(figure, alt):
    """Show a figure."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    page(alt, "png", buffer, figure)


def animate(frames, titles, alt):
    """Show an animation of grey images."""
    buffer = io.BytesIO()
    first, *rest = [Image.fromarray(frame.astype(np.uint8)) for frame in frames]
    first.save(buffer, "GIF", save_all=True, append_images=rest, duration=500, loop=0)
    limits = [(0, 255)] * len(frames)
    page(alt, "gif", buffer, {"frames": frames, "titles": titles, "limits": limits, "seconds": 0.5})


def page(alt, kind, buffer, drawing):
    """Display the bytes of a picture as HTML."""
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    image = f'<img alt="{alt}" src="data:image/{kind};base64,{data}">'
    display(Picture(alt, f"<figure>\n{image}\n</figure>", drawing))
