"""Optimal binning of a number: bins whose weight of evidence only rises, or only falls."""

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import Array
from credit_ml.scoring.binning.bins import Floats, Weights, quantile_cuts

Direction = Literal["rising", "falling", "either"]

#: Fine bins from which the bins are put together.
FINE = 32


class MonotoneCuts(NamedTuple):
    """The best cuts of a number and what they are worth.

    Examples
    --------
    >>> values = np.arange(40, dtype="float32")
    >>> kept = (values >= 20).astype("int8")
    >>> monotone_cuts(values, kept, most=2, fewest_people=5, smoothing=1.0).cuts
    [20.0]
    """

    cuts: list[float]
    """Rising cuts; empty when one bin is best or all that is allowed."""
    information: float
    """Information value of the bins, at least 0."""


def monotone_cuts(
    values: Floats,
    kept: NDArray[np.int8],
    weights: Weights = None,
    *,
    most: int,
    fewest_people: float,
    smoothing: float,
    direction: Direction = "either",
) -> MonotoneCuts:
    """Cut a number so that its bins tell most about the outcome and are in order.

    Maximises the information value ``sum_b (kept_b / kept - lost_b / lost) w_b`` over all ways
    to join at most 32 fine bins into at most `most` bins of at least `fewest_people`, whose
    weights of evidence w_b only rise, or only fall. The optimum over the fine bins is exact, by
    dynamic programming over the last bin.

    Cost: one sort of the values, then ``most * FINE**2`` steps whatever the number of people.

    Parameters
    ----------
    values : ndarray of shape (people,)
        Without missing values.
    kept : ndarray of shape (people,)
        Outcome, 0 or 1.
    weights : ndarray of shape (people,), optional
        As how many each one counts, of those in the smallest bin too.
    most : int
        Bins at most.
    fewest_people : int
        People in the smallest bin.
    smoothing : float
        Average people added to each bin, as in `weight_of_evidence`.
    direction : {"either", "rising", "falling"}
        Of the weight of evidence along the number; "either" takes the one worth more.

    References
    ----------
    Navas-Palencia, G. (2020). Optimal binning: mathematical programming formulation.
    arXiv:2001.08025. Siddiqi, N. (2006). Credit risk scorecards. Wiley.

    Examples
    --------
    >>> late = np.repeat([0.0, 1.0, 2.0, 3.0], 100)
    >>> kept = (np.arange(400) % 10 < np.repeat([9, 6, 7, 2], 100)).astype("int8")
    >>> monotone_cuts(late, kept, most=4, fewest_people=1, smoothing=1).cuts
    [1.0, 3.0]
    """
    fine = quantile_cuts(values, weights, most=max(FINE, most), fewest_people=0)
    if not fine:
        return MonotoneCuts([], 0.0)
    good, bad = _fine_counts(values, kept, weights, fine)
    if not good.sum() or not bad.sum():
        return MonotoneCuts([], 0.0)
    joined = _Joined.of(good, bad, smoothing=smoothing, fewest_people=fewest_people)
    signs = {"rising": (1,), "falling": (-1,), "either": (1, -1)}[direction]
    worth, ends = max((_best(joined, most=most, sign=sign) for sign in signs), key=lambda b: b[0])
    return MonotoneCuts([fine[end - 1] for end in ends], max(worth, 0.0))


class _Joined(NamedTuple):
    """Every bin that joins fine bins ``i`` to ``j - 1``, at ``[i, j]``."""

    weight: Array
    worth: Array
    """Information value; minus infinity where the bin is empty or too small."""

    @classmethod
    def of(cls, good: Array, bad: Array, *, smoothing: float, fewest_people: float) -> "_Joined":
        """Sum the fine bins over every stretch."""
        all_good, all_bad = good.sum(), bad.sum()
        share = all_good / (all_good + all_bad)
        kept, lost = _stretches(good), _stretches(bad)
        start, end = np.indices(kept.shape)
        # Sums of weights are rounded.
        allowed = (end > start) & (kept + lost >= fewest_people * (1 - 1e-12))
        kept, lost = np.where(allowed, kept, 0.0), np.where(allowed, lost, 0.0)
        weight = np.log((kept + smoothing * share) / (lost + smoothing * (1 - share)))
        weight -= np.log(share / (1 - share))
        worth = np.where(allowed, (kept / all_good - lost / all_bad) * weight, -np.inf)
        return cls(weight, worth)


def _stretches(counts: Array) -> Array:
    total = np.concatenate([[0.0], np.cumsum(counts)])
    return np.asarray(total[np.newaxis, :] - total[:, np.newaxis])


def _fine_counts(
    values: Floats, kept: NDArray[Any], weights: Weights, fine: list[float]
) -> tuple[Array, Array]:
    placed = np.searchsorted(np.asarray(fine), values.astype("float64"), side="right")
    counts = np.ones(len(values)) if weights is None else weights
    good, bad = (
        np.bincount(placed, each * counts, minlength=len(fine) + 1).astype("float64")
        for each in (kept, 1 - kept)
    )
    return good, bad


def _best(joined: _Joined, *, most: int, sign: int) -> tuple[float, list[int]]:
    """Best worth of bins in order from the first fine bin to the last, and where they end."""
    size = len(joined.weight) - 1
    followed = _Followed.of(sign * joined.weight)
    # best[i, j]: most that bins of 0 .. j are worth whose last is i .. j.
    best = np.full_like(joined.worth, -np.inf)
    best[0] = joined.worth[0]
    whole, ends = float(best[0, size]), list[int]()
    history: list[Array] = []
    for _ in range(1, most):
        history.append(best)
        best = followed.one_more(best, joined.worth)
        start = int(np.argmax(best[:, size]))
        if best[start, size] > whole + 1e-12:
            whole, ends = float(best[start, size]), followed.trace(history, start, size)
    return whole, ends


class _Followed(NamedTuple):
    """Which bin may follow which, the same for any number of bins before."""

    order: NDArray[np.intp]
    """At ``[k, m]``, where the k-th lightest bin starts of those that end at m."""
    allowed: NDArray[np.bool_]
    """At ``[k, m, j]``, whether the bin from m to j is no lighter than that bin."""

    @classmethod
    def of(cls, weight: Array) -> "_Followed":
        """Sort the bins by their weight."""
        start, end = np.indices(weight.shape)
        before = np.where(start < end, weight, np.inf)
        order = np.argsort(before, axis=0, kind="stable")
        after = np.where(start < end, weight, -np.inf)
        lightest = np.take_along_axis(before, order, axis=0)
        return cls(order, lightest[:, :, None] <= after[None, :, :])

    def one_more(self, best: Array, worth: Array) -> Array:
        """Worth with one bin more."""
        before = np.take_along_axis(best, self.order, axis=0)
        reached: Array = np.where(self.allowed, before[:, :, None], -np.inf).max(axis=0)
        return reached + worth

    def trace(self, history: list[Array], start: int, end: int) -> list[int]:
        """Ends of all bins but the last, walking back from the last bin."""
        ends = []
        for best in reversed(history):
            ends.append(start)
            order = self.order[:, start]
            worth = np.where(self.allowed[:, start, end], best[order, start], -np.inf)
            # Of equals the lightest.
            start, end = int(order[worth.argmax()]), start
        return ends[::-1]
