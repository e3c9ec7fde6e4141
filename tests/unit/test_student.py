"""The student edition, the graded edition, and the wheels for a room without a network."""

import ast
import importlib
import json
import re
import sys
import types
import zipfile
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from helpers.exercises import engine, lesson_04, packed

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "site"


@pytest.fixture(scope="module")
def load():
    """Return a function that imports a file of site/ by its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SITE))
        yield importlib.import_module
    for name in ("student", "graded", "wheelhouse", "pages"):
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def edition(load, tmp_path_factory):
    """Return the zip of the student edition."""
    student, target = load("student"), tmp_path_factory.mktemp("student") / "student.zip"
    student.write_zip(target, student.contents())
    return target


@pytest.fixture(scope="module")
def files(edition):
    """Return what the zip holds, by its place in the course."""
    with zipfile.ZipFile(edition) as file:
        return {name.partition("/")[2]: file.read(name) for name in file.namelist()}


def lessons(files):
    """Return the notebooks of an edition by their names."""
    return {n: json.loads(data) for n, data in files.items() if n.endswith(".ipynb")}


@cache
def course():
    """Return the notebooks of the course by their names."""
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    return {f"notebooks/{path.name}": json.loads(path.read_text("utf-8")) for path in paths}


def sources(notebook, tag=None):
    """Return the sources of the code cells, of all or of those with a tag."""
    return [
        "".join(cell["source"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and (not tag or tag in cell["metadata"].get("tags", []))
    ]


# ---- the student edition ------------------------------------------------------------------------


def test_the_zip_is_small_and_holds_the_course_but_no_tests(edition, files):
    assert 1e6 < edition.stat().st_size <= 15e6
    assert {"start.py", "README.md", "LICENSE", "LICENSE-CONTENT", "requirements.lock"} <= set(
        files
    )
    assert lessons(files).keys() == course().keys()
    assert not [name for name in files if name.startswith("tests/") or "answers" in name]
    assert not [name for name in files if "__pycache__" in name or name.startswith("data/nih/")]


def test_notebooks_of_the_zip_hold_everything_but_outputs_and_solutions(files):
    for name, notebook in lessons(files).items():
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        assert not any(cell["outputs"] or cell["execution_count"] for cell in cells), name
        assert sources(notebook, "solution") == []
        whole = course()[name]
        solutions = sources(whole, "solution")
        assert sources(notebook) == [each for each in sources(whole) if each not in solutions]
        assert sources(notebook, "exercise")


def test_a_search_of_the_zip_finds_no_solution(files):
    """No line of a solution stands in the zip that is in no lesson and no helper besides."""
    known = "\n".join(path.read_text("utf-8") for path in (ROOT / "helpers").glob("*.py"))
    for folder in ("helpers/exercises/engine.py", "helpers/exercises/figures.py"):
        known += (ROOT / folder).read_text("utf-8")
    known += "\n".join(path.read_text("utf-8") for path in (ROOT / "data/phantom").glob("*.py"))
    lines, searched = set(), 0
    for notebook in course().values():
        solutions = sources(notebook, "solution")
        known += "\n".join(each for each in sources(notebook) if each not in solutions)
        known += "\n".join(
            "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"
        )
        lines |= {line.strip() for each in solutions for line in each.splitlines()}
    wanted = [line for line in lines if len(line) > 12 and line not in known]
    assert len(wanted) > 200
    for name, data in files.items():
        if name.endswith((".py", ".md", ".toml", ".yml", ".ipynb")):
            text = data.decode("utf-8")
            if name.endswith(".ipynb"):
                text = "\n".join("".join(c["source"]) for c in json.loads(text)["cells"])
            searched += 1
            assert [line for line in wanted if line in text] == [], name
    assert searched > 40


def test_no_text_of_the_zip_speaks_of_solutions_that_are_not_there(load, files):
    student = load("student")
    texts = "\n".join(
        "".join(cell["source"]) for each in course().values() for cell in each["cells"]
    )
    assert [said for said in student.SAID_INSTEAD if said not in texts] == []
    speaks = re.compile(r"# Solution|solutions? (is|are) folded|(open|click)\w* (a|the) solution")
    for name, notebook in lessons(files).items():
        text = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
        assert not speaks.search(text), name
        assert "git clone" not in text, name


def test_links_of_the_zip_lead_to_what_is_in_it(load, files):
    link = load("pages").LINK
    texts = {name: data.decode() for name, data in files.items() if name.endswith(".md")}
    for name, notebook in lessons(files).items():
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
        texts[name] = "\n".join("".join(cell["source"]) for cell in cells)
    places = {"/".join(Path(name).parts) for name in files} | {"data", "helpers", "notebooks"}
    found = 0
    for name, text in texts.items():
        for match in link.finditer(text):
            if not match[2].startswith("attachment:"):
                base = (ROOT / name).parent / match[2]
                assert base.resolve().relative_to(ROOT).as_posix() in places, (name, match[0])
                found += 1
    assert found > 30


def test_a_link_that_leads_nowhere_becomes_words(load):
    keep = load("student").keep_links
    text = "[a](LICENSE), [b](CONTRIBUTING.md), [c](data/README.md), [d](https://x.org)"
    kept = "[a](LICENSE), b, [c](data/README.md), [d](https://x.org)"
    assert keep(text, "README.md", {"LICENSE", "data/README.md"}) == kept


def test_packed_exercises_say_what_the_clear_ones_say(files):
    source = files["helpers/exercises/lesson_04.py"].decode("ascii")
    assert not re.search(r"brighter|\b44\b|EXERCISES", source)
    module = types.ModuleType("helpers.exercises.lesson_04")
    exec(compile(source, "lesson_04.py", "exec"), module.__dict__)
    assert module.EXERCISES.keys() == lesson_04.EXERCISES.keys()
    for answer in ([44, 236], [300, -20], [255, 0], ..., [1], "text"):
        clear = engine.judge(lesson_04.EXERCISES["4.1"], answer)
        assert engine.judge(module.EXERCISES["4.1"], answer) == clear
    assert engine.judge(module.EXERCISES["4.1"], [44, 236])[0] == "right"
    assert module.EXERCISES["4.1"].hints == lesson_04.EXERCISES["4.1"].hints


def test_every_lesson_of_the_zip_is_packed_and_unpacks_to_what_it_was(files):
    names = [name for name in files if re.fullmatch(r"helpers/exercises/lesson_\d\d\.py", name)]
    assert len(names) == len(course())
    for name in names:
        text = re.search(r'unpack\("""(.*?)"""\)', files[name].decode("ascii"), re.DOTALL)[1]
        assert packed.unpack(text) == (ROOT / name).read_text("utf-8")


def test_start_of_the_zip_knows_what_it_has(files, tmp_path):
    (tmp_path / "start.py").write_bytes(files["start.py"])
    spec = importlib.util.spec_from_file_location("start_of_students", tmp_path / "start.py")
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    for word in start.WORDS.keys() - {"lab", "fresh", "data"}:
        with pytest.raises(SystemExit, match=f"{word} needs the whole course"):
            start.main([word])
    assert not [word for word in start.WORDS if f"start.py {word}" in files["README.md"].decode()
                and word not in ("lab", "fresh", "data")]  # fmt: skip


# ---- the graded edition -------------------------------------------------------------------------


class Points(dict):
    """Stands in for the exercises of a lesson: as many points as the number after the dot."""

    def __missing__(self, number):
        """Return an exercise that has nothing but points."""
        self[number] = types.SimpleNamespace(points=int(number.partition(".")[2]))
        return self[number]


@pytest.fixture(scope="module")
def assignments(load):
    """Return the lessons as assignments."""
    graded = load("graded")
    return {name: graded.assignment(notebook, Points()) for name, notebook in course().items()}


def test_every_exercise_has_a_cell_to_fill_in_and_a_cell_that_grades(assignments):
    for name, notebook in assignments.items():
        marked = [cell["metadata"].get("nbgrader") for cell in notebook["cells"]]
        marks = {mark["grade_id"]: mark for mark in marked if mark}
        assert len(marks) == len([mark for mark in marked if mark]), "an id is there twice"
        code = "\n".join(sources(course()[name]))
        checks = re.findall(r'^check\("(\d+\.\d+)"', code, re.MULTILINE)
        assert len(marks) == 2 * len(set(checks)) > 0
        for number in set(checks):
            mark = marks[f"grade-{number.replace('.', '-')}"]
            assert (mark["points"], mark["locked"]) == (Points()[number].points, True)
            assert marks[f"exercise-{number.replace('.', '-')}"]["solution"]
        assert sources(notebook, "solution") == []
        assert "check, grade, hint" in "".join(sources(notebook))


def test_graded_cells_are_well_formed(assignments):
    for lesson, notebook in assignments.items():
        cells = notebook["cells"]
        for cell, following in pairwise(cells):
            if not cell["metadata"].get("nbgrader", {}).get("solution"):
                continue
            source, name = cell["source"], cell["metadata"]["nbgrader"]["grade_id"]
            ast.parse(source)
            assert source.count("### BEGIN SOLUTION") == source.count("### END SOLUTION") == 1
            dots, _, rest = source.partition("### BEGIN SOLUTION")
            solution, _, check = rest.partition("### END SOLUTION")
            number = name.removeprefix("exercise-").replace("-", ".")
            assert "..." in dots, (lesson, name)
            assert "check(" not in solution
            answer = re.fullmatch(rf'\s*check\("{re.escape(number)}", (\w+)\)\s*', check)[1]
            assert f"\n{answer} = " in solution
            # One line whose value are the points: text shown would count as full marks.
            assert following["source"] == f'grade("{number}", {answer})'


def test_what_students_get_of_a_cell_is_the_exercise_of_the_course(load):
    source = load("graded").with_solution(
        'def mine(x):\n    return ...\n\n\ncheck("1.1", mine)',
        '# Solution 1.1\ndef twice(x):\n    return 2 * x\n\n\ncheck("1.1", twice)\nprint(1)',
    )
    shown = re.sub(r"### BEGIN SOLUTION.*### END SOLUTION", "", source, flags=re.DOTALL)
    assert re.sub(r"\n+", "\n", shown) == 'def mine(x):\n    return ...\ncheck("1.1", mine)'
    names = {"check": lambda number, answer: names.update(checked=(number, answer(4)))}
    exec(source, names)
    assert names["checked"] == ("1.1", 8)


def test_the_folder_holds_one_notebook_per_lesson_and_no_answer_file(load, tmp_path):
    names = ["00_start_here.ipynb", "04_intensity_transforms.ipynb"]
    (tmp_path / "notebooks").mkdir()
    for name in names:
        (tmp_path / "notebooks" / name).write_bytes((ROOT / "notebooks" / name).read_bytes())
    target = tmp_path / "graded"
    assert load("graded").write(target, tmp_path) == 2
    written = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert written == {"nbgrader_config.py", *(f"source/lesson_{n[:2]}/{n}" for n in names)}
    notebook = json.loads((target / "source" / "lesson_04" / names[1]).read_text("utf-8"))
    points = [cell["metadata"].get("nbgrader", {}).get("points") for cell in notebook["cells"]]
    assert sum(filter(None, points)) == sum(e.points for e in lesson_04.EXERCISES.values())


# ---- wheels -------------------------------------------------------------------------------------

LOCK = """\
# by uv
always==1 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via x
mac==1 ; sys_platform == 'darwin' \\
    --hash=sha256:cc
