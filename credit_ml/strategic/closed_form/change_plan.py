"""What people want of a linear score, and the changes that bring it."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg.blas import dgemm

from credit_ml.core.tables.arrays import Array, Mask

EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, kw_only=True)
class LeastChange:
    """What people want: to lift the score that they believe in, within their bounds."""

    weights: Array
    """Believed, one row for everybody or one row a person."""
    need: Array
    """Points still missing, above 0."""
    slack: Array
    """What rounding may leave missing."""
    below: Array | None
    """Room below each value, people x features; None for no bounds."""
    above: Array | None

    @property
    def bounded(self) -> bool:
        """Whether any bound is given."""
        return self.below is not None or self.above is not None


@dataclass(frozen=True, kw_only=True)
class ChangePlan:
    """The cheapest changes, and what they cost.

    With weights that all share, changes are steps @ directions, which takes a number a person
    instead of a row.
    """

    cost: Array
    steps: Array | None = None
    directions: Array | None = None
    rows: Array | None = None

    def add(self, X: Array, chosen: Mask, out: Array) -> None:
        """Write X plus the changes of those who are chosen, into whole rows."""
        np.copyto(out, X)
        if self.rows is not None:
            out += self.rows * chosen[:, None]
        elif self.steps is not None and self.directions is not None and out.size:
            steps = self.steps * chosen[:, None]
            # In one pass; numpy would need another for the sum.
            dgemm(1.0, self.directions.T, steps.T, beta=1.0, c=out.T, overwrite_c=True)
