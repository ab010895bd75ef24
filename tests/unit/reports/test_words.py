import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import instruments
from credit_ml.core.schema import conform
from credit_ml.disclosure.facts import spoken_of
from credit_ml.fairness.audit.facts import four_fifths
from credit_ml.grammar.numbers import MINUS, NARROW, Amount
from credit_ml.grammar.phrases import GroupPair, doubt, lead_pair, worst_pair
from credit_ml.reports.presented import presented
from credit_ml.reports.templating import block, page_block, said
from credit_ml.reports.templating import paragraphs as read


@pytest.fixture
def results(results):
    return presented(results)


#: Instruments of the made study that have words.
TOLD = ("audit", "quality", "comparison", "explanation", "disclosure", "consequences")
HUKOU = GroupPair("hukou", "rural", "urban")
GENDER = GroupPair("gender", "woman", "man")


def text_of(paragraphs):
    return " ".join(f"{each.lead} {each.text}" for each in paragraphs)


def changed(finding, change):
    table = finding.table.copy()
    change(table)
    return replace(finding, table=table)


@pytest.fixture
def audit(results):
    return results.raters[0].of_kind("audit")[0]


def test_the_lead_pair_is_the_one_that_was_decomposed(results):
    assert lead_pair(results) == HUKOU


def told_of(results, change):
    """The audit's words once its table was changed."""
    first = results.raters[0]
    findings = tuple(
        changed(each, change) if each.kind == "audit" else each for each in first.findings
    )
    return said(replace(results, raters=(replace(first, findings=findings),)), "audit")


def test_a_ratio_below_four_fifths_is_said_with_both_rates(results):
    assert (
        f"Rural citizens pass 0.62 times as often as urban citizens (0.60 to 0.64): "
        f"29{NARROW}% (28 to 30) against 47{NARROW}% (46 to 48); the ratio is below four fifths."
    ) in said(results, "audit")


def test_a_ratio_whose_interval_reaches_one_is_compatible_with_no_difference(results):
    text = said(results, "audit").partition("Other features.")[2].partition("**")[2]
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


def test_errors_name_the_group_that_is_shut_out_whatever_the_sign(results):
    text = said(results, "audit", "shut_out")
    assert "rural citizens are shut out more often than urban" in text
    assert "by 18 percentage points" in text

    def turn(table):
        rows = (table["quantity"] == "difference") & (table["sensitive"] == "hukou")
        table.loc[rows, ["estimate", "low", "high"]] *= -1
        table.loc[rows, ["low", "high"]] = table.loc[rows, ["high", "low"]].to_numpy()

    assert "urban citizens are shut out more often than rural" in told_of(results, turn)


def test_small_intersections_are_not_named(results):
    assert "rural men pass least often" in said(results, "audit")

    def shrink(table):
        table.loc[table["group"] == "rural x man", "people"] = 3

    assert "rural men" not in told_of(results, shrink)


def test_the_worst_pair_is_the_smallest_ratio(audit):
    assert worst_pair(audit, "hukou") == HUKOU
    assert worst_pair(audit, "age_band") is None


def of_gap(results, change, name="abstract"):
    """What is said of the gap once the comparison's table was changed."""
    first = results.raters[0]
    findings = tuple(
        changed(each, change) if each.kind == "comparison" else each
        for each in first.findings
        if each.kind != "decomposition"
    )
    return said(replace(results, raters=(replace(first, findings=findings),)), "comparison", name)


def test_only_the_truth_says_that_points_come_through_a_factor(results, table_results):
    assert "come through friends" in said(results, "comparison", "abstract")
    text = said(table_results, "comparison", "abstract")
    assert "are attributed to relationships" in text
    assert "come through" not in text


def test_a_gap_compatible_with_zero_is_not_taken_apart(results):
    def widen(table):
        table.loc[table["factor"] == "(gap)", ["low", "high"]] = [-50.0, 5.0]

    text = of_gap(results, widen)
    assert "compatible with no difference" in text
    assert "friends" not in text


def test_a_positive_gap_reads_the_other_way(results):
    def turn(table):
        table[["estimate", "low", "high"]] *= -1
        table[["low", "high"]] = table[["high", "low"]].to_numpy()

    text = of_gap(results, turn)
    assert "above" in text
    assert MINUS not in text
    assert text.replace("above", "below") == said(results, "comparison", "abstract")


def test_an_estimate_is_held_against_the_truth_factor_by_factor(results):
    text = said(results, "comparison")
    assert "hold the truth for three of five factors" in text
    assert "too little, at friends" in text


def disclosure_paragraphs(results):
    found = list(results.of_kind("disclosure"))
    return read(block(instruments()["disclosure"], "paragraphs", results, found))


def told(results, change):
    """A disclosure after which the gap has changed by so much, give or take 1.4."""
    rater = results.raters[0]
    (finding,) = rater.of_kind("disclosure")
    table = finding.table[finding.table["measure"] != "score_gap_after"]
    rows = [
        {"measure": "score_gap_after", "estimate": -41 + change, "low": -60, "high": -30},
        {"measure": "score_gap_change", "estimate": change, "low": change - 1.4,
         "high": change + 1.4},
    ]  # fmt: skip
    pair = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}
    more = conform(rows, quantity="difference", regime="full", unit="points", **pair)
    finding = replace(finding, table=pd.concat([table, more], ignore_index=True))
    return replace(results, raters=(replace(rater, findings=(finding,)), *results.raters[1:]))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (-4, "widens by 4.0 (2.6 to 5.4), from 41.0 to 45.0 points."),
        (4, "narrows by 4.0 (2.6 to 5.4), from 41.0 to 37.0 points."),
        (-0.5, "no change of the gap between rural citizens and urban citizens can be told"),
    ],
)
def test_a_gap_changes_by_what_one_group_gains_more(results, change, expected):
    settings = {"lead": HUKOU.where()}
    changed = replace(told(results, change), settings=settings)
    assert expected in said(changed, "disclosure", "abstract")


