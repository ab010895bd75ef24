"""Estimates from sums are those of the people behind them."""

import numpy as np
import pytest
from scipy import stats

from credit_ml.inference import (
    People,
    Weighed,
    function_of_counts,
    jackknifed,
    means_of_sums,
    rank_correlation,
    shares_of_counts,
    weighed_means,
)
from credit_ml.inference.clusters import cluster_freedom
from credit_ml.inference.counts import stacked_jackknife


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
    [
        (1.0, [1.0], False),
        (1.0, [0.5, 1.5], True),
        (np.nan, [1, 2], False),
        (1.0, [np.inf, 1, 2], False),
        (1.0, [np.nan, 1], False),
    ],
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


def test_a_share_by_its_counts_has_the_variance_of_a_binomial() -> None:
    def share(tables: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            return tables[:, [1]] / tables.sum(axis=1, keepdims=True)

    found = function_of_counts(share, np.array([300.0, 700.0]), bounds=(0.0, 1.0))
    p = 700.5 / 1001
    assert float(found.value[0]) == 0.7
    assert float(found.variance[0]) == pytest.approx(p * (1 - p) / 1001 * 1000 / 999, rel=1e-3)
    assert found.bounds == (0.0, 1.0)
    assert float(found.people[0]) == 1000
    assert found.reason.tolist() == [""]
    nobody = function_of_counts(share, np.array([0.0, 0.0]))
    assert np.isnan([nobody.value[0], nobody.variance[0]]).all()
    assert nobody[0].facts()["reason"] == "it is not defined"
    # Of nobody who kept, half a person more is not certain.
    none = function_of_counts(share, np.array([50.0, 0.0]))
    assert float(none.variance[0]) > 0
    # A cell that cannot have anybody adds nothing.
    empty = function_of_counts(share, np.array([50.0, 0.0]), pseudo=np.array([0.5, 0.0]))
    assert float(empty.variance[0]) == pytest.approx(0.0, abs=1e-6)


def test_a_function_of_counts_leaves_clusters_out() -> None:
    rng = np.random.default_rng(0)
    people = rng.integers(20, 60, 15)
    hits = rng.binomial(people, 0.5)
    tables = np.stack([people - hits, hits], axis=1)
    found = function_of_counts(
        lambda t: t[:, [1]] / t.sum(axis=1, keepdims=True), tables.sum(axis=0), by_cluster=tables
    )
    expected = shares_of_counts(hits, people, clustered=True)
    assert found.left_out is not None
    np.testing.assert_allclose(found.left_out[:, 0], expected.left_out)
    assert float(found.cluster_variance[0]) == pytest.approx(float(expected.cluster_variance))
    assert (found.clusters, found.over) == (15, "clusters")
    limited = function_of_counts(
        lambda t: t[:, [1]] / t.sum(axis=1, keepdims=True),
        tables.sum(axis=0),
        by_cluster=tables,
        sizes=np.r_[np.full(3, 100.0), np.zeros(12)],
    )
    assert float(limited.cluster_freedom[0]) == pytest.approx(2, abs=0.1)
    assert float(found.cluster_freedom[0]) > 10


@pytest.mark.parametrize("clustered", [False, True])
def test_several_groups_have_each_the_jackknife_of_its_own_blocks(clustered: bool) -> None:
    rng = np.random.default_rng(1)
    x, block = rng.normal(size=60), np.repeat(np.arange(12), 5)
    # The second group is in the first five blocks alone.
    groups = [np.ones(60, dtype=bool), block < 5]
    values = np.array([x[who].mean() for who in groups])
    without = np.array([[x[who & (block != b)].mean() for who in groups] for b in range(12)])
    members = np.array([[(who & (block == b)).sum() for who in groups] for b in range(12)])
    found = stacked_jackknife(
        values, without, members=members, clustered=clustered, bounds=(-9.0, 9.0)
    )
    for place, blocks in enumerate((12, 5)):
        means = np.array([x[block == b].mean() for b in range(blocks)])
        assert float(found.variance[place]) == pytest.approx(means.var(ddof=1) / blocks)
        assert float(found.freedom[place]) == blocks - 1
    assert found.people.tolist() == [60, 25]
    assert found.over == ("clusters" if clustered else "people")
    assert found.clusters == (12 if clustered else 0)
    assert (found.left_out is not None) == clustered
    assert found.bounds == (-9.0, 9.0)
    if clustered:
        np.testing.assert_allclose(found.cluster_variance, found.variance)
        assert found.cluster_freedom[1] < 5
    nobody = stacked_jackknife(
        np.array([np.nan]), np.full((3, 1), np.nan), members=np.zeros((3, 1)), reasons=["none"]
    )
    assert nobody[0].facts()["reason"] == "none"
    assert np.isnan(nobody.variance[0])


@pytest.mark.parametrize(("kind", "factor", "lost"), [("kendall", 0.437, 4), ("spearman", 1.06, 3)])
def test_a_rank_correlation_has_fiellers_interval(kind: str, factor: float, lost: int) -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=50)
    y = x + rng.normal(size=50)
    found = rank_correlation(x, y, kind)
    value = (stats.kendalltau if kind == "kendall" else stats.spearmanr)(x, y).statistic
    half = 1.959964 * np.sqrt(factor / (50 - lost))
    assert found.interval() == pytest.approx(np.tanh(np.arctanh(value) + np.array([-half, half])))
    assert float(rank_correlation(x, -y, kind)) == pytest.approx(-value)
    assert float(rank_correlation(x, x, kind)) == pytest.approx(1.0)
    few = rank_correlation(x[:lost], y[:lost], kind)
    assert np.isnan(float(few.variance))
    assert np.isfinite(
        float(rank_correlation(x[: lost + 1], [2.0, 1, 3, 5, 4][: lost + 1], kind).variance)
    )
    assert str(rank_correlation(x, np.ones(50), kind).reason) == "a number does not vary"
    missing = rank_correlation(x, np.where(np.arange(50) == 3, np.nan, y), kind)
    assert str(missing.reason) == "a value is missing"


