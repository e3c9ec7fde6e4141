"""The exercises of lesson 10: masks."""

import os
from functools import cache

import numpy as np
from scipy import ndimage as ndi

from data.phantom import radiograph
from helpers import datasets, masks
from helpers.exercises.engine import Exercise

RANDOM = np.random.default_rng(10)
EIGHT = np.ones((3, 3))  # neighbours by a side or a corner
EXTREMES = np.array([[0, 255, 40], [200, 41, 199], [39, 201, 254]], np.uint8)
BYTES = RANDOM.integers(0, 256, (9, 12), dtype=np.uint8)
BYTES[0, :2] = 60, 180
FLOATS = 255 * RANDOM.random((5, 3))
FLOATS[2, :2] = 30.5, 200.25
CONSTANT = np.full((4, 6), 77.0)

# Pieces of 1, 2 (by a corner), 3, 4 and 6 pixels; the last one in reading order is small.
PIECES = np.array(
    [
        [1, 1, 0, 0, 0, 1, 0, 0],
        [1, 0, 0, 1, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 1, 1, 1, 0, 0],
        [1, 1, 0, 1, 1, 1, 0, 1],
    ],
    dtype=bool,
)
SPOTS = RANDOM.random((12, 15)) < 0.35
NOTHING, EVERYTHING = np.zeros((4, 6), bool), np.ones((5, 3), bool)
RING = np.pad(np.ones((4, 5), bool), 2)
RING[3, 4] = False
BLOCK = np.zeros((11, 14), bool)
BLOCK[4:7, 5:9] = True
SCATTERED = RANDOM.random((13, 10)) < 0.06
PATIENTS = ((206, "bacterial"), (210, "bacterial"))


@cache
def films_of(data_set):
    """Return the films of a data set, read once."""
    return datasets.load(data_set).frames


def films():
    """Return the films of the data set that was chosen."""
    return films_of(os.environ.get("XRAY_DATASET"))


# ---- a band of levels ---------------------------------------------------------------------------


def band(inside, ground=255):
    """Return a function that keeps what is inside, by its own rule, and makes the rest even."""
    return lambda image, low, high: np.where(inside(image, low, high), image, ground)


def within(image, low, high):
    """Mark what is in the band, as is right."""
    return (image >= low) & (image <= high)


# ---- nine thresholds ----------------------------------------------------------------------------


def draw_bars(figure, number):
    """Draw a number of each film as a bar."""
    axes = figure.subplots()
    axes.bar(np.arange(len(films())), number(films()))
    axes.set(xlabel="film", ylabel="Otsu's threshold")


def lying_bars(figure):
    """Draw Otsu's thresholds as bars that lie down."""
    axes = figure.subplots()
    axes.barh(np.arange(len(films())), nine(films()))
    axes.set(xlabel="Otsu's threshold", ylabel="film")


def histogram(figure):
    """Draw how often thresholds occur."""
    axes = figure.subplots()
    axes.hist(nine(films()))
    axes.set(xlabel="Otsu's threshold", ylabel="films")


def bars(number):
    """Return a function that draws one number of each film, or what stands in its place."""
    return lambda figure: draw_bars(figure, number)


@cache
def thresholds_of(data_set):
    """Return Otsu's threshold of each film."""
    return [masks.otsu_threshold(frame) for frame in films_of(data_set)]


def nine(frames):
    """Return Otsu's thresholds of the films that were chosen."""
    return thresholds_of(os.environ.get("XRAY_DATASET"))


def dark_shares(frames):
    """Return the share of dark pixels of each film."""
    return [np.mean(f <= t) for f, t in zip(frames, nine(frames), strict=True)]


# ---- small pieces -------------------------------------------------------------------------------


def keep_pieces(mask, least, structure=EIGHT, keep=np.greater_equal, rest=False):
    """Keep the pieces that are large enough, or what people keep in their place."""
    numbers, _ = ndi.label(mask, structure)
    large = keep(np.bincount(numbers.ravel()), least)
    if rest is not None:
        large[0] = rest
    return large[numbers]


