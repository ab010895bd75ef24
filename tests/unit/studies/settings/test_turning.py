"""A headline turns where an interval is on the other side; a point alone does not turn it."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.core import StudyResults
from credit_ml.core.schema import conform
from credit_ml.grammar.cited import unmarked
from credit_ml.grammar.tables import EMPTY
from credit_ml.reports import render
from credit_ml.reports.verdict import check
from credit_ml.studies.settings.assumptions import assumptions
from credit_ml.studies.settings.design import HeadlineTable, RangeTable, SweepTable
from credit_ml.studies.settings.facts import changes, headline_facts, parted, verdict
from credit_ml.studies.settings.finding import setting_sweep
from credit_ml.studies.settings.tables import headlines_table, knobs_table
from credit_ml.studies.settings.turning import Turning

GAP = HeadlineTable(name="the gap", kind="finding", where={"measure": "mean_score"})


def intervals(value, half):
    value = np.asarray(value, dtype=float)
    half = np.broadcast_to(np.asarray(half, dtype=float), value.shape)
    return pd.DataFrame({"estimate": value, "low": value - half, "high": value + half})


def turning(value, half, *, turns=0.0, draws=0):
    return Turning.of(intervals(value, half), turns=turns, level=0.95, draws=draws)


def ends(value, half, **asked):
    share = turning(value, half, **asked).share()
    return share["low"], share["high"]


def test_a_point_on_the_other_side_whose_interval_reaches_back_turns_nothing():
    assert ends([2.0, 3.0, -0.5], 1.0) == (0.0, 0.5)
    assert ends([2.0, 3.0, -5.0], 1.0) == (0.5, 0.5)
    assert ends([2.0, 3.0, 4.0], 1.0) == (0.0, 0.0)
    assert ends([-2.0, -3.0, 5.0], 1.0) == (0.5, 0.5)
    assert ends([3.0, 4.0, -3.0], 1.0, turns=1.0) == (0.5, 0.5)


def test_a_setting_without_an_interval_has_that_of_the_study_as_it_stands():
    half = [1.0, np.nan, 0.1]
    assert ends([2.0, -0.5, -0.5], half) == (0.0, 1.0)
    assert ends([2.0, -3.0, -0.5], half) == (0.5, 1.0)
    assert ends([2.0, -0.5, 1.0], np.nan) == (0.5, 0.5)


def test_where_the_side_is_not_decided_a_turn_needs_settings_on_both():
    assert ends([0.5, 3.0, 4.0], 1.0) == (0.0, 1.0)
    assert not turning([0.5, 3.0, 4.0], 1.0).clear
    assert ends([0.5, 3.0, -4.0], 1.0) == (0.5, 0.5)
    assert ends([0.5, 3.0, -4.0, 0.1], 1.0)[0] == pytest.approx(1 / 3)


def test_that_some_of_many_settings_turn_is_not_chance():
    """Numbers that are 0 in every setting leave a side by chance in 2.5 of 100 sweeps."""
    draws = np.random.default_rng(3).normal(size=(800, 64))
    values = np.hstack([np.full((800, 1), 4.0), draws])
    found = np.array([ends(row, 1.96)[0] > 0 for row in values])
    points = np.array([(intervals(row, 1.96)["high"] < 0).any() for row in values])
    assert found.mean() < 0.04
    assert points.mean() > 0.5


def test_few_societies_need_wider_intervals_than_people():
    value = [9.0, -2.0]
    many = [9.0] + [-2.0] * 40
    assert ends(value, 1.0, draws=3) == ends(value, 1.0) == (1.0, 1.0)
    assert ends(many, 1.0)[0] == 1.0
    assert ends(many, 1.0, draws=3)[0] == 0.0
    assert ends(many, 1.0, draws=40)[0] == 1.0


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=12), st.floats(0, 3), st.floats(-2, 2))
def test_at_least_so_many_turn_as_are_said_and_at_most(value, half, turns):
    share = turning(value, half, turns=turns).share()
    assert 0 <= share["low"] <= share["estimate"] <= share["high"] <= 1
    one, other = turning(value, half, turns=turns), turning(np.negative(value), half, turns=-turns)
    assert (one.share()["low"], one.share()["high"]) == (
        other.share()["low"],
        other.share()["high"],
    )


def found(values, half, *, base=2.0, smaller=None):
    """What a page reads where a headline has these values and intervals of one width."""
    over = {"world.changes.ties.hukou": tuple(range(len(values)))}
    sweep = SweepTable(over=over, headlines=(GAP,))
    cells = [
        conform([{"measure": "mean_score", **row}]).assign(headline="the gap", unit="")
        for row in intervals([base, *values], half).to_dict("records")
    ]
    made = setting_sweep(sweep, cells[0], cells[1:], dict.fromkeys(over))
    return assumptions(sweep, made, citizens=400, smaller=smaller)


def page(finding):
    told = {"id": "one", "title": "One", "question": "Q?", "prediction": "P.", "refutation": "R."}
    settings_told = {"lead_with": "assumptions"}
    return render(StudyResults(**told, findings=(finding,), settings=settings_told))


@pytest.mark.parametrize(
    ("values", "kind", "said", "unsaid"),
    [
        ([3.0, 4.0], "hold", "at no setting", "may turn"),
        ([3.0, -0.5], "open", "it may, at up to 50", "turns in at least"),
        ([3.0, -9.0], "turn", "of the settings, at most 50", "may turn"),
    ],
)
def test_words_follow_the_interval(values, kind, said, unsaid):
    one = found(values, 1.0)
    assert [key for key, who in parted(one).items() if who] == [kind]
    assert said in " ".join(headlines_table(one).bodies[0][1][0]).replace("\u202f", " ")
    assert unsaid not in page(one)
    assert knobs_table(one).bodies


@pytest.mark.parametrize(
    ("values", "by_estimates", "by_intervals"),
    [([3.0, 0.5], "at no setting", "50"), ([3.0, -0.5], "at 50 % of settings", "50")],
)
def test_what_may_turn_by_its_interval_says_in_how_many_settings_its_number_does(
    values, by_estimates, by_intervals
):
    """Wide intervals are no evidence that anything turns, nor of where it does."""
    one = found(values, 1.0)
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page(one)).replace("\u202f", " "))
    assert f"turns {by_estimates} by the estimates; by intervals it may at up to" in text
    assert f"at up to {by_intervals} %" in text
    assert next(iter(headline_facts(one))).where == "" or "no setting" not in by_estimates


def test_a_side_that_is_not_decided_is_said():
    one = found([3.0, 4.0], 3.0)
    assert next(iter(headline_facts(one))).side == "unclear"
    assert "is not decided" in page(one)
    assert "is not decided" not in page(found([3.0, 4.0], 1.0))


def test_what_has_no_side_as_it_stands_is_not_said_to_turn():
    """Of a study on both sides every setting is on another than one of them: nothing turns."""
    one = found([3.0, 4.0, -0.5], 1.0, base=0.5)
    (told,) = headline_facts(one)
    assert told.sideless
    assert unmarked(told.surely).replace("\u202f", " ") == (
        "surely above 0 at 67 % of settings, below at 0 %"
    )
    cells = " ".join(headlines_table(one).bodies[0][1][0])
    assert "no sure side as it stands" in cells
    assert "it may, at up to" not in cells
    assert {line[-1] for _, lines in knobs_table(one).bodies for line in lines} == {EMPTY}
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page(one)))
    assert "need not keep its side at every setting, and has none as it stands" in text
    assert "may turn" not in text
    assert "has none as it stands" not in page(found([3.0, -0.5], 1.0))


def test_what_moves_a_headline_most_names_the_headline_in_the_abstract():
    one = found([3.0, -0.5], 1.0)
    share = conform([{"quantity": "total", "measure": "mean_score", "estimate": 0.9,
                      "headline": "the gap", "knob": "world.changes.ties.hukou"}])  # fmt: skip
    more = one.told_as(table=pd.concat([one.table, share], ignore_index=True))
    assert "What moves the gap most" in page(more)


def test_at_which_name_no_setting_may_turn_is_said():
    """Of two names the share of all settings is the design's as much as the study's."""
    over = {"menu": ("default", "twelve")}
    sweep = SweepTable(over=over, headlines=(GAP,))
    cells = [
        conform([{"measure": "mean_score", **each}]).assign(headline="the gap", unit="")
        for each in intervals([3.0, 0.5, 4.0], 1.0).to_dict("records")
    ]
    one = assumptions(
        sweep, setting_sweep(sweep, cells[0], cells[1:], {"menu": "twelve"}), citizens=9
    )
    (told,) = headline_facts(one)
    assert told.never == "where the menu is 'twelve'"
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page(one))).replace("\u202f", " ")
    assert "by intervals it may at up to 50 %, none of them where the menu is" in text


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=12), st.floats(0, 3))
def test_no_setting_is_surely_on_both_sides(value, half):
    above, below = turning(value, half).sides
    assert not (above & below).any()


def test_that_the_study_was_made_smaller_is_said_where_it_is_read():
    smaller = {"world.citizens": ("3000", "50000"), "study.seed": ("7", "7")}
    one = found([3.0, 4.0], 1.0, smaller=smaller)
    assert [unmarked(each) for each in changes(one)] == ["citizens 3,000 (50,000 there)"]
    text = page(one)
    assert "citizens 3,000 (50,000 there)" in re.sub("<[^>]+>", "", text)
    assert "need not be what its own" in text
    assert "changed before it was varied" not in page(found([3.0, 4.0], 1.0))


@pytest.mark.parametrize(
    ("measure", "turns", "fixed"),
    [("error", 0.0, True), ("error", 1.0, False), ("auc", 0.0, False)],
)
def test_an_error_is_never_below_none_and_so_no_evidence_that_anything_holds(measure, turns, fixed):
    one = found([3.0, 4.0], 0.5)
    named = one.told_as(
        table=one.table.assign(measure=measure),
        parameters={**one.parameters, "turns": {"the gap": turns}},
    )
    (told,) = headline_facts(named)
    assert (told.fixed, told.holds, told.open) == (fixed, not fixed, False)
    text = page(named)
    assert ("one cannot turn" in text) == fixed
    assert ("it cannot: it is never on another side" in text) == fixed
    assert verdict(parted(named)) == ("Not decided" if fixed else "Yes")


def test_a_study_says_which_headlines_cannot_turn():
    """What is none by definition on one side of a difference has no other side."""
    assert "fixed" in GAP.model_copy(update={"fixed": True}).model_dump()
    assert "fixed" not in GAP.model_dump()  # such headlines have the digest they had
    one = found([3.0, 4.0], 0.5)
    told = one.told_as(parameters={**one.parameters, "fixed": ["the gap"]})
    assert [key for key, who in parted(told).items() if who] == ["fixed"]


@pytest.mark.parametrize(
    ("values", "word"), [([3.0, 4.0], "Yes"), ([3.0, -0.5], "Not decided"), ([3.0, -9.0], "No")]
)
def test_the_first_word_follows_what_holds(values, word):
    assert verdict(parted(found(values, 1.0))) == word
    assert f"{word}:</b>" in page(found(values, 1.0))


def test_the_end_at_which_it_turns_is_said_by_its_values():
    """High and low say nothing of a dependence that runs from -1 to none."""
    sweep = SweepTable(
        over={"ties.hukou": RangeTable(low=-1.2, high=0.0)},
        headlines=(GAP,),
        design="latin_hypercube",
        points=8,
    )
    cells = []
    for setting in [{"ties.hukou": -0.6}, *sweep.settings()]:
        gap = 4.0 if setting["ties.hukou"] < -0.3 else -4.0
        row = {"measure": "mean_score", "estimate": gap, "low": gap - 1, "high": gap + 1}
        cells.append(conform([row]).assign(headline="the gap", unit=""))
    made = setting_sweep(sweep, cells[0], cells[1:], {"ties.hukou": -0.6})
    (told,) = headline_facts(assumptions(sweep, made, citizens=0))
    assert unmarked(told.where) == "homophily by registered residence is between \u22120.3 and 0"
    assert "0 citizens" not in " ".join(assumptions(sweep, made, citizens=0).notes)


def test_what_moves_a_headline_most_is_not_said_where_shares_meet():
    one = found([3.0, 4.0], 1.0)
    share = {"headline": "the gap", "quantity": "total", "unit": "", "measure": "mean_score"}
    rows = conform(
        [
            {"estimate": 0.8, "low": 0.5, "high": 1.0, "knob": "ties.work"},
            {"estimate": 0.4, "low": 0.2, "high": 0.6, "knob": "ties.hukou"},
        ]
    ).assign(**share)
    told = one.told_as(
        table=pd.concat([one.table, rows], ignore_index=True),
        parameters={**one.parameters, "design": "saltelli"},
    )
    (cells,) = headlines_table(told).bodies[0][1]
    assert cells[-1].startswith("not decided; by the estimate")


@pytest.mark.parametrize(
    ("over", "first"), [((0.3, 0.1, 0.5), True), ((0.3, -0.1, 0.7), False), (None, False)]
)
def test_which_assumption_moves_most_is_asked_of_the_difference_where_there_is_one(over, first):
    """Shares of one design move together: that their intervals meet decides nothing."""
    one = found([3.0, 4.0], 1.0)
    ends = ("estimate", "low", "high")
    told = {"a": (0.6, 0.2, 1.0), "b": (0.3, 0.1, 0.5)}
    rows = [{"quantity": "total", "knob": knob, **dict(zip(ends, each, strict=True))}
            for knob, each in told.items()]  # fmt: skip
    if over:
        both = dict(zip(ends, over, strict=True))
        rows.append({"quantity": "total_over_others", "knob": "a", **both})
    shares = conform([{"measure": "mean_score", "headline": "the gap", **each} for each in rows])
    table = pd.concat([one.table, shares], ignore_index=True)
    (facts,) = headline_facts(one.told_as(table=table))
    assert (facts.knob, facts.first) == ("a", first)


def bare(text):
    return " ".join(unmarked(re.sub("<[^>]+>", "", text)).replace("\u202f", " ").split())


def test_a_headline_without_a_side_that_settings_lie_on_both_of_is_not_said_to_turn():
    """Where the study as it stands is on no side, there is no other to turn to."""
    one = found([9.0, -9.0, 3.0], 3.0)
    text = bare(page(one))
    assert "The gap has no sure side here; at least 33 % of settings are on each." in text
    assert "turns in at least" not in text
    assert "the gap turns at some" not in text
    assert "; the gap has settings surely on each side." in text
    (cells,) = headlines_table(one).bodies[0][1]
    assert unmarked(cells[3]).startswith("on each side are, for certain, at least 33")
    assert "turns in at least" in bare(page(found([9.0, -9.0, 3.0], 1.0)))


def test_the_range_over_settings_stands_beside_no_number_of_the_study_as_it_stands():
    """As it stands 15, where settings run to 46, is the middle of no setting."""
    one = found([20.0, 30.0, 46.0], 1.0, base=15.0)
    text = bare(page(one))
    assert "15 (14 to 16) as it stands here" in text
    assert "and 15 to 45 over the assumptions" in text
    (cells,) = headlines_table(one).bodies[0][1]
    assert unmarked(cells[2]) == "15 to 45"


def test_headlines_that_may_turn_are_not_said_to_leave_their_side():
    """None of several keeps its side for sure, where some may keep it everywhere."""
    several = {"a": [3.0, -0.5], "b": [3.0, 4.0]}
    findings = {name: found(values, 1.0) for name, values in several.items()}
    parts = [each.table.assign(headline=name) for name, each in findings.items()]
    one = findings["a"].told_as(
        table=pd.concat(parts, ignore_index=True),
        parameters={
            **findings["a"].parameters,
            "headlines": list(several),
            "turns": dict.fromkeys(several, 0.0),
        },
    )
    assert "one of two headlines that can turn surely keeps its side" in bare(page(one))


def test_a_share_of_the_doubt_is_not_in_the_headline_s_own_unit():
    """A difference of shares of a variance is no number of points."""
    one = found([3.0, 4.0], 1.0)
    table = one.table.assign(unit="points")
    more = table.iloc[[0]].assign(
        quantity="total_over_others", knob="ties.hukou", estimate=-0.24, low=-0.5, high=-0.01
    )
    told = one.told_as(table=pd.concat([table, more], ignore_index=True))
    where = {"quantity": "total_over_others", "knob": "ties.hukou"}
    claim = {"claim": "It has more", "kind": "assumptions", "relation": "above", "value": 0.0}
    claim["where"] = where
    words = {"id": "one", "title": "One", "question": "Q?", "prediction": "P.", "refutation": "R."}
    results = StudyResults(**words, findings=(told,), settings={"checks": [claim]})
    (said, *_) = check(results)
    assert (
        "measured \u221224 percentage points (\u221250 to \u22121), predicted above 0"
        in said.text()
    )
    assert "unit points, headline the gap, knob" not in bare(render(results))
