"""Distances that chance alone makes positive: norms of many errors at once."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import Streams, worth
from credit_ml.inference.contributions import Bounds, interval_only
from credit_ml.inference.estimate import Estimate
from credit_ml.inference.largest import errors_of
from credit_ml.inference.people import People
from credit_ml.inference.quantiles import Array, Ends, quantile_over

#: Draws of the noise of a distribution function.
DRAWS = 500


@dataclass(frozen=True, eq=False, kw_only=True)
class Norm(Estimate):
    """A norm of errors, such as a calibration error (`norm_of` makes it)."""

    noise: Array
    """What the norm is without any truth behind it, shape (draws,)."""
    cluster_noise: Array | None = None

    def __getitem__(self, key: Any) -> Self:
        """Itself: it is one number."""
        return self

    def ends(self, level: float, *, clustered: bool) -> Ends:
        """Ends as those of `spread`."""
        noise = self.noise
        if clustered and self.cluster_noise is not None:
            noise = self.cluster_noise
        margin = quantile_over(noise, level)
        return np.maximum(self.value - margin, 0.0), self.value + margin


def norm_of(
    value: float,
    noise: Array,
    cluster_noise: Array | None,
    people: People,
    *,
    bounds: Bounds = (0.0, np.inf),
) -> Estimate:
    """A norm ``||d||`` of several deviations, with an interval that holds 0 where 0 is true.

    A norm is never negative, and positive by chance alone. Since ``| ||d|| - ||delta|| | <=
    ||d - delta||``, the interval is ``[max(0, ||d|| - q), ||d|| + q]`` with q the quantile of
    the norm of pure noise: see `spread`.

    Parameters
    ----------
    value : float
    noise : ndarray, shape (draws,)
        The norm of pure noise over people (`noise_of`, `distribution_noise`).
    cluster_noise : ndarray or None
        Over clusters, where they are counted.
    people : People
    bounds : tuple of float

    Examples
    --------
    >>> noise = np.linspace(0, 0.2, 101)
    >>> [round(end, 2) for end in norm_of(0.1, noise, None, People(50)).interval()]
    [0.0, 0.29]
    """
    alone = cluster_noise is None
    return Norm(
        value=np.asarray(value),
        clusters=0 if alone else people.cluster_count,
        people=np.asarray(float(people.size)),
        bounds=bounds,
        over="people" if alone else people.counted,
        reason=np.asarray("" if np.isfinite(value) else "it is not defined"),
        noise=noise,
        cluster_noise=cluster_noise,
        **interval_only(clustered=not alone),
    )


def noise_of(errors: Estimate, weights: Array, *, clustered: bool) -> Array:
    """Weighted sum of the sizes of errors, as chance makes it, over people or over clusters.

    Parameters
    ----------
    errors : Estimate, shape (numbers,)
        Of different people each.
    weights : ndarray, shape (numbers,)
    clustered : bool

    Examples
    --------
    >>> errors = People(100).rate(np.eye(2).repeat(50, axis=0), np.ones((100, 2)))
    >>> noise_of(errors, np.array([0.5, 0.5]), clustered=False).shape
    (2000,)
    """
    size = np.sqrt(np.nan_to_num(errors.spread(clustered=clustered)))
    drawn = errors_of(errors[:, np.newaxis], slice(None), each=False, clustered=clustered)[:, 0]
    return np.asarray(weights @ np.abs(drawn * size[:, np.newaxis]))


def distribution_noise(
    points: Array, grid: Array, parts: tuple[NDArray[np.bool_], NDArray[np.bool_]], people: People
) -> tuple[Array, Array | None]:
    """Errors of ``F_1 - F_2`` at a grid, over people and over clusters, shape (draws, grid).

    Over people each distribution function errs as a Brownian bridge at its shares (with weights
    its steps are those of the squared weights); over clusters the sum of each one's
    contributions goes up and down together.

    Examples
    --------
    >>> points, part = np.arange(20.0), np.arange(20) % 2 == 0
    >>> noise, shared = distribution_noise(points, points[::5], (part, ~part), People(20))
    >>> noise.shape, shared
    ((500, 4), None)
    """
    generator = Streams(0).generator("inference.distributions")
    weights = people.each
    # A person alone shows no spread.
    noise = np.full((DRAWS, len(grid)), np.nan if min(map(np.sum, parts)) < 2 else 0.0)
    for part in parts:
        order, own = np.argsort(points[part], kind="stable"), weights[part]
        under = np.searchsorted(points[part][order], grid, side="right")
        shares, steps = (_cumulated(each[order])[under] for each in (own, own * own))
        jumps = np.sqrt(np.maximum(np.diff(steps, prepend=0.0), 0.0))
        walk = generator.standard_normal((DRAWS, len(grid)))
        walk *= jumps
        np.cumsum(walk, axis=1, out=walk)
        rest = np.sqrt(max(0.0, 1 - steps[-1])) * generator.standard_normal((DRAWS, 1))
        walk -= shares * (walk[:, -1:] + rest)
        walk /= np.sqrt(worth(own))
        noise += walk
    if people.clusters is None or people.counted == "people":
        return noise, None
    size, sums = people.cluster_count, np.zeros((people.cluster_count, len(grid)))
    for sign, part in zip((1, -1), parts, strict=True):
        place = np.searchsorted(grid, points[part], side="left")
        cells = people.clusters[part] * (len(grid) + 1) + place
        own, total = weights[part], weights[part].sum()
        counts = np.bincount(cells, own, minlength=size * (len(grid) + 1)).reshape(size, -1)
        below = counts.cumsum(axis=1)[:, :-1]
        shares = below.sum(axis=0) / total
        sums += sign * (below - counts.sum(axis=1, keepdims=True) * shares) / total
    draws = generator.standard_normal((DRAWS, size)) * np.sqrt(size / max(size - 1, 1))
    return noise, np.asarray(draws @ sums) + 0 * noise[:, :1]


def _cumulated(weights: Array) -> Array:
    """Share of the first k of some weights, for each k from 0."""
    total = np.concatenate([[0.0], np.cumsum(weights)])
    return np.asarray(total / total[-1] if len(weights) else total)
