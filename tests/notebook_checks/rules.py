"""The rules of style that every notebook of the course keeps.

A rule takes a Notebook and yields a sentence for each place where the notebook breaks it. `RULES`
holds them all by name, those that the notebooks of any collection can keep among them.
"""

# ruff: noqa: D401 - the first line of a rule's docstring is the rule

import ast
import re

import numpy as np

from helpers.exercises import engine
from tests.notebook_checks import notebooks
from tests.notebook_checks.notebooks import tags
from tests.notebook_regression import rules
from tests.notebook_regression.notebooks import is_figure
from tests.notebook_regression.rules import lines, statements, words

MAX_LINES, MEAN_LINES = 12, 4.5
MAX_TOGETHER = 6_000_000  # bytes
ANSWERS_BACK_TO = 14  # the last lesson whose exercises are checked by helpers.exercises
MIN_EXERCISES = dict.fromkeys(range(1, 13), 5) | {13: 3, 14: 3}  # core ones in each lesson
MAX_CORE, MAX_CORE_EXERCISES = 60, 30  # minutes

MAX_PLAIN_SHOW = 5

EXERCISE = re.compile(r"^(?:\*\*|### )Exercise (\d+)\.(\d+)\b", re.MULTILINE)
HEADING = re.compile(r"^(##|###) (.+) \((\d+) minutes?(, extra)?\)$", re.MULTILINE)
DURATION = re.compile(
    r"^\*Lesson (\d+) of 14 · (\d+) minutes: (\d+) to read and run, (\d+) for exercises"
    r"(?:; (\d+) more are extra)?\*$",
    re.MULTILINE,
)
SCOPES = ast.FunctionDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


# ---- what readers see ---------------------------------------------------------------------------


def cells_are_short(notebook):
    """A code cell has at most 12 lines, 4.5 on average."""
    lengths = [len(lines(cell)) for _, cell in notebook.code()]
    for (name, _), length in zip(notebook.code(), lengths, strict=True):
        if length > MAX_LINES:
            yield f"{name} has {length} lines of code, at most {MAX_LINES} are read easily"
    if lengths and np.mean(lengths) > MEAN_LINES:
        yield f"{notebook.path.name} has {np.mean(lengths):.2f} lines a code cell, not {MEAN_LINES}"


def figures_speak_of_the_image(notebook):
    """No text about a figure names the code that draws it, as a word with _figure does."""
    for name, output in notebook.outputs():
        if is_figure(output) and "_figure" in words(output):
            yield f"{name} has a figure whose text holds '_figure'"
    for name, cell in notebook.text():
        if "_figure" in cell.source:
            yield f"{name} holds '_figure'"


def exercises_are_complete(notebook):
    """Exercises are numbered 1, 2, 3 within the chapter, each followed by its solution."""
    found, solved = [], set()
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (match := EXERCISE.search(cell.source)):
            found.append(tuple(map(int, match.groups())))
        elif "solution" in tags(cell) and found:
            solved.add(found[-1])
    name, chapter = notebook.path.name, notebook.chapter
    if found != [(chapter, number) for number in range(1, len(found) + 1)]:
        numbers = ", ".join(f"{a}.{b}" for a, b in found)
        yield f"{name} has the exercises {numbers}; wanted {chapter}.1, {chapter}.2 and so on"
    for exercise in found:
        if exercise not in solved:
            yield f"{name} exercise {chapter}.{exercise[1]} has no cell tagged solution after it"


def answers_back(notebook):
    """Tell whether the exercises of a notebook are checked by helpers.exercises."""
    return notebook.chapter is not None and notebook.chapter <= ANSWERS_BACK_TO


def exercise_cells(notebook):
    """Yield (number, title, minutes, is extra, exercise cell, solution cell) for each exercise."""
    for text, exercise, solution in zip(
        notebook.cells, notebook.cells[1:], notebook.cells[2:], strict=False
    ):
        heading = HEADING.search(text.source) if text.cell_type == "markdown" else None
        number = EXERCISE.search(text.source) if heading else None
        if number:
            name = f"{number[1]}.{number[2]}"
            yield name, heading[2], int(heading[3]), bool(heading[4]), exercise, solution


