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
