"""Means over worlds whose societies share their chance: a seed is one draw."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from credit_ml.inference import mean_of_worlds

WORLDS = ("a", "b", "c", "d", "e")


def cells(values, missing=()):
    """Cells of an array of shape (seeds, worlds)."""
    rows = [
        {"fact": "auc", "world": WORLDS[world], "seed": seed, "estimate": value}
        for seed, own in enumerate(values)
        for world, value in enumerate(own)
        if (seed, world) not in missing
    ]
    return pd.DataFrame(rows)


def correlated(generator, seeds, correlation):
    """Draws of variance 1 whose worlds correlate within a seed, about worlds of their own."""
    shared = generator.normal(size=(seeds, 1)) * np.sqrt(correlation)
    own = generator.normal(size=(seeds, len(WORLDS))) * np.sqrt(1 - correlation)
    return shared + own + np.arange(len(WORLDS))


def found_of(values, **how):
    return mean_of_worlds(cells(values, **how), ["fact"]).iloc[0]


@given(st.integers(0, 2**32 - 1), st.integers(2, 12))
def test_balanced_cells_have_students_interval_of_the_seeds_means(seed, seeds):
    values = correlated(np.random.default_rng(seed), seeds, 0.5)
    of_seeds = values.mean(axis=1)
    half = stats.t.ppf(0.975, seeds - 1) * of_seeds.std(ddof=1) / np.sqrt(seeds)
    found = found_of(values)
    assert found["estimate"] == pytest.approx(values.mean())
    assert found["high"] - found["estimate"] == pytest.approx(half)
    assert (found["seeds"], found["societies"]) == (seeds, seeds * len(WORLDS))


def replicates(seed, correlation, number=800, seeds=5):
    """Means of many draws, a fact each."""
    generator = np.random.default_rng(seed)
    shape = (number, seeds, len(WORLDS))
    values = correlated(generator, number * seeds, correlation).reshape(shape)
    index = pd.MultiIndex.from_product([range(size) for size in shape])
    drawn = pd.Series(values.ravel(), index).rename_axis(["fact", "seed", "world"])
    return mean_of_worlds(drawn.reset_index(name="estimate"), ["fact"])


@pytest.mark.parametrize("correlation", [0.0, 0.47, 1.0])
def test_the_squared_error_of_correlated_worlds_is_the_closed_one(correlation):
    """``(1 + (W - 1) r) / (W n)``; taken as independent, worlds would have 1 / (W n) always."""
    found = replicates(1, correlation)
    errors = (found["high"] - found["estimate"]) / stats.t.ppf(0.975, 4)
    true = (1 + (len(WORLDS) - 1) * correlation) / (len(WORLDS) * 5)
    assert (errors**2).mean() == pytest.approx(true, rel=0.1)


@pytest.mark.parametrize("correlation", [0.0, 0.47, 1.0])
def test_intervals_hold_the_mean_whatever_worlds_share(correlation):
    found = replicates(2, correlation)
    held = found["low"].le(2.0) & found["high"].ge(2.0)
    assert held.mean() == pytest.approx(0.95, abs=0.025)


def test_how_worlds_differ_is_no_error():
    values = np.array([[1.0, 9.0], [1.2, 9.2]])
    found = found_of(values)
    assert found["estimate"] == pytest.approx(5.1)
    assert found["high"] - found["low"] < 2.6


def test_worlds_with_fewer_seeds_count_alike_and_limit_the_freedom():
    """A world that lacks a seed does not move the mean by what worlds differ in."""
    generator = np.random.default_rng(3)
    values = correlated(generator, 8, 0.3)
    lacking = {(seed, 4) for seed in range(3, 8)}
    found = found_of(values, missing=lacking)
    means = [*values[:, :4].mean(axis=0), values[:3, 4].mean()]
    assert found["estimate"] == pytest.approx(np.mean(means))
    error = (found["high"] - found["estimate"]) / stats.t.ppf(0.975, 2)
    assert 0.05 < error < 0.6


def test_independent_worlds_of_one_seed_have_no_interval_and_say_why():
    found = found_of(np.array([[1.0, 2.0]]))
    assert np.isnan([found["low"], found["high"]]).all()
    assert found["reason"] == "a world has one seed"
    assert mean_of_worlds(cells([[np.nan]]), ["fact"]).empty


def test_facts_do_not_meet_and_bounds_are_kept():
    one, two = correlated(np.random.default_rng(4), 3, 0.5), np.full((3, 5), 0.99)
    both = pd.concat([cells(one), cells(two).assign(fact="share")])
    found = mean_of_worlds(both, ["fact"], bounds=(-np.inf, 0.99)).set_index("fact")
    assert found.loc["auc", "estimate"] == pytest.approx(one.mean())
    assert found.loc["share", ["low", "high"]].tolist() == pytest.approx([0.99, 0.99])


def test_facts_stand_in_the_order_of_the_cells_and_an_empty_label_is_one_too():
    """By hand: two worlds of three seeds, a fact without a name, an estimate that is missing."""
    table = pd.DataFrame(
        {
            "fact": ["z"] * 6 + [None] * 6 + ["a"],
            "part": pd.Categorical(["p"] * 12 + ["q"], ["q", "unused", "p"]),
            "world": ["w", "w", "w", "v", "v", "v"] * 2 + ["w"],
            "seed": [0, 1, 2] * 4 + [0],
            "estimate": [1.0, 2, 6, 4, 4, np.nan, 1, 1, 1, 1, 1, 4, 9],
        }
    )
    found = mean_of_worlds(table, ["fact", "part"], intervals=0.9, bounds=(0.0, 5.0))
    assert found["fact"].isna().tolist() == [False, True, False]
    assert found["fact"].tolist()[::2] == ["z", "a"]
    assert found["part"].astype(str).tolist() == ["p", "p", "q"]
    assert found["estimate"].tolist() == pytest.approx([3.5, 1.5, 9.0])
    assert found["seeds"].tolist() == [3, 3, 1]
    assert found["societies"].tolist() == [5, 6, 1]
    assert found["over"].tolist() == ["societies", "societies", ""]
    assert found["reason"].tolist() == ["", "", "a world has one seed"]
    assert np.isnan(found[["low", "high"]].iloc[2]).all()
    # Of the first fact: w has 1, 2, 6 about 3, v has 4, 4 about 4.
    moved = np.sqrt(3 / 2) * np.array([-2.0, -1.0, 3.0]) / 3 / 2
    half = stats.t.ppf(0.95, 1) * np.sqrt((moved**2).sum())
    assert found["low"][0] == pytest.approx(max(3.5 - half, 0.0))
    assert found["high"][0] == pytest.approx(min(3.5 + half, 5.0))
    assert found.columns.tolist() == [
        "fact",
        "part",
        "estimate",
        "low",
        "high",
        "seeds",
        "societies",
        "over",
        "reason",
    ]
    second = np.sqrt(3 / 2) * np.array([-1.0, -1.0, 2.0]) / 3 / 2
    half = stats.t.ppf(0.95, 2) * np.sqrt((second**2).sum())
    assert found["high"][1] == pytest.approx(1.5 + half)
    assert found["low"][1] == pytest.approx(max(1.5 - half, 0.0))


@given(st.sampled_from([0.0, 1.0]), st.integers(2, 12))
def test_a_share_that_no_seed_doubts_has_wilsons_interval_of_the_seeds(share, seeds):
    table = mean_of_worlds(cells(np.full((seeds, 5), share)), ["fact"], bounds=(0.0, 1.0))
    found, square = table.iloc[0], stats.t.ppf(0.975, seeds - 1) ** 2
    far = square / (seeds + square)
    ends = (0.0, far) if share == 0 else (1 - far, 1.0)
    assert (found["low"], found["high"]) == pytest.approx(ends)


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.95))
def test_a_shares_interval_stays_inside_and_is_students_where_seeds_are_many(seed, share):
    hits = np.random.default_rng(seed).random((400, 5)) < share
    values = hits.astype("float64")
    found = mean_of_worlds(cells(values), ["fact"], bounds=(0.0, 1.0)).iloc[0]
    plain = found_of(values)
    assert 0 <= found["low"] <= found["estimate"] <= found["high"] <= 1
    assert found["high"] - found["low"] == pytest.approx(plain["high"] - plain["low"], rel=0.05)


def squares(random, sets, seeds, freedom):
    """Cells of sets of mean squares, of mean 1: each seed's is chi-square by its freedom."""
    values = random.chisquare(freedom, (sets, seeds)) / freedom
    places = np.indices(values.shape).reshape(2, -1)
    cells = {"fact": places[0], "world": "a", "seed": places[1], "estimate": values.ravel()}
    return pd.DataFrame(cells)


