"""Trust among strangers as a game: lend or not at a price, keep or not, given a score."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from credit_ml.core import Array, InputError, Mask
from credit_ml.strategic.arrays import number, numbers

#: Rounds after which prices that still rise are taken as they are.
_ROUNDS = 500


@dataclass(frozen=True, kw_only=True)
class Trade:
    """What a trade between strangers is worth, and what moves a borrower to keep it.

    Raises
    ------
    InputError
        When the trade is worth no more than what is lent, or a number is below zero.

    Examples
    --------
    >>> Trade(worth=1.25).least_share
    0.8
    """

    worth: float = 1.2
    """What an obligation of 1 that is kept yields the borrower; assumed."""
    breach_cost: float = 0.0
    """What a breach costs, in shares of a year's income, through lists, courts or shame."""
    deterrence: float = 1.0
    """Log-odds of keeping for a breach that costs a year's income; as `credit_ml.dynamics.Life`."""
    temptation: float = 0.0
    """Log-odds of keeping lost for each 1 of price above what was lent; 0: no price tempts."""

    def __post_init__(self) -> None:
        worth = number("worth", self.worth)
        InputError.unless(
            worth > 1.0, "worth", f"is {worth:g}", "give more than the 1 that is lent"
        )
        for name in ("breach_cost", "deterrence", "temptation"):
            InputError.unless_at_least(0, name, getattr(self, name))

    @property
    def least_share(self) -> float:
        """Share that must keep for a lender to lend at all: at the highest price, the worth."""
        return 1.0 / self.worth

    def chance(self, chance: Array, price: "npt.ArrayLike", weight: "npt.ArrayLike" = 1.0) -> Array:
        """Chance of keeping at a price, of those whose chance without a cost of breach is given.

        `weight` says how much fear weighs with each person.
        """
        moved = self.deterrence * self.breach_cost * np.asarray(weight)
        moved = moved - self.temptation * (np.asarray(price) - 1.0)
        certain = (chance <= 0.0) | (chance >= 1.0)
        odds = logit(np.where(certain, 0.5, chance)) + moved
        return np.where(certain, chance, expit(odds))


@dataclass(frozen=True, kw_only=True, eq=False)
class LendingGame:
    """Prices, trades and their surplus in equilibrium, person by person.

    Examples
    --------
    >>> game = lending_game([1.0, 1.0, 0.0, 0.0], [1, 1, 2, 2], trade=Trade(worth=1.5))
    >>> game.lends.tolist(), game.price[:2].tolist(), game.surplus
    ([True, True, False, False], [1.0, 1.0], 0.25)
    """

    price: Array
    """What is to be paid for 1 lent; infinite for who is refused."""
    lends: Mask
    chance: Array
    """Of keeping at that price; of who is refused, at a price of 1."""
    trade: Trade

    @property
    def gain(self) -> Array:
        """What each expects of an obligation kept: its worth less its price."""
        paid = np.where(self.lends, self.price, 0.0)
        return np.where(self.lends, self.chance * (self.trade.worth - paid), 0.0)

    @property
    def surplus(self) -> float:
        """Gain for each person, all of it borrowers': lenders compete it away."""
        return float(self.gain.mean())


def lending_game(
    chance: "npt.ArrayLike",
    signal: "npt.ArrayLike",
    *,
    trade: Trade | None = None,
    fear: "npt.ArrayLike" = 1.0,
) -> LendingGame:
    """Competitive lending among strangers of whom lenders know a signal alone.

    Of all with one signal a share q(D) keeps at price D. Lenders who compete ask the least D with
    ``D q(D) = 1``, and lend where it is at most the trade's worth G. Then the surplus of a signal
    is ``G q - 1``, and without temptation it is ``max(G q - 1, 0)``, convex in q: a signal that
    says more (Blackwell 1953) never lowers it. One that says nothing pools all:
    ``max(G q - 1, 0)`` of the mean chance. One that tells who will keep gives the first best,
    ``(G - 1)`` times the share who do. What breakers take from lenders counts as nobody's gain.

    Cost: one pass over people a round, rarely more than a dozen rounds.

    Parameters
    ----------
    chance : array_like of shape (people,)
        Of keeping, at no cost of a breach and a price of 1; 0 or 1 where it is certain.
    signal : array_like of shape (people,)
        What a lender sees; people with equal values cannot be told apart.
    trade : Trade, optional
    fear : array_like
        How much the cost of a breach weighs with each, 1 on average.

    Raises
    ------
    InputError
        When chances are not within 0 and 1, or lengths differ.

    References
    ----------
    Akerlof, G. A. (1970). The market for "lemons". Quarterly Journal of Economics 84, 488-500.
    Blackwell, D. (1953). Equivalent comparisons of experiments. Annals of Mathematical Statistics
    24, 265-272.

    Examples
    --------
    >>> keeps, trade = [1.0, 1.0, 1.0, 1.0, 0.0], Trade(worth=1.5)
    >>> [round(lending_game(keeps, seen, trade=trade).surplus, 3) for seen in ([0] * 5, keeps)]
    [0.2, 0.4]
    """
    trade = trade or Trade()
    own = numbers("chance", chance, ("people",), least=0.0)
    InputError.unless((own <= 1).all(), "chance", "is above 1 somewhere", "give chances")
    seen = np.asarray(signal)
    fits = seen.shape == own.shape
    InputError.unless(fits, "signal", f"has shape {seen.shape}", f"give {len(own)} values")
    weight = numbers("fear", fear, (), (len(own),), least=0.0)
    _, cell = np.unique(seen, return_inverse=True)
    size = np.bincount(cell)
    price = np.ones(len(size))
    for _ in range(_ROUNDS):
        kept = np.bincount(cell, trade.chance(own, price[cell], weight)) / size
        # From below, so that of several prices that break even the least is reached; where nobody
        # keeps there is none.
        asked = np.divide(1.0, kept, out=np.full(len(size), 2.0 * trade.worth), where=kept > 0)
        asked = np.where(price > trade.worth, price, asked)
        settled = np.abs(asked - price).max() < 1e-14
        price = asked
        if settled:
            break
    # An exact break-even at the worth is not refused for its last digit.
    lends = (price <= trade.worth * (1 + 1e-12))[cell]
    paid = np.where(lends, price[cell], np.inf)
    final = trade.chance(own, np.where(lends, price[cell], 1.0), weight)
    return LendingGame(price=paid, lends=lends, chance=final, trade=trade)
