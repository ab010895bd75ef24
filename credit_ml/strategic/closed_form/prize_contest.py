"""What people spend on a few places where all pay and the best places get them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from credit_ml.core import Array, InputError, Mask
from credit_ml.strategic.arrays import numbers


@dataclass(frozen=True, kw_only=True, eq=False)
class PrizeContest:
    """What each has of a contest for some equal places, in every equilibrium.

    Examples
    --------
    >>> contest = prize_contest(worth=[3.0, 2.0, 1.0], places=1)
    >>> contest.threshold, contest.payoff.tolist()
    (2.0, [1.0, 0.0, 0.0])
    """

    reach: Array
    """Most points that each would buy if a place were sure."""
    threshold: float
    """Reach of the first who is left without: what a place costs in points."""
    payoff: Array
    """Expected worth less spending."""

    @property
    def ahead(self) -> Mask:
        """Who has anything of it."""
        return np.asarray(self.payoff > 0)


def prize_contest(
    worth: "npt.ArrayLike",
    *,
    places: int,
    cost: "npt.ArrayLike" = 1.0,
    head_start: "npt.ArrayLike" = 0.0,
) -> PrizeContest:
    """Payoffs of a contest in which everybody pays for points and the most points win.

    With m places, the threshold T is the reach ``head_start + worth / cost`` of the player who is
    (m + 1)-th by reach; every player expects ``max(worth - cost max(T - head_start, 0), 0)``, in
    every equilibrium, however it is mixed (Siegel 2009, theorem 1). Among equals all of the worth
    is burnt.

    Parameters
    ----------
    worth : array_like of shape (people,)
        Of a place, to each.
    places : int
        Fewer than people.
    cost : array_like
        Of a point, one number or one a person.
    head_start : array_like
        Points without spending, one number or one a person.

    Raises
    ------
    InputError
        When there are as many places as people, or a number cannot be used.

    References
    ----------
    Siegel, R. (2009). All-pay contests. Econometrica 77, 71-92.

    Examples
    --------
    >>> prize_contest(worth=[1.0, 1.0, 1.0], places=1, cost=[1.0, 2.0, 4.0]).payoff.tolist()
    [0.5, 0.0, 0.0]
    """
    values = numbers("worth", worth, ("people",), least=0.0)
    price = np.broadcast_to(numbers("cost", cost, (), (len(values),), least=0.0), values.shape)
    first = np.broadcast_to(numbers("head_start", head_start, (), (len(values),)), values.shape)
    InputError.unless((price > 0).all(), "cost", "is not above zero everywhere", "give more than 0")
    _check(places, len(values))
    reach = first + values / price
    threshold = float(np.sort(reach)[-places - 1])
    payoff = np.maximum(values - price * np.maximum(threshold - first, 0.0), 0.0)
    payoff = np.where(reach > threshold, payoff, 0.0)
    return PrizeContest(reach=reach, threshold=threshold, payoff=payoff)


def equal_bids(quantile: "npt.ArrayLike", *, people: int, places: int, worth: float = 1.0) -> Array:
    """Spending at a quantile of the symmetric equilibrium among equals.

    Everybody is indifferent, so who bids at quantile u of the common distribution wins with
    ``P(Binomial(n - 1, 1 - u) < m)`` and pays that share of the worth. With one place the
    distribution is ``(bid / worth)^(1 / (n - 1))``. On average the worth of all places is burnt.

    Parameters
    ----------
    quantile : array_like
        From 0 to 1; uniform draws give draws of bids.
    people, places : int
        n and m, fewer places than people.
    worth : float
        Of a place.

    Raises
    ------
    InputError
        When a number cannot be used.

    References
    ----------
    Clark, D. J. and Riis, C. (1998). Competition over more than one prize. American Economic
    Review 88, 276-289.

    Examples
    --------
    >>> equal_bids([0.0, 0.5, 1.0], people=3, places=1).tolist()
    [0.0, 0.25, 1.0]
    """
    at = np.asarray(quantile, dtype=np.float64)
    whole = bool(((at >= 0) & (at <= 1)).all())
    InputError.unless(whole, "quantile", "is not within 0 and 1", "give quantiles")
    _check(places, people)
    return np.asarray(worth * binom.cdf(places - 1, people - 1, 1.0 - at))


def _check(places: int, people: int) -> None:
    fits = isinstance(places, int | np.integer) and 1 <= places < people
    remedy = f"give a whole number from 1 to {people - 1}"
    InputError.unless(fits, "places", f"are {places!r} of {people:,} people", remedy)
