"""Reading one fact, or a few, from a finding's tidy table."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Finding
from credit_ml.grammar.cited import COUNTED, ROW, cited, marked, row_of
from credit_ml.grammar.numbers import RATIOS, Amount

#: What a measurement is read from.
_MEASURED = ("estimate", "low", "high", "quantity", ROW)


def rows(finding: Finding, **where: Any) -> pd.DataFrame:
    """Return the rows whose columns hold the given values; a tuple allows several values."""
    return finding.table[_chosen(finding.table, where)]


def _chosen(table: pd.DataFrame, where: Mapping[str, Any]) -> np.ndarray:
    chosen = np.ones(len(table), dtype=bool)
    for column, value in where.items():
        if column not in table.columns:
            return np.zeros(len(table), dtype=bool)
        held = table[column].to_numpy(dtype=object)[chosen]
        allowed = value if isinstance(value, tuple) else (value,)
        # Each column is asked only of rows that those before it left.
        chosen[chosen] = np.logical_or.reduce([held == each for each in allowed])
    return chosen


def fact(finding: Finding, **where: Any) -> Amount | None:
    """Return the one measurement at those values; None when it is absent or not a number."""
    table = finding.table
    found = np.flatnonzero(_chosen(table, where))
    if len(found) != 1:
        return None
    read = [name for name in _MEASURED if name in table.columns]
    measured = Amount.of({name: table[name].to_numpy()[found[0]] for name in read})
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
    table = finding.table
    places = zip(*(table[name].astype(str) for name in columns), strict=True)
    numbers = (table[name].to_numpy(dtype=float) for name in ("estimate", *ends))
    own = table[ROW] if ROW in table.columns else [None] * len(table)
    kinds = table["quantity"] if "quantity" in table.columns else [""] * len(table)
    return {
        tuple(place): Amount(
            *(cited(float(number), row) for number in measured), ratio=kind in RATIOS
        )
        for place, row, kind, *measured in zip(places, own, kinds, *numbers, strict=True)
    }


def values(finding: Finding, column: str, **where: Any) -> list[str]:
    """Return the different values of a column, in the order of the table."""
    if column not in finding.table.columns:
        return []
    return [str(value) for value in rows(finding, **where)[column].unique()]


def label(finding: Finding, column: str, value: str) -> str:
    """Return a value that tells rows apart, read from the first row that has it."""
    found = rows(finding, **{column: value})
    return marked(value, cited(1, row_of(records(found)[0]))) if len(found) else value


def in_note(finding: Finding, number: str) -> str:
    """Return a number of a finding's note, read from the table that the note is of."""
    table = finding.table
    return marked(number, cited(1, table[ROW].iloc[0])) if ROW in table and len(table) else number


def least(table: pd.DataFrame) -> dict[str, Any]:
    """Return the row with the smallest estimate, the first of equals."""
    return _row(table, int(table["estimate"].to_numpy().argmin()))


def most(table: pd.DataFrame) -> dict[str, Any]:
    """Return the row with the largest estimate, the first of equals."""
    return _row(table, int(table["estimate"].to_numpy().argmax()))


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as mappings from column to value."""
    return [_cited(each) for each in table.to_dict("records")]


def _row(table: pd.DataFrame, place: int) -> dict[str, Any]:
    return records(table.iloc[place : place + 1])[0]


def _cited(record: Mapping[Hashable, Any]) -> dict[str, Any]:
    told = {str(name): value for name, value in record.items()}
    row = row_of(told)
    if row is None:
        return told
    return {name: value if name == ROW else cited(value, row) for name, value in told.items()}


def span(finding: Finding, column: str, **where: Any) -> tuple[Any, Any]:
    """Return the smallest and the largest value of a column that holds numbers."""
    found = rows(finding, **where).sort_values(column, kind="stable")
    return _row(found, 0)[column], _row(found, len(found) - 1)[column]


def level(finding: Finding) -> float:
    """Return the level of the finding's intervals, 0.95 unless it says otherwise."""
    usual = cited(0.95, COUNTED if ROW in finding.table.columns else None)
    found: float = finding.parameters.get("intervals", usual)
    return found


def pairs_of(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return the different (sensitive, group, reference group) in the order of the table."""
    columns = (table[name].astype(str) for name in ("sensitive", "group", "reference_group"))
    return list(dict.fromkeys(zip(*columns, strict=True)))
