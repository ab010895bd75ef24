"""Quantiles of people's values: an interval of a share, read back on the values."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from credit_ml.inference.contributions import MISSING, UNBOUNDED, plain
from credit_ml.inference.estimate import Estimate
from credit_ml.inference.quantiles import Array, Ends, student, two_sided


@dataclass(frozen=True, eq=False, kw_only=True)
class Quantile(Estimate):
    """A quantile, with the interval of its ranks (`People.quantile` makes it)."""

    under: Estimate
    """Share of values up to it."""
    rising: Array
    """All values, rising."""
    shares: Array | None
    """Share of the weight at each; None when all have the same."""
    level: float
    """Which quantile."""

    def __getitem__(self, key: Any) -> Self:
        """Itself: it is one number."""
        return self

    def ends(self, level: float, *, clustered: bool) -> Ends:
        """Values at the ranks between which the quantile lies; NaN where there are too few."""
        left, right = _ranks(self.under, self.level, level, clustered=clustered)
        people = len(self.rising)
        if self.shares is not None:
            up, down = np.cumsum(self.shares), np.cumsum(self.shares[::-1])
            places = [
                int((part < share - 1e-9).sum()) for part, share in ((up, left), (down, right))
            ]
            low = self.rising[places[0]] if left > 0 else np.nan
            high = self.rising[::-1][places[1]] if right > 0 else np.nan
            return np.asarray(low), np.asarray(high)
        low = self.rising[int(left * people + 1e-9) - 1] if left > 0 else np.nan
        high = self.rising[people - int(right * people + 1e-9)] if right > 0 else np.nan
        return np.asarray(low), np.asarray(high)


def weighted_quantile(values: Array, share: float, weights: Array | None) -> float:
    """Quantile of values, each of a person of one weight or several of each person's; or NaN.

    Examples
    --------
    >>> weighted_quantile(np.array([1.0, 2.0, 5.0]), 0.5, np.array([1.0, 1.0, 3.0]))
    5.0
    """
    if not values.size or np.isnan(values).any():
        return float("nan")
    if weights is None:
        return float(np.quantile(values, share))
    own = np.broadcast_to(weights.reshape(len(values), *(1,) * (values.ndim - 1)), values.shape)
    return float(np.quantile(values.ravel(), share, weights=own.ravel(), method="inverted_cdf"))


def quantile_of(
    under: Estimate, value: float, found: Array, share: float, weights: Array | None
) -> Estimate:
    """Quantile from the share of values up to it, and from all values with people's weights.

    What people add to its error is what they add to the share, times the slope of the quantile
    that the 95 % interval of the share shows.
    """
    order = np.argsort(found, axis=None, kind="stable")
    rising, shares = found.ravel()[order], None
    if weights is not None:
        own = np.repeat(weights, found.size // max(len(found), 1))[order]
        shares = own / own.sum()
    values = plain(under) | {"value": np.asarray(value), "bounds": UNBOUNDED}
    if np.isnan(value):
        why = under.reason if not len(rising) else MISSING
        return Estimate(**values | {"family": "mean", "reason": why})
    low, high = under.ends(0.95, clustered=False)
    around = np.clip(np.array([low, high]) + share - float(under.value), 0.0, 1.0)
    left, right = (weighted_quantile(rising, float(each), shares) for each in around)
    slope = float((right - left) / (high - low)) if high > low else 0.0
    values |= {"influence": -slope * values["influence"], "variance": slope**2 * under.variance}
    if under.left_out is not None and under.cluster_variance is not None:
        values |= {
            "left_out": -slope * under.left_out,
            "cluster_variance": slope**2 * under.cluster_variance,
        }
    return Quantile(**values, under=under, rising=rising, shares=shares, level=share)


def _ranks(under: Estimate, share: float, level: float, *, clustered: bool) -> tuple[float, float]:
    """Ranks of both ends, from below and from above, as shares of the people; 0 for none.

    At most ``(1 - level) / 2`` of samples have fewer below the quantile than the lower rank, by
    the binomial distribution: of as many independent people as the share's variance is worth.
    """
    from scipy import stats

    spread = float(under.value * (1 - under.value))
    variance = float(under.spread(clustered=clustered))
    worth = spread / variance if spread > 0 and variance > 0 else float(under.worth)
    number = int(worth + 1e-9)
    tail = float(two_sided(student(level, under.free(clustered=clustered)))) / 2
    if number < 1:
        return 0.0, 0.0
    below, most = stats.binom.ppf([tail, 1 - tail], number, share)
    return float(below / number), float((number - most) / number)
