"""Kernels of the graph: who is in a cell, whom a slot picks, who is tied to whom."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from credit_ml.society.arrays import Ints, Places

#: Friends in a tile and rows in a chunk when columns are meaned: both fit the caches.
TILE, ROWS = 2**16, 2**18
#: Context of a slot that picks a friend of a friend; its number follows the last context's.
CLOSURE_TARGET = -2
NOBODY: Ints = np.zeros(0, dtype=np.int32)


class Members(NamedTuple):
    """Members of every cell of every context, sorted by cell."""

    cells: Ints
    """Cell of every citizen in every context, shape (contexts, citizens)."""
    order: Ints
    """Citizens by cell, shape (contexts, citizens); those without a cell are left out."""
    first: Ints
    """Where each cell begins in its context's order, all contexts one after the other."""
    base: Places
    """Where each context's cells begin in `first`; one longer than the contexts."""


def members(cells: Ints) -> Members:
    """Sort the citizens of every context by cell. Cost: two passes a context."""
    contexts, citizens = cells.shape
    numbers = cells.max(axis=1, initial=-1).astype(np.int64) + 1
    # One more entry a context, so that the end of the last cell is on file.
    base = np.concatenate([[0], np.cumsum(numbers + 1)])
    order = np.zeros((contexts, citizens), dtype=np.int32)
    first = np.zeros(base[-1], dtype=np.int32)
    for context in range(contexts):
        _by_cell(cells[context], order[context], first[base[context] : base[context + 1]])
    return Members(cells=cells, order=order, first=first, base=base)


@njit(cache=True, nogil=True)
def _by_cell(cells, order, first):  # type: ignore[no-untyped-def]
    for cell in cells:
        if cell >= 0:
            first[cell + 1] += 1
    for cell in range(1, len(first)):
        first[cell] += first[cell - 1]
    at = first.copy()
    for citizen in range(len(cells)):
        cell = cells[citizen]
        if cell >= 0:
            order[at[cell]] = citizen
            at[cell] += 1


@njit(cache=True, nogil=True)
def pick(placed, chosen, number, edges, where, chance, target, context):  # type: ignore[no-untyped-def]
    """Whom each slot of some citizens picks, and in which context; written into the last two.

    `number` is their slots, `chosen` the cells they stand in, shape (contexts, their number). A
    context that offers nobody sends the slot to the city.
    """
    first, base = placed.first, placed.base
    contexts, citizens = placed.cells.shape
    # Where the search for a context begins, so that it seldom takes more than one step.
    begins = np.zeros(256, dtype=np.int64)
    for part in range(256):
        k = 0
        while k < contexts and part / 256 >= edges[k]:
            k += 1
        begins[part] = k
    # Where in `order` each slot looks; a loop of its own reads it, so that reads overlap.
    places = np.empty(len(target), dtype=np.int64)
    slot = 0
    for i in range(len(number)):
        for _ in range(number[i]):
            k = begins[int(where[slot] * 256)]
            while k < contexts and where[slot] >= edges[k]:
                k += 1
            if k == contexts:
                places[slot], context[slot] = -1, k
            else:
                cell = chosen[k, i]
                begin, size = 0, 0
                if 0 <= cell < base[k + 1] - base[k] - 1:
                    begin = first[base[k] + cell]
                    size = first[base[k] + cell + 1] - begin
                if size == 0:
                    k, begin, size = contexts - 1, 0, citizens
                places[slot] = k * citizens + begin + min(int(chance[slot] * size), size - 1)
                context[slot] = k
            slot += 1
    members_in_order = placed.order.ravel()
    for slot in range(len(target)):
        target[slot] = members_in_order[places[slot]] if places[slot] >= 0 else CLOSURE_TARGET


@njit(cache=True, nogil=True)
def taken_seats(placed, chosen, seat, own):  # type: ignore[no-untyped-def]
    """Whose place each twin takes in every context: its own where it stays, -1 where nobody's.

    `own` are the numbers of those who have the twins, in whose order the other arrays are.
    """
    cells, first, base = placed.cells, placed.first, placed.base
    seats = np.empty(chosen.shape, dtype=np.int32)
    for k in range(len(chosen)):
        for i in range(len(own)):
            cell = chosen[k, i]
            if cell == cells[k, own[i]]:
                seats[k, i] = own[i]
                continue
            seats[k, i] = -1
            if 0 <= cell < base[k + 1] - base[k] - 1:
                begin = first[base[k] + cell]
                size = first[base[k] + cell + 1] - begin
                if size:
                    seats[k, i] = placed.order[k, begin + min(int(seat[i] * size), size - 1)]
    return seats


