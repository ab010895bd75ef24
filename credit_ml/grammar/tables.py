"""Any finding as a table: interval columns folded into one, names as words."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from credit_ml.core import Finding
from credit_ml.core.finding import aside
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.cited import ROW, cited, row_of
from credit_ml.grammar.names import plain, sensitive_name, sentence
from credit_ml.grammar.numbers import Amount, percent, show
from credit_ml.grammar.rows import level

#: Shown in a cell that has no number.
EMPTY = "–"

Rows = tuple[tuple[str, ...], ...]
#: Columns of the schema that say nothing where every row has the same.
SAME = ("quantity", "clusters", "over")


def interval_head(finding: Finding, what: str = "Estimate") -> str:
    """Return the head of a column of estimates with their intervals."""
    return f"{what} ({percent(level(finding))} interval)"


def cell(value: Any) -> str:
    """Write one value of a table; numbers get as many digits as they bear."""
    if isinstance(value, Amount):
        return value.text() if value.known else EMPTY
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return EMPTY
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int | float):
        return show(value, 0 if float(value).is_integer() else 3)
    return str(value)


def plain_table(finding: Finding, columns: Iterable[str] | None = None) -> TableView:
    """Show a finding's table row by row.

    Parameters
    ----------
    finding : Finding
        Of any kind.
    columns : iterable of str, optional
        Which columns, in which order; by default all, less those that say nothing.
    """
    table = finding.table
    ends = ("low", "high", ROW, *(aside(table) or ()))
    shown = [str(name) for name in (columns or table.columns) if name not in ends]
    shown = [name for name in shown if name == "estimate" or not _says_nothing(table[name])]
    records: list[dict[str, Any]] = [
        {str(key): value for key, value in record.items()} for record in table.to_dict("records")
    ]
    head = tuple(
        interval_head(finding) if name == "estimate" and "low" in table else heading(name)
        for name in shown
    )
    body = tuple(tuple(_cell_of(record, name) for name in shown) for record in records)
    words = tuple(
        place for place, name in enumerate(shown) if not pd.api.types.is_numeric_dtype(table[name])
    )
    return TableView(caption=finding.title, head=head, bodies=(("", body),), words=words)


def heading(name: str) -> str:
    """Return a column's name as the head of a table's column."""
    return sentence(plain(name), stop="")


def _cell_of(record: Mapping[str, Any], name: str) -> str:
    if name == "estimate" and "low" in record:
        return cell(Amount.of(record))
    # The estimate is what words read, where there is one.
    row = None if "estimate" in record else row_of(record)
    return cell(cited(record[name], row))


def _says_nothing(column: pd.Series) -> bool:
    if column.name in SAME and len(column.unique()) == 1:
        return True
    return bool(len(column)) and bool((column.isna() | column.isin([""])).all())


def shown(value: Amount | None, *, share: bool, gap: bool = False) -> str:
    """Write a metric in its own unit: a share as a percentage, gaps of shares in points of it."""
    if value is None or not value.known:
        return EMPTY
    if share:
        return value.times(100).text("percentage points" if gap else "%")
    return value.text()


def block_head(sensitive: str) -> str:
    """Return a sensitive feature as the head of a block of rows; everybody has none."""
    return "" if sensitive == "overall" else sentence(sensitive_name(sensitive), stop="")
