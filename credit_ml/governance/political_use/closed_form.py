"""How many citizens it takes to find a hidden penalty: closed forms, and the power they imply."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from credit_ml.core import Array, InputError
from credit_ml.governance.political_use.options import is_number


def citizens_needed(
    effect: float,
    deviation: float,
    share: float,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    sides: int = 2,
) -> int:
    """Citizens among whom a test finds that some have fewer points.

    ``N = (z_alpha + z_power)^2 sd^2 / (effect^2 share (1 - share))``: the means of two groups held
    against each other. It is least where half are of the group: critics are few, which costs.

    Parameters
    ----------
    effect : float
        Points that one of the group has fewer on average, above 0; a penalty times the share
        who are hit.
    deviation : float
        Standard deviation of the points within groups, above 0; of what is left of them where an
        auditor predicts points from records.
    share : float
        Of the group, between 0 and 1.
    power, alpha : float
        Chance to find it, and of a false alarm.
    sides : {1, 2}

    Raises
    ------
    InputError
        When a number is out of range.

    Examples
    --------
    >>> citizens_needed(20, 130, share=0.02)
    16920
    >>> citizens_needed(20, 40, share=0.02)
    1602
    """
    _checked(effect=effect, deviation=deviation, share=share, power=power)
    reach = _reach(power, alpha, sides) * deviation / effect
    return max(1, math.ceil(reach**2 / (share * (1.0 - share))))


def listings_needed(
    elsewhere: float,
    added: float,
    share: float,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    sides: int = 2,
) -> int:
    """Citizens among whom a test finds that some are listed more often.

    Two proportions, ``p = elsewhere`` and ``p1 = elsewhere + added``: ``N = (z_alpha sqrt(m (1 - m)
    / (share (1 - share))) + z_power sqrt(p1 (1 - p1) / share + p (1 - p) / (1 - share)))^2 /
    added^2`` with m the share listed of all.

    Parameters
    ----------
    elsewhere : float
        Share listed of people who are not of the group, from 0 to 1.
    added : float
        By how much the group's share is larger, above 0.
    share, power, alpha, sides
        As in `citizens_needed`.

    Raises
    ------
    InputError
        When a number is out of range.

    References
    ----------
    Fleiss, J. L. (1981). Statistical methods for rates and proportions. Wiley, chapter 3.

    Examples
    --------
    >>> listings_needed(0.05, 0.25, share=0.02)
    562
    """
    _checked(added=added, share=share, power=power)
    possible = is_number(elsewhere) and elsewhere >= 0.0 and elsewhere + added <= 1.0
    problem = f"are {elsewhere!r} and {added!r} more"
    InputError.unless(possible, "shares listed", problem, "give shares from 0 to 1")
    spread, own = _spreads(elsewhere, added, share)
    alarm = special.ndtri(1.0 - _tail(alpha, sides))
    reach = max(0.0, float(alarm * spread + special.ndtri(power) * own))
    return max(1, math.ceil((reach / added) ** 2))


def scores_needed(
    penalty: float,
    deviation: float,
    share: float,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    sides: int = 1,
) -> int:
    """Citizens whose scores alone, without names, let the best possible test find a penalty.

    A share of the scores is moved down: ``(1 - share) f(x) + share f(x + penalty)``. By the
    likelihood ratio (Neyman and Pearson) no test of so few hit finds more than one with
    ``N = ((z_alpha + z_power) / share)^2 / (exp((penalty / sd)^2) - 1)``, for normal scores whose
    law without the penalty is known: the denominator is the chi-square distance of both laws.

    Parameters
    ----------
    penalty, deviation : float
        In points, above 0.
    share : float
        Who are hit, of all citizens.
    power, alpha, sides
        As in `citizens_needed`; an auditor looks for missing points, so one side by default.

    Raises
    ------
    InputError
        When a number is out of range.

    References
    ----------
    Neyman, J. and Pearson, E. S. (1933). On the problem of the most efficient tests of statistical
    hypotheses. Philosophical Transactions of the Royal Society A 231, 289-337.

    Examples
    --------
    >>> scores_needed(100, 130, share=0.02)
    19151
    """
    _checked(penalty=penalty, deviation=deviation, share=share, power=power)
    reach = _reach(power, alpha, sides) / share
    return max(1, math.ceil(reach**2 / _apart(penalty, deviation)))


def scores_power(
    citizens: float, penalty: float, deviation: float, share: float, *, alpha: float = 0.05
) -> float:
    """Power of the test of `scores_needed`, one-sided: a bound on any auditor without names.

    Raises
    ------
    InputError
        When a number is out of range.

    Examples
    --------
    >>> round(scores_power(19151, 100, 130, share=0.02), 3)
    0.8
    """
    _checked(citizens=citizens, penalty=penalty, deviation=deviation, share=share)
    signal = share * math.sqrt(citizens * _apart(penalty, deviation))
    return float(special.ndtr(signal - special.ndtri(1.0 - _tail(alpha, 1))))


@dataclass(frozen=True, eq=False)
class PointsLaw:
    """What it takes to find points taken of the marked, in societies: a test of two means.

    `signal` is how many standard errors fewer the marked have where every critic is hit; `luck`
    what chance adds to the variance, in squared standard errors, by who of the critics is hit.
    """

    signal: Array
    luck: Array

    def power(self, rates: ArrayLike, alpha: float, times: float = 1.0) -> Array:
        """Power of shape (societies, rates), among `times` as many citizens.

        ``Phi((rate signal - z) / sqrt(1 + rate (1 - rate) luck))``.

        Examples
        --------
        >>> law = PointsLaw(np.array([4.0]), np.array([0.0]))
        >>> law.power([0.0, 1.0], 0.05).round(2).tolist()
        [[0.05, 0.99]]
        """
        asked = np.asarray(rates, dtype=np.float64)
        far = asked * math.sqrt(times) * self.signal[:, None] - special.ndtri(1.0 - alpha)
        more = asked * (1.0 - asked) * self.luck[:, None]
        return np.asarray(special.ndtr(far / np.sqrt(1.0 + more)))


@dataclass(frozen=True, eq=False)
class ListLaw:
    """What it takes to find that the marked are listed more often, in societies: Fisher's test."""

    marked: Array
    """How many they are."""
    share: Array
    """Of all."""
    before: Array
    """Share listed where no critic is hit, of marked and others alike."""
    inside: Array
    """Share of the marked who are listed only where every critic is hit; `outside` of others."""
    outside: Array

    def power(self, rates: ArrayLike, alpha: float, times: float = 1.0) -> Array:
        """Power of shape (societies, rates), among `times` as many citizens.

        The number of marked people listed is taken as binomial, ``n / (1 - share)`` draws against
        the share listed of all, which is the law of Fisher's test where the marked are few of all,
        however few are listed, and has its variance where they are many. At the edge the alarm is
        raised by lot, as in `listing_alarms`.

        Examples
        --------
        >>> law = ListLaw(*(np.array([each]) for each in (20.0, 0.02, 0.03, 0.9, 0.01)))
        >>> law.power([0.0, 0.25], 0.05).round(2).tolist()
        [[0.05, 0.92]]
        """
        from scipy.stats import binom

        asked = np.asarray(rates, dtype=np.float64)
        number = np.rint(times * self.marked / (1.0 - self.share))[:, None]
        own, others = (
            self.before[:, None] + asked * more[:, None] for more in (self.inside, self.outside)
        )
        of_all = others + self.share[:, None] * (own - others)
        edge = binom.isf(alpha, number, of_all)
        lot = (alpha - binom.sf(edge, number, of_all)) / binom.pmf(edge, number, of_all)
        return np.asarray(binom.sf(edge, number, own) + lot * binom.pmf(edge, number, own))


