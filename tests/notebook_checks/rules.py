"""The rules of style that every notebook of the course keeps.

A rule is a function that takes a Course notebook and yields a sentence for each place where the
notebook breaks it. `RULES` holds them all by name.
"""

# ruff: noqa: D401 - the first line of a rule's docstring is the rule

import ast
import io
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image

from helpers.exercises import engine
from tests.notebook_checks import notebooks
from tests.notebook_checks.store import METADATA

MAX_LINES, MEAN_LINES = 12, 4.5
MAX_NOTEBOOK, MAX_TOGETHER = 1_100_000, 6_000_000  # bytes
MAX_PICTURE = {"png": 200_000, "webp": 200_000, "gif": 270_000}  # bytes as stored, in base64
ANSWERS_BACK_TO = 14  # the last lesson whose exercises are checked by helpers.exercises
MIN_EXERCISES = dict.fromkeys(range(1, 13), 5) | {13: 3, 14: 3}  # core ones in each lesson
MAX_CORE, MAX_CORE_EXERCISES = 60, 30  # minutes

# Cells whose output no two runs share, (notebook, cell id) -> why. They print a time or an amount
# of memory, hold nothing else, and are tagged nbval-ignore-output.
UNCOMPARED = {
    ("07_noise_and_smoothing.ipynb", "window-times"): "ratios of measured times",
    ("14_scaling_up.ipynb", "worker-times"): "films per second on this computer, and their ratios",
    ("14_scaling_up.ipynb", "worker-memory"): "megabytes of this computer's processes",
}

# The few cells that teach plt.show() itself, (notebook, cell id) -> what they teach. What they show
# has no alt text; the sentence before them says what is seen.
PLAIN_SHOW = {
    ("01_one_film.ipynb", "first-imshow"): "imshow and show, in the colours Matplotlib chooses",
    ("01_one_film.ipynb", "gray-imshow"): "cmap, title and labels",
}
MAX_PLAIN_SHOW = 5

ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/])(?:/(?:home|Users|root|tmp|work|mnt|opt|usr|var|private|content)/|[A-Za-z]:\\)"
)
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
NUMPY_SCALAR = re.compile(r"\bnp\.(?:bool|u?int|float|complex|str)_?\d*\(")
EXERCISE = re.compile(r"^(?:\*\*|### )Exercise (\d+)\.(\d+)\b", re.MULTILINE)
HEADING = re.compile(r"^(##|###) (.+) \((\d+) minutes?(, extra)?\)$", re.MULTILINE)
DURATION = re.compile(
    r"^\*Lesson (\d+) of 14 · (\d+) minutes: (\d+) to read and run, (\d+) for exercises"
    r"(?:; (\d+) more are extra)?\*$",
    re.MULTILINE,
)
SCOPES = ast.FunctionDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)[^)]*\)")


@dataclass
class Notebook:
    """A notebook file, read."""

    path: Path

    def __post_init__(self):  # noqa: D105
        self.nb = notebooks.read(self.path)
        self.cells = self.nb.cells

    @property
    def chapter(self):
        """The number at the beginning of the file's name, or None."""
        found = re.match(r"\d+", self.path.name)
        return int(found[0]) if found else None

    def code(self):
        """Yield (name in messages, cell) for each code cell."""
        for index, cell in enumerate(self.cells, start=1):
            if cell.cell_type == "code":
                yield f"{self.path.name} cell {index}", cell

    def text(self):
        """Yield (name in messages, cell) for each text cell."""
        for index, cell in enumerate(self.cells, start=1):
            if cell.cell_type == "markdown":
                yield f"{self.path.name} cell {index}", cell

    def outputs(self):
        """Yield (name in messages, output) for each output."""
        for name, cell in self.code():
            for output in cell.outputs:
                yield name, output


def tags(cell):
    """Return the tags of a cell."""
    return cell.metadata.get("tags", [])


def lines(cell):
    """Return the lines of a cell that are not blank."""
    return [line for line in cell.source.splitlines() if line.strip()]


def words(output):
    """Return everything an output says, without the pixels of its pictures."""
    texts = [output.get("text", ""), "\n".join(output.get("traceback", []))]
    texts += [
        data
        for kind, data in output.get("data", {}).items()
        if isinstance(data, str) and kind != "image/png"
    ]
    return notebooks.PICTURE.sub("", "\n".join(texts))


# ---- what readers see ---------------------------------------------------------------------------


def begins_with_a_title(notebook):
    """The first cell is text that begins with the only heading of the first level."""
    first = notebook.cells[0]
    if first.cell_type != "markdown" or not first.source.startswith("# "):
        yield f"{notebook.path.name} cell 1 is not a text cell that begins with '# ' and a title"
    for name, cell in notebook.text():
        without_code = re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
        if cell is not first and re.search(r"^# ", without_code, re.MULTILINE):
            yield f"{name} has a second title; headings inside begin with ## or more"


