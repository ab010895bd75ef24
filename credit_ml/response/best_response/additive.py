"""Best bundles where what groups of actions add to a score adds up."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from credit_ml.core import Array, InputError
from credit_ml.response.best_response.enumerate import (
    NO_RECURRENCE,
    Picked,
    Recurrence,
    Stakes,
    in_threads,
    pick,
)
from credit_ml.response.moved_records import (
    MovedColumn,
    columns_moved,
    compressed,
    groups_of,
    settings_table,
)
from credit_ml.response.objective import Link
from credit_ml.scoring import additive_terms

if TYPE_CHECKING:
    from credit_ml.response.menu import Action

Group = tuple[tuple[int, ...], Array]

#: People whom one thread follows at a time.
CHUNK = 4096
#: Scores, of people under all bundles, that one thread holds at a time where a link is applied.
SCORES = 1 << 20


class BundleSums:
    """Scores of all bundles as a recurrence: a bundle's parent lacks its lowest action.

    ``score[mask] = score[parent[mask]] + gain of the lowest action, given the rest of its
    group``: one addition a bundle.

    Parameters
    ----------
    actions : int
        Number of actions; those in no group add nothing.
    groups : sequence of (actions, gains)
        Gains of shape (people, 2**size of the group), those of no action being 0.
    """

    def __init__(self, actions: int, groups: Sequence[Group]) -> None:
        masks = np.arange(1 << actions, dtype=np.int64)
        self.actions, self.groups = actions, groups
        self.parent, self.slot = masks & (masks - 1), np.zeros(len(masks), dtype=np.int64)
        offset = 1  # the first slot adds nothing
        for own, gains in groups:
            if gains.shape[1] != 1 << len(own):
                shape = f"of {len(own)} actions have shape {gains.shape}"
                raise InputError("gains", shape, f"give {1 << len(own)} columns")
            lead = np.isin(masks & -masks, [1 << action for action in own])
            self.slot[lead] = offset + compressed(masks[lead], own)
            offset += gains.shape[1]

    def steps(self, rows: slice) -> Array:
        """What the lowest action of each subset of each group adds, a column a slot."""
        parts = [np.zeros((rows.stop - rows.start, 1))]
        for own, gains in self.groups:
            subsets = np.arange(1 << len(own))
            parts.append(gains[rows] - gains[rows][:, subsets & (subsets - 1)])
        return np.ascontiguousarray(np.hstack(parts))

    def reach(self, rows: slice) -> Array:
        """Most that all actions below each one can still add, shape (people, actions)."""
        most = np.zeros((rows.stop - rows.start, self.actions))
        for own, gains in self.groups:
            each = gains[rows]
            most[:, max(own) + 1 :] += each.max(axis=1)[:, None]
            # Some of the group may be done already, and that worse than nothing.
            astride = slice(min(own) + 1, max(own) + 1)
            most[:, astride] += (each.max(axis=1) - each.min(axis=1))[:, None]
        return most

    def all(self, start: Array, gains: Array) -> Array:
        """Raw sums of some people under every bundle."""
        scores = np.empty((len(start), len(self.parent)))
        scores[:, 0] = start
        for mask in range(1, len(self.parent)):
            scores[:, mask] = scores[:, self.parent[mask]] + gains[:, self.slot[mask]]
        return scores


def summed_best(start: Array, sums: BundleSums, stakes: Stakes, link: Link | None = None) -> Picked:
    """Return best bundles, their raw sums, and who is too near a threshold to be sure.

    With a link, worth is judged on ``link(sum)``; without, on the sum.

    Cost: one addition for each person and bundle that can pay.
    """
    picked = Picked.of(len(start))

    def follow(rows: slice) -> None:
        own = sums.steps(rows)
        if link is None:
            scores = np.empty((1, len(sums.parent)))
            adding = Recurrence(start[rows], own, sums.reach(rows), sums.parent, sums.slot)
        else:
            scores, adding = link(sums.all(start[rows], own)), NO_RECURRENCE
        pick(scores, adding, rows.start, stakes, picked.rows(rows))

    chunk = CHUNK if link is None else max(1, SCORES // len(sums.parent))
    in_threads(len(start), chunk, follow)
    return picked


def gains_of(model: Any, X: pd.DataFrame, actions: "Sequence[Action]", output: str) -> list[Group]:
    """Return what each group of actions that move common columns adds to an additive number.

    Cost: one pass over the moved columns for each setting of the actions that share a column.

    Raises
    ------
    ModelError
        When the model's number is no sum of columns.
    """
    columns = columns_moved(actions, X)
    terms = _terms_by_setting(model, X, actions, columns, output)
    found = []
    for group in groups_of(len(actions), columns):
        subsets = np.arange(1 << len(group), dtype=np.int64)
        gains = np.zeros((len(X), len(subsets)))
        masks = np.zeros_like(subsets)
        for place, action in enumerate(group):
            masks |= ((subsets >> place) & 1) << action
        for column in columns:
            if column.column in terms and column.actions[0] in group:
                for subset, setting in enumerate(compressed(masks, column.actions)):
                    if setting:
                        each = terms[column.column]
                        gains[:, subset] += each[setting] - each[0]
        found.append((group, gains))
    return found


def _terms_by_setting(
    model: Any,
    X: pd.DataFrame,
    actions: "Sequence[Action]",
    columns: list[MovedColumn],
    output: str,
) -> dict[str, list[Array]]:
    """What each moved column adds under each setting of its own actions."""
    before = additive_terms(model, X, output, direction="higher_is_better")  # type: ignore[arg-type]
    seen = [column for column in columns if column.column in before.columns]
    found = {name: [before[name].to_numpy()] for name, _ in seen}
    for setting in range(1, max((1 << len(own) for _, own in seen), default=1)):
        table = settings_table(X, actions, seen, setting)
        after = additive_terms(model, table, output, direction="higher_is_better")  # type: ignore[arg-type]
        for name, own in seen:
            if setting < 1 << len(own):
                found[name].append(after[name].to_numpy())
    return found
