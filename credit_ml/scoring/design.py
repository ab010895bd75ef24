"""From encoded features to a matrix without gaps, for scorers that add or multiply numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Standardised numbers are cut here, so that one odd record does not decide alone.
FARTHEST = 5.0


@dataclass(frozen=True)
class Design:
    """Standardised numbers, one column a category, and one for what was missing in fit.

    A missing number stands at the mean; an unseen category is none of those known.
    """

    names: tuple[str, ...]
    """Feature of each encoded column."""
    mean: Array
    spread: Array
    categories: dict[str, int]
    """Number of categories, of each feature that has them."""
    gaps: tuple[bool, ...]
    """Whether the feature had missing values in fit."""

    @classmethod
    def of(
        cls,
        encoded: pd.DataFrame,
        categories: Mapping[str, Sequence[Any]],
        weights: Array | None = None,
    ) -> Self:
        """Learn means, spreads and gaps, of people with weights or 1 each. Cost: one pass."""
        values = encoded.to_numpy(dtype=np.float64)
        missing = np.isnan(values)
        counts = np.ones((len(values), 1)) if weights is None else weights[:, np.newaxis]
        known = np.where(missing, 0.0, counts).sum(axis=0)
        known = np.where(known > 0, known, 1.0)
        mean = (np.where(missing, 0.0, values) * counts).sum(axis=0) / known
        square = np.where(missing, 0.0, values - mean) ** 2
        spread = np.sqrt((square * counts).sum(axis=0) / known)
        # A constant feature says nothing: it stands at 0 for everybody.
        spread = np.where(spread > 1e-6 * np.maximum(np.abs(mean), 1e-30), spread, np.inf)
        return cls(
            names=tuple(map(str, encoded.columns)),
            mean=mean,
            spread=spread,
            categories={str(name): len(known) for name, known in categories.items()},
            gaps=tuple(missing.any(axis=0).tolist()),
        )

    @property
    def owners(self) -> NDArray[np.intp]:
        """Number of the feature that each column of the matrix belongs to."""
        owners: list[int] = []
        for number, name in enumerate(self.names):
            owners += [number] * (self.categories.get(name, 1) + self.gaps[number])
        return np.array(owners, dtype=np.intp)

    def matrix(self, encoded: pd.DataFrame) -> Array:
        """Matrix of shape (people, columns), without missing values."""
        columns: list[Array] = []
        for number, name in enumerate(self.names):
            values = encoded.iloc[:, number].to_numpy(dtype=np.float64)
            missing = np.isnan(values)
            if name in self.categories:
                codes = range(self.categories[name])
                columns += [(values == code).astype(np.float64) for code in codes]
            else:
                at = (values - self.mean[number]) / self.spread[number]
                columns.append(np.where(missing, 0.0, np.clip(at, -FARTHEST, FARTHEST)))
            if self.gaps[number]:
                columns.append(missing.astype(np.float64))
        return np.column_stack(columns)
