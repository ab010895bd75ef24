"""Ends of intervals, and the only quantiles: Student's, the normal's, and of replicates."""

from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Array = NDArray[np.float64]
Ends = tuple[Array, Array]


def student(level: float, freedom: ArrayLike = np.inf) -> Array:
    """Two-sided quantile of Student's distribution; the normal's by default.

    Examples
    --------
    >>> student(0.95, [10, np.inf]).round(3)
    array([2.228, 1.96 ])
    """
    degrees = np.asarray(freedom, dtype="float64")
    return np.asarray(special.stdtrit(degrees, (1 + level) / 2), dtype="float64")


def two_sided(statistic: ArrayLike, freedom: ArrayLike = np.inf) -> Array:
    """Chance of a Student's statistic at least so far from 0.

    Examples
    --------
    >>> float(two_sided(1.959964).round(3))
    0.05
    """
    far = -np.abs(np.asarray(statistic, dtype="float64"))
    return np.asarray(2 * special.stdtr(np.asarray(freedom, dtype="float64"), far))


def quantile_over(replicates: Array, level: float) -> Array:
    """Quantile over the first axis, between neighbours in proportion; NaN makes NaN.

    A vectorised sort is over twice as fast as the partition that `numpy.quantile` calls.

    Examples
    --------
    >>> float(quantile_over(np.array([4.0, 1.0, 2.0]), 0.75))
    3.0
    """
    ordered = np.sort(np.moveaxis(replicates, 0, -1), axis=-1)
    last = ordered.shape[-1] - 1
    below = min(int(level * last), max(last - 1, 0))
    low, high = ordered[..., below], ordered[..., min(below + 1, last)]
    between = low + (level * last - below) * (high - low)
    # Sorted, NaN lies last.
    return cast("Array", np.where(np.isnan(ordered[..., -1]), np.nan, between))


