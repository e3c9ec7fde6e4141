"""From the bytes of one image file to one grey array, or one sentence that says why not.

Plain pictures are decoded by Pillow. imageio decodes them with Pillow too; here it is asked
directly, because what the numbers mean (RGBA or CMYK, 8 or 16 bits, one page or many) has to be
known before they are decoded. DICOM is decoded by pydicom: imageio's default DICOM reader knows no
compression and may hand back another file of the same folder. It is imported where a DICOM file
is read, because it takes as long to import as everything else here together.
"""

import contextlib
import warnings

import numpy as np
from PIL import Image, TiffImagePlugin, UnidentifiedImageError

MAX_PIXELS = 100_000_000  # a 35 x 43 cm film scanned at 50 micrometres has 60 million
PICTURE_FORMATS = ("PNG", "JPEG", "GIF", "TIFF", "BMP")

# What Pillow calls a mode, where its numbers are not yet grey levels or R, G, B.
MODE_TO_DECODE_AS = {"1": "L", "P": "RGB", "CMYK": "RGB", "YCbCr": "RGB", "La": "LA"}

# The (SampleFormat, BitsPerSample) that Pillow decodes into a dtype other than the stored one.
TIFF_DTYPES = {(2, 8): np.int8, (2, 16): np.int16, (1, 32): np.uint32}

PNG_BIT_DEPTH = 24  # which byte of the file says how many bits a channel has


class _RefusalError(Exception):
    """Why a file is not decoded; `_one_sentence` adds which file."""


def decode(path):
    """Decode one image file into a grey (h, w) array; see `helpers.images.read_image`."""
    with _one_sentence(path):
        head = _first_bytes(path)
        image = _decode_dicom(path) if _is_dicom(head) else _decode_picture(path, head)
        if not np.isfinite(image).all():
            raise _RefusalError("it holds NaN or infinity, and no filter can make sense of those")
        return image


def window(path):
    """Read the first display window of a DICOM file; see `helpers.images.dicom_window`."""
    import pydicom

    with _one_sentence(path):
        if not _is_dicom(_first_bytes(path)):
            raise _RefusalError("it is not a DICOM file, and only those name a window")
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        values = [dataset.get(keyword) for keyword in ("WindowCenter", "WindowWidth")]
        if None in values:
            return None
        center, width = (float(np.ravel(value)[0]) for value in values)
        return _bright_is_dense(center, dataset), width


@contextlib.contextmanager
def _one_sentence(path):
    """Turn whatever a decoder raises into one ValueError that names the file.

    Decoders raise errors of many kinds for a damaged file (OSError, SyntaxError, struct.error …),
    so all are caught. Their warnings about harmless oddities are silenced.
    """
    if not path.exists():
        raise FileNotFoundError(f"Cannot read {path}: there is no such file.")
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"PIL\b|pydicom\b")
            yield
    except _RefusalError as refusal:
        raise ValueError(f"Cannot read {path}: {refusal}.") from refusal.__cause__
    except Exception as error:
        detail = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        reason = "it is damaged, cut off or of a kind that no installed decoder reads"
        raise ValueError(f"Cannot read {path}: {reason} ({detail}).") from error


def _first_bytes(path):
    """Return the first bytes of a file, enough to tell what it is."""
    if path.is_dir():
        raise _RefusalError("it is a folder; list_images lists the files in it")
    if not path.is_file():  # reading from a pipe nobody writes to would wait for ever
        raise _RefusalError("it is a pipe or a device, and a file is wanted")
    with path.open("rb") as file:
        head = file.read(132)
    if not head:
        raise _RefusalError("the file is empty")
    return head


def _check_size(rows, columns):
    """Refuse an image before memory is taken for it."""
    if rows * columns > MAX_PIXELS:
        raise _RefusalError(f"it claims {rows} x {columns} pixels, more than {MAX_PIXELS:,}")


def _check_is_one(count, name, reader):
    """Refuse several images in one file, and say what reads them."""
    if count > 1:
        wanted = "and one image is wanted"
        raise _RefusalError(f"it holds {count} {name} {wanted}; {reader} reads them all")


