"""The exercises of lesson 06, convolution: what is right, and what goes wrong."""

from functools import cache

import numpy as np
from scipy import ndimage as ndi

from helpers import convolution, datasets
from helpers.exercises.engine import Exercise, UnfitError

RNG = np.random.default_rng(6)


def single(row, column, weight=1.0):
    """Return a kernel of 3 x 3 with one weight that is not 0."""
    kernel = np.zeros((3, 3))
    kernel[row, column] = weight
    return kernel


# ---- 6.2: one pixel by hand ---------------------------------------------------------------------

PATCH = np.array(
    [[0, 0, 0, 9, 9], [0, 0, 0, 9, 9], [0, 0, 9, 9, 9], [0, 9, 9, 9, 9], [9, 9, 9, 9, 9]]
)
PLUS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])


def middle(weights):
    """Return what a kernel makes of the middle of the patch."""
    return float((PATCH[1:4, 1:4] * weights).sum())


# ---- 6.4: sizes ---------------------------------------------------------------------------------

# n, f, stride, padding: also strides that do not divide, and paddings larger than the kernel needs
SIZES = (
    (5, 3, 1, 0),
    (5, 3, 2, 0),
    (32, 3, 1, 0),
    (32, 3, 2, 1),
    (1024, 7, 2, 3),
    (100, 5, 3, 2),
    (10, 4, 4, 1),
    (7, 2, 2, 0),
    (50, 50, 5, 0),
)

# ---- 6.5: keep the size -------------------------------------------------------------------------

SAME_INPUTS = (
    (np.array([[0, 255, 0], [9, 0, 0], [0, 0, 200]], np.uint8), np.arange(9.0).reshape(3, 3)),
    (np.eye(5), np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])),
    (RNG.integers(0, 256, (9, 7), np.uint8), RNG.normal(size=(5, 3)).round(1)),
    (RNG.random((6, 8)) * 100, RNG.normal(size=(1, 5)).round(1)),
    (RNG.integers(0, 256, (12, 11), np.uint8), np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])),
    (np.full((7, 7), 8.0), RNG.normal(size=(3, 5)).round(1)),
)


def halves(kernel):
    """Return how many rows and columns a window reaches beyond its centre."""
    return kernel.shape[0] // 2, kernel.shape[1] // 2


def padded_by(above, below, left, right, mode="constant"):
    """Return a model that pads by functions of the two halves, then convolves."""

    def answer(image, kernel):
        r, c = halves(kernel)
        widths = ((above(r, c), below(r, c)), (left(r, c), right(r, c)))
        return convolution.convolve_valid(np.pad(image, widths, mode=mode), kernel)

    return answer


def rows(r, c):
    """Pad by half of the kernel's rows."""
    return r


def columns(r, c):
    """Pad by half of the kernel's columns."""
    return c


def one(r, c):
    """Pad by one."""
    return 1


def none(r, c):
    """Do not pad."""
    return 0


def keep_size(image, kernel):
    """Pad with zeros, then convolve."""
    return ndi.convolve(image.astype(float), kernel, mode="constant")


def filtered_as(image, kernel):
    """Filter with SciPy in the type of the image."""
    return ndi.convolve(image, kernel, mode="constant")


# ---- 6.6: sharpen by hand -----------------------------------------------------------------------

WINDOW = np.array([[2, 2, 3], [2, 3, 3], [2, 2, 3]])


def weighted(weights):
    """Return the weighted sum of the window."""
    return float((WINDOW * weights).sum())


# ---- 6.7: draw the borders ----------------------------------------------------------------------


@cache
def first_film():
    """Return the first film as floats; it is read once."""
    return datasets.load().frames[0].astype(float)


