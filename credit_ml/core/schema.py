"""The one schema of findings: what the columns of every table mean."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd

from credit_ml.core.errors import TableError


class SchemaColumn(NamedTuple):
    """A column that every finding has: its name, "text" or "number", and what it says."""

    name: str
    holds: str
    meaning: str


#: The columns that every finding's table starts with, in this order.
SCHEMA: tuple[SchemaColumn, ...] = (
    SchemaColumn("quantity", "text", "value, difference, ratio, component, or one of its own"),
    SchemaColumn("measure", "text", "what was measured, such as selection_rate or mean_score"),
    SchemaColumn("sensitive", "text", "sensitive feature, intersection ('a x b'), or 'overall'"),
    SchemaColumn("group", "text", "group of the feature, or 'all'"),
    SchemaColumn("reference_group", "text", "group that it is compared with; '' without one"),
    SchemaColumn("estimate", "number", "the number; NaN where it cannot be known"),
    SchemaColumn("low", "number", "lower end of its interval; NaN where it has none"),
    SchemaColumn("high", "number", "upper end of its interval"),
    SchemaColumn("people", "number", "people who were counted"),
    SchemaColumn("clusters", "number", "clusters that the interval counts; 0 if it counts people"),
    SchemaColumn(
        "over", "text", "whose chance the interval counts, of `OVER`; '' where there is none"
    ),
)
#: What an interval counts, and so which of two questions it answers: how sure this society's number
#: is ("people", "clusters": other people, or other clusters of people, of the same society), or how
#: far it moves in other societies of the same world ("societies", "cities" of a nation, which are
#: such societies beside each other, and "runs" of one trajectory).
OVER: tuple[str, ...] = ("people", "clusters", "cities", "societies", "runs")
#: Their names.
COLUMNS: tuple[str, ...] = tuple(column.name for column in SCHEMA)
#: Where the columns of text stand.
_TEXTS = [at for at, column in enumerate(SCHEMA) if column.holds == "text"]
#: Between the features of an intersection's name, and the groups of its groups' names.
CROSS = " x "
#: What stands for a sensitive feature where everybody is one group.
EVERYBODY = "overall"
#: What is said where nothing is given.
_DEFAULTS = {"quantity": "value", "sensitive": "overall", "group": "all", "clusters": 0}


def over_of(table: pd.DataFrame) -> np.ndarray:
    """Whose chance each row's interval of one table counts, from the clusters that it says.

    Examples
    --------
    >>> over_of(pd.DataFrame({"low": [0.1, 0.1, np.nan], "clusters": [8, 0, 0]})).tolist()
    ['clusters', 'people', '']
    """
    counted = np.where(table["clusters"].fillna(0) > 0, "clusters", "people")
    return np.where(table["low"].notna(), counted, "")


def conform(table: pd.DataFrame | Sequence[Mapping[str, Any]], **everywhere: Any) -> pd.DataFrame:
    """Bring a table, or a list of rows, into the schema: missing columns filled, own ones last.

    What is not given is "value" of quantity, "overall" and "all" of sensitive and group, 0 of
    clusters, what `over_of` says of over, and else "" in text and NaN in numbers; `everywhere` says
    otherwise.

    Examples
    --------
    >>> table = conform([{"measure": "auc", "estimate": 0.7, "model": "a"}], people=10)
    >>> list(table.columns[:5]), table.loc[0, ["group", "model"]].tolist()
    (['quantity', 'measure', 'sensitive', 'group', 'reference_group'], ['all', 'a'])
    """
    frame = table.copy() if isinstance(table, pd.DataFrame) else pd.DataFrame(list(table))
    filled: dict[str, Any] = {}
    for name, holds, _ in SCHEMA:
        text = holds == "text"
        given = frame[name] if name in frame.columns else None
        default = everywhere.get(name, _DEFAULTS.get(name, "" if text else np.nan))
        if name == "over" and name not in everywhere:
            counted = pd.Series(over_of(pd.DataFrame(filled)), index=frame.index, dtype="str")
            given = counted if given is None else given.where(given.notna(), counted)
        elif given is None:
            dtype = None if len(frame) else ("str" if text else "float64")
            given = pd.Series([default] * len(frame), index=frame.index, dtype=dtype)
        elif given.isna().any() and default == default:
            given = given.where(given.notna(), default)
        filled[name] = given.astype(str) if text else _numbers(given, name)
    own = {name: value for name, value in everywhere.items() if name not in COLUMNS}
    rest = {str(name): frame[name] for name in frame.columns if name not in COLUMNS}
    return pd.DataFrame(filled | rest, index=frame.index).assign(**own)


def check(table: pd.DataFrame, place: str) -> None:
    """Raise TableError unless a table is in the schema.

    Examples
    --------
    >>> check(conform([{"measure": "auc", "estimate": 0.7}]), "quality")
    """
    names = [str(name) for name in table.columns[: len(COLUMNS)]]
    for wanted, there in zip(COLUMNS, [*names, *[""] * len(COLUMNS)], strict=False):
        if wanted != there:
            problem = f"has '{there}' where the schema has '{wanted}'"
            remedy = "make it with credit_ml.core.schema.conform"
            raise TableError(f"{place}, table", problem, remedy)
    # All columns at once: a page reads dozens of tables, and single columns are dear.
    kinds = dict(zip(COLUMNS, table.dtypes.iloc[: len(COLUMNS)], strict=True))
    for name, holds, _ in SCHEMA if len(table) else ():
        if pd.api.types.is_numeric_dtype(kinds[name]) == (holds == "text"):
            kind = "text" if holds == "text" else "numbers"
            raise TableError(f"{place}, table, '{name}'", f"holds {kinds[name]}", f"give {kind}")
    absent = table.iloc[:, _TEXTS].isna().to_numpy().any(axis=0)
    if absent.any():
        name = COLUMNS[_TEXTS[int(absent.argmax())]]
        raise TableError(f"{place}, table, '{name}'", "holds nothing", "give '' for none")
    if strange := set(table["over"]) - {"", *OVER}:
        place_of = f"{place}, table, 'over'"
        raise TableError(place_of, f"says '{min(strange)}'", f"say {', '.join(OVER)} or ''")
    asked = ("estimate", "low", "high")
    estimate, low, high = (table[name].to_numpy("float64", na_value=np.nan) for name in asked)
    slack = 1e-9 * (1 + np.abs(estimate))
    wrong = (low > estimate + slack) | (estimate > high + slack)
    if wrong.any():
        row = table.index[wrong][0]
        problem = "has an interval beside its estimate"
        raise TableError(f"{place}, table, row {row}", problem, "give low <= estimate <= high")


def levels_of(sensitive: str, groups: pd.Series, table: pd.DataFrame) -> pd.Index:
    """Index of groups: one level a feature, named so, for intersections as for features.

    Names of single groups in the same table say where an intersection's name is to be cut, so
    that a group may itself be named "a x b".

    Examples
    --------
    >>> names = pd.Series(["rural x man", "urban x man"])
    >>> levels_of("hukou x gender", names, pd.DataFrame({"sensitive": [], "group": []})).names
    FrozenList(['hukou', 'gender'])
    """
    features = sensitive.split(CROSS)
    if len(features) == 1:
        return cast("pd.Index", pd.Index(groups, name=sensitive))
    known = [
        set(table.loc[table["sensitive"] == feature, "group"].astype(str)) for feature in features
    ]
    cut = [_cut(str(group), known) for group in groups]
    places: Any = pd.MultiIndex.from_tuples(cut, names=features)
    return cast("pd.Index", places)


def _cut(group: str, known: Sequence[set[str]]) -> tuple[str, ...]:
    """Cut the name of an intersection's group at the names of the features' groups."""
    if len(known) == 1:
        return (group,)
    parts = group.split(CROSS)
    if len(parts) == len(known):
        return tuple(parts)
    for end in range(1, len(parts)):
        first = CROSS.join(parts[:end])
        if first in known[0]:
            return (first, *_cut(CROSS.join(parts[end:]), known[1:]))
    return (parts[0], *_cut(CROSS.join(parts[1:]), known[1:]))


def _numbers(column: pd.Series, name: str) -> pd.Series:
    numbers = column.astype("float64")
    if name in ("people", "clusters") and len(numbers) and numbers.notna().all():
        return numbers.astype("int64") if (numbers % 1 == 0).all() else numbers
    return numbers
