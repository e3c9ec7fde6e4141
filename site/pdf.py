"""Each lesson and the whole course as a PDF: pages of the site, laid for paper and printed.

Chromium prints them: tagged, with the alternative texts of all figures, an outline and page
numbers. Solutions stand at the end of their lesson.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pages

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
LIMIT = 600  # seconds for one PDF
NO_CHROMIUM = """
The PDFs are printed by Chromium, Chrome or Edge, and none of them was found. Install one, or name
it in the environment variable CHROMIUM."""


def browser():
    """Return the browser that prints."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return found or sys.exit(NO_CHROMIUM)


def article(page, prefix=""):
    """Return the text of a page of the site as its element, ready for paper.

    With a prefix, its anchors begin with it and links to other lessons lead on within the book.
    """
    from bs4 import BeautifulSoup  # of the web edition's own packages

    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    body = soup.select_one("article.bd-article")
    for element in body.select("a.headerlink, script, .toctree-wrapper, .math-copy"):
        element.decompose()
    for element in body.select("figure"):  # its picture is the figure that a PDF names
        element.name = "div"
        element["class"] = "figure"
    for element in body.select("figcaption"):
        element.name = "p"
        element["class"] = "caption"
    for element in body.select("[tabindex]"):
        del element["tabindex"]
    gather_solutions(soup, body)
    for element in body.select("img"):  # some pages are one folder deeper than those for paper
        element["src"] = element["src"].removeprefix("../")
    for element in body.select("a[href]"):
        place_link(element, page, prefix)
    if prefix:
        for element in body.select("[id]"):
            element["id"] = f"{prefix}--{element['id']}"
        body["id"] = prefix
    return body


def gather_solutions(soup, body):
    """Move the folded solutions of a lesson to its end and unfold them."""
    folded = body.select("details.hide")
    if not folded:
        return
    part = soup.new_tag("section", attrs={"class": "solutions"})
    heading = soup.new_tag("h2")
    heading.string = "Solutions"
    part.append(heading)
    for element in folded:
        title = soup.new_tag("h3")
        title.string = element.summary.get_text().strip()
        element.summary.decompose()
        cell = element.find_parent("div", class_="cell")
        element.unwrap()
        cell.insert_before(marker := soup.new_tag("div"))
        part.extend([title, cell.extract()])
        marker.decompose()
    body.append(part)


def place_link(element, page, prefix):
    """Let a link lead on within the book; where it cannot, leave its words alone."""
    href = element["href"]
    if href.startswith(("http:", "https:", "mailto:")):
        return
    path, _, anchor = href.partition("#")
    if prefix and path.endswith(".html") and Path(path).stem[:2].isdigit():
        stem = Path(path).stem
        element["href"] = f"#{stem}--{anchor}" if anchor else f"#{stem}"
    elif prefix and not path and anchor:
        element["href"] = f"#{prefix}--{anchor}"
    elif path:
        element.unwrap()


def sheet(title, bodies, css):
    """Return a page for paper that needs nothing but its pictures."""
    foot = title.replace("\\", "").replace('"', "")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f'<style>{css}\n@page {{ @bottom-left {{ content: "{foot}" }} }}</style></head>\n'
        f"<body><main>{''.join(map(str, bodies))}</main></body></html>\n"
    )


def lay(site, target):
    """Lay every lesson and the book for paper beside the site's pages; return their paths."""
    css = (pages.SITE / "print.css").read_text(encoding="utf-8")
    css += (
        (site / "_static" / "pygments.css")
        .read_text(encoding="utf-8")
        .partition('html[data-theme="dark"]')[0]
    )
    css = css.replace('html[data-theme="light"] ', "")
    lessons = [site / "notebooks" / f"{path.stem}.html" for path in pages.notebooks()]
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    laid = {}
    book = [article(site / "index.html", "home")]
    for page in lessons:
        body = article(page)
        title = body.h1.get_text().strip()
        laid[target / f"{page.stem[:2]}.html"] = sheet(f"{page.stem[:2]} {title}", [body], css)
        book.append(article(page, page.stem))
    book.append(article(site / "data.html", "data"))
    laid[target / "course.html"] = sheet("X-ray image processing in Python", book, css)
    for path, text in laid.items():
        path.write_text(text, encoding="utf-8")
    shutil.copytree(site / "_images", target / "_images")
    return list(laid)


def print_page(page, target):
    """Print one page with the browser."""
    options = ["--headless", "--disable-gpu", "--no-pdf-header-footer", "--disable-extensions"]
    options += ["--generate-pdf-document-outline", f"--print-to-pdf={target}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--no-sandbox")  # in a container, where the sandbox cannot be made
    target.unlink(missing_ok=True)
    done = subprocess.run(
        [browser(), *options, page.as_uri()], capture_output=True, timeout=LIMIT, check=False
    )
    if not target.is_file():
        sys.exit(
            f"{target.name} was not printed. {browser()} says:\n{done.stderr.decode()[-2000:]}"
        )


def write(site):
    """Print every lesson and the whole course into the folder `pdf` of the site."""
    folder = site / "pdf"
    folder.mkdir(exist_ok=True)
    for page in lay(site, site.parent / "print"):
        print_page(page, folder / f"{page.stem}.pdf")
        print(
            f"pdf/{page.stem}.pdf, {(folder / f'{page.stem}.pdf').stat().st_size / 1e6:.1f} MB",
            flush=True,
        )
