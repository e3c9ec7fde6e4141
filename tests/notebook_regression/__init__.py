"""Notebooks as regression tests: run, compare, keep the rules, store. README.md says how."""
