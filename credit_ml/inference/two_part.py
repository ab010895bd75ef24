"""Means of numbers that are 0 for most people: how many they move, times how far."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from credit_ml.core import Mask
from credit_ml.inference.contributions import plain
from credit_ml.inference.estimate import Estimate
from credit_ml.inference.many import GroupedPeople
from credit_ml.inference.quantiles import Array, Ends, mover, ratio_ends, student

#: With fewer who are moved, nothing says how far others would be.
FEWEST_MOVED = 2
#: Beside more who are moved the other way, fewer than these do not say how skewed sizes are.
FEW_MOVED = 10
#: A number that so many have as 0 is taken in two parts.
MOST = 0.5


@dataclass(frozen=True, eq=False)
class Side:
    """Who is moved in one direction, and how far: a share, and a mean over those."""

    share: Estimate
    size: Estimate
    alike: Array
    """How far all are moved who are, of every group; NaN where that differs, or is of one alone."""

    def __getitem__(self, key: Any) -> "Side":
        return Side(self.share[key], self.size[key], self.alike[key])

    def as_wide_as(self, shape: tuple[int, ...]) -> "Side":
        """The same numbers repeated to a shape."""
        alike = np.broadcast_to(self.alike, shape)
        return Side(self.share.as_wide_as(shape), self.size.as_wide_as(shape), alike)

    @property
    def moved(self) -> Array:
        """How many are moved, or what their weights are worth."""
        return self.size.worth

    @property
    def mean(self) -> Array:
        """Mean of everybody, 0 of who is not moved."""
        return np.nan_to_num(self.share.value * self.size.value)

    @property
    def spread(self) -> Array:
        """Variance between people."""
        squares = np.nan_to_num(self.size.variance) * self.moved + self.size.value**2
        return np.nan_to_num(self.share.value * squares - self.mean**2)

    def ends(self, level: float, beside: Array) -> Ends:
        """Wilson's ends of the share times Student's of the size, joined by their logarithms.

        The size has two degrees of freedom at least: with one its upper end says nothing. Of few
        people, where more (`beside`) are moved the other way, it has the normal's ends: of two who
        lose beside many who gain, Student's would say that the loss may be anything.
        """
        known, few = ~np.isnan(self.alike), (self.moved < FEW_MOVED) & (self.moved < beside)
        there = known | (self.moved > 0)
        share = np.where(there, self.share.value, 1.0)
        size = np.where(known, self.alike, np.where(there, self.size.value, 1.0))
        variance = np.where(few, np.nan_to_num(self.size.variance), self.size.variance)
        error = np.sqrt(np.where(there & ~known, variance, 0.0))
        freedom = np.where(few, np.inf, np.maximum(self.size.freedom, 2.0))
        apart = student(level, freedom) * error / size
        ends = self.share.ends(level, clustered=False)
        # A product is a ratio to the inverse.
        below = (np.exp(-apart) / size, np.exp(apart) / size)
        low, high = ratio_ends((share, 1 / size), ends, below, np.zeros(share.shape))
        return np.where(there, low, 0.0), np.where(there, high, 0.0)


@dataclass(frozen=True, eq=False, kw_only=True)
class TwoPartMean(Estimate):
    """Mean of a number that is 0 for most (`two_part_mean` makes it)."""

    up: Side
    down: Side

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
        """Ends of gains and of losses, joined by `mover`; over clusters Student's."""
        if clustered:
            return super().ends(level, clustered=clustered)
        up, down = self.up, self.down
        sides = (up.ends(level, down.moved), down.ends(level, up.moved))
        low, high = mover((up.mean, down.mean), *sides, self._together)
        few = np.maximum(up.moved, down.moved) < FEWEST_MOVED
        few &= np.isnan(up.alike) & np.isnan(down.alike)
        return np.where(few, np.nan, low), np.where(few, np.nan, high)

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


def two_part_mean(groups: GroupedPeople, values: ArrayLike) -> Estimate:
    """Mean of each group, as `GroupedPeople.mean`, of a number that is 0 for most people.

    A score that changes for one in ten, by more or less, has a skewed mean: samples in which few
    are moved have a small mean and a small spread, so that Student's intervals lie too low too
    often. Here the mean is the share of those who are moved (Wilson's interval) times how far they
    are (Student's), joined on the scale of logarithms; what is lost is taken from what is gained.
    Where fewer than two of a group are moved one way it has no interval, but where all who are
    moved, in any group, are so equally far. Over clusters intervals are Student's, as of other
    means.

    Cost: four passes beside that of the mean.

    Parameters
    ----------
    groups : GroupedPeople
    values : array_like of shape (people,) or (people, numbers)

    References
    ----------
    Duan, N., Manning, W. G., Morris, C. N. and Newhouse, J. P. (1983). A comparison of alternative
    models for the demand for medical care. Journal of Business and Economic Statistics 1, 115-126
    (the two parts). Zou, G. Y. and Donner, A. (2008), as in `mover` (the joint interval).

    Examples
    --------
    >>> from credit_ml.inference import People
    >>> groups = GroupedPeople(People(100), [np.ones(100, dtype=bool)])
    >>> moved = np.where(np.arange(100) < 8, 1.0 + np.arange(100) % 4, 0.0)
    >>> [end.round(2).tolist() for end in groups.mean(moved).interval()]
    [[0.05], [0.35]]
    >>> [end.round(2).tolist() for end in two_part_mean(groups, moved).interval()]
    [[0.09], [0.42]]
    """
    numbers = np.asarray(values, dtype="float64")
    found = groups.mean(numbers)
    if found.over == "clusters":
        return found
    sides = [_side(groups, np.maximum(sign * numbers, 0.0)) for sign in (1.0, -1.0)]
    return TwoPartMean(**plain(found), up=sides[0], down=sides[1])


def _side(groups: GroupedPeople, part: Array) -> Side:
    there = (part > 0).astype("float64")
    share, size = groups.share(there), groups.rate(part, there, bounds=(0.0, np.inf))
    most = part.max(axis=0)
    alike = (most > 0) & ((part == 0) | (part == most)).all(axis=0)
    # One person is as far as all who are moved, which says nothing, unless people are counted.
    alike = np.where(alike & ((most == 1) | (there.sum(axis=0) > 1)), most, np.nan)
    return Side(share, size, np.broadcast_to(alike, share.value.shape))
