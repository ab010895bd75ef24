"""Bins of a feature, and the weight of evidence of each."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
#: As how many people each one counts; None: as one.
Weights = NDArray[np.float64] | None


@dataclass(frozen=True, kw_only=True)
class Bins:
    """How one encoded feature falls into bins; the last bin is for missing values.

    A number falls in bin ``k`` when it is at least ``cuts[k - 1]`` and below ``cuts[k]``; a
    category falls in ``bin_of_code[code]``.

    Examples
    --------
    >>> Bins.at([2.0, 4.0]).assign(np.array([1.0, 2.0, np.nan], dtype="float32")).tolist()
    [0, 1, 3]
    """

    labels: tuple[str, ...]
    """Name of each bin, the one for missing values last."""
    cuts: tuple[float, ...] = ()
    """Rising cuts of a number; empty for a category."""
    bin_of_code: tuple[int, ...] = ()
    """Bin of each category; empty for a number."""

    @classmethod
    def of_number(
        cls, values: Floats, weights: Weights = None, *, most: int, fewest_people: float
    ) -> Self:
        """Cut a number into at most `most` bins of about equal numbers (or weight) of people."""
        known = ~np.isnan(values)
        own = None if weights is None else weights[known]
        return cls.at(quantile_cuts(values[known], own, most=most, fewest_people=fewest_people))

    @classmethod
    def at(cls, cuts: list[float]) -> Self:
        """Bins of a number between given rising cuts."""
        return cls(labels=(*_number_labels(cuts), "(missing)"), cuts=tuple(cuts))

    @classmethod
    def of_category(
        cls,
        codes: Floats,
        categories: tuple[Any, ...],
        weights: Weights = None,
        *,
        fewest_people: float,
    ) -> Self:
        """Give each category a bin of its own, and pool those with too few people."""
        there = ~np.isnan(codes)
        own = None if weights is None else weights[there]
        counts = np.bincount(codes[there].astype(int), own, minlength=len(categories))
        # Sums of weights are rounded.
        common = counts >= fewest_people * (1 - 1e-12)
        bin_of_code = np.where(common, np.cumsum(common) - 1, common.sum())
        labels = [str(name) for name, own in zip(categories, common, strict=True) if own]
        labels += [] if common.all() else ["(other)"]
        return cls(labels=(*labels, "(missing)"), bin_of_code=tuple(bin_of_code.tolist()))

    def assign(self, values: Floats) -> NDArray[np.intp]:
        """Return the bin of each person, shape (people,)."""
        missing = np.isnan(values)
        if self.bin_of_code:
            codes = np.where(missing, 0, values).astype(int)
            bins = np.asarray(self.bin_of_code, dtype=np.intp)[codes]
        else:
            # Cuts are compared in float64, which holds every float32 exactly.
            cuts = np.asarray(self.cuts, dtype="float64")
            bins = np.searchsorted(cuts, values.astype("float64"), side="right")
        return np.where(missing, len(self.labels) - 1, bins)


def quantile_cuts(
    values: Floats, weights: Weights = None, *, most: int, fewest_people: float
) -> list[float]:
    """Cut values into at most `most` bins of about equal numbers, or equal weight, of people.

    Greedy over distinct values, so that a value that half of all people share (no late bill,
    say) fills one bin and the rest is still cut finely. Each cut is the shortest number that
    separates the same people.

    Cost: one sort.

    Examples
    --------
    >>> quantile_cuts(np.array([0.0] * 6 + [1, 2, 3, 4]), most=3, fewest_people=1)
    [1.0, 3.0]
    """
    if not len(values):
        return []
    distinct, place, counts = np.unique(
        values.astype("float64"), return_inverse=True, return_counts=True
    )
    ends = np.cumsum(counts if weights is None else np.bincount(place, weights))
    # Sums of weights are rounded.
    near = 0.0 if weights is None else 1e-12 * float(ends[-1])
    cuts: list[float] = []
    taken, people = 0.0, float(ends[-1])
    for left in range(most, 1, -1):
        wanted = taken + max((people - taken) / left, fewest_people)
        last = int(np.searchsorted(ends, wanted - near))
        if last >= len(ends) - 1 or people - ends[last] < fewest_people - near:
            break
        cuts.append(_shortest_between(distinct[last], distinct[last + 1]))
        taken = float(ends[last])
    return cuts


def weight_of_evidence(
    bins: NDArray[np.intp],
    kept: NDArray[np.int8],
    weights: Weights = None,
    *,
    number: int,
    smoothing: float,
) -> NDArray[np.float64]:
    """Log-odds of keeping in each bin, less those of everybody.

    ``log((kept_b + s p) / (lost_b + s (1 - p))) - log(p / (1 - p))`` with ``p`` the share who
    kept and ``s`` the smoothing: as if `s` average people stood in each bin, so an empty bin
    weighs 0.

    Parameters
    ----------
    bins, kept : ndarray of shape (people,)
        Bin and outcome of each person, both outcomes present.
    weights : ndarray of shape (people,), optional
        As how many each one counts.
    number : int
        Number of bins.
    smoothing : float
        Average people added to each bin, more than 0.

    References
    ----------
    Siddiqi, N. (2006). Credit risk scorecards. Wiley.

    Examples
    --------
    >>> bins, kept = np.array([0, 0, 1, 1]), np.array([1, 1, 0, 1], dtype="int8")
    >>> weight_of_evidence(bins, kept, number=3, smoothing=4).round(3).tolist()
    [0.511, -0.405, 0.0]
    """
    counts = np.ones(len(kept)) if weights is None else weights
    share = float((kept * counts).sum() / counts.sum())
    good = np.bincount(bins, weights=kept * counts, minlength=number) + smoothing * share
    lost = np.bincount(bins, weights=(1 - kept) * counts, minlength=number)
    bad = lost + smoothing * (1 - share)
    return np.asarray(np.log(good / bad) - np.log(share / (1 - share)))


def _shortest_between(lower: float, upper: float) -> float:
    for digits in range(1, 17):
        rounded = float(f"{upper:.{digits}g}")
        if lower < rounded <= upper:
            return rounded
    return float(upper)


def _number_labels(cuts: list[float]) -> list[str]:
    if not cuts:
        return ["any"]
    shown = [f"{cut:.10g}" for cut in cuts]
    between = [f"{low} to under {high}" for low, high in pairwise(shown)]
    return [f"under {shown[0]}", *between, f"{shown[-1]} or more"]
