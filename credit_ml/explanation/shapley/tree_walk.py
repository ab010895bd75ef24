"""All coalitions of factors in one walk of each tree."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from credit_ml.core import Array
from credit_ml.core.cores import cores
from credit_ml.explanation.shapley.flat_trees import FlatTrees
from credit_ml.explanation.shapley.tree_tables import TreeTables, floored

#: With more factors the table of open coalitions, 3**K numbers, leaves the nearest memory.
MOST_WALKED = 8
#: People whom one thread follows at a time.
CHUNK = 4096


def walked(
    forest: FlatTrees,
    own: NDArray[Any],
    other: NDArray[Any],
    factor: NDArray[np.int8],
    factors: int,
    *,
    threads: int | None = None,
) -> Array:
    """Raw scores of every person under all coalitions of factors, shape (2**K, people).

    Small trees are tables (`TreeTables`). In larger ones there is nothing to decide at a node where
    a person and the one who stands in go the same way. Where they part, the walk follows both
    and notes for the node's factor whose way it took, "own" or "other"; on deeper nodes of the
    same factor it stays with that. A leaf so reached counts for all coalitions that hold the
    factors noted "own" and none noted "other"; what was never decided is free.

    Each person is followed alone, so results do not depend on threads.

    Cost: trees x people, times 2**K lookups or the nodes that the two can reach.

    Parameters
    ----------
    own, other : ndarray of shape (people, features)
        From `read_by`.
    factor : ndarray of shape (features,)
        Number of each feature's factor, 0 to K - 1.
    factors : int
        K, at most 8.
    threads : int, optional
        By default one a processor in the main thread, and one in any other.
    """
    found = np.empty((len(own), 2**factors))
    key = factor.tobytes(), factors
    if key not in forest.walkers:
        kind = TreeTables if TreeTables.fits(forest) else _Walk
        forest.walkers[key] = kind(forest, factor, factors)
    score = forest.walkers[key].scores
    parts = [slice(start, start + CHUNK) for start in range(0, len(own), CHUNK)]
    inside = threading.current_thread() is threading.main_thread()
    number = min(threads or (cores() if inside else 1), len(parts))
    if number <= 1:
        for rows in parts:
            score(own[rows], other[rows], found[rows])
    else:
        with ThreadPoolExecutor(number) as pool:
            list(pool.map(lambda rows: score(own[rows], other[rows], found[rows]), parts))
    return found.T


class _Walk:
    """A forest whose trees are too large for tables."""

    def __init__(self, forest: FlatTrees, factor: NDArray[np.int8], factors: int) -> None:
        self.forest, self.factors = forest, factors
        leaf = forest.left < 0
        self._of_node = np.where(leaf, 0, factor[np.maximum(forest.feature, 0)]).astype(np.int8)

    def scores(self, own: NDArray[Any], other: NDArray[Any], found: Array) -> None:
        """Write raw scores of all coalitions into `found`, shape (people, 2**K)."""
        forest, threshold = self.forest, floored(self.forest.threshold, own.dtype)
        children = forest.left, forest.right, forest.missing_left, forest.value
        nodes = forest.feature, threshold, *children, self._of_node
        _walk(nodes, forest.roots, forest.base, own, other, self.factors, found)


@njit(cache=True, nogil=True)
def _walk(trees, roots, base, own, other, factors, found):  # type: ignore[no-untyped-def]
    feature, threshold, left, right, missing_left, value, of_node = trees
    power = 3 ** np.arange(factors + 1)
    states = power[factors]
    # Digit k of a state: 0 when factor k is free, 1 when it is the person's own, 2 the other's.
    open_to = np.empty(states)
    nodes = np.empty(4096, dtype=np.int32)
    state_of = np.empty(4096, dtype=np.int64)
    for i in range(len(own)):
        open_to[:] = 0.0
        for root in roots:
            nodes[0], state_of[0], top = root, 0, 1
            while top > 0:
                top -= 1
                node, state = nodes[top], state_of[top]
                while left[node] >= 0:
                    column = feature[node]
                    x, r = own[i, column], other[i, column]
                    cut = threshold[node]
                    mine = (x <= cut) if x == x else missing_left[node]
                    theirs = (r <= cut) if r == r else missing_left[node]
                    k = of_node[node]
                    digit = (state // power[k]) % 3
                    if mine == theirs or digit == 1:
                        node = left[node] if mine else right[node]
                    elif digit == 2:
                        node = left[node] if theirs else right[node]
                    else:
                        nodes[top] = left[node] if theirs else right[node]
                        state_of[top] = state + 2 * power[k]
                        top += 1
                        node = left[node] if mine else right[node]
                        state += power[k]
                open_to[state] += value[node]
        _close(open_to, power, factors, found[i])
        found[i] += base


@njit(cache=True, nogil=True)
def _close(open_to, power, factors, found):  # type: ignore[no-untyped-def]
    """Add free states to both sides, factor by factor from the last; leaves 2**K sums."""
    # In place: after factor k, states whose higher digits are 1 or 2 are complete in them.
    for k in range(factors):
        step = power[k]
        for high in range(0, power[factors], 3 * step):
            for low in range(step):
                free = open_to[high + low]
                open_to[high + low + step] += free
                open_to[high + low + 2 * step] += free
    for coalition in range(2**factors):
        state = 0
        for k in range(factors):
            state += power[k] * (1 if (coalition >> k) & 1 else 2)
        found[coalition] = open_to[state]
