"""Intervals of what is averaged over people, who may share their chances with their cluster."""

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import InputError

Array = NDArray[np.float64]
Clusters = NDArray[np.intp] | None


def checked_level(intervals: float) -> float:
    """Return `intervals` when it is a level between 0 and 1, else raise InputError."""
    if not 0 < intervals < 1:
        raise InputError("intervals", f"is {intervals!r}", "give a level such as 0.95")
    return float(intervals)


def half_width(influence: Array, clusters: Clusters, *, level: float) -> Array:
    """Half of the interval of an estimate whose error is the mean influence of the people.

    ``t * sqrt(C / (C - 1) * sum over clusters of (sum of influence / people)**2)`` with Student's
    t of C - 1 degrees of freedom; each person is a cluster where none are given, and for a mean
    it is then Student's own interval. NaN for one cluster.

    Cost: one pass.

    Parameters
    ----------
    influence : ndarray of shape (people,) or (people, estimates)
        What each person pulls an estimate by, times the number of people; sums to 0.
    clusters : ndarray of int, shape (people,), or None
    level : float

    Returns
    -------
    ndarray of shape () or (estimates,)

    References
    ----------
    Cameron, A. C. and Miller, D. L. (2015). A practitioner's guide to cluster-robust inference.
    Journal of Human Resources 50(2), 317-372. Hampel, F. R. (1974). The influence curve and its
    role in robust estimation. Journal of the American Statistical Association 69, 383-393.

    Examples
    --------
    >>> float(half_width(np.array([-1.0, 0.0, 1.0]), None, level=0.95).round(3))
    2.484
    """
    from scipy import stats

    terms = influence / len(influence)
    if clusters is not None:
        _, place = np.unique(clusters, return_inverse=True)
        sums = np.zeros((place.max() + 1, *terms.shape[1:]))
        np.add.at(sums, place, terms)
        terms = sums
    number = len(terms)
    if number < 2:
        return np.full(terms.shape[1:], np.nan)
    quantile = float(stats.t.ppf((1 + level) / 2, number - 1))
    half: Array = quantile * np.sqrt(number / (number - 1) * (terms**2).sum(axis=0))
    return half


def of_means(values: Array, clusters: Clusters, *, level: float) -> tuple[Array, Array, Array]:
    """Mean of each column over people, with the ends of its interval.

    Examples
    --------
    >>> [round(float(part), 3) for part in of_means(np.array([1.0, 2.0, 3.0]), None, level=0.95)]
    [2.0, -0.484, 4.484]
    """
    mean = np.asarray(values.mean(axis=0))
    half = half_width(values - mean, clusters, level=level)
    return mean, mean - half, mean + half


def of_share(
    member: NDArray[np.bool_], clusters: Clusters, *, level: float
) -> tuple[float, float, float]:
    """Share of people, with an interval that is not empty at 0 or 1.

    All p with ``abs(share - p) <= t sqrt(p (1 - p) / m)``, m the number of independent people that
    would make the share as uncertain as the clusters make it; at a share of 0 or 1 the clusters.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212. Korn, E. L. and Graubard, B. I.
    (1998). Confidence intervals for proportions with small expected number of positive counts
    estimated from survey data. Survey Methodology 24, 193-201 (the effective sample size).

    Examples
    --------
    >>> share, low, high = of_share(np.ones(10, dtype=bool), None, level=0.95)
    >>> share, round(low, 3), round(high, 3)
    (1.0, 0.661, 1.0)
    """
    from scipy import stats

    share = float(member.mean())
    number = len(member) if clusters is None else len(np.unique(clusters))
    if number < 2:
        return share, np.nan, np.nan
    quantile = float(stats.t.ppf((1 + level) / 2, number - 1))
    half = float(half_width(member.astype("float64") - share, clusters, level=level))
    spread = share * (1 - share)
    effective = min(len(member), spread * (quantile / half) ** 2) if half > 0 else number
    ratio = quantile**2 / effective
    middle = (share + ratio / 2) / (1 + ratio)
    reach = np.sqrt(ratio * spread + ratio**2 / 4) / (1 + ratio)
    return share, float(max(0.0, middle - reach)), float(min(1.0, middle + reach))