def _luminance(colour):
    """Y of ITU-R BT.601 in exact integer arithmetic, rounded half up; alpha is left out."""
    # Row by row, so that a large image does not need five times its memory on the way.
    rows = [((row[:, :3] @ (299, 587, 114) + 500) // 1000).astype(colour.dtype) for row in colour]
    return np.stack(rows)


# Plain pictures


def _decode_picture(path, head):
    """Decode PNG, JPEG, GIF, TIFF or BMP, the first frame of it."""
    try:
        picture = Image.open(path, formats=PICTURE_FORMATS)
    except UnidentifiedImageError as error:
        reason = f"it is not a PNG, JPEG, GIF, TIFF, BMP or DICOM file: it begins with {head[:9]}"
        if head[:4] in TiffImagePlugin.PREFIXES:
            reason = "it is a TIFF of a kind that is not read; save it as 16-bit or 32-bit float"
        raise _RefusalError(reason) from error
    with picture:
        _check_size(picture.height, picture.width)
        if picture.format == "PNG":
            return _png_values(picture, path, head[PNG_BIT_DEPTH])
        if picture.format == "TIFF":
            return _tiff_values(picture)
        return _grey_values(picture)


def _grey_values(picture):
    """Decode into grey levels of the stored dtype, in the byte order of this machine."""
    mode = MODE_TO_DECODE_AS.get(picture.mode)
    values = np.asarray(picture.convert(mode) if mode else picture)
    if values.ndim == 3:
        values = _luminance(values) if values.shape[2] > 2 else values[..., 0]
    return values.astype(values.dtype.newbyteorder("="))


def _check_colour_depth(picture, bits):
    """Refuse channels of which Pillow would keep 8 bits without a word."""
    if len(picture.getbands()) > 1 and bits > 8:
        kind = f"{picture.format} of several channels of {bits} bits"
        raise _RefusalError(f"it is a {kind}, cut to 8 on reading; save it as 16-bit grey instead")


def _png_values(picture, path, bits):
    """Decode a PNG after comparing the checksums of its parts, which decoding alone does not do."""
    _check_colour_depth(picture, bits)
    with Image.open(path, formats=["PNG"]) as again:
        again.verify()
    values = _grey_values(picture)
    return values.astype(np.uint16) if bits == 16 else values  # older Pillow: int32


def _tiff_values(picture):
    """Decode a one-page TIFF into the dtype it says it holds, bright = large."""
    _check_is_one(picture.n_frames, "pages", "imageio.v3.imread(path, plugin='pillow', index=...)")
    tags = picture.tag_v2
    bits = max(tags.get(TiffImagePlugin.BITSPERSAMPLE, (1,)))
    sample_format = tags.get(TiffImagePlugin.SAMPLEFORMAT, (1,))[0]
    white_is_zero = tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == 0
    _check_colour_depth(picture, bits)
    values = _grey_values(picture)
    values = values.astype(TIFF_DTYPES.get((sample_format, bits), values.dtype))
    if not white_is_zero or bits <= 8 or not np.isfinite(values).all():
        return values  # up to 8 bits Pillow turns itself; what is not finite is refused
    if values.dtype.kind == "f":  # float has no brightest number but the image's own
        return values.min() + (values.max() - values)
    return np.iinfo(values.dtype).max - values


# DICOM


def _is_dicom(head):
    """Tell DICOM by its mark, after 128 free bytes (DICOM PS3.10, section 7.1)."""
    return head[128:132] == b"DICM"


def _decode_dicom(path):
    """Decode a single-frame DICOM file into modality values, bright = dense."""
    import pydicom.pixels

    dataset = pydicom.dcmread(path)
    if not any(word in dataset for word in ("PixelData", "FloatPixelData", "DoubleFloatPixelData")):
        raise _RefusalError("it is DICOM without pixel data: a report, a directory, or cut off")
    frames = int(dataset.get("NumberOfFrames") or 1)
    _check_is_one(frames, "frames", "pydicom.pixels.pixel_array(path)")
    _check_size(int(dataset.Rows), int(dataset.Columns))
    stored = pydicom.pixels.pixel_array(dataset)
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        stored = pydicom.pixels.apply_color_lut(stored, dataset)
    if stored.ndim == 3:
        return _luminance(stored).astype(np.float32)
    values = pydicom.pixels.apply_modality_lut(stored, dataset).astype(np.float64)
    return _bright_is_dense(values, dataset).astype(np.float32)


def _bright_is_dense(values, dataset):
    """Turn MONOCHROME1 values to lo + hi - v, within the range that the stored bits span."""
    from pydicom.pixels import apply_modality_lut

    if dataset.get("PhotometricInterpretation") != "MONOCHROME1":
        return values
    signed = dataset.get("PixelRepresentation", 0) == 1
    lowest = -(2 ** (dataset.BitsStored - 1)) if signed else 0
    stored = np.array([lowest, lowest + 2**dataset.BitsStored - 1])
    return apply_modality_lut(stored, dataset).astype(np.float64).sum() - values
