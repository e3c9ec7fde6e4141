"""How a figure leaves Python: a small picture inside HTML, and its text."""

import base64
import html
import io
from pathlib import Path

import matplotlib as mpl
import numpy as np
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image, ImageDraw, ImageFont

DPI = 100
# Base64 adds a third: 150 kB (pictures) and 200 kB (animations) in the notebook.
PNG_BYTES, GIF_BYTES = 112_000, 150_000


class _Output:
    """What Jupyter displays: HTML for a page, text for everything that cannot show one."""

    def __init__(self, page, text):
        self.page, self.text = page, text

    def __repr__(self):
        return self.text

    def _repr_mimebundle_(self, **kwargs):
        return {"text/html": self.page, "text/plain": self.text}


def display_picture(kind, data, width, alt, caption, lines):
    """Display a PNG or GIF with alt text and caption, and the lines that say what it shows.

    Outside IPython the text is printed.
    """
    encoded = base64.b64encode(data).decode("ascii")
    page = (
        '<figure style="margin: 0">\n'
        f'<img alt="{html.escape(alt)}" src="data:image/{kind};base64,{encoded}"'
        f' style="width: {width}px; max-width: 100%; background: white">\n'
        f"<figcaption>{html.escape(caption)}</figcaption>\n</figure>"
    )
    display(_Output(page, "\n".join([alt, *lines])))


def checked_alt(alt):
    """Return the alt text on one line; refuse one that says nothing."""
    if not isinstance(alt, str) or len(alt.split()) < 3:
        raise ValueError(
            f"alt is {alt!r}; write one sentence that says what the picture shows, "
            "for readers who cannot see it"
        )
    return " ".join(alt.split())


def png(figure):
    """Draw a Matplotlib figure as an opaque PNG of at most PNG_BYTES.

    Returns the bytes and the width in pixels at which to show them. Noisy films compress badly,
    so grey pictures give up the finest grey steps and coloured ones the rarest colours; when that
    is not enough, the picture is stored smaller and shown in the same width.
    """
    drawn = _draw(figure)
    candidates = _grey_steps if drawn.mode == "L" else _few_colours
    data, scale = b"", 1.0
    while not data or len(data) > PNG_BYTES:
        if data:
            scale *= _shrink(PNG_BYTES, len(data))
        for picture in candidates(drawn, scale):
            buffer = io.BytesIO()
            picture.save(buffer, "PNG")
            data = buffer.getvalue()
            if len(data) <= PNG_BYTES:
                break
    return data, drawn.width


def _draw(figure):
    """Draw a figure on white; return the picture, in mode "L" where it has no colour."""
    figure.set_dpi(DPI)
    figure.set_facecolor("white")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    return picture.convert("L") if (pixels == pixels[..., :1]).all() else picture


def _scaled(picture, scale):
    if scale == 1:
        return picture
    size = [max(1, round(scale * length)) for length in picture.size]
    return picture.resize(size, Image.Resampling.LANCZOS)


def _shrink(limit, size):
    """Return a factor for width and height: bytes fall a little more slowly than the area does."""
    return 0.98 * (limit / size) ** 0.6


def _grey_steps(picture, scale):
    """Yield a grey picture in steps of 1, 3 and 5 levels (255 is a multiple of each)."""
    pixels = np.asarray(_scaled(picture, scale), float)
    for step in (1, 3, 5) if scale == 1 else (5,):
        yield Image.fromarray((step * np.round(pixels / step)).astype(np.uint8))


def _few_colours(picture, scale):
    """Yield a picture with 256, then with 128 colours chosen for it; its margin stays white."""
    for count in (256, 128) if scale == 1 else (128,):
        # The search for colours ends when fewer than 1000 pixels would change theirs.
        palette = picture.quantize(count, kmeans=1000, dither=Image.Dither.NONE)
        reduced = _scaled(picture, scale).quantize(palette=palette, dither=Image.Dither.NONE)
        colours = np.array(reduced.getpalette(), np.uint8).reshape(-1, 3)
        colours[reduced.getpixel((0, 0))] = 255
        reduced.putpalette(colours.tobytes())
        yield reduced


def gif(frames, titles, cmap, seconds):
    """Return an endless GIF of at most GIF_BYTES and its width in pixels, 256 or less.

    Parameters
    ----------
    frames : list of (h, w) float32 arrays
        From 0 to 1.
    titles : list of str or None
        Written above the frames.
    cmap : str
    seconds : float
        For each frame.
    """
    steps = mpl.colormaps[cmap](np.linspace(0, 1, 28))[:, :3]
    greys = np.linspace(0, 1, 4)[:, None] * np.ones(3)  # for the titles
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.round(255 * np.concatenate([steps, greys])).astype(np.uint8).tobytes())
    width = 256
    while True:
        pictures = [
            _frame(frame, title, cmap, width).quantize(palette=palette, dither=Image.Dither.NONE)
            for frame, title in zip(frames, titles or [None] * len(frames), strict=True)
        ]
        buffer = io.BytesIO()
        pictures[0].save(
            buffer,
            "GIF",
            save_all=True,
            append_images=pictures[1:],
            duration=round(1000 * seconds),  # Pillow counts in milliseconds
            loop=0,
        )
        if buffer.tell() <= GIF_BYTES:
            return buffer.getvalue(), width
        width = max(1, int(width * _shrink(GIF_BYTES, buffer.tell())))


def _frame(frame, title, cmap, width):
    """Scale a frame, averaging pixels, and colour it; write its title above."""
    height = max(1, round(width * frame.shape[0] / frame.shape[1]))
    small = Image.fromarray(frame).resize((width, height), Image.Resampling.BOX)
    colours = mpl.colormaps[cmap](np.asarray(small), bytes=True)[..., :3]
    strip = 0 if title is None else 22
    picture = Image.new("RGB", (width, height + strip), "white")
    picture.paste(Image.fromarray(np.ascontiguousarray(colours)), (0, strip))
    if title:
        font = ImageFont.truetype(Path(mpl.get_data_path(), "fonts/ttf/DejaVuSans.ttf"), 14)
        ImageDraw.Draw(picture).text((4, 2), title, fill="black", font=font)
    return picture
