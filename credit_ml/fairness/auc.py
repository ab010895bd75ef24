"""The area under the ROC curve with DeLong's variance, in one pass over sorted scores."""

import numpy as np
from scipy import special, stats

from credit_ml.fairness.intervals import wilson


def auc_of_sorted(
    scores: np.ndarray, kept: np.ndarray, *, level: float
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
    ranks = _mean_ranks(scores)
    # How many of the other side each person beats, as a share.
    of_kept = (ranks[kept] - _mean_ranks(scores[kept])) / below
    of_others = 1 - (ranks[~kept] - _mean_ranks(scores[~kept])) / above
    auc, smaller = float(of_kept.mean()), min(above, below)
    variance = 0.0
    if smaller > 1:
        variance = float(of_kept.var(ddof=1) / above + of_others.var(ddof=1) / below)
    if variance <= 0 or not 0 < auc < 1:
        low, high = wilson(np.array(auc), np.array(smaller), level=level)
        return auc, float(low), float(high)
    half = stats.norm.ppf((1 + level) / 2) * np.sqrt(variance) / (auc * (1 - auc))
    low, high = special.expit(special.logit(auc) + np.array([-half, half]))
    return auc, float(low), float(high)


def _mean_ranks(rising: np.ndarray) -> np.ndarray:
    starts = np.flatnonzero(np.concatenate([[True], rising[1:] != rising[:-1]]))
    sizes = np.diff(np.append(starts, len(rising)))
    return np.repeat(starts + (sizes + 1) / 2, sizes)
