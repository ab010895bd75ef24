"""Quantiles: an interval of a share, read back on the values."""

import numpy as np
import pytest

from credit_ml.inference import People


def test_the_ends_are_values_at_the_ends_of_the_share() -> None:
    x = np.arange(101.0)
    people = People(101)
    median = people.quantile(x, 0.5)
    share = people.share(x <= 50.0)
    low, high = share.interval()
    shift = 0.5 - float(share)
    ends = np.quantile(x, [low + shift, high + shift])
    assert list(median.interval()) == pytest.approx(list(ends))


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
