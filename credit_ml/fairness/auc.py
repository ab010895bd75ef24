"""The area under the ROC curve with DeLong's variance, in one pass over sorted scores."""

import numpy as np
from scipy import special, stats

from credit_ml.core import cluster_freedom, clustered_variance
from credit_ml.fairness.intervals import wilson


def auc_of_sorted(
    scores: np.ndarray, kept: np.ndarray, *, level: float, clusters: np.ndarray | None = None
) -> tuple[float, float, float]:
    """Share of (kept, not kept) pairs that the scores put in the right order, with interval.

    AUC = P(score of one who kept > score of one who did not) + half of ties; 0.5 means that
    the scores tell nothing. The variance is DeLong's, as mean ranks give it; the interval is
    made on the logit scale. Where all pairs agree (or one side has one person) that variance
    is 0 or unknown, and the interval is Wilson's with the smaller side as number of people,
    since var(AUC) <= AUC (1 - AUC) / min(kept, not kept) always.

    Cost: linear, for the scores are sorted.

    Parameters
    ----------
    scores : ndarray, rising
    kept : ndarray of bool
    level : float
        Of the interval.
    clusters : ndarray of int from 0, optional
        Who shares chances with whom: the variance is then that of the placements' sums over
        clusters (Obuchowski 1997), where it is larger, with Student's quantile.

    Returns
    -------
    estimate, low, high : float
        NaN when all or none kept the obligation.

    References
    ----------
    DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Comparing the areas under two
    or more correlated receiver operating characteristic curves. Biometrics, 44(3), 837-845.
    Sun, X. and Xu, W. (2014). Fast implementation of DeLong's algorithm. IEEE Signal Processing
    Letters, 21(11), 1389-1393.
    Obuchowski, N. A. (1997). Nonparametric analysis of clustered ROC curve data. Biometrics,
    53(2), 567-578.
    Birnbaum, Z. W. and Klose, O. M. (1957). Bounds for the variance of the Mann-Whitney
    statistic. Annals of Mathematical Statistics, 28(4), 933-945.

    Examples
    --------
    >>> kept = np.array([False, True, False, True])
    >>> auc_of_sorted(np.array([0.1, 0.4, 0.5, 0.8]), kept, level=0.95)[0]
    0.75
    """
    above, below = int(kept.sum()), int((~kept).sum())
    if not above or not below:
        return np.nan, np.nan, np.nan
    placed = placements(scores, kept)
    auc, smaller = float(placed[kept].mean()), min(above, below)
    variance, freedom = 0.0, np.inf
    if smaller > 1:
        variance = float(placed[kept].var(ddof=1) / above + placed[~kept].var(ddof=1) / below)
    if variance > 0 and clusters is not None:
        influence = np.where(kept, (placed - auc) / above, (placed - auc) / below)
        codes = np.unique(clusters, return_inverse=True)[1]
        variance = max(variance, float(np.nan_to_num(clustered_variance(influence, codes))))
        freedom = min(float(cluster_freedom(_sizes(codes, side))) for side in (kept, ~kept))
    return (auc, *auc_limits(auc, variance, smaller, freedom=freedom, level=level))


def auc_limits(
    auc: float, variance: float, smaller: int, *, level: float, freedom: float = np.inf
) -> tuple[float, float]:
    """Interval of an area on the logit scale; Wilson's where its variance says nothing."""
    if variance <= 0 or not 0 < auc < 1:
        low, high = wilson(np.array(auc), np.array(smaller), level=level)
        return float(low), float(high)
    half = stats.t.ppf((1 + level) / 2, freedom) * np.sqrt(variance) / (auc * (1 - auc))
    low, high = special.expit(special.logit(auc) + np.array([-half, half]))
    return float(low), float(high)


def placements(scores: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Share of the other side that each person beats (upper) or is beaten by, of rising scores.

    Ties count half. Both sides' means are the area under the curve.
    """
    above, below = int(upper.sum()), int((~upper).sum())
    ranks = _mean_ranks(scores)
    placed = np.empty(len(scores))
    placed[upper] = (ranks[upper] - _mean_ranks(scores[upper])) / below
    placed[~upper] = 1 - (ranks[~upper] - _mean_ranks(scores[~upper])) / above
    return placed


def _sizes(codes: np.ndarray, members: np.ndarray) -> np.ndarray:
    return np.bincount(codes, members).astype("float64")


def _mean_ranks(rising: np.ndarray) -> np.ndarray:
    starts = np.flatnonzero(np.concatenate([[True], rising[1:] != rising[:-1]]))
    sizes = np.diff(np.append(starts, len(rising)))
    return np.repeat(starts + (sizes + 1) / 2, sizes)
