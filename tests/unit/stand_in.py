"""What workers run in place of `helpers.batch.measure`, imported in no time."""

import os
import time

NAMES = (
    "path height width dtype mean std lung_pixels lung_share lung_mean opacity_share edge_density"
)


def quick(path):
    """Return the row of a good film or a broken one, or die with the whole process."""
    time.sleep(0.01)
    if "deadly" in path:
        os._exit(1)
    row = dict.fromkeys(NAMES.split()) | {"path": path, "dtype": "uint8", "error": ""}
    return row | ({"error": "broken"} if "broken" in path else {"height": 7, "mean": len(path) / 3})


def page_faults():
    """Count how often 100 blocks of 1 MB make this process ask the operating system for a page."""
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(100):
        bytearray(2**20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
