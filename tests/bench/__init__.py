"""Speed as ratios in one run: `python start.py bench`."""
