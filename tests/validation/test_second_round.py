"""The package and the second round, both written from docs/dynamics.md, live the same years.

Both keep numbers with the same digits, so nothing here is compared within more than 1e-12.
"""

from dataclasses import replace
from functools import cache
from importlib import util
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.agencies import load_agency
from credit_ml.dynamics import Life, Policy, load_policy, policy_ids, run_rounds
from credit_ml.society import World, load_world

# Loaded by its path: `--import-mode=importlib` puts no folder of tests on the path.
_spec = util.spec_from_file_location("second_round", Path(__file__).with_name("second_round.py"))
second_round = util.module_from_spec(_spec)
_spec.loader.exec_module(second_round)

YEARS = 5
LIFE = Life(order_chance=0.3, deterrence=3.0, bills_after_breach=6.0, scar=0.7)
PARTS = ("people", "records", "outcome", "truth", "holders")
STATE = {  # field of the package's state: the second round's
    "loss": lambda person: person.loss,
    "late": lambda person: person.late,
    "orders": lambda person: person.orders,
    "kept": lambda person: (person.kept, person.kept_before),
    "remaining": lambda person: person.remaining,
    "grade": lambda person: person.grade,
    "child_loss": lambda person: person.child_loss,
}
SOURCE = "assumed, for this test"


@cache
def society_of(world, seed, people_per_district=500):
    """Return 300 citizens of a named world."""
    knobs = load_world(world, citizens=300, seed=seed).to_dict()
    knobs["address"]["people_per_district"] = people_per_district
    return World.from_dict(knobs).simulate()


@cache
def rater_of(place, agency, scorer=None):
    """Return a rater fitted on a society before its first year."""
    return load_agency(agency).fit(society_of(*place), scorer=scorer)


def same(name, package, opinion):
    """Assert that numbers are the same, to 1e-12 and missing where missing."""
    package, opinion = (np.asarray(each, dtype=float) for each in (package, opinion))
    np.testing.assert_allclose(package, opinion, rtol=1e-12, atol=1e-12, err_msg=name)


def numbers(column):
    """Return a column as doubles, categories by their code."""
    return column.cat.codes if column.dtype == "category" else column.to_numpy(dtype=float)


def agree(place, policy, life=LIFE, *, years=YEARS, seed=None, raters=None):
    """Assert that a society lives the same years twice; return the history."""
    society = society_of(*place)
    policy = load_policy(policy) if isinstance(policy, str) else policy
    raters = {each: rater_of(place, each) for each in policy.agencies} | dict(raters or {})
    history = run_rounds(society, policy, years=years, life=life, seed=seed, raters=raters)
    opinion = second_round.run(society, policy, life, years=years, seed=seed, raters=raters)
    agree_on_the_state(history.state, opinion)
    same("years", history.years, opinion.rows)
    acts = history.behaviour.to_numpy().tolist()
    assert [row[0] for row in acts] == [row[0] for row in opinion.behaviour]
    same("behaviour", [row[1:] for row in acts], [row[1:] for row in opinion.behaviour])
    after, now = history.after(), second_round.society_now(opinion)
    for part in PARTS:
        ours, theirs = getattr(after, part), getattr(now, part)
        assert ours.columns.tolist() == theirs.columns.tolist()
        for name in ours:
            same(f"{part}.{name}", numbers(ours[name]), numbers(theirs[name]))
    assert (after.ties != now.ties).nnz == 0
    return history


def agree_on_the_state(state, opinion):
    """Assert that all that moves is the same, and what is counted of every citizen."""
    same("shock", state.shock, opinion.shock)
    for name, kept in STATE.items():
        ours = np.array([kept(person) for person in opinion.people])
        same(name, getattr(state, name), ours.T)
    for name, total in state.totals.items():
        same(name, total, [each.get(name, 0) for each in opinion.totals])
    if opinion.placed:
        same("placed", state.placed, opinion.placed)
    if state.answers is not None:
        same("masks", state.answers.masks, [person.mask for person in opinion.people])
        same("odds", state.answers.odds, [person.odds for person in opinion.people])
        for name, moved in state.answers.moved.items():
            same(name, moved, [person.moved[name] for person in opinion.people])


@pytest.mark.parametrize("society", [("baseline", 3), ("arrears", 11, 40), ("close_knit", 2**40)])
@pytest.mark.parametrize("policy", policy_ids())
def test_every_named_policy_is_the_same_years_twice(policy, society):
    agree(society, policy)


def altered(policy, **changes):
    """Return a named policy with some keys replaced."""
    return Policy.from_dict(plain(load_policy(policy).model_dump()) | {"id": "mixed"} | changes)