def exercises_answer_back(notebook):
    """Every exercise has a cell that checks, says "not yet", and a solution that is right."""
    if not answers_back(notebook):
        return
    found = list(exercise_cells(notebook))
    texts = [cell.source for _, cell in notebook.text()]
    if len(found) != sum(bool(EXERCISE.search(text)) for text in texts):
        yield f"{notebook.path.name} has an exercise whose heading names no minutes"
    for name, _, _, _, exercise, solution in found:
        where = f"{notebook.path.name} exercise {name}"
        for cell, tag, verdict in (
            (exercise, "exercise", "Not yet"),
            (solution, "solution", "Right"),
        ):
            said = "".join(words(output) for output in cell.get("outputs", [])).strip()
            if tags(cell) != [tag] or f'check("{name}", ' not in cell.source:
                yield f"{where} has no cell tagged {tag} that calls check"
            if not re.fullmatch(rf"{verdict}[^\n]*", said):
                yield f"{where}: the {tag} cell prints {said!r}, not one line {verdict}"


def exercises_are_not_filled_in(notebook):
    """What an exercise asks for is still to be put in the place of dots, all of it."""
    for name, cell in notebook.code():
        nodes = [node for statement in statements(cell) for node in ast.walk(statement)]
        filled = [
            ast.get_source_segment(cell.source, node)
            for node in nodes
            if isinstance(node, ast.List | ast.Tuple)
            and 0 < sum(map(is_dots, node.elts)) < len(node.elts)
        ]
        if "exercise" in tags(cell) and not any(map(is_dots, nodes)):
            yield f"{name} is an exercise without dots: {cell.source.splitlines()[0]}"
        if "exercise" in tags(cell) and filled:
            yield f"{name} is an exercise that is half filled in: {filled[0]}"


def is_dots(node):
    """Tell whether a piece of code is three dots."""
    return isinstance(node, ast.Constant) and node.value is ...


def exercises_name_what_to_fill_in(notebook):
    """What an exercise says to put something into is a name in its cell."""
    for name, _, _, _, exercise, _ in exercise_cells(notebook):
        text = notebook.cells[notebook.cells.index(exercise) - 1].source
        for word in re.findall(r"\binto `(\w+)`", text):
            if not re.search(rf"\b{word}\b", exercise.source):
                yield f"{notebook.path.name} exercise {name} asks for {word}, which is not there"


def links_name_their_lesson(notebook):
    """A link that begins with the number of a lesson leads to that lesson."""
    for name, cell in notebook.text():
        for said, number in re.findall(r"\[(\d\d)[^\]]*\]\((\d\d)_", cell.source):
            if said != number:
                yield f"{name} has a link that says {said} and leads to {number}"


def there_are_enough_exercises(notebook):
    """A lesson has enough core exercises: a figure, a function and a prediction among them."""
    if not answers_back(notebook) or not notebook.chapter:
        return
    core = [(name, title) for name, title, _, extra, *_ in exercise_cells(notebook) if not extra]
    exercises = [engine.find(name) for name, _ in core]
    kinds = {
        "figure": any(each.reads for each in exercises),
        "function": any(each.inputs for each in exercises),
        "prediction": any("Predict: " in title for _, title in core),
    }
    if len(core) < (wanted := MIN_EXERCISES[notebook.chapter]):
        yield f"{notebook.path.name} has {len(core)} core exercises, not {wanted}"
    for kind in (kind for kind, there in kinds.items() if not there):
        yield f"{notebook.path.name} has no core exercise that asks for a {kind}"


def minutes_add_up(notebook):
    """The minutes in the first cell and in README.md are those of the sections."""
    if not answers_back(notebook):
        return
    name, said = notebook.path.name, DURATION.search(notebook.cells[0].source)
    if not said:
        yield f"{name} cell 1 does not say: *Lesson 4 of 14 · 88 minutes: 58 to read and run, …*"
        return
    core = exercises = extra = 0
    for _, cell in notebook.text():
        for mark, title, minutes, is_extra in HEADING.findall(cell.source):
            if is_extra or title.startswith("Extra"):
                extra += int(minutes)
            elif mark == "##":
                core += int(minutes)
            else:
                exercises += int(minutes)
    lesson, *minutes = (int(number or 0) for number in said.groups())
    if (lesson, minutes) != (notebook.chapter, [core + exercises, core, exercises, extra]):
        yield f"{name} says {minutes}; its sections give {core} + {exercises}, and {extra} extra"
    if core > MAX_CORE or exercises > MAX_CORE_EXERCISES:
        yield f"{name} takes {core} + {exercises} minutes, not {MAX_CORE} + {MAX_CORE_EXERCISES}"
    readme = (notebooks.ROOT / "README.md").read_text(encoding="utf-8")
    if not re.search(rf"\(notebooks/{re.escape(name)}\) \| {core} \+ {exercises} \|", readme):
        yield f"README.md does not give {core} + {exercises} minutes to {name}"


