"""Data frames of pandas, polars, pyarrow and others, as pandas has them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core.errors import TableError


def with_columns(frame: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table with other or more columns, whatever they are called.

    pandas' own `assign` takes names as keywords, and its first argument is called ``self``, as a
    column of people who work for themselves may be.

    Examples
    --------
    >>> with_columns(pd.DataFrame({"self": [0, 1]}), {"self": [1, 1]})["self"].tolist()
    [1, 1]
    """
    made = frame.copy(deep=False)
    for name, values in columns.items():
        made[name] = values
    return made


def as_pandas(table: Any, place: str) -> pd.DataFrame:
    """Return a data frame of any library that narwhals knows as one of pandas, its columns by text.

    Raises
    ------
    TableError
        When it is no data frame, is not computed yet, or has columns that cannot be called.

    Examples
    --------
    >>> import pyarrow
    >>> as_pandas(pyarrow.table({"late": [0, 3]}), "table")["late"].tolist()
    [0, 3]
    """
    if isinstance(table, pd.DataFrame):
        return _named(table, place)
    import narwhals as nw

    frame = nw.from_native(table, pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        raise TableError(place, f"is a {type(table).__name__} not computed yet", "collect() it")
    if not isinstance(frame, nw.DataFrame):
        remedy = "give a data frame of pandas, polars or pyarrow, or use Dataset.from_arrays"
        raise TableError(place, f"is a {type(table).__name__}", remedy)
    return _named(frame.to_pandas(), place)


def _named(frame: pd.DataFrame, place: str) -> pd.DataFrame:
    """Return a table whose columns are called by text, or refuse what cannot be called."""
    names = list(frame.columns)
    if isinstance(frame.columns, pd.MultiIndex):
        raise TableError(place, "has columns of several levels", "join them to one name each")
    if any(not isinstance(name, str | int | np.integer) or name == "" for name in names):
        raise TableError(place, "has a column without a name", "name every column")
    called = [str(name) for name in names]
    twice = next((name for name in called if called.count(name) > 1), None)
    if twice is not None:
        raise TableError(f"{place}, column '{twice}'", "is there twice", "rename or drop one")
    return frame if called == names else frame.set_axis(called, axis=1)
