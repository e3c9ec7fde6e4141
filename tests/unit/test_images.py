"""helpers.images: the right array, or one sentence that names the file and the reason.

Every file is made here, from numbers chosen here, and compared with those numbers or with an
independent decoder (Pillow asked directly, tifffile, pydicom's stored values).
"""

import io
import os
import struct
import subprocess
import sys
import unicodedata
import warnings
import zlib
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pydicom
import pytest
import skimage.transform
import tifffile  # comes with scikit-image: an encoder and decoder independent of Pillow
from PIL import Image, ImageFile
from pydicom import uid
from pydicom.encaps import encapsulate

from helpers import images
from helpers.images import (
    dicom_window,
    list_images,
    read_image,
    read_labelled_folder,
    read_stack,
    resize,
    write_gif,
)

RNG = np.random.default_rng(2017)
GREY8 = RNG.integers(0, 256, (13, 17), dtype=np.uint8)
GREY16 = RNG.integers(0, 65536, (13, 17), dtype=np.uint16)
GREY12 = RNG.integers(0, 4096, (13, 17), dtype=np.uint16)
COLOUR8 = RNG.integers(0, 256, (13, 17, 4), dtype=np.uint8)
COLOUR16 = RNG.integers(0, 65536, (13, 17, 4), dtype=np.uint16)
# Smooth, so that lossy compression keeps it within a few grey levels.
FILM8 = np.rint(255 * np.hypot(*np.mgrid[0:1:48j, 0:1:64j]) / np.sqrt(2)).astype(np.uint8)
FILM12 = np.rint(4095 * np.hypot(*np.mgrid[0:1:48j, 0:1:64j]) / np.sqrt(2)).astype(np.uint16)


def refusal(path, read=read_image, error=ValueError):
    """Return the one sentence with which a file is refused, after checking its form."""
    with pytest.raises(error) as caught:
        read(path)
    sentence = str(caught.value)
    assert type(caught.value) is error
    assert str(path) in sentence
    assert "\n" not in sentence
    return sentence


def luminance(colour):
    """Compute Y = 0.299 R + 0.587 G + 0.114 B in float64, unrounded."""
    return colour[..., :3].astype(float) @ [0.299, 0.587, 0.114]


def encoded(array, file_format, **options):
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, file_format, **options)
    return buffer.getvalue()


def png(samples, depth, colour_type):
    """Encode a PNG by hand from rows of samples, so that no encoder has a say in it."""
    height, width = samples.shape[:2]
    in_bytes = samples.astype(">u2" if depth == 16 else np.uint8).tobytes()
    rows = np.frombuffer(in_bytes, np.uint8).reshape(height, -1)
    step = rows.shape[1] // width  # bytes per pixel
    rows = np.hstack([rows[:, :step], rows[:, step:] - rows[:, :-step]])  # filter 1, "Sub"
    packed = np.insert(rows, 0, 1, axis=1).tobytes()
    return png_file((width, height, depth, colour_type, 0, 0, 0), zlib.compress(packed))


def png_file(header, compressed):
    """Put the parts of a PNG together."""

    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    body = chunk(b"IHDR", struct.pack(">IIBBBBB", *header)) + chunk(b"IDAT", compressed)
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def dicom(path, pixels, bits=12, photometric="MONOCHROME2", syntax=None, frames=None, **tags):
    """Write a DICOM file; `frames` are ready-made compressed frames of transfer syntax `syntax`."""
    dataset = pydicom.Dataset()
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    dataset.SOPClassUID = uid.DigitalXRayImageStorageForPresentation
    dataset.SOPInstanceUID = uid.generate_uid()
    dataset.SeriesInstanceUID = uid.generate_uid()
    dataset.set_pixel_data(pixels, photometric, bits)
    for keyword, value in tags.items():
        setattr(dataset, keyword, value)
    if frames:
        dataset.PixelData = encapsulate(frames)
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True
        dataset.file_meta.TransferSyntaxUID = syntax
    elif syntax in (uid.RLELossless, uid.JPEG2000Lossless):
        dataset.compress(syntax)
    elif syntax:
        dataset.file_meta.TransferSyntaxUID = syntax
    dataset.save_as(path, enforce_file_format=True)
    return path


def transcoded(source, target, syntax):
    """Compress a DICOM file with GDCM, in a way pydicom knows how to read but not to write."""
    gdcm = pytest.importorskip("gdcm", reason="python-gdcm has no build for this Python")
    reader = gdcm.ImageReader()
    reader.SetFileName(str(source))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, syntax)))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    writer.SetFileName(str(target))
    assert writer.Write()
    return target


# Listing


def test_list_is_in_natural_order_whatever_the_case(tmp_path):
    wanted = ["frame_1.png", "frame_2.PNG", "Frame_10.jpg", "frame_010b.jpeg", "scan.DCM", "z.Tif"]
    for name in [*wanted, "notes.txt", ".hidden.png", "png"]:
        (tmp_path / name).touch()
    (tmp_path / "folder.png").mkdir()
    assert [path.name for path in list_images(tmp_path)] == wanted
    assert [path.name for path in list_images(str(tmp_path), ".JPG")] == ["Frame_10.jpg"]
    assert [path.name for path in list_images(tmp_path, ["tif", "dcm"])] == ["scan.DCM", "z.Tif"]


def test_list_sorts_names_that_mix_digits_superscripts_and_both_spellings_of_accents(tmp_path):
    names = ["²0.png", "é2.png", unicodedata.normalize("NFD", "é10.png"), "10.png", "9.png"]
    for name in names:
        (tmp_path / name).touch()
    listed = [unicodedata.normalize("NFC", path.name) for path in list_images(tmp_path)]
    assert listed.index("9.png") < listed.index("10.png")
    assert listed.index("é2.png") + 1 == listed.index("é10.png")


