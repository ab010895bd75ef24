"""Estimates from sums over people: a tally of a million needs nothing of their size."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from credit_ml.inference.clusters import (
    both_limit,
    cluster_freedom,
    left_out_ratio,
    one_weight,
    worth_of,
)
from credit_ml.inference.contributions import MISSING, UNBOUNDED, Bounds, over_clusters
from credit_ml.inference.estimate import Estimate
from credit_ml.inference.quantiles import Array


class Weighed(NamedTuple):
    """People of some kind, when each has a weight: what of them is added up.

    Examples
    --------
    >>> Weighed(np.array(4.0), np.array(6.0), np.array(3.0)).squares
    array(6.)
    """

    weight: Array
    """Sum of their weights, of shape S, or ``(clusters, *S)``."""
    squares: Array
    """Sum of their squared weights, shape S."""
    people: Array
    """How many there are whose weight is not 0, shape S."""


def weighed_means(
    sums: Array,
    people: Weighed,
    squares: Array,
    crossed: Array,
    *,
    clustered: bool = False,
    family: Literal["mean", "share"] = "mean",
    bounds: Bounds = UNBOUNDED,
) -> Estimate:
    """Means of any shape S from sums over people with weights w: as `People.mean` of them.

    Parameters
    ----------
    sums : ndarray of shape S, or ``(clusters, *S)`` when clustered
        Of w y.
    people : Weighed
    squares, crossed : ndarray of shape S
        Sums of (w y)^2 and of w^2 y.
    clustered : bool
    family : {"mean", "share"}
        Of a share y is 0 or 1: as `People.share` and `People.rate`.
    bounds : tuple of float

    Examples
    --------
    >>> w, y = np.array([1.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0])
    >>> everybody = Weighed(w.sum(), w @ w, np.array(3))
    >>> float(weighed_means(w @ y, everybody, (w * y) @ (w * y), (w * w) @ y))
    2.25
    """
    value, size = _mean_of(sums, people.weight, clustered=clustered)
    number, tells = people.people.astype("float64"), worth_of(size, people.squares)
    far = np.maximum(squares - 2 * value * crossed + value**2 * people.squares, 0.0)
    known = one_weight(tells, number) & (family == "share")
    grown = np.where(known, 1.0, number / np.maximum(number - 1, 1.0))
    freedom = np.where(known, np.inf, np.maximum(tells - 1, 1.0))
    extra: dict[str, Any] = {}
    if clustered:
        limit = both_limit(freedom, cluster_freedom(people.weight, people.squares))
        extra = over_clusters(left_out_ratio(sums, people.weight), limit)
    there = (number > 1) | (known & (number > 0))
    variance = np.divide(far * grown, size**2, out=np.full(size.shape, np.nan), where=there)
    return Estimate(
        value=value,
        variance=variance,
        freedom=freedom,
        people=number,
        worth=tells,
        family=family,
        bounds=(0.0, 1.0) if family == "share" else bounds,
        reason=np.where(size > 0, "", "nobody is counted"),
        **extra,
    )


def shares_of_counts(
    hits: Array, people: Array, *, clustered: bool = False, reason: str = "nobody is counted"
) -> Estimate:
    """Shares of any shape S from counts, or from counts by cluster.

    The same estimates and intervals as `People.share` and `People.rate` of the people behind the
    counts; give ``disjoint=True`` to `difference` and `ratio` of two groups of them.

    Parameters
    ----------
    hits, people : ndarray of shape S, or ``(clusters, *S)`` when clustered
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
    value, size = _mean_of(hits, people, clustered=clustered)
    variance = np.divide(value * (1 - value), size, out=np.full(size.shape, np.nan), where=size > 0)
    return Estimate(
        value=value,
        variance=variance,
        people=size,
        family="share",
        bounds=(0.0, 1.0),
        reason=np.where(size > 0, "", reason),
        **(_by_cluster(hits, people, np.full(size.shape, np.inf)) if clustered else {}),
    )


