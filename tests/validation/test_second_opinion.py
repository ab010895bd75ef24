"""The package and the second opinion, both written from docs/society.md, make one society."""

from functools import cache
from importlib import util
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from credit_ml.society import COLUMNS, World, load_world, world_ids

# Loaded by its path: `--import-mode=importlib` puts no folder of tests on the path.
_spec = util.spec_from_file_location(
    "second_opinion", Path(__file__).with_name("second_opinion.py")
)
second_opinion = util.module_from_spec(_spec)
_spec.loader.exec_module(second_opinion)

PARTS = ("people", "records", "truth", "outcome", "holders")
SHARES_OF_SLOTS = (*second_opinion.CONTEXTS, "closure")

# Exact agreement on the same noise


def numbers(column):
    """Return a column of the package as doubles, categories by their code."""
    values = column.cat.codes if column.dtype == "category" else column
    return values.to_numpy(dtype=float)


def friends_of(ties):
    """Return each citizen's friends from the package's sparse array."""
    assert ties.has_sorted_indices
    return [part.tolist() for part in np.split(ties.indices, ties.indptr[1:-1])]


def agree_on_a_part(name, frame, opinion):
    """Assert that a table of the package has the columns and values of the second opinion."""
    assert set(frame.columns) == set(opinion)
    for column, values in opinion.items():
        ours, theirs = numbers(frame[column]), np.array(values, dtype=float)
        if np.array_equal(theirs, np.round(theirs), equal_nan=True):
            np.testing.assert_array_equal(ours, theirs, err_msg=f"{name}.{column}")
        # The package works in single precision, so what cancels to nearly 0 (capacity, tax above
        # the threshold) keeps an absolute error of a few 1e-7 of the terms.
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=5e-6, err_msg=f"{name}.{column}")


def agree(world):
    """Assert that the package and the second opinion make the same society."""
    society, opinion = world.simulate(), second_opinion.society(world.to_dict())
    for name in PARTS:
        agree_on_a_part(name, getattr(society, name), opinion[name])
    assert friends_of(society.ties) == opinion["ties"]
    return society


def altered(changes, **knobs):
    """Return a world with some named knobs changed, such as {"history.late_rate": 1.8}."""
    world = World(**knobs).to_dict()
    for name, value in changes.items():
        *groups, knob = name.split(".")
        group = world
        for key in groups:
            group = group[key]
        group[knob] = value
    return World.from_dict(world)


def test_the_second_opinion_knows_every_column():
    assert set(second_opinion.RECORDS) == set(COLUMNS)


@pytest.mark.parametrize("name", world_ids())
def test_every_named_world_is_the_same_society_twice(name):
    agree(load_world(name, citizens=500, seed=11))


@pytest.mark.parametrize("citizens", [1, 2, 600])
def test_worlds_of_any_size_are_the_same_society_twice(citizens):
    agree(World(citizens=citizens, seed=3))


@pytest.mark.parametrize(
    "changes",
    [
        {"ties.closure": 0.2, "ties.trust": 0.0, "ties.activity": 0.0},
        {"ties.slots": 0.7, "ties.workplace": 7},
        {"ties.slots": 0.0, "household.young": 0.0},
        {"platforms.pooled": True, "platforms.app_users": 0.2, "platforms.company_users": 0.1},
        {"platforms.cleared": True, "platforms.app_users": 0.0},
        {"household.by_gender": False},
        {"household.by_age": False, "household.homogamy": 1.0},
        {"household.by_gender": False, "household.by_age": False, "household.births.gender": 1.0},
        {"address.people_per_district": 3, "household.districts_per_school": 2},
        {"address.trust_sorting": 1.0, "address.dependence.age": 0.7, "population.trust.age": 0.5},
        {"capacity.age_limits": False, "history.age_limits": False, "civic.students_only": False},
        {"ratings.by_drivers": 0.5, "ratings.by_sellers": 0.0, "outcome.penalty": 2.0},
        {"history.late_rate": 50.0, "history.reported": 1.0, "identity.linked": 0.0},
        {"history.late_rate": 10.0, "history.reporting.hukou": -3.0},
    ],
    ids=lambda changes: ", ".join(f"{name} {value}" for name, value in changes.items()),
)
def test_worlds_with_changed_mechanisms_are_the_same_society_twice(changes):
    agree(altered(changes, citizens=400, seed=5))


