"""What a point operation costs beside the bare look-up it is made of: `python start.py bench`.

The table names the bare look-up `test_bare_look_up`; the number in brackets after each time is how
many times slower than the fastest of the group it is.
"""

import numpy as np
import pytest

from helpers.intensity import (
    equalize_histogram,
    gamma_correct,
    histogram,
    log_transform,
    negative,
    rescale,
    slice_levels,
    stretch_contrast,
    window_level,
)
from tests.unit.samples import phantom_film

FILM = phantom_film()
BODY = FILM > 20
OPERATIONS = {
    "negative": negative,
    "log_transform": log_transform,
    "gamma_correct": lambda film: gamma_correct(film, 0.5),
    "stretch_contrast": stretch_contrast,
    "slice_levels": lambda film: slice_levels(film, 100, 150),
    "window_level": lambda film: window_level(film, 128, 100),
    "rescale": rescale,
    "equalize_histogram": equalize_histogram,
    "equalize_histogram, masked": lambda film: equalize_histogram(film, BODY),
}
point_operation = pytest.mark.benchmark(group="point operations, 1024 x 1024 uint8", warmup=True)
counting = pytest.mark.benchmark(group="histogram, 1024 x 1024 uint8", warmup=True)


@point_operation
def test_bare_look_up(benchmark):
    table = np.arange(256, dtype=np.float64)
    assert benchmark(lambda: table[FILM]).dtype == np.float64


@point_operation
@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(benchmark, name):
    result = benchmark(OPERATIONS[name], FILM)
    assert np.isfinite(result).all()


@counting
def test_histogram(benchmark):
    assert benchmark(histogram, FILM).sum() == FILM.size


@counting
def test_bincount(benchmark):
    assert benchmark(lambda: np.bincount(FILM.ravel(), minlength=256)).sum() == FILM.size
