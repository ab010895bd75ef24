"""Reading one fact, or a few, from a finding's tidy table."""

from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Finding
from credit_ml.grammar.numbers import Amount


def rows(finding: Finding, **where: Any) -> pd.DataFrame:
    """Return the rows whose columns hold the given values; a tuple allows several values."""
    table = finding.table
    chosen = np.ones(len(table), dtype=bool)
    for column, value in where.items():
        if column not in table.columns:
            return table.iloc[:0]
        held = table[column].to_numpy(dtype=object)[chosen]
        allowed = value if isinstance(value, tuple) else (value,)
        # Each column is asked only of rows that those before it left.
        chosen[chosen] = np.logical_or.reduce([held == each for each in allowed])
    return table[chosen]


def fact(finding: Finding, **where: Any) -> Amount | None:
    """Return the one measurement at those values; None when it is absent or not a number."""
    found = rows(finding, **where)
    if len(found) != 1:
        return None
    measured = Amount.of(_row(found, 0))
    return measured if measured.known else None


def facts(
    finding: Finding, *columns: str, ends: tuple[str, str] = ("low", "high")
) -> dict[tuple[str, ...], Amount]:
    """Read the whole table once, by the values of some columns that tell its rows apart.

    Tables of a page need hundreds of facts; `fact` would search the table for each.

    Parameters
    ----------
    finding : Finding
    *columns : str
        Whose values tell rows apart.
    ends : tuple of str
        Columns of the interval.
    """
    places = zip(*(finding.table[name].astype(str) for name in columns), strict=True)
    numbers = (finding.table[name].to_numpy(dtype=float) for name in ("estimate", *ends))
    return {
        tuple(place): Amount(*map(float, measured))
        for place, measured in zip(places, zip(*numbers, strict=True), strict=True)
    }


def values(finding: Finding, column: str, **where: Any) -> list[str]:
    """Return the different values of a column, in the order of the table."""
    if column not in finding.table.columns:
        return []
    return [str(value) for value in rows(finding, **where)[column].unique()]


def least(table: pd.DataFrame) -> dict[str, Any]:
    """Return the row with the smallest estimate, the first of equals."""
    return _row(table, int(table["estimate"].to_numpy().argmin()))


def most(table: pd.DataFrame) -> dict[str, Any]:
    """Return the row with the largest estimate, the first of equals."""
    return _row(table, int(table["estimate"].to_numpy().argmax()))


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as mappings from column to value."""
    return [_row(table, place) for place in range(len(table))]


def _row(table: pd.DataFrame, place: int) -> dict[str, Any]:
    return {str(name): value for name, value in table.iloc[place].to_dict().items()}


def level(finding: Finding) -> float:
    """Return the level of the finding's intervals, 0.95 unless it says otherwise."""
    return float(finding.parameters.get("intervals", 0.95))


def pairs_of(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return the different (sensitive, group, reference group) in the order of the table."""
    columns = (table[name].astype(str) for name in ("sensitive", "group", "reference_group"))
    return list(dict.fromkeys(zip(*columns, strict=True)))