def test_cities_and_blocks_are_the_same_society_twice():
    changes = {
        "address.citizens_per_city": 16384,
        "ties.slots": 2.0,
        "ties.closure": 0.1,
        "ties.activity": 0.05,
    }
    society = agree(altered(changes | {"ties.trust": 0.1}, citizens=16384 + 600, seed=2))
    between = society.ties[:16384, 16384:]
    assert society.people["city"].nunique() == 2
    assert between.nnz > 3000  # 16984 x 0.5 / 2, less double ones


def span(row):
    """Return the strategy for one knob: worlds that are unlike the baseline yet no caricature."""
    if isinstance(row.value, bool):
        return st.booleans()
    if row.low == -5:
        return st.floats(-1, 1)
    if row.low == 0 and row.high == 1:
        return st.floats(0, 0.5 if row.name in ("population.young", "population.old") else 1)
    low, high = 0.5 * row.value, min(2 * row.value + (row.value == 0), row.high)
    whole = isinstance(row.value, int)
    return st.integers(max(1, int(low)), int(high)) if whole else st.floats(low, high)


def knobs_to_draw():
    """Return a strategy for each knob but those of size, by its name."""
    frame = World().describe_frame().set_index("name")
    size = ["citizens", "seed", "address.citizens_per_city"]
    return {row.name: span(row) for _, row in frame.drop(index=size).iterrows()}


@given(changes=st.fixed_dictionaries(knobs_to_draw()), seed=st.integers(0, 2**62))
@settings(max_examples=8, deadline=None)
def test_worlds_drawn_at_random_are_the_same_society_twice(changes, seed):
    total = sum(changes[f"ties.{name}"] for name in SHARES_OF_SLOTS)
    for name in SHARES_OF_SLOTS:
        changes[f"ties.{name}"] /= max(1.001 * total, 1)
    # Differences by hukou that leave every share between 0 and 1.
    for name, part in {"minority": "minority", "women": "women", "young": "old"}.items():
        shares = [changes[f"population.{each}"] for each in (name, part)]
        changes[f"population.{name}_by_hukou"] *= min(*shares, *(1 - each for each in shares))
    agree(altered(changes, citizens=150, seed=seed))


# Agreement in distribution on other noise

SOCIETIES, CITIZENS = 160, 20
LEVEL = 0.001  # of a false alarm in any column
SMALL = {"address.people_per_district": 10, "ties.slots": 2.0}
LATE = {"history.late_rate": 1.8}  # 1.4 in the baseline


def flat(parts):
    """Return the numeric columns of one society, one row a citizen."""
    tables = [
        np.column_stack([numbers_of(parts[name][column]) for column in second_columns(name)])
        for name in PARTS
    ]
    # A value that many share must be one value to both, whatever the precision it was kept in.
    return np.round(np.hstack(tables), 5)


def numbers_of(column):
    """Return a column of either implementation as doubles."""
    return np.array(column, dtype=float) if isinstance(column, list) else numbers(column)


def second_columns(part):
    """Return the columns of a part that both implementations have."""
    columns = getattr(second_opinion, part.upper())
    return [column for column in columns if column not in ("city", "partner_row")]


NAMES = [f"{part}.{column}" for part in PARTS for column in second_columns(part)]


def parts_by_package(world):
    """Return the tables of a society that the package makes."""
    society = world.simulate()
    return {part: getattr(society, part) for part in PARTS}


@cache
def by_package(changed=False):
    """Return societies that the package makes: societies, citizens, columns."""
    changes = SMALL | (LATE if changed else {})
    worlds = [altered(changes, citizens=CITIZENS, seed=seed) for seed in range(SOCIETIES)]
    return np.array([flat(parts_by_package(world)) for world in worlds])


@cache
def by_second_opinion():
    """Return societies that the second opinion makes from other seeds."""
    first = 10_000
    worlds = [altered(SMALL, citizens=CITIZENS, seed=first + k) for k in range(SOCIETIES)]
    return np.array([flat(second_opinion.society(world.to_dict())) for world in worlds])


