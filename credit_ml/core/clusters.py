"""Variances of means of people who share chances with their neighbours."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: With fewer clusters than this their variance cannot be told, and people must be counted.
FEWEST_CLUSTERS = 8


def enough_clusters(clusters: NDArray[np.intp] | None) -> bool:
    """Whether there are clusters at all, and at least `FEWEST_CLUSTERS` of them."""
    return clusters is not None and len(np.unique(clusters)) >= FEWEST_CLUSTERS


def cluster_sums(values: Array, clusters: NDArray[np.intp], size: int | None = None) -> Array:
    """Sum of the values of each cluster's people, shape (clusters, ...).

    Parameters
    ----------
    values : ndarray, shape (people, ...)
    clusters : ndarray of int from 0, shape (people,)
    size : int, optional
        Clusters in all; by default one more than the largest number.
    """
    flat = values.reshape(len(values), -1)
    size = int(clusters.max()) + 1 if size is None else size
    sums = [np.bincount(clusters, column, minlength=size) for column in flat.T]
    stacked: Array = np.stack(sums, axis=-1).astype("float64", copy=False)
    return stacked.reshape(size, *values.shape[1:])


def clustered_variance(values: Array, clusters: NDArray[np.intp]) -> Array:
    """Variance of a sum of influences when people of one cluster go up and down together.

    ``C / (C - 1) sum_c (sum_{i in c} psi_i)^2`` over C clusters, for influences psi_i that
    sum to 0, such as ``(x_i - mean) / n`` of a mean. With one person a cluster it is the usual
    variance of a mean, which is too small by the design effect where neighbours are alike.

    Parameters
    ----------
    values : ndarray, shape (people, ...)
        Influence of each person on each statistic.
    clusters : ndarray of int from 0, shape (people,)

    Returns
    -------
    ndarray, shape (...)
        NaN with one cluster, whose sum is always 0.

    References
    ----------
    Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear
    models. Biometrika, 73(1), 13-22.

    Examples
    --------
    >>> values = (np.array([1.0, 1.0, 3.0, 3.0]) - 2) / 4
    >>> float(clustered_variance(values, np.array([0, 0, 1, 1])))
    1.0
    """
    sums = cluster_sums(values, clusters)
    return np.asarray((sums**2).sum(axis=0) * cluster_correction(clusters))


def cluster_correction(clusters: NDArray[np.intp]) -> float:
    """C / (C - 1) for C clusters that have people; NaN for one, whose sum is always 0.

    Examples
    --------
    >>> cluster_correction(np.array([0, 3, 3]))
    2.0
    """
    number = len(np.unique(clusters))
    return number / (number - 1.0) if number > 1 else float("nan")


def jackknife_variance(left_out: Array, estimate: Array) -> Array:
    """Variance of a statistic from its values with one cluster left out at a time.

    ``(C - 1) / C sum_c (theta_(-c) - theta)^2``. Beside `clustered_variance` it also counts
    how far a large cluster pulls the estimate towards itself, so that it is right (a little
    large) where the other is too small: in few clusters of unequal size.

    Parameters
    ----------
    left_out : ndarray, shape (clusters, ...)
        NaN where nothing is left; such a cluster is not counted.
    estimate : ndarray, shape (...)

    References
    ----------
    MacKinnon, J. G. and White, H. (1985). Some heteroskedasticity-consistent covariance matrix
    estimators with improved finite sample properties. Journal of Econometrics, 29(3), 305-325.
    MacKinnon, J. G., Nielsen, M. O. and Webb, M. D. (2023). Fast and reliable jackknife and
    bootstrap methods for cluster-robust inference. Journal of Applied Econometrics, 38(5),
    671-694.
    """
    counted = (~np.isnan(left_out)).sum(axis=0)
    squares = np.nansum((left_out - estimate) ** 2, axis=0)
    return np.asarray(squares * (counted - 1) / np.maximum(counted, 1))


def cluster_freedom(sizes: Array) -> Array:
    """Degrees of freedom left to a group's variance by clusters of these sizes.

    ``n^2 / sum_c n_c (n_c - 1) - 1``, at least 1: with C equal large clusters C - 1, fewer
    when some hold most of the group, and no limit where nobody shares a cluster, for then the
    variance of independent people is known.

    Parameters
    ----------
    sizes : ndarray, shape (clusters, ...)
        The group's people in each cluster.

    References
    ----------
    Carter, A. V., Schnepel, K. T. and Steigerwald, D. G. (2017). Asymptotic behavior of a
    t-test robust to cluster heterogeneity. Review of Economics and Statistics, 99(4), 698-709.

    Examples
    --------
    >>> cluster_freedom(np.array([[1000.0, 1.0], [1000.0, 1.0], [1000.0, 1.0]])).round(2)
    array([ 2., inf])
    """
    together = np.asarray((sizes * (sizes - 1)).sum(axis=0))
    whole = np.asarray(sizes.sum(axis=0), dtype="float64") ** 2
    free = np.full(whole.shape, np.inf)
    np.divide(whole, together, out=free, where=together > 0)
    limited: Array = np.maximum(free - 1, 1.0)
    return limited


def clustered_difference(
    values: Array,
    inside: NDArray[np.bool_],
    outside: NDArray[np.bool_],
    clusters: NDArray[np.intp],
) -> tuple[Array, float]:
    """Variance of the difference of two groups' means, and its degrees of freedom.

    The jackknife over clusters (`jackknife_variance`): both groups lose a district at once, so
    what strikes all its people alike cancels from the difference, and what strikes one group
    more does not. Use Student's quantile with the degrees of freedom, the smaller of the
    groups' `cluster_freedom`.

    Cost: one pass a column.

    Parameters
    ----------
    values : ndarray, shape (people, columns)
    inside, outside : ndarray of bool, shape (people,)
        Members of the group and of the reference group.
    clusters : ndarray of int from 0, shape (people,)

    Returns
    -------
    variance : ndarray, shape (columns,)
    freedom : float

    Examples
    --------
    >>> clusters = np.repeat(np.arange(10), 20)
    >>> shock = np.repeat(np.arange(10.0), 20)[:, np.newaxis]
    >>> one = np.arange(200) % 2 == 0
    >>> variance, freedom = clustered_difference(shock, one, ~one, clusters)
    >>> float(variance[0].round(12)), round(freedom, 1)
    (0.0, 10.1)
    """
    left_out, estimate, freedom = [], [], np.inf
    size = int(clusters.max()) + 1
    for members in (inside, outside):
        people = np.bincount(clusters[members], minlength=size).astype("float64")
        sums = cluster_sums(values[members], clusters[members], size)
        rest = people.sum() - people[:, np.newaxis]
        part = np.full(sums.shape, np.nan)
        np.divide(sums.sum(axis=0) - sums, rest, out=part, where=rest > 0)
        left_out.append(part)
        estimate.append(sums.sum(axis=0) / people.sum())
        freedom = min(freedom, float(cluster_freedom(people)))
    # A number that nobody has is no cluster: it would leave everything in.
    there = np.bincount(clusters) > 0
    moved = (left_out[0] - left_out[1])[there]
    return jackknife_variance(moved, estimate[0] - estimate[1]), freedom
