"""Exercises that answer back: `check` says whether an answer is right, `hint` helps.

The engine is one file, `engine.py`; each lesson's exercises are data, in `lesson_01.py` and so on.
"""

from helpers.exercises.engine import check, grade, hint

__all__ = ["check", "grade", "hint"]
