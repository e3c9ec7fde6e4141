"""Build the web edition into build/site; with --pdf and --slides these as well."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time

import address
import packages
import pages

BUILD = pages.ROOT / "build"
SOURCE, TARGET = BUILD / "site-source", BUILD / "site"
# What a browser fetches by itself; a link that a reader may click is none.
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|link)\b[^>]*\b(?:src|href)=["'](?:https?:)?//[^"']+"""
    r"""|url\(["']?(?:https?:)?//[^)]+"""
)


def fetched_elsewhere(folder):
    """Return what the pages and styles of a built site would ask of another host."""
    paths = sorted([*folder.rglob("*.html"), *folder.rglob("*.css")])
    return [
        f"{path.relative_to(folder).as_posix()}: {found}"
        for path in paths
        for found in FETCHED.findall(path.read_text(encoding="utf-8"))
    ]


def main():
    """Lay the pages, build them, and print the PDFs and the slides that were asked for."""
    parser = argparse.ArgumentParser(prog="python start.py site", description=__doc__)
    parser.add_argument(
        "--pdf", action="store_true", help="print each lesson and the course (needs Chromium)"
    )
    parser.add_argument("--slides", action="store_true", help="add the slides of each lesson")
    asked = parser.parse_args()
    began = time.monotonic()
    packages.install()
    shutil.rmtree(TARGET, ignore_errors=True)
    pages.lay(SOURCE)
    tags = [word for name in ("pdf", "slides") if getattr(asked, name) for word in ("-t", name)]
    # Warnings are errors; every build starts afresh, since that takes only seconds.
    options = ["--fresh-env", "--fail-on-warning", "--keep-going", "--quiet", "-j", "auto", *tags]
    command = [
        sys.executable,
        "-m",
        "sphinx",
        *options,
        "-c",
        str(pages.SITE),
        str(SOURCE),
        str(TARGET),
    ]
    settings = {"COURSE_REPOSITORY": address.link(), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    if code := subprocess.call(command, env=settings | os.environ):
        return code
    if elsewhere := fetched_elsewhere(TARGET):
        return "Without a network these would be missing:\n" + "\n".join(elsewhere)
    if asked.slides:
        import slides

        slides.write(TARGET / "slides")
    if asked.pdf:
        import pdf

        pdf.write(TARGET)
    print(f"{TARGET / 'index.html'} in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
