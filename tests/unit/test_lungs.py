"""helpers.lungs on people it has never seen, real films, noise, and a chest drawn by hand."""

import numpy as np
import pytest
import skimage.data
from scipy import ndimage as ndi

from data.phantom import radiograph
from helpers import datasets, images, lungs, masks
from tests.unit.samples import BAD_IMAGES, assert_one_sentence, nih_films

PICTURES = (
    "camera coins text horse clock page moon chelsea astronaut brick grass gravel coffee cell"
)


def drawn_chest():
    """Draw two dark lungs and the dark air beside a grey body; return it and the lungs."""
    rows, columns = np.mgrid[: lungs.SIDE, : lungs.SIDE]
    film = np.full((lungs.SIDE, lungs.SIDE), 180.0)
    film[:, :20] = film[:, -20:] = 0
    left, right = (
        ((rows - 120) / 70) ** 2 + ((columns - centre) / 30) ** 2 < 1 for centre in (80, 180)
    )
    film[left | right] = 60
    return film, left, right


@pytest.mark.parametrize("radius", [0, 1, 2, 5])
def test_a_mask_grows_and_shrinks_by_what_lies_within_the_radius(radius):
    mask = np.random.default_rng(radius).random((30, 41)) < 0.5
    near = ndi.distance_transform_edt(~mask) <= radius
    np.testing.assert_array_equal(lungs.dilate(mask, radius), near)
    deep = ndi.distance_transform_edt(mask) > radius
    np.testing.assert_array_equal(lungs.erode(mask, radius), deep)


@pytest.mark.slow
def test_people_it_has_never_seen():
    people = ((701, None, 0.0), (702, "bacterial", 0.6), (703, "viral", 0.9), (704, None, 0.0))
    scores = []
    for seed, disease, severity in people:
        film = radiograph(384, seed, disease=disease, severity=severity)
        scores.append(masks.dice(lungs.lung_field(film.image), film.truth["lung_field"]))
    assert np.mean(scores) >= 0.92
    assert min(scores) >= 0.88


@pytest.mark.films
def test_real_films_show_two_lungs_side_by_side():
    for film in nih_films():
        found = lungs.lung_field(film)
        assert 0.15 < found.mean() < 0.45
        rows = masks.regions(found)
        assert len(rows) == 2
        left, right = sorted(row["centroid"][1] / film.shape[1] for row in rows)
        assert 0.1 < left < 0.5 < right < 0.9


def exposed(film, gamma):
    return np.rint(255 * (film / 255) ** gamma).astype(np.uint8)


def unframed(found):
    return found[40:-40, 40:-40]


