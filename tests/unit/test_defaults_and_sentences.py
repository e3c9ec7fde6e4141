"""Every default value and every sentence of refusal of the public functions, word for word.

A default that changes and a sentence that names the wrong argument are seen by nothing else.
"""

import numpy as np
import pytest
from scipy import ndimage as ndi

from tests.unit.test_contract import FILM, FUNCTIONS, MASK, parameters

# Every default: what a docstring or DESIGN says it is, and another value that gives another result.

NOISE = np.random.default_rng(5).integers(0, 256, (24, 30), dtype=np.uint8)
FAINT = NOISE // 8 + 100
DOTS = np.random.default_rng(6).random((2, 30, 30)) < 0.02
DEFAULTS = {
    "convolution.box_blur": ({"image": NOISE, "size": 4}, {"mode": ("reflect", "wrap")}),
    "convolution.convolve_valid": (
        {"image": NOISE, "kernel": [[1, 2]]},
        {"stride": (1, 2)},
    ),
    "convolution.output_size": ({"n": 9, "f": 2}, {"stride": (1, 2), "padding": (0, 1)}),
    "convolution.sharpen": ({"image": NOISE}, {"amount": (1.0, 2.0)}),
    "edges.canny": (
        {"image": ndi.gaussian_filter(NOISE, 0.7)},
        {"sigma": (1.0, 2.0), "low": (0.1, 0.2), "high": (0.2, 0.3)},
    ),
    "edges.edge_scores": ({"detected": DOTS[0], "truth": DOTS[1]}, {"tolerance": (2.0, 3.0)}),
    "edges.gradient": (
        {"image": NOISE, "operator": "gaussian"},
        {"operator": ("sobel", "prewitt"), "sigma": (1.0, 2.0)},
    ),
    "edges.zero_crossings": ({"log_image": NOISE / 16 - 8}, {"threshold": (0.0, 3.0)}),
    "intensity.equalize_histogram": (
        {"image": NOISE},
        {"mask": (None, NOISE > 90), "levels": (256, 257)},
    ),
    "intensity.equalize_locally": (
        {"image": FAINT},
        {"tiles": (8, 9), "clip_limit": (0.01, 1.01), "levels": (256, 257)},
    ),
    "intensity.gamma_correct": ({"image": NOISE, "gamma": 0.5}, {"levels": (256, 257)}),
    "intensity.histogram": ({"image": NOISE}, {"levels": (256, 257)}),
    "intensity.log_transform": ({"image": NOISE}, {"levels": (256, 257)}),
    "intensity.negative": ({"image": NOISE}, {"levels": (256, 257)}),
    "intensity.rescale": ({"image": NOISE}, {"out_min": (0.0, 1.0), "out_max": (255.0, 256.0)}),
    "intensity.slice_levels": (
        {"image": NOISE, "low": 9, "high": 99},
        {"value": (255, 256), "keep": (True, False)},
    ),
    "intensity.stretch_contrast": (
        {"image": NOISE},
        {"low": (2, 3), "high": (98, 99), "levels": (256, 257)},
    ),
    "intensity.window_level": (
        {"image": NOISE, "center": 99, "width": 50},
        {"levels": (256, 257)},
    ),
    "masks.regions": ({"mask": NOISE > 99}, {"image": (None, NOISE)}),
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_default_is_what_it_is_said_to_be_and_matters(name):
    given, defaults = DEFAULTS[name]
    function = FUNCTIONS[name]
    for argument, (default, other) in defaults.items():
        rest = {key: value for key, value in given.items() if key != argument}
        without = function(**rest)
        np.testing.assert_equal(function(**rest, **{argument: default}), without)
        with pytest.raises(AssertionError):
            np.testing.assert_equal(function(**rest, **{argument: other}), without)


def test_no_default_of_the_algorithms_is_forgotten():
    rooms = ("convolution.", "edges.", "intensity.", "lungs.", "masks.", "opacity.")
    for name in (name for name in FUNCTIONS if name.startswith(rooms)):
        with_default = [p.name for p in parameters(name).values() if p.default is not p.empty]
        assert with_default == list(DEFAULTS.get(name, ({}, {}))[1]), name


# What a reader is told, word for word: what came, what is wanted and, often, what to do.

SENTENCES = [
    (
        "convolution.output_size",
        {"n": 5, "f": 8, "padding": 1},
        "the kernel of 8 pixels does not fit into 7 pixels of image and padding; a smaller"
        " kernel or a larger image is wanted.",
    ),
    (
        "convolution.convolve_valid",
        {"image": FILM, "kernel": FILM.T},
        "the kernel of shape (8, 6) does not fit into the image of shape (6, 8); a smaller"
        " kernel or a larger image is wanted.",
    ),
    (
        "convolution.box_blur",
        {"image": FILM, "size": 3, "mode": "symm"},
        "mode is 'symm'; one of reflect, mirror, nearest, wrap, constant is wanted.",
    ),
    (
        "convolution.box_blur",
        {"image": FILM, "size": 65537},
        "size is 65537; at most 65536 is wanted.",
    ),
    (
        "convolution.psnr",
        {"image": FILM, "reference": FILM.T, "data_range": 1},
        "image is (6, 8), reference (8, 6); one shape is wanted.",
    ),
    (
        "edges.gradient",
        {"image": FILM, "operator": "roberts"},
        "operator is 'roberts'; sobel, prewitt or gaussian is wanted.",
    ),
    (
        "edges.gradient",
        {"image": FILM, "operator": "gaussian", "sigma": 0.4},
        "sigma is 0.4; a finite number of at least 0.5 and at most 1000 is wanted.",
    ),
    (
        "edges.laplacian_of_gaussian",
        {"image": FILM, "sigma": 1001},
        "sigma is 1001; a finite number of at least 0.5 and at most 1000 is wanted.",
    ),
    (
        "edges.canny",
        {"image": FILM, "sigma": 0},
        "sigma is 0; a finite number greater than 0 and at most 1000 is wanted.",
    ),
    (
        "edges.canny",
        {"image": FILM, "low": 0.3, "high": 0.2},
        "low is 0.3 and high is 0.2; low has to be the smaller one.",
    ),
    (
        "edges.zero_crossings",
        {"log_image": FILM, "threshold": -1},
        "threshold is -1; a finite number of at least 0 is wanted.",
    ),
    (
        "edges.edge_scores",
        {"detected": MASK, "truth": MASK.T},
        "detected has shape (6, 8); the shape (8, 6) is wanted.",
    ),
    (
        "intensity.log_transform",
        {"image": FILM - 300.0},
        "image holds values from -300 to -65; values of at least 0 are wanted, since"
        " smaller ones have no logarithm (helpers.intensity.rescale helps).",
    ),
    (
        "intensity.negative",
        {"image": FILM * 2.0},
        "image holds values from 0 to 470; 0 to 255 is wanted (levels=65536 is for 16-bit"
        " images; helpers.intensity.rescale brings any image to 0 to 255).",
    ),
    (
        "intensity.bit_planes",
        {"image": FILM / 2},
        "image holds fractions; whole numbers are wanted (np.rint rounds them).",
    ),
    (
        "intensity.bit_planes",
        {"image": FILM * 2.0},
        "image holds values from 0 to 470; 0 to 255 is wanted (helpers.intensity.rescale"
        " brings any image to 0 to 255).",
    ),
    (
        "intensity.stretch_contrast",
        {"image": FILM, "low": -1},
        "low is -1, high 98; percentiles from 0 to 100 are wanted.",
    ),
    (
        "intensity.equalize_histogram",
        {"image": FILM, "mask": MASK & False},
        "mask selects no pixel; at least one is wanted (mask.any() tells).",
    ),
    (
        "intensity.equalize_locally",
        {"image": FILM, "clip_limit": 0},
        "clip_limit is 0; a finite number greater than 0 is wanted.",
    ),
    (
        "intensity.histogram",
        {"image": FILM, "levels": 2**24 + 1},
        "levels is 16777217; at most 16777216 is wanted.",
    ),
    (
        "intensity.window_level",
        {"image": FILM, "center": 1, "width": 0},
        "width is 0; a finite number greater than 0 is wanted.",
    ),
    (
        "masks.regions",
        {"mask": MASK, "image": FILM.T},
        "image has shape (8, 6), mask (6, 8); one is wanted.",
    ),
    ("masks.dice", {"a": MASK, "b": MASK.T}, "b has shape (8, 6); the shape (6, 8) is wanted."),
    (
        "opacity.opacity",
        {"image": FILM, "lungs": FILM > 100},
        "lungs leave no tissue between them; a left and a right lung are wanted.",
    ),
    (
        "figures.show",
        {"images": FILM, "alt": "A film."},
        "alt is 'A film.'; a sentence on what the picture shows is wanted.",
    ),
    (
        "figures.show",
        {"images": [], "alt": "A film is shown."},
        "images is empty; at least one image is wanted.",
    ),
    (
        "figures.show",
        {"images": FILM, "titles": 3, "alt": "A film is shown."},
        "titles is 3; a list with one title per image is wanted.",
    ),
    (
        "figures.show",
        {"images": FILM, "titles": ["a", "b"], "alt": "A film is shown."},
        "titles has 2 entries; 1, one per image, are wanted.",
    ),
    (
        "figures.show",
        {"images": FILM, "limits": "all", "alt": "A film is shown."},
        'limits is \'all\'; "shared", "each" or (low, high) is wanted.',
    ),
    (
        "figures.show",
        {"images": FILM, "limits": (3, 2), "alt": "A film is shown."},
        "limits[0] is 3, limits[1] 2; the smaller first is wanted.",
    ),
    (
        "figures.show",
        {"images": FILM, "cmap": ["gray", "gray"], "alt": "A film is shown."},
        "colormaps has 2 entries; 1, one per image, are wanted.",
    ),
    (
        "figures.show_histogram",
        {"images": MASK, "alt": "A mask is shown."},
        "images holds a mask or a colour image; grey images are wanted.",
    ),
    (
        "figures.overlay",
        {"image": FILM, "mask": {"heart": MASK.T}, "alt": "A mask is shown."},
        "heart has shape (8, 6); the shape (6, 8) is wanted.",
    ),
    (
        "figures.overlay",
        {"image": FILM, "mask": {str(i): MASK for i in range(8)}, "alt": "A mask is shown."},
        "mask names 8 masks; at most 7 are wanted.",
    ),
    (
        "figures.animate",
        {"stack": [FILM, FILM.T], "alt": "A film is shown."},
        "stack holds frames of shape (6, 8) and (8, 6); grey frames of one are wanted.",
    ),
    (
        "figures.animate",
        {"stack": [FILM], "seconds_per_frame": 0, "alt": "A film is shown."},
        "seconds_per_frame is 0; a finite number of at least 0.01 is wanted.",
    ),
    (
        "figures.finish",
        {"fig": None, "alt": "A film is shown."},
        "fig is of type NoneType; a Matplotlib figure is wanted.",
    ),
    (
        "images.resize",
        {"image": FILM, "shape": (2, 0)},
        "shape[1] is 0; a whole number of at least 1 is wanted.",
    ),
    (
        "images.resize",
        {"image": FILM, "shape": (10**4, 10**4 + 1)},
        "shape[1] is 10001; at most 10000 is wanted.",
    ),
    ("images.resize", {"image": FILM, "shape": 7}, "shape is 7; (rows, columns) is wanted."),
    (
        "images.read_stack",
        {"paths": []},
        "There are no files to stack: the list of paths is empty.",
    ),
    (
        "images.read_stack",
        {"paths": "films"},
        "films is one path; a list is wanted, such as list_images(films).",
    ),
    (
        "images.list_images",
        {"folder": ".", "extensions": ()},
        "extensions is (); endings such as '.png' are wanted.",
    ),
    ("images.list_images", {"folder": "nowhere"}, "There is no folder nowhere."),
    (
        "images.write_gif",
        {"path": "a.gif", "stack": FILM, "seconds_per_frame": 656},
        "seconds_per_frame is 656; a GIF holds at most 655.35.",
    ),
    (
        "images.write_gif",
        {"path": "a.gif", "stack": np.zeros((1, 1, 65536), np.uint8)},
        "stack has shape (1, 1, 65536); at most 65535 a side is wanted.",
    ),
    (
        "images.write_gif",
        {"path": "a.png", "stack": FILM},
        "a.png is a folder or does not end in .gif; a GIF file is wanted.",
    ),
    (
        "datasets.load",
        {"name": "nowhere"},
        "'nowhere' is no data set: 'phantom', 'nih' or a folder is wanted.",
    ),
]


@pytest.mark.parametrize(("name", "values", "sentence"), SENTENCES)
def test_the_sentence_word_for_word(name, values, sentence):
    with pytest.raises((TypeError, ValueError, FileNotFoundError)) as caught:
        FUNCTIONS[name](**values)
    assert str(caught.value) == sentence
