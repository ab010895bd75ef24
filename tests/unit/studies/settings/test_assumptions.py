"""Ends of what a knob is varied over are told by its values, and names are called by name."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import StudyError
from credit_ml.core.finding import Finding
from credit_ml.core.schema import conform
from credit_ml.grammar.names import knob_name, sentence
from credit_ml.inference import People
from credit_ml.studies.settings.assumptions import assumptions
from credit_ml.studies.settings.cells import _refuse_absent, followed
from credit_ml.studies.settings.design import HeadlineTable, SweepTable
from credit_ml.studies.settings.facts import headline_facts, plain_knob
from credit_ml.studies.settings.finding import setting_sweep
from credit_ml.studies.settings.instrument import SETTINGS
from credit_ml.studies.settings.tables import headlines_table, knobs_table

GAP = HeadlineTable(name="the gap", kind="finding", where={"measure": "mean_score"})


def found(over, values):
    """What is found where a headline has these values, setting by setting."""
    sweep = SweepTable(over=over, headlines=(GAP,))
    cells = [
        conform([{"measure": "mean_score", "estimate": float(value)}]).assign(
            headline="the gap", unit=""
        )
        for value in (1.0, *values)
    ]
    declared = dict.fromkeys(over)
    made = setting_sweep(sweep, cells[0], cells[1:], declared)
    return assumptions(sweep, made, citizens=400)


def at(finding, quantity):
    table = finding.table
    return table.loc[table["quantity"] == quantity, "at"].item()


@pytest.mark.parametrize("falling", [False, True])
def test_the_ends_of_listed_numbers_are_the_least_and_the_largest(falling):
    numbers = (3, 1, 2)
    one = found({"ties.work": numbers}, [-each if falling else each for each in numbers])
    assert (at(one, "at_low"), at(one, "at_high")) == ("1", "3")
    means = one.table.set_index("quantity")["estimate"]
    assert (means["at_low"] > means["at_high"]) == falling


def test_names_have_no_low_end_and_are_called_by_name():
    one = found({"world.name": ("baseline", "segregated")}, [1.0, -1.0])
    assert (at(one, "at_low"), at(one, "at_high")) == ("segregated", "baseline")
    assert next(iter(headline_facts(one))).where == "world is 'segregated'"
    cells = knobs_table(one).bodies[0][1][0]
    assert any("(segregated)" in each for each in cells)


def test_a_mean_at_an_end_counts_base_points_and_not_their_settings():
    """Settings of one base point are one another but for a knob: four of them are not four."""
    over = {"ties.work": {"low": 0.0, "high": 1.0}, "ties.slots": {"low": 0.0, "high": 1.0}}
    sweep = SweepTable(over=over, design="saltelli", points=12, seed=2, headlines=(GAP,))
    made = pd.DataFrame(sweep.settings()).assign(point=np.repeat(np.arange(12), 4))
    own = np.random.default_rng(1).normal(size=12)[made["point"]]  # nothing but the base point
    cells = [
        conform([{"measure": "mean_score", "estimate": value}]).assign(headline="the gap", unit="")
        for value in (1.0, *own)
    ]
    told = setting_sweep(sweep, cells[0], cells[1:], dict.fromkeys(over))
    rows = assumptions(sweep, told, citizens=400).table
    row = rows[(rows["quantity"] == "at_low") & (rows["knob"] == "ties.work")].iloc[0]
    there = made["ties.work"] <= 0.25
    assert there.sum() > made["point"][there].nunique()
    people = People(int(there.sum()), np.unique(made["point"][there], return_inverse=True)[1])
    low, high = people.mean(own[there]).interval(over="clusters")
    assert (row["low"], row["high"]) == pytest.approx((low, high))
    alone = People(int(there.sum())).mean(own[there]).interval()
    assert row["high"] - row["low"] > 1.3 * (alone.high - alone.low)


def test_a_grid_has_no_shares_and_its_tables_none_either():
    one = found({"ties.work": (1, 2)}, [1.0, 2.0])
    for table in (headlines_table(one), knobs_table(one)):
        assert not any("share" in each for each in table.head)
        assert len(table.head) == len(table.bodies[0][1][0])
    assert one.plot().lines or one.plot().collections


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"measure": "mean_scor"}, "asks for measure 'mean_scor', which is absent; did you mean"),
        ({"sensitive": "hukou"}, "picks 2 rows; say in where which measure and group"),
        ({"colour": "red"}, "asks for the column 'colour', which is absent; known: quantity"),
        (
            {"measure": "auc", "group": "urban"},
            "picks no row: no row has all of its values at once",
        ),
        ({"measure": "auc"}, "is not known of the study as it stands"),
    ],
)
def test_a_headline_that_the_study_as_it_stands_has_not_is_said(where, said):
    rows = [
        {"measure": "mean_score", "sensitive": "hukou", "group": "urban", "estimate": 1.0},
        {"measure": "auc", "sensitive": "hukou", "group": "rural"},
    ]
    one = [("", Finding(table=conform(rows), title="One"))]
    asked = [GAP.model_copy(update={"where": where})]
    with pytest.raises(StudyError) as refused:
        _refuse_absent(asked, followed(asked, one), one)
    assert f"sweep, headlines, 'the gap': {said}" in str(refused.value)
    assert "\n" not in str(refused.value)
    _refuse_absent([GAP], followed([GAP], one), one)
    with pytest.raises(StudyError, match="has no finding"):
        _refuse_absent([GAP], followed([GAP], []), [])


def test_knobs_are_called_by_what_they_do():
    names = ["world.changes.ties.hukou", "changes.ties.hukou", "world.changes.outcome.trust"]
    told = [*["homophily by registered residence"] * 2, "weight of trust in what is kept"]
    assert [knob_name(each) for each in names] == told
    assert sentence(knob_name("world.citizens"), stop="") == "Citizens"
    assert SETTINGS.kinds == ("assumptions", "setting_sweep")
    assert isinstance(found({"ties.work": (1, 2)}, [1.0, 2.0]).table, pd.DataFrame)


@pytest.mark.parametrize(("rest", "settled"), [((0.0, 0.2), True), ((0.0, 0.55), False)])
def test_what_moves_a_headline_most_is_said_where_intervals_part(rest, settled):
    """The largest estimate is not the largest share where another's interval reaches it."""
    one = found({"ties.work": (1, 2), "ties.school": (1, 2)}, [1.0, 2.0, 1.5, 2.5])
    like = one.table.iloc[[0, 0]].reset_index(drop=True)
    more = like.assign(
        quantity="total",
        knob=["ties.work", "ties.school"],
        estimate=[0.8, 0.1],
        low=[0.5, rest[0]],
        high=[0.9, rest[1]],
    )
    several = replace(one, table=pd.concat([one.table, more], ignore_index=True))
    (told,) = headline_facts(several)
    assert (told.knob, told.first) == ("ties.work", settled)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("what secrecy buys in AUC", "what secrecy buys in ranking people"),
        ("what it does to the AUC", "what it does to how well people are ranked"),
        ("the gap", "the gap"),
        ("what friends carry of it", "what friends carry of the gap"),
    ],
)
def test_a_first_screen_names_no_measure(name, said):
    (told,) = headline_facts(found({"ties.work": (1, 2)}, [1.0, 2.0]))
    assert replace(told, name=name).plain == said


def test_a_first_screen_names_no_key_of_a_study_file_where_words_are_known():
    assert plain_knob("menu") == "the menu"
    assert plain_knob("world.changes.outcome.trust") == "weight of trust in what is kept"
