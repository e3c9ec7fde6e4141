"""The course as JupyterLite, which runs in a browser without any Python: `python site/lite.py`.

What is built into build/lite is prepared and not tested: site/teaching/offline.md says what is
missing. JupyterLite has an environment of its own, build/lite-env, so that .venv stays as it is.
"""

import json
import os
import shutil
import subprocess
import venv

import pages

PACKAGES = ("jupyterlite-core==0.8.6", "jupyterlite-pyodide-kernel==0.8.6", "jupyter-server>=2,<3")
BUILD = pages.ROOT / "build"
SOURCE, TARGET, ENVIRONMENT = BUILD / "lite-source", BUILD / "lite", BUILD / "lite-env"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NEEDS_PROCESSES = "14_scaling_up.ipynb"  # a browser starts none
# Pyodide, the Python of the browser, loads these before the first cell; the helpers ask for them.
LOADED = ["numpy", "scipy", "matplotlib", "pillow", "imageio", "pandas", "scikit-learn"]
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
SETTINGS = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "X-ray image processing in Python",
        "litePluginSettings": {KERNEL: {"loadPyodideOptions": {"packages": LOADED}}},
    },
}


def lay(target):
    """Lay the lessons without outputs beside the helpers and the data that they import and open."""
    shutil.rmtree(target, ignore_errors=True)
    left_out = shutil.ignore_patterns("__pycache__", "nih")
    for folder in ("helpers", "data"):
        shutil.copytree(pages.ROOT / folder, target / "files" / folder, ignore=left_out)
    for path in pages.notebooks():
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        if path.name != NEEDS_PROCESSES:
            (target / "files" / path.name).write_text(json.dumps(notebook), encoding="utf-8")
    (target / "jupyter-lite.json").write_text(json.dumps(SETTINGS), encoding="utf-8")


if __name__ == "__main__":
    lay(SOURCE)
    if not PYTHON.exists():
        venv.create(ENVIRONMENT, with_pip=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    words = ["build", "--lite-dir", SOURCE, "--contents", SOURCE / "files", "--output-dir", TARGET]
    subprocess.run([PYTHON, "-m", "jupyter", "lite", *words], cwd=SOURCE, check=True)
    print(TARGET / "index.html")
