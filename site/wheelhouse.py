"""Wheels of everything in requirements.lock for a room without a network.

    python start.py wheelhouse                          # into build/wheelhouse
    python start.py wheelhouse FOLDER --python 3.12     # for another Python than this one

They are for Linux, Windows and macOS, and each is checked against the hash in the lock.
`site/teaching/offline.md` says what to do with them.
"""

import argparse
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
MANYLINUX = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_24", "manylinux_2_17",
             "manylinux2014", "manylinux_2_12", "manylinux2010", "manylinux_2_5",
             "manylinux1", "linux")  # fmt: skip
# Name -> the platforms that pip is asked for, and what markers in the lock see there.
SYSTEMS = {
    "Linux x86_64": ([f"{each}_x86_64" for each in MANYLINUX], ("linux", "Linux", "x86_64")),
    "Linux aarch64": ([f"{each}_aarch64" for each in MANYLINUX], ("linux", "Linux", "aarch64")),
    "Windows amd64": (["win_amd64"], ("win32", "Windows", "AMD64")),
    "macOS arm64": (["macosx_12_0_arm64"], ("darwin", "Darwin", "arm64")),
    "macOS x86_64": (["macosx_12_0_x86_64"], ("darwin", "Darwin", "x86_64")),
}
# An early and a late release of a Python: the lock tells them apart.
PATCHES = ("0", "99")
NOTE = """\
Wheels of the course for Python {python} on {systems}.
Put this folder beside start.py, under the name wheelhouse; python start.py then installs from it
and asks no network.
"""


def markers(system, python, patch):
    """Return what the markers of the lock see on a system with a Python."""
    sys_platform, platform_system, machine = SYSTEMS[system][1]
    return {
        "sys_platform": sys_platform,
        "platform_system": platform_system,
        "platform_machine": machine,
        "os_name": "nt" if sys_platform == "win32" else "posix",
        "python_version": python,
        "python_full_version": f"{python}.{patch}",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


def entries(lock):
    r"""Split the text of a lock into (requirement, its hashes).

    >>> entries("# by uv\na==1 ; os_name == 'nt' \\\n    --hash=sha256:0\n    # via b\n")
    [("a==1 ; os_name == 'nt'", ['--hash=sha256:0'])]
    """
    found = []
    for line in lock.splitlines():
        words = line.removesuffix("\\").strip()
        if words.startswith("--hash"):
            found[-1][1].append(words)
        elif words and not words.startswith("#"):
            found.append((words, []))
    return found


def wanted(lock, system, python, patch="99"):
    """Return the lines that a system needs of a lock, without markers: pip would read its own."""
    seen = markers(system, python, patch)
    lines = []
    for text, hashes in entries(lock):
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(seen):
            lines.append(" ".join([text.partition(" ;")[0], *hashes]))
    return lines


def command(system, python, requirements, folder, patch="99"):
    """Return the options of `pip download` for a system and a Python."""
    cp = f"cp{python.replace('.', '')}"
    platforms = [word for each in SYSTEMS[system][0] for word in ("--platform", each)]
    abis = [word for each in (cp, "abi3", "none") for word in ("--abi", each)]
    return [
        *("download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"),
        *("--only-binary", ":all:", "--implementation", "cp", "--python-version"),
        *(
            f"{python}.{patch}",
            *abis,
            *platforms,
            "--dest",
            str(folder),
            "--requirement",
            str(requirements),
        ),
    ]


def run_pip(arguments):
    """Run pip; where uv made .venv it is not there yet."""
    uv = shutil.which("uv")
    if uv and importlib.util.find_spec("pip") is None:
        subprocess.call([uv, "pip", "install", "--quiet", "--python", sys.executable, "pip"])
    return subprocess.call([sys.executable, "-m", "pip", *arguments])


def collect(folder, pythons, systems):
    """Download what each system needs; return the names of those for which it did not work."""
    lock, missing = LOCK.read_text(encoding="utf-8"), []
    folder.mkdir(parents=True, exist_ok=True)
    for python in pythons:
        for system in systems:
            print(f"Python {python}, {system}", flush=True)
            done = set()
            for patch in PATCHES:
                lines = [line for line in wanted(lock, system, python, patch) if line not in done]
                done.update(lines)
                with tempfile.TemporaryDirectory() as temporary:
                    requirements = Path(temporary) / "requirements.txt"
                    requirements.write_text("\n".join(lines), encoding="utf-8")
                    words = command(system, python, requirements, folder, patch)
                    if lines and run_pip(words) != 0:
                        missing.append(f"Python {python}, {system}")
    note = NOTE.format(python=", ".join(pythons), systems=", ".join(systems))
    (folder / "README.txt").write_text(note, encoding="utf-8")
    return missing


def main(arguments):
    """Collect the wheels that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python start.py wheelhouse")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "wheelhouse")
    parser.add_argument("--python", nargs="+", default=[RUNNING], help="such as 3.12 3.13")
    parser.add_argument("--system", nargs="+", default=list(SYSTEMS), choices=list(SYSTEMS))
    options = parser.parse_args(arguments)
    begin = time.monotonic()
    missing = collect(options.folder.resolve(), options.python, options.system)
    wheels = list(options.folder.glob("*.whl"))
    size = sum(path.stat().st_size for path in wheels) / 1e6
    print(f"{len(wheels)} wheels, {size:.0f} MB, {time.monotonic() - begin:.0f} s: "
          f"{options.folder}")  # fmt: skip
    if missing:
        sys.exit(f"Not everything is there for {'; '.join(missing)}: see the lines above.")


if __name__ == "__main__":
    main(sys.argv[1:])
