"""News over ties: seeds, breadth-first reach, and never less for more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from credit_ml.core import InputError
from credit_ml.disclosure.adoption import informed


def linked(people, share, seed):
    upper = np.triu(np.random.default_rng(seed).random((people, people)) < share, 1)
    return csr_array((upper | upper.T).astype(np.int8))


@given(
    st.integers(2, 60), st.floats(0, 0.3), st.floats(0, 1), st.integers(0, 5), st.integers(0, 99)
)
@settings(max_examples=25, deadline=None)
def test_certain_news_reaches_as_far_as_breadth_first_search(people, share, seeds, rounds, seed):
    ties = linked(people, share, seed)
    first = informed(ties, seeds=seeds, rounds=0, chance=1.0, seed=seed)
    reached = informed(ties, seeds=seeds, rounds=rounds, chance=1.0, seed=seed)
    expected = np.zeros(people, dtype=bool)
    if first.any():
        steps = dijkstra(ties, indices=np.flatnonzero(first), unweighted=True, min_only=True)
        expected = steps <= rounds
    np.testing.assert_array_equal(reached, expected)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 4), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_more_of_anything_never_makes_anybody_know_less(seeds, chance, rounds, seed):
    ties = linked(50, 0.08, seed)
    options = {"seeds": seeds, "rounds": rounds, "chance": chance}
    some = informed(ties, **options, seed=seed)
    for more in ({"rounds": rounds + 1}, {"chance": (1 + chance) / 2}, {"seeds": (1 + seeds) / 2}):
        assert (informed(ties, **(options | more), seed=seed) >= some).all()


def test_each_friend_tells_with_the_chance():
    star = np.zeros((4001, 4001), dtype=np.int8)
    star[0, 1:] = star[1:, 0] = 1
    told = [
        informed(csr_array(star), seeds=0.0005, rounds=1, chance=0.3, seed=seed)
        for seed in range(40)
    ]
    shares = [each[1:].mean() for each in told if each[0] and each[1:].mean() > 0.05]
    alone = informed(csr_array((3, 3)), seeds=1.0, rounds=2, chance=0.5, seed=1)
    assert alone.all()
    assert all(abs(share - 0.3) < 0.05 for share in shares)


def test_shares_out_of_range_are_refused():
    ties = linked(3, 1, 0)
    for wrong in ({"seeds": 1.5}, {"chance": -0.1}, {"rounds": -1}):
        with pytest.raises(InputError):
            informed(ties, **({"seeds": 0.1, "rounds": 1, "chance": 0.5} | wrong), seed=0)
