"""From one number a person and factor to a group's parts of the gap, with intervals."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, InputError, TableError, known_names
from credit_ml.proxies.finding import GAP

Array = NDArray[np.float64]


def pairs(
    dataset: Dataset, sensitive: str, reference_group: str | None
) -> Iterator[tuple[str, NDArray[np.bool_], str, NDArray[np.bool_]]]:
    """Yield each group with people beside the reference group: names and who they are.

    The reference is the most numerous group unless one is named.

    Raises
    ------
    TableError
        When the feature or group is unknown, or only one group has people.
    """
    values = dataset.groups(sensitive)
    counts = values.value_counts(sort=False)
    present = [str(group) for group, people in counts.items() if people]
    if len(present) < 2:
        raise TableError(
            f"{dataset.name}, sensitive feature '{sensitive}'",
            f"has people in one group only ({present[0]})",
            "give a feature with at least two",
        )
    reference = str(counts.idxmax()) if reference_group is None else reference_group
    if reference not in present:
        raise TableError(
            f"reference_group of '{sensitive}'", f"'{reference}' has nobody",
            known_names(reference, present),
        )  # fmt: skip
    base = (values == reference).to_numpy()
    for group in present:
        if group != reference:
            yield group, (values == group).to_numpy(), reference, base


def mean_difference(
    group: Array, reference: Array, *, quantile: float, shared: Array | float = 0.0
) -> tuple[Array, Array, Array]:
    """Differences of column means with normal intervals, variances unequal.

    Parameters
    ----------
    group, reference : ndarray of shape (people, parts)
    quantile : float
        Of the standard normal: 1.96 for 95 %.
    shared : ndarray of shape (parts,), optional
        What dependence between people adds to the variance (`shared_variance`).

    Returns
    -------
    estimate, low, high : ndarray of shape (parts,)
        No interval (NaN) where a group has one member.
    """
    estimate = group.mean(axis=0) - reference.mean(axis=0)
    half = quantile * np.sqrt(_variance(group) + _variance(reference) + shared)
    return estimate, estimate - half, estimate + half


def _variance(values: Array) -> Array:
    if len(values) < 2:
        return np.full(values.shape[1], np.nan)
    variance: Array = values.var(axis=0, ddof=1) / len(values)
    return variance


def shared_variance(
    values: Array,
    inside: NDArray[np.bool_],
    outside: NDArray[np.bool_],
    references: NDArray[np.intp] | None,
) -> Array:
    """What each person's second part, as somebody's reference, adds to a gap's variance.

    The gap is ``sum_i t_i`` with ``t_i = w_i (phi_i - group mean)``, w_i one over the group's
    size, negative in the reference group. t_i and t_r(i) both hold person r(i), so the variance
    is ``sum t_i^2 + 2 sum t_i t_r(i)``; this is the second term, where it is positive. In
    expectation it is 0 when both groups use the factor alike, and when the score is additive.

    Parameters
    ----------
    values : ndarray of shape (people, parts)
    inside, outside : ndarray of bool, shape (people,)
        Members of the group and of the reference group.
    references : ndarray of shape (people,), or None
        Who stood in for whom; None adds nothing.

    Returns
    -------
    ndarray of shape (parts,)
    """
    if references is None:
        return np.zeros(values.shape[1])
    part = np.zeros_like(values)
    part[inside] = (values[inside] - values[inside].mean(axis=0)) / inside.sum()
    part[outside] = -(values[outside] - values[outside].mean(axis=0)) / outside.sum()
    both: Array = 2 * (part * part[references]).sum(axis=0)
    return np.maximum(both, 0.0)


def quantile_of(intervals: float) -> float:
    """Normal quantile of a two-sided level; raises InputError unless it lies in (0, 1)."""
    from scipy import stats

    if not 0 < intervals < 1:
        raise InputError("intervals", f"is {intervals!r}", "give a level such as 0.95")
    return float(stats.norm.ppf((1 + intervals) / 2))


def part_rows(
    names: list[str], estimates: tuple[Array, Array, Array], labels: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Rows of a decomposition's table: one a part, labelled."""
    return [
        {**labels, "factor": name, "estimate": float(e), "low": float(lo), "high": float(hi)}
        for name, e, lo, hi in zip(names, *estimates, strict=True)
    ]


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the rows in the column order of every decomposition."""
    return pd.DataFrame(
        rows,
        columns=["method", "estimand", "sensitive", "group", "reference_group", "factor",
                 "estimate", "low", "high"],
    )  # fmt: skip


__all__ = [
    "GAP",
    "frame",
    "mean_difference",
    "pairs",
    "part_rows",
    "quantile_of",
    "shared_variance",
]
