"""What the page says of disclosure."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_ml.core import conform, instruments
from credit_ml.disclosure.disclose import _standing_notes
from credit_ml.disclosure.facts import matrix, moved, spoken_of
from credit_ml.grammar.numbers import Amount
from credit_ml.reports.templating import block, said
from credit_ml.reports.templating import paragraphs as read


def disclosure_paragraphs(page_study):
    found = list(page_study.of_kind("disclosure"))
    return read(block(instruments()["disclosure"], "paragraphs", page_study, found))


def changed_by(page_study, change):
    """A disclosure after which the gap has changed by so much, give or take 1.4."""
    rater = page_study.raters[0]
    (finding,) = rater.of_kind("disclosure")
    table = finding.table[finding.table["measure"] != "score_gap_after"]
    rows = [
        {"measure": "score_gap_after", "estimate": -41 + change, "low": -60, "high": -30},
        {
            "measure": "score_gap_change",
            "estimate": change,
            "low": change - 1.4,
            "high": change + 1.4,
        },
    ]
    pair = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}
    more = conform(rows, quantity="difference", regime="full", unit="points", **pair)
    finding = replace(finding, table=pd.concat([table, more], ignore_index=True))
    return replace(page_study, raters=(replace(rater, findings=(finding,)), *page_study.raters[1:]))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (-4, "widens by 4.0 (2.6 to 5.4), from 41.0 to 45.0 points."),
        (4, "narrows by 4.0 (2.6 to 5.4), from 41.0 to 37.0 points."),
        (
            -0.5,
            "no change of the observed gap between rural citizens and urban citizens can be told: "
            "41.0 points before, 41.5 after, a change of 0.5 (\u22120.9 to 1.9), below 0 narrower.",
        ),
    ],
)
def test_a_gap_changes_by_what_one_group_gains_more(page_study, change, expected):
    settings = {"lead": {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}}
    changed = replace(changed_by(page_study, change), settings=settings)
    assert expected in said(changed, "disclosure")


def many_told(page_study):
    """The same disclosure under eight regimes, in one of which most act in vain."""
    finding = page_study.raters[0].of_kind("disclosure")[0]
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
        pd.concat([part, vain.assign(regime="x", estimate=0.3 if name == "ranks" else 0.1)]).assign(
            regime=name
        )
        for name in names
    ]
    return replace(finding, table=pd.concat(parts, ignore_index=True))


def test_of_many_regimes_prose_names_those_that_say_most(page_study):
    assert spoken_of(many_told(page_study)) == ["nothing", "factors", "ranks", "full"]
    few = page_study.raters[0].of_kind("disclosure")[0]
    assert spoken_of(few) == ["nothing", "factors", "full"]


def test_what_was_not_measured_is_not_said(page_study):
    finding = page_study.raters[0].of_kind("disclosure")[0]
    table = finding.table.copy()
    table.loc[table["measure"] == "improvement_share", ["estimate", "low", "high"]] = np.nan
    rater = replace(page_study.raters[0], findings=(replace(finding, table=table),))
    (first, *_) = disclosure_paragraphs(replace(page_study, raters=(rater,)))
    assert "improve what people will keep" not in first.text
    assert "\u2013" not in first.text


LEAD = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}
#: Ends of a change of the gap as tables have it, group less reference group: the gap is below 0.
CHANGES = st.tuples(st.integers(-30, 30), st.integers(1, 20))


def told_by_regime(study, changes, rater=0):
    """The same study, whose gap changes so under each regime that tells something, at one rater."""
    raters = list(study.raters)
    (finding,) = raters[rater].of_kind("disclosure")
    before = {"measure": "score_gap_before", "estimate": -41, "low": -43, "high": -39}
    rows = []
    for regime, (middle, half) in changes.items():
        ends = {"estimate": middle / 10, "low": (middle - half) / 10, "high": (middle + half) / 10}
        after = {"measure": "score_gap_after", "estimate": -41 + middle / 10}
        rows += [
            {"regime": regime, **each}
            for each in (before, after, {"measure": "score_gap_change", **ends})
        ]
    rows = conform(rows, quantity="difference", unit="points", **LEAD)
    table = finding.table[~finding.table["measure"].str.startswith("score_gap")]
    finding = replace(finding, table=pd.concat([table, rows], ignore_index=True))
    others = [each for each in raters[rater].findings if each.kind != "disclosure"]
    raters[rater] = replace(raters[rater], findings=(*others, finding))
    return replace(study, raters=tuple(raters), settings={"lead": LEAD})


def side(middle, half):
    """Whether a gap below 0 widens, narrows or neither for certain."""
    return "widens" if middle + half < 0 else "narrows" if middle - half > 0 else ""


@given(factors=CHANGES, full=CHANGES)
@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_what_the_whole_model_does_is_said_of_no_other_regime(page_study, factors, full):
    study = told_by_regime(page_study, {"factors": factors, "full": full})
    study = replace(study, raters=study.raters[:1])
    text, short = said(study, "disclosure"), said(study, "disclosure", "answer")
    gap = text.partition("**Who acts.**")[0]
    assert short.startswith("**If the whole model is told,**")
    if side(*full):
        assert f"the observed gap {side(*full)} by" in short
        assert f"{side(*full)} by" in gap
    else:
        assert "no change of the gap is sure" in short
        assert "below 0 narrower" in short
        other = f"; it {side(*factors)} when the factors are named."
        assert (other in short) == bool(side(*factors))
    if side(*factors):
        also = "also " if side(*full) else ""
        assert f"It {also}{side(*factors)} by " in gap
        assert "when the factors are named" in gap
    else:
        assert "when the factors are named" not in gap


@pytest.mark.parametrize(("second", "told"), [((1, 9), True), ((12, 9), False)])
def test_ways_that_change_a_gap_are_each_held_alone_and_other_raters_are_asked(
    page_study, second, told
):
    """Of several tests one or two come out by chance, and another rater may show none."""
    sure = dict.fromkeys(("factors", "weights"), (12, 9)) | {"full": (1, 9)}
    study = told_by_regime(page_study, sure)
    study = told_by_regime(study, dict.fromkeys(sure, second), 1)
    answer = said(study, "disclosure", "answer")
    assert "; two other ways, each alone, narrow it" in answer
    none = "At council (rules) none of these changes can be told."
    assert (none in said(study, "disclosure")) == told


def test_that_nobody_acts_unasked_is_said_to_be_assumed(page_study):
    (finding,) = page_study.raters[0].of_kind("disclosure")
    rows = [
        {"regime": regime, "measure": "share_who_act", "estimate": share, "unit": "share"}
        for regime, share in (("nothing", 0.0), ("full", 0.2))
    ]
    table = finding.table[finding.table["measure"] != "share_who_act"]
    table = pd.concat([table, conform(rows)], ignore_index=True)
    first = replace(page_study.raters[0], findings=(replace(finding, table=table),))
    text = said(replace(page_study, raters=(first,)), "disclosure")
    assert "obody acts, by assumption, when nothing is told" in text


@pytest.mark.parametrize(("middle", "worse"), [(-0.5, True), (-0.1, False), (0.5, False)])
def test_whom_telling_leaves_worse_off_is_said(page_study, middle, worse):
    (finding,) = page_study.raters[0].of_kind("disclosure")
    ends = {"estimate": middle / 100, "low": (middle - 0.2) / 100, "high": (middle + 0.2) / 100}
    row = {"regime": "factors", "measure": "information_gain", "unit": "share of a year's income"}
    table = pd.concat([finding.table, conform([row | ends])], ignore_index=True)
    first = replace(page_study.raters[0], findings=(replace(finding, table=table),))
    text = said(replace(page_study, raters=(first,)), "disclosure")
    told = "Citizens are worse off on average than with nothing told when the factors are named"
    assert (told in text) == worse


@given(first=CHANGES, second=CHANGES)
@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_what_is_said_of_one_rater_s_gap_says_where_another_s_moves_otherwise(
    page_study, first, second
):
    study = told_by_regime(told_by_regime(page_study, {"full": first}), {"full": second}, 1)
    gap = said(study, "disclosure").partition("**Who acts.**")[0]
    verbs = {"": "no change of it can be told"}
    other = f"At council (rules) {verbs.get(side(*second), f'it {side(*second)}')}"
    assert (other in gap) == (side(*first) != side(*second))
    own = side(*second)
    told = f"at council (rules) it {own}" if own else "not known at council (rules)"
    answered = said(study, "disclosure", "answer")
    assert (f"; {told}." in answered) == (side(*first) != own)
    assert "at sesame (opaque)" in said(study, "disclosure", "headline")


@pytest.mark.parametrize(
    ("full", "factors", "expected"),
    [
        ((-0.4, 0.6), (-0.6, 0.4), "no change of the AUC, by everybody's chance of keeping, can be "
         "told: \u22120.4 percentage points (\u22121.0 to 0.2), from 78.0 %; it "
         "falls by 0.6 percentage points (0.2 to 1.0) when the factors are named."),
        ((-0.6, 0.4), (-0.4, 0.6), "The AUC, by everybody's chance of keeping, falls by 0.6 "
         "percentage points (0.2 to 1.0), from 78.0 %."),
    ],
)  # fmt: skip
def test_that_no_change_is_sure_of_the_whole_model_hides_none_of_another_regime(
    page_study, full, factors, expected
):
    first = page_study.raters[0]
    (finding,) = first.of_kind("disclosure")
    rows = [
        {"regime": regime, "measure": "auc", "estimate": 0.78, "unit": "share"}
        for regime in ("nothing", "full")
    ]
    for regime, (middle, half) in (("full", full), ("factors", factors)):
        ends = {"low": (middle - half) / 100, "high": (middle + half) / 100}
        change = {"measure": "auc_change", "estimate": middle / 100, **ends}
        rows.append({"regime": regime, "unit": "difference of shares", **change})
    table = pd.concat([finding.table, conform(rows)], ignore_index=True)
    others = tuple(each for each in first.findings if each is not finding)
    first = replace(first, findings=(*others, replace(finding, table=table)))
    text = said(replace(page_study, raters=(first,)), "disclosure").replace("\u202f", " ")
    assert expected.lower() in text.lower()


def burdened(study, *, never=0.22, row=None):
    """The same study, some of whose people reach the threshold at no price."""
    first = study.raters[0]
    (finding,) = first.of_kind("disclosure")
    rows = [
        {"regime": "full", "sensitive": "hukou", "group": group, "measure": "social_burden"}
        | {"estimate": share, "low": share - 0.01, "high": share + 0.01}
        | {"unit": "share of a year's income"}
        for group, share in (("rural", 0.06), ("urban", 0.02))
    ]
    share = {"regime": "full", "measure": "out_of_reach", "unit": "share of people"}
    rows += [share | row] if row else []
    table = pd.concat([finding.table, conform(rows)], ignore_index=True)
    parameters = {**finding.parameters, "never": never}
    others = tuple(each for each in first.findings if each is not finding)
    first = replace(first, findings=(*others, replace(finding, table=table, parameters=parameters)))
    return replace(study, raters=(first, *study.raters[1:]), settings={"lead": LEAD})


def carded(study):
    told = []
    block(
        instruments()["disclosure"],
        "cards",
        study,
        list(study.of_kind("disclosure")),
        card=lambda value, unit, meaning, reference: told.append(meaning) or "",
    )
    return told


def test_a_lower_bound_is_called_one_wherever_it_stands(page_study):
    """Who cannot reach the threshold at any price is counted at the dearest bundle."""
    study = burdened(page_study)
    text, (card, *_) = said(study, "disclosure").replace("\u202f", " "), carded(study)
    assert "would have to spend at least 6.0 % of a year's income" in text
    assert "urban citizens who do at least 2 %" in text
    assert card.startswith("the least that rural citizens")
    assert "would pay to pass at sesame (opaque)" in card
    assert {"Burden, at least: Rural", "Burden, at least: Urban"} < set(matrix(study).head)
    exact = burdened(page_study, never=0.0)
    assert "least" not in said(exact, "disclosure") + carded(exact)[0]
    assert "Burden: Rural" in matrix(exact).head


def test_who_cannot_reach_it_has_an_interval_or_is_said_of_one_society(page_study):
    study = burdened(page_study, row={"estimate": 0.22, "low": 0.17, "high": 0.27})
    text, (card, *_) = said(study, "disclosure").replace("\u202f", " "), carded(study)
    assert "22 % (17 to 27) of all citizens cannot reach it at any price" in text
    assert "22 % (17 to 27) of all cannot" in card.replace("\u202f", " ")
    stored = said(burdened(page_study), "disclosure").replace("\u202f", " ")
    assert "22 % of all citizens of this one society cannot reach it" in stored


#: Words that claim a direction.
DIRECTED = ("widens", "narrows", "rises", "falls")


def test_a_change_of_a_gap_without_an_interval_claims_no_direction(page_study):
    settings = {"lead": LEAD}
    study = replace(changed_by(page_study, -4), settings=settings)
    found = list(study.of_kind("disclosure"))
    for at in ("headline", "paragraphs", "answer"):
        assert "widens" in block(instruments()["disclosure"], at, study, found), at
    rater = study.raters[0]
    (finding,) = rater.of_kind("disclosure")
    table = finding.table.copy()
    for bare in (
        table.assign(low=np.nan, high=np.nan),
        table[table["measure"] != "score_gap_change"],
    ):
        finding = replace(finding, table=bare)
        quiet = replace(study, raters=(replace(rater, findings=(finding,)), *study.raters[1:]))
        found = list(quiet.of_kind("disclosure"))
        for at in ("headline", "paragraphs", "answer"):
            told = block(instruments()["disclosure"], at, quiet, found[:1])
            gap = [each for each in told.split(". ") if "gap" in each]
            assert not any(word in each for word in DIRECTED for each in gap), (at, told)
        assert "no interval was made of" in said(quiet, "disclosure", "headline")
        assert "no interval was made" in said(quiet, "disclosure", "answer")


def test_the_gap_of_a_sample_is_said_of_the_sample(page_study):
    """Of 500 followed it need not be that of everybody, which stands elsewhere on the page."""
    study = replace(changed_by(page_study, -4), settings={"lead": LEAD})
    (finding,) = study.raters[0].of_kind("disclosure")
    people = study.data["people"]
    for followed, told in ((people, False), (people // 2, True)):
        one = finding.told_as(parameters={**finding.parameters, "people": followed})
        rater = replace(study.raters[0], findings=(one,))
        text = said(replace(study, raters=(rater, *study.raters[1:])), "disclosure")
        assert (f", of the {followed:,} citizens who were followed," in text) == told


def test_what_goes_from_one_number_to_another_goes_by_their_difference():
    """In the digits of the change: 62 to 65 is no rise by 3.6."""
    ends = (Amount(61.6, 57.0, 66.0), "%"), (Amount(65.2, 60.0, 70.0), "%")
    told = moved(*ends, (Amount(3.6, 2.4, 5.0), "percentage points"))
    assert [told.show(each) for each in (told.before, told.after, told.change)] == [
        *("61.6", "65.2", "3.6")
    ]


@pytest.mark.parametrize(("before", "after", "adds"), [(52.36, 56.63, False), (52.4, 56.7, True)])
def test_before_after_and_change_stand_together_only_where_they_add_up(before, after, adds):
    """52.4 and 4.3 are not 56.6, rounded as they are."""
    ends = (Amount(before, 40.0, 60.0), "points"), (Amount(after, 45.0, 65.0), "points")
    told = moved(*ends, (Amount(4.27, 2.7, 5.8), "points"))
    assert told.show(told.change) == "4.3"
    assert told.adds_up is adds


def test_who_cannot_reach_it_is_said_of_both_groups(page_study):
    """The share of all hides that of the group that the page follows."""
    study = burdened(page_study, row={"estimate": 0.23, "low": 0.19, "high": 0.27})
    rater = study.raters[0]
    (finding,) = rater.of_kind("disclosure")
    more = [
        {"regime": "full", "sensitive": "hukou", "group": group, "measure": "out_of_reach"}
        | {"estimate": share, "low": share - 0.05, "high": share + 0.05, "unit": "share of people"}
        for group, share in (("rural", 0.34), ("urban", 0.19))
    ]
    table = pd.concat([finding.table, conform(more)], ignore_index=True)
    others = tuple(each for each in rater.findings if each is not finding)
    rater = replace(rater, findings=(*others, replace(finding, table=table)))
    text = said(replace(study, raters=(rater, *study.raters[1:])), "disclosure")
    assert "at any price: 34 % (29 to 39) of rural citizens and 19 %" in text.replace("\u202f", " ")
    assert "at any price." in said(study, "disclosure")


@pytest.mark.parametrize(
    ("never", "said_of_it"),
    [
        (0.0, "All who were followed can reach"),
        (0.0002, "Under 0.1 % cannot reach"),
        (0.22, "22.0 % cannot"),
    ],
)
def test_that_nobody_is_shut_out_is_not_said_as_a_burden_counted_too_low(never, said_of_it):
    aim = SimpleNamespace(name="the first", imposed=False)
    case = SimpleNamespace(problem=SimpleNamespace(aims=[aim], actions=()), society=None)
    stands, note = _standing_notes(case, never)
    assert "keeps its model" in stands
    assert note.startswith(said_of_it)
    assert ("too little" in note) == (never > 0)


def spending_apart(study, gap, half):
    """The same study, whose groups must spend 6 and 4 %, and so much apart, in hundredths."""
    rater = burdened(study).raters[0]
    (finding,) = rater.of_kind("disclosure")
    table = finding.table[finding.table["measure"] != "social_burden"]
    at = {"regime": "full", "sensitive": "hukou", "unit": "share of a year's income"}
    levels = [
        at | {"group": group, "measure": "social_burden"}
        | {"estimate": share, "low": share - 0.02, "high": share + 0.02}
        for group, share in (("rural", 0.06), ("urban", 0.04))
    ]  # fmt: skip
    apart = {"measure": "social_gap", "group": "rural", "reference_group": "urban"}
    ends = {"estimate": gap, "low": gap - half, "high": gap + half}
    rows = [conform(levels), conform([at | apart | ends], quantity="difference")]
    others = tuple(each for each in rater.findings if each is not finding)
    told = replace(finding, table=pd.concat([table, *rows], ignore_index=True))
    rater = replace(rater, findings=(*others, told))
    return replace(study, raters=(rater, *study.raters[1:]), settings={"lead": LEAD})


@pytest.mark.parametrize(
    ("gap", "half", "expected"),
    [
        (0.02, 0.01, ": rural citizens more, by 2 percentage points\u2020 (1 to 3)."),
        (-0.02, 0.01, ": urban citizens more, by 2 percentage points\u2020 (1 to 3)."),
        (0.02, 0.03, ": no difference can be told."),
    ],
)
def test_what_two_groups_must_spend_is_held_apart_by_their_difference(
    page_study, gap, half, expected
):
    """Intervals of two levels may meet where the difference, measured of both, is sure."""
    study = spending_apart(page_study, gap, half)
    assert f"urban citizens who do at least 4 %\u2020 (2 to 6){expected}" in said(
        study, "disclosure"
    ).replace("\u202f", " ")
    references = []
    block(
        instruments()["disclosure"],
        "cards",
        study,
        list(study.of_kind("disclosure")),
        card=lambda value, unit, meaning, reference: references.append(reference) or "",
    )
    assert ("no difference can be told" in references[0]) == (half > abs(gap))


def gap_before(study, estimate, half):
    """The same study, the gap of whose first rater stood there before anybody responded."""
    rater = study.raters[0]
    (finding,) = rater.of_kind("disclosure")
    before = finding.table["measure"] == "score_gap_before"
    ends = {"estimate": estimate, "low": estimate - half, "high": estimate + half}
    after = finding.table["measure"] == "score_gap_after"
    change = finding.table.loc[finding.table["measure"] == "score_gap_change", "estimate"]
    table = finding.table.copy()
    table.loc[before, list(ends)] = list(ends.values())
    table.loc[after, "estimate"] = estimate + change.to_numpy()
    others = [each for each in rater.findings if each.kind != "disclosure"]
    rater = replace(rater, findings=(*others, replace(finding, table=table)))
    return replace(study, raters=(rater, *study.raters[1:]))


@pytest.mark.parametrize("sign", [1, -1])
def test_a_gap_of_which_the_side_is_not_known_neither_widens_nor_narrows(page_study, sign):
    study = told_by_regime(page_study, {"factors": (40 * sign, 30), "full": (-40 * sign, 60)})
    study = replace(study, raters=study.raters[:1])
    open_ = gap_before(study, -0.2, 30)
    ahead = "rural" if sign > 0 else "urban"
    text = said(open_, "disclosure")
    gap = text.partition("To pass the threshold")[0].partition("**Who acts.**")[0]
    assert "widens" not in gap
    assert "narrows" not in gap
    assert "below 0 in favour of rural citizens; on which side the gap lies is not known." in gap
    moved = f"moves by 4 points (1 to 7) in favour of {ahead} citizens when the factors are named"
    assert moved in gap
    assert f"; it moves in favour of {ahead} citizens when" in said(open_, "disclosure", "answer")
    assert "moves" not in said(study, "disclosure")


def test_a_gap_that_ends_on_the_other_side_does_not_narrow(page_study):
    """From 2 below to 3 above is no gap narrowed by 5."""
    study = told_by_regime(page_study, {"full": (50, 10)})
    study = gap_before(replace(study, raters=study.raters[:1]), -2, 1)
    for at in ("headline", "answer", "paragraphs"):
        text = said(study, "disclosure", at)
        assert "narrows" not in text, at
        assert "in favour of rural citizens" in text, at
    assert "in favour of rural citizens, from 2.0 to \u22123.0 points." in said(study, "disclosure")


def test_what_another_way_does_at_other_raters_is_said_of_that_way_alone(page_study):
    """The whole model widens it at both; that the factors do so cannot be told at the second."""
    sure = {"factors": (-20, 9), "full": (-40, 9)}
    study = told_by_regime(page_study, sure)
    for factors, told in (((-2, 9), "no change can be told"), ((20, 9), "it narrows"),
                          ((-20, 9), "it widens too")):  # fmt: skip
        both = told_by_regime(study, sure | {"factors": factors}, 1)
        gap = said(both, "disclosure").partition("**Who acts.**")[0]
        assert f"when the factors are named; at council (rules) {told}." in gap
        assert "that cannot be told" not in gap


def test_what_moves_the_gap_at_another_rater_alone_is_said(page_study):
    study = told_by_regime(page_study, {"factors": (-2, 9), "weights": (20, 9), "full": (1, 9)})
    study = told_by_regime(study, {"factors": (-20, 9), "weights": (2, 9), "full": (1, 9)}, 1)
    gap = said(study, "disclosure").partition("**Who acts.**")[0]
    assert "At council (rules) it widens by 2.0 points (1.1 to 2.9) when the factors are" in gap


def test_a_change_has_the_same_digits_on_the_first_screen_as_in_its_section(page_study):
    study = replace(changed_by(page_study, -4), settings={"lead": LEAD})
    told = []
    block(
        instruments()["disclosure"],
        "cards",
        study,
        list(study.of_kind("disclosure")),
        card=lambda value, unit, meaning, reference: told.append(value.text(unit)) or "",
    )
    assert "widens by 4.0 (2.6 to 5.4)" in said(study, "disclosure")
    assert "widens by 4.0 points (2.6 to 5.4)" in said(study, "disclosure", "answer")
    assert "4.0 points (2.6 to 5.4)" in told
