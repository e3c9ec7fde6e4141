"""Files and arrays: list, read, stack and resize images, write an animated GIF.

A path may be a str or a Path. What cannot be used raises FileNotFoundError, TypeError or ValueError
in one sentence that names the file or the argument, the reason and what to do.
"""

import re
import unicodedata
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import scipy  # loads ndimage when resize first asks for it

from helpers import _decoders
from helpers._validate import real_image, real_number, shown, whole_number

IMAGE_EXTENSIONS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".dcm")
GIF_SIDE = 65_535  # pixels: a GIF keeps its width and height in 16 bits each


def list_images(folder, extensions=IMAGE_EXTENSIONS):
    """List the images of a folder in natural order: frame_2.png comes before frame_10.png.

    Parameters
    ----------
    folder : str or Path
    extensions : str or sequence of str
        File name endings, upper or lower case.

    Returns
    -------
    list of Path
        At least one. Subfolders are not searched; names that begin with a dot are skipped.

    Examples
    --------
    >>> [path.name for path in list_images("data/followup")][:2]
    ['frame_00.png', 'frame_01.png']
    """
    folder = Path(folder)
    endings = (extensions,) if isinstance(extensions, str) else tuple(extensions)
    wanted = tuple("." + str(ending).lower().lstrip(".") for ending in endings)
    if not wanted or "." in wanted:
        raise ValueError(f"extensions is {shown(extensions)}; endings such as '.png' are wanted.")
    _check_is_folder(folder)
    paths = [p for p in _visible(folder) if p.name.lower().endswith(wanted) and p.is_file()]
    if not paths:
        raise ValueError(f"{folder} holds no images: no name in it ends in {', '.join(wanted)}.")
    return paths


def read_image(path):
    """Read one image file as a grey image with the values the file stores.

    The content decides what a file is, not its name. Colour becomes luminance,
    Y = 0.299 R + 0.587 G + 0.114 B, rounded to the nearest integer (halves up); transparency is
    ignored; black-and-white becomes 0 and 255; WhiteIsZero TIFF is turned so that bright is large
    (v becomes the largest number of its dtype minus v; float turns within its own range).
    An animated GIF gives its first frame. A TIFF of several pages or a DICOM of several frames is
    refused, because none of its pages is *the* image; so is what holds NaN or infinity, or claims
    more than 100 million pixels. Orientation tags of cameras are not applied.

    DICOM gives modality values: the modality lookup table or rescale slope and intercept are
    applied, the window is not (see `dicom_window`). MONOCHROME1, where small values are bright, is
    turned so that bright = dense: v becomes lo + hi - v, where lo and hi are the modality values of
    the smallest and largest number the stored bits can hold.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    (h, w) array
        uint8 or uint16 as stored (TIFF also int8, int16, int32, uint32, float32); DICOM float32.

    References
    ----------
    ITU-R BT.601-7, section 2.5.1 (luminance). DICOM PS3.3, C.11.1 (modality lookup table) and
    C.7.6.3.1.2 (MONOCHROME1).

    Examples
    --------
    >>> film = read_image("data/followup/frame_00.png")
    >>> film.shape, film.dtype
    ((1024, 1024), dtype('uint8'))
    """
    return _decoders.decode(Path(path))


def read_stack(paths):
    """Read several images of one shape into one array.

    Parameters
    ----------
    paths : sequence of str or Path

    Returns
    -------
    (n, h, w) array
        In the order and the dtype of the files, which all have to agree in shape and dtype.

    Examples
    --------
    >>> read_stack(list_images("data/followup")).shape
    (9, 1024, 1024)
    """
    if isinstance(paths, str | Path):
        raise TypeError(f"{paths} is one path; a list is wanted, such as list_images({paths}).")
    paths = list(paths)
    if not paths:
        raise ValueError("There are no files to stack: the list of paths is empty.")
    return _stacked(map(read_image, paths), paths)


def read_labelled_folder(root, shape=(256, 256)):
    """Read a folder of class folders, each image resized to one shape.

    Parameters
    ----------
    root : str or Path
        Its subfolders are the classes, sorted by name in natural order. Files beside them are
        ignored, and so are folders whose names begin with a dot or two underscores.
    shape : (int, int)
        Rows and columns of every image.

    Returns
    -------
    images : (n, h, w) array
        In the dtype of the files, whole numbers rounded: 5 000 radiographs of 8 bits take 330 MB.
    labels : (n,) int array
        The class of each image, an index into `names`.
    names : list of str

    Examples
    --------
    >>> images, labels, names = read_labelled_folder("data/pneumonia", (64, 64))
    >>> images.shape, images.dtype, names[labels[0]]
    ((48, 64, 64), dtype('uint8'), '1_normal')
    """
    root = Path(root)
    _check_is_folder(root)
    folders = [p for p in _visible(root) if p.is_dir() and not p.name.startswith("__")]
    if not folders:
        raise ValueError(f"{root} holds no class folders: one folder per class is wanted in it.")
    files = [(path, label) for label, f in enumerate(folders) for path in list_images(f)]
    paths, labels = zip(*files, strict=True)

    def small(path):
        image = read_image(path)
        resized = resize(image, shape)
        return (resized if image.dtype.kind == "f" else np.rint(resized)).astype(image.dtype)

    return _stacked(map(small, paths), paths), np.array(labels), [f.name for f in folders]


