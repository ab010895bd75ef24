"""What a menu may not hold, alone and beside a table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from credit_ml.core import Dataset, MenuError, known_names
from credit_ml.response.action_kind import action_kinds
from credit_ml.response.column_change import ColumnChange, holds_numbers
from credit_ml.response.effects import causal_order
from credit_ml.society import COLUMNS, SENSITIVE

if TYPE_CHECKING:
    from credit_ml.response.menu import Action, Menu


def check_action(place: str, action: "Action", times: int) -> None:
    """Refuse an action that contradicts itself, or that a menu holds several times."""
    MenuError.unless(not times > 1, place, "is given twice", "rename one")
    if action.outcome_effect and not action.improves:
        raise MenuError(place, f"is {action.kind} and has an outcome_effect", "make it improving")
    if action.ties is not None and not action_kinds()[action.kind].moves_ties:
        raise MenuError(place, f"is {action.kind} and moves ties", "make it social")
    MenuError.unless(action.changes, place, "moves no column", "give at least one change")
    several = any(change.among for change in action.changes) and action.times > 1
    problem = "is done several times and chooses among values"
    MenuError.unless(not several, place, problem, "give two actions with the same one_of")
    for change in action.changes:
        if change.column in SENSITIVE or change.column == "age":
            problem = f"moves the sensitive feature '{change.column}'"
            raise MenuError(place, problem, "give columns of records")
        if not change.low <= change.high:
            problem = f"has low {change.low:g} above high {change.high:g}"
            raise MenuError(place, problem, "swap them")


def check_ways(menu: "Menu", place: str) -> None:
    """Refuse a menu whose rules contradict each other or its actions."""
    both = {*menu.only_up} & {*menu.only_down}
    MenuError.unless(not both, place, f"has {', '.join(both)} rise only and fall only", "drop one")
    fixed = {*menu.immutable}
    for action in menu.actions:
        for change in action.changes:
            name, where = change.column, f"{place}, action '{action.id}'"
            MenuError.unless(name not in fixed, where, f"moves the immutable '{name}'", "drop it")
            against = change.add < 0 and name in menu.only_up
            against |= change.add > 0 and name in menu.only_down
            problem = f"moves '{name}' by {change.add:g}, which it may not"
            MenuError.unless(not against, where, problem, "turn it round, or drop the rule")
    causal_order(menu.effects, menu.needed, place)  # a circle is one, whatever is moved
    for name in (effect.column for effect in menu.effects):
        if name in fixed or name in SENSITIVE or name == "age":
            problem = f"lets the immutable '{name}' follow others"
            raise MenuError(f"{place}, effects", problem, "take the effect out")


def check_columns(menu: "Menu", X: pd.DataFrame, sensitive: Sequence[str] = ()) -> None:
    """Refuse changes that cannot be made, or that make people somebody else.

    Parameters
    ----------
    sensitive : sequence of str
        Sensitive features. The column that one of them is a band of, such as ``age`` of
        ``age_band``, is sensitive too.

    Raises
    ------
    MenuError
        When neither the table nor the society has a column, it holds no numbers, or it is
        sensitive.
    """
    guarded = {name for each in sensitive for name in (each, _banded_from(each))}
    check_ways(menu, f"menu '{menu.id}'")
    for effect in menu.effects:
        place = f"menu '{menu.id}', effect on '{effect.column}'"
        problem = "moves the sensitive feature"
        MenuError.unless(effect.column not in guarded, place, problem, "give columns of records")
        for name in (effect.column, *effect.causes):
            remedy = known_names(name, [str(column) for column in X.columns])
            MenuError.unless(name in X.columns, place, f"column '{name}' is unknown", remedy)
            problem = f"column '{name}' holds no numbers"
            usable = holds_numbers(X[name]) or effect.function is not None
            MenuError.unless(usable, place, problem, "state another cause, or a function")
    for action in menu.actions:
        place = f"menu '{menu.id}', action '{action.id}'"
        for change in action.changes:
            name = change.column
            if name in guarded:
                problem = f"moves the sensitive feature '{name}'"
                raise MenuError(place, problem, "give columns of records")
            if name not in X.columns and name not in COLUMNS:
                remedy = known_names(name, [str(column) for column in X.columns])
                raise MenuError(place, f"column '{name}' is unknown", remedy)
            if name in X.columns:
                _check_values(f"{place}, column '{name}'", change, X[name])


def _check_values(place: str, change: ColumnChange, column: pd.Series) -> None:
    """Refuse a change that a column's kind of values does not allow."""
    numbers, values = holds_numbers(column), change.values
    if numbers or not values:
        remedy = "set it to a value, or move another column"
        MenuError.unless(numbers, place, "holds no numbers", remedy)
        for value in values:
            fits = isinstance(value, int | float) and not isinstance(value, bool)
            MenuError.unless(fits, place, f"holds numbers, not {value!r}", "give a number")
        return
    categorical = isinstance(column.dtype, pd.CategoricalDtype)
    known = column.cat.categories if categorical else column.dropna().unique()
    for value in values:
        remedy = known_names(str(value), [str(each) for each in known])
        MenuError.unless(
            value in set(known), place, f"is set to {value!r}, which nobody has", remedy
        )


def actions_on(menu: "Menu", model: Any, dataset: Dataset) -> tuple[Dataset, "tuple[Action, ...]"]:
    """Return the people with all columns that a menu asks for, and the actions that a model sees.

    Raises
    ------
    MenuError
        When a change cannot be made, or the model sees none.
    """
    read = dataset.reading(model)
    seen = [str(column) for column in read.X.columns]
    whole = read.holding(menu.needed)
    check_columns(menu, whole.X, [str(name) for name in dataset.sensitive.columns])
    actions = menu.visible(seen)
    return (whole if menu.effects else read), actions


def _banded_from(feature: str) -> str:
    return feature.removesuffix(" band").removesuffix("_band")
