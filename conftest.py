"""Settings of all tests: tests/notebook_regression/plugin.py runs and compares the notebooks."""

from tests.notebook_checks.notebooks import SETTINGS

pytest_plugins = ["tests.notebook_regression.plugin"]


def pytest_notebook_settings():
    """Say what the plugin has to know of the course."""
    return SETTINGS
