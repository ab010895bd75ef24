"""Numeric columns in standard units, and the best linear approximation of a score in them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from credit_ml.core.tables.arrays import Array


@dataclass(frozen=True, kw_only=True)
class StandardUnits:
    """Numeric columns in standard units; what is missing stands at the mean."""

    columns: tuple[str, ...]
    middle: Array
    scale: Array
    """Standard deviations, infinite for a column that is the same for everybody."""

    @classmethod
    def of(cls, X: pd.DataFrame) -> "StandardUnits":
        """Read the columns of a table that hold numbers."""
        columns = tuple(str(name) for name in X.columns if X[name].dtype.kind in "iufb")
        values = X[list(columns)].to_numpy(dtype=np.float64, na_value=np.nan)
        seen = np.isfinite(values)
        count = np.maximum(seen.sum(axis=0), 1)
        middle = np.where(seen, values, 0.0).sum(axis=0) / count
        spread = np.sqrt((np.where(seen, values - middle, 0.0) ** 2).sum(axis=0) / count)
        return cls(columns=columns, middle=middle, scale=np.where(spread > 1e-12, spread, np.inf))

    def __call__(self, X: pd.DataFrame) -> Array:
        """Return a table in standard units."""
        values = X[list(self.columns)].to_numpy(dtype=np.float64, na_value=np.nan)
        return np.nan_to_num((values - self.middle) / self.scale)


def best_linear(Z: Array, scores: Array) -> tuple[Array, float]:
    """Weights of the best linear approximation of scores, and its share of their variance.

    Of a linear score they are its own, and the share is 1.

    Examples
    --------
    >>> weights, share = best_linear(np.array([[0.0], [1.0], [2.0]]), np.array([5.0, 7.0, 9.0]))
    >>> weights.round(9).tolist(), round(share, 9)
    ([2.0], 1.0)
    """
    centred, moved = scores - scores.mean(), Z - Z.mean(axis=0)
    weights: Array = np.linalg.lstsq(moved, centred, rcond=1e-10)[0]
    left = centred - moved @ weights
    total = float(centred @ centred)
    return weights, 1.0 if total == 0 else 1 - float(left @ left) / total
