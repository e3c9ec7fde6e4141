"""What another processor makes of a phantom's film is told from a change."""

import pytest

from tests.notebook_checks.notebooks import alike

SAID_OF_FILM = (
    "panel 1: image (128, 128) uint8, min 0, max 235, mean 133.6, map 01 23, check {}, gray"
)
SAID_OF_FLOATS = "array (1024, 1024) float64: min 0, max 4360, mean {}, check {}"
SAID_OF_SMALL = "array (9, 9) uint8: min 0, max 9, mean 4, check {}"
SAID_OF_LINE = "5 points in a line: x 0 to 4, y 0 to 9, check {}"


@pytest.mark.parametrize(
    ("stored", "new", "same"),
    [
        (SAID_OF_FILM.format(-258214), SAID_OF_FILM.format(-258157), True),
        (SAID_OF_FILM.format(-258214), SAID_OF_FILM.format(-258014), False),
        (
            SAID_OF_FILM.format(-258214),
            SAID_OF_FILM.replace("01 23", "01 24").format(-258214),
            False,
        ),
        (
            SAID_OF_FILM.format(-258214),
            SAID_OF_FILM.replace("max 235", "max 236").format(-258214),
            False,
        ),
        (SAID_OF_FLOATS.format(1.61314, -49.667), SAID_OF_FLOATS.format(1.61315, -49.715), True),
        (SAID_OF_FLOATS.format(1.61314, -49.667), SAID_OF_FLOATS.format(1.6133, -49.667), False),
        (SAID_OF_SMALL.format(1), SAID_OF_SMALL.format(2), False),
        (SAID_OF_LINE.format(17.1), SAID_OF_LINE.format(17.2), False),
    ],
)
def test_what_another_processor_makes_of_a_film_is_the_same_and_nothing_else(stored, new, same):
    assert alike(stored, new) == same