def means_of_sums(
    sums: Array,
    people: Array,
    squares: Array,
    *,
    clustered: bool = False,
    bounds: Bounds = UNBOUNDED,
) -> Estimate:
    """Means of any shape S from sums and sums of squares: as `People.mean` of the people.

    Parameters
    ----------
    sums, people : ndarray of shape S, or ``(clusters, *S)`` when clustered
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
    value, size = _mean_of(sums, people, clustered=clustered)
    total, rest = sums.sum(axis=0) if clustered else sums, np.maximum(size - 1, 1.0)
    variance = np.maximum(squares - total * value, 0.0) / rest / np.maximum(size, 1.0)
    return Estimate(
        value=value,
        variance=np.where(size > 1, variance, np.nan),
        freedom=rest,
        people=size,
        bounds=bounds,
        reason=np.where(size > 0, "", "nobody is counted"),
        **(_by_cluster(sums, people, rest) if clustered else {}),
    )


def jackknifed(
    value: float, without: Sequence[float] | Array, *, bounds: Bounds = UNBOUNDED
) -> Estimate:
    """Any number from its values without each group of people, of clusters or drawn by lot.

    The delete-a-group jackknife about the mean of the values, with Student's quantile of one less
    than the groups. Subtract two only where the same groups were left out. Where the number is not
    defined without one of them, its variance is unknown.

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
    left = np.where(np.isfinite(left), left, np.nan)  # without one group there is no number
    number = len(left)
    moved = left - left.mean() if number else left
    influence = moved * np.sqrt(max(number - 1, 0) / max(number, 1))
    known = bool(np.isfinite(value)) and number > 1
    variance = np.asarray(float((influence**2).sum()) if known else np.nan)
    freedom = np.asarray(max(number - 1.0, 1.0))
    shared = {"cluster_variance": variance, "over": "people"}
    return Estimate(
        value=np.asarray(float(value)),
        variance=variance,
        freedom=freedom,
        people=np.asarray(float(number)),
        bounds=bounds,
        influence=influence,
        reason=np.asarray("" if np.isfinite(value) else "it is not defined"),
        **over_clusters(moved, freedom) | shared,
    )


def stacked_jackknife(
    values: Array,
    without: Array,
    *,
    members: Array,
    bounds: Bounds = UNBOUNDED,
    reasons: Sequence[str] = (),
    clustered: bool = False,
) -> Estimate:
    """`jackknifed` of several groups at once, each without the same blocks of people in turn.

    A block that holds nobody of a group leaves its number as it is and is not counted.

    Parameters
    ----------
    values : ndarray of shape (groups,)
    without : ndarray of shape (blocks, groups)
        NaN where nothing is left.
    members : ndarray of shape (blocks, groups)
        How many people of a group a block holds.
    bounds : tuple of float
    reasons : sequence of str
        Why a value is NaN.
    clustered : bool
        Whether the blocks are clusters, else people drawn by lot.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0])
    >>> left = np.array([[2.5], [2.0], [1.5]])
    >>> found = stacked_jackknife(np.array([2.0]), left, members=np.ones((3, 1)))
    >>> found.interval().low.round(3).tolist()
    [-0.484]
    """
    moved, people = np.nan_to_num(without - values), members.sum(axis=0).astype("float64")
    counted = np.maximum((members > 0).sum(axis=0), 2)
    variance = (moved**2).sum(axis=0) * (counted - 1) / counted
    variance = np.where(~np.isnan(values) & (people > 1), variance, np.nan)
    extra: dict[str, Any] = {}
    if clustered:
        free = both_limit(counted - 1.0, cluster_freedom(members))
        extra = over_clusters(moved, free) | {"cluster_variance": variance}
    return Estimate(
        value=values,
        variance=variance,
        freedom=counted - 1.0,
        people=people,
        bounds=bounds,
        reason=np.array(list(reasons) or ""),
        **extra,
    )


def rank_correlation(
    one: Array, two: Array, kind: Literal["kendall", "spearman"] = "kendall"
) -> Estimate:
    """Rank correlation of two numbers of the same people, who are taken as independent.

    Fisher's z with variance 0.437 / (n - 4) (Kendall's tau-b) or 1.06 / (n - 3) (Spearman).

    References
    ----------
    Fieller, E. C., Hartley, H. O. and Pearson, E. S. (1957). Tests for rank correlation
    coefficients I. Biometrika 44, 470-481.

    Examples
    --------
    >>> x = np.arange(30.0)
    >>> found = rank_correlation(x, x + 10 * (x % 3))
    >>> round(float(found), 2), [round(end, 2) for end in found.interval()]
    (0.59, [0.4, 0.73])
    """
    from scipy import stats

    measure = stats.kendalltau if kind == "kendall" else stats.spearmanr
    with warnings.catch_warnings():  # the reason says it
        warnings.simplefilter("ignore", stats.ConstantInputWarning)
        value, number = float(measure(one, two).statistic), len(one)
    factor, lost = (0.437, 4) if kind == "kendall" else (1.06, 3)
    known = number > lost and abs(value) < 1
    why = "a number does not vary" if np.isfinite(np.sum([one, two])) else MISSING
    variance = (1 - value**2) ** 2 * factor / (number - lost) if known else np.nan
    return Estimate(
        value=np.asarray(value),
        variance=np.asarray(variance),
        people=np.asarray(float(number)),
        family="correlation",
        bounds=(-1.0, 1.0),
        reason=np.asarray("" if np.isfinite(value) else why),
    )


