"""Convolution: each pixel's new value is a weighted sum of the pixels around it.

Everywhere, `image` is an (h, w) array of finite real numbers of any integer or float dtype, which
is never modified; anything else raises ValueError or TypeError. Integers become float64 before any
arithmetic, so nothing wraps, and results are float64 and not clipped.

Sources: Gonzalez & Woods, Digital Image Processing, 4th ed. (2018), sections 3.4 to 3.6; Dumoulin &
Visin, A guide to convolution arithmetic for deep learning (2016), for sizes, strides and padding.
"""

import numpy as np
from scipy import ndimage as ndi

from helpers._validate import LARGEST_SIGMA, real_image, real_number, shown, whole_number

BOUNDARY_MODES = ("reflect", "mirror", "nearest", "wrap", "constant")  # as in scipy.ndimage


def _kernel(rows, divisor=1):
    """Make a read-only float64 kernel, so that no reader changes it for everybody."""
    kernel = np.array(rows, dtype=np.float64) / divisor
    kernel.setflags(write=False)
    return kernel


# Kernels for true convolution. The four derivatives are positive where the image brightens with a
# growing index: `_rows` from one row to the next (axis 0, it responds to horizontal edges),
# `_columns` from one column to the next (axis 1, vertical edges), as scipy.ndimage.sobel and
# prewitt do along that axis. Because convolution flips the kernel, the plus stands first.
KERNELS = {
    "identity": _kernel([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "box": _kernel([[1, 1, 1], [1, 1, 1], [1, 1, 1]], divisor=9),
    "gaussian": _kernel([[1, 2, 1], [2, 4, 2], [1, 2, 1]], divisor=16),
    "sharpen": _kernel([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "outline": _kernel([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
    "emboss": _kernel([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
    "laplacian": _kernel([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
    "sobel_rows": _kernel([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]),
    "sobel_columns": _kernel([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
    "prewitt_rows": _kernel([[1, 1, 1], [0, 0, 0], [-1, -1, -1]]),
    "prewitt_columns": _kernel([[1, 0, -1], [1, 0, -1], [1, 0, -1]]),
}


def output_size(n, f, stride=1, padding=0):
    """Count the positions of a window along one axis: (N - F + 2P) // S + 1.

    Parameters
    ----------
    n, f : int
        Pixels of the image and of the kernel along this axis.
    stride : int
        Pixels from one position to the next.
    padding : int
        Pixels added at each end.

    Returns
    -------
    int

    Examples
    --------
    >>> output_size(32, 3), output_size(5, 3, stride=2, padding=1)
    (30, 3)
    """
    n, f = whole_number(n, "n"), whole_number(f, "f")
    stride, padding = whole_number(stride, "stride"), whole_number(padding, "padding", least=0)
    if f > n + 2 * padding:
        raise ValueError(
            f"the kernel of {f} pixels does not fit into {n + 2 * padding} pixels of image and"
            " padding; a smaller kernel or a larger image is wanted."
        )
    return (n - f + 2 * padding) // stride + 1


def convolve_valid(image, kernel, stride=1):
    """Slide a flipped kernel over an image, wherever it fits: true convolution, no padding.

    Parameters
    ----------
    image : (h, w) real array
    kernel : (kh, kw) real array
        Not larger than the image; even sizes are fine.
    stride : int
        Pixels from one position to the next, down and across.

    Returns
    -------
    (output_size(h, kh, stride), output_size(w, kw, stride)) float64 array

    Examples
    --------
    >>> convolve_valid(np.array([[1, 2, 4, 8]]), np.array([[1, -1]]))  # the kernel is flipped
    array([[1., 2., 4.]])
    """
    image = real_image(image).astype(np.float64)
    kernel = real_image(kernel, "kernel").astype(np.float64)
    stride = whole_number(stride, "stride")
    if kernel.shape[0] > image.shape[0] or kernel.shape[1] > image.shape[1]:
        raise ValueError(
            f"the kernel of shape {kernel.shape} does not fit into the image of shape"
            f" {image.shape}; a smaller kernel or a larger image is wanted."
        )
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel[::-1, ::-1])


def box_blur(image, size, mode="reflect"):
    """Average a square around each pixel, at a cost that does not depend on its size.

    A window that moves on by one pixel loses one and gains one, so a running sum needs two
    additions a pixel and axis for any size. The square reaches from size // 2 pixels before the
    pixel to (size - 1) // 2 after it, as in scipy.signal.convolve2d(mode="same").

    Parameters
    ----------
    image : (h, w) or (h, w, 3) real array
        The channels of a colour image are blurred one by one.
    size : int
        Side of the square in pixels, odd or even; it may exceed the image, up to 65 536.
    mode : str
        What lies beyond the border, as in scipy.ndimage: reflect, mirror, nearest, wrap, constant
        (zeros). What scipy.signal calls "symm" is reflect.

    Returns
    -------
    float64 array of the image's shape
        Rounding errors are some 1e-13 of the image's largest value.

    References
    ----------
    McDonnell, "Box-filtering techniques", Computer Graphics and Image Processing 17 (1981), 65-70.

    Examples
    --------
    >>> box_blur(np.array([[0, 0, 9, 0, 0]]), 3)
    array([[0., 3., 3., 3., 0.]])
    """
    image = real_image(image, colour=True).astype(np.float64)
    size = whole_number(size, "size", most=2**16)  # far larger ones cost minutes or crash SciPy
    if not isinstance(mode, str) or mode not in BOUNDARY_MODES:
        raise ValueError(f"mode is {shown(mode)}; one of {', '.join(BOUNDARY_MODES)} is wanted.")
    # Rows whose length in bytes is a power of two compete for the same places in the processor's
    # cache; eight more pixels per row halve the time on an image of 1024 columns.
    height, width = image.shape[:2]
    blurred = np.empty((height, width + 8, *image.shape[2:]))[:, :width]
    return ndi.uniform_filter(image, size, output=blurred, mode=mode, axes=(0, 1))


def sharpen(image, amount=1.0):
    """Subtract the Laplacian, the sum of second derivatives: s = r - amount * laplacian(r).

    Parameters
    ----------
    image : (h, w) real array
        Reflected at the border.
    amount : float
        1 is the kernel KERNELS["sharpen"]; 0 changes nothing.

    Returns
    -------
    (h, w) float64 array
        It overshoots the image's range on both sides of an edge; np.clip for display.

    Examples
    --------
    >>> sharpen(np.array([[10, 10, 20, 20]]))
    array([[10.,  0., 30., 20.]])
    """
    image = real_image(image).astype(np.float64)
    amount = real_number(amount, "amount")
    return image - amount * ndi.convolve(image, KERNELS["laplacian"], mode="reflect")


def unsharp_mask(image, sigma, amount):
    """Add what a Gaussian blur takes away: s = r + amount * (r - blurred).

    Parameters
    ----------
    image : (h, w) real array
        Reflected at the border.
    sigma : float
        Standard deviation of the Gaussian in pixels, 0 to 1000.
    amount : float
        0 changes nothing.

    Returns
    -------
    (h, w) float64 array
        It overshoots the image's range on both sides of an edge; np.clip for display.

    Examples
    --------
    >>> unsharp_mask(np.array([[10, 10, 20, 20]]), sigma=1, amount=1).round()
    array([[ 9.,  7., 23., 21.]])
    """
    image, amount = real_image(image).astype(np.float64), real_number(amount, "amount")
    sigma = real_number(sigma, "sigma", least=0, most=LARGEST_SIGMA)
    return image + amount * (image - ndi.gaussian_filter(image, sigma, mode="reflect"))


def psnr(image, reference, data_range):
    """Measure the noise of an image: the peak signal-to-noise ratio against a noise-free one.

    Parameters
    ----------
    image, reference : (h, w) real arrays of one shape
    data_range : float
        Brightest possible value minus darkest: 255 for an 8-bit film.

    Returns
    -------
    float
        10 log10(data_range**2 / mean squared difference), in decibels; infinite for equal images.

    References
    ----------
    Huynh-Thu & Ghanbari, "Scope of validity of PSNR", Electronics Letters 44 (2008), 800-801.

    Examples
    --------
    >>> round(psnr(np.array([[100, 102]]), np.array([[100, 100]]), data_range=255), 1)
    45.1
    """
    image = real_image(image).astype(np.float64)
    reference = real_image(reference, "reference").astype(np.float64)
    data_range = real_number(data_range, "data_range", above=0)
    if image.shape != reference.shape:
        raise ValueError(
            f"image is {image.shape}, reference {reference.shape}; one shape is wanted."
        )
    error = np.sqrt(np.mean((image - reference) ** 2))
    # The difference of two logarithms, since a quotient may leave the range of floats.
    return float(20 * (np.log10(data_range) - np.log10(error))) if error else np.inf