def test_list_says_what_is_wrong_with_a_folder(tmp_path):
    file = tmp_path / "film.png"
    file.touch()
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "is a file" in refusal(file, list_images)
    assert "no folder" in refusal(tmp_path / "nowhere", list_images, FileNotFoundError)
    sentence = refusal(empty, list_images)
    assert "no images" in sentence
    assert all(ending in sentence for ending in images.IMAGE_EXTENSIONS)
    for nothing in ("", ".", (), ["png", ""]):
        with pytest.raises(ValueError, match=r"endings such as '\.png' are wanted"):
            list_images(tmp_path, nothing)


# Plain pictures: the right array


@pytest.mark.parametrize("array", [GREY8, GREY16], ids=["8 bits", "16 bits"])
@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_grey_keeps_every_value_and_the_dtype(tmp_path, array, file_format):
    path = tmp_path / "film"
    path.write_bytes(encoded(array, file_format))
    image = read_image(path)
    assert image.dtype == array.dtype
    np.testing.assert_array_equal(image, array)


@pytest.mark.parametrize(
    "name",
    ["a film.png", "Röntgen é.png", unicodedata.normalize("NFD", "Röntgen é.png"), "50%20.png"],
    ids=["space", "NFC", "NFD", "percent"],
)
def test_unusual_names_are_read_and_listed(tmp_path, name):
    (tmp_path / name).write_bytes(encoded(GREY8, "PNG"))
    np.testing.assert_array_equal(read_image(str(tmp_path / name)), GREY8)
    np.testing.assert_array_equal(read_image(list_images(tmp_path)[0]), GREY8)


@pytest.mark.parametrize("channels", [3, 4], ids=["RGB", "RGBA"])
@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_colour_becomes_luminance_and_alpha_is_ignored(tmp_path, channels, file_format):
    path = tmp_path / "colour"
    path.write_bytes(encoded(COLOUR8[..., :channels], file_format))
    image = read_image(path)
    assert image.dtype == np.uint8
    # Half a level is what rounding to the nearest integer costs; Pillow's fixed-point weights
    # differ from ours by less than 1e-5 and may round a near-tie the other way.
    assert np.abs(image - luminance(COLOUR8)).max() <= 0.5 + 1e-9
    with Image.open(path) as picture:
        pillow = np.asarray(picture.convert("RGB").convert("L")).astype(int)
    assert np.abs(image - pillow).max() <= 1
    assert (image == pillow).mean() > 0.98


def test_every_grey_level_survives_the_way_through_colour(tmp_path):
    levels = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    path = tmp_path / "grey_as_rgb.png"
    path.write_bytes(encoded(levels, "PNG"))
    np.testing.assert_array_equal(read_image(path), levels[..., 0])


@pytest.mark.parametrize(("channels", "colour_type"), [(3, 2), (4, 6), (2, 4)], ids=str)
def test_16_bit_colour_png_is_refused_rather_than_cut_to_8_bits(tmp_path, channels, colour_type):
    path = tmp_path / "colour.png"
    path.write_bytes(png(COLOUR16[..., :channels], 16, colour_type))
    assert "channels of 16 bits" in refusal(path)


def test_grey_with_alpha_gives_the_grey(tmp_path):
    path = tmp_path / "grey_alpha.png"
    path.write_bytes(png(COLOUR8[..., :2], 8, 4))
    np.testing.assert_array_equal(read_image(path), COLOUR8[..., 0])


@pytest.mark.parametrize("transparent", [False, True], ids=["opaque", "with transparency"])
def test_palette_images_are_looked_up(tmp_path, transparent):
    palette = RNG.integers(0, 256, (256, 3), dtype=np.uint8)
    picture = Image.fromarray(GREY8, "L")
    picture.putpalette(palette.tobytes())
    options = {"transparency": bytes(range(256))} if transparent else {}
    path = tmp_path / "palette.png"
    picture.save(path, **options)
    image = read_image(path)
    assert image.dtype == np.uint8
    assert np.abs(image - luminance(palette[GREY8])).max() <= 0.5 + 1e-9  # rounding


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_1_bit_images_become_0_and_255(tmp_path, file_format):
    path = tmp_path / "mask"
    path.write_bytes(encoded(GREY8 > 127, file_format))
    image = read_image(path)
    assert image.dtype == np.uint8
    np.testing.assert_array_equal(image, np.where(GREY8 > 127, 255, 0))


def test_jpeg_equals_pillow_and_cmyk_becomes_luminance(tmp_path):
    grey = tmp_path / "film.jpg"
    grey.write_bytes(encoded(FILM8, "JPEG"))
    np.testing.assert_array_equal(read_image(grey), np.asarray(Image.open(grey)))
    ink = np.zeros((48, 64, 4), np.uint8)
    ink[..., 3] = 255 - FILM8  # black ink alone: what is not inked is white
    cmyk = tmp_path / "print.jpg"
    Image.fromarray(ink, "CMYK").save(cmyk, quality=95)
    image = read_image(cmyk)
    assert (image.shape, image.dtype) == ((48, 64), np.uint8)
    assert np.abs(image.astype(int) - FILM8).max() <= 3  # what JPEG at quality 95 costs here


