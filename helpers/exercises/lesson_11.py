"""The exercises of lesson 11: the lungs, step by step."""

import os
from functools import cache

import numpy as np
from scipy import ndimage as ndi

from helpers import datasets, images, intensity, lungs, masks
from helpers.exercises.engine import Exercise, UnfitError

RANDOM = np.random.default_rng(11)
EXTREMES = np.array([[0, 255, 0, 7], [255, 0, 255, 9], [10, 250, 3, 200]], np.uint8)
BYTES = RANDOM.integers(0, 256, (12, 17), dtype=np.uint8)
FLOATS = 255 * RANDOM.random((9, 7))
CONSTANT = np.full((6, 8), 77.0)
VISITS = (0, 3, 7)
CHEQUERED = np.indices((6, 8)).sum(axis=0) % 2 == 0

A = RANDOM.random((9, 13)) < 0.4
B = RANDOM.random((9, 13)) < 0.6
LEFT, RIGHT = np.zeros((2, 6, 10), dtype=bool)
LEFT[1:5, 1:5] = RIGHT[2:6, 3:9] = True
EMPTY = np.zeros((6, 10), dtype=bool)


# ---- the mean nearby ----------------------------------------------------------------------------


def sliding(values, size, mode="nearest"):
    """Average a window, in the type of the values."""
    return ndi.uniform_filter(values, size, mode=mode)


def mean_nearby(film, mask, size, mode="nearest"):
    """Average those pixels of the window that are in the mask."""
    share = sliding(mask.astype(float), size, mode)
    return sliding(film.astype(float) * mask, size, mode) / share


def blackened_mean(film, mask, size):
    """Average the blackened film over the whole window."""
    return sliding(film.astype(float) * mask, size)


def mean_nearby_cut(film, mask, size):
    """Filter the film in its own type."""
    return sliding(film * mask, size) / sliding(mask.astype(float), size)


def share_as_bool(film, mask, size):
    """Filter the mask as it is, which gives a mask again."""
    return blackened_mean(film, mask, size) / sliding(mask, size)


# ---- what the edge changed ----------------------------------------------------------------------


@cache
def loaded(data_set):
    """Load a data set once for all exercises."""
    return datasets.load(data_set)


@cache
def before_and_after(data_set):
    """Return the mask of the lungs before and after the edge was followed, on the lesson's film."""
    frames = loaded(data_set).frames
    small = [images.resize(frame, (256, 256)) for frame in frames]
    frame = frames[int(np.argmin([area_by_otsu(film) for film in small]))]
    film = images.resize(frame[lungs.inside_frame(frame)], (256, 256))
    pair = lungs.best_pair(lungs.candidates(lungs.darker_than_surroundings(film)))
    left, right = lungs.follow_edge(film, pair)
    straight = lungs.straighten(left) | lungs.straighten(right[:, ::-1])[:, ::-1]
    return [mask.astype(int) for mask in (pair[0] | pair[1], left | right, straight)]


def area_by_otsu(film):
    """Return the area of the large dark pieces inside the film."""
    labels, count = ndi.label(film <= masks.otsu_threshold(film))
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    areas = np.bincount(labels.ravel())
    inner = np.setdiff1d(np.arange(1, count + 1), border)
    return areas[inner][areas[inner] > 0.03 * film.size].sum()


def draw_change(figure, change=None, cmap="RdBu_r", ends=(-1, 1), title="added and removed"):
    """Draw what was added and removed, or what people draw in its place."""
    before, after, straight = before_and_after(os.environ.get("XRAY_DATASET") or "phantom")
    shown = after - before if change is None else change(before, after, straight)
    axes = figure.subplots()
    axes.imshow(shown, cmap=cmap, vmin=ends[0], vmax=ends[1])
    axes.set_title(title)


def drawing(change=None, **changes):
    """Return a function that draws the change with something changed."""
    return lambda figure: draw_change(figure, change, **changes)


# ---- Jaccard ------------------------------------------------------------------------------------


def jaccard(a, b):
    """Return the common area divided by the area that at least one covers."""
    return (a & b).sum() / (a | b).sum() if (a | b).any() else 1.0


def common_by(area, empty=np.nan):
    """Return a function that divides the common area by something else, and not by 0."""
    return lambda a, b: (a & b).sum() / (area(a, b) or np.nan) if (a | b).any() else empty


