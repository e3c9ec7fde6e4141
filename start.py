"""The one door of the course: `python start.py` opens it, `python start.py help` says more."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
GRACE = 10  # seconds that a child gets to end when start.py is ended
STAMP = VENV / "installed.txt"  # written last, so an interrupted install is never taken for done

HELP = """\
python start.py [lab]       make .venv when needed, open JupyterLab on your own copy, my-course/
python start.py fresh 04    lay a new copy of lesson 04 beside yours, which is never overwritten
python start.py data        rebuild everything under data/ from the digital phantom
python start.py help        this text
Options without a word go to JupyterLab: python start.py --no-browser --port 9000

These need the whole course; a student edition does not know them:
python start.py test        run the tests, or some: python start.py test tests/unit/test_images.py
python start.py test quick  style rules and fast tests, without running a notebook
python start.py test films  run notebooks on films of another size, and what runs on those of NIH
python start.py test tools  test the notebook tests: do they see what is planted in small ones?
python start.py test again  run lessons again and again, in other surroundings each time
python start.py test wasm   run lessons 00 to 12 on another processor, a 32-bit WebAssembly
python start.py accept      run notebooks, or some; say what changes in them and store it
python start.py bench       time the helpers against other libraries, as a table
python start.py mutants     plant regressions in copies; do the tests see and name each of them?
python start.py site        build the web edition into build/site; --pdf and --slides add these
python start.py slides      write slides of each lesson into build/slides; 04 alone: slides 04
python start.py student     write the student edition, build/student.zip; or --nbgrader, graded
python start.py wheelhouse  collect the packages for rooms without a network: build/wheelhouse"""

LAY = ["-m", "helpers.exercises.my_course"]
TEST = ["-m", "pytest", "-n", "logical", "--dist", "loadfile", "--no-loadscope-reorder"]
WORDS = {
    "lab": ["-m", "jupyterlab", "--LabApp.default_url=/lab/tree/my-course/00_start_here.ipynb"],
    "fresh": [*LAY, "fresh"],
    "data": ["-m", "data.phantom"],
    "test": [*TEST, "-m", "not films and not tools"],
    "test films": [*TEST, "-m", "films"],
    "test tools": [*TEST, "-m", "tools"],
    "test quick": [*TEST, "-m", "not slow", "tests"],
    "test again": ["-m", "tests.notebook_checks.repeat"],
    "test wasm": ["-m", "tests.notebook_checks.wasm"],
    "bench": ["-m", "pytest", "tests/bench", "-pno:xdist", "-opython_files=bench_*.py", "-s"],
    "accept": ["-m", "tests.notebook_checks.accept"],
    "mutants": ["-m", "tests.mutants.run"],
    "site": ["site/build.py"],
    **{word: [f"site/{word}.py"] for word in ("slides", "student", "wheelhouse")},
}
NO_NEWS = "-m jupyter labextension disable @jupyterlab/apputils-extension:announcements"
NO_FOLDER = """There is no permission to write to .venv in {root}, where the course is installed.
Copy the course to a folder of your own, or ask whoever looks after this one."""
NO_VENV = """Python could not make a virtual environment, see the lines above. On Debian and Ubuntu
sudo apt install python3-venv helps. So does uv, which start.py uses when it is there."""
NO_UV_VENV = "uv could not make a virtual environment, see the lines above."
NO_INSTALL = """The install did not finish, see the lines above. With an internet connection, run
it once more. A folder wheelhouse has to be made for this Python: its README.txt says for which."""


def main(arguments):
    """Run one word of the command line and return its exit code."""
    word, *options = arguments or ["lab"]
    if word in ("help", "-h", "--help"):
        print(HELP)
        return 0
    if word.startswith("-"):
        word, options = "lab", arguments
    if options and f"{word} {options[0]}" in WORDS:
        word, options = f"{word} {options[0]}", options[1:]
    if word not in WORDS:
        sys.exit(f"start.py does not know the word {word!r}. It knows:\n\n{HELP}")
    if word not in ("lab", "fresh", "data") and not (ROOT / "tests").is_dir():
        sys.exit(f"A student edition has no tests and no tools: {word} needs the whole course.")
    if not is_installed():
        install()
    fault = run_child([PYTHON, *LAY]) if word == "lab" else 0
    return fault or run_child([PYTHON, *WORDS[word], *options])


def run_child(command):
    """Run a command to its end and return its exit code; who ends start.py ends it as well."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                pass  # Ctrl-C reaches the child as well: JupyterLab asks before it stops
    finally:
        process.terminate()  # which does nothing when it has ended
        try:
            process.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wanted_stamp():
    """Name what belongs in .venv: the lock, the project's settings and where the project is."""
    contents = LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return f"{hashlib.sha256(contents).hexdigest()} {ROOT}\n"


def is_installed():
    """Tell whether the last install ran to its end, for this lock and this folder."""
    return STAMP.is_file() and PYTHON.exists() and STAMP.read_text("utf-8") == wanted_stamp()


def install():
    """Make .venv anew and fill it from the lock, every file checked against its hash."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs before anything is installed
        sys.exit(f"The course needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if not can_write():
        sys.exit(f"\n{NO_FOLDER.format(root=ROOT)}")
    print("Installing the course into .venv: once, a minute or a few, 900 MB.", flush=True)
    # uv does not know pip's settings for a room without a network; pip itself does.
    uv = None if os.environ.get("PIP_NO_INDEX") else shutil.which("uv")
    if uv:
        make = [uv, "venv", "--clear", "--python", sys.executable, VENV]
        pip = [uv, "pip", "install", "--compile-bytecode", "--python", PYTHON]
    else:
        make = [sys.executable, "-m", "venv", "--clear", VENV]
        pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check"]
    if (ROOT / "wheelhouse").is_dir():
        pip += ["--no-index", "--find-links", ROOT / "wheelhouse"]
    run("1 of 4: a virtual environment", make, NO_UV_VENV if uv else NO_VENV)
    run("2 of 4: the packages", [*pip, "--require-hashes", "-r", LOCK], NO_INSTALL)
    run("3 of 4: the course", [*pip, "--no-deps", "--no-build-isolation", "-e", ROOT], NO_INSTALL)
    run("4 of 4: no pop-up with news", [PYTHON, *NO_NEWS.split(), "--level=sys_prefix"], NO_INSTALL)
    STAMP.write_text(wanted_stamp(), encoding="utf-8")


def can_write():
    """Try to write where .venv is or will be, because permissions alone do not tell."""
    probe = (VENV if VENV.is_dir() else ROOT) / ".write-test"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def run(step, command, sentence):
    """Say which step it is and run its command; leave with one sentence when it fails."""
    print(step, flush=True)
    if subprocess.call(command, cwd=ROOT) != 0:
        sys.exit(f"\n{sentence}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Stopped. Nothing is lost: the same command goes on from here.")
