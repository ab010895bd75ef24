"""Who contests an entry: what it costs to leave it, against what it costs to contest it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from credit_ml.core import Array, InputError, Mask
from credit_ml.governance.number import is_number


@dataclass(frozen=True, kw_only=True)
class Contest:
    """What contesting an entry costs, how long it takes, and how often it ends well.

    Examples
    --------
    >>> Contest(price=1.0).cost([50.0, 25.0]).round(3).tolist()
    [0.024, 0.044]
    """

    success: float = 0.8
    """Chance that a wrong entry is struck. Of 26 % of American consumers who found one, 21 % had it
    corrected (Federal Trade Commission 2012)."""
    undue: float = 0.05
    """Chance that a right entry is struck; assumed."""
    delay: float = 0.1
    """Years until it is; the American law allows 30 days, or 45 (a tenth of a year)."""
    lasts: float = 2.0
    """Years for which an entry counts that nobody strikes: late bills of 24 months are on file."""
    price: float = 0.2
    """Thousand yuan; assumed, for papers and the way there."""
    effort: float = 0.004
    """Share of own yearly income; assumed: a day off work."""

    def __post_init__(self) -> None:
        for name in ("success", "undue"):
            value = getattr(self, name)
            place, remedy = f"contest, {name}", "give a chance from 0 to 1"
            InputError.unless(is_number(value) and 0 <= value <= 1, place, f"is {value!r}", remedy)
        for name in ("delay", "lasts", "price", "effort"):
            value, remedy = getattr(self, name), "give a number of at least 0"
            usable = is_number(value) and value >= 0
            InputError.unless(usable, f"contest, {name}", f"is {value!r}", remedy)
        late = f"is {self.delay:g} years, and entries last {self.lasts:g}"
        InputError.unless(self.delay <= self.lasts, "contest, delay", late, "give no more")

    def cost(self, yearly_income: ArrayLike) -> Array:
        """Return the cost in shares of own yearly income, given in thousand yuan."""
        income = np.asarray(yearly_income, dtype=np.float64)
        return np.asarray(self.price / income + self.effort)

    def worth_it(
        self, gain: ArrayLike, yearly_income: ArrayLike, chance: float | None = None
    ) -> Mask:
        """Whether ``chance gain (lasts - delay)`` exceeds the cost; gains are shares a year.

        Whoever gains too little for the own income stays silent: below ``price / (chance gain
        (lasts - delay) - effort)`` nobody contests, so a higher price silences the poorest first.

        Examples
        --------
        >>> Contest(price=1.0, effort=0.0).worth_it(0.02, [20.0, 40.0]).tolist()
        [False, True]
        """
        likely = self.success if chance is None else chance
        back = likely * np.asarray(gain, dtype=np.float64) * (self.lasts - self.delay)
        return np.asarray(back > self.cost(yearly_income))


def dearest_kept(
    fine: float, *, wrongful_acquittal: float = 0.0, wrongful_conviction: float = 0.0
) -> float:
    """The dearest obligation that people keep for fear of a fine, where courts err.

    Keeping costs c, and the fine F all the same with the chance e2 of a wrongful conviction;
    whoever breaks pays it but for the chance e1 of a wrongful acquittal. So one keeps where
    ``c + e2 F <= (1 - e1) F``, or ``c <= (1 - e1 - e2) F``: both errors deter alike from keeping.

    Parameters
    ----------
    fine : float
    wrongful_acquittal, wrongful_conviction : float
        Chances.

    Raises
    ------
    InputError
        When a chance is not within 0 and 1, or the fine is below 0.

    References
    ----------
    Png, I. P. L. (1986). Optimal subsidies and damages in the presence of judicial error.
    International Review of Law and Economics 6, 101-105.

    Examples
    --------
    >>> dearest_kept(100.0, wrongful_acquittal=0.2, wrongful_conviction=0.1)
    70.0
    """
    InputError.unless_at_least(0, "fine", fine)
    chances = {"wrongful_acquittal": wrongful_acquittal, "wrongful_conviction": wrongful_conviction}
    for name, value in chances.items():
        InputError.unless(0 <= value <= 1, name, f"is {value:g}", "give a chance from 0 to 1")
    return max(0.0, 1.0 - wrongful_acquittal - wrongful_conviction) * fine
