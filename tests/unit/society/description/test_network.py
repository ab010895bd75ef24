"""Measures of networks against graphs whose answers are known."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from credit_ml.society import Network, World, load_world, network
from credit_ml.society.description.network import (
    clustering,
    degree_assortativity,
    largest_component,
)


def ties_of(pairs, people):
    table = np.zeros((people, people))
    for one, other in pairs:
        if one != other:
            table[one, other] = table[other, one] = 1
    return csr_array(table)


pairs_of_ten = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30)


@given(pairs_of_ten)
def test_measures_are_those_of_matrix_algebra(pairs):
    ties = ties_of(pairs, 10)
    table = ties.toarray()
    degree = table.sum(axis=1)
    many = degree >= 2
    if many.any():
        # Closed walks of length three count each triangle of a citizen twice.
        local = np.diag(table @ table @ table)[many] / (degree * (degree - 1))[many]
        assert clustering(ties) == pytest.approx(local.mean())
    else:
        assert np.isnan(clustering(ties))
    reached = np.linalg.matrix_power(table + np.eye(10), 10) > 0
    assert largest_component(ties) == reached.sum(axis=1).max() / 10
    ends, others = np.nonzero(table)
    if len(ends) and degree[ends].std() > 0:
        expected = np.corrcoef(degree[ends], degree[others])[0, 1]
        assert degree_assortativity(ties) == pytest.approx(expected)
    else:
        assert np.isnan(degree_assortativity(ties))


def test_a_network_tells_every_measure_with_its_unit_and_draws_from_storage():
    found = network(World(citizens=1500, seed=3).simulate())
    assert found.table["unit"].str.len().gt(0).all()
    assert set(found.table.query("measure == 'homophily'")["sensitive"]) == {
        "hukou",
        "ethnicity",
        "gender",
        "age_band",
        "critic",
    }
    again = Network.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    assert again.metrics() == pytest.approx(found.metrics())
    axes = again.plot()
    assert axes.get_xscale() == axes.get_yscale() == "log"
    plt.close(axes.figure)


def test_the_sociable_meet_each_other_where_the_world_says_so():
    def assortativity(activity):
        world = load_world("baseline", citizens=8000).to_dict()
        world["ties"]["activity"] = activity
        return degree_assortativity(World.from_dict(world).simulate().ties)

    assert assortativity(0.15) > assortativity(0.0) + 0.05
    assert assortativity(0.0) < 0.01


def test_a_world_without_ties_has_no_network_to_measure():
    found = network(World.from_dict({"citizens": 200, "ties": {"slots": 0.0}}).simulate())
    assert found.table.set_index("measure").loc["mean_degree", "estimate"] < 2
