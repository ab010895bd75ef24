"""Chance: the noise of every mechanism on a block, and counts that a twin meets unchanged.

Every draw is laid out beforehand (`NOISE`), whatever the values of the knobs, so that a change
to one mechanism leaves the noise of every other alone and a twin meets exactly the same chance.
"""

from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import expit, ndtri

from credit_ml.core import Streams
from credit_ml.society.arrays import Array, Flags, Ints

#: Rows of standard normals and of uniforms that each mechanism draws for a block of citizens,
#: from the streams ``NAME.normal`` and ``NAME.uniform``.
NOISE: dict[str, tuple[int, int]] = {
    "population": (1, 6),
    "place": (1, 0),
    "address": (3, 0),
    "capacity": (5, 0),
    "history": (3, 3),
    "civic": (0, 2),
    "behaviour": (4, 5),
    "ratings": (3, 3),
    "platforms": (2, 14),
    "identity": (0, 1),
    "household": (0, 5),
    "ties": (1, 4),
    "outcome": (0, 4),
}


class Noise:
    """Everything that happens to one block of citizens by chance.

    Parameters
    ----------
    seed : int
        Of the world.
    block : int
        Number of the block; it holds citizens ``block * BLOCK`` to ``block * BLOCK + size - 1``.
    size : int
        Citizens in it.
    only : tuple of str, optional
        Mechanisms to draw for; all by default.
    """

    def __init__(
        self, seed: int, block: int, size: int, only: tuple[str, ...] = tuple(NOISE)
    ) -> None:
        streams = Streams(seed)
        self.normal: dict[str, Array] = {}
        self.uniform: dict[str, Array] = {}
        for name in only:
            normals, uniforms = NOISE[name]
            if normals:
                generator = streams.generator(f"{name}.normal", block)
                self.normal[name] = generator.standard_normal((normals, size))
            if uniforms:
                generator = streams.generator(f"{name}.uniform", block)
                self.uniform[name] = generator.random((uniforms, size))

    def keep(self, rows: NDArray[np.integer]) -> None:
        """Leave some citizens of the block alone in it, by their places."""
        for drawn in (self.normal, self.uniform):
            for name, values in drawn.items():
                drawn[name] = values[:, rows]


def poisson_count(uniform: Array, rate: Array | float, *, most: int = 200) -> Ints:
    """Smallest k with ``P(Poisson(rate) <= k) >= uniform``, at most `most`.

    By inverse distribution function: a generator's own Poisson draw consumes a number of
    variates that depends on the rate; one uniform per count does not, and makes the twin's
    count rise with the twin's rate.

    Cost: one multiplication for each unit of the count.

    Examples
    --------
    >>> poisson_count(np.array([0.1, 0.5, 0.99]), 1.0).tolist()
    [0, 1, 4]
    """
    if np.ndim(rate) == 0:
        return _counts_at_one_rate(uniform, float(rate), most)  # type: ignore[no-any-return]
    rates = np.asarray(rate, dtype=np.float64)
    return _counts(uniform, rates, np.exp(-rates), most)  # type: ignore[no-any-return]


@njit(cache=True, nogil=True)
def _counts(uniform, rate, none, most):  # type: ignore[no-untyped-def]
    inverse = 1.0 / np.arange(1, most + 1)
    found = np.empty(len(uniform), dtype=np.int32)
    for i in range(len(uniform)):
        probability = none[i]
        cumulative = probability
        count = 0
        while uniform[i] > cumulative and count < most:
            probability *= rate[i] * inverse[count]
            cumulative += probability
            count += 1
        found[i] = count
    return found


@njit(cache=True, nogil=True)
def _counts_at_one_rate(uniform, rate, most):  # type: ignore[no-untyped-def]
    cumulative = np.empty(most + 1)
    probability = np.exp(-rate)
    cumulative[0] = probability
    for count in range(1, most + 1):
        probability *= rate * (1.0 / count)
        cumulative[count] = cumulative[count - 1] + probability
    cumulative[most] = 1.0
    middle = min(int(rate), most)
    found = np.empty(len(uniform), dtype=np.int32)
    for i in range(len(uniform)):
        count = middle
        while count > 0 and uniform[i] <= cumulative[count - 1]:
            count -= 1
        while uniform[i] > cumulative[count]:
            count += 1
        found[i] = count
    return found


def logistic(log_odds: Array) -> Array:
    """Probability of a log-odds: ``1 / (1 + exp(-x))``."""
    probability: Array = expit(log_odds)
    return probability


def happens(uniform: Array, odds: float, shift: Array) -> Flags:
    """Whether a uniform falls below ``logistic(odds + shift)``."""
    event: Flags = uniform * (1.0 + np.exp(-odds) * np.exp(-shift)) < 1.0
    return event


def log_odds(probability: float) -> float:
    """Log-odds of a probability, of 0 and 1 as well (-40 and 40)."""
    if not 0 < probability < 1:
        return -40.0 if probability <= 0 else 40.0
    inside = max(probability, 1e-17)
    return float(np.log(inside) - np.log1p(-inside))


@lru_cache(maxsize=64)
def normal_cuts(shares: tuple[float, ...]) -> Array:
    """Cut points of a standard normal between classes of the given shares."""
    cuts: Array = ndtri(np.cumsum(shares)[:-1])
    return cuts
