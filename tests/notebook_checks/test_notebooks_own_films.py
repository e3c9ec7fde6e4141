"""Every notebook runs from start to end on a folder of one's own films."""

import numpy as np
import pytest
from PIL import Image

from tests.notebook_checks import notebooks
from tests.notebook_checks.other_films import every_notebook, run

WIDTH, HEIGHT = (
    434,
    490,
)  # of the films, which are neither square nor of a size that is a power of 2

pytestmark = [pytest.mark.slow, pytest.mark.films]


@pytest.fixture(scope="module")
def own_folder(tmp_path_factory):
    """Return a folder with nine 8-bit films of another size, under names people use."""
    folder = tmp_path_factory.mktemp("own films é")
    frames = sorted((notebooks.ROOT / "data" / "followup").glob("*.png"))
    for number, frame in enumerate(frames, start=1):
        with Image.open(frame) as film:
            other = film.crop((60, 30, 960, 1010)).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
            other = other.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            other.save(folder / f"film {number}.png")
    return folder


@pytest.mark.timeout(300)
@every_notebook
def test_notebook_runs_on_ones_own_films(path, own_folder, tmp_path):
    run(path, tmp_path, dataset=own_folder)


def test_the_own_films_are_other_films(own_folder):
    films = [np.asarray(Image.open(path)) for path in sorted(own_folder.glob("*.png"))]
    assert [film.shape for film in films] == [(HEIGHT, WIDTH)] * 9
    assert {film.dtype for film in films} == {np.dtype(np.uint8)}
    assert min(film.std() for film in films) > 20
