"""The address of the public repository, which CITATION.cff has and other files repeat.

python site/address.py https://github.com/NAME/REPOSITORY    # puts it into all of them
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = ("CITATION.cff", "README.md", "notebooks/00_start_here.ipynb")
NOT_SET = "YOUR_NAME/xray-course"  # nobody's: the name of an account holds no underscore
ADDRESS = r"https://github\.com/([\w-]+/[\w.-]+?)"


def current(root=ROOT):
    """Return what CITATION.cff says, as NAME/REPOSITORY."""
    text = (root / "CITATION.cff").read_text(encoding="utf-8")
    return re.search(rf'^repository-code: "{ADDRESS}"$', text, re.MULTILINE)[1]


def link(root=ROOT):
    """Return the address for a link; nothing as long as none is set."""
    return "" if current(root) == NOT_SET else f"https://github.com/{current(root)}"


def published(repository):
    """Return where GitHub shows the pages of a repository.

    >>> published("somebody/xray")
    'somebody.github.io/xray'
    """
    return "{}.github.io/{}".format(*repository.split("/"))


def write(address, root=ROOT):
    """Put another address in the place of the current one, in every file that names it."""
    new = re.fullmatch(rf"{ADDRESS}(\.git)?/?", address)
    if not new:
        sys.exit(f"{address} is no address like https://github.com/NAME/REPOSITORY")
    old = current(root)
    for path in (root / name for name in FILES):
        text = path.read_text(encoding="utf-8")
        for here, there in ((published(old), published(new[1])), (old, new[1])):
            text = re.sub(rf"(?<![\w.-]){re.escape(here)}(?![\w-])", there, text)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(*sys.argv[1:] or sys.exit(__doc__))
