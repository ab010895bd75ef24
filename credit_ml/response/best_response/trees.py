"""Best bundles under trees: each tree is walked once for all bundles of a person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray

from credit_ml.core.arrays import Array, Mask, Whole
from credit_ml.explanation.shapley.flat_trees import FlatTrees, read_by
from credit_ml.explanation.shapley.tree_tables import floored
from credit_ml.response.best_response.enumerate import (
    NO_RECURRENCE,
    Picked,
    Stakes,
    in_threads,
    pick,
)
from credit_ml.response.moved_records import MovedColumn, columns_moved, settings_table
from credit_ml.response.objective import TIE, Link
from credit_ml.scoring.output import InnerModel

if TYPE_CHECKING:
    from credit_ml.response.menu import Action


#: Scores, of people under all bundles, that one thread holds at a time: 8 MiB.
SCORES = 1 << 20


class ColumnSettings:
    """What the trees read of each person under every setting of each moved column's actions.

    Parameters
    ----------
    forest : FlatTrees
    inner : InnerModel
        How the model reads a table, column by column.
    """

    def __init__(
        self, forest: FlatTrees, inner: InnerModel, X: pd.DataFrame, actions: "Sequence[Action]"
    ) -> None:
        read = inner.read(X)
        names = [str(name) for name in read.columns]
        self.own = read_by(forest, read)
        moved = [column for column in columns_moved(actions, X) if column.column in names]
        self.place = np.full(len(names), -1, dtype=np.int32)
        for number, column in enumerate(moved):
            self.place[names.index(column.column)] = number
        self.count = np.array([len(column.actions) for column in moved], dtype=np.int64)
        self.offset = np.concatenate([[0], np.cumsum(1 << self.count)]).astype(np.int64)
        self.actions = np.full((len(moved), max(self.count, default=1)), -1, dtype=np.int64)
        for number, column in enumerate(moved):
            self.actions[number, : len(column.actions)] = column.actions
        self.values = np.empty((len(X), self.offset[-1]), dtype=self.own.dtype)
        self._fill(forest, inner, X, actions, moved)

    def read(self, rows: slice) -> "_Readings":
        """Return what the trees read of some of the people."""
        return _Readings(self.own[rows], self.values[rows], self.count, self.offset, self.actions)

    def _fill(
        self,
        forest: FlatTrees,
        inner: InnerModel,
        X: pd.DataFrame,
        actions: "Sequence[Action]",
        moved: list[MovedColumn],
    ) -> None:
        names = [str(name) for name in inner.read(X.iloc[:0]).columns]
        for setting in range(max((1 << len(column.actions) for column in moved), default=0)):
            table = settings_table(X, actions, moved, setting) if setting else X
            read = read_by(forest, inner.read(table)) if setting else self.own
            for number, column in enumerate(moved):
                if setting < 1 << len(column.actions):
                    place = names.index(column.column)
                    self.values[:, self.offset[number] + setting] = read[:, place]


def walked_best(
    forest: FlatTrees, settings: ColumnSettings, stakes: Stakes, link: Link | None = None
) -> Picked:
    """Return best bundles, their raw sums, and who is too near a threshold to be sure.

    A node on a column that no action moves, or on which all of a person's bundles go the same
    way, decides nothing. Elsewhere the walk follows both ways and notes which action was taken
    as done and which as left. A leaf so reached counts for the bundles M that hold those done D
    and none of those left L, of which the indicator is the sum over T in L of
    ``(-1)**|T| [D + T in M]``; so its value goes to 2**|L| coefficients, and one subset sum
    over all trees together makes them scores of bundles.

    Cost: people x (the leaves that their bundles can reach + actions x 2**actions additions).
    """
    people, bundles = len(settings.own), len(stakes.price)
    picked, nodes = Picked.of(people), _Nodes.of(forest, settings)

    def follow(rows: slice) -> None:
        scores = np.zeros((rows.stop - rows.start, bundles))
        _walk(nodes, settings.read(rows), rows.start, stakes, scores)
        seen = scores if link is None else link(scores)
        pick(seen, NO_RECURRENCE, rows.start, stakes, picked.rows(rows))

    in_threads(people, max(1, SCORES // bundles), follow)
    return picked


class _Nodes(NamedTuple):
    """Trees as plain arrays, and which moved column each node splits, -1 for none."""

    feature: NDArray[np.int32]
    threshold: Array
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    missing_left: Mask
    value: Array
    moved: NDArray[np.int32]
    roots: NDArray[np.int32]
    base: float

    @classmethod
    def of(cls, forest: FlatTrees, settings: ColumnSettings) -> "_Nodes":
        moved = np.where(forest.left < 0, -1, settings.place[np.maximum(forest.feature, 0)])
        threshold = floored(forest.threshold, settings.own.dtype)
        ways = forest.left, forest.right, forest.missing_left
        return cls(forest.feature, threshold, *ways, forest.value, moved, forest.roots, forest.base)


class _Readings(NamedTuple):
    """What trees read of some people: their records, and under every setting of its actions."""

    own: Array
    values: Array
    number: Whole
    """Of the actions of each moved column."""
    offset: Whole
    actions: Whole


@njit(cache=True, nogil=True)
def _walk(trees, read, first, stakes, scores):  # type: ignore[no-untyped-def]
    left, right = trees.left, trees.right
    # At most one way is left open for each action that was decided.
    nodes = np.empty(66, dtype=np.int32)
    done_of, left_of = np.empty(66, dtype=np.int64), np.empty(66, dtype=np.int64)
    for k in range(len(read.own)):
        gone = _out_of_reach(first + k, stakes)
        row = scores[k]
        for tree in range(len(trees.roots)):
            nodes[0], done_of[0], left_of[0], top = trees.roots[tree], 0, 0, 1
            while top > 0:
                top -= 1
                node, done, omitted = nodes[top], done_of[top], left_of[top]
                while left[node] >= 0:
                    cut, absent = trees.threshold[node], trees.missing_left[node]
                    c = trees.moved[node]
                    if c < 0:
                        x = read.own[k, trees.feature[node]]
                        goes = (x <= cut) if x == x else absent
                        node = left[node] if goes else right[node]
                        continue
                    goes, undecided = _way(read, k, c, (cut, absent), done, omitted | gone)
                    if undecided < 0:
                        node = left[node] if goes else right[node]
                        continue
                    # The same node again for whoever does the action; here for who does not.
                    nodes[top], done_of[top] = node, done | (1 << undecided)
                    left_of[top] = omitted
                    top += 1
                    omitted |= 1 << undecided
                _add(row, trees.value[node], done, omitted, stakes.size)
        _subset_sums(row)
        for mask in range(len(row)):
            row[mask] += trees.base


@njit(cache=True, nogil=True, inline="always")
def _way(read, k, column, split, done, omitted):  # type: ignore[no-untyped-def]
    """Which way all settings still open go, and an action to decide where they part, else -1."""
    (cut, absent), held, free, undecided = split, 0, 0, -1
    start, actions = read.offset[column], read.actions[column]
    for p in range(read.number[column]):
        bit = 1 << actions[p]
        if done & bit:
            held |= 1 << p
        elif not omitted & bit:
            free |= 1 << p
            if undecided < 0:
                undecided = actions[p]
    x = read.values[k, start + held]
    goes = (x <= cut) if x == x else absent
    part = free
    while part > 0:
        x = read.values[k, start + (held | part)]
        if ((x <= cut) if x == x else absent) != goes:
            return goes, undecided
        part = (part - 1) & free
    return goes, -1


@njit(cache=True, nogil=True, inline="always")
def _add(row, value, done, omitted, size):  # type: ignore[no-untyped-def]
    part = omitted
    while True:
        row[done | part] += -value if size[part] & 1 else value
        if part == 0:
            break
        part = (part - 1) & omitted


@njit(cache=True, nogil=True)
def _subset_sums(row):  # type: ignore[no-untyped-def]
    """Turn coefficients into sums over all subsets, in place."""
    step = 1
    while step < len(row):
        for high in range(0, len(row), 2 * step):
            for low in range(high, high + step):
                row[low + step] += row[low]
        step *= 2


@njit(cache=True, nogil=True, inline="always")
def _out_of_reach(i, stakes):  # type: ignore[no-untyped-def]
    """Mask of the actions that alone cost a person more than they could gain or spend."""
    bills = stakes.bills
    limit = bills.spendable[i] + TIE
    if not bills.temperature > 0:
        limit = min(limit, bills.top - stakes.now[i] + TIE)
    gone, bit = bills.closed[i], 1
    while bit < len(stakes.price):
        cost = (stakes.price[bit] / bills.income[i] + stakes.effort[bit]) * bills.multiplier[i]
        if cost > limit:
            gone |= bit
        bit *= 2
    return gone
