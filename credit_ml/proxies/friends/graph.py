"""How apart scores lie on a graph of friends, with intervals that know that ties share people."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from credit_ml.core import Array, Mask, Rows, Streams
from credit_ml.inference import Estimate, jackknifed

#: Groups of people that the jackknife leaves out in turn.
GROUPS = 100

#: A rest of a subtraction that is smaller beside what it was taken from is nothing.
ROUNDING = 1e-9


def left_out(clusters: Rows | None, people: int, *, seed: int) -> Rows:
    """Group of every citizen for the jackknife: whole clusters together, at most 100 groups.

    A tie is left out with either of its ends, so that intervals are too wide where scores know
    nothing of ties, and right where people of a group share many of theirs.

    References
    ----------
    Snijders, T. A. B. and Borgatti, S. P. (1999). Non-parametric standard errors and tests for
    network statistics. Connections 22, 161-170.
    """
    if clusters is None:
        order = Streams(seed).generator("proxies.jackknife").permutation(people)
        return (order % min(GROUPS, people)).astype(np.intp)
    return (clusters % GROUPS).astype(np.intp)


def assortativity(ties: csr_array, scores: Array, groups: Rows) -> Estimate:
    """Correlation of the scores at both ends of a tie: 0 is chance, 1 only alike are friends.

    Newman's coefficient of a number on the nodes. Cost: a few passes over ties.

    References
    ----------
    Newman, M. E. J. (2003). Mixing patterns in networks. Physical Review E 67, 026126.

    Examples
    --------
    >>> pairs = csr_array(np.kron(np.eye(3), [[0, 1], [1, 0]]))
    >>> assortativity(pairs, np.array([1.0, 1, 2, 2, 5, 5]), np.arange(6)).value.item()
    1.0
    """
    own, other = ends(ties)
    z = scores - (scores[own].mean() if len(own) else 0.0)
    one, product = z[own], z[own] * z[other]
    sums = [by_both(part, own, other, groups) for part in (np.ones(len(own)), one, one**2, product)]

    def correlation(people: Array, first: Array, square: Array, both: Array) -> Array:
        mean = ratio(first, people)
        square, both = ratio(square, people), ratio(both, people)
        return ratio(both - mean**2, square - mean**2, than=square)

    whole = correlation(*(np.array(part.sum()) for part in sums))
    return jackknifed(float(whole), correlation(*map(without_each, sums)), bounds=(-1.0, 1.0))


def low_friends(ties: csr_array, low: Mask, who: Mask, groups: Rows) -> Estimate:
    """Share of a group's ties that lead to people of low score; 0 is none.

    Cost: a few passes over ties.

    References
    ----------
    Lieberson, S. (1981). An asymmetrical approach to segregation. In Ethnic Segregation in Cities,
    Croom Helm, for exposure.
    """
    own, other = ends(ties)
    mine = who[own]
    own, other = own[mine], other[mine]
    bad = by_both(low[other].astype(np.float64), own, other, groups)
    there = by_both(np.ones(len(own)), own, other, groups)
    each = ratio(without_each(bad), without_each(there))
    return jackknifed(float(ratio(bad.sum(), there.sum())), each, bounds=(0.0, 1.0))


def circle_share(ties: csr_array, scores: Array, groups: Rows) -> Estimate:
    """Share of the variance of scores that lies between circles of friends; 0 is chance.

    A circle is one citizen's friends. The intraclass correlation, that of two different friends of
    the same citizen: ``sum_i sum_(j != k) z_j z_k / sum_i (d_i - 1) sum_j z_j^2``, with j and k
    over the d_i friends of i, z centred over pairs.

    Cost: a few passes over ties.

    References
    ----------
    Fisher, R. A. (1925). Statistical Methods for Research Workers, chapter 7.
    """
    degree = np.diff(ties.indptr).astype(np.float64)
    spare = np.maximum(degree - 1, 0.0)
    adjacency = csr_array(ties, dtype=np.float64)
    pairs = float(spare @ degree)
    if not pairs:
        nothing = np.full(int(groups.max()) + 1, np.nan)
        return jackknifed(float("nan"), nothing)
    z = scores - float(spare @ (adjacency @ scores)) / pairs
    sums = _by_friends_group(adjacency, z, groups)
    total = [np.asarray(part.sum(axis=1)).ravel() for part in sums]
    alike, spread = _pair_sums(*total)
    owner = np.repeat(np.arange(len(scores)), np.diff(sums[0].indptr))
    left, size = sums[0].indices, int(groups.max()) + 1
    # Without a group: its circles are gone, and its members from everybody else's circles.
    others = groups[owner] != left
    rest = _pair_sums(*(whole[owner] - part.data for whole, part in zip(total, sums, strict=True)))
    changed = []
    for before, after in zip((alike, spread), rest, strict=True):
        moved = np.where(others, after - before[owner], 0.0)
        gone = np.bincount(groups, before, minlength=size)
        changed.append(before.sum() - gone + np.bincount(left, moved, minlength=size))
    each = ratio(*changed, than=spread.sum())
    return jackknifed(float(ratio(alike.sum(), spread.sum())), each, bounds=(-1.0, 1.0))


def _by_friends_group(
    adjacency: csr_array, z: Array, groups: Rows
) -> tuple[csr_array, csr_array, csr_array]:
    """Number, sum and sum of squares of each citizen's friends by their group, one pattern."""
    people, size = len(z), int(groups.max()) + 1
    found: list[csr_array] = []
    for values in (np.ones(people), z, z**2):
        member = csr_array((values, (np.arange(people), groups)), shape=(people, size))
        product = csr_array(adjacency @ member)
        product.sort_indices()
        found.append(product)
    number, *rest = found
    return number, *(_in_pattern(each, number) for each in rest)


