"""Spreads: values by hand, and margins that are quantiles of the groups' own errors."""

import numpy as np
import pytest

from credit_ml.core import InputError
from credit_ml.inference import People, means_of_sums, shares_of_counts, spread

DRAWS = 200_000


def _means(values, errors, number=10_000):
    """Means of so many people, with these standard errors."""
    values, errors = np.asarray(values, dtype=float), np.asarray(errors, dtype=float)
    variance = errors**2 * number
    squares = variance * (number - 1) + number * values**2
    return means_of_sums(values * number, np.full(values.shape, number), squares)


def _errors(errors, seed=0):
    shape = (DRAWS, *np.shape(errors))
    return np.random.default_rng(seed).standard_normal(shape) * np.asarray(errors)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_margin_of_a_largest_difference_is_that_of_errors_of_equal_groups(level):
    values, errors = [1.0, 4.0, 2.5], [0.2, 0.5, 0.9]
    found = spread(_means(values, errors))
    drawn = _errors(errors)
    margin = np.quantile(np.ptp(drawn, axis=1), level)
    assert float(found) == pytest.approx(3.0)
    low, high = found.interval(level)
    assert high - 3.0 == pytest.approx(margin, rel=0.05)
    assert 3.0 - low == pytest.approx(min(margin, 3.0), rel=0.05)
    assert (found.clusters, found.over, float(found.people)) == (0, "people", 30_000.0)


def test_to_overall_it_is_the_largest_distance_from_the_weighted_mean():
    values, errors, weights = [1.0, 4.0, 2.5], [0.2, 0.5, 0.9], np.array([7.0, 2.0, 1.0])
    found = spread(_means(values, errors), against="to_overall", weights=weights)
    share = weights / weights.sum()
    overall = share @ values
    assert float(found) == pytest.approx(np.abs(values - overall).max())
    drawn = _errors(errors)
    far = np.abs(drawn - (drawn @ share)[:, None]).max(axis=1)
    assert found.interval().high - float(found) == pytest.approx(np.quantile(far, 0.95), rel=0.05)
    with pytest.raises(InputError, match="weights: are missing"):
        spread(_means(values, errors), against="to_overall")
    with pytest.raises(InputError, match="method"):
        spread(_means(values, errors), against="between")


def _two():
    values = np.array([[1.0, 10.0], [4.0, 11.0], [2.5, 10.5]])
    errors = np.array([[0.2, 0.5], [0.5, 0.1], [0.9, 0.3]])
    return values, errors, _means(values, errors)


def test_of_several_numbers_the_largest_the_mean_or_each():
    values, errors, groups = _two()
    own = np.ptp(values, axis=0)
    drawn = np.ptp(_errors(errors), axis=1)
    largest, mean, each = (spread(groups, together=how) for how in ("largest", "mean", "each"))
    assert float(largest) == pytest.approx(own.max())
    assert float(mean) == pytest.approx(own.mean())
    assert each.value.tolist() == pytest.approx(own.tolist())
    wide = np.quantile(drawn.max(axis=1), 0.95)
    assert largest.interval().high - own.max() == pytest.approx(wide, rel=0.05)
    wide = np.quantile(drawn.mean(axis=1), 0.95)
    assert mean.interval().high - own.mean() == pytest.approx(wide, rel=0.05)
    ends = each.interval()
    for place in range(2):
        alone = spread(groups[:, place])
        assert ends.low[place] == pytest.approx(alone.interval().low)
        assert ends.high[place] == pytest.approx(alone.interval().high)
        wide = np.quantile(drawn[:, place], 0.95)
        assert ends.high[place] - own[place] == pytest.approx(wide, rel=0.05)


@pytest.mark.parametrize("against", ["between_groups", "to_overall"])
def test_ratios_are_spreads_of_logarithms(against):
    hits, people = np.array([300, 500, 420]), np.array([1000, 1000, 700])
    groups = shares_of_counts(hits, people)
    asked = {"against": against, "weights": people if against == "to_overall" else None}
    found = spread(groups, ratio=True, **asked)
    rate = hits / people
    overall = hits.sum() / people.sum()
    if against == "between_groups":
        value = rate.min() / rate.max()
    else:
        value = np.minimum(rate / overall, overall / rate).min()
    assert float(found) == pytest.approx(value)
    assert found.bounds == (0.0, 1.0)
    low, high = groups.interval()
    down, up = np.log(rate / low) / 1.959964, np.log(high / rate) / 1.959964
    unit = _errors(np.ones(3))
    drawn = unit * np.where(unit > 0, down, up)
    if against == "between_groups":
        noise = np.ptp(drawn, axis=1)
    else:
        pull = rate * people / (rate * people).sum()
        noise = np.abs(drawn - (drawn @ pull)[:, None]).max(axis=1)
    margin = np.quantile(noise, 0.95)
    ends = found.interval()
    assert np.log(value / ends.low) == pytest.approx(margin, rel=0.05)
    assert np.log(min(1.0, value * np.exp(margin)) / ends.high) == pytest.approx(0, abs=0.02)


