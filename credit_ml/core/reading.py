"""Read a finding as one reads fairlearn's MetricFrame: by group, overall, differences, ratios."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core.errors import InputError, TableError, known_names, need_known
from credit_ml.core.schema import COLUMNS, CROSS, levels_of

#: A feature, or several whose groups are crossed; None for the finest grouping there is.
Grouping = str | Sequence[str] | None
#: What differences and ratios are to.
METHODS = ("between_groups", "to_overall", "to_reference")


def values_by_group(
    table: pd.DataFrame, sensitive: Grouping, labels: Sequence[str], column: str
) -> pd.DataFrame:
    """Values of one grouping: an index level a feature, a column a measure.

    Without `sensitive` the finest grouping, or all of them under the levels "sensitive" and
    "group" where several are as fine.
    """
    rows = _values(table)
    rows = rows[rows["sensitive"] != "overall"]
    TableError.unless(len(rows), "table", "has values of everybody only", "read .overall")
    return _in_order(_wide(rows, _grouping(rows, sensitive), labels, column, table), sensitive)


def overall_values(table: pd.DataFrame, labels: Sequence[str], column: str) -> pd.Series:
    """Values of everybody, by measure."""
    rows = _values(table)
    rows = rows[rows["sensitive"] == "overall"]
    if not len(rows):
        raise TableError("table", "has values of groups only", "read .by_group, or .by(...)")
    found: pd.Series = rows.set_index(_measures(rows, labels))[column].rename("overall")
    _unique(found)
    return found


def compared(
    table: pd.DataFrame,
    quantity: str,
    method: str,
    sensitive: Grouping,
    labels: Sequence[str],
    control: str | None = None,
) -> Any:
    """Differences or ratios: of each group to its reference, or one number a measure."""
    need_known(InputError, "method", method, METHODS)
    if control is not None:
        return _within(table, quantity, method, sensitive, labels, control)
    if method == "to_reference":
        rows = table[(table["quantity"] == quantity) & (table["reference_group"] != "")]
        if len(rows):
            wide = _wide(rows, _grouping(rows, sensitive), labels, "estimate", table)
            return _in_order(wide, sensitive)
        raise TableError("table", f"has no {quantity} to a reference group", "use between_groups")
    values = values_by_group(table, sensitive, labels, "estimate")
    whole = overall_values(table, labels, "estimate") if method == "to_overall" else None
    return _apart(values, quantity, whole)


def _within(
    table: pd.DataFrame,
    quantity: str,
    method: str,
    sensitive: Grouping,
    labels: Sequence[str],
    control: str,
) -> pd.DataFrame:
    """Differences or ratios of the other features' groups within each group of one."""
    values = values_by_group(table, sensitive, labels, "estimate")
    names = [str(name) for name in values.index.names]
    if control not in names:
        remedy = f"name it with the sensitive columns of the Dataset; {known_names(control, names)}"
        raise InputError("control", f"'{control}' is no sensitive feature here", remedy)
    remedy = "give the feature as a sensitive one beside others, and control= its name"
    InputError.unless(len(names) > 1, "control", f"'{control}' is the only feature", remedy)
    usable = method != "to_reference"
    InputError.unless(usable, "control", "is given", "use between_groups or to_overall")
    own = values_by_group(table, control, labels, "estimate") if method == "to_overall" else None
    found: dict[Any, pd.Series] = {}
    for group, rows in values.groupby(level=control, sort=False):
        whole = None if own is None else pd.Series(own.loc[str(group)])
        found[group] = _apart(rows, quantity, whole)
    return pd.DataFrame(found).T.rename_axis(index=control)


def _apart(values: pd.DataFrame, quantity: str, whole: pd.Series | None) -> pd.Series:
    """How far groups are from each other, or from a whole, by measure."""
    if whole is not None:
        whole = whole.reindex(values.columns)
        if quantity == "difference":
            return (values - whole).abs().max().rename(quantity)
        return values.div(whole).combine(whole / values, _least).min().rename(quantity)
    low, high = values.min(), values.max()
    few = values.notna().sum() < 2
    if quantity == "difference":
        return (high - low).mask(few).rename(quantity)
    # Of numbers below 0 no ratio says how far apart they are.
    return (low / high).mask(few | (low < 0) | (high <= 0)).rename(quantity)


