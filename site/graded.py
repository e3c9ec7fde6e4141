"""The lessons as assignments of nbgrader: what `python start.py student --nbgrader` writes.

An exercise is a cell of the learner's with the solution between nbgrader's marks, and below it a
locked cell of one line, `grade("4.2", my_brighter)`, whose value are the points.
"""

import ast
import importlib
import json
import re

import pages

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
CONFIG = '''\
"""Settings of nbgrader for this course."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "xray-course"
# The dots above the solution stay, and nothing takes the place of the solution.
c.ClearSolutions.code_stub = {"python": ""}
# Seconds for a cell: some lessons compute for a while.
c.ExecutePreprocessor.timeout = 300
'''
IMPORT = re.compile(r"^from helpers\.exercises import .*$", re.MULTILINE)


def checked(source):
    r"""Return the `check` of a cell as (number of the exercise, source of the answer, its lines).

    >>> checked('x = 3\ncheck("1.2", x)')
    ('1.2', 'x', (1, 2))
    """
    for node in ast.parse(source).body:
        call = getattr(node, "value", None)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "check":
            answer = ast.get_source_segment(source, call.args[1])
            return call.args[0].value, answer, (node.lineno - 1, node.end_lineno)
    return None


def with_solution(exercise, solution):
    """Put a solution, between nbgrader's marks, into the cell of its exercise, above the check."""
    _, name, (line, _) = checked(exercise)
    _, answer, (begin, end) = checked(solution)
    solved = solution.splitlines()
    solved[begin:end] = [f"{name} = {answer}"]
    if solved[0].startswith("# Solution"):
        del solved[0]
    lines = exercise.splitlines()
    dots = "\n".join(lines[:line]).rstrip()
    check = "\n".join(lines[line:])
    return "\n".join([dots, BEGIN, *solved, END, "", check])


def marked(cell, kind, name, points=None):
    """Return nbgrader's metadata of a cell."""
    is_grade = kind == "grade"
    data = {"schema_version": 3, "grade_id": f"{kind}-{name.replace('.', '-')}", "task": False}
    data |= {"grade": is_grade, "solution": not is_grade, "locked": is_grade, "cell_type": "code"}
    if is_grade:
        data["points"] = points
    return {**cell, "metadata": {"nbgrader": data}}


def assignment(notebook, exercises):
    """Return a lesson as an assignment with its solutions, as nbgrader wants it under source/."""
    cells = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        tags = cell["metadata"].get("tags", [])
        cell = {**cell, "source": source}
        if cell["cell_type"] == "markdown":
            cell["source"] = pages.LINK.sub(r"\1", source)  # an assignment has no neighbours
        else:
            cell |= {"outputs": [], "execution_count": None}
            cell["source"] = IMPORT.sub("from helpers.exercises import check, grade, hint", source)
        if "solution" in tags:
            exercise = next(each for each in reversed(cells) if is_exercise(each))
            exercise["source"] = with_solution(exercise["source"], source)
        elif "exercise" in tags:
            number, name, _ = checked(source)
            cells.append(marked(cell, "exercise", number))
            line = {**cell, "id": f"grade-{number.replace('.', '-')}",
                    "source": f'grade("{number}", {name})'}  # fmt: skip
            cells.append(marked(line, "grade", number, exercises[number].points))
        else:
            cells.append(cell)
    return {**notebook, "cells": cells}


def is_exercise(cell):
    """Tell whether a cell of an assignment is to be filled in."""
    return cell["metadata"].get("nbgrader", {}).get("solution", False)


def write(target, root=pages.ROOT):
    """Write the course in nbgrader's layout into a folder; return the number of lessons."""
    target.mkdir(parents=True, exist_ok=True)
    (target / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8", newline="\n")
    lessons = pages.notebooks(root)
    for path in lessons:
        data = importlib.import_module(f"helpers.exercises.lesson_{path.name[:2]}")
        notebook = json.loads(path.read_text(encoding="utf-8"))
        made = target / "source" / f"lesson_{path.name[:2]}" / path.name
        made.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(assignment(notebook, data.EXERCISES), indent=1, ensure_ascii=False)
        made.write_text(text + "\n", encoding="utf-8", newline="\n")
    return len(lessons)
