"""Who knows of a disclosure: news that spreads from friend to friend."""

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from credit_ml.core import InputError, Mask, Streams


def informed(ties: csr_array, *, seeds: float, rounds: int, chance: float, seed: int) -> Mask:
    """Who has heard after some rounds, when each informed friend tells with a chance.

    Seeds know first: each citizen with probability `seeds`. In each round whoever has not heard
    hears with probability ``1 - (1 - chance)^k`` from the k friends who had heard a round
    before; one who has told goes on telling. With no rounds only seeds know; with chance 1
    everybody within `rounds` ties of a seed does. The draws of a citizen are its own, so more
    rounds, more seeds or a larger chance never make anybody know less.

    Cost: one pass over the ties of the informed a round; it ends early when all have heard.

    Parameters
    ----------
    ties : csr_array of shape (citizens, citizens)
        Symmetric.
    seeds : float
        Share of citizens who know first, in [0, 1].
    rounds : int
        At least 0.
    chance : float
        In [0, 1].
    seed : int

    Raises
    ------
    InputError
        When a share or the number of rounds is out of range.

    References
    ----------
    Goldenberg, J., Libai, B. and Muller, E. (2001). Talk of the network. Marketing Letters 12,
    211-223. Bass, F. M. (1969). A new product growth for model consumer durables. Management
    Science 15, 215-227.

    Examples
    --------
    >>> line = csr_array(np.eye(4, k=1) + np.eye(4, k=-1))
    >>> bool(informed(line, seeds=1.0, rounds=0, chance=0.0, seed=0).all())
    True
    """
    for name, share in (("seeds", seeds), ("chance", chance)):
        if not 0 <= share <= 1:
            raise InputError(name, f"is {share:g}", "give a share between 0 and 1")
    InputError.unless_at_least(0, "rounds", rounds)
    streams, people = Streams(seed), ties.shape[0]
    knows: Mask = streams.generator("disclosure.adoption.seeds").random(people) < seeds
    key = np.uint64(streams.seed_for("disclosure.adoption.told"))
    for number in range(rounds):
        if knows.all() or not knows.any():
            break
        knows = _told(ties.indptr, ties.indices, knows, float(chance), key, number)
    return knows


@njit(cache=True, nogil=True)
def _bits(key, number, one, other):  # type: ignore[no-untyped-def]
    """64 random bits of a tie in one direction and a round: splitmix64."""
    state = key
    for word in (np.uint64(number), np.uint64(one), np.uint64(other)):
        state += word + np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state ^= state >> np.uint64(31)
    return state


@njit(cache=True, nogil=True)
def _told(indptr, indices, knows, chance, key, number):  # type: ignore[no-untyped-def]
    heard = knows.copy()
    for one in range(len(knows)):
        if knows[one]:
            for place in range(indptr[one], indptr[one + 1]):
                other = indices[place]
                if not heard[other]:
                    bits = _bits(key, number, one, other)
                    heard[other] = np.float64(bits >> np.uint64(11)) / 2.0**53 < chance
    return heard
