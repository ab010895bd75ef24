"""From values to the terms of their bins, added up for a million people in a breath."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from credit_ml.scoring.binning.bins import Bins

#: People whose sums stay in the processor's nearest memory while features pass by.
BLOCK = 1 << 14


class Ladder(NamedTuple):
    """One feature's bins and terms, as the kernel reads them."""

    cuts: NDArray[np.float32]
    """Smallest float32 that is in each bin but the first; empty for a category."""
    bin_of_code: NDArray[np.int32]
    """Bin of each category; empty for a number."""
    terms: NDArray[np.float64]
    """Term of each bin, the one for missing values last."""

    @classmethod
    def of(cls, bins: Bins, terms: NDArray[np.float64]) -> "Ladder":
        """Turn cuts into float32 without moving anybody to another bin."""
        cuts = np.asarray(bins.cuts, dtype="float64")
        near = cuts.astype("float32")
        # A float32 reaches a cut exactly when it reaches the first float32 not below the cut.
        low = near.astype("float64") < cuts
        near[low] = np.nextafter(near[low], np.float32(np.inf))
        return cls(near, np.asarray(bins.bin_of_code, dtype="int32"), np.asarray(terms))


def summed(
    columns: Sequence[NDArray[np.float32]], ladders: Sequence[Ladder], *, start: float
) -> NDArray[np.float64]:
    """Sum of every feature's term, for each person, and `start`; shape (people,).

    Features are added in their order, so that the sum is the same bit for bit as adding whole
    columns.

    Cost: about a nanosecond a value and cut, one thread.

    Examples
    --------
    >>> bins = Bins.at([1.0, 3.0])
    >>> ladder = Ladder.of(bins, np.array([10.0, 20.0, 30.0, 0.5]))
    >>> summed([np.array([0, 1, 5, np.nan], dtype="float32")], [ladder], start=1.0)
    array([11. , 21. , 31. ,  1.5])
    """
    people = len(columns[0])
    total = np.full(people, start)
    place = np.empty(min(BLOCK, people), dtype=np.int32)
    for first in range(0, people, BLOCK):
        block = slice(first, first + BLOCK)
        for values, ladder in zip(columns, ladders, strict=True):
            _add(values[block], ladder.cuts, ladder.bin_of_code, ladder.terms, place, total[block])
    return total


@njit(cache=True, nogil=True)
def _add(
    values: NDArray[np.float32],
    cuts: NDArray[np.float32],
    bin_of_code: NDArray[np.int32],
    terms: NDArray[np.float64],
    place: NDArray[np.int32],
    total: NDArray[np.float64],
) -> None:  # pragma: no cover
    people, missing = len(values), np.int32(len(terms) - 1)
    if len(bin_of_code):
        for i in range(people):
            known = values[i] == values[i]
            place[i] = bin_of_code[np.int32(values[i])] if known else missing
    else:
        for i in range(people):
            place[i] = 0 if values[i] == values[i] else missing
        # One pass a cut: each compares eight people at once, which a search cannot.
        for cut in cuts:
            for i in range(people):
                place[i] += values[i] >= cut
    for i in range(people):
        total[i] += terms[place[i]]
