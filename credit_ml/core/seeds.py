"""Chance as a pure function of (seed, mechanism, block)."""

import hashlib

import numpy as np

from credit_ml.core.errors import CreditMLError, InputError

#: Citizens in one block. Part of what a seed means: changing it changes every society.
BLOCK = 16_384


class StreamReusedError(CreditMLError):
    """One stream was asked for twice, which would correlate two draws perfectly."""


def checked_seed(seed: int, *, place: str = "seed") -> int:
    """Return `seed` when it is a non-negative integer.

    Raises
    ------
    InputError
        When it is anything else; a missing seed is never replaced by the clock.

    Examples
    --------
    >>> checked_seed(7)
    7
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise InputError(place, f"is {seed!r}", "give an integer of at least 0")
    return int(seed)


class Streams:
    """Named random streams that depend on nothing but their names and one seed.

    ``SeedSequence(seed, spawn_key=(mechanism, block))``: so a society is the same whatever
    the number of workers, a change to one mechanism leaves the noise of every other alone,
    and a counterfactual twin meets exactly the same chance events.

    Parameters
    ----------
    seed : int
        At least 0.

    Raises
    ------
    StreamReusedError
        From `generator`, when one object is asked twice for the same stream.

    References
    ----------
    O'Neill, M. E. (2014). PCG: a family of simple fast space-efficient statistically good
    algorithms for random number generation. Harvey Mudd College HMC-CS-2014-0905.

    Examples
    --------
    >>> first = Streams(7).generator("capacity").random()
    >>> first == Streams(7).generator("capacity").random()
    True
    """

    def __init__(self, seed: int) -> None:
        self.seed = checked_seed(seed)
        self._taken: set[tuple[str, int]] = set()

    def generator(self, mechanism: str, block: int = 0) -> np.random.Generator:
        """Return the stream of one mechanism on one block of citizens.

        Parameters
        ----------
        mechanism : str
            The stream's name, such as ``"capacity"``.
        block : int
            Number of the block, from 0.
        """
        key = (mechanism, block)
        if key in self._taken:
            raise StreamReusedError(f"stream {mechanism!r}, block {block} was already drawn from")
        self._taken.add(key)
        sequence = np.random.SeedSequence(self.seed, spawn_key=(_number(mechanism), block))
        return np.random.Generator(np.random.PCG64(sequence))

    def seed_for(self, mechanism: str, block: int = 0) -> int:
        """Return a 32-bit seed for a library that takes only an integer."""
        return int(self.generator(mechanism, block).integers(2**32))


def _number(mechanism: str) -> int:
    # The built-in hash of a string differs between processes; this one never does.
    return int.from_bytes(hashlib.sha256(mechanism.encode()).digest()[:4], "big")
