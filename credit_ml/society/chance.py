"""Counts by inverse distribution functions, so that a twin meets exactly the same chance.

A generator's own Poisson draw consumes a number of variates that depends on the rate; one
uniform per count does not, and makes the twin's count rise with the twin's rate.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def poisson_count(uniform: Array, rate: Array, *, most: int = 200) -> NDArray[np.int16]:
    """Smallest k with ``P(Poisson(rate) <= k) >= uniform``, at most `most`.

    Cost: one pass over citizens for each value up to the largest count.

    Examples
    --------
    >>> poisson_count(np.array([0.1, 0.5, 0.99]), np.array([1.0, 1.0, 1.0])).tolist()
    [0, 1, 4]
    """
    probability = np.exp(-rate)
    cumulative = probability.copy()
    count = np.zeros(len(uniform), dtype=np.int16)
    open_rows = np.flatnonzero(uniform > cumulative)
    for value in range(1, most + 1):
        if not len(open_rows):
            break
        probability[open_rows] *= rate[open_rows] / value
        cumulative[open_rows] += probability[open_rows]
        count[open_rows] = value
        open_rows = open_rows[uniform[open_rows] > cumulative[open_rows]]
    return count


def logistic(log_odds: Array) -> Array:
    """Probability of a log-odds: ``1 / (1 + exp(-x))``."""
    return 1.0 / (1.0 + np.exp(-log_odds))
