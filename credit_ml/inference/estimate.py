"""A number with what each person and each cluster contributes to its error."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from credit_ml.core import InputError, refuse_unknown
from credit_ml.inference.clusters import jackknife_covariance
from credit_ml.inference.contributions import Contributed, joined_rows, over_clusters, plain, welch
from credit_ml.inference.options import checked_level
from credit_ml.inference.quantiles import (
    Array,
    Ends,
    between_areas,
    between_correlations,
    between_positive,
    between_shares,
    mover,
    ratio_ends,
    student,
    two_sided,
)

#: How two arrays make one.
Combine = Callable[[Array, Array], Array]
#: Why there is no ratio.
NO_RATIO = "the reference is 0"
#: Why there is no interval.
TOO_FEW = "too few people to say how sure it is"
ONE_CLUSTER = "all are of one cluster, and nothing says how others differ"


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

    def unsure(self, reason: str) -> "Estimate":
        """The same number without an interval of its table, and why there is none.

        Examples
        --------
        >>> from credit_ml.inference import People
        >>> told = People(4).share([1, 0, 1, 1]).unsure("their friends are elsewhere").facts()
        >>> told["estimate"], told["low"], told["reason"]
        (0.75, nan, 'their friends are elsewhere')
        """
        # Wilson's form would have ends without a variance too.
        values = plain(self) | {"family": "mean"}
        values |= {"reason": np.where(self.reason == "", reason, self.reason)}
        for name in ("variance", "cluster_variance"):
            if values[name] is not None:
                values[name] = np.full(self.value.shape, np.nan)
        return Estimate(**values)

    def with_societies(self, values: ArrayLike) -> Self:
        """Add the number in other societies, shape ``(societies, *S)``, for over="societies"."""
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
            ``value +- t sd`` of the values given to `with_societies`; a share that is the same
            in all of them keeps its interval over people.

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
            if self.family == "share":  # alike in all of them, it is still one of so many people
                alone, alike = self.ends(level, clustered=False), half == 0
                ends = np.where(alike, alone[0], ends[0]), np.where(alike, alone[1], ends[1])
        else:
            ends = self.ends(level, clustered=False)
            if chosen == "clusters":
                wide = self.ends(level, clustered=True)
                ends = np.minimum(ends[0], wide[0]), np.maximum(ends[1], wide[1])
        low = np.fmax(np.minimum(ends[0], self.value), self.bounds[0])
        high = np.fmin(np.maximum(ends[1], self.value), self.bounds[1])
        unknown = np.isnan(self.value) | np.isnan(ends[0]) | np.isnan(ends[1])
        low, high = np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)
        return Interval(low, high) if low.ndim else Interval(float(low), float(high))

    def facts(self, level: float = 0.95, *, over: str | None = None) -> dict[str, Any]:
        """One number as columns of a finding: estimate, low, high, people, clusters, over, reason.

        Examples
        --------
        >>> from credit_ml.inference import People
        >>> People(4).mean([1.0, 2.0, 3.0, 4.0]).facts()["people"]
        4
        """
        low, high = self.interval(level, over=over)
        counts = self._over(over)
        return {
            "estimate": float(self.value),
            "low": low,
            "high": high,
            "people": int(self.people),
            "clusters": self.clusters if counts == "clusters" else 0,
            "over": "" if np.isnan(low) else counts,
            "reason": str(self.reasons(low)[()]),
        }

    def reasons(self, low: ArrayLike) -> NDArray[Any]:
        """Why a value is NaN, or an interval with this lower end of a value that is known."""
        unsure = np.isnan(low) & ~np.isnan(self.value)
        alone = np.isnan(self.free(clustered=True)) & ~np.isnan(self.free(clustered=False))
        why = np.where(alone & (self.over == "clusters"), ONE_CLUSTER, TOO_FEW)
        return np.where((self.reason == "") & unsure, why, self.reason)

    def p_value(self, null: float = 0.0, *, over: str | None = None) -> Any:
        """Two-sided chance of a distance from `null` as large as this one's, were `null` true.

        From Student's t of the standard error; over clusters never less than over people.
        """
        far, found = self.value - null, np.asarray(0.0)
        for clustered in {False, self._over(over) == "clusters"}:
            error = np.sqrt(self.spread(clustered=clustered))
            with np.errstate(divide="ignore", invalid="ignore"):
                statistic = np.where((far == 0) & ~np.isnan(error), 0.0, far / error)
            found = np.maximum(found, two_sided(statistic, self.free(clustered=clustered)))
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
            return between_correlations(self.value, variance, self.worth, quantile)
        if self.family == "positive":
            return between_positive(self.value, variance, quantile, level)
        half = quantile * np.sqrt(variance)
        return self.value - half, self.value + half

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
class Pair(Estimate):
    """What is made of two numbers."""

    one: Estimate
    two: Estimate
    covariance: Array
    """Over people."""

    def __getitem__(self, key: Any) -> Self:
        """Part of an array of numbers."""
        return self._of_each(lambda part: part[key])

    def as_wide_as(self, shape: tuple[int, ...]) -> Self:
        """The same numbers repeated to a shape."""
        return self._of_each(lambda part: part.as_wide_as(shape))

    def _of_each(self, change: Callable[[Any], Any]) -> Self:
        """The same of a part, or of a wider copy, of both numbers."""
        bare = Estimate(**plain(self))
        covariance = change(replace(bare, value=self.covariance)).value
        parts = {"one": change(self.one), "two": change(self.two), "covariance": covariance}
        return type(self)(**plain(change(bare)), **parts)


@dataclass(frozen=True, eq=False, kw_only=True)
class Difference(Pair):
    """One number less another, where at least one is no mean (`difference` makes it)."""

    def ends(self, level: float, *, clustered: bool) -> Ends:
        """Ends joined by `mover`."""
        return mover(
            (self.one.value, self.two.value),
            self.one.ends(level, clustered=clustered),
            self.two.ends(level, clustered=clustered),
            correlation(self.one, self.two, self.covariance, clustered=clustered),
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Ratio(Pair):
    """One number by another, on the scale of logarithms (`ratio` makes it)."""

    def ends(self, level: float, *, clustered: bool) -> Ends:
        """Ends of `credit_ml.inference.quantiles.ratio_ends`."""
        one, two = (each.ends(level, clustered=clustered) for each in (self.one, self.two))
        both = correlation(self.one, self.two, self.covariance, clustered=clustered)
        return ratio_ends((self.one.value, self.two.value), one, two, both)


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
    values = _of_two(one, two, np.subtract, np.subtract, np.subtract, disjoint=disjoint)
    covariance = values.pop("covariance")
    variance = np.maximum(one.variance + two.variance - 2 * covariance, 0.0)
    values |= {"value": one.value - two.value, "variance": variance}
    values["bounds"] = (one.bounds[0] - two.bounds[1], one.bounds[1] - two.bounds[0])
    if not one.family == two.family == "mean" or not type(one) is type(two) is Estimate:
        return Difference(**values, one=one, two=two, covariance=covariance)
    free = np.where(covariance == 0, welch(one, two), values["freedom"])
    return Estimate(**values | {"freedom": free})


def _of_two(
    one: Estimate,
    two: Estimate,
    of_values: Combine,
    of_people: Combine,
    of_clusters: Combine,
    *,
    disjoint: bool | None,
) -> dict[str, Any]:
    """What a difference and a ratio take from both numbers alike, and their covariance."""
    rows, first, second = joined_rows(one, two)
    known = first is not None and second is not None
    if not known and not disjoint:
        raise InputError("disjoint", "is not said, and people were not kept", "say disjoint=True")
    values: dict[str, Any] = {
        "covariance": np.zeros(one.value.shape) if disjoint else (first * second).sum(axis=0),
        "freedom": np.minimum(one.freedom, two.freedom),
        "people": one.people,
        "worth": np.minimum(one.worth, two.worth),
        "clusters": max(one.clusters, two.clusters),
        "reason": np.where(one.reason != "", one.reason, two.reason),
    }
    if first is not None and second is not None:
        values |= {"influence": of_people(first, second), "rows": rows}
    if one.left_out is not None and two.left_out is not None:
        free = np.minimum(one.free(clustered=True), two.free(clustered=True))
        values |= over_clusters(of_clusters(one.left_out, two.left_out), free)
    if one.societies is not None and two.societies is not None:
        values["societies"] = of_values(one.societies, two.societies)
    return values | {"over": one.over}


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
    below = np.where(two.value > 0, two.value, np.nan)
    value = one.value / below

    def of_people(first: Array, second: Array) -> Array:
        return (first - value * second) / below

    def of_clusters(first: Array, second: Array) -> Array:
        # Without a cluster that holds all of the reference nothing is left: to first order then.
        rest, linear = below + second, (first - value * second) / below
        return np.where(rest > 1e-9 * below, (one.value + first) / rest - value, linear)

    with np.errstate(divide="ignore", invalid="ignore"):
        values = _of_two(one, two, np.divide, of_people, of_clusters, disjoint=disjoint)
    covariance = values["covariance"]
    variance = (one.variance + value**2 * two.variance - 2 * value * covariance) / below**2
    values |= {"value": value, "variance": variance, "bounds": (0.0, np.inf)}
    why = values["reason"]
    values["reason"] = np.where((why == "") & np.isnan(below), NO_RATIO, why)
    return Ratio(**values, one=one, two=two)


def scaled(estimate: Estimate, factor: float, shift: float) -> Estimate:
    """``factor * value + shift``."""
    values = plain(estimate)
    for name in ("influence", "left_out", "variance", "cluster_variance", "value", "societies"):
        if values[name] is not None:
            power = 2 if name.endswith("variance") else 1
            values[name] = values[name] * factor**power
    for name in ("value", "societies"):
        values[name] = None if values[name] is None else values[name] + shift
    ends = sorted(bound * factor + shift if factor else shift for bound in estimate.bounds)
    values["bounds"] = (ends[0], ends[1])
    if estimate.family == "mean" and type(estimate) is Estimate:
        return Estimate(**values)
    return Scaled(**values, of=estimate, factor=factor, shift=shift)


def correlation(one: Estimate, two: Estimate, covariance: Array, *, clustered: bool) -> Array:
    """Correlation of two numbers' errors, over people or over clusters."""
    both = covariance
    if clustered:
        moved: Any = (one.left_out, two.left_out)
        both = np.zeros(1) if any(each is None for each in moved) else jackknife_covariance(*moved)
    error = np.sqrt(one.spread(clustered=clustered) * two.spread(clustered=clustered))
    found = np.zeros(one.value.shape)
    np.divide(both, error, out=found, where=error > 0)
    return np.clip(np.nan_to_num(found), -1.0, 1.0)