def many_told(results):
    """The same disclosure under eight regimes, in one of which most act in vain."""
    finding = results.raters[0].of_kind("disclosure")[0]
    names = (
        "nothing",
        "factors",
        "ranks",
        "weights",
        "reasons",
        "counterfactual",
        "advice",
        "full",
    )
    part = finding.table[finding.table["regime"] == "factors"]
    row = {"measure": "wasted", "estimate": 0.1, "low": 0.08, "high": 0.12, "unit": "share"}
    vain = conform([row])
    parts = [
        pd.concat([part, vain.assign(regime="x", estimate=0.3 if name == "ranks" else 0.1)])
        .assign(regime=name)
        for name in names
    ]  # fmt: skip
    return replace(finding, table=pd.concat(parts, ignore_index=True))


def test_of_many_regimes_prose_names_those_that_say_most(results):
    assert spoken_of(many_told(results)) == ["nothing", "factors", "ranks", "full"]
    few = results.raters[0].of_kind("disclosure")[0]
    assert spoken_of(few) == ["nothing", "factors", "full"]


def test_what_was_not_measured_is_not_said(results):
    finding = results.raters[0].of_kind("disclosure")[0]
    table = finding.table.copy()
    table.loc[table["measure"] == "improvement_share", ["estimate", "low", "high"]] = np.nan
    rater = replace(results.raters[0], findings=(replace(finding, table=table),))
    (first, *_) = disclosure_paragraphs(replace(results, raters=(rater,)))
    assert "improve what people will keep" not in first.text
    assert "\u2013" not in first.text


def test_doubt_is_said_of_intervals_that_reach_the_reference():
    assert doubt(Amount(1.0, -1.0, 3.0)) == "compatible with no difference"
    assert doubt(Amount(2.0, 1.0, 3.0)) == ""


def test_the_abstract_has_four_to_seven_sentences(results, table_results):
    for each, fewest in ((results, 4), (table_results, 3)):
        said = read(page_block("abstract", each, checks=()))
        assert fewest <= len(said) <= 7


def test_every_number_in_the_prose_is_in_a_finding(results):
    """Each number shown must be a rounding of some number of the study's tables."""
    known = {1000.0, 95.0, 2.0, 650.0, 28.0, 5.0, 3.0}
    for finding in results.all_findings():
        numbers = finding.table.select_dtypes("number").to_numpy().ravel()
        known |= {abs(float(number)) * factor for number in numbers for factor in (1, 100)}
    text = " ".join(said(results, each) for each in TOLD)
    for number in re.findall(r"\d[\d,]*\.?\d*", text):
        value = float(number.replace(",", "").rstrip("."))
        digits = len(number.split(".")[1]) if "." in number.rstrip(".") else 0
        assert any(abs(value - each) <= 0.5001 * 10.0**-digits for each in known), number


def test_prose_has_no_loose_ends(results, table_results):
    for each in (results, table_results):
        for instrument in TOLD:
            text = said(each, instrument)
            assert "nan" not in text.lower().replace("finan", "")
            assert "  " not in text.strip()
            assert ".." not in text
            assert "()" not in text
            assert "None" not in text


def test_the_widest_divide_is_the_largest_gap_whatever_its_sign(results):
    text = said(results, "consequences")
    assert "The widest divide is at 'car', granted to fewer rural citizens than urban" in text
    assert f"worth 3.0{NARROW}% (95{NARROW}% interval 2.6 to 3.4) of a year's own income" in text


def test_the_study_chooses_which_pair_leads(results):
    lead = {"sensitive": "gender", "group": "woman", "reference_group": "man"}
    assert lead_pair(replace(results, settings={"lead": lead})) == GENDER


def test_other_features_are_told_at_the_first_rater(results):
    lead = {"sensitive": "gender", "group": "woman", "reference_group": "man"}
    text = said(replace(results, settings={"lead": lead}), "comparison").replace("**", "")
    assert text.startswith("Other features, sesame (opaque). Rural citizens stand 40 points")


def test_a_table_is_followed_where_its_groups_differ_most_clearly(table_results):
    assert lead_pair(table_results) == HUKOU
    said = page_block("abstract", table_results, checks=())
    assert "By gender no difference can be told." in said


def test_one_persons_reasons_are_told_where_a_study_keeps_them(results):
    finding = results.raters[0].of_kind("explanation")[0]
    told = {"who": "a rural citizen just below the line", "text": "Your score is 648.\nHistory."}
    kept = replace(finding, parameters={**finding.parameters, "examples": [told]})
    rater = replace(results.raters[0], findings=(kept,))
    text = said(replace(results, raters=(rater,)), "explanation")
    assert "**A rural citizen just below the line. ** Your score is 648. History." in text
