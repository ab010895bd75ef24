"""What the page says of a gap and of what carries it."""

from dataclasses import replace

import matplotlib.pyplot as plt
import pytest

from credit_ml.grammar.numbers import MINUS
from credit_ml.grammar.phrases import lead_pair
from credit_ml.proxies.decomposition.components import OF_OTHERS
from credit_ml.proxies.decomposition.facts import gaps, lead, miss
from credit_ml.proxies.decomposition.waterfall import pictures
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


def test_the_largest_miss_is_looked_for_where_there_is_no_interval_too(page_study, first_rater):
    """A part without an interval is held against the truth; that its interval holds is not said."""

    def bare(table):
        rows = (table["factor"] == "relationships") | (table["factor"] == "friends")
        rows &= table["method"] != "true_carrier"
        table.loc[rows, ["low", "high"]] = float("nan")
        table.loc[rows, "estimate"] = -500.0
        table.loc[rows, "reason"] = OF_OTHERS

    text = said(first_rater(page_study, "comparison", bare), "comparison")
    assert "four factors that have one (friends have none)" in text
    assert "too much, at friends" in text
    assert "that have one" not in said(page_study, "comparison")


def test_an_observed_gap_on_another_side_than_the_twin_gap_says_so(page_study, first_rater):
    """Critics score higher, and would as others too: no reader should take the gap for theirs."""

    def turned(table):
        rows = (table["factor"] == "(gap)") & (table["method"] != "true_carrier")
        table.loc[rows, ["estimate", "low", "high"]] = [12.0, 3.0, 22.0]

    text = said(first_rater(page_study, "comparison", turned), "comparison")
    assert (
        "finds that rural citizens stand 12 points (3 to 22) above urban citizens, and takes this"
        in text
    )
    assert "above urban" not in said(page_study, "comparison")


def test_parts_beyond_the_gap_are_not_said_to_be_of_it(page_study, first_rater):
    def grown(table):
        rows = (table["factor"] == "history") | (table["factor"] == "credit history")
        table.loc[rows, ["estimate", "low", "high"]] = [-60.0, -70.0, -50.0]

    study = first_rater(page_study, "comparison", grown, without=("decomposition",))
    for block in ("headline", "abstract"):
        text = said(study, "comparison", block)
        assert "other factors take part of it back" in text
        assert not text.startswith("Of the")
        assert "of these" not in text
        assert "take part of it back" not in said(page_study, "comparison", block)


def test_a_factor_carries_most_only_where_its_interval_is_clear_of_the_others(table_results):
    pair = lead_pair(table_results)
    gap = lead(table_results, pair)
    first, second = gap.carried()[:2]
    table = gap.finding.table.copy()
    rows = table["factor"] == first[0]
    table.loc[rows, ["low", "high"]] = table.loc[rows, ["estimate", "estimate"]].to_numpy()
    clear = replace(gap, finding=replace(gap.finding, table=table))
    assert [name for name, _ in clear.leaders()] == [first[0]]
    table = gap.finding.table.copy()
    rows = table["factor"] == first[0]
    table.loc[rows, ["low", "high"]] = [-100.0, -1e-6]
    unclear = replace(gap, finding=replace(gap.finding, table=table))
    assert second[0] in [name for name, _ in unclear.leaders()]


def test_other_features_are_told_at_the_first_rater(page_study):
    lead = {"sensitive": "gender", "group": "woman", "reference_group": "man"}
    text = said(replace(page_study, settings={"lead": lead}), "comparison").replace("**", "")
    assert text.startswith("Other features, sesame (opaque). Rural citizens stand 40 points")


def test_the_waterfall_adds_up_and_marks_what_works_against_the_gap(page_study):
    (overview,) = pictures(page_study)
    rows = overview.table.bodies[0][1]
    gap = lead(page_study, lead_pair(page_study))
    assert overview.title.startswith("The twin gap between rural citizens and urban citizens")
    assert len(rows) == len(gap.parts()) + 1
    assert rows[-1] == ("twin gap", gap.whole.size().text(gap.unit))
    axes = overview.plot(None)
    bars = axes.patches
    ends = [bar.get_x() + bar.get_width() for bar in bars[:-1]]
    starts = [bar.get_x() for bar in bars[1:-1]]
    assert starts == pytest.approx(ends[:-1])
    assert [bool(bar.get_hatch()) for bar in bars[:-1]] == [
        part.estimate < 0 for _, part in gap.parts()
    ]
    plt.close(axes.get_figure())


def test_a_sum_that_is_sure_says_which_of_its_two_parts_is_not(page_study, first_rater):
    """A question of friends and of address is answered for both only where both are sure."""

    def unsure(table):
        rows = (table["factor"] == "address and phone") & (table["method"] == "true_carrier")
        table.loc[rows, ["estimate", "low", "high"]] = [-1.0, -3.0, 1.0]

    told = said(page_study, "comparison", "answer")
    assert told.startswith("**Yes:** friends and address together")
    study = first_rater(page_study, "comparison", unsure, without=("decomposition",))
    text = said(study, "comparison", "answer")
    assert text.startswith("**Partly:** friends and address together carry")
    assert text.endswith("; of address and phone alone that cannot be told.")