def times_needed(power: Callable[[float], float], wanted: float) -> float:
    """How many times as many citizens have a power; NaN where a thousand times do not.

    Examples
    --------
    >>> law = PointsLaw(np.array([2.0]), np.array([0.0]))
    >>> round(times_needed(lambda times: float(law.power([1.0], 0.05, times)[0, 0]), 0.8), 2)
    1.55
    """
    low, high = 1e-4, 1e3
    if power(high) < wanted:
        return float("nan")
    while high > low * (1.0 + 1e-6):
        middle = math.sqrt(low * high)
        low, high = (low, middle) if power(middle) >= wanted else (middle, high)
    return high


def cities_power(signal: ArrayLike, cities: int, alpha: float) -> Array:
    """Power to tell a city from some honest ones, by its distance in their standard deviations.

    Student's noncentral distribution with ``cities - 1`` degrees of freedom: however large the
    city, it is told only by how far honest cities differ from each other.

    Examples
    --------
    >>> cities_power([0.0, 2.0], 20, alpha=0.05).round(2).tolist()
    [0.05, 0.59]
    """
    from scipy.stats import nct

    freedom, far = cities - 1, np.asarray(signal, dtype=np.float64) / math.sqrt(1 + 1 / cities)
    return np.asarray(nct.sf(special.stdtrit(freedom, 1.0 - alpha), freedom, far))


def _spreads(elsewhere: Any, added: Any, share: float) -> tuple[Any, Any]:
    """Standard deviations of the difference of shares, times the root of N: if alike, and not."""
    own = elsewhere + added
    mean = elsewhere + share * added
    alike = np.sqrt(mean * (1.0 - mean) / (share * (1.0 - share)))
    apart = np.sqrt(own * (1.0 - own) / share + elsewhere * (1.0 - elsewhere) / (1.0 - share))
    return alike, np.maximum(apart, 1e-12)


def _tail(alpha: float, sides: int) -> float:
    InputError.unless(sides in (1, 2), "sides", f"are {sides!r}", "give 1 or 2")
    usable = is_number(alpha) and 0 < alpha < 0.5
    InputError.unless(usable, "alpha", f"is {alpha!r}", "give a chance under one half")
    return alpha / sides


def _reach(power: float, alpha: float, sides: int) -> float:
    """Standard errors that the truth must be away; none where alarms alone have the power."""
    return max(0.0, float(special.ndtri(1.0 - _tail(alpha, sides)) + special.ndtri(power)))


def _apart(penalty: float, deviation: float) -> float:
    """What one score tells of a shift: the divergence of two normal laws, finite for any shift."""
    return math.expm1(min((penalty / deviation) ** 2, 700.0))


def _checked(**numbers: Any) -> None:
    for name, value in numbers.items():
        most = 1.0 if name in ("share", "power", "added") else math.inf
        remedy = "give more than 0" if most == math.inf else "give a share between 0 and 1"
        usable = is_number(value) and (0 < value < most or (name == "added" and value == 1))
        InputError.unless(usable, name, f"is {value!r}", remedy)
