"""From one agency's points to another's: the points that as many people reach."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from credit_ml.core import Array, ModelError


@dataclass(frozen=True)
class PercentileLink:
    """Equipercentile linking: points of one scale to the points of equal rank on another.

    Both scales are known by the points of the same population. The link rises, and linking back
    returns what one started from where no two people tie.

    Examples
    --------
    >>> link = PercentileLink.of([350, 650, 950], [60, 100, 140])
    >>> link([650.0]).tolist()
    [100.0]
    """

    source: Array
    """Rising points of the population on the scale one comes from."""
    target: Array
    """Rising points of the population on the other scale."""

    @classmethod
    def of(cls, source: ArrayLike, target: ArrayLike) -> Self:
        """Learn the link from a population that both agencies scored.

        Raises
        ------
        ModelError
            When a population is empty or holds a missing value.

        Examples
        --------
        >>> link = PercentileLink.of([350, 650, 950], [60, 100, 140])
        >>> link([650.0, 800.0]).tolist()
        [100.0, 120.0]
        """
        found = []
        for name, points in (("source", source), ("target", target)):
            values = np.sort(np.asarray(points, dtype=np.float64))
            if not len(values) or np.isnan(values).any():
                raise ModelError(name, "has nobody or a missing score", "give everybody's points")
            found.append(values)
        return cls(*found)

    def __call__(self, points: ArrayLike) -> Array:
        """Points of equal rank on the other scale, linear between the population's points."""
        return np.asarray(np.interp(self.rank(points), _places(len(self.target)), self.target))

    def rank(self, points: ArrayLike) -> Array:
        """Share of the population below, half of those at the same points; 0 to 1 (S7, S23)."""
        values = np.asarray(points, dtype=np.float64)
        at, first = np.unique(self.source, return_index=True)
        count = np.append(first[1:], len(self.source)) - first
        middle = _places(len(self.source))[first] + (count - 1) / 2 / max(len(self.source) - 1, 1)
        return np.asarray(np.interp(values, at, middle))

    def back(self) -> "PercentileLink":
        """Return the link in the other direction."""
        return PercentileLink(self.target, self.source)


def _places(people: int) -> Array:
    return np.linspace(0.0, 1.0, people) if people > 1 else np.array([0.5])
