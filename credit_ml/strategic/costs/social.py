"""Costs that count in other people: ties cut or added, and people overtaken."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from credit_ml.core import Array, MenuError
from credit_ml.strategic.arrays import number, numbers
from credit_ml.strategic.costs.forms import OneSided, change, prices


@dataclass(frozen=True, kw_only=True, eq=False)
class PerTie:
    """Each tie cut or added has a price; nothing else can move.

    Columns hold ties, as 0 and 1 or as counts (of which the net change is priced, so that a
    friend exchanged for another is free unless each tie has a column of its own).

    References
    ----------
    Wei, Y., Yildirim, P., Van den Bulte, C. and Dellarocas, C. (2016). Credit scoring with
    social network data. Marketing Science 35(2).

    Examples
    --------
    >>> cost = PerTie(cut=0.02, add=0.01, columns=[1])
    >>> before = np.array([[5.0, 3.0], [5.0, 3.0], [5.0, 3.0]])
    >>> cost.of(before, np.array([[5.0, 1.0], [5.0, 4.0], [6.0, 3.0]])).tolist()
    [0.04, 0.01, inf]
    """

    cut: float
    add: float
    columns: tuple[int, ...] | list[int] | None = None
    """Numbers of the columns that hold ties; all by default."""

    def __post_init__(self) -> None:
        prices("cost.cut", self.cut, ())
        prices("cost.add", self.add, ())
        if self.columns is not None and not all(column >= 0 for column in self.columns):
            raise MenuError("cost.columns", "are below 0", "count columns from 0")

    def one_sided(self, features: int) -> OneSided:
        """Return the same prices as a one-sided cost of so many features."""
        columns = list(range(features) if self.columns is None else self.columns)
        if columns and max(columns) >= features:
            raise MenuError("cost.columns", f"reach {max(columns)}", f"give below {features}")
        up, down = np.full(features, np.inf), np.full(features, np.inf)
        up[columns], down[columns] = self.add, self.cut
        return OneSided(up=up, down=down)

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person."""
        return self.one_sided(np.shape(before)[1]).of(before, after)


@dataclass(frozen=True, kw_only=True, eq=False)
class PercentileShift:
    """What counts is how many people one overtakes, by a reference population's distributions.

    With Q_j(x) = #(reference_j <= x) / (n + 1), so that nobody is beyond everybody:
    "largest" is ``max_j |Q_j(x'_j) - Q_j(x_j)|``, "total_log" is
    ``sum_j |log((1 - Q_j(x'_j)) / (1 - Q_j(x_j)))|``, for which the last percentiles are the
    dearest (the paper's form for rises, with the sign turned so that a cost is positive).

    References
    ----------
    Ustun, B., Spangher, A. and Liu, Y. (2019). Actionable recourse in linear classification.
    FAT*.

    Examples
    --------
    >>> cost = PercentileShift(reference=np.arange(9.0)[:, None])
    >>> cost.of(np.array([[3.5]]), np.array([[5.5]])).round(3).tolist()
    [0.2]
    """

    reference: npt.ArrayLike
    """Features of the reference population, people x features."""
    form: Literal["largest", "total_log"] = "largest"
    scale: float = 1.0
    """Share of income that a shift of 1 costs."""

    def __post_init__(self) -> None:
        shape = ("people", "features")
        known = numbers("cost.reference", self.reference, shape, finite=False, error=MenuError)
        if self.form not in ("largest", "total_log"):
            raise MenuError("cost.form", f"is '{self.form}'", "give 'largest' or 'total_log'")
        number("cost.scale", self.scale, error=MenuError)
        object.__setattr__(self, "reference", np.sort(known, axis=0))

    def percentiles(self, X: Array) -> Array:
        """Share of the reference population at or below each value, people x features."""
        reference = np.asarray(self.reference)
        ranks = [
            np.searchsorted(column, values, side="right")
            for column, values in zip(reference.T, np.asarray(X).T, strict=True)
        ]
        return np.column_stack(ranks) / (len(reference) + 1)

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person."""
        change(before, after, np.shape(self.reference)[1])
        now, then = self.percentiles(before), self.percentiles(after)
        if self.form == "largest":
            return self.scale * np.asarray(np.abs(then - now).max(axis=1))
        return self.scale * np.asarray(np.abs(np.log1p(-then) - np.log1p(-now)).sum(axis=1))