def test_means_of_sums_are_those_of_people_over_clusters_too() -> None:
    rng = np.random.default_rng(3)
    x, codes = rng.normal(5, 2, 200), rng.integers(0, 14, 200)
    direct = People(200, clusters=codes).mean(x)
    sums, number = (np.bincount(codes, each) for each in (x, np.ones(200)))
    found = means_of_sums(sums, number, np.asarray((x**2).sum()), clustered=True)
    assert float(found) == pytest.approx(x.mean())
    assert float(found.variance) == pytest.approx(x.var(ddof=1) / 200)
    assert float(found.cluster_variance) == pytest.approx(float(direct.cluster_variance))
    assert float(found.cluster_freedom) == pytest.approx(float(direct.cluster_freedom))
    assert np.isnan(float(means_of_sums(np.array(2.0), np.array(1), np.array(4.0)).variance))
    nobody = means_of_sums(np.array(0.0), np.array(0), np.array(0.0))
    assert str(nobody.reason) == "nobody is counted"


@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("family", ["mean", "share"])
@pytest.mark.parametrize("equal", [False, True])
def test_sums_of_people_with_weights_say_what_people_say(
    clustered: bool, family: str, equal: bool
) -> None:
    """All that an interval is made of, of several groups, one of one person, one of nobody."""
    rng = np.random.default_rng(11)
    size = 150
    group = np.r_[rng.integers(0, 3, size - 1), 3]  # one person in the fourth, nobody in the fifth
    codes, own = rng.integers(0, 12, size), rng.gamma(2.0, 1.0, size)
    own = np.where(group == 0, own.mean(), own) if equal else own
    own /= own.mean()
    y = (rng.random(size) < 0.3) * 1.0 if family == "share" else rng.normal(2, 1, size)
    people = People(size, clusters=codes, over="clusters" if clustered else "people", weights=own)

    def sums(values: np.ndarray) -> np.ndarray:
        if clustered:
            return np.bincount(codes * 5 + group, values, 60).reshape(12, 5)
        return np.bincount(group, values, 5)

    def whole(values: np.ndarray) -> np.ndarray:
        return np.bincount(group, values, 5)

    weighed = Weighed(sums(own), whole(own**2), whole(np.ones(size)))
    found = weighed_means(
        sums(own * y),
        weighed,
        whole((own * y) ** 2),
        whole(own**2 * y),
        clustered=clustered,
        **({} if family == "mean" else {"family": "share"}),
        bounds=(-9.0, 9.0),
    )
    assert found.bounds == ((0.0, 1.0) if family == "share" else (-9.0, 9.0))
    assert found.family == family
    assert found.people.tolist() == whole(np.ones(size)).tolist()
    assert found.reason.tolist() == ["", "", "", "", "nobody is counted"]
    for place in range(4):
        who = group == place
        theirs = people.share(y, who) if family == "share" else people.mean(y, who)
        names = ["value", "variance", "freedom", "worth"]
        for name in names + (["cluster_variance", "cluster_freedom"] if clustered else []):
            assert float(getattr(found[place], name)) == pytest.approx(
                float(getattr(theirs, name)), nan_ok=True, abs=1e-12
            ), (place, name)
        assert list(found[place].interval()) == pytest.approx(list(theirs.interval()), nan_ok=True)
        assert (found.over, found.clusters) == (theirs.over, theirs.clusters)
    assert np.isnan(found.value[4])
    assert np.isnan(found[4].interval()).all()


