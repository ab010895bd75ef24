"""Repair a column so that it says nothing of groups, ranks within groups kept."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core.tables.arrays import Array

#: Bands of a number in which its part of a score is taken as constant.
BANDS = 10


def repaired(
    column: pd.Series, groups: NDArray[np.integer], generator: np.random.Generator
) -> pd.Series:
    """Give everybody the value at their rank in the median distribution of the groups.

    A number at rank u of its group becomes the median over groups of their quantiles at u (the
    lower one of two for whole numbers, so that no new value is made). Categories have no order:
    people move between them only as far as the group's shares differ from the mean of the
    groups' shares. Ties are broken by chance, and what is missing ranks lowest, so that gaps too
    tell nothing. A column that is distributed alike in all groups stays as it is but for chance.

    Parameters
    ----------
    groups : ndarray of int, shape (people,)
    generator : numpy.random.Generator
        Breaks ties.

    References
    ----------
    Feldman et al. (2015), section 5.

    Examples
    --------
    >>> income = pd.Series([1.0, 2.0, 3.0, 5.0, 6.0, 7.0])
    >>> repaired(income, np.array([0, 0, 0, 1, 1, 1]), np.random.default_rng(0)).tolist()
    [3.0, 4.0, 5.0, 3.0, 4.0, 5.0]
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _categories(column, groups, generator)
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    gaps = np.isnan(values)
    values = np.where(gaps, -np.inf, values)
    present = np.unique(groups)
    rank = within_ranks(values, groups, generator)
    ordered = [np.sort(values[groups == group]) for group in present]
    # The quantile at u of n sorted values is the one at place floor(u n).
    at = np.stack([own[np.minimum((rank * len(own)).astype(int), len(own) - 1)] for own in ordered])
    whole = pd.api.types.is_integer_dtype(column.dtype)
    middle = np.sort(at, axis=0)
    low, high = middle[(len(present) - 1) // 2], middle[len(present) // 2]
    # A gap beside a number stays a gap.
    made = low if whole else np.where(np.isneginf(low), low, (low + np.maximum(high, low)) / 2)
    made = np.where(np.isneginf(made), np.nan, made)
    return pd.Series(made, index=column.index, name=column.name).astype(column.dtype)


def banded(column: pd.Series) -> Array:
    """Indicators of a column's tenths, or of its categories, shape (people, bands)."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        column = pd.Series(pd.qcut(column.astype("float64"), BANDS, duplicates="drop"))
    return pd.get_dummies(column, dummy_na=bool(column.isna().any())).to_numpy(dtype=np.float64)


def moved(scores: Array, made: Array, groups: NDArray[np.integer]) -> Array:
    """How each person moves the group's mean score when the columns `made` are fixed.

    Where columns are made so that their means over a group are what they are whoever is in it,
    a person moves the mean by what those columns do not tell of the score: the residual of the
    score on them within the group, as in regression estimation with known totals.

    Parameters
    ----------
    made : ndarray of shape (people, columns)

    References
    ----------
    Cassel, C. M., Saerndal, C. E. and Wretman, J. H. (1976). Some results on generalized
    difference estimation and generalized regression estimation for finite populations.
    Biometrika 63, 615-620.
    """
    rest = np.empty(len(scores))
    for group in np.unique(groups):
        own = groups == group
        x = made[own] - made[own].mean(axis=0)
        y = scores[own] - scores[own].mean()
        rest[own] = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    return rest


def within_ranks(
    values: Array, groups: NDArray[np.integer], generator: np.random.Generator
) -> Array:
    """Rank of each person within the group, in (0, 1), ties broken by chance."""
    rank = np.empty(len(values))
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        order = np.lexsort((generator.random(len(rows)), values[rows]))
        rank[rows[order]] = (np.arange(len(rows)) + 0.5) / len(rows)
    return rank


def _categories(
    column: pd.Series, groups: NDArray[np.integer], generator: np.random.Generator
) -> pd.Series:
    codes = column.cat.codes.to_numpy().astype(np.intp)
    size = len(column.cat.categories) + 1
    present = np.unique(groups)
    share = np.stack(
        [np.bincount(codes[groups == g] + 1, minlength=size) / (groups == g).sum() for g in present]
    )
    target = share.mean(axis=0)
    made = codes.copy()
    for number, group in enumerate(present):
        own = share[number]
        for code in np.flatnonzero(own > target):
            rows = np.flatnonzero((groups == group) & (codes == code - 1))
            leave = round(len(rows) * (1 - target[code] / own[code]))
            moved = generator.permutation(rows)[:leave]
            short = np.maximum(target - own, 0.0)
            made[moved] = generator.choice(size, len(moved), p=short / short.sum()) - 1
    taken: list[object] = [*column.cat.categories, None]
    return pd.Series(
        [taken[code] for code in made], dtype=column.dtype, index=column.index, name=column.name
    )