def one_number_off(mask, least):
    """Leave the rest out of the areas, and look up the number before."""
    numbers, _ = ndi.label(mask, EIGHT)
    areas = np.bincount(numbers.ravel(), minlength=2)[1:]
    return (areas >= least)[numbers - 1]


def wrong_list(mask, least):
    """Leave the rest out of the areas, and take their places for numbers."""
    numbers, _ = ndi.label(mask, EIGHT)
    areas = np.bincount(numbers.ravel(), minlength=2)[1:]
    return np.isin(numbers, np.nonzero(areas >= least)[0])


def without_last(mask, least):
    """Leave out the last piece, as a loop over range(1, count) does."""
    numbers, count = ndi.label(mask, EIGHT)
    return keep_pieces(mask & (numbers < count), least)


def largest_only(mask, least):
    """Keep the largest piece alone."""
    numbers, _ = ndi.label(mask, EIGHT)
    areas = np.bincount(numbers.ravel(), minlength=2)
    areas[0] = 0
    return mask & (numbers == areas.argmax())


# ---- an area ------------------------------------------------------------------------------------


def off_border(mask):
    """Drop the pieces that touch the border."""
    numbers = ndi.label(mask, EIGHT)[0]
    ends = [numbers[0], numbers[-1], numbers[:, 0], numbers[:, -1]]
    return mask & ~np.isin(numbers, np.concatenate(ends))


@cache
def areas_of(data_set, limit, off):
    """Return the areas, in pixels, of the pieces up to a level that are off the border."""
    film = films_of(data_set)[0]
    level = masks.otsu_threshold(film) if limit is None else limit
    return [piece["area"] for piece in masks.regions(off(film <= level))] or [0]


def area(limit=120, of=max, power=2, millimetres=100, off=off_border):
    """Return a function that gives an area in cm², or what comes out in its place."""

    def value():
        side = 430 / films().shape[2]
        areas = areas_of(os.environ.get("XRAY_DATASET"), limit, off)
        return of(areas) * side**power / millimetres

    return value


def all_dark():
    """Return the area of all pixels up to the level, in cm²."""
    film = films()[0]
    return np.sum(film <= 120) * (43 / film.shape[1]) ** 2


def the_rest():
    """Return the area of all pixels that are in no piece, in cm²."""
    film = films()[0]
    return np.sum(~off_border(film <= 120)) * (43 / film.shape[1]) ** 2


# ---- diseased lungs -----------------------------------------------------------------------------


@cache
def patient(seed, disease):
    """Return one film with pneumonia and its visible lungs."""
    film = radiograph(size=256, seed=seed, disease=disease, severity=0.8)
    return film.image, film.truth["lung_field"]


def close(mask, steps):
    """Close a mask without loss at the border."""
    wide = np.pad(mask, steps, mode="edge")
    return ndi.binary_closing(wide, iterations=steps)[steps:-steps, steps:-steps]


def dark(image):
    """Mark what is dark by Otsu's threshold."""
    return image <= masks.otsu_threshold(image)


def find_lungs(image):
    """Find dark pieces off the border, close and fill them, and add a rim."""
    return ndi.binary_dilation(ndi.binary_fill_holes(close(off_border(dark(image)), 8)))


def one_piece(image):
    """Keep the largest piece off the border."""
    return largest_only(off_border(dark(image)), 0)


WRONG = ("numbers", "shape", "empty", "full", "same", "bright", "air", "a lung")
ENOUGH = 0.88


def mean_dice(answer):
    """Return the mean Dice coefficient of a function on the patients.

    What is clearly wrong has a negative number in its place, so that it can be named.
    """
    films = [patient(*who) for who in PATIENTS]
    found = [answer(image.copy()) for image, _ in films]
    for mask in found:
        if mask is None or mask is ...:
            return mask
    found = [np.asarray(mask) for mask in found]
    fault, score = no_mask(found, films), 0.0
    if not fault:
        pairs = zip(found, films, strict=True)
        score = float(np.mean([masks.dice(mask, truth) for mask, (_, truth) in pairs]))
        fault = "" if score >= ENOUGH else wrong_place(found, films)
    return -1.0 - WRONG.index(fault) if fault else score


