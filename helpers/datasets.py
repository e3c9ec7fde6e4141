"""Where the images of the course come from: the computed phantom, real NIH films, your own folder.

`python -m helpers.datasets fetch-nih` downloads the nine NIH films. What is missing raises
FileNotFoundError, what is damaged ValueError, in one sentence that says what to do.
"""

import argparse
import hashlib
import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from helpers.images import IMAGE_EXTENSIONS, list_images, read_stack

DATA = Path(__file__).resolve().parents[1] / "data"
FRAMES = 9  # how many images of a folder become `frames`: what fits on one page and in memory

NIH = json.loads((DATA / "nih.json").read_text(encoding="utf-8"))
NIH_SHA256 = NIH["sha256"]  # of each film, by name


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """One set of images, as every notebook uses it.

    Attributes
    ----------
    name : str
        "phantom", "nih" or the name of the folder.
    frames : (n, h, w) array
        The images, in the order of `paths`: (9, 1024, 1024) uint8 for phantom and nih.
    paths : list of Path
    truth : dict of arrays, or None
        What is known about the phantom: one entry per frame in every array but `noise_free`, the
        first frame without noise. Masks are boolean: `lungs`, `lung_field`, `heart`, `ribs`,
        `opacity`, `edges`. None for all other images.
    labelled_root : Path
        A folder of class folders for `read_labelled_folder`.
    about : str
        Where the images come from.
    """

    name: str
    frames: np.ndarray
    paths: list
    truth: dict | None
    labelled_root: Path
    about: str

    def describe(self):
        """Say in two lines what there is; the same on every machine."""
        n, rows, columns = self.frames.shape
        truth = f"truth: {', '.join(self.truth)}" if self.truth else "truth: none"
        return (
            f"{self.name}: {self.about}\n{n} images of {rows} × {columns} pixels,"
            f" {self.frames.dtype}, values {self.frames.min()} to {self.frames.max()}; {truth}"
        )

    __repr__ = describe


def load(name=None):
    """Load a data set.

    Parameters
    ----------
    name : str or Path, optional
        "phantom", the computed chest of nobody that comes with the course; "nih", nine real films
        (see `fetch_nih`); a folder of your own images, whose first nine in natural order are
        taken; or a folder of class folders (images of many sizes), which becomes `labelled_root`
        beside the phantom's frames. Of a folder that holds train/, such as the Kaggle pneumonia
        set's chest_xray, train/ is taken. Without a name the environment variable XRAY_DATASET
        decides, else it is "phantom".
        A relative folder is looked for here, then in the project's folder.

    Returns
    -------
    Dataset

    Examples
    --------
    >>> films = load("phantom")
    >>> films.frames.shape, films.frames.dtype, films.truth["lungs"].dtype
    ((9, 1024, 1024), dtype('uint8'), dtype('bool'))
    """
    name = os.fspath("" if name is None else name)
    name = name or os.environ.get("XRAY_DATASET", "").strip() or "phantom"
    if name == "phantom":
        check_data()
        paths = list_images(DATA / "followup")
        about = "a computed chest X-ray of nobody, on nine visits"
        with np.load(DATA / "followup" / "truth.npz") as truth:
            return _dataset(name, paths, about, dict(truth))
    if name == "nih":
        _check_files(_nih_home(), NIH_SHA256, "run `python -m helpers.datasets fetch-nih`")
        paths = [_nih_home() / file for file in NIH_SHA256]
        return _dataset(name, paths, "nine chest X-rays of one patient, NIH Clinical Center")
    folder = _find_folder(name)
    if not folder.is_dir():
        raise FileNotFoundError(f"{name!r} is no data set: 'phantom', 'nih' or a folder is wanted.")
    for root in (folder / "train", folder):
        if not _holds_images(folder, "[!.]*") and _holds_images(root, "[!._]*/[!.]*"):
            part = " (its train/)" if root != folder else ""
            about = f"class folders of your own{part} beside the frames of the phantom"
            name = folder.resolve().name
            return replace(load("phantom"), name=name, labelled_root=root, about=about)
    everything = list_images(folder)
    about = f"your own images, {min(FRAMES, len(everything))} of {len(everything)} in the folder"
    return _dataset(folder.resolve().name, everything[:FRAMES], about)


