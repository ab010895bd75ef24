"""From log-odds to the points a rater shows, and exactly back."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

from credit_ml.core import ModelError, TableError
from credit_ml.scoring.parameters import check_positive

#: Nearest that a share of a range comes to 0 or 1; beyond it float64 cannot tell from the end.
_EDGE = 2.0**-53


class Scale(Protocol):
    """A rising map from log-odds to points, with its inverse.

    Examples
    --------
    >>> scale: Scale = PointsToDoubleOdds(base_points=600, base_odds=1, points_to_double=20)
    >>> scale.affine, float(scale.points(0.0))
    (True, 600.0)
    """

    @property
    def affine(self) -> bool:
        """Whether points are a constant plus a multiple of log-odds, so that terms add up."""

    @property
    def low(self) -> float:
        """Fewest points the scale can show; minus infinity when unbounded."""

    @property
    def high(self) -> float:
        """Most points the scale can show; infinity when unbounded."""

    def points(self, log_odds: ArrayLike) -> NDArray[np.float64]:
        """Points that show these log-odds of the favourable outcome."""

    def log_odds(self, points: ArrayLike) -> NDArray[np.float64]:
        """Log-odds that these points show."""


@dataclass(frozen=True, kw_only=True)
class PointsToDoubleOdds:
    """``points = base_points + points_to_double * log2(odds / base_odds)``; unbounded, affine.

    Raises
    ------
    ModelError
        When odds or points to double are not above 0.

    References
    ----------
    Siddiqi, N. (2006). Credit risk scorecards. Wiley, chapter 6.

    Examples
    --------
    >>> scale = PointsToDoubleOdds(base_points=600, base_odds=30, points_to_double=20)
    >>> scale.points(np.log([30, 60, 15])).round(6).tolist()
    [600.0, 620.0, 580.0]
    """

    base_points: float
    """Points at `base_odds`."""
    base_odds: float
    """Odds of keeping, kept to not kept, that `base_points` show; above 0."""
    points_to_double: float
    """Points that double the odds; above 0."""

    affine: ClassVar[bool] = True
    low: ClassVar[float] = -np.inf
    high: ClassVar[float] = np.inf

    def __post_init__(self) -> None:
        check_positive(self, "base_odds", "points_to_double")

    @property
    def slope(self) -> float:
        """Points per unit of log-odds."""
        return float(self.points_to_double / np.log(2.0))

    def points(self, log_odds: ArrayLike) -> NDArray[np.float64]:
        """Points that show these log-odds of the favourable outcome."""
        evidence = np.asarray(log_odds, dtype="float64") - np.log(self.base_odds)
        return np.asarray(self.base_points + self.slope * evidence)

    def log_odds(self, points: ArrayLike) -> NDArray[np.float64]:
        """Log-odds that these points show."""
        gained = np.asarray(points, dtype="float64") - self.base_points
        return np.asarray(np.log(self.base_odds) + gained / self.slope)


@dataclass(frozen=True, kw_only=True)
class RangeScale:
    """``points = low + (high - low) * expit((log-odds - log(centre_odds)) / spread)``.

    Points stay between `low` and `high`, and half-way between them at `centre_odds`. The
    inverse is exact to rounding where the range is not saturated; at its very ends it returns
    the largest log-odds that still differ from the end, not infinity.

    Raises
    ------
    ModelError
        When the range is empty, or odds or spread are not above 0.
    TableError
        From `log_odds`, when points lie outside the range.

    Examples
    --------
    >>> scale = RangeScale(low=350, high=950, centre_odds=6, spread=1.2)
    >>> scale.points(np.log([6, 60])).round(1).tolist()
    [650.0, 873.2]
    """

    low: float
    """Points that nobody falls below."""
    high: float
    """Points that nobody passes."""
    centre_odds: float
    """Odds of keeping in the middle of the range; above 0."""
    spread: float
    """Log-odds that take a person from the middle to 73 % of the range; above 0."""

    affine: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_positive(self, "centre_odds", "spread")
        problem = f"has range {self.low} to {self.high}"
        ModelError.unless(self.low < self.high, "RangeScale", problem, "give low below high")

    def points(self, log_odds: ArrayLike) -> NDArray[np.float64]:
        """Points that show these log-odds of the favourable outcome."""
        evidence = np.asarray(log_odds, dtype="float64") - np.log(self.centre_odds)
        return np.asarray(self.low + (self.high - self.low) * expit(evidence / self.spread))

    def log_odds(self, points: ArrayLike) -> NDArray[np.float64]:
        """Log-odds that these points show."""
        given = np.asarray(points, dtype="float64")
        outside = given[(given < self.low) | (given > self.high)]
        if outside.size:
            problem = f"{float(outside.flat[0]):g} is outside {self.low:g} to {self.high:g}"
            raise TableError("points", problem, "give points on the scale")
        share = np.clip((given - self.low) / (self.high - self.low), _EDGE, 1.0 - _EDGE)
        return np.asarray(np.log(self.centre_odds) + self.spread * logit(share))
