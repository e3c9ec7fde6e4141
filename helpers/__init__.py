"""The shared module of the X-ray image processing course: a room for each subject."""

from importlib import metadata

_OLDEST = {"numpy": (2, 0), "scipy": (1, 13), "imageio": (2, 36), "matplotlib": (3, 9)}


def _is_there(name, oldest):
    """Tell whether a package is installed and new enough, without importing it."""
    try:
        return tuple(map(int, metadata.version(name).split(".")[:2])) >= oldest
    except metadata.PackageNotFoundError:
        return False


_wanted = [name for name, oldest in _OLDEST.items() if not _is_there(name, oldest)]
if _wanted:
    raise ImportError(
        f"{', '.join(_wanted)} missing or too old, so this is not the Python of the course: run"
        " `python start.py` in the course folder, and in JupyterLab pick the kernel it opens with."
    )
