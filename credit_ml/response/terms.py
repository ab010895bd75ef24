"""What a score is worth, and with how much noise and doubt it is judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from credit_ml.core import InputError

if TYPE_CHECKING:
    from credit_ml.response.aim import Aim

Array = NDArray[np.float64]
Link = Callable[[Array], Array]

#: Gains nearer than this count as equal, so that rounding breaks no tie.
TIE = 1e-12
#: Raw sums nearer than this to a line (relative above 1) are left to the model itself.
NEAR = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Terms:
    """Worth of a score: ``sum_p value_p [score >= threshold_p + margin]``, and how it is judged.

    With a spread, ``sum_p value_p Phi((score - threshold_p - margin) / spread)``. Doing nothing
    is judged without the margin, for what one has is certain.
    """

    thresholds: Array
    """Rising."""
    values: Array
    """Of each threshold."""
    steps: Array
    """Worth of having passed none, one, ..., all thresholds."""
    margin: float = 0.0
    spread: Array | None = None
    """Standard deviation of each person's belief."""
    temperature: float = 0.0
    """Scale of the Gumbel noise added to every bundle's gain."""
    seed: int = 0

    @classmethod
    def of(
        cls, aims: "Sequence[Aim]", *, people: int, margin: float = 0.0, temperature: float = 0.0,
        seed: int = 0, spread: ArrayLike | None = None,
    ) -> "Terms":  # fmt: skip
        """Sort aims by threshold and check the rest.

        Raises
        ------
        InputError
            When the temperature is below zero, or the spread is not above zero everywhere.
        """
        if not temperature >= 0:
            raise InputError("temperature", f"is {temperature!r}", "give at least 0")
        each = None
        if spread is not None:
            each = np.broadcast_to(np.asarray(spread, np.float64), (people,)).copy()
            if not (each > 0).all():
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
    def line(cls, threshold: float) -> "Terms":
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
        lines = self.thresholds + margin
        if self.spread is None:
            worth: Array = self.steps[np.searchsorted(lines, scores, side="right")]
            return worth
        total = np.zeros(len(scores))
        for line, value in zip(lines, self.values, strict=True):
            total += value * ndtr((scores - line) / self.spread)
        return total

    def take(self, rows: NDArray[np.intp]) -> "Terms":
        """Return the terms of some of the people."""
        if self.spread is None:
            return self
        return Terms(
            thresholds=self.thresholds, values=self.values, steps=self.steps, margin=self.margin,
            spread=self.spread[rows], temperature=self.temperature, seed=self.seed,
        )  # fmt: skip


def raw_lines(terms: Terms, link: Link | None) -> tuple[Array, Array]:
    """Raw sums below which each threshold is surely missed, and from which it is surely passed.

    The link rises, so a bisection finds where it reaches a threshold; between the two only the
    model's own score can tell, for a sum of rounded numbers may fall on either side.
    """
    lines = terms.thresholds + terms.margin
    if link is None:
        return lines, lines
    slack = NEAR * 1e-3 * np.maximum(1.0, np.abs(lines))
    low = np.array([_reached(link, line) for line in lines - slack])
    high = np.array([_reached(link, line) for line in lines + slack])
    return low - _near(low), high + _near(high)


def _near(raw: Array) -> Array:
    """Room for rounding around raw sums; none around those that are never reached."""
    return NEAR * np.maximum(1.0, np.abs(np.where(np.isfinite(raw), raw, 0.0)))


def _reached(link: Link, line: float) -> float:
    """Return the smallest raw sum whose score is at least a line; infinite when there is none."""

    def passes(raw: float) -> bool:
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            return bool(link(np.array([raw]))[0] >= line)

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