def plain(value):
    """Return nested values without those that are not set, as a TOML file has them."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if each is not None}
    return [plain(each) for each in value] if isinstance(value, tuple) else value


def grade(name, share, years=None):
    """Return the table of a grade; without an end where no years are given."""
    term = {} if years is None else {"years": years}
    return {"id": name, "share": share, "source": SOURCE} | term


LISTS = {
    "courts": {
        "by": "orders",
        "office": "courts",
        "grades": [grade("general", 0.6, 1.3), grade("serious", 0.4, 2.0)],
    },
    "security": {
        "by": "will",
        "office": "security",
        "critics": 0.6,
        "grades": [grade("serious", 0.5, 0.4), grade("mild", 0.5)],
    },
    "low": {
        "by": "score",
        "office": "railways",
        "agency": "council",
        "threshold": 80.0,
        "grades": [grade("serious", 0.3, 1.3), grade("mild", 0.7, 0.7)],
    },
    "few": {
        "by": "score",
        "office": "nowhere",
        "agency": "values",
        "share": 0.015,  # of 300, which is 4.5 people
        "grades": [grade("serious", 1.0, 0.9)],
    },
    "last": {  # by records that a listing moves
        "by": "score",
        "office": "tourism",
        "agency": "national",
        "share": 0.15,
        "grades": [grade("serious", 0.5, 1.0), grade("general", 0.5, 2.0)],
    },
    "fines": {
        "by": "record",
        "record": "traffic_fines",
        "office": "education",
        "grades": [grade("serious", 0.5, 2.2), grade("mild", 0.5)],
    },
}
PLACES = {
    "schools": {"agency": "council", "share": 0.035, "worth": 0.1},
    "posts": {"agency": "values", "share": 0.2, "worth": 0.02},
    "loans": {"agency": "bureau", "share": 0.1, "worth": 0.05},
}
CHARTER = {  # a second sanction on children, ties, assets and trips, for one grade
    "office": "charter",
    "size": 0.3,
    "worth": 0.02,
    "grades": ["serious"],
}


def mixed(*, lists, places=(), also=(), **changes):
    """Return joint punishment under other lists, with places, and sanctions besides."""
    sanctions = plain(load_policy("joined").model_dump())["sanctions"]
    for moves in also:
        sanctions.append({"id": f"more_{moves}", "moves": moves, "source": SOURCE} | CHARTER)
    return altered(
        "joined",
        lists=[{"id": name, "source": SOURCE} | LISTS[name] for name in lists],
        places=[{"id": name, "source": SOURCE} | PLACES[name] for name in places],
        sanctions=sanctions,
        **changes,
    )


some = st.sampled_from
policies = st.builds(
    mixed,
    lists=st.lists(some(sorted(LISTS)), unique=True, min_size=1),
    places=st.lists(some(sorted(PLACES)), unique=True),
    also=st.lists(some(["child_capacity", "ties", "assets", "trips", "capacity"]), unique=True),
    joined=st.floats(0, 1),
    family=st.booleans(),
    repair=st.floats(0, 1),
)
lives = st.builds(
    Life,
    shock_persistence=st.floats(0, 1),
    bills_after_breach=st.floats(1, 20),
    order_chance=st.floats(0, 1),
    scar=st.floats(0, 1),
    deterrence=st.floats(0, 20),
)


@given(policy=policies, life=lives, seed=st.none() | st.integers(0, 2**62))
@settings(max_examples=4, deadline=None)
def test_policies_drawn_at_random_are_the_same_years_twice(policy, life, seed):
    agree(("segregated", 5, 60), policy, life, seed=seed)


@pytest.mark.parametrize("joined", [0.45, 1.0])
def test_a_policy_of_all_kinds_of_list_is_the_same_years_twice(joined):
    policy = mixed(
        lists=LISTS,
        places=PLACES,
        also=("child_capacity", "ties", "assets", "trips"),
        joined=joined,
        family=True,
        repair=0.3,
    )
    history = agree(("critic_penalised", 5, 60), policy)
    assert (history.state.remaining.max(axis=1) > 0).all()  # somebody is on each list


TOLD = {
    "nothing": {"agency": "council", "regime": "nothing"},
    "fade": {"agency": "council", "fade": 0.3, "bundle": 3},
    "reports": {"agency": "council", "menu": "reports", "bundle": 3, "fade": 0.7},
    "values": {"agency": "values", "fade": 0.9},
    "learns": {"agency": "bureau", "menu": "twelve", "learns": True, "fade": 0.2},
}


@pytest.mark.parametrize("name", TOLD)
def test_what_people_do_for_points_is_the_same_twice(name):
    told = TOLD[name] | {"source": SOURCE}
    policy = mixed(lists=["courts", "low", "few"], places=PLACES, response=told, family=True)
    agree(("baseline", 5, 60), policy, years=2)


def test_what_is_bought_and_done_with_ties_is_the_same_twice():
    place = ("baseline", 5, 60)
    told = {"agency": "all_in_one", "menu": "twelve", "fade": 0.5, "bundle": 3, "source": SOURCE}
    rater = rater_of(place, "all_in_one", "logistic")
    privilege = rater.agency.privileges[0].model_copy(update={"threshold": 700.0, "value": 0.3})
    rater = replace(rater, agency=rater.agency.model_copy(update={"privileges": (privilege,)}))
    policy = altered("joined", response=told)
    history = agree(place, policy, years=3, raters={"all_in_one": rater})
    totals = history.state.totals
    assert all(totals[name].sum() > 0 for name in ("did_social", "did_bought", "caught"))
