"""Tables in the order of columns that every finding has."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

_TEXT = ("quantity", "measure", "sensitive", "group", "reference_group")
_NUMBERS = ("estimate", "low", "high", "people", "clusters")


def table_of(rows: Iterable[Mapping[str, Any]], *own: str) -> pd.DataFrame:
    """Rows as a table: the columns that every finding has, then the instrument's own.

    Examples
    --------
    >>> table_of([{"measure": "auc", "estimate": 0.5}], "factor").columns[-1]
    'factor'
    """
    table = pd.DataFrame(list(rows), columns=[*_TEXT, *_NUMBERS, *own])
    table[list(_TEXT)] = table[list(_TEXT)].fillna("")
    return table.astype(dict.fromkeys(_NUMBERS, "float64"))
