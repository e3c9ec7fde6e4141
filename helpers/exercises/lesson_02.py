"""The exercises of lesson 02: many films in one array."""

from functools import cache

import numpy as np

from helpers import datasets
from helpers.exercises.engine import Exercise

NAMES = ("scan.png", "notes.txt", "film_3.PNG", "film.JPEG", "a.jpeg", "b.jpg", "png list.txt", "filmpng",
         "film.jpg.txt", "film.tif", "visit.2.jpg", "truth.npz", "B.Jpg", "jpg.csv", "film.gif", "jpg")  # fmt: skip
# The labels that 2.7 asks to even out, and the films that each patient of 2.8 has of each class.
LABELS = np.array([0, 1, 1, 2, 1, 1, 0, 2, 1, 1, 0, 1, 2, 2, 2])
NORMAL = (3, 0, 2, 0, 4, 1, 0, 2, 0, 0)
PNEUMONIA = (0, 5, 1, 2, 0, 4, 6, 0, 3, 3)
KAGGLE = np.array([1341, 3875])
RANDOM = np.random.default_rng(2)
TALL = np.arange(24).reshape(4, 6)
ODD = RANDOM.integers(0, 256, (5, 7), dtype=np.uint8)
BRIGHT = np.full((3, 4), 255, np.uint8)
LARGER = RANDOM.random((33, 26))


@cache
def reduced(function, axis=None):
    """Reduce the films of the data set that was chosen; once, since there are many pixels."""
    return function(datasets.load().frames, axis=axis)


def medians():
    """Return the median of each film."""
    return reduced(np.median, (1, 2))


def draw_curve(figure, heights=medians, first=1, labels=("film", "median"), turned=False):
    """Draw one number a film, or what people draw in its place."""
    y = np.asarray(heights())
    x = np.arange(first, first + len(y))
    axes = figure.subplots()
    axes.plot(*((y, x) if turned else (x, y)), marker="o")
    axes.set(xlabel=labels[0], ylabel=labels[1])


def of_frames(function, axis):
    """Return a function that reduces the films, for `draw_curve`."""
    return lambda: reduced(function, axis)


def draw_labelled(figure, kind):
    """Draw the medians as bars or points, with labels."""
    axes = figure.subplots()
    getattr(axes, kind)(range(1, 1 + len(medians())), medians())
    axes.set(xlabel="film", ylabel="median")


def is_nested(answer):
    """Tell whether an answer is a list of lists, or an array with rows and columns."""
    if isinstance(answer, np.ndarray):
        return answer.ndim > 1
    rows = list | tuple | np.ndarray
    return isinstance(answer, rows) and any(isinstance(part, rows) for part in answer)


def evenness(answer):
    """Count how much is right with indices that repeat films of rare classes."""
    if is_nested(answer):
        return -4
    try:
        chosen = np.asarray(answer)
        counts = np.bincount(LABELS[chosen], minlength=3)
    except (IndexError, TypeError, ValueError):
        return -1
    if chosen.dtype == bool:
        return -2
    if chosen.size and chosen.max() <= 2:
        return -3
    if len(set(counts.tolist())) > 1:
        return 0
    if chosen.size == 21 and len(np.unique(chosen % len(LABELS))) < len(LABELS):
        return 1.5
    if len(np.unique(chosen % len(LABELS))) < len(LABELS):
        return 1
    return 2 if counts.max() > np.bincount(LABELS).max() else 3


def quarters(answer):
    """Count the classes of which a quarter is among the films of the chosen patients."""
    if is_nested(answer):
        return -7
    try:
        chosen = list(answer)
    except TypeError:
        return -1
    if any(isinstance(patient, str) for patient in chosen):
        return -6
    if not all(patient in range(11) for patient in chosen):  # 7.0 is in it, 1.5 is not
        return -4
    chosen = list(map(int, chosen))
    if len(chosen) == 10 and set(chosen) <= {0, 1}:
        return -2
    if len(set(chosen)) < len(chosen):
        return -3
    if not set(chosen) <= set(range(1, 11)):
        return -4
    found = [sum(counts[p - 1] for p in chosen) for counts in (NORMAL, PNEUMONIA)]
    if found == [9, 18]:
        return -5
    return (found[0] == 3) + 2 * (found[1] == 6) if found != [3, 6] else 4


