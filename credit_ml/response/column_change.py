"""How an action moves one column: by a number, or to a value."""

import math
from typing import Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, model_validator

from credit_ml.core.tables.origin import holds_whole

#: What a column may be set to.
Value = bool | int | float | str


class ColumnChange(BaseModel):
    """How an action moves one column: ``x -> clip(multiply * x + add, low, high)``, or to a value.

    A column that is missing for a person stays missing unless it is set; one that lies outside the
    range already is not moved back into it.

    Examples
    --------
    >>> ColumnChange(column="late", add=-1, low=0).apply(pd.Series([0, 3])).tolist()
    [0, 2]
    >>> ColumnChange(column="job", value="state").apply(pd.Series(["farm", "shop"])).tolist()
    ['state', 'state']
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    add: float = 0.0
    multiply: float = 1.0
    low: float = -math.inf
    """Not moved below this."""
    high: float = math.inf
    """Not moved above this."""
    value: Value | None = None
    """Set to this, a number or a category, whatever it was."""
    among: tuple[Value, ...] = ()
    """Values that it may be set to, one of them: as many actions, of which one is done at most."""
    way: Literal["both", "up", "down"] = "both"
    """Who would be moved the other way stays; a menu fills it in (`Menu.only_up`)."""

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        moves = (self.add, self.multiply, self.low, self.high) != (0.0, 1.0, -math.inf, math.inf)
        if (self.value is not None) + bool(self.among) + moves > 1:
            raise ValueError("give one of value, among, or add and multiply with low and high")
        return self

    @property
    def values(self) -> tuple[Value, ...]:
        """What it may be set to; nothing where it is moved by a number."""
        return self.among if self.value is None else (self.value,)

    def apply(self, values: pd.Series) -> pd.Series:
        """Return the column after the action; counts stay whole."""
        if self.value is not None and not holds_numbers(values):
            return pd.Series([self.value] * len(values), values.index, values.dtype, values.name)
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        if self.value is not None:
            moved = np.full(len(values), float(self.value))
        else:
            moved = self.multiply * numbers + self.add
            # Whoever is beyond the range already stays there.
            moved = np.clip(moved, np.fmin(self.low, numbers), np.fmax(self.high, numbers))
        if self.way != "both":
            moved = (np.fmax if self.way == "up" else np.fmin)(moved, numbers)
        if holds_whole(values):
            # No count wraps around below zero.
            unsigned = values.dtype.kind == "u"
            moved = np.fmax(np.rint(moved), 0) if unsigned else np.rint(moved)
        made = pd.Series(moved, index=values.index, name=values.name).astype(values.dtype)
        made.attrs = values.attrs  # what the table says of its columns
        return made


def holds_numbers(column: pd.Series) -> bool:
    """Whether a column can be added to.

    Examples
    --------
    >>> [holds_numbers(pd.Series(each)) for each in ([1, 2], [True, False], ["a", "b"])]
    [True, False, False]
    """
    return column.dtype.kind in "iuf"
