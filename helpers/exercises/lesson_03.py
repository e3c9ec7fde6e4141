"""The exercises of lesson 03: hospital films."""

from functools import cache

import imageio.v3 as iio
import numpy as np

from helpers import datasets, images, intensity
from helpers.exercises.engine import Exercise

FORMATS = datasets.DATA / "formats"
RANDOM = np.random.default_rng(3)

# ---- MONOCHROME1 --------------------------------------------------------------------------------

STORED = (
    (np.array([[0, 1, 300], [1022, 1023, 512]], np.uint16), 10),
    (np.array([[100, 200, 4000], [7, 7, 8]], np.uint16), 12),
    (np.array([[3, 250, 17]], np.uint16), 8),
    (np.full((4, 2), 77, np.uint16), 9),
    (RANDOM.integers(5, 16_000, (5, 3), dtype=np.uint16), 14),
    (RANDOM.integers(9, 4000, (31, 42), dtype=np.uint16), 12),
)


def in_both_types(wrong, sentence):
    """Name one mistake twice: computed with the uint16 array, which wraps, and with floats."""
    return (
        (wrong, sentence),
        (lambda numbers, bits: wrong(numbers.astype(np.float64), bits), sentence),
    )


# ---- a window -----------------------------------------------------------------------------------


@cache
def film():
    """Return the values of the 12-bit film."""
    return images.read_image(FORMATS / "film_12bit.dcm")


def draw_window(figure, ends=(500, 1500), cmap="gray", title="a window", bar=True, change=None):
    """Draw the film through a window, or what people draw in its place."""
    shown = film() if change is None else change(film())
    axes = figure.subplots()
    image = axes.imshow(shown, cmap=cmap, vmin=ends[0], vmax=ends[1])
    axes.set_title(title)
    if bar:
        figure.colorbar(image)


def through_window(values):
    """Apply the window to the values themselves."""
    return intensity.window_level(values, 1000, 1000)


# ---- millimetres --------------------------------------------------------------------------------

LINES = (
    (np.array([10, 20]), np.array([40, 60]), np.array([0.5, 0.5])),
    (np.array([0, 0]), np.array([3, 4]), np.array([2.0, 0.25])),
    (np.array([7, 50]), np.array([7, 9]), np.array([0.4, 0.7])),
    (np.array([90, 5]), np.array([30, 5]), np.array([0.4, 0.7])),
    (np.array([300, 481]), np.array([122, 5]), np.array([0.8398, 0.6])),
    (np.array([6, 6]), np.array([6, 6]), np.array([1.0, 3.0])),
)


def step(start, end, spacing):
    """Return the way down and the way across, in millimetres."""
    return (end - start) * spacing


def length(vector):
    """Return the length of a vector."""
    return float(np.sqrt(np.sum(np.square(vector, dtype=float))))


# ---- a film from a volume -----------------------------------------------------------------------


@cache
def voxels():
    """Return the CT numbers plus 1000 of the volume."""
    return iio.imread(FORMATS / "volume.tif", plugin="pillow", index=...).astype(np.float64)


def light(axis=2, size=0.45, combine=np.sum):
    """Return the share that comes through along an axis."""
    return np.exp(-combine(voxels() / 1000 * 0.2 * size, axis=axis))


def bone(count=lambda volume: volume > 1400, voxel=0.9 * 0.45 * 0.45):
    """Return a volume of bone in cubic centimetres."""
    return float(np.sum(count(voxels())) * voxel)


# ---- letters in the pixels ----------------------------------------------------------------------

SIDE = 512
TOP, BOTTOM, LEFT, RIGHT = 20, 48, 16, 108  # where the lesson burns in the letters
KEPT = 0.98

# What a box that is not good enough does: its score, well below KEPT.
NO_NUMBERS, EMPTY, EXCHANGED, SIZES, CORNERS, BESIDE, PARTLY, LAST, LARGE = np.arange(9) / 100


def covered(top, bottom, left, right):
    """Return which share of the rectangle around the letters a box covers."""
    rows = min(bottom, BOTTOM) - max(top, TOP)
    columns = min(right, RIGHT) - max(left, LEFT)
    return max(rows, 0) * max(columns, 0) / ((BOTTOM - TOP) * (RIGHT - LEFT))


