"""Estimates from sums are those of the people behind them."""

import numpy as np
import pytest
from scipy import stats

from credit_ml.inference import jackknifed, means_of_sums, shares_of_counts


def test_a_jackknife_of_a_mean_is_the_usual_interval() -> None:
    x = np.array([1.0, 2.0, 4.0, 9.0])
    left = np.array([np.delete(x, place).mean() for place in range(4)])
    found = jackknifed(x.mean(), left)
    error = x.std(ddof=1) / 2
    half = stats.t.ppf(0.975, 3) * error
    assert list(found.interval()) == pytest.approx([4.0 - half, 4.0 + half])
    assert float(found.people) == 4
    assert found.clusters == 4


def test_two_jackknifes_of_the_same_groups_share_their_error() -> None:
    x = np.array([1.0, 2.0, 4.0, 9.0])
    left = np.array([np.delete(x, place).mean() for place in range(4)])
    twice = jackknifed(x.mean(), left) - jackknifed(x.mean(), left)
    assert list(twice.interval()) == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize(
    ("value", "left", "known"),
    [(1.0, [1.0], False), (1.0, [0.5, 1.5], True), (np.nan, [1, 2], False)],
)
def test_a_jackknife_needs_two_groups_and_a_number(
    value: float, left: list[float], known: bool
) -> None:
    found = jackknifed(value, left)
    assert bool(np.isfinite(found.interval().low)) == known
    assert str(found.reason) == ("it is not defined" if np.isnan(value) else "")


def test_clusters_of_one_person_are_people() -> None:
    x = np.array([1.0, 5.0, 2.0, 8.0, 4.0] * 8)
    squares = np.asarray((x**2).sum())
    alone = means_of_sums(np.asarray(x.sum()), np.asarray(len(x)), squares)
    clustered = means_of_sums(x, np.ones(len(x)), squares, clustered=True)
    assert list(clustered.interval()) == pytest.approx(list(alone.interval()), rel=0.01)


def test_a_share_of_nobody_says_why() -> None:
    found = shares_of_counts(np.array([1, 0]), np.array([4, 0]), reason="nobody kept")
    assert found.value.tolist()[0] == 0.25
    assert np.isnan(found.value[1])
    assert found.reason.tolist() == ["", "nobody kept"]


def test_hits_of_clusters_are_summed() -> None:
    hits, people = np.array([[1], [3], [0]]), np.array([[2], [4], [2]])
    assert shares_of_counts(hits, people, clustered=True).value.tolist() == [0.5]
