"""helpers.datasets: the embedded data, one's own folder, and the download of the NIH films.

The download is tried against a server on this machine that answers as servers do on a bad day.
What the real films hold is tested where XRAY_DATA_HOME names a folder that has them.
"""

import contextlib
import dataclasses
import hashlib
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import urllib.parse

import imageio.v3 as iio
import numpy as np
import pytest

from helpers import datasets
from helpers.datasets import NIH, NIH_SHA256, check_data, fetch_nih, load
from helpers.images import read_labelled_folder

NIH_HOME = datasets._nih_home()
HAS_NIH = all((NIH_HOME / name).is_file() for name in NIH_SHA256)
needs_nih = pytest.mark.skipif(
    not HAS_NIH, reason="no NIH films: set XRAY_DATA_HOME to a folder that holds the nine files"
)
RNG = np.random.default_rng(8)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    """Start every test without the settings of whoever runs it, and off any proxy."""
    for name in ("XRAY_DATASET", "XRAY_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def write_films(folder, shapes, dtype=np.uint8):
    """Write PNG films of the given shapes and return them."""
    folder.mkdir(parents=True, exist_ok=True)
    films = [RNG.integers(0, np.iinfo(dtype).max + 1, shape, dtype=dtype) for shape in shapes]
    for i, film in enumerate(films):
        iio.imwrite(folder / f"film_{i}.png", film)
    return films


# The embedded data


def test_phantom():
    phantom = load()
    assert (phantom.name, phantom.frames.shape, phantom.frames.dtype) == (
        "phantom",
        (9, 1024, 1024),
        np.uint8,
    )
    assert [path.name for path in phantom.paths] == [f"frame_{i:02}.png" for i in range(9)]
    for path, frame in zip(phantom.paths, phantom.frames, strict=True):
        np.testing.assert_array_equal(iio.imread(path), frame)
    with pytest.raises(dataclasses.FrozenInstanceError):
        phantom.frames = None


def test_truth_is_a_dict_of_arrays():
    truth = load("phantom").truth
    masks = ["lungs", "lung_field", "heart", "ribs", "opacity", "edges"]
    assert sorted(truth) == sorted([*masks, "severity", "opacity_share", "noise_free"])
    assert len(truth) == 9
    for name in masks:
        assert (truth[name].shape, truth[name].dtype) == ((9, 1024, 1024), bool)
    assert truth["severity"].shape == truth["opacity_share"].shape == (9,)
    assert (truth["noise_free"].shape, truth["noise_free"].dtype) == ((1024, 1024), np.uint8)
    assert type(truth) is dict


def test_the_description_is_stable_and_names_no_path():
    phantom = load()
    assert phantom.describe() == repr(phantom)
    assert phantom.describe().startswith("phantom: a computed chest X-ray of nobody")
    assert "9 images of 1024 × 1024 pixels, uint8, values " in phantom.describe()
    assert "truth: lungs, " in phantom.describe()
    assert str(datasets.DATA) not in phantom.describe()
    assert not re.search(r"[\\/]", phantom.describe())


def test_check_data_counts_what_is_there():
    manifest = json.loads((datasets.DATA / "manifest.json").read_text(encoding="utf-8"))["files"]
    total = sum((datasets.DATA / entry["name"]).stat().st_size for entry in manifest)
    said = f"{len(manifest)} files, {total / 1e6:.1f} MB, all as the manifest says"
    assert check_data() == said


@pytest.fixture
def copied_data(tmp_path, monkeypatch):
    """Put a small data folder with a manifest in place of the real one."""
    folder = tmp_path / "data"
    write_films(folder / "followup", [(4, 5)] * 2)
    files = sorted(folder.rglob("*.png"))
    entries = [
        {
            "name": file.relative_to(folder).as_posix(),
            "bytes": file.stat().st_size,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "made": "for this test",
        }
        for file in files
    ]
    (folder / "manifest.json").write_text(json.dumps({"files": entries}), encoding="utf-8")
    monkeypatch.setattr(datasets, "DATA", folder)
    assert check_data().startswith("2 files")
    return folder


@pytest.mark.parametrize("look", [check_data, load])
def test_a_damaged_or_missing_file_is_named_with_the_remedy(copied_data, look):
    film = copied_data / "followup" / "film_1.png"
    content = bytearray(film.read_bytes())
    content[-20] ^= 1
    film.write_bytes(content)
    with pytest.raises(ValueError, match=r"^followup/film_1\.png in .* is damaged") as caught:
        look()
    assert "`python start.py data`" in str(caught.value)
    assert "`git checkout -- data`" in str(caught.value)
    film.unlink()
    with pytest.raises(FileNotFoundError, match=r"^followup/film_1\.png is missing") as caught:
        look()
    assert "`python start.py data`" in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[]", '{"files": [{"name": "x"}]}'])
def test_a_damaged_or_missing_manifest_is_named(copied_data, text):
    manifest = copied_data / "manifest.json"
    manifest.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"^manifest\.json in .* is damaged: run `python start"):
        check_data()
    manifest.unlink()
    with pytest.raises(FileNotFoundError, match=r"^manifest\.json is missing .*: run `python sta"):
        check_data()


