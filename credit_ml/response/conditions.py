"""Who may take an action: conditions on what is known of a person."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from credit_ml.core import Dataset, Mask, MenuError, known_names


class Condition(BaseModel):
    """Holds for people whose column lies within a range, or is one of some values.

    The column is a feature, a sensitive feature or one of the context; a missing value meets no
    range.

    Examples
    --------
    >>> Condition(column="friends", low=4).holds(pd.Series([3, 4, 5])).tolist()
    [False, True, True]
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    low: float = -math.inf
    high: float = math.inf
    among: tuple[str, ...] = ()
    """Values as text; when given, the range is not looked at."""

    def holds(self, values: pd.Series) -> Mask:
        """Whether it holds for each person."""
        if self.among:
            met: Mask = values.astype(str).isin(self.among).to_numpy()
            return met
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        return (numbers >= self.low) & (numbers <= self.high)


def all_hold(
    conditions: Sequence[Condition],
    dataset: Dataset,
    place: str,
    records: pd.DataFrame | None = None,
) -> Mask:
    """Whether every condition holds, for each person.

    Columns are looked for in the features, the context, the sensitive features, and in `records`
    of a society, which hold what a rater does not see.

    Raises
    ------
    MenuError
        When a column is unknown, or a range is asked of words.
    """
    tables = [dataset.X, dataset.context, dataset.sensitive]
    tables += [] if records is None else [records]
    met = np.ones(len(dataset), dtype=bool)
    for condition in conditions:
        met &= condition.holds(_column(condition, tables, place))
    return met


def _column(condition: Condition, tables: Sequence[pd.DataFrame], place: str) -> pd.Series:
    name = condition.column
    found = [table[name] for table in tables if name in table.columns]
    if not found:
        known = dict.fromkeys(str(each) for table in tables for each in table.columns)
        problem = f"asks of column '{name}', which is unknown"
        raise MenuError(place, problem, known_names(name, list(known)))
    usable = condition.among or found[0].dtype.kind in "iufb"
    problem = f"asks a range of '{name}', which holds no numbers"
    MenuError.unless(usable, place, problem, 'give among = ["value"]')
    return found[0]
