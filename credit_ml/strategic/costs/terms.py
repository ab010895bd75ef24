"""What comes on top of a cost of change: set-up, detection, factors of groups, subsidies.

Each term wraps a cost. All but detection by size never fall when the wrapped cost rises, so that
the cheapest change stays the cheapest: `charge` is all that `linear_response` needs of them.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from credit_ml.core import InputError, MenuError
from credit_ml.strategic.costs.base import Array, Cost, change, prices


@dataclass(frozen=True, kw_only=True, eq=False)
class WithSetup:
    """A fixed part is due as soon as anything moves, however little.

    Examples
    --------
    >>> from credit_ml.strategic import Quadratic
    >>> cost = WithSetup(cost=Quadratic(weights=[1.0]), setup=0.5)
    >>> cost.of(np.zeros((2, 1)), np.array([[0.0], [1.0]])).tolist()
    [0.0, 1.5]
    """

    cost: Cost
    setup: npt.ArrayLike
    """Share of yearly income; one number, or one a person."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "setup", per_person("cost.setup", self.setup))

    def charge(self, inner: Array, moved: npt.NDArray[np.bool_]) -> Array:
        """Cost to each person of a change that costs `inner` without this term."""
        setup = fitting("cost.setup", self.setup, len(inner))
        return np.where(moved, inner + setup, 0.0)

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person."""
        return self.charge(self.cost.of(before, after), moves(before, after))


@dataclass(frozen=True, kw_only=True, eq=False)
class ForGroups:
    """The same change costs some people more: a factor for each person.

    References
    ----------
    Hu, L., Immorlica, N. and Vaughan, J. W. (2019). The disparate effects of strategic
    manipulation. FAT*.

    Examples
    --------
    >>> from credit_ml.strategic import Quadratic
    >>> cost = ForGroups(cost=Quadratic(weights=[1.0]), factor=[1.0, 2.0])
    >>> cost.of(np.zeros((2, 1)), np.ones((2, 1))).tolist()
    [1.0, 2.0]
    """

    cost: Cost
    factor: npt.ArrayLike
    """One number a person, at least 0; infinite for those who cannot."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "factor", per_person("cost.factor", self.factor))

    def charge(self, inner: Array, moved: npt.NDArray[np.bool_]) -> Array:
        """Cost to each person of a change that costs `inner` to a person of factor 1."""
        factor = fitting("cost.factor", self.factor, len(inner))
        # Not a plain product: an infinite factor leaves free what is free.
        total = np.zeros(len(inner))
        np.multiply(factor, inner, out=total, where=moved & (inner > 0) & np.isfinite(inner))
        total[np.isposinf(inner)] = np.inf
        return total

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person."""
        return self.charge(self.cost.of(before, after), moves(before, after))


@dataclass(frozen=True, kw_only=True, eq=False)
class Subsidised:
    """Somebody else pays a share of the cost, up to a sum: cost - min(share cost, most).

    A share of 1 with a sum is a flat subsidy, an unlimited share a proportional one.

    References
    ----------
    Hu, L., Immorlica, N. and Vaughan, J. W. (2019). The disparate effects of strategic
    manipulation. FAT*.

    Examples
    --------
    >>> from credit_ml.strategic import Quadratic
    >>> cost = Subsidised(cost=Quadratic(weights=[1.0]), share=[0.0, 0.5], most=0.3)
    >>> cost.of(np.zeros((2, 1)), np.ones((2, 1))).tolist()
    [1.0, 0.7]
    """

    cost: Cost
    share: npt.ArrayLike
    """From 0 to 1; one number, or one a person."""
    most: npt.ArrayLike = np.inf
    """The largest subsidy, in shares of own yearly income; one number, or one a person."""

    def __post_init__(self) -> None:
        share = per_person("cost.share", self.share)
        if (share > 1).any():
            raise MenuError("cost.share", f"has {share.max():g}", "give 0 to 1")
        object.__setattr__(self, "share", share)
        object.__setattr__(self, "most", per_person("cost.most", self.most))

    def subsidy(self, inner: Array) -> Array:
        """What others pay of a change that costs `inner`, 0 of one that is impossible."""
        share = fitting("cost.share", self.share, len(inner))
        most = fitting("cost.most", self.most, len(inner))
        return np.minimum(share * np.where(np.isfinite(inner), inner, 0.0), most)

    def charge(self, inner: Array, moved: npt.NDArray[np.bool_]) -> Array:
        """Cost to each person of a change that costs `inner` in all."""
        del moved
        return inner - self.subsidy(inner)

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person."""
        return self.charge(self.cost.of(before, after), moves(before, after))


