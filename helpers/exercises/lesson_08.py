"""The exercises of lesson 08: edges."""

import os
from functools import cache

import numpy as np
from scipy import ndimage as ndi

from helpers import datasets, edges
from helpers.exercises.engine import Exercise

RANDOM = np.random.default_rng(8)
EXTREMES = np.array([[0, 255, 0], [255, 0, 255], [10, 250, 3]], np.uint8)
BYTES = RANDOM.integers(0, 256, (9, 12), dtype=np.uint8)
FLOATS = 255 * RANDOM.random((5, 3))
LARGER = 60 + 50 * RANDOM.random((13, 21))
CONSTANT = np.full((4, 6), 77.0)


@cache
def films_of(data_set):
    """Return the films of a data set, read once."""
    return datasets.load(data_set).frames


def stored_film():
    """Return the first film of the data set that was chosen, as it was stored."""
    return films_of(os.environ.get("XRAY_DATASET"))[0]


# ---- slopes in grey levels per pixel ------------------------------------------------------------


def slopes(image, derivative=ndi.sobel, whole=8, axes=(0, 1), convert=float):
    """Return two derivatives, as is right or as people take them."""
    image = image.astype(convert) if convert else image
    return tuple(derivative(image, axis=axis) / whole for axis in axes)


def slopes_floored(image):
    """Divide whole numbers by whole numbers."""
    return tuple(ndi.sobel(image.astype(int), axis=axis) // 8 for axis in (0, 1))


# ---- the Gaussian gradient, drawn ---------------------------------------------------------------


@cache
def steepness(data_set, kind):
    """Return the Gaussian gradient of the first film, or what people draw in its place."""
    stored = films_of(data_set)[0]
    film = stored.astype(float)
    blurred = ndi.gaussian_filter(film, 4)
    if kind == "stored":
        return ndi.gaussian_gradient_magnitude(stored, 4)
    if kind in ("sobel", "blurred", "eighth"):
        whole = 8 if kind == "eighth" else 1
        return edges.gradient(blurred if kind == "blurred" else film, "sobel")[0] / whole
    if kind == "log":
        return edges.laplacian_of_gaussian(film, 4)
    if kind in ("down", "mixed"):
        return ndi.gaussian_filter(film, 4, order=(1, 0) if kind == "down" else 1)
    if kind == "sum":
        return sum(ndi.gaussian_filter(film, 4, order=order) for order in ((1, 0), (0, 1)))
    if kind == "film":
        return blurred
    sigma = kind if isinstance(kind, int) else 4
    return edges.gradient(film, "gaussian", sigma)[1 if kind == "direction" else 0]


def draw_gradient(figure, kind="magnitude"):
    """Draw the Gaussian gradient of the film, or what people draw in its place."""
    axes = figure.subplots()
    image = steepness(os.environ.get("XRAY_DATASET"), kind)
    axes.set_title("Gaussian gradient, sigma 4")
    figure.colorbar(axes.imshow(image, cmap="viridis", vmin=0, vmax=10))


def drawing(kind):
    """Return a function that draws something else in place of the gradient."""
    return lambda figure: draw_gradient(figure, kind)


# ---- the borders of noisy ribs ------------------------------------------------------------------


@cache
def noisy_ribs():
    """Return 100 profiles and their true borders, as the lesson's noisy_rib makes them."""
    chance = np.random.default_rng(3)
    ribs = []
    for _ in range(100):
        width, start = chance.integers(20, 29), chance.integers(35, 60)
        line = np.full(120, 60.0)
        line[start : start + width] += 30
        line = ndi.gaussian_filter1d(line, 1.5) + chance.normal(0, 10, 120)
        line = np.clip(np.rint(line), 0, 255).astype(np.uint8)
        ribs.append((line, np.array([start, start + width]) - 0.5))
    return ribs


def share_found(find):
    """Return the share of borders found within two pixels, or minus the number of a confusion."""
    lines, true = (np.array(values) for values in zip(*noisy_ribs(), strict=True))
    found = [find(line.copy()) for line in lines]
    if found[0] is None or found[0] is ...:
        return found[0]
    if {np.size(places) for places in found} != {2}:
        return -1.0
    found = np.array([np.ravel(places) for places in found], dtype=float)
    share = hits(found, true)
    return share if share >= 0.8 else confusion(find, found, lines, true) or share


def what_is_found(find):
    """Tell how many borders of each kind are found."""
    lines, true = (np.array(values) for values in zip(*noisy_ribs(), strict=True))
    found = np.array([np.ravel(find(line.copy())) for line in lines], dtype=float)
    return (
        f"{hits(found[:, 0], true[:, 0]):.0%} of the climbs and {hits(found[:, 1], true[:, 1]):.0%}"
        " of the falls are found within two pixels; draw a profile with the places that you return."
    )


def hits(found, true):
    """Return the share of borders found within two pixels."""
    return float((np.abs(found - true) <= 2).mean())


def confusion(find, found, lines, true):
    """Return minus the number of what went wrong with the borders, 0 where it is not known."""
    outwards = np.median((found - true) * (-1, 1), axis=0)
    floats = np.array([np.ravel(find(line.astype(float))) for line in lines], dtype=float)
    signs = {
        2: hits(found[:, ::-1], true) > 0.5,
        3: hits(floats, true) >= 0.8,
        4: np.ptp(found, axis=0).max() == 0,
        5: (found[:, 0] == found[:, 1]).mean() > 0.5,
        6: hits(np.cumsum(found, axis=1), true) > 0.5,
        7: (found[:, 1] < 0).mean() > 0.9,
        8: np.median(np.abs(found[:, 0] - true.mean(axis=1))) <= 4,
        9: outwards.min() > 2 and outwards.max() < 30,
        10: hits(found, true) >= 0.2 and np.median(np.abs(np.diff(found))) < 6,
        11: hits(found, true) >= 0.2,
        12: (found - true).std(axis=0).max() > 20,
    }
    return -float(min((number for number, is_so in signs.items() if is_so), default=0))


def borders(sigma, convert=float, take=lambda slope: (slope.argmax(), slope.argmin()), order=1):
    """Return a function that finds the borders as the lesson does, or as people do."""

    def find(line):
        line = line.astype(convert) if convert else line
        return take(ndi.gaussian_filter1d(line, sigma, order=order))

    return find


# ---- where the sign changes ---------------------------------------------------------------------

WAVE = np.array([1.0, 3, -1, -2, 2, 0, -3, -1, 4, -4, 0, 5, 2, -1])
WHOLE = np.array([5, -5, -6, -1, 1, 9, 0, 0, -2, 3])
ROUGH = 4 * RANDOM.normal(0, 1, 60)
FLAT = np.array([1.0, 1, 1, 1])
CROSSINGS = ((WAVE, 0), (WAVE, 4), (WAVE, 2.5), (WHOLE, 2), (ROUGH, 3.0), (FLAT, 0))


def crossings(row, jump):
    """Return where the sign changes by more than the jump."""
    opposite = np.sign(row[:-1]) * np.sign(row[1:]) < 0
    return np.flatnonzero(opposite & (np.abs(np.diff(row)) > jump))


def crossings_if(condition):
    """Return a function that marks other pairs of neighbours."""
    return lambda row, jump: np.flatnonzero(condition(row[:-1], row[1:], jump))


def positive_to_negative(row, jump):
    """Compare which pixels are positive, so that 0 belongs to the negative ones."""
    return np.flatnonzero((np.diff(row > 0)) & (np.abs(np.diff(row)) > jump))


# ---- the weights of the three rows --------------------------------------------------------------


WEIGHTS = np.arange(100, 601) / 100
RATES = ("largest", "mean", "median", "signed")


@cache
def ring_errors():
    """Return how wrong the direction is on the lesson's rings, by each of RATES, for each weight."""
    down, right = np.mgrid[-40:41, -40:41]
    radius = np.hypot(down, right)
    rings = np.cos(2 * np.pi * radius / 8)
    clear = (radius > 6) & (radius < 39) & (np.abs(np.sin(2 * np.pi * radius / 8)) > 0.25)
    rows = []
    for weight in WEIGHTS:
        kernel = np.outer([1, weight, 1], [1, 0, -1])
        climb = np.arctan2(ndi.convolve(rings, kernel.T), ndi.convolve(rings, kernel))
        errors = (np.degrees(climb - np.arctan2(down, right)) + 90) % 180 - 90
        off = np.abs(errors[clear])
        rows.append((off.max(), off.mean(), np.median(off), errors[clear].mean()))
    return dict(zip(RATES, np.array(rows).T, strict=True))


def best_weight(rate="largest"):
    """Return the weight whose errors are smallest."""
    return float(WEIGHTS[ring_errors()[rate].argmin()])


# ---- the exercises ------------------------------------------------------------------------------

EXERCISES = {
    "8.1": Exercise(
        right="d",
        mistakes=(
            (
                "a",
                "noise that is different in every pixel does not cancel; write the second"
                " difference as a sum of three pixels and add up the variances.",
            ),
            (
                "b",
                "a difference holds the noise of more than one pixel; what is the spread of a sum"
                " of independent numbers?",
            ),
            (
                "c",
                "this is the first difference, the root of 1 + 1; the second one has a pixel that"
                " counts twice.",
            ),
        ),
        hints=(
            "The second difference is a - 2b + c. Variances of independent numbers add up.",
            "The variances are 1, 4 and 1. The standard deviation is the root of their sum.",
        ),
    ),
    "8.2": Exercise(
        right=lambda: np.array([1, -2, 1]),
        mistakes=(
            ([-1, 2, -1], "the signs are exchanged; try it on the row 0, 0, 1, 0, 0."),
            ([1, 0, -1], "this is the difference of two pixels, two places apart; take it again."),
            (
                [-1, 0, 1],
                "this is the difference of two pixels, two places apart; the second difference"
                " has a number for the pixel in the middle.",
            ),
            ([1, 2, 1], "all numbers have one sign, so this is a blur; their sum should be 0."),
            ([1, -1, 1], "the sum is not 0, so it responds to an even row; look at the middle."),
            ([2, -2], "this is twice the single difference; convolve it with itself."),
            ([1, -1], "this is the single difference; what does it make of itself?"),
            ([-1, 1], "this is the single difference with its signs exchanged; take it twice."),
            ([1, -3, 3, -1], "this is the third difference; the second one has three numbers."),
            ([1, -2], 'mode="same" cuts an end off; without a mode the result has all numbers.'),
            (
                [[1, -2, 1]],
                "the numbers are right, but they stand in a table; a row with one axis is wanted.",
            ),
        ),
        hints=(
            "Write down b - a and c - b, and subtract the first from the second.",
            "np.convolve([1, -1], …) with the same row once more gives the three numbers.",
        ),
    ),
    "8.3": Exercise(
        right=slopes,
        inputs=((EXTREMES,), (BYTES,), (FLOATS,), (LARGER,), (CONSTANT,)),
        mistakes=(
            (
                lambda image: slopes(image, convert=None),
                "for uint8 the slopes wrap or are cut off; convert the image before the filter.",
            ),
            (
                lambda image: slopes(image, axes=(1, 0)),
                "the order is exchanged; the slope down the rows, axis 0, comes first.",
            ),
            (
                lambda image: slopes(image, whole=1),
                "these are Sobel's own numbers; on a slope of one level per pixel they are 8.",
            ),
            (
                lambda image: slopes(image, whole=4),
                "it is divided by 4; the two pixels that are compared are two places apart.",
            ),
            (
                lambda image: slopes(image, derivative=ndi.prewitt, whole=6),
                "these are Prewitt's slopes; Sobel gives the middle row double weight.",
            ),
            (
                lambda image: slopes(image, derivative=ndi.prewitt),
                "these are Prewitt's numbers divided by 8; Sobel's are wanted.",
            ),
            (
                lambda image: tuple(np.gradient(image.astype(float))),
                "these are differences in one row or column; Sobel averages over three.",
            ),
            (
                lambda image: tuple(np.abs(slope) for slope in slopes(image)),
                "the signs are gone, so that up and down look the same.",
            ),
            (
                lambda image: (edges.gradient(image)[0] / 8, edges.gradient(image)[1]),
                "these are magnitude and direction; return the two slopes that they are made of.",
            ),
            (
                lambda image: edges.gradient(image)[0] / 8,
                "this is the magnitude; return the two slopes that it is made of.",
            ),
            (
                edges.gradient,
                "these are the magnitude and the direction; the slopes down and right are wanted.",
            ),
            (
                lambda image: slopes(image, axes=(1, 1)),
                "both slopes are those to the right; without axis=0, ndi.sobel takes the last one.",
            ),
            (slopes_floored, "the fractions are gone; convert to float, not to whole numbers."),
        ),
        hints=(
            "ndi.sobel(values, axis=0) goes down the rows. What does it give on a slope of 1?",
            "Convert with astype(float), call ndi.sobel for both axes, and divide both by 8.",
        ),
    ),
    "8.4": Exercise(
        right="d",
        mistakes=(
            (
                "a",
                "0 is the direction of an upright edge that is bright on the right; this one runs"
                " across.",
            ),
            (
                "b",
                "90 points down, and so to the bright side at the upper border; which side is"
                " bright at the lower one?",
            ),
            (
                "c",
                "180 is the direction of an upright edge that is bright on the left; this one"
                " runs across.",
            ),
        ),
        hints=(
            "The gradient points to the bright side. Is the bone above or below its lower border?",
            "It points up. Rows are counted downwards, so up is negative.",
        ),
    ),
    "8.5": Exercise(
        right="c",
        mistakes=(
            (
                "a",
                "a blur is symmetric about one border, and here a second one is within its reach;"
                " what does that one add to the slope between the two?",
            ),
            (
                "b",
                "between the borders the two slopes have opposite signs and take away from each"
                " other; on which side does more of the slope survive?",
            ),
            (
                "d",
                "both borders are blurred alike, so whatever happens to one happens to the other.",
            ),
        ),
        hints=(
            "Draw the slope at each border as a wide hill, one up and one down, and add them.",
            "The hills overlap between the borders and weaken each other there, but not outside.",
        ),
    ),
    "8.6": Exercise(
        right=draw_gradient,
        reads=("image", "cmap", "limits", "colorbar", "title"),
        mistakes=(
            (drawing(kind=1), "this is the gradient for σ = 1; look at the third argument, sigma."),
            (drawing(kind=2), "this is the gradient for σ = 2; σ = 4 is wanted."),
            (drawing(kind="sobel"), "this is Sobel's magnitude, in which there is no σ."),
            (
                drawing(kind="blurred"),
                "this is Sobel's magnitude of a blurred film, eight times too large.",
            ),
            (
                drawing(kind="direction"),
                "this is the direction; edges.gradient returns the magnitude first.",
            ),
            (
                drawing(kind="down"),
                "this is the slope down the rows alone; the magnitude takes both axes.",
            ),
            (drawing(kind="log"), "this is the Laplacian of a Gaussian; the gradient is wanted."),
            (drawing(kind="film"), "this is the blurred film; its slope is wanted."),
            (
                drawing(kind="stored"),
                "the filter got the film as it was stored; give it floats.",
            ),
            (
                drawing(kind="eighth"),
                "this is Sobel's slope in levels per pixel, in which there is no σ.",
            ),
            (
                drawing(kind="mixed"),
                "an order of 1 for both axes differentiates down and then once more to the right;"
                " each of the two slopes needs one 1 and one 0.",
            ),
            (
                drawing(kind="sum"),
                "the two slopes are added; a magnitude is the long side of their triangle.",
            ),
        ),
        hints=(
            'edges.gradient(film, "gaussian", sigma=4) returns two arrays. Which one is drawn?',
            "shown = gradient_axes.imshow(…, vmin=0, vmax=10) draws it, fig.colorbar(shown) adds"
            " the bar, gradient_axes.set_title the title.",
        ),
    ),
    "8.7": Exercise(
        right=borders(5),
        score=share_found,
        goal=0.9,
        tells=what_is_found,
        mistakes=(
            (
                borders(5, take=lambda slope: slope),
                "two numbers are wanted for each profile, the place of the climb and of the fall.",
            ),
            (
                borders(5, take=lambda slope: (slope.argmin(), slope.argmax())),
                "the fall comes first; the climb is wanted before it.",
            ),
            (
                borders(5, convert=None),
                "the filter got uint8, which holds neither a fall nor a fraction; convert first.",
            ),
            (
                lambda line: (50, 72),
                "the places are the same for every profile; use the row that the function is given.",
            ),
            (
                borders(5, take=lambda slope: (slope.argmax(), slope.argmax())),
                "both numbers are the same place; one border climbs and the other one falls.",
            ),
            (
                borders(5, take=lambda slope: (slope.argmax(), slope.argmin() - slope.argmax())),
                "the second number is the width of the rib; the place of the fall is wanted.",
            ),
            (
                borders(5, take=lambda slope: (slope.max(), slope.min())),
                "a place is never negative; look at what is steep, and where.",
            ),
            (
                borders(5, order=0),
                "the first place is in the middle of the rib, where it is brightest; a border is"
                " where the row is steepest.",
            ),
            (
                borders(12),
                "the borders are too far out on both sides; how wide may a blur be for such ribs?",
            ),
            (
                borders(5, take=lambda slope: np.sort(np.argsort(np.abs(slope))[-2:])),
                "most pairs of places are neighbours, on one border; look for a climb and for a"
                " fall.",
            ),
            (
                borders(1),
                "many borders are found, and many are lost in the noise; how wide are the ribs, and"
                " how large may σ be?",
            ),
            (
                lambda line: (np.diff(line.astype(float)).argmax(), np.diff(line).argmin()),
                "hardly any border is found, as if the noise had chosen the places; what comes"
                " before differentiating?",
            ),
        ),
        hints=(
            "The ribs are 20 to 28 pixels wide. Take a σ of at most a third of that.",
            "ndi.gaussian_filter1d(values, sigma, order=1) is the slope of the blurred row. Its"
            " argmax is the climb and its argmin the fall. Give it floats.",
        ),
    ),
    "8.8": Exercise(
        right=crossings,
        inputs=CROSSINGS,
        mistakes=(
            (
                crossings_if(lambda a, b, jump: a * b < 0),
                "the jump is ignored; small changes of sign are to be left out.",
            ),
            (
                crossings_if(lambda a, b, jump: (a * b < 0) & (np.abs(b - a) >= jump)),
                "a change of exactly the jump is counted; more than the jump is wanted.",
            ),
            (
                crossings_if(lambda a, b, jump: (np.sign(a) != np.sign(b)) & (abs(b - a) > jump)),
                "steps to or from 0 are counted; one value has to be above 0 and one below.",
            ),
            (
                positive_to_negative,
                "0 is counted among the negative numbers; one value has to be above 0 and one"
                " below.",
            ),
            (
                crossings_if(lambda a, b, jump: (a * b < 0) & (b - a > jump)),
                "only changes from negative to positive are found; the size of the step counts,"
                " not its sign.",
            ),
            (
                crossings_if(lambda a, b, jump: (a * b < 0) & (a - b > jump)),
                "only changes from positive to negative are found; the size of the step counts,"
                " not its sign.",
            ),
            (
                crossings_if(lambda a, b, jump: np.abs(b - a) > jump),
                "large steps are found, whatever the signs; the signs have to be opposite.",
            ),
            (
                crossings_if(lambda a, b, jump: a * b < -jump),
                "the product is compared with the jump; compare the difference of the two.",
            ),
            (
                lambda row, jump: crossings(row, jump)[None],
                "np.where and np.nonzero give a tuple with one array in it; return that array.",
            ),
            (
                lambda row, jump: row[crossings(row, jump)],
                "these are the values at the right places; the positions are wanted.",
            ),
            (
                lambda row, jump: crossings(row, jump) + 1,
                "the second pixel of each pair is returned; i is the first.",
            ),
            (
                lambda row, jump: (
                    (np.sign(row[:-1]) * np.sign(row[1:]) < 0) & (np.abs(np.diff(row)) > jump)
                ),
                "this is a row of True and False; np.flatnonzero gives the positions of True.",
            ),
        ),
        hints=(
            "row[:-1] and row[1:] are all first and all second pixels of the pairs.",
            "Two conditions, joined by &: the product is negative, and np.abs of the difference is"
            " larger than jump. np.flatnonzero gives the positions.",
        ),
    ),
    "8.9": Exercise(
        right=best_weight,
        mistakes=(
            (2.0, "this is Sobel's weight; others do better, so try more of them."),
            (3.33, "this is about Scharr's weight; on these rings another one does better."),
            (3.3, "this is about Scharr's weight; on these rings another one does better."),
            (10 / 3, "this is Scharr's weight; on these rings another one does better."),
            (
                lambda: best_weight("mean"),
                "this weight has the smallest mean error; the largest error is to be small.",
            ),
            (
                lambda: best_weight("median"),
                "this weight has the smallest median error; the largest error is to be small.",
            ),
            (
                1.0,
                "this weight has the largest error; look for the smallest, among the pixels in"
                " clear alone.",
            ),
            (
                lambda: best_weight("signed"),
                "errors to either side cancel here; take their absolute values.",
            ),
            (
                lambda: float(ring_errors()["largest"].min()),
                "this is the error; the weight that gives it is wanted.",
            ),
            (10.0, "Scharr's 10 belongs to 3, 10, 3; here the outer rows have the weight 1."),
            (3.9, "this is nearly it; try steps of a hundredth."),
            (4.0, "this is nearly it; try steps of a hundredth."),
            (294, "this is the position in your list; which weight is at that position?"),
        ),
        hints=(
            "Loop over np.arange(100, 601) / 100, or call min with a function as key.",
            "The error for one w is np.abs(direction_error([1, w, 1])[clear]).max().",
        ),
    ),
}
