"""What a score is worth to people, and with how much noise and doubt they judge it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from credit_ml.core import Array, InputError, Rows

if TYPE_CHECKING:
    from credit_ml.response.aim import Aim

Link = Callable[[Array], Array]

#: Gains nearer than this count as equal, so that rounding breaks no tie.
TIE = 1e-12
#: Raw sums nearer than this to a threshold (relative above 1) are left to the model itself.
NEAR = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Objective:
    """Worth of a score: ``sum_p value_p [score >= threshold_p + margin]``, and how it is judged.

    With a spread, ``sum_p value_p Phi((score - threshold_p - margin) / spread)``. Doing nothing
    is judged without the margin, for what one has is certain.

    Examples
    --------
    >>> from credit_ml.response import Aim
    >>> car = Aim(id="car", name="car", threshold=650, value=0.01)
    >>> Objective.of([car], spread=50.0).worth(np.array([650.0])).tolist()
    [0.005]
    """

    thresholds: Array
    """Rising."""
    values: Array
    """Of each threshold."""
    steps: Array
    """Worth of having passed none, one, ..., all thresholds."""
    margin: float = 0.0
    spread: Array | None = None
    """Standard deviation of beliefs: one number, or one a person."""
    temperature: float = 0.0
    """Scale of the Gumbel noise added to every bundle's gain."""
    seed: int = 0

    @classmethod
    def of(
        cls,
        aims: "Sequence[Aim]",
        *,
        margin: float = 0.0,
        temperature: float = 0.0,
        seed: int = 0,
        spread: ArrayLike | None = None,
    ) -> "Objective":
        """Sort aims by threshold and check the rest.

        Parameters
        ----------
        aims : sequence of Aim
            Thresholds in the unit of the score, values in shares of own yearly income.
        margin : float
            How far beyond a threshold people want to be.
        temperature, seed
            Noise of the choice: ``temperature * Gumbel`` is added to every bundle's gain (logit
            choice), drawn from the seed, the person's row and the bundle alone.
        spread : array_like, optional
            Standard deviation of what people believe of their score, one number or one a person.

        Raises
        ------
        InputError
            When the temperature is below zero, or the spread is not above zero everywhere.

        Examples
        --------
        >>> from credit_ml.response import Aim
        >>> car = Aim(id="car", name="car", threshold=650, value=0.01)
        >>> Objective.of([car]).worth(np.array([600.0, 700.0])).tolist()
        [0.0, 0.01]
        """
        InputError.unless_at_least(0, "temperature", temperature)
        each = None if spread is None else np.asarray(spread, np.float64)
        if each is not None and not (each > 0).all():
            raise InputError("spread", "is not above zero everywhere", "leave it out for 0")
        ordered = sorted(aims, key=lambda aim: aim.threshold)
        values = np.array([aim.value for aim in ordered], dtype=np.float64)
        return cls(
            thresholds=np.array([aim.threshold for aim in ordered], dtype=np.float64),
            values=values,
            steps=np.concatenate([[0.0], np.cumsum(values)]),
            margin=margin,
            spread=each,
            temperature=temperature,
            seed=seed,
        )

    @classmethod
    def reaching(cls, threshold: float) -> "Objective":
        """Only passing counts: whoever stays below it would pay anything."""
        return cls(
            thresholds=np.array([threshold]), values=np.array([0.0]), steps=np.array([-np.inf, 0.0])
        )

    @property
    def top(self) -> float:
        """More than this no score is worth."""
        if self.spread is None:
            return float(self.steps.max())
        return float(np.maximum(self.values, 0).sum())

    def worth(self, scores: Array, *, margin: float = 0.0) -> Array:
        """Worth of one score a person."""
        thresholds = self.thresholds + margin
        if self.spread is None:
            worth: Array = self.steps[np.searchsorted(thresholds, scores, side="right")]
            return worth
        total = np.zeros(len(scores))
        for threshold, value in zip(thresholds, self.values, strict=True):
            total += value * ndtr((scores - threshold) / self.spread)
        return total

    def take(self, rows: Rows) -> "Objective":
        """Return the objective of some of the people."""
        if self.spread is None or not self.spread.ndim:
            return self
        return replace(self, spread=self.spread[rows])


def raw_thresholds(objective: Objective, link: Link | None) -> tuple[Array, Array]:
    """Raw sums below which each threshold is surely missed, and from which it is surely passed.

    The link rises, so a bisection finds where it reaches a threshold; between the two only the
    model's own score can tell, for a sum of rounded numbers may fall on either side.
    """
    thresholds = objective.thresholds + objective.margin
    if link is None:
        return thresholds, thresholds
    slack = NEAR * 1e-3 * np.maximum(1.0, np.abs(thresholds))
    low = np.array([_reached(link, threshold) for threshold in thresholds - slack])
    high = np.array([_reached(link, threshold) for threshold in thresholds + slack])
    return low - _near(low), high + _near(high)


def _near(raw: Array) -> Array:
    """Room for rounding around raw sums; none around those that are never reached."""
    return NEAR * np.maximum(1.0, np.abs(np.where(np.isfinite(raw), raw, 0.0)))


def _reached(link: Link, threshold: float) -> float:
    """Return the smallest raw sum whose score reaches a threshold; infinite when there is none."""

    def passes(raw: float) -> bool:
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            return bool(link(np.array([raw]))[0] >= threshold)

    low, high = -1.0, 1.0
    while passes(low) and low > -1e300:
        low *= 2.0
    while not passes(high) and high < 1e300:
        high *= 2.0
    if passes(low):
        return -np.inf
    if not passes(high):
        return np.inf
    while True:
        middle = low + (high - low) / 2
        if middle in (low, high):
            return high
        low, high = (low, middle) if passes(middle) else (middle, high)