# Which data set


def test_a_folder_of_ones_own(tmp_path):
    films = write_films(tmp_path / "my films", [(6, 7)] * 3, np.uint16)
    own = load(tmp_path / "my films")
    np.testing.assert_array_equal(own.frames, films)
    assert (own.name, own.truth, own.frames.dtype) == ("my films", None, np.uint16)
    assert own.labelled_root == load("phantom").labelled_root
    assert "your own images, 3 of 3" in own.describe()
    assert "3 images of 6 × 7 pixels, uint16" in own.describe()
    assert "truth: none" in own.describe()
    assert str(tmp_path) not in own.describe()


def test_of_a_large_folder_the_first_nine_are_taken(tmp_path):
    films = write_films(tmp_path, [(6, 7)] * 12)
    own = load(str(tmp_path))
    np.testing.assert_array_equal(own.frames, films[:9])
    assert [path.name for path in own.paths] == [f"film_{i}.png" for i in range(9)]
    assert "9 of 12" in own.describe()


def test_the_environment_decides_unless_a_name_is_given(tmp_path, monkeypatch):
    write_films(tmp_path / "films", [(6, 7)])
    monkeypatch.setenv("XRAY_DATASET", f"{tmp_path / 'films'} ")  # Windows' set leaves spaces
    assert load().name == "films"
    assert load("phantom").name == "phantom"
    monkeypatch.setenv("XRAY_DATASET", " ")
    assert load().name == "phantom"


@pytest.mark.parametrize("name", [0, [], np.array([])])
def test_what_is_no_name_is_not_taken_for_no_name(name):
    with pytest.raises(TypeError, match=f"PathLike object, not {type(name).__name__}"):
        load(name)


def test_a_relative_folder_is_found_from_here_from_the_project_and_from_home(tmp_path, monkeypatch):
    write_films(tmp_path / "films", [(6, 7)])
    monkeypatch.setattr(datasets, "DATA", tmp_path / "data")
    assert load("films").name == "films"
    monkeypatch.setattr(datasets, "DATA", tmp_path / "elsewhere" / "data")
    with pytest.raises(FileNotFoundError, match="'phantom', 'nih' or a folder is wanted"):
        load("films")
    monkeypatch.chdir(tmp_path)
    assert load("films").name == "films"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))  # Windows
    assert load("~/films").name == "films"


def test_a_folder_of_unequal_images_names_the_one_and_what_to_do(tmp_path):
    write_films(tmp_path, [(6, 7), (6, 7), (5, 7)])
    with pytest.raises(ValueError, match="leave that file out") as caught:
        load(tmp_path)
    assert "film_2.png has shape (5, 7)" in str(caught.value)
    assert "leave that file out" in str(caught.value)


def test_class_folders_of_ones_own_come_beside_the_frames_of_the_phantom(tmp_path):
    for number, name in enumerate(["NORMAL", "PNEUMONIA", "PNEUMONIA"]):
        (tmp_path / name).mkdir(exist_ok=True)
        iio.imwrite(tmp_path / name / f"{number}.png", np.full((20 + number, 30), 7, np.uint8))
    data = datasets.load(tmp_path)
    assert data.labelled_root == tmp_path
    assert np.array_equal(data.frames, datasets.load("phantom").frames)
    assert data.describe().startswith(f"{tmp_path.name}: class folders of your own")
    images, labels, names = read_labelled_folder(data.labelled_root, (16, 16))
    assert (images.shape, labels.tolist(), names) == (
        (3, 16, 16),
        [0, 1, 1],
        ["NORMAL", "PNEUMONIA"],
    )


def test_of_the_root_of_the_kaggle_set_the_train_folder_is_taken(tmp_path):
    for part in ("test", "train", "val"):
        for label, name in enumerate(["PNEUMONIA", "NORMAL"]):
            folder = tmp_path / "chest_xray" / part / name
            folder.mkdir(parents=True)
            iio.imwrite(folder / "film.jpeg", np.full((20 + label, 30), 7, np.uint8))
        (tmp_path / "chest_xray" / part / ".DS_Store").touch()  # as the published archive has it
    data = load(tmp_path / "chest_xray")
    assert data.labelled_root == tmp_path / "chest_xray" / "train"
    assert data.describe().startswith("chest_xray: class folders of your own (its train/)")
    images, labels, names = read_labelled_folder(data.labelled_root, (16, 16))
    assert (images.dtype, labels.tolist(), names) == (np.uint8, [0, 1], ["NORMAL", "PNEUMONIA"])


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(ValueError, match="holds no images"):
        load(tmp_path)


