"""What a response did: one number a person for each measure, and means with intervals.

accuracy : p' d' + (1 - p') (1 - d'), the chance that the decision d' on the first privilege is
    right about an obligation kept with probability p' after the response. Without known
    probabilities, whether d' equals the outcome on file.
auc : chance that a keeper's score after the response is above a breaker's, ties counting half,
    each person being a keeper with weight p' and a breaker with 1 - p'. It says how well scores
    still tell people apart, whatever the threshold.
price_of_opacity : error under the regime minus error under full disclosure, the score fixed.
    Above zero, secrecy costs accuracy; below, it buys some.
social_burden : least cost at which one who keeps obligations reaches the first privilege,
    averaged with the weights p (Milli et al. 2019). Who cannot reach it with any bundle is
    counted at the cost of the dearest one: a lower bound.
rank_inflation : s' - S(r'), where S(r') is the old score at the new rank r': points gained
    without any change of rank (S23). Over everybody it equals the mean gain, because places
    are only exchanged.
improvement_share : improving actions among all actions taken.
wasted : acted, and won no privilege.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit, logit

from credit_ml.core import InputError
from credit_ml.disclosure.response import Aim, Options

Array = NDArray[np.float64]

UNITS = {
    "share_who_act": "share of people",
    "spending": "share of a year's income",
    "points_gained": "points",
    "privileges_won": "privileges a person",
    "privileges_lost": "privileges a person",
    "wasted": "share of people",
    "accuracy": "share of decisions",
    "auc": "chance to rank right",
    "price_of_opacity": "share of decisions",
    "social_burden": "share of a year's income",
    "rank_inflation": "points",
    "improvement_share": "share of actions",
}


@dataclass(frozen=True, kw_only=True)
class Responded:
    """What everybody has after acting under one regime, one value a person."""

    chosen: NDArray[np.intp]
    """Number of the bundle."""
    before: Array
    """Scores before."""
    after: Array
    """Scores after."""
    spending: Array
    """Cost, share of own yearly income."""
    kept: Array
    """Chance of keeping an obligation after the response, or the outcome on file."""
    right: Array
    """Chance that the decision is right, or whether it is."""
    improving: Array
    """Improving actions taken."""
    actions: Array
    """Actions taken."""


def responded(
    chosen: NDArray[np.intp], open_to: Options, lead: Aim, *, probability: Array | None,
    outcome: Array | None,
) -> Responded:  # fmt: skip
    """Follow everybody's choice to scores, decisions and the truth."""
    rows = np.arange(len(chosen))
    after = open_to.scores[chosen, rows]
    decided = after >= lead.threshold
    kinds = [[action.kind for action in bundle.actions] for bundle in open_to.bundles]
    improving = np.array([kind.count("improving") for kind in kinds], dtype=np.float64)
    if probability is not None:
        effect = np.array([bundle.outcome_effect for bundle in open_to.bundles])[chosen]
        kept = np.where(effect == 0, probability, expit(logit(probability) + effect))
    elif outcome is not None:
        kept = outcome.astype(np.float64)
    else:
        kept = np.full(len(chosen), np.nan)
    return Responded(
        chosen=chosen,
        before=open_to.scores[0],
        after=after,
        spending=open_to.costs[chosen, rows],
        kept=kept,
        right=np.where(decided, kept, 1 - kept),
        improving=improving[chosen],
        actions=np.array([len(kind) for kind in kinds], dtype=np.float64)[chosen],
    )


def burden(open_to: Options, lead: Aim) -> tuple[Array, float]:
    """Least cost of reaching the first privilege for each person, and the share who cannot."""
    reached = open_to.scores >= lead.threshold
    cost = np.where(reached, open_to.costs, np.inf).min(axis=0)
    never = ~np.isfinite(cost)
    dearest = np.where(np.isfinite(open_to.costs), open_to.costs, 0.0).max(axis=0)
    return np.where(never, dearest, cost), float(never.mean())


def rank_inflation(found: Responded) -> Array:
    """Points gained by each person without any change of rank."""
    order = np.argsort(found.after, kind="stable")
    old_at_rank = np.empty(len(order))
    old_at_rank[order] = np.sort(found.before)
    return found.after - old_at_rank


