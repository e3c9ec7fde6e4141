"""Tests of one room of the helpers each, of the phantom and of the project itself."""
