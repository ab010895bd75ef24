"""Measures of a history: sums that must hold, and pairs that differ by the policy alone."""

import numpy as np
import pytest

from credit_ml.core import InputError
from credit_ml.dynamics import Life, changes, policy_effects, run_rounds
from credit_ml.society import World

LIFE = Life(order_chance=0.2)


@pytest.fixture(scope="module")
def society():
    return World(citizens=8_000, seed=4).simulate()


@pytest.fixture(scope="module")
def histories(society):
    return {
        name: run_rounds(society, name, years=4, life=LIFE)
        for name in ("no_list", "list_alone", "joined", "joined_family")
    }


def test_shares_of_a_table_are_those_of_plain_counts(society, histories):
    history = histories["joined"]
    totals, rural = history.state.totals, (society.people["hukou"] == "rural").to_numpy()
    found = history.by_group(sensitive="hukou").by_group
    assert found.loc["rural", "broken"] == pytest.approx(totals["broken"][rural].mean() / 4)
    assert found.loc["rural", "ever_listed"] == pytest.approx((totals["entries"][rural] > 0).mean())
    listed = totals["listed"][rural].astype(float)
    assert found.loc["rural", "restrictions"] == pytest.approx(
        totals["restrictions"][rural].astype(float).sum() / listed.sum()
    )


def test_years_say_what_the_totals_say(histories):
    history = histories["joined"]
    assert history.years["orders"].sum() == history.state.totals["orders"].sum()
    assert history.years["broken"].mean() == pytest.approx(
        history.state.totals["broken"].mean() / 4
    )
    assert history.years["year"].tolist() == [1, 2, 3, 4]


def test_everybody_whom_neither_policy_meets_has_the_same_life(histories):
    life = Life(order_chance=0.2, deterrence=0.0)
    society = histories["joined"].society
    with_list = run_rounds(society, "joined", years=4, life=life)
    without = run_rounds(society, "no_list", years=4, life=life)
    spared = with_list.state.totals["entries"] == 0
    for name in ("broken", "orders"):
        assert (with_list.state.totals[name][spared] == without.state.totals[name][spared]).all()
    assert (with_list.state.late[:, spared] == without.state.late[:, spared]).all()


def test_a_change_is_the_difference_of_two_values(histories):
    found = changes(histories["joined"], histories["no_list"], sensitive="hukou").table
    change = found[found["quantity"] == "change"].set_index(["measure", "group"])["estimate"]
    one, two = (
        histories[name].by_group(sensitive="hukou").by_group for name in ("joined", "no_list")
    )
    for measure in ("broken", "listed", "capacity_lost", "children_barred"):
        for group in ("rural", "urban"):
            difference = one.loc[group, measure] - two.loc[group, measure]
            assert change[measure, group] == pytest.approx(difference, abs=1e-12)


def test_pairs_of_the_same_people_are_surer_than_strangers(histories):
    life = Life(order_chance=0.2, deterrence=0.0)
    society = histories["joined"].society
    pair = [run_rounds(society, name, years=4, life=life) for name in ("joined", "no_list")]
    row = changes(*pair, sensitive="hukou").table.query("measure == 'broken'").iloc[0]
    alone = pair[0].by_group(sensitive="hukou").table.query("measure == 'broken'").iloc[0]
    assert row["high"] - row["low"] < 0.5 * (alone["high"] - alone["low"])


def test_families_add_children_and_nothing_else(histories):
    one, two = histories["joined"].state, histories["joined_family"].state
    assert (one.remaining == two.remaining).all()
    assert (two.totals["child_barred"] >= one.totals["child_barred"]).all()
    assert two.child_loss.sum() > one.child_loss.sum()


def test_histories_that_are_no_pair_are_refused(society, histories):
    for other in (
        run_rounds(society, "no_list", years=3, life=LIFE),
        run_rounds(society, "no_list", years=4, life=LIFE, seed=1),
        run_rounds(society, "no_list", years=4),
        run_rounds(World(citizens=8_000, seed=5).simulate(), "no_list", years=4, life=LIFE),
    ):
        with pytest.raises(InputError, match="differs between the histories"):
            changes(histories["joined"], other)


def test_effects_over_societies_are_wider_than_over_people_and_hold_the_mean():
    world = World(citizens=1_000, seed=1)
    found = policy_effects(
        world.simulate(), "joined", years=3, life=LIFE, societies=8, sensitive="hukou"
    )
    row = found.table.query("measure == 'listed' and group == 'all'").iloc[0]
    assert row["low"] < row["estimate"] < row["high"]
    assert found.parameters["societies"] == 8


def test_persistence_without_schools_is_the_inheritance(society):
    for share in (0.0, 0.42, 0.8):
        life = Life(inheritance=share, order_chance=0.0)
        history = run_rounds(society, "no_list", years=1, life=life)
        row = history.by_group(sensitive="gender").table.query("measure == 'persistence'").iloc[0]
        # Spearman of a normal pair; parents' capacity has nearly unit variance.
        expected = 6 / np.pi * np.arcsin(share / 2)
        assert row["estimate"] == pytest.approx(expected, abs=0.05)