def test_animated_gif_gives_its_first_frame(tmp_path):
    path = tmp_path / "progress.gif"
    frames = [Image.fromarray(GREY8), Image.fromarray(255 - GREY8)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    np.testing.assert_array_equal(read_image(path), GREY8)


TIFF_ARRAYS = {
    "int8": GREY8.astype(np.int8),
    "uint16": GREY16,
    "int16": GREY16.astype(np.int16),
    "uint32": GREY16.astype(np.uint32) * 65521,
    "int32": GREY16.astype(np.int32) - 40000,
    "uint64": GREY16.astype(np.uint64),
    "int64": GREY16.astype(np.int64),
    "float16": GREY8.astype(np.float16),
    "float32": GREY16.astype(np.float32) / 7,
    "float64": GREY16 / 7,
}
NOT_READ = {"uint64", "int64", "float16", "float64"}


@pytest.mark.parametrize("byteorder", ["<", ">"], ids=["little", "big"])
@pytest.mark.parametrize("dtype", TIFF_ARRAYS)
def test_tiff_dtypes_come_back_as_stored_or_are_called_what_they_are(tmp_path, dtype, byteorder):
    path, array = tmp_path / "film.tif", TIFF_ARRAYS[dtype]
    tifffile.imwrite(path, array, byteorder=byteorder, photometric="minisblack")
    if dtype not in NOT_READ and (dtype, byteorder) != ("uint32", ">"):
        image = read_image(path)
        assert image.dtype == array.dtype
        np.testing.assert_array_equal(image, array)
        return
    sentence = refusal(path)
    assert "is a TIFF of a kind that is not read; save it as 16-bit or 32-bit float" in sentence
    assert "not a PNG" not in sentence


@pytest.mark.parametrize("byteorder", ["<", ">"], ids=["little", "big"])
@pytest.mark.parametrize("dtype", TIFF_ARRAYS)
def test_white_is_zero_tiff_is_turned_or_called_what_it_is(tmp_path, dtype, byteorder):
    path, array = tmp_path / "film.tif", TIFF_ARRAYS[dtype]
    tifffile.imwrite(path, array, byteorder=byteorder, photometric="miniswhite")
    if dtype == "float32":  # within its own range, up to the rounding of float32
        wanted = array.min() + array.max() - array.astype(float)
        np.testing.assert_allclose(read_image(path), wanted, atol=1e-3)
    elif (dtype, byteorder) == ("uint16", "<"):
        np.testing.assert_array_equal(read_image(path), 65535 - array)
    else:
        assert "is a TIFF of" in refusal(path)


def test_white_is_zero_tiff_of_8_bits_is_turned(tmp_path):
    path = tmp_path / "film.tif"
    tifffile.imwrite(path, 255 - GREY8, photometric="miniswhite")
    np.testing.assert_array_equal(read_image(path), GREY8)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.timeout(20)
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "film.png")
    assert "pipe" in refusal(tmp_path / "film.png")


def test_big_endian_tiff_comes_in_the_byte_order_of_the_machine(tmp_path):
    path = tmp_path / "film.tif"
    tifffile.imwrite(path, GREY16, byteorder=">")
    image = read_image(path)
    assert image.dtype.isnative
    np.testing.assert_array_equal(image, GREY16)


# Plain pictures: refused


def test_missing_file_folder_and_empty_file(tmp_path):
    hollow = tmp_path / "film 0.png"
    hollow.touch()
    assert "no such file" in refusal(tmp_path / "film 1.png", error=FileNotFoundError)
    assert "it is a folder" in refusal(tmp_path)
    assert "the file is empty" in refusal(hollow)


@pytest.mark.parametrize("name", ["notes.png", "notes.dcm", "notes"])
def test_text_is_no_image_whatever_its_name(tmp_path, name):
    path = tmp_path / name
    path.write_text("Dear colleague, here is the film. " * 20, encoding="utf-8")
    assert "not a PNG" in refusal(path)


def test_the_content_decides_not_the_name(tmp_path):
    path = tmp_path / "really_a_png.dcm"
    path.write_bytes(encoded(GREY8, "PNG"))
    np.testing.assert_array_equal(read_image(path), GREY8)