# What is done to a film, and what brings its mask back to the film as it was.
VARIANTS = {
    "256 pixels": (lambda film: images.resize(film, (256, 256)), None),
    "2000 pixels": (lambda film: images.resize(film, (2000, 2000)), None),
    "wide": (lambda film: images.resize(film, (400, 900)), None),
    "black frame": (lambda film: np.pad(film, 40), unframed),
    "white frame": (lambda film: np.pad(film, 40, constant_values=255), unframed),
    "gamma 0.6": (lambda film: exposed(film, 0.6), np.copy),
    "gamma 1.6": (lambda film: exposed(film, 1.6), np.copy),
    "low contrast": (lambda film: 100 + film // 5, np.copy),
    "uint16": (lambda film: film.astype(np.uint16) * 257, np.copy),
    "float": (lambda film: film / np.float32(255), np.copy),
    "mirror image": (lambda film: film[:, ::-1], lambda found: found[:, ::-1]),
}


@pytest.fixture(scope="module")
def stable_films():
    """Two films of 512 x 512 pixels, one taken upright, one in bed, with their lung fields."""
    frames = datasets.load("phantom").frames[[0, 4]]
    films = [np.rint(images.resize(frame, (512, 512))).astype(np.uint8) for frame in frames]
    return [(film, lungs.lung_field(film)) for film in films]


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_how_the_film_is_stored_hardly_matters(stable_films, variant):
    change, change_back = VARIANTS[variant]
    for film, wanted in stable_films:
        found = lungs.lung_field(change(film))
        if change_back is None:
            found = images.resize(found.astype(float), film.shape) > 0.5
        else:
            found = change_back(found)
        assert masks.dice(found, wanted) >= 0.96  # measured 0.969 to 1


@pytest.mark.slow
def test_noise_shows_no_lungs():
    rng = np.random.default_rng(2024)
    films = [rng.integers(0, 256, rng.integers(2, 40, 2), dtype=np.uint8) for _ in range(20)]
    for sigma in np.repeat([0, 2, 6, 12, 18, 24, 32, 48], 5):
        films += [ndi.gaussian_filter(rng.normal(size=(256, 256)), sigma)]
    assert sum(lungs.lung_field(film).any() for film in films) <= 0.05 * len(films)


@pytest.mark.parametrize("name", PICTURES.split())
def test_a_picture_of_something_else_shows_no_lungs(name):
    picture = np.asarray(getattr(skimage.data, name)(), dtype=float)
    grey = picture if picture.ndim == 2 else picture[..., :3].mean(axis=2)
    assert not lungs.lung_field(grey).any()


@pytest.mark.parametrize("image", [np.zeros((300, 280)), np.full((9, 8), 200), [[1, 2], [3, 200]]])
def test_an_even_or_tiny_image_shows_no_lungs(image):
    assert not lungs.lung_field(image).any()


def test_a_frame_is_cut_off_and_nothing_else():
    film, _, _ = drawn_chest()
    framed = np.pad(film, ((5, 0), (7, 3)), constant_values=255)
    framed[2] += np.arange(framed.shape[1]) % 3  # a frame that was compressed is not quite even
    assert np.array_equal(framed[lungs.inside_frame(framed)], film)


def test_lung_and_outside_air_are_darker_than_their_surroundings():
    film, left, right = drawn_chest()
    dark = lungs.darker_than_surroundings(film)
    assert dark[left | right].mean() > 0.9
    assert not dark[100, 128]  # between the lungs
    smooth = ndi.gaussian_filter(film, 8)
    darker = 255 * (smooth / 255) ** 4  # another tone curve
    dark = lungs.darker_than_surroundings(smooth)
    assert masks.dice(lungs.darker_than_surroundings(darker), dark) > 0.999


def test_candidates_are_parted_from_the_air_and_filled():
    _, left, right = drawn_chest()
    dark = left | right
    dark[:, :20] = True  # the air
    dark[118:124, 15:60] = True  # a thin link from it to the left lung
    dark[110:115, 78:83] = False  # a vessel
    dark[200:206, 120:126] = True  # a crumb
    pieces = lungs.candidates(dark)
    assert len(pieces) == 2
    for piece, lung in zip(pieces, (left, right), strict=True):
        assert masks.dice(piece, lung) > 0.98


def test_the_best_pair_lies_side_by_side_without_notches():
    _, left, right = drawn_chest()
    below = np.zeros_like(left)
    below[210:250, 60:200] = True
    chosen = lungs.best_pair([below, right, left])
    assert np.array_equal(chosen[0], left)
    assert np.array_equal(chosen[1], right)
    notched = left.copy()
    notched[90:150, 80:] = False
    assert lungs.pair_score(notched, right) < 0.8 * lungs.pair_score(left, right)
    assert lungs.best_pair([left, below]) is None
    assert lungs.best_pair([left]) is None


def test_the_outline_moves_to_the_edge():
    film, left, right = drawn_chest()
    start = [lungs.erode(lung, 8) for lung in (left, right)]
    film = ndi.gaussian_filter(film, 1)
    scores = [
        masks.dice(lungs.follow_edge(film, start, rounds)[0], left) for rounds in (0, 1, 2, 3)
    ]
    assert scores[0] < 0.8
    assert scores == sorted(scores)
    assert scores[-1] > 0.98


def test_a_dent_along_the_rib_cage_is_filled_and_one_beside_the_heart_is_not():
    _, left, _ = drawn_chest()
    dented = left.copy()
    dented[100:110, :60] = False
    dented[100:110, 95:] = False
    straight = lungs.straighten(dented)
    assert straight[105, 52:].argmax() == 0  # filled
    assert not straight[105, 95:].any()
    row = straight[120]
    assert row.argmax() == left[120].argmax() - lungs.RIM


def test_a_hull_is_convex_and_fits():
    square = np.zeros((9, 9), dtype=bool)
    square[2:7, 2:7] = True
    corner = square.copy()
    corner[3:6, 2:6] = False  # a bracket, open to the left
    assert np.array_equal(lungs.convex_hull(corner), square)
    row = np.zeros((9, 9), dtype=bool)
    row[4, 2:7] = True
    assert np.array_equal(lungs.convex_hull(row), row)


@pytest.mark.parametrize("bad", BAD_IMAGES)
def test_bad_images_get_one_sentence(bad):
    image, error = BAD_IMAGES[bad]
    with pytest.raises(error) as caught:
        lungs.lung_field(image)
    assert_one_sentence(caught)


def test_nothing_is_modified():
    film = drawn_chest()[0]
    film.setflags(write=False)
    assert lungs.lung_field(film).any()


def test_straighten_leaves_the_lung_it_is_given_alone():
    dented = np.zeros((32, 32), dtype=bool)
    dented[5:25, 10:20] = True
    dented[12:15, 10:13] = False
    before = dented.copy()
    assert lungs.straighten(dented)[12:15, 10:13].all()
    assert np.array_equal(dented, before)