def test_means_of_sums_keep_their_bounds_and_their_reason() -> None:
    found = means_of_sums(
        np.array([3.0, 0.0, 2.0]), np.array([3, 0, 1]), np.array([5.0, 0, 4]), bounds=(0.0, 2.0)
    )
    assert found.bounds == (0.0, 2.0)
    assert found.reason.tolist() == ["", "nobody is counted", ""]
    assert found.freedom.tolist() == [2.0, 1.0, 1.0]
    assert found.people.tolist() == [3, 0, 1]
    assert found.variance[0] == pytest.approx((5 - 3) / 2 / 3)
    assert np.isnan(found.variance[1:]).all()
    assert found.family == "mean"
    assert found[0].interval().high == 2.0
    shares = shares_of_counts(np.array([2, 0]), np.array([8, 0]))
    assert shares.variance[0] == pytest.approx(0.25 * 0.75 / 8)
    assert (shares.bounds, shares.family) == ((0.0, 1.0), "share")
    assert shares.people.tolist() == [8, 0]
    assert np.isinf(shares.freedom).all()
    assert shares.reason.tolist() == ["", "nobody is counted"]


def test_jackknifes_keep_bounds_and_count_whom_they_leave_out() -> None:
    left = np.array([0.4, 0.5, 0.9])
    found = jackknifed(0.6, left, bounds=(0.0, 1.0))
    assert found.bounds == (0.0, 1.0)
    assert float(found.variance) == pytest.approx(((left - left.mean()) ** 2).sum() * 2 / 3)
    assert float(found.cluster_variance) == float(found.variance)
    assert (found.over, found.clusters, float(found.people)) == ("people", 3, 3.0)
    assert float(found.freedom) == float(found.cluster_freedom) == 2
    assert found.interval(over="clusters") == pytest.approx(found.interval())
    other = jackknifed(0.2, left[::-1], bounds=(0.0, 1.0))
    gap = found - other
    moved = (left - left.mean()) - (left - left.mean())[::-1]
    assert float(gap.variance) == pytest.approx((moved**2).sum() * 2 / 3)
    nothing = jackknifed(0.5, [])
    assert np.isnan(float(nothing.variance))
    assert float(nothing.people) == 0
    assert float(nothing.freedom) == 1