def means_of_societies(societies):
    """Return each society's mean of what is known, and its share of what is known."""
    known = ~np.isnan(societies)
    count = known.sum(axis=1)
    mean = np.where(known, societies, 0).sum(axis=1) / np.maximum(count, 1)
    return np.hstack([np.where(count > 0, mean, np.nan), known.mean(axis=1)])


def columns_that_differ_in_mean(a, b):
    """Return the columns whose means differ, where no column does with probability 1 - LEVEL.

    Citizens share districts, homes and friends, but societies share nothing: their means are
    independent, and the tests are those of means of societies.
    """
    a, b = means_of_societies(a), means_of_societies(b)
    error = np.sqrt(sum(np.nanvar(x, axis=0, ddof=1) / (~np.isnan(x)).sum(axis=0) for x in (a, b)))
    gap = np.nanmean(a, axis=0) - np.nanmean(b, axis=0)
    critical = stats.norm.isf(LEVEL / len(gap) / 2)
    names = NAMES + [f"{name} is known" for name in NAMES]
    return {name for name, g, e in zip(names, gap, error, strict=True) if abs(g) > critical * e}


def kolmogorov_smirnov(values, society, labels, points=500):
    """Return the two-sample KS statistic of one column for each row of labels of societies.

    Beyond so many values the distributions are compared at that many of them, evenly spaced: they
    are values of both samples together, so permutations do not move them.
    """
    known = ~np.isnan(values)
    values, society = values[known], society[known]
    grid = np.unique(values)
    grid = grid[np.linspace(0, len(grid) - 1, min(points, len(grid))).astype(int)]
    cell = society * len(grid) + np.searchsorted(grid, values)
    counts = np.bincount(cell, minlength=labels.shape[1] * len(grid)).reshape(-1, len(grid))
    below = counts.cumsum(axis=1).astype(float)  # citizens of a society at or below each point
    ours, theirs = (x.astype(float) @ below for x in (labels, ~labels))
    return np.abs(ours / ours[:, -1:] - theirs / theirs[:, -1:]).max(axis=1)


def p_value_of_the_distributions(a, b, permutations=999):
    """Return the probability of so large a KS statistic in any column if both are alike.

    Whole societies are exchanged between the samples, so what citizens of one society share does
    no harm; the largest statistic over columns, each in units of its mean, keeps the level of all
    columns together exactly, where Bonferroni's would be a bound.
    """
    both = np.concatenate([a, b])
    society = np.repeat(np.arange(len(both)), both.shape[1])
    rng = np.random.default_rng(0)
    labels = np.repeat((np.arange(len(both)) < len(a))[None], permutations + 1, axis=0)
    labels[1:] = rng.permuted(labels[1:], axis=1)
    # A column of two values differs in distribution as it differs in mean.
    columns = [column for column in both.reshape(-1, both.shape[2]).T if len(np.unique(column)) > 2]
    found = np.array([kolmogorov_smirnov(column, society, labels) for column in columns])
    scale = found.mean(axis=1, keepdims=True)
    largest = (found / scale).max(axis=0)
    return np.mean(largest >= largest[0])


def test_the_ks_statistic_is_the_one_of_scipy():
    rng = np.random.default_rng(1)
    values = rng.poisson(2.0, size=90) + np.where(np.arange(90) < 40, 0.0, rng.integers(0, 2, 90))
    labels = (np.arange(90) < 40)[None]
    expected = stats.ks_2samp(values[:40], values[40:], method="asymp").statistic
    assert kolmogorov_smirnov(values, np.arange(90), labels) == pytest.approx(expected)


def test_means_agree_on_other_noise():
    assert columns_that_differ_in_mean(by_package(), by_second_opinion()) == set()


def test_distributions_agree_on_other_noise():
    assert p_value_of_the_distributions(by_package(), by_second_opinion()) > LEVEL


def test_means_tell_a_changed_knob_apart():
    found = columns_that_differ_in_mean(by_package(changed=True), by_second_opinion())
    assert "records.late_payments" in found
    assert not found & {"records.income", "records.gaming_hours", "truth.trust"}


def test_distributions_tell_a_changed_knob_apart():
    assert p_value_of_the_distributions(by_package(changed=True), by_second_opinion()) <= LEVEL
