"""From the bytes of one image file to one grey array, or one sentence that says why not.

Plain pictures are decoded by Pillow. imageio decodes them with Pillow too; here it is asked
directly, because what the numbers mean (RGBA or CMYK, 8 or 16 bits, one page or many) has to be
known before they are decoded. DICOM is decoded by pydicom: imageio's default DICOM reader knows no
compression and may hand back another file of the same folder.
"""

import contextlib
import warnings

import numpy as np
import pydicom
import pydicom.pixels
from PIL import Image, ImageFile, UnidentifiedImageError

MAX_PIXELS = 100_000_000  # a 35 x 43 cm film scanned at 50 micrometres has 60 million
PICTURE_FORMATS = ("PNG", "JPEG", "GIF", "TIFF", "BMP")

# What Pillow calls a mode, where its numbers are not yet grey levels or R, G, B.
MODE_TO_DECODE_AS = {"1": "L", "P": "RGB", "CMYK": "RGB", "YCbCr": "RGB", "La": "LA"}

# Tag numbers of the TIFF 6.0 specification, and the (SampleFormat, BitsPerSample) that Pillow
# decodes into a dtype other than the stored one.
TIFF_BITS, TIFF_PHOTOMETRIC, TIFF_SAMPLE_FORMAT = 258, 262, 339
TIFF_DTYPES = {(2, 8): np.int8, (2, 16): np.int16, (1, 32): np.uint32}

PNG_BIT_DEPTH, PNG_COLOUR_TYPE, PNG_GREY_ALPHA = 24, 25, 4  # two bytes of the header; a colour type


class _RefusalError(Exception):
    """Why a file is not decoded; `_one_sentence` adds which file."""


def decode(path):
    """Decode one image file into a grey (h, w) array; see `helpers.images.read_image`."""
    head = _first_bytes(path)
    with _one_sentence(path):
        image = _decode_dicom(path) if _is_dicom(head) else _decode_picture(path, head)
        if image.dtype.kind == "f" and not np.isfinite(image).all():
            raise _RefusalError("it holds NaN or infinity, and no filter can make sense of those")
        return image


def window(path):
    """Read the first display window of a DICOM file; see `helpers.images.dicom_window`."""
    head = _first_bytes(path)
    with _one_sentence(path):
        if not _is_dicom(head):
            raise _RefusalError("it is not a DICOM file, and only those name a window")
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        values = [dataset.get(keyword) for keyword in ("WindowCenter", "WindowWidth")]
        if None in values:
            return None
        center, width = (float(np.ravel(value)[0]) for value in values)
        return (_turned(center, dataset) if _is_inverse(dataset) else center), width


@contextlib.contextmanager
def _one_sentence(path):
    """Turn whatever a decoder raises into one ValueError that names the file.

    Decoders raise errors of many kinds for a damaged file (OSError, SyntaxError, struct.error …),
    so all are caught. Their warnings about harmless oddities are silenced, and the switch that
    makes Pillow fill in the missing part of a cut-off file is off while we read.
    """
    fill_in, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"PIL\b|pydicom\b")
            yield
    except _RefusalError as refusal:
        raise ValueError(f"Cannot read {path}: {refusal}.") from refusal.__cause__
    except Exception as error:
        detail = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise ValueError(
            f"Cannot read {path}: it is damaged, cut off or of a kind that no installed decoder"
            f" reads ({detail})."
        ) from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = fill_in


def _first_bytes(path):
    """Return the first bytes of a file, enough to tell what it is."""
    if path.is_dir():
        raise ValueError(f"Cannot read {path}: it is a folder; list_images lists the files in it.")
    if not path.exists():
        raise FileNotFoundError(f"Cannot read {path}: there is no such file.")
    with path.open("rb") as file:
        head = file.read(132)
    if not head:
        raise ValueError(f"Cannot read {path}: the file is empty.")
    return head


def _check_size(rows, columns):
    """Refuse an image before memory is taken for it."""
    if rows * columns > MAX_PIXELS:
        raise _RefusalError(
            f"it claims {rows} x {columns} pixels, and the limit is"
            f" {MAX_PIXELS // 1_000_000} million (a damaged header, or a decompression bomb)"
        )