def blocks(image, k):
    """Cut off what fills no block and give each block two axes of its own, the second and fourth."""
    rows, columns = image.shape[0] // k, image.shape[1] // k
    return image[: rows * k, : columns * k].reshape(rows, k, columns, k)


EXERCISES = {
    "2.1": Exercise(
        right=lambda name: name.lower().endswith((".png", ".jpg", ".jpeg")),
        inputs=tuple((name,) for name in NAMES),
        mistakes=(
            (
                lambda name: "png" in name or "jpg" in name,
                "this is what the colleague wrote; try it on png list.txt and on film.JPEG.",
            ),
            (
                lambda name: any(part in name.lower() for part in ("png", "jpg", "jpeg")),
                "it looks for the letters anywhere in the name, so png list.txt counts as well; look at the end.",
            ),
            (
                lambda name: any(part in name.lower() for part in (".png", ".jpg", ".jpeg")),
                "it looks for the ending anywhere in the name, so film.jpg.txt counts as well; look at the end.",
            ),
            (
                lambda name: any(part in name for part in (".png", ".jpg", ".jpeg")),
                "it looks anywhere in the name and in lower case only; try film.jpg.txt and film_3.PNG.",
            ),
            (
                lambda name: name.endswith((".png", ".jpg", ".jpeg")),
                "it leaves out film_3.PNG; turn the name into lower case first.",
            ),
            (
                lambda name: name.endswith((".png", ".jpg", ".jpeg", ".PNG", ".JPG", ".JPEG")),
                "it leaves out B.Jpg; turn the name into lower case, and all spellings are one.",
            ),
            (
                lambda name: name.endswith((".png", ".jpg")),
                "it leaves out film.JPEG and film_3.PNG; look at the list of endings and at the case.",
            ),
            (
                lambda name: name.lower().endswith((".png", ".jpg")),
                "it leaves out a.jpeg; count the endings that are wanted.",
            ),
            (
                lambda name: name.lower().endswith(".png"),
                "it takes PNG alone; if you wrote or between two texts, the second is never looked at.",
            ),
            (
                lambda name: name.lower().endswith(("png", "jpg", "jpeg")),
                "it takes filmpng, which has no ending at all; the dot belongs to the ending.",
            ),
            (
                lambda name: name.endswith(("png", "jpg", "jpeg")),
                "it takes filmpng, which has no dot, and leaves out film_3.PNG.",
            ),
            (
                lambda name: name.lower().endswith((".png", ".jpg", ".jpeg", ".tif", ".gif")),
                "it takes more endings than the three that are wanted.",
            ),
            (
                lambda name: name.lower().split(".")[1:2] in (["png"], ["jpg"], ["jpeg"]),
                "it looks behind the first dot; visit.2.jpg has two, and the last one counts.",
            ),
            (
                lambda name: name.endswith(".png"),
                "it takes .png alone, in lower case; if you wrote or between two texts, the second is never looked at.",
            ),
            (
                lambda name: name.endswith("png"),
                "it takes png alone, in lower case; if you wrote or between two texts, the second is never looked at.",
            ),
            (
                lambda name: name.lower().endswith("png"),
                "it takes png alone; if you wrote or between two texts, the second is never looked at.",
            ),
            (
                lambda name: name.endswith(".png") or ".jpg",
                "a text behind or counts as true by itself; call endswith for each ending, or give it all of them in round brackets.",
            ),
            (
                lambda name: name.lower().endswith(".png") or ".jpg",
                "a text behind or counts as true by itself; call endswith once with all endings in round brackets.",
            ),
            (lambda name: True, "it takes every name; what does it say to notes.txt?"),
            (lambda name: False, "it takes no name at all."),
        ),
        hints=(
            "Where in the name has the ending to be, and what makes film.PNG and film.png the same?",
            "Turn the name into lower case. Text has a method that tells whether it ends with something; it takes several endings in round brackets.",
        ),
    ),
    "2.2": Exercise(
        right="b",
        mistakes=(
            (
                "a",
                "this is the order a person would choose. sorted compares the names letter by letter, from the left.",
            ),
            (
                "c",
                "sorted begins with what is smallest. Which is the first letter at which the names differ?",
            ),
            (
                "d",
                "the ending comes last in a name, so it only counts when everything before it is equal.",
            ),
        ),
        hints=(
            "sorted compares two names letter by letter and stops at the first difference.",
            "All three begin with frame_. What comes next in each of them, as a single letter?",
        ),
    ),
    "2.3": Exercise(
        right=draw_curve,
        reads=("labels", "curves"),
        mistakes=(
            (
                lambda f: draw_curve(f, first=0),
                "the first film stands at 0 on the horizontal axis; give plot the numbers 1, 2, 3 and so on as x.",
            ),
            (
                lambda f: draw_curve(f, of_frames(np.mean, axis=(1, 2))),
                "these are the means; wanted are the medians.",
            ),
            (
                lambda f: draw_curve(f, of_frames(np.mean, axis=(1, 2)), first=0),
                "these are the means, and the first film stands at 0; wanted are the medians, from film 1 on.",
            ),
            (
                lambda f: draw_curve(f, of_frames(np.std, axis=(1, 2))),
                "these are the standard deviations; wanted are the medians.",
            ),
            (
                lambda f: draw_curve(f, of_frames(np.max, axis=(1, 2))),
                "these are the largest values; wanted are the medians.",
            ),
            (
                lambda f: draw_curve(f, lambda: np.sort(medians())),
                "the medians are sorted by size; leave them in the order of the films.",
            ),
            (
                lambda f: draw_curve(f, turned=True),
                "x and y are exchanged: the number of the film belongs on the horizontal axis.",
            ),
            (
                lambda f: draw_curve(f, of_frames(np.median, axis=(0, 1)), first=0),
                "there is a value for each column; which axes are the rows and columns of a film?",
            ),
            (
                lambda f: draw_curve(f, of_frames(np.median, axis=(0, 1))),
                "there is a value for each column; which of the axes are the rows and columns of a film?",
            ),
            (
                lambda f: draw_curve(f, of_frames(np.median, axis=(0, 2)), first=0),
                "there is a value for each row; which axes are the rows and columns of a film?",
            ),
            (
                lambda f: draw_curve(f, of_frames(np.median, axis=(0, 2))),
                "there is a value for each row; which of the axes are the rows and columns of a film?",
            ),
            (
                lambda f: draw_curve(f, labels=("", "")),
                "the curve is right, but not both axes have a label; look at set.",
            ),
            (
                lambda f: draw_curve(f, lambda: np.full(len(medians()), reduced(np.median))),
                "this is one median of all films together; wanted is one for each film.",
            ),
            (
                lambda f: draw_labelled(f, "bar"),
                "these are bars or single points; join them to a curve with one call of plot.",
            ),
            (
                lambda f: f.subplots().bar(range(9), range(9)),
                "there is no curve on these axes; draw one with plot.",
            ),
        ),
        hints=(
            "np.median takes axis as mean does. Which two axes of the stack are the rows and columns of a film?",
            "Give plot two things: the numbers 1 to 9, from np.arange, and the nine medians. Then set xlabel and ylabel.",
        ),
    ),
    "2.4": Exercise(
        right=lambda counts: [label for label, count in enumerate(counts) for _ in range(count)],
        inputs=(([2, 3, 1],), ([1, 0, 4, 5],), ([3],), ([12, 24, 12],)),
        mistakes=(
            (
                lambda counts: list(range(len(counts))),
                "there is one label for each folder; wanted is one for each film. Look at how far the last line is indented.",
            ),
            (
                lambda counts: [label for label, n in enumerate(counts, 1) for _ in range(n)],
                "the first folder has the label 1; counting begins at 0.",
            ),
            (
                lambda counts: [number for count in counts for number in range(count)],
                "this is the number of the film in its folder; wanted is the number of the folder.",
            ),
            (
                lambda counts: list(range(sum(counts))),
                "this numbers all the films through; wanted is the number of their folder.",
            ),
            (
                lambda counts: [count for count in counts for _ in range(count)],
                "this repeats how many films the folder holds; repeat the number of the folder.",
            ),
            (
                lambda counts: np.repeat(counts, np.arange(len(counts))),
                "numbers and counts have changed places; repeat the number of the folder as often as its count.",
            ),
            (
                lambda counts: list(counts),
                "these are the counts; wanted is one label for each film.",
            ),
            (
                lambda counts: [0] * sum(counts),
                "every label is 0; use the number that enumerate gives.",
            ),
            (
                lambda counts: [0] * counts[0],
                "it stops after the first folder; how far is return indented?",
            ),
            (
                lambda counts: [len(counts) - 1] * counts[-1],
                "only the last folder is left; is the list made anew for each folder?",
            ),
            (
                lambda counts: [i for i, n in enumerate(counts) for _ in range(n + 1)],
                "each folder has one label too many; is it appended in both loops?",
            ),
            (
                lambda counts: [i for i, n in enumerate(c for c in counts if c) for _ in range(n)],
                "an empty folder is skipped; it keeps its number, although it has no film.",
            ),
            (
                lambda counts: [str(i) for i, n in enumerate(counts) for _ in range(n)],
                "the labels are texts; leave them numbers.",
            ),
            (
                lambda counts: [0, 0, 1, 1, 1, 2],
                "this is right for [2, 3, 1] alone; use counts.",
            ),
            (
                lambda counts: [len(counts) - 1] * sum(counts),
                "every film has the label of the last folder.",
            ),
        ),
        hints=(
            "How often does the line labels.append(label) run, and how often should it?",
            "It belongs into the inner loop, which runs once for each film.",
        ),
    ),
    "2.5": Exercise(
        right="b",
        mistakes=(
            (
                "a",
                "nothing is averaged here. Each number that is kept is one of the old ones; write down a few.",
            ),
            (
                "c",
                "whole numbers are kept, and no wave can repeat every 1.25 of them. Write down which numbers of the line are kept.",
            ),
            (
                "d",
                "mind the unit: the question is after how many kept numbers it repeats, not after how many numbers of the line.",
            ),
            (
                "e",
                "there is a pattern. Write down the numbers at the places 0, 4, 8, 12, 16 and 20.",
            ),
        ),
        hints=(
            "The numbers that are kept stand at the places 0, 4, 8, 12, 16, 20 and so on.",
            "The line repeats every 5 places, so place 4 holds what place -1 would hold, and place 8 what place 3 holds. Look these up in the row above.",
        ),
    ),
    "2.6": Exercise(
        right=KAGGLE.sum() / (2 * KAGGLE),
        tolerance=0.003,
        mistakes=(
            (
                KAGGLE.sum() / KAGGLE,
                "the number of classes is missing; it stands below the line of the formula.",
            ),
            (
                KAGGLE / KAGGLE.sum(),
                "these are the shares of the classes; the weight of a rare class should be large.",
            ),
            (
                (KAGGLE.sum() / (2 * KAGGLE))[::-1],
                "the two are exchanged; which class is rare?",
            ),
            (
                2 * KAGGLE / KAGGLE.sum(),
                "it is upside down: the films of the class belong below the line.",
            ),
            (
                KAGGLE.sum() * 2 / KAGGLE,
                "the number of classes belongs below the line; mind the brackets.",
            ),
            (
                KAGGLE.sum() / 2 * KAGGLE,
                "this divides by 2 and then multiplies; put the product below the line into brackets.",
            ),
            (
                KAGGLE[::-1] / KAGGLE.sum(),
                "these weights have the right proportion, but are not those of the formula, n / (k * n_c).",
            ),
            (
                KAGGLE.max() / KAGGLE,
                "these weights have the right proportion, but here the common class has 1; take the formula, n / (k * n_c).",
            ),
            (
                KAGGLE.min() / KAGGLE,
                "these weights have the right proportion, but here the rare class has 1; take the formula, n / (k * n_c).",
            ),
            (
                1 / KAGGLE,
                "these weights have the right proportion; the formula multiplies by n / k.",
            ),
            (
                KAGGLE.sum() / (3 * KAGGLE),
                "there are two classes in this set, not three.",
            ),
            (
                KAGGLE / (2 * KAGGLE.sum()),
                "n and n_c are exchanged; a rare class should have the greater weight.",
            ),
            (
                KAGGLE.sum() / (2 * KAGGLE[0]),
                "this is the weight of the normal films alone; wanted are two.",
            ),
            (
                dict(enumerate(KAGGLE.sum() / (2 * KAGGLE))),
                "the weights are in a dict; put them into a list or an array.",
            ),
            (
                5856 / (2 * KAGGLE),
                "n is the number of films in train alone, the sum of the two counts.",
            ),
            (
                KAGGLE,
                "these are the counts; the weights are computed from them.",
            ),
        ),
        hints=(
            "Put the two counts into an array. n is their sum, and k is the number of classes.",
            "An array may stand below the line: dividing by 2 * counts gives both weights at once.",
        ),
    ),
    "2.7": Exercise(
        right=np.concatenate([np.resize(np.flatnonzero(label == LABELS), 7) for label in range(3)]),
        score=evenness,
        goal=3,
        mistakes=(
            (
                np.arange(len(LABELS)),
                "the classes are not equally frequent among the films that these indices pick.",
            ),
            (
                np.concatenate([np.flatnonzero(label == LABELS)[:3] for label in range(3)]),
                "the classes are equally frequent, but some films are left out; that is undersampling.",
            ),
            (
                np.concatenate([[0] * 7, np.flatnonzero(LABELS == 1), [3] * 7]),
                "each class has seven, but some films are left out; every film has to be there once.",
            ),
            (
                [[0, 6, 10], [1, 2]],
                "this is a list of lists; put all indices into one list, without inner brackets.",
            ),
            (
                np.concatenate(
                    [np.resize(np.flatnonzero(label == LABELS), 9) for label in range(3)]
                ),
                "the classes are equally frequent, but the largest one grew as well; it needs no copies.",
            ),
            (
                [1, 200],
                "these are no indices of the 15 films; whole numbers from 0 to 14 are wanted.",
            ),
            (
                LABELS == 0,
                "these are truth values; np.flatnonzero turns them into indices.",
            ),
            (
                LABELS,
                "these are the labels themselves; wanted are indices of films.",
            ),
        ),
        hints=(
            "How many films has the largest class? Each of the others needs copies until it has as many.",
            "For each class take all its indices once, then draw the missing ones with rng.choice, and join everything with np.concatenate.",
        ),
    ),
    "2.8": Exercise(
        right=[1, 7],
        score=quarters,
        goal=4,
        mistakes=(
            (
                [2],
                "neither class has a quarter of its films in the test set. A quarter is 3 normal films and 6 with pneumonia.",
            ),
            (
                [1],
                "a quarter of the normal films is in the test set, but not 6 of the films with pneumonia.",
            ),
            (
                [7],
                "a quarter of the films with pneumonia is in the test set, but not 3 of the normal films.",
            ),
            (
                [1, 7, 7],
                "a patient is named twice.",
            ),
            (
                [0, 6],
                "there is a number that is no patient; they are numbered from 1 to 10.",
            ),
            (
                [True, False] * 5,
                "these are truth values; wanted is a list of the numbers of patients.",
            ),
            (
                [2, 3, 4, 5, 6, 8, 9, 10],
                "these are the patients for training; name those for the test.",
            ),
            (
                ["1", "7"],
                "these are texts; leave the quotation marks out.",
            ),
            (
                [[1], [7]],
                "this is a list of lists; put all numbers into one list.",
            ),
            (
                7,
                "this is no list; put the numbers of the patients into square brackets.",
            ),
        ),
        hints=(
            "Count first: a quarter of 12 normal films is 3, a quarter of 24 films with pneumonia is 6.",
            "Find a patient, or two, with 3 normal films together. Then fill up the films with pneumonia from patients who have no normal film.",
        ),
    ),
    "2.9": Exercise(
        right=lambda image, k: blocks(image, k).mean(axis=(1, 3)),
        inputs=((TALL, 2), (ODD, 2), (BRIGHT, 3), (TALL, 1), (LARGER, 4), (ODD, 3)),
        mistakes=(
            (
                lambda image, k: blocks(image, k)[:, 0, :, 0],
                "this keeps one pixel of each block; wanted is the mean of the block.",
            ),
            (
                lambda image, k: blocks(image, k).sum(axis=(1, 3)),
                "this is the sum of each block; wanted is the mean.",
            ),
            (
                lambda image, k: image[::k, ::k],
                "this keeps every k-th pixel, and even pixels of blocks that are not full; wanted are means.",
            ),
            (
                lambda image, k: blocks(image, k).sum(axis=(1, 3)) / k,
                "the sum of a block is divided by k; how many pixels does a block have?",
            ),
            (
                lambda image, k: image.mean(),
                "this is the mean of the whole image; wanted is one for each block.",
            ),
            (
                lambda image, k: blocks(image, k).min(axis=(1, 3)),
                "this is the smallest value of each block; wanted is the mean.",
            ),
            (
                lambda image, k: blocks(image, k).max(axis=(1, 3)),
                "this is the largest value of each block; wanted is the mean.",
            ),
            (
                lambda image, k: np.median(blocks(image, k), axis=(1, 3)),
                "this is the median of each block; wanted is the mean.",
            ),
            (
                lambda image, k: blocks(image, k).mean(axis=1)[:, :, 0],
                "the mean is taken down the rows of a block, but not along its columns.",
            ),
            (
                lambda image, k: blocks(image, k).mean(axis=3)[:, 0],
                "the mean is taken along the columns of a block, but not down its rows.",
            ),
            (
                lambda image, k: blocks(image, k).mean(axis=(0, 2)),
                "the mean is taken over the wrong axes; which two of the four count inside a block?",
            ),
            (
                lambda image, k: blocks(image, k).mean(axis=1),
                "only one of the two axes of a block is gone; take the mean over both.",
            ),
            (
                lambda image, k: (
                    blocks(image, k)
                    .reshape(image.shape[0] // k, image.shape[1] // k, k, k)
                    .mean(axis=(2, 3))
                ),
                "the axes come in another order: reshape counts along the rows, so (rows, k, columns, k) keeps a block together.",
            ),
            (
                lambda image, k: blocks(image[image.shape[0] % k :, image.shape[1] % k :], k).mean(
                    axis=(1, 3)
                ),
                "the surplus is cut off at the top and on the left; cut it off at the bottom and on the right.",
            ),
            (
                lambda image, k: [
                    [image[r : r + k, c : c + k].mean() for c in range(0, image.shape[1], k)]
                    for r in range(0, image.shape[0], k)
                ],
                "blocks that are not full are counted as well; leave them out.",
            ),
            (
                lambda image, k: [
                    [image[r : r + k, c : c + k].mean() for c in range(image.shape[1] // k)]
                    for r in range(image.shape[0] // k)
                ],
                "the blocks overlap: each should begin k pixels after the one before.",
            ),
            (
                lambda image, k: blocks(image, k).mean(axis=(1, 3)).astype(image.dtype),
                "the means are turned back into the type of the image and lose their fractions.",
            ),
        ),
        hints=(
            "Cut the image to a multiple of k rows and columns first. Then reshape gives each block axes of its own.",
            "The shape (rows, k, columns, k) has two axes that count inside a block. The mean over these two is the answer.",
        ),
    ),
}