def selected(table: pd.DataFrame, wanted: dict[str, Any]) -> pd.DataFrame:
    """Rows whose columns hold these values (or one of several)."""
    for name, value in wanted.items():
        if name not in table.columns:
            known = [str(column) for column in table.columns]
            raise TableError("table", f"has no column '{name}'", known_names(name, known))
        several = isinstance(value, list | tuple | set)
        table = table[table[name].isin(list(value)) if several else table[name] == value]
    found: pd.DataFrame = table.reset_index(drop=True)
    return found


def _values(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of values; where there are none, an error that says what to read."""
    rows = table[table["quantity"] == "value"]
    if len(rows):
        return rows
    held = list(dict.fromkeys(str(each) for each in table["quantity"]))
    remedy = f"read .table, or .where(quantity='{held[0]}').table" if held else "it has no rows"
    raise TableError("table", f"has no values but {' and '.join(held) or 'nothing'}", remedy)


def _least(one: pd.Series, two: pd.Series) -> pd.Series:
    return one.where(one <= two, two)


def _grouping(rows: pd.DataFrame, sensitive: Grouping) -> str | None:
    known = list(dict.fromkeys(str(name) for name in rows["sensitive"]))
    if sensitive is None:
        finest = max((name.count(CROSS) for name in known), default=0)
        finest_names = [name for name in known if name.count(CROSS) == finest]
        return finest_names[0] if len(finest_names) == 1 else None
    name = sensitive if isinstance(sensitive, str) else CROSS.join(sensitive)
    if name in known:
        return name
    features = sorted(name.split(CROSS))
    for other in known:
        if sorted(other.split(CROSS)) == features:
            return other
    raise TableError("table", f"has no grouping '{name}'", known_names(name, known))


def _in_order(found: pd.DataFrame, sensitive: Grouping) -> pd.DataFrame:
    """An intersection's levels as they were asked for, its rows sorted by the first of them."""
    if sensitive is None or found.index.nlevels == 1:
        return found
    wanted = sensitive.split(CROSS) if isinstance(sensitive, str) else list(sensitive)
    names = [str(name) for name in found.index.names]
    if sorted(wanted) != sorted(names) or wanted == names:
        return found
    codes = [pd.factorize(found.index.get_level_values(name))[0] for name in wanted]
    return found.reorder_levels(wanted).iloc[np.lexsort(codes[::-1])]


def _wide(
    rows: pd.DataFrame,
    grouping: str | None,
    labels: Sequence[str],
    column: str,
    table: pd.DataFrame,
) -> pd.DataFrame:
    if grouping is None:
        index: Any = [rows["sensitive"].to_numpy(), rows["group"].to_numpy()]
        places: pd.Index = pd.MultiIndex.from_arrays(index, names=["sensitive", "group"])
    else:
        rows = rows[rows["sensitive"] == grouping]
        places = levels_of(grouping, rows["group"], table)
    measures = _measures(rows, labels)
    if rows.duplicated([*measures, "sensitive", "group"]).any():
        # Orderings of two groups: a column for each group that one is compared with.
        measures.append("reference_group")
    long = rows.set_index(places)[[*measures, column]].set_index(measures, append=True)[column]
    _unique(long)
    wide: Any = long.unstack(measures, sort=False)  # noqa: PD010 (nothing is to be aggregated)
    found: pd.DataFrame = wide.reindex(places.unique())
    return found


def _measures(rows: pd.DataFrame, labels: Sequence[str]) -> list[str]:
    """The measure, and the instrument's own labels that have several values."""
    own = [name for name in labels if name in rows.columns and len(set(rows[name])) > 1]
    return ["measure", *(name for name in own if name not in COLUMNS)]


def _unique(found: pd.Series) -> None:
    if not found.index.is_unique:
        remedy = "choose rows by the instrument's own columns: .where(...)"
        raise TableError("table", "names a fact twice", remedy)
