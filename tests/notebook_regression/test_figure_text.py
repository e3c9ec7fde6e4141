"""The text of a figure changes with every array and drawing, and with nothing else."""

from functools import cache

import numpy as np
import pytest
from matplotlib.figure import Figure

from .figure_text import describe_figure, describe_image, number

ROWS, COLUMNS = 60, 80
FILM = (np.random.default_rng(7).normal(60, 9, (ROWS, COLUMNS)) + 1.5 * np.arange(COLUMNS)).astype(
    int
)
PLACE = np.arange(FILM.size).reshape(FILM.shape)


def figure_of(kind, *arguments, **settings):
    """Draw one artist in one panel."""
    figure = Figure()
    axes = figure.subplots()
    getattr(axes, kind)(*arguments)
    axes.set(**settings)
    return figure


def text_of(kind, *arguments, **settings):
    return "\n".join(describe_figure(figure_of(kind, *arguments, **settings)))


def test_the_text_of_a_small_image_is_exactly_this():
    image = np.arange(16, dtype=np.uint8).reshape(4, 4)
    # The map is the sixteen values scaled to 0..9; the weights are those the docstring names.
    weights = 2 * ((np.arange(16) * 7919) % 9973 % 128) - 127
    assert text_of("imshow", image, title="ramp") == (
        'panel 1 "ramp", x ticks, y ticks: image (4, 4) uint8, min 0, max 15, mean 7.5, '
        f"map 0112 2344 5567 7889, check {(weights * np.arange(16)).sum()}, viridis from 0 to 15"
    )


CHANGES = {
    "flipped": lambda a: a[:, ::-1],
    "upside down": lambda a: a[::-1],
    "turned by half": lambda a: a[::-1, ::-1],
    "shifted": lambda a: np.roll(a, 1, axis=1),
    "one pixel, one level": lambda a: a + (PLACE == 1234),
    "two pixels exchanged": lambda a: np.where(
        PLACE == 100, a.flat[245], np.where(PLACE == 245, a.flat[100], a)
    ),
    "smoothed": lambda a: (a + np.roll(a, 1, 0)) // 2,
}


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int64, np.float16, np.float32, float])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_text_sees_every_change_of_the_array(change, kind):
    other = change(FILM)
    assert not np.array_equal(FILM, other)
    assert describe_image(FILM.astype(kind)) != describe_image(other.astype(kind))


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("middle", [0, FILM.mean()], ids=["film", "around zero"])
@pytest.mark.parametrize("part", [1e-4, -1e-4])
def test_the_text_sees_a_gain_and_an_offset_of_one_in_ten_thousand(kind, middle, part):
    film = FILM - middle
    offset = part * np.abs(film).max()
    texts = {describe_image(a.astype(kind)) for a in (film, film * (1 + part), film + offset)}
    assert len(texts) == 3


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1, 1e6, 1e300])
@pytest.mark.parametrize("offset", [0, 60, 1e4])
def test_rounding_errors_do_not_change_the_text(scale, offset):
    # 1e-14 is fifty times what two processors differ by after some arithmetic.
    image = scale * (FILM - FILM.mean() + offset)
    for seed in range(5):
        noise = 1 + 1e-14 * np.random.default_rng(seed).standard_normal(FILM.shape)
        assert describe_image(image * noise) == describe_image(image)


def test_last_bits_of_short_floats_do_not_change_the_text():
    image = (FILM / 7).astype(np.float32)
    # An eighth of the pixels may round the other way.
    other = np.where(PLACE % 8 == 0, np.nextafter(image, np.float32(np.inf)), image)
    assert describe_image(other) == describe_image(image)


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (np.full((4, 4), 2**62), f"min {2**62}, max {2**62}, mean 4.61169e+18"),
        (np.full((4, 4), -(2**63)), "mean -9.22337e+18"),
        (np.full((4, 4), 2**64 - 1, np.uint64), f"max {2**64 - 1}, mean 1.84467e+19"),
        (np.array([[0, 2**64 - 1, 1, 2]], np.uint64), "mean 4.61169e+18, map 0900"),
        (np.array([[1e308, -1e308], [0, 1e308]]), "mean 2.5e+307, map 90 59"),
        (np.full((2, 2), np.finfo(float).max), "mean 1.79769e+308, map 00 00"),
        (np.full((2, 2), np.float16(65504)), "max 65500, mean 65500, map 00 00"),
        (np.zeros((2, 2)), "min 0, max 0, mean 0, map 00 00, check 0.000"),
    ],
    ids=str,
)
def test_the_greatest_numbers_neither_wrap_nor_warn(image, words):
    assert words in describe_image(image)


