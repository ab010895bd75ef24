"""How far people's means take them up a linear score, as a function of its weights."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from credit_ml.strategic.arrays import Array
from credit_ml.strategic.performative.responses import CostKind, check_prices

#: Power of the smooth maximum that stands for the largest of weight over price.
_POWER = 16.0
#: Weights below this count as none, so that the reach is smooth at 0.
_TINY = 1e-9


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The most that a person of means m rises under weights w, for costs as in `CrossThreshold`.

        sqrt(value m sum_j w_j**2 / price_j)    or    value m max_j |w_j| / price_j

    It is ``scales(m) * size(w)``; 0 is nobody moving: no value, or weights only on columns
    without a price.
    """

    prices: Array
    """One a column; infinite where it cannot be moved."""
    cost: CostKind
    value: float

    @classmethod
    def of(
        cls, prices: Mapping[str, float], columns: list[str], *, cost: CostKind, value: float
    ) -> "Reach":
        """Make it of the prices of some columns."""
        check_prices(prices, cost, value)
        each = np.array([prices.get(name, np.inf) for name in columns], dtype=np.float64)
        return cls(prices=each, cost=cost, value=value)

    def scales(self, means: Array) -> Array:
        """What multiplies the size of the weights for each person; shape (people,)."""
        paid = self.value * means
        return np.sqrt(paid) if self.cost == "quadratic" else paid

    def size(self, weights: Array) -> tuple[float, Array]:
        """Size of the weights in the norm dual to the cost, smoothed, and its derivative.

        For a linear cost the maximum becomes a power mean of power 16, which exceeds it by a
        share of at most ``columns**(1/16) - 1``.
        """
        if not np.isfinite(self.prices).any():
            return 0.0, np.zeros(len(weights))
        if self.cost == "quadratic":
            size = float(np.sqrt((weights**2 / self.prices).sum() + _TINY**2))
            return size - _TINY, weights / self.prices / size
        rounded = np.sqrt(weights**2 + _TINY**2)
        each = rounded / self.prices
        top = float(each.max())
        size = top * float(((each / top) ** _POWER).sum()) ** (1 / _POWER)
        return size, (each / size) ** (_POWER - 1) * weights / rounded / self.prices
