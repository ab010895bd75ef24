"""What the page says of limits on data: of which noise, of whom, and beside what."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.core import conform
from credit_ml.core.results import StudyResults
from credit_ml.governance.data_limits.facts import (
    beside_pool,
    limits_tables,
    most_for_certain,
    pool_tells_less,
    which_change,
)
from credit_ml.governance.data_limits.finding import DataLimits, Inferable, PrivateRelease
from credit_ml.governance.data_limits.inferable import ALL
from credit_ml.grammar.cited import unmarked
from credit_ml.grammar.numbers import Amount
from credit_ml.reports.templating import said


def noise(*widths, epsilons=("1", "0.1"), by_lot=()):
    """Intervals of groups that are so much wider, with ends, at every epsilon alike.

    With answers by lot as in tallies, unless told otherwise.
    """
    rows = [
        {"measure": measure, "epsilon": eps, "sensitive": "age_band", "group": f"g{place}"}
        | {"reference_group": "r", "estimate": middle, "low": low, "high": high}
        for eps in epsilons
        for measure, wide in (("width", widths), ("width_randomised", by_lot or widths))
        for place, (middle, low, high) in enumerate(wide)
    ]
    for eps in epsilons:
        for measure, value in (("auc_lost", 0.2), ("attack", 0.73)):
            rows.append({"measure": measure, "epsilon": eps, "estimate": value})
    return PrivateRelease(table=conform(rows), title="Noise", parameters={"intervals": 0.95})


def told(*findings):
    data = {"kind": "simulated", "name": "baseline"}
    results = StudyResults(id="d", title="D", data=data, findings=findings)
    return lambda block: unmarked(said(results, "data_limits", block))


def test_what_noise_costs_names_its_epsilon_wherever_it_is_said():
    page = told(noise((1.1, 1.0, 1.36), (1.02, 1.0, 1.03)))
    assert "a privacy loss (epsilon) of 1;" in page("answer_note")
    assert "At an epsilon of 1 answers by lot" in page("abstract")


@pytest.mark.parametrize(
    ("tallies", "by_lot", "expected"),
    [
        ((1.1, 1.0, 1.36), (6, 2, 9), "widens no group's margin by half in published counts; "
         "answers by lot make that of people aged g0 6 (2 to 9) times as wide."),
        ((1.1, 1.0, 1.6), (6, 2, 9), "may widen a group's margin by half"),
        ((1.1, 1.0, 1.36), (1.2, 1.0, 1.5), "whether answers by lot widen any cannot be told"),
    ],
)  # fmt: skip
def test_the_answer_says_what_noise_costs_by_the_way_that_costs_most(tallies, by_lot, expected):
    """Answers by lot widen six times what tallies hardly widen: a page that said but one misled."""
    found = noise(tallies, by_lot=[by_lot])
    assert expected in told(found)("answer")
    more = "At an epsilon of 0.1 and 1 noise in tallies widens no interval by half."
    assert (more in told(found)("paragraphs")) == (tallies[2] < 1.5 < by_lot[1])


def test_at_which_epsilon_noise_in_tallies_widens_no_interval_is_every_one_at_which_it_does_not():
    """At a larger epsilon noise is less: what holds at 1 holds at 4 all the more."""
    found = noise((1.1, 1.0, 1.36), epsilons=("4", "1", "0.5", "0.1"), by_lot=[(6, 2, 9)])
    table = found.table.copy()
    for eps, ends in (("0.5", (1.4, 1.0, 2.2)), ("0.1", (5.0, 2.0, 8.0))):
        own = (table["epsilon"] == eps) & (table["measure"] == "width")
        table.loc[own, ["estimate", "low", "high"]] = ends
    text = told(found.told_as(table=table))("paragraphs")
    assert (
        "At an epsilon of 1 and 4 noise in tallies widens no interval by half; at 0.5 that cannot "
        "be told of that of people aged g0, 1.4 (1.0 to 2.2); at 0.1 it surely widens all by more. "
        "At an epsilon of 1 answers by lot widen"
    ) in " ".join(text.split())
    assert "tallies alone" not in text


def test_no_table_rounds_how_much_wider_an_interval_is_onto_half():
    """Words had it surely wider by more than half, and the row read 1.5 to 3.1 as others did."""
    found = noise((2.3, 1.526, 3.1), (1.9, 1.487, 2.27))
    tables = (table for table in limits_tables(found) if "in tallies" in table.caption)
    cells = [cell for table in tables for _, body in table.bodies for row in body for cell in row]
    assert {"2.3 (1.53 to 3.1)", "1.9 (1.5 to 2.3)"} < set(cells)


def test_a_group_is_hit_most_only_where_its_interval_is_clear():
    unsure = noise((1.5, 1.1, 1.9), (1.4, 1.2, 1.6))
    assert not most_for_certain(unsure, "1", "width_randomised")
    assert "By the estimates answers by lot widen" in told(unsure)("answer_note")
    sure = noise((1.5, 1.45, 1.55), (1.1, 1.0, 1.2))
    assert most_for_certain(sure, "1", "width_randomised")
    assert "Answers by lot widen that of people aged g0 most" in told(sure)("answer_note")
    assert "estimates" not in told(sure)("answer_note")


@pytest.mark.parametrize(("feature", "marked"), [("critic", True), ("ethnicity", False)])
def test_what_the_world_makes_tellable_is_marked_as_assumed_and_names_nobody(feature, marked):
    found = holders((0.92, 0.85, 0.99), (0.88, 0.80, 0.95))
    found = replace(found, table=found.table.assign(sensitive=feature))
    page = told(lost(), found)
    assert ("†" in page("answer")) == marked
    assert ("is such was not tested" in page("answer_note").replace("are", "is")) == marked
    assert (", as is assumed" in page("abstract")) == marked


def lost(wide=(-0.2, 0.05), narrow=(-0.15, 0.05)):
    """What lenders' records alone lose, and how many fewer of a group are granted."""
    both = {"lenders": (0.72, 0.02, 0.4, narrow), "lenders + payments": (0.74, 0.0, 1.0, wide)}
    rows = []
    for setting, (auc, less, kept, (gap, half)) in both.items():
        own = {"setting": setting, "frontier": "yes"}
        for measure, value in (("auc", auc), ("auc_lost", less), ("breach_kept", kept)):
            ends = {"estimate": value, "low": value - 0.01, "high": value + 0.01}
            rows.append(own | {"measure": measure, "quantity": "value"} | ends)
        rows.append(own | {"measure": "records", "quantity": "value", "estimate": 4.0})
        ends = {"estimate": gap, "low": gap - half, "high": gap + half}
        pair = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}
        rows.append(own | pair | {"measure": "granted", "quantity": "difference"} | ends)
        for measure in ("breach", "refused_though_kept"):
            rows.append(own | {"measure": measure, "quantity": "value", "estimate": 1.0})
    about = {"sensitive": "hukou", "group": "rural", "reference_group": "urban", "intervals": 0.95}
    return DataLimits(table=conform(rows), title="Limits", parameters=about)


