"""Every tie once: friends with a higher number, as steps from one to the next, and back again."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from credit_ml.society.arrays import Ints, Places


def upper_steps(indptr: Places, indices: Ints, start: int) -> tuple[Places, Ints]:
    """Halve rows of friends: those with a higher number, each as its distance from the one before.

    Parameters
    ----------
    indptr, indices : ndarray
        Rows of friends in rising order, numbered in the whole society.
    start : int
        Number of the first row's citizen.

    Returns
    -------
    indptr, steps
        The first step of a row is the distance from the citizen.

    Examples
    --------
    >>> ties = np.array([0, 2, 3, 4]), np.array([1, 2, 0, 0], dtype=np.int32)
    >>> [each.tolist() for each in upper_steps(*ties, 0)]
    [[0, 2, 2, 2], [1, 1]]
    """
    own = np.repeat(np.arange(start, start + len(indptr) - 1), np.diff(indptr))
    kept = indices > own
    friend, own = indices[kept], own[kept]
    before = np.concatenate([own[:1], friend[:-1]])
    first = np.concatenate([[True], own[1:] != own[:-1]])[: len(own)]
    steps = (friend - np.where(first, own, before)).astype(np.int32)
    return np.concatenate([[0], np.cumsum(kept)])[indptr], steps


def upper_friends(indptr: Places, steps: Ints, start: int) -> Ints:
    """Undo `upper_steps`: friends with a higher number, numbered in the whole society."""
    whole = np.concatenate([[0], np.cumsum(steps, dtype=np.int64)])
    own = np.arange(start, start + len(indptr) - 1) - whole[indptr[:-1]]
    found: Ints = (whole[1:] + np.repeat(own, np.diff(indptr))).astype(np.int32)
    return found


def both_ways(indptr: Places, upper: Ints) -> tuple[Places, Ints]:
    """Rows of all friends in rising order, of those with a higher number.

    Cost: two passes over the ties.

    Examples
    --------
    >>> whole = both_ways(np.array([0, 2, 2, 2]), np.array([1, 2], dtype=np.int32))
    >>> [each.tolist() for each in whole]
    [[0, 2, 3, 4], [1, 2, 0, 0]]
    """
    found: tuple[NDArray[np.int64], NDArray[np.int32]] = _both_ways(indptr, upper)
    return found


@njit(cache=True, nogil=True)
def _both_ways(first, upper):  # type: ignore[no-untyped-def]
    citizens = len(first) - 1
    indptr = np.zeros(citizens + 1, dtype=np.int64)
    for i in range(citizens):
        indptr[i + 1] += first[i + 1] - first[i]
    for friend in upper:
        indptr[friend + 1] += 1
    for i in range(citizens):
        indptr[i + 1] += indptr[i]
    last = indptr[:-1].copy()
    indices = np.empty(indptr[-1], dtype=np.int32)
    # Citizens rise, so the friends below each stand in rising order before those above.
    for i in range(citizens):
        for at in range(first[i], first[i + 1]):
            friend = upper[at]
            indices[last[friend]] = i
            last[friend] += 1
    for i in range(citizens):
        for at in range(first[i], first[i + 1]):
            indices[last[i]] = upper[at]
            last[i] += 1
    return indptr, indices
