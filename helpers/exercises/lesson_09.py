"""The exercises of lesson 09: Canny's detector, and scores for edge maps."""

from functools import cache

import numpy as np
from scipy import ndimage as ndi

from data.phantom import radiograph
from data.phantom.truth import thin
from helpers import edges
from helpers.exercises.engine import Exercise, UnfitError

RANDOM = np.random.default_rng(9)
ROW = np.array([0.0, 3, 5, 5, 2, 7, 9, 4, 4, 4, 1])
RISING = np.array([1.0, 2, 3, 4])
EMPTY_ROW = np.zeros(5)
ENDS = np.array([9.0, 1, 6, 0, 0, 0, 2, 8])
NOISY_ROW = RANDOM.random(31)
TOUCHING = np.ones((3, 3))
HIGHS = np.geomspace(0.05, 0.5, 12)
PART = np.s_[128:320, 64:256]


@cache
def film_of(seed):
    """Return a film of a patient with its truth."""
    return radiograph(size=512, seed=seed)


def patient(seed, dose, part=PART):
    """Return part of a patient's film with noise added, and its true edges."""
    film = film_of(seed)
    true = film.truth["edges"][part]
    return film.image[part] + np.random.default_rng(dose).normal(0, dose, true.shape), true


# ---- the crests of a row ------------------------------------------------------------------------


def crests(row):
    """Mark what is above 0 and not weaker than either neighbour."""
    result = np.zeros(row.shape, bool)
    result[1:-1] = (row[1:-1] > 0) & (row[1:-1] >= row[:-2]) & (row[1:-1] >= row[2:])
    return result


def crests_by(rule, ends=False):
    """Return a function that marks by another rule of middle, left and right."""

    def mark(row):
        result = np.full(row.shape, ends)
        result[1:-1] = rule(row[1:-1], row[:-2], row[2:])
        return result

    return mark


def crests_wrapped(row):
    """Let the last pixel be the neighbour of the first."""
    return (row > 0) & (row >= np.roll(row, 1)) & (row >= np.roll(row, -1))


def crests_with_ends(row):
    """Compare the ends with the one neighbour that they have."""
    padded = np.pad(row, 1)
    return (row > 0) & (row >= padded[:-2]) & (row >= padded[2:])


# ---- long lines ---------------------------------------------------------------------------------


def lines(marks, shortest, shape=TOUCHING, keeps=np.greater_equal):
    """Keep the pieces with enough pixels."""
    numbers, _ = ndi.label(marks, shape)
    sizes = np.bincount(numbers.ravel())
    return marks & keeps(sizes, shortest)[numbers]


def lines_and_background(marks, shortest):
    """Forget that number 0 is the background."""
    numbers, _ = ndi.label(marks, TOUCHING)
    return (np.bincount(numbers.ravel()) >= shortest)[numbers]


def lines_late(marks, shortest):
    """Count the pieces from 0, so that each gets the size of the one before it."""
    numbers, count = ndi.label(marks, TOUCHING)
    sizes = np.bincount(numbers.ravel(), minlength=count + 1)
    return marks & (sizes >= shortest)[np.maximum(numbers - 1, 0)]


def lines_early(marks, shortest):
    """Take the place in the sizes of the pieces for the number of a piece."""
    numbers = ndi.label(marks, np.ones((3, 3)))[0]
    sizes = np.bincount(numbers.ravel())[1:]
    return np.isin(numbers, np.flatnonzero(sizes >= shortest))


def longest_line(marks, shortest):
    """Keep the longest piece alone."""
    numbers, _ = ndi.label(marks, TOUCHING)
    sizes = np.bincount(numbers.ravel())
    sizes[0] = 0
    return marks & (numbers == sizes.argmax())


def line_numbers(marks, shortest):
    """Return the numbers of the pieces instead of truth values."""
    return ndi.label(lines(marks, shortest), TOUCHING)[0]


def some_marks(shape, share):
    """Return a random map."""
    return RANDOM.random(shape) < share


DIAGONAL = np.eye(5, 7, dtype=bool)
MARKS = some_marks((14, 23), 0.25)
MORE_MARKS = some_marks((31, 17), 0.3)
HOOK = np.array([[1, 1, 1, 0, 0], [0, 0, 0, 0, 0], [1, 0, 0, 1, 1], [0, 1, 0, 0, 0]], bool)
NO_MARKS = np.zeros((3, 4), bool)

