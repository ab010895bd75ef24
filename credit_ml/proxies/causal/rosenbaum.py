"""How far chances of being in a group may differ unseen before a comparison of likes says nothing.

People of one stratum are alike in all that was measured. An unmeasured cause may still make one of
two such people more likely to be of the group: by odds of at most gamma. The bounds are the worst
that it can do to a test that those of the group have what they would have had anyway.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from credit_ml.core import Array, InputError, Mask, Rows
from credit_ml.inference import checked_level

#: In a larger stratum so many places are tried where the unseen cause may part its people; what
#: they do to the bound is smooth, so the largest is missed by little.
MOST_PLACES = 64
#: Odds above which nothing is told apart: the value is then infinite.
LARGEST = 1e6


@dataclass(frozen=True)
class _Alike:
    """Strata with as many people, and as many of the group, each: who has most stands first."""

    scores: Array
    """Shape (strata, people of a stratum), falling in each row."""
    members: int

    def worst(self, gamma: float) -> tuple[float, float]:
        """Sum over strata of the largest expectation of the group's scores, and its variance."""
        people = self.scores.shape[1]
        step = max(1, (people - 1) // MOST_PLACES)
        above = np.arange(1, people, step)
        expected, squared = _chosen(above, people, self.members, gamma)
        upper, upper_spread = _moments(self.scores, above)
        lower, lower_spread = (
            each[:, ::-1] for each in _moments(self.scores[:, ::-1], people - above[::-1])
        )
        rest = self.members - expected
        rest_squared = self.members**2 - 2 * self.members * expected + squared
        mean = upper * expected + lower * rest
        spread = (upper - lower) ** 2 * (squared - expected**2)
        spread += upper_spread * (expected - squared / above)
        spread += lower_spread * (rest - rest_squared / (people - above))
        # Of places that do the same to the mean, the one that leaves most to chance.
        largest = mean >= mean.max(axis=1, keepdims=True) - 1e-12 * np.abs(mean).max()
        return float(mean.max(axis=1).sum()), float(
            np.where(largest, spread, 0.0).max(axis=1).sum()
        )


def rosenbaum_p_value(
    outcome: ArrayLike, member: ArrayLike, strata: ArrayLike | None = None, *, gamma: float = 1.0
) -> float:
    """Largest one-sided p value that unmeasured odds of at most gamma could have made.

    Tests that being of the group changes nothing for anybody, against the side that was seen. For
    outcomes of 0 and 1 the group's sum in each stratum (Mantel and Haenszel), else the sum of
    aligned ranks, of outcomes less their stratum's mean (Hodges and Lehmann). The worst cause
    parts each stratum in those with the larger outcomes and the others; it is found in each stratum
    by itself, which is right for many strata and close to it for few. Normal approximation.

    Cost: people times the places tried in each stratum, 64 at most.

    Parameters
    ----------
    outcome : array_like of float, shape (people,)
    member : array_like of bool, shape (people,)
        Who is of the group; the others are of the reference group.
    strata : array_like, shape (people,), optional
        Which people are alike in what was measured; all by default. Strata without either
        group tell nothing.
    gamma : float
        Odds of being of the group, of one person against another of the stratum; 1 is none.

    Returns
    -------
    float
        0 to 1; 1 where no stratum has both groups with outcomes that differ.

    Raises
    ------
    InputError
        When gamma is below 1 or not finite, or lengths differ.

    References
    ----------
    Rosenbaum, P. R. (2002). Observational Studies, 2nd edition, chapter 4. Springer.
    Gastwirth, J. L., Krieger, A. M. and Rosenbaum, P. R. (2000). Asymptotic separability in
    sensitivity analysis. Journal of the Royal Statistical Society B 62, 545-555.

    Examples
    --------
    >>> outcome = [1, 0] * 30 + [0, 0] * 5
    >>> pairs = np.repeat(np.arange(35), 2)
    >>> [round(rosenbaum_p_value(outcome, [True, False] * 35, pairs, gamma=g), 3) for g in (1, 8)]
    [0.0, 0.05]
    """
    problem = f"is {gamma!r}"
    InputError.unless(1 <= gamma < np.inf, "gamma", problem, "give a finite number of at least 1")
    values, members, groups = _checked(outcome, member, strata)
    return _Test(values, members, groups).p_value(gamma)


def rosenbaum_gamma(
    outcome: ArrayLike, member: ArrayLike, strata: ArrayLike | None = None, *, level: float = 0.95
) -> float:
    """Odds by which an unmeasured cause must set alike people apart to explain a comparison away.

    The smallest gamma whose `rosenbaum_p_value` is above (1 - level) / 2: 1 is fragile (it needs no
    cause at all), and infinite is what no odds explain.

    Cost: some 40 times that of `rosenbaum_p_value`.

    Parameters
    ----------
    outcome, member, strata
        As in `rosenbaum_p_value`.
    level : float
        Of the two-sided test, in (0, 1).

    References
    ----------
    See `rosenbaum_p_value`.

    Examples
    --------
    >>> outcome = [1, 0] * 30 + [0, 0] * 5
    >>> round(rosenbaum_gamma(outcome, [True, False] * 35, np.repeat(np.arange(35), 2)), 1)
    6.1
    """
    from scipy.optimize import brentq

    values, members, groups = _checked(outcome, member, strata)
    test, limit = _Test(values, members, groups), (1 - checked_level(level)) / 2
    if test.p_value(1.0) >= limit:
        return 1.0
    if test.p_value(LARGEST) < limit:
        return np.inf
    # The p value as its normal quantile: nearly straight in the logarithm of the odds.
    place = stats.norm.isf(limit)
    root = brentq(lambda log: test.distance(np.exp(log)) - place, 0.0, np.log(LARGEST), xtol=1e-6)
    return float(np.exp(cast(float, root)))


class _Test:
    """The sum of the group's scores over strata, towards the side that was seen."""

    def __init__(self, values: Array, members: Mask, groups: Rows) -> None:
        size = np.bincount(groups)
        binary = np.isin(values, (0, 1)).all()
        aligned = values - (np.bincount(groups, values) / np.maximum(size, 1))[groups]
        # Rounding must not order people whose outcomes differ from the mean by the same.
        scores = values if binary else stats.rankdata(np.round(aligned, 12))
        # Less their stratum's mean, so that one whose outcomes are all alike counts for nothing.
        scores = scores - (np.bincount(groups, scores) / np.maximum(size, 1))[groups]
        inside = np.bincount(groups, members)
        both = ((inside > 0) & (inside < size))[groups]
        seen = float(scores[members & both].sum())
        side = -1.0 if seen < 0 else 1.0
        self.strata = list(_alike(side * scores[both], members[both], groups[both]))
        # Sums of 0 and 1 are whole: half of one is the correction for continuity.
        self.seen = side * seen - (0.5 if binary else 0.0)

    def distance(self, gamma: float) -> float:
        """How many standard deviations the sum stands above the worst expectation."""
        worst = np.array([each.worst(gamma) for each in self.strata]).reshape(-1, 2).sum(axis=0)
        mean, variance = worst
        gap = self.seen - mean
        # A stratum of which odds without end make one certain outcome leaves nothing to chance.
        return float(gap / np.sqrt(variance)) if variance > 0 else float(np.sign(gap) * np.inf)

    def p_value(self, gamma: float) -> float:
        """Upper bound of the one-sided p value."""
        if not self.strata:
            return 1.0
        distance = self.distance(gamma)
        return 1.0 if np.isnan(distance) else float(stats.norm.sf(distance))


def _checked(
    outcome: ArrayLike, member: ArrayLike, strata: ArrayLike | None
) -> tuple[Array, Mask, Rows]:
    values, members = np.asarray(outcome, dtype=np.float64), np.asarray(member, dtype=bool)
    if strata is None:
        strata = np.zeros(len(values))
    groups = np.unique(np.asarray(strata), return_inverse=True)[1]
    for place, given in (("member", members), ("strata", groups)):
        problem = f"has {len(given)} values, and outcome {len(values)}"
        InputError.unless(len(given) == len(values), place, problem, "give one for each person")
    lost = int((~np.isfinite(values)).sum())
    problem = f"has {lost} values that are no finite number"
    InputError.unless(lost == 0, "outcome", problem, "leave these people out")
    return values, members, groups


def _alike(scores: Array, members: Mask, groups: Rows) -> Iterator[_Alike]:
    """Strata of equal sizes and equal numbers of the group, together."""
    if len(scores) == 0:
        return
    order = np.lexsort((-scores, groups))
    scores, groups = scores[order], np.unique(groups, return_inverse=True)[1][order]
    size = np.bincount(groups)
    inside = np.bincount(groups, members[order]).astype(np.intp)
    start = np.cumsum(size) - size
    for people, count in np.unique(np.column_stack([size, inside]), axis=0):
        first = start[(size == people) & (inside == count)]
        rows = scores[first[:, None] + np.arange(people)]
        rows = rows[rows[:, 0] - rows[:, -1] > 1e-9]
        if len(rows):
            yield _Alike(rows, int(count))


def _chosen(above: Rows, people: int, members: int, gamma: float) -> tuple[Array, Array]:
    """Mean and mean square of how many of the group stand above, of Fisher's distribution."""
    count = np.arange(members + 1)
    left = above[:, None]
    with np.errstate(invalid="ignore"):
        weight = _log_choose(left, count) + _log_choose(people - left, members - count)
        weight = weight + count * np.log(gamma)
    chance = special.softmax(np.where(np.isnan(weight), -np.inf, weight), axis=1)
    return chance @ count, chance @ count**2.0


def _log_choose(total: Rows, count: Rows) -> Array:
    possible = (count >= 0) & (count <= total)
    count = np.where(possible, count, 0)
    parts = special.gammaln(count + 1) + special.gammaln(total - count + 1)
    return np.where(possible, special.gammaln(total + 1) - parts, -np.inf)


def _moments(scores: Array, first: Rows) -> tuple[Array, Array]:
    """Mean and variance (of a sample) of the first so many of each row."""
    centre = scores - scores.mean(axis=1, keepdims=True)
    sums, squares = centre.cumsum(axis=1)[:, first - 1], (centre**2).cumsum(axis=1)[:, first - 1]
    mean = sums / first
    spread = np.maximum(squares - first * mean**2, 0.0) / np.maximum(first - 1, 1)
    return mean + scores.mean(axis=1, keepdims=True), spread