def resize(image, shape):
    """Resize an image by linear interpolation, smoothed first along each axis that shrinks.

    A Gaussian of sigma = (factor - 1) / 2 pixels removes what the smaller grid cannot hold, so
    that fine ribs do not turn into coarse stripes (aliasing).

    Parameters
    ----------
    image : (h, w) array of any integer or float dtype
    shape : (int, int)
        Rows and columns wanted, at most 100 million pixels.

    Returns
    -------
    float64 array of that shape
        Never beyond the range of the image.

    Examples
    --------
    >>> resize([[0, 0, 8, 8], [0, 0, 8, 8]], (1, 2)).round(1)
    array([[0.4, 7.6]])
    """
    pixels = real_image(image).astype(np.float64)
    factors = np.divide(pixels.shape, _rows_and_columns(shape))
    smooth = scipy.ndimage.gaussian_filter(pixels, np.maximum(0, (factors - 1) / 2), mode="mirror")
    resized = scipy.ndimage.zoom(smooth, 1 / factors, order=1, mode="mirror", grid_mode=True)
    return np.clip(resized, pixels.min(), pixels.max())


def write_gif(path, stack, seconds_per_frame=1.0):
    """Write a stack as an animated GIF that repeats for ever.

    Parameters
    ----------
    path : str or Path
    stack : (n, h, w) array
        uint8 is written as it is. A GIF has 256 grey levels, so any other dtype is scaled, the
        minimum of the whole stack to 0 and its maximum to 255: frames stay comparable.
    seconds_per_frame : float
        0.01 to 655.35, the range of a GIF. Equal neighbours are stored once and shown longer.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_gif(Path(folder) / "turn.gif", np.stack([np.eye(9), np.eye(9)[::-1]]))
    ...     read_image(Path(folder) / "turn.gif").max()
    np.uint8(255)
    """
    path = Path(path)
    frames = real_image(stack, name="stack", stack=True)
    frames = frames.reshape(-1, *frames.shape[-2:])
    seconds = real_number(seconds_per_frame, "seconds_per_frame", least=0.01)
    if seconds > 655.35:
        raise ValueError(f"seconds_per_frame is {seconds:g}; a GIF holds at most 655.35.")
    if max(frames.shape[1:]) > GIF_SIDE:
        raise ValueError(f"stack has shape {frames.shape}; at most {GIF_SIDE} a side is wanted.")
    if path.suffix.lower() != ".gif" or path.is_dir():
        raise ValueError(f"{path} is a folder or does not end in .gif; a GIF file is wanted.")
    _check_is_folder(path.parent)
    if frames.dtype != np.uint8:
        halves = frames.astype(float) / 2  # so that the range of the largest floats is a float too
        low, high = halves.min(), halves.max()
        frames = np.rint((halves - low) / (high - low or 1) * 255).astype(np.uint8)
    milliseconds = round(seconds * 100) * 10  # a GIF holds hundredths of a second
    options = {"plugin": "pillow", "is_batch": True, "duration": milliseconds, "loop": 0}
    path.write_bytes(iio.imwrite("<bytes>", frames, extension=".gif", **options))


def dicom_window(path):
    """Read the display window a DICOM file suggests, in the values `read_image` returns.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    (center, width) of float, or None
        The first window where the file names several; None where it names none. For MONOCHROME1
        the center is turned as the image is.

    Examples
    --------
    >>> center, width = dicom_window("data/formats/film_12bit.dcm")
    >>> width > 0
    True
    """
    return _decoders.window(Path(path))


def _stacked(images, paths):
    """Put images of one shape and dtype into one array; `paths` says where they come from."""
    for i, (image, path) in enumerate(zip(images, paths, strict=True)):
        if i == 0:  # filled one by one, so that a thousand films are held once, not twice
            stack = np.empty((len(paths), *image.shape), image.dtype)
        if (image.shape, image.dtype) != (stack.shape[1:], stack.dtype):
            raise ValueError(
                f"{path} has shape {image.shape} and dtype {image.dtype}, but {paths[0]} has"
                f" {stack.shape[1:]} and {stack.dtype}; leave that file out, or resize a copy."
            )
        stack[i] = image
    return stack


def _check_is_folder(folder):
    """Raise one sentence unless `folder` is a folder."""
    if folder.is_file():
        raise ValueError(f"{folder} is a file; a folder is wanted.")
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}.")


def _visible(folder):
    """List what a folder holds in natural order, without names that begin with a dot."""
    return sorted((p for p in folder.iterdir() if not p.name.startswith(".")), key=_natural_order)


def _natural_order(path):
    """Sort key in which the runs of digits in a name count as numbers."""
    name = unicodedata.normalize("NFC", path.name)
    parts = re.split(r"([0-9]+)", name.casefold())  # text, digits, text, digits … text
    return [int(part) if i % 2 else part for i, part in enumerate(parts)], name


def _rows_and_columns(shape):
    """Check that `shape` is two whole numbers of at least 1 and not more than can be held."""
    try:
        rows, columns = shape
    except (TypeError, ValueError):
        raise ValueError(f"shape is {shown(shape)}; (rows, columns) is wanted.") from None
    rows = whole_number(rows, "shape[0]", most=_decoders.MAX_PIXELS)
    return rows, whole_number(columns, "shape[1]", most=_decoders.MAX_PIXELS // rows)