# ---- precision and recall -----------------------------------------------------------------------


def distance(marks):
    """Return the distance of each pixel to the nearest marked one."""
    return ndi.distance_transform_edt(~marks)


def scores(found, truth, tolerance):
    """Return precision and recall."""
    precision = np.mean(distance(truth)[found] <= tolerance)
    return precision, np.mean(distance(found)[truth] <= tolerance)


def scores_strict(found, truth, tolerance):
    """Ask for less than the tolerance."""
    precision = np.mean(distance(truth)[found] < tolerance)
    return precision, np.mean(distance(found)[truth] < tolerance)


def scores_inside(found, truth, tolerance):
    """Forget ~, so that the distance is 0 wherever nothing is marked."""
    to_truth, to_found = ndi.distance_transform_edt(truth), ndi.distance_transform_edt(found)
    return np.mean(to_truth[found] <= tolerance), np.mean(to_found[truth] <= tolerance)


def scores_exact(found, truth, tolerance):
    """Count only pixels that are marked in both maps."""
    both = np.sum(found & truth)
    return both / found.sum(), both / truth.sum()


def scores_in_square(found, truth, tolerance):
    """Take a square for the neighbourhood."""
    size = 2 * int(tolerance) + 1
    near_truth, near_found = (ndi.maximum_filter(marks, size) for marks in (truth, found))
    return np.mean(near_truth[found]), np.mean(near_found[truth])


def scores_in_diamond(found, truth, tolerance):
    """Take what can be reached in so many steps across sides."""
    near = [ndi.binary_dilation(marks, iterations=int(tolerance)) for marks in (truth, found)]
    return np.mean(near[0][found]), np.mean(near[1][truth])


def scores_over_all(found, truth, tolerance):
    """Average over all pixels of the image."""
    right = found & (distance(truth) <= tolerance)
    return np.mean(right), np.mean(truth & (distance(found) <= tolerance))


def scores_everywhere(found, truth, tolerance):
    """Forget to pick the marked pixels."""
    return np.mean(distance(truth) <= tolerance), np.mean(distance(found) <= tolerance)


def scores_one_count(found, truth, tolerance):
    """Divide the pixels of `found` that are right by the true ones, and call it recall."""
    right = np.sum(distance(truth)[found] <= tolerance)
    return right / found.sum(), right / truth.sum()


def scores_counted(found, truth, tolerance):
    """Count pixels in place of shares."""
    precision, recall = scores(found, truth, tolerance)
    return precision * found.sum(), recall * truth.sum()


def scores_distances(found, truth, tolerance):
    """Average the distances."""
    to_truth, to_found = (ndi.distance_transform_edt(~marks) for marks in (truth, found))
    return to_truth[found].mean(), to_found[truth].mean()


def scores_f1(found, truth, tolerance):
    """Return their harmonic mean."""
    precision, recall = scores(found, truth, tolerance)
    return 2 * precision * recall / (precision + recall or 1)


def two_lines(shape, first, second, down=0):
    """Return two maps with an upright line in each."""
    maps = np.zeros((2, *shape), bool)
    maps[0, down:, first] = maps[1, :, second] = True
    return tuple(maps)


CORNER = np.zeros((2, 6, 6), bool)
CORNER[0, 1, 1] = CORNER[0, 5, 5] = CORNER[1, 2, 3] = CORNER[1, 3, 3] = CORNER[1, 4, 0] = True

# ---- a figure of precision and recall -----------------------------------------------------------


@cache
def curves(sigma=1.5, share=0.5, scale=1 / 255, dose=10, low=None, thinned=False):
    """Return precision, recall and F1 for each high threshold."""
    film, truth = patient(1, dose)
    lows = HIGHS * share if low is None else np.full(HIGHS.size, low)
    pairs = zip(lows, HIGHS, strict=True)
    maps = [edges.canny(film * scale, sigma, *pair) for pair in pairs]
    maps = [thin(marks) for marks in maps] if thinned else maps
    table = [edges.edge_scores(marks, truth) for marks in maps]
    return {name: [row[name] for row in table] for name in ("precision", "recall", "f1", "pratt")}


def draw_curves(figure, names=("precision", "recall"), at=HIGHS, labels=True, **how):
    """Draw precision and recall over the high threshold."""
    axes = figure.subplots()
    for name in names:
        axes.plot(at, curves(**how)[name])
    if labels:
        axes.set(xlabel="high", ylabel="score")


