"""What people spend on being ahead of others, where rank alone counts: a game of status."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from credit_ml.core import Array, InputError
from credit_ml.strategic.arrays import number, numbers

#: Shares of people at which the distribution of incomes is read off.
GRID = 100
#: Where the differential equation starts above the lowest income, as a share of the range.
_START = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class RankContest:
    """Who spends how much on rank in equilibrium, and what it burns.

    Examples
    --------
    >>> race = rank_contest(np.linspace(0.0, 1.0, 201))
    >>> race.spending[[100, 200]].round(3).tolist(), race.alone[[100, 200]].tolist()
    ([0.333, 0.667], [0.25, 0.5])
    """

    income: Array
    spending: Array
    """On the good by which people are ranked."""
    alone: Array
    """What each would spend on it if nobody were ranked: half of the income."""
    rank: Array
    """Share of people with less, which is the rank by spending too: nobody passes anybody."""

    @property
    def burnt(self) -> Array:
        """What each spends for nothing but rank, as a share of own income."""
        income = np.where(self.income > 0, self.income, 1.0)
        return np.where(self.income > 0, (self.spending - self.alone) / income, 0.0)


def rank_contest(income: "npt.ArrayLike", *, base_status: float = 0.0) -> RankContest:
    """Spending on rank in the symmetric equilibrium of a game of status.

    Who has income z and spends x of it on what all see has ``U = x (z - x) (S0 + F)``, F the
    share who spend less. In equilibrium spending rises with income, so that nobody's rank is
    changed by it, and ``x' = x (z - x) / (2 x - z) f / (S0 + F)``. It is solved for
    ``q = (2 x - z)^2``, whose slope ``(z^2 - q) f / (S0 + F) - 2 sqrt(q)`` is finite also where the
    last spend as if nobody were ranked, z / 2. Incomes uniform on [0, 1] and S0 = 0 give
    x = 2 z / 3.

    Cost: one differential equation, whatever the number of people.

    Parameters
    ----------
    income : array_like of shape (people,)
        Not below zero; the distribution is theirs, even between quantiles.
    base_status : float
        S0: what the last have. The smaller, the more rank counts.

    Raises
    ------
    InputError
        When fewer than two incomes differ, or a number cannot be used.

    References
    ----------
    Hopkins, E. and Kornienko, T. (2004). Running to keep in the same place: consumer choice as a
    game of status. American Economic Review 94, 1085-1107.

    Examples
    --------
    >>> race = rank_contest([1.0, 2.0, 3.0], base_status=1.0)
    >>> bool((race.spending >= race.alone).all())
    True
    """
    each = numbers("income", income, ("people",), least=0.0)
    base = number("base_status", base_status, least=0.0)
    incomes, below = _distribution(each)
    InputError.unless(len(incomes) > 1, "income", "is the same for all", "give incomes that differ")
    different, place = np.unique(each, return_inverse=True)
    spending = _spending(different, incomes, below, base)[place]
    rank = np.interp(each, incomes, below)
    return RankContest(income=each, spending=spending, alone=each / 2.0, rank=rank)


def _distribution(income: Array) -> tuple[Array, Array]:
    """Incomes that rise, and the share of people below each, even in between."""
    shares = np.linspace(0.0, 1.0, min(GRID, len(income) - 1) + 1)
    incomes = np.quantile(income, shares)
    first = np.concatenate([[True], np.diff(incomes) > 0])
    return incomes[first], shares[first]


def _spending(at: Array, incomes: Array, below: Array, base: float) -> Array:
    """Spending at rising incomes, by the differential equation of q = (2 x - z)^2."""
    from scipy.integrate import solve_ivp

    low, high = float(incomes[0]), float(incomes[-1])
    density = np.diff(below) / np.diff(incomes)
    inner = incomes[1:-1]

    def slope(z: float, q: Array) -> Array:
        place = int(np.searchsorted(inner, z, side="right"))
        status = base + below[place] + density[place] * (z - incomes[place])
        excess = np.maximum(q, 0.0)
        return np.asarray((z * z - excess) * density[place] / status - 2.0 * np.sqrt(excess))

    # Where the last have no status at all, the equation has no slope at the lowest income; it is
    # entered a hair above, where all solutions run together at once.
    begin = low if base else low + _START * (high - low)
    first = 0.0 if base else begin**2 if low > 0 else begin**2 / 9.0
    inside = np.clip(at, begin, high)
    of = {"rtol": 1e-9, "atol": 1e-16 * high**2, "method": "RK45"}
    solved = solve_ivp(slope, (begin, high), [first], t_eval=np.unique(inside), **of)
    excess = np.interp(inside, solved.t, np.sqrt(np.maximum(solved.y[0], 0.0)))
    return np.asarray((at + np.minimum(excess, at)) / 2.0)
