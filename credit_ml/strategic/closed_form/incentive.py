"""Which effort a score can reward: exactly that for which no cheaper substitute exists."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from credit_ml.core import Array, InputError, Mask, MenuError
from credit_ml.strategic.arrays import numbers

#: Substitutability below 1 by less than this is rounding of the linear programme.
ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Incentive:
    """Whether an effort profile can be a best response to any monotone score, and to which.

    Examples
    --------
    >>> Incentive(substitutability=0.8).possible
    False
    """

    substitutability: float
    """Least effort that yields as much as one unit of the profile's kinds; 1: nothing cheaper."""
    weights: Array | None = None
    """Weights of a linear score that rewards the profile; None where none does."""
    lead: float = np.nan
    """By how much of a unit's reward the profile's kinds of effort beat all others under these
    weights; 0 where another kind does as well, nan where there is no score or no other kind."""
    substitute: Array | None = None
    """A cheaper profile with no less of any feature; None where there is none."""

    @property
    def possible(self) -> bool:
        """Whether some monotone score rewards the profile."""
        return self.weights is not None


def incentive(
    profile: npt.ArrayLike, returns: npt.ArrayLike, *, slopes: npt.ArrayLike | None = None
) -> Incentive:
    """Effort can be rewarded by some monotone score exactly when it has no cheaper substitute.

    A person divides a budget over efforts x; feature i is f_i(sum_j x_j a_ji), with f_i concave
    and rising. The substitutability of the profile's kinds of effort S is

        k = min 1'y  such that  a'y >= a'z,  1'z = 1,  y, z >= 0,  z = 0 off S

    and is at most 1 (y = z). With k = 1 the dual gives weights b with a b <= 1 everywhere and
    a b = 1 on S: divided by the slopes of f at the profile, they make it a best response. With
    k < 1 the substitute does as well with effort to spare, so that no score that rewards any
    effort has the profile as its best response.

    Cost: two linear programmes.

    Parameters
    ----------
    profile : array_like of shape (efforts,)
        How much of each effort, at least 0 and not all 0.
    returns : array_like of shape (efforts, features)
        a_ji: what a unit of each effort adds to each feature, at least 0.
    slopes : array_like of shape (features,), optional
        f_i' at the profile, above 0; 1 by default, for features that are linear in effort.

    Returns
    -------
    Incentive

    Raises
    ------
    InputError
        When shapes do not fit, or a number is negative, missing or infinite.
    MenuError
        When the linear programme cannot be solved.

    References
    ----------
    Kleinberg, J. and Raghavan, M. (2020). How do classifiers induce agents to invest effort
    strategically? ACM Transactions on Economics and Computation 8(4).

    Examples
    --------
    Cheating adds 3 to the exam, studying 2 to the exam and 2 to the homework, copying 3 to that.

    >>> returns = [[3.0, 0.0], [2.0, 2.0], [0.0, 3.0]]
    >>> found = incentive([0.0, 1.0, 0.0], returns)
    >>> found.possible, found.weights.round(2).tolist()
    (True, [0.25, 0.25])
    >>> easier = incentive([0.0, 1.0, 0.0], [[5.0, 0.0], [2.0, 2.0], [0.0, 5.0]])
    >>> easier.substitute.round(2).tolist()
    [0.4, 0.0, 0.4]
    """
    gains = numbers("returns", returns, ("efforts", "features"), least=0.0)
    wanted = numbers("profile", profile, (len(gains),), least=0.0)
    given = np.ones(gains.shape[1]) if slopes is None else slopes
    steep = numbers("slopes", given, (gains.shape[1],))
    InputError.unless((steep > 0).all(), "slopes", "are not above 0", "give some above 0")
    InputError.unless(wanted.any(), "efforts", "of the profile are all 0", "give some above 0")
    used = wanted > 0
    least, cheaper, replaced = _substitute(gains, used)
    if least < 1 - ROUNDING:
        # As much of the profile as there is of what the substitute replaces.
        given_up = used & (replaced > 0)
        part = float((wanted[given_up] / replaced[given_up]).min(initial=np.inf))
        other = np.maximum(wanted + part * (cheaper - replaced), 0.0)
        return Incentive(substitutability=least, substitute=other)
    weights, lead = _rewarding(gains, used)
    lead = np.nan if used.all() else lead
    return Incentive(substitutability=1.0, weights=weights / steep, lead=lead)


def _substitute(gains: Array, used: Mask) -> tuple[float, Array, Array]:
    """Least effort y that yields as much as a unit z of the kinds used, with y and z."""
    efforts = len(gains)
    found = _solve(
        np.r_[np.ones(efforts), np.zeros(efforts)],
        A_ub=np.hstack([-gains.T, gains.T]),
        b_ub=np.zeros(gains.shape[1]),
        A_eq=np.r_[np.zeros(efforts), np.ones(efforts)][None],
        b_eq=[1.0],
        bounds=[(0, None)] * efforts + [(0, None if on else 0) for on in used],
    )
    return float(found[:efforts].sum()), found[:efforts], found[efforts:]


def _rewarding(gains: Array, used: Mask) -> tuple[Array, float]:
    """Weights under which each kind used yields 1, and others as much less as can be."""
    others = gains[~used]
    found = _solve(
        np.r_[np.zeros(gains.shape[1]), -1.0],
        A_ub=np.hstack([others, np.ones((len(others), 1))]) if len(others) else None,
        b_ub=np.ones(len(others)) if len(others) else None,
        A_eq=np.hstack([gains[used], np.zeros((int(used.sum()), 1))]),
        b_eq=np.ones(int(used.sum())),
        bounds=[(0, None)] * gains.shape[1] + [(None, 1.0)],
    )
    return found[:-1], float(np.maximum(found[-1], 0.0))


def _solve(objective: Array, **constraints: object) -> Array:
    from scipy.optimize import linprog

    found = linprog(objective, method="highs", **constraints)
    if found.x is None:
        raise MenuError("effort", f"has no solution ({found.message})", "rescale the returns")
    return np.asarray(found.x, dtype=np.float64)