def drawing(**changes):
    """Return a function that draws the curves with something changed."""
    return lambda figure: draw_curves(figure, **changes)


# ---- a detector for a patient not seen ----------------------------------------------------------


def gain_of(detector):
    """Return how much F1 is gained over the lesson's Canny, on a patient nothing was set on.

    The goal of 0.025 was set on patients 1 to 8, where sigma 2 with low 0.06 and high 0.12 gains
    0.032 to 0.058, before anybody had looked at patient 51.
    """
    gains = []
    for side in (PART, np.s_[128:320, 256:448]):
        film, truth = patient(51, 20, side)
        marks = detector(film.copy())
        if marks is None or marks is ...:
            return marks
        if np.asarray(marks).dtype.kind != "b" or np.shape(marks) != truth.shape:
            raise UnfitError("a boolean array of the shape of the image is wanted")
        usual = edges.canny(film / 255, 1.5, 0.08, 0.16)
        reached = (edges.edge_scores(thin(np.asarray(m)), truth)["f1"] for m in (marks, usual))
        gains.append(next(reached) - next(reached))
    return float(np.mean(gains))


def what_is_marked(detector):
    """Tell how much of the edges is found, and how much of what is marked is right."""
    sides = [patient(51, 20, side) for side in (PART, np.s_[128:320, 256:448])]
    maps = [np.asarray(detector(film.copy())) for film, _ in sides]
    if np.array_equal(*maps):
        return "the map is the same for both sides of the chest; use the image that is given."
    scores = [edges.edge_scores(thin(m), truth) for m, (_, truth) in zip(maps, sides, strict=True)]
    right, found = (np.mean([score[name] for score in scores]) for name in ("precision", "recall"))
    if found < right:
        return (
            f"{right:.0%} of what is marked is right, and no more than {found:.0%} of the edges are"
            " found; what lets more of them through?"
        )
    return (
        f"{found:.0%} of the edges are found, and no more than {right:.0%} of what is marked is"
        " right; what keeps the noise out?"
    )


def canny_by(sigma, high, low=None, scale=255):
    """Return Canny's detector with these settings."""
    return lambda image: edges.canny(image / scale, sigma, high / 2 if low is None else low, high)


def above(limit, sigma=0.0, operator="sobel"):
    """Return a threshold on a gradient, after a blur."""

    def mark(image):
        image = ndi.gaussian_filter(image, sigma) if sigma else image
        return edges.gradient(image, operator)[0] > limit

    return mark


