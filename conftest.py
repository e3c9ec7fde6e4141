"""Settings of all tests: notebooks are run and compared by tests/notebook_plugin.py."""

pytest_plugins = ["tests.notebook_plugin"]