@pytest.mark.parametrize(("half", "apart"), [(0.05, False), (0.01, True)])
def test_two_gaps_whose_intervals_meet_are_said_not_to_be_told_apart(half, apart):
    page = told(lost((-0.2, half), (-0.15, half)))("abstract")
    assert ("fewer with these: not told apart" in page) == (not apart)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(1, 3), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=5)
)
def test_most_is_said_of_no_group_whose_interval_meets_another(widths):
    ends = [(middle, max(1.0, middle - down), middle + up) for middle, down, up in widths]
    first, *others = sorted(ends, reverse=True)
    if most_for_certain(noise(*ends), "1", "width"):
        assert all(first[1] > high or first[0] == middle for middle, _, high in others)


def holders(alone, together):
    """How well contacts tell critics, and all data together."""
    rows = [
        {"holder": name, "estimate": middle, "low": low, "high": high}
        for name, (middle, low, high) in (("contacts", alone), (ALL, together))
    ]
    made = conform(rows, measure="auc", sensitive="critic")
    return Inferable(table=made, title="Told", parameters={"intervals": 0.95})


def test_little_is_said_of_one_holder_s_records_and_what_others_lose_stands_below():
    """A score loses little with lenders' records; without them it is another matter."""
    made = lost()
    own = {"sensitive": "overall", "group": "all", "quantity": "value", "measure": "auc_lost"}
    more = [
        own | {"setting": name, "frontier": told, "estimate": 0.2, "low": 0.15, "high": 0.25}
        for name, told in (("payments", "no"), ("public order alone", ""), ("nobody", "no"))
    ]
    more += [own | {"setting": "payments", "frontier": "no", "measure": "auc", "estimate": 0.6}]
    table = pd.concat([made.table, conform(more)], ignore_index=True)
    page = told(replace(made, table=table))
    assert "**A simulated score loses little with lenders' records alone:** another 2" in page(
        "answer"
    )
    assert (
        "Without lenders' records 1 of 1 set of holders surely lose more, and so does the score "
        "'for public order alone'." in page("answer_note")
    )
    assert "surely lose more" not in told(made)("answer_note")


