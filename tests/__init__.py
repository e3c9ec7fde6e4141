"""Tests of the course: unit/ for the helpers and the phantom, notebook_checks/, bench/."""