# The NIH films, played by small files


@pytest.fixture
def nih(monkeypatch, tmp_path):
    """Put nine small films in place of the real ones; return name → bytes."""
    films = {name: RNG.bytes(5000 + i) for i, name in enumerate(NIH_SHA256)}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in films.items()}
    monkeypatch.setattr(datasets, "NIH_SHA256", sums)
    monkeypatch.setenv("XRAY_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # pooch waits before it tries again
    return films


@contextlib.contextmanager
def serving(answer):
    """Serve on this machine as `answer(handler, name, attempt)` says; yield (url, names asked)."""
    log = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            name = self.path.rsplit("/", 1)[-1]
            log.append(name)
            answer(self, name, log.count(name))

        def log_message(self, *_arguments):
            pass  # not into the output of the tests

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/films/", log
        finally:
            server.shutdown()
            thread.join()


def send(handler, content, length=None):
    handler.send_response(200)
    handler.send_header("Content-Length", str(length or len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def is_verified(folder, films):
    """Whether a folder holds nothing but complete films under their own names."""
    return all(film.read_bytes() == films.get(film.name) for film in folder.iterdir())


def fetch_from(url, folder=None):
    """Download the films from another server than the one the course names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(datasets.NIH, "files_at", url)
        return fetch_nih(folder)


def failing(folder, url):
    """Return the message with which the download fails."""
    with pytest.raises(OSError, match=r"\.png did not arrive \(") as caught:
        fetch_from(url, folder)
    message = str(caught.value)
    assert NIH["page"] in message
    assert "by hand" in message
    assert str(folder) in message
    return message


def test_good_files_arrive_once(nih, tmp_path, capsys):
    folder = tmp_path / "new" / "films"
    with serving(lambda handler, name, attempt: send(handler, nih[name])) as (url, log):
        assert fetch_from(url, folder) == folder
        assert sorted(log) == sorted(nih)
        assert {path.name for path in folder.iterdir()} == set(nih)
        assert is_verified(folder, nih)
        if os.name == "posix":
            assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}
        fetch_from(url, folder)
        assert len(log) == 9  # nothing was fetched again
    assert "9/9" in capsys.readouterr().err  # the progress bar


def test_a_damaged_film_is_fetched_again_and_no_other(nih, tmp_path):
    for name, content in nih.items():
        (tmp_path / name).write_bytes(content)
    first, *_ = nih
    (tmp_path / first).write_bytes(b"half a fi")
    with serving(lambda handler, name, attempt: send(handler, nih[name])) as (url, log):
        fetch_from(url, tmp_path)
        assert log == [first]
    assert is_verified(tmp_path, nih)


def test_wrong_bytes_never_get_the_final_name(nih, tmp_path):
    folder = tmp_path / "films"
    with serving(lambda handler, name, attempt: send(handler, b"<html>Log in</html>")) as (url, _):
        message = failing(folder, url)
    assert "hash" in message
    assert "00000011_000.png" in message
    assert not any(folder.glob("*"))


def test_what_arrived_before_a_failure_is_kept(nih, tmp_path):
    def answer(handler, name, attempt):
        send(handler, nih[name] if name < "00000011_004.png" else b"<html>Log in</html>")

    with serving(answer) as (url, _):
        message = failing(tmp_path, url)
    assert message.startswith("00000011_004.png")
    assert [path.name for path in sorted(tmp_path.iterdir())] == sorted(nih)[:4]
    assert is_verified(tmp_path, nih)
    with serving(lambda handler, name, attempt: send(handler, nih[name])) as (url, log):
        fetch_from(url, tmp_path)
        assert log == sorted(nih)[4:]


def test_a_cut_off_transfer_leaves_nothing(nih, tmp_path):
    folder = tmp_path / "films"

    def answer(handler, name, attempt):
        send(handler, nih[name][:2000], length=len(nih[name]))

    with serving(answer) as (url, log):
        message = failing(folder, url)
        assert log == ["00000011_000.png"] * 3
    # urllib3 1.x does not compare the length; then the SHA-256 tells.
    assert "IncompleteRead" in message or "hash" in message
    assert not any(folder.glob("*"))


def test_a_transfer_cut_off_once_is_tried_again(nih, tmp_path):
    def answer(handler, name, attempt):
        kept = 2000 if attempt == 1 else None
        send(handler, nih[name][:kept], length=len(nih[name]))

    with serving(answer) as (url, log):
        fetch_from(url, tmp_path)
        assert len(log) == 18
    assert len(list(tmp_path.iterdir())) == 9
    assert is_verified(tmp_path, nih)


def test_404_is_named(nih, tmp_path):
    folder = tmp_path / "films"
    with serving(lambda handler, name, attempt: handler.send_error(404)) as (url, _):
        assert "404 Client Error" in failing(folder, url)
    assert not any(folder.glob("*"))


def test_500_then_good(nih, tmp_path):
    def answer(handler, name, attempt):
        if attempt < 3:
            handler.send_error(500)
        else:
            send(handler, nih[name])

    with serving(answer) as (url, log):
        fetch_from(url, tmp_path)
        assert len(log) == 27
    assert len(list(tmp_path.iterdir())) == 9
    assert is_verified(tmp_path, nih)


def test_no_server(nih, tmp_path):
    with serving(lambda handler, name, attempt: None) as (url, _):
        pass  # the port is free again, and nobody answers on it
    folder = tmp_path / "films"
    message = failing(folder, url)
    assert str(urllib.parse.urlparse(url).port) in message
    assert not any(folder.glob("*"))


def test_a_folder_that_cannot_be_made_is_named(nih, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"00000011_000\.png did not arrive"):
        fetch_from("http://127.0.0.1:9/", tmp_path / "file" / "films")


def test_default_folder(nih, tmp_path, monkeypatch):
    with serving(lambda handler, name, attempt: send(handler, nih[name])) as (url, _):
        assert fetch_from(url) == tmp_path / "home"
        monkeypatch.delenv("XRAY_DATA_HOME")
        monkeypatch.setattr(datasets, "DATA", tmp_path / "data")
        assert fetch_from(url) == tmp_path / "data" / "nih"


def test_command_line(nih, tmp_path, monkeypatch, capsys):
    with serving(lambda handler, name, attempt: send(handler, nih[name])) as (url, _):
        monkeypatch.setitem(datasets.NIH, "files_at", url)
        datasets.main(["fetch-nih", str(tmp_path / "films")])
    said = capsys.readouterr().out
    for part in ("films", "NIH Clinical Center", "https://nihcc.app.box.com/v/ChestXray-NIHCC"):
        assert part in said
    assert "CVPR 2017, pp. 3462-3471" in said
    with serving(lambda handler, name, attempt: handler.send_error(404)) as (url, _):
        monkeypatch.setitem(datasets.NIH, "files_at", url)
        with pytest.raises(SystemExit) as caught:
            datasets.main(["fetch-nih"])
    assert caught.value.code == 1
    assert "00000011_000.png did not arrive" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        datasets.main([])


def test_command_line_fails_with_a_sentence_and_no_traceback(tmp_path):
    (tmp_path / "file").touch()  # so that it fails before it asks the network
    command = [sys.executable, "-m", "helpers.datasets", "fetch-nih", tmp_path / "file" / "films"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "00000011_000.png did not arrive" in done.stderr
    assert "Traceback" not in done.stderr


def test_nih_missing_or_damaged(nih, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"^00000011_000\.png is missing") as caught:
        load("nih")
    assert "python -m helpers.datasets fetch-nih" in str(caught.value)
    home = tmp_path / "home"
    home.mkdir()
    for name, content in nih.items():
        (home / name).write_bytes(content)
    (home / "00000011_005.png").write_bytes(b"half")
    with pytest.raises(ValueError, match=r"^00000011_005\.png in .* is damaged") as caught:
        load("nih")
    assert "python -m helpers.datasets fetch-nih" in str(caught.value)


# The real films


def test_the_pinned_address_is_the_one_of_the_tutorial():
    commit = "d8a82a1b792f24a52eebcf0ae5ec73ccacfef685"
    folder = f"{commit}/content/tutorial-x-ray-image-processing/"
    assert f"https://raw.githubusercontent.com/numpy/numpy-tutorials/{folder}" == NIH["files_at"]
    assert list(NIH_SHA256) == [f"00000011_00{i}.png" for i in range(9)]
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in NIH_SHA256.values())


@needs_nih
def test_the_figures_the_numpy_tutorial_publishes(monkeypatch):
    monkeypatch.setenv("XRAY_DATA_HOME", str(NIH_HOME))
    films = load("nih")
    assert (films.frames.shape, films.frames.dtype) == ((9, 1024, 1024), np.uint8)
    assert films.paths[1].name == "00000011_001.png"
    film = films.frames[1]
    assert (film.min(), film.max()) == (0, 255)
    # Sums of integers below 2**53 are exact, so these two are equal to the last digit.
    assert film.mean() == 172.52233219146729
    assert np.median(film) == 195.0
    assert films.describe().startswith("nih: nine chest X-rays of one patient")


@needs_nih
def test_the_real_films_served_from_here_arrive_whole(tmp_path):
    content = {name: (NIH_HOME / name).read_bytes() for name in NIH_SHA256}
    with serving(lambda handler, name, attempt: send(handler, content[name])) as (url, _):
        fetch_from(url, tmp_path)
    assert is_verified(tmp_path, content)
