"""A hundred people of each group: labels take the width that there is, and no more."""

import re

import pytest

from credit_ml.fairness.audit.pictures import Hundred
from credit_ml.grammar.numbers import Amount
from credit_ml.reports.figures import drawing

SHORT = "Rural citizens at sesame (scorecard)"
LONG = (
    "Citizens whom the State has marked as critics, at the national register (scorecard, refitted)"
)


def shown(name, share=0.56):
    """Return the lines of the labels in both widths."""
    strips = ((name, Amount(share, share - 0.02, share + 0.02)), ("Others", Amount(0.2)))
    made = drawing(Hundred(strips=strips).plot, prefix="f")
    lines = (re.findall(r"<text[^>]*>([^<]*)</text>", each) for each in (made.wide, made.narrow))
    return [[line for line in each if line not in ("refused", "passes")] for each in lines]


@pytest.mark.parametrize("width", [0, 1])
def test_a_label_that_fits_stands_in_one_line(width):
    assert f"{SHORT}: 56\u00a0of\u00a0100" in shown(SHORT)[width]


def test_one_that_does_not_is_broken_where_its_figure_ends_and_keeps_its_number_together():
    wide, narrow = shown(LONG)
    assert len(wide) <= 3  # two lines at most, and the other group's
    assert max(map(len, narrow)) < max(map(len, wide))
    for lines in (wide, narrow):
        assert " ".join(lines[:-1]) == f"{LONG}: 56\u00a0of\u00a0100"


@pytest.mark.parametrize(("share", "count"), [(0.0, 0), (0.004, 0), (0.995, 100), (1.0, 100)])
def test_as_many_are_drawn_otherwise_as_are_said(share, count):
    axes = Hundred(strips=(("All", Amount(share)),)).plot()
    filled, open_ = (each for each in axes.collections)
    assert (len(filled.get_offsets()), len(open_.get_offsets())) == (count, 100 - count)
