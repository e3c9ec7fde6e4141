"""start.py: one door, and an interrupted install is never taken for a finished one."""

import ast
import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load(folder):
    """Import the start.py of a folder under a name of its own."""
    spec = importlib.util.spec_from_file_location("start_under_test", folder / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Return start.py as a module that lives in an empty project, on a machine without uv."""
    project = tmp_path / "project"
    project.mkdir()
    for name in ("start.py", "pyproject.toml", "requirements.lock"):
        (project / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.delenv("PIP_NO_INDEX", raising=False)
    module = load(project)
    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    return module


class Commands:
    """Stands in for subprocess.call: notes each command, and fails or is cut off when told to."""

    def __init__(self, start, fail_at=None, error=None):
        self.start, self.fail_at, self.error, self.seen = start, fail_at, error, []

    def __call__(self, command, cwd):
        """Note the command; leave a Python behind as a real install does."""
        self.seen.append([str(part) for part in command])
        if len(self.seen) == self.fail_at:
            if self.error:
                raise self.error
            return 1
        self.start.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        self.start.PYTHON.touch()
        return 0


def test_install_runs_once_and_checks_hashes(start, monkeypatch):
    commands = Commands(start)
    monkeypatch.setattr(start.subprocess, "call", commands)
    assert not start.is_installed()
    start.install()
    assert start.is_installed()
    assert "--clear" in commands.seen[0]
    assert "--require-hashes" in commands.seen[1]
    assert len(commands.seen) == 4


def test_uv_is_used_when_there(start, monkeypatch):
    commands = Commands(start)
    monkeypatch.setattr(start.subprocess, "call", commands)
    monkeypatch.setattr(start.shutil, "which", lambda name: "uv")
    start.install()
    assert [command[0] for command in commands.seen][:3] == ["uv", "uv", "uv"]
    assert "--require-hashes" in commands.seen[1]
    # as pip does unasked: else the first kernels, and where nothing may be written every one,
    # begin by compiling Matplotlib, which takes longer than all the rest of their start
    assert all("--compile-bytecode" in command for command in commands.seen[1:3])


def test_without_a_network_pip_installs_because_uv_ignores_its_settings(start, monkeypatch):
    commands = Commands(start)
    monkeypatch.setattr(start.subprocess, "call", commands)
    monkeypatch.setattr(start.shutil, "which", lambda name: "uv")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    start.install()
    assert not [command for command in commands.seen if "uv" in command]
    assert commands.seen[1][1:4] == ["-m", "pip", "install"]


@pytest.mark.parametrize("tool", [None, "uv"])
def test_a_folder_of_wheels_beside_it_is_used_and_no_network_is_asked(start, monkeypatch, tool):
    for laid in (False, True):
        commands = Commands(start)
        monkeypatch.setattr(start.subprocess, "call", commands)
        monkeypatch.setattr(start.shutil, "which", lambda name: tool)
        if laid:
            (start.ROOT / "wheelhouse").mkdir()
        start.install()
        offline = ["--no-index", "--find-links", str(start.ROOT / "wheelhouse")]
        assert [offline[0] in command for command in commands.seen[1:3]] == [laid, laid]
        assert [offline[2] in command for command in commands.seen[1:3]] == [laid, laid]


def test_each_step_says_what_it_does_and_pip_shows_its_progress(start, monkeypatch, capsys):
    commands = Commands(start)
    monkeypatch.setattr(start.subprocess, "call", commands)
    start.install()
    said = capsys.readouterr().out
    assert all(f"{step} of 4: " in said for step in (1, 2, 3, 4))
    assert not [command for command in commands.seen if {"-q", "--quiet"} & set(command)]


@pytest.mark.parametrize("tool", [None, "uv"])
def test_a_folder_without_write_permission_is_named_and_no_tool_is_blamed(start, monkeypatch, tool):
    def refuse(self, **_options):
        raise PermissionError(13, "Permission denied", str(self))

    commands = Commands(start)
    monkeypatch.setattr(start.subprocess, "call", commands)
    monkeypatch.setattr(start.shutil, "which", lambda name: tool)
    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(SystemExit, match="no permission to write") as caught:
        start.install()
    assert str(start.ROOT) in str(caught.value)
    assert not {"python3-venv", "uv"} & set(str(caught.value).split())
    assert commands.seen == []


@pytest.mark.parametrize(
    ("arguments", "options"),
    [([], []), (["--port", "9000"], ["--port", "9000"]), (["lab", "--port=1"], ["--port=1"])],
    ids=str,
)
def test_options_without_a_word_go_to_jupyterlab(start, monkeypatch, arguments, options):
    commands = []
    monkeypatch.setattr(start, "is_installed", lambda: True)
    monkeypatch.setattr(start, "run_child", lambda command: commands.append(command) or 0)
    assert start.main(arguments) == 0
    assert commands == [[start.PYTHON, *start.LAY], [start.PYTHON, *start.WORDS["lab"], *options]]


def test_fresh_asks_for_the_lessons_by_number(start, monkeypatch):
    commands = []
    monkeypatch.setattr(start, "is_installed", lambda: True)
    monkeypatch.setattr(start, "run_child", lambda command: commands.append(command) or 0)
    assert start.main(["fresh", "04"]) == 0
    assert commands == [[start.PYTHON, *start.LAY, "fresh", "04"]]


def test_quick_leaves_out_slow_tests_and_notebooks(start, monkeypatch):
    (start.ROOT / "tests").mkdir()
    commands = []
    monkeypatch.setattr(start, "is_installed", lambda: True)
    monkeypatch.setattr(start, "run_child", lambda command: commands.append(command) or 0)
    assert start.main(["test", "quick", "-x"]) == 0
    assert commands == [[start.PYTHON, *start.TEST, "-m", "not slow", "tests", "-x"]]


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without telling it")
@pytest.mark.parametrize("child", ["", "signal.signal(signal.SIGTERM, signal.SIG_IGN); "])
def test_what_start_opened_ends_with_it(tmp_path, child):
    """A stand-in for JupyterLab, polite or deaf to SIGTERM, is gone when start.py is."""
    note = tmp_path / "child.txt"
    stay = f"import os, pathlib, signal, time; {child}"
    stay += f"pathlib.Path({str(note)!r}).write_text(str(os.getpid()) + '.'); time.sleep(60)"
    code = f"import sys, start; start.GRACE = 1; start.run_child([sys.executable, '-c', {stay!r}])"
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    try:
        wait_until(lambda: note.exists() and note.read_text(encoding="utf-8").endswith("."))
        parent.terminate()
        assert parent.wait(timeout=50) == 128 + signal.SIGTERM
    finally:
        parent.kill()
        parent.wait(timeout=50)
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text(encoding="utf-8").rstrip(".")), 0)


def wait_until(is_true, limit=50):
    """Wait until something is true; fail after `limit` seconds."""
    end = time.monotonic() + limit
    while not is_true():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


@pytest.mark.parametrize("step", [1, 2, 3, 4])
@pytest.mark.parametrize("error", [None, KeyboardInterrupt()], ids=["fails", "is stopped"])
def test_unfinished_install_is_not_taken_for_done(start, monkeypatch, step, error):
    monkeypatch.setattr(start.subprocess, "call", Commands(start, fail_at=step, error=error))
    with pytest.raises((SystemExit, KeyboardInterrupt)) as caught:
        start.install()
    if error is None:
        assert ("python3-venv" if step == 1 else "internet connection") in str(caught.value)
    assert not start.is_installed()
    monkeypatch.setattr(start.subprocess, "call", Commands(start))
    start.install()
    assert start.is_installed()


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_changed_dependencies_are_installed_anew(start, monkeypatch, changed):
    monkeypatch.setattr(start.subprocess, "call", Commands(start))
    start.install()
    with (start.ROOT / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert not start.is_installed()


def test_moved_folder_is_installed_anew(start, monkeypatch, tmp_path):
    monkeypatch.setattr(start.subprocess, "call", Commands(start))
    start.install()
    assert load(start.ROOT).is_installed()
    assert not load(start.ROOT.rename(tmp_path / "moved")).is_installed()


def test_old_python_gets_one_sentence(start, monkeypatch):
    monkeypatch.setattr(start.sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer"):
        start.install()


def test_help_names_every_word_and_needs_no_install(start, capsys):
    assert start.main(["help"]) == 0
    text = capsys.readouterr().out
    assert all(word in text for word in start.WORDS)
    assert not start.VENV.exists()


def test_unknown_word_is_refused_with_the_list():
    run = subprocess.run(
        [sys.executable, ROOT / "start.py", "tests"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "does not know the word 'tests'" in run.stderr
    assert "python start.py test" in run.stderr


def test_standard_library_only_and_short():
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 165
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import)]
    froms = [
        node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)
    ]
    names = [alias.name for node in imports for alias in node.names] + froms
    assert names
    assert set(names) <= set(sys.stdlib_module_names)


def test_bench_runs_without_xdist():
    # Several processes at once would disturb each other's times.
    assert "-pno:xdist" in load(ROOT).WORDS["bench"]
