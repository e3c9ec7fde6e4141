"""The exercises of lesson 12: the case study."""

import numpy as np
from scipy import ndimage as ndi

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
ABOVE = np.array([0.05, 0.0, 0.06, 0.3])
LESSON_LIMIT = 0.0804  # the largest share of the lesson's twelve healthy people
NAN_FIRST = np.array([np.nan, 0.02, 0.03])
DAYS = np.array([0, 3, 10, 45])
COURSE = np.array([0.021, 0.142, 0.183, 0.034])


# ---- laid on another film -----------------------------------------------------------------------


def peaks_of(moved, fixed):
    """Return the phase correlation."""
    cross = np.fft.fft2(moved) * np.conj(np.fft.fft2(fixed))
    return np.fft.ifft2(cross / np.maximum(np.abs(cross), 1e-12)).real


def shift(moved, fixed):
    """Return the rows and columns that one array lies below and right of the other."""
    peaks = peaks_of(moved, fixed)
    peak, size = np.array(np.unravel_index(peaks.argmax(), peaks.shape)), np.array(peaks.shape)
    return np.where(peak > size // 2, peak - size, peak)


def register(moved, fixed, factors=(-1, -1), axes=(0, 1)):
    """Return an array moved back, or by other factors and along other axes."""
    return np.roll(moved, np.array(factors) * shift(moved, fixed), axis=axes)


def register_cut(moved, fixed, mode="constant"):
    """Lose what leaves the array."""
    return ndi.shift(moved.astype(float), -shift(moved, fixed), order=0, mode=mode)


def pair(array, rows, columns):
    """Return an array that was moved and has a new bright spot, and the array."""
    moved = np.roll(array, (rows, columns), axis=(0, 1))
    moved[2:4, 1:3] = array.max()
    return moved, array


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


def both_or_none(marked, lungs):
    """Give up on both halves where one has no lung."""
    cut = marked.shape[1] // 2
    return halves(marked, lungs) if lungs[:, :cut].any() and lungs[:, cut:].any() else [0.0, 0.0]


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


def below_the_limit(setting, checking):
    """Count the films below the limit."""
    checked = checking[np.isfinite(checking)]
    return float(np.mean(checked < np.nanmax(setting)))


def alarms_of_marked(setting, checking):
    """Leave out the films on which nothing is marked."""
    marked = checking[checking > 0]
    return float(np.mean(marked > np.nanmax(setting))) if marked.size else 0.0


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


def draw_both(figure):
    """Draw the shares as fractions and in percent."""
    axes = figure.subplots()
    axes.plot(DAYS, COURSE)
    axes.plot(DAYS, 100 * COURSE)
    axes.set(xlabel="day", ylabel="share in %")


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
        right=register,
        inputs=(
            pair(SQUARE, 5, -3),
            pair(TALL, -2, 5),
            pair(TALL, 7, 0),
            pair(BYTES, -4, -7),
            pair(SMALL, 3, 4),
            pair(SMALL, 0, 0),
        ),
        mistakes=(
            (
                lambda moved, fixed: register(moved, fixed, (1, 1)),
                "it lies twice as far away: the shift says how far moved has gone, and it has to"
                " come back.",
            ),
            (
                lambda moved, fixed: moved,
                "this is moved, where it was.",
            ),
            (
                lambda moved, fixed: fixed,
                "this is fixed; what has changed in moved is missing.",
            ),
            (
                lambda moved, fixed: np.roll(fixed, shift(moved, fixed), axis=(0, 1)),
                "this is fixed, laid on moved; it is the other one that has to go.",
            ),
            (
                lambda moved, fixed: np.roll(fixed, -shift(moved, fixed), axis=(0, 1)),
                "this is made from fixed; what has changed in moved is missing.",
            ),
            (
                lambda moved, fixed: register(moved, fixed, axes=(1, 0)),
                "the axes are exchanged: the first number of the shift is for the rows, axis 0.",
            ),
            (
                lambda moved, fixed: register(moved, fixed, (-1, 0)),
                "only the rows are right; it has also gone left or right.",
            ),
            (
                lambda moved, fixed: register(moved, fixed, (0, -1)),
                "only the columns are right; it has also gone up or down.",
            ),
            (
                lambda moved, fixed: register(moved, fixed, axes=None),
                "without axis, np.roll moves all rows as one long line.",
            ),
            (
                register_cut,
                "what leaves at one border is lost; np.roll brings it in at the opposite one.",
            ),
            (
                lambda moved, fixed: register_cut(moved, fixed, "nearest"),
                "what leaves at one border is lost; np.roll brings it in at the opposite one.",
            ),
            (
                lambda moved, fixed: register_cut(moved, fixed, "wrap"),
                'mode="wrap" of ndi.shift counts the two borders as one pixel; use np.roll.',
            ),
            (
                shift,
                "this is the shift; what is wanted is moved, laid back by it.",
            ),
            (
                peaks_of,
                "these are the peaks; their largest value says how far to move.",
            ),
            (
                lambda moved, fixed: register(moved, fixed) - fixed.astype(float),
                "this is the difference from fixed; moved itself is wanted, laid back.",
            ),
        ),
        hints=(
            "shift_of says how far moved has gone. Which way is back?",
            "np.roll takes a pair of numbers and a pair of axes, axis=(0, 1). A minus turns round.",
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
                lambda marked, lungs: halves(marked, lungs, lambda m: m.shape[1] // 2, axis=0),
                "this cuts between the upper and the lower half; left and right are columns, the"
                " second index.",
            ),
            (
                both_or_none,
                "a half without lung makes both shares 0; the other half has a share of its own.",
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
            (
                lambda marked, lungs: halves(marked, lungs, whole=lambda half: 1),
                "these are numbers of pixels; divide each by the lung pixels of its half.",
            ),
            (
                lambda marked, lungs: halves(marked, lungs, whole=np.size, outside=True),
                "this is the share of all pixels of the half; only those of the lung count, above"
                " and below the line.",
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
            (NAN_FIRST, FEW),
            (FEW, ABOVE),
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
                false_alarms_of(lambda setting, checking: max(setting)),
                "where a nan comes first, Python's max is nan, and nothing is above nan; np.nanmax"
                " leaves it out.",
            ),
            (
                false_alarms_of(lambda setting, checking: LESSON_LIMIT),
                "the limit is the lesson's own, whatever is given; take the largest share of"
                " setting.",
            ),
            (
                lambda setting, checking: float(np.nanmax(setting)),
                "this is the limit; which part of the checked films is above it?",
            ),
            (
                below_the_limit,
                "these are the films below the limit; those above are false alarms.",
            ),
            (
                alarms_of_marked,
                "films without a mark are left out; they were checked as well.",
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
            (
                lambda setting, checking: 0.0,
                "no film is ever above; does the limit come from setting alone?",
            ),
            (
                lambda setting, checking: float(
                    np.sum(checking > np.nanmax(setting)) / np.isfinite(setting).sum()
                ),
                "this divides by the films of setting; it is those of checking that are checked.",
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
                lambda share, healthy: float(np.sum(healthy >= share) + 1 / (len(healthy) + 1)),
                "only the 1 is divided; put parentheses around the sum.",
            ),
            (
                lambda share, healthy: float(np.mean(healthy > share)),
                "this is the part of the healthy with a larger share; equal ones count, and the"
                " new film counts above and below the line.",
            ),
            (
                lambda share, healthy: float((1 + np.sum(healthy >= share)) / 13),
                "it divides by 13 for any group; n is the number of films in healthy.",
            ),
            (
                lambda share, healthy: float((2 + np.sum(healthy >= share)) / (len(healthy) + 1)),
                "the new film is counted twice above the line.",
            ),
            (
                lambda share, healthy: float((1 + np.sum(healthy >= share)) / (len(healthy) + 2)),
                "the new film is counted twice below the line.",
            ),
            (
                lambda share, healthy: float((share - healthy.mean()) / healthy.std()),
                "this is a distance in standard deviations; count films.",
            ),
            (
                lambda share, healthy: float(share > healthy.max()),
                "this compares with the largest only; count how many are at least as large.",
            ),
            (
                lambda share, healthy: float(np.mean(np.append(healthy, share) > share)),
                "no film is larger than itself, so the new one is not counted; at least as large"
                " includes it and those with the same share.",
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
                "the visits are evenly spaced from 0; give the days to ax.plot, as numbers.",
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
                "no line joins the four days; draw with one ax.plot.",
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
            (
                course(y=(100 * COURSE).round()),
                "the shares are rounded; draw them with all digits.",
            ),
            (
                course(x=DAYS[:-1], y=100 * COURSE[:-1]),
                "the last day is missing.",
            ),
            (
                course(y=1000 * COURSE),
                "the shares are ten times too large; one percent is a hundredth.",
            ),
            (
                draw_both,
                "two lines are drawn, fractions and percent; one is wanted, in percent.",
            ),
        ),
        hints=(
            "ax.plot takes the horizontal positions first and the heights second.",
            "Multiply the shares by 100, draw them over days, and call"
            ' ax.set(xlabel="…", ylabel="…").',
        ),
    ),
}
