"""Actions that move a common column, and the tables that people come to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from credit_ml.core.tables.arrays import Whole
from credit_ml.core.tables.frames import with_columns
from credit_ml.response.effects import Effect, causal_order

if TYPE_CHECKING:
    from credit_ml.response.menu import Action


class MovedColumn(NamedTuple):
    """A column, and the actions that move it."""

    column: str
    actions: tuple[int, ...]
    """In the order of the menu, in which their changes follow one another."""


def columns_moved(actions: "Sequence[Action]", X: pd.DataFrame) -> list[MovedColumn]:
    """Return every column of a table that any action moves, with the numbers of those actions."""
    by_column: dict[str, dict[int, None]] = {}
    for number, action in enumerate(actions):
        for change in action.changes:
            if change.column in X.columns:
                by_column.setdefault(change.column, {})[number] = None
    return [MovedColumn(column, tuple(own)) for column, own in by_column.items()]


def groups_of(number: int, moved: Sequence[MovedColumn]) -> list[tuple[int, ...]]:
    """Return the actions in groups, each joined by common columns; rising within and between.

    Actions of different groups move different columns, so in a sum of columns their effects add.
    """
    group = list(range(number))
    for column in moved:
        joined = {group[action] for action in column.actions}
        group = [min(joined) if own in joined else own for own in group]
    return [tuple(a for a in range(number) if group[a] == name) for name in sorted(set(group))]


def compressed(masks: Whole, actions: Sequence[int]) -> Whole:
    """Return each mask's bits of some actions, as the lowest bits."""
    found = np.zeros(len(masks), dtype=np.int64)
    for place, action in enumerate(actions):
        found |= ((masks >> action) & 1) << place
    return found


def settings_table(
    X: pd.DataFrame, actions: "Sequence[Action]", moved: Sequence[MovedColumn], setting: int
) -> pd.DataFrame:
    """Return the table with each moved column under the same setting of its own actions.

    Bit p of the setting says whether the p-th action of a column is done; where a column has
    fewer actions, only as many bits count.
    """
    made = {}
    for column, own in moved:
        values = X[column]
        for place, action in enumerate(own):
            if (setting >> place) & 1:
                for change in actions[action].changes:
                    if change.column == column:
                        values = change.apply(values)
        made[column] = values
    return with_columns(X, made)


def moved(X: pd.DataFrame, actions: "Sequence[Action]", masks: Whole) -> pd.DataFrame:
    """Return the table after each person did their own bundle, as `Bundle.apply` would make it.

    Cost: one pass over its people and columns an action.

    Parameters
    ----------
    masks : ndarray of shape (people,)
        Bit a of a person's mask: whether they do action a.

    Examples
    --------
    >>> from credit_ml.response import default_menu
    >>> people = pd.DataFrame({"diapers": [0, 0], "gifts": [5, 5]})
    >>> moved(people, default_menu().actions[:4], np.array([0b0001, 0b1000]))["gifts"].tolist()
    [5, 8]
    """
    if effects := next((action.effects for action in actions if action.effects), ()):
        return _carried(X, actions, masks, effects)
    columns: dict[str, pd.Series] = {}
    for number, action in enumerate(actions):
        who = np.flatnonzero((masks >> number) & 1)
        if not len(who):
            continue
        for change in action.changes:
            if change.column in X.columns:
                values = columns.get(change.column)
                values = X[change.column].copy() if values is None else values
                values.iloc[who] = change.apply(values.iloc[who]).array
                columns[change.column] = values
    return with_columns(X, columns) if columns else X


def _carried(
    X: pd.DataFrame, actions: "Sequence[Action]", masks: Whole, effects: Sequence[Effect]
) -> pd.DataFrame:
    """Return the table after each did their own bundle, column by column after its causes."""
    follows, then = {each.column: each for each in effects}, X
    touched = [c.column for action in actions for c in action.changes if c.column in X.columns]
    for column in causal_order(effects, list(dict.fromkeys(touched)), "effects"):
        values = follows[column].carried(X, then) if column in follows else X[column]
        for number, action in enumerate(actions):
            who = np.flatnonzero((masks >> number) & 1)
            for change in action.changes:
                if change.column == column and len(who):
                    values = values.copy()
                    values.iloc[who] = change.apply(values.iloc[who]).array
        then = with_columns(then, {column: values})
    return then
