"""Columns of a table as numbers for a regression, and scores given without a model."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Array, Dataset, Rows, TableError
from credit_ml.core.tables.columns import KNOWN_ALONE


@dataclass(frozen=True, kw_only=True, eq=False)
class Numbers:
    """One column of numbers without gaps."""

    values: Array
    """Shape (people,)."""
    width: int = 1

    def write(self, block: Array, rows: Rows) -> None:
        """Write some people's numbers, shape (1, rows)."""
        block[0] = self.values[rows]

    def mean(self, rows: Rows, weights: Array) -> Array:
        """Weighted mean of some people, shape (1,)."""
        return np.array([weights @ self.values[rows] / weights.sum()])


@dataclass(frozen=True, kw_only=True, eq=False)
class Indicators:
    """Indicators of a column's categories, kept as one small number a person."""

    places: NDArray[np.integer]
    """Each one's indicator, shape (people,); `width` of those whose category has none."""
    width: int

    def write(self, block: Array, rows: Rows) -> None:
        """Write some people's indicators, shape (width, rows)."""
        each = np.arange(self.width, dtype=self.places.dtype)
        np.equal(each[:, np.newaxis], self.places[rows], out=block)

    def mean(self, rows: Rows, weights: Array) -> Array:
        """Weighted shares of some people, shape (width,)."""
        sums = np.bincount(self.places[rows], weights, self.width + 1)
        return np.asarray(sums[: self.width] / weights.sum())


@dataclass(frozen=True, kw_only=True, eq=False)
class NumericDesign:
    """Columns of a regression, which take the room of the table and are written out in blocks.

    Examples
    --------
    >>> NumericDesign.of(np.array([[1.0, 0.0], [3.0, 1.0]])).block(np.array([1])).tolist()
    [[3.0], [1.0]]
    """

    parts: tuple[Numbers | Indicators, ...]
    owner: NDArray[np.str_]
    """The factor of each column, shape (columns,)."""

    @classmethod
    def of(cls, columns: Array) -> "NumericDesign":
        """The columns of an array, which no factor owns."""
        parts = tuple(Numbers(values=column) for column in columns.T)
        return cls(parts=parts, owner=np.full(len(parts), "", dtype=str))

    def block(self, rows: Rows) -> Array:
        """All columns of some people, shape (columns, rows)."""
        written, first = np.empty((len(self.owner), len(rows))), 0
        for part in self.parts:
            part.write(written[first : first + part.width], rows)
            first += part.width
        return written

    def means(self, rows: Rows, weights: Array) -> Array:
        """Weighted mean of each column of some people, shape (columns,)."""
        return np.concatenate([np.zeros(0), *(part.mean(rows, weights) for part in self.parts)])


def numeric_design(dataset: Dataset) -> NumericDesign:
    """Numbers for least squares, each of a factor.

    Categories become indicators, the first left out; a missing number stands at the mean, with
    an indicator of its own; a column without variation has no price and is left out.
    """
    weights = dataset.relative_weights()
    parts: list[Numbers | Indicators] = []
    owner: list[str] = []
    for factor, names in dataset.factors.items():
        for part in (part for name in names for part in _parts(dataset.X[name], weights)):
            parts.append(part)
            owner += [factor] * part.width
    return NumericDesign(parts=tuple(parts), owner=np.array(owner, dtype=str))


def _parts(column: pd.Series, weights: Array | None) -> Iterator[Numbers | Indicators]:
    if not isinstance(column.dtype, pd.CategoricalDtype):
        for values in indicators(column, weights, drop_first=True).T:
            if np.ptp(values) > 0:
                yield Numbers(values=np.ascontiguousarray(values))
        return
    codes = column.cat.codes.to_numpy()
    # Those who have none are last, and are found there by -1.
    counts = np.bincount(codes + 1, minlength=len(column.cat.categories) + 1)
    counts = np.append(counts[1:], counts[0])
    varies = (counts > 0) & (counts < len(codes))
    varies[0] = False
    width = int(varies.sum())
    places = np.full(len(counts), width, dtype=np.min_scalar_type(width))
    places[varies] = np.arange(width)
    yield Indicators(places=places[codes], width=width)


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
        raise TableError(place, f"are missing or infinite in {missing} rows", KNOWN_ALONE)
    return values
