"""Formulas as MathML, which every browser draws by itself: no script, no font from elsewhere."""

import re
from html import escape

INLINE, BLOCK = "inline", "block"


def mathml(tex, display=INLINE):
    r"""Turn a formula into a `<math>` element that keeps its TeX as a label for copying.

    >>> mathml(r"s = 255 - r").startswith("<math")
    True
    """
    from latex2mathml.converter import convert  # of the web edition's own packages

    # What latex2mathml does not know, in words that it does.
    tex = re.sub(r"\\[dt]frac", r"\\frac", tex.strip())
    return convert(tex, display=display).replace("<math ", f'<math alttext="{escape(tex)}" ', 1)


def visit_inline(translator, node):
    """Write a formula within a line."""
    from docutils.nodes import SkipNode

    translator.body.append(mathml(node.astext()))
    raise SkipNode


def visit_block(translator, node):
    """Write a formula on a line of its own, which can be scrolled where it is too long."""
    from docutils.nodes import SkipNode

    label = node.get("label") or ""
    anchor = f' id="equation-{escape(label)}"' if label else ""
    formula = mathml(node.astext(), BLOCK)
    translator.body.append(f'<div class="formula"{anchor} tabindex="0">{formula}</div>\n')
    raise SkipNode


def setup(app):
    """Tell Sphinx about the way to write formulas."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
