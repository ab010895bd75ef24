"""Whose twins are made for the true decompositions, and how many."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from credit_ml.core import Streams
from credit_ml.core.tables.arrays import Mask, Rows


@dataclass(frozen=True, kw_only=True)
class Twins:
    """Options of `true_decomposition` and `flow_decomposition`.

    Examples
    --------
    >>> Twins(people=1000).others
    'held'
    """

    others: Literal["held", "everyone"] = "held"
    """Whether friends and neighbours stay as they are (see `Society.twin`)."""
    people: int | None = None
    """Members of a group that are followed, a random sample; None for all."""
    seed: int = 0
    """Of the sample, and of the orders in which mechanisms are switched on."""

    def members(self, inside: Mask, stream: str) -> Rows:
        """Places of those who are followed."""
        rows = np.flatnonzero(inside)
        if self.people is None or self.people >= len(rows):
            return rows
        generator = Streams(self.seed).generator(stream)
        return np.sort(generator.choice(rows, self.people, replace=False))