def _holds_images(folder, pattern):
    """Tell whether a folder holds a file with the name of an image where the pattern looks."""
    return any(path.suffix.lower() in IMAGE_EXTENSIONS for path in folder.glob(pattern))


def _dataset(name, paths, about, truth=None):
    """Read the frames and put a data set together."""
    return Dataset(name, read_stack(paths), paths, truth, DATA / "pneumonia", about)


def check_data():
    """Check the embedded files against the manifest.

    Returns
    -------
    str
        How many files there are and how large they are, for the reader.

    Examples
    --------
    >>> check_data().endswith("MB, all as the manifest says")
    True
    """
    remedy = "run `python start.py data`, which rebuilds it, or `git checkout -- data`"
    try:
        manifest = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))["files"]
        expected = {entry["name"]: entry["sha256"] for entry in manifest}
        megabytes = sum(entry["bytes"] for entry in manifest) / 1e6
    except FileNotFoundError:
        raise FileNotFoundError(f"manifest.json is missing from {DATA}: {remedy}.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"manifest.json in {DATA} is damaged: {remedy}.") from error
    _check_files(DATA, expected, remedy)
    return f"{len(manifest)} files, {megabytes:.1f} MB, all as the manifest says"


def _check_files(folder, expected, remedy):
    """Compare the files of a folder with their SHA-256; raise one sentence about the first bad."""
    for name, sha256 in expected.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            raise FileNotFoundError(f"{name} is missing from {folder}: {remedy}.") from None
        if found != sha256:
            raise ValueError(f"{name} in {folder} is damaged, its SHA-256 differs: {remedy}.")


def _find_folder(text):
    """Find a folder that is named relative to here or to the project, or under ~."""
    here = Path(text).expanduser()
    return here if here.is_dir() else DATA.parent / here


def _nih_home():
    """Return the folder of the NIH films."""
    home = os.environ.get("XRAY_DATA_HOME", "").strip()
    return _find_folder(home) if home else DATA / "nih"


def fetch_nih(folder=None):
    """Download the nine NIH films that are not there yet, and check every one.

    Parameters
    ----------
    folder : str or Path, optional
        Where to put them; else the folder that XRAY_DATA_HOME names, else data/nih.

    Returns
    -------
    Path
        The folder, which now holds all nine.

    Raises
    ------
    OSError
        If a film does not arrive. It names the film, the reason and what to do; what the folder
        holds is complete and checked.

    Examples
    --------
    >>> fetch_nih("films")  # doctest: +SKIP
    PosixPath('films')
    """
    import pooch  # not above: in a notebook it warns, on import, that a widget is missing

    folder = Path(folder).expanduser() if folder else _nih_home()
    pooch.get_logger().setLevel("WARNING")  # the progress bar says enough
    films = pooch.create(folder, NIH["files_at"], registry=NIH_SHA256, retry_if_failed=2)
    # Each film in one piece: a stream that ends in an error would leave its connection open.
    downloader = pooch.HTTPDownloader(stream=False, timeout=30)
    for name in tqdm(NIH_SHA256, desc="NIH films", unit="film"):
        try:
            # pooch writes under another name and renames what has the right SHA-256.
            films.fetch(name, _let_others_read, downloader)
        except (OSError, ValueError) as error:
            raise OSError(
                f"{name} did not arrive ({error}). Run the same command again later, films that"
                f" are there are kept, or put them into {folder} by hand: {min(NIH_SHA256)} to"
                f" {max(NIH_SHA256)} from {NIH['page']}"
            ) from error
    return folder


def _let_others_read(path, action, _films):
    """Open a new file to the whole class: pooch leaves it readable for its owner alone."""
    if action != "fetch":  # pooch's word for a file that was there already
        Path(path).chmod(0o644)


def main(arguments=None):
    """Run the command line: `python -m helpers.datasets fetch-nih [folder]`."""
    parser = argparse.ArgumentParser(prog="python -m helpers.datasets")
    parser.add_argument("word", choices=["fetch-nih"], help="download the nine NIH films")
    parser.add_argument("folder", nargs="?", help="where to put them (default: data/nih)")
    try:
        folder = fetch_nih(parser.parse_args(arguments).folder)
    except OSError as error:
        parser.exit(1, f"{error}\n")
    print(f"The nine NIH films are in {folder}", *NIH["thanks"], sep="\n")


if __name__ == "__main__":
    main()
