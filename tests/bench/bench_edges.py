"""What Canny costs here, and what it costs in scikit-image: `python start.py bench`.

The films are 1024 x 1024 pixels. One is shown 1000 pixels wide too: rows of 1024 numbers compete
for the same places in the processor's cache, which slows scikit-image more. Four widths of the
Gaussian; three pairs of thresholds, from the default down to one that keeps up to two thirds of
all pixels.

Before each timed run scikit-image's Canny runs on the same film, so whatever else the computer
does slows both. Each row ends its name with the ratio of the two times, ours to scikit-image's,
the median over the runs; the number in brackets after each time says only how many times slower
than the fastest row it is. Neither uses more than one thread, and the two results have to be equal
in every pixel.
"""

from time import perf_counter

import numpy as np
import pytest
from skimage import feature

from helpers.edges import canny
from tests.unit.samples import nih_films, phantom_film

SIGMAS = (0.5, 1.0, 2.0, 4.0)
THRESHOLDS = ((0.1, 0.2), (0.05, 0.1), (0.02, 0.05))
FILMS = {
    "the phantom": phantom_film,
    "the phantom, 1000 wide": lambda: np.ascontiguousarray(phantom_film()[:, :1000]),
    "an NIH film": lambda: nih_films()[0],
}
RUNS = 9


@pytest.mark.parametrize("low, high", THRESHOLDS)
@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("name", FILMS)
def test_canny(benchmark, name, sigma, low, high):
    film = FILMS[name]()
    wanted = feature.canny(film, sigma, low * 255, high * 255)
    assert np.array_equal(canny(film, sigma, low, high), wanted)
    theirs = []

    def time_scikit_image():
        start = perf_counter()
        feature.canny(film, sigma, low * 255, high * 255)
        theirs.append(perf_counter() - start)

    benchmark.group = f"Canny on {name}"
    benchmark.pedantic(canny, (film, sigma, low, high), setup=time_scikit_image, rounds=RUNS)
    ratios = np.divide(benchmark.stats.stats.data, theirs)
    benchmark.stats.name = f"sigma {sigma:g}, {low} to {high}: ratio {np.median(ratios):.2f}"