def test_check_numbers_of_great_integers_are_exact():
    image = np.array([[0, 2**64 - 1, 1, 2]], np.uint64)
    weights = 2 * ((np.arange(4) * 7919) % 9973 % 128) - 127
    exact = sum(int(weight) * int(value) for weight, value in zip(weights, image[0], strict=True))
    assert describe_image(image).endswith(f"check {exact}")


def test_missing_pixels_are_counted():
    assert "min 1, max 2, mean 1.5, 2 pixels missing" in describe_image(
        np.array([[np.nan, 1], [2, np.inf]])
    )


def test_numbers_on_the_border_of_rounding_are_stable():
    for value in (172.5, 0.12345, 0.9995):
        assert len({number(value * (1 + error)) for error in (-2e-13, 0, 2e-13)}) == 1


@pytest.mark.parametrize(
    ("value", "words"),
    [(np.uint16(65535), "65535"), (True, "1"), (172.5223, "173"), (1e3, "1000"),
     (12345.6, "12300"), (0.012345, "0.0123"), (1.2e-7, "1.2e-07"), (-0.0, "0"),
     (2.5e8, "2.5e+08")],
)  # fmt: skip
def test_numbers_have_three_digits_and_integers_all(value, words):
    assert number(value) == words


def test_a_curve_is_described_with_labels_ranges_and_points():
    text = text_of("plot", [0, 1, 2], [10, 30, 15], title="row 4", xlabel="column", ylabel="level")
    head = 'panel 1 "row 4", x "column", y "level": 3 points in a line: x 0 to 2, y 10 to 30, check'
    assert text.startswith(head)


@pytest.mark.parametrize(
    "settings",
    [{"title": "t"}, {"xlabel": "row"}, {"ylabel": "y"}, {"yscale": "log"}, {"xlim": (0, 5)}],
    ids=str,
)
def test_the_text_sees_what_is_set_around_a_curve(settings):
    x, y = [1, 2, 3], [3.0, 1.0, 2.0]
    assert text_of("plot", x, y, **settings) != text_of("plot", x, y)


def test_the_text_sees_one_count_among_many_and_a_gain_of_a_curve():
    counts = np.arange(50_000, 50_256)
    curves = [counts, counts + (counts == 50_007), counts * 1.0, counts * 1.0001]
    assert len({text_of("plot", values) for values in curves}) == 4
    few = np.array([3, 7, 5, 6, 2], np.float32)
    assert text_of("plot", few) != text_of("plot", few * np.float32(1.0001))


def test_bars_and_the_names_below_them_are_described():
    figure = Figure()
    axes = figure.subplots()
    axes.bar(["normal", "viral"], [12, 30], label="images")
    axes.legend()
    axes.text(0, 12, "twelve")
    text = "\n".join(describe_figure(figure))
    assert '("normal", "viral")' in text
    assert '  2 bars "images": x -0.4 to 1.4, y 0 to 30, check' in text
    assert '  text "twelve" at (0, 12)' in text
    assert '  legend "images"' in text


def test_everything_else_that_is_drawn_is_described():
    figure = Figure()
    axes = figure.subplots(2, 4).ravel()
    axes[0].scatter([1, 2], [3, 4])
    axes[1].fill_between([0, 1], [2, 3])
    axes[2].stairs([1, 2, 3])
    axes[3].pcolormesh(np.arange(6.0).reshape(2, 3))
    axes[4].quiver([0, 1], [0, 1], [1, 2], [3, 4])
    axes[5].hist([1, 1, 2], bins=[0, 1, 2, 3])
    axes[6].contour(np.eye(3) > 0, [0.5])
    figure.suptitle("seven")
    text = "\n".join(describe_figure(figure))
    for words in (
        'text "seven"',
        "2 markers: x 1 to 2, y 3 to 4",
        "corners of shapes: x 0 to 1, y 0 to 3",
        "3 steps: x 0 to 3, y 1 to 3",
        "mesh image (2, 3) float64, min 0, max 5, mean 2.5",
        "2 arrows: x 1 to 2, y 3 to 4",
        "3 bars: x 0 to 3, y 0 to 2",
        "contours at 0.5, 8 corners: x 0 to 2, y 0 to 2, check",
        "panel 8: nothing",
    ):
        assert words in text