@njit(cache=True, nogil=True)
def _insert_sorted(values, start, stop):  # type: ignore[no-untyped-def]
    # Rows hold some twenty friends: insertion beats every cleverer sort.
    for at in range(start + 1, stop):
        value = values[at]
        before = at - 1
        while before >= start and values[before] > value:
            values[before + 1] = values[before]
            before -= 1
        values[before + 1] = value


@njit(cache=True, nogil=True)
def squeeze(raw, first, last):  # type: ignore[no-untyped-def]
    """Sort rows, drop doubles, and close the gaps; return where rows begin and how much is used."""
    rows = len(last)
    indptr = np.zeros(rows + 1, dtype=np.int64)
    used = 0
    for row in range(rows):
        start, stop = first[row], last[row]
        if stop - start > 64:
            raw[start:stop].sort()
        else:
            _insert_sorted(raw, start, stop)
        previous = -1
        for at in range(start, stop):
            value = raw[at]
            if value != previous:
                raw[used] = value
                used += 1
                previous = value
        indptr[row + 1] = used
    return indptr, used


@njit(cache=True, nogil=True)
def _adjacency(number, target, partner, far, far_friend, offset):  # type: ignore[no-untyped-def]
    citizens = len(number)
    # Narrow, because both arrays are reached at random; a city has fewer than 2**31 friends.
    first = np.zeros(citizens + 1, dtype=np.int32)
    slot = 0
    for i in range(citizens):
        for _ in range(number[i]):
            t = target[slot]
            slot += 1
            if t >= 0 and t != i:
                first[i + 1] += 1
                first[t + 1] += 1
        if partner[i] >= 0:
            first[i + 1] += 1
    for i in far:
        first[i + 1] += 1
    for i in range(citizens):
        first[i + 1] += first[i]
    last = first[:-1].copy()
    raw = np.empty(first[-1], dtype=np.int32)
    slot = 0
    for i in range(citizens):
        for _ in range(number[i]):
            t = target[slot]
            slot += 1
            if t >= 0 and t != i:
                raw[last[i]] = t + offset
                last[i] += 1
                raw[last[t]] = i + offset
                last[t] += 1
        if partner[i] >= 0:
            raw[last[i]] = partner[i] + offset
            last[i] += 1
    for at in range(len(far)):
        i = far[at]
        raw[last[i]] = far_friend[at]
        last[i] += 1
    indptr, used = squeeze(raw, first, last)
    return indptr, raw, used


def adjacency(
    number: Ints,
    target: Ints,
    partner: Ints,
    far: Ints = NOBODY,
    far_friend: Ints = NOBODY,
    offset: int = 0,
) -> tuple[Places, Ints]:
    """Rows of friends of a city's citizens: the union of slots, households and far ties.

    Parameters
    ----------
    number : ndarray of shape (citizens,)
        Slots of each citizen.
    target : ndarray
        Whom each slot picked, in the order of owners; negative for none.
    partner : ndarray of shape (citizens,)
        -1 for none.
    far, far_friend : ndarray
        A citizen of the city, and a friend elsewhere by number in the whole society.
    offset : int
        Number of the city's first citizen in the whole society.

    Returns
    -------
    indptr, indices
        Row i holds the distinct friends of citizen i in rising order, numbered in the whole
        society.
    """
    indptr, raw, used = _adjacency(number, target, partner, far, far_friend, offset)
    return indptr, raw[:used].copy() if used < 0.9 * len(raw) else raw[:used]


@njit(cache=True, nogil=True)
def fill_closure(number, target, chance, indptr, indices):  # type: ignore[no-untyped-def]
    """Let each closure slot pick a friend of a friend in the graph so far; -1 without friends."""
    slot = 0
    for i in range(len(number)):
        degree = indptr[i + 1] - indptr[i]
        for _ in range(number[i]):
            if target[slot] == CLOSURE_TARGET:
                target[slot] = -1
                if degree:
                    spot = chance[slot] * degree
                    nearer = indices[indptr[i] + int(spot)]
                    size = indptr[nearer + 1] - indptr[nearer]
                    target[slot] = indices[indptr[nearer] + int((spot - int(spot)) * size)]
            slot += 1


