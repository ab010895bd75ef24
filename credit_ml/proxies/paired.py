"""Numbers with the influence of every person on them, so that their differences have intervals."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from credit_ml.core import InputError

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Bins of the calibration error, each with as many people.
BINS = 10


@dataclass(frozen=True, kw_only=True)
class Estimated:
    """A number and what each person adds to its error; subtract two of the same people."""

    estimate: float
    influence: Array
    """Shape (people,); to first order ``estimate - truth`` is its sum over people drawn anew."""

    def __sub__(self, other: "Estimated") -> Self:
        return type(self)(
            estimate=self.estimate - other.estimate, influence=self.influence - other.influence
        )

    def interval(
        self, clusters: NDArray[np.intp] | None, *, level: float
    ) -> tuple[float, float, float]:
        """Estimate and limits, right when people of a cluster share chances.

        ``variance = C / (C - 1) * sum over clusters of (sum of influence)^2``, with Student's
        quantile of C - 1 degrees of freedom; without clusters everybody is one.

        Cost: one pass over people.

        Raises
        ------
        InputError
            When the level is not between 0 and 1.

        References
        ----------
        Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear
        models. Biometrika 73, 13-22. Cameron, A. C. and Miller, D. L. (2015). A practitioner's
        guide to cluster-robust inference. Journal of Human Resources 50, 317-372.

        Examples
        --------
        >>> mean = Estimated(estimate=2.0, influence=np.array([-1.0, 0.0, 1.0]) / 3)
        >>> [round(part, 3) for part in mean.interval(None, level=0.95)]
        [2.0, -0.484, 4.484]
        """
        if not 0 < level < 1:
            raise InputError("intervals", f"is {level!r}", "give a level such as 0.95")
        sums = self.influence if clusters is None else np.bincount(clusters, self.influence)
        number = len(sums)
        if number < 2 or not np.isfinite(self.estimate):
            return self.estimate, float("nan"), float("nan")
        error = float(np.sqrt(number / (number - 1) * (sums @ sums)))
        half = float(stats.t.ppf((1 + level) / 2, number - 1)) * error
        return self.estimate, self.estimate - half, self.estimate + half


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
    """Favour the share of people with the highest scores; those tied at the line share the rest.

    Raises
    ------
    InputError
        When the share is not between 0 and 1: a line that all or none reach decides nothing.

    Examples
    --------
    >>> top_share(np.array([1.0, 3.0, 3.0, 5.0]), 0.5).favour.tolist()
    [0.0, 0.5, 0.5, 1.0]
    """
    if not 0 < share < 1:
        raise InputError("line", f"favours a share of {share:g}", "give a line that some reach")
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


def mean_of(values: Array, who: Mask | None = None) -> Estimated:
    """Mean over some of the people, all by default."""
    inside = np.ones(len(values), dtype=bool) if who is None else who
    mean = float(values[inside].mean())
    return Estimated(estimate=mean, influence=np.where(inside, values - mean, 0.0) / inside.sum())


def gap_of(values: Array, inside: Mask, outside: Mask) -> Estimated:
    """Difference of the means of a group and the reference group."""
    return mean_of(values, inside) - mean_of(values, outside)


def selection_gap(decision: Decision, inside: Mask, outside: Mask) -> Estimated:
    """Difference of the shares favoured, the share of all held fixed."""
    gap = gap_of(decision.favour, inside, outside)
    value = inside / inside.sum() - outside / outside.sum()
    return Estimated(estimate=gap.estimate, influence=gap.influence + decision.moved(value))


def accuracy_of(decision: Decision, kept: Array) -> Estimated:
    """Share foretold rightly: kept and favoured, or neither; the share favoured held fixed."""
    right = mean_of(decision.favour * kept + (1 - decision.favour) * (1 - kept))
    moved = decision.moved((2 * kept - 1) / len(kept))
    return Estimated(estimate=right.estimate, influence=right.influence + moved)


def decision_auc(decision: Decision, kept: Array) -> Estimated:
    """AUC of the decisions alone, ``(1 + P(favoured | kept) - P(favoured | not kept)) / 2``.

    NaN when all or none kept.
    """
    good = kept == 1
    if good.all() or not good.any():
        return Estimated(estimate=float("nan"), influence=np.zeros(len(kept)))
    found = selection_gap(decision, good, ~good)
    return Estimated(estimate=(1 + found.estimate) / 2, influence=found.influence / 2)


def gained(now: Decision, before: Decision, who: Mask) -> Estimated:
    """Share of a group favoured now and not before, at the fewest changes that the chances allow.

    Swap the decisions for the share that lost.
    """
    found = mean_of(np.maximum(now.favour - before.favour, 0.0), who)
    weight = who / who.sum()
    moved = now.moved(weight * (1 - before.favour)) - before.moved(weight * now.favour)
    return Estimated(estimate=found.estimate, influence=found.influence + moved)


def auc_of(scores: Array, kept: Array) -> Estimated:
    """Share of pairs (kept, not kept) in the right order, ties half, with DeLong's influence.

    NaN when all or none kept.

    References
    ----------
    DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Comparing the areas under two or
    more correlated receiver operating characteristic curves. Biometrics 44, 837-845.
    """
    good = kept == 1
    above, below = int(good.sum()), int((~good).sum())
    if not above or not below:
        return Estimated(estimate=float("nan"), influence=np.zeros(len(scores)))
    ranks = stats.rankdata(scores)
    beats = np.empty(len(scores))
    beats[good] = (ranks[good] - stats.rankdata(scores[good])) / below
    beats[~good] = 1 - (ranks[~good] - stats.rankdata(scores[~good])) / above
    auc = float(beats[good].mean())
    return Estimated(estimate=auc, influence=(beats - auc) / np.where(good, above, below))


def calibration_error(probability: Array, kept: Array, *, bins: int = BINS) -> Estimated:
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
    return mean_of(side * miss)
