"""Edges: gradients, the Laplacian of a Gaussian, Canny's detector, and scores for edge maps.

Axis 0 runs down the rows, axis 1 to the right along a row: a derivative along axis 0 responds to
horizontal edges, one along axis 1 to vertical edges. Everywhere, `image` is an (h, w) array of
finite real numbers of any integer or float dtype; it is converted to float before arithmetic and
never modified. Anything else, and a number out of its bounds, raises TypeError or ValueError.
"""

import numpy as np
from scipy import ndimage as ndi

from helpers._validate import LARGEST_SIGMA, boolean_mask, real_image, real_number, shown

# Pixels: a narrower Gaussian has too few samples for its derivatives.
SIGMAS = {"least": 0.5, "most": LARGEST_SIGMA}
PRATT_ALPHA = 1 / 9  # a pixel three pixels away from the true edge counts one half
ROUNDING = 1e-10  # a change of sign below this share of the largest value is rounding, not an edge
PORTION = 16_000  # pixels that non-maximum suppression looks at together
TRUNCATE = 4.0  # Canny's Gaussian is cut off after so many standard deviations


def gradient(image, operator="sobel", sigma=1.0):
    """Measure how steeply the brightness climbs at every pixel, and which way.

    Parameters
    ----------
    image : (h, w) real array
    operator : {"sobel", "prewitt", "gaussian"}
        Sobel's or Prewitt's 3 x 3 kernels, or the derivatives of a Gaussian.
    sigma : float
        Standard deviation of the Gaussian in pixels, 0.5 to 1000; the other two have none.

    Returns
    -------
    magnitude : (h, w) float64
        Length of the gradient. The kernels hold the textbook's whole numbers, as in SciPy: on a
        ramp of one grey level per pixel Sobel gives 8, Prewitt 6, the Gaussian 1 (0.86 where
        sigma is 0.5, for want of samples). scikit-image divides Sobel's by 4 * sqrt(2) and
        Prewitt's by 3 * sqrt(2).
    direction : (h, w) float64
        Where it climbs to, as an angle in radians from axis 1 towards axis 0, within [-pi, pi]:
        0 to the right, pi/2 downwards, pi to the left, -pi/2 upwards. The edge itself runs at a
        right angle to it. Where the magnitude is 0 the angle says nothing.

    References
    ----------
    Gonzalez & Woods, Digital Image Processing, 4th ed. (2018), section 10.2.

    Examples
    --------
    >>> ramp = np.tile(np.arange(5), (5, 1))  # one level brighter with each column
    >>> magnitude, direction = gradient(ramp)
    >>> float(magnitude[2, 2]), float(direction[2, 2])
    (8.0, 0.0)
    """
    image = real_image(image).astype(np.float64)
    sigma = real_number(sigma, "sigma", **SIGMAS)
    if not isinstance(operator, str) or operator not in ("sobel", "prewitt", "gaussian"):
        raise ValueError(f"operator is {shown(operator)}; sobel, prewitt or gaussian is wanted.")
    if operator == "gaussian":
        down, right = (ndi.gaussian_filter(image, sigma, order=n) for n in ((1, 0), (0, 1)))
    else:
        derivative = ndi.sobel if operator == "sobel" else ndi.prewitt
        down, right = derivative(image, axis=0), derivative(image, axis=1)
    return np.hypot(down, right), np.arctan2(down, right)


def laplacian_of_gaussian(image, sigma):
    """Smooth with a Gaussian, then add up the second derivatives along both axes.

    Parameters
    ----------
    image : (h, w) real array
    sigma : float
        Standard deviation of the Gaussian in pixels, 0.5 to 1000. The narrower it is, the fewer
        samples its second derivative has: of an even area of 255 it leaves -0.04 at sigma 2 and 1,
        and -285 at 0.5, as SciPy does.

    Returns
    -------
    (h, w) float64
        Grey levels per pixel squared, not multiplied by sigma squared: negative on the bright
        side of an edge, positive on its dark side, zero on the edge itself.

    References
    ----------
    D. Marr and E. Hildreth, Theory of edge detection, Proc. R. Soc. London B 207 (1980) 187-217.

    Examples
    --------
    >>> step = np.tile(np.repeat([0, 100], 10), (20, 1))  # dark on the left, bright on the right
    >>> laplacian_of_gaussian(step, sigma=2)[10, 8:12].round(1)
    array([ 5.8,  2.5, -2.5, -5.8])
    """
    image = real_image(image).astype(np.float64)
    return ndi.gaussian_laplace(image, real_number(sigma, "sigma", **SIGMAS))


