"""Read hundreds of damaged image files in a process of its own; `test_damaged_films.py` runs it.

`python -m tests.unit.damaged_films FOLDER NUMBER` makes small good files, damages them in NUMBER
ways, reads each and prints, as JSON, how many were read or refused, and every one with which
something else happened. A file that takes longer than LONGEST ends the process. What counts as
slow is the time of the processor, since the machine may be busy with other things.
"""

import faulthandler
import io
import json
import re
import struct
import sys
import time
import warnings
import zlib
from pathlib import Path

import numpy as np
import psutil
import pydicom
import tifffile
from PIL import Image
from pydicom import uid

from helpers.images import read_image

LONGEST = 60  # seconds for one file
SLOW = 5  # seconds of the processor for one file
GREY8 = np.random.default_rng(7).integers(0, 256, (33, 40), dtype=np.uint8)
GREY16 = GREY8.astype(np.uint16) * 257
NAMES = ("film.png", "film.jpg", "film.tif", "film.gif", "film.dcm", "film", "film.txt")


def pillow(array, file_format, **options):
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, file_format, **options)
    return buffer.getvalue()


def tiff(array, **options):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, array, **options)
    return buffer.getvalue()


def dicom(syntax=uid.ExplicitVRLittleEndian, **tags):
    dataset = pydicom.Dataset()
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    dataset.SOPClassUID = uid.CTImageStorage
    dataset.set_pixel_data(GREY16 >> 4, "MONOCHROME2", 12)
    for keyword, value in tags.items():
        setattr(dataset, keyword, value)
    if syntax.is_compressed and not syntax.is_deflated:
        dataset.compress(syntax)
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.SOPInstanceUID = "1.2.3"  # pydicom drew one, and another file each time
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def good_files():
    """Return the bytes of small good files by what they are."""
    colour = np.stack([GREY8, GREY8[::-1], GREY8[:, ::-1]], axis=-1)
    return {
        "PNG": pillow(GREY8, "PNG"),
        "PNG of 16 bits": pillow(GREY16, "PNG"),
        "PNG in colour": pillow(colour, "PNG"),
        "JPEG": pillow(GREY8, "JPEG"),
        "JPEG, progressive, in colour": pillow(colour, "JPEG", progressive=True),
        "GIF": pillow(GREY8, "GIF"),
        "TIFF": tiff(GREY16),
        "TIFF, big-endian, deflated": tiff(GREY8, byteorder=">", compression="zlib"),
        "TIFF by LZW": pillow(GREY8, "TIFF", compression="tiff_lzw"),
        "TIFF of floats": tiff(GREY8 / np.float32(7)),
        "DICOM": dicom(RescaleSlope=2, RescaleIntercept=-100),
        "DICOM, deflated": dicom(uid.DeflatedExplicitVRLittleEndian),
        "DICOM, run lengths": dicom(uid.RLELossless),
        "DICOM, JPEG 2000": dicom(uid.JPEG2000Lossless),
    }


def cut(content, rng):
    return content[: rng.integers(len(content))]


def flip(content, rng):
    """Change one to eight bytes, most of them near the beginning, where the headers are."""
    damaged = bytearray(content)
    for _ in range(rng.integers(1, 9)):
        damaged[int(len(content) * rng.random() ** 2)] = rng.integers(256)
    return bytes(damaged)


def claim(content, rng):
    """Put huge or odd numbers where width and height may stand, whatever the byte order."""
    height, width = GREY8.shape
    odd = rng.choice([0, 1, 255, 65_535, 2**31 - 1, 2**32 - 1])
    for side in (height, width):
        for kind in ("<I", ">I", "<H", ">H"):
            if rng.random() < 0.5:
                most = 2 ** (8 * struct.calcsize(kind)) - 1
                old, new = struct.pack(kind, side), struct.pack(kind, min(odd, most))
                content = content.replace(old, new, 2)
    return mend_checksums(content)


def mend_checksums(content):
    """Write the checksums of a PNG's parts anew, so that only what they protect is wrong."""
    if not content.startswith(b"\x89PNG"):
        return content
    mended, at = bytearray(content), 8
    while at + 12 <= len(mended):
        (length,) = struct.unpack_from(">I", mended, at)
        end = at + 8 + length
        if end + 4 > len(mended):
            break
        struct.pack_into(">I", mended, end, zlib.crc32(mended[at + 4 : end]))
        at = end + 4
    return bytes(mended)


def swap(content, rng):
    """Exchange two parts of equal length."""
    length = int(rng.integers(4, max(5, len(content) // 4)))
    first, second = sorted(rng.integers(0, len(content) - length, 2))
    if second < first + length:
        return content[::-1]
    a, b = content[first : first + length], content[second : second + length]
    middle = content[first + length : second]
    return content[:first] + b + middle + a + content[second + length :]


def fill(content, rng):
    """Overwrite a stretch with zeros, or with 255."""
    start = int(rng.integers(len(content)))
    length = int(rng.integers(1, 64))
    value = bytes([0 if rng.random() < 0.5 else 255])
    return (content[:start] + value * length + content[start + length :])[: len(content)]


def join(content, rng):
    """Begin as one file and go on as another."""
    other = OTHERS[rng.integers(len(OTHERS))]
    at = int(rng.integers(1, len(content)))
    return content[:at] + other[at:]


OTHERS = [pillow(GREY16, "PNG"), pillow(GREY8[::-1], "JPEG"), tiff(GREY8), dicom()]
DAMAGES = (cut, flip, flip, claim, swap, fill, join)


def look(path, whole, damage, kind):
    """Read one file; return "read", "refused" or what went wrong."""
    faulthandler.dump_traceback_later(LONGEST, exit=True)
    try:
        image = read_image(path)
    except ValueError as error:
        sentence = str(error)
        fine = sentence.startswith(f"Cannot read {path}: ") and sentence.endswith(".")
        return "refused" if fine and "\n" not in sentence else f"a bad sentence: {sentence}"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    finally:
        faulthandler.cancel_dump_traceback_later()
    if image.ndim != 2 or image.dtype.kind not in "iuf" or not np.isfinite(image).all():
        return f"an array of shape {image.shape}, {image.dtype}, {image.ravel()[:3]}"
    protected = damage is cut or (kind.startswith("PNG") and damage in (flip, swap, fill))
    if protected and not np.array_equal(image, whole):
        return "another image than the file held"
    return "read"


def most_memory():
    """Return the largest amount of memory this process has had, in bytes."""
    if sys.platform == "win32":
        return psutil.Process().memory_info().peak_wset
    if sys.platform == "linux":  # getrusage would count what the parent had before this one began
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])
    import resource  # which Windows has not

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS


def main(folder, number):
    warnings.simplefilter("error")
    folder, rng = Path(folder), np.random.default_rng(number)
    seeds = good_files()
    whole = {}
    for kind, content in seeds.items():
        (folder / "whole").write_bytes(content)
        whole[kind] = read_image(folder / "whole")
    outcomes = {}
    kinds = list(seeds)
    for i in range(number):
        kind, damage = kinds[i % len(kinds)], DAMAGES[i // len(kinds) % len(DAMAGES)]
        path = folder / NAMES[rng.integers(len(NAMES))]
        path.write_bytes(damage(seeds[kind], rng))
        start = time.process_time()
        outcome = look(path, whole[kind], damage, kind)
        if time.process_time() - start > SLOW:
            outcome = "slow"
        if outcome not in ("read", "refused"):
            outcome = f"{kind}, {damage.__name__}, file {i}: {outcome}"
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    print(json.dumps({"outcomes": outcomes, "memory": most_memory()}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
