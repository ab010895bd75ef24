"""Rewired ties: degrees kept, graphs simple, every graph as likely as any other."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.sparse import csr_array

from credit_ml.core import InputError, TableError
from credit_ml.proxies import rewired
from credit_ml.proxies.friends.rewiring import FRIENDS_COLUMNS, columns_of_friends, with_ties
from credit_ml.society import World, load_world
from credit_ml.society.description.segregation import homophily


def graph(people, share, seed):
    random = np.random.default_rng(seed)
    upper = np.triu(random.random((people, people)) < share, 1)
    return csr_array((upper | upper.T).astype(np.int8))


@given(st.integers(2, 40), st.floats(0, 1), st.integers(0, 1000), st.booleans())
@settings(max_examples=40)
def test_degrees_are_kept_and_the_graph_stays_simple(people, share, seed, apart):
    ties = graph(people, share, seed)
    kept = np.arange(people) % 3 if apart else None
    other = rewired(ties, seed=seed, within=kept)
    dense = other.toarray()
    assert (dense == dense.T).all()
    assert set(np.unique(dense)) <= {0, 1}
    assert not dense.diagonal().any()
    assert len(other.indices) == dense.sum()  # no double tie on file
    np.testing.assert_array_equal(np.diff(other.indptr), np.diff(ties.indptr))
    if kept is not None:
        for stratum in range(3):
            mine = kept == stratum
            np.testing.assert_array_equal(
                dense[:, mine].sum(axis=1), ties.toarray()[:, mine].sum(axis=1)
            )


def test_every_graph_of_the_degrees_is_as_likely():
    """Of six people with two friends each there are 60 hexagons and 10 pairs of triangles."""
    ring = csr_array((np.roll(np.eye(6), 1, 1) + np.roll(np.eye(6), -1, 1)).astype(np.int8))
    pairs = list(combinations(range(6), 2))
    seen: dict[tuple[int, ...], int] = {}
    for seed in range(4200):
        dense = rewired(ring, seed=seed, swaps=12).toarray()
        key = tuple(int(dense[pair]) for pair in pairs)
        seen[key] = seen.get(key, 0) + 1
    assert len(seen) == 70
    assert stats.chisquare(list(seen.values())).pvalue > 1e-4


def test_rewiring_forgets_likeness():
    society = load_world("homophilous", citizens=4000, seed=3).simulate()
    rural = (society.people["hukou"] == "rural").to_numpy()
    assert homophily(society.ties, rural) > 0.2
    assert abs(homophily(rewired(society.ties, seed=1), rural)) < 0.02


def test_friends_tell_of_the_same_ties_what_the_society_has_on_file():
    society = World(citizens=700, seed=2).simulate()
    told = columns_of_friends(society, society.ties)
    for name in ("friends", *FRIENDS_COLUMNS):
        np.testing.assert_array_equal(told[name], society.records[name].to_numpy())
    again = with_ties(society, society.ties)
    assert again.records.equals(society.records)
    other = with_ties(society, rewired(society.ties, seed=0)).records
    own = [name for name in society.records if name not in FRIENDS_COLUMNS]
    assert other[own].equals(society.records[own])
    assert not other["friends_late"].equals(society.records["friends_late"])


def test_one_sided_ties_are_refused():
    with pytest.raises(TableError, match="not symmetric"):
        rewired(csr_array(np.array([[0, 1], [0, 0]])), seed=0)
    with pytest.raises(InputError, match="at least 1 try"):
        rewired(graph(4, 1.0, 0), seed=0, swaps=0)
