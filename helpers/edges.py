"""Edges: gradients, the Laplacian of a Gaussian, Canny's detector, and scores for edge maps.

Axis 0 runs down the rows, axis 1 to the right along a row: a derivative along axis 0 answers to
edges that lie, one along axis 1 to edges that stand. Everywhere, `image` is an (h, w) array of
finite real numbers of any integer or float dtype; it is converted to float before arithmetic and
never modified. Anything else, and a number out of its bounds, raises TypeError or ValueError.
"""

import numpy as np
from scipy import ndimage as ndi

from helpers import _canny as stage
from helpers._validate import boolean_mask, real_image, real_number

PRATT_ALPHA = 1 / 9  # a pixel three pixels away from the true edge counts one half
ROUNDING = 1e-10  # a change of sign below this share of the largest value is rounding, not an edge
OPERATORS = ("sobel", "prewitt", "gaussian")


def gradient(image, operator="sobel", sigma=1.0):
    """Measure how steeply the brightness climbs at every pixel, and which way.

    Parameters
    ----------
    image : (h, w) real array
    operator : {"sobel", "prewitt", "gaussian"}
        Sobel's or Prewitt's 3 x 3 kernels, or the derivatives of a Gaussian.
    sigma : float
        Standard deviation of the Gaussian in pixels, above 0; the other two have none.

    Returns
    -------
    magnitude : (h, w) float64
        Length of the gradient. The kernels hold the textbook's whole numbers, as in SciPy: on a
        ramp of one grey level per pixel Sobel gives 8, Prewitt 6, the Gaussian 1. scikit-image
        divides Sobel's by 4 * sqrt(2) and Prewitt's by 3 * sqrt(2).
    direction : (h, w) float64
        Where it climbs to, as an angle in radians from axis 1 towards axis 0, within [-pi, pi]:
        0 to the right, pi/2 downwards, pi to the left, -pi/2 upwards. The edge itself runs at a
        right angle to it. Where the magnitude is 0 the angle says nothing.

    References
    ----------
    Gonzalez & Woods, Digital Image Processing, 4th ed. (2018), section 10.2.
    """
    image = real_image(image).astype(np.float64)
    sigma = real_number(sigma, "sigma", above=0)
    if not isinstance(operator, str) or operator not in OPERATORS:
        raise ValueError(f"operator is {operator!r}; one of {', '.join(OPERATORS)} is wanted.")
    if operator == "gaussian":
        down, right = (ndi.gaussian_filter(image, sigma, order=n) for n in ((1, 0), (0, 1)))
    else:
        derivative = {"sobel": ndi.sobel, "prewitt": ndi.prewitt}[operator]
        down, right = derivative(image, axis=0), derivative(image, axis=1)
    return np.hypot(down, right), np.arctan2(down, right)


def laplacian_of_gaussian(image, sigma):
    """Smooth with a Gaussian, then add up the second derivatives along both axes.

    Parameters
    ----------
    image : (h, w) real array
    sigma : float
        Standard deviation of the Gaussian in pixels, above 0. From about 1 on, an even area gives
        0; a narrower Gaussian has too few samples for that, as with SciPy.

    Returns
    -------
    (h, w) float64
        Grey levels per pixel squared, not multiplied by sigma squared: negative on the bright
        side of an edge, positive on its dark side, zero on the edge itself.

    References
    ----------
    D. Marr and E. Hildreth, Theory of edge detection, Proc. R. Soc. London B 207 (1980) 187-217.
    """
    image = real_image(image).astype(np.float64)
    return ndi.gaussian_laplace(image, real_number(sigma, "sigma", above=0))


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
    """
    values = real_image(log_image, "log_image").astype(np.float64)
    threshold = real_number(threshold, "threshold", least=0)
    smallest_jump = max(threshold, ROUNDING * np.abs(values).max())
    crossing = np.zeros(values.shape, dtype=bool)
    for lines, marks in ((values, crossing), (values.T, crossing.T)):  # the rows, then the columns
        left, right = lines[:, :-1], lines[:, 1:]
        changes = (left * right < 0) & (np.abs(left - right) > smallest_jump)
        left_is_nearer = np.abs(left) <= np.abs(right)
        marks[:, :-1] |= changes & left_is_nearer
        marks[:, 1:] |= changes & ~left_is_nearer
        before, here, after = lines[:, :-2], lines[:, 1:-1], lines[:, 2:]
        changes = (here == 0) & (before * after < 0) & (np.abs(before - after) > smallest_jump)
        marks[:, 1:-1] |= changes
    return crossing


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
        Standard deviation of the Gaussian in pixels, above 0.
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
    """
    image = real_image(image)
    sigma = real_number(sigma, "sigma", above=0)
    low, high = real_number(low, "low", least=0), real_number(high, "high", least=0)
    if low > high:
        raise ValueError(f"low is {low:g} and high is {high:g}; low has to be the smaller one.")
    smooth = stage.smooth(stage.unit_scale(image), sigma)
    down, right = stage.sobel(smooth, axis=0), stage.sobel(smooth, axis=1)
    magnitude = np.sqrt(down * down + right * right)
    crests = stage.suppress_non_maxima(down, right, magnitude, low)
    return stage.hysteresis(crests, magnitude, high)


def edge_scores(detected, truth, tolerance=2.0):
    """Compare an edge map with the true edges, allowing for a small shift.

    Parameters
    ----------
    detected, truth : (h, w) bool
    tolerance : float
        How far away, in pixels, a pixel of the other map may lie and still confirm this one.

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
