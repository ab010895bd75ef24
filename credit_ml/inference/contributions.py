"""What people and clusters contribute to the error of numbers, and how it goes together."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from credit_ml.inference.clusters import jackknife_variance
from credit_ml.inference.quantiles import Array

#: Shapes of error: a mean's (Student), a share's (Wilson), an area's (logit), a correlation's.
Family = Literal["mean", "positive", "share", "area", "correlation"]
Bounds = tuple[float, float]
#: Why a value is NaN where data are.
MISSING = "a value is missing"
#: Where a number is free.
UNBOUNDED: Bounds = (-np.inf, np.inf)
#: Fields that have an axis of people, clusters or societies before those of the value.
_LEADING = ("influence", "left_out", "societies")
#: Fields of the shape of the value.
_OVER_PEOPLE = ("value", "variance", "freedom", "people", "worth", "reason")
_SHAPED = (*_OVER_PEOPLE, "cluster_variance", "cluster_freedom")


@dataclass(frozen=True, eq=False, kw_only=True)
class Contributed:
    """Numbers of shape S, and what their errors are made of; what has one number is repeated."""

    value: Array
    """Shape S, any."""
    variance: Array
    """Over people who are independent, shape S; NaN where one person shows no spread."""
    people: Array
    """How many were counted, shape S."""
    freedom: Array = field(default_factory=lambda: np.asarray(np.inf))
    """Degrees of freedom of `variance`, shape S."""
    worth: Array = None  # type: ignore[assignment]
    """Number of people that bounds the variance where nobody differs (a share of 0), shape S;
    `people` by default."""
    family: Family = "mean"
    bounds: Bounds = UNBOUNDED
    """What the number can be."""
    influence: Array | None = None
    """What each person adds to the error, shape ``(rows, *S)``, so that its squares sum to the
    variance; None where only sums over people were kept."""
    rows: NDArray[np.intp] | None = None
    """Places of the people of `influence`; None for everybody."""
    cluster_variance: Array | None = None
    cluster_freedom: Array | None = None
    left_out: Array | None = None
    """How far the number moves without each cluster, shape ``(clusters, *S)``."""
    clusters: int = 0
    """How many clusters were counted."""
    societies: Array | None = None
    """The same number in other societies, shape ``(societies, *S)``."""
    over: Literal["people", "clusters"] = "people"
    """What `interval` counts by default."""
    reason: NDArray[Any] = field(default_factory=lambda: np.asarray(""))
    """Why the value is NaN, shape S; "" where it is not."""

    def __post_init__(self) -> None:
        own, shape = self.__dict__, np.shape(self.value)
        if own["worth"] is None:
            own["worth"] = own["people"]
        for name in _SHAPED:
            if own[name] is None:
                continue
            # Arithmetic of arrays of one number gives numbers.
            array = np.asarray(own[name], dtype=object if name == "reason" else None)
            own[name] = array if array.shape == shape else np.broadcast_to(array, shape)

    def __getitem__(self, key: Any) -> Self:
        """Part of an array of numbers."""
        places = key if isinstance(key, tuple) else (key,)

        def part(array: Array, lead: int) -> Array:
            return np.asarray(array[(slice(None),) * lead + places], dtype=array.dtype)

        return self._with_each(part)

    def spread(self, *, clustered: bool) -> Array:
        """Variance over people, or the larger of it and that over clusters."""
        if not clustered or self.cluster_variance is None:
            return self.variance
        return np.asarray(np.maximum(self.variance, np.nan_to_num(self.cluster_variance)))

    def free(self, *, clustered: bool) -> Array:
        """Degrees of freedom over people, or over clusters."""
        if clustered and self.cluster_freedom is not None:
            return self.cluster_freedom
        return self.freedom

    def as_wide_as(self, shape: tuple[int, ...]) -> Self:
        """The same numbers repeated to a shape."""
        if self.value.shape == shape:
            return self
        placed = (1,) * (len(shape) - self.value.ndim) + self.value.shape

        def wide(array: Array, lead: int) -> Array:
            before = array.shape[:lead]
            return np.broadcast_to(array.reshape(*before, *placed), (*before, *shape))

        return self._with_each(wide)

    def _with_each(self, change: Callable[[Array, int], Array]) -> Self:
        """The same with every array changed, of which some have an axis before the value's."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        for name in (*_SHAPED, *_LEADING):
            if self.__dict__[name] is not None:
                made.__dict__[name] = change(self.__dict__[name], int(name in _LEADING))
        return made


def plain(estimate: Contributed) -> dict[str, Any]:
    """The fields of `Contributed` of an estimate, to make another of them."""
    return {each.name: getattr(estimate, each.name) for each in fields(Contributed)}


def welch(one: Contributed, two: Contributed) -> Array:
    """Degrees of freedom of the sum of two variances (Welch 1947, Biometrika 34, 28-35)."""
    whole = (one.variance + two.variance) ** 2
    parts = one.variance**2 / one.freedom + two.variance**2 / two.freedom
    least = np.minimum(one.freedom, two.freedom)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(parts > 0, whole / parts, least)


def joined_rows(one: Contributed, two: Contributed) -> tuple[NDArray[np.intp] | None, Any, Any]:
    """Contributions to both numbers of everybody who is in either."""
    if one.influence is None or two.influence is None:
        return None, None, None
    if one.rows is two.rows or (
        one.rows is not None and two.rows is not None and np.array_equal(one.rows, two.rows)
    ):
        return one.rows, one.influence, two.influence
    pair = (one, two)
    places = [
        np.arange(len(pulls)) if each.rows is None else each.rows
        for each, pulls in zip(pair, (one.influence, two.influence), strict=True)
    ]
    size = 1 + max(int(place.max(initial=0)) for place in places)
    there, wholes = np.zeros(size, dtype=bool), []
    for each, place in zip(pair, places, strict=True):
        there[place] = True
        wholes.append(np.zeros((size, *each.value.shape)))
        wholes[-1][place] = each.influence
    rows = np.flatnonzero(there)
    return rows, wholes[0][rows], wholes[1][rows]


def interval_only(*, clustered: bool) -> dict[str, Any]:
    """Fields of an estimate without contributions, which has an interval and no variance."""
    unknown = dict.fromkeys(("variance", "freedom", "worth"), np.asarray(np.nan))
    if not clustered:
        return unknown
    return unknown | dict.fromkeys(("cluster_variance", "cluster_freedom"), np.asarray(np.nan))


def over_clusters(moved: Array, freedom: Array) -> dict[str, Any]:
    """What an estimate says of clusters, from how far it moves without each of them."""
    return {
        "left_out": moved,
        "cluster_variance": jackknife_variance(moved),
        "cluster_freedom": freedom,
        "clusters": len(moved),
        "over": "clusters",
    }
