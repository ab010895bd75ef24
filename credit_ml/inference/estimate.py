"""A number with what each person and each cluster contributes to its error."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from credit_ml.core import InputError, refuse_unknown
from credit_ml.inference.clusters import jackknife_variance
from credit_ml.inference.contributions import (
    Contributed,
    cluster_covariance,
    joined_rows,
    people_covariance,
    plain,
    welch,
)
from credit_ml.inference.options import checked_level
from credit_ml.inference.quantiles import (
    Array,
    Ends,
    between_areas,
    between_correlations,
    between_shares,
    mover,
    student,
    two_sided,
)

Pair = TypeVar("Pair", "Difference", "Ratio")
#: Why there is no ratio.
NO_RATIO = "the reference is 0"


class Interval(NamedTuple):
    """Both ends of an interval: floats of one number, arrays of several.

    Examples
    --------
    >>> Interval(0.1, 0.4).high
    0.4
    """

    low: Any
    high: Any


@dataclass(frozen=True, eq=False, kw_only=True)
class Estimate(Contributed):
    """A number (or an array of numbers) and what it takes to say how sure it is.

    Make one with `People` (``People(5).share([1, 0, 1, 1, 0])``), `shares_of_counts` or
    `jackknifed`; subtract, divide and add them, of other people or of the same, and ask for
    `interval`. Where the value cannot be known it is NaN, so are the ends, and `reason` says why.

    Examples
    --------
    >>> from credit_ml.inference import People
    >>> people = People(6)
    >>> before, after = people.share([1, 0, 0, 1, 0, 0]), people.share([1, 1, 0, 1, 0, 1])
    >>> round(float((after - before).value), 3)
    0.333
    >>> [round(end, 2) for end in (after - before).interval(level=0.95)]
    [-0.03, 0.57]
    """

    def __float__(self) -> float:
        return float(self.value)

    def __sub__(self, other: "Estimate") -> "Estimate":
        """Difference, of other people or of the same: see `difference`."""
        return difference(self, other)

    def __truediv__(self, other: "Estimate") -> "Estimate":
        """Ratio: see `ratio`."""
        return ratio(self, other)

    def __add__(self, other: "Estimate") -> "Estimate":
        """Sum, such as of the components of a gap."""
        return difference(self, other.scaled(-1.0))

    def scaled(self, factor: float, shift: float = 0.0) -> "Estimate":
        """``factor * value + shift``, with the ends of the same interval.

        Examples
        --------
        >>> from credit_ml.inference import People
        >>> wrong = People(10).share(np.arange(10) < 3)
        >>> [round(end, 3) for end in wrong.scaled(-1, 1).interval()]
        [0.397, 0.892]
        """
        return scaled(self, factor, shift)

    def with_societies(self, values: ArrayLike) -> Self:
        """Add the same number in other societies, shape (societies, *S), for over="societies"."""
        return replace(self, societies=np.asarray(values, dtype="float64"))

    def interval(self, level: float = 0.95, *, over: str | None = None) -> Interval:
        """Ends of the interval, inside what is possible.

        Parameters
        ----------
        level : float
        over : {"auto", "people", "clusters", "societies"}, optional
            By default, and with "auto", clusters where the people were made to count them, else
            people. Over clusters an interval is never narrower than over people: by chance
            neighbours may look less alike than strangers. Over societies it is
            ``value +- t sd`` of the values given to `with_societies`.

        Raises
        ------
        InputError
            When the level or the option is unknown, or what it counts was not given.
        """
        checked_level(level)
        chosen = self._over(over)
        if chosen == "societies":
            assert self.societies is not None
            number = len(self.societies)
            half = student(level, number - 1) * self.societies.std(axis=0, ddof=1)
            ends: Ends = (self.value - half, self.value + half)
        else:
            ends = self.ends(level, clustered=False)
            if chosen == "clusters":
                wide = self.ends(level, clustered=True)
                ends = np.fmin(ends[0], wide[0]), np.fmax(ends[1], wide[1])
        low = np.fmax(np.minimum(ends[0], self.value), self.bounds[0])
        high = np.fmin(np.maximum(ends[1], self.value), self.bounds[1])
        unknown = np.isnan(self.value) | np.isnan(ends[0]) | np.isnan(ends[1])
        low, high = np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)
        return Interval(low, high) if low.ndim else Interval(float(low), float(high))

    def facts(self, level: float = 0.95, *, over: str | None = None) -> dict[str, Any]:
        """One number as columns of a finding: estimate, low, high, people, clusters, reason.

        Examples
        --------
        >>> from credit_ml.inference import People
        >>> People(4).mean([1.0, 2.0, 3.0, 4.0]).facts()["people"]
        4
        """
        low, high = self.interval(level, over=over)
        counted = self.clusters if self._over(over) == "clusters" else 0
        return {
            "estimate": float(self.value),
            "low": low,
            "high": high,
            "people": int(self.people),
            "clusters": counted,
            "reason": str(self.reason[()]),
        }

    def p_value(self, null: float = 0.0, *, over: str | None = None) -> Any:
        """Two-sided chance of a distance from `null` as large as this one's, were `null` true.

        From Student's t of the standard error; over clusters never less than over people.
        """
        far = self.value - null
        found = two_sided(*self._statistic(far, clustered=False))
        if self._over(over) == "clusters":
            found = np.maximum(found, two_sided(*self._statistic(far, clustered=True)))
        return found if found.ndim else float(found)

    def error(self, *, over: str | None = None) -> Any:
        """Standard error."""
        clustered = self._over(over) == "clusters"
        found = np.sqrt(self.spread(clustered=clustered))
        return found if found.ndim else float(found)

    @property
    def design_effect(self) -> Array:
        """Variance over clusters by that over people, at least 1; 1 where people are counted."""
        effect = np.ones(self.value.shape)
        if self.over == "clusters":
            clustered = self.spread(clustered=True)
            real = self.variance > 1e-24 * clustered  # less is rounding, of people all alike
            np.divide(clustered, self.variance, out=effect, where=real)
        return np.where(np.isnan(self.value) | np.isnan(self.variance), np.nan, effect)

    def ends(self, level: float, *, clustered: bool) -> Ends:
        """Ends before they are held to bounds, over people or over clusters."""
        variance = self.spread(clustered=clustered)
        quantile = student(level, self.free(clustered=clustered))
        if self.family == "share":
            return between_shares(self.value, variance, self.worth, quantile)
        if self.family == "area":
            return between_areas(self.value, variance, self.worth, quantile)
        if self.family == "correlation":
            return between_correlations(self.value, variance, quantile)
        half = quantile * np.sqrt(variance)
        return self.value - half, self.value + half

    def _statistic(self, far: Array, *, clustered: bool) -> Ends:
        error = np.sqrt(self.spread(clustered=clustered))
        with np.errstate(divide="ignore", invalid="ignore"):
            statistic = np.where(far == 0, 0.0, far / error)
        statistic = np.where(np.isnan(self.value) | np.isnan(error), np.nan, statistic)
        return statistic, self.free(clustered=clustered)

    def _over(self, over: str | None) -> str:
        chosen = self.over if over in (None, "auto") else str(over)
        there = {
            "people": True,
            "clusters": self.cluster_variance is not None,
            "societies": self.societies is not None,
        }
        if chosen not in there:
            refuse_unknown(InputError, "over", chosen, ["auto", *there])
        if not there[chosen]:
            remedy = "with_societies" if chosen == "societies" else "People(..., clusters=...)"
            raise InputError("over", f"is '{chosen}', of which nothing is known", f"use {remedy}")
        return chosen


@dataclass(frozen=True, eq=False, kw_only=True)
class Difference(Estimate):
    """One number less another, where at least one is no mean (`difference` makes it)."""

    one: Estimate
    two: Estimate
    covariance: Array
    """Over people."""

    def __getitem__(self, key: Any) -> "Difference":
        """Part of an array of numbers."""
        return _each(self, lambda part: part[key])

    def as_wide_as(self, shape: tuple[int, ...]) -> "Difference":
        """The same numbers repeated to a shape."""
        return _each(self, lambda part: part.as_wide_as(shape))

    def ends(self, level: float, *, clustered: bool) -> Ends:
        """Ends joined by `mover`."""
        return mover(
            (self.one.value, self.two.value),
            self.one.ends(level, clustered=clustered),
            self.two.ends(level, clustered=clustered),
            correlation(self.one, self.two, self.covariance, clustered=clustered),
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Ratio(Estimate):
    """One number by another, on the scale of logarithms (`ratio` makes it)."""

    one: Estimate
    two: Estimate
    covariance: Array
    """Over people."""

    def __getitem__(self, key: Any) -> "Ratio":
        """Part of an array of numbers."""
        return _each(self, lambda part: part[key])

    def as_wide_as(self, shape: tuple[int, ...]) -> "Ratio":
        """The same numbers repeated to a shape."""
        return _each(self, lambda part: part.as_wide_as(shape))

    def ends(self, level: float, *, clustered: bool) -> Ends:
        """Ends joined by `mover` of the logarithms; of a ratio of 0 the upper by Donner and Zou."""
        one, two = (
            [np.maximum(end, 0.0) for end in each.ends(level, clustered=clustered)]
            for each in (self.one, self.two)
        )
        both = correlation(self.one, self.two, self.covariance, clustered=clustered)
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.log(self.one.value), np.log(self.two.value)
            logs = [(np.log(ends[0]), np.log(ends[1])) for ends in (one, two)]
            low, high = (np.exp(end) for end in mover(values, logs[0], logs[1], both))
            least = two[0] * (2 * self.two.value - two[0])
            zero = np.where(least > 0, one[1] / np.sqrt(np.maximum(least, 0.0)), np.inf)
        none = self.one.value <= 0
        return np.where(none, 0.0, np.fmax(low, 0.0)), np.where(none, zero, high)


@dataclass(frozen=True, eq=False, kw_only=True)
class Scaled(Estimate):
    """A multiple of a number, and something more (`Estimate.scaled` makes it)."""

    of: Estimate
    factor: float
    shift: float

    def __getitem__(self, key: Any) -> "Estimate":  # type: ignore[override]
        """Part of an array of numbers."""
        return scaled(self.of[key], self.factor, self.shift)

    def as_wide_as(self, shape: tuple[int, ...]) -> "Estimate":  # type: ignore[override]
        """The same numbers repeated to a shape."""
        return scaled(self.of.as_wide_as(shape), self.factor, self.shift)

    def ends(self, level: float, *, clustered: bool) -> Ends:
        """Ends of the number, moved."""
        low, high = (
            end * self.factor + self.shift for end in self.of.ends(level, clustered=clustered)
        )
        return (low, high) if self.factor >= 0 else (high, low)


def difference(one: Estimate, two: Estimate, *, disjoint: bool | None = None) -> Estimate:
    """Difference of two numbers: of two groups, or of the same people before and after.

    Two means make a mean, whose squared error is that of each person's (or cluster's) sum of
    contributions, with Welch's degrees of freedom. All else joins both intervals by `mover`, with
    the correlation that the contributions have: none for two groups of people who are independent,
    Newcombe's for two shares of the same people, and that of clusters where they are counted, so
    that what moves a whole district cancels.

    Parameters
    ----------
    one, two : Estimate
        Shapes that broadcast.
    disjoint : bool, optional
        Whether nobody is in both; needed where contributions of single people were not kept.

    Examples
    --------
    >>> from credit_ml.inference import People
    >>> people, woman = People(6), np.array([True, True, True, False, False, False])
    >>> score = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 9.0])
    >>> gap = difference(people.mean(score, woman), people.mean(score, ~woman))
    >>> [round(end, 2) for end in gap.interval()]
    [-9.74, 1.74]
    """
    shape = np.broadcast_shapes(one.value.shape, two.value.shape)
    one, two = one.as_wide_as(shape), two.as_wide_as(shape)
    same = one.rows is None and two.rows is None and disjoint is not True
    rows, first, second = (None, one.influence, two.influence)
    if not same:
        rows, first, second = joined_rows(one, two)
    covariance = people_covariance(first, second, shape, disjoint=disjoint)
    values = _difference_fields(one, two, covariance)
    if first is not None and second is not None:
        values |= {"influence": first - second, "rows": rows}
    if one.family == two.family == "mean" and type(one) is type(two) is Estimate:
        free = welch(one, two)
        values["freedom"] = np.where(covariance == 0, free, np.minimum(one.freedom, two.freedom))
        return Estimate(**values)
    return Difference(**values, one=one, two=two, covariance=covariance)


def _difference_fields(one: Estimate, two: Estimate, covariance: Array) -> dict[str, Any]:
    variance = np.maximum(one.variance + two.variance - 2 * covariance, 0.0)
    values: dict[str, Any] = {
        "value": one.value - two.value,
        "variance": variance,
        "freedom": np.minimum(one.freedom, two.freedom),
        "people": one.people,
        "worth": np.minimum(one.worth, two.worth),
        "bounds": (one.bounds[0] - two.bounds[1], one.bounds[1] - two.bounds[0]),
        "over": one.over,
        "clusters": max(one.clusters, two.clusters),
        "reason": np.where(one.reason != "", one.reason, two.reason),
    }
    if one.left_out is not None and two.left_out is not None:
        moved = one.left_out - two.left_out
        values |= {"left_out": moved, "cluster_variance": jackknife_variance(moved)}
        assert one.cluster_freedom is not None
        assert two.cluster_freedom is not None
        values["cluster_freedom"] = np.minimum(one.cluster_freedom, two.cluster_freedom)
    if one.societies is not None and two.societies is not None:
        values["societies"] = one.societies - two.societies
    return values


def ratio(one: Estimate, two: Estimate, *, disjoint: bool | None = None) -> Estimate:
    """Ratio of two numbers that are not negative; NaN where the lower one is 0.

    The interval is symmetric in the logarithm: that of ``two / one`` is its inverse.

    References
    ----------
    Donner, A. and Zou, G. Y. (2012). Closed-form confidence intervals for functions of the normal
    mean and standard deviation. Statistical Methods in Medical Research 21, 347-359.

    Examples
    --------
    >>> from credit_ml.inference import People
    >>> people, woman = People(20), np.arange(20) < 10
    >>> hired = np.isin(np.arange(20), [0, 1, 10, 11, 12, 13])
    >>> found = ratio(people.share(hired, woman), people.share(hired, ~woman))
    >>> float(found), [round(end, 2) for end in found.interval()]
    (0.5, [0.13, 1.79])
    """
    shape = np.broadcast_shapes(one.value.shape, two.value.shape)
    one, two = one.as_wide_as(shape), two.as_wide_as(shape)
    rows, first, second = joined_rows(one, two)
    covariance = people_covariance(first, second, shape, disjoint=disjoint)
    there = two.value > 0
    below = np.where(there, two.value, np.nan)
    value = one.value / below
    kept: dict[str, Any] = {}
    if first is not None and second is not None:
        kept = {"influence": (first - value * second) / below, "rows": rows}
    if one.left_out is not None and two.left_out is not None:
        assert one.cluster_freedom is not None
        assert two.cluster_freedom is not None
        with np.errstate(divide="ignore", invalid="ignore"):
            moved = (one.value + one.left_out) / (below + two.left_out) - value
        kept |= {
            "left_out": moved,
            "cluster_variance": jackknife_variance(moved),
            "cluster_freedom": np.minimum(one.cluster_freedom, two.cluster_freedom),
        }
    if one.societies is not None and two.societies is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            kept["societies"] = one.societies / two.societies
    why = np.where(one.reason != "", one.reason, two.reason)
    why = np.where((why == "") & ~there, NO_RATIO, why)
    return Ratio(
        value=value,
        variance=(one.variance + value**2 * two.variance - 2 * value * covariance) / below**2,
        freedom=np.minimum(one.freedom, two.freedom),
        people=one.people,
        worth=np.minimum(one.worth, two.worth),
        bounds=(0.0, np.inf),
        over=one.over,
        clusters=max(one.clusters, two.clusters),
        reason=why,
        one=one,
        two=two,
        covariance=covariance,
        **kept,
    )


def scaled(estimate: Estimate, factor: float, shift: float) -> Estimate:
    """``factor * value + shift``."""
    values = plain(estimate)
    for name in ("value", "societies"):
        if values[name] is not None:
            values[name] = values[name] * factor + shift
    for name in ("influence", "left_out"):
        if values[name] is not None:
            values[name] = values[name] * factor
    for name in ("variance", "cluster_variance"):
        if values[name] is not None:
            values[name] = values[name] * factor**2
    ends = sorted(bound * factor + shift if factor else shift for bound in estimate.bounds)
    values["bounds"] = (ends[0], ends[1])
    if estimate.family == "mean" and type(estimate) is Estimate:
        return Estimate(**values)
    return Scaled(**values, of=estimate, factor=factor, shift=shift)


def correlation(one: Estimate, two: Estimate, covariance: Array, *, clustered: bool) -> Array:
    """Correlation of two numbers' errors, over people or over clusters."""
    both = cluster_covariance(one, two) if clustered else covariance
    error = np.sqrt(one.spread(clustered=clustered) * two.spread(clustered=clustered))
    found = np.zeros(one.value.shape)
    np.divide(both, error, out=found, where=error > 0)
    return np.clip(np.nan_to_num(found), -1.0, 1.0)


def _each(whole: Pair, change: Callable[[Any], Any]) -> Pair:
    """Make a difference or a ratio again of a part, or a wider copy, of both numbers."""
    bare = Estimate(**plain(whole))
    base, covariance = change(bare), change(replace(bare, value=whole.covariance)).value
    return type(whole)(
        **plain(base), one=change(whole.one), two=change(whole.two), covariance=covariance
    )