# ---- better lungs -------------------------------------------------------------------------------


@cache
def follow_up_films():
    """Return films and lung fields of three visits of the phantom's follow-up patient."""
    phantom = loaded("phantom")
    films = [images.resize(phantom.frames[visit], (256, 256)) for visit in VISITS]
    fields = [phantom.truth["lung_field"][visit].astype(float) for visit in VISITS]
    return [
        (film, images.resize(field, (256, 256)) > 0.5)
        for film, field in zip(films, fields, strict=True)
    ]


def mean_dice(find):
    """Return the mean Dice score of a function that finds lungs, on a patient the lesson does not score."""
    dices = []
    for film, truth in follow_up_films():
        found = find(film.copy())
        if found is ... or found is None:
            return found
        if np.asarray(found).dtype.kind != "b" or np.shape(found) != truth.shape:
            raise UnfitError("a boolean array of the shape of the image is wanted")
        dices.append(masks.dice(np.asarray(found), truth))
    return float(np.mean(dices))


def what_is_found(find):
    """Tell how much of the lungs is missed, and how much of the masks is no lung."""
    pairs = [(np.asarray(find(film.copy())), truth) for film, truth in follow_up_films()]
    found, truth = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    if np.all(found == found[0]):
        return "the mask is the same on all three films; use the image that is given."
    if empty := [visit for visit, mask in zip(VISITS, found, strict=True) if not mask.any()]:
        return f"at visit {empty[0]} nothing is found; after which step is the mask empty?"
    missed, more = np.mean(~found[truth]), np.mean(~truth[found])
    return (
        f"{missed:.0%} of the lungs are missed, and {more:.0%} of what is marked is no lung;"
        " look at the larger of the two."
    )


def find_lungs(film, window=61, rim=2, last=4):
    """Find lungs as the lesson does, with another window or rim, or only the first steps."""
    even = intensity.equalize_histogram(film)
    dark = even < ndi.uniform_filter(even, window, mode="nearest")
    if last == 1:
        return dark
    pair = lungs.best_pair(lungs.candidates(dark))
    if pair is None:
        return np.zeros(film.shape, dtype=bool)
    left, right = lungs.follow_edge(film, pair) if last > 2 else pair
    return both_straight(left, right, rim) if last > 3 else left | right


def both_straight(left, right, rim):
    """Straighten both lungs, with any rim."""
    found = lungs.straighten(left) | lungs.straighten(right[:, ::-1])[:, ::-1]
    more = max(0, rim - lungs.RIM)
    return ndi.binary_dilation(found, [[1, 1, 1]], iterations=more) if more else found


# ---- the ratio ----------------------------------------------------------------------------------


def width(mask, axis=0):
    """Return how many columns there are from the first to the last one with a True."""
    there = np.flatnonzero(mask.any(axis=axis))
    return there[-1] - there[0] + 1


def ratio(heart, lung_masks):
    """Divide the width of the heart by that of the chest."""
    return width(heart) / width(lung_masks)


def a_chest(height, columns, heart, left, right):
    """Draw a heart and two lungs as boxes of rows and columns."""
    drawn = np.zeros((3, height, columns), dtype=bool)
    for mask, (top, bottom, first, last) in zip(drawn, (heart, left, right), strict=True):
        mask[top:bottom, first:last] = True
    return drawn[0], drawn[1] | drawn[2]


CHESTS = (
    a_chest(9, 14, (4, 8, 5, 10), (1, 8, 1, 5), (1, 7, 9, 13)),
    a_chest(30, 40, (15, 27, 16, 29), (3, 26, 2, 17), (5, 24, 24, 37)),
    a_chest(21, 33, (9, 20, 8, 19), (0, 8, 0, 11), (10, 20, 20, 33)),
    a_chest(12, 20, (5, 10, 0, 11), (1, 9, 2, 7), (2, 9, 12, 18)),  # it reaches out of the chest
)

