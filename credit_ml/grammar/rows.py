"""Reading one fact, or a few, from a finding's tidy table."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Finding
from credit_ml.grammar.cited import COUNTED, HELD, ROW, cited, marked, row_of
from credit_ml.grammar.columns import Places, columns_of
from credit_ml.grammar.numbers import RATIOS, Amount, held_against

#: What a measurement is read from.
_MEASURED = ("estimate", "low", "high", "quantity", "measure", ROW, HELD)


def rows(finding: Finding, **where: Any) -> pd.DataFrame:
    """Return the rows whose columns hold the given values; a tuple allows several values."""
    return finding.table.take(_places(finding.table, where))


def _places(table: pd.DataFrame, where: Mapping[str, Any]) -> Places:
    """Return the numbers of the rows that hold the given values; none where a column is absent."""
    if any(name not in table.columns for name in where):
        return np.empty(0, dtype=np.intp)
    return columns_of(table).places(where)


def fact(finding: Finding, **where: Any) -> Amount | None:
    """Return the one measurement at those values; None when it is absent or not a number."""
    table = finding.table
    found = _places(table, where)
    if len(found) != 1:
        return None
    held = columns_of(table)
    read = (name for name in _MEASURED if name in table.columns)
    measured = Amount.of({name: held.array(name)[found[0]] for name in read})
    return measured if measured.known else None


def unit_of(row: Mapping[Any, Any], units: Mapping[str, str]) -> str:
    """Return the unit of a row's number: that of its quantity or its measure, else its own.

    Parameters
    ----------
    row : mapping
    units : mapping
        ``Finding.shown_in``.

    Examples
    --------
    >>> unit_of({"quantity": "total", "unit": "points"}, {"total": "share"})
    'share'
    """
    known = (units.get(str(row.get(name))) for name in ("quantity", "measure"))
    return next((unit for unit in known if unit), str(row.get("unit") or ""))


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
    held, nothing = columns_of(table), [None] * len(table)
    places = zip(*(map(str, held.values(name)) for name in columns), strict=True)
    numbers = (table[name].to_numpy(dtype=float).tolist() for name in ("estimate", *ends))
    own = held.values(ROW) if ROW in table.columns else nothing
    asked = (
        held.values(name) if name in table.columns else nothing
        for name in ("quantity", "measure", HELD)
    )
    kinds = list(zip(*asked, strict=True))
    return {
        place: Amount(
            *(cited(number, row) for number in measured),
            ratio=kind[0] in RATIOS,
            held=held_against(*kind),
        )
        for place, row, kind, *measured in zip(places, own, kinds, *numbers, strict=True)
    }


def values(finding: Finding, column: str, **where: Any) -> list[str]:
    """Return the different values of a column, in the order of the table."""
    if column not in finding.table.columns:
        return []
    held = columns_of(finding.table).values(column)
    found = held if not where else [held[place] for place in _places(finding.table, where)]
    return [str(value) for value in dict.fromkeys(found)]


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
    names = [str(name) for name in table.columns]
    columns = [_plain(table.iloc[:, place]) for place in range(len(names))]
    if ROW in names:
        own = columns[names.index(ROW)]
        columns = [
            values
            if name == ROW
            else [cited(each, row) for each, row in zip(values, own, strict=True)]
            for name, values in zip(names, columns, strict=True)
        ]
    return [dict(zip(names, each, strict=True)) for each in zip(*columns, strict=True)]


def _plain(column: pd.Series) -> list[Any]:
    """Return a column as Python's own values, what is missing as pandas says it."""
    found: list[Any] = column.tolist()
    return found


def _row(table: pd.DataFrame, place: int) -> dict[str, Any]:
    return records(table.iloc[place : place + 1])[0]


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
