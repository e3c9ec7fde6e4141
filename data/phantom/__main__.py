"""Rebuild everything under ``data/``: ``python -m data.phantom`` from the project's root."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless

from .film import radiograph
from .series import CLASSES, FOLLOW_UP_PATIENT, SEVERITIES, class_film, follow_up_frame
from .truth import TRUTHS
from .volume import VOXEL_CM, ct_volume

DATA = Path(__file__).resolve().parent.parent
JPEG_QUALITY = 90
FORMATS_SEED = 21

# Fixed identifiers (2.25 is the branch for numbers that need no registration), so that the same
# bytes come out on every run.
UID_ROOT = "2.25.20230117"
DX_STORAGE_FOR_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.1"


def write_atomically(path, content):
    """Write bytes so that a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def png(image):
    """PNG file as bytes."""
    return iio.imwrite("<bytes>", image, extension=".png", compress_level=9)


def jpeg(image):
    """Grey JPEG file as bytes."""
    return iio.imwrite("<bytes>", image, extension=".jpeg", quality=JPEG_QUALITY)


def npz(arrays):
    """NPZ file as bytes, packed more tightly than `numpy.savez_compressed` does."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy")  # dated 1980, so the same bytes on every day
            archive.writestr(info, member.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def followup():
    """Yield (name, bytes, how made) of the follow-up series."""
    masks, shares = {key: [] for key in TRUTHS}, []
    for visit, severity in enumerate(SEVERITIES):
        film = follow_up_frame(visit)
        for key in TRUTHS:
            masks[key].append(film.truth[key])
        shares.append(film.opacity_share)
        if visit == 0:
            noise_free = film.noise_free
        how = f"follow-up patient, visit {visit}, severity {severity}: radiograph, 1024 x 1024"
        yield f"followup/frame_{visit:02}.png", png(film.image), how
    arrays = {key: np.stack(stack) for key, stack in masks.items()}
    arrays["severity"], arrays["opacity_share"] = np.array(SEVERITIES), np.array(shares)
    arrays["noise_free"] = noise_free
    how = "truth of the nine frames, from the projected solids before blur and noise"
    yield "followup/truth.npz", npz(arrays), how


def pneumonia():
    """Yield (name, bytes, how made) of the class folders."""
    for name, count in CLASSES.items():
        short = name.split("_")[1]
        for number in range(1, count + 1):
            film = class_film(name, number)
            how = f"{short} patient {number}: cropped radiograph, JPEG of quality {JPEG_QUALITY}"
            yield f"pneumonia/{name}/{short}_{number:02}.jpeg", jpeg(film.image), how


def stored_values(signal, per_unit, bits):
    """Signal of a film as unsigned integers: ``per_unit`` steps per unit, 0.2 below zero kept."""
    return np.clip(np.round((signal + 0.2) * per_unit), 0, 2**bits - 1).astype(np.uint16)


def dicom(values, pixel_cm):
    """Uncompressed DICOM data set of a 12-bit film; all names, dates and numbers are made up."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = DX_STORAGE_FOR_PRESENTATION
    meta.MediaStorageSOPInstanceUID = f"{UID_ROOT}.1"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = f"{UID_ROOT}.9"
    meta.ImplementationVersionName = "XRAY_COURSE_1"
    film = Dataset()
    film.file_meta = meta
    film.SOPClassUID = DX_STORAGE_FOR_PRESENTATION
    film.SOPInstanceUID = f"{UID_ROOT}.1"
    film.StudyInstanceUID = f"{UID_ROOT}.2"
    film.SeriesInstanceUID = f"{UID_ROOT}.3"
    film.PatientName = "Phantom^Digital"
    film.PatientID = "NOBODY-1"
    film.PatientSex = "O"
    film.PatientBirthDate = ""
    film.StudyDate = film.SeriesDate = film.ContentDate = "20230117"
    film.StudyTime = film.ContentTime = "120000"
    film.AccessionNumber = film.ReferringPhysicianName = film.StudyID = ""
    film.SeriesNumber = film.InstanceNumber = 1
    film.Modality = "DX"
    film.Manufacturer = "X-ray course, digital phantom"
    film.StudyDescription = "Chest PA, synthetic, not for diagnosis"
    film.BodyPartExamined = "CHEST"
    film.ViewPosition = "PA"
    film.PatientOrientation = ["L", "F"]
    film.KVP = 120
    film.DistanceSourceToDetector = 1800
    film.ImageType = ["DERIVED", "PRIMARY"]
    film.BurnedInAnnotation = "NO"
    film.LossyImageCompression = "00"
    film.PresentationIntentType = "FOR PRESENTATION"
    film.PixelSpacing = film.ImagerPixelSpacing = [round(10 * pixel_cm, 4)] * 2
    film.SamplesPerPixel = 1
    film.PhotometricInterpretation = "MONOCHROME2"
    film.PresentationLUTShape = "IDENTITY"
    film.Rows, film.Columns = values.shape
    film.BitsAllocated, film.BitsStored, film.HighBit, film.PixelRepresentation = 16, 12, 11, 0
    film.RescaleIntercept, film.RescaleSlope, film.RescaleType = 0, 1, "US"
    film.WindowCenter, film.WindowWidth = 1700, 2800
    film.PixelData = values.astype("<u2").tobytes()
    return film


def dicom_bytes(film):
    """DICOM file as bytes."""
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, film, enforce_file_format=True)
    return buffer.getvalue()


def tiff_stack(volume):
    """Multi-page TIFF file as bytes."""
    pages = [Image.fromarray(page) for page in volume]
    buffer = io.BytesIO()
    pages[0].save(
        buffer, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_adobe_deflate"
    )
    return buffer.getvalue()


def formats():
    """Yield (name, bytes, how made) of one film in several formats, and of the voxels."""
    film = radiograph(512, FORMATS_SEED)
    yield (
        "formats/film_16bit.png",
        png(stored_values(film.signal, 9500, bits=16)),
        "film of 512 x 512 pixels, signal before the tone curve, 9500 steps per unit, 16 bits",
    )
    values = stored_values(film.signal, 600, bits=12)
    data_set = dicom(values, film.pixel_cm)
    how = "the same film as DICOM, 600 steps per unit, 12 bits, with window"
    yield "formats/film_12bit.dcm", dicom_bytes(data_set), how + ", uncompressed"
    data_set.compress(JPEG2000Lossless, generate_instance_uid=False)
    yield "formats/film_jpeg.dcm", dicom_bytes(data_set), how + ", JPEG 2000 lossless"
    tinted = np.stack([film.image, film.image, np.minimum(film.image + 12.0, 255)], axis=-1)
    yield (
        "formats/film_rgb.png",
        png(tinted.astype(np.uint8)),
        "the same film in 8 bits as a colour picture with a blue tint, like a screenshot",
    )
    z, y, x = (10 * size for size in VOXEL_CM)
    yield (
        "formats/volume.tif",
        tiff_stack(ct_volume(FOLLOW_UP_PATIENT)),
        f"axial slices of the follow-up patient, voxels {z:g} x {y:g} x {x:g} mm, CT number + 1000",
    )


def main():
    """Write every set and the manifest."""
    entries = []
    for make in (followup, pneumonia, formats):
        for name, content, how in make():
            write_atomically(DATA / name, content)
            digest = hashlib.sha256(content).hexdigest()
            entries.append({"name": name, "bytes": len(content), "sha256": digest, "made": how})
            print(f"{name}  {len(content)} bytes")
    text = json.dumps({"files": entries}, indent=1) + "\n"
    write_atomically(DATA / "manifest.json", text.encode("utf-8"))


if __name__ == "__main__":
    main()
