"""Columns of a table as numbers for a regression, and scores given without a model."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Array, Dataset, TableError


def numeric_design(dataset: Dataset) -> tuple[Array, NDArray[np.str_]]:
    """Numbers for least squares, and the factor of each column.

    Categories become indicators, the first left out; a missing number stands at the mean, with
    an indicator of its own; a column without variation has no price and is left out.
    """
    weights = dataset.relative_weights()
    columns: list[Array] = [np.zeros((len(dataset), 0))]
    owner: list[str] = []
    for factor, names in dataset.factors.items():
        for name in names:
            block = indicators(dataset.X[name], weights, drop_first=True)
            block = block[:, np.ptp(block, axis=0) > 0]
            columns.append(block)
            owner += [factor] * block.shape[1]
    return np.column_stack(columns), np.array(owner, dtype=str)


def indicators(column: pd.Series, weights: Array | None = None, *, drop_first: bool) -> Array:
    """One feature as numbers: itself and its gaps, or its categories."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        gaps = bool(column.isna().any())
        parts = pd.get_dummies(column, drop_first=drop_first, dummy_na=gaps)
        return parts.to_numpy(dtype=np.float64)
    number = column.astype("float64")
    # The mean of nothing is missing too.
    known, mean = number.notna().to_numpy(), number.mean()
    if weights is not None and weights[known].any():
        mean = float(np.average(number[known], weights=weights[known]))
    block = number.fillna(mean).fillna(0.0).to_numpy()[:, None]
    if number.isna().any():
        block = np.column_stack([block, number.isna()])
    return np.asarray(block, dtype=np.float64)


def checked_scores(scores: pd.Series, dataset: Dataset) -> Array:
    """Return given scores as float64.

    Raises
    ------
    TableError
        When they are not one finite number for each person.
    """
    place = f"scores of {dataset.name}"
    if not scores.index.equals(dataset.X.index):
        raise TableError(place, "have other rows than the table", "give one score a person")
    if not pd.api.types.is_numeric_dtype(scores):
        raise TableError(place, f"are of type {scores.dtype}", "give numbers")
    values = scores.to_numpy(dtype=np.float64, na_value=np.nan)
    missing = int((~np.isfinite(values)).sum())
    if missing:
        raise TableError(place, f"are missing or infinite in {missing} rows", "drop those rows")
    return values
