"""Voluntary disclosure: who shows the own score when silence is read as the mean of the silent."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from credit_ml.core import Array, InputError, Mask

#: Rounds of second thoughts; without differences in costs far fewer are needed.
_ROUNDS = 10_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Silence:
    """Who shows, and what is thought of those who do not.

    Examples
    --------
    >>> silence([0.2, 0.8]).believed
    0.2
    """

    shown: Mask
    believed: float
    """Mean of the silent; the least value where nobody is."""


def silence(values: ArrayLike, cost: ArrayLike = 0.0) -> Silence:
    """Who shows a value that cannot be lied about, at a cost, when silence is taken as it is.

    Whoever is silent is thought to have the mean of all who are; one shows where the own value less
    that mean exceeds the cost. From silence of all, those above the mean show first, and the mean
    of the rest falls, until nobody has second thoughts. With no cost everybody but the worst
    shows (Grossman 1981; Milgrom 1981). With one cost for all there is a threshold t with ``t -
    E[value | value < t] = cost``: of values uniform on [0, 1], ``t = 2 cost``.

    Parameters
    ----------
    values : array-like of float, one a person
    cost : float or one a person
        In units of the values; below 0 a treat.

    Raises
    ------
    InputError
        When there is nobody, or a value is missing.

    References
    ----------
    Grossman, S. J. (1981). The informational role of warranties and private disclosure about
    product quality. Journal of Law and Economics 24, 461-483. Milgrom, P. R. (1981). Good news and
    bad news: representation theorems and applications. Bell Journal of Economics 12, 380-391.

    Examples
    --------
    >>> silence([0.1, 0.4, 0.7, 0.9]).shown.tolist()
    [False, True, True, True]
    >>> silence(np.linspace(0, 1, 1001), cost=0.2).shown.sum()
    np.int64(600)
    """
    worth, price = _numbers("values", values), _numbers("cost", cost)
    usable = worth.ndim == 1 and len(worth) > 0 and not np.isnan(worth).any()
    InputError.unless(usable, "values", "are of nobody, or missing", "give one number a person")
    usable = price.shape in ((), worth.shape) and not np.isnan(price).any()
    problem, remedy = f"has shape {price.shape}, or is missing", "give one number, or one a person"
    InputError.unless(usable, "cost", problem, remedy)
    price = np.broadcast_to(price, worth.shape)
    shown = np.zeros(len(worth), dtype=bool)
    for _ in range(_ROUNDS):
        believed = float(worth[~shown].mean()) if not shown.all() else float(worth.min())
        # Who has shown once does not take it back; with one cost nobody would.
        more = shown | (worth - believed > price)
        if (more == shown).all():
            break
        shown = more
    return Silence(shown=shown, believed=believed)


def _numbers(place: str, given: ArrayLike) -> Array:
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(place, "are no numbers", "give one number a person") from None


def uniform_threshold(cost: float) -> float:
    """The threshold of values that are uniform on [0, 1]: ``2 cost``, at most 1.

    Examples
    --------
    >>> [uniform_threshold(cost) for cost in (0.0, 0.2, 0.7)]
    [0.0, 0.4, 1.0]
    """
    InputError.unless(cost >= 0, "cost", f"is {cost:g}", "give at least 0")
    return min(2.0 * cost, 1.0)


def ranks(points: ArrayLike) -> Array:
    """Places from 0 to 1 by rising points, equals halfway.

    Examples
    --------
    >>> ranks([10, 30, 20, 20]).tolist()
    [0.125, 0.875, 0.5, 0.5]
    """
    from scipy.stats import rankdata

    values = np.asarray(points, dtype=np.float64)
    return np.asarray((rankdata(values) - 0.5) / len(values))
