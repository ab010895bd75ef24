"""What the page says of an audit."""

import pytest

from credit_ml.fairness.audit.facts import four_fifths
from credit_ml.grammar.numbers import NARROW, Amount
from credit_ml.reports.templating import said


def test_a_ratio_below_four_fifths_is_said_with_both_rates(page_study):
    assert (
        f"Rural citizens pass 0.62 times as often as urban citizens (0.60 to 0.64): "
        f"29{NARROW}% (28 to 30) against 47{NARROW}% (46 to 48); the ratio is below four fifths."
    ) in said(page_study, "audit")


def test_a_ratio_whose_interval_reaches_one_is_compatible_with_no_difference(page_study):
    text = said(page_study, "audit").partition("Other features.")[2].partition("**")[2]
    assert "Women pass" in text
    assert "compatible with no difference" in text.partition("**")[0]
    assert "four fifths" not in text.partition("**")[0]


@pytest.mark.parametrize(
    ("ratio", "place"),
    [
        (Amount(0.7, 0.65, 0.75), ("below", False)),
        (Amount(0.8, 0.75, 0.85), ("unclear", False)),
        (Amount(0.9, 0.85, 0.95), ("above", False)),
        (Amount(1.5, 1.4, 1.6), ("below", True)),
    ],
)
def test_four_fifths_is_judged_by_the_whole_interval(ratio, place):
    assert four_fifths(ratio) == place


def test_errors_name_the_group_that_is_shut_out_whatever_the_sign(page_study, first_rater):
    text = said(page_study, "audit", "shut_out")
    assert "rural citizens are shut out more often than urban" in text
    assert "by 18 percentage points" in text

    def turn(table):
        rows = (table["quantity"] == "difference") & (table["sensitive"] == "hukou")
        table.loc[rows, ["estimate", "low", "high"]] *= -1
        table.loc[rows, ["low", "high"]] = table.loc[rows, ["high", "low"]].to_numpy()

    assert "urban citizens are shut out more often than rural" in said(
        first_rater(page_study, "audit", turn), "audit"
    )


def test_small_intersections_are_not_named(page_study, first_rater):
    assert "rural men pass least often" in said(page_study, "audit")

    def shrink(table):
        table.loc[table["group"] == "rural x man", "people"] = 3

    assert "rural men" not in said(first_rater(page_study, "audit", shrink), "audit")
