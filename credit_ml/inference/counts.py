"""Estimates from sums over people: a tally of a million needs nothing of their size."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from credit_ml.inference.clusters import (
    both_limit,
    cluster_freedom,
    jackknife_variance,
    left_out_ratio,
)
from credit_ml.inference.contributions import UNBOUNDED
from credit_ml.inference.estimate import Estimate
from credit_ml.inference.quantiles import Array


def shares_of_counts(
    hits: Array, people: Array, *, clustered: bool = False, reason: str = "nobody is counted"
) -> Estimate:
    """Shares of any shape S from counts, or from counts by cluster.

    The same estimates and intervals as `People.share` and `People.rate` of the people behind the
    counts; give ``disjoint=True`` to `difference` and `ratio` of two groups of them.

    Parameters
    ----------
    hits, people : ndarray of shape S, or (clusters, *S) when clustered
    clustered : bool
        Whether the first axis is that of clusters, and intervals count them.
    reason : str
        Why a share of nobody is NaN.

    Examples
    --------
    >>> found = shares_of_counts(np.array([0, 5, 0]), np.array([10, 10, 0]))
    >>> found.interval().high.round(3)
    array([0.278, 0.763,   nan])
    """
    total, size = (
        np.asarray(part.sum(axis=0) if clustered else part, dtype="float64")
        for part in (hits, people)
    )
    value = np.divide(total, size, out=np.full(size.shape, np.nan), where=size > 0)
    variance = np.divide(value * (1 - value), size, out=np.zeros(size.shape), where=size > 0)
    freedom = np.full(size.shape, np.inf)
    return Estimate(
        value=value,
        variance=np.where(size > 0, variance, np.nan),
        freedom=freedom,
        people=size,
        worth=size,
        family="share",
        bounds=(0.0, 1.0),
        reason=np.where(size > 0, "", reason).astype(object),
        **(_over_clusters(hits, people, freedom) if clustered else {}),
    )


def means_of_sums(
    sums: Array,
    people: Array,
    squares: Array,
    *,
    clustered: bool = False,
    bounds: tuple[float, float] = UNBOUNDED,
) -> Estimate:
    """Means of any shape S from sums and sums of squares: as `People.mean` of the people.

    Parameters
    ----------
    sums, people : ndarray of shape S, or (clusters, *S) when clustered
    squares : ndarray of shape S
        Sum of squared values.
    clustered : bool
    bounds : tuple of float

    Examples
    --------
    >>> one = means_of_sums(np.array(6.0), np.array(3), np.array(14.0))
    >>> [round(end, 3) for end in one.interval()]
    [-0.484, 4.484]
    """
    total, size = (
        np.asarray(part.sum(axis=0) if clustered else part, dtype="float64")
        for part in (sums, people)
    )
    value = np.divide(total, size, out=np.full(size.shape, np.nan), where=size > 0)
    rest = np.maximum(size - 1, 1.0)
    variance = np.maximum(squares - total * value, 0.0) / rest / np.maximum(size, 1.0)
    return Estimate(
        value=value,
        variance=np.where(size > 1, variance, np.nan),
        freedom=rest,
        people=size,
        worth=size,
        bounds=bounds,
        reason=np.where(size > 0, "", "nobody is counted").astype(object),
        **(_over_clusters(sums, people, rest) if clustered else {}),
    )


def jackknifed(
    value: float, without: Sequence[float] | Array, *, bounds: tuple[float, float] = UNBOUNDED
) -> Estimate:
    """Any number from its values without each group of people, of clusters or drawn by lot.

    The delete-a-group jackknife about the mean of the values, with Student's quantile of one less
    than the groups. Subtract two only where the same groups were left out.

    References
    ----------
    Kott, P. S. (2001). The delete-a-group jackknife. Journal of Official Statistics 17, 521-526.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0])
    >>> found = jackknifed(2.0, [x[1:].mean(), x[[0, 2]].mean(), x[:2].mean()])
    >>> [round(end, 3) for end in found.interval()]
    [-0.484, 4.484]
    """
    left = np.asarray(without, dtype="float64")
    number = len(left)
    moved = left - left.mean() if number else left
    influence = moved * np.sqrt((number - 1) / max(number, 1))
    known = bool(np.isfinite(value)) and number > 1
    variance = np.asarray(float((influence**2).sum()) if known else np.nan)
    freedom = np.asarray(max(number - 1.0, 1.0))
    return Estimate(
        value=np.asarray(float(value)),
        variance=variance,
        freedom=freedom,
        people=np.asarray(float(number)),
        worth=np.asarray(float(number)),
        bounds=bounds,
        influence=influence,
        left_out=moved,
        cluster_variance=variance,
        cluster_freedom=freedom,
        clusters=number,
        reason=np.asarray("" if np.isfinite(value) else "it is not defined", dtype=object),
    )


def _over_clusters(top: Array, bottom: Array, freedom: Array) -> dict[str, Any]:
    moved = left_out_ratio(top.astype("float64"), bottom.astype("float64"))
    return {
        "left_out": moved,
        "cluster_variance": jackknife_variance(moved),
        "cluster_freedom": both_limit(freedom, cluster_freedom(bottom)),
        "clusters": len(top),
        "over": "clusters",
    }
