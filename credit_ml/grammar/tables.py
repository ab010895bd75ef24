"""Any finding as a table: interval columns folded into one, names as words."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from credit_ml.core import Finding
from credit_ml.core.finding import aside
from credit_ml.grammar.blocks import EMPTY as EMPTY
from credit_ml.grammar.blocks import STILL, TableView
from credit_ml.grammar.cited import HELD, ROW, cited, row_of
from credit_ml.grammar.names import (
    group_label,
    metric_name,
    plain,
    scorer_name,
    sensitive_name,
    sentence,
)
from credit_ml.grammar.numbers import ROUNDING, Amount, in_units, percent, show
from credit_ml.grammar.rows import level

Rows = tuple[tuple[str, ...], ...]
#: How the unit of a measure begins that is one share less another.
_LESS = "difference of "
#: Measures that are counts, of which nothing is uncertain.
COUNTED = ("count", "sum_of_weights", "people")
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
    """Show a finding's table row by row, in words.

    A measure whose unit is known is shown in it: shares as percentages.

    Parameters
    ----------
    finding : Finding
        Of any kind.
    columns : iterable of str, optional
        Which columns, in which order; by default all, less those that say nothing.
    """
    table = _told(finding)
    ends = ("low", "high", ROW, HELD, *(aside(table) or ()))
    shown = [str(name) for name in (columns or table.columns) if name not in ends]
    shown = [name for name in shown if name == "estimate" or not _says_nothing(table[name])]
    if {"sensitive", "group"} <= {*shown}:
        # Of whom a row speaks is one thing.
        shown.remove("sensitive")
    if {"estimate", "unit"} <= {*shown}:
        shown.remove("unit")
        shown.insert(shown.index("estimate") + 1, "unit")
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
    view = TableView(caption=finding.title, head=head, bodies=(("", body),), words=words)
    return replace(view, dash=finding.absent) if finding.absent else view


def unranged(finding: Finding) -> str:
    """Say why numbers of a finding have no interval: they cannot move, or why none was made.

    Examples
    --------
    >>> rows = {"estimate": [1.0, 2.0], "low": [1.0, None], "high": [1.0, None]}
    >>> table = pd.DataFrame(rows | {"reason": ["", "too few"]})
    >>> unranged(Finding(table=table, title="t")).endswith("nearly; or too few")
    True
    """
    table = finding.table
    if not {"estimate", "low", "high"} <= set(table.columns):
        return ""
    known = table[
        table["estimate"].notna() & ~table.get("measure", table["estimate"]).isin(COUNTED)
    ]
    absent = known["low"].isna() | known["high"].isna()
    still = ~absent & (known["high"] - known["low"] <= ROUNDING * (1 + known["estimate"].abs()))
    reasons = known.loc[absent, "reason"] if "reason" in known.columns else known.loc[absent, "low"]
    told = [str(each) for each in dict.fromkeys(reasons) if isinstance(each, str) and each]
    parts = [STILL] if still.any() or not absent.any() else []
    parts += [finding.unranged] if finding.unranged and absent.any() else told
    if absent.any() and not parts:
        parts = ["no interval was made of it"]
    return "; or ".join(parts)


def _told(finding: Finding) -> pd.DataFrame:
    """Return the table with measures and units as the finding's class has them shown."""
    table, names, units = finding.table, finding.called, finding.shown_in
    headings = finding.parameters.get("headings") or {}
    if "regime" in table.columns and headings:
        table = table.assign(regime=[headings.get(each) or each for each in table["regime"]])
    if "measure" not in table.columns:
        return table
    measures = [str(each) for each in table["measure"]]
    if units:
        own = table["unit"] if "unit" in table.columns else [""] * len(table)
        given = zip(measures, own, strict=True)
        table = table.assign(unit=[units.get(name, unit) for name, unit in given])
    return table.assign(measure=[names.get(name, name) for name in measures])


def heading(name: str) -> str:
    """Return a column's name as the head of a table's column."""
    return sentence(_HEADS.get(name) or plain(name), stop="")


#: Columns of the schema under other words than their names.
_HEADS = {
    "reference_group": "against",
    "forecast": "forecast (0 to 1)",
    "other": "and rater",
    "reason": "why no number",
}


def _cell_of(record: Mapping[str, Any], name: str) -> str:
    sensitive, unit = (str(record.get(each, "")) for each in ("sensitive", "unit"))
    if name == "estimate" and "low" in record:
        value = Amount.of(record)
        return cell(in_units(value, unit)[0] if value.known else value)
    if name == "unit":
        return in_units(Amount(0.0), unit)[1]
    if name in ("group", "reference_group") and "sensitive" in record and record[name]:
        return group_label(sensitive, str(record[name]))
    if name in ("measure", "quantity"):
        return sentence(metric_name(str(record[name])), stop="")
    if name == "world":
        return "all together" if record[name] == "(all)" else plain(str(record[name]))
    if name == "scorer":
        return sentence(scorer_name(str(record[name])), stop="")
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


def measured(value: Amount | None, unit: str) -> str:
    r"""Write a measure of a unit: shares as percentages, differences of them in points.

    Examples
    --------
    >>> measured(Amount(-0.06), "share of people"), measured(Amount(2.5), "places")
    ('\u22126\u202f%', '2.5')
    >>> measured(Amount(-0.06), "difference of shares of people")
    '\u22126 percentage points'
    """
    return shown(value, share=_is_share(unit), gap=unit.startswith(_LESS))


def unit_head(unit: str) -> str:
    """Return what stands in brackets in the head of a column of `measured` cells.

    Examples
    --------
    >>> unit_head("share of people"), unit_head("difference of shares of people"), unit_head("yuan")
    ('% of people', 'percentage points of people', 'yuan')
    """
    if not _is_share(unit):
        return unit
    sign = "percentage points" if unit.startswith(_LESS) else "%"
    share, _, whose = unit.removeprefix(_LESS).partition(" ")
    return f"{sign} {whose}" if share.startswith("share") else f"{unit}, {sign}"


def _is_share(unit: str) -> bool:
    return unit.removeprefix(_LESS).startswith(("share", "chance"))


def block_head(sensitive: str) -> str:
    """Return a sensitive feature as the head of a block of rows; everybody has none."""
    return "" if sensitive == "overall" else sentence(sensitive_name(sensitive), stop="")
