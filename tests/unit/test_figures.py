"""The figures of the course: what is displayed, what the text says, and what is refused."""

import base64
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image, ImageSequence

from helpers import _figure_output, _figure_text, figures

ALT = "A picture made for a test."
FOLLOWUP = Path(__file__).parents[2] / "data" / "followup"


class Page(HTMLParser):
    """The parts of a displayed figure: tags, attributes of the picture, words of the caption."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.picture, self.caption = [], {}, ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):  # noqa: D102
        self.tags.append(tag)
        if tag == "img":
            self.picture = dict(attrs)

    def handle_data(self, data):  # noqa: D102
        if self.tags[-1] == "figcaption":
            self.caption += data.strip("\n")

    @property
    def data(self):
        """Bytes of the picture."""
        return base64.b64decode(self.picture["src"].split(";base64,")[1])

    def pixels(self, mode="RGB"):
        """Return the picture as an array."""
        with Image.open(io.BytesIO(self.data)) as picture:
            return np.asarray(picture.convert(mode), float)


@pytest.fixture
def shown(monkeypatch):
    """Return a function that gives page and text of the one figure displayed since."""
    displayed = []
    monkeypatch.setattr(_figure_output, "display", displayed.append)

    def last():
        assert len(displayed) == 1, "one call displays one output"
        bundle = displayed.pop()._repr_mimebundle_()
        assert set(bundle) == {"text/html", "text/plain"}
        return Page(bundle["text/html"]), bundle["text/plain"]

    return last


@pytest.fixture
def film():
    """Return a small 8-bit image that differs from all its flips."""
    rng = np.random.default_rng(7)
    ramp = np.add.outer(np.arange(60), 2 * np.arange(80))
    return (ramp + rng.integers(0, 30, (60, 80))).astype(np.uint8)


def text_of(shown, *args, **kwargs):
    kwargs.setdefault("alt", ALT)
    figures.show(*args, **kwargs)
    return shown()[1]


def curve(x=(0, 1, 2), y=(3, 1, 2), **labels):
    figure, axes = plt.subplots()
    axes.plot(x, y)
    axes.set(**{"xlabel": "column", "ylabel": "intensity", **labels})
    return figure


# Everything that displays a figure, called with an alt text.
DRAWN = {
    "show": lambda film, alt: figures.show(film, alt=alt),
    "compare": lambda film, alt: figures.compare(film, 255 - film, alt=alt),
    "show_histogram": lambda film, alt: figures.show_histogram(film, alt=alt),
    "overlay": lambda film, alt: figures.overlay(film, film > 100, alt=alt),
    "animate": lambda film, alt: figures.animate([film, 255 - film], alt=alt),
    "finish": lambda film, alt: figures.finish(curve(), alt),
}
every_function = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


# ---- the two faces ------------------------------------------------------------------------------


@every_function
def test_a_figure_has_alt_text_picture_caption_and_plain_text(shown, film, draw):
    assert draw(film, ALT) is None
    page, text = shown()
    assert page.tags == ["figure", "img", "figcaption"]
    assert page.picture["alt"] == ALT
    assert re.match(r"data:image/(png|gif);base64,", page.picture["src"])
    assert page.caption
    assert text.splitlines()[0] == ALT
    assert len(text.splitlines()) >= 2
    assert page.pixels().std() > 1, "the picture is blank"
    assert plt.get_fignums() == [], "an open figure would be shown a second time"


@every_function
@pytest.mark.parametrize("alt", ["", "  ", "film", "a film", None, 5])
def test_a_figure_without_a_sentence_for_blind_readers_is_refused(shown, film, draw, alt):
    with pytest.raises(ValueError, match=r"alt is .*; write one sentence that says what"):
        draw(film, alt)
    plt.close("all")


def test_alt_and_caption_survive_html(shown, film):
    alt = 'Pixels < 5 & "dark" \n lungs'
    figures.show(film, alt=alt, caption="<b>bold & plain</b>")
    page, text = shown()
    assert page.picture["alt"] == 'Pixels < 5 & "dark" lungs'
    assert page.caption.startswith("<b>bold & plain</b>")
    assert page.tags == ["figure", "img", "figcaption"]
    assert text.splitlines()[0] == 'Pixels < 5 & "dark" lungs'


def test_without_a_notebook_the_text_is_printed(film, capsys):
    figures.show(film, alt=ALT)
    assert capsys.readouterr().out.startswith(ALT + "\npanel 1: image (60, 80) uint8")


def test_the_background_is_white_and_opaque_in_grey_and_colour(shown, film):
    # Noise in a colormap with a pale middle has more near-white colours than a palette holds.
    noise = np.random.default_rng(2).normal(size=(400, 400))
    for image, cmap in ((film, "gray"), (film, "viridis"), (noise, "RdBu_r")):
        figures.show(image, "title", alt=ALT, cmap=cmap)
        pixels = shown()[0].pixels("RGBA")
        assert (pixels[0] == 255).all()
        assert (pixels[..., 3] == 255).all()


def test_settings_of_matplotlib_and_the_input_stay_as_they_were(shown, film):
    settings, before = dict(mpl.rcParams), film.copy()
    for draw in DRAWN.values():
        draw(film, ALT)
        shown()
    assert dict(mpl.rcParams) == settings
    assert np.array_equal(film, before)


# ---- what the text says -------------------------------------------------------------------------


def test_the_text_of_a_small_image_is_exactly_this(shown):
    image = np.arange(16, dtype=np.uint8).reshape(4, 4)
    # The map is the sixteen values scaled to 0..9; the weights are those the docstring names.
    weights = 2 * ((np.arange(16) * 7919) % 9973 % 128) - 127
    assert text_of(shown, image, "ramp") == (
        f'{ALT}\npanel 1 "ramp": image (4, 4) uint8, min 0, max 15, mean 7.5, '
        f"map 0112 2344 5567 7889, check {(weights * np.arange(16)).sum()}, gray from 0 to 255"
    )


CHANGES = {
    "flipped": lambda a: a[:, ::-1],
    "upside down": lambda a: a[::-1],
    "turned by half": lambda a: a[::-1, ::-1],
    "shifted": lambda a: np.roll(a, 1, axis=1),
    "one pixel, one level": lambda a: a + (np.arange(a.size).reshape(a.shape) == 1234),
    "two pixels exchanged": lambda a: np.where(
        np.arange(a.size).reshape(a.shape) == 100,
        a[3, 5],
        np.where(np.arange(a.size).reshape(a.shape) == 3 * 80 + 5, a[1, 20], a),
    ),
    "wrapped by a factor": lambda a: a * 2 % 256,
    "smoothed": lambda a: (a + np.roll(a, 1, 0)) // 2,
}


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int32, np.float32, np.float64])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_text_sees_every_change_of_the_array(shown, film, change, kind):
    image = film.astype(int)
    other = change(image)
    assert not np.array_equal(image, other)
    texts = [text_of(shown, a.astype(kind)) for a in (image, other)]
    assert texts[0] != texts[1]


def test_a_wrong_array_changes_the_line_of_its_panel_alone(shown, film):
    right = text_of(shown, [film, 255 - film, film // 2], ["a", "b", "c"]).splitlines()
    wrong = text_of(shown, [film, film, film // 2], ["a", "b", "c"]).splitlines()
    differing = [old for old, new in zip(right, wrong, strict=True) if old != new]
    assert [line.split(":")[0] for line in differing] == ['panel 2 "b"']


@pytest.mark.parametrize(
    "options",
    [{"limits": (0, 200)}, {"cmap": "viridis"}, {"titles": "other"}, {"colorbar": True}],
    ids=str,
)
def test_the_text_sees_every_change_of_the_drawing(shown, film, options):
    assert text_of(shown, film, **{"titles": "one", **options}) != text_of(shown, film, "one")


@pytest.mark.parametrize("scale", [1e-9, 1, 1e6])
def test_rounding_errors_do_not_change_the_text(shown, film, scale):
    # 1e-13 is a hundred times what two processors differ by after some arithmetic.
    image = scale * (film - film.mean())
    noise = 1 + 1e-13 * np.random.default_rng(1).standard_normal(film.shape)
    assert text_of(shown, image * noise) == text_of(shown, image)


def test_numbers_on_the_border_of_rounding_are_stable():
    for value in (172.5, 0.12345, 0.9995):
        near = {_figure_text.number(value * (1 + error)) for error in (-2e-13, 0, 2e-13)}
        assert len(near) == 1


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (4095, "4095"),
        (np.uint16(65535), "65535"),
        (True, "1"),
        (172.5223, "173"),
        (1e3, "1000"),
        (12345.6, "12300"),
        (0.012345, "0.0123"),
        (1.2e-7, "1.2e-07"),
        (-0.0, "0"),
        (2.5e8, "2.5e+08"),
    ],
)
def test_numbers_have_three_digits_and_integers_all(value, words):
    assert _figure_text.number(value) == words


# ---- colour limits ------------------------------------------------------------------------------


def scales_in(text):
    return re.findall(r"(\w+) from (\S+) to (\S+)$", text, re.MULTILINE)


def test_shared_limits_cover_all_panels_of_one_colormap(shown):
    low, high = np.full((4, 4), -3.0), np.full((4, 4), 7.5)
    text = text_of(shown, [low, high, high], cmap=["gray", "gray", "viridis"])
    assert scales_in(text) == [("gray", "-3", "7.5")] * 2 + [("viridis", "7.5", "7.5")]


def test_an_8_bit_image_is_shown_on_its_full_scale_unless_each_is_asked_for(shown):
    image = np.array([[60, 120]], np.uint8)
    assert scales_in(text_of(shown, image)) == [("gray", "0", "255")]
    assert scales_in(text_of(shown, image, limits="each")) == [("gray", "60", "120")]
    assert scales_in(text_of(shown, image, limits=(10, 20))) == [("gray", "10", "20")]


def test_masks_go_from_0_to_1_whatever_the_limits(shown, film):
    for limits in ("shared", "each", (0, 50)):
        text = text_of(shown, [film, film > 90], limits=limits)
        assert scales_in(text)[1] == ("gray", "0", "1")


@pytest.mark.parametrize("limits", ["shared", "each"])
def test_zero_is_in_the_middle_of_a_diverging_colormap(shown, limits):
    text = text_of(shown, np.array([[-2.0, 5.0]]), cmap="RdBu_r", limits=limits)
    assert scales_in(text) == [("RdBu_r", "-5", "5")]
    assert scales_in(text_of(shown, np.zeros((2, 2)), cmap="coolwarm", limits=limits)) == [
        ("coolwarm", "-1", "1")
    ]


def test_the_caption_says_what_black_and_white_mean(shown, film):
    figures.show([film, film > 90], alt=ALT, caption="Film and mask.")
    assert shown()[0].caption == (
        "Film and mask. panel 1: black is 0, white is 255; panel 2: black is false, white is true"
    )
    figures.show([film, film], alt=ALT)
    assert shown()[0].caption == "Black is 0, white is 255."


def test_compare_adds_a_signed_difference(shown, film):
    figures.compare(film, 255 - film, ("film", "negative"), alt=ALT, difference=True)
    lines = shown()[1].splitlines()
    change = 255.0 - 2.0 * film
    assert lines[3].startswith('panel 3 "negative - film": image (60, 80) float64')
    assert f"min {change.min():.0f}, max {change.max():.0f}" in lines[3]
    bound = f"{np.abs(change).max():.0f}"
    assert scales_in(lines[3]) == [("RdBu_r", f"-{bound}", bound)]


# ---- the drawing --------------------------------------------------------------------------------


def test_a_panel_shows_its_own_image_the_right_way_up(shown):
    image = np.zeros((300, 300), np.uint8)
    image[:150, 150:] = 255
    figures.show([image, 255 - image], alt=ALT)
    pixels = shown()[0].pixels("L")
    height, width = pixels.shape
    for panel, expected in ((0, [[0, 255], [0, 0]]), (1, [[255, 0], [255, 255]])):
        for row, column in np.ndindex(2, 2):
            y, x = int(height * (0.3 + 0.4 * row)), int(width * (panel + 0.3 + 0.4 * column) / 2)
            assert abs(pixels[y, x] - expected[row][column]) <= 5


def test_fine_stripes_become_grey_and_no_coarse_pattern(shown):
    """Stripes of 2 and 3 pixels, shrunk to 450: nothing of them can be shown, so nothing may be."""
    for period in (2, 3):
        stripes = np.zeros((1024, 1024), np.uint8)
        stripes[:, ::period] = 255
        figures.show(stripes, alt=ALT)
        inside = shown()[0].pixels("L")[60:-60, 60:-60]
        assert abs(inside.mean() - 255 / period) < 3
        # Plain subsampling leaves the full contrast, a standard deviation of 120.
        assert inside.std() < 8


def test_small_arrays_are_shown_pixel_by_pixel(shown):
    figures.show(np.array([[0, 255], [255, 0]], np.uint8), alt=ALT)
    inside = shown()[0].pixels("L")[60:-60, 60:-60]
    assert np.isin(inside, [0, 255]).mean() > 0.99


def test_nine_large_films_stay_below_the_limit_and_look_like_themselves(shown):
    films = np.stack([np.asarray(Image.open(path)) for path in sorted(FOLLOWUP.glob("*.png"))])
    assert films.shape == (9, 1024, 1024)
    figures.show(films, [f"visit {number}" for number in range(1, 10)], alt=ALT)
    page = shown()[0]
    assert len(page.data) <= 112_000
    pixels = page.pixels("L")
    rows, columns = (np.array_split(np.arange(size), 3) for size in pixels.shape)
    for index, film in enumerate(films):
        panel = pixels[np.ix_(rows[index // 3], columns[index % 3])]
        panel = np.asarray(
            Image.fromarray(panel[20:-8, 8:-8]).resize((16, 16), Image.Resampling.BOX)
        )
        small = Image.fromarray(film.astype(np.float32)).resize((16, 16), Image.Resampling.BOX)
        assert np.corrcoef(panel.ravel(), np.asarray(small).ravel())[0, 1] > 0.95


@pytest.mark.parametrize("cmap", ["gray", "viridis"])
def test_even_pure_noise_stays_below_the_limit(shown, cmap):
    noise = np.random.default_rng(3).random((4, 400, 400))
    figures.show(noise, alt=ALT, cmap=cmap)
    page = shown()[0]
    assert len(page.data) <= 112_000
    assert "width: 760px" in page.picture["style"]


def test_nine_panels_stand_in_a_square_and_columns_can_be_chosen(shown, film):
    for columns, wanted in ((None, 1.0), (9, 1 / 9)):
        figures.show([np.eye(50)] * 9, alt=ALT, columns=columns)
        height, width = shown()[0].pixels().shape[:2]
        assert wanted <= height / width < wanted * 1.6


def test_an_overlay_tints_the_mask_and_draws_its_edge(shown):
    image = np.full((400, 400), 128, np.uint8)
    mask = np.zeros((400, 400), bool)
    mask[100:300, 100:300] = True
    figures.overlay(image, {"lung": mask}, alt=ALT, tint=0.4)
    page, text = shown()
    pixels = page.pixels()
    height, width = pixels.shape[:2]
    orange = np.array([230, 159, 0])
    assert np.abs(pixels[height // 2, width // 2] - (0.6 * 128 + 0.4 * orange)).max() <= 8
    assert np.abs(pixels[height // 2, 20] - 128).max() <= 5
    assert (np.abs(pixels - orange).max(axis=2) <= 12).sum() > 500, "no outline"
    assert page.caption.startswith("lung: orange.")
    assert "image (400, 400) bool, min 0, max 1, mean 0.25, map 0000 0990 0990 0000" in text
    assert "lung orange from 0 to 1" in text
    assert "corners" not in text, "the outline is described, although the mask is"
    figures.overlay(image, mask, alt=ALT, tint=0, outline=False)
    assert np.ptp(shown()[0].pixels()[20:-20, 20:-20], axis=2).max() == 0


def test_two_masks_differ_in_colour_and_in_the_text(shown, film):
    figures.overlay(film, {"dark": film < 60, "bright": film > 150}, alt=ALT)
    page, text = shown()
    assert page.caption.startswith("dark: orange. bright: sky blue.")
    assert [words.strip() for words in re.findall(r"check \S+, (\w+ .*) from", text)] == [
        "dark orange",
        "bright sky blue",
    ]


def test_a_histogram_counts_every_level_of_an_8_bit_image(shown, film):
    figures.show_histogram(film, alt=ALT)
    text = shown()[1]
    counts = np.bincount(film.ravel(), minlength=256)
    assert 'x "intensity"' in text
    assert 'y "pixels"' in text
    assert f"256 steps: x -0.5 to 256, y 0 to {counts.max()}, check" in text
    assert text.endswith(f" {_figure_text.check_number(counts)}")


def test_histograms_of_several_images_share_bins_and_have_a_legend(shown, film):
    figures.show_histogram([film / 1.0, film / 2.0], ["whole", "half"], alt=ALT, log=True)
    text = shown()[1]
    low, high = film.min() / 2, film.max()
    ranges = re.findall(r'256 steps "(\w+)": x (\S+) to (\S+),', text)
    assert ranges == [(name, f"{low:.3g}", f"{high:.0f}") for name in ("whole", "half")]
    assert " log" in text
    assert 'legend "whole", "half"' in text


def test_an_animation_has_every_frame_and_the_asked_pace(shown):
    frames = np.zeros((4, 100, 120), np.uint8)
    for index in range(4):
        frames[index, :, 30 * index : 30 * index + 30] = 255
    figures.animate(frames, list("abcd"), alt=ALT, seconds_per_frame=0.5)
    page, text = shown()
    lines = text.splitlines()
    assert lines[1] == "animation: 4 frames, 0.5 s each"
    assert lines[4].startswith('frame 3 "c": image (100, 120) uint8, min 0, max 255, mean 63.8')
    assert scales_in(text) == [("gray", "0", "255")] * 4
    with Image.open(io.BytesIO(page.data)) as gif:
        assert gif.format == "GIF"
        assert gif.info["loop"] == 0
        seen = [
            (frame.info["duration"], np.asarray(frame.convert("L"), float))
            for frame in ImageSequence.Iterator(gif)
        ]
    assert [duration for duration, _ in seen] == [500] * 4
    for index, (_, pixels) in enumerate(seen):
        strip = pixels.shape[0] - 213  # 256 wide, 213 high, the title above
        columns = pixels[strip:].mean(axis=0)
        assert columns[64 * index + 32] > 250
        assert columns.mean() == pytest.approx(64, abs=3)


def test_nine_large_frames_make_a_small_animation(shown):
    films = np.random.default_rng(5).integers(0, 256, (9, 600, 500), np.uint8)
    figures.animate(films, alt=ALT)
    page = shown()[0]
    assert len(page.data) <= 150_000
    assert 100 <= page.pixels().shape[1] <= 256


# ---- figures drawn with Matplotlib --------------------------------------------------------------


def finished(shown, figure):
    figures.finish(figure, ALT)
    return shown()[1]


def test_a_curve_is_described_with_labels_ranges_and_points(shown):
    text = finished(shown, curve([0, 1, 2, 3], [10, 20, 30, 15], title="row 4"))
    assert re.search(
        r'panel 1 "row 4", x "column", y "intensity": '
        r"4 points in a line: x 0 to 3, y 10 to 30, check \S+ \S+$",
        text,
    )


@pytest.mark.parametrize(
    "other",
    [
        {"y": (3, 1, 3)},
        {"x": (0, 1, 3)},
        {"title": "t"},
        {"xlabel": "row"},
        {"ylabel": "level"},
        {"yscale": "log"},
        {"xlim": (0, 5)},
    ],
    ids=str,
)
def test_the_text_of_a_curve_sees_every_change(shown, other):
    assert finished(shown, curve(**other)) != finished(shown, curve())


def test_one_count_among_many_changes_the_text(shown):
    counts = np.arange(50_000, 50_256)
    changed = counts.copy()
    changed[7] += 1
    texts = {finished(shown, curve(np.arange(256), values)) for values in (counts, changed)}
    assert len(texts) == 2


def test_bars_and_the_names_below_them_are_described(shown):
    figure, axes = plt.subplots()
    axes.bar(["normal", "viral"], [12, 30], label="images")
    axes.set(xlabel="class", ylabel="images")
    axes.legend()
    axes.text(0, 12, "twelve")
    text = finished(shown, figure)
    assert '("normal", "viral")' in text
    assert '  2 bars "images": x -0.4 to 1.4, y 0 to 30, check' in text
    assert '  text "twelve" at (0, 12)' in text
    assert '  legend "images"' in text


def test_everything_else_that_is_drawn_is_described(shown):
    figure, axes = plt.subplots(2, 3)
    axes = axes.ravel()
    axes[0].scatter([1, 2], [3, 4])
    axes[1].fill_between([0, 1], [2, 3])
    axes[2].stairs([1, 2, 3])
    axes[3].pcolormesh(np.arange(6.0).reshape(2, 3))
    axes[4].quiver([0, 1], [0, 1], [1, 2], [3, 4])
    axes[5].hist([1, 1, 2], bins=[0, 1, 2, 3])
    for panel in axes:
        panel.set(xlabel="x", ylabel="y")
    figure.suptitle("six")
    text = finished(shown, figure)
    for words in (
        'text "six"',
        "2 markers: x 1 to 2, y 3 to 4",
        "corners of shapes: x 0 to 1, y 0 to 3",
        "3 steps: x 0 to 3, y 1 to 3",
        "mesh image (2, 3) float64, min 0, max 5, mean 2.5",
        "2 arrows: x 1 to 2, y 3 to 4",
        "3 bars: x 0 to 3, y 0 to 2",
    ):
        assert words in text


@pytest.mark.parametrize("missing", ["xlabel", "ylabel"])
def test_curves_without_labels_are_refused_by_name(missing):
    figure = curve(**{missing: "", "title": "profile"})
    with pytest.raises(
        ValueError, match=rf'panel 1 "profile" has no label on its {missing[0]} axis'
    ):
        figures.finish(figure, ALT)
    plt.close(figure)


def test_labels_shared_between_panels_count(shown):
    figure, axes = plt.subplots(2, 1, sharex=True)
    for panel in axes:
        panel.plot([1, 2])
    axes[1].set_xlabel("column")
    figure.supylabel("intensity")
    assert 'text "intensity"' in finished(shown, figure)


def test_an_image_needs_no_axis_labels(shown, film):
    figure, axes = plt.subplots()
    axes.imshow(film, vmin=0, vmax=255)
    axes.plot([10, 20], [30, 30])
    assert "panel 1:\n  image (60, 80) uint8" in finished(shown, figure)


def test_finish_wants_a_figure():
    with pytest.raises(TypeError, match="finish wants the Matplotlib figure, not list"):
        figures.finish([1], ALT)


# ---- bad input ----------------------------------------------------------------------------------

GOOD = np.zeros((4, 6))
BAD_IMAGES = {
    "NaN": (np.array([[1.0, np.nan]]), ValueError, "1 pixels are NaN or infinite"),
    "infinite": (np.array([[np.inf, 1.0]]), ValueError, "NaN or infinite"),
    "one dimension": (np.zeros(5), ValueError, r"\(h, w\) or \(h, w, 3\), not \(5,\)"),
    "five dimensions": (np.zeros((1,) * 5), ValueError, "an image has the shape"),
    "empty": (np.zeros((0, 5)), ValueError, "an image has the shape"),
    "empty list": ([], ValueError, "list or stack is empty"),
    "empty stack": (np.zeros((0, 5, 5)), ValueError, "list or stack is empty"),
    "text": (np.array([["a"]]), TypeError, "real numbers, not <U1"),
    "complex": (np.ones((2, 2), complex), TypeError, "real numbers, not complex128"),
    "16-bit colour": (np.ones((2, 9, 3), np.uint16), ValueError, "colour image is uint8 or float"),
    "colour above 1": (np.full((2, 9, 3), 2.0), ValueError, "float64 from 2 to 2"),
}


@pytest.mark.parametrize(("images", "error", "words"), BAD_IMAGES.values(), ids=BAD_IMAGES)
@pytest.mark.parametrize("function", [figures.show, figures.animate, figures.show_histogram])
def test_images_that_cannot_be_shown_are_refused(function, images, error, words):
    with pytest.raises(error, match=words):
        function(images, alt=ALT)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: figures.show([GOOD] * 3, ["a", "b"], alt=ALT), ValueError, "3 images, but 2 tit"),
        (lambda: figures.show(GOOD, cmap="grey blue", alt=ALT), ValueError, "no colormap 'grey"),
        (lambda: figures.show(GOOD, limits="all", alt=ALT), ValueError, "limits is .*'all'"),
        (lambda: figures.show(GOOD, limits=(5, 1), alt=ALT), ValueError, r"low < high, not \(5"),
        (lambda: figures.show(GOOD, limits=7, alt=ALT), ValueError, "low < high, not 7"),
        (
            lambda: figures.compare(GOOD, GOOD[1:], alt=ALT, difference=True),
            ValueError,
            r"one shape, not \(4, 6\) and \(3, 6\)",
        ),
        (lambda: figures.overlay(GOOD, GOOD, alt=ALT), ValueError, "float64.*wanted.*bool"),
        (
            lambda: figures.overlay(GOOD, GOOD[1:] > 0, alt=ALT),
            ValueError,
            r"\(3, 6\) bool.*wanted",
        ),
        (
            lambda: figures.overlay(GOOD, dict.fromkeys("abcdefg", GOOD > 0), alt=ALT),
            ValueError,
            "7 masks, but only 6 colours",
        ),
        (lambda: figures.show_histogram(GOOD > 0, alt=ALT), TypeError, "not a mask or a colour"),
        (lambda: figures.animate([GOOD, GOOD[1:]], alt=ALT), ValueError, "frames of one shape"),
        (
            lambda: figures.animate([GOOD], alt=ALT, seconds_per_frame=0),
            ValueError,
            "from 0.02 to 60, not 0",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused_in_a_sentence(call, error, words):
    with pytest.raises(error, match=words):
        call()
    plt.close("all")


def test_a_stack_of_small_kernels_is_not_a_colour_image(shown):
    text = text_of(shown, np.arange(18.0).reshape(2, 3, 3))
    assert text.count("image (3, 3) float64") == 2
    assert text_of(shown, np.zeros((20, 30, 3))).count("image (20, 30, 3)") == 1
