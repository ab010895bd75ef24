"""Decisions at one share of all favoured, and what is measured of scorers at it."""

from dataclasses import dataclass, replace

import numpy as np

from credit_ml.core import Array, InputError, Mask
from credit_ml.inference import Comparison, Estimate, People

#: Bins of the calibration error, each with as many people.
BINS = 10


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Everybody's chance of a favourable decision when a given share of all is favoured."""

    favour: Array
    """Chances, shape (people,); they sum to the share times the people."""
    margin: Array
    """Who is next to gain or lose when the share moves, as weights that sum to 1."""
    share: float

    def moved(self, value: Array) -> Array:
        """What holding the share fixed adds to the influence on ``sum value * favour``."""
        return -(self.favour - self.share) * float(self.margin @ value)


def top_share(scores: Array, share: float) -> Decision:
    """Favour the share of people with the highest scores; those tied at it share the rest.

    Raises
    ------
    InputError
        When the share is not between 0 and 1: what all or none reach decides nothing.

    Examples
    --------
    >>> top_share(np.array([1.0, 3.0, 3.0, 5.0]), 0.5).favour.tolist()
    [0.0, 0.5, 0.5, 1.0]
    """
    problem, remedy = f"favours a share of {share:g}", "give one that some reach"
    InputError.unless(0 < share < 1, "threshold", problem, remedy)
    people = len(scores)
    places = share * people
    rising = np.sort(scores)
    cut = rising[people - int(np.ceil(places - 1e-9))]
    tied, above = scores == cut, scores > cut
    part = np.clip((places - above.sum()) / tied.sum(), 0.0, 1.0)
    near = max(1, round(people**0.8 / 2))
    middle = people - round(places)
    low, high = rising[max(0, middle - near)], rising[min(people - 1, middle + near)]
    margin = ((scores >= low) & (scores <= high)).astype(np.float64)
    return Decision(favour=above + part * tied, margin=margin / margin.sum(), share=share)


def by_lot(chances: Array, share: float) -> Decision:
    """Bring decisions to a share by lot: among all favoured when too many, all others when few.

    Lots leave parity as it is: equal rates of groups stay equal, whatever was made equal.

    Examples
    --------
    >>> by_lot(np.array([0.0, 1.0, 1.0, 0.0]), 0.25).favour.tolist()
    [0.0, 0.5, 0.5, 0.0]
    >>> by_lot(np.array([0.0, 1.0, 1.0, 0.0]), 0.75).favour.tolist()
    [0.5, 1.0, 1.0, 0.5]
    """
    own = float(chances.mean())
    if own >= share:
        favour = chances * (share / own)
        return Decision(favour=favour, margin=favour / favour.sum(), share=share)
    favour = chances + (1 - chances) * (share - own) / (1 - own)
    return Decision(favour=favour, margin=(1 - favour) / (1 - favour).sum(), share=share)


def selection_gap(people: People, decision: Decision, pair: Comparison) -> Estimate:
    """Difference of the shares favoured, the share of all held fixed.

    A group in which all are favoured alike says nothing of its own spread: there the interval is
    that of two shares (Newcombe's), which holds nothing fixed and so is the wider one.
    """
    sides = (pair.inside, pair.outside)
    if any(np.ptp(decision.favour[who]) == 0 for who in sides):
        inside, outside = (people.share(decision.favour, who) for who in sides)
        return inside - outside
    means = [float(decision.favour[who].mean()) for who in sides]
    weight = pair.inside / pair.inside.sum() - pair.outside / pair.outside.sum()
    pull = weight * (decision.favour - np.where(pair.inside, *means)) + decision.moved(weight)
    gap = people.from_influence(means[0] - means[1], pull, bounds=(-1.0, 1.0))
    return replace(gap, people=np.asarray(float(pair.inside.sum())))


def accuracy_of(people: People, decision: Decision, kept: Array) -> Estimate:
    """Share foretold rightly: kept and favoured, or neither; the share favoured held fixed."""
    right = decision.favour * kept + (1 - decision.favour) * (1 - kept)
    pull = (right - right.mean()) / len(kept) + decision.moved((2 * kept - 1) / len(kept))
    return people.from_influence(right.mean(), pull, bounds=(0.0, 1.0), family="share")


def decision_auc(people: People, decision: Decision, kept: Array) -> Estimate:
    """AUC of the decisions alone, ``(1 + P(favoured | kept) - P(favoured | not kept)) / 2``.

    NaN when all or none kept.
    """
    good = kept == 1
    if good.all() or not good.any():
        return people.auc(decision.favour, kept)
    return selection_gap(people, decision, Comparison("", "", "", good, ~good)).scaled(0.5, 0.5)


def gained(people: People, now: Decision, before: Decision, who: Mask) -> Estimate:
    """Share of a group favoured now and not before, at the fewest changes that the chances allow.

    Swap the decisions for the share that lost.
    """
    more = np.maximum(now.favour - before.favour, 0.0)
    mean, weight = float(more[who].mean()), who / who.sum()
    pull = weight * (more - mean)
    pull += now.moved(weight * (1 - before.favour)) - before.moved(weight * now.favour)
    found = people.from_influence(mean, pull, bounds=(0.0, 1.0), family="share")
    return replace(found, worth=np.asarray(float(who.sum())))


def calibration_error(
    people: People, probability: Array, kept: Array, *, bins: int = BINS
) -> Estimate:
    """Mean distance of probability and share kept, over bins of as many people each.

    0 is perfect; chance alone makes it positive, and the interval does not take that back.

    References
    ----------
    Naeini, M. P., Cooper, G. F. and Hauskrecht, M. (2015). Obtaining well calibrated
    probabilities using Bayesian binning. AAAI.
    """
    edges = np.quantile(probability, np.linspace(0, 1, bins + 1)[1:-1])
    where = np.searchsorted(edges, probability, side="right")
    miss = kept - probability
    side = np.sign(np.bincount(where, miss, minlength=bins))[where]
    return people.mean(side * miss, bounds=(0.0, 1.0))