def kept(top, bottom, left, right):
    """Return the share of the film that a box keeps."""
    rows, columns = min(bottom, SIDE) - max(top, 0), min(right, SIDE) - max(left, 0)
    return 1 - max(rows, 0) * max(columns, 0) / SIDE**2


def box_score(box):
    """Return the share of the film that a box keeps, or a code where it is not good enough."""
    try:
        a, b, c, d = (int(edge) for edge in box)
    except (TypeError, ValueError):
        return NO_NUMBERS
    if min(a, c) >= 0 and covered(a, b, c, d) == 1:
        return kept(a, b, c, d) if kept(a, b, c, d) >= KEPT else LARGE
    if min(a, c) < 0:
        return EMPTY
    if a <= TOP and b >= BOTTOM - 1 and c <= LEFT and d >= RIGHT - 1:
        return LAST
    if covered(a, b, c, d) > 0.35:
        return PARTLY
    for code, others in (
        (EXCHANGED, [(c, d, a, b)]),
        (CORNERS, [(a, c, b, d), (b, d, a, c)]),
        (SIZES, [(a, a + b, c, c + d), (a, a + c, b, b + d)]),
        (SIZES, [(b, b + d, a, a + c), (c, c + d, a, a + b)]),
    ):
        if any(covered(*other) == 1 and kept(*other) >= KEPT for other in others):
            return code
    if a >= b or c >= d:
        return EMPTY
    return PARTLY if covered(a, b, c, d) else BESIDE


LETTER = "a letter is wanted, the one in front of your answer."

