"""Which knob makes how much of a number's variance: Sobol shares, as SALib computes them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.inference.quantiles import student

#: Fewer base points than this say nothing of shares.
FEWEST_POINTS = 8


def sobol_shares(
    problem: Mapping[str, Any], values: np.ndarray, *, intervals: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """First-order and total shares of every knob, with intervals.

    The first-order share of a knob is ``Var(E(Y | knob)) / Var(Y)``: how much of the variance
    would go if it were known. The total share is ``1 - Var(E(Y | all others)) / Var(Y)``: what
    it has a hand in, alone or with others. Both are 0 for a knob that nothing reads; first-order
    shares add up to 1 where effects add up. Estimators of Saltelli et al. (2010), intervals by
    bootstrap of the base points (SALib's, the normal form), cut at 0 and 1. With few points an
    estimate may itself lie beyond. That one knob's total share is the largest is asked of the same
    points and draws: "total_over_others" is that share less the largest of the others'.

    Parameters
    ----------
    problem : mapping
        As SALib takes it.
    values : ndarray, shape (points * (d + 2),)
        At the points of Saltelli's design without second order. Base points with a value that is
        not known are left out.
    intervals : float
        Level.
    seed : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        knob, quantity ("first_order", "total" or "total_over_others", of one knob alone none),
        estimate, low, high, and in people how many base points counted. NaN where nothing moves, or
        fewer than 8 points are left.

    Examples
    --------
    >>> from SALib.sample import sobol
    >>> problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0.0, 1.0]] * 2}
    >>> X = sobol.sample(problem, 256, calc_second_order=False, seed=1)
    >>> shares = sobol_shares(problem, 3 * X[:, 0])
    >>> shares["estimate"].round(2).tolist()
    [1.0, 1.0, 1.0, 0.0, 0.0, -1.0]
    """
    knobs = list(problem["names"])
    each = np.asarray(values, dtype=float).reshape(-1, len(knobs) + 2)
    each = each[np.isfinite(each).all(axis=1)]
    found = dict.fromkeys(("S1", "S1_conf", "ST", "ST_conf"), np.full(len(knobs), np.nan))
    found["ST_conf_all"] = np.full((2, len(knobs)), np.nan)
    moves = len(each) > 0 and np.ptp(each) > 1e-12 * (1 + np.abs(each).max())
    if moves and len(each) >= FEWEST_POINTS and each[:, [0, -1]].std() > 0:
        from SALib.analyze import sobol

        # SALib takes 0 for no seed at all.
        chance = np.random.default_rng(seed)
        how: dict[str, Any] = {"calc_second_order": False, "conf_level": intervals, "seed": chance}
        # A bootstrap sample without any spread has no shares.
        how |= {"num_resamples": 400, "keep_resamples": True}
        with np.errstate(all="ignore"):
            found = sobol.analyze(dict(problem), each.ravel(), **how)
    lines = []
    for place, knob in enumerate(knobs):
        for quantity, name in (("first_order", "S1"), ("total", "ST")):
            share, half = float(found[name][place]), float(found[f"{name}_conf"][place])
            low, high = max(share - half, min(0.0, share)), min(share + half, max(1.0, share))
            ends = {"estimate": share, "low": low, "high": high}
            lines.append({"knob": knob, "quantity": quantity, **ends})
        if len(knobs) > 1:
            over, draws = (_over_others(found[name], place) for name in ("ST", "ST_conf_all"))
            half = float(student(intervals) * np.std(draws, ddof=1))
            ends = {"estimate": float(over), "low": float(over) - half, "high": float(over) + half}
            lines.append({"knob": knob, "quantity": "total_over_others", **ends})
    return pd.DataFrame(lines).assign(people=len(each))


def _over_others(shares: np.ndarray, place: int) -> np.ndarray:
    """One knob's share less the largest of the others', in every draw."""
    less: np.ndarray = shares[..., place] - np.delete(shares, place, axis=-1).max(axis=-1)
    return less
