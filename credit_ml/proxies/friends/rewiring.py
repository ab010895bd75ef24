"""Other friends, as many: ties rewired by chance with every citizen's degree kept."""

from dataclasses import replace
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from credit_ml.core import InputError, Streams, TableError
from credit_ml.core.renamed import renamed_keywords
from credit_ml.society import Society
from credit_ml.society.ties.friend_records import FRIENDS_TELL, friends_records, friends_table
from credit_ml.society.ties.graph import as_ties

#: Columns that say what one's friends did; the number of friends is one's own doing.
FRIENDS_COLUMNS = (*FRIENDS_TELL, "friends_judgments")

#: Swaps tried a tie. Each tie's end forgets where it was as exp(-2 x swaps a tie).
SWAPS = 5


@renamed_keywords(kept="within")
def rewired(
    ties: csr_array, *, seed: int, within: NDArray[Any] | None = None, swaps: int = SWAPS
) -> csr_array:
    """Ties drawn again among all simple graphs in which everybody has as many friends as now.

    Two ties ``a - b`` and ``c - d`` become ``a - d`` and ``c - b`` unless that makes a loop or a
    double tie, when they stay: a chain whose every step is as likely as its reverse, so that all
    graphs of these degrees are equally likely in the limit. Whatever likeness made friends is
    gone; what remains is how many one has.

    Cost: `swaps` tries a tie, each a look through the shorter of two rows of friends.

    Parameters
    ----------
    ties : csr_array of shape (citizens, citizens)
        Symmetric, ones, empty diagonal.
    seed : int
    within : ndarray of shape (citizens,), optional
        Codes from 0, such as of cities: how many friends one has in each stays too.
    swaps : int
        Tries a tie.

    Raises
    ------
    TableError
        When the ties are not symmetric.
    InputError
        When `swaps` is below 1.

    References
    ----------
    Fosdick, B. K., Larremore, D. B., Nishimura, J. and Ugander, J. (2018). Configuring random
    graph models with fixed degree sequences. SIAM Review 60, 315-355. Ray, J., Pinar, A. and
    Seshadhri, C. (2012). Are we there yet? When to stop a Markov chain while generating random
    graphs. WAW, for the number of swaps.

    Examples
    --------
    >>> ring = csr_array(np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1))
    >>> other = rewired(ring, seed=0)
    >>> np.diff(other.indptr).tolist(), int(other.diagonal().sum())
    ([2, 2, 2, 2, 2, 2], 0)
    """
    InputError.unless(swaps >= 1, "swaps", f"is {swaps}", "give at least 1 try a tie")
    citizens = ties.shape[0]
    if not ties.has_sorted_indices:
        ties = ties.sorted_indices()
    indptr, friends = ties.indptr.astype(np.int64), ties.indices.astype(np.int32)
    owner = np.repeat(np.arange(citizens, dtype=np.int32), np.diff(indptr))
    mate = _mates(ties, owner, friends)
    order, first, kind = _kinds(owner, friends, within)
    generator = Streams(seed).generator("proxies.rewired")
    tries = swaps * (len(friends) // 2)
    _swap(generator, tries, indptr, friends, owner, mate, order, first, kind)
    other = as_ties(indptr, friends, citizens)
    other.has_sorted_indices = False
    other.sort_indices()
    return other


def with_ties(society: Society, ties: csr_array) -> Society:
    """Return the society as its records would be had citizens these friends; no twins of it.

    Friends' records are made again; nobody's own record, outcome or household changes.
    """
    columns = columns_of_friends(society, ties)
    names = ("friends", *FRIENDS_COLUMNS)
    records = society.records.assign(**{name: columns[name] for name in names})
    return replace(society, records=records, ties=ties)


def columns_of_friends(society: Society, ties: csr_array) -> dict[str, NDArray[Any]]:
    """Columns of `FRIENDS_COLUMNS` and the number of friends, had citizens these ties."""
    needed = (*FRIENDS_TELL.values(), "judgments")
    table = friends_table({name: society.records[name].to_numpy() for name in needed})
    return friends_records(ties.indptr, ties.indices, table)


def _mates(
    ties: csr_array, owner: NDArray[np.int32], friends: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Where each end of a tie finds its other end."""
    places = np.arange(len(friends), dtype=np.int64)
    # Transposing sorts by friend, so that place q of the transpose tells where q's other end is.
    back = csr_array((places, ties.indices, ties.indptr), shape=ties.shape).T.tocsr()
    mate: NDArray[np.int64] = back.data
    symmetric = np.array_equal(owner[mate], friends) and np.array_equal(friends[mate], owner)
    TableError.unless(symmetric, "ties", "are not symmetric", "give each tie in both directions")
    return mate


def _kinds(
    owner: NDArray[np.int32], friends: NDArray[np.int32], within: NDArray[Any] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Ends by the kinds of both people, where each kind begins, and the kind of each end."""
    if within is None:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, np.array([0, len(friends)]), nothing
    codes = np.asarray(within, dtype=np.int64)
    both = codes[owner] * (int(codes.max(initial=0)) + 1) + codes[friends]
    _, kind = np.unique(both, return_inverse=True)
    first = np.concatenate([[0], np.cumsum(np.bincount(kind))]).astype(np.int64)
    return np.argsort(kind, kind="stable"), first, kind.astype(np.int64)


@njit(cache=True, nogil=True)
def _tied(indptr, friends, one, other):  # type: ignore[no-untyped-def]
    if indptr[one + 1] - indptr[one] > indptr[other + 1] - indptr[other]:
        one, other = other, one
    for place in range(indptr[one], indptr[one + 1]):  # noqa: SIM110 (numba knows no any)
        if friends[place] == other:
            return True
    return False


@njit(cache=True, nogil=True)
def _swap(generator, tries, indptr, friends, owner, mate, order, first, kind):  # type: ignore[no-untyped-def]
    """Swap the far ends of pairs of ties of one kind, in place."""
    ends, alike = len(friends), len(kind) == 0
    for _ in range(tries):
        one = int(generator.random() * ends)
        if alike:
            other = int(generator.random() * ends)
        else:
            begin = first[kind[one]]
            size = first[kind[one] + 1] - begin
            other = order[begin + int(generator.random() * size)]
        a, b, c, d = owner[one], friends[one], owner[other], friends[other]
        if a in (c, d) or b in (c, d):
            continue
        if _tied(indptr, friends, a, d) or _tied(indptr, friends, c, b):
            continue
        back, forth = mate[one], mate[other]
        friends[one], friends[other] = d, b
        friends[back], friends[forth] = c, a
        mate[one], mate[forth] = forth, one
        mate[other], mate[back] = back, other