def exercises_stand_alone(notebook):
    """What an exercise binds is bound nowhere else, and what it reads is bound in one cell."""
    if not answers_back(notebook):
        return
    code = [(name, cell, *names_in(cell)) for name, cell in notebook.code()]
    for name, cell, bound, read in code:
        if not {"exercise", "solution"} & set(tags(cell)):
            continue
        others = [each[2] for each in code if each[1] is not cell]
        for word in sorted(bound):
            if any(word in other for other in others):
                yield f"{name} binds {word}, which another cell binds as well"
        for word in sorted(read - bound):
            if sum(word in other for other in others) > 1:
                yield f"{name} reads {word}, which more than one cell binds"


def names_in(cell):
    """Return the names that a cell binds for the cells after it, and those that it reads."""
    bound, read = set(), set()
    for statement in statements(cell):
        new_bound, new_read = names_of(statement)
        bound |= new_bound
        read |= new_read
    return bound, read


def names_of(node):
    """Return the names that a piece of code binds outside of its functions, and those it reads."""
    inside = [names_of(child) for child in ast.iter_child_nodes(node)]
    bound = set().union(*(each[0] for each in inside))
    read = set().union(*(each[1] for each in inside))
    if isinstance(node, ast.Name):
        (bound if isinstance(node.ctx, ast.Store) else read).add(node.id)
    elif isinstance(node, ast.arg):
        bound.add(node.arg)
    elif isinstance(node, SCOPES):  # what is bound in here is not seen outside
        read -= bound
        bound = {node.name} if isinstance(node, ast.FunctionDef) else set()
    return bound, read


def solutions_are_folded(notebook):
    """The source and the outputs of every solution are folded away."""
    for name, cell in notebook.code():
        if "solution" in tags(cell) and cell.metadata.get("jupyter") != notebooks.FOLDED:
            yield f"{name} is a solution that is not folded; python start.py accept folds it"


def folded_solutions_show_no_answer(notebook):
    """The first line of a solution, which JupyterLab shows when it is folded, is a heading."""
    for name, cell in notebook.code():
        first = cell.source.split("\n", 1)[0]
        if "solution" in tags(cell) and not re.fullmatch(r"# Solution \d+\.\d+", first):
            yield f"{name} shows {first!r} when it is folded; begin it with # Solution 1.1"


# ---- what the code may do -----------------------------------------------------------------------


def first_cell_is_explained(notebook):
    """The text right above the first code cell says what to type when an import fails."""
    first = next((i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"), 0)
    above = notebook.cells[first - 1] if first else None
    if above is None or above.cell_type != "markdown" or "python start.py" not in above.source:
        yield f"{notebook.path.name} cell {first} does not say: python start.py"


def helpers_are_imported_by_public_names(notebook):
    """No cell imports a module of helpers whose name begins with an underscore."""
    for name, cell in notebook.code():
        for node in (node for statement in statements(cell) for node in ast.walk(statement)):
            if isinstance(node, ast.ImportFrom):
                imported = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            else:
                continue
            for path in imported:
                if re.match(r"helpers\b.*\._", path):
                    yield f"{name} imports {path}, which is not for lessons"


RULES = rules.RULES | {
    rule.__name__: rule
    for rule in (
        cells_are_short,
        figures_speak_of_the_image,
        exercises_are_complete,
        exercises_answer_back,
        exercises_are_not_filled_in,
        exercises_name_what_to_fill_in,
        links_name_their_lesson,
        there_are_enough_exercises,
        exercises_stand_alone,
        minutes_add_up,
        solutions_are_folded,
        folded_solutions_show_no_answer,
        first_cell_is_explained,
        helpers_are_imported_by_public_names,
    )
}