def cells_are_short(notebook):
    """A code cell has at most 12 lines, 4.5 on average."""
    lengths = [len(lines(cell)) for _, cell in notebook.code()]
    for (name, _), length in zip(notebook.code(), lengths, strict=True):
        if length > MAX_LINES:
            yield f"{name} has {length} lines of code, at most {MAX_LINES} are read easily"
    if lengths and np.mean(lengths) > MEAN_LINES:
        yield f"{notebook.path.name} has {np.mean(lengths):.2f} lines a code cell, not {MEAN_LINES}"


def text_explains_code(notebook):
    """There is at least one text cell for each code cell."""
    code, text = len(list(notebook.code())), len(list(notebook.text()))
    if text < code:
        yield f"{notebook.path.name} has {text} text cells for {code} code cells"


def a_figure_comes_early(notebook):
    """One of the first five cells, text or code, shows a figure."""
    if not any(
        "<img" in words(out) or notebooks.is_figure(out)
        for cell in notebook.cells[:5]
        for out in cell.get("outputs", [])
    ):
        yield f"{notebook.path.name} shows no figure in its first five cells"


def figures_have_alt_text(notebook):
    """Every figure has an alt text of three words or more; then its plain text describes it."""
    for name, cell in notebook.code():
        plain_show = (notebook.path.name, cell.get("id")) in PLAIN_SHOW
        for data in (output.get("data", {}) for output in cell.outputs):
            text, page = data.get("text/plain", ""), data.get("text/html", "")
            if {"image/jpeg", "image/svg+xml"} & set(data):
                yield f"{name} shows a picture that is neither of helpers.figures nor a PNG"
            if "image/png" in data and not plain_show:
                yield f"{name} shows a picture without helpers.figures: it has no alt text"
            if "<Figure size" in text:
                yield f"{name} has a figure that is not described: run python start.py accept"
            for alt in alt_texts(page):
                if len(alt.split()) < 3:
                    yield f"{name} has a picture with the alt text {alt!r}"
                elif not text.startswith(alt + "\n"):
                    yield f"{name} has a picture whose plain text does not begin with its alt text"


def figures_speak_of_the_image(notebook):
    """No text about a figure names the code that draws it, as a word with _figure does."""
    for name, output in notebook.outputs():
        if notebooks.is_figure(output) and "_figure" in words(output):
            yield f"{name} has a figure whose text holds '_figure'"
    for name, cell in notebook.text():
        if "_figure" in cell.source:
            yield f"{name} holds '_figure'"


def text_pictures_have_alt_text(notebook):
    """Every picture in a text cell has an alt text."""
    for name, cell in notebook.text():
        alts = [alt for mark, alt, _ in LINK.findall(cell.source) if mark]
        for alt in alts + alt_texts(cell.source):
            if len(alt.split()) < 3:
                yield f"{name} has a picture with the alt text {alt!r}"


