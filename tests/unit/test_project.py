"""The project's own promises: one dependency list, a lock that follows it, a small clean tree."""

import ast
import io
import json
import os
import re
import subprocess
import sys
import tokenize
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import helpers

ROOT = Path(__file__).resolve().parents[2]
CONDA_PYTHON = {"python_version": "3.14", "python_full_version": "3.14.0", "sys_platform": "linux"}
MAX_CLONE = 15e6  # bytes: what a classroom's connection bears thirty times
MAX_CODE_LINES, MAX_FILES = 1400, 15  # of helpers/, the exercises aside

PLANTED_PATHS = {
    "test_project.py",
    "test_rules.py",
}  # tests that look for such paths

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REQUIREMENTS = [
    Requirement(text)
    for text in PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
]
WASM = [Requirement(text) for text in PROJECT["dependency-groups"]["wasm"]]


def by_name(requirements):
    """Map each canonical name to its set of bounds."""
    return {canonicalize_name(each.name): set(map(str, each.specifier)) for each in requirements}


def conda_requirements():
    """Return what environment.yml asks for, conda's part and pip's part together."""
    entries = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    plain = [entry for entry in entries if isinstance(entry, str) and entry != "pip"]
    return [Requirement(entry) for entry in plain + pip if entry != "--editable ."]


def test_conda_environment_names_the_same_packages_and_bounds():
    wanted = by_name(
        each for each in REQUIREMENTS if not each.marker or each.marker.evaluate(CONDA_PYTHON)
    )
    found = by_name(conda_requirements())
    python = found.pop("python")
    assert found == wanted
    assert str(PROJECT["project"]["requires-python"]) in python


def locked():
    """Return name -> list of locked versions, and the number of entries without a hash."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.findall(
        r"^([\w.-]+)==([^ ;\\]+)[^\n]*\\\n((?:    --hash=\S+ ?\\?\n)*)", text, re.MULTILINE
    )
    versions = {}
    for name, version, hashes in entries:
        assert hashes, f"{name}=={version} has no hash in requirements.lock"
        versions.setdefault(canonicalize_name(name), []).append(Version(version))
    return versions


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_lock_holds_every_dependency_within_its_bounds(requirement):
    versions = locked().get(canonicalize_name(requirement.name), [])
    assert any(requirement.specifier.contains(each, prereleases=True) for each in versions), (
        f"requirements.lock has {versions or 'no version'} for {requirement}; make it anew with the"
        " command in its first lines"
    )


def git(*words, **options):
    """Run git in the course folder and return what it prints, as bytes."""
    if not (ROOT / ".git").exists():
        pytest.skip("this folder is not a git checkout, so what belongs to it is not known")
    return subprocess.run(
        ["git", *words], cwd=ROOT, stdout=subprocess.PIPE, check=True, **options
    ).stdout


def tracked_files():
    """Return the files of the repository as git knows them."""
    names = git("ls-files", "-z").decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_lock_and_settings_name_no_host_of_a_registry():
    for name in ("requirements.lock", "pyproject.toml", "environment.yml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "http://" not in text and "file://" not in text, name
        assert not re.search(r"^--(extra-)?index-url|^--find-links", text, re.MULTILINE), name
    assert "uv.lock" not in {path.name for path in tracked_files()}


def test_shallow_clone_is_small_and_named_where_one_looks_for_it():
    objects = git("rev-list", "--objects", "--no-walk", "HEAD")
    pack = git("pack-objects", "--stdout", "-q", input=objects)  # what clone --depth 1 transfers
    assert 1e5 < len(pack) < MAX_CLONE
    assert "git clone --depth 1" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_tree_has_no_links():
    assert [path.name for path in tracked_files() if path.is_symlink()] == []


def test_no_real_film_is_in_the_repository():
    assert [path.name for path in tracked_files() if path.name.startswith("00000011_")] == []


def test_text_files_name_no_absolute_path_of_a_machine():
    suffixes = {".py", ".md", ".toml", ".yml", ".cfg", ".json", ".ipynb", ".txt", ".lock", ""}
    pattern = re.compile(r"(?<![\w/.:<-])/(?:home|Users|root|work|tmp|mnt)/\w")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if path.suffix in suffixes
        and path.name not in PLANTED_PATHS
        and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


# What is imported, and what helpers/ promises of itself

HOME_MADE = {"helpers", "data", "tests", "start", "conftest"}
# Distributions that are called otherwise than the module they bring.
DISTRIBUTION = {
    "PIL": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
    "gdcm": "python-gdcm",
    "IPython": "ipython",
    "flit_core": "flit-core",
}


def sources():
    """Yield the name and the text of every Python file and of the code cells of every notebook."""
    for folder in ("helpers", "data/phantom", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    yield "start.py", (ROOT / "start.py").read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        lines = [line for line in "\n".join(code).splitlines() if not line.startswith(("%", "!"))]
        yield path.name, "\n".join(lines)


def imported(text):
    """Return the top-level modules that a source imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(text)))
    names = [each.name for node in nodes if isinstance(node, ast.Import) for each in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.partition(".")[0] for name in names}