@pytest.mark.parametrize(("seeds", "freedom"), [(10, 3.5), (10, 10.0), (20, 2.0), (20, 20.0)])
def test_mean_squares_of_few_seeds_have_intervals_that_hold_what_they_say(seeds, freedom):
    """Errors of the leaderboard: ten seeds, whose mean squares have some three degrees."""
    random = np.random.default_rng(5)
    table = squares(random, 2_000, seeds, freedom)
    found = mean_of_worlds(table, ["fact"], bounds=(0.0, np.inf))
    assert 0.925 <= (found["low"].le(1.0) & found["high"].ge(1.0)).mean() <= 0.965
    if freedom < 5:  # Student's holds less, for few large squares make mean and spread large
        plain = mean_of_worlds(table, ["fact"])
        assert (plain["low"].le(1.0) & plain["high"].ge(1.0)).mean() < 0.93


@given(st.integers(0, 2**32 - 1), st.floats(1e-6, 1e6))
def test_what_is_never_below_0_has_ends_above_it_whatever_its_unit(seed, unit):
    values = np.random.default_rng(seed).chisquare(3, (10, 5))
    one, other = (
        mean_of_worlds(cells(each), ["fact"], bounds=(0.0, np.inf)).iloc[0]
        for each in (values, unit * values)
    )
    assert other["low"] == pytest.approx(unit * one["low"])
    assert other["high"] == pytest.approx(unit * one["high"])
    assert 0 < one["low"] < one["estimate"] < one["high"]
    assert one["high"] - one["estimate"] > one["estimate"] - one["low"]
    # Near what is surely above 0 they are Student's.
    far = mean_of_worlds(cells(values + 1e4), ["fact"], bounds=(0.0, np.inf)).iloc[0]
    plain = found_of(values + 1e4)
    assert far["low"] == pytest.approx(plain["low"], rel=1e-4)
    assert far["high"] == pytest.approx(plain["high"], rel=1e-4)


def test_nothing_in_any_seed_is_0_for_certain_among_what_is_never_below_it():
    found = mean_of_worlds(cells(np.zeros((4, 5))), ["fact"], bounds=(0.0, np.inf)).iloc[0]
    assert (found["low"], found["estimate"], found["high"]) == (0.0, 0.0, 0.0)
