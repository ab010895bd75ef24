"""Kitagawa-Oaxaca-Blinder: differences of means, priced by an additive score."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, TableError
from credit_ml.proxies.attribute import Attributed, by_fold
from credit_ml.proxies.finding import GAP, UNEXPLAINED
from credit_ml.proxies.parts import part_rows
from credit_ml.scoring import CrossFitted, Output, additive_terms, display_name, score_function

Array = NDArray[np.float64]


def additive_parts(model: Any, dataset: Dataset, output: Output) -> Attributed:
    """Contributions of each factor to each person's additive score.

    Raises
    ------
    ModelError
        When the model is not additive on that output.
    """
    if isinstance(model, CrossFitted):
        return by_fold(model, dataset, lambda fold, part, _: additive_parts(fold, part, output))
    terms = additive_terms(model, dataset.X, output)
    score = score_function(model, output)
    values = np.column_stack(
        [
            terms[[c for c in columns if c in terms.columns]].sum(axis=1).to_numpy()
            for columns in dataset.factors.values()
        ]
    ).astype(np.float64)
    return Attributed(
        names=tuple(dataset.factors),
        values=values,
        scores=score(dataset.X),
        unit=score.unit,
        rater=display_name(model),
    )


def least_squares_rows(
    scores: pd.Series, dataset: Dataset, inside: NDArray[np.bool_], outside: NDArray[np.bool_],
    quantile: float, labels: Mapping[str, Any],
) -> list[dict[str, Any]]:  # fmt: skip
    """Twofold decomposition of given scores, priced by the reference group's regression.

    ``gap = sum_k b_reference (mean x_k | group - mean x_k | reference) + unexplained``.
    Intervals: delta method over both groups' means and the reference group's coefficients;
    of a factor whose coefficients are as uncertain as they are large they hold the truth in
    about 92 of 100 tables rather than 95, for a product of two uncertain numbers is skewed.
    The unexplained part is one number: split by category it is not identified.

    Raises
    ------
    TableError
        When the scores are not one finite number for each person, or a group has too few
        people for its regression.
    """
    design, owner = _design(dataset)
    values = _checked(scores, dataset)
    for who in (inside, outside):
        if who.sum() <= design.shape[1] + 1:
            raise TableError(
                f"{dataset.name}, {labels['sensitive']}",
                f"has a group of {int(who.sum())} people for {design.shape[1]} columns",
                "use fewer columns or larger groups",
            )
    slope, covariance, noise = _least_squares(design[outside], values[outside])
    shift = design[inside].mean(axis=0) - design[outside].mean(axis=0)
    spread = _mean_covariance(design[inside]) + _mean_covariance(design[outside])
    names, estimate, half = [], [], []
    for factor in dataset.factors:
        own = owner == factor
        names.append(factor)
        estimate.append(float(slope[own] @ shift[own]))
        variance = slope[own] @ spread[np.ix_(own, own)] @ slope[own]
        variance += shift[own] @ covariance[np.ix_(own, own)] @ shift[own]
        half.append(quantile * float(np.sqrt(max(variance, 0.0))))
    gap = float(values[inside].mean() - values[outside].mean())
    error = np.sqrt(
        values[inside].var(ddof=1) / inside.sum() + values[outside].var(ddof=1) / outside.sum()
    )
    residual = values[inside] - design[inside] @ slope
    # What the reference group's line predicts at the other group's means is uncertain in its
    # level, one over that group's size, as well as in its slopes.
    rest = np.sqrt(residual.var(ddof=1) / inside.sum() + noise / outside.sum()
                   + shift @ covariance @ shift)  # fmt: skip
    names += [UNEXPLAINED, GAP]
    estimate += [gap - sum(estimate), gap]
    half += [quantile * float(rest), quantile * float(error)]
    middle, width = np.array(estimate), np.array(half)
    return part_rows(names, (middle, middle - width, middle + width), labels)


def _design(dataset: Dataset) -> tuple[Array, NDArray[np.str_]]:
    columns: list[Array] = []
    owner: list[str] = []
    for factor, names in dataset.factors.items():
        for name in names:
            column = dataset.X[name]
            if isinstance(column.dtype, pd.CategoricalDtype):
                parts = pd.get_dummies(column, drop_first=True, dummy_na=bool(column.isna().any()))
                block = parts.to_numpy(dtype=np.float64)
            else:
                number = column.astype("float64")
                block = number.fillna(number.mean()).to_numpy()[:, None]
                if number.isna().any():
                    block = np.column_stack([block, number.isna()])
            # A column without variation has no price.
            block = block[:, np.ptp(block, axis=0) > 0]
            columns.append(block)
            owner += [factor] * block.shape[1]
    return np.column_stack(columns), np.array(owner)


def _checked(scores: pd.Series, dataset: Dataset) -> Array:
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


def _least_squares(design: Array, values: Array) -> tuple[Array, Array, float]:
    centred = design - design.mean(axis=0)
    inverse = np.linalg.pinv(centred.T @ centred)
    slope = inverse @ centred.T @ (values - values.mean())
    residual = values - values.mean() - centred @ slope
    noise = float(residual @ residual) / (len(values) - design.shape[1] - 1)
    return slope, inverse * noise, noise


def _mean_covariance(design: Array) -> Array:
    return np.atleast_2d(np.cov(design, rowvar=False)) / len(design)