def test_a_stack_says_why_and_counts_who_is_there() -> None:
    values = np.array([1.0, np.nan, 2.0])
    left = np.array([[1.5, np.nan, np.nan], [0.5, np.nan, 3.0]])
    members = np.array([[3, 1, 1], [2, 0, 4]])
    found = stacked_jackknife(values, left, members=members, reasons=["", "none", ""])
    assert found.people.tolist() == [5, 1, 5]
    assert found.reason.tolist() == ["", "none", ""]
    assert found.variance[0] == pytest.approx((0.25 + 0.25) / 2)
    assert np.isnan(found.variance[1])
    # Where nothing is left without a block, it does not move.
    assert found.variance[2] == pytest.approx(1.0 / 2)
    assert found.freedom.tolist() == [1.0, 1.0, 1.0]
    assert (found.over, found.clusters, found.left_out) == ("people", 0, None)
    plain = stacked_jackknife(values[:1], left[:, :1], members=members[:, :1])
    assert plain.reason.tolist() == [""]
    assert plain.bounds == (-np.inf, np.inf)
    alone = stacked_jackknife(np.array([1.0]), np.array([[np.nan]]), members=np.array([[1]]))
    assert np.isnan(alone.variance[0])
    over = stacked_jackknife(values, left, members=members, clustered=True)
    assert over.cluster_variance.tolist() == pytest.approx(over.variance.tolist(), nan_ok=True)
    limit = cluster_freedom(members)
    assert over.cluster_freedom.tolist() == pytest.approx(
        (1 / (1 / np.maximum(over.freedom, 1) + 1 / np.maximum(limit, 1))).tolist(), nan_ok=True
    )


def test_a_rank_correlation_of_equal_order_or_of_few_has_no_variance() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=30)
    found = rank_correlation(x, x + rng.normal(size=30))
    value = stats.kendalltau(x, x).statistic
    assert float(rank_correlation(x, x)) == value == 1.0
    assert np.isnan(float(rank_correlation(x, x).variance))
    assert np.isnan(float(rank_correlation(x, -x).variance))
    assert float(found.variance) == pytest.approx((1 - float(found) ** 2) ** 2 * 0.437 / 26)
    assert (found.family, found.bounds, float(found.people)) == ("correlation", (-1.0, 1.0), 30.0)
    assert str(found.reason) == ""


def test_slopes_of_a_function_of_counts_are_two_sided_and_people_may_have_weights() -> None:
    def share(tables: np.ndarray) -> np.ndarray:
        return tables[:, [1]] / tables.sum(axis=1, keepdims=True)

    counts, squares = np.array([40.0, 60.0]), np.array([60.0, 120.0])
    found = function_of_counts(share, counts, squares=squares, pseudo=0.0)
    p, n = 0.6, 100.0
    slope = np.array([-p / n, (1 - p) / n])
    assert float(found.variance[0]) == pytest.approx((squares * slope**2).sum() * 100 / 99)
    more = function_of_counts(share, counts, squares=squares)
    q, m = 60.5 / 101, 101.0
    slope = np.array([-q / m, (1 - q) / m])
    assert float(more.variance[0]) == pytest.approx(((squares + 0.5) * slope**2).sum() * 100 / 99)
    assert more.bounds == (-np.inf, np.inf)
    one = function_of_counts(share, np.array([0.0, 1.0]))
    q, m = 0.75, 2.0
    slope = np.array([-q / m, (1 - q) / m])
    assert float(one.variance[0]) == pytest.approx((np.array([0.5, 1.5]) * slope**2).sum())
    # At the edge of the table the slope is that to the one side.
    edge = function_of_counts(lambda t: t[:, [0]] ** 2, np.array([0.0]), pseudo=0.0)
    assert float(edge.variance[0]) == pytest.approx(0.0, abs=1e-7)
    assert function_of_counts(
        lambda t: t[:, [0]] * 3, np.array([0.0]), pseudo=0.0, squares=np.array([2.0])
    ).variance[0] == pytest.approx(0.0)
