"""The input contract, once: what every algorithm and figure checks before it starts.

Each function returns what was given, or raises TypeError or ValueError with one sentence that says
what came, what was wanted and, where it is known, what to do.
"""

import numbers
import operator
import os

import numpy as np

COLOUR_CHANNELS = (3, 4)  # RGB, RGBA
LARGEST_WHOLE = 2**64  # more than any number of pixels or grey levels
LARGEST_SIGMA = 1000  # pixels: a wider Gaussian would take minutes, and at last all memory


def real_image(image, name="image", stack=False, colour=False):
    """Check that an array is an image of real, finite numbers.

    Parameters
    ----------
    image : (h, w) array of any integer or float dtype
    name : str
        What the messages call it.
    stack : bool
        Whether a stack (n, h, w) is welcome too.
    colour : bool
        Whether a colour image (h, w, 3) is welcome too.

    Returns
    -------
    ndarray
        The image itself, not a copy.

    Raises
    ------
    TypeError
        If it does not hold real numbers: text, objects, complex numbers, a boolean mask.
    ValueError
        If it has another number of dimensions, no pixels, colour channels, NaN or infinity.
    """
    wanted = f"a 2-D {name} (h, w)" + " or a stack (n, h, w)" * stack
    wanted += " or a colour image (h, w, 3)" * colour
    if isinstance(image, str | os.PathLike):
        raise TypeError(
            f"{name} is a file name; helpers.images.read_image reads {wanted} from a file."
        )
    array = _as_array(image, name, wanted)
    if array.dtype.kind == "b":
        raise TypeError(
            f"{name} is a boolean mask; {wanted} of numbers is wanted (mask.astype(np.uint8))."
        )
    if array.dtype.kind not in "iuf":
        raise TypeError(
            f"{name} is of type {type(image).__name__}, dtype {array.dtype};"
            f" {wanted} of real numbers is wanted."
        )
    if array.size == 0:
        raise ValueError(f"{name} of shape {array.shape} is empty; {wanted} is wanted.")
    _check_dimensions(array.shape, name, wanted, stack, colour)
    if array.dtype.kind == "f" and not np.isfinite([array.min(), array.max()]).all():
        raise ValueError(
            f"{name} contains NaN or infinity; finite numbers are wanted (np.nan_to_num helps)."
        )
    return array


def _as_array(values, name, wanted):
    """Return an array, without a copy where it is one; refuse ragged rows and hidden pixels."""
    if np.ma.is_masked(values):
        raise ValueError(
            f"{name} is a masked array with masked pixels; {wanted} without them is wanted"
            f" ({name}.filled(0) fills them)."
        )
    try:
        return np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths; {wanted} is wanted.") from None


def _check_dimensions(shape, name, wanted, stack, colour):
    """Raise ValueError unless `shape` is one of the shapes that are welcome."""
    has_channels = len(shape) == 3 and shape[2] in COLOUR_CHANNELS
    # A stack whose films are only 3 or 4 pixels wide is less likely than a colour image.
    stacked = stack and not (has_channels and min(shape[:2]) > max(COLOUR_CHANNELS))
    if len(shape) == 2 or (len(shape) == 3 and (stacked or (colour and shape[2] == 3))):
        return
    if has_channels:
        raise ValueError(
            f"{name} of shape {shape} looks like a colour image; {wanted} is wanted"
            f" (one channel: {name}[..., 0])."
        )
    raise ValueError(f"{name} has shape {shape}; {wanted} is wanted.")


def boolean_mask(mask, shape=None, name="mask"):
    """Check that `mask` is a boolean array of the given shape, and return it.

    Without a shape, any (h, w) with pixels is welcome.

    Raises
    ------
    TypeError
        If its dtype is not bool.
    ValueError
        If its shape differs.
    """
    array = _as_array(mask, name, "a boolean mask")
    if array.dtype.kind != "b":
        raise TypeError(
            f"{name} has dtype {array.dtype}; a boolean mask is wanted (a comparison makes one:"
            f" {name} > 0)."
        )
    if shape is None:
        if array.ndim != 2 or array.size == 0:
            raise ValueError(f"{name} has shape {array.shape}; (h, w) with pixels is wanted.")
    elif array.shape != tuple(shape):
        raise ValueError(f"{name} has shape {array.shape}; the shape {tuple(shape)} is wanted.")
    return array


def whole_number(value, name, least=1, most=LARGEST_WHOLE):
    """Check that `value` is a whole number from `least` to `most`, and return it as int.

    Raises
    ------
    TypeError
        If it is not a whole number (3.0 is not one, nor is True).
    ValueError
        If it is smaller or larger.
    """
    wanted = f"a whole number of at least {least} is wanted"
    try:
        number = None if isinstance(value, bool | np.bool_) else operator.index(value)
    except TypeError:
        number = None
    if number is None:
        raise TypeError(f"{name} is {shown(value)}; {wanted}.")
    if number < least:
        raise ValueError(f"{name} is {number}; {wanted}.")
    if number > most:
        raise ValueError(f"{name} is {shown(number)}; at most {most} is wanted.")
    return number


def real_number(value, name, above=None, least=None, most=np.inf):
    """Check that `value` is one finite number within its bounds, and return it as float.

    Parameters
    ----------
    value : int or float
    name : str
        What the messages call it.
    above : float, optional
        The number has to be greater than this.
    least : float, optional
        The number has to be this or greater.
    most : float
        The number has to be this or smaller.

    Raises
    ------
    TypeError
        If it is not one real number.
    ValueError
        If it is NaN, infinite or out of bounds.
    """
    wanted = "a finite number" + f" greater than {above}" * (above is not None)
    wanted += f" of at least {least}" * (least is not None)
    wanted += f" and at most {most}" * (most < np.inf)
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise TypeError(f"{name} is {shown(value)}; {wanted} is wanted.")
    try:
        number = float(value)
    except OverflowError:  # an int beyond the largest float
        number = np.inf
    too_small = (above is not None and number <= above) or (least is not None and number < least)
    if too_small or number > most or not np.isfinite(number):
        raise ValueError(f"{name} is {number:g}; {wanted} is wanted.")
    return number


def ordered(low, high, low_name="low", high_name="high"):
    """Check that two finite numbers are in ascending order, and return them as floats.

    Raises
    ------
    TypeError
        If one is not a real number.
    ValueError
        If `low` >= `high`.
    """
    low, high = real_number(low, low_name), real_number(high, high_name)
    if low >= high:
        raise ValueError(
            f"{low_name} is {low:g}, {high_name} {high:g}; the smaller first is wanted."
        )
    return low, high


def top_level(levels, most=LARGEST_WHOLE):
    """Check the number of grey levels L, at least 2, and return the brightest, L - 1."""
    return whole_number(levels, "levels", least=2, most=most) - 1


def check_range(image, top, remedy="helpers.intensity.rescale brings any image to 0 to 255"):
    """Check that an image keeps to 0 to `top`, the rounding errors of floats aside."""
    low, high = float(image.min()), float(image.max())
    slack = 1e-9 * top
    if low < -slack or high > top + slack:
        raise ValueError(
            f"image holds values from {low:g} to {high:g}; 0 to {top:g} is wanted ({remedy})."
        )


def shown(value):
    """Write out a value for a message, or name its type when it would not fit on the line."""
    text = repr(value)
    return text if len(text) <= 40 and "\n" not in text else f"of type {type(value).__name__}"