EXERCISES = {
    "11.1": Exercise(
        right="b",
        mistakes=(
            (
                "a",
                "two pieces cannot last for ever: look at the neck and the shoulders, where only"
                " a thin and not very bright strip lies between lung and air.",
            ),
            (
                "c",
                "soft parts beside the neck and the rib cage are not much brighter than lung;"
                " what lies behind them?",
            ),
            ("d", "a higher threshold adds pixels and takes none away, so no piece can split."),
        ),
        hints=(
            "A higher threshold adds pixels to the mask. What may a growing piece come to touch?",
            "Look at the top of a lung: how far is it to the dark air beside the neck, and what"
            " happens to pieces that touch the border?",
        ),
    ),
    "11.2": Exercise(
        right=mean_nearby,
        inputs=(
            (EXTREMES, EXTREMES < 210, 3),
            (BYTES, BYTES > 60, 5),
            (BYTES, np.indices(BYTES.shape).sum(axis=0) % 3 > 0, 3),
            (FLOATS, FLOATS < 200, 5),
            (CONSTANT, CHEQUERED, 3),
            (FLOATS, np.ones(FLOATS.shape, bool), 3),
        ),
        tolerance=1e-5,
        mistakes=(
            (
                blackened_mean,
                "pixels outside the mask count as black; divide by the share of the"
                " window that is in the mask.",
            ),
            (
                mean_nearby_cut,
                "the film was filtered as uint8, which cuts off the fractions; look"
                " at its type before you multiply.",
            ),
            (
                share_as_bool,
                "the share was computed from a boolean mask and is boolean again; look"
                " at the type of the mask before you filter it.",
            ),
            (
                lambda film, mask, size: sliding(film.astype(float), size),
                "this is the mean of the whole window; where does the mask come in?",
            ),
            (
                lambda film, mask, size: mean_nearby(film, ~mask, size),
                "the pixels outside the mask are averaged; True means inside.",
            ),
            (
                lambda film, mask, size: blackened_mean(film, mask, size) / mask.mean(),
                "one share for the whole film is used; each window has a share of its own.",
            ),
            (
                lambda film, mask, size: mean_nearby(film, mask, size, "reflect"),
                "only the border differs; look at the mode of the two filters.",
            ),
            (
                lambda film, mask, size: mean_nearby(film, mask, size, "constant"),
                "only the border differs; look at the mode of the two filters.",
            ),
            (
                lambda film, mask, size: mean_nearby(film, mask, 21),
                "the window is always 21 pixels wide; use the size that is given.",
            ),
            (
                lambda film, mask, size: (
                    blackened_mean(film, mask, size) * sliding(mask.astype(float), size)
                ),
                "it is multiplied by the share of the mask; divide by it.",
            ),
            (
                lambda film, mask, size: blackened_mean(film, mask, size) * size**2 / mask.sum(),
                "this divides by all pixels of the mask; those in the window count.",
            ),
            (
                lambda film, mask, size: 1 / mean_nearby(film, mask, size),
                "it is upside down; the share of the mask belongs below the line.",
            ),
            (
                lambda film, mask, size: sliding(mask.astype(float), size),
                "this is the share of the window that is mask; where does the film come in?",
            ),
            (
                lambda film, mask, size: np.where(mask, mean_nearby(film, mask, size), 0),
                "pixels outside the mask have a mean nearby as well; return it for all pixels.",
            ),
            (
                lambda film, mask, size: np.full(film.shape, film[mask].mean()),
                "this is the mean of the whole mask; only the window around each pixel counts.",
            ),
            (
                lambda film, mask, size: (
                    sliding(film.astype(float), size) / sliding(mask.astype(float), size)
                ),
                "the film is not yet masked where it is averaged; multiply it by the mask first.",
            ),
        ),
        hints=(
            "Filter mask.astype(float): the result is the share of each window that is mask.",
            "The filter of film * mask, as floats, divides the sum over the mask by all pixels of"
            " the window. Which number turns that into a mean over the mask?",
        ),
    ),
    "11.3": Exercise(
        right=draw_change,
        reads=("image", "cmap", "limits", "title"),
        mistakes=(
            (
                drawing(lambda before, after, _: before - after),
                "added pixels are negative; which mask is subtracted from which?",
            ),
            (
                drawing(lambda before, after, _: np.abs(after - before)),
                "added and removed pixels look alike; keep the sign.",
            ),
            (
                drawing(lambda before, after, _: np.maximum(after - before, 0)),
                "only what was added is there; what was removed should be −1.",
            ),
            (
                drawing(lambda before, after, _: np.minimum(after - before, 0)),
                "only what was removed is there; what was added should be +1.",
            ),
            (
                drawing(lambda before, after, _: after),
                "this is the mask after; subtract the one before.",
            ),
            (
                drawing(lambda before, after, _: before),
                "this is the mask before; it is what is to be subtracted.",
            ),
            (
                drawing(lambda before, after, _: (after - before) % 256),
                "−1 has wrapped around to 255; take a type that holds negative numbers.",
            ),
            (
                drawing(lambda before, after, _: after + before),
                "the masks were added up; their difference is wanted.",
            ),
            (
                drawing(lambda before, after, straight: straight - before),
                "this is after straightening, a later step.",
            ),
            (drawing(cmap="gray"), "the colormap is gray; a diverging one shows signs."),
            (
                drawing(cmap="RdBu"),
                "the colours are reversed, so that added pixels are blue; look"
                " at the end of the name.",
            ),
            (drawing(cmap="viridis"), "viridis has no middle; a diverging colormap shows signs."),
            (drawing(title=""), "a title is missing; it could say what the two colours mean."),
        ),
        hints=(
            "mask.astype(int) turns True and False into 1 and 0, which can be subtracted.",
            "change_axes.imshow(…, cmap=…, vmin=…, vmax=…) draws the mask after minus the mask"
            " before, and change_axes.set_title adds the title.",
        ),
    ),
    "11.4": Exercise(
        right=jaccard,
        inputs=(
            (A, B),
            (B, A),
            (LEFT, RIGHT),
            (LEFT, LEFT),
            (LEFT, EMPTY),
            (EMPTY, LEFT),
            (EMPTY, EMPTY),
            (A, ~A),
        ),
        mistakes=(
            (
                masks.dice,
                "this is Dice, which counts the common area twice; divide by the area"
                " that at least one covers.",
            ),
            (
                common_by(lambda a, b: a.sum() + b.sum()),
                "the common area is counted twice in what you divide by.",
            ),
            (
                common_by(lambda a, b: a.sum()),
                "this divides by the first area alone, so exchanging a and b changes the result.",
            ),
            (
                common_by(lambda a, b: b.sum()),
                "this divides by the second area alone, so exchanging a and b changes the result.",
            ),
            (
                common_by(lambda a, b: max(a.sum(), b.sum())),
                "this divides by the larger area; both together may cover more.",
            ),
            (
                common_by(lambda a, b: min(a.sum(), b.sum())),
                "this divides by the smaller area; both together cover more.",
            ),
            (
                lambda a, b: 2 * masks.dice(a, b) / (1 + masks.dice(a, b)),
                "this formula makes Dice of Jaccard, and it was given Dice.",
            ),
            (
                lambda a, b: 100 * jaccard(a, b) if (a | b).any() else np.nan,
                "this is in percent; a number from 0 to 1 is wanted.",
            ),
            (
                common_by(lambda a, b: a.size),
                "this is the share of the whole image; the area outside"
                " both masks should not matter.",
            ),
            (
                lambda a, b: np.mean(a == b),
                "pixels outside both masks count as agreement; they should not matter.",
            ),
            (
                common_by(lambda a, b: (a | b).sum(), 0.0),
                "two empty masks agree; the result should be 1 there.",
            ),
            (
                common_by(lambda a, b: (a | b).sum(), np.nan),
                "two empty masks give nan; return 1 there.",
            ),
            (
                common_by(lambda a, b: (a ^ b).sum()),
                "^ is true where exactly one mask is; the common area belongs to what at least one"
                " covers.",
            ),
            (
                lambda a, b: jaccard(a, b) if a.any() and b.any() else 1.0,
                "one empty mask is enough to get 1 here; both have to be empty.",
            ),
            (
                lambda a, b: (a | b).sum() / ((a & b).sum() or np.nan),
                "it is upside down; the common area is the smaller one.",
            ),
            (
                lambda a, b: (a ^ b).sum() / ((a | b).sum() or np.nan),
                "^ is true where the masks disagree; the common area is wanted.",
            ),
        ),
        hints=(
            "a & b is true where both masks are, a | b where at least one is.",
            "Divide the sum of one by the sum of the other, and treat two empty masks before.",
        ),
    ),
    "11.5": Exercise(
        right=lambda film: find_lungs(film, window=41),
        score=mean_dice,
        prepare=follow_up_films,
        tells=what_is_found,
        goal=0.945,
        mistakes=(
            (lungs.lung_field, "these are the lesson's own settings; which step lets gas in?"),
            (
                lambda film: find_lungs(film, last=1),
                "this is the first step alone; air and abdomen are in it.",
            ),
            (
                lambda film: find_lungs(film, last=2),
                "this is the pair before its edge was followed; later steps are missing.",
            ),
            (
                lambda film: find_lungs(film, last=3),
                "the sides along the ribs are not straightened yet.",
            ),
            (
                lambda film: find_lungs(film, window=21),
                "the window is so narrow that it fits into a lung; on one of the three films no pair"
                " is found any more.",
            ),
            (
                lambda film: find_lungs(film, window=81),
                "a wider window does not help here; try the other direction.",
            ),
            (
                lambda film: find_lungs(film, window=121),
                "a wider window does not help here; try the other direction.",
            ),
            (
                lambda film: find_lungs(film, rim=3),
                "a wider rim does not help here; look at the lesson's worst patient, where something"
                " large is too much.",
            ),
            (
                lambda film: film <= masks.otsu_threshold(film),
                "this is Otsu's threshold, with all the air beside the body.",
            ),
            (
                lambda film: np.zeros(film.shape, bool),
                "not one pixel of a lung is found on any of the three films; look at your mask of"
                " one of the films.",
            ),
            (lambda film: ~lungs.lung_field(film), "lungs are False and everything else is True."),
        ),
        hints=(
            "Look at the overlay of the worst patient: which step could keep the gas below the"
            " lung from joining it?",
            "A window narrower than 61 compares with what is nearer. Measure 31, 41 and 51 with"
            " report.",
        ),
    ),
    "11.6": Exercise(
        right=ratio,
        inputs=CHESTS,
        mistakes=(
            (
                lambda heart, lung_masks: width(heart, 1) / width(lung_masks, 1),
                "this is the ratio of the heights; look at the axis of any.",
            ),
            (
                lambda heart, lung_masks: heart.any(axis=1).sum() / lung_masks.any(axis=1).sum(),
                "rows are counted, and widths are wanted; look at the axis of any.",
            ),
            (
                lambda heart, lung_masks: heart.sum(axis=0).max() / lung_masks.sum(axis=0).max(),
                "pixels are counted down a column; a width goes along a row.",
            ),
            (
                lambda heart, lung_masks: heart.sum() / lung_masks.sum(),
                "this is the ratio of the areas; widths are wanted.",
            ),
            (
                lambda heart, lung_masks: width(lung_masks) / width(heart),
                "it is upside down; the heart is narrower than the chest.",
            ),
            (
                lambda heart, lung_masks: (width(heart) - 1) / (width(lung_masks) - 1),
                "the last column minus the first is one column too few.",
            ),
            (
                lambda heart, lung_masks: width(heart) / (width(lung_masks) - 1),
                "the width of the lungs is one column too few; count both ends.",
            ),
            (
                lambda heart, lung_masks: width(heart) / width(heart | lung_masks),
                "heart and lungs are taken together below the line; the lungs alone are wanted.",
            ),
            (
                lambda heart, lung_masks: width(heart) / width(ndi.label(lung_masks)[0] == 1),
                "this divides by the width of one lung; both together are wanted.",
            ),
            (
                lambda heart, lung_masks: width(heart) / lung_masks.any(axis=0).sum(),
                "the columns between the lungs are missing; count from the first to the last.",
            ),
            (
                lambda heart, lung_masks: heart.sum(axis=1).max() / lung_masks.sum(axis=1).max(),
                "the gap between the lungs is missing where you count pixels along a row.",
            ),
            (
                lambda heart, lung_masks: width(heart) / lung_masks.shape[1],
                "this divides by the width of the film; the chest is narrower.",
            ),
            (
                lambda heart, lung_masks: 100 * width(heart) / width(lung_masks),
                "this is in percent; a ratio between 0 and 1 is wanted.",
            ),
        ),
        hints=(
            "mask.any(axis=0) is true for each column that holds a True.",
            "np.flatnonzero gives the numbers of these columns. The width goes from the first to"
            " the last, both included.",
        ),
    ),
}