def test_errors_of_shares_are_those_of_near_equal_shares():
    hits, people = np.array([30, 50, 0]), np.array([100, 120, 40])
    found = spread(shares_of_counts(hits, people))
    smooth = (hits + 0.5) / (people + 1)
    margin = np.quantile(np.ptp(_errors(np.sqrt(smooth * (1 - smooth) / people)), axis=1), 0.95)
    assert float(found) == pytest.approx(50 / 120)
    assert found.interval().high - float(found) == pytest.approx(margin, rel=0.05)
    assert found.bounds == (0.0, 1.0)
    none = spread(shares_of_counts(hits, people), ratio=True)
    assert float(none) == 0.0
    assert none.interval().low == pytest.approx(0.0, abs=0.05)
    assert 0 < none.interval().high < 0.5


def test_over_clusters_what_moves_all_groups_alike_is_no_spread():
    rng = np.random.default_rng(3)
    codes, group = np.repeat(np.arange(40), 30), np.tile(np.arange(3), 400)
    luck = rng.normal(size=40)[codes]
    people = People(1200, codes, "clusters")

    def margin(values):
        member = (group[:, None] == np.arange(3)).astype(float)
        means = people.rate(values[:, None] * member, member, bounds=(-np.inf, np.inf))
        found = spread(means)
        assert (found.clusters, found.over) == (40, "clusters")
        alone = found.interval(over="people")
        ends = found.interval()
        assert ends.high >= alone.high - 1e-12
        return ends.high - float(found), np.sqrt(means.spread(clustered=True)).mean()

    shared, error = margin(luck + 0.01 * rng.normal(size=1200))
    own = rng.normal(size=(40, 3))[codes, group]
    apart, other = margin(own)
    # As large errors of each group: together they cancel, apart they do not.
    assert shared < 0.7 * apart * error / other
    moved = np.quantile(np.ptp(_errors(np.full(3, other)), axis=1), 0.95)
    assert apart == pytest.approx(moved, rel=0.25)


def test_groups_that_have_not_the_number_are_left_out_and_counted():
    hits = np.array([[5, 2], [8, 0], [0, 0], [0, 0]])
    people = np.array([[10, 4], [10, 0], [10, 0], [0, 0]])
    shares = shares_of_counts(hits, people, reason="nobody kept")
    both = spread(shares, together="each")
    assert both.value[0] == pytest.approx(0.8)
    assert np.isnan(both.value[1])
    assert both.reason.tolist() == ["", "2 groups left out: nobody kept"]
    whole = spread(shares)
    assert float(whole.people) == 30
    one = spread(shares_of_counts(np.array([5]), np.array([10])))
    assert np.isnan(float(one))
    assert str(one.reason) == "fewer than two groups"
    zero = spread(shares_of_counts(np.array([0, 0]), np.array([10, 10])), ratio=True)
    assert np.isnan(float(zero))
    assert str(zero.reason) == "all are 0"
    named = spread(shares_of_counts(np.array([5, 3, 0]), np.array([9, 9, 0]), reason="nobody"))
    assert float(named) == pytest.approx(2 / 9)
    few = spread(shares[:2])
    assert str(few.reason) == "1 group left out: nobody kept"
    with pytest.raises(TypeError, match="cannot be taken apart"):
        both[0]


@pytest.mark.parametrize("family", ["mean", "share"])
def test_the_same_groups_have_the_same_interval_whoever_asks(family):
    groups = (
        _means([1.0, 2.0], [0.1, 0.2])
        if family == "mean"
        else shares_of_counts(np.array([3, 9]), np.array([20, 30]))
    )
    assert spread(groups).interval() == spread(groups).interval()
    turned = spread(groups[::-1])
    assert float(turned) == float(spread(groups))
    half = spread(groups).interval(0.5)
    wide = spread(groups).interval(0.99)
    assert wide.low <= half.low
    assert wide.high > half.high