def piece(film):
    """Cut out what the lesson calls the crop."""
    height, width = film.shape
    return film[height // 2 : height // 2 + height // 10, width // 6 : width // 6 + width // 10]


def borders(filtered=ndi.convolve, kernel="prewitt_columns", cmap="RdBu_r", ends=(-80, 80),
            title="borders", bar=True):  # fmt: skip
    """Return a function that draws the answer, or one that went wrong."""

    def draw(figure):
        axes = figure.subplots()
        image = filtered(piece(first_film()), convolution.KERNELS[kernel])
        drawn = axes.imshow(image, cmap=cmap, vmin=ends[0], vmax=ends[1])
        axes.set_title(title)
        if bar:
            figure.colorbar(drawn)

    return draw


def cut_afterwards(image, kernel):
    """Filter the whole film, then cut the piece out."""
    return piece(ndi.convolve(first_film(), kernel))


def in_bytes(image, kernel):
    """Filter a film that is stored in uint8: where it is out of range it wraps, or is cut off."""
    return ndi.convolve(image.astype(np.uint8), kernel)


# ---- 6.8: one slant only ------------------------------------------------------------------------

ROWS, COLUMNS = np.mgrid[:24, :24]
RISING = np.where(ROWS + COLUMNS > 23, 80.0, 40.0)  # the border rises like /
FALLING = RISING[:, ::-1]


def slant_score(kernel):
    """Return how much stronger a kernel responds to / than to the other slant and an even grey.

    The weights are scaled so that their sizes add up to 1, and one grey level is added below the
    line, so that no kernel reaches an infinite score.
    """
    kernel = np.asarray(kernel, float)
    if kernel.shape != (3, 3):
        raise UnfitError(f"the kernel has the shape {kernel.shape}; (3, 3) is wanted")
    kernel = kernel / (np.abs(kernel).sum() or 1)
    even = np.abs(40 * kernel.sum())
    rising, falling = (
        np.abs(convolution.convolve_valid(image - 40, kernel)).max() for image in (RISING, FALLING)
    )
    return float(rising / (falling + even + 1))


FULL_SLANT = np.array([[-2, -1, 0], [-1, 0, 1], [0, 1, 2]])

# ---- the exercises ------------------------------------------------------------------------------

EXERCISES = {
    "6.1": Exercise(
        right="c",
        mistakes=(
            ("a", "a mean takes the 8 into account; how many windows of three contain it?"),
            ("b", "more than one window contains the 8; count them."),
            ("d", "all the windows with the 8 in them hold the same three numbers, in some order."),
        ),
        hints=(
            "Write down the three numbers of each window around the 8.",
            "The windows 2 2 8, 2 8 2 and 8 2 2 contain it. Work out the three means.",
        ),
    ),
    "6.2": Exercise(
        right=middle(PLUS / 5),
        tolerance=1e-3,
        mistakes=(
            (middle(np.ones((3, 3)) / 9), "this is the mean of all nine pixels, not of the plus."),
            (middle(PLUS), "this is the sum; each weight is 1/5."),
            (middle(PLUS / 9), "the sum is divided by nine; how many weights does the plus have?"),
            (middle((PLUS - single(1, 1)) / 4), "the centre belongs to the plus as well."),
            (middle((PLUS - single(1, 1)) / 5), "the centre has been left out; it has 1/5, too."),
            (0.0, "this belongs to the corner of the result; its middle is at row 1, column 1."),
            (9.0, "this is the centre of the window, or another place; add up all five products."),
            (
                ndi.convolve(PATCH / 5, PLUS)[1:4, 1:4],
                "these are all nine results; the one in their middle is wanted.",
            ),
            (middle(PLUS / 4), "the sum is divided by four; count the weights of the plus."),
        ),
        hints=(
            "The middle of the result has its window in the middle of the patch, rows 1 to 3 and"
            " columns 1 to 3, counted from 0.",
            "Write down that window, keep its centre and the four neighbours above, below, left"
            " and right, add the five up, and divide by 5.",
        ),
    ),
    "6.3": Exercise(
        right=single(2, 2),
        mistakes=(
            (single(0, 0), "it moves the image up and to the left; think of the flip."),
            (single(2, 1), "it moves the image down only."),
            (single(1, 2), "it moves the image to the right only."),
            (single(2, 0), "it moves the image down and to the left."),
            (single(0, 2), "it moves the image up and to the right."),
            (single(0, 1), "it moves the image up only."),
            (single(1, 0), "it moves the image to the left only."),
            (single(1, 1), "it leaves every pixel where it is."),
            (single(2, 2, 1 / 9), "it moves the right way, but makes the image nine times darker."),
            (single(2, 2, 2.0), "it moves the right way, but doubles the grey levels."),
            (single(2, 2, -1.0), "it moves the right way, but makes a negative."),
            (np.ones((3, 3)), "this adds up nine pixels; only one weight differs from 0."),
            (np.ones((3, 3)) / 9, "this is a mean, which blurs; only one weight differs from 0."),
            (single(2, 2) + single(1, 1), "the image is there twice, moved and not moved."),
            (single(2, 1) + single(1, 2), "it adds two images, one moved down, one to the right."),
            (
                1 - single(2, 2),
                "only one weight may differ from 0; here it is the other way round.",
            ),
        ),
        hints=(
            "With a convolution each pixel leaves a copy of the kernel, centred on it. Where should"
            " the copy of a single bright pixel be?",
            "One weight is 1. The centre, [1, 1], would leave the pixel where it is. Put the 1 one"
            " row lower and one column further.",
        ),
    ),
    "6.4": Exercise(
        right=lambda n, f, stride, padding: (n - f + 2 * padding) // stride + 1,
        inputs=SIZES,
        mistakes=(
            (
                lambda n, f, stride, padding: n - f + 2 * padding // stride + 1,
                "this is the colleague's formula: only the padding is divided by the stride.",
            ),
            (
                lambda n, f, stride, padding: (n - f + 2 * padding) // stride,
                "the first place is not counted.",
            ),
            (
                lambda n, f, stride, padding: (n - f) // stride + 1,
                "the padding is missing.",
            ),
            (
                lambda n, f, stride, padding: (n - f + padding) // stride + 1,
                "the padding is at both ends, and is counted once only.",
            ),
            (
                lambda n, f, stride, padding: (n - f + 2 * padding) / stride + 1,
                "a step that does not fit is counted in part; sizes are whole numbers.",
            ),
            (
                lambda n, f, stride, padding: -((f - n - 2 * padding) // stride) + 1,
                "a step that does not fit is counted as a whole one; it is rounded up.",
            ),
            (
                lambda n, f, stride, padding: round((n - f + 2 * padding) / stride) + 1,
                "half a step is sometimes rounded up; a step that does not fit is dropped.",
            ),
            (
                lambda n, f, stride, padding: (n - f + 2 * padding + 1) // stride,
                "the first place is counted before the division; add it after the division.",
            ),
            (
                lambda n, f, stride, padding: (n - f + 2 * padding + 1) / stride,
                "the first place is counted before the division, and fractions are kept.",
            ),
            (
                lambda n, f, stride, padding: n - f + 2 * padding + 1,
                "the stride is missing.",
            ),
            (
                lambda n, f, stride, padding: (n - f + 2 * padding) // (stride + 1),
                "the 1 is added to the stride; it is added to the quotient.",
            ),
            (
                lambda n, f, stride, padding: (n - f) // stride + 2 * padding + 1,
                "the padding is added after the division; it makes the image longer before it.",
            ),
            (
                lambda n, f, stride, padding: (n - f - 2 * padding) // stride + 1,
                "the padding is taken away; it makes the image longer.",
            ),
            (
                lambda n, f, stride, padding: (n - f) / stride + 1,
                "the padding is missing, and fractions are kept.",
            ),
            (
                lambda n, f, stride, padding: n // stride,
                "the size of the kernel and the padding are missing.",
            ),
            (
                lambda n, f, stride, padding: (n + 2 * padding) // stride - f + 1,
                "the size of the kernel is taken away after the division.",
            ),
            (
                lambda n, f, stride, padding: (n - f + 2) * padding // stride + 1,
                "the padding multiplies everything; only the 2 belongs to it.",
            ),
            (
                lambda n, f, stride, padding: (n + 2 * padding) // stride + 1,
                "the size of the kernel is missing.",
            ),
        ),
        hints=(
            "Python divides before it adds. What is divided by the stride in this line?",
            "Everything that the window has to walk, n - f + 2 * padding, is divided by the stride."
            " Put it into parentheses.",
        ),
    ),
    "6.5": Exercise(
        right=keep_size,
        inputs=SAME_INPUTS,
        mistakes=(
            (
                padded_by(one, one, one, one),
                "it pads by one pixel, which fits a kernel of 3 x 3 only.",
            ),
            (
                padded_by(columns, columns, rows, rows),
                "rows and columns are exchanged in the padding; try a kernel of 1 x 5.",
            ),
            (
                padded_by(rows, rows, rows, rows),
                "both axes are padded by half of the kernel's rows; try a kernel of 3 x 5.",
            ),
            (
                padded_by(columns, columns, columns, columns),
                "both axes are padded by half of the kernel's columns; try a kernel of 3 x 5.",
            ),
            (
                padded_by(none, none, none, none),
                "nothing is padded, so the result is smaller than the image.",
            ),
            (
                lambda image, kernel: ndi.correlate(image.astype(float), kernel, mode="constant"),
                "the kernel is not turned: this is a correlation.",
            ),
            (
                lambda image, kernel: keep_size(image, kernel[::-1]),
                "only the columns of the kernel are turned; convolve_valid turns both by itself.",
            ),
            (
                lambda image, kernel: keep_size(image, kernel[:, ::-1]),
                "only the rows of the kernel are turned; convolve_valid turns both by itself.",
            ),
            (lambda image, kernel: image.astype(float), "this is the image itself, not filtered."),
            (
                lambda image, kernel: np.trunc(keep_size(image, kernel)),
                "the fractions are cut off; keep the floats.",
            ),
            (
                lambda image, kernel: keep_size(image, np.transpose(kernel)),
                "the kernel's rows and columns are exchanged.",
            ),
            (
                lambda image, kernel: ndi.convolve(image.astype(float), kernel),
                "beyond the border the image is reflected, as SciPy does unless told otherwise.",
            ),
            (
                padded_by(rows, rows, columns, columns, "edge"),
                "beyond the border the outermost pixel is repeated; zeros are wanted.",
            ),
            (
                lambda image, kernel: ndi.convolve(image.astype(float), kernel, mode="mirror"),
                "beyond the border the image is mirrored; zeros are wanted.",
            ),
            (
                padded_by(rows, rows, columns, columns, "wrap"),
                "beyond the border the image begins again; zeros are wanted.",
            ),
            (
                padded_by(lambda r, c: 2 * r, none, lambda r, c: 2 * c, none),
                "all of the rim is above and to the left; half of it belongs to each side.",
            ),
            (
                padded_by(none, lambda r, c: 2 * r, none, lambda r, c: 2 * c),
                "all of the rim is below and to the right; half of it belongs to each side.",
            ),
            (
                padded_by(
                    lambda r, c: 2 * r + 1,
                    lambda r, c: 2 * r + 1,
                    lambda r, c: 2 * c + 1,
                    lambda r, c: 2 * c + 1,
                ),
                "it pads by the whole size of the kernel; half of it, without the centre, is"
                " enough.",
            ),
            (
                padded_by(
                    lambda r, c: 2 * r, lambda r, c: 2 * r, lambda r, c: 2 * c, lambda r, c: 2 * c
                ),
                "it pads by the size of the kernel minus 1; half of that is enough at each end.",
            ),
            (
                padded_by(
                    lambda r, c: r + 1, lambda r, c: r + 1, lambda r, c: c + 1, lambda r, c: c + 1
                ),
                "the result is too large by two; // drops the remainder, so do not add 1.",
            ),
            (
                filtered_as,
                "an image of uint8 gives a result of uint8, which holds no negative numbers and no"
                " fractions.",
            ),
            (
                lambda image, kernel: keep_size(image, kernel / (kernel.sum() or 1)),
                "the result is divided by the sum of the weights; a convolution does not do that.",
            ),
            (
                lambda image, kernel: keep_size(image, kernel).clip(0, 255),
                "the result is cut off at 0 and 255; a convolution may leave that range.",
            ),
            (
                lambda image, kernel: np.pad(
                    convolution.convolve_valid(image, kernel),
                    [(half, half) for half in halves(kernel)],
                ),
                "the zeros are put around the result; put them around the image, before the"
                " convolution.",
            ),
        ),
        hints=(
            "How many pixels does the window hang over the border when its centre is on the first"
            " pixel? Work it out for 3, for 5 and for 7.",
            "Rows: kernel.shape[0] // 2, columns: kernel.shape[1] // 2. Pad the image by these, and"
            " return what convolve_valid makes of it.",
        ),
    ),
    "6.6": Exercise(
        right=weighted(convolution.KERNELS["sharpen"]),
        tolerance=1e-3,
        mistakes=(
            (15.0, "this is the centre alone; the four neighbours have weights, too."),
            (24.0, "the neighbours are added; their weights are negative."),
            (3.0, "this is the centre as it was; or is the weight of the centre 4 here?"),
            (5.0, "this is the weight of the centre, or a slip; add up all the products."),
            (7.0, "the four neighbours are not all 2; look at the one on the right."),
            (-4.0, "all eight neighbours are subtracted; four of them have the weight 0."),
            (-6.0, "the signs are exchanged; the centre counts positively."),
            *(
                (wrong, "not all four neighbours are subtracted.")
                for wrong in (13.0, 12.0, 11.0, 10.0, 8.0)
            ),
            (22.0, "this is the plain sum of the window; multiply by the weights first."),
            (float(22 / 9), "this is the mean of the window; the weights are not 1/9."),
            (float(6 / 9), "the sum is divided by nine; the weights are used as they are."),
            (9.0, "these are the neighbours alone; the centre has a weight as well."),
            (-9.0, "these are the neighbours alone; the centre has a weight as well."),
        ),
        hints=(
            "Only five of the nine weights are not 0.",
            "The centre gives 5 times 3. Subtract the pixels above, below, left and right of it.",
        ),
    ),
    "6.7": Exercise(
        right=borders(),
        reads=("image", "cmap", "limits", "colorbar", "title"),
        mistakes=(
            (borders(ndi.correlate), "this is a correlation: red and blue have changed places."),
            (
                borders(kernel="prewitt_rows"),
                "this kernel compares rows; the one that compares columns is wanted.",
            ),
            (borders(kernel="sobel_columns"), "this is the kernel of Sobel; Prewitt's is wanted."),
            (
                borders(convolution.convolve_valid),
                "this image is smaller than the crop; ndi.convolve keeps the size.",
            ),
            (
                borders(cut_afterwards),
                "the film was filtered first and cut afterwards; its rim is another one.",
            ),
            (borders(in_bytes), "the crop has become uint8, which holds no negative numbers."),
            (borders(lambda image, kernel: image), "this is the crop itself, without the kernel."),
            (
                borders(lambda image, kernel: np.abs(ndi.convolve(image, kernel))),
                "the signs are lost; without them, brighter and darker look the same.",
            ),
            (borders(cmap="RdBu"), "this colormap is the other way round; its name ends in _r."),
            (borders(cmap="gray"), "the colormap is grey; look at cmap."),
            (borders(cmap="viridis"), "the colormap is viridis; look at cmap."),
            (borders(ends=(0, 255)), "white is not zero: the ends are 0 and 255."),
            (borders(ends=(None, None)), "the ends were left to imshow; look at vmin and vmax."),
            (borders(ends=(80, -80)), "vmin and vmax are exchanged."),
            (borders(bar=False), "the colour bar is missing; look at fig.colorbar."),
            (borders(title=""), "the title is missing; look at axes_6_7.set_title."),
        ),
        hints=(
            'Filter first: ndi.convolve(crop, convolution.KERNELS["prewitt_columns"]). Then draw'
            " with imshow.",
            "shown = axes_6_7.imshow(…, cmap=…, vmin=…, vmax=…), then a title, then"
            " fig.colorbar(shown).",
        ),
    ),
    "6.8": Exercise(
        right=FULL_SLANT,
        score=slant_score,
        goal=3.0,
        mistakes=(
            (
                FULL_SLANT[:, ::-1],
                "it does not respond to a rising border at all; does it respond to the other one?",
            ),
            (
                convolution.KERNELS["sobel_columns"],
                "it compares left with right, or above with below; both slants are alike to it.",
            ),
            (
                convolution.KERNELS["prewitt_columns"],
                "it compares left with right, or above with below; both slants are alike to it.",
            ),
            (
                convolution.KERNELS["outline"],
                "it responds to borders of every direction; opposite corners need opposite signs.",
            ),
            (
                convolution.KERNELS["laplacian"],
                "it responds to both slants alike; opposite corners need opposite signs.",
            ),
            (
                convolution.KERNELS["emboss"],
                "the slant is right, but it does not give 0 on an even grey: look at the sum.",
            ),
            (
                convolution.KERNELS["box"],
                "no two of its weights have opposite signs, so an even grey stays; the sum should"
                " be 0.",
            ),
            (
                convolution.KERNELS["sharpen"],
                "it keeps an even grey; the sum of the weights should be 0.",
            ),
            (
                np.array([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]]),
                "it looks for a thin line; a border is dark on one side and bright on the other.",
            ),
        ),
        hints=(
            "On one side of a rising border the film is brighter than on the other. Which two"
            " corners of a window lie on different sides of it?",
            "Put negative weights into the upper left corner and around it, the same with a plus"
            " into the lower right corner, and 0 along the border itself.",
        ),
    ),
    "6.9": Exercise(
        right="b",
        mistakes=(
            ("a", "each filter adds its three channels up into one map."),
            ("c", "without padding the window does not fit on the border pixels."),
            ("d", "28 would take a kernel of 5, or two layers of 3."),
            ("e", "the number of maps is that of the filters, not of the channels."),
        ),
        hints=(
            "Work out the size along one axis first, with (N - F + 2P) // S + 1.",
            "Then count the maps. One filter takes all the channels and gives one number for each"
            " place.",
        ),
    ),
}
