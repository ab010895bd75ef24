"""What comes on top of a cost: set-up, detection, multipliers of groups, subsidies.

Each modifier wraps a cost. All but detection by size never fall when the wrapped cost rises, so
that the cheapest change stays the cheapest: `charge` is all that `linear_response` needs of them.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from credit_ml.core import Array, InputError, Mask, MenuError
from credit_ml.strategic.arrays import number, numbers
from credit_ml.strategic.costs.forms import Cost, change, prices


@dataclass(frozen=True, kw_only=True, eq=False)
class Modifier:
    """A cost around another; fields named in `own` hold one number, or one a person."""

    own: ClassVar[tuple[str, ...]] = ()

    cost: Cost

    def __post_init__(self) -> None:
        for name in self.own:
            given = prices(f"cost.{name}", getattr(self, name), (), ("people",))
            object.__setattr__(self, name, given)

    def charge(self, inner: Array, moved: Mask) -> Array:
        """Cost to each person of a change that costs `inner` without this modifier."""
        raise NotImplementedError

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person."""
        moved = (change(before, after) != 0).any(axis=1)
        return self.charge(self.cost.of(before, after), moved)

    def each(self, name: str, people: int) -> Array:
        """Return one number a person.

        Raises
        ------
        InputError
            When there are numbers for more or fewer people.
        """
        found = np.asarray(getattr(self, name))
        if found.ndim and len(found) != people:
            problem = f"has {len(found)} numbers for {people} people"
            raise InputError(f"cost.{name}", problem, "give one each")
        return np.broadcast_to(found, (people,))


@dataclass(frozen=True, kw_only=True, eq=False)
class WithSetup(Modifier):
    """A fixed part is due as soon as anything moves, however little.

    Examples
    --------
    >>> from credit_ml.strategic import Quadratic
    >>> cost = WithSetup(cost=Quadratic(weights=[1.0]), setup=0.5)
    >>> cost.of(np.zeros((2, 1)), np.array([[0.0], [1.0]])).tolist()
    [0.0, 1.5]
    """

    own = ("setup",)

    setup: npt.ArrayLike
    """Share of yearly income; one number, or one a person."""

    def charge(self, inner: Array, moved: Mask) -> Array:
        """Cost to each person of a change that costs `inner` without the set-up."""
        return np.where(moved, inner + self.each("setup", len(inner)), 0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class WithMultiplier(Modifier):
    """The same change costs some people more: a multiplier for each person.

    References
    ----------
    Hu, L., Immorlica, N. and Vaughan, J. W. (2019). The disparate effects of strategic
    manipulation. FAT*.

    Examples
    --------
    >>> from credit_ml.strategic import Quadratic
    >>> cost = WithMultiplier(cost=Quadratic(weights=[1.0]), multiplier=[1.0, 2.0])
    >>> cost.of(np.zeros((2, 1)), np.ones((2, 1))).tolist()
    [1.0, 2.0]
    """

    own = ("multiplier",)

    multiplier: npt.ArrayLike
    """One number a person, at least 0; infinite for those who cannot."""

    def charge(self, inner: Array, moved: Mask) -> Array:
        """Cost to each person of a change that costs `inner` where the multiplier is 1."""
        multiplier = self.each("multiplier", len(inner))
        # Not a plain product: an infinite multiplier leaves free what is free.
        total = np.zeros(len(inner))
        np.multiply(multiplier, inner, out=total, where=moved & (inner > 0) & np.isfinite(inner))
        total[np.isposinf(inner)] = np.inf
        return total


@dataclass(frozen=True, kw_only=True, eq=False)
class WithSubsidy(Modifier):
    """Somebody else pays a share of the cost, up to a sum: cost - min(share cost, most).

    A share of 1 with a sum is a flat subsidy, an unlimited share a proportional one.

    References
    ----------
    Hu, L., Immorlica, N. and Vaughan, J. W. (2019). The disparate effects of strategic
    manipulation. FAT*.

    Examples
    --------
    >>> from credit_ml.strategic import Quadratic
    >>> cost = WithSubsidy(cost=Quadratic(weights=[1.0]), share=[0.0, 0.5], most=0.3)
    >>> cost.of(np.zeros((2, 1)), np.ones((2, 1))).tolist()
    [1.0, 0.7]
    """

    own = ("share", "most")

    share: npt.ArrayLike
    """From 0 to 1; one number, or one a person."""
    most: npt.ArrayLike = np.inf
    """The largest subsidy, in shares of own yearly income; one number, or one a person."""

    def __post_init__(self) -> None:
        super().__post_init__()
        number("cost.share", float(np.max(self.share)), most=1.0, error=MenuError)

    def charge(self, inner: Array, moved: Mask) -> Array:
        """Cost to each person of a change that costs `inner` in all; nobody pays the impossible."""
        del moved
        possible = np.where(np.isfinite(inner), inner, 0.0)
        share, most = self.each("share", len(inner)), self.each("most", len(inner))
        return inner - np.minimum(share * possible, most)


@dataclass(frozen=True, kw_only=True, eq=False)
class WithDetection(Modifier):
    """Cosmetic changes are found out the more easily the larger they are, and punished.

    Adds penalty (1 - exp(-rate size)), the expected penalty, where the size is
    ``sum_j weights_j |d_j|``; weights above 0 mark what is cosmetic, and improving features have 0.
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

    own = ("penalty",)

    rate: float
    """Detection for each unit of size, at least 0."""
    penalty: npt.ArrayLike
    """Share of yearly income when found; one number, or one a person."""
    weights: npt.ArrayLike | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        number("cost.rate", self.rate, error=MenuError)
        numbers("cost.penalty", self.penalty, (), ("people",), error=MenuError)
        if self.weights is not None:
            shape = ("features",)
            weights = numbers("cost.weights", self.weights, shape, least=0.0, error=MenuError)
            object.__setattr__(self, "weights", weights)

    def charge(self, inner: Array, moved: Mask, size: Array | None = None) -> Array:
        """Cost to each person of a change that costs `inner`, which is its size by default."""
        del moved
        size = inner if size is None else size
        detected = -np.expm1(-self.rate * size) if self.rate else np.zeros(len(size))
        return inner + self.each("penalty", len(inner)) * detected

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person, the expected penalty included."""
        if self.weights is None:
            return super().of(before, after)
        weights = np.asarray(self.weights)
        size: Array = np.abs(change(before, after, len(weights))) @ weights
        return self.charge(self.cost.of(before, after), size > 0, size)


def of_people(cost: Cost, where: slice) -> Cost:
    """Return the cost of some of the people, whose own numbers go with them."""
    if not isinstance(cost, Modifier):
        return cost
    own = {name: getattr(cost, name) for name in cost.own if np.ndim(getattr(cost, name))}
    taken = {name: values[where] for name, values in own.items()}
    return replace(cost, cost=of_people(cost.cost, where), **taken)


def check_fit(cost: Cost, people: int, features: int) -> None:
    """Refuse numbers of other people or features.

    Raises
    ------
    InputError
        When a cost prices more or fewer features, or a modifier holds numbers for other people.
    """
    for name in ("up", "weights", "matrix", "direction", "slopes"):
        given = getattr(cost, name, None)
        if given is not None and len(given) != features:
            problem = f"prices {len(given)} features of {features}"
            raise InputError(f"cost.{name}", problem, "give a price for each column")
    if isinstance(cost, Modifier):
        for name in cost.own:
            cost.each(name, people)
        check_fit(cost.cost, people, features)
