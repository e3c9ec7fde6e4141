"""Settings of all tests: notebooks are run and compared by tests/notebook_checks/plugin.py."""

pytest_plugins = ["tests.notebook_checks.plugin"]
