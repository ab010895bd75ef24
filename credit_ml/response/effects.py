"""What a change of one column carries with it: a causal order among columns."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator

from credit_ml.core import Array, MenuError, TableError
from credit_ml.core.tables.origin import holds_whole


class Effect(BaseModel):
    """How a column follows its causes: ``x = f(causes) + u``, u each person's own and kept.

    A person whose causes move has ``x + f(causes then) - f(causes now)``, so that everything else
    about them stays (Pearl 2009, section 7.1: abduction, action, prediction). f is the sum of
    slope times cause, or the user's own function. What an action sets to a value is cut off from
    its causes; what it adds or multiplies comes on top.

    Examples
    --------
    >>> saved = Effect(column="savings", causes={"income": 0.2}, low=0)
    >>> now = pd.DataFrame({"income": [3.0, 3.0], "savings": [1.0, 5.0]})
    >>> saved.carried(now, now.assign(income=[4.0, 3.0])).round(2).tolist()
    [1.2, 5.0]
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    causes: Mapping[str, float]
    """Slope of each cause; with a function, a list of names will do."""
    function: Callable[[pd.DataFrame], Any] | None = Field(default=None, exclude=True, repr=False)
    """From a table with the causes to one number a person; the sum of slopes by default."""
    low: float = -np.inf
    """Not carried below this."""
    high: float = np.inf
    """Not carried above this."""

    @field_validator("causes", mode="before")
    @classmethod
    def _by_name(cls, given: Any) -> Any:
        several = [given] if isinstance(given, str) else given
        return dict.fromkeys(several, 1.0) if isinstance(several, list | tuple) else several

    def expected(self, X: pd.DataFrame) -> Array:
        """Value of f for each person."""
        if self.function is None:
            parts = [slope * _numbers(X[name]) for name, slope in self.causes.items()]
            return np.asarray(np.sum(parts, axis=0))
        found = np.asarray(self.function(X[list(self.causes)]), dtype=np.float64)
        problem = f"returned shape {found.shape} for {len(X)} people"
        TableError.unless(
            found.shape == (len(X),), f"effect on '{self.column}'", problem, "one each"
        )
        return found

    def carried(self, now: pd.DataFrame, then: pd.DataFrame) -> pd.Series:
        """Return the column once its causes are as they are then; who is missing it stays so."""
        values = now[self.column]
        shift = self.expected(then) - self.expected(now)
        shift = np.where(np.isnan(shift), 0.0, shift)
        if not shift.any():
            return values
        numbers = _numbers(values)
        low, high = np.fmin(self.low, numbers), np.fmax(self.high, numbers)
        moved = np.where(shift == 0, numbers, np.clip(numbers + shift, low, high))
        moved = np.rint(moved) if holds_whole(values) else moved  # counts stay whole
        found = pd.Series(moved, values.index, name=values.name).astype(values.dtype)
        found.attrs = values.attrs
        return found


def causal_order(effects: Sequence[Effect], columns: Sequence[str], place: str) -> list[str]:
    """Return columns and all that they carry, each after its causes.

    Raises
    ------
    MenuError
        When two effects are on one column, or columns cause each other in a circle.

    Examples
    --------
    >>> chain = [Effect(column="c", causes={"b": 1}), Effect(column="b", causes={"a": 1})]
    >>> causal_order(chain, ["a"], "menu")
    ['a', 'b', 'c']
    """
    by_column = {each.column: each for each in effects}
    for each in effects:
        problem = f"has two effects on '{each.column}'"
        MenuError.unless(by_column[each.column] is each, place, problem, "name its causes in one")
    moved, order = set(columns), list(columns)
    while more := [e.column for e in effects if e.column not in moved and moved & e.causes.keys()]:
        moved |= set(more)
        order += dict.fromkeys(more)
    done: list[str] = []
    while order:
        ready = [
            c for c in order if c not in by_column or not by_column[c].causes.keys() & set(order)
        ]
        circle = ", ".join(order)
        MenuError.unless(ready, place, f"has a circle of causes: {circle}", "cut one of them")
        done += ready
        order = [column for column in order if column not in ready]
    return done


def _numbers(values: pd.Series) -> Array:
    return values.to_numpy(dtype=np.float64, na_value=np.nan)
