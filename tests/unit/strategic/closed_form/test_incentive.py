"""Which effort a score can reward: the linear programme against closed forms and best responses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from credit_ml.core import InputError
from credit_ml.strategic import incentive

seeds = st.integers(0, 2**32 - 1)
fast = settings(deadline=None, max_examples=40)


def drawn(seed):
    rng = np.random.default_rng(seed)
    efforts, features = rng.integers(2, 6), rng.integers(1, 5)
    returns = rng.uniform(0, 2, (efforts, features)) * (rng.random((efforts, features)) < 0.7)
    used = rng.random(efforts) < 0.5
    used[rng.integers(efforts)] = True
    return rng, np.where(used, rng.uniform(0.5, 2, efforts), 0.0), returns


@fast
@given(seed=seeds)
def test_exactly_one_of_a_score_and_a_cheaper_substitute_exists(seed):
    rng, profile, returns = drawn(seed)
    found = incentive(profile, returns)
    assert found.possible == (found.substitute is None) == (found.weights is not None)
    assert 0 <= found.substitutability <= 1
    budget = profile.sum()
    if found.possible:
        # A person with linear features puts all into the efforts of the highest reward.
        reward = returns @ found.weights
        assert (found.weights >= 0).all()
        assert profile @ reward == pytest.approx(budget * reward.max())
        assert reward[profile > 0] == pytest.approx(1)
        if (profile == 0).any():
            assert 1 - reward[profile == 0].max() == pytest.approx(found.lead, abs=1e-7)
    else:
        assert found.substitute.sum() < budget - 1e-9
        assert (found.substitute @ returns >= profile @ returns - 1e-7).all()
        # What is saved goes on top, so that no linear score with any use for it keeps the profile.
        weights = rng.random((50, returns.shape[1]))
        best = budget * (weights @ returns.T).max(axis=1)
        assert ((weights @ (profile @ returns) < best) | (best == 0)).all()


@fast
@given(seed=seeds)
def test_only_which_kinds_are_used_matters_not_how_much(seed):
    rng, profile, returns = drawn(seed)
    other = np.where(profile > 0, rng.uniform(0.1, 5, len(profile)), 0.0)
    first, second = incentive(profile, returns), incentive(other, returns)
    assert first.possible == second.possible
    assert first.substitutability == pytest.approx(second.substitutability)


@fast
@given(seed=seeds)
def test_concave_features_are_rewarded_by_their_slopes(seed):
    """With f_i the square root, no other profile of the same budget has a higher score."""
    rng, profile, returns = drawn(seed)
    returns = returns + 0.05
    made = profile @ returns
    found = incentive(profile, returns, slopes=0.5 / np.sqrt(made))
    if not found.possible:
        return
    budget = profile.sum()
    others = budget * rng.dirichlet(np.ones(len(profile)), 400)
    others = np.vstack([others, profile + 0.01 * (others - profile)])
    assert (np.sqrt(others @ returns) @ found.weights).max() <= np.sqrt(made) @ found.weights + 1e-9


@fast
@given(
    exam=st.floats(0.1, 3),
    homework=st.floats(0.1, 3),
    cheat=st.floats(0.1, 3),
    copy=st.floats(0.1, 3),
)
def test_the_classroom_has_a_closed_form(exam, homework, cheat, copy):
    """A unit of study is replaced by exam/cheat of cheating and homework/copy of copying."""
    found = incentive([0.0, 1.0, 0.0], [[cheat, 0.0], [exam, homework], [0.0, copy]])
    substitute = exam / cheat + homework / copy
    assert found.substitutability == pytest.approx(min(1.0, substitute), abs=1e-7)
    assert found.possible == (substitute >= 1 - 1e-9)


def test_the_substitutability_is_its_dual():
    _, profile, returns = drawn(5)
    used = profile > 0
    features = returns.shape[1]
    dual = linprog(
        np.r_[np.zeros(features), -1.0],
        A_ub=np.vstack(
            [
                np.hstack([returns, np.zeros((len(returns), 1))]),
                np.hstack([-returns[used], np.ones((used.sum(), 1))]),
            ]
        ),
        b_ub=np.r_[np.ones(len(returns)), np.zeros(used.sum())],
    )
    assert incentive(profile, returns).substitutability == pytest.approx(-dual.fun)


def test_effort_that_yields_nothing_is_replaced_by_nothing():
    found = incentive([1.0, 0.0], [[0.0], [1.0]])
    assert (found.possible, found.substitutability) == (False, 0.0)
    assert found.substitute.tolist() == [0.0, 0.0]


def test_what_does_not_fit_is_refused():
    returns = [[1.0, 0.0], [0.0, 1.0]]
    for arguments, message in [
        (([1.0], returns), "profile: has shape"),
        (([0.0, 0.0], returns), "of the profile are all 0"),
        (([1.0, -1.0], returns), "has -1"),
        (([1.0, 0.0], [[1.0, np.nan], [0.0, 1.0]]), "returns: has a missing"),
        (([1.0], [1.0]), "efforts, features"),
    ]:
        with pytest.raises(InputError, match=message):
            incentive(*arguments)
    with pytest.raises(InputError, match="slopes: are not above 0"):
        incentive([1.0, 0.0], returns, slopes=[1.0, 0.0])
