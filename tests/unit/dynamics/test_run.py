"""The loop: chance, invariances, and that whatever is off leaves every byte as it was."""

from dataclasses import replace

import numpy as np
import pytest

from credit_ml.core import InputError
from credit_ml.dynamics import Life, go_on, load_policy, run_rounds
from credit_ml.dynamics.policy import Policy
from credit_ml.society import World

JOINED = load_policy("joined").model_dump(exclude_none=True)
COURTS, SANCTIONS = JOINED["lists"][0], {each["id"]: each for each in JOINED["sanctions"]}
GRADE = COURTS["grades"][0] | {"share": 1.0}
COURTS |= {"grades": [GRADE]}
SHAME = SANCTIONS["services"] | {"office": "courts"}
JOBS = SANCTIONS["loans"] | {"size": 1.0, "office": "a"}
POLICY = JOINED | {"lists": [COURTS], "sanctions": [SHAME, JOBS], "joined": 0.0}

#: Orders often enough that a few thousand people meet them.
LIFE = Life(order_chance=0.3, deterrence=0.0)


@pytest.fixture(scope="module")
def society():
    return World(citizens=20_000, seed=5).simulate()


@pytest.fixture(scope="module")
def free(society):
    return run_rounds(society, "no_list", years=3, life=LIFE)


def policy(**changes):
    return Policy.from_dict(POLICY | {"joined": 1.0} | changes)


def test_any_number_of_workers_and_going_on_make_the_same_bytes(society):
    whole = run_rounds(society, "joined_family", years=4, life=LIFE)
    threads = run_rounds(society, "joined_family", years=4, life=LIFE, workers=3)
    resumed = go_on(run_rounds(society, "joined_family", years=1, life=LIFE), 3)
    assert whole.digest() == threads.digest() == resumed.digest()
    assert whole.yearly == threads.yearly == resumed.yearly
    assert whole.after().digest() == threads.after().digest()


def test_another_seed_is_another_history_of_the_same_people(society, free):
    other = run_rounds(society, "no_list", years=3, life=LIFE, seed=6)
    assert other.digest() != free.digest()


@pytest.mark.parametrize(
    "off",
    [
        {"sanctions": []},
        {"sanctions": [JOBS | {"size": 0}]},
        {"sanctions": [JOBS], "joined": 0.0},
        {"lists": [], "sanctions": [JOBS]},
        {"sanctions": [SHAME]},
        {"sanctions": [JOBS | {"moves": "ties", "size": 0}]},
        {"sanctions": [JOBS | {"moves": "trips", "size": 0}]},
        {"sanctions": [JOBS | {"moves": "child_capacity"}], "lists": []},
        {"sanctions": [JOBS], "lists": [COURTS | {"by": "will", "critics": 0.0}]},
    ],
)
def test_what_is_off_leaves_the_society_as_without_it(society, free, off):
    history = run_rounds(society, policy(**off), years=3, life=LIFE)
    assert history.after().digest() == free.after().digest()


def test_without_the_ways_of_life_years_move_nothing_but_what_is_drawn_anew(society):
    still = Life(shock_persistence=1.0, order_chance=0.0, deterrence=0.0)
    after = run_rounds(society, "no_list", years=2, life=still).after()
    for part in ("people", "truth", "holders"):
        assert getattr(after, part).equals(getattr(society, part))
    moved = {
        name for name in society.records if not after.records[name].equals(society.records[name])
    }
    assert moved <= {
        "late_payments",
        "judgments",
        "partner_late",
        "district_late",
        "friends_late",
        "friends_judgments",
    }


def test_before_the_first_year_the_society_is_itself(society):
    history = run_rounds(society, "no_list", years=1)
    assert history.after().digest() != society.digest()
    history.state.year = 0
    assert history.after() is society


def test_a_listed_person_stays_listed_for_the_years_of_the_grade():
    world = World(citizens=2_000, seed=2)
    lists = [COURTS | {"grades": [GRADE | {"years": 3.0}]}]
    society, life = world.simulate(), Life(order_chance=1.0, deterrence=0.0)
    history = run_rounds(society, policy(lists=lists), years=1, life=life)
    first = history.state.kept[0] == 0
    assert (history.state.listed == first).all()
    no_more = replace(history, rules=replace(history.rules, life=Life(order_chance=0.0)))
    for left in (2.0, 1.0, 0.0):
        no_more = go_on(no_more, 1)
        assert (no_more.state.remaining[0, first] == left).all()
    assert (no_more.state.totals["exits"] == first).all()
    assert (no_more.state.totals["listed"] == 3 * first).all()


def test_part_of_a_year_counts_as_part(society):
    lists = [COURTS | {"grades": [GRADE | {"years": 0.25}]}]
    history = run_rounds(society, policy(lists=lists), years=2, life=LIFE)
    once = history.state.totals["listed_years"] == 1
    assert once.any()
    assert (history.state.totals["listed"][once] == 0.25).all()


def test_a_listing_without_an_end_has_none_unless_it_is_repaired(society):
    grades = [{name: each for name, each in GRADE.items() if name != "years"}]
    lists = [COURTS | {"grades": grades}]
    history = run_rounds(society, policy(lists=lists), years=5, life=LIFE)
    assert history.state.totals["exits"].sum() == 0
    assert (history.state.listed == (history.state.totals["orders"] > 0)).all()
    mended = run_rounds(society, policy(lists=lists, repair=1.0), years=5, life=LIFE)
    assert not (mended.state.listed & (mended.state.kept[0] == 1)).any()


def test_points_list_the_share_asked_for(society):
    history = run_rounds(society, "lowest_scores", years=2, life=Life(order_chance=0.0))
    assert history.years["listed"].tolist() == [0.01, 0.01]


def test_critics_are_listed_at_will_whatever_they_kept(society):
    history = run_rounds(society, "at_will", years=2, life=Life(order_chance=0.0))
    critics = (society.people["critic"] == "yes").to_numpy()
    assert history.state.listed[critics].mean() == pytest.approx(0.04, abs=0.03)
    assert not history.state.listed[~critics].any()


@pytest.mark.parametrize("value", [0, -1, 2.5, True, "ten"])
@pytest.mark.parametrize("name", ["years", "workers"])
def test_numbers_that_cannot_be_are_refused(society, name, value):
    with pytest.raises(InputError, match=f"{name}: are .*; give a whole number from 1"):
        run_rounds(society, "no_list", **{name: value})


def test_ties_are_broken_off_at_both_ends_and_with_the_listed_alone(society):
    sanctions = [JOBS | {"moves": "ties", "size": 0.5}]
    history = run_rounds(society, policy(sanctions=sanctions), years=3, life=LIFE)
    ties = history.after().ties
    assert (ties != ties.T).nnz == 0
    lost = (society.ties - ties).tocoo()
    ever = history.state.totals["listed_years"] > 0
    assert lost.nnz > 0
    assert (ever[lost.row] | ever[lost.col]).all()


def test_every_policy_of_the_package_runs(society):
    small = World(citizens=2_000, seed=1).simulate()
    for name in ("list_alone", "joined_repair", "at_will"):
        history = run_rounds(small, name, years=3, life=LIFE)
        assert history.years["listed"].gt(0).all()
        assert np.isfinite(history.state.loss).all()
    assert load_policy("no_list").lists == ()
