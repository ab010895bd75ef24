"""Bundles of a person in the order of the most that each could bring, without listing all."""

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np
from numba import njit

from credit_ml.core.tables.arrays import Array, Mask, Whole
from credit_ml.response.best_response.enumerate import gumbel
from credit_ml.response.economy import clashes
from credit_ml.response.objective import TIE


class Ranked(NamedTuple):
    """Bundles from one rank to another, a row a person."""

    masks: Whole
    """-1 where there is none."""
    left: Mask
    """Whether later ones may be better than the best so far."""
    bound: Array
    """The most that the first of them can bring."""

    @classmethod
    def of(cls, people: int, width: int) -> "Ranked":
        """Make room for some people."""
        masks = np.full((people, width), -1, dtype=np.int64)
        return cls(masks, np.zeros(people, dtype=np.bool_), np.full(people, -np.inf))


@njit(cache=True, nogil=True)
def _cost(mask, bills, k):  # type: ignore[no-untyped-def]
    price, effort = 0.0, 0.0
    for a in range(len(bills.prices)):
        if (mask >> a) & 1:
            price += bills.prices[a]
            effort += bills.efforts[a]
    return (price / bills.income[k] + effort) * bills.multiplier[k]


@njit(cache=True, nogil=True)
def by_cost(bills, best, done, ranked):  # type: ignore[no-untyped-def]
    """List bundles by rising cost from a heap: each leads to two others that cost no less.

    Of actions sorted by cost, a bundle whose last is l leads to itself with the next, and to itself
    with the next for l; so every bundle is reached once (Lawler 1972).
    """
    stop, several = done + ranked.masks.shape[1], len(bills.prices)
    heap = [(0.0, 0, 0)]
    item, each = np.empty(several, dtype=np.int64), np.empty(several)
    for k in range(len(ranked.masks)):
        items = 0
        for a in range(several):
            cost = _cost(1 << a, bills, k)
            if not (bills.closed[k] >> a) & 1 and cost <= bills.spendable[k] + TIE:
                item[items], each[items] = a, cost
                items += 1
        order = np.argsort(each[:items])
        limit = min(bills.spendable[k], bills.top - best[k]) + TIE
        heap.clear()
        if items and bills.largest > 0:
            heap.append((each[order[0]], 1 << item[order[0]], 0))
        popped = 0
        # Sums on the heap differ in the last digits from the cost of a bundle.
        while len(heap) and heap[0][0] <= limit + 1e-9 and popped < stop:
            total, mask, at = heappop(heap)
            # Of two alternatives the last is only ever exchanged, never kept: nothing is added.
            barred = clashes(mask, bills.one_of)
            if not barred:
                if popped >= done and _cost(mask, bills, k) <= limit:
                    ranked.masks[k, popped - done] = mask
                popped += 1
            if at + 1 < items:
                a, b = order[at], order[at + 1]
                swapped = (mask & ~(1 << item[a])) | (1 << item[b])
                heappush(heap, (total - each[a] + each[b], swapped, at + 1))
                if not barred and _bits(mask) < bills.largest:
                    heappush(heap, (total + each[b], mask | (1 << item[b]), at + 1))
        ranked.left[k] = len(heap) > 0 and heap[0][0] <= limit + 1e-9
        if ranked.masks[k, 0] >= 0:
            ranked.bound[k] = bills.top - _cost(ranked.masks[k, 0], bills, k)


@njit(cache=True, nogil=True)
def by_noise(bills, best, done, ranked):  # type: ignore[no-untyped-def]
    """List bundles by the most that each could bring with its noise."""
    bundles, stop = 1 << len(bills.prices), done + ranked.masks.shape[1]
    most = np.empty(bundles)
    for k in range(len(ranked.masks)):
        most[0] = -np.inf
        for mask in range(1, bundles):
            cost, noise = _cost(mask, bills, k), gumbel(bills.seed, bills.person[k], mask)
            open_to = not mask & bills.closed[k] and _bits(mask) <= bills.largest
            open_to = open_to and not clashes(mask, bills.one_of)
            most[mask] = -np.inf
            if open_to and cost <= bills.spendable[k] + TIE:
                most[mask] = bills.top - cost + bills.temperature * noise
        order = np.argsort(-most)
        for place in range(done, min(stop, bundles)):
            mask = order[place]
            if most[mask] == -np.inf or most[mask] < best[k] - TIE:
                break
            ranked.masks[k, place - done] = mask
        if ranked.masks[k, 0] >= 0:
            ranked.bound[k] = most[ranked.masks[k, 0]]
        following = most[order[stop]] if stop < bundles else -np.inf
        ranked.left[k] = following > -np.inf and following >= best[k] - TIE


@njit(cache=True, nogil=True)
def _bits(mask):  # type: ignore[no-untyped-def]
    number = 0
    while mask:
        mask &= mask - 1
        number += 1
    return number
