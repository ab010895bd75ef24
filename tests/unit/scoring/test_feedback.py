"""Scores that lean on friends: the fixed point, its bound, and whom one person moves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from credit_ml.core import ModelError
from credit_ml.scoring import PercentileLink, friend_feedback, reach
from credit_ml.society import World


def ties_of(rng, people, share):
    table = np.triu(rng.random((people, people)) < share, 1)
    return csr_array((table | table.T).astype(float))


@given(st.integers(0, 10_000), st.floats(0.0, 0.95), st.floats(0.02, 0.6))
def test_the_fixed_point_is_the_solution_of_its_equation(seed, strength, share):
    rng = np.random.default_rng(seed)
    ties = ties_of(rng, 12, share)
    own = rng.normal(size=12)
    found = friend_feedback(own, ties, strength=strength)
    degree = ties.sum(axis=1)
    mean = ties.toarray() / np.maximum(degree, 1)[:, None]
    pull = np.where(degree > 0, strength, 0.0)
    exact = np.linalg.solve(np.eye(12) - pull[:, None] * mean, (1 - pull) * own)
    np.testing.assert_allclose(found.log_odds, exact, atol=max(found.error, 1e-12) * 1.01)
    assert own.min() - 1e-9 <= found.log_odds.min()
    assert found.log_odds.max() <= own.max() + 1e-9


def test_whoever_has_no_friends_keeps_the_own_score():
    alone = csr_array((3, 3))
    own = np.array([1.0, -2.0, 0.5])
    assert friend_feedback(own, alone, strength=0.9).log_odds.tolist() == own.tolist()


def test_one_persons_number_moves_friends_and_theirs():
    """A chain of four: what 0 gains reaches everybody, less with each step."""
    chain = np.zeros((4, 4))
    for i in range(3):
        chain[i, i + 1] = chain[i + 1, i] = 1
    moved = reach(csr_array(chain), 0, strength=0.4)
    assert (np.diff(moved) < 0).all()
    assert (moved > 0).all()
    assert moved[0] < 1


def test_a_society_settles():
    society = World(citizens=3000, seed=2).simulate()
    own = np.random.default_rng(0).normal(size=3000)
    found = friend_feedback(own, society.ties, strength=0.6)
    assert found.error < 1e-8
    assert found.rounds < 60
    assert np.std(found.log_odds) < np.std(own)


def test_bad_input_is_named():
    pair = csr_array(np.array([[0.0, 1.0], [1.0, 0.0]]))
    with pytest.raises(ModelError, match=r"strength: is 1\.0"):
        friend_feedback([0.0, 1.0], pair, strength=1.0)
    with pytest.raises(ModelError, match=r"ties: have shape \(2, 2\)"):
        friend_feedback([0.0], pair, strength=0.5)
    with pytest.raises(ModelError, match="person: is 5"):
        reach(pair, 5, strength=0.5)


@given(
    st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=40, unique=True),
    st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=40, unique=True),
)
def test_a_link_rises_keeps_the_ends_and_returns(source, target):
    link = PercentileLink.of(source, target)
    low, high = link([min(source), max(source)])
    assert (low, high) == (min(target), max(target))
    linked = link(np.sort(np.array(source, dtype=float)))
    assert (np.diff(linked) > 0).all()
    np.testing.assert_allclose(link.back()(linked), np.sort(source), rtol=1e-6, atol=1e-6)


def test_ties_share_the_rank_in_their_middle():
    link = PercentileLink.of([1, 2, 2, 3, 4], [10, 20, 30, 40, 50])
    assert link.rank([2.0]).tolist() == [0.375]
    with pytest.raises(ModelError, match="missing score"):
        PercentileLink.of([1.0, np.nan], [1.0, 2.0])
