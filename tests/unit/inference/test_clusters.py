"""Sums over clusters, by counts and by sparse products."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.inference.clusters import cluster_sums


@given(st.integers(0, 7), st.integers(1, 40), st.integers(0, 99))
def test_sums_over_clusters_are_those_of_a_loop(columns, people, seed):
    random = np.random.default_rng(seed)
    clusters, values = random.integers(0, 5, people), random.normal(size=(people, columns))
    by_hand = np.zeros((6, columns))
    for cluster, row in zip(clusters, values, strict=True):
        by_hand[cluster] += row
    np.testing.assert_array_equal(cluster_sums(values, clusters, 6), by_hand)
    if columns:
        single = cluster_sums(values[:, 0], clusters, 6)
        np.testing.assert_array_equal(single, by_hand[:, 0])