def no_mask(found, films):
    """Return the name of what keeps results from being masks of the films, or ""."""
    if any(mask.dtype != bool for mask in found):
        return "numbers"
    pairs = zip(found, films, strict=True)
    return "shape" if any(mask.shape != image.shape for mask, (image, _) in pairs) else ""


def wrong_place(found, films):
    """Return the name of what is clearly wrong with masks, or ""."""
    triples = [(mask, image, truth) for mask, (image, truth) in zip(found, films, strict=True)]
    if not all(mask.any() for mask in found):
        return "empty"
    if all(mask.all() for mask in found):
        return "full"
    if all(np.array_equal(mask, found[0]) for mask in found):
        return "same"
    if all(image[mask].mean() > image[~mask].mean() for mask, image, _ in triples):
        return "bright"
    if all(off_border(mask).sum() < 0.8 * mask.sum() for mask in found):
        return "air"
    return "a lung" if any(loses_a_lung(mask, truth) for mask, _, truth in triples) else ""


def loses_a_lung(mask, truth):
    """Tell whether hardly anything of one lung is in a mask."""
    numbers, count = ndi.label(truth, EIGHT)
    lungs = [numbers == k for k in range(1, count + 1)]
    return any(mask[lung].mean() < 0.1 for lung in lungs if lung.sum() > truth.sum() / 4)


# ---- a rim --------------------------------------------------------------------------------------


def rim(mask, width, structure=EIGHT, more=0):
    """Mark what is outside and no more than so many steps away."""
    steps = width + more
    grown = ndi.binary_dilation(mask, structure, iterations=steps) if steps else mask
    return grown & ~mask


def near(mask, width):
    """Mark what is outside and no farther away than `width` in a straight line."""
    return (ndi.distance_transform_edt(~mask) <= width) & ~mask


def inner_rim(mask, width):
    """Mark the rim inside the mask."""
    return mask & ~ndi.binary_erosion(mask, EIGHT, iterations=width)