def _in_pattern(sums: csr_array, pattern: csr_array) -> csr_array:
    """The same numbers with the zeros that a sparse product leaves out."""
    if sums.nnz == pattern.nnz:
        return sums
    size = sums.shape[1]
    wide, narrow = (
        np.multiply(own, size, dtype=np.int64) + at for own, at in map(ends, (pattern, sums))
    )
    values = np.zeros(pattern.nnz)
    values[np.searchsorted(wide, narrow)] = sums.data
    return csr_array((values, pattern.indices, pattern.indptr), shape=pattern.shape)


def _pair_sums(number: Array, first: Array, square: Array) -> tuple[Array, Array]:
    return first**2 - square, (number - 1) * square


def ratio(part: Array | float, whole: Array | float, *, than: Array | float = 0.0) -> Array:
    """Quotient; unknown where the whole is nothing beside a number it was subtracted from.

    What is left of a sum by subtraction is no exact 0: its quotient would be any number at all.
    """
    part, whole = np.asarray(part, dtype="float64"), np.asarray(whole, dtype="float64")
    found = np.full(whole.shape, np.nan)
    np.divide(part, whole, out=found, where=np.abs(whole) > ROUNDING * np.abs(than))
    return found


def ends(ties: csr_array) -> tuple[NDArray[Any], NDArray[Any]]:
    """Both ends of every tie, once from each side."""
    return np.repeat(np.arange(ties.shape[0]), np.diff(ties.indptr)), ties.indices


def by_both(values: Array, own: NDArray[Any], other: NDArray[Any], groups: Rows) -> Array:
    """Sums of a number of each tie by the groups of both its ends, shape (groups, groups)."""
    size = int(groups.max()) + 1
    where = groups[own] * size + groups[other]
    sums: Array = np.bincount(where, values, minlength=size**2).astype(np.float64)
    return sums.reshape(size, size)


def without_each(sums: Array) -> Array:
    """Totals when each group is left out at both ends."""
    left: Array = sums.sum() - sums.sum(axis=0) - sums.sum(axis=1) + np.diag(sums)
    return left
