"""All coalitions of factors for small trees: each one is a lookup of a row of bits."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from credit_ml.core import Array
from credit_ml.explanation.shapley.flat_trees import FlatTrees

#: Inner nodes of a tree whose table, a leaf for every way to answer them all, stays small.
MOST_BITS = 14


class TreeTables:
    """A forest as tables: answers of a row at a tree's nodes are bits, and bits name a leaf.

    What a person would score with some factors of somebody else is the leaf of a row of bits
    mixed from both, ``other ^ ((own ^ other) & nodes of the coalition's factors)``. There is
    nothing to decide on the way, so 32 coalitions cost 32 lookups.

    Cost: 2**inner nodes numbers a tree to build; 2**K lookups a tree and person.

    Parameters
    ----------
    forest : FlatTrees
        With at most 14 inner nodes a tree (`fits`).
    factor : ndarray of shape (features,)
        Number of each feature's factor, 0 to K - 1.
    factors : int
        K.
    """

    def __init__(self, forest: FlatTrees, factor: NDArray[np.int8], factors: int) -> None:
        self.forest, self.factors = forest, factors
        inner = forest.left >= 0
        self._bit = np.where(inner, forest.order, 0).astype(np.uint16)
        self._leaf = np.empty((len(forest.roots), 1 << max(forest.most_inner, 1)))
        _fill(forest.left, forest.right, self._bit, forest.value, forest.roots, self._leaf)
        nodes = np.flatnonzero(inner)
        owner = factor[forest.feature[nodes]].astype(np.int64)
        self._mask = np.zeros((len(forest.roots), 2**factors), dtype=np.uint16)
        tree = np.searchsorted(forest.roots, nodes, side="right") - 1
        for coalition in range(2**factors):
            held = (coalition >> owner) & 1 == 1
            bits = np.left_shift(1, self._bit[nodes[held]].astype(np.int64))
            np.bitwise_or.at(self._mask[:, coalition], tree[held], bits.astype(np.uint16))

    @staticmethod
    def fits(forest: FlatTrees) -> bool:
        """Whether the forest's trees are small enough."""
        return forest.most_inner <= MOST_BITS

    def scores(self, own: NDArray[Any], other: NDArray[Any], found: Array) -> None:
        """Write raw scores of all coalitions into `found`, shape (people, 2**K)."""
        mine, theirs = self._ways(own), self._ways(other)
        _mix(self._leaf, self._mask, self.forest.base, mine, theirs, found)

    def _ways(self, rows: NDArray[Any]) -> NDArray[np.uint16]:
        """Answers of every row at every tree's nodes, as bits; shape (trees, people)."""
        forest = self.forest
        threshold, columns = floored(forest.threshold, rows.dtype), np.ascontiguousarray(rows.T)
        nodes = forest.feature, threshold, forest.left, forest.missing_left, self._bit
        answers = np.zeros((len(forest.roots), len(rows)), dtype=np.uint16)
        _answer(nodes, forest.roots, columns, answers)
        return answers


def floored(thresholds: Array, kind: Any) -> NDArray[Any]:
    """Return the largest number of a type that is at most each threshold.

    ``x <= threshold`` then says the same of every x of that type.

    Examples
    --------
    >>> bool(floored(np.array([0.1]), np.float32)[0] <= 0.1)
    True
    >>> bool(floored(np.array([1e308]), np.float32)[0] == np.finfo(np.float32).max)
    True
    """
    with np.errstate(over="ignore"):  # LightGBM's "always" is the largest float64
        near = thresholds.astype(kind)
    above = near.astype(np.float64) > thresholds
    near[above] = np.nextafter(near[above], np.asarray(-np.inf, dtype=kind))
    return near


@njit(cache=True, nogil=True)
def _fill(left, right, bit, value, roots, leaf):  # type: ignore[no-untyped-def]
    for tree in range(len(roots)):
        for answers in range(leaf.shape[1]):
            node = roots[tree]
            while left[node] >= 0:
                node = left[node] if (answers >> bit[node]) & 1 else right[node]
            leaf[tree, answers] = value[node]


@njit(cache=True, nogil=True)
def _answer(nodes, roots, columns, answers):  # type: ignore[no-untyped-def]
    feature, threshold, left, missing_left, bit = nodes
    people = columns.shape[1]
    for tree in range(len(roots)):
        stop = roots[tree + 1] if tree + 1 < len(roots) else len(left)
        for node in range(roots[tree], stop):
            if left[node] < 0:
                continue
            cut, column = threshold[node], feature[node]
            yes = np.uint16(1 << bit[node])
            # Comparisons with NaN are false, so the missing go left by the opposite question.
            if missing_left[node]:
                for i in range(people):
                    answers[tree, i] |= np.uint16(0) if columns[column, i] > cut else yes
            else:
                for i in range(people):
                    answers[tree, i] |= yes if columns[column, i] <= cut else np.uint16(0)


@njit(cache=True, nogil=True)
def _mix(leaf, mask, base, own, other, found):  # type: ignore[no-untyped-def]
    people, coalitions = found.shape
    # A block's sums and one tree's table fit the nearer memory together.
    for first in range(0, people, 512):
        last = min(people, first + 512)
        found[first:last] = base
        for tree in range(len(leaf)):
            leaves, held = leaf[tree], mask[tree]
            for i in range(first, last):
                theirs = other[tree, i]
                apart = own[tree, i] ^ theirs
                if apart == 0:
                    alike = leaves[theirs]
                    for coalition in range(coalitions):
                        found[i, coalition] += alike
                else:
                    for coalition in range(coalitions):
                        found[i, coalition] += leaves[theirs ^ (apart & held[coalition])]
