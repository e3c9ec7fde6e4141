"""The figures of the course: what is displayed is what was drawn, and what is refused."""

import base64
import io
import re

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from PIL import Image, ImageSequence

from helpers import figures
from tests.notebook_regression.figure_text import picture_text

ALT = "A picture made for a test."
RAMP = np.tile(np.arange(256, dtype=np.uint8), (64, 1))
FILM = (np.add.outer(np.arange(60), 2 * np.arange(80)) % 256).astype(np.uint8)


class Shown:
    """The one picture displayed since: its parts, decoded."""

    def __init__(self, picture):
        self.picture = picture
        self.alt, self.drawing, self.html = repr(picture), picture.drawing, picture._repr_html_()
        self.data = base64.b64decode(re.search(r';base64,([^"]*)"', self.html)[1])
        self.width = int(re.search(r"width: (\d+)px", self.html)[1])
        found = re.search(r"<figcaption>(.*)</figcaption>", self.html)
        self.caption = found[1] if found else None

    def image(self):
        """Return the displayed picture."""
        return Image.open(io.BytesIO(self.data))

    def panel(self, number=0):
        """Return the pixels inside one panel of the displayed picture."""
        pixels = np.asarray(self.image().convert("RGB"))
        box = self.drawing.axes[number].get_position()
        height, width = pixels.shape[:2]
        rows = slice(round(height * (1 - box.y1)), round(height * (1 - box.y0)))
        return pixels[rows, round(width * box.x0) : round(width * box.x1)]


@pytest.fixture
def shown(monkeypatch):
    """Return a function that gives the one picture displayed since."""
    displayed = []
    monkeypatch.setattr(figures, "display", displayed.append)
    plt.close("all")  # what another test has left open

    def last():
        assert len(displayed) == 1, "one call displays one picture"
        return Shown(displayed.pop())

    yield last
    plt.close("all")


def curve(**labels):
    figure, axes = plt.subplots()
    axes.plot([0, 1, 2], [3, 1, 2])
    axes.set(**{"xlabel": "column", "ylabel": "intensity", **labels})
    return figure


