"""The exercises of lesson 12: the case study."""

import numpy as np

from helpers.exercises.engine import Exercise

RANDOM = np.random.default_rng(12)
SQUARE = RANDOM.random((16, 16))
TALL = 200 * RANDOM.random((21, 13))
BYTES = RANDOM.integers(0, 256, (12, 19), dtype=np.uint8)
SMALL = RANDOM.random((7, 9))
LUNGS = RANDOM.random((6, 8)) < 0.6
MARKED = RANDOM.random((6, 8)) < 0.4
ODD_LUNGS = RANDOM.random((5, 7)) < 0.7
ODD_MARKED = RANDOM.random((5, 7)) < 0.5
ONE_LUNG = np.zeros((4, 6), bool)
ONE_LUNG[1:, 3:5] = True
EVERYWHERE = np.ones((4, 6), bool)
TWELVE = np.array([0.033, 0.039, 0, 0.086, 0, 0, 0, 0.054, 0, 0.084, 0, 0.078])
OTHERS = np.array([0.03, 0, 0.098, 0.086, 0, 0.12, 0, 0.01])
WITHOUT = np.array([0.02, np.nan, 0.05, 0, 0.05])
MANY = np.array([0, 0.051, np.nan, 0.05, 0.3, np.nan, 0.04])
FEW = np.array([0.0, 0.01, 0.04])
DAYS = np.array([0, 3, 10, 45])
COURSE = np.array([0.021, 0.142, 0.183, 0.034])


# ---- how far it has moved -----------------------------------------------------------------------


def peak_of(moved, fixed, turn=np.conj):
    """Return the place of the peak of the phase correlation, and the shape."""
    cross = np.fft.fft2(moved) * turn(np.fft.fft2(fixed))
    peaks = np.fft.ifft2(cross / np.maximum(np.abs(cross), 1e-12)).real
    return np.array(np.unravel_index(peaks.argmax(), peaks.shape)), np.array(peaks.shape)


