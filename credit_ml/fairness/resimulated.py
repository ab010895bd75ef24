"""Intervals from the same measure in other societies of the same world."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy import stats

from credit_ml.core import Finding, InputError, TableError
from credit_ml.fairness.intervals import checked_level
from credit_ml.fairness.metrics import RATES

Found = TypeVar("Found", bound=Finding)

#: Fewer societies than this say too little of how far they differ.
FEWEST_SOCIETIES = 8
#: Columns that are measured; the others say of what.
_MEASURED = ("estimate", "low", "high", "people", "design_effect")
#: Quantities of an audit that cannot be below zero.
_NOT_NEGATIVE = ("ratio", "largest_difference", "smallest_ratio", "four_fifths")


def over_societies(found: Found, others: Sequence[Finding], *, intervals: float = 0.95) -> Found:
    """The same finding, with intervals that say how far it moves when the society is met anew.

    ``estimate +- t sd``, sd the standard deviation of each fact over K other societies of the
    same world (other seeds), t Student's quantile with K - 1 degrees of freedom: for normal
    estimates this covers their expectation over societies exactly, whatever people share:
    districts, friends in other districts, a city's luck. No interval from one table can count
    what all its people share. The price is K more simulations. Ends beyond what a rate or a ratio
    can be are drawn in.

    The intervals of the one table stay beside them, in the columns ``low_clusters`` and
    ``high_clusters`` or ``low_people`` and ``high_people``, whichever it counted.

    A fact that some society lacks (a group without people) keeps the interval of its table; the
    notes say how many do. Largest differences and smallest ratios are covered in expectation,
    which exceeds the truth where groups are alike; their intervals within one society (`spread`)
    do not have that fault.

    Cost: one pass over the tables.

    Parameters
    ----------
    found : Finding
        With the columns estimate, low and high.
    others : sequence of Finding
        The same instrument on at least `FEWEST_SOCIETIES` other societies, with the same fitted
        rater and the same reference groups.
    intervals : float
        Level.

    Raises
    ------
    InputError
        When there are too few others, they are of another kind, or `found` has such intervals
        already.
    TableError
        When a table names a fact twice.

    References
    ----------
    Efron, B. and Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall,
    chapter 6.5 (the parametric bootstrap).

    Examples
    --------
    >>> from credit_ml.fairness import Tally, audit_tally
    >>> groups = pd.DataFrame({"sex": pd.Categorical(list("ffmm"))})
    >>> drawn = np.random.default_rng(0).integers(0, 2, (10, 4))
    >>> audits = [audit_tally(Tally.of(decisions, groups)) for decisions in drawn]
    >>> over_societies(audits[0], audits[1:]).parameters["intervals_over"]
    'societies'
    """
    level = checked_level(intervals)
    if len(others) < FEWEST_SOCIETIES:
        raise InputError(
            "others", f"are {len(others)} societies", f"give at least {FEWEST_SOCIETIES}"
        )
    if strange := {other.kind for other in others} - {found.kind}:
        raise InputError("others", f"hold findings of kind {min(strange)}", f"give {found.kind}")
    over = str(found.parameters.get("intervals_over", "people"))
    if over == "societies":
        raise InputError("found", "has intervals over societies", "give the finding of one table")
    names = [column for column in found.table.columns if column not in _MEASURED]
    own = _estimates(found, names)
    placed = np.column_stack([_placed(other, found.table[names], own.index) for other in others])
    # NaN in one society makes NaN: a fact that comes and goes has no spread of its own.
    half = stats.t.ppf((1 + level) / 2, len(others) - 1) * placed.std(axis=1, ddof=1)
    kept = np.isnan(half) & found.table["low"].notna().to_numpy()
    return replace(
        found,
        table=_with_both(found.table, half, over),
        parameters={**found.parameters, "intervals": level, "intervals_over": "societies",
                    "intervals_of_table": over, "societies": len(others)},
        notes=(*found.notes, f"Intervals are made of {len(others)} other societies of the same "
               f"world; those that count {over} of this one stand beside them.",
               *_missing(int(kept.sum()), over)),
    )  # fmt: skip


def _with_both(table: pd.DataFrame, half: np.ndarray, over: str) -> pd.DataFrame:
    """Put the interval of the one table aside, and the one over societies in its place."""
    low, high = table["low"], table["high"]
    least, most = _range(table)
    there = low.notna().to_numpy() & ~np.isnan(half)
    estimate = table["estimate"].to_numpy(dtype="float64")
    ends = np.fmax(estimate - half, least), np.fmin(estimate + half, most)
    return table.assign(
        low=np.where(there, ends[0], low), high=np.where(there, ends[1], high),
        **{f"low_{over}": low, f"high_{over}": high},
    )  # fmt: skip


def _range(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the smallest and largest value that each fact can have."""
    least, most = np.full(len(table), -np.inf), np.full(len(table), np.inf)
    if "quantity" in table.columns and "metric" in table.columns:
        share = table["metric"].isin(tuple(RATES)) & (table["quantity"] == "value")
        least[share | table["quantity"].isin(_NOT_NEGATIVE)] = 0.0
        most[share] = 1.0
    return least, most


def _missing(number: int, over: str) -> tuple[str, ...]:
    if not number:
        return ()
    return (f"{number} facts that some society lacks keep their interval over {over}.",)


def _placed(finding: Finding, labels: pd.DataFrame, places: pd.Index) -> np.ndarray:
    """Return another finding's estimates at these places; NaN where it has none."""
    names = list(labels.columns)
    known = [name for name in names if name in finding.table.columns]
    # Mostly both have the same rows, and looking each up by its labels would cost more than them.
    if known == names and labels.equals(finding.table[names]):
        return finding.table["estimate"].to_numpy(dtype="float64")
    return _estimates(finding, names).reindex(places).to_numpy(dtype="float64")


def _estimates(finding: Finding, names: Sequence[str]) -> pd.Series:
    missing = [name for name in (*names, "estimate") if name not in finding.table.columns]
    if missing:
        raise TableError("others", f"lack the column '{missing[0]}'", "measure all alike")
    series = finding.table.set_index(list(names))["estimate"]
    if not series.index.is_unique:
        raise TableError(finding.title, "names a fact twice", "give a tidy table")
    return series
