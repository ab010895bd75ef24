"""Quantiles: an interval of a share, read back on the values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from credit_ml.inference import People
from credit_ml.inference.order import weighted_quantile


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
    assert facts["reason"] == "too few people to say how sure it is"
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


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
@pytest.mark.parametrize("clustered", [False, True])
def test_the_variance_is_that_of_the_share_by_the_density_squared(
    share: float, clustered: bool
) -> None:
    """Of exponential values q = -log(1 - p), where the density is 1 - p."""
    number = 4000
    x = -np.log(1 - (np.arange(number) + 0.5) / number)
    codes = np.random.default_rng(0).permutation(number) % 200
    people = People(number, clusters=codes, over="clusters" if clustered else "people")
    found = people.quantile(x, share)
    expected = share / (1 - share) / number
    variance = found.spread(clustered=clustered)
    assert float(found.variance) == pytest.approx(expected, rel=0.1)
    assert float(variance) == pytest.approx(expected, rel=0.35)
    # What each adds goes up where a person lies above the quantile.
    pulls = found.influence
    assert (pulls**2).sum() == pytest.approx(float(found.variance))
    assert pulls[x > found.value].min() > 0 > pulls[x <= found.value].max()
    assert found.bounds == (-np.inf, np.inf)


def test_a_quantile_moves_without_a_cluster_as_it_would_without_its_people() -> None:
    rng = np.random.default_rng(3)
    codes = np.repeat(np.arange(20), 100)
    x = rng.normal(size=20)[codes] * 0.3 + rng.normal(size=2000)
    found = People(2000, clusters=codes).quantile(x, 0.5)
    without = np.array([np.median(x[codes != each]) for each in range(20)]) - np.median(x)
    assert found.left_out is not None
    assert np.corrcoef(found.left_out, without)[0, 1] > 0.95
    assert np.polyfit(found.left_out, without, 1)[0] == pytest.approx(1, abs=0.2)


def test_values_that_are_all_alike_have_a_quantile_without_error() -> None:
    found = People(50).quantile(np.full(50, 7.0), 0.5)
    assert (float(found), float(found.variance)) == (7.0, 0.0)
    assert found.interval() == (7.0, 7.0)


def test_of_nobody_there_is_no_quantile() -> None:
    facts = People(4).quantile([1.0, 2.0, 3.0, 4.0], 0.5, np.zeros(4, dtype=bool)).facts()
    assert np.isnan(facts["estimate"])
    assert facts["reason"] == "nobody is counted"


@given(st.integers(0, 999), st.floats(0.1, 5.0), st.floats(-100, 100))
def test_quantiles_follow_the_unit_and_the_place_of_zero(
    seed: int, factor: float, shift: float
) -> None:
    x = np.random.default_rng(seed).normal(size=80)
    one, two = People(80).quantile(x, 0.4), People(80).quantile(factor * x + shift, 0.4)
    assert float(two) == pytest.approx(factor * float(one) + shift)
    assert float(two.variance) == pytest.approx(factor**2 * float(one.variance))
    ends = [factor * end + shift for end in one.interval()]
    assert two.interval() == pytest.approx(ends)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.77])
@pytest.mark.parametrize("clustered", [False, True])
def test_with_weights_ends_are_the_values_at_the_ranks_of_as_many_as_they_are_worth(
    share: float, clustered: bool
) -> None:
    rng = np.random.default_rng(5)
    x, own, codes = rng.normal(size=300), rng.gamma(2.0, 1.0, 300), rng.integers(0, 40, 300)
    people = People(300, codes, "clusters" if clustered else "people", own)
    found = people.quantile(x, share)
    order = np.argsort(x)
    rising, weight = x[order], own[order] / own.sum()
    up = np.cumsum(weight)
    assert float(found) == rising[np.searchsorted(up, share - 1e-12)]
    under = people.share(x <= float(found))
    for level in (0.8, 0.95):
        both = []
        for over in (False, True) if clustered else (False,):
            variance = float(under.spread(clustered=over))
            number = int(float(under.value) * (1 - float(under.value)) / variance + 1e-9)
            free = float(under.free(clustered=over))
            tail = stats.norm.sf(stats.t.ppf((1 + level) / 2, free))
            below, most = stats.binom.ppf([tail, 1 - tail], number, share)
            low = rising[int((up < below / number - 1e-9).sum())]
            down = np.cumsum(weight[::-1])
            high = rising[::-1][int((down < (number - most) / number - 1e-9).sum())]
            both.append((low, high))
        lows, highs = zip(*both, strict=True)
        assert found.interval(level) == pytest.approx((min(lows), max(highs)))
    low, high = under.ends(0.95, clustered=False)
    around = np.clip(np.array([low, high]) + share - float(under), 0, 1)
    left, right = (rising[min(np.searchsorted(up, each - 1e-12), 299)] for each in around)
    slope = (right - left) / (high - low)
    assert float(found.variance) == pytest.approx(slope**2 * float(under.variance))
    assert found.influence == pytest.approx(-slope * under.influence)
    if clustered:
        assert found.left_out == pytest.approx(-slope * under.left_out)
        spread = slope**2 * float(under.cluster_variance)
        assert float(found.cluster_variance) == pytest.approx(spread)


def test_several_values_of_each_person_have_the_persons_weight() -> None:
    x = np.array([[1.0, 5.0], [2.0, 6.0], [3.0, 7.0]])
    own = np.array([1.0, 1.0, 4.0])
    assert weighted_quantile(x, 0.5, own) == 3.0
    assert weighted_quantile(x, 0.58, own) == 5.0
    assert weighted_quantile(x, 0.5, None) == 4.0
    assert np.isnan(weighted_quantile(np.array([1.0, np.nan]), 0.5, None))
    assert np.isnan(weighted_quantile(np.array([]), 0.5, None))
    # The lowest value that, with all lower ones, has the share of the weight.
    assert weighted_quantile(np.array([9.0, 1.0, 4.0]), 0.25, np.array([2.0, 1.0, 1.0])) == 1.0
    assert weighted_quantile(np.array([9.0, 1.0, 4.0]), 0.26, np.array([2.0, 1.0, 1.0])) == 4.0


def test_a_quantile_of_a_missing_value_says_so() -> None:
    found = People(3).quantile([1.0, np.nan, 2.0], 0.5)
    assert np.isnan(float(found))
    assert found.facts()["reason"] == "a value is missing"
    assert found.bounds == (-np.inf, np.inf)
