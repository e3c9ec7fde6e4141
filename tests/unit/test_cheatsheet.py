"""The cheat sheet: every line of it runs, and gives what the helpers give."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import imageio.v3 as iio
import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers import convolution, datasets, edges, images, intensity, masks

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "site" / "cheatsheet.md"
SECONDS = 100


def blocks():
    """Return the blocks of code on the page."""
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.+?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with the files that the page names, and work in it."""
    series = sorted((datasets.DATA / "followup").glob("*.png"))
    (tmp_path / "films").mkdir()
    for path in series:
        shutil.copy(path, tmp_path / "films")
    shutil.copy(series[0], tmp_path / "film.png")
    shutil.copy(datasets.DATA / "formats" / "film_12bit.dcm", tmp_path / "film.dcm")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_has_a_block_for_each_lesson_and_narrow_lines():
    titles = [re.match(r"# (\d\d) · ", block) for block in blocks()[1:]]
    assert [title[1] for title in titles] == [f"{number:02d}" for number in range(1, 15)]
    lines = "".join(blocks()).splitlines()
    assert max(map(len, lines)) <= 62
    assert len(lines) + 2 * len(blocks()) <= 180, "more than a page in two columns"


@pytest.mark.slow
def test_every_line_of_lessons_01_to_13_runs_and_is_right(folder, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: None)
    said = {}
    for block in blocks()[:-1]:
        exec(compile(block, PAGE.name, "exec"), said)
    plt.close("all")
    film, image = said["film"], said["image"]
    assert np.array_equal(iio.imread(folder / "copy.png"), film)
    assert (folder / "figure.png").is_file()
    assert np.array_equal(said["stack"], datasets.load("phantom").frames)
    assert said["small"].shape == (256, 256)
    assert not set(said["patients"][said["in_test"]]) & set(said["patients"][~said["in_test"]])
    values = images.read_image(folder / "film.dcm")
    assert np.allclose(said["values"], values)
    assert np.allclose(said["windowed"], intensity.window_level(values, 1700, 2800))
    assert np.array_equal(said["looked_up"], said["brighter"])
    assert np.array_equal(said["stored"], said["brighter"])
    assert np.allclose(said["negative"], intensity.negative(film))
    assert np.allclose(said["gamma"], intensity.gamma_correct(film, 0.5))
    assert np.allclose(said["stretched"], intensity.stretch_contrast(film, 2, 98))
    assert np.array_equal(said["counts"], intensity.histogram(film))
    assert np.allclose(said["equalized"], intensity.equalize_histogram(film))
    assert np.allclose(said["sharp"], convolution.sharpen(film))
    assert np.allclose(said["mean"], convolution.box_blur(film, 3))
    assert said["psnr"] == pytest.approx(convolution.psnr(image, said["soft"], 255))
    assert np.allclose(said["unsharp"], convolution.unsharp_mask(film, 2, 1.5))
    assert said["waves"].argmax() == 512 * 1024 + 512
    magnitude, direction = edges.gradient(film, "sobel")
    assert np.allclose(8 * said["magnitude"], magnitude)
    assert np.allclose(said["direction"], direction)
    assert np.allclose(said["steepness"], edges.gradient(film, "gaussian", 4)[0])
    assert np.allclose(said["log"], edges.laplacian_of_gaussian(film, 4))
    scores = edges.edge_scores(said["edges"], said["truth"])
    assert said["precision"] == pytest.approx(scores["precision"])
    assert said["recall"] == pytest.approx(scores["recall"])
    assert (said["magnitude"] > 6).sum() < said["edges"].sum() < (said["magnitude"] > 3).sum()
    assert min(piece["area"] for piece in masks.regions(said["mask"])) >= 500
    assert said["dice"] == pytest.approx(masks.dice(said["mask"], said["grown"]))
    moved = datasets.load("phantom").truth["lung_field"][[0, 3]]
    rows = [np.argwhere(mask)[:, 0].mean() for mask in moved]
    assert abs(said["shift"][0] - (rows[1] - rows[0])) < 20
    assert said["p"] == pytest.approx(1 / 6)
    assert said["confusion"].sum() == said["in_test"].sum()


@pytest.mark.slow
def test_the_script_of_lesson_14_runs(folder):
    script = folder / "script.py"
    script.write_text(f"{blocks()[0]}\n\n{blocks()[-1]}", encoding="utf-8")
    environment = {**os.environ, "MPLBACKEND": "Agg", "PYTHONUTF8": "1"}
    subprocess.run(
        [sys.executable, script], cwd=folder, env=environment, check=True, timeout=SECONDS
    )
    table = (folder / "rows.csv").read_text(encoding="utf-8").splitlines()
    assert table[0] == "path,mean,error"
    assert len(table) == 1 + 9 + 1
    assert table[-1] == "lost.png,,FileNotFoundError"
    assert float(table[1].split(",")[1]) == pytest.approx(iio.imread("film.png").mean())
