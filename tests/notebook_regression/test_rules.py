"""The rules see what they are for: each, broken in a good notebook, says so."""

import pytest
from nbformat.v4 import new_output

from .notebooks import Settings
from .planting import (
    complaints,
    figure_output,
    good_notebook,
    output,
    put,
    remove,
    stream,
    tagged,
    white_png,
)
from .rules import RULES

PICTURE = new_output("display_data", {"image/png": white_png(), "text/plain": "<Figure size 6x4>"})
UNDESCRIBED = new_output("display_data", {"text/plain": "<Figure size 6x4>"})
SVG = new_output("display_data", {"image/svg+xml": "<svg/>", "text/plain": "x"})
RAISED = new_output("error", ename="KeyError", evalue="x", traceback=["KeyError: x"])
TWO_PANELS = figure_output(alt="Two films; the left one is a bit darker.")
TWO_PANELS.data["text/plain"] = """Two films; the left one is clearly brighter.
panel 1 "film": image (60, 80) uint8, min 0, max 138, mean 60.1, check 7, gray from 0 to 255
panel 2 "other": image (60, 80) uint8, min 0, max 138, mean 69, check 7, gray from 0 to 255"""
# (rule, a change that breaks it, words of the complaint)
BROKEN = [
    ("begins_with_a_title", put(0, source="## Load"), "cell 1 is not"),
    ("begins_with_a_title", put(2, source="text\n# Again"), "cell 3 has a second title"),
    ("text_explains_code", remove(2), "3 text cells for 4"),
    ("a_figure_comes_early", put(3, outputs=[]), "01_good.ipynb shows no figure"),
    ("figures_have_alt_text", output(PICTURE), "cell 6 shows a picture that has no alt"),
    ("figures_have_alt_text", output(figure_output(alt="")), "cell 6 has a picture with the alt"),
    ("figures_have_alt_text",
     output(new_output("display_data", {"text/html": '<img alt="a b c d">', "text/plain": "x"})),
     "does not begin with its alt"),
    ("text_pictures_have_alt_text", put(2, source="![](x.png)"), "cell 3 has a picture"),
    ("text_pictures_have_alt_text", put(2, source='<img src="x.png">'), "cell 3 has a picture"),
    ("links_lead_somewhere", put(2, source="[next](02_next.ipynb)"), "02_next.ipynb, which does"),
    ("links_lead_somewhere", put(2, source="![a b c](attachment:x.png)"), "not attached"),
    ("figures_have_alt_text", output(UNDESCRIBED), "cell 6 has a figure that is not described"),
    ("figures_have_alt_text", output(SVG), "cell 6 shows a picture that is neither"),
    ("numbers_in_text_are_printed", put(4, source="It is 30.5 bright."), "cell 5 says 30.5, which"),
    ("numbers_in_text_are_printed", put(4, source="It is 28 % bright."), "cell 5 says 28 %"),
    ("numbers_in_text_are_printed", put(4, source="It is 1,029 bright."), "cell 5 says 1,029"),
    ("numbers_in_text_are_printed", put(4, source="It is $\\mu = 28.5$."), "cell 5 says 28.5"),
    ("numbers_in_text_are_printed", put(4, source="It is 3."), "cell 5 says 3, which"),
    ("numbers_in_text_are_printed", output(figure_output(alt="A film of 61 rows.")), "says 61"),
    ("alt_texts_fit_the_panels", output(TWO_PANELS), "the alt text calls what is left brighter"),
    ("alt_texts_fit_the_panels", output(figure_output(alt="Two films, on one scale.")),
     "the alt text says Two films, and its panels show 1"),
    ("alt_texts_fit_the_panels", output(figure_output(alt="A film with a dashed line.")),
     "the alt text speaks of what is dashed"),
    ("words_were_read", put(3, outputs=[figure_output(alt="A dark film.")]),
     "cell 4 (shown): its alt text is another one, and its figure is not"),
    ("claims_stay", put(7, outputs=[stream("same: False\n")]), "has no 'same: True'"),
    ("claims_stay", put(7, source="print('same:', True)"), "has no \"print("),
    ("claims_stay", put(3, source="assert x"), "has, unlisted, 'assert x'"),
    ("first_cell_is_plain_imports", put(1, source="import os\nx = 1"), "cell 2 does more than"),
    ("first_cell_is_plain_imports", put(1, source="%matplotlib inline"), "import: %matplotlib"),
    ("first_cell_is_plain_imports", put(1, source="try:\n    import x\nexcept E:\n    y"), "try:"),
    ("code_is_python", put(3, source="!ls"), "cell 4 holds more than Python: !ls"),
    ("code_is_python", put(1, source="%matplotlib inline"), "cell 2 holds more than Python"),
    ("imports_come_first", put(3, source="if x:\n    from y import z"), "cell 4 imports"),
    ("nothing_goes_uncompared", tagged(3, "nbval-skip"), "cell 4 has nbval-skip"),
    ("nothing_goes_uncompared", tagged(3, "nbval-ignore-output"), "give no reason"),
    ("nothing_goes_uncompared", put(3, source="# NBVAL_IGNORE_OUTPUT\nx"), "NBVAL_IGNORE_OUTPUT"),
    ("nothing_is_written_to_stderr", output(stream("old", "stderr")), "cell 6 writes to stderr"),
    ("only_announced_errors_are_raised", output(RAISED), "cell 6 raises KeyError"),
    ("only_announced_errors_are_raised", tagged(5, "raises-exception"), "does not raise"),
    ("it_was_run_from_top_to_bottom", put(5, execution_count=None), "cell 6 has the execution"),
    ("it_was_run_from_top_to_bottom", put(5, execution_count=9), "count 9, not 3"),
    ("nothing_belongs_to_one_machine", output(stream("/Users/anna/x.png")), "/Users/anna/x.png"),
    ("nothing_belongs_to_one_machine", put(3, source='read("C:\\\\films")'), "cell 4 holds C:"),
    ("nothing_belongs_to_one_machine", output(stream("<Axes at 0x7f3a5c1d2e00>")), "0x7f3a5c1d"),
    ("no_numpy_scalars_are_shown", output(stream("np.float64(1.5)")), "np.float64("),
    ("metadata_is_the_same_everywhere", lambda nb: nb.metadata.update(colab={}), "other metadata"),
    ("metadata_is_the_same_everywhere", lambda nb: nb.update(nbformat_minor=4), "other metadata"),
    ("files_stay_small", output(stream("x" * 1_100_000)), "bytes, at most 1100000"),
    ("files_stay_small", output(figure_output(data="A" * 200_004)), "a png of 200004 bytes"),
    ("pictures_are_not_blank", output(figure_output(data=white_png())), "picture that is blank"),
    ("pictures_are_not_blank", output(figure_output(data="AAAA")), "picture that is damaged"),
]  # fmt: skip


