"""Hundreds of damaged image files: the right array or one sentence, nothing else, and soon.

They are read in a process of its own, so that a decoder which crashes or waits for ever is noticed
and named. XRAY_DAMAGED_FILES=20000 damages more.
"""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from tests.unit import damaged_films

FILES = int(os.environ.get("XRAY_DAMAGED_FILES", "700"))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Read the files; return what the process printed."""
    folder = tmp_path_factory.mktemp("damaged")
    command = [sys.executable, "-m", "tests.unit.damaged_films", str(folder), str(FILES)]
    run = subprocess.run(command, capture_output=True, check=False, timeout=200 + FILES / 10)
    complaints = run.stderr.decode("utf-8", "replace")[-2000:]  # libtiff has its say there, too
    assert run.returncode == 0, complaints
    return json.loads(run.stdout)


@pytest.mark.slow
def test_each_is_read_right_or_refused_in_one_sentence(found):
    outcomes = dict(found["outcomes"])
    read, refused = outcomes.pop("read"), outcomes.pop("refused")
    assert outcomes == {}
    assert read + refused == FILES >= 500
    assert read > FILES / 10  # damage that leaves a file readable is tried, too
    assert refused > FILES / 3


def test_none_takes_a_gigabyte(found):
    assert found["memory"] < 1e9


@pytest.mark.parametrize("damage", damaged_films.DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_changes_every_kind_of_file(damage):
    rng = np.random.default_rng(1)
    for kind, content in damaged_films.good_files().items():
        hidden = damage is damaged_films.claim and kind == "DICOM, deflated"  # its header is packed
        assert hidden or any(damage(content, rng) != content for _ in range(5)), kind
