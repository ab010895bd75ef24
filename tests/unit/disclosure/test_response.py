"""Best responses, against brute force and theory."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.core import MenuError
from credit_ml.disclosure import Action, Aim, Bundle, Change, Factors, Full, Nothing, Told
from credit_ml.disclosure.response import best_response, bundles_of, options, worth

COLUMNS = ("late_payments", "books", "gifts")


def tenths(low, high):
    return st.integers(low * 10, high * 10).map(lambda value: value / 10)


@st.composite
def menus(draw):
    """Up to four actions on three columns, some of them free."""
    return [
        Action(
            id=str(number), name=str(number), kind="cosmetic",
            changes=(Change(column=draw(st.sampled_from(COLUMNS)), add=draw(tenths(-3, 3))),),
            price=draw(tenths(0, 2)), effort=draw(tenths(0, 1)), source="assumed",
        )
        for number in range(draw(st.integers(1, 4)))
    ]  # fmt: skip


@st.composite
def situations(draw):
    """A few people, a linear score of what they have, a menu and up to three privileges."""
    people = draw(st.integers(1, 6))
    X = pd.DataFrame(
        {name: draw(st.lists(tenths(0, 9), min_size=people, max_size=people)) for name in COLUMNS}
    )
    weights = np.array(draw(st.lists(tenths(-2, 2), min_size=3, max_size=3)))
    aims = [
        Aim(id=str(number), name=str(number), threshold=draw(tenths(-9, 9)), value=value)
        for number, value in enumerate(draw(st.lists(tenths(0, 2), min_size=1, max_size=3)))
    ]
    yearly = np.array(draw(st.lists(tenths(1, 9), min_size=people, max_size=people)))
    actions = draw(menus())
    bundles = bundles_of(actions, most=draw(st.integers(0, 3)))
    open_to = options(lambda table: table.to_numpy() @ weights, X, bundles, yearly)
    told = Told(X=X, scores=open_to.scores[0], factors={"all": COLUMNS})
    return told, open_to, aims, weights


def net(open_to, aims, person, number):
    """What a bundle is truly worth to a person, less its cost."""
    granted = sum(aim.value for aim in aims if open_to.scores[number, person] >= aim.threshold)
    return granted - open_to.costs[number, person]


@settings(max_examples=40)
@given(situations())
def test_best_response_under_full_disclosure_equals_brute_force(situation):
    told, open_to, aims, _ = situation
    chosen = best_response(Full(), told, open_to, aims)
    for person, number in enumerate(chosen):
        values = [net(open_to, aims, person, other) for other in range(len(open_to.bundles))]
        assert values[number] == pytest.approx(max(values))  # nobody could do better
        alike = [other for other, value in enumerate(values) if value > max(values) - 1e-9]
        assert open_to.costs[number, person] == pytest.approx(
            min(open_to.costs[other, person] for other in alike)
        )


@settings(max_examples=40)
@given(situations(), tenths(0, 2))
def test_best_response_to_a_belief_equals_brute_force(situation, margin):
    told, open_to, aims, _ = situation
    chosen = best_response(Factors(), told, open_to, aims, margin=margin)
    values = np.array(
        [
            worth(Factors().believed(told, bundle, np.zeros(0)), aims, margin=margin) - cost
            for bundle, cost in zip(open_to.bundles, open_to.costs, strict=True)
        ]
    )
    values[0] = worth(told.scores, aims)  # what one has is certain
    assert values[chosen, np.arange(len(chosen))] == pytest.approx(values.max(axis=0))


@settings(max_examples=40)
@given(situations())
def test_spending_is_never_negative_nor_above_what_it_may_win(situation):
    told, open_to, aims, _ = situation
    for regime in (Nothing(), Factors(), Full()):
        chosen = best_response(regime, told, open_to, aims)
        spent = open_to.costs[chosen, np.arange(len(chosen))]
        assert (spent >= 0).all()
        assert (spent <= sum(aim.value for aim in aims) + 1e-9).all()


@settings(max_examples=40)
@given(situations())
def test_what_has_no_weight_is_never_gamed_under_full_disclosure(situation):
    told, open_to, aims, weights = situation
    idle = {name for name, weight in zip(COLUMNS, weights, strict=True) if weight == 0}
    for number in best_response(Full(), told, open_to, aims):
        for action in open_to.bundles[number].actions:
            assert action.changes[0].column not in idle


@settings(max_examples=40)
@given(situations())
def test_nobody_acts_when_nothing_is_told(situation):
    told, open_to, aims, _ = situation
    assert (best_response(Nothing(), told, open_to, aims) == 0).all()


@pytest.mark.parametrize("price", [1e12, np.inf])
def test_nobody_pays_what_is_too_dear(action, price):
    X = pd.DataFrame({"late": [0.0, 1.0, 2.0]})
    bundles = bundles_of([action("pay", price=price, add=-1)], most=1)
    open_to = options(lambda table: -table["late"].to_numpy(), X, bundles, np.ones(3))
    told = Told(X=X, scores=open_to.scores[0], factors={"all": ("late",)})
    aims = [Aim(id="a", name="a", threshold=0, value=1)]
    for regime in (Factors(), Full()):
        assert (best_response(regime, told, open_to, aims) == 0).all()


def test_worth_adds_what_is_granted_from_each_threshold_on():
    aims = [Aim(id=str(t), name=str(t), threshold=t, value=v) for t, v in ((1, 0.2), (2, 0.5))]
    assert worth(np.array([0.9, 1.0, 2.0]), aims).tolist() == pytest.approx([0, 0.2, 0.7])
    assert worth(np.array([1.0, 1.1]), aims, margin=0.1).tolist() == pytest.approx([0, 0.2])


def test_bundles_are_all_sets_smallest_first(action):
    found = bundles_of([action(name) for name in "abc"], most=2)
    assert [[each.id for each in bundle.actions] for bundle in found] == [
        [], ["a"], ["b"], ["c"], ["a", "b"], ["a", "c"], ["b", "c"],
    ]  # fmt: skip
    assert bundles_of([action("a")], most=0) == (Bundle(()),)


def test_too_many_bundles_are_refused_before_they_are_made(action):
    many = [action(str(number)) for number in range(200)]
    with pytest.raises(MenuError, match="fewer actions, or smaller bundles"):
        bundles_of(many, most=20)
    with pytest.raises(MenuError, match="at least 0"):
        bundles_of(many, most=-1)
