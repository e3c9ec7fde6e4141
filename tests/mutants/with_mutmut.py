"""Change each operator, number and word of helpers/ in turn, to see whether the unit tests notice.

`python -m tests.mutants.with_mutmut [ROOM …] [--every 5]` copies the course into a temporary
folder, has mutmut 3 mutate the named rooms, all by default, each against its own tests, and prints
how many mutants died. mutmut is no part of the lock: install requirements.lock and it into an
environment of its own. It runs on Linux and macOS.

What lives on, and why no test is missing:

- the same thing said in another way: `astype(None)` is float64, `mode="reflect"`, `copy=True` and
  `order` are what the library takes without being told, other letters in an einsum mean the same,
  and a dtype that the next division makes float64 anyway;
- rows 9 instead of 8 pixels longer, which is speed and no number; a header read without its end;
- `<=` for `<` where both sides give the same: an equally good threshold, a tie of two float64
  sums, a bound that only a value of 2**64 or a row of exactly GIF_SIDE pixels reaches;
- what an older library needs (PNG of 16 bits as int32), and what no file here holds
  (DoubleFloatPixelData), and `strict=True` where the lengths are equal by construction;
- that the cluster drops what is left of a run that is broken off: nobody waits for it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("conftest.py", "data", "helpers", "notebooks", "tests", "pyproject.toml")
# Which files of tests/unit a room is measured against.
ROOMS = {
    "_validate": ["validate"],
    "convolution": ["convolution", "defaults_and_sentences"],
    "edges": ["edges", "defaults_and_sentences"],
    "intensity": ["intensity", "defaults_and_sentences"],
    "masks": ["masks", "masks_properties", "defaults_and_sentences"],
    "lungs": ["lungs"],
    "opacity": ["opacity"],
    "images": ["images", "defaults_and_sentences"],
    "_decoders": ["images"],
    "figures": ["figures", "defaults_and_sentences"],
    "datasets": ["datasets"],
    "batch": ["batch"],
}
# mutmut tries a mutant in a copy of its own process, in which threads of Dask would wait for ever.
# So of this room mutmut tries one, which its first test kills, and makes the others; each of them
# is tried in a new process.
ALONE, FIRST = "batch", "helpers.batch.x_measure__mutmut_1"
LONGEST = 900  # seconds of all tests of this room
OWN = "not every_public_function and (not test_contract or {}.)"
TIMEOUT = 36
KILLED, SURVIVED = (1, 3, 24, -24, TIMEOUT, 152, 255), 0  # exit codes, as in mutmut/stats.py


def settings(room):
    """Write what mutmut reads; one line that looks empty follows every name of a list."""
    lists = {
        "source_paths": ["helpers"],
        "only_mutate": [f"helpers/{room}.py"],
        "also_copy": COPIED[:-2],
        "pytest_add_cli_args_test_selection": [
            f"tests/unit/test_{tests}.py" for tests in (*ROOMS[room], "contract")
        ],
        # One test lists a module's functions, to which mutmut adds its own. Of the contract, what
        # it asks of this room.
        "pytest_add_cli_args": ["-o", "addopts=-p no:nbval", "-k", OWN.format(room)],
    }
    rows = [f"{key} =\n" + "".join(f"    {value}\n" for value in lists[key]) for key in lists]
    return "[mutmut]\ntrack_dependencies = false\ntimeout_constant = 60\n" + "".join(rows)


def measure(room, every, folder):
    """Return the exit code of the tests for each mutant of a room that was tried."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    (folder / "setup.cfg").write_text(settings(room), encoding="utf-8")
    digits = "".join(str(digit) for digit in range(0, 10, every))
    names = [f"helpers.{room}.*[{digits}]"] if every > 1 else []
    if room == ALONE:
        names = [FIRST]
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names]
    environment = {**os.environ, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(command, cwd=folder, env=environment, check=True)
    results = folder / "mutants" / "helpers" / f"{room}.py.meta"
    codes = json.loads(results.read_text(encoding="utf-8"))["exit_code_by_key"]
    if room == ALONE:
        codes = {name: alone(name, folder, environment) for name in codes if name[-1] in digits}
    return {name: code for name, code in codes.items() if code is not None}


def alone(name, folder, environment):
    """Try one mutant in a new process, against all tests of its room; return their exit code."""
    tests = [f"tests/unit/test_{each}.py" for each in ROOMS[ALONE]]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-o", "addopts=-p no:nbval", *tests]
    try:
        return subprocess.run(
            command,
            cwd=folder / "mutants",
            env={**environment, "MUTANT_UNDER_TEST": name},
            stdout=subprocess.DEVNULL,
            timeout=LONGEST,
        ).returncode
    except subprocess.TimeoutExpired:
        return TIMEOUT


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.with_mutmut")
    parser.add_argument("rooms", nargs="*", choices=[[], *ROOMS], default=list(ROOMS))
    parser.add_argument(
        "--every", type=int, choices=(1, 2, 5), default=1, help="try one in so many"
    )
    wanted = parser.parse_args()
    lines = []
    for room in wanted.rooms:
        with tempfile.TemporaryDirectory() as folder:
            codes = measure(room, wanted.every, Path(folder))
        survivors = [name for name, code in codes.items() if code == SURVIVED]
        killed = sum(code in KILLED for code in codes.values())
        lines.append(
            f"{room:12} {len(codes):5} mutants {killed:5} killed {killed / len(codes):6.1%}"
        )
        lines += [f"    {name}" for name in survivors]
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()
