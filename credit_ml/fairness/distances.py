"""Distances between the distributions of the groups' scores."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from credit_ml.core import Dataset, Streams
from credit_ml.fairness.checks import Over, finite, named_features, over_clusters
from credit_ml.fairness.intervals import checked_level
from credit_ml.fairness.members import compared, influence_limits, mean_influence
from credit_ml.fairness.separation import (
    NOTHING,
    Limits,
    Separation,
    area,
    separation,
    separation_rows,
)

#: Points at which distribution functions are compared at most, equally many people apart.
POINTS = 1000
#: Draws of the noise that a distance has without any difference.
DRAWS = 500


def distribution_distances(
    scores: npt.ArrayLike,
    dataset: Dataset,
    *,
    sensitive: str | Sequence[str] | None = None,
    reference_group: str | None = None,
    intervals: float = 0.95,
    intervals_over: Over = "auto",
    seed: int = 0,
) -> Separation:
    """Distances between each group's scores and the reference group's.

    - wasserstein: area between the distribution functions, ``integral |F_g - F_r|``: how many
      points people must move on average to make the groups alike.
    - kolmogorov_smirnov: ``max |F_g - F_r|``: the largest gap in selection rates that any
      threshold makes.
    - standardised_mean_difference: difference of means over ``sqrt((v_g + v_r) / 2)``.
    - auc: share of pairs in which the group's member scores higher, ties half.

    0 (0.5 for auc) means alike. The first two are norms of F_g - F_r, never negative, so their
    intervals are ``distance +- q``, cut at 0, with q the quantile of the norm of pure noise, as
    in `spread`; noise is drawn at no more than `POINTS` points (the estimates are exact). The
    last two have intervals from influences, with Student's quantile.

    Cost: one sort a feature, then points x (people or clusters) once and draws.

    Parameters
    ----------
    scores : array-like of float, one a person
    dataset : Dataset
    sensitive : str or sequence of str, optional
    reference_group : str, optional
        Of a single feature; the most numerous by default.
    intervals : float
        Level.
    intervals_over : {"auto", "people", "clusters"}
        As in `audit`.
    seed : int

    Raises
    ------
    TableError
        When scores or features cannot be used.
    InputError
        When an option is out of range.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"score": [1.0, 2, 3, 2, 3, 4], "sex": list("fffmmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> found = distribution_distances(frame["score"], data).table
    >>> found.set_index("measure")["estimate"].round(3)["wasserstein"]
    np.float64(1.0)
    """
    level = checked_level(intervals)
    points = finite(scores, "scores", dataset.X.index)
    clusters, reason = over_clusters(dataset, intervals_over)
    streams = Streams(seed)
    rows = []
    for name in named_features(sensitive, dataset, needed=True):
        for group, one, reference, two in compared(dataset, name, reference_group):
            generator = streams.generator(f"fairness.distances.{name}.{group}")
            found = _norms(points, one, two, clusters, level, generator)
            found["standardised_mean_difference"] = _standardised(points, one, two, clusters, level)
            found["auc"] = area(points, one, two, clusters, level)
            rows += separation_rows(name, group, reference, found, int(one.sum()))
    return separation(
        rows, "How far the groups' scores lie apart", level, clusters, reason, streams.seed
    )


def _standardised(
    points: np.ndarray, one: np.ndarray, two: np.ndarray, clusters: np.ndarray | None, level: float
) -> Limits:
    """Difference of means in pooled standard deviations; its influence by the delta method."""
    means, moves, spreads, spread_moves = [], [], [], []
    for part in (one, two):
        mean, moved = mean_influence(points, part)
        spread, spread_moved = mean_influence((points - mean) ** 2, part)
        means.append(mean)
        moves.append(moved)
        spreads.append(spread)
        spread_moves.append(spread_moved)
    pooled = float(np.sqrt(sum(spreads) / 2))
    if pooled == 0:
        return NOTHING
    estimate = (means[0] - means[1]) / pooled
    influence = (moves[0] - moves[1]) / pooled
    influence -= estimate / (2 * pooled**2) * (spread_moves[0] + spread_moves[1]) / 2
    return (
        estimate, *influence_limits(estimate, influence, (one, two), clusters, level=level)
    )  # fmt: skip


def _norms(
    points: np.ndarray,
    one: np.ndarray,
    two: np.ndarray,
    clusters: np.ndarray | None,
    level: float,
    generator: np.random.Generator,
) -> dict[str, Limits]:
    where = np.sort(points[one | two])
    gap = _shares(points[one], where) - _shares(points[two], where)
    steps = np.diff(where)
    exact = {
        "wasserstein": float((np.abs(gap[:-1]) * steps).sum()),
        "kolmogorov_smirnov": float(np.abs(gap).max()),
    }
    # Noise at a thinned grid: between its points distribution functions move by 1 / POINTS.
    grid = where[:: max(1, len(where) // POINTS)]
    noise = np.zeros((DRAWS, len(grid)))
    if clusters is None:
        for part in (one, two):
            noise += _bridge(_shares(points[part], grid), int(part.sum()), generator)
    else:
        noise = _clustered_noise(points, one, two, clusters, grid, generator)
    widths = np.append(np.diff(grid), 0.0)
    margins = {
        "wasserstein": np.quantile((np.abs(noise) * widths).sum(axis=1), level),
        "kolmogorov_smirnov": np.quantile(np.abs(noise).max(axis=1), level),
    }
    return {
        name: (value, max(0.0, value - float(margins[name])), value + float(margins[name]))
        for name, value in exact.items()
    }


def _shares(points: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Share of the points at or below each place."""
    return np.asarray(np.searchsorted(np.sort(points), where, side="right") / len(points))


def _bridge(shares: np.ndarray, people: int, generator: np.random.Generator) -> np.ndarray:
    """Noise of an empirical distribution function: a Brownian bridge at its shares."""
    steps = np.sqrt(np.maximum(np.diff(shares, prepend=0.0), 0.0))
    walk = (generator.standard_normal((DRAWS, len(shares))) * steps).cumsum(axis=1)
    last = generator.standard_normal((DRAWS, 1)) * np.sqrt(max(0.0, 1 - shares[-1]))
    return np.asarray((walk - shares * (walk[:, -1:] + last)) / np.sqrt(people))


def _clustered_noise(
    points: np.ndarray,
    one: np.ndarray,
    two: np.ndarray,
    clusters: np.ndarray,
    grid: np.ndarray,
    generator: np.random.Generator,
) -> np.ndarray:
    """Noise of F_g - F_r: each cluster's sum of influences at the grid, times a normal."""
    size, sums = int(clusters.max()) + 1, 0.0
    for sign, part in ((1, one), (-1, two)):
        place = np.searchsorted(grid, points[part], side="left")
        cells = clusters[part] * (len(grid) + 1) + place
        counts = np.bincount(cells, minlength=size * (len(grid) + 1)).reshape(size, -1)
        below = counts.cumsum(axis=1)[:, :-1]
        shares = below.sum(axis=0) / part.sum()
        sums = sums + sign * (below - counts.sum(axis=1, keepdims=True) * shares) / part.sum()
    draws = generator.standard_normal((DRAWS, size)) * np.sqrt(size / max(size - 1, 1))
    return np.asarray(draws @ sums)