@cache
def drawing(code):
    """Draw in one panel, called ax, with numpy as np, and return its text."""
    figure = Figure(figsize=(2, 2), dpi=30)
    axes = figure.subplots()
    exec(code, {"ax": axes, "fig": figure, "np": np, "film": FILM})
    before = describe_figure(figure)
    figure.canvas.draw()
    # What Matplotlib works out only while it draws is not to be in the text.
    assert describe_figure(figure) == before
    return "\n".join(before)


CURVE = "ax.plot([0, 1, 2], [2, 1, 3]{})"
FLAT = "ax.axhline(0.5{})"
BARS = "ax.bar([1, 2], [3, 4]{})"
IMAGE = "ax.imshow(film{})"
ARROWS = "ax.quiver([0, 1], [0, 1], [1, 2], [3, 4]{})"
NOTE = "ax.annotate('here', (1, 2){})"
ARROW = NOTE.format(", xytext=(3, 4), arrowprops={{'arrowstyle': '->'{}}}")
TEXT = "ax.text(1, 2, 'word'{})"
MARKS = "ax.scatter([1, 2], [3, 4]{})"
SHAPE = "from matplotlib.patches import Rectangle; ax.add_patch(Rectangle((0, 0), 1, 1{}))"
CONTOUR = "ax.contour(film, [60]{})"
OVERLAY = """from matplotlib.colors import ListedColormap
ax.imshow(film > 90, cmap=ListedColormap(['{}', '#56B4E9'], 'mask'))"""

