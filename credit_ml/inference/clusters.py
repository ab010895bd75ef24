"""Variances over clusters: of people who share chances with their neighbours."""

import numpy as np
from numpy.typing import NDArray

from credit_ml.core.tables.arrays import Array, Rows

#: With fewer numbers a person, a count of each is faster than a sparse product of all.
FEW = 4


def cluster_sums(values: Array, clusters: Rows, size: int) -> Array:
    """Sum of the values of each cluster's people, shape (size, ...).

    Examples
    --------
    >>> cluster_sums(np.array([1.0, 2.0, 5.0]), np.array([0, 0, 1]), 2)
    array([3., 5.])
    """
    flat = values.reshape(len(values), int(np.prod(values.shape[1:])))
    if 0 < flat.shape[1] < FEW:
        sums = np.stack([np.bincount(clusters, one, minlength=size) for one in flat.T], axis=-1)
    else:
        from scipy import sparse

        ones, ends = np.ones(len(values)), np.arange(len(values) + 1)
        sums = sparse.csc_array((ones, clusters, ends), shape=(size, len(values))) @ flat
    return np.asarray(sums, dtype="float64").reshape(size, *values.shape[1:])


def jackknife_variance(moved: Array) -> Array:
    """Variance of a number from how far it moves when each cluster is left out in turn.

    ``(C - 1) / C sum_c (theta_(-c) - theta)^2``. Beside the sum of squared influences it also
    counts how far a large cluster pulls the estimate towards itself, so that it is right (a
    little large) where that sum is too small: in few clusters of unequal size.

    Parameters
    ----------
    moved : ndarray, shape (clusters, ...)
        0 for a cluster that the number does not use.

    References
    ----------
    MacKinnon, J. G. and White, H. (1985). Some heteroskedasticity-consistent covariance matrix
    estimators with improved finite sample properties. Journal of Econometrics 29, 305-325.
    MacKinnon, J. G., Nielsen, M. O. and Webb, M. D. (2023). Fast and reliable jackknife and
    bootstrap methods for cluster-robust inference. Journal of Applied Econometrics 38, 671-694.

    Examples
    --------
    >>> float(jackknife_variance(np.array([0.5, 0.0, -0.5])).round(3))
    0.333
    """
    return np.asarray((moved**2).sum(axis=0) * (len(moved) - 1) / max(len(moved), 1))


def jackknife_covariance(one: Array, two: Array) -> Array:
    """Covariance of two numbers over clusters, from what each moves when one is left out."""
    return np.asarray((one * two).sum(axis=0) * (len(one) - 1) / max(len(one), 1))


def left_out_ratio(top: Array, bottom: Array) -> Array:
    """How far ``sum(top) / sum(bottom)`` moves when each cluster is left out, (clusters, ...).

    0 where a cluster holds everything, or nothing.

    Examples
    --------
    >>> left_out_ratio(np.array([1.0, 3.0]), np.array([2.0, 2.0]))
    array([ 0.5, -0.5])
    """
    total, size = top.sum(axis=0), bottom.sum(axis=0)
    ratio = np.divide(total, size, out=np.zeros(np.shape(total)), where=size > 0)
    rest = size - bottom
    moved = np.zeros(top.shape)
    # A rest of rounding errors is nobody.
    np.divide(ratio * bottom - top, rest, out=moved, where=rest > 1e-12 * size)
    return moved


def cluster_freedom(sizes: Array, squares: Array | None = None) -> Array:
    """Degrees of freedom left to a group's variance by clusters of these sizes.

    ``n^2 / sum_c n_c (n_c - 1) - 1``, at least 1: with C equal large clusters C - 1, fewer when
    some hold most of the group, and no limit where nobody shares a cluster, for then the
    variance of independent people is known.

    Parameters
    ----------
    sizes : ndarray, shape (clusters, ...)
        The group's people in each cluster, or the sum of their weights.
    squares : ndarray, shape (...), optional
        Sum of the squared weights of all the group's people: then ``n_c (n_c - 1)`` is
        ``W_c^2 - sum w^2``, the pairs in the cluster.

    References
    ----------
    Carter, A. V., Schnepel, K. T. and Steigerwald, D. G. (2017). Asymptotic behavior of a t-test
    robust to cluster heterogeneity. Review of Economics and Statistics 99, 698-709.

    Examples
    --------
    >>> cluster_freedom(np.array([[1000.0, 1.0], [1000.0, 1.0], [1000.0, 1.0]])).round(2)
    array([ 2., inf])
    """
    if squares is None:
        together = np.asarray((sizes * (sizes - 1)).sum(axis=0), dtype="float64")
    else:
        pairs = np.asarray((sizes**2).sum(axis=0) - squares, dtype="float64")
        together = np.where(pairs > 1e-9 * squares, pairs, 0.0)  # less is rounding
    whole = np.asarray(sizes.sum(axis=0), dtype="float64") ** 2
    free = np.full(whole.shape, np.inf)
    np.divide(whole, together, out=free, where=together > 0)
    return np.asarray(np.maximum(free - 1, 1.0))


def both_limit(one: Array, two: Array) -> Array:
    """Degrees of freedom where both the number of people and that of clusters limit them.

    Examples
    --------
    >>> both_limit(np.array(10.0), np.array(10.0))
    array(5.)
    """
    # Neither may limit them: 1 / (0 + 0).
    with np.errstate(divide="ignore"):
        return np.asarray(1 / (1 / np.maximum(one, 1.0) + 1 / np.maximum(two, 1.0)))


def worths(weights: Array) -> Array:
    """People of equal weight who tell as much (Kish), of the columns of weights.

    Examples
    --------
    >>> worths(np.array([[1.0, 0.0], [1.0, 0.0], [2.0, 3.0]])).round(2)
    array([2.67, 1.  ])
    """
    return worth_of(weights.sum(axis=0), (weights**2).sum(axis=0))


def worth_of(total: Array, squares: Array) -> Array:
    """The same from sums of weights and of their squares; 0 of nobody.

    Examples
    --------
    >>> float(worth_of(np.array(4.0), np.array(6.0)).round(2))
    2.67
    """
    whole = np.zeros(np.shape(total))
    np.divide(np.square(total), squares, out=whole, where=np.asarray(squares) > 0)
    return whole


def one_weight(worth: Array, number: Array) -> NDArray[np.bool_]:
    """Whether people who are worth so many all have one weight.

    Examples
    --------
    >>> one_weight(np.array([2.67, 3.0]), np.array([3.0, 3.0])).tolist()
    [False, True]
    """
    return np.asarray(worth >= number * (1 - 1e-9))