EXERCISES = {
    "10.1": Exercise(
        right=band(within),
        inputs=(
            (EXTREMES, 40, 200),
            (BYTES, 60, 180),
            (FLOATS, 30.5, 200.25),
            (CONSTANT, 77, 77),
            (CONSTANT, 80, 90),
        ),
        mistakes=(
            (
                lambda image, low, high: np.where((image >= low) & (image <= high), 255, 0),
                "the band became white and the rest black; the band should keep its levels.",
            ),
            (
                lambda image, low, high: np.where(within(image, low, high), 1, 255),
                "the band became 1; it should keep its levels.",
            ),
            (
                band(lambda image, low, high: (image > low) & (image < high)),
                "pixels that are exactly `low` or `high` are lost; both belong to the band.",
            ),
            (
                band(lambda image, low, high: (image > low) & (image <= high)),
                "pixels that are exactly `low` are lost; look at the first comparison.",
            ),
            (
                band(lambda image, low, high: (image >= low) & (image < high)),
                "pixels that are exactly `high` are lost; look at the second comparison.",
            ),
            (
                band(lambda image, low, high: ~within(image, low, high)),
                "the band became white and the rest was kept; look at the order in np.where.",
            ),
            (band(within, ground=0), "the rest became 0, which is black; 255 is wanted."),
            (
                band(lambda image, low, high: (image >= low) | (image <= high)),
                "the image came back as it was, because each pixel meets one of the two conditions"
                " at least. Do both have to hold?",
            ),
            (
                band(lambda image, low, high: image >= low),
                "only `low` was looked at; what is brighter than `high` should become 255, too.",
            ),
            (
                band(lambda image, low, high: image <= high),
                "only `high` was looked at; what is darker than `low` should become 255, too.",
            ),
            (within, "this is the mask of the band; the levels of the image are wanted."),
            (
                lambda image, low, high: image[within(image, low, high)],
                "these are the levels of the band in a row, without their places; the shape of the"
                " image is wanted.",
            ),
            (
                lambda image, low, high: np.clip(image, low, high),
                "this cuts the levels off at the two ends; pixels outside should become 255.",
            ),
        ),
        hints=(
            "First make the mask of the band from two comparisons, each in parentheses.",
            "np.where(mask, image, 255) keeps the image where the mask is True. Which sign joins"
            " two masks that both have to be True?",
        ),
    ),
    "10.2": Exercise(
        right=bars(nine),
        reads=("heights", "labels"),
        mistakes=(
            (
                bars(lambda frames: [nine(frames)[0]] * len(frames)),
                "all bars show the threshold of the first film; each film has its own.",
            ),
            (
                bars(lambda frames: [frame.mean() for frame in frames]),
                "the bars are the mean levels of the films; Otsu's threshold is something else.",
            ),
            (
                bars(dark_shares),
                "the bars are the shares of dark pixels; the thresholds themselves are wanted.",
            ),
            (
                bars(lambda frames: sorted(nine(frames))),
                "the bars are sorted by height; keep the order of the films.",
            ),
            (
                bars(lambda frames: [masks.otsu_threshold(frame[frame > 32]) for frame in frames]),
                "these are the thresholds without the air; take all pixels of each film.",
            ),
            (
                bars(lambda frames: [np.median(frame) for frame in frames]),
                "the bars are the medians of the films; Otsu's threshold is something else.",
            ),
            (
                bars(lambda frames: np.arange(len(frames))),
                "the bars are as high as the numbers of the films; ax.bar takes places, then"
                " heights.",
            ),
            (
                bars(lambda frames: [masks.otsu_threshold(frames.ravel())] * len(frames)),
                "all bars show one threshold of all films together; each film has its own.",
            ),
            (
                bars(lambda frames: np.mean(frames > 150, axis=(1, 2))),
                "the bars are the shares above 150; Otsu's thresholds are wanted.",
            ),
            (
                bars(lambda frames: nine(frames)[::-1]),
                "the order is reversed; begin with the first film.",
            ),
            (lying_bars, "the bars lie down; look at ax.bar."),
            (
                histogram,
                "this is a histogram, how often thresholds occur; one bar for each film is wanted.",
            ),
        ),
        hints=(
            "A comprehension over data.frames gives the nine numbers; ax.bar draws them.",
            "ax.bar(range(9), numbers) draws a bar for each number. ax.set takes xlabel and"
            " ylabel. Hand in the axes.",
        ),
    ),
    "10.3": Exercise(
        right="b",
        mistakes=(
            (
                "a",
                "nothing can grow back where the erosion left no pixel; what is left of bridge"
                " and speck after the first step?",
            ),
            (
                "c",
                "the erosion makes a hole larger before the dilation begins; how large is it then?",
            ),
            (
                "d",
                "after the erosion each block is smaller by a rim; what does the dilation add?",
            ),
        ),
        hints=(
            "Look at the picture of the eroded blocks, and dilate what is grey in it.",
            "The hole is a cross of five pixels after the erosion. A dilation fills four of them.",
        ),
    ),
    "10.4": Exercise(
        right=keep_pieces,
        inputs=(
            (PIECES, 1),
            (PIECES, 2),
            (PIECES, 4),
            (PIECES, 7),
            (SPOTS, 3),
            (SPOTS.T.copy(), 9),
            (NOTHING, 2),
            (EVERYTHING, 5),
            (RING, 6),
        ),
        mistakes=(
            (
                lambda mask, least: keep_pieces(mask, least, keep=np.greater),
                "pieces of exactly `least` pixels are removed; look at the comparison.",
            ),
            (
                lambda mask, least: keep_pieces(mask, least, structure=None),
                "pixels that touch by a corner are counted apart; look at the structure.",
            ),
            (
                lambda mask, least: keep_pieces(mask, least, rest=None),
                "the rest of the image was kept as well; its number is 0, and it is large.",
            ),
            (
                lambda mask, least: keep_pieces(mask, least, keep=np.less),
                "the small pieces were kept and the large ones removed; look at the comparison.",
            ),
            (
                one_number_off,
                "the areas begin with piece 1 and the numbers with 0, so that some pixels get the"
                " verdict of another piece. Look at the first entry of np.bincount.",
            ),
            (
                wrong_list,
                "the areas without their first entry begin with piece 1, so that each place in"
                " them is one too small for a number of a piece.",
            ),
            (without_last, "the last piece is missing; where does range end?"),
            (largest_only, "only the largest piece is left; several may be large enough."),
            (
                lambda mask, least: mask.copy(),
                "no piece was removed; look at what you return.",
            ),
            (
                lambda mask, least: ndi.binary_opening(mask, EIGHT),
                "this is an opening, which removes what is narrow, of large pieces as well. Count"
                " pixels instead.",
            ),
            (
                lambda mask, least: keep_pieces(mask, least) * ndi.label(mask, EIGHT)[0],
                "these are the numbers of the pieces; a mask of True and False is wanted.",
            ),
            (
                lambda mask, least: ndi.label(mask, EIGHT)[0] >= least,
                "this compares the number of a piece with `least`; its area is meant.",
            ),
        ),
        hints=(
            "ndi.label with np.ones((3, 3)) gives numbers, np.bincount of them the areas.",
            "Areas compared with `least` give one True or False per number. Set the first to"
            " False, and use the array of numbers in its square brackets.",
        ),
    ),
    "10.5": Exercise(
        right=area(),
        tolerance=4e-4,
        mistakes=(
            (
                area(power=1),
                "each pixel was counted with its side; a pixel has an area as well.",
            ),
            (
                area(power=1, millimetres=10),
                "this multiplies the pixels with a length in cm; which size has one pixel?",
            ),
            (area(millimetres=1), "this is in mm²; how many of them are in a square of 1 cm?"),
            (
                area(millimetres=10_000),
                "it is 100 times too small; how many mm² are in a square of 1 cm?",
            ),
            (area(millimetres=10), "1 cm is 10 mm, but 1 cm² is not 10 mm²."),
            (area(power=0, millimetres=1), "this is the number of pixels; which size has one?"),
            (area(limit=None), "this is the area at Otsu's threshold; take film <= 120."),
            (area(limit=119), "pixels of level 120 are missing; look at the comparison."),
            (
                area(off=np.asarray),
                "no piece was dropped, and here the largest one reaches the border; look at"
                " off_border.",
            ),
            (
                area(of=lambda areas: sorted([0, *areas])[-2]),
                "this is the second largest piece; the largest one is wanted.",
            ),
            (
                area(of=lambda areas: sum(sorted(areas)[-2:])),
                "these are the two largest pieces together; the largest one alone is wanted.",
            ),
            (
                area(off=lambda mask: ndi.binary_fill_holes(off_border(mask))),
                "its holes are filled; count the pixels of the piece as it is.",
            ),
            (area(of=sum), "this is the area of all pieces; the largest one is wanted."),
            (area(of=min), "this is as small as the smallest piece; the largest one is wanted."),
            (
                all_dark,
                "this is the area of all dark pixels, the air as well; one piece is wanted.",
            ),
            (
                the_rest,
                "these are the pixels in no piece; what does np.bincount count first?",
            ),
        ),
        hints=(
            "masks.regions(off_border(film <= 120)) lists the pieces, each with its area in pixels.",
            "One pixel is mm_per_pixel wide and as high. Its area in mm², divided by the mm² in a"
            " cm², times the pixels of the largest piece.",
        ),
    ),
    "10.6": Exercise(
        right=find_lungs,
        score=mean_dice,
        prepare=lambda: [patient(*who) for who in PATIENTS],
        goal=ENOUGH,
        mistakes=(
            (
                lambda image: dark(image).astype(int),
                "a mask of True and False is wanted; a comparison makes one of numbers.",
            ),
            (
                lambda image: dark(image)[1:-1],
                "the mask has another shape than `image`; work on the argument, and cut nothing off.",
            ),
            (
                lambda image: np.zeros(image.shape, bool),
                "nothing is marked on at least one of the films; look at the mask after each step,"
                " on practice.",
            ),
            (lambda image: np.ones(image.shape, bool), "it is True everywhere."),
            (
                lambda image: np.tri(*image.shape, dtype=bool),
                "both patients get one and the same mask; work on the argument `image`.",
            ),
            (
                lambda image: ~dark(image),
                "what is marked is brighter than the rest; are lungs below or above the threshold?",
            ),
            (
                dark,
                "a large part of the mask belongs to pieces at the border, as air does; which"
                " function of this lesson drops them?",
            ),
            (
                lambda image: off_border(image <= 64),
                "on at least one of the films hardly anything of a lung is marked; after which step"
                " is it lost?",
            ),
            (
                lambda image: off_border(dark(image)),
                "these are the dark pieces off the border; holes and bays are left where the"
                " lungs are diseased.",
            ),
            (
                lambda image: ndi.binary_fill_holes(off_border(dark(image))),
                "filling is not enough, since many gaps are open to a side. What closes them?",
            ),
        ),
        hints=(
            "Begin with off_border(image <= masks.otsu_threshold(image)), and draw on practice"
            " what is missing.",
            "Close with more steps than the gaps are wide in pixels, fill, and see whether the"
            " mask is still too small all around.",
        ),
    ),
    "10.7": Exercise(
        right=rim,
        inputs=(
            (BLOCK, 1),
            (BLOCK, 2),
            (BLOCK, 3),
            (SCATTERED, 2),
            (SCATTERED.T.copy(), 1),
            (NOTHING, 2),
            (RING, 1),
            (EVERYTHING, 1),
        ),
        mistakes=(
            (
                lambda mask, width: rim(mask, width, structure=None),
                "steps over a corner are missing; look at the structure.",
            ),
            (
                lambda mask, width: ndi.binary_dilation(mask, EIGHT, iterations=width),
                "the mask itself is still in the result; only its surroundings are wanted.",
            ),
            (
                lambda mask, width: rim(mask, width, more=-1) if width > 1 else mask & ~mask,
                "the rim is one pixel too narrow; how far does one iteration reach?",
            ),
            (inner_rim, "this is a rim inside the mask; it should be outside."),
            (
                lambda mask, width: mask & ndi.binary_dilation(~mask, EIGHT, iterations=width),
                "this is a rim inside the mask; grow the mask and not what is around it.",
            ),
            (
                lambda mask, width: inner_rim(mask, width) | rim(mask, width),
                "this is a rim on both sides of the outline; only the outer one is wanted.",
            ),
            (
                lambda mask, width: ~ndi.binary_dilation(mask, EIGHT, iterations=width),
                "this is what is farther away than the rim; look at ~.",
            ),
            (
                lambda mask, width: rim(mask, 1, structure=np.ones((width, width))),
                "a structure of width × width pixels reaches only half as far to each side; look"
                " at iterations.",
            ),
            (near, "this goes by the straight distance; here a step over a corner counts as one."),
            (
                lambda mask, width: rim(mask, 1),
                "the rim is always one pixel wide; look at iterations.",
            ),
            (
                lambda mask, width: rim(mask, width, more=1),
                "the rim is one pixel too wide; how far does one iteration reach?",
            ),
            (
                lambda mask, width: rim(mask, width, more=-1),
                "the rim is one pixel too narrow; how far does one iteration reach?",
            ),
            (
                lambda mask, width: (
                    ndi.binary_dilation(mask, EIGHT, iterations=width) & ~rim(mask, width)
                ),
                "the mask came back as it was; what is left when it is taken out of the grown one?",
            ),
        ),
        hints=(
            "Which operation makes a mask larger by one step to all neighbours?",
            "Dilate with np.ones((3, 3)) and iterations, and take the mask out of the result.",
        ),
    ),
}