EXERCISES = {
    "9.1": Exercise(
        right=crests,
        inputs=((ROW,), (RISING,), (EMPTY_ROW,), (ENDS,), (NOISY_ROW,), (10 * NOISY_ROW[::-1],)),
        mistakes=(
            (
                crests_by(lambda here, left, right: (here > left) & (here > right)),
                "a pixel as strong as its neighbour is dropped; not weaker means equal or stronger.",
            ),
            (
                crests_by(lambda here, left, right: (here >= left) & (here >= right)),
                "even stretches of 0 are marked as well; look at what has to be above 0.",
            ),
            (
                crests_by(lambda here, left, right: (here > 0) & (here >= left) & (here > right)),
                "of two equal neighbours one is dropped; look at the comparison on the right.",
            ),
            (
                crests_by(lambda here, left, right: (here > 0) & (here > left) & (here >= right)),
                "of two equal neighbours one is dropped; look at the comparison on the left.",
            ),
            (
                crests_by(
                    lambda here, left, right: (here > 0) & ((here >= left) | (here >= right))
                ),
                "one neighbour is enough here; both have to be compared.",
            ),
            (
                crests_by(lambda here, left, right: (here > 0) & (here <= left) & (here <= right)),
                "this marks valleys; look at the direction of the comparison.",
            ),
            (
                lambda row: crests(row)[1:-1],
                "it is two pixels short; the first and the last pixel belong to the result.",
            ),
            (
                lambda row: row == row.max(),
                "only the strongest of all pixels is marked; every crest counts.",
            ),
            (
                lambda row: row * crests(row),
                "these are the strengths of the crests; True and False are wanted.",
            ),
            (
                crests_wrapped,
                "the last pixel is compared with the first, as np.roll does; both are False.",
            ),
            (
                crests_with_ends,
                "an end is marked; it lacks a neighbour, so it should be False.",
            ),
        ),
        hints=(
            "row[1:-1] is all but the ends. Which slices hold its left and its right neighbours?",
            "Make an array of False with the shape of the row, and set its [1:-1] to three"
            " conditions joined by &.",
        ),
    ),
    "9.2": Exercise(
        right="c",
        mistakes=(
            ("a", "a line goes on where crests between low and high follow it, so it gets longer."),
            ("b", "a gap between two lines closes when the crests in it come above low."),
            ("d", "when two lines join there is one piece less."),
        ),
        hints=(
            "What must a piece of weak crests contain in order to be kept?",
            "Every piece holds a pixel above high. Does lowering low change these pixels?",
        ),
    ),
    "9.3": Exercise(
        right=lines,
        inputs=((DIAGONAL, 3), (HOOK, 2), (HOOK, 3), (MARKS, 4), (MORE_MARKS, 6), (NO_MARKS, 1)),
        mistakes=(
            (
                lambda marks, shortest: lines(marks, shortest, shape=None),
                "pixels that touch at a corner are taken for two pieces; look at what you hand to"
                " ndi.label beside the map.",
            ),
            (
                lambda marks, shortest: lines(marks, shortest, keeps=np.greater),
                "a piece with exactly the wanted number of pixels is dropped; look at the"
                " comparison.",
            ),
            (
                lambda marks, shortest: lines(marks, shortest, keeps=np.less),
                "the short pieces are kept and the long ones dropped.",
            ),
            (
                lines_and_background,
                "the background is marked as well; its number is 0, and it is a large piece.",
            ),
            (
                lines_late,
                "each piece is judged by the size of another one; which number has the first piece?",
            ),
            (
                lambda marks, shortest: ndi.label(marks, np.ones((3, 3)))[0] >= shortest,
                "the number of a piece is compared with `shortest`; count the pixels of the piece.",
            ),
            (
                lines_early,
                "the sizes without their first entry begin with piece 1, so that each place in"
                " them is one too small for the number of a piece.",
            ),
            (longest_line, "only the longest piece is kept; all that are long enough count."),
            (line_numbers, "these are the numbers of the pieces; True and False are wanted."),
            (lambda marks, shortest: marks, "the map comes back as it was."),
        ),
        hints=(
            "np.bincount(numbers.ravel()) counts how often each number occurs.",
            "sizes[numbers] gives each pixel the size of its piece. Compare it, and keep marked"
            " pixels only.",
        ),
    ),
    "9.4": Exercise(
        right=scores,
        inputs=(
            (*CORNER, 2),
            (*two_lines((7, 12), 3, 5, down=3), 2),
            (*two_lines((7, 12), 3, 6), 2),
            (some_marks((13, 22), 0.05), some_marks((13, 22), 0.1), 1),
            (some_marks((33, 18), 0.02), some_marks((33, 18), 0.03), 3),
        ),
        mistakes=(
            (
                lambda found, truth, tolerance: scores(truth, found, tolerance),
                "precision and recall are exchanged; precision looks at the pixels that were found.",
            ),
            (
                scores_strict,
                "a distance equal to the tolerance is counted as wrong; look at the comparison.",
            ),
            (
                scores_inside,
                "both come out as 1, as if each map were compared with itself; distance_transform_edt"
                " measures from True to the nearest False.",
            ),
            (
                scores_exact,
                "only pixels that are marked in both maps count; the tolerance is not used.",
            ),
            (
                scores_in_diamond,
                "the neighbourhood is a diamond, which leaves out places nearer than the tolerance;"
                " measure distances.",
            ),
            (
                scores_in_square,
                "the neighbourhood is a square, and its corners are further away than the"
                " tolerance; measure distances.",
            ),
            (
                scores_over_all,
                "this is divided by all pixels of the image; a share of the marked pixels is"
                " wanted.",
            ),
            (
                scores_everywhere,
                "this averages over the whole image; pick the marked pixels of the other map.",
            ),
            (
                scores_one_count,
                "recall counts found pixels here; it should count true ones, by their distance to"
                " the nearest found pixel.",
            ),
            (
                scores_counted,
                "these are numbers of pixels; divide each by the marked pixels of its map.",
            ),
            (
                scores_distances,
                "these are mean distances; count how many pixels are within the tolerance.",
            ),
            (scores_f1, "this is F1; precision and recall are wanted, one after the other."),
        ),
        hints=(
            "Two distance maps are needed, one to the true pixels and one to the found ones.",
            "ndi.distance_transform_edt(~true_map)[found_map] holds the distances of the found"
            " pixels to the nearest true one. Which share of them is small enough?",
        ),
    ),
    "9.5": Exercise(
        right="a",
        mistakes=(
            ("b", "nothing is taken off here for a pixel that is near enough; which ones are not?"),
            (
                "c",
                "two of three pixels are beside the line, but no more than one pixel away from it.",
            ),
            (
                "d",
                "the true line is in the middle of each thick one, so it is found; what is its recall?",
            ),
        ),
        hints=(
            "How far from the true line are the two outer pixels? What is the tolerance?",
            "Work out precision and recall, each by itself.",
        ),
    ),
    "9.6": Exercise(
        right=draw_curves,
        reads=("curves", "labels"),
        mistakes=(
            (
                drawing(names=("recall", "precision")),
                "the first curve is recall and the second precision; look at the order of the"
                " curves, and at that of the two maps in edge_scores.",
            ),
            (drawing(names=("precision",)), "recall is missing."),
            (
                drawing(names=("precision", "recall", "f1", "pratt")),
                "all four scores are drawn; two are wanted.",
            ),
            (
                drawing(at=np.arange(12)),
                "the thresholds are missing on the horizontal axis; give them to plot, too.",
            ),
            (
                drawing(share=1),
                "low equals high here; look at the third argument of edges.canny.",
            ),
            (drawing(scale=1), "the film was not divided by 255, so that everything is an edge."),
            (drawing(sigma=2), "σ is 2 here; 1.5 is asked for."),
            (
                drawing(low=0.05),
                "low stays at 0.05 here; it has to change together with high.",
            ),
            (drawing(thinned=True), "the maps were thinned; score them as they are."),
            (drawing(dose=20), "this is the film with 20 added; practice has 10 added."),
            (drawing(dose=0), "this is the film without noise added; practice has 10 added."),
            (drawing(labels=False), "a label is missing; look at ax.set_xlabel and ax.set_ylabel."),
        ),
        hints=(
            "Collect the dicts of edges.edge_scores in a list, one for each value of highs.",
            'score["precision"] for each dict of that list, drawn with trade_axes.plot(highs, …),'
            " is the first curve.",
        ),
    ),
    "9.7": Exercise(
        right=canny_by(2, 0.1, 0.09),
        score=gain_of,
        prepare=lambda: film_of(51),
        tells=what_is_marked,
        goal=0.025,
        mistakes=(
            (lambda image: np.zeros(image.shape, bool), "nothing is marked."),
            (
                lambda image: np.ones(image.shape, bool),
                "everything is marked; look at the map before you hand it in.",
            ),
            (
                canny_by(1.5, 0.16, scale=1),
                "the film was not divided by 255, so that every ripple is above the thresholds.",
            ),
            (
                canny_by(1.5, 0.16),
                "this is Canny with the numbers of the cell above; which of them suits strong"
                " noise better?",
            ),
            (
                canny_by(2, 0.16, scale=1),
                "the film was not divided by 255, so that every ripple is above the thresholds.",
            ),
            (
                canny_by(1, 0.2, 0.1),
                "σ is 1, the helper's own choice; the noise comes through. Try larger ones.",
            ),
            (
                canny_by(2, 0.2, 0.1),
                "the blur is good and the thresholds are too high for it; lower them.",
            ),
            (
                canny_by(1.5, 0.1),
                "the thresholds let the noise through; print how many pixels are marked.",
            ),
            (
                canny_by(4, 0.1),
                "the blur is so strong that ribs melt; try a smaller σ.",
            ),
            (above(50), "this is Sobel without a blur; look at what the noise does to it."),
            (above(100), "this is Sobel without a blur; look at what the noise does to it."),
        ),
        hints=(
            "The noise is stronger than in most of the lesson. Which σ does it ask for, and what"
            " does a larger σ do to the strength of an edge?",
            "Try edges.canny(hard / 255, sigma, low, high) in a loop over σ from 1.5 to 3 and high"
            " from 0.06 to 0.2, with low at 0.5, 0.75 and 0.9 of high.",
        ),
    ),
}
