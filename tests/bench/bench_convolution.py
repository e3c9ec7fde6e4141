"""What the box blur costs, and what the dense formula costs: `python start.py bench`.

The image is 768 x 1024 in three colours, the sizes 9, 15, 30 and 60. The number in brackets after
each time is how many times slower than the fastest of its group it is. The dense formula takes
half a minute, so it runs once; both results are compared.
"""

import numpy as np
import pytest
from scipy.signal import convolve2d

from helpers.convolution import KERNELS, box_blur, convolve_valid
from tests.unit.samples import phantom_film

SIZES = (9, 15, 30, 60)
# The film in false colour: as it is, as its negative, and darkened.
FILM = phantom_film()[:768]
PICTURE = np.stack([FILM, 255 - FILM, FILM // 2], axis=-1)


def dense_blur(image, size):
    """Blur each channel with size * size multiplications a pixel."""
    box = np.full((size, size), 1 / size**2)
    channels = np.moveaxis(image, 2, 0)
    blurred = [convolve2d(channel, box, mode="same", boundary="symm") for channel in channels]
    return np.stack(blurred, axis=-1)


@pytest.mark.benchmark(group="box blur by size")
@pytest.mark.parametrize("size", SIZES)
def test_box_blur(benchmark, size):
    assert benchmark(box_blur, PICTURE, size).shape == PICTURE.shape


@pytest.mark.benchmark(group="box blur, all four sizes together")
def test_box_blur_all_sizes(benchmark):
    assert len(benchmark(lambda: [box_blur(PICTURE, size) for size in SIZES])) == len(SIZES)


@pytest.mark.benchmark(group="box blur, all four sizes together")
def test_convolve2d_all_sizes(benchmark):
    dense = benchmark.pedantic(lambda: [dense_blur(PICTURE, size) for size in SIZES])
    for size, expected in zip(SIZES, dense, strict=True):
        np.testing.assert_allclose(box_blur(PICTURE, size), expected, rtol=0, atol=1e-9)


@pytest.mark.benchmark(group="3 x 3 on 768 x 1024")
def test_convolve_valid(benchmark):
    assert benchmark(convolve_valid, FILM, KERNELS["gaussian"]).shape == (766, 1022)


@pytest.mark.benchmark(group="3 x 3 on 768 x 1024")
def test_convolve2d_valid(benchmark):
    result = benchmark(convolve2d, FILM, KERNELS["gaussian"], mode="valid")
    np.testing.assert_allclose(convolve_valid(FILM, KERNELS["gaussian"]), result, atol=1e-9)