def wilson(share: ArrayLike, people: ArrayLike, quantile: ArrayLike) -> Ends:
    """Score interval of a share of `people` independent people; never empty at 0 or 1.

    All p with ``abs(share - p) <= quantile * sqrt(p (1 - p) / people)``.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> [float(end.round(3)) for end in wilson(0.0, 10, student(0.95))]
    [0.0, 0.278]
    """
    share, people = np.asarray(share, dtype="float64"), np.asarray(people, dtype="float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.asarray(quantile, dtype="float64") ** 2 / people
    middle = (share + ratio / 2) / (1 + ratio)
    reach = np.sqrt(np.maximum(ratio * share * (1 - share) + ratio**2 / 4, 0.0)) / (1 + ratio)
    low, high = np.maximum(middle - reach, 0.0), np.minimum(middle + reach, 1.0)
    return np.minimum(low, share), np.maximum(high, share)


def between_shares(share: Array, variance: Array, worth: Array, quantile: Array) -> Ends:
    """Wilson's ends for as many independent people as would make the share so uncertain.

    Where nobody differs (a share of 0 or 1) that number is `worth`.
    """
    spread = share * (1 - share)
    number = np.array(np.broadcast_to(worth, share.shape), dtype="float64")
    np.divide(spread, variance, out=number, where=(variance > 0) & (spread > 0))
    return wilson(share, number, quantile)


def between_positive(value: Array, variance: Array, quantile: Array, level: float) -> Ends:
    """Ends for means of what is never below 0 and mostly small, such as squared errors.

    Those of a chi-square with as many degrees of freedom as make it vary so much, fewer where the
    variance itself is uncertain (by Student's quantile beside the normal's). Such means are skewed:
    where few large squares are met, mean and spread are both too small, so that ends at even
    distances lie too low. Two degrees at least: with fewer the upper end says nothing.

    References
    ----------
    Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components.
    Biometrics Bulletin 2, 110-114.

    Examples
    --------
    >>> low, high = between_positive(np.array(4.0), np.array(1.0), student(0.95), 0.95)
    >>> [float(end.round(2)) for end in (low, high)]
    [2.59, 7.0]
    """
    half = quantile * np.sqrt(variance)
    skewed = (value > 0) & (half > 0)
    apart = np.where(skewed, value, 1.0) / np.where(skewed, half, 1.0)
    degrees = np.maximum(2 * (apart * student(level)) ** 2, 2.0)
    low, high = (
        value * degrees / special.chdtri(degrees, (1 + sign * level) / 2) for sign in (-1, 1)
    )
    return np.where(skewed, low, value - half), np.where(skewed, high, value + half)


def between_areas(area: Array, variance: Array, worth: Array, quantile: Array) -> Ends:
    """Ends on the logit scale; Wilson's where the variance says nothing.

    ``var(AUC) <= AUC (1 - AUC) / worth`` always, worth the people of the smaller side (Birnbaum
    and Klose 1957, Annals of Mathematical Statistics 28, 933-945).
    """
    low, high = wilson(area, worth, quantile)
    inside = (variance > 0) & (area > 0) & (area < 1)
    middle = np.where(inside, area, 0.5)
    half = quantile * np.sqrt(np.where(inside, variance, 0.0)) / (middle * (1 - middle))
    odds = special.logit(middle)
    return (
        np.where(inside, special.expit(odds - half), low),
        np.where(inside, special.expit(odds + half), high),
    )


def between_correlations(value: Array, variance: Array, worth: Array, quantile: Array) -> Ends:
    """Ends on Fisher's scale, the inverse hyperbolic tangent, which keeps them in -1..1.

    Of a perfect order, whose variance says nothing, those of Wilson's interval of ``(1 + r) / 2``.
    """
    # A perfect order leaves rounding errors.
    inside = np.abs(value) < 1 - 1e-12
    middle = np.where(inside, value, 0.0)
    half = quantile * np.sqrt(variance) / (1 - middle**2)
    low, high = wilson((1 + value) / 2, worth, quantile)
    return (
        np.where(inside, np.tanh(np.arctanh(middle) - half), 2 * low - 1),
        np.where(inside, np.tanh(np.arctanh(middle) + half), 2 * high - 1),
    )


def mover(values: Ends, one: Ends, two: Ends, correlation: Array) -> Ends:
    """Ends of a difference from the ends of both numbers: the method of variance estimates.

    ``d - sqrt(a^2 + b^2 - 2 r a b)``, a the distance of the first number from its low end, b that
    of the second from its high end, r their correlation; the upper end likewise. For independent
    shares with Wilson's ends it is Newcombe's hybrid score interval, for two shares of the same
    people his paired one. Ends never leave the range that the ends allow, and those of
    ``one - two`` are those of ``two - one`` with the sign turned.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions:
    comparison of eleven methods. Statistics in Medicine 17, 873-890. Zou, G. Y. and Donner, A.
    (2008). Construction of confidence limits about effect measures: a general approach. Statistics
    in Medicine 27, 1693-1702.
    """
    difference = values[0] - values[1]
    down, up = values[0] - one[0], one[1] - values[0]
    other_down, other_up = values[1] - two[0], two[1] - values[1]
    return (
        difference - _joined(down, other_up, correlation),
        difference + _joined(up, other_down, correlation),
    )


def _joined(one: Array, two: Array, correlation: Array) -> Array:
    # An endless side (a ratio whose lower end is 0) has no correlation to speak of.
    with np.errstate(invalid="ignore"):
        both = np.where(correlation == 0, 0.0, 2 * correlation * one * two)
        return np.asarray(np.sqrt(np.maximum(one**2 + two**2 - both, 0.0)))


def ratio_ends(values: Ends, one: Ends, two: Ends, correlation: Array) -> Ends:
    """Ends joined by `mover` of the logarithms; of a ratio of 0 the upper by Donner and Zou.

    Parameters
    ----------
    values : tuple of ndarray
        Both numbers, the upper and the lower one of the ratio.
    one, two : tuple of ndarray
        Ends of each.
    correlation : ndarray
        Of their errors.

    References
    ----------
    Donner, A. and Zou, G. Y. (2012). Closed-form confidence intervals for functions of the normal
    mean and standard deviation. Statistical Methods in Medical Research 21, 347-359.

    Examples
    --------
    >>> share, ends = np.array(0.5), (np.array(0.4), np.array(0.6))
    >>> low, high = ratio_ends((share, share), ends, ends, np.array(0.0))
    >>> low.round(2), high.round(2)
    (np.float64(0.75), np.float64(1.33))
    """
    (low_one, high_one), (low_two, high_two) = (
        [np.maximum(end, 0.0) for end in ends] for ends in (one, two)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        above, below = (np.log(low_one), np.log(high_one)), (np.log(low_two), np.log(high_two))
        joined = mover((np.log(values[0]), np.log(values[1])), above, below, correlation)
        low, high = (np.exp(end) for end in joined)
        least = low_two * (2 * values[1] - low_two)
        zero = np.where(least > 0, high_one / np.sqrt(np.maximum(least, 0.0)), np.inf)
    none = values[0] <= 0
    return np.where(none, 0.0, np.fmax(low, 0.0)), np.where(none, zero, high)