# Two drawings of the same numbers that look different.
LOOKS = [
    (CURVE.format(""), CURVE.format(", color='red'")),
    (CURVE.format(""), CURVE.format(", ls='--'")),
    (CURVE.format(", ls='--'"), CURVE.format(", ls=':'")),
    (CURVE.format(""), CURVE.format(", lw=4")),
    (CURVE.format(""), CURVE.format(", alpha=0.3")),
    (CURVE.format(""), CURVE.format(", visible=False")),
    (CURVE.format(""), CURVE.format(", marker='o'")),
    (CURVE.format(", marker='o'"), CURVE.format(", marker='x'")),
    (CURVE.format(", marker='o'"), CURVE.format(", marker='o', ms=9")),
    (CURVE.format(", marker='o'"), CURVE.format(", marker='o', mfc='none'")),
    (CURVE.format(""), CURVE.format(", drawstyle='steps'")),
    (CURVE.format(""), CURVE.format(", zorder=0")),
    (CURVE.format(", color='#56B4E9'"), CURVE.format(", color='#56B4E8'")),
    (FLAT.format(""), FLAT.format(", color='0.5'")),
    (FLAT.format(", ls='--'"), FLAT.format("")),
    (FLAT.format(""), FLAT.format(", xmax=0.5")),
    (FLAT.format(""), "ax.plot([0, 1], [0.5, 0.5])"),
    (FLAT.format(""), "ax.axvline(0.5)"),
    ("ax.axline((0, 0), slope=1)", "ax.axline((0, 0), slope=2)"),
    ("ax.axline((0, 0), (1, 1))", "ax.axline((0, 0), (1, 2))"),
    (ARROWS.format(""), ARROWS.format(", angles='xy'")),
    (ARROWS.format(""), ARROWS.format(", pivot='mid'")),
    (ARROWS.format(""), ARROWS.format(", color='red'")),
    (ARROWS.format(", scale=2, scale_units='xy'"), ARROWS.format(", scale=3, scale_units='xy'")),
    (ARROWS.format(""), ARROWS.format("") + "; ax.invert_yaxis()"),
    (ARROW.format(""), NOTE.format(", xytext=(3, 4)")),
    (ARROW.format(""), ARROW.format("").replace("'->'", "'<-'")),
    (ARROW.format(""), ARROW.format("").replace("(1, 2)", "(5, 2)")),
    (ARROW.format(""), ARROW.format(", 'color': 'red'")),
    ("ax.arrow(0, 0, 1, 2)", "ax.arrow(0, 0, -1, 2)"),
    (TEXT.format(""), TEXT.format(", color='red'")),
    (TEXT.format(""), TEXT.format(", fontsize=20")),
    (TEXT.format(""), TEXT.format(", rotation=90")),
    (TEXT.format(""), TEXT.format(", transform=ax.transAxes")),
    (TEXT.format(""), TEXT.format(", visible=False")),
    (IMAGE.format(""), IMAGE.format(", interpolation='nearest'")),
    (IMAGE.format(""), IMAGE.format(", alpha=0.5")),
    (IMAGE.format(""), IMAGE.format(", extent=(0, 4, 0, 3)")),
    (IMAGE.format(""), IMAGE.format(", origin='lower'")),
    (IMAGE.format(""), IMAGE.format(", aspect='auto'")),
    (IMAGE.format(""), IMAGE.format(", visible=False")),
    (IMAGE.format(""), IMAGE.format(", vmin=0, vmax=200")),
    (IMAGE.format(", vmin=0.0, vmax=200.0"), IMAGE.format(", vmin=0.0, vmax=200.02")),
    (IMAGE.format(""), "fig.colorbar(" + IMAGE.format("") + ")"),
    (IMAGE.format(""), IMAGE.format("") + "; ax.set(xticks=[], yticks=[])"),
    (IMAGE.format(""), IMAGE.format("") + "; ax.axis('off')"),
    (OVERLAY.format("black"), OVERLAY.format("white")),
    (BARS.format(""), BARS.format(", color='C1'")),
    (BARS.format(""), BARS.format(", color=['C0', 'C1']")),
    (BARS.format(""), BARS.format(", hatch='/'")),
    (BARS.format(""), BARS.format(", edgecolor='black'")),
    (BARS.format(""), BARS.format(", alpha=0.5")),
    (SHAPE.format(""), SHAPE.format(", fill=False")),
    (SHAPE.format(", ec='red', fill=False"), SHAPE.format(", ec='blue', fill=False")),
    (SHAPE.format(", ec='red'"), SHAPE.format(", ec='red', ls='--'")),
    (MARKS.format(""), MARKS.format(", c='red'")),
    (MARKS.format(""), MARKS.format(", marker='x'")),
    (MARKS.format(""), MARKS.format(", s=90")),
    (MARKS.format(", c=[1, 2]"), MARKS.format(", c=[1, 3]")),
    (CONTOUR.format(", colors='red'"), CONTOUR.format(", colors='blue'")),
    (CONTOUR.format(", colors='red'"), CONTOUR.format(", colors='red', linewidths=3")),
    (CONTOUR.format(", colors='red'"), CONTOUR.format(", colors='red', linestyles='--'")),
    ("ax.fill_between([0, 1], [2, 3])", "ax.fill_between([0, 1], [2, 3], color='red')"),
    ("ax.hlines([1], 0, 2)", "ax.hlines([1], 0, 2, linestyles='--')"),
    (CURVE.format(""), CURVE.format("") + "; ax.set_xticks([0, 1])"),
    (CURVE.format("") + "; ax.set_xticks([0, 1])", CURVE.format("") + "; ax.set_xticks([0, 2])"),
    (CURVE.format(""), CURVE.format("") + "; ax.grid()"),
    (CURVE.format(""), CURVE.format("") + "; ax.invert_xaxis()"),
    (CURVE.format(""), CURVE.format("") + "; ax.set_visible(False)"),
    (CURVE.format(""), CURVE.format("") + "; ax.set_facecolor('black')"),
    (CURVE.format(""), CURVE.format("") + "; ax.spines['top'].set_visible(False)"),
    (CURVE.format(""), CURVE.format("") + "; ax.set_aspect('equal')"),
    (CURVE.format(""), CURVE.format("") + "; fig.supxlabel('x')"),
    (
        CURVE.format(", label='a'") + "; ax.legend()",
        CURVE.format(", label='a'") + "; ax.legend(title='t')",
    ),
]


@pytest.mark.parametrize(("one", "other"), LOOKS, ids=[other for _, other in LOOKS])
def test_the_text_sees_another_look(one, other):
    assert drawing(one) != drawing(other)


def test_a_colormap_without_a_name_is_the_same_for_every_matplotlib():
    nameless, old, new, named = (
        drawing(OVERLAY.replace(", 'mask'", name).format("red"))
        for name in ("", ", 'from_list'", ", 'unnamed'", ", 'mask'")
    )
    assert nameless == old == new != named


def test_what_nobody_has_set_is_not_told():
    assert drawing(CURVE.format("")).endswith("; C0")
    assert drawing(IMAGE.format("") + "; ax.set(xticks=[], yticks=[])").endswith("to 200")
    assert drawing(FLAT.format("")).startswith("panel 1: 2 points in a line across x: x 0 to 1")
