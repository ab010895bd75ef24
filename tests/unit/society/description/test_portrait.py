"""Indices of segregation and homophily against their definitions."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from credit_ml.society import Portrait, World, load_world, portrait
from credit_ml.society.description.segregation import dissimilarity, exposure, homophily


def ties_of(pairs, people=4):
    one, other = np.array(pairs + [(b, a) for a, b in pairs]).T
    return csr_array((np.ones(len(one)), (one, other)), shape=(people, people))


def test_apart_and_mixed():
    member = np.array([True, True, False, False])
    assert dissimilarity(pd.Series([0, 0, 1, 1]), member) == 1
    assert dissimilarity(pd.Series([0, 1, 0, 1]), member) == 0
    assert exposure(pd.Series([0, 0, 1, 1]), member) == 0
    assert exposure(pd.Series([0, 1, 0, 1]), member) == 0.5


def test_homophily_at_its_ends():
    member = np.array([True, True, False, False])
    only_inside = ties_of([(0, 1), (2, 3)])
    only_outside = ties_of([(0, 2), (1, 3)])
    assert homophily(only_inside, member) == 1
    assert homophily(only_outside, member) == -1
    assert np.isnan(homophily(only_inside, np.ones(4, bool)))


def test_homophily_follows_likeness_in_ties():
    def rural(name):
        society = load_world(name, citizens=20_000).simulate()
        return homophily(society.ties, (society.people["hukou"] == "rural").to_numpy())

    assert abs(rural("no_proxy")) < 0.03
    assert rural("homophilous") > 0.3


def test_portrait_is_whole_and_draws_from_storage():
    found = portrait(World(citizens=1500, seed=3).simulate())
    people = found.table.query("measure == 'people'")
    for _, part in people.groupby("sensitive"):
        assert part["estimate"].sum() == 1500
    again = Portrait.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    assert again.metrics() == pytest.approx(found.metrics())
    axes = again.plot()
    assert len(axes.collections) >= 4
    plt.close(axes.figure)
