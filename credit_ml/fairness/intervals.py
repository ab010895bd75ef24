"""Intervals: of a replicated statistic, of a spread between groups, of a share, of a mean."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy import stats

from credit_ml.core import InputError
from credit_ml.core.clusters import cluster_freedom, jackknife_variance

Limits = tuple[np.ndarray, np.ndarray]


def checked_level(intervals: float) -> float:
    """Return `intervals` when it is a level between 0 and 1, else raise InputError."""
    if not 0 < intervals < 1:
        raise InputError("intervals", f"is {intervals!r}", "give a level such as 0.95")
    return float(intervals)


def percentile(estimate: np.ndarray, replicates: np.ndarray, *, level: float) -> Limits:
    """Middle `level` of the replicates of each statistic, widened to hold its estimate.

    Parameters
    ----------
    estimate : ndarray, shape (...)
        NaN where the statistic is undefined; so is its interval then.
    replicates : ndarray, shape (draws, ...)
    level : float
        Such as 0.95.

    References
    ----------
    Efron, B. and Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall,
    chapter 13.

    Examples
    --------
    >>> percentile(np.array(0.5), np.linspace(0, 1, 101), level=0.9)
    (array(0.05), array(0.95))
    """
    unknown = np.isnan(estimate)
    known = np.where(unknown, 0.0, replicates) if unknown.any() else replicates
    low, high = quantiles(known, ((1 - level) / 2, (1 + level) / 2))
    # Smoothed replicates never reach the edge that an estimate of 0 or 1 sits on.
    low, high = np.minimum(low, estimate), np.maximum(high, estimate)
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)


def quantiles(replicates: np.ndarray, levels: Sequence[float]) -> list[np.ndarray]:
    """Quantiles over the first axis, between neighbours in proportion, as `numpy.quantile`.

    A vectorised sort is over twice as fast as the partition that numpy.quantile calls; NaN
    makes NaN.

    Examples
    --------
    >>> quantiles(np.array([4.0, 1.0, 2.0]), (0.5, 0.75))
    [array(2.), array(3.)]
    """
    ordered = np.sort(np.moveaxis(replicates, 0, -1), axis=-1)
    last = ordered.shape[-1] - 1
    found = []
    for level in levels:
        below = min(int(level * last), max(last - 1, 0))
        share = level * last - below
        low, high = ordered[..., below], ordered[..., min(below + 1, last)]
        with np.errstate(invalid="ignore"):
            between = np.where(low == high, low, low + share * (high - low))
        # Sorted, NaN lies last.
        found.append(np.where(np.isnan(ordered[..., -1]), np.nan, between))
    return found


def spread(
    centre: np.ndarray,
    replicates: np.ndarray,
    *,
    level: float,
    scale: Callable[[np.ndarray], np.ndarray] = np.asarray,
) -> Limits:
    """Interval of max - min over groups, right also when all groups are equal.

    The estimate max_g m_g - min_g m_g is never negative, so in a world without any difference
    it is biased upwards, and the percentiles of its replicates (which add noise to noise)
    never cover the true 0. Instead: let e = m - mu be the groups' errors. The range
    R(x) = max x - min x is a seminorm, so

        abs(R(m) - R(mu)) <= R(m - mu) = R(e)        whatever mu is,

    with equality when all mu_g are equal. With q the `level` quantile of R(m* - m) over the
    replicates, which imitates R(e), the interval [max(0, R(m) - q), R(m) + q] covers the true
    spread with probability at least `level`, and exactly that (up to the bootstrap) when the
    true spread is 0. A ratio min / max is exp(-R(log m)): the same on the log scale.

    Cost: groups x draws.

    Parameters
    ----------
    centre : ndarray, shape (groups, ...)
        Centre of the replicates of each group's metric: not NaN.
    replicates : ndarray, shape (draws, groups, ...)
    level : float
    scale : callable
        Applied to both; numpy.log for ratios.

    Returns
    -------
    low, high : ndarrays, shape (...)
        Of the spread on the scale.

    Examples
    --------
    >>> noise = np.array([[0.1, -0.1], [0.0, 0.2], [-0.3, 0.1]])
    >>> low, high = spread(np.array([0.5, 0.6]), 0.55 + noise, level=0.5)
    >>> float(low.round(3)), float(high.round(3))
    (0.0, 0.4)
    """
    centre, replicates = scale(centre), scale(replicates)
    deviation = replicates - centre
    (margin,) = quantiles(deviation.max(axis=1) - deviation.min(axis=1), (level,))
    width = centre.max(axis=0) - centre.min(axis=0)
    return np.maximum(0.0, width - margin), width + margin


def wilson(
    share: np.ndarray, people: np.ndarray, *, level: float, freedom: np.ndarray | float = np.inf
) -> Limits:
    """Score interval of a share of `people` independent people; never empty at 0 or 1.

    All p with abs(share - p) <= z sqrt(p (1 - p) / people). For people who are not independent
    give their number over the design effect, and the degrees of freedom it was estimated with:
    z is then Student's quantile.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association, 22(158), 209-212.

    Examples
    --------
    >>> low, high = wilson(np.array(0.0), np.array(10), level=0.95)
    >>> float(low.round(3)), float(high.round(3))
    (0.0, 0.278)
    """
    z2 = stats.t.ppf((1 + level) / 2, freedom) ** 2
    share, people = np.asarray(share, dtype="float64"), np.asarray(people, dtype="float64")
    middle = (share + z2 / (2 * people)) / (1 + z2 / people)
    half = np.sqrt(z2 * share * (1 - share) / people + (z2 / (2 * people)) ** 2)
    half = half / (1 + z2 / people)
    return np.minimum(middle - half, share), np.maximum(middle + half, share)


def of_mean(
    values: np.ndarray, *, level: float, clusters: np.ndarray | None = None
) -> tuple[float, float, float]:
    """Mean of values with Student's interval; no interval for one value.

    Parameters
    ----------
    values : ndarray
    level : float
    clusters : ndarray of int from 0, optional
        Who shares chances with whom (`variance_of_mean`); by default everybody is independent.

    Examples
    --------
    >>> [round(part, 3) for part in of_mean(np.array([1.0, 2.0, 3.0]), level=0.95)]
    [2.0, -0.484, 4.484]
    """
    mean = float(values.mean())
    if len(values) == 1:
        return mean, np.nan, np.nan
    variance, freedom = variance_of_mean(values, clusters)
    half = float(stats.t.ppf((1 + level) / 2, freedom) * np.sqrt(variance))
    return mean, mean - half, mean + half


def of_share(
    hits: np.ndarray, *, level: float, clusters: np.ndarray | None = None
) -> tuple[float, float, float]:
    """Share of True with Wilson's interval, of fewer people where neighbours are alike.

    The number of people is divided by the design effect, the variance over clusters by that
    over people.
    """
    share, people, freedom = float(hits.mean()), float(len(hits)), np.inf
    if clusters is not None and 0 < share < 1:
        variance, freedom = variance_of_mean(hits.astype("float64"), clusters)
        people *= float(hits.var(ddof=1)) / people / variance
        freedom = np.inf if people == len(hits) else freedom
    low, high = wilson(np.array(share), np.array(people), level=level, freedom=freedom)
    return share, float(low), float(high)


def variance_of_mean(values: np.ndarray, clusters: np.ndarray | None) -> tuple[float, float]:
    """Variance of a mean and its degrees of freedom, over people or over clusters.

    Over clusters it is the jackknife's, and never below that over people: by chance neighbours
    of a small group may look less alike than strangers.
    """
    alone = float(values.var(ddof=1) / len(values))
    if clusters is None:
        return alone, len(values) - 1.0
    codes = np.unique(clusters, return_inverse=True)[1]
    sums, sizes = np.bincount(codes, values), np.bincount(codes).astype("float64")
    variance, freedom = variance_of_sums(sums[:, np.newaxis], sizes, np.array([alone]))
    return float(variance[0]), freedom


def variance_of_sums(
    sums: np.ndarray, sizes: np.ndarray, alone: np.ndarray
) -> tuple[np.ndarray, float]:
    """`variance_of_mean` of several means at once, from their sums over clusters.

    Parameters
    ----------
    sums : ndarray, shape (clusters, means)
    sizes : ndarray, shape (clusters,)
        People, none of them 0.
    alone : ndarray, shape (means,)
        Variances over people.
    """
    people = sizes.sum()
    freedom = 1 / (1 / max(people - 1, 1.0) + 1 / float(cluster_freedom(sizes)))
    if len(sizes) < 2:
        return alone, freedom
    total = sums.sum(axis=0)
    left_out = (total - sums) / (people - sizes)[:, np.newaxis]
    return np.maximum(alone, jackknife_variance(left_out, total / people)), freedom


def student_factor(freedom: np.ndarray | float, *, level: float) -> np.ndarray:
    """Student's quantile over the normal's: how much an estimated variance widens an interval.

    Examples
    --------
    >>> [float(student_factor(freedom, level=0.95).round(3)) for freedom in (10, np.inf)]
    [1.137, 1.0]
    """
    tail = (1 + level) / 2
    return np.asarray(stats.t.ppf(tail, freedom) / stats.norm.ppf(tail))