windows==1 ; os_name == 'nt' \\
    --hash=sha256:dd
old==1 ; python_full_version < '3.11.5' \\
    --hash=sha256:ee
new==1 ; python_full_version >= '3.12' \\
    --hash=sha256:ff
"""


def names_for(load, system, python, patch):
    """Return what is wanted of LOCK."""
    lines = load("wheelhouse").wanted(LOCK, system, python, patch)
    return [line.partition("=")[0] for line in lines]


@pytest.mark.parametrize(
    ("system", "python", "patch", "names"),
    [
        ("Linux x86_64", "3.11", "0", ["always", "old"]),
        ("Linux aarch64", "3.11", "99", ["always"]),
        ("Windows amd64", "3.12", "0", ["always", "windows", "new"]),
        ("macOS arm64", "3.13", "99", ["always", "mac", "new"]),
        ("macOS x86_64", "3.11", "99", ["always", "mac"]),
    ],
)
def test_each_system_gets_what_its_markers_ask_for(load, system, python, patch, names):
    assert names_for(load, system, python, patch) == names


def test_hashes_stay_and_markers_go(load):
    lines = load("wheelhouse").wanted(LOCK, "macOS arm64", "3.11", "99")
    assert lines[0] == "always==1 --hash=sha256:aa --hash=sha256:bb"
    assert not [line for line in lines if ";" in line]
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    real = load("wheelhouse").wanted(lock, "Windows amd64", "3.12")
    assert len(real) > 100
    assert all("--hash=sha256:" in line for line in real)


@pytest.mark.parametrize(
    ("system", "tag", "machine"),
    [
        ("Linux x86_64", "manylinux_2_28_x86_64", "_x86_64"),
        ("Linux aarch64", "manylinux2014_aarch64", "_aarch64"),
        ("Windows amd64", "win_amd64", "win_amd64"),
        ("macOS arm64", "macosx_12_0_arm64", "_arm64"),
        ("macOS x86_64", "macosx_12_0_x86_64", "_x86_64"),
    ],
)
def test_pip_is_asked_for_wheels_of_each_system(load, system, tag, machine):
    words = load("wheelhouse").command(system, "3.12", "r.txt", "wheels", patch="0")
    options = list(pairwise(words))
    assert words[0] == "download"
    assert {"--require-hashes", "--no-deps"} <= set(words)
    for pair in (("--only-binary", ":all:"), ("--python-version", "3.12.0"), ("--platform", tag),
                 ("--abi", "cp312"), ("--abi", "abi3"), ("--dest", "wheels")):  # fmt: skip
        assert pair in options
    platforms = [value for option, value in options if option == "--platform"]
    assert platforms
    assert all(each.endswith(machine) for each in platforms)


def test_what_is_missing_is_named_and_the_folder_says_what_it_is_for(load, tmp_path, monkeypatch):
    wheelhouse = load("wheelhouse")
    monkeypatch.setattr(wheelhouse, "run_pip", lambda words: "win_amd64" in words)
    with pytest.raises(SystemExit, match=r"for Python 3\.12, Windows amd64: see"):
        wheelhouse.main([str(tmp_path / "w"), "--python", "3.12"])
    note = (tmp_path / "w" / "README.txt").read_text("utf-8")
    assert "Python 3.12" in note
    assert "macOS arm64" in note
