"""Settings of the web edition, read by Sphinx. `python start.py site` lays the pages and builds."""

import os
import sys
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # for mathml.py

project = "X-ray image processing in Python"
author = "the authors of the course"
copyright = "the authors of the course: text and figures CC BY 4.0, code BSD 3-Clause"
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "mathml",
]
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["course.css"]

# The address of the public repository, if there is one: the only setting to change when it moves.
REPOSITORY = os.environ.get("COURSE_REPOSITORY", "")

# Lessons are shown as they are stored: python start.py test has compared every output.
nb_execution_mode = "off"
nb_ipywidgets_js = {}
nb_number_source_lines = False
myst_enable_extensions = ["amsmath", "deflist", "dollarmath"]
myst_heading_anchors = 3
html_math_renderer = "mathml"

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autosummary_generate = False
napoleon_google_docstring = False
napoleon_use_rtype = False
default_role = "literal"  # a docstring writes code in single backquotes
add_module_names = False

EMPTY_HEADING = '<th class="head"><p></p></th>'

html_theme = "sphinx_book_theme"
html_title = project
html_favicon = "_static/favicon.svg"
html_copy_source = False
html_show_sphinx = False
html_permalinks_icon = "#"
html_theme_options = {
    "show_navbar_depth": 1,
    "max_navbar_depth": 1,
    "navbar_persistent": [],
    "use_download_button": False,
    "use_fullscreen_button": False,
    "repository_url": REPOSITORY,
    "use_repository_button": bool(REPOSITORY),
    "use_issues_button": bool(REPOSITORY),
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "footer_content_items": ["copyright.html"],
}


def made_for(pagename):
    """Return what may be made of a page besides: the words and the places of its PDF and slides."""
    if pagename == "index":
        return [("pdf", "PDF", "pdf/course.pdf")]
    folder, _, name = pagename.partition("/")
    if folder != "notebooks":
        return []
    number = name[:2]
    return [
        ("slides", "Slides", f"../slides/{number}.html"),
        ("pdf", "PDF", f"../pdf/{number}.pdf"),
    ]


def add_buttons(app, pagename, templatename, context, doctree):
    """Put links to PDF and slides at the top of a page, where these are made."""
    for kind, text, url in made_for(pagename):
        if app.tags.has(kind):
            button = {"type": "link", "url": url, "text": text, "label": f"to-{kind}"}
            context.setdefault("header_buttons", []).insert(0, button)


def open_solution(translator, node):
    """Begin a folded cell, whose name is what the page shows of it."""
    classes = " ".join(node["classes"])
    title = escape(node["prompt_show"])
    translator.body.append(f'<details class="admonition hide {classes}">\n')
    translator.body.append(f'<summary><p class="admonition-title">{title}</p></summary>\n')


def close_solution(translator, node):
    """End a folded cell."""
    translator.body.append("</details>\n")


def mend_tables(app, error):
    """Make an empty corner of a table a plain cell: a heading without words heads nothing."""
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if EMPTY_HEADING in text:
            page.write_text(text.replace(EMPTY_HEADING, "<td></td>"), encoding="utf-8")


def setup(app):
    """Join the pages of Sphinx and the theme."""
    from myst_nb.sphinx_ import HideCodeCellNode

    app.connect("build-finished", mend_tables)
    app.add_node(HideCodeCellNode, override=True, html=(open_solution, close_solution))
    app.connect("html-page-context", add_buttons, priority=900)
