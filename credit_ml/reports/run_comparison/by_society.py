"""Numbers that two runs hold once a society: compared over societies, the same ones in pairs."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from credit_ml.core import Finding, StudyResults
from credit_ml.core.schema import COLUMNS
from credit_ml.inference.quantiles import student
from credit_ml.reports.run_comparison.facts_of_runs import labelled_rows

#: Columns that number societies, or what is one of its own, and what pairs of them are called.
UNITS = {"society": "societies", "seed": "societies", "city": "cities"}
#: How such a number is told from others of its table.
MEANS = "mean over"
#: Fewer societies leave no interval worth the name.
FEWEST = 3
#: Rows of one unit, by its number.
ByUnit = dict[int, Mapping[Any, Any]]


def unit_of(one: Finding, two: Finding) -> str:
    """Return the column by which both findings number societies; empty without one.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"seed": [1, 2], "estimate": [0.1, 0.2]})
    >>> found = Finding(table=table, title="One")
    >>> unit_of(found, found), unit_of(found, Finding(table=table[["estimate"]], title="Two"))
    ('seed', '')
    """
    both = (name for name in UNITS if name in one.table and name in two.table)
    return next(both, "")


def same_societies(first: StudyResults, second: StudyResults) -> bool:
    """Whether a society of one number is the same in both runs: the world is, and its seed."""
    return first.world is not None and first.world == second.world


def over_societies_rows(
    one: Finding, two: Finding, measured: set[str], unit: str, *, same: bool, level: float
) -> Iterator[dict[str, Any]]:
    """Yield the mean change of each number over societies, with Student's interval.

    Where the societies are the same, a society's change is one draw; else the two means are of
    different draws, and their errors add up (Welch).

    Parameters
    ----------
    one, two : Finding
        Of the first run and of the second.
    measured : set of str
        Columns that tell no rows apart.
    unit : str
        Column that numbers the societies.
    same : bool
        Whether a number means the same society in both.
    level : float
        Of the interval.
    """
    before, after = (_by_unit(each, measured, unit) for each in (one, two))
    for label in before:
        if label not in after:
            continue
        first, second = before[label], after[label]
        pairs = sorted(first.keys() & second.keys()) if same else []
        if len(pairs) >= FEWEST:
            told = _paired(_values(first, pairs), _values(second, pairs), level)
        elif min(len(first), len(second)) >= FEWEST:
            told = _welch(_values(first, first), _values(second, second), level)
        else:
            continue
        paired = UNITS[unit] if len(pairs) >= FEWEST else ""
        yield _named(next(iter(second.values())), measured, unit) | told | {"paired": paired}


def _by_unit(finding: Finding, measured: set[str], unit: str) -> dict[str, ByUnit]:
    """Rows that are of one society each, by what else tells them apart, then by its number."""
    found: dict[str, ByUnit] = {}
    table = finding.table[finding.table[unit] >= 0]
    for number in table[unit].unique():
        rows = labelled_rows(finding, measured | {unit}, table[table[unit] == number])
        for label, row in rows.items():
            if math.isfinite(row["estimate"]):
                found.setdefault(label, {})[int(number)] = row
    return {label: own for label, own in found.items() if len(own) > 1}


def _values(rows: ByUnit, numbers: Sequence[int] | ByUnit) -> np.ndarray:
    return np.array([float(rows[number]["estimate"]) for number in sorted(numbers)])


def _paired(before: np.ndarray, after: np.ndarray, level: float) -> dict[str, Any]:
    change = after - before
    error = float(change.std(ddof=1)) / math.sqrt(len(change))
    return _told(before, after, error, len(change) - 1, level)


def _welch(before: np.ndarray, after: np.ndarray, level: float) -> dict[str, Any]:
    parts = np.array([each.var(ddof=1) / len(each) for each in (before, after)])
    freedom = np.array([len(before) - 1, len(after) - 1])
    weight = float((parts**2 / freedom).sum())
    degrees = float(parts.sum() ** 2 / weight) if weight else float(freedom.min())
    return _told(before, after, math.sqrt(float(parts.sum())), degrees, level)


def _told(
    before: np.ndarray, after: np.ndarray, error: float, freedom: float, level: float
) -> dict[str, Any]:
    middle, half = float(after.mean() - before.mean()), float(student(level, freedom)) * error
    ends = {"low": middle - half, "high": middle + half}
    sizes = {"before": float(before.mean()), "after": float(after.mean()), "clusters": len(after)}
    return {"estimate": middle, "over": "societies"} | ends | sizes


def _named(row: Mapping[Any, Any], measured: set[str], unit: str) -> dict[str, Any]:
    """Labels of the schema, and in one text what else tells a number apart."""
    labels = {name: row[name] for name in COLUMNS if isinstance(row.get(name), str)}
    quantity = labels.pop("quantity", "value")
    labels.pop("over", None)
    apart = (row[key] for key in row if key not in {*measured, *COLUMNS, unit})
    own = [f"{each:g}" if isinstance(each, float) else f"{each}" for each in apart]
    said = ["" if quantity == "value" else quantity, *own, f"{MEANS} {UNITS[unit]}"]
    return labels | {"row": ", ".join(filter(None, said))}