DRAWN = {
    "show": lambda alt, **words: figures.show(FILM, alt=alt, **words),
    "overlay": lambda alt, **words: figures.overlay(FILM, FILM > 100, alt=alt, **words),
    "show_histogram": lambda alt, **words: figures.show_histogram(FILM, alt=alt, **words),
    "animate": lambda alt, **words: figures.animate([FILM, 255 - FILM], alt=alt, **words),
    "finish": lambda alt, **words: figures.finish(curve(), alt, **words),
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_a_figure_has_a_picture_alternative_text_and_a_caption_only_when_there_is_one(shown, draw):
    assert draw('A film & "noise" shown.') is None
    first = shown()
    assert first.alt == 'A film & "noise" shown.'
    assert 'alt="A film &amp; &quot;noise&quot; shown."' in first.html
    assert first.caption is None
    assert first.width >= 300
    assert np.asarray(first.image().convert("L")).std() > 1, "the picture is blank"
    draw(ALT, caption="Written by the author, 5 < 6.")
    assert shown().caption == "Written by the author, 5 &lt; 6."
    assert plt.get_fignums() == [], "an open figure would be shown a second time"
    for nothing in ("", "a film", None):
        with pytest.raises(ValueError, match=r"alt is .*; a sentence on what"):
            draw(nothing)


# ---- what is shown is what was drawn ------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 9])
def test_every_level_of_a_grey_ramp_comes_back_from_the_displayed_picture(shown, count):
    figures.show([RAMP] * count, alt=ALT)
    picture = shown()
    for number in range(count):
        assert len(np.unique(picture.panel(number)[..., 0])) == 256
        assert picture.panel(number).shape[1] >= 300


def test_titles_above_images_are_not_cut_off(shown):
    figure, panels = plt.subplots(1, 2, figsize=(8, 2.3), layout="constrained")
    for axes in panels:
        axes.imshow(np.zeros((512, 1024)), cmap="gray")
        axes.set(title="luminance", xticks=[], yticks=[])
    figures.finish(figure, ALT)
    assert np.asarray(shown().image().convert("L"))[:3].min() == 255


def test_an_image_without_white_shows_no_white_and_one_without_black_no_black(shown):
    noise = np.random.default_rng(3).integers(20, 235, (400, 400)).astype(np.uint8)
    noise[::7] = 20
    noise[3::7] = 234
    figures.show([noise, noise[:40, :40]], alt=ALT)
    picture = shown()
    for number in (0, 1):
        assert 20 <= picture.panel(number).min() <= picture.panel(number).max() <= 234


def test_a_picture_is_the_canvas_at_twice_the_width_while_that_stays_small(shown):
    figures.finish(curve(), ALT)
    small = shown()
    assert small.image().width == 2 * small.width
    assert len(small.data) <= 3 * figures.SMALL
    noise = np.random.default_rng(3).integers(0, 256, (600, 600)).astype(np.uint8)
    figures.show(noise, alt=ALT)
    large = shown()
    assert large.image().width == large.width
    assert int(100 * large.drawing.get_figwidth()) == large.width  # for one that rounds down too
    canvas = FigureCanvasAgg(large.drawing)
    canvas.draw()
    canvas = np.asarray(canvas.buffer_rgba())[..., :3]
    assert np.array_equal(np.asarray(large.image().convert("RGB")), canvas)


@pytest.mark.parametrize(
    ("images", "options", "wanted"),
    [
        ([FILM // 2, FILM / 2.0], {}, [(0, 255), (0, 255)]),
        ([FILM // 2, FILM // 4], {"limits": "each"}, [(0, 108), (0, 54)]),
        ([FILM, FILM > 9], {"limits": (10, 20)}, [(10, 20), (0, 1)]),
        ([FILM - 300.0, FILM * 1.0], {"cmap": "seismic"}, [(-300, 300)] * 2),
        ([FILM, FILM - 9.0], {"cmap": ["gray", plt.get_cmap("RdBu_r")]}, [(0, 255), (-208, 208)]),
    ],
)
def test_the_ends_of_the_colormap(shown, images, options, wanted):
    figures.show(images, alt=ALT, **options)
    assert [axes.images[0].get_clim() for axes in shown().drawing.axes] == wanted


def test_one_colour_bar_serves_panels_of_one_scale(shown):
    figures.show([FILM, FILM * 16.0], alt=ALT, colorbar=True, limits="each")
    assert [axes.get_label() for axes in shown().drawing.axes].count("<colorbar>") == 2
    figures.show(FILM * 16.0, alt=ALT, limits=(0, 4095), colorbar="level", caption="A film.")
    picture = shown()
    assert picture.caption == "A film."
    assert [axes.get_label() for axes in picture.drawing.axes] == ["", "<colorbar>"]


def test_one_meaning_has_one_colour(shown):
    figures.overlay(FILM, {"rib": FILM > 9, "lungs": FILM < 90, "opacity": FILM > 150}, alt=ALT)
    picture = shown()
    assert picture.caption == "rib: blue; lungs: sky blue; opacity: orange."
    outlines = [each for each in picture.drawing.axes[0].collections if each.get_gid()]
    drawn = [to_hex(outline.get_edgecolor()[0]) for outline in outlines]
    assert drawn == ["#0072b2", "#56b4e9", "#e69f00"]
    figures.overlay(np.zeros((40, 40)), np.eye(40, dtype=bool).cumsum(1) > 0, alt=ALT)
    tint = 0.3 * np.array([0x56, 0xB4, 0xE9])
    assert np.abs(shown().panel()[100, 300] - tint).max() <= 1


def test_a_film_shows_its_frames_between_shared_limits(shown):
    figures.animate([RAMP, RAMP // 2], ["first", "next"], alt=ALT, seconds_per_frame=0.5)
    picture = shown()
    with picture.image() as film:
        frames = [np.asarray(frame.convert("L")) for frame in ImageSequence.Iterator(film)]
        assert film.info["duration"] == 500
        assert film.info["loop"] == 0
    assert picture.width == 300
    assert np.array_equal(frames[0], RAMP)
    assert np.array_equal(frames[1], RAMP // 2)
    assert picture.caption == "In order: first, next."
    assert set(picture.drawing) == {"frames", "titles", "limits", "seconds"}
    figures.animate(np.zeros((2, 900, 1800), np.uint8), alt=ALT)
    with shown().image() as film:
        assert film.size == (300, 150)
    figures.animate(np.ones((2, 9000, 1)), alt=ALT)  # a strip
    shown()


def test_a_histogram_counts_every_pixel(shown):
    neighbours = np.array([[2**64 - 1, 2**64 - 2]], np.uint64)  # one and the same float
    for image in (FILM, FILM.astype(np.uint16) * 16, FILM / 255, neighbours, np.full((3, 4), 7.5)):
        figures.show_histogram(image, alt=ALT)
        counts, edges, _ = shown().drawing.axes[0].patches[0].get_data()
        assert counts.sum() == image.size
        assert len(counts) <= 256
    figures.show_histogram(FILM, alt=ALT)
    counts, edges, _ = shown().drawing.axes[0].patches[0].get_data()
    assert np.array_equal(edges, np.arange(257) - 0.5)
    assert np.array_equal(counts, np.bincount(FILM.ravel(), minlength=256))


def test_titles_are_shown_as_they_are_given(shown):
    figures.show([FILM, FILM], [r"$\frac{$", "costs $5 or $6"], alt=ALT)
    titles = [axes.title for axes in shown().drawing.axes]
    assert [title.get_text() for title in titles] == [r"$\frac{$", "costs $5 or $6"]
    assert not any(title.get_parse_math() for title in titles)
    figures.show_histogram([FILM, FILM], ["$\\frac{$", "b"], alt=ALT)
    shown()


@pytest.mark.parametrize(("shape", "columns"), [((9000, 1), 1), ((1, 9000), None), ((3, 3), 7)])
def test_images_of_any_shape_can_be_shown(shown, shape, columns):
    figures.show(np.ones(shape), alt=ALT, columns=columns)
    shown()


# ---- what is refused ----------------------------------------------------------------------------

MASKED = np.ma.masked_less(FILM, 9)
REFUSED = {
    "columns of -1": (lambda: figures.show(FILM, alt=ALT, columns=-1), "columns is -1; a whole"),
    "columns in words": (lambda: figures.show(FILM, alt=ALT, columns="2"), "columns is '2'; a"),
    "limits in words": (lambda: figures.show(FILM, alt=ALT, limits=("a", "b")), "limits.*'a'"),
    "turned limits": (
        lambda: figures.show(FILM, alt=ALT, limits=(5, 1)),
        "is 5, limits.* 1; the smaller first",
    ),
    "an unknown limit": (lambda: figures.show(FILM, alt=ALT, limits="all"), "limits is 'all'"),
    "a number as titles": (lambda: figures.show(FILM, 5, alt=ALT), "titles is 5; a list"),
    "missing titles": (lambda: figures.show([FILM] * 2, "one", alt=ALT), "titles has 1.*; 2"),
    "an unknown colormap": (lambda: figures.show(FILM, alt=ALT, cmap="graay"), "graay"),
    "a file name": (lambda: figures.show("film.png", alt=ALT), "file name; .*read_image"),
    "no image": (lambda: figures.show([], alt=ALT), "images is empty"),
    "NaN": (lambda: figures.show(np.full((2, 2), np.nan), alt=ALT), "NaN"),
    "a masked array": (lambda: figures.show(MASKED, alt=ALT), "masked array with masked"),
    "a masked stack": (lambda: figures.show(np.ma.stack([MASKED] * 2), alt=ALT), "masked array"),
    "colour out of range": (lambda: figures.show(np.full((9, 9, 3), 2.0), alt=ALT), "0 to 1 is"),
    "a mask of numbers": (lambda: figures.overlay(FILM, FILM, alt=ALT), "a boolean mask is"),
    "a mask of another shape": (lambda: figures.overlay(FILM, FILM[1:] > 1, alt=ALT), "59, 80"),
    "a missing mask": (lambda: figures.overlay([FILM] * 2, [FILM > 1], alt=ALT), "masks has 1"),
    "too many masks": (
        lambda: figures.overlay(FILM, {str(i): i < FILM for i in range(8)}, alt=ALT),
        "8 masks",
    ),
    "the histogram of a mask": (lambda: figures.show_histogram(FILM > 1, alt=ALT), "grey images"),
    "seconds in words": (
        lambda: figures.animate(FILM, alt=ALT, seconds_per_frame="1"),
        "seconds_per_frame is '1'",
    ),
    "frames of two shapes": (lambda: figures.animate([FILM, FILM[1:]], alt=ALT), "59, 80"),
    "no figure": (lambda: figures.finish(FILM, ALT), "fig is of type ndarray"),
    "no label": (lambda: figures.finish(curve(ylabel="", title="row"), ALT), r"1 'row' .* y axis"),
}


@pytest.mark.parametrize(("call", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(shown, call, words):
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_a_plain_colour_bar_can_be_shown():
    fig, axes = plt.subplots(1, 2)
    fig.colorbar(axes[1].imshow(np.eye(4)), ax=axes[1])
    figures.finish(fig, "Two panels, one with a colour bar.")
    boxes = [panel.get_window_extent() for panel in fig.axes]
    assert not boxes[0].overlaps(boxes[1])
    assert not boxes[1].overlaps(boxes[2])


# Of a small film, a mask of it, and what each figure holds: width and height in inches, and every
# part of it as tests/notebook_regression/figure_text.py tells it.
TINY = np.arange(64, dtype=np.uint8).reshape(8, 8) * 4
PART = np.pad(np.ones((3, 4), bool), ((2, 3), (2, 2)))
IMAGE = "image (8, 8) uint8, min 0, max 252, mean 126, map 0011 3334 5666 8899, check 19080, "
IMAGE += "gray from 0 to 255"
PARTS = {
    "one film": (lambda: figures.show(TINY, alt=ALT), (4.6, 4.9), f"panel 1: {IMAGE}"),
    "two, one colour bar each": (
        lambda: figures.show([TINY, TINY], ["a", "b $5"], colorbar="level", alt=ALT),
        (9.8, 4.3),
        f'panel 1 "a": {IMAGE}; a colour bar\npanel 2 "b $5": {IMAGE}; a colour bar\n'
        'colour bar "level"\ncolour bar "level"',
    ),
    "three without a name": (
        lambda: figures.show([TINY] * 3, colorbar=True, alt=ALT),
        (12.0, 3.4),
        "\n".join(f"panel {n}: {IMAGE}; a colour bar" for n in (1, 2, 3)) + "\ncolour bar" * 3,
    ),
    "four": (
        lambda: figures.show([TINY] * 4, alt=ALT),
        (8.0, 8.6),
        "\n".join(f"panel {n}: {IMAGE}" for n in (1, 2, 3, 4)),
    ),
    "a narrow strip": (
        lambda: figures.overlay([TINY[:, :2]] * 2, [PART[:, :2]] * 2, columns=1, alt=ALT),
        (4.6, 24.6),
        "",
    ),
    "a mask": (
        lambda: figures.overlay(TINY, {"part": PART}, alt=ALT),
        (4.6, 4.9),
        f"panel 1:\n  {IMAGE}\n"
        "  image (8, 8) bool, min 0, max 1, mean 0.1875, map 0000 0990 0550 0000, check 56, "
        "part sky blue (#56b4e9 alpha 0 #56b4e9 alpha 0.3) from 0 to 1\n"
        "  contours at 0.5, 14 corners: x 1.5 to 5.5, y 1.5 to 4.5, check -165.750 -65.250; "
        "#56b4e9, width 1.2",
    ),
    "two histograms": (
        lambda: figures.show_histogram([TINY, TINY // 2], ["a", "b"], alt=ALT),
        (7.6, 3.6),
        'panel 1, x "grey level", y "pixels":\n'
        '  256 steps "a": x -0.5 to 256, y 0 to 1, check -5.636 -318; fill none, edge #3b528b\n'
        '  256 steps "b": x -0.5 to 256, y 0 to 1, check -5.636 278; fill none, edge #dfe318\n'
        '  legend "a", "b"',
    ),
    "one histogram": (
        lambda: figures.show_histogram(TINY, log=True, alt=ALT),
        (7.6, 3.6),
        'panel 1, x "grey level", y "pixels" log: 256 steps: x -0.5 to 256, y 0 to 1, '
        "check -5.636 -318; fill #3b528b",
    ),
}


@pytest.mark.parametrize(("draw", "size", "text"), PARTS.values(), ids=PARTS)
def test_a_figure_holds_these_parts_and_no_others(shown, draw, size, text):
    draw()
    drawn = shown()
    assert drawn.drawing.get_size_inches() == pytest.approx(size)
    if text:
        assert picture_text(drawn.picture) == f"{ALT}\n{text}"
    for axes in (each for each in drawn.drawing.axes if each.images):
        assert axes.title.get_fontsize() == 10
        frame = {(side.get_edgecolor(), side.get_linewidth()) for side in axes.spines.values()}
        assert frame == {((0.7, 0.7, 0.7, 1), 0.5)}
