"""Settings of all tests: tests/notebook_regression/plugin.py runs and compares the notebooks."""

from tests.notebook_checks.notebooks import SETTINGS

pytest_plugins = ["nbval.plugin", "tests.notebook_regression.plugin"]

# A worker takes one file after the other; begun last, one of these would keep the others waiting.
LONGEST = {
    "test_batch.py",
    "test_exercises.py",
    "14_scaling_up.ipynb",
}


def pytest_notebook_settings():
    """Say what the plugin has to know of the course."""
    return SETTINGS


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest; else the order stays."""
    items.sort(key=lambda item: item.path.name not in LONGEST)
