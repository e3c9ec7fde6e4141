"""The shared module of the X-ray image processing course: a room for each subject."""

from importlib.util import find_spec

_missing = [name for name in ("numpy", "scipy", "imageio", "matplotlib") if not find_spec(name)]
if _missing:
    raise ImportError(
        f"{' and '.join(_missing)} cannot be imported, so this is not the Python of the course: run"
        " `python start.py` in the course folder, and in JupyterLab pick the kernel it opens with."
    )
