"""What the page says of an audit."""

from dataclasses import replace

import matplotlib.pyplot as plt
import pytest

from credit_ml.fairness.audit.facts import (
    four_fifths,
    matrix,
    others,
    saturated,
    scored_apart,
    widest,
)
from credit_ml.fairness.audit.pictures import pictures
from credit_ml.fairness.audit.tables import audit_tables
from credit_ml.grammar.numbers import NARROW, Amount
from credit_ml.grammar.phrases import lead_pair
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


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (
            (-0.02, -0.05, 0.01),
            "rural citizens are shut out 2 percentage points more often than urban citizens "
            "(1 less to 5 more), compatible",
        ),
        (
            (0.02, -0.01, 0.05),
            "urban citizens are shut out 2 percentage points more often than rural citizens "
            "(1 less to 5 more), compatible",
        ),
    ],
)
def test_who_is_shut_out_by_the_estimates_alone_says_the_side_of_both_ends(
    ends, told, page_study, first_rater
):
    """ "The difference between rural and urban citizens is 2 (−1 to 5)" was turned from its row."""

    def unsure(table):
        rows = (table["quantity"] == "difference") & (table["sensitive"] == "hukou")
        rows &= table["measure"] == "true_positive_rate"
        table.loc[rows, ["estimate", "low", "high"]] = ends

    assert f"by the estimates {told}" in said(first_rater(page_study, "audit", unsure), "audit")


def test_no_sentence_says_more_of_a_refusal_ratio_than_its_interval(page_study, first_rater):
    def unsure(table):
        rows = (table["measure"] == "refusal_rate") & (table["quantity"] == "ratio")
        table.loc[rows, ["estimate", "low", "high"]] = [1.3, 0.9, 1.7]

    study = first_rater(page_study, "audit", unsure)
    headline = said(study, "audit", "headline")
    assert "1.3" not in headline
    assert "whether rural citizens are refused at sesame (opaque) more often than urban" in headline
    assert "cannot be told" in headline
    for block in ("abstract", "paragraphs", "answer"):
        for sentence in said(study, "audit", block).split(". "):
            if "refused 1.3 times" in sentence:
                assert "compatible with no difference" in sentence, block


def test_small_intersections_are_not_named(page_study, first_rater):
    assert "rural men pass least often" in said(page_study, "audit")

    def shrink(table):
        table.loc[table["group"] == "rural x man", "people"] = 3

    assert "rural men" not in said(first_rater(page_study, "audit", shrink), "audit")


def test_from_how_many_people_on_a_group_is_among_all_that_are_compared(page_study):
    """One that is left out for its size may pass less often."""
    small = page_study.raters[0].findings[0].parameters["small"]
    told = f"Of all groups of {small:g} people or more in which two features meet, by the estimates"
    assert told in said(page_study, "audit")


def test_who_passes_least_often_is_least_only_where_intervals_part(page_study, first_rater):
    def wider(table):
        rows = table["sensitive"].astype(str).str.contains(" x ")
        table.loc[rows, ["low", "high"]] = [0.0, 1.0]

    def narrower(table):
        rows = table["sensitive"].astype(str).str.contains(" x ")
        for end, by in (("low", -1e-6), ("high", 1e-6)):
            table.loc[rows, end] = table.loc[rows, "estimate"] + by

    unsure = said(first_rater(page_study, "audit", wider), "audit")
    assert "by the estimates" in unsure
    assert "their intervals meet, so that the two may pass alike" in unsure
    assert "intervals meet" not in said(first_rater(page_study, "audit", narrower), "audit")


def test_refusals_are_told_by_who_is_worse_off(page_study):
    text = said(page_study, "audit")
    assert "Rural citizens are refused 1.34 times as often as urban citizens (1.32 to 1.36)" in text
    assert said(page_study, "audit", "answer").startswith("**Who pays:** rural citizens, refused")
    most = widest(page_study)
    assert (most.pair.group, most.pair.reference) == ("rural", "urban")
    assert most.times.low > 1