def function_of_counts(
    function: Callable[[Array], Array],
    counts: Array,
    *,
    by_cluster: Array | None = None,
    sizes: Array | None = None,
    squares: Array | None = None,
    pseudo: float | Array = 0.5,
    bounds: Bounds = UNBOUNDED,
) -> Estimate:
    """Any smooth numbers of a table of counts, such as what strata explain of a difference.

    Each person's contribution is the derivative of the numbers by the count of that person's
    cell (the infinitesimal jackknife), taken at the table with `pseudo` people more in every
    cell that may have any, so that a share of 0 is not certain. Over clusters each one's counts
    are left out in turn.

    Cost: one call of the function with as many tables as there are cells, one with as many as
    there are clusters.

    Parameters
    ----------
    function : callable
        Of tables of shape ``(many, *cells)``, to numbers of shape (many, K).
    counts : ndarray of shape cells
    by_cluster : ndarray of shape ``(clusters, *cells)``, optional
    sizes : ndarray of shape (clusters,), optional
        People by cluster of the group that has least to say, for degrees of freedom.
    squares : ndarray of shape cells, optional
        Sums of squared weights where `counts` are sums of weights, which then are 1 on average.
    pseudo : float or ndarray of shape cells
    bounds : tuple of float

    Examples
    --------
    >>> share = lambda tables: tables[:, [1]] / tables.sum(axis=1, keepdims=True)
    >>> found = function_of_counts(share, np.array([300.0, 700.0]), bounds=(0.0, 1.0))
    >>> found.interval().low.round(3).tolist()
    [0.672]
    """
    value = np.asarray(function(counts[np.newaxis])[0], dtype="float64")
    smooth = (counts + pseudo).astype("float64")
    steps = np.eye(smooth.size).reshape(-1, *smooth.shape) * 1e-4 * (1 + smooth)
    size = (1e-4 * (1 + smooth)).reshape(-1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        up, down = function(smooth + steps), function(np.maximum(smooth - steps, 0.0))
    slope = np.nan_to_num((up - down) / np.where(smooth.reshape(-1, 1) >= size, 2 * size, size))
    people = float(counts.sum())
    weights = (smooth if squares is None else squares + pseudo).reshape(-1, 1)
    variance = (weights * slope**2).sum(axis=0) * people / max(people - 1, 1)
    extra: dict[str, Any] = {}
    if by_cluster is not None:
        moved = np.nan_to_num(function(counts - by_cluster) - value)
        if sizes is None:
            sizes = by_cluster.reshape(len(by_cluster), -1).sum(axis=1)
        extra = over_clusters(moved, cluster_freedom(sizes))
    return Estimate(
        value=value,
        variance=np.where(np.isnan(value), np.nan, variance),
        people=np.asarray(people),
        bounds=bounds,
        reason=np.where(np.isnan(value), "it is not defined", ""),
        **extra,
    )


def _mean_of(sums: Array, people: Array, *, clustered: bool) -> tuple[Array, Array]:
    """Sums by people, NaN of nobody, and the people, both over all clusters."""
    total, size = (
        np.asarray(part.sum(axis=0) if clustered else part, dtype="float64")
        for part in (sums, people)
    )
    return np.divide(total, size, out=np.full(size.shape, np.nan), where=size > 0), size


def _by_cluster(top: Array, bottom: Array, freedom: Array) -> dict[str, Any]:
    moved = left_out_ratio(top.astype("float64"), bottom.astype("float64"))
    return over_clusters(moved, both_limit(freedom, cluster_freedom(bottom)))