def zero_crossings(log_image, threshold=0.0):
    """Mark where a signed image, such as a Laplacian of a Gaussian, changes its sign.

    Parameters
    ----------
    log_image : (h, w) real array
    threshold : float
        The values on the two sides must differ by more than this, which is at least 0. Below
        1e-10 of the largest value a difference is rounding and never counts.

    Returns
    -------
    (h, w) bool
        Of two neighbours with opposite signs, beside or below each other, the one nearer to zero;
        and each pixel that is zero itself between two neighbours with opposite signs.

    Examples
    --------
    >>> zero_crossings(np.array([[4, 3, -1, -2], [2, 0, -2, -2]])).astype(int)
    array([[0, 0, 1, 0],
           [0, 1, 0, 0]])
    """
    values = real_image(log_image, "log_image").astype(np.float64)
    threshold = real_number(threshold, "threshold", least=0)
    # Halves, because the difference of two huge values may exceed the largest float.
    values = values / 2
    smallest_jump = max(threshold / 2, ROUNDING * np.abs(values).max())
    crossing = np.zeros(values.shape, dtype=bool)
    for lines, marks in ((values, crossing), (values.T, crossing.T)):  # the rows, then the columns
        left, right = lines[:, :-1], lines[:, 1:]
        changes = _changes_sign(left, right, smallest_jump)
        left_is_nearer = np.abs(left) <= np.abs(right)
        marks[:, :-1] |= changes & left_is_nearer
        marks[:, 1:] |= changes & ~left_is_nearer
        before, here, after = lines[:, :-2], lines[:, 1:-1], lines[:, 2:]
        marks[:, 1:-1] |= (here == 0) & _changes_sign(before, after, smallest_jump)
    return crossing


def _changes_sign(first, second, smallest_jump):
    """Tell where one value is positive, the other negative, and the jump between them large."""
    opposite = np.sign(first) * np.sign(second) < 0
    return opposite & (np.abs(first - second) > smallest_jump)


def canny(image, sigma=1.0, low=0.1, high=0.2):
    """Find edges one pixel wide with Canny's four stages.

    Smooth; take the gradient; keep only the crests of its magnitude (non-maximum suppression);
    of the crests at or above `low` keep each line that reaches `high` somewhere (hysteresis).

    Parameters
    ----------
    image : (h, w) real array
        Floats are used as they are, meant to lie between 0 and 1. Integers are divided by the
        largest value of their dtype, 255 for uint8: so divide values up to 255 held in a wider
        integer by 255 yourself.
    sigma : float
        Standard deviation of the Gaussian in pixels, above 0, at most 1000.
    low, high : float
        Thresholds on Sobel's magnitude on that scale from 0 to 1; 0 <= low <= high.

    Returns
    -------
    (h, w) bool
        Equal to that of ``skimage.feature.canny`` in every pixel (which for uint8 wants the
        thresholds times 255). The outermost rows and columns never hold an edge.

    References
    ----------
    J. Canny, A computational approach to edge detection, IEEE Trans. Pattern Analysis and Machine
    Intelligence 8 (1986) 679-698.

    Examples
    --------
    >>> step = np.tile([0.0, 0.0, 0.0, 0.0, 0.6, 1.0, 1.0, 1.0], (5, 1))
    >>> canny(step)[2].astype(int)
    array([0, 0, 0, 0, 1, 0, 0, 0])
    """
    image = real_image(image)
    sigma = real_number(sigma, "sigma", above=0, most=LARGEST_SIGMA)
    low, high = real_number(low, "low", least=0), real_number(high, "high", least=0)
    if low > high:
        raise ValueError(f"low is {low:g} and high is {high:g}; low has to be the smaller one.")
    smooth = _smooth(_unit_scale(image), sigma)
    down, right = _sobel(smooth)
    magnitude = np.sqrt(down * down + right * right)
    crests = _suppress_non_maxima(down, right, magnitude, low)
    return _hysteresis(crests, magnitude >= high)


# The stages of Canny's detector. Every one gives the numbers of scikit-image to the last digit:
# where two neighbours are equally strong, that digit decides which of them is an edge.


def _unit_scale(image):
    """Divide integers by the largest value of their dtype; floats keep their values.

    float16 and float32 become float32, everything else float64, as in scikit-image.
    """
    if image.dtype.kind in "iu":
        return np.maximum(image * (1.0 / np.iinfo(image.dtype).max), -1.0)
    return image.astype(np.float32 if image.dtype.itemsize <= 4 else np.float64)