# What the good notebook claims.
SETTINGS = Settings(claims={"01_good.ipynb": {"claim": ["same: True", "print('same:', x == x)"]}})


@pytest.mark.parametrize("rule", RULES)
def test_a_good_notebook_keeps_the_rule(tmp_path, rule):
    assert complaints(good_notebook(), tmp_path, RULES[rule], SETTINGS) == []


@pytest.mark.parametrize(("rule", "change", "words"), BROKEN, ids=[case[0] for case in BROKEN])
def test_a_broken_rule_is_named(tmp_path, rule, change, words):
    notebook = good_notebook()
    change(notebook)
    found = complaints(notebook, tmp_path, RULES[rule], SETTINGS)
    assert found, "the rule sees nothing"
    assert words in found[0]
    assert found[0].startswith("01_good.ipynb")


def test_every_rule_has_a_case_that_breaks_it():
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


def test_a_reason_allows_one_cell_to_go_uncompared(tmp_path):
    notebook = good_notebook()
    tagged(5, "nbval-ignore-output")(notebook)
    settings = Settings(uncompared={("01_good.ipynb", notebook.cells[5].id): "prints seconds"})
    rule = RULES["nothing_goes_uncompared"]
    assert complaints(notebook, tmp_path, rule, settings) == []
    output(figure_output())(notebook)
    assert complaints(notebook, tmp_path, rule, settings) == [
        "01_good.ipynb cell 6 holds a figure, which is not compared"
    ]


def test_a_reason_allows_one_cell_a_plain_show(tmp_path):
    notebook = good_notebook()
    output(
        new_output("display_data", {"image/png": white_png(), "text/plain": "panel 1: nothing"})
    )(notebook)
    rule = RULES["figures_have_alt_text"]
    assert len(complaints(notebook, tmp_path, rule, Settings())) == 1
    settings = Settings(plain_show={("01_good.ipynb", notebook.cells[5].id): "plt.show() itself"})
    assert complaints(notebook, tmp_path, rule, settings) == []
