"""Costs of a continuous change: what they have in common, what sets them apart, what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.core import InputError, MenuError
from credit_ml.strategic import (
    Cost,
    Mahalanobis,
    MixedCost,
    OneSided,
    PercentileShift,
    PerTie,
    Quadratic,
    Separable,
    WithDetection,
    WithMultiplier,
    WithSetup,
    WithSubsidy,
)

FEATURES, PEOPLE = 3, 5
plain = OneSided(up=[0.1, 0.2, 0.3], down=[0.0, 0.1, np.inf])
COSTS = [
    Separable(function=lambda X: np.exp(X[:, 0]) + X[:, 1]),
    Separable.linear([0.1, 0.2, -0.1]),
    plain,
    Quadratic(weights=[1.0, 0.5, 2.0]),
    Mahalanobis(matrix=[[2.0, 0.5, 0.0], [0.5, 1.0, 0.1], [0.0, 0.1, 3.0]]),
    MixedCost(direction=[1.0, -1.0, 0.5], quadratic=0.3, scale=0.1),
    PerTie(cut=0.2, add=0.1, columns=[0, 2]),
    PercentileShift(reference=np.random.default_rng(1).normal(size=(50, FEATURES))),
    PercentileShift(reference=np.random.default_rng(1).normal(size=(50, 3)), form="total_log"),
    WithSetup(cost=plain, setup=0.05),
    WithDetection(cost=plain, rate=2.0, penalty=0.5, weights=[1.0, 0.0, 0.0]),
    WithDetection(cost=plain, rate=2.0, penalty=0.5),
    WithMultiplier(cost=plain, multiplier=np.arange(1.0, PEOPLE + 1)),
    WithSubsidy(cost=plain, share=0.5, most=0.1),
]
tables = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).normal(size=(2, PEOPLE, FEATURES))
)
fast = settings(deadline=None, max_examples=25)


@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: type(cost).__name__)
@fast
@given(tables=tables)
def test_a_cost_is_never_negative_and_no_change_is_free(cost, tables):
    before, after = tables
    assert isinstance(cost, Cost)
    assert cost.of(before, before).tolist() == [0.0] * PEOPLE
    paid = cost.of(before, after)
    assert paid.shape == (PEOPLE,)
    assert (paid >= 0).all()
    # One person's cost is nobody else's business.
    half = cost.of(before, np.where(np.arange(PEOPLE)[:, None] < 2, after, before))
    np.testing.assert_allclose(half[:2], paid[:2])
    assert not half[2:].any()


@fast
@given(tables=tables)
def test_forms_agree_where_they_meet(tables):
    before, after = tables
    d = after - before
    square = (d**2).sum(axis=1)
    assert Quadratic(weights=np.ones(3)).of(before, after) == pytest.approx(square)
    assert Mahalanobis(matrix=np.eye(3)).of(before, after) == pytest.approx(square)
    ones = np.ones(3)
    assert MixedCost(direction=ones, quadratic=1.0).of(before, after) == pytest.approx(square)
    assert MixedCost(direction=ones, quadratic=0.0).of(before, after) == pytest.approx(
        Separable.linear(ones).of(before, after)
    )
    both = OneSided(up=ones, down=ones)
    assert both.of(before, after) == pytest.approx(np.abs(d).sum(axis=1))
    assert PerTie(cut=1.0, add=1.0).of(before, after) == pytest.approx(both.of(before, after))
    assert both.by_feature(before, after).sum(axis=1) == pytest.approx(both.of(before, after))


REFUSED = {
    "negative price": (lambda: OneSided(up=[0.1, -1.0]), "cost.up: has -1"),
    "not a number": (lambda: OneSided(up=[np.nan]), "cost.up: has a missing"),
    "lengths": (lambda: OneSided(up=[1.0, 1.0], down=[1.0, 1.0, 1.0]), "cost.down: has shape (3,)"),
    "no features": (lambda: Quadratic(weights=[]), "cost.weights: has shape (0,)"),
    "zero weight": (lambda: Quadratic(weights=[0.0, 1.0]), "are 0 for some feature"),
    "not square": (lambda: Mahalanobis(matrix=[[1.0, 0.0]]), "not symmetric"),
    "not symmetric": (lambda: Mahalanobis(matrix=[[1.0, 1.0], [0.0, 1.0]]), "symmetric"),
    "indefinite": (lambda: Mahalanobis(matrix=[[1.0, 2.0], [2.0, 1.0]]), "not positive definite"),
    "mixture": (lambda: MixedCost(direction=[1.0], quadratic=1.5), "at most 1"),
    "direction": (lambda: MixedCost(direction=[np.inf], quadratic=0.5), "infinite number"),
    "no function": (lambda: Separable(function=3), "cannot be called"),
    "tie": (lambda: PerTie(cut=-1.0, add=0.0), "cost.cut: has -1"),
    "tie column": (lambda: PerTie(cut=1.0, add=0.0, columns=[-1]), "count columns from 0"),
    "reference": (lambda: PercentileShift(reference=[1.0]), "people, features"),
    "form": (lambda: PercentileShift(reference=[[1.0]], form="mean"), "'largest' or 'total_log'"),
    "setup": (lambda: WithSetup(cost=plain, setup=-0.1), "cost.setup: has -0.1"),
    "multiplier": (
        lambda: WithMultiplier(cost=plain, multiplier=[-1.0]),
        "cost.multiplier: has -1",
    ),
    "share": (lambda: WithSubsidy(cost=plain, share=1.2), "at most 1"),
    "rate": (lambda: WithDetection(cost=plain, rate=-1.0, penalty=1.0), "cost.rate"),
    "penalty": (lambda: WithDetection(cost=plain, rate=1.0, penalty=np.inf), "infinite number"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_a_cost_is_refused_when_it_is_made(case):
    make, message = REFUSED[case]
    with pytest.raises(MenuError) as error:
        make()
    assert message in str(error.value)


def test_costs_refuse_tables_that_they_do_not_fit():
    before = np.zeros((4, 3))
    with pytest.raises(InputError, match="have 3 columns, and the cost prices 2"):
        Quadratic(weights=[1.0, 1.0]).of(before, before)
    with pytest.raises(InputError, match="people x features, twice"):
        plain.of(before, before[:2])
    with pytest.raises(InputError, match="has 5 numbers for 4 people"):
        WithMultiplier(cost=plain, multiplier=np.ones(5)).of(before, before)
    with pytest.raises(MenuError, match="give below 3"):
        PerTie(cut=1.0, add=1.0, columns=[3]).of(before, before)
    with pytest.raises(MenuError, match="give a number a person"):
        Separable(function=lambda X: X).of(before, before)