def alt_texts(html):
    """Return the alt texts of the pictures in HTML, "" where there is none."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: (
        found.append(dict(attributes).get("alt") or "") if tag == "img" else None
    )
    parser.feed(html)
    return found


def links_lead_somewhere(notebook):
    """Every relative link names a file of the course, every attachment is there."""
    for name, cell in notebook.text():
        targets = [target for _, _, target in LINK.findall(cell.source)]
        targets += re.findall(r"(?:src|href)=[\"']([^\"']+)", cell.source)
        for target in targets:
            file = target.split("#")[0]
            if file.startswith("attachment:"):
                if file.removeprefix("attachment:") not in cell.get("attachments", {}):
                    yield f"{name} shows {target}, which is not attached"
            elif re.match(r"\w+:", file):
                continue  # the web
            elif file and not (notebook.path.parent / file).exists():
                yield f"{name} links to {target}, which does not exist"


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


def first_cell_is_plain_imports(notebook):
    """The first code cell imports and does nothing else."""
    for name, cell in list(notebook.code())[:1]:
        for statement in statements(cell, magic=True):
            if not isinstance(statement, ast.Import | ast.ImportFrom):
                line = cell.source.splitlines()[statement.lineno - 1].strip()
                yield f"{name} does more than import: {line}"


def first_cell_is_explained(notebook):
    """The text right above the first code cell says what to type when an import fails."""
    first = next((i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"), 0)
    above = notebook.cells[first - 1] if first else None
    if above is None or above.cell_type != "markdown" or "python start.py" not in above.source:
        yield f"{notebook.path.name} cell {first} does not say: python start.py"


def code_is_python(notebook):
    """There is no magic, no shell command and no question mark."""
    for name, cell in notebook.code():
        for line in lines(cell):
            if re.match(r"\s*[%!]|.*\?$|.*get_ipython\(", line):
                yield f"{name} holds more than Python: {line.strip()}"


def imports_come_first(notebook):
    """Only the first code cell imports."""
    for name, cell in list(notebook.code())[1:]:
        tree = [node for statement in statements(cell) for node in ast.walk(statement)]
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in tree):
            yield f"{name} imports; imports belong into the first code cell"


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


def statements(cell, magic=False):
    """Return the statements of a code cell; of one that is not Python, none.

    With `magic`, a line of magic counts as a statement.
    """
    source = re.sub(r"(?m)^[%!].*", "magic", cell.source) if magic else cell.source
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []  # magic, which has its own rule, or an announced error


def nothing_goes_uncompared(notebook):
    """A tag or comment that keeps nbval from comparing stands only where UNCOMPARED says why."""
    for name, cell in notebook.code():
        marks = [tag for tag in tags(cell) if tag.lower().startswith("nbval")]
        marks += re.findall(r"(?i)(?:nbval|pytest_validate)_\w+", cell.source)
        key = (notebook.path.name, cell.get("id"))
        if marks == ["nbval-ignore-output"] and UNCOMPARED.get(key):
            if any(map(notebooks.is_figure, cell.outputs)):
                yield f"{name} holds a figure, which is not compared"
        elif marks:
            yield f"{name} has {marks[0]}, but notebook_checks/rules.py gives no reason for it"


def nothing_is_written_to_stderr(notebook):
    """No cell warns."""
    for name, output in notebook.outputs():
        if output.get("name") == "stderr":
            yield f"{name} writes to stderr: {output.text.strip().splitlines()[-1]}"


def only_announced_errors_are_raised(notebook):
    """A cell raises exactly when it is tagged raises-exception."""
    for name, cell in notebook.code():
        raised = [output.ename for output in cell.outputs if output.output_type == "error"]
        if raised and "raises-exception" not in tags(cell):
            yield f"{name} raises {raised[0]}"
        if "raises-exception" in tags(cell) and not raised:
            yield f"{name} is tagged raises-exception, but does not raise"


# ---- what is stored -----------------------------------------------------------------------------


def it_was_run_from_top_to_bottom(notebook):
    """The execution counts are 1, 2, 3 and so on."""
    for count, (name, cell) in enumerate(notebook.code(), start=1):
        if cell.execution_count != count:
            yield f"{name} has the execution count {cell.execution_count}, not {count}"
            break


def nothing_belongs_to_one_machine(notebook):
    """No text, code or output names an absolute path or an address in memory."""
    for index, cell in enumerate(notebook.cells, start=1):
        for text in (cell.source, *map(words, cell.get("outputs", []))):
            if found := ABSOLUTE_PATH.search(text) or ADDRESS.search(text):
                start = text[found.start() :].split()[0]
                yield f"{notebook.path.name} cell {index} holds {start[:60]}"


def no_numpy_scalars_are_shown(notebook):
    """No output is np.float64(…); numbers are printed or converted."""
    for name, output in notebook.outputs():
        if found := NUMPY_SCALAR.search(words(output)):
            yield f"{name} shows {found[0]}…); print the number, or use float() or int()"


def metadata_is_the_same_everywhere(notebook):
    """Format, kernel and language are those tests.notebook_checks.store writes."""
    nb, name = notebook.nb, notebook.path.name
    if dict(nb.metadata) != METADATA or (nb.nbformat, nb.nbformat_minor) != (4, 5):
        yield f"{name} has other metadata than the course: run python start.py accept"
    try:
        nbformat.validate(nb)
    except nbformat.ValidationError as error:
        yield f"{name} is not a valid notebook: {error.message}"


def files_stay_small(notebook):
    """A notebook has at most 1.1 MB, a picture 200 kB, an animation 270 kB."""
    if (size := notebook.path.stat().st_size) > MAX_NOTEBOOK:
        yield f"{notebook.path.name} has {size} bytes, at most {MAX_NOTEBOOK}"
    for name, output in notebook.outputs():
        found = notebooks.PICTURE.findall(notebooks.html(output))
        if "image/png" in output.get("data", {}):
            found.append(("png", output.data["image/png"]))
        for kind, data in found:
            if len(data) > MAX_PICTURE[kind]:
                yield f"{name} has a {kind} of {len(data)} bytes, at most {MAX_PICTURE[kind]}"


def pictures_are_not_blank(notebook):
    """Every stored picture can be decoded and shows something."""
    for name, cell in notebook.code():
        for data in notebooks.pictures(cell.outputs):
            try:
                with Image.open(io.BytesIO(data)) as picture:
                    blank = np.asarray(picture.convert("L"), float).std() < 1
            except (OSError, ValueError):
                yield f"{name} has a picture that is damaged"
                continue
            if blank:
                yield f"{name} has a picture that is blank"


RULES = {
    rule.__name__: rule
    for rule in (
        begins_with_a_title,
        cells_are_short,
        text_explains_code,
        a_figure_comes_early,
        figures_have_alt_text,
        figures_speak_of_the_image,
        text_pictures_have_alt_text,
        links_lead_somewhere,
        exercises_are_complete,
        exercises_answer_back,
        there_are_enough_exercises,
        exercises_stand_alone,
        minutes_add_up,
        solutions_are_folded,
        folded_solutions_show_no_answer,
        first_cell_is_plain_imports,
        first_cell_is_explained,
        code_is_python,
        imports_come_first,
        helpers_are_imported_by_public_names,
        nothing_goes_uncompared,
        nothing_is_written_to_stderr,
        only_announced_errors_are_raised,
        it_was_run_from_top_to_bottom,
        nothing_belongs_to_one_machine,
        no_numpy_scalars_are_shown,
        metadata_is_the_same_everywhere,
        files_stay_small,
        pictures_are_not_blank,
    )
}