def test_every_imported_package_is_declared():
    declared = {canonicalize_name(each.name) for each in REQUIREMENTS + WASM}
    runtime = {
        canonicalize_name(Requirement(text).name) for text in PROJECT["project"]["dependencies"]
    }
    seen = set()
    for name, text in sources():
        modules = imported(text) - set(sys.stdlib_module_names) - HOME_MADE
        packages = {canonicalize_name(DISTRIBUTION.get(module, module)) for module in modules}
        seen |= packages
        wanted = declared if name.startswith("tests/") else runtime
        assert packages <= wanted, f"{name} imports {packages - wanted}, which nothing declares"
    assert {"numpy", "pillow", "pydicom", "scikit-image", "distributed"} <= seen


def room_files():
    """Return the files of helpers/, the exercises aside."""
    return sorted((ROOT / "helpers").glob("*.py"))


def code_lines(text):
    """Count the lines that hold code: no docstring, no comment, no blank line."""
    layout = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in layout:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            lines.difference_update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def test_code_lines_leave_docstrings_comments_and_blank_lines_out():
    text = (
        '"""Title.\n\nMore.\n"""\n\nx = [\n    1,  # one\n]\n\n\n'
        'def f():\n    """Do."""\n    # why\n    return x\n'
    )
    assert code_lines(text) == 5


def test_helpers_are_small():
    counts = {path.name: code_lines(path.read_text(encoding="utf-8")) for path in room_files()}
    folders = {path.parent.name for path in (ROOT / "helpers").glob("[!.]*/*.py")}
    assert folders <= {"exercises"}, "no code of the helpers hides in a folder"
    assert len(counts) <= MAX_FILES, sorted(counts)
    assert sum(counts.values()) <= MAX_CODE_LINES, counts


def test_no_module_of_helpers_is_imported_under_another_name():
    rooms = [(path.name, path.read_text(encoding="utf-8")) for path in room_files()]
    notebooks = [(name, text) for name, text in sources() if name.endswith(".ipynb")]
    renamed = [
        f"{name}: {each.name} as {each.asname}"
        for name, text in rooms + notebooks
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for each in node.names
        if each.asname and (each.name.startswith("helpers") or is_from_helpers(node))
    ]
    assert renamed == []


def is_from_helpers(node):
    """Tell whether a statement imports from helpers, by its name or relatively."""
    return isinstance(node, ast.ImportFrom) and (
        node.level > 0 or (node.module or "").partition(".")[0] == "helpers"
    )


@pytest.mark.parametrize(
    "path", [p for p in room_files() if p.name[0] != "_"], ids=lambda p: p.stem
)
def test_every_public_function_has_an_example(path):
    functions = [
        node
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_" and node.name != "main"
    ]
    without = [
        node.name
        for node in functions
        if not re.search(r"Examples\n-+\n+>>> ", ast.get_docstring(node) or "")
    ]
    assert functions
    assert without == []


def public_functions(path):
    """Return the names of the functions of a room that readers may call."""
    return {
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_" and node.name != "main"
    }


def test_every_public_function_is_called_or_built_in_a_notebook():
    # Called, or handed to what calls it; a comment that names it is not enough. A step of the
    # lungs or of the opacity is built there under its own name.
    nodes = [
        node
        for file, text in sources()
        if file.endswith(".ipynb")
        for node in ast.walk(ast.parse(text))
    ]
    used = {
        (node.value.id, node.attr)
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    built = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    # A command of the terminal.
    elsewhere = {("datasets", "fetch_nih")}
    unused = [
        (path.stem, name)
        for path in room_files()
        if path.stem[0] != "_"
        for name in sorted(public_functions(path))
        if (path.stem, name) not in used
        and not (path.stem in ("lungs", "opacity") and name in built)
    ]
    assert set(unused) <= elsewhere


def import_helpers(*options, **environment):
    """Import helpers in a Python of its own; return the exit code and the last line it says."""
    done = subprocess.run(
        [sys.executable, *options, "-c", "import helpers"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, (done.stderr.splitlines() or [""])[-1]


def test_helpers_say_what_to_run_where_a_package_is_missing_or_too_old(tmp_path):
    assert import_helpers() == (0, "")
    code, said = import_helpers("-S")  # a Python without the packages of the course
    assert code == 1
    assert said.startswith("ImportError: numpy, scipy, ")
    assert "`python start.py`" in said
    old = tmp_path / "numpy-1.26.4.dist-info"
    old.mkdir()
    (old / "METADATA").write_text("Name: numpy\nVersion: 1.26.4\n", encoding="utf-8")
    code, said = import_helpers(PYTHONPATH=str(tmp_path))
    assert code == 1
    assert said.startswith("ImportError: numpy missing or too old, ")


def test_helpers_ask_for_the_versions_that_the_project_declares():
    bounds = {each.name: str(each.specifier) for each in REQUIREMENTS}
    for name, (major, minor) in helpers._OLDEST.items():
        assert f">={major}.{minor}" in bounds[name].split(",")
