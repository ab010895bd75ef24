"""Best bundles under trees: each tree is walked once for all bundles of a person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray

from credit_ml.explanation.shapley.flat_trees import FlatTrees, read_by
from credit_ml.explanation.shapley.tree_tables import floored
from credit_ml.response.best_response.enumerate import Stakes, in_threads, pick
from credit_ml.response.combined import Moved, columns_moved, settings_table
from credit_ml.response.terms import TIE, Link
from credit_ml.scoring.output import InnerModel

if TYPE_CHECKING:
    from credit_ml.response.menu import Action

Array = NDArray[np.float64]

#: Scores, of people under all bundles, that one thread holds at a time: 8 MiB.
SCORES = 1 << 20


class Settings:
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
        self._fill(forest, inner, X, actions, moved, names)

    def _fill(
        self, forest: FlatTrees, inner: InnerModel, X: pd.DataFrame, actions: "Sequence[Action]",
        moved: list[Moved], names: list[str],
    ) -> None:  # fmt: skip
        for setting in range(max((1 << len(column.actions) for column in moved), default=0)):
            table = settings_table(X, actions, moved, setting) if setting else X
            read = read_by(forest, inner.read(table)) if setting else self.own
            for number, column in enumerate(moved):
                if setting < 1 << len(column.actions):
                    place = names.index(column.column)
                    self.values[:, self.offset[number] + setting] = read[:, place]


def walked_best(
    forest: FlatTrees, settings: Settings, stakes: Stakes, link: Link | None = None
) -> tuple[NDArray[np.int64], Array, NDArray[np.bool_]]:
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
    masks, near = np.zeros(people, dtype=np.int64), np.zeros(people, dtype=np.bool_)
    found = np.full(people, np.nan)
    place = np.where(forest.left < 0, -1, settings.place[np.maximum(forest.feature, 0)])
    threshold = floored(forest.threshold, settings.own.dtype)
    nothing, none = np.empty((1, 1)), np.empty(0, dtype=np.int64)

    def follow(rows: slice) -> None:
        scores = np.zeros((rows.stop - rows.start, bundles))
        _walk(
            forest.feature, threshold, forest.left, forest.right, forest.missing_left,
            forest.value, place, forest.roots, forest.base, settings.own[rows],
            settings.values[rows], settings.count, settings.offset, settings.actions,
            rows.start, stakes, scores,
        )  # fmt: skip
        pick(scores if link is None else link(scores), nothing[0], nothing, nothing, none, none,
             rows.start, stakes, masks[rows], found[rows], near[rows])  # fmt: skip

    in_threads(people, max(1, SCORES // bundles), follow)
    return masks, found, near


@njit(cache=True, nogil=True)
def _walk(  # type: ignore[no-untyped-def]
    feature, threshold, left, right, missing_left, value, place, roots, base, own, values, count,
    offset, actions, first, stakes, scores,
):  # fmt: skip
    # At most one way is left open for each action that was decided.
    nodes = np.empty(66, dtype=np.int32)
    done_of, left_of = np.empty(66, dtype=np.int64), np.empty(66, dtype=np.int64)
    for k in range(len(own)):
        gone = _out_of_reach(first + k, stakes)
        row = scores[k]
        for tree in range(len(roots)):
            nodes[0], done_of[0], left_of[0], top = roots[tree], 0, 0, 1
            while top > 0:
                top -= 1
                node, done, omitted = nodes[top], done_of[top], left_of[top]
                while left[node] >= 0:
                    cut, absent, c = threshold[node], missing_left[node], place[node]
                    if c < 0:
                        x = own[k, feature[node]]
                        goes = (x <= cut) if x == x else absent
                        node = left[node] if goes else right[node]
                        continue
                    goes, undecided = _way(
                        values[k], offset[c], cut, absent, actions[c], count[c], done,
                        omitted | gone,
                    )  # fmt: skip
                    if undecided < 0:
                        node = left[node] if goes else right[node]
                        continue
                    # The same node again for whoever does the action; here for who does not.
                    nodes[top], done_of[top] = node, done | (1 << undecided)
                    left_of[top] = omitted
                    top += 1
                    omitted |= 1 << undecided
                _add(row, value[node], done, omitted, stakes.size)
        _subset_sums(row)
        for mask in range(len(row)):
            row[mask] += base


@njit(cache=True, nogil=True, inline="always")
def _way(values, start, cut, absent, actions, count, done, omitted):  # type: ignore[no-untyped-def]
    """Which way all settings still open go, and an action to decide where they part, else -1."""
    held, free, undecided = 0, 0, -1
    for p in range(count):
        bit = 1 << actions[p]
        if done & bit:
            held |= 1 << p
        elif not omitted & bit:
            free |= 1 << p
            if undecided < 0:
                undecided = actions[p]
    x = values[start + held]
    goes = (x <= cut) if x == x else absent
    part = free
    while part > 0:
        x = values[start + (held | part)]
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
    limit = stakes.spendable[i] + TIE
    if not stakes.temperature > 0:
        limit = min(limit, stakes.top - stakes.now[i] + TIE)
    gone, bit = stakes.closed[i], 1
    while bit < len(stakes.price):
        cost = (stakes.price[bit] / stakes.income[i] + stakes.effort[bit]) * stakes.factor[i]
        if cost > limit:
            gone |= bit
        bit *= 2
    return gone
