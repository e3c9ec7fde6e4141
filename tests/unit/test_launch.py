"""The ways into the course: what README promises, one address, Binder, a dev container, Colab."""

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import helpers

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HOSTS = r"github\.com|[\w-]+\.github\.io|mybinder\.org/v2|colab\.research\.google\.com/github"
# What Colab brings of the course's packages; jupyterlab and its part are the program around them.
IN_COLAB = {"numpy", "scipy", "imageio", "matplotlib", "pillow", "pooch", "dask", "distributed",
            "pandas", "scikit-learn", "ipython", "psutil", "tqdm",
            "jupyterlab", "argon2-cffi-bindings"}  # fmt: skip


def load(path):
    """Import a file that is in no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ADDRESS, START = load(ROOT / "site" / "address.py"), load(ROOT / "start.py")


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def texts(path):
    """Return the texts of a lesson."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


# ---- README -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["README.md", "site/index.md"])
def test_the_hours_that_are_promised_are_those_of_the_lessons(name):
    heads = [texts(path)[0] for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    core = sum(int(re.search(r"· (\d+) minutes", head)[1]) for head in heads)
    extra = sum(int(found) for head in heads for found in re.findall(r"(\d+) more are extra", head))
    promise = (
        f"about {round(core / 60)} hours with the exercises, and {round(extra / 30) / 2} hours"
    )
    assert core > 1000
    assert promise in read(name)


def test_links_and_pictures_of_the_readme_are_there():
    targets = re.findall(r"\]\(([^)\s:]+)\)", read("README.md"))
    assert {"site/overview.png", "site/lab.png", "CITATION.cff"} <= set(targets)
    assert [target for target in targets if not (ROOT / target).exists()] == []
    assert (ROOT / "site" / "lab.png").stat().st_size < 150e3


# ---- one address --------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path):
    """Return a folder with the files that name the address."""
    (tmp_path / "notebooks").mkdir()
    for name in ADDRESS.FILES:
        (tmp_path / name).write_text(read(name), encoding="utf-8", newline="\n")
    return tmp_path


def test_all_that_names_the_repository_names_the_same(copy):
    ADDRESS.write("https://github.com/some-body/x.ray.git", copy)
    assert ADDRESS.link(copy) == "https://github.com/some-body/x.ray"
    named = 0
    for name in ADDRESS.FILES:
        text = (copy / name).read_text(encoding="utf-8")
        for found in re.findall(rf"https://(?:{HOSTS})[^\s)]*", text):
            assert "some-body/x.ray" in found or "https://some-body.github.io/x.ray/" in found
            named += 1
        assert ADDRESS.current() not in text
    assert named > 8
    ADDRESS.write(f"https://github.com/{ADDRESS.NOT_SET}/", copy)
    assert ADDRESS.link(copy) == ""
    ADDRESS.write(f"https://github.com/{ADDRESS.current()}", copy)
    assert [name for name in ADDRESS.FILES if (copy / name).read_text("utf-8") != read(name)] == []


def test_what_is_no_address_changes_nothing(copy):
    for wrong in ("github.com/a/b", "https://github.com/a", "https://github.com/a/b/tree/main"):
        with pytest.raises(SystemExit, match="is no address like"):
            ADDRESS.write(wrong, copy)
    assert ADDRESS.current(copy) == ADDRESS.current()


def test_citation_is_complete():
    said = yaml.safe_load(read("CITATION.cff"))
    assert {"cff-version", "message", "title", "type", "authors", "abstract", "keywords"} <= set(
        said
    )
    assert said["version"] == PROJECT["version"]
    assert said["license"] == [PROJECT["license"], "CC-BY-4.0"]
    assert isinstance(said["date-released"], date)
    assert said["title"] == PROJECT["description"]
    assert said["repository-code"] == f"https://github.com/{ADDRESS.current()}"


# ---- places that install it by themselves -------------------------------------------------------


def test_the_dev_container_installs_with_start_and_opens_its_python(monkeypatch):
    said = json.loads(read(".devcontainer/devcontainer.json"))
    assert said["image"].rpartition(":")[2] in SpecifierSet(PROJECT["requires-python"])
    python = said["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert python == "${containerWorkspaceFolder}/.venv/bin/python"
    assert START.VENV.name == ".venv"
    program, script, *options = said["postCreateCommand"].split()
    assert (program, script) == ("python", "start.py")
    ran = []
    monkeypatch.setattr(START, "is_installed", lambda: False)
    monkeypatch.setattr(START, "install", lambda: ran.append("install"))
    monkeypatch.setattr(START, "run_child", lambda command: ran.append(command[1:]))
    START.main(options)
    assert ran == ["install", START.LAY, [*START.WORDS["lab"], "--version"]]


def test_binder_installs_the_lock_and_does_what_start_does():
    python = read(".binder/runtime.txt").strip().removeprefix("python-")
    assert python in SpecifierSet(PROJECT["requires-python"])
    [line] = [line for line in read(".binder/requirements.txt").splitlines() if line[0] != "#"]
    assert (ROOT / ".binder" / line.removeprefix("-r ")).resolve() == START.LOCK
    first, *_, course, news, copy = read(".binder/postBuild").splitlines()
    assert first == "#!/usr/bin/env bash"
    assert "--no-deps --no-build-isolation --editable ." in course
    assert news == f"python {START.NO_NEWS} --level=sys_prefix"
    assert copy.split()[1:] == START.LAY


def test_binder_may_run_its_script():
    if not (ROOT / ".git").exists():
        pytest.skip("this folder is not a git checkout, which knows what may be run")
    listed = ["git", "ls-files", "--stage", ".binder/postBuild"]
    found = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert found.startswith("100755 ")


def test_lesson_00_fetches_in_colab_what_colab_lacks_and_the_others_lead_to_it():
    first, *others = sorted((ROOT / "notebooks").glob("*.ipynb"))
    [lines] = [re.search(r"```\n(!git.*?)\n```", text, re.DOTALL)[1].splitlines()
               for text in texts(first) if "!git" in text]  # fmt: skip
    clone, change, install = lines
    assert clone.startswith(f"!git clone --depth 1 https://github.com/{ADDRESS.current()} ")
    assert change == f"%cd {clone.split()[-1]}"
    needed = {Requirement(text).name for text in PROJECT["dependencies"]} - IN_COLAB
    assert set(install.removeprefix("%pip install --quiet ").split()) == needed
    assert [path.name for path in others if "in Colab: see lesson 00" not in texts(path)[1]] == []


# ---- the web edition and the browser ------------------------------------------------------------


@pytest.fixture
def site(monkeypatch):
    """Return a function that imports a file of site/ by its name."""
    monkeypatch.syspath_prepend(str(ROOT / "site"))
    yield importlib.import_module
    for name in ("address", "build", "lite", "packages", "pages"):
        sys.modules.pop(name, None)


def test_a_site_that_asks_another_host_is_not_finished(site, tmp_path):
    lines = {
        "a.html": '<img src="a.png"><a href="https://e.org">x</a><script src="//e.org/x.js">',
        "b.css": "a { background: url(b.png) } b { background: url('https://e.org/b.png') }",
        "c.html": '<link rel="icon" href="https://e.org/c.css"><img src="data:image/png;...">',
    }
    for name, text in lines.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = site("build").fetched_elsewhere(tmp_path)
    assert [line.partition(":")[0] for line in found] == ["a.html", "b.css", "c.html"]


def test_the_browser_gets_every_lesson_that_it_can_run_and_what_helpers_ask_for(site, tmp_path):
    lite = site("lite")
    lite.lay(tmp_path / "lite")
    laid = {path.name for path in (tmp_path / "lite" / "files").iterdir()}
    lessons = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert laid == lessons - {lite.NEEDS_PROCESSES} | {"helpers", "data"}
    text = (tmp_path / "lite" / "files" / "04_intensity_transforms.ipynb").read_text("utf-8")
    assert not any(cell.get("outputs") for cell in json.loads(text)["cells"])
    said = json.loads((tmp_path / "lite" / "jupyter-lite.json").read_text("utf-8"))
    [kernel] = said["jupyter-config-data"]["litePluginSettings"].values()
    assert helpers._OLDEST.keys() <= set(kernel["loadPyodideOptions"]["packages"])
