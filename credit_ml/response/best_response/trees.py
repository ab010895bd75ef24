"""Best bundles under trees: each tree is walked once for all bundles of a person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray

from credit_ml.core.tables.arrays import Array, Mask, Whole
from credit_ml.explanation.shapley.flat_trees import FlatTrees, read_by
from credit_ml.explanation.shapley.tree_tables import floored
from credit_ml.response.best_response.enumerate import (
    NO_RECURRENCE,
    Picked,
    Stakes,
    in_threads,
    pick,
)
from credit_ml.response.moved_records import columns_moved, settings_table
from credit_ml.response.objective import TIE, Link
from credit_ml.scoring.output import InnerModel

if TYPE_CHECKING:
    from credit_ml.response.menu import Action


#: Scores, of people under all bundles, that one thread holds at a time: 8 MiB.
SCORES = 1 << 20


class ColumnSettings(NamedTuple):
    """What trees read of people: their records, and moved columns under all their settings."""

    own: Array
    """Of each person, shape (people, columns)."""
    values: Array
    """Moved columns under every setting of the actions that move them, shape (people, settings)."""
    number: Whole
    """Of the actions of each moved column."""
    offset: Whole
    """Where the settings of each moved column begin in `values`."""
    actions: Whole
    """Numbers of the actions of each moved column, a row each."""
    place: NDArray[np.int32]
    """Which moved column each column is, -1 for none."""

    @classmethod
    def of(
        cls, forest: FlatTrees, inner: InnerModel, X: pd.DataFrame, actions: "Sequence[Action]"
    ) -> "ColumnSettings":
        """Read a table, column by column, as `inner` does."""
        table = inner.read(X)
        names = [str(name) for name in table.columns]
        moved = [column for column in columns_moved(actions, X) if column.column in names]
        columns = np.array([names.index(column.column) for column in moved], dtype=np.intp)
        place = np.full(len(names), -1, dtype=np.int32)
        place[columns] = np.arange(len(moved))
        number = np.array([len(column.actions) for column in moved], dtype=np.int64)
        offset = np.concatenate([[0], np.cumsum(1 << number)]).astype(np.int64)
        padded = np.full((len(moved), number.max(initial=1)), -1, dtype=np.int64)
        for row, column in zip(padded, moved, strict=True):
            row[: len(column.actions)] = column.actions
        own = read_by(forest, table)
        values = np.empty((len(X), offset[-1]), dtype=own.dtype)
        for setting in range((1 << number).max(initial=0)):
            here = setting < 1 << number
            table = settings_table(X, actions, moved, setting) if setting else X
            read = read_by(forest, inner.read(table)) if setting else own
            values[:, offset[:-1][here] + setting] = read[:, columns[here]]
        return cls(own, values, number, offset, padded, place)

    def rows(self, rows: slice) -> "ColumnSettings":
        """Return what the trees read of some of the people."""
        return self._replace(own=self.own[rows], values=self.values[rows])


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
        _walk(nodes, settings.rows(rows), rows.start, stakes, scores)
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