def _luminance(colour):
    """Y of ITU-R BT.601 in exact integer arithmetic, rounded half up; alpha is left out."""
    red, green, blue = (colour[..., i].astype(np.uint32) for i in range(3))
    return ((299 * red + 587 * green + 114 * blue + 500) // 1000).astype(colour.dtype)


# Plain pictures


def _decode_picture(path, head):
    """Decode PNG, JPEG, GIF, TIFF or BMP, the first frame of it."""
    try:
        with Image.open(path, formats=PICTURE_FORMATS) as picture:
            _check_size(picture.height, picture.width)
            pages = picture.n_frames if picture.format == "TIFF" else 1
            if pages > 1:
                raise _RefusalError(
                    f"it holds {pages} pages and one image is wanted;"
                    " imageio.v3.imread(path, plugin='pillow', index=...) reads them all"
                )
            if picture.format == "PNG":
                _check_png(path)
                return _png_values(picture, path, head)
            if picture.format == "TIFF":
                return _tiff_values(picture)
            return _grey_values(picture)
    except UnidentifiedImageError as error:
        raise _RefusalError(
            f"it is not a PNG, JPEG, GIF, TIFF, BMP or DICOM image (it begins with {head[:12]!r})"
        ) from error
    except Image.DecompressionBombError as error:
        raise _RefusalError(
            f"it claims more than {MAX_PIXELS // 1_000_000} million pixels, the limit (a damaged"
            " header, or a decompression bomb)"
        ) from error


def _grey_values(picture):
    """Decode into grey levels of the stored dtype, in the byte order of this machine."""
    mode = MODE_TO_DECODE_AS.get(picture.mode)
    values = np.array(picture.convert(mode) if mode else picture)
    if values.ndim == 3:
        values = _luminance(values) if values.shape[2] > 2 else values[..., 0]
    return values.astype(values.dtype.newbyteorder("="))


def _check_png(path):
    """Compare the checksum of every part of a PNG, which decoding alone does not do."""
    with Image.open(path, formats=["PNG"]) as picture:
        picture.verify()


def _png_values(picture, path, head):
    """Decode a PNG; 16-bit colour takes a detour, because Pillow keeps 8 of its 16 bits."""
    if head[PNG_BIT_DEPTH] < 16:
        return _grey_values(picture)
    if len(picture.getbands()) == 1:
        return _grey_values(picture).astype(np.uint16)  # older Pillow: int32
    # Pillow has no mode for such pixels, but it can be told which bytes to unpack: of two-byte
    # numbers, big end first, "16B" takes the first byte and "16L" the second.
    if head[PNG_COLOUR_TYPE] == PNG_GREY_ALPHA:
        high, low = np.moveaxis(_unpack_as(picture, "RGBA")[..., :2], -1, 0)
        return high * np.uint16(256) + low
    with Image.open(path, formats=["PNG"]) as again:
        high = _unpack_as(picture, f"{picture.mode};16B")
        low = _unpack_as(again, f"{again.mode};16L")
    return _luminance(high * np.uint16(256) + low)


def _unpack_as(picture, raw_mode):
    """Decode a one-tile picture, taking its bytes for pixels of `raw_mode`."""
    decoder, box, offset, _ = picture.tile[0]
    picture.tile = [(decoder, box, offset, raw_mode)]
    return np.array(picture)


def _tiff_values(picture):
    """Decode a one-page TIFF into the dtype it says it holds."""
    tags = picture.tag_v2
    bits = max(tags.get(TIFF_BITS, (1,)))
    if len(picture.getbands()) > 1 and bits > 8:
        raise _RefusalError(
            f"it is a colour TIFF of {bits} bits a channel, which would be cut to 8 without a word;"
            " saved as grey TIFF or as PNG it keeps them"
        )
    values = _grey_values(picture)
    values = values.astype(
        TIFF_DTYPES.get((tags.get(TIFF_SAMPLE_FORMAT, (1,))[0], bits), values.dtype)
    )
    white_is_zero = tags.get(TIFF_PHOTOMETRIC) == 0
    return np.iinfo(np.uint16).max - values if white_is_zero and bits == 16 else values


# DICOM


def _is_dicom(head):
    """Tell DICOM by its mark, after 128 free bytes (DICOM PS3.10, section 7.1)."""
    return head[128:132] == b"DICM"


def _decode_dicom(path):
    """Decode a single-frame DICOM file into modality values, bright = dense."""
    dataset = pydicom.dcmread(path)
    if not any(word in dataset for word in ("PixelData", "FloatPixelData", "DoubleFloatPixelData")):
        raise _RefusalError("it is DICOM without pixel data: a report, a directory, or cut off")
    frames = int(dataset.get("NumberOfFrames") or 1)
    if frames > 1:
        raise _RefusalError(
            f"it holds {frames} frames and one image is wanted;"
            " pydicom.pixels.pixel_array(path) reads them all"
        )
    _check_size(int(dataset.Rows), int(dataset.Columns))
    stored = pydicom.pixels.pixel_array(dataset)
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        stored = pydicom.pixels.apply_color_lut(stored, dataset)
    if stored.ndim == 3:
        return _luminance(stored).astype(np.float32)
    values = pydicom.pixels.apply_modality_lut(stored, dataset)
    if _is_inverse(dataset):
        values = _turned(values.astype(np.float64), dataset)
    return values.astype(np.float32)


def _is_inverse(dataset):
    """Whether small values are bright."""
    return dataset.get("PhotometricInterpretation") == "MONOCHROME1"


def _turned(values, dataset):
    """Turn modality values within the range that the stored bits span."""
    signed = dataset.get("PixelRepresentation", 0) == 1
    lowest = -(2 ** (dataset.BitsStored - 1)) if signed else 0
    ends = np.array([lowest, lowest + 2**dataset.BitsStored - 1])
    return pydicom.pixels.apply_modality_lut(ends, dataset).astype(np.float64).sum() - values
