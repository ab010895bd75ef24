"""What a change of features costs a person, in shares of own yearly income.

Every cost reads people's features before and after, as arrays of people x features, and is 0
for no change. `credit_ml.strategic.costs.social` counts in ties and in people overtaken;
`credit_ml.strategic.costs.modifiers` wraps costs in set-up parts, detection, multipliers of
groups and subsidies.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from credit_ml.core import Array, InputError, MenuError
from credit_ml.strategic.arrays import number, numbers


@runtime_checkable
class Cost(Protocol):
    """A price of changes. Users add their own: any object with this method will do.

    Examples
    --------
    >>> class EachColumn:
    ...     def of(self, before, after):
    ...         return 0.1 * (before != after).sum(axis=1)
    >>> isinstance(EachColumn(), Cost)
    True
    """

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person of going from `before` to `after`, in shares of yearly income."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Separable:
    """Only the rise of a known quantity is paid for: max(0, c(x') - c(x)).

    `function` maps people x features to people. With a linear c, any score whose weights are not
    along c's can be reached for nothing: what one feature costs, another pays back.

    References
    ----------
    Hardt, M., Megiddo, N., Papadimitriou, C. and Wootters, M. (2016). Strategic classification.
    ITCS.

    Examples
    --------
    >>> cost = Separable.linear([0.1, 0.2])
    >>> cost.of(np.zeros((2, 2)), np.array([[1.0, 1.0], [2.0, -1.0]])).round(2).tolist()
    [0.3, 0.0]
    """

    function: Callable[[Array], Array]
    slopes: Array | None = None
    """Price of each feature where c is linear; None where it is not, or not known to be."""

    def __post_init__(self) -> None:
        if not callable(self.function):
            raise MenuError("cost.function", "cannot be called", "give a function of features")

    @classmethod
    def linear(cls, slopes: npt.ArrayLike) -> "Separable":
        """Make the cost of a linear c, which `linear_response` can answer."""
        each = numbers("cost.slopes", slopes, ("features",), error=MenuError)
        return cls(function=lambda X: np.asarray(X @ each, dtype=np.float64), slopes=each)

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person."""
        change(before, after, 0 if self.slopes is None else len(self.slopes))
        rise: Array = np.asarray(self.function(after) - self.function(before), dtype=np.float64)
        if rise.shape != (len(before),):
            raise MenuError("cost.function", f"gives shape {rise.shape}", "give a number a person")
        return np.maximum(rise, 0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class OneSided:
    """Each unit up and each unit down has its own price: sum_j up_j (d_j)+ + down_j (-d_j)+.

    A price of 0 makes a direction free, an infinite one forbids it. Cosmetic and improving
    features are priced apart by their own weights, and `by_feature` tells them apart again.

    Examples
    --------
    >>> cost = OneSided(up=[0.01, 0.2], down=[0.0, np.inf])  # purchases, then months of bills
    >>> before, after = np.zeros((2, 2)), np.array([[3.0, 1.0], [-2.0, 0.0]])
    >>> cost.of(before, after).round(2).tolist()
    [0.23, 0.0]
    >>> cost.by_feature(before, after).sum(axis=0).round(2).tolist()  # cosmetic, improving
    [0.03, 0.2]
    """

    up: npt.ArrayLike
    """Price of a unit more of each feature."""
    down: npt.ArrayLike = 0.0
    """Price of a unit less of each feature; one number is everybody's."""

    def __post_init__(self) -> None:
        up = prices("cost.up", self.up)
        down = prices("cost.down", self.down, (), (len(up),))
        object.__setattr__(self, "up", up)
        object.__setattr__(self, "down", np.broadcast_to(down, up.shape))

    def by_feature(self, before: Array, after: Array) -> Array:
        """Cost of each feature's change, people x features."""
        up, down = np.asarray(self.up), np.asarray(self.down)
        moved = change(before, after, len(up))
        return _paid(moved, np.abs(moved), np.where(moved > 0, up, down))

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person."""
        return np.asarray(self.by_feature(before, after).sum(axis=1))


@dataclass(frozen=True, kw_only=True, eq=False)
class Quadratic:
    """The cost grows with the square of each change: sum_j weights_j d_j^2.

    An infinite weight forbids a feature.

    Examples
    --------
    >>> Quadratic(weights=[1.0, 2.0]).of(np.zeros((1, 2)), np.array([[1.0, 2.0]])).tolist()
    [9.0]
    """

    weights: npt.ArrayLike

    def __post_init__(self) -> None:
        weights = prices("cost.weights", self.weights)
        if not (weights > 0).all():
            raise MenuError("cost.weights", "are 0 for some feature", "give above 0")
        object.__setattr__(self, "weights", weights)

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person."""
        weights = np.asarray(self.weights)
        moved = change(before, after, len(weights))
        return np.asarray(_paid(moved, moved**2, weights).sum(axis=1))


@dataclass(frozen=True, kw_only=True, eq=False)
class Mahalanobis:
    """Changes that go together are cheaper than changes apart: d' A d.

    `matrix` is A, symmetric and positive definite, for instance the inverse covariance of the
    features times a price: then what is common among people is cheap.

    Examples
    --------
    >>> cost = Mahalanobis(matrix=[[1.0, -0.5], [-0.5, 1.0]])
    >>> cost.of(np.zeros((2, 2)), np.array([[1.0, 1.0], [1.0, -1.0]])).tolist()
    [1.0, 3.0]
    """

    matrix: npt.ArrayLike

    def __post_init__(self) -> None:
        matrix = numbers("cost.matrix", self.matrix, ("features", "features"), error=MenuError)
        if matrix.shape[0] != matrix.shape[1] or not np.allclose(matrix, matrix.T):
            raise MenuError("cost.matrix", "is not symmetric", "give (A + A') / 2")
        try:
            np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            remedy = "give one with all eigenvalues above 0"
            raise MenuError("cost.matrix", "is not positive definite", remedy) from None
        object.__setattr__(self, "matrix", matrix)

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person."""
        matrix = np.asarray(self.matrix)
        moved = change(before, after, len(matrix))
        return np.asarray(np.maximum(np.einsum("ij,ij->i", moved @ matrix, moved), 0.0))


@dataclass(frozen=True, kw_only=True, eq=False)
class MixedCost:
    """A linear part that pays back, and a quadratic part: (1 - e) <v, d>+ + e ||d||^2.

    With e = 0 it is Hardt et al.'s separable cost, with e = 1 a plain square. `scale` turns it
    into shares of income.

    References
    ----------
    Ghalme, G., Nair, V., Eilat, I., Talgam-Cohen, I. and Rosenfeld, N. (2021). Strategic
    classification in the dark. ICML.

    Examples
    --------
    >>> cost = MixedCost(direction=[1.0, 0.0], quadratic=0.25)
    >>> cost.of(np.zeros((2, 2)), np.array([[2.0, 0.0], [-2.0, 0.0]])).tolist()
    [2.5, 1.0]
    """

    direction: npt.ArrayLike
    """v."""
    quadratic: float
    """e, from 0 to 1."""
    scale: float = 1.0

    def __post_init__(self) -> None:
        direction = numbers("cost.direction", self.direction, ("features",), error=MenuError)
        object.__setattr__(self, "direction", direction)
        number("cost.quadratic", self.quadratic, most=1.0, error=MenuError)
        number("cost.scale", self.scale, error=MenuError)

    def of(self, before: Array, after: Array) -> Array:
        """Cost to each person."""
        direction = np.asarray(self.direction)
        moved = change(before, after, len(direction))
        square = np.einsum("ij,ij->i", moved, moved)
        linear = np.maximum(moved @ direction, 0.0)
        return np.asarray(self.scale * ((1 - self.quadratic) * linear + self.quadratic * square))


def change(before: Array, after: Array, features: int = 0) -> Array:
    """Return after - before.

    Raises
    ------
    InputError
        When the shapes differ, or there are not `features` columns (0: any number).
    """
    if np.shape(before) != np.shape(after) or np.ndim(before) != 2:
        problem = f"have shapes {np.shape(before)} and {np.shape(after)}"
        raise InputError("features before and after", problem, "give people x features, twice")
    if features and np.shape(before)[1] != features:
        problem = f"have {np.shape(before)[1]} columns, and the cost prices {features}"
        raise InputError("features", problem, "give a price for each column")
    return np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)


def prices(place: str, given: npt.ArrayLike, *shapes: tuple[int | str, ...]) -> Array:
    """Return prices from 0 to infinity, one a feature unless other shapes are given."""
    allowed = shapes or (("features",),)
    return numbers(place, given, *allowed, least=0.0, finite=False, error=MenuError)


def _paid(moved: Array, size: Array, price: Array) -> Array:
    # Not a plain product: nothing of a forbidden change costs nothing.
    return np.where(moved == 0, 0.0, size * np.where(moved == 0, 0.0, price))
