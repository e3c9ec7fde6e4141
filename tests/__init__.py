"""Tests: unit/ for the helpers and the phantom, notebook_checks/, notebook_regression/, bench/."""
