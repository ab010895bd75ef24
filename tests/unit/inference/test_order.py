"""Quantiles: an interval of a share, read back on the values."""

import numpy as np
import pytest
from scipy import stats

from credit_ml.inference import People


def test_the_ends_are_the_values_of_binomial_ranks() -> None:
    x = np.arange(101.0)
    low, high = People(101).quantile(x, 0.5).interval()
    # Fewer than 41 of 101 lie below the median with a chance of 2.3 %, and 42 would be too many.
    assert (low, high) == (40.0, 60.0)
    assert stats.binom.cdf(40, 101, 0.5) <= 0.025 < stats.binom.cdf(41, 101, 0.5)


@pytest.mark.parametrize("number", [6, 10, 40, 120])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_quantile_is_covered_in_the_tails_and_among_few(number: int, share: float) -> None:
    rng, people, truth = np.random.default_rng(number), People(number), -np.log(1 - share)
    ends = np.array(
        [people.quantile(rng.exponential(size=number), share).interval() for _ in range(400)]
    )
    # Whether there is an interval depends on nothing but the number of people.
    enough = min(share, 1 - share) >= 1 - 0.025 ** (1 / number)
    assert np.isnan(ends).all() == (not enough)
    if enough:
        assert ((ends[:, 0] <= truth) & (truth <= ends[:, 1])).mean() > 0.95 - 3 * 0.011


def test_one_person_has_a_quantile_without_an_interval_and_a_reason() -> None:
    facts = People(1).quantile([3.0], 0.5).facts()
    assert facts["estimate"] == 3.0
    assert np.isnan(facts["low"])
    assert facts["reason"] == "too few people or clusters to say how sure it is"
    assert People(2).quantile([1.0, np.nan], 0.5).facts()["reason"] == "a value is missing"


def test_a_change_of_the_same_peoples_median_is_certain_when_all_move_alike() -> None:
    x = np.random.default_rng(0).integers(0, 1000, 301).astype(float)
    people = People(301)
    change = people.quantile(x + 2.0, 0.5) - people.quantile(x, 0.5)
    assert float(change) == 2.0
    assert float(change.variance) == pytest.approx(0.0, abs=1e-9)


def test_clusters_widen_a_median_whose_people_share_chances() -> None:
    rng = np.random.default_rng(1)
    codes = np.repeat(np.arange(60), 10)
    x = rng.normal(size=60)[codes] + 0.1 * rng.normal(size=600)
    x = np.round(64 * x) / 64  # so that adding 1 is exact
    alone = People(600).quantile(x, 0.5).interval()
    shared = People(600, clusters=codes, over="clusters").quantile(x, 0.5).interval()
    assert shared.high - shared.low > 2 * (alone.high - alone.low)
    people = People(600, clusters=codes, over="clusters")
    median = people.quantile(x, 0.5)
    paired = people.quantile(x + 1.0, 0.5) - median
    assert float(paired.cluster_variance) == pytest.approx(0.0, abs=1e-9)
    assert median.cluster_variance > 4 * median.variance