def test_what_is_said_of_one_of_several_raters_says_of_which(page_study):
    alone = replace(page_study, raters=page_study.raters[:1])
    for study, named in ((page_study, True), (alone, False)):
        assert ("at sesame (opaque)" in said(study, "comparison", "headline")) == named


@pytest.mark.parametrize(
    ("twin", "observed", "words"),
    [
        (
            (-0.4, -1.3, 0.6),
            (16, -9, 42),
            "by the estimates stand 16 points above urban citizens (9 below to 42 above), and",
        ),
        (
            (-0.4, -1.3, 0.6),
            (-16, -42, 9),
            "by the estimates stand 16 points below urban citizens (42 below to 9 above), and",
        ),
        (
            (-0.4, -1.3, 0.6),
            (-16, -20, -12),
            "finds that rural citizens stand 16 points (12 to 20) below urban citizens, and takes",
        ),
        (
            (-9, -12, -6),
            (-16, -42, 9),
            "by the estimates stand 16 points below urban citizens (42 below to 9 above), and",
        ),
    ],
)
def test_of_two_gaps_side_by_side_neither_is_turned_alone(
    twin, observed, words, page_study, first_rater
):
    def told(table):
        true = table["method"] == "true_carrier"
        for rows, ends in ((true, twin), (~true, observed)):
            table.loc[rows & (table["factor"] == "(gap)"), ["estimate", "low", "high"]] = ends

    text = said(first_rater(page_study, "comparison", told), "comparison")
    assert words in text
    if twin[2] > 0:
        assert "by the estimates rural citizens stand 0.4 points below their own twins" in text
        assert "interval 1.3 below to 0.6 above), compatible with no difference" in text
    assert MINUS not in text.partition(", and takes")[0]


@pytest.mark.parametrize("observed", [(-1, -29, 27), (1, -27, 29)])
def test_a_miss_of_a_gap_that_may_be_on_either_side_says_which_way_people_are_put(
    observed, page_study, first_rater
):
    """Eight points too high were "too little" of a gap of −1 point, whose sign was not turned."""

    def told(table):
        of_history = table["factor"].isin(("history", "credit history"))
        for rows, whole, part in (
            (table["method"] == "true_carrier", (-0.4, -1.3, 0.6), (0.0, -0.5, 0.5)),
            (table["method"] != "true_carrier", observed, (80.0, -8.0, 240.0)),
        ):
            table.loc[rows & (table["factor"] == "(gap)"), ["estimate", "low", "high"]] = whole
            table.loc[rows & of_history, ["estimate", "low", "high"]] = part

    text = said(first_rater(page_study, "comparison", told), "comparison")
    assert "by the estimates its largest miss puts rural citizens 80 points too high, at" in text
    assert "too little" not in text.partition("too high")[0].partition("Estimated")[2]


def test_an_estimator_is_held_against_the_truth_with_both_turned_alike(page_study):
    pair = lead_pair(page_study)
    truth, *others = [each for each in gaps(page_study, pair) if each.rater is not None]
    own = next(each for each in others if each.rater is truth.rater and not each.true)

    def changed(gap, ends):
        table = gap.finding.table.copy()
        rows = table["method"] == gap.method
        table.loc[rows & (table["factor"] == "(gap)"), ["estimate", "low", "high"]] = ends
        return replace(gap, finding=replace(gap.finding, table=table))

    alike = miss(own, truth)
    flipped = miss(changed(own, [12.0, 3.0, 22.0]), truth)
    assert own.whole.estimate < 0 > truth.whole.estimate
    assert (flipped.inside, flipped.size, flipped.factor) == (
        alike.inside,
        alike.size,
        alike.factor,
    )
    assert flipped.too_much != alike.too_much


def test_the_largest_part_by_the_estimates_is_not_passed_over_for_smaller_ones(
    page_study, first_rater
):
    """Credit history comes first by its estimate, and can be none: it is said, and where it can."""

    def unsure(table):
        rows = table["factor"].isin(("history", "credit history"))
        table.loc[rows, ["estimate", "low", "high"]] = [-35.0, -72.0, 2.0]

    study = first_rater(page_study, "comparison", unsure, without=("decomposition",))
    told = "by the estimates most, 35 (−2 to 72), through credit history, which cannot be told"
    for block in ("headline", "abstract"):
        assert told in said(study, "comparison", block)
        assert "by the estimates most" not in said(page_study, "comparison", block)
    assert "told from none here, and can at council (rules)" in said(
        study, "comparison", "headline"
    )
    gap = lead(study, lead_pair(study))
    assert gap.foremost()[0] in [name for name, _ in gap.leaders()][1:]
