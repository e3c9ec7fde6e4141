"""The project's own promises: one dependency list, a lock that follows it, a small clean tree."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
CONDA_PYTHON = {"python_version": "3.14", "python_full_version": "3.14.0", "sys_platform": "linux"}
MAX_CLONE = 15e6  # bytes: what a classroom's connection bears thirty times

PLANTED_PATHS = {"test_project.py", "test_regression_sees.py"}  # tests that look for such paths

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REQUIREMENTS = [
    Requirement(text)
    for text in PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
]


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


def test_clone_is_small():
    objects = git("rev-list", "--objects", "HEAD")
    pack = git("pack-objects", "--stdout", "-q", input=objects)  # what git sends to a clone
    assert len(pack) < MAX_CLONE


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