@pytest.mark.parametrize(
    "content",
    [
        encoded(FILM8, "PNG"),
        encoded(FILM12, "PNG"),
        encoded(FILM8, "JPEG"),
        encoded(FILM8, "JPEG", progressive=True),
        encoded(FILM8, "GIF"),
        encoded(FILM8, "TIFF"),
        encoded(FILM8, "TIFF", compression="tiff_lzw"),
    ],
    ids=["PNG", "PNG 16", "JPEG", "progressive", "GIF", "TIFF", "TIFF LZW"],
)
def test_a_cut_off_picture_is_refused_never_half_read(tmp_path, content):
    path = tmp_path / "cut"
    path.write_bytes(content)
    whole = read_image(path)
    refused = 0
    lengths = [*range(1, len(content), 1 + len(content) // 60), len(content) - 1]
    for kept in lengths:
        path.write_bytes(content[:kept])
        try:
            image = read_image(path)
        except ValueError as error:
            refused += 1
            assert str(path) in str(error)
        else:
            np.testing.assert_array_equal(image, whole)  # only an end mark was missing
    assert refused >= len(lengths) - 2


def test_a_switch_of_pillow_is_left_alone_while_a_file_is_read(tmp_path, monkeypatch):
    seen, load = [], ImageFile.ImageFile.load

    def watched(self):
        seen.append(ImageFile.LOAD_TRUNCATED_IMAGES)
        return load(self)

    path = tmp_path / "film.png"
    path.write_bytes(encoded(GREY8, "PNG"))
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    monkeypatch.setattr(ImageFile.ImageFile, "load", watched)
    np.testing.assert_array_equal(read_image(path), GREY8)
    assert set(seen) == {True}  # other threads would feel a change


def test_a_png_with_one_wrong_bit_is_refused_or_unharmed(tmp_path):
    content = encoded(FILM8, "PNG")
    path = tmp_path / "film.png"
    for _ in range(300):
        damaged = bytearray(content)
        damaged[RNG.integers(len(content))] ^= 1 << RNG.integers(8)
        path.write_bytes(damaged)
        try:
            image = read_image(path)
        except ValueError as error:
            assert str(path) in str(error)
        else:
            np.testing.assert_array_equal(image, FILM8)


def test_float_tiff_with_nan_is_refused(tmp_path):
    values = GREY16.astype(np.float32)
    path = tmp_path / "map.tif"
    for bad in (np.nan, np.inf):
        values[3, 4] = bad
        tifffile.imwrite(path, values)
        assert "NaN" in refusal(path)


def test_multi_page_tiff_is_refused_with_the_way_to_read_it(tmp_path):
    path = tmp_path / "volume.tif"
    volume = np.stack([GREY8, GREY8 // 2, GREY8 // 3])
    tifffile.imwrite(path, volume, photometric="minisblack")
    sentence = refusal(path)
    assert "3 pages" in sentence
    assert "imageio.v3.imread(path, plugin='pillow', index=...)" in sentence
    np.testing.assert_array_equal(iio.imread(path, plugin="pillow", index=...), volume)


def test_16_bit_colour_tiff_is_refused_rather_than_cut_to_8_bits(tmp_path):
    path = tmp_path / "colour.tif"
    tifffile.imwrite(path, COLOUR16[..., :3], photometric="rgb")
    assert "16 bits" in refusal(path)


def refuse_to_decode(*_args, **_options):
    raise AssertionError("decoded, although the size is to be checked before")


@pytest.mark.parametrize("side", [30_000, 11_000], ids=["Pillow's limit", "our limit"])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(tmp_path, monkeypatch, side):
    path = tmp_path / "bomb.png"
    packer = zlib.compressobj()
    row = bytes(1 + side // 8)  # one bit a pixel, all zero
    zeros = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    path.write_bytes(png_file((side, side, 1, 0, 0, 0, 0), zeros))
    monkeypatch.setattr(ImageFile.ImageFile, "load", refuse_to_decode)
    assert "pixels" in refusal(path)


def test_tiff_and_dicom_that_claim_an_enormous_size_are_refused(tmp_path, monkeypatch):
    tiff = tmp_path / "claim.tif"
    content = bytearray(encoded(GREY8, "TIFF"))
    for tag in (256, 257):  # ImageWidth, ImageLength
        entry = find_tag(content, tag)
        content[entry : entry + 12] = struct.pack("<HHII", tag, 4, 1, 60_000)
    tiff.write_bytes(content)
    film = dicom(tmp_path / "claim.dcm", GREY12, Rows=60_000, Columns=60_000)
    monkeypatch.setattr(ImageFile.ImageFile, "load", refuse_to_decode)
    monkeypatch.setattr(pydicom.pixels, "pixel_array", refuse_to_decode)
    assert "3600000000 pixels" in refusal(tiff)
    assert "60000 x 60000 pixels, more than 100,000,000" in refusal(film)


def find_tag(content, tag):
    """Return where the entry of a tag begins in a little-endian TIFF directory."""
    (directory,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, directory)
    entries = range(directory + 2, directory + 2 + 12 * count, 12)
    return next(at for at in entries if struct.unpack_from("<H", content, at)[0] == tag)


def test_no_warning_about_a_large_image_below_our_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", GREY8.size - 1)  # Pillow warns from here on
    path = tmp_path / "large.png"
    path.write_bytes(encoded(GREY8, "PNG"))
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        np.testing.assert_array_equal(read_image(path), GREY8)
    assert heard == []


# DICOM


def test_dicom_gives_modality_values(tmp_path):
    plain = dicom(tmp_path / "plain.dcm", GREY12)
    image = read_image(plain)
    assert image.dtype == np.float32
    np.testing.assert_array_equal(image, GREY12)
    scaled = dicom(tmp_path / "scaled.dcm", GREY12, RescaleSlope=0.5, RescaleIntercept=-1024)
    np.testing.assert_array_equal(read_image(scaled), GREY12 * 0.5 - 1024)
    signed = dicom(tmp_path / "signed.dcm", GREY12.astype(np.int16) - 2048)
    np.testing.assert_array_equal(read_image(signed), GREY12.astype(int) - 2048)


def lookup_table(values):
    item = pydicom.Dataset()
    item.add_new("LUTDescriptor", "US", [len(values), 0, 16])
    item.add_new("LUTData", "US", values.tolist())
    item.add_new("ModalityLUTType", "LO", "US")
    return [item]


def test_dicom_modality_lookup_table(tmp_path):
    table = np.arange(4096)[::-1] * 3 + 1
    path = dicom(tmp_path / "table.dcm", GREY12, ModalityLUTSequence=lookup_table(table))
    np.testing.assert_array_equal(read_image(path), table[GREY12])


def test_monochrome1_is_turned_within_the_stored_range(tmp_path):
    plain = dicom(tmp_path / "plain.dcm", GREY12, photometric="MONOCHROME1")
    np.testing.assert_array_equal(read_image(plain), 4095 - GREY12.astype(float))
    scale = {"RescaleSlope": 2, "RescaleIntercept": -100}  # values from -100 to 8090
    scaled = dicom(tmp_path / "scaled.dcm", GREY12, photometric="MONOCHROME1", **scale)
    np.testing.assert_array_equal(read_image(scaled), 2 * (4095 - GREY12.astype(float)) - 100)
    minus = GREY12.astype(np.int16) - 2048
    signed = dicom(tmp_path / "signed.dcm", minus, photometric="MONOCHROME1")
    np.testing.assert_array_equal(read_image(signed), -1.0 - minus)


@pytest.mark.parametrize(
    "syntax",
    [
        uid.ImplicitVRLittleEndian,
        uid.DeflatedExplicitVRLittleEndian,
        uid.RLELossless,
        uid.JPEG2000Lossless,
    ],
    ids=lambda syntax: syntax.name,
)
def test_losslessly_compressed_dicom_gives_every_value(tmp_path, syntax):
    path = dicom(tmp_path / "film", FILM12, syntax=syntax)
    assert pydicom.dcmread(path).file_meta.TransferSyntaxUID == syntax
    np.testing.assert_array_equal(read_image(path), FILM12)


@pytest.mark.parametrize(
    "syntax", ["JPEGLosslessProcess14", "JPEGLosslessProcess14_1", "JPEGLSLossless"]
)
def test_lossless_jpeg_dicom_gives_every_value(tmp_path, syntax):
    plain = dicom(tmp_path / "plain.dcm", FILM12)
    path = transcoded(plain, tmp_path / "compressed.dcm", syntax)
    assert pydicom.dcmread(path).file_meta.TransferSyntaxUID.is_compressed
    np.testing.assert_array_equal(read_image(path), FILM12)


def test_jpeg_baseline_dicom_equals_the_jpeg_inside(tmp_path):
    jpeg = encoded(FILM8, "JPEG", quality=90)
    path = dicom(tmp_path / "film.dcm", FILM8, 8, syntax=uid.JPEGBaseline8Bit, frames=[jpeg])
    decoded = np.asarray(Image.open(io.BytesIO(jpeg))).astype(int)
    # Two JPEG decoders may round the inverse cosine transform differently by one level.
    assert np.abs(read_image(path) - decoded).max() <= 1


@pytest.mark.parametrize("planar", [0, 1])
def test_colour_dicom_becomes_luminance(tmp_path, planar):
    rgb = COLOUR8[..., :3]
    samples = np.ascontiguousarray(rgb.transpose(2, 0, 1) if planar else rgb)
    path = dicom(tmp_path / "colour.dcm", rgb, 8, "RGB", PlanarConfiguration=planar)
    dataset = pydicom.dcmread(path)
    dataset.PixelData = samples.tobytes() + b"\0" * (samples.size % 2)
    dataset.save_as(path)
    image = read_image(path)
    assert image.dtype == np.float32
    assert np.abs(image - luminance(rgb)).max() <= 0.5 + 1e-6  # rounding; float32


def test_colour_jpeg_dicom_becomes_luminance(tmp_path):
    rgb = np.dstack([FILM8, FILM8[::-1], FILM8[:, ::-1]])
    jpeg = encoded(rgb, "JPEG", quality=95, subsampling=0)
    path = dicom(
        tmp_path / "c.dcm", rgb, 8, "RGB", uid.JPEGBaseline8Bit, [jpeg],
        PhotometricInterpretation="YBR_FULL",
    )  # fmt: skip
    assert np.abs(read_image(path) - luminance(rgb)).max() <= 4  # what JPEG at quality 95 costs


def test_palette_dicom_is_looked_up(tmp_path):
    palette = RNG.integers(0, 65536, (3, 256), dtype=np.uint16)
    path = dicom(tmp_path / "palette.dcm", GREY8, 8)
    dataset = pydicom.dcmread(path)
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    for name, entries in zip(("Red", "Green", "Blue"), palette, strict=True):
        dataset.add_new(f"{name}PaletteColorLookupTableDescriptor", "US", [256, 0, 16])
        dataset.add_new(f"{name}PaletteColorLookupTableData", "OW", entries.tobytes())
    dataset.save_as(path)
    wanted = luminance(palette.T[GREY8])
    assert np.abs(read_image(path) - wanted).max() <= 0.5 + 1e-3  # rounding; float32


def test_dicom_is_told_by_its_content(tmp_path):
    nameless = dicom(tmp_path / "IM000001", GREY12)
    misnamed = dicom(tmp_path / "film.png", GREY12)
    np.testing.assert_array_equal(read_image(nameless), GREY12)
    np.testing.assert_array_equal(read_image(misnamed), GREY12)


def test_multi_frame_dicom_is_refused_with_the_way_to_read_it(tmp_path):
    cine = np.stack([GREY12, GREY12 // 2])
    path = dicom(tmp_path / "cine.dcm", cine)
    sentence = refusal(path)
    wanted = (
        "it holds 2 frames and one image is wanted; pydicom.pixels.pixel_array(path) reads them"
    )
    assert wanted in sentence
    np.testing.assert_array_equal(pydicom.pixels.pixel_array(path), cine)


def test_dicom_without_pixel_data_is_refused(tmp_path):
    path = dicom(tmp_path / "report.dcm", GREY12)
    dataset = pydicom.dcmread(path)
    del dataset.PixelData
    dataset.save_as(path)
    assert "DICOM without pixel data: a report, a directory, or cut off" in refusal(path)


@pytest.mark.parametrize(
    "syntax",
    [uid.ExplicitVRLittleEndian, uid.RLELossless, uid.JPEG2000Lossless],
    ids=lambda syntax: syntax.name,
)
def test_a_cut_off_dicom_is_refused_never_half_read(tmp_path, syntax):
    path = dicom(tmp_path / "film.dcm", FILM12, syntax=syntax)
    content = path.read_bytes()
    for kept in [*range(130, len(content), 1 + len(content) // 60), len(content) - 1]:
        path.write_bytes(content[:kept])
        try:
            image = read_image(path)
        except ValueError as error:
            assert str(path) in str(error)
        else:
            assert kept > len(content) - 8  # only an end mark was missing
            np.testing.assert_array_equal(image, FILM12)


def cut_frame(path):
    """Cut off the one compressed frame of a DICOM file that is otherwise in order."""
    dataset = pydicom.dcmread(path)
    frame = pydicom.encaps.get_frame(dataset.PixelData, 0, number_of_frames=1)
    dataset.PixelData = encapsulate([frame[: len(frame) // 4 * 2]])
    dataset.save_as(path)
    return path


@pytest.mark.parametrize("syntax", [uid.RLELossless, uid.JPEG2000Lossless], ids=str)
def test_a_compressed_frame_that_is_cut_off_is_refused(tmp_path, syntax):
    path = cut_frame(dicom(tmp_path / "film.dcm", FILM12, syntax=syntax))
    assert "damaged" in refusal(path)


def test_a_jpeg_frame_that_is_cut_off_is_refused(tmp_path):
    jpeg = [encoded(FILM8, "JPEG", quality=90)]
    path = dicom(tmp_path / "film.dcm", FILM8, 8, syntax=uid.JPEGBaseline8Bit, frames=jpeg)
    assert "damaged" in refusal(cut_frame(path))


@pytest.mark.parametrize("syntax", ["JPEGLosslessProcess14_1", "JPEGLSLossless"])
def test_a_lossless_jpeg_frame_that_is_cut_off_is_refused(tmp_path, syntax):
    plain = dicom(tmp_path / "plain.dcm", FILM12)
    path = transcoded(plain, tmp_path / "film.dcm", syntax)
    assert "damaged" in refusal(cut_frame(path))  # python-gdcm before 3.0.26 gave a wrong image


def test_odd_but_harmless_dicom_values_cause_no_warning(tmp_path):
    path = dicom(tmp_path / "odd.dcm", GREY12)
    dataset = pydicom.dcmread(path)
    dataset.PixelData = dataset.PixelData + b"\0" * 6  # longer than it should be
    dataset.save_as(path)
    content = path.read_bytes()
    uid_bytes = str(dataset.SeriesInstanceUID).encode()
    path.write_bytes(content.replace(uid_bytes, b"x" * len(uid_bytes)))  # no valid UID
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        np.testing.assert_array_equal(read_image(path), GREY12)
    assert heard == []


def two_series(folder):
    """Write two films of two series into one folder; the first series has the smaller UID."""
    dark, bright = np.full((4, 4), 100, np.uint16), np.full((4, 4), 2000, np.uint16)
    first = dicom(folder / "a.dcm", dark, SeriesInstanceUID="1.2.1", InstanceNumber=1)
    return first, dicom(folder / "b.dcm", bright, SeriesInstanceUID="1.2.2", InstanceNumber=1)


def test_of_two_series_in_a_folder_the_file_asked_for_is_read(tmp_path):
    first, second = two_series(tmp_path)
    assert read_image(first).max() == 100
    assert read_image(second).max() == 2000
    np.testing.assert_array_equal(read_stack([second, first])[:, 0, 0], [2000, 100])


@pytest.mark.filterwarnings("ignore:The legacy `DICOM` plugin:DeprecationWarning")
def test_what_notebook_01_says_of_imageio_and_dicom(tmp_path, monkeypatch):
    """The Watch out box: when imageio mends this, the test fails and the box has to go."""
    monkeypatch.setenv("PATH", "")  # with GDCM's gdcmconv in reach, imageio would call that
    series = tmp_path / "series"
    series.mkdir()
    _, second = two_series(series)
    assert iio.imread(second, progress=False).max() == 100  # the pixels of a.dcm
    jpeg = [encoded(FILM8, "JPEG")]
    compressed = dicom(tmp_path / "c.dcm", FILM8, 8, syntax=uid.JPEGBaseline8Bit, frames=jpeg)
    with pytest.raises(RuntimeError, match="can only read files with uncompressed image data"):
        iio.imread(compressed, progress=False)


# The window


def test_dicom_window(tmp_path):
    one = dicom(tmp_path / "one.dcm", GREY12, WindowCenter=2000, WindowWidth=1500.5)
    assert dicom_window(one) == (2000.0, 1500.5)
    two = dicom(tmp_path / "two.dcm", GREY12, WindowCenter=[1000, 3000], WindowWidth=[500, 900])
    assert dicom_window(two) == (1000.0, 500.0)
    assert all(type(value) is float for value in dicom_window(two))
    assert dicom_window(dicom(tmp_path / "none.dcm", GREY12)) is None
    assert dicom_window(dicom(tmp_path / "half.dcm", GREY12, WindowCenter=2000)) is None


def test_dicom_window_of_monochrome1_fits_the_turned_image(tmp_path):
    tags = {"WindowCenter": 1000, "WindowWidth": 400, "RescaleSlope": 2, "RescaleIntercept": -100}
    path = dicom(tmp_path / "film.dcm", GREY12, photometric="MONOCHROME1", **tags)
    assert dicom_window(path) == (2 * 4095 - 200 - 1000, 400)


def test_dicom_window_of_something_else_is_refused(tmp_path):
    path = tmp_path / "film.png"
    path.write_bytes(encoded(GREY8, "PNG"))
    assert "not a DICOM file" in refusal(path, dicom_window)
    refusal(tmp_path / "missing.dcm", dicom_window, FileNotFoundError)


# Stacks and class folders


def test_stack_is_in_the_order_asked_for(tmp_path):
    paths = []
    for i in (2, 0, 1):
        paths.append(tmp_path / f"{i}.png")
        paths[-1].write_bytes(encoded(GREY16 // (i + 1), "PNG"))
    stack = read_stack(iter(paths))
    assert stack.dtype == np.uint16
    np.testing.assert_array_equal(stack, [GREY16 // 3, GREY16, GREY16 // 2])


def test_stack_names_the_file_that_differs(tmp_path):
    good, small, deep = tmp_path / "good.png", tmp_path / "small.png", tmp_path / "deep.png"
    good.write_bytes(encoded(GREY8, "PNG"))
    small.write_bytes(encoded(GREY8[:5], "PNG"))
    deep.write_bytes(encoded(GREY16, "PNG"))
    for other, words in ((small, ("(5, 17)", "(13, 17)")), (deep, ("uint16", "uint8"))):
        with pytest.raises(ValueError, match="leave that file out") as caught:
            read_stack([good, good, other])
        sentence = str(caught.value)
        assert all(word in sentence for word in (str(other), str(good), *words))


def test_stack_of_nothing_or_of_one_path_is_refused():
    with pytest.raises(ValueError, match="empty"):
        read_stack([])
    with pytest.raises(TypeError, match="list_images"):
        read_stack("films")


def class_folders(root):
    """Write three classes of 1, 2 and 1 images of unequal sizes, and clutter beside them."""
    for name, sizes in (("2_viral", [20, 30]), ("10_other", [16]), ("1_normal", [64])):
        (root / name).mkdir()
        for i, size in enumerate(sizes):
            film = np.full((size, size + 4), 10 * size // 4, np.uint8)
            (root / name / f"{i}.png").write_bytes(encoded(film, "PNG"))
    (root / "readme.txt").touch()
    (root / ".ipynb_checkpoints").mkdir()
    (root / "__MACOSX").mkdir()
    return root


def test_labelled_folder(tmp_path):
    films, labels, names = read_labelled_folder(class_folders(tmp_path), (8, 10))
    assert names == ["1_normal", "2_viral", "10_other"]
    np.testing.assert_array_equal(labels, [0, 1, 1, 2])
    assert np.issubdtype(labels.dtype, np.integer)
    assert (films.shape, films.dtype) == ((4, 8, 10), np.uint8)
    np.testing.assert_array_equal(films[:, 3, 3], [160, 50, 75, 40])


def test_labelled_films_keep_the_dtype_of_the_files_rounded_not_cut(tmp_path):
    for dtype in (np.uint16, np.float32):
        folder = tmp_path / str(np.dtype(dtype)) / "NORMAL"
        folder.mkdir(parents=True)
        tifffile.imwrite(folder / "film.tif", FILM12.astype(dtype))
        films, _, _ = read_labelled_folder(folder.parent, (20, 30))
        wanted = resize(FILM12, (20, 30))
        assert films.dtype == dtype
        np.testing.assert_allclose(films[0], wanted, atol=0.5 if dtype == np.uint16 else 1e-3)
    (folder / "other.png").write_bytes(encoded(GREY8, "PNG"))
    with pytest.raises(ValueError, match=r"other\.png has .* uint8, but .*film\.tif has .*float32"):
        read_labelled_folder(folder.parent)


def test_labelled_folder_says_what_is_wrong(tmp_path):
    refusal(tmp_path / "nowhere", read_labelled_folder, FileNotFoundError)
    assert "no class folders" in refusal(tmp_path, read_labelled_folder)
    class_folders(tmp_path)
    (tmp_path / "3_empty").mkdir()
    with pytest.raises(ValueError, match="no images") as caught:
        read_labelled_folder(tmp_path)
    assert "3_empty" in str(caught.value)
    (tmp_path / "3_empty" / "bad.png").write_text("no image", encoding="utf-8")
    with pytest.raises(ValueError, match="not a PNG") as caught:
        read_labelled_folder(tmp_path)
    assert "bad.png" in str(caught.value)


# Resizing


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("shape", [(5, 7), (13, 17), (40, 9), (1, 1)], ids=str)
def test_resize_equals_scikit_image(shape, dtype):
    film = (200 * GREY16 / 65535).astype(dtype)
    before = film.copy()
    resized = resize(film, shape)
    wanted = skimage.transform.resize(
        film.astype(float), shape, order=1, mode="reflect", anti_aliasing=True
    )
    assert (resized.shape, resized.dtype) == (shape, np.float64)
    np.testing.assert_allclose(resized, wanted, atol=1e-9)  # rounding of float64 at 200
    assert film.min() <= resized.min() <= resized.max() <= film.max()
    np.testing.assert_array_equal(film, before)


def test_resize_removes_stripes_too_fine_for_the_small_image():
    stripes = np.tile([0.0, 255.0], (96, 48))  # one pixel wide; every third pixel: coarse stripes
    small = resize(stripes, (32, 32))
    assert np.ptp(stripes[::3, ::3]) == 255
    # A Gaussian of sigma 1 leaves exp(-pi**2 / 2) = 0.7 % of stripes of this width.
    assert np.ptp(small[:, 2:-2]) <= 0.02 * 255


def test_resize_leaves_a_constant_image_and_the_middle_of_a_ramp_alone():
    np.testing.assert_array_equal(resize(np.full((9, 9), 0.1), (4, 23)), 0.1)
    ramp = resize(np.tile(np.arange(64.0), (8, 1)), (8, 16))[0]
    wanted = np.arange(16) * 4 + 1.5  # the mean of four neighbours, far from the borders
    np.testing.assert_allclose(ramp[3:-3], wanted[3:-3], atol=1e-3)  # the Gaussian's cut-off


@pytest.mark.parametrize(
    ("image", "shape", "error"),
    [
        (np.zeros((4, 4, 3)), (2, 2), ValueError),
        (np.zeros((0, 4)), (2, 2), ValueError),
        (np.full((4, 4), np.nan), (2, 2), ValueError),
        (np.zeros((4, 4), bool), (2, 2), TypeError),
        (np.zeros((4, 4), complex), (2, 2), TypeError),
        (np.zeros((4, 4)), (0, 2), ValueError),
        (np.zeros((4, 4)), (2.5, 2), TypeError),
        (np.zeros((4, 4)), (2, 2, 2), ValueError),
        (np.zeros((4, 4)), 2, ValueError),
    ],
    ids=["colour", "empty", "NaN", "bool", "complex", "zero", "fraction", "three", "one"],
)
def test_resize_refuses(image, shape, error):
    with pytest.raises(error, match="wanted"):
        resize(image, shape)


# Writing a GIF


def test_gif_holds_the_frames_the_time_and_repeats(tmp_path):
    stack = np.stack([FILM8, 255 - FILM8, np.roll(FILM8, 9, axis=1)])
    path = tmp_path / "progress é 100%.gif"
    write_gif(path, stack, seconds_per_frame=0.569)  # the next hundredth is nearer
    with Image.open(path) as gif:
        assert (gif.n_frames, gif.info["loop"]) == (3, 0)  # 0: for ever
        for i, frame in enumerate(stack):
            gif.seek(i)
            assert gif.info["duration"] == 570
            np.testing.assert_array_equal(np.asarray(gif.convert("L")), frame)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_gif_of_narrow_frames_is_not_taken_for_colour(tmp_path):
    stack = RNG.integers(0, 256, (4, 8, 3), dtype=np.uint8)
    write_gif(tmp_path / "narrow.gif", stack)
    with Image.open(tmp_path / "narrow.gif") as gif:
        assert (gif.size, gif.n_frames, gif.info["duration"]) == ((3, 8), 4, 1000)


def test_gif_shows_equal_neighbours_for_their_whole_time(tmp_path):
    write_gif(tmp_path / "a.gif", np.stack([FILM8, FILM8, 255 - FILM8]), 0.5)
    with Image.open(tmp_path / "a.gif") as gif:
        assert (gif.n_frames, gif.info["duration"]) == (2, 1000)
        gif.seek(1)
        assert gif.info["duration"] == 500


def test_gif_scales_other_dtypes_by_one_scale_for_all_frames(tmp_path):
    stack = np.stack([np.tile(np.linspace(-1, 1, 64), (8, 1)), np.full((8, 64), 3.0)])
    before = stack.copy()
    for values in (stack, np.rint((stack + 1) * 1000).astype(np.uint16)):
        write_gif(tmp_path / "scaled.gif", values)
        with Image.open(tmp_path / "scaled.gif") as gif:
            first = np.asarray(gif.convert("L"))
            gif.seek(1)
            assert (np.asarray(gif.convert("L")) == 255).all()
        assert (first.min(), first.max()) == (0, 128)  # from -1 to 1 is half of -1 to 3
    write_gif(tmp_path / "constant.gif", np.full((2, 4, 5), 7.0))
    assert read_image(tmp_path / "constant.gif").max() == 0
    np.testing.assert_array_equal(stack, before)


def test_gif_of_the_largest_floats_and_of_neighbouring_ones(tmp_path):
    for low, high in ((-1e308, 1e308), (-1.7e308, 1.7e308), (1.0, 1.0 + 2**-52), (0, 2**62)):
        write_gif(tmp_path / "a.gif", np.tile([low, high], (2, 5, 4)))
        np.testing.assert_array_equal(read_image(tmp_path / "a.gif"), np.tile([0, 255], (5, 4)))


def test_gif_that_cannot_be_written_is_named_as_it_was_asked_for(tmp_path, monkeypatch):
    def refuse(self, _mode="r", *_args, **_options):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PermissionError, match=r"a\.gif'$"):
        write_gif(tmp_path / "a.gif", FILM8[None])


def test_gif_refuses(tmp_path):
    stack = FILM8[None]
    with pytest.raises(FileNotFoundError, match="no folder"):
        write_gif(tmp_path / "nowhere" / "a.gif", stack)
    with pytest.raises(ValueError, match=r"\.gif"):
        write_gif(tmp_path / "a.png", stack)
    with pytest.raises(ValueError, match="at most 65535 a side"):
        write_gif(tmp_path / "a.gif", np.zeros((1, 2, 70_000), np.uint8))
    for seconds in (0, -1, 655.36, np.nan):
        with pytest.raises(ValueError, match="seconds_per_frame"):
            write_gif(tmp_path / "a.gif", stack, seconds)
    with pytest.raises(TypeError, match="boolean"):
        write_gif(tmp_path / "a.gif", stack > 9)
    with pytest.raises(ValueError, match="NaN"):
        write_gif(tmp_path / "a.gif", np.full((2, 4, 4), np.nan))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "folder.gif").mkdir()
    with pytest.raises(ValueError, match=r"folder\.gif is a folder"):
        write_gif(tmp_path / "folder.gif", stack)


# The module itself


def test_import_brings_nothing_that_reading_a_film_does_not_need():
    code = "import sys, helpers.images, helpers.datasets; "
    code += "later = {'matplotlib', 'pydicom', 'requests', 'scipy.ndimage'}; "
    code += "sys.exit(bool(later & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
