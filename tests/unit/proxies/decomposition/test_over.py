"""Whose chance the intervals of a gap's parts count: this society's people, or this world."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import InputError
from credit_ml.inference import resample_societies
from credit_ml.proxies import Twins, compare, decompose, true_decomposition
from credit_ml.proxies.decomposition.components import OF_OTHERS
from credit_ml.society import World

ASKED = {"sensitive": "hukou", "reference_groups": "urban"}


@pytest.fixture(scope="module")
def society():
    return World(citizens=1500, seed=3).simulate()


@pytest.fixture(scope="module")
def rater(society):
    return load_agency("sesame").with_scorer("scorecard").fit(society)


@pytest.fixture(scope="module")
def truths(rater, society):
    twins = Twins(people=200, seed=4)
    return [
        true_decomposition(rater, society, twins=twins, societies=number, **ASKED)
        for number in (0, 8)
    ]


def test_the_truth_says_which_question_each_interval_answers(truths):
    people, world = truths
    assert set(people.table["over"]) == {"people"}
    assert set(world.table["over"]) == {"societies"}
    assert world.parameters["societies"] == 8
    np.testing.assert_array_equal(people.table["estimate"], world.table["estimate"])
    for end in ("low", "high"):
        np.testing.assert_array_equal(people.table[end], world.table[f"{end}_people"])


def test_the_truth_over_societies_is_that_of_the_same_twins_resampled(truths, rater, society):
    twins = Twins(people=200, seed=4)

    def one(each):
        return true_decomposition(rater, each, twins=twins, societies=0, **ASKED)

    again = resample_societies(society, one, societies=8, seed=4)
    np.testing.assert_array_equal(again.table["low"], truths[1].table["low"])


def test_the_truth_of_a_world_is_wider_than_that_of_its_people(truths):
    """People share districts, of which a society of 1,500 has three."""
    people, world = (each.table.set_index("factor").eval("high - low") for each in truths)
    assert world["(gap)"] > 2 * people["(gap)"]


def test_the_truth_is_over_societies_unless_it_is_told_otherwise(rater, society, monkeypatch):
    monkeypatch.setattr("credit_ml.proxies.decomposition.truth.SOCIETIES", 8)
    found = true_decomposition(rater, society, twins=Twins(people=50), **ASKED)
    assert set(found.table["over"]) == {"societies"}
    assert found.parameters["societies"] == 8


def test_without_a_world_people_are_counted_and_societies_refused(rater, society):
    bare = SimpleNamespace(world=SimpleNamespace(seed=3), twin=society.twin)
    for name in ("records", "people", "outcome", "truth", "holders"):
        setattr(bare, name, getattr(society, name))
    with pytest.raises(InputError, match="the world is unknown; give societies=0"):
        true_decomposition(rater, bare, societies=8, **ASKED)
    with pytest.raises(InputError, match="give at least 8"):
        true_decomposition(rater, society, societies=2, **ASKED)


def test_what_friends_carry_has_no_interval_from_one_table(rater, society):
    dataset = rater.agency.view(society)
    found = decompose(rater, dataset, **ASKED)
    table = found.table.set_index("factor")
    friends = table.loc["relationships"]
    assert np.isfinite(friends["estimate"])
    assert np.isnan(friends[["low", "high"]].astype(float)).all()
    assert (friends["reason"], friends["over"]) == (OF_OTHERS, "")
    rest = table.drop(index="relationships")
    assert rest["low"].notna().all()
    assert set(rest["over"]) == {"clusters"}
    # Asked for people of this society, or of a table without such columns, it has one.
    asked = decompose(rater, dataset, over="people", **ASKED).table
    plain = decompose(rater, replace(dataset, of_others=()), **ASKED).table
    assert asked["low"].notna().all()
    assert plain["low"].notna().all()
    assert set(asked["over"]) == {"people"}


def test_other_societies_tell_what_one_table_cannot(rater, society):
    def one(each):
        return decompose(rater, rater.agency.view(each), **ASKED)

    found = resample_societies(society, one, societies=8).table.set_index("factor")
    assert found["low"].notna().all()
    assert set(found["over"]) == {"societies"}
    assert (found["reason"] == "").all()
    assert np.isnan(found.loc["relationships", "low_clusters"])


def test_a_comparison_keeps_what_each_method_counts(truths, rater, society):
    estimate = decompose(rater, rater.agency.view(society), **ASKED)
    both = compare([truths[1], estimate])
    told = both.table.groupby("method")["over"].unique().map(set)
    assert told["true_carrier"] == {"societies"}
    assert told["block_shapley"] == {"clusters", ""}
    again = type(both).from_dict(both.to_dict())
    assert again.table["over"].tolist() == both.table["over"].tolist()
    assert again.table["low_people"].dtype == float