@dataclass(frozen=True, kw_only=True, eq=False)
class WithDetection:
    """Cosmetic changes are found out the more easily the larger they are, and punished.

    Adds penalty (1 - exp(-rate size)), the expected penalty, where the size is
    sum_j weights_j |d_j|; weights above 0 mark what is cosmetic, and improving features have 0.
    Without weights the size is the wrapped cost itself. Whoever is found also loses what the
    score would have brought: add it to the penalty.

    References
    ----------
    Barsotti, F., Koçer, R. G. and Santos, F. P. (2022). Transparency, detection and imitation
    in strategic classification. IJCAI. (There the chance of detection is a given function of
    the imitation; its exponential form here is assumed.)

    Examples
    --------
    >>> from credit_ml.strategic import OneSided
    >>> alone = OneSided(up=[0.1, 0.1])
    >>> cost = WithDetection(cost=alone, rate=1.0, penalty=0.5, weights=[1.0, 0.0])
    >>> cost.of(np.zeros((2, 2)), np.eye(2)).round(3).tolist()  # cosmetic, improving
    [0.416, 0.1]
    """

    cost: Cost
    rate: float
    """Detection for each unit of size, at least 0."""
    penalty: npt.ArrayLike
    """Share of yearly income when found; one number, or one a person."""
    weights: npt.ArrayLike | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.rate < np.inf:
            raise MenuError("cost.rate", f"is {self.rate:g}", "give a number of at least 0")
        penalty = per_person("cost.penalty", self.penalty)
        if not np.isfinite(penalty).all():
            raise MenuError("cost.penalty", "is infinite", "give a share of yearly income")
        object.__setattr__(self, "penalty", penalty)
        if self.weights is not None:
            weights = prices("cost.weights", self.weights)
            if not np.isfinite(weights).all():
                raise MenuError("cost.weights", "are not finite", "give a size of each feature")
            object.__setattr__(self, "weights", weights)

    def probability(self, size: Array) -> Array:
        """Chance that a change of this size is found."""
        if not self.rate:
            return np.zeros(len(size))
        return -np.expm1(-self.rate * size)

    def charge(self, inner: Array, moved: npt.NDArray[np.bool_]) -> Array:
        """Cost to each person of a change that costs `inner`, where that is its size too."""
        del moved
        return inner + fitting("cost.penalty", self.penalty, len(inner)) * self.probability(inner)

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person, the expected penalty included."""
        inner = self.cost.of(before, after)
        if self.weights is None:
            return self.charge(inner, moves(before, after))
        weights = np.asarray(self.weights)
        size: Array = np.abs(change(before, after, len(weights))) @ weights
        penalty = fitting("cost.penalty", self.penalty, len(inner))
        return inner + penalty * self.probability(size)


TERMS = (WithSetup, ForGroups, Subsidised, WithDetection)
#: Fields of terms that may hold a number a person.
OWN = ("setup", "factor", "share", "most", "penalty")


def of_people(cost: Cost, where: slice) -> Cost:
    """Return the cost of some of the people, whose own numbers go with them."""
    if not isinstance(cost, TERMS):
        return cost
    own = {name: getattr(cost, name) for name in OWN if np.ndim(getattr(cost, name, 0.0))}
    taken = {name: values[where] for name, values in own.items()}
    return replace(cost, cost=of_people(cost.cost, where), **taken)


def check_fit(cost: Cost, people: int, features: int) -> None:
    """Refuse numbers of other people or features.

    Raises
    ------
    InputError
        When a cost prices more or fewer features, or a term holds numbers for other people.
    """
    while isinstance(cost, TERMS):
        for name in OWN:
            fitting(f"cost.{name}", getattr(cost, name, 0.0), people)
        _priced(cost, features)
        cost = cost.cost
    _priced(cost, features)


def _priced(cost: Cost, features: int) -> None:
    for name in ("up", "weights", "matrix", "direction", "slopes"):
        given = getattr(cost, name, None)
        if given is not None and len(given) != features:
            problem = f"prices {len(given)} features of {features}"
            raise InputError(f"cost.{name}", problem, "give a price for each column")


def moves(before: Array, after: Array) -> npt.NDArray[np.bool_]:
    """Who has changed anything at all."""
    changed: npt.NDArray[np.bool_] = (change(before, after) != 0).any(axis=1)
    return changed


def per_person(place: str, given: npt.ArrayLike) -> Array:
    """Return numbers of at least 0: one for everybody, or one a person.

    Raises
    ------
    MenuError
        When one is negative or not a number, or they are not a list.
    """
    found = np.asarray(given, dtype=np.float64)
    if found.ndim > 1:
        raise MenuError(place, f"has shape {found.shape}", "give one number, or one a person")
    prices(place, np.atleast_1d(found))
    return found


def fitting(place: str, given: npt.ArrayLike, people: int) -> Array:
    """Return one number a person.

    Raises
    ------
    InputError
        When there are numbers for more or fewer people.
    """
    found = np.asarray(given, dtype=np.float64)
    if found.ndim and len(found) != people:
        raise InputError(place, f"has {len(found)} numbers for {people} people", "give one each")
    return np.broadcast_to(found, (people,))
