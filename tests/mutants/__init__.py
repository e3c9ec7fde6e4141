"""Planted regressions: a test of the tests, `python start.py mutants`."""