EXERCISES = {
    "3.1": Exercise(
        right="b",
        mistakes=(
            (
                "a",
                "nothing is cut off at 255. What did the five bright pixels of lesson 01 become in"
                " int8?",
            ),
            (
                "c",
                "a cast does not scale; it keeps the last eight of the sixteen bits. What is left"
                " of 300 then?",
            ),
            ("d", "uint8 ends at 255, so it cannot hold 300."),
            ("e", "astype gives no error and no warning. What do integers do beyond their end?"),
            *((number, LETTER) for number in (255, 44, 1, 300)),
        ),
        hints=(
            "Remember how 128 became -128 in int8 in lesson 01.",
            "Beyond 255, counting starts again at 0. Which number do you reach after 300 steps?",
        ),
    ),
    "3.2": Exercise(
        right=4096,
        mistakes=(
            (65536, "this takes BitsAllocated, the room in the file; how many bits are stored?"),
            (65535, "this is the largest number of sixteen bits; how many bits are stored?"),
            (
                16,
                "this is the room in the file, in bits; how many are stored, and what do they give?",
            ),
            (4095, "this is the largest number; 0 is a level, too."),
            (3194, "this is the largest value that occurs; wanted is how many can occur."),
            (3195, "this counts up to the largest value that occurs; look at BitsStored."),
            (3161, "these are the values that occur; wanted is how many can occur."),
            (12, "this is the number of bits; how many levels do they give?"),
            (24, "each further bit doubles the number of levels; 12 bits are not 12 × 2."),
            (144, "this is 12 to the power of 2; it is the other way round."),
            (256, "this is right for 8 bits; look at BitsStored."),
            (2048, "this is 2 to the power of 11; how many bits are stored?"),
            (512 * 512, "this is the number of pixels; wanted is how many values one can have."),
        ),
        hints=(
            "Two entries of the header speak of bits. One of them is the room in the file.",
            "With n bits there are 2 to the power of n levels.",
        ),
    ),
    "3.3": Exercise(
        right=lambda numbers, bits: 2.0**bits - 1 - numbers,
        inputs=STORED,
        mistakes=(
            *in_both_types(
                lambda numbers, bits: numbers.max() - numbers,
                "this subtracts from the largest number that occurs; wanted is the largest that"
                " the bits can hold.",
            ),
            *in_both_types(
                lambda numbers, bits: 2**bits - numbers,
                "it is one too large: what is the largest number that the bits can hold?",
            ),
            *in_both_types(
                lambda numbers, bits: 2 ** (bits - 1) - numbers,
                "2 ** (bits - 1) is half of the levels; take 1 from the power, not from the bits.",
            ),
            *in_both_types(
                lambda numbers, bits: 4095 - numbers,
                "this is right for 12 bits alone; use bits.",
            ),
            *in_both_types(
                lambda numbers, bits: 255 - numbers,
                "this is right for 8 bits alone; use bits.",
            ),
            *in_both_types(
                lambda numbers, bits: 65535 - numbers,
                "this takes all sixteen bits of the type; how many of them are in use?",
            ),
            *in_both_types(
                lambda numbers, bits: numbers.max() + numbers.min() - numbers,
                "this turns the numbers within their own range; the number of bits decides it.",
            ),
            *in_both_types(
                lambda numbers, bits: 1 - numbers,
                "this subtracts from 1, as for numbers between 0 and 1; these run to the largest"
                " number of the bits.",
            ),
            *in_both_types(
                lambda numbers, bits: -numbers,
                "this changes the sign, and there is nothing below 0; from what do you have to"
                " subtract?",
            ),
            *in_both_types(
                lambda numbers, bits: bits - numbers,
                "this subtracts from the number of bits; wanted is the largest number they hold.",
            ),
            *in_both_types(
                lambda numbers, bits: 2 * bits - 1 - numbers,
                "2 * bits is a product; the number of levels is a power.",
            ),
            *in_both_types(
                lambda numbers, bits: numbers - (2**bits - 1),
                "this is the difference the wrong way round, so it falls below 0.",
            ),
            *(
                (
                    lambda numbers, bits, turn=turn: turn(numbers),
                    "this turns the film; the numbers are to be exchanged, not their places.",
                )
                for turn in (np.fliplr, np.flipud, np.flip)
            ),
            (
                lambda numbers, bits: 2 ^ bits - 1 - numbers,
                "^ is no power in Python; a power is written with **.",
            ),
            (
                lambda numbers, bits: (2 ^ bits) - 1 - numbers,
                "^ is no power in Python; a power is written with **.",
            ),
            (
                lambda numbers, bits: 1 - numbers / (2**bits - 1),
                "these are shares between 0 and 1; wanted are numbers as they are in the file.",
            ),
            (
                lambda numbers, bits: numbers,
                "this returns the numbers as they came.",
            ),
            (
                lambda numbers, bits: 2**bits - 1,
                "this is one number, the largest; wanted is one for each pixel.",
            ),
        ),
        hints=(
            "0 becomes the largest number, the largest becomes 0, and all between change evenly.",
            "Subtract every number from the largest that the bits can hold. For 12 bits that is"
            " 4095; how does it follow from 12?",
        ),
    ),
    "3.4": Exercise(
        right=draw_window,
        reads=("image", "cmap", "limits", "colorbar", "title"),
        mistakes=(
            (
                lambda f: draw_window(f, ends=(1000, 2000)),
                "the window begins at its center; the center should be in the middle.",
            ),
            (
                lambda f: draw_window(f, ends=(0, 2000)),
                "the width was added on both sides, so the window is twice as wide; add half of it.",
            ),
            (
                lambda f: draw_window(f, ends=(0, 1000)),
                "the window ends at its center; the center should be in the middle.",
            ),
            (
                lambda f: draw_window(f, ends=(1000, 1000)),
                "center and width are no ends; where does the window begin, and where does it end?",
            ),
            (
                lambda f: draw_window(f, ends=(1500, 500)),
                "the ends are exchanged, so that bright and dark are, too.",
            ),
            (
                lambda f: draw_window(f, ends=(None, None)),
                "the ends were left to imshow; give vmin and vmax.",
            ),
            (
                lambda f: draw_window(f, ends=(0, 255)),
                "the ends are 0 and 255; give those of the window.",
            ),
            (
                lambda f: draw_window(f, ends=(0, 4095)),
                "this shows all levels of the file; give the ends of the window.",
            ),
            (
                lambda f: draw_window(f, ends=(300, 3100)),
                "these are the ends of the suggested window; wanted are center 1000, width 1000.",
            ),
            (
                lambda f: draw_window(f, ends=(0, 255), change=through_window),
                "the picture is the right one, but the colour bar has lost the values of the file;"
                " give imshow the array values itself.",
            ),
            (
                lambda f: draw_window(f, ends=(0, 1), change=lambda v: through_window(v) / 255),
                "the picture is the right one, but the colour bar has lost the values of the file;"
                " give imshow the array values itself.",
            ),
            (
                lambda f: draw_window(f, change=lambda values: 4095 - values),
                "this is the negative; give imshow the array values itself.",
            ),
            (
                lambda f: draw_window(f, ends=(1000, 1500)),
                "the window begins at its center; half of it should lie below.",
            ),
            (
                lambda f: draw_window(f, ends=(500, 1500), change=through_window),
                "the window was applied twice, to the numbers and by vmin and vmax.",
            ),
            (
                lambda f: draw_window(f, change=lambda values: np.clip(values, 500, 1500)),
                "the values were cut off first; vmin and vmax alone do that for you.",
            ),
            (
                lambda f: draw_window(f, cmap="viridis"),
                "the colormap is viridis, which imshow takes by itself; give cmap.",
            ),
            (
                lambda f: draw_window(f, cmap="gray_r"),
                "this colormap is turned round, so bones are black.",
            ),
            (lambda f: draw_window(f, title=""), "there is no title yet; look at set_title."),
            (
                lambda f: draw_window(f, bar=False),
                "there is no colour bar yet: fig.colorbar takes what imshow returned.",
            ),
        ),
        hints=(
            "A window begins half a width below its center and ends half a width above it.",
            "imshow takes values, cmap, vmin and vmax. Keep what it returns for fig.colorbar, and"
            " set the title on the axes.",
        ),
    ),
    "3.5": Exercise(
        right=lambda start, end, spacing: length(step(start, end, spacing)),
        inputs=LINES,
        tolerance=5e-3,
        mistakes=(
            (
                lambda start, end, spacing: length(step(start, end, spacing[::-1])),
                "the two spacings are exchanged: the first one belongs to the rows.",
            ),
            (
                lambda start, end, spacing: length(end - start),
                "this is a length in pixels; where does the spacing come in?",
            ),
            (
                lambda start, end, spacing: length(end - start) * spacing[0],
                "this takes the spacing of the rows for both directions.",
            ),
            (
                lambda start, end, spacing: length(end - start) * spacing[1],
                "this takes the spacing of the columns for both directions.",
            ),
            (
                lambda start, end, spacing: length(end - start) * spacing.mean(),
                "this takes the mean of the two spacings; multiply each direction by its own.",
            ),
            (
                lambda start, end, spacing: length(end - start) * spacing,
                "these are two numbers; multiply each direction by its spacing, before the root.",
            ),
            (
                lambda start, end, spacing: length(end - start) * length(spacing),
                "this multiplies by the diagonal of a pixel; multiply each direction by its own"
                " spacing.",
            ),
            (
                lambda start, end, spacing: length(end - start) * spacing[0] * spacing[1],
                "this multiplies by the area of a pixel; multiply each direction by its own"
                " spacing.",
            ),
            (
                lambda start, end, spacing: np.abs(step(start, end, spacing)).sum(),
                "this is the way along a row and a column; the line is slanted (Pythagoras).",
            ),
            (
                lambda start, end, spacing: step(start, end, spacing).sum(),
                "this adds the two directions, signs and all; the line is slanted (Pythagoras).",
            ),
            (
                lambda start, end, spacing: length(step(start, end, spacing)) ** 2,
                "this is the square of the length; the root is missing.",
            ),
            (
                lambda start, end, spacing: np.sqrt(((end - start) ** 2 * spacing).sum()),
                "the spacing has to be squared with the pixels: multiply before you square.",
            ),
            (
                lambda start, end, spacing: length((end - start) / spacing),
                "this divides by the spacing; a pixel has that many millimetres, so multiply.",
            ),
            (
                lambda start, end, spacing: np.abs(step(start, end, spacing)),
                "these are the ways down and across; wanted is the length of the slanted line.",
            ),
            (
                lambda start, end, spacing: step(start, end, spacing),
                "these are the ways down and across; wanted is the length of the slanted line.",
            ),
            (
                lambda start, end, spacing: step(start, end, spacing)[0],
                "this is the way down alone; the columns count, too.",
            ),
            (
                lambda start, end, spacing: step(start, end, spacing)[1],
                "this is the way across alone; the rows count, too.",
            ),
            (
                lambda start, end, spacing: abs(step(start, end, spacing)[0]),
                "this is the way down alone; the columns count, too.",
            ),
            (
                lambda start, end, spacing: abs(step(start, end, spacing)[1]),
                "this is the way across alone; the rows count, too.",
            ),
            (
                lambda start, end, spacing: step(start, end, spacing) ** 2,
                "these are two squares; add them and take the root.",
            ),
            (
                lambda start, end, spacing: np.sqrt(np.abs(step(start, end, spacing)).sum()),
                "the two ways have to be squared before they are added.",
            ),
            (
                lambda start, end, spacing: np.abs(step(start, end, spacing)).max(),
                "this is the longer of the two ways; the line is slanted (Pythagoras).",
            ),
            (
                lambda start, end, spacing: length((np.abs(end - start) + 1) * spacing),
                "this counts one pixel too many: from column 5 to column 6 is one step.",
            ),
            (
                lambda start, end, spacing: length(end - start) * 0.8398,
                "this has the spacing of our film built in; use spacing.",
            ),
            (
                lambda start, end, spacing: length(end - start) * np.sqrt(spacing.prod()),
                "this takes one spacing for both directions; each has its own.",
            ),
            (
                lambda start, end, spacing: length(end * spacing),
                "this is how far the second pixel is from the corner; subtract start.",
            ),
            (
                lambda start, end, spacing: length(step(start, end, spacing)) / 10,
                "these are centimetres; wanted are millimetres.",
            ),
            (
                lambda start, end, spacing: length(step(-start, end, spacing)),
                "start and end are added; a distance needs their difference.",
            ),
            (
                lambda start, end, spacing: abs(length(end * spacing) - length(start * spacing)),
                "this compares how far both pixels are from the corner; subtract them first.",
            ),
            (
                lambda start, end, spacing: (length(step(start, end, spacing)) ** 2) / 2,
                "the root is missing, and nothing has to be halved.",
            ),
        ),
        hints=(
            "How many millimetres is it down, and how many across? Each has its own spacing.",
            "Multiply the rows by the first spacing and the columns by the second. Then it is the"
            " longest side of a triangle with a right angle.",
        ),
    ),
    "3.6": Exercise(
        right=lambda: -np.log(light()),
        tolerance=1e-3,
        mistakes=(
            (
                lambda: -np.log(light(axis=1)),
                "these rays run from front to back, as in the film above; which axis runs from"
                " right to left?",
            ),
            (
                lambda: -np.log(light(axis=0)),
                "these rays run from head to foot; which axis runs from right to left?",
            ),
            (
                lambda: light(),
                "this is the light; minus its logarithm is wanted.",
            ),
            (
                lambda: light(axis=1),
                "this is the light from front to back; the rays should run from right to left,"
                " and minus the logarithm is wanted.",
            ),
            (
                lambda: light(axis=0),
                "this is the light from head to foot; the rays should run from right to left, and"
                " minus the logarithm is wanted.",
            ),
            (
                lambda: light(size=1),
                "this is the light, and the length of a voxel is missing; minus the logarithm is"
                " wanted.",
            ),
            (
                lambda: -np.log(light(axis=1, size=1)),
                "these rays run from front to back, and the length of a voxel is missing.",
            ),
            (
                lambda: 1 / light(),
                "the exponent lacks its minus, so more comes out than went in; the logarithm is"
                " missing, too.",
            ),
            (
                lambda: voxels() / 1000 * 0.2 * 0.45,
                "these are the losses of the single voxels; add them up along the ray.",
            ),
            (
                lambda: np.exp(-voxels() / 1000 * 0.2 * 0.45),
                "this is what each single voxel lets through; add up the losses along the ray"
                " first.",
            ),
            (
                lambda: np.exp(-voxels() / 1000 * 0.2 * 0.45).sum(axis=2),
                "this adds up the light of the voxels; the losses add up in the exponent, before"
                " exp.",
            ),
            (
                lambda: -np.log(np.exp(-voxels() / 1000 * 0.2 * 0.45).sum(axis=2)),
                "this adds up the light of the voxels; the losses add up in the exponent, before"
                " exp.",
            ),
            (
                lambda: np.log(light()),
                "this is the logarithm, which is negative here; minus it is wanted.",
            ),
            (
                lambda: -np.log(light(size=1)),
                "the length of a voxel is missing: mu is a loss for each centimetre.",
            ),
            (
                lambda: -np.log(light(size=4.5)),
                "these are millimetres; mu is a loss for each centimetre.",
            ),
            (
                lambda: -np.log(light(size=0.9)),
                "0.9 cm is the height of a voxel; how long is it from right to left?",
            ),
            (
                lambda: -np.log10(light()),
                "this is the logarithm with base 10; exp belongs to np.log.",
            ),
            (
                lambda: -np.log2(light()),
                "this is the logarithm with base 2; exp belongs to np.log.",
            ),
            (
                lambda: -np.log(light(combine=np.mean)),
                "this is the mean along the ray; the losses add up.",
            ),
            (
                lambda: -np.log(light(combine=np.max)),
                "this is the largest voxel on the ray; the losses of all voxels add up.",
            ),
            (
                lambda: voxels().sum(axis=2),
                "this adds up the CT numbers; use mu, which is the loss for each centimetre.",
            ),
            (
                lambda: voxels().sum(axis=2) * 0.45,
                "this adds up the CT numbers; use mu, which is the loss for each centimetre.",
            ),
            (
                lambda: (voxels() / 1000 * 0.2)[:, :, 48],
                "this is a single plane; the losses along the whole ray add up.",
            ),
            (
                lambda: (voxels() / 1000 * 0.2 * 0.45)[:, :, 48],
                "this is a single plane; the losses along the whole ray add up.",
            ),
            (
                lambda: -np.log(light(size=0.2 * 0.45)),
                "the 0.2 of water is there twice; mu holds it.",
            ),
            (
                lambda: -np.log(light(size=0.45 / 0.2)),
                "the 0.2 of water is missing; mu holds it.",
            ),
            (
                lambda: 1 - light(),
                "this is the share that is lost; minus the logarithm of the light is wanted.",
            ),
            (
                lambda: -np.log(light())[:, ::-1],
                "front and back are exchanged.",
            ),
            (
                lambda: -np.log(light())[::-1],
                "head and feet are exchanged.",
            ),
            (
                lambda: -np.log(light()).T,
                "rows and columns are exchanged; the shape is (48, 96).",
            ),
        ),
        hints=(
            "The axes of the volume are: head to foot, front to back, right to left. Which one do"
            " the rays follow?",
            "Do what was done for the film from the front, and add along the third axis, whose"
            " number is 2.",
        ),
    ),
    "3.7": Exercise(
        right=(TOP, BOTTOM, LEFT, RIGHT),
        score=box_score,
        goal=KEPT,
        mistakes=(
            ("top left", "four whole numbers are wanted: (top, bottom, left, right)."),
            (
                (BOTTOM, TOP, LEFT, RIGHT),
                "this rectangle is empty: bottom has to be greater than top, right greater than"
                " left, and none below 0.",
            ),
            (
                (LEFT, RIGHT, TOP, BOTTOM),
                "rows and columns are exchanged: top and bottom are rows, and they come first.",
            ),
            (
                (TOP, LEFT, BOTTOM - TOP, RIGHT - LEFT),
                "two of the numbers are sizes; wanted is where the rectangle ends.",
            ),
            (
                (TOP, LEFT, BOTTOM, RIGHT),
                "these are two corners; the order is (top, bottom, left, right).",
            ),
            ((300, 400, 300, 400), "this is beside the letters; read the axes of the picture."),
            (
                (TOP + 8, BOTTOM, LEFT, RIGHT),
                "a part of the letters is still there; draw the film with the box to see it.",
            ),
            (
                (TOP, BOTTOM - 1, LEFT, RIGHT - 1),
                "the last row or column of the letters is still there: a range leaves out its end.",
            ),
            (
                (0, SIDE, 0, SIDE),
                "the letters are gone, but too much of the film is, too; make the box smaller.",
            ),
        ),
        hints=(
            "Read off the axes of the picture where the letters begin and end. A few pixels more"
            " do no harm.",
            "The letters are the pixels with burnt == 4095. In which rows and in which columns is"
            " there one? np.flatnonzero finds the first and the last.",
        ),
    ),
    "3.8": Exercise(
        right=bone,
        tolerance=1e-3,
        mistakes=(
            (
                lambda: bone(voxel=1),
                "this is the number of voxels; multiply by the volume of one.",
            ),
            (
                lambda: bone(voxel=9 * 4.5 * 4.5),
                "these are cubic millimetres; a cubic centimetre has 1000 of them.",
            ),
            (
                lambda: bone(voxel=9 * 4.5 * 4.5 / 10),
                "a cubic centimetre is 10 × 10 × 10 cubic millimetres, not 10.",
            ),
            (
                lambda: bone(voxel=9 * 4.5 * 4.5 / 100),
                "a cubic centimetre is 10 × 10 × 10 cubic millimetres, not 10 × 10.",
            ),
            (
                lambda: bone(voxel=9 * 4.5 * 4.5 / 1e6),
                "these are litres; wanted are cubic centimetres.",
            ),
            (
                lambda: bone(voxel=0.9 * 0.45),
                "this is an area; a voxel has three sides.",
            ),
            (
                lambda: bone(voxel=0.45 * 0.45),
                "this is an area; a voxel has three sides.",
            ),
            (
                lambda: bone(voxel=1 / voxels().size),
                "this is the share of the voxels; count them, and multiply by the volume of one.",
            ),
            (
                lambda: bone(voxel=100 / voxels().size),
                "this is a percentage; count the voxels, and multiply by the volume of one.",
            ),
            (
                lambda: bone(lambda volume: volume > 1080),
                "1080 is the limit of the film without bones; here it is 1400.",
            ),
            (
                lambda: voxels() > 1400,
                "this marks the voxels of bone; count them, and multiply by the volume of one.",
            ),
            (
                lambda: bone(voxel=0.45**3),
                "the voxels are no cubes; they are 9 mm high.",
            ),
            (
                lambda: bone(voxel=0.9**3),
                "the voxels are no cubes; they are 4.5 mm deep and wide.",
            ),
            (
                lambda: bone(voxel=0.9 + 0.45 + 0.45),
                "the three sides were added; a volume is their product.",
            ),
            (
                lambda: bone(lambda volume: volume <= 1400),
                "this is the volume of everything else.",
            ),
            (
                lambda: bone(lambda volume: volume < 1400),
                "this is the volume of everything else.",
            ),
            (
                lambda: bone(lambda volume: np.where(volume > 1400, volume, 0)),
                "this adds up the CT numbers of the bones; count the voxels.",
            ),
            (
                lambda: bone(lambda volume: volume >= 1400),
                "voxels equal to 1400 are counted too; wanted are greater ones.",
            ),
            (
                lambda: bone(voxel=0.9 * 0.9 * 0.45),
                "two sides are 4.5 mm long and one is 9 mm.",
            ),
            (
                lambda: bone(lambda volume: volume > 400),
                "this is the limit in CT numbers; the volume holds CT numbers plus 1000.",
            ),
            (
                lambda: bone(lambda volume: volume[:, 48] > 1400),
                "this is one plane; take the whole volume.",
            ),
        ),
        hints=(
            "How many voxels are greater than 1400? A comparison and np.sum count them.",
            "Multiply by the volume of one voxel. Write its three sides in centimetres.",
        ),
    ),
}
