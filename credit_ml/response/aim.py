"""What people want: something granted from a score on, and what they would give for it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from credit_ml.core.tables.arrays import Array


@dataclass(frozen=True, kw_only=True)
class Aim:
    """Something granted from a threshold on, and what people would give for it.

    Examples
    --------
    >>> Aim(id="car", name="a car without a deposit", threshold=650, value=0.02).threshold
    650
    """

    id: str
    name: str
    threshold: float
    """In the unit of the score."""
    value: float
    """Share of own yearly income."""


def worth(scores: Array, aims: Sequence[Aim], *, margin: float = 0.0) -> Array:
    """Value of everything granted at some scores: ``sum_p value_p [score >= threshold_p]``."""
    total = np.zeros(scores.shape)
    for aim in aims:
        total += aim.value * (scores >= aim.threshold + margin)
    return total