def shift(moved, fixed, turn=np.conj):
    """Return the rows and columns that one array lies below and right of the other."""
    peak, size = peak_of(moved, fixed, turn)
    return np.where(peak > size // 2, peak - size, peak)


def shift_by_rows(moved, fixed):
    """Take the number of rows for both axes."""
    peak, (rows, _) = peak_of(moved, fixed)
    return np.where(peak > rows // 2, peak - rows, peak)


def shift_from_middle(moved, fixed):
    """Subtract half of the size, as if the peaks had been shifted to the middle."""
    peak, size = peak_of(moved, fixed)
    return peak - size // 2


def shift_always_negative(moved, fixed):
    """Take every shift for one upwards and to the left."""
    peak, size = peak_of(moved, fixed)
    return peak - size


def pair(array, rows, columns):
    """Return an array that was moved, and the array."""
    return np.roll(array, (rows, columns), axis=(0, 1)), array


# ---- the share of each half ---------------------------------------------------------------------


def halves(marked, lungs, cut=None, axis=1, whole=None, outside=False):
    """Return the share of the lung that is marked, on the left and on the right."""
    cut = marked.shape[axis] // 2 if cut is None else cut(lungs)
    counted = marked if outside else marked & lungs
    parts = zip(np.split(counted, [cut], axis), np.split(lungs, [cut], axis), strict=True)
    return [float(a.sum() / max(whole(b) if whole else b.sum(), 1)) for a, b in parts]


def halves_nan(marked, lungs):
    """Divide by 0 where a half has no lung."""
    cut = marked.shape[1] // 2
    parts = ((marked & lungs)[:, :cut], lungs[:, :cut]), ((marked & lungs)[:, cut:], lungs[:, cut:])
    return [float(a.sum() / b.sum()) if b.any() else np.nan for a, b in parts]


def halves_of_marked(marked, lungs):
    """Divide what is marked in a half by all that is marked."""
    return halves(marked, lungs, whole=lambda half: (marked & lungs).sum())


def middle_of_lungs(lungs):
    """Return the column in the middle of the lungs."""
    columns = np.flatnonzero(lungs.any(axis=0))
    return int(columns[0] + columns[-1] + 1) // 2


# ---- false alarms and p-values ------------------------------------------------------------------


def false_alarms(setting, checking):
    """Return the share of the checked films above the largest share of the others."""
    checked = checking[np.isfinite(checking)]
    return float(np.mean(checked > np.nanmax(setting)))


def false_alarms_equal(setting, checking):
    """Count films at the limit as alarms."""
    checked = checking[np.isfinite(checking)]
    return float(np.mean(checked >= np.nanmax(setting)))


def false_alarms_of(limit):
    """Return a function that sets another limit."""

    def alarms(setting, checking):
        checked = checking[np.isfinite(checking)]
        return float(np.mean(checked > limit(setting, checking)))

    return alarms


def p_value(share, healthy):
    """Return the share of films, the new one included, that are at least as unusual."""
    return float((1 + np.sum(healthy >= share)) / (len(healthy) + 1))


# ---- the course of another patient --------------------------------------------------------------


def draw_course(figure, x=DAYS, y=100 * COURSE, labels=("day", "share in %"), plain=False):
    """Draw the shares over the days, or what people draw in their place."""
    axes = figure.subplots()
    if plain:
        axes.scatter(x, y)
    else:
        axes.plot(x, y)
    axes.set(xlabel=labels[0], ylabel=labels[1])


def course(**changes):
    """Return a function that draws the course with something changed."""
    return lambda figure: draw_course(figure, **changes)


EXERCISES = {
    "12.1": Exercise(
        right="c",
        mistakes=(
            (
                "a",
                "the 32 falls out of the difference, but 0.8 * 70 - 0.8 * 40 is not 70 - 40.",
            ),
            (
                "b",
                "the 32 is added above and below the line; try 70 / 180 and 88 / 176.",
            ),
            (
                "d",
                "one of them loses the 32 and the 0.8; write it out with 0.8 x + 32 for each"
                " letter.",
            ),
        ),
        hints=(
            "Put in numbers: lung 70, dark 40 and bright 180, and the same after the print.",
            "Adding 32 drops out of every difference, and a factor drops out of every quotient.",
        ),
    ),
    "12.2": Exercise(
        right=shift,
        inputs=(
            pair(SQUARE, 5, -3),
            pair(TALL, -2, 5),
            pair(TALL, 10, 0),
            pair(BYTES, -4, -7),
            pair(SMALL, 3, 4),
            pair(SMALL, 0, 0),
        ),
        mistakes=(
            (
                lambda moved, fixed: peak_of(moved, fixed)[0],
                "a shift upwards or to the left comes out as a large positive one: look at peaks"
                " beyond half of the size.",
            ),
            (
                lambda moved, fixed: shift(fixed, moved),
                "the signs are reversed: this is the way from moved to fixed. Which of the two is"
                " turned around by np.conj?",
            ),
            (
                lambda moved, fixed: shift(moved, fixed)[::-1],
                "columns come first; the first number is for the rows.",
            ),
            (
                lambda moved, fixed: np.abs(shift(moved, fixed)),
                "the signs are lost; up and left are negative.",
            ),
            (
                lambda moved, fixed: shift(moved, fixed, turn=lambda waves: waves),
                "the phases of the two arrays are added up; their difference is wanted, and for"
                " that one of them is turned around.",
            ),
            (
                shift_by_rows,
                "both axes are judged by the number of rows; look at an array that is not square.",
            ),
            (
                shift_from_middle,
                "half of the size is subtracted from each number; without fftshift, no shift is at"
                " index 0.",
            ),
            (
                shift_always_negative,
                "every shift comes out as upwards and to the left; only a peak beyond half of the"
                " size means that.",
            ),
        ),
        hints=(
            "The cells above have the two steps: the peaks, and the sign of what lies beyond half"
            " of the width.",
            "np.unravel_index turns the argmax into a row and a column. From each that is larger"
            " than half of its axis, subtract the length of that axis.",
        ),
    ),
    "12.3": Exercise(
        right=halves,
        inputs=(
            (MARKED, LUNGS),
            (ODD_MARKED, ODD_LUNGS),
            (EVERYWHERE, ONE_LUNG),
            (~EVERYWHERE, ONE_LUNG),
            (MARKED, MARKED),
        ),
        mistakes=(
            (
                lambda marked, lungs: halves(marked, lungs, outside=True),
                "marks outside the lungs are counted; combine the two masks first.",
            ),
            (
                lambda marked, lungs: halves(marked, lungs, whole=np.size),
                "this divides by all pixels of the half; divide by the lung pixels of that half.",
            ),
            (
                lambda marked, lungs: halves(marked, lungs, whole=lambda half: lungs.sum()),
                "this divides by both lungs; each half has its own lung pixels.",
            ),
            (
                halves_of_marked,
                "this is how the marks are divided between the halves; which share of the lung is"
                " marked?",
            ),
            (
                lambda marked, lungs: halves(marked, lungs)[::-1],
                "the right half comes first; the left half of the picture is wanted first.",
            ),
            (
                lambda marked, lungs: halves(marked, lungs, axis=0),
                "this cuts between the upper and the lower half; left and right are columns, the"
                " second index.",
            ),
            (
                halves_nan,
                "a half without lung gives nan, 0 divided by 0; its share is 0 here.",
            ),
            (
                lambda marked, lungs: halves(marked, lungs, cut=lambda m: (m.shape[1] + 1) // 2),
                "with an odd number of columns the middle one belongs to the right half here; look"
                " at the rounding.",
            ),
            (
                lambda marked, lungs: halves(marked, lungs, cut=middle_of_lungs),
                "this cuts in the middle of the lungs; cut the picture at shape[1] // 2.",
            ),
            (
                lambda marked, lungs: [float((marked & lungs).sum() / max(lungs.sum(), 1))] * 2,
                "both numbers are the share of the whole picture; take one half at a time.",
            ),
        ),
        hints=(
            "mask[:, :cut] is the left part of a mask, mask[:, cut:] the right one.",
            "For each half divide the sum of marked & lung_mask by the sum of lung_mask, and use"
            " max(…, 1) below the line.",
        ),
    ),
    "12.4": Exercise(
        right=false_alarms,
        inputs=(
            (TWELVE, OTHERS),
            (OTHERS, TWELVE),
            (WITHOUT, MANY),
            (TWELVE, MANY),
            (FEW, WITHOUT),
        ),
        mistakes=(
            (
                false_alarms_equal,
                "a film exactly at the limit is counted; above means larger.",
            ),
            (
                lambda setting, checking: float(np.sum(checking > np.nanmax(setting))),
                "this is the number of alarms; a share of the checked films is wanted.",
            ),
            (
                lambda setting, checking: float(np.mean(checking > np.nanmax(setting))),
                "films without lungs are counted as checked; they can raise no alarm and belong"
                " to nobody.",
            ),
            (
                lambda setting, checking: false_alarms_of(lambda a, b: a.max())(setting, checking),
                "the largest of numbers with a nan is nan, and nothing is above nan. Look at"
                " np.max of the first array.",
            ),
            (
                lambda setting, checking: float(np.mean(checking > setting.max())),
                "a nan spoils the limit, and films without lungs are counted as checked.",
            ),
            (
                lambda setting, checking: false_alarms(checking, setting),
                "the two groups are exchanged: the limit comes from setting.",
            ),
            (
                lambda setting, checking: 1 - false_alarms(setting, checking),
                "this is the share that is not above the limit.",
            ),
            (
                false_alarms_of(lambda setting, checking: np.nanmean(setting)),
                "the limit is the mean of setting; half of the healthy can lie above that.",
            ),
            (
                false_alarms_of(lambda setting, checking: np.nanpercentile(setting, 95)),
                "the limit is a percentile; the largest share is wanted.",
            ),
            (
                false_alarms_of(lambda setting, checking: 0),
                "every marked film is counted; compare with the limit.",
            ),
        ),
        hints=(
            "np.nanmax leaves out nan, and np.isfinite marks what is a number.",
            "Keep the numbers of checking, compare them with the limit, and take the mean of the"
            " True and False.",
        ),
    ),
    "12.5": Exercise(
        right="b",
        mistakes=(
            (
                "a",
                "each keeps its 5 %, but there are eight of them, and one alarm is enough.",
            ),
            (
                "c",
                "adding counts cases with two alarms twice; with thirty looks it would give 150 %.",
            ),
            (
                "d",
                "how likely is it that all eight stay silent? Each does in 95 of 100 cases.",
            ),
        ),
        hints=(
            "How likely is it that no comparison raises an alarm?",
            "All eight stay silent with a chance of 0.95 to the power of 8.",
        ),
    ),
    "12.6": Exercise(
        right=p_value,
        inputs=(
            (0.05, FEW),
            (0.04, FEW),
            (0.0, TWELVE),
            (0.07, TWELVE),
            (0.2, TWELVE),
            (0.086, OTHERS),
        ),
        mistakes=(
            (
                lambda share, healthy: float(np.mean(healthy >= share)),
                "the new film is missing above and below the line; so p can even be 0.",
            ),
            (
                lambda share, healthy: float(np.sum(healthy >= share) / (len(healthy) + 1)),
                "the new film is not counted above the line; it is as large as itself.",
            ),
            (
                lambda share, healthy: float((1 + np.sum(healthy >= share)) / len(healthy)),
                "the new film is not counted below the line; there are n + 1 films.",
            ),
            (
                lambda share, healthy: float((1 + np.sum(healthy > share)) / (len(healthy) + 1)),
                "films with the same share are left out; at least as large includes them.",
            ),
            (
                lambda share, healthy: float((1 + np.sum(healthy <= share)) / (len(healthy) + 1)),
                "this counts the films with a smaller share; unusual are the larger ones.",
            ),
            (
                lambda share, healthy: 1 - p_value(share, healthy),
                "this is one minus the p-value: an unusual film should get a small number.",
            ),
            (
                lambda share, healthy: float(1 + np.sum(healthy >= share)),
                "this is a number of films; divide by all of them.",
            ),
            (
                lambda share, healthy: float(share > healthy.max()),
                "this compares with the largest only; count how many are at least as large.",
            ),
        ),
        hints=(
            "np.sum(healthy >= share) counts the healthy films. The new one comes on top.",
            "One more above the line, and one more below it: the new film is in both counts.",
        ),
    ),
    "12.7": Exercise(
        right=draw_course,
        reads=("curves", "labels"),
        mistakes=(
            (
                course(y=COURSE),
                "the shares are fractions of 1; percent are wanted.",
            ),
            (
                course(x=np.arange(4)),
                "the visits are evenly spaced from 0; give the days to ax.plot as well.",
            ),
            (
                course(x=np.arange(1, 5)),
                "the visits are numbered from 1; their distance in days is lost.",
            ),
            (
                course(x=100 * COURSE, y=DAYS),
                "the days go upwards; time belongs on the horizontal axis, given first.",
            ),
            (
                course(labels=("day", "")),
                "a label is missing; both axes need one, with the unit.",
            ),
            (
                course(plain=True),
                "these are dots alone, without a line; draw with ax.plot.",
            ),
            (
                course(x=np.arange(4), y=COURSE),
                "the shares are fractions and stand at even distances; percent over days are"
                " wanted.",
            ),
            (
                course(y=np.sort(100 * COURSE)),
                "the shares are sorted; each belongs to its day.",
            ),
        ),
        hints=(
            "ax.plot takes the horizontal positions first and the heights second.",
            "Multiply the shares by 100, draw them over days, and call"
            ' ax.set(xlabel="…", ylabel="…").',
        ),
    ),
}