def test_the_worse_off_comes_first_whichever_group_is_the_reference(page_study, first_rater):
    def turn(table):
        told = (table["measure"] == "refusal_rate") & (table["quantity"] == "ratio")
        table.loc[told, ["estimate", "low", "high"]] = (0.5, 0.4, 0.625)

    changed = first_rater(page_study, "audit", turn)
    changed = type(changed)(**{**vars(changed), "raters": changed.raters[:1]})
    most = widest(changed)
    assert (most.pair.group, most.pair.reference) in (("urban", "rural"), ("man", "woman"))
    assert (most.times.estimate, most.times.low, most.times.high) == (2.0, 1.6, 2.5)


def test_where_nearly_all_pass_four_fifths_is_not_said(page_study, first_rater):
    def pass_all(table):
        told = (table["measure"] == "selection_rate") & (table["sensitive"] == "overall")
        table.loc[told, "estimate"] = 0.97

    changed = first_rater(page_study, "audit", pass_all)
    assert saturated(next(changed.of_kind("audit"))[1])
    assert "four fifths" not in said(changed, "audit", "headline")
    assert "four fifths" in said(page_study, "audit", "headline")


def test_all_raters_stand_in_one_table_and_two_pictures(page_study):
    view = matrix(page_study)
    assert view.head[2] == "Rural citizens against urban citizens"
    assert [row[0] for row in view.bodies[0][1]] == ["sesame (opaque)", "council (rules)"]
    assert view.bodies[0][1][0][2] == "1.34 (1.32 to 1.36) \u25b2"
    hundred, losses = pictures(page_study)
    assert (hundred.opening, losses.opening) == (True, False)
    assert hundred.table.bodies[0][1][0] == (
        "Rural citizens at sesame (opaque)",
        f"71{NARROW}% (70 to 72)",
    )
    for each in (hundred, losses):
        axes = each.plot(None)
        figure = axes.get_figure()
        assert figure.legends
        plt.close(figure)


#: Where ratios of selection lie to four fifths, and what is said of each.
FIFTHS = {0.65: "is below", 0.8: "cannot be told from", 0.93: "is above"}


@pytest.mark.parametrize("first", FIFTHS)
@pytest.mark.parametrize("second", FIFTHS)
def test_what_is_said_of_one_rater_s_ratio_says_where_others_lie_otherwise(
    page_study, first, second
):
    """One is on the safe side of four fifths, another surely below: the page says both."""
    raters = []
    for rater, estimate in zip(page_study.raters, (first, second), strict=True):
        findings = []
        for each in rater.findings:
            table = each.table.copy()
            if each.kind == "audit":
                rows = (table["measure"] == "selection_rate") & (table["quantity"] == "ratio")
                ends = [estimate, estimate - 0.05, estimate + 0.05]
                table.loc[rows, ["estimate", "low", "high"]] = ends
            findings.append(replace(each, table=table))
        raters.append(replace(rater, findings=tuple(findings)))
    study = replace(page_study, raters=tuple(raters))
    for block in ("headline", "paragraphs"):
        text = said(study, "audit", block)
        assert f"the ratio {FIFTHS[first]} four fifths" in text, block
        other = f"four fifths, at council (rules) it {FIFTHS[second]}"
        assert (other in text) == (first != second), block
    assert "at sesame (opaque)" in said(study, "audit", "headline")
    alone = said(replace(study, raters=study.raters[:1]), "audit", "headline")
    assert "sesame" not in alone  # of one rater nobody asks which


def test_a_difference_that_one_rater_does_not_show_is_said_where_another_does(
    page_study, first_rater
):
    def unsure(table):
        rows = (table["measure"] == "selection_rate") & (table["quantity"] == "ratio")
        table.loc[rows, ["estimate", "low", "high"]] = [0.97, 0.9, 1.04]

    headline = said(first_rater(page_study, "audit", unsure), "audit", "headline")
    assert headline.startswith("No difference in who passes can be told at sesame (opaque) between")
    assert "; it can at council (rules)" in headline


