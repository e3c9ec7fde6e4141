"""Store the course's notebooks anew: `python start.py accept`."""

import sys

from tests.notebook_checks.notebooks import NOTEBOOKS, SETTINGS
from tests.notebook_regression.store import accept

if __name__ == "__main__":
    accept(sys.argv[1:] or NOTEBOOKS, SETTINGS)