def test_how_many_groups_answers_by_lot_surely_widen_is_said():
    note = told(noise((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), by_lot=((2.0, 1.8, 2.2), (3, 2, 4))))(
        "answer_note"
    )
    assert "and surely by half and more those of 2 of 2 groups." in note


def test_a_holder_that_tells_more_than_all_data_is_explained():
    page = told(holders((0.92, 0.85, 0.99), (0.88, 0.80, 0.95)))("paragraphs")
    assert "from all data together in 88\u202f% (80 to 95), not told apart from it" in page
    assert "All data together** need not tell more than one holder's do" in page
    page = told(holders((0.92, 0.91, 0.93), (0.80, 0.79, 0.81)))("paragraphs")
    assert ", which is less" in page
    page = told(holders((0.80, 0.79, 0.81), (0.92, 0.91, 0.93)))("paragraphs")
    assert "need not tell more" not in page
    assert pool_tells_less(holders((0.9, 0.8, 1.0), (0.8, 0.7, 0.9)))


@pytest.mark.parametrize(
    ("pool", "text"),
    [
        (Amount(0.8, 0.7, 0.9), ", not told apart from it"),
        (Amount(0.5, 0.4, 0.6), ", which is less"),
        (Amount(0.99, 0.98, 1.0), ""),
    ],
)
def test_a_pool_is_held_against_one_holder_by_their_intervals(pool, text):
    assert beside_pool(Amount(0.85, 0.8, 0.9), pool) == text


def test_only_limits_that_certainly_change_the_order_are_said_to():
    none, some = Amount(0.0, -0.1, 0.1), Amount(0.2, 0.1, 0.3)
    both = {"Clearing": some, "Fewer offices": some}
    assert which_change(both) == "Clearing and fewer offices certainly change the order."
    neither = {"Clearing": none, "Fewer offices": none}
    assert which_change(neither) == "Neither certainly changes the order."
    assert which_change({**neither, "Fewer offices": some}) == (
        "Fewer offices certainly change the order."
    )


@pytest.mark.parametrize(
    ("lenders", "expected"),
    [
        ((0.458, 0.375, 0.541), ", these not certainly."),
        ((0.60, 0.55, 0.65), ", these less well."),
        ((0.88, 0.80, 0.95), ", these perhaps as well."),
        (None, ", these not known to."),
        ((0.97, 0.95, 0.99), "; they tell who criticises the authorities†."),
    ],
)
def test_what_is_kept_and_what_is_told_are_each_said_of_the_records_of_which_they_hold(
    lenders, expected
):
    """The page had contacts tell critics "yet": where lenders alone give records, none are held."""
    found = holders((0.92, 0.85, 0.99), (0.88, 0.80, 0.95))
    if lenders:
        names = ("holder", "estimate", "low", "high")
        own = [dict(zip(names, ("lenders", *lenders), strict=True))]
        own = conform(own, measure="auc", sensitive="critic")
        found = replace(found, table=pd.concat([found.table, own], ignore_index=True))
    text = " ".join(told(lost(), found)("answer").split())
    assert "these alone leave 40" in text
    assert "Breach risk is people exposed times how well" in told(lost(), found)("answer_note")
    assert text.endswith(expected)
    assert ("contacts, where kept, tell" in text) == (", these" in expected)


def test_records_that_do_not_certainly_tell_are_not_said_to():
    text = told(lost(), holders((0.55, 0.45, 0.65), (0.5, 0.4, 0.6)))("answer")
    assert "contacts, where kept, may tell who" in text
