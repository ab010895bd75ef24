"""Quantiles of people's values: an interval of a share, read back on the values."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from credit_ml.inference.contributions import plain
from credit_ml.inference.estimate import Estimate
from credit_ml.inference.quantiles import Array, Ends


@dataclass(frozen=True, eq=False, kw_only=True)
class Quantile(Estimate):
    """A quantile, with Woodruff's interval (`People.quantile` makes it)."""

    under: Estimate
    """Share of values up to it."""
    rising: Array
    level: float
    """Which quantile."""

    def __getitem__(self, key: Any) -> Self:
        """Itself: it is one number."""
        return self

    def ends(self, level: float, *, clustered: bool) -> Ends:
        """Ends of the share below, as values."""
        low, high = self.under.ends(level, clustered=clustered)
        shift = self.level - float(self.under.value)
        left, right = np.quantile(
            self.rising, np.clip([float(low) + shift, float(high) + shift], 0.0, 1.0)
        )
        return np.asarray(left), np.asarray(right)


def quantile_of(under: Estimate, value: float, rising: Array, share: float) -> Estimate:
    """Quantile from the share of values up to it, and from all values, rising.

    What people add to its error is what they add to the share, times the slope of the quantile
    that the 95 % interval of the share shows.
    """
    values = plain(under)
    if not len(rising) or np.isnan(under.value):
        return Estimate(**values | {"value": np.asarray(np.nan), "family": "mean"})
    bare = Quantile(**values, under=under, rising=rising, level=share)
    (low, high), (left, right) = (each.ends(0.95, clustered=False) for each in (under, bare))
    slope = float((right - left) / (high - low)) if high > low else 0.0
    values |= {"value": np.asarray(value), "bounds": (float(rising[0]), float(rising[-1]))}
    values |= {"influence": -slope * values["influence"], "variance": slope**2 * under.variance}
    if under.left_out is not None and under.cluster_variance is not None:
        values |= {
            "left_out": -slope * under.left_out,
            "cluster_variance": slope**2 * under.cluster_variance,
        }
    return Quantile(**values, under=under, rising=rising, level=share)
