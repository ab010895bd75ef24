"""Noise of distribution functions is as large as theory says, and norms of it hold zero."""

import numpy as np
import pytest

from credit_ml.inference import People, distribution_noise, norm_of
from credit_ml.inference.norms import DRAWS, noise_of

#: Spread of a standard deviation of so many draws, four standard errors wide.
NEAR = 4 / np.sqrt(2 * DRAWS)


def halves(number: int) -> tuple[np.ndarray, np.ndarray]:
    part = np.arange(number) % 3 == 0
    return part, ~part


def test_over_people_each_function_errs_as_a_brownian_bridge() -> None:
    points = np.random.default_rng(0).random(900)
    parts, grid = halves(900), np.array([0.1, 0.3, 0.5, 0.9])
    noise, shared = distribution_noise(points, grid, parts, People(900))
    assert shared is None
    below = [(points[part][:, None] <= grid).mean(axis=0) for part in parts]
    expected = sum(
        (np.minimum.outer(share, share) - np.outer(share, share)) / part.sum()
        for share, part in zip(below, parts, strict=True)
    )
    size = np.sqrt(np.diag(expected))
    assert np.abs(noise.mean(axis=0)).max() < 4 * size.max() / np.sqrt(DRAWS)
    np.testing.assert_allclose(noise.std(axis=0), size, rtol=NEAR)
    found, wanted = np.corrcoef(noise.T), expected / np.outer(size, size)
    np.testing.assert_allclose(found, wanted, atol=4 / np.sqrt(DRAWS))


def test_where_all_are_below_nothing_errs() -> None:
    points = np.arange(60.0)
    noise, _ = distribution_noise(points, np.array([20.0, 59.0]), halves(60), People(60))
    assert np.abs(noise[:, 1]).max() < 1e-12
    assert noise[:, 0].std() > 0.05


def test_over_clusters_it_is_as_large_as_the_difference_of_shares_is_uncertain() -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 12, 600)
    points = rng.normal(size=12)[codes] + 0.3 * rng.normal(size=600)
    people, parts = People(600, clusters=codes, over="clusters"), halves(600)
    grid = np.quantile(points, [0.2, 0.5, 0.8, 1.0])
    _, shared = distribution_noise(points, grid, parts, people)
    assert shared is not None
    for place, threshold in enumerate(grid[:3]):
        shares = [people.share(points <= threshold, part) for part in parts]
        error = np.sqrt(float((shares[0] - shares[1]).cluster_variance))
        # The jackknife weighs large clusters a little more than the sum of influences.
        assert shared[:, place].std() == pytest.approx(error, rel=0.25)
    assert np.abs(shared[:, 3]).max() < 1e-12


def test_of_few_equal_clusters_it_is_the_jackknife_exactly() -> None:
    """Of C clusters the sum of squares grows by C / (C - 1): a seventh of the variance of eight."""
    ratios = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        codes, part = np.arange(480) % 8, np.arange(480) // 8 % 2 == 0
        points = rng.normal(size=8)[codes] * np.where(part, 1, -1) + 0.1 * rng.normal(size=480)
        people = People(480, clusters=codes, over="clusters")
        # Grids of other lengths are other draws.
        grid = np.sort(points)[np.linspace(60, 420, 2 + seed).astype(int)]
        _, shared = distribution_noise(points, grid, (part, ~part), people)
        assert shared is not None
        shares = [people.share(points <= grid[0], half) for half in (part, ~part)]
        variance = float((shares[0] - shares[1]).cluster_variance)
        ratios.append(shared[:, 0].var() / variance)
    assert np.mean(ratios) == pytest.approx(1, abs=0.08)


def test_one_person_has_noise_of_unknown_size() -> None:
    alone = np.arange(30) == 3
    noise, _ = distribution_noise(np.arange(30.0), np.array([5.0]), (alone, ~alone), People(30))
    assert np.isnan(noise).all()
    two = np.arange(30) < 2
    noise, _ = distribution_noise(np.arange(30.0), np.array([5.0]), (two, ~two), People(30))
    assert np.isfinite(noise).all()


def test_the_interval_is_the_quantile_of_the_noise_on_either_side() -> None:
    noise, people = np.linspace(0, 1, 101), People(40)
    found = norm_of(3.0, noise, None, people, bounds=(0.0, 3.5))
    assert found.interval(0.9) == pytest.approx((2.1, 3.5))
    assert found.interval(0.4) == pytest.approx((2.6, 3.4))
    assert found.facts()["people"] == 40
    assert (found.over, found.clusters) == ("people", 0)
    assert found.reason == ""
    assert norm_of(0.5, noise, None, people).interval(0.9).low == 0.0
    assert norm_of(np.nan, noise, None, people).facts()["reason"] == "it is not defined"