def per_person(
    found: Responded, full: Responded, aims: Sequence[Aim], burdens: Array
) -> dict[str, Array]:
    """Return the measures that are plain means over people, one value a person."""
    won, lost = np.zeros(len(found.after)), np.zeros(len(found.after))
    for aim in aims:
        had, has = found.before >= aim.threshold, found.after >= aim.threshold
        won += has & ~had
        lost += had & ~has
    acted = found.chosen > 0
    return {
        "share_who_act": acted.astype(np.float64),
        "spending": found.spending,
        "points_gained": found.after - found.before,
        "privileges_won": won,
        "privileges_lost": lost,
        "wasted": (acted & (won == 0)).astype(np.float64),
        "accuracy": found.right,
        "price_of_opacity": full.right - found.right,
        "social_burden": burdens,
        "rank_inflation": rank_inflation(found),
    }


def auc_row(scores: Array, kept: Array, *, quantile: float) -> dict[str, float]:
    """Weighted AUC with a normal interval from its influence function (DeLong et al. 1988)."""
    breaks = 1 - kept
    if np.isnan(kept).any() or not kept.sum() > 0 or not breaks.sum() > 0:
        return {"estimate": np.nan, "low": np.nan, "high": np.nan}
    below = _share_below(scores, breaks)
    above = 1 - _share_below(scores, kept)
    auc = float((kept * below).sum() / kept.sum())
    influence = kept * (below - auc) / kept.mean() + breaks * (above - auc) / breaks.mean()
    half = quantile * float(np.sqrt((influence**2).mean() / len(scores)))
    return {"estimate": auc, "low": auc - half, "high": auc + half}


def _share_below(scores: Array, weights: Array) -> Array:
    """Share of the weight at lower scores, half of that at equal ones, for each person."""
    _, place = np.unique(scores, return_inverse=True)
    at = np.bincount(place, weights=weights)
    share: Array = ((np.cumsum(at) - at / 2) / weights.sum())[place]
    return share


def mean_row(values: Array, weights: Array | None, *, quantile: float) -> dict[str, float]:
    """Mean (weighted if asked) with a normal interval; none for a single person.

    The variance of a ratio of sums is that of its linearised residuals (delta method).
    """
    weights = np.ones(len(values)) if weights is None else weights
    total = float(weights.sum())
    if not len(values) or not total > 0 or np.isnan(values).any():
        return {"estimate": np.nan, "low": np.nan, "high": np.nan}
    mean = float((weights * values).sum() / total)
    if len(values) < 2:
        return {"estimate": mean, "low": np.nan, "high": np.nan}
    residual = weights * (values - mean) / (total / len(values))
    half = quantile * float(np.sqrt((residual**2).sum() / (len(values) - 1) / len(values)))
    return {"estimate": mean, "low": mean - half, "high": mean + half}


def ratio_row(top: Array, bottom: Array, *, quantile: float) -> dict[str, float]:
    """Ratio of two sums with a delta-method interval; NaN when the lower sum is zero."""
    safe = np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1), 0.0)
    return mean_row(safe, bottom, quantile=quantile)


def difference_row(group: Array, reference: Array, *, quantile: float) -> dict[str, float]:
    """Difference of two groups' means with a normal interval, variances unequal."""
    one, other = (mean_row(values, None, quantile=quantile) for values in (group, reference))
    estimate = one["estimate"] - other["estimate"]
    half = np.hypot(one["high"] - one["estimate"], other["high"] - other["estimate"])
    return {"estimate": estimate, "low": estimate - half, "high": estimate + half}


def normal_quantile(intervals: float) -> float:
    """Two-sided normal quantile of a level; raises InputError unless it is in (0, 1)."""
    if not 0 < intervals < 1:
        raise InputError("intervals", f"is {intervals!r}", "give a level such as 0.95")
    return float(stats.norm.ppf((1 + intervals) / 2))


def labelled(values: dict[str, float], **labels: Any) -> dict[str, Any]:
    """Return one row of a disclosure's table."""
    return {**labels, **values}


COLUMNS_OF_TABLE = pd.Index(
    ["regime", "sensitive", "group", "reference_group", "measure", "estimate", "low", "high",
     "unit"]
)  # fmt: skip
