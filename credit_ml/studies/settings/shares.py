"""Which knob makes how much of a number's variance: Sobol shares, and how sure they are."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Array
from credit_ml.inference.quantiles import student

#: Fewer base points than this say nothing of shares.
FEWEST_POINTS = 8


def sobol_shares(
    problem: Mapping[str, Any], values: np.ndarray, *, intervals: float = 0.95
) -> pd.DataFrame:
    """First-order and total shares of every knob, with intervals.

    The first-order share of a knob is ``Var(E(Y | knob)) / Var(Y)``: how much of the variance
    would go if it were known. The total share is ``1 - Var(E(Y | all others)) / Var(Y)``: what
    it has a hand in, alone or with others. Both are 0 for a knob that nothing reads; first-order
    shares add up to 1 where effects add up. Estimators of Saltelli et al. (2010). Intervals are by
    the jackknife over base points, which are independent, with Student's quantile; of total
    shares on the logarithm. Those of shares are cut at 0 and 1; with few points an estimate may
    itself lie beyond. That one knob's total share is the largest is asked of the
    same points: "total_over_others" is that share less the largest of the others'.

    Cost: base points times knobs.

    Parameters
    ----------
    problem : mapping
        As SALib takes it.
    values : ndarray, shape (points * (d + 2),)
        At the points of Saltelli's design without second order, whose base points are independent.
        Those with a value that is not known are left out.
    intervals : float
        Level.

    Returns
    -------
    DataFrame
        knob, quantity ("first_order", "total" or "total_over_others", of one knob alone none),
        estimate, low, high, and in people how many base points counted. NaN where nothing moves, or
        fewer than 8 points are left.

    References
    ----------
    Saltelli, A., Annoni, P., Azzini, I., Campolongo, F., Ratto, M. and Tarantola, S. (2010).
    Variance based sensitivity analysis of model output: design and estimator for the total
    sensitivity index. Computer Physics Communications 181, 259-270. Efron, B. and Stein, C. (1981).
    The jackknife estimate of variance. Annals of Statistics 9, 586-596.

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> own, other = random.random((2, 256, 2))  # base points, each knob once replaced by another's
    >>> first = np.column_stack([own[:, 0], other[:, 0], own[:, 0], other[:, 0]])
    >>> shares = sobol_shares({"names": ["a", "b"]}, 3 * first.ravel())
    >>> shares["estimate"].round(1).tolist()
    [1.0, 0.9, 0.9, 0.0, 0.0, -0.9]
    >>> shares[["low", "high"]].round(1).values[1].tolist()
    [0.8, 1.0]
    """
    knobs = list(problem["names"])
    each = np.asarray(values, dtype=float).reshape(-1, len(knobs) + 2)
    each = each[np.isfinite(each).all(axis=1)]
    own, other = each[:, 0], each[:, -1]
    moves = len(each) > 0 and np.ptp(each) > 1e-12 * (1 + np.abs(each).max())
    lines = []
    if moves and len(each) >= FEWEST_POINTS and each[:, [0, -1]].std() > 0:
        found = _estimates(own, each[:, 1:-1], other)
    else:
        found = np.full((2, len(knobs), len(each) + 1), np.nan)
    wide = float(student(intervals, max(len(each) - 1, 1)))
    for place, knob in enumerate(knobs):
        lines.append({"knob": knob, "quantity": "first_order", **_plain(found[0, place], wide)})
        lines.append({"knob": knob, "quantity": "total", **_of_total(found[1, place], wide)})
        if len(knobs) > 1:
            share, half = _jackknifed(_over_others(found[1], place), wide)
            ends = {"estimate": share, "low": share - half, "high": share + half}
            lines.append({"knob": knob, "quantity": "total_over_others", **ends})
    return pd.DataFrame(lines).assign(people=len(each))


def _estimates(own: Array, replaced: Array, other: Array) -> Array:
    """First-order and total shares, shape (2, knobs, points + 1): of all points, then without each.

    First-order estimates hang on where 0 lies: values are held against their mean, as SALib does.
    """
    number, middle = len(own), np.mean(np.column_stack([own, replaced, other]))
    own, replaced, other = own - middle, replaced - middle, other - middle
    moved = replaced - own[:, None]
    parts = np.stack([other[:, None] * moved, moved**2 / 2])
    sums, squares = own + other, own**2 + other**2
    whole = np.concatenate([parts.sum(axis=1, keepdims=True), parts], axis=1)
    # Sums of all, and of all but each; so the variance.
    left, some = (np.append(each.sum(), each.sum() - each) for each in (sums, squares))
    whole[:, 1:] = whole[:, :1] - parts
    counted = np.append(number, np.full(number, number - 1))
    variance = some / (2 * counted) - (left / (2 * counted)) ** 2
    known = variance > 1e-12 * variance[0]
    scale = np.divide(1.0, counted * variance, out=np.zeros(number + 1), where=known)
    return np.asarray((whole * scale[:, None]).swapaxes(1, 2))


def _jackknifed(shares: Array, wide: float) -> tuple[float, float]:
    """An estimate and half of its interval, of all points and of all but each."""
    without = shares[1:]
    if not len(without):
        return float("nan"), float("nan")
    error = np.sqrt((len(without) - 1) / len(without) * ((without - without.mean()) ** 2).sum())
    return float(shares[0]), float(wide * error)


def _plain(shares: Array, wide: float) -> dict[str, float]:
    share, half = _jackknifed(shares, wide)
    return _cut(share, share - half, share + half)


def _of_total(shares: Array, wide: float) -> dict[str, float]:
    """A total share is a mean of squares: its interval is that of its logarithm."""
    share, half = _jackknifed(shares, wide)
    grown = float(np.exp(half / share)) if share > 0 else 1.0
    return _cut(share, share / grown, share * grown)


def _cut(share: float, low: float, high: float) -> dict[str, float]:
    """Draw ends in to what can be; an estimate beyond it stays in its interval."""
    low, high = max(low, min(0.0, share)), min(high, max(1.0, share))
    return {"estimate": share, "low": min(low, 1.0), "high": max(high, 0.0)}


def _over_others(shares: np.ndarray, place: int) -> np.ndarray:
    """One knob's share less the largest of the others', of all points and without each."""
    less: np.ndarray = shares[place] - np.delete(shares, place, axis=0).max(axis=0)
    return less
