"""Every notebook runs from start to end on the nine films of NIH."""

import os
from pathlib import Path

import pytest

from helpers.datasets import NIH_SHA256
from tests.notebook_checks import notebooks
from tests.notebook_checks.other_films import every_notebook, run

pytestmark = [pytest.mark.slow, pytest.mark.films]


@pytest.fixture(scope="module")
def nih_folder():
    """Return the folder with the NIH films; skip where they are not."""
    folder = Path(os.environ.get("XRAY_DATA_HOME") or notebooks.ROOT / "data" / "nih")
    if missing := [name for name in NIH_SHA256 if not (folder / name).is_file()]:
        pytest.skip(
            f"XRAY_DATA_HOME names no folder with the NIH films ({len(missing)} of 9 are missing); "
            "python -m helpers.datasets fetch-nih downloads them"
        )
    return folder.resolve()


@pytest.mark.timeout(300)
@every_notebook
def test_notebook_runs_on_the_nih_films(path, nih_folder, tmp_path):
    run(path, tmp_path, dataset="nih", XRAY_DATA_HOME=str(nih_folder))
