"""Bundles of a person in the order of the most that each could bring, without listing all."""

import numpy as np
from numba import njit

from credit_ml.response.best_response.enumerate import gumbel
from credit_ml.response.terms import TIE


@njit(cache=True, nogil=True)
def _cost(mask, prices, efforts, income, factor):  # type: ignore[no-untyped-def]
    price, effort = 0.0, 0.0
    for a in range(len(prices)):
        if (mask >> a) & 1:
            price += prices[a]
            effort += efforts[a]
    return (price / income + effort) * factor


@njit(cache=True, nogil=True)
def by_cost(  # type: ignore[no-untyped-def]
    prices, efforts, income, factor, closed, spendable, largest, top, best, noise, person, done,
    masks, left, bound,
):  # fmt: skip
    """List bundles by rising cost from a heap: each leads to two others that cost no less.

    Of actions sorted by cost, a bundle whose last is l leads to itself with the next, and to itself
    with the next for l; so every bundle is reached once (Lawler 1972).
    """
    stop, several = done + masks.shape[1], len(prices)
    heap = np.empty(stop + 3)
    of, last = np.empty(stop + 3, dtype=np.int64), np.empty(stop + 3, dtype=np.int64)
    item, each = np.empty(several, dtype=np.int64), np.empty(several)
    for k in range(len(masks)):
        items = 0
        for a in range(several):
            cost = (prices[a] / income[k] + efforts[a]) * factor[k]
            if not (closed[k] >> a) & 1 and cost <= spendable[k] + TIE:
                item[items], each[items] = a, cost
                items += 1
        order = np.argsort(each[:items])
        limit = min(spendable[k], top - best[k]) + TIE
        size = 0
        if items and largest > 0:
            heap[0], of[0], last[0], size = each[order[0]], 1 << item[order[0]], 0, 1
        popped = 0
        # Sums on the heap differ in the last digits from the cost of a bundle.
        while size and heap[0] <= limit + 1e-9 and popped < stop:
            total, mask, at = heap[0], of[0], last[0]
            size = _dropped(heap, of, last, size)
            if popped >= done and _cost(mask, prices, efforts, income[k], factor[k]) <= limit:
                masks[k, popped - done] = mask
            popped += 1
            if at + 1 < items:
                a, b = order[at], order[at + 1]
                swapped = (mask & ~(1 << item[a])) | (1 << item[b])
                size = _put(heap, of, last, size, total - each[a] + each[b], swapped, at + 1)
                if _bits(mask) < largest:
                    size = _put(
                        heap, of, last, size, total + each[b], mask | (1 << item[b]), at + 1
                    )
        left[k] = size > 0 and heap[0] <= limit + 1e-9
        if masks[k, 0] >= 0:
            bound[k] = top - _cost(masks[k, 0], prices, efforts, income[k], factor[k])


@njit(cache=True, nogil=True)
def by_noise(  # type: ignore[no-untyped-def]
    prices, efforts, income, factor, closed, spendable, largest, top, best, noise, person, done,
    masks, left, bound,
):  # fmt: skip
    """List bundles by the most that each could bring with its noise."""
    temperature, seed = noise
    bundles, stop = 1 << len(prices), done + masks.shape[1]
    most = np.empty(bundles)
    for k in range(len(masks)):
        most[0] = -np.inf
        for mask in range(1, bundles):
            cost = _cost(mask, prices, efforts, income[k], factor[k])
            most[mask] = -np.inf
            if not mask & closed[k] and cost <= spendable[k] + TIE and _bits(mask) <= largest:
                most[mask] = top - cost + temperature * gumbel(seed, person[k], mask)
        order = np.argsort(-most)
        for place in range(done, min(stop, bundles)):
            mask = order[place]
            if most[mask] == -np.inf or most[mask] < best[k] - TIE:
                break
            masks[k, place - done] = mask
        if masks[k, 0] >= 0:
            bound[k] = most[masks[k, 0]]
        left[k] = stop < bundles and most[order[stop]] >= best[k] - TIE
        if left[k] and most[order[stop]] == -np.inf:
            left[k] = False


@njit(cache=True, nogil=True)
def _bits(mask):  # type: ignore[no-untyped-def]
    number = 0
    while mask:
        mask &= mask - 1
        number += 1
    return number


@njit(cache=True, nogil=True)
def _put(heap, of, last, size, total, mask, place):  # type: ignore[no-untyped-def]
    at = size
    while at > 0:
        above = (at - 1) // 2
        if heap[above] <= total:
            break
        heap[at], of[at], last[at] = heap[above], of[above], last[above]
        at = above
    heap[at], of[at], last[at] = total, mask, place
    return size + 1


@njit(cache=True, nogil=True)
def _dropped(heap, of, last, size):  # type: ignore[no-untyped-def]
    """Take the first off a heap; return how many remain."""
    size -= 1
    total, mask, place = heap[size], of[size], last[size]
    at = 0
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= total:
            break
        heap[at], of[at], last[at] = heap[below], of[below], last[below]
        at = below
    heap[at], of[at], last[at] = total, mask, place
    return size
