"""An auditor's three tests: sizes, powers, and least squares held to a second way."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from credit_ml.governance.political_use import auditor
from credit_ml.governance.political_use.auditor import (
    MarkedPeople,
    city_alarms,
    left_over,
    listing_alarms,
    of_records,
)
from credit_ml.governance.political_use.closed_form import cities_power
from credit_ml.inference import People


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(3)


def screened(points, mark, basis):
    both, rank = left_over(np.column_stack([mark.astype(float), points]), basis)
    return MarkedPeople(both[:, 0], rank), both[:, 1:]


def test_without_records_it_is_the_test_of_two_means(random) -> None:
    points, mark = random.normal(600, 100, 500), np.arange(500) < 30
    marked, left = screened(points, mark, np.ones((500, 1)))
    effect, error = marked.difference(left)
    known = stats.ttest_ind(points[mark], points[~mark], alternative="less")
    assert effect[0] == pytest.approx(points[mark].mean() - points[~mark].mean())
    assert effect[0] / error[0] == pytest.approx(known.statistic)


def test_with_records_it_is_least_squares_of_both(random) -> None:
    records = pd.DataFrame({"a": random.normal(size=400), "b": random.choice(["x", "y"], 400)})
    records.loc[:20, "a"] = np.nan
    basis = of_records(records)
    mark = random.random(400) < 0.2
    points = 5 * basis[:, -1] + random.normal(size=400) - mark
    marked, left = screened(points, mark, basis)
    effect, error = marked.difference(left)
    design = np.column_stack([mark, basis])
    whole, *_ = np.linalg.lstsq(design, points, rcond=None)
    rest = points - design @ whole
    freedom = 400 - np.linalg.matrix_rank(design)
    own = np.sqrt(rest @ rest / freedom * np.linalg.pinv(design.T @ design)[0, 0])
    assert effect[0] == pytest.approx(whole[0])
    assert error[0] == pytest.approx(own)
    assert marked.freedom == freedom


@given(listed=st.integers(0, 40), marked=st.integers(1, 39), alpha=st.floats(0.01, 0.2))
def test_false_alarms_of_lists_are_as_many_as_said(listed, marked, alpha) -> None:
    """Over all ways in which who is listed can fall, whoever is marked."""
    hits = np.arange(max(0, listed + marked - 40), min(listed, marked) + 1)
    chance = stats.hypergeom.pmf(hits, 40, listed, marked)
    mark = np.arange(40) < marked
    table = np.zeros((40, len(hits)), dtype=bool)
    for column, number in enumerate(hits):
        table[:number, column] = True
        table[marked : marked + listed - number, column] = True
    alarms = listing_alarms(table, mark, alpha)
    assert (np.diff(alarms) >= 0).all()
    assert float(chance @ alarms) == pytest.approx(alpha)


def test_false_alarms_of_points_are_as_many_as_said(random) -> None:
    basis = np.column_stack([np.ones(300), random.normal(size=(300, 20))])
    mark = random.random(300) < 0.08
    marked, left = screened(random.normal(size=(300, 4_000)), mark, basis)
    assert marked.alarms(left, 0.05).mean() == pytest.approx(0.05, abs=0.012)


def test_false_alarms_of_cities_are_as_many_as_said(random, monkeypatch) -> None:
    monkeypatch.setattr(auditor, "_ORDERS", 20)
    honest = random.normal(size=6_000)
    chance, moved = city_alarms(honest[:, None], honest, 20, 0.05, random=random)
    assert chance[0] == pytest.approx(0.05, abs=0.005)
    assert moved.sum() == pytest.approx(0.0, abs=1e-9)


def test_cities_beside_the_same_others_are_not_independent(random, monkeypatch) -> None:
    """Intervals hold the truth as often as they say, though cities share the others."""
    monkeypatch.setattr(auditor, "_ORDERS", 200)
    shifts = np.array([1.0, 2.0, 3.0])
    truth = cities_power(shifts, 12, 0.05)
    held, found, errors = [], [], []
    for _ in range(100):
        honest = random.normal(size=120)
        chance, moved = city_alarms(honest[:, None] + shifts, honest, 12, 0.05, random=random)
        told = People(120).from_influence(chance, moved, bounds=(0.0, 1.0), family="share")
        low, high = told.interval()
        held.append((low <= truth) & (truth <= high))
        found.append(told.value)
        errors.append(told.error())
    spread = np.std(found, axis=0)
    assert np.mean(found, axis=0) == pytest.approx(truth, abs=0.02)
    assert (np.mean(held, axis=0) >= 0.9).all()
    assert np.mean(errors, axis=0) == pytest.approx(spread, rel=0.25)


def test_one_who_is_beside_all_others_is_told_once() -> None:
    """Of as few cities as there can be each one's alarm is that of the only way to choose."""
    honest = np.array([0.0, 1.0, 2.0, 3.0, 50.0])
    chance, moved = city_alarms(honest[:, None], honest, 4, 0.05, random=np.random.default_rng(0))
    assert chance[0] == pytest.approx(0.2)
    assert np.allclose(moved, 0.0)


def test_records_that_say_who_is_marked_leave_nothing(random) -> None:
    mark = random.random(200) < 0.1
    marked, _ = screened(random.normal(size=200), mark, of_records(pd.DataFrame({"posts": mark})))
    assert not marked.usable