def test_that_no_difference_is_told_of_one_threshold_hides_none_of_another(page_study, first_rater):
    def unsure(table):
        rows = (table["measure"] == "selection_rate") & (table["quantity"] == "ratio")
        table.loc[rows, ["estimate", "low", "high"]] = [0.97, 0.9, 1.04]

    study = first_rater(page_study, "audit", unsure)
    first, pair = study.raters[0], lead_pair(study)
    (granted,) = first.of_kind("consequences")
    rows = granted.table["measure"] == "share_granted"
    rows &= granted.table["reference_group"] == pair.reference
    names = list(dict.fromkeys(granted.table.loc[rows, "consequence"]))
    table = granted.table.copy()
    table.loc[rows, ["estimate", "low", "high"]] = [-0.01, -0.05, 0.03]
    last = rows & (table["consequence"] == names[-1])
    table.loc[last, ["estimate", "low", "high"]] = [-0.12, -0.2, -0.04]

    def told(changed):
        others = [each for each in first.findings if each is not granted]
        raters = (replace(first, findings=(*others, changed)), *study.raters[1:])
        return said(replace(study, raters=raters), "audit", "headline")

    group = pair.people("citizens")[0]
    assert told(replace(granted, table=table)).endswith(
        f"; {group} are granted {names[-1]} less often."
    )
    table.loc[last, "high"] = 0.01
    assert "granted" not in told(replace(granted, table=table))


def test_the_picture_of_a_hundred_says_that_it_is_one_society_and_a_nation_s_does_not(page_study):
    hundred, _ = pictures(page_study)
    assert hundred.caption.startswith("One society of the world 'baseline'")
    nation = replace(page_study, data={**page_study.data, "cities": 20})
    assert "society" not in next(iter(pictures(nation))).caption


def test_a_ratio_told_from_four_fifths_is_not_written_as_reaching_it(page_study, first_rater):
    def near(table):
        told = (table["measure"] == "selection_rate") & (table["quantity"] == "ratio")
        table.loc[told, ["estimate", "low", "high"]] = (0.63, 0.45, 0.797)

    told = said(first_rater(page_study, "audit", near), "audit")
    assert "(0.5 to 0.797)" in told
    assert "is below four fifths" in told


def test_that_no_difference_in_passing_can_be_told_hides_none_in_scores(table_results):
    """Of a feature whose groups pass alike and score apart, as far as can be told."""
    pair = lead_pair(table_results)
    (_, finding) = next(iter(table_results.of_kind("audit")))
    untold = others(finding, pair)[1]
    assert untold
    rows = (finding.table["measure"] == "mean_score") & (finding.table["sensitive"] == "gender")
    rows &= finding.table["quantity"] == "difference"
    for ends, told in (((0.01, 0.16), ["gender"]), ((-0.01, 0.16), [])):
        table = finding.table.copy()
        table.loc[rows, ["estimate", "low", "high"]] = 0.09, *ends
        one = finding.told_as(table=table)
        assert scored_apart(one, pair) == told
        first = table_results.raters[0]
        kept = tuple(each for each in first.findings if each is not finding)
        study = replace(
            table_results, raters=(replace(first, findings=(one, *kept)), *table_results.raters[1:])
        )
        text = said(study, "audit", "abstract")
        assert "no difference in who passes can be told" in text
        assert ("; in mean scores one can, by gender." in text) == bool(told)


