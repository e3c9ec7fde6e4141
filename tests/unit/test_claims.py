"""Numbers in the text of lessons 11 to 13 that no cell of theirs prints, measured again.

The largest trials take minutes, so a few of their films stand for all of them.
"""

from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest

from data.phantom import radiograph
from helpers import lungs, masks, opacity
from helpers.exercises import lesson_11, lesson_13

pytestmark = pytest.mark.slow

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
KINDS = (None, "bacterial", "viral")


@cache
def text_of(name):
    """Return all that a lesson says and calculates."""
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    return "\n".join(cell.source for cell in notebook.cells)


@cache
def one_of_thirty(seed):
    """Return film and truth of one of the patients of lesson 11 whom its cells do not show."""
    patient = radiograph(256, seed, disease=KINDS[seed % 3], severity=0.7)
    return patient.image.astype(float), patient.truth["lung_field"]


def test_scores_of_thirty_pairs_of_lungs_go_from_one_end_to_the_other():
    ends = []
    for seed in (1013, 1023):
        dark = lungs.darker_than_surroundings(one_of_thirty(seed)[0])
        ends.append(lungs.pair_score(*lungs.best_pair(lungs.candidates(dark))))
    assert f"scored from {ends[0]:.3f} to {ends[1]:.3f}." in text_of("11_lungs")


def test_least_dice_of_thirty_patients():
    film, truth = one_of_thirty(1027)
    least = masks.dice(lungs.lung_field(film), truth)
    assert f"the least at the end {least:.3f}." in text_of("11_lungs")


def test_a_window_of_31_pixels_loses_the_lungs_of_one_patient(monkeypatch):
    film, _ = one_of_thirty(1013)
    assert lungs.lung_field(film).any()
    monkeypatch.setattr(lungs, "SURROUNDINGS", 31)
    assert not lungs.lung_field(film).any()
    assert "on the thirty it lost both lungs of one" in text_of("11_lungs")


def test_what_exercise_11_5_has_to_beat():
    reached = lesson_11.mean_dice(lungs.lung_field)
    assert f"reaches a mean Dice of {reached:.3f}. Reach" in text_of("11_lungs")


@pytest.mark.parametrize(("seed", "place"), [(5005, 5), (6003, 1)])
def test_shares_of_healthy_people_are_those_of_the_list(seed, place):
    film = radiograph(256, seed).image
    field = lungs.lung_field(film)
    share = opacity.opacity(film, field).sum() / field.sum()
    start = "healthy = np.array([" if seed < 6000 else "others[:9] = ["
    listed = text_of("12_case_study").split(start)[1].split("]")[0].split(",")
    assert round(100 * share, 2) == float(listed[place])


def test_scores_on_new_people():
    text = text_of("13_classifier")
    everything, measures = (
        lesson_13.on_new_people(lesson_13.nearest_centroid(columns))
        for columns in (np.arange(6), np.arange(4))
    )
    assert f"on the new people it reaches only {everything:.2f}." in text
    assert f"With four columns it reaches {measures:.2f}." in text
    assert f"reaches {lesson_13.on_new_people(lesson_13.majority):.2f} there" in text
    assert f"on {len(lesson_13.people(lesson_13.NEW_PEOPLE)[1])} further people" in text
