"""The workflows and the hooks: they can be read, wait with a limit, and name what they take."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
HOOKS = ROOT / ".pre-commit-config.yaml"
PINNED = re.compile(r"[\w.-]+(?:/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+")

every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_there_is_a_workflow_for_every_occasion():
    triggers = {path.stem: set(read(path)[True]) for path in WORKFLOWS}  # YAML reads `on` as True
    assert {"push", "pull_request"} <= triggers["tests"]
    assert "schedule" in triggers["weekly"] & triggers["nightly"]


@every_workflow
def test_every_action_is_named_by_its_commit_with_its_release(path):
    uses = re.findall(r"^\s*(?:- )?uses: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert uses
    assert [each for each in uses if not PINNED.fullmatch(each)] == []


def test_an_action_has_one_commit_everywhere():
    text = "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    named = set(re.findall(r"uses: (\S+)@(\S+)", text))
    assert len(named) == len({name for name, _ in named})


@every_workflow
def test_every_job_has_a_limit_and_may_only_read(path):
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert 0 < job["timeout-minutes"] <= 60, name


def test_weekly_tries_three_systems_with_oldest_locked_and_newest():
    matrix = read(ROOT / ".github/workflows/weekly.yml")["jobs"]["versions"]["strategy"]["matrix"]
    assert {each.split("-")[0] for each in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert [each["name"] for each in matrix["versions"]] == ["oldest", "locked", "newest"]


def test_hooks_take_tools_of_one_version_the_one_in_the_lock():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    hooks = [hook for repo in read(HOOKS)["repos"] for hook in repo["hooks"]]
    tools = {tool for hook in hooks for tool in hook.get("additional_dependencies", [])}
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", tool) for tool in tools)
    ruff = {tool for tool in tools if tool.startswith("ruff==")}
    assert len(ruff) == 1
    assert re.search(rf"^{re.escape(ruff.pop())} ", lock, re.MULTILINE)
