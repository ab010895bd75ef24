"""What is measured of a rater after people responded to it, each with an interval."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from credit_ml.agencies.rater import Rater
from credit_ml.core import Dataset, InputError, ModelError
from credit_ml.scoring import checked_threshold, display_name, score_function

Array = NDArray[np.float64]
Estimate = tuple[float, float, float]
"""An estimate and both ends of its interval."""

UNITS = {
    "shift": "SD of the score",
    "accuracy": "share of decisions",
    "auc": "chance to rank right",
    "selection_rate": "share of people",
    "selection_gap": "share of people",
    "share_who_act": "share of people",
    "spending": "share of a year's income",
}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """People who were not trained on, after they responded: what the rater makes of them."""

    scores: Array
    """Scores of the records after the response."""
    granted: NDArray[np.bool_]
    """The first decision."""
    kept: NDArray[np.int8]
    """Outcomes after improvements."""
    acted: NDArray[np.bool_]
    spending: Array


def line_of(rater: Any, threshold: float | None) -> float:
    """Score from which the first decision is in favour: as given, an agency's own, or 0.5.

    Raises
    ------
    InputError
        When the score cannot reach the threshold.
    ModelError
        When none is known and the score is no probability.
    """
    if threshold is not None:
        return checked_threshold(rater, threshold)
    if isinstance(rater, Rater) and rater.agency.privileges:
        return float(rater.agency.privileges[0].threshold)
    if not isinstance(rater, Rater) and hasattr(rater, "predict_proba"):
        return 0.5
    raise ModelError(display_name(rater), "has no first decision", "give a threshold")


def decided(rater: Any, X: pd.DataFrame, threshold: float | None) -> NDArray[np.bool_]:
    """The first decision about each person."""
    return np.asarray(score_function(rater)(X) >= line_of(rater, threshold))


def quantile_of(intervals: float) -> float:
    """Two-sided normal quantile of a level.

    Raises
    ------
    InputError
        Unless the level is between 0 and 1.
    """
    if not 0 < intervals < 1:
        raise InputError("intervals", f"is {intervals!r}", "give a level such as 0.95")
    return float(stats.norm.ppf((1 + intervals) / 2))


def mean_of(values: Any, quantile: float) -> Estimate:
    """Mean over people with a normal interval; without one for a single person."""
    each = np.asarray(values, dtype=np.float64)
    if not len(each):
        return np.nan, np.nan, np.nan
    mean = float(each.mean())
    half = quantile * float(each.std(ddof=1) / np.sqrt(len(each))) if len(each) > 1 else np.nan
    return mean, mean - half, mean + half


def difference_of(one: Any, other: Any, quantile: float) -> Estimate:
    """Difference of two groups' means with a normal interval, variances unequal."""
    first, second = mean_of(one, quantile), mean_of(other, quantile)
    gap = first[0] - second[0]
    half = float(np.hypot(first[2] - first[0], second[2] - second[0]))
    return gap, gap - half, gap + half


def auc_of(scores: Array, kept: NDArray[np.int8], quantile: float) -> Estimate:
    """Chance that a keeper's score is above a breaker's, ties half (DeLong et al. 1988)."""
    one, zero = scores[kept == 1], scores[kept == 0]
    if not len(one) or not len(zero):
        return np.nan, np.nan, np.nan
    # One sort of all: counts of both kinds at each score give everybody's share below.
    _, place = np.unique(scores, return_inverse=True)
    keepers, breakers = np.bincount(place, weights=kept), np.bincount(place, weights=1 - kept)
    under = (np.cumsum(breakers) - breakers / 2) / len(zero)
    over = 1 - (np.cumsum(keepers) - keepers / 2) / len(one)
    above, below = under[place[kept == 1]], over[place[kept == 0]]
    auc = float(above.mean())
    error = np.sqrt(sum(np.var(each, ddof=1) / len(each) for each in (above, below)
                        if len(each) > 1))  # fmt: skip
    return auc, auc - quantile * float(error), auc + quantile * float(error)


def rows_of(
    found: Measured, people: Dataset, *, sensitive: str | None, quantile: float
) -> list[dict[str, Any]]:
    """Every measure but the shift, as rows of a table; gaps to the most numerous group."""
    right = found.granted == (found.kept == 1)
    estimates = {
        "accuracy": mean_of(right, quantile),
        "auc": auc_of(found.scores, found.kept, quantile),
        "selection_rate": mean_of(found.granted, quantile),
        "share_who_act": mean_of(found.acted, quantile),
        "spending": mean_of(found.spending, quantile),
    }
    rows = [row(measure, *estimate) for measure, estimate in estimates.items()]
    if sensitive is None:
        return rows
    groups = people.groups(sensitive)
    reference = str(groups.value_counts(sort=False).idxmax())
    for group in groups.cat.categories:
        if group != reference and (groups == group).any():
            of, base = ((groups == name).to_numpy() for name in (group, reference))
            gap = difference_of(found.granted[of], found.granted[base], quantile)
            rows.append(row("selection_gap", *gap, group=str(group), reference_group=reference))
    return rows


def row(
    measure: str, estimate: float, low: float = np.nan, high: float = np.nan, *,
    group: str = "all", reference_group: str = "",
) -> dict[str, Any]:  # fmt: skip
    """One row of a tidy table."""
    return {
        "measure": measure, "group": group, "reference_group": reference_group,
        "estimate": estimate, "low": low, "high": high, "unit": UNITS[measure],
    }  # fmt: skip
