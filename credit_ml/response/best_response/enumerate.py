"""One person's best bundle among all of them, given the score under each."""

import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from credit_ml.core.cores import cores
from credit_ml.response.economy import Economy, tables
from credit_ml.response.terms import NEAR, TIE, Terms

Array = NDArray[np.float64]


class Stakes(NamedTuple):
    """What the kernels need of prices, people and thresholds, as plain arrays."""

    price: Array
    effort: Array
    size: NDArray[np.int64]
    largest: int
    income: Array
    factor: Array
    spendable: Array
    closed: NDArray[np.int64]
    low: Array
    high: Array
    values: Array
    steps: Array
    peak: Array
    """Most that having passed up to none, one, ..., all thresholds is worth."""
    top: float
    spread: Array
    """Empty without."""
    temperature: float
    seed: int
    person: NDArray[np.int64]
    """Numbers under which people's noise is drawn."""
    now: Array
    """Worth of doing nothing."""

    @classmethod
    def of(
        cls, economy: Economy, terms: Terms, now: Array, low: Array, high: Array,
        person: NDArray[np.int64] | None = None,
    ) -> "Stakes":  # fmt: skip
        """Lay out an economy and terms; noise is drawn by row number where no other is given."""
        price, effort, size = tables(economy)
        return cls(
            price=price, effort=effort, size=size, largest=economy.largest,
            income=economy.yearly_income, factor=economy.factors, spendable=economy.spendable,
            closed=economy.closed, low=low, high=high, values=terms.values, steps=terms.steps,
            peak=np.maximum.accumulate(terms.steps), top=terms.top,
            spread=np.empty(0) if terms.spread is None else terms.spread,
            temperature=terms.temperature, seed=terms.seed,
            person=np.arange(len(now)) if person is None else person, now=now,
        )  # fmt: skip


def in_threads(people: int, chunk: int, follow: Callable[[slice], None]) -> None:
    """Follow people chunk by chunk, on as many threads as there are processors.

    Inside another thread there is no further one, so that jobs times threads stay the cores.
    """
    starts = range(0, people, chunk)
    inside = threading.current_thread() is threading.main_thread()
    number = min(cores() if inside else 1, len(starts))
    if number <= 1:
        for start in starts:
            follow(slice(start, min(start + chunk, people)))
        return
    with ThreadPoolExecutor(number) as pool:
        list(pool.map(lambda start: follow(slice(start, min(start + chunk, people))), starts))


@njit(cache=True, nogil=True, inline="always")
def gumbel(seed, person, mask):  # type: ignore[no-untyped-def]
    """Draw noise as a pure function of three numbers (splitmix64), whoever asks and when."""
    z = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(person)
    for part in range(2):
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
        if part == 0:
            z = z * np.uint64(0x9E3779B97F4A7C15) + np.uint64(mask) + np.uint64(1)
    uniform = (np.float64(z >> np.uint64(11)) + 0.5) * 2.0**-53
    return -np.log(-np.log(uniform))


@njit(cache=True, nogil=True, inline="always")
def passes_more(gain, cost, mask, best, paid, chosen):  # type: ignore[no-untyped-def]
    """Whether a bundle beats the best so far: by gain, of equals the cheaper, then smaller."""
    if gain > best + TIE:
        return True
    if not gain >= best - TIE:
        return False
    return cost < paid - TIE or (cost <= paid + TIE and mask < chosen)


@njit(cache=True, nogil=True, inline="always")
def doubtful(score, low, values, spread):  # type: ignore[no-untyped-def]
    """Worth of a score known to a standard deviation."""
    total = 0.0
    for p in range(len(low)):
        total += values[p] * 0.5 * math.erfc((low[p] - score) / spread * math.sqrt(0.5))
    return total


@njit(cache=True, nogil=True, inline="always")
def lowest_place(mask):  # type: ignore[no-untyped-def]
    """Place of a mask's lowest bit."""
    place = 0
    while not (mask >> place) & 1:
        place += 1
    return place


@njit(cache=True, nogil=True)
def pick(  # type: ignore[no-untyped-def]
    scores, start, gains, reach, parent, slot, first, stakes, masks, found, near,
):  # fmt: skip
    """Write each person's best bundle, its score, and whether any was too near a line to tell.

    `scores` has a row a person with all bundles and `parent` is empty, or it is one row that is
    filled on the way: ``score[mask] = score[parent[mask]] + gains[person, slot[mask]]``.

    Whatever holds a bundle that a person cannot take or that cannot pay is no better: all the
    masks up to ``mask + lowest bit`` hold it, and are skipped together. So are they where all
    that their lower actions can add, `reach`, brings no line that would pay.
    """
    bundles, lazy = len(stakes.price), len(parent) > 0
    spread, noisy = len(stakes.spread) > 0, stakes.temperature > 0
    bounded = lazy and not spread and not noisy
    for k in range(len(masks)):
        i = first + k
        row = scores[0] if lazy else scores[k]
        if lazy:
            row[0] = start[k]
        income, factor = stakes.income[i], stakes.factor[i]
        closed, spendable = stakes.closed[i], stakes.spendable[i] + TIE
        best, paid, chosen, doubt = stakes.now[i], 0.0, 0, False
        found[k] = np.nan
        if noisy:
            best += stakes.temperature * gumbel(stakes.seed, stakes.person[i], 0)
        limit = spendable if noisy else min(spendable, stakes.top - best + TIE)
        mask = 1
        while mask < bundles:
            cost = (stakes.price[mask] / income + stakes.effort[mask]) * factor
            if cost > limit or (mask & closed) or stakes.size[mask] > stakes.largest:
                mask += mask & -mask
                continue
            if lazy:
                row[mask] = row[parent[mask]] + gains[k, slot[mask]]
            if bounded:
                most = row[mask] + reach[k, lowest_place(mask)]
                level = 0
                # Rounding of sums must not hide a line that is just reached.
                while (
                    level < len(stakes.low) and most + NEAR * (1 + abs(most)) >= stakes.low[level]
                ):
                    level += 1
                peak = stakes.peak[level]
                if peak - cost < best - TIE or peak == -np.inf:
                    mask += mask & -mask
                    continue
            score = row[mask]
            if spread:
                gain = doubtful(score, stakes.low, stakes.values, stakes.spread[i]) - cost
            else:
                level = 0
                for p in range(len(stakes.low)):
                    if score >= stakes.high[p]:
                        level += 1
                    elif score >= stakes.low[p]:
                        doubt = True
                gain = stakes.steps[level] - cost
            if noisy:
                gain += stakes.temperature * gumbel(stakes.seed, stakes.person[i], mask)
            if passes_more(gain, cost, mask, best, paid, chosen):
                best, paid, chosen = max(gain, best), cost, mask
                found[k] = score
                if not noisy:
                    limit = min(limit, stakes.top - best + TIE)
            mask += 1
        masks[k], near[k] = chosen, doubt