def test_where_clusters_are_counted_their_noise_is_used_and_never_the_smaller() -> None:
    codes = np.repeat(np.arange(30), 2)
    people = People(60, clusters=codes, over="clusters")
    noise = np.linspace(0, 1, 101)
    wide = norm_of(5.0, noise, 2 * noise, people)
    assert wide.interval(0.5) == pytest.approx((4.0, 6.0))
    assert wide.interval(0.5, over="people") == pytest.approx((4.5, 5.5))
    assert norm_of(5.0, noise, noise / 2, people).interval(0.5) == pytest.approx((4.5, 5.5))
    assert (wide.clusters, wide.over) == (30, "clusters")


def test_noise_of_a_weighted_sum_has_the_mean_of_folded_normals() -> None:
    weights, sizes = np.array([0.2, 0.3, 0.5]), (50, 100, 200)
    owner = np.repeat(np.arange(3), sizes)
    member = np.eye(3)[owner]
    hit = (np.arange(350) % 2)[:, None] * member
    errors = People(350).rate(hit, member)
    noise = noise_of(errors, weights, clustered=False)
    expected = (weights * np.sqrt(errors.variance)).sum() * np.sqrt(2 / np.pi)
    assert noise.mean() == pytest.approx(expected, rel=0.05)
    assert noise.min() >= 0
    spread = np.sqrt((weights**2 * errors.variance).sum() * (1 - 2 / np.pi))
    assert noise.std() == pytest.approx(spread, rel=0.1)


@pytest.mark.parametrize("clustered", [False, True])
def test_with_weights_distribution_functions_err_as_the_weighed_shares_do(clustered: bool) -> None:
    """At each point of the grid the spread of the noise is the error of a difference of shares."""
    rng = np.random.default_rng(7)
    size = 600
    points, own = rng.normal(size=size).round(1), rng.gamma(2.0, 1.0, size)
    codes = rng.integers(0, 60, size)
    people = People(size, codes, "clusters" if clustered else "people", own)
    one = np.arange(size) % 3 == 0
    grid = np.array([-1.0, -0.2, 0.5, 1.4])
    noise, shared = distribution_noise(points, grid, (one, ~one), people)
    assert noise.shape == (DRAWS, 4)
    assert (shared is None) != clustered
    for place, at in enumerate(grid):
        gap = people.share(points <= at, one) - people.share(points <= at, ~one)
        error = np.sqrt(float(gap.variance))
        assert noise[:, place].std() == pytest.approx(error, rel=0.12)
        if clustered:
            error = np.sqrt(float(gap.cluster_variance))
            assert shared[:, place].std() == pytest.approx(error, rel=0.15)
    # Neighbouring points of the grid move together, as shares of the same people do.
    pulls = [
        (people.share(points <= at, one) - people.share(points <= at, ~one)).influence
        for at in grid[:2]
    ]
    both = pulls[0] @ pulls[1] / np.sqrt((pulls[0] @ pulls[0]) * (pulls[1] @ pulls[1]))
    assert np.corrcoef(noise[:, 0], noise[:, 1])[0, 1] == pytest.approx(both, abs=0.12)


def test_a_norm_keeps_its_bounds_and_says_what_it_counts() -> None:
    people = People(50)
    noise = np.linspace(0, 1, 101)
    found = norm_of(0.7, noise, None, people, bounds=(0.0, 1.0))
    assert found.interval(0.5) == pytest.approx((0.2, 1.0))
    assert (found.bounds, found.over, found.clusters) == ((0.0, 1.0), "people", 0)
    assert float(found.people) == 50
    assert found[0] is found
    assert norm_of(0.7, noise, None, people).bounds == (0.0, np.inf)
    unknown = norm_of(np.nan, noise, None, people)
    assert str(unknown.reason) == "it is not defined"
    assert str(found.reason) == ""


def test_noise_over_clusters_has_the_correlations_of_what_clusters_move() -> None:
    """Two numbers that the same clusters move alike: the sizes of their errors rise together."""
    rng = np.random.default_rng(2)
    codes = np.repeat(np.arange(30), 20)
    people = People(600, codes, "clusters")
    luck = rng.normal(size=30)[codes]
    member = np.eye(2)[np.arange(600) % 2]
    errors = people.rate(luck[:, None] * member, member, bounds=(-np.inf, np.inf))
    noise = noise_of(errors, np.array([0.5, 0.5]), clustered=True)
    size = np.sqrt(errors.spread(clustered=True)).mean()
    # As one folded normal, not as the mean of two.
    assert noise.mean() == pytest.approx(size * np.sqrt(2 / np.pi), rel=0.1)
    assert noise.std() == pytest.approx(size * np.sqrt(1 - 2 / np.pi), rel=0.15)
    alone = noise_of(errors, np.array([0.5, 0.5]), clustered=False)
    own = np.sqrt(errors.variance).mean()
    assert alone.std() == pytest.approx(own * np.sqrt((1 - 2 / np.pi) / 2), rel=0.15)