def _smooth(image, sigma):
    """Blur with a Gaussian that, beside the border, averages only pixels inside the image."""
    # Rows whose length in bytes is a power of two compete for the same places in the processor's
    # cache; eight more numbers per row save a third of the time on a 1024 x 1024 film.
    height, width = image.shape
    blurred = np.empty((height, width + 8), dtype=image.dtype)[:, :width]
    ndi.gaussian_filter(image, sigma, mode="constant", truncate=TRUNCATE, output=blurred)
    # What share of the Gaussian lies inside the image is the blur of an image of ones. It changes
    # only near the border: a small image of ones has it all, with its middle repeated.
    radius = int(TRUNCATE * sigma + 0.5)
    ones = np.ones([min(n, 2 * radius + 1) for n in image.shape], dtype=image.dtype)
    share = ndi.gaussian_filter(ones, sigma, mode="constant", truncate=TRUNCATE)
    for axis, n in enumerate(image.shape):
        times = np.ones(share.shape[axis], dtype=int)
        times[times.size // 2] += n - times.size
        share = np.repeat(share, times, axis=axis)
    blurred /= share + np.finfo(image.dtype).eps
    return blurred


def _sobel(image):
    """Take Sobel's two derivatives, down and to the right: the numbers of ndi.sobel, sooner."""
    padded = np.pad(image, 1, mode="symmetric")
    slopes = []
    for along in (padded, padded.T):
        climb = (along[2:] - along[:-2]).astype(np.float64, copy=False)
        slope = 2 * climb[:, 1:-1] + (climb[:, :-2] + climb[:, 2:])
        slopes.append(slope.astype(image.dtype, copy=False))
    return slopes[0], slopes[1].T


def _suppress_non_maxima(down, right, magnitude, low):
    """Mark the pixels of at least `low` that are not weaker than their neighbours across the edge.

    The pixels are looked at in portions whose numbers fit into the processor's cache.
    """
    # scikit-image compares in single precision, and takes 0 to mean "above 0".
    strong = magnitude >= (float(np.float32(min(low, 1e30))) or 1e-14)
    strong[[0, -1]] = strong[:, [0, -1]] = False  # no neighbours beyond the border
    candidates = np.flatnonzero(strong)
    crests = np.zeros(magnitude.shape, dtype=bool)
    for here in np.array_split(candidates, candidates.size // PORTION + 1):
        crests.ravel()[_crests(here, down, right, magnitude)] = True
    return crests


def _crests(here, down, right, magnitude):
    """Keep those positions in the flattened image where neither neighbour is stronger.

    The neighbours are one step along the gradient and one step against it. That is between two
    pixels of the grid, a straight and a diagonal one, so their magnitude is interpolated linearly.
    """
    width, magnitude = magnitude.shape[1], magnitude.ravel()  # the next row is one width away
    down, right = down.ravel()[here], right.ravel()[here]
    step_down, step_right = np.where(down > 0, width, -width), np.where(right > 0, 1, -1)
    down, right = np.abs(down), np.abs(right)
    straight = np.where(down > right, step_down, step_right)
    diagonal = step_down + step_right
    share = np.minimum(down, right) / np.maximum(down, right)  # of the diagonal pixel
    for side in (1, -1):
        beside = magnitude[here + side * diagonal] * share
        beside = beside + magnitude[here + side * straight] * (1.0 - share.astype(np.float64))
        crest = beside <= magnitude[here]
        here, straight, diagonal = here[crest], straight[crest], diagonal[crest]
        share = share[crest]
    return here


def _hysteresis(crests, is_strong):
    """Keep the lines of crest pixels, joined by sides or corners, that are strong somewhere."""
    labels, count = ndi.label(crests, np.ones((3, 3)))
    keep = np.zeros(count + 1, dtype=bool)
    keep[labels[crests & is_strong]] = True
    return keep[labels]


def edge_scores(detected, truth, tolerance=2.0):
    """Compare an edge map with the true edges, allowing for a small shift.

    Parameters
    ----------
    detected, truth : (h, w) bool
    tolerance : float
        How far away, in pixels, a pixel of the other map may be and still confirm this one.

    Returns
    -------
    dict of float, each between 0 and 1
        precision : share of the detected pixels that a true one confirms;
        recall : share of the true pixels that a detected one confirms;
        f1 : harmonic mean of the two;
        pratt : Pratt's figure of merit, the sum of 1 / (1 + d**2 / 9) over the detected pixels,
        d being the distance to the nearest true one, divided by the larger of the two counts.

        Exchanging the maps exchanges precision and recall and leaves f1. If neither map holds an
        edge all four are 1; if only one of them does, all four are 0.

    References
    ----------
    I. E. Abdou and W. K. Pratt, Quantitative design and evaluation of enhancement/thresholding
    edge detectors, Proc. IEEE 67 (1979) 753-763.

    Examples
    --------
    >>> truth = np.zeros((9, 9), dtype=bool)
    >>> truth[:, 4] = True
    >>> shifted = np.roll(truth, 3, axis=1)
    >>> edge_scores(shifted, truth)
    {'precision': 0.0, 'recall': 0.0, 'f1': 0.0, 'pratt': 0.5}
    """
    tolerance = real_number(tolerance, "tolerance", least=0)
    truth = boolean_mask(truth, name="truth")
    detected = boolean_mask(detected, truth.shape, "detected")
    if not (detected.any() and truth.any()):
        score = float(detected.any() == truth.any())
        return {"precision": score, "recall": score, "f1": score, "pratt": score}
    to_truth = ndi.distance_transform_edt(~truth)[detected]
    to_detected = ndi.distance_transform_edt(~detected)[truth]
    precision = float(np.mean(to_truth <= tolerance))
    recall = float(np.mean(to_detected <= tolerance))
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    pratt = np.sum(1 / (1 + PRATT_ALPHA * to_truth**2)) / max(to_truth.size, to_detected.size)
    return {"precision": precision, "recall": recall, "f1": f1, "pratt": float(pratt)}