@njit(cache=True, nogil=True)
def _sums(indptr, indices, table, found, begin, end):  # type: ignore[no-untyped-def]
    """Add friends' rows up, for the rows from begin to end, a tile of friends at a time.

    Friends are anywhere in the table, which no cache holds; a tile is. Most are in the rows'
    own city, so tiles are small around the rows and few elsewhere. Rows are in rising order of
    friends, so each goes on where it stopped; in any order the last tile takes what is left.
    """
    people, width = table.shape
    at = np.empty(min(ROWS, end - begin), dtype=np.int64)
    for first in range(begin, end, ROWS):
        last = min(end, first + ROWS)
        for row in range(first, last):
            at[row - first] = indptr[row]
            found[row] = 0.0
        tile, stop = 0, 0
        while tile < people:
            if tile < first:
                tile = min(first, tile + max(TILE, first // 4 + 1))
            elif tile < last:
                tile = min(last, tile + TILE)
            else:
                tile += max(TILE, (people - last) // 4 + 1)
            stop = tile if tile < people else 2**62
            for row in range(first, last):
                place, friends = at[row - first], indptr[row + 1]
                total = found[row]
                while place < friends and indices[place] < stop:
                    friend = table[indices[place]]
                    # No branch and no division in here, so that columns are added side by side.
                    for column in range(width):
                        total[column] += friend[column]
                    place += 1
                at[row - first] = place


def friend_means(
    indptr: NDArray[Any], indices: NDArray[Any], table: NDArray[np.float32], *, workers: int = 1
) -> NDArray[np.float32]:
    """Mean of each column over each citizen's friends; NaN where no friend has a value.

    Cost: one read of the table's row a friend, tile by tile (measured beside the memory's
    bandwidth in benchmarks/results/society.md).

    Parameters
    ----------
    indptr, indices : ndarray
        Rows of friends.
    table : ndarray of shape (people, columns)
    workers : int, default 1
        Threads that share the rows; the means do not depend on it.

    Returns
    -------
    ndarray of shape (rows, columns)

    Examples
    --------
    >>> ties = np.array([0, 2, 3, 3]), np.array([1, 2, 0])
    >>> friend_means(*ties, np.array([[1.0], [2.0], [4.0]], dtype=np.float32)).tolist()
    [[3.0], [1.0], [nan]]
    """
    rows = len(indptr) - 1
    # A column with a gap has no sum, which is cheaper to see than each gap.
    partial = np.flatnonzero(np.isnan(table.sum(axis=0)))
    whole = np.ascontiguousarray(table, dtype=np.float32)
    if len(partial):
        # It brings a column that counts the friends who have a value.
        known_of = ~np.isnan(table[:, partial])
        whole = np.concatenate([whole, known_of.astype(np.float32)], axis=1)
        whole[:, partial] = np.where(known_of, table[:, partial], np.float32(0))
    sums = np.empty((rows, whole.shape[1]), dtype=np.float32)
    cuts = np.linspace(0, rows, workers + 1).astype(np.int64)
    if workers == 1:
        _sums(indptr, indices, whole, sums, 0, rows)
    else:
        with ThreadPoolExecutor(workers) as threads:
            list(threads.map(lambda cut: _sums(indptr, indices, whole, sums, *cut), pairwise(cuts)))
    means: NDArray[np.float32] = sums[:, : table.shape[1]]
    known = np.empty(means.shape, dtype=np.float32)
    known[:] = np.diff(indptr)[:, None]
    known[:, partial] = sums[:, table.shape[1] :]
    known[known == 0] = np.nan
    means /= known
    return means


def as_ties(indptr: Places, indices: Ints, citizens: int) -> csr_array:
    """Rows of friends as a sparse matrix of ones, in the narrowest integers that hold them."""
    narrow = np.int32 if indptr[-1] < 2**31 else np.int64
    ones = np.ones(len(indices), dtype=np.int8)
    # Given as attributes: the constructor would widen indices to the type of indptr.
    ties = csr_array((len(indptr) - 1, citizens), dtype=np.int8)
    ties.data, ties.indices, ties.indptr = ones, indices, indptr.astype(narrow)
    ties.has_sorted_indices = ties.has_canonical_format = True
    return ties


def joined_ties(cities: Sequence[tuple[Places, Ints]], citizens: int) -> csr_array:
    """Ties of a society from the rows of friends of each of its cities, in their order."""
    first = [np.zeros(1, dtype=np.int64)]
    for indptr, _ in cities:
        first.append(indptr[1:] + first[-1][-1])
    friends = [indices for _, indices in cities]
    indices = friends[0] if len(friends) == 1 else np.concatenate(friends)
    return as_ties(np.concatenate(first), indices, citizens)
