"""The packages of the web edition, put into .venv once, from a lock of their own."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("requirements.lock")
STAMP = Path(sys.prefix) / "site-installed.txt"  # gone with .venv, which start.py may make anew


def install():
    """Install what the lock names, every file checked against its hash, unless it is there."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    print("Installing what the web edition needs: once, 80 MB.", flush=True)
    # As in start.py: uv does not know pip's settings for a room without a network.
    uv = None if os.environ.get("PIP_NO_INDEX") else shutil.which("uv")
    pip = [uv, "pip", "install", "--python"] if uv else []
    pip = [*pip, sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    if subprocess.call([*pip, "--quiet", "--require-hashes", "-r", str(LOCK)]) != 0:
        sys.exit("The install did not finish, see the lines above. With an internet connection,"
                 " run it once more.")  # fmt: skip
    STAMP.write_text(wanted, encoding="utf-8")
