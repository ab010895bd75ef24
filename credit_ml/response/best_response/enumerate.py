"""One person's best bundle among all of them, given the score under each."""

import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import njit

from credit_ml.core.cores import cores
from credit_ml.core.tables.arrays import Array, Mask, Rows, Whole
from credit_ml.response.economy import Economy, bundle_costs
from credit_ml.response.objective import NEAR, TIE, Objective


class Bills(NamedTuple):
    """What bundles cost some people, and the most that one can bring, as plain arrays."""

    prices: Array
    efforts: Array
    income: Array
    multiplier: Array
    closed: Whole
    spendable: Array
    largest: int
    one_of: Whole
    """Masks of actions of which one at most is done."""
    top: float
    """The most that a score is worth."""
    temperature: float
    seed: int
    person: Whole
    """Numbers under which noise is drawn."""

    @classmethod
    def of(cls, economy: Economy, objective: Objective, person: Whole) -> "Bills":
        """Lay out an economy and an objective."""
        prices, efforts = economy.prices, economy.efforts
        each = economy.yearly_income, economy.multipliers, economy.closed, economy.spendable
        noise = objective.temperature, objective.seed, person
        one_of = np.array(economy.one_of, dtype=np.int64)
        return cls(prices, efforts, *each, economy.largest, one_of, objective.top, *noise)

    def take(self, rows: Rows) -> "Bills":
        """Return the bills of some of the people."""
        each = ("income", "multiplier", "closed", "spendable", "person")
        return self._replace(**{name: getattr(self, name)[rows] for name in each})


class Stakes(NamedTuple):
    """What the kernels need of all bundles, people and thresholds, as plain arrays."""

    bills: Bills
    price: Array
    """Of every bundle, as `effort` and `size` are."""
    effort: Array
    size: Whole
    low: Array
    """Thresholds below which a score surely misses."""
    high: Array
    """Thresholds from which it surely passes."""
    values: Array
    steps: Array
    peak: Array
    """Most that having passed up to none, one, ..., all thresholds is worth."""
    spread: Array
    """Empty without."""
    now: Array
    """Worth of doing nothing."""

    @classmethod
    def of(
        cls,
        economy: Economy,
        objective: Objective,
        now: Array,
        thresholds: tuple[Array, Array],
        person: Whole | None = None,
    ) -> "Stakes":
        """Lay out an economy and an objective; noise is drawn by row number by default."""
        spread = np.empty(0)
        if objective.spread is not None:
            spread = np.broadcast_to(objective.spread, now.shape).copy()
        bills = Bills.of(economy, objective, np.arange(len(now)) if person is None else person)
        peak = np.maximum.accumulate(objective.steps)
        worth = (*thresholds, objective.values, objective.steps, peak, spread, now)
        return cls(bills, *bundle_costs(economy), *worth)


class Recurrence(NamedTuple):
    """Scores of bundles as sums: ``score[mask] = score[parent[mask]] + gains[person, slot[mask]]``.

    `reach` is the most that the lower actions of a bundle can still add. Without parents there is
    no recurrence, and all scores are given.
    """

    start: Array
    gains: Array
    reach: Array
    parent: Whole
    slot: Whole


_NONE, _NO_TABLE = np.empty(0, dtype=np.int64), np.empty((1, 1))
#: Where all scores are given.
NO_RECURRENCE = Recurrence(np.empty(1), _NO_TABLE, _NO_TABLE, _NONE, _NONE)


class Picked(NamedTuple):
    """Where the kernels write the best of all bundles, a row a person."""

    masks: Whole
    scores: Array
    """NaN for who stays."""
    near: Mask
    """Whether any bundle was too near a threshold to tell."""

    @classmethod
    def of(cls, people: int) -> "Picked":
        """Make room for some people."""
        unknown = np.full(people, np.nan)
        return cls(np.zeros(people, dtype=np.int64), unknown, np.zeros(people, dtype=np.bool_))

    def rows(self, rows: slice) -> "Picked":
        """Return the room of some of them."""
        return Picked(self.masks[rows], self.scores[rows], self.near[rows])


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


@njit(cache=True, nogil=True, inline="always")
def _passed(score, thresholds):  # type: ignore[no-untyped-def]
    """How many rising thresholds a score passes."""
    level = 0
    while level < len(thresholds) and score >= thresholds[level]:
        level += 1
    return level


@njit(cache=True, nogil=True)
def pick(scores, sums, first, stakes, picked):  # type: ignore[no-untyped-def]
    """Write each person's best bundle, its score, and whether any was too near to tell.

    `scores` has a row a person with all bundles, or, where `sums` is a recurrence, it is one row
    that is filled on the way.

    Whatever holds a bundle that a person cannot take or that cannot pay is no better: all the
    masks up to ``mask + lowest bit`` hold it, and are skipped together. So are they where all
    that their lower actions can add, `reach`, passes no threshold that would pay.
    """
    lazy = len(sums.parent) > 0
    bills, smooth = stakes.bills, len(stakes.spread) > 0
    noisy = bills.temperature > 0
    for k in range(len(picked.masks)):
        i = first + k
        row = scores[0] if lazy else scores[k]
        if lazy:
            row[0] = sums.start[k]
        spendable = bills.spendable[i] + TIE
        best, paid, chosen = stakes.now[i], 0.0, 0
        if noisy:
            best += bills.temperature * gumbel(bills.seed, bills.person[i], 0)
        limit = spendable if noisy else min(spendable, bills.top - best + TIE)
        mask = 1
        while mask < len(stakes.price):
            price, effort = stakes.price[mask], stakes.effort[mask]
            cost = (price / bills.income[i] + effort) * bills.multiplier[i]
            if cost > limit or (mask & bills.closed[i]) or stakes.size[mask] > bills.largest:
                mask += mask & -mask
                continue
            if lazy:
                row[mask] = row[sums.parent[mask]] + sums.gains[k, sums.slot[mask]]
            if lazy and not smooth and not noisy:
                most = row[mask] + sums.reach[k, lowest_place(mask)]
                # Rounding of sums must not hide a threshold that is just reached.
                peak = stakes.peak[_passed(most + NEAR * (1 + abs(most)), stakes.low)]
                if peak - cost < best - TIE or peak == -np.inf:
                    mask += mask & -mask
                    continue
            if smooth:
                gain = doubtful(row[mask], stakes.low, stakes.values, stakes.spread[i]) - cost
            else:
                level = _passed(row[mask], stakes.high)
                if _passed(row[mask], stakes.low) > level:
                    picked.near[k] = True
                gain = stakes.steps[level] - cost
            if noisy:
                gain += bills.temperature * gumbel(bills.seed, bills.person[i], mask)
            if passes_more(gain, cost, mask, best, paid, chosen):
                best, paid, chosen = max(gain, best), cost, mask
                picked.scores[k] = row[mask]
                if not noisy:
                    limit = min(limit, bills.top - best + TIE)
            mask += 1
        picked.masks[k] = chosen
