"""Means of numbers that are 0 for most people: how many they move, times how far."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from credit_ml.core import Mask
from credit_ml.inference.contributions import UNBOUNDED, plain
from credit_ml.inference.estimate import Estimate
from credit_ml.inference.groups.many import GroupedPeople
from credit_ml.inference.people import People
from credit_ml.inference.quantiles import Array, Ends, mover, ratio_ends, student

#: Of fewer who are moved in a group, nothing says how far others would be: all groups' are asked.
FEWEST_MOVED = 2
#: Fewer do not say that others are not moved the other way, nor how skewed sizes are.
FEW_MOVED = 10
#: A number that so many have as 0 is taken in two parts.
MOST = 0.5


@dataclass(frozen=True, eq=False)
class MovedSide:
    """Who is moved in one direction, and how far: a share, and a mean over those."""

    share: Estimate
    size: Estimate
    everybody: Estimate
    """How far people of all groups are moved, of the same shape."""

    def __getitem__(self, key: Any) -> "MovedSide":
        return MovedSide(self.share[key], self.size[key], self.everybody[key])

    def as_wide_as(self, shape: tuple[int, ...]) -> "MovedSide":
        """The same numbers repeated to a shape."""
        return MovedSide(
            *(each.as_wide_as(shape) for each in (self.share, self.size, self.everybody))
        )

    @property
    def moved(self) -> Array:
        """How many are moved."""
        return self.size.worth

    @property
    def there(self) -> Mask:
        """Whether anybody is moved, in any group."""
        return np.asarray(self.everybody.worth > 0)

    @property
    def mean(self) -> Array:
        """Mean of everybody, 0 of who is not moved."""
        return np.nan_to_num(self.share.value * self.size.value)

    @property
    def spread(self) -> Array:
        """Variance between people."""
        squares = np.nan_to_num(self.size.variance) * self.moved + self.size.value**2
        return np.nan_to_num(self.share.value * squares - self.mean**2)

    def ends(self, level: float, mixed: Mask) -> Ends:
        """Wilson's ends of the share times Student's of the size, joined by their logarithms.

        The size has two degrees of freedom at least: with one its upper end says nothing. Of few
        people where others are moved the other way (`mixed`) it has the normal's ends: of two who
        lose beside many who gain, Student's would say that the loss may be anything.
        """
        own, few = self.moved >= FEWEST_MOVED, mixed & (self.moved < FEW_MOVED)
        size, variance, freedom = (
            np.where(own, getattr(self.size, name), getattr(self.everybody, name))
            for name in ("value", "variance", "freedom")
        )
        size, variance = np.where(self.there, size, 1.0), np.where(self.there, variance, 0.0)
        variance = np.where(few, np.nan_to_num(variance), variance)
        quantile = student(level, np.where(few, np.inf, np.maximum(freedom, 2.0)))
        apart = quantile * np.sqrt(variance) / size
        ends = self.share.ends(level, clustered=False)
        # A product is a ratio to the inverse.
        below = (np.exp(-apart) / size, np.exp(apart) / size)
        low, high = ratio_ends((self.share.value, 1 / size), ends, below, np.zeros(size.shape))
        known = np.where(np.isnan(variance), np.nan, 0.0)
        return np.where(self.there, low, 0.0) + known, np.where(self.there, high, 0.0) + known


@dataclass(frozen=True, eq=False, kw_only=True)
class TwoPartMean(Estimate):
    """Mean of a number that is 0 for most (`two_part_mean` makes it)."""

    up: MovedSide
    down: MovedSide

    def __getitem__(self, key: Any) -> Self:
        """Part of an array of numbers."""
        bare = Estimate(**plain(self))[key]
        return type(self)(**plain(bare), up=self.up[key], down=self.down[key])

    def as_wide_as(self, shape: tuple[int, ...]) -> Self:
        """The same numbers repeated to a shape."""
        bare = Estimate(**plain(self)).as_wide_as(shape)
        up, down = self.up.as_wide_as(shape), self.down.as_wide_as(shape)
        return type(self)(**plain(bare), up=up, down=down)

    def ends(self, level: float, *, clustered: bool) -> Ends:
        """Ends of gains and of losses, joined by `mover`; over clusters Student's.

        Of few who are moved one way, where any are the other way or could be, Student's ends too.
        """
        alone = super().ends(level, clustered=clustered)
        if clustered:
            return alone
        up, down = self.up, self.down
        mixed = up.there & down.there
        sides = (up.ends(level, mixed), down.ends(level, mixed))
        low, high = mover((up.mean, down.mean), *sides, self._together)
        scarce = np.maximum(up.everybody.worth, down.everybody.worth) < FEW_MOVED
        either = (mixed | scarce) & (np.minimum(up.moved, down.moved) < FEW_MOVED)
        return (
            np.where(either, np.minimum(low, alone[0]), low),
            np.where(either, np.maximum(high, alone[1]), high),
        )

    @property
    def _together(self) -> Array:
        """Correlation of the errors of what is gained and of what is lost: nobody does both."""
        means = self.up.mean * self.down.mean
        spread = np.sqrt(self.up.spread * self.down.spread)
        found = np.zeros(means.shape)
        np.divide(-means, spread, out=found, where=spread > 0)
        return np.clip(found, -1.0, 1.0)


def mostly_none(values: Array) -> Mask:
    """Which numbers, of shape (people, numbers), half of all people have as 0, and not everybody.

    Examples
    --------
    >>> mostly_none(np.array([[0.0, 0.0, 1.0], [0.0, 2.0, 3.0]])).tolist()
    [False, True, False]
    """
    none = (values == 0).mean(axis=0)
    return np.asarray((none >= MOST) & (none < 1))


def two_part_mean(
    groups: GroupedPeople, values: ArrayLike, among: ArrayLike | None = None
) -> Estimate:
    """Mean of each group, as `GroupedPeople.mean`, of a number that is 0 for most people.

    A score that changes for one in ten, by more or less, has a skewed mean: samples in which few
    are moved have a small mean and a small spread, so that Student's intervals lie too low too
    often. Here the mean is the share of those who are moved (Wilson's interval) times how far they
    are (Student's; of fewer than two, as far as people of all groups are), joined on the scale of
    logarithms; what is lost is taken from what is gained.

    That nobody loses is believed where ten gain or more and nobody of any group loses. Where fewer
    than ten of a group are moved one way, and others are the other way, the interval reaches as far
    as Student's too. Where fewer than two of all groups are moved there is none. Over clusters, and
    of people with weights, intervals are Student's, as of other means. Of two groups of like size
    the skew cancels in their difference, and Student's would be shorter.

    Cost: six passes beside that of the mean; half of them where nobody loses.

    Parameters
    ----------
    groups : GroupedPeople
    values : array_like of shape (people,) or (people, numbers)
    among : array_like of shape (people,), optional
        Who is counted, 1 or 0, or each one's chance: the mean is that of `values` weighed by it.

    References
    ----------
    Duan, N., Manning, W. G., Morris, C. N. and Newhouse, J. P. (1983). A comparison of alternative
    models for the demand for medical care. Journal of Business and Economic Statistics 1, 115-126
    (the two parts). Zou, G. Y. and Donner, A. (2008), as in `mover` (the joint interval).

    Examples
    --------
    >>> from credit_ml.inference import People
    >>> groups = GroupedPeople(People(100), [np.ones(100, dtype=bool)])
    >>> moved = np.where(np.arange(100) < 12, 1.0 + np.arange(100) % 4, 0.0)
    >>> [end.round(2).tolist() for end in groups.mean(moved).interval()]
    [[0.12], [0.48]]
    >>> [end.round(2).tolist() for end in two_part_mean(groups, moved).interval()]
    [[0.16], [0.54]]
    """
    numbers = np.asarray(values, dtype="float64")
    if numbers.ndim > 1:
        numbers = numbers.reshape(len(numbers), -1)
    counted = np.ones(len(numbers)) if among is None else np.asarray(among, dtype="float64")
    found = groups.mean(numbers)
    if among is not None:
        own = counted.reshape(-1, *(1,) * (numbers.ndim - 1))
        found = groups.rate(numbers * own, counted, bounds=UNBOUNDED)
    if found.over == "clusters" or groups.people.relative is not None:
        return found
    sides = [_side(groups, sign * numbers, counted, found.value.shape) for sign in (1.0, -1.0)]
    return TwoPartMean(**plain(found), up=sides[0], down=sides[1])


def _side(
    groups: GroupedPeople, values: Array, counted: Array, shape: tuple[int, ...]
) -> MovedSide:
    """Who has more than 0, and how far, of groups and of everybody who is in any."""
    part = np.maximum(values, 0.0)
    if not part.any():  # nobody, of as many numbers as there are
        part = np.zeros(part.shape[:1] + (1,) * (part.ndim - 1))
    own = counted.reshape(-1, *(1,) * (part.ndim - 1))
    there = (part > 0) * own
    size = groups.rate(part * own, there, bounds=(0.0, np.inf))
    everybody = People(len(part)).rate(part * own, there, _in_any(groups), bounds=(0.0, np.inf))
    share = groups.rate(there, counted)
    bare = Estimate(**plain(everybody) | {"influence": None, "rows": None})
    return MovedSide(*(each.as_wide_as(shape) for each in (share, size, bare)))


def _in_any(groups: GroupedPeople) -> Mask | None:
    """Who is in any group; None where all are."""
    found = np.any(groups.masks, axis=0)
    return None if found.all() else np.asarray(found)
