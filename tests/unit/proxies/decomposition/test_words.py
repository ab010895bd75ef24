"""What the page says of a gap and of what carries it."""

from dataclasses import replace

from credit_ml.grammar.numbers import MINUS
from credit_ml.reports.templating import said


def of_gap(first_rater, page_study, change):
    """What is said of the gap once the comparison's table was changed."""
    changed = first_rater(page_study, "comparison", change, without=("decomposition",))
    return said(changed, "comparison", "abstract")


def test_only_the_truth_says_that_points_come_through_a_factor(page_study, table_results):
    assert "come through friends" in said(page_study, "comparison", "abstract")
    text = said(table_results, "comparison", "abstract")
    assert "are attributed to relationships" in text
    assert "come through" not in text


def test_a_gap_compatible_with_zero_is_not_taken_apart(page_study, first_rater):
    def widen(table):
        table.loc[table["factor"] == "(gap)", ["low", "high"]] = [-50.0, 5.0]

    text = of_gap(first_rater, page_study, widen)
    assert "compatible with no difference" in text
    assert "friends" not in text


def test_a_positive_gap_reads_the_other_way(page_study, first_rater):
    def turn(table):
        table[["estimate", "low", "high"]] *= -1
        table[["low", "high"]] = table[["high", "low"]].to_numpy()

    text = of_gap(first_rater, page_study, turn)
    assert "above" in text
    assert MINUS not in text
    assert text.replace("above", "below") == said(page_study, "comparison", "abstract")


def test_an_estimate_is_held_against_the_truth_factor_by_factor(page_study):
    text = said(page_study, "comparison")
    assert "hold the truth for three of five factors" in text
    assert "too little, at friends" in text


def test_other_features_are_told_at_the_first_rater(page_study):
    lead = {"sensitive": "gender", "group": "woman", "reference_group": "man"}
    text = said(replace(page_study, settings={"lead": lead}), "comparison").replace("**", "")
    assert text.startswith("Other features, sesame (opaque). Rural citizens stand 40 points")