def test_what_is_said_of_other_features_names_its_rater_and_where_it_is_turned(page_study):
    """Women pass less often at the first rater, and are refused less often at another."""

    def at(rater, measure, ends):
        found = []
        for each in rater.findings:
            table = each.table.copy()
            if each.kind == "audit":
                rows = table["quantity"].eq("ratio") & table["measure"].eq(measure)
                rows &= table["sensitive"].eq("gender")
                table.loc[rows, ["estimate", "low", "high"]] = ends
            found.append(replace(each, table=table))
        return replace(rater, findings=tuple(found))

    def told(ends):
        first, second, *others = page_study.raters
        first = at(first, "selection_rate", [0.93, 0.92, 0.95])
        raters = (first, at(second, "refusal_rate", ends), *others)
        text = said(replace(page_study, raters=raters), "audit").partition("Other features.")[2]
        return text.partition("Intersections")[0]

    turned = told([0.89, 0.80, 0.99])
    assert "Women pass at sesame (opaque) 0.93 times as often as men (0.92 to 0.95)" in turned
    assert (
        "At council (rules) women are refused 0.89 times as often as men (0.80 to 0.99)." in turned
    )
    for alike in ([1.2, 1.1, 1.3], [0.9, 0.7, 1.1]):
        assert "women are refused" not in told(alike)


def refused_at_second(study, *ends):
    """The same study, at whose second rater rural citizens are refused so many times as often."""
    second = study.raters[1]
    (finding,) = second.of_kind("audit")
    table, pair = finding.table.copy(), lead_pair(study)
    rows = (table["measure"] == "refusal_rate") & (table["quantity"] == "ratio")
    rows &= (table["sensitive"] == pair.sensitive) & (table["group"] == pair.group)
    table.loc[rows, ["estimate", "low", "high"]] = ends
    others = [each for each in second.findings if each is not finding]
    second = replace(second, findings=(*others, finding.told_as(table=table)))
    return replace(study, raters=(study.raters[0], second, *study.raters[2:]))


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ((1.2, 0.9, 1.5), "; not known at council (rules)."),
        ((0.8, 0.7, 0.9), "; at council (rules) rural citizens less often."),
        ((1.2, 1.1, 1.3), ""),
    ],
)
def test_who_pays_at_the_first_rater_says_where_another_cannot_tell(page_study, ends, told):
    answer = said(refused_at_second(page_study, *ends), "audit", "answer")
    assert answer.endswith(told or "1.36).")
    assert ("council" in answer) == bool(told)


def test_features_by_which_one_rater_tells_people_apart_are_not_said_of_another(table_results):
    pair = lead_pair(table_results)
    (first,) = table_results.raters
    second = replace(first, id="second", name="scorecard", scorer_kind="scorecard")

    def scored(rater, low):
        (finding,) = rater.of_kind("audit")
        table = finding.table.copy()
        rows = (table["measure"] == "mean_score") & (table["sensitive"] == "gender")
        rows &= table["quantity"] == "difference"
        table.loc[rows, ["estimate", "low", "high"]] = 0.09, low, 0.16
        kept = tuple(each for each in rater.findings if each is not finding)
        return replace(rater, findings=(finding.told_as(table=table), *kept))

    for low, told in (
        (-0.01, f", by gender (with the {second.name} none can be told)."),
        (0.01, ", by gender."),
    ):
        study = replace(table_results, raters=(scored(first, 0.01), scored(second, low)))
        assert lead_pair(study) == pair
        assert f"in mean scores one can{told}" in said(study, "audit", "abstract")


def test_a_table_rounds_no_end_of_a_ratio_onto_four_fifths(page_study, first_rater):
    """Words say that it is above four fifths, of a row that read 0.8."""

    def near(table):
        told = (table["measure"] == "selection_rate") & (table["quantity"] == "ratio")
        table.loc[told, ["estimate", "low", "high"]] = (0.92, 0.803, 1.03)

    study = first_rater(page_study, "audit", near)
    (finding,) = study.raters[0].of_kind("audit")
    cells = [cell for _, body in audit_tables(finding)[1].bodies for row in body for cell in row]
    assert "0.9 (0.803 to 1.0)" in cells
    assert "0.9 (0.8 to 1.0)" not in cells
