"""By how much cities truly differ, beside the error of each: an SD and its interval."""

import numpy as np
from scipy import optimize, special

from credit_ml.core import Array


def true_spread(values: Array, errors: Array) -> float:
    """SD of what cities truly differ by: the mean variance of their errors taken out; at least 0.

    Examples
    --------
    >>> round(true_spread(np.array([1.0, 2.0, 3.0]), np.array([0.36, 0.36, 0.36])), 9)
    0.8
    """
    return float(np.sqrt(max(float(values.var(ddof=1) - errors.mean()), 0.0)))


def spread_ends(values: Array, errors: Array, level: float) -> tuple[float, float]:
    """Ends of the interval of `true_spread`, from a profile of the weighted sum of squares.

    ``Q(t) = sum (y - mean)^2 / (v + t)``, the mean weighted by ``1 / (v + t)``, follows a
    chi-squared of one degree less than there are cities where t is the true variance. The ends are
    those t at which Q meets its quantiles, and 0 where Q is below one already; the estimate is
    taken in.

    Parameters
    ----------
    values, errors : ndarray of shape (cities,)
        Of each city its number and the variance of its error, above 0.
    level : float

    References
    ----------
    Viechtbauer, W. (2007). Confidence intervals for the amount of heterogeneity in meta-analysis.
    Statistics in Medicine 26, 37-52.

    Examples
    --------
    >>> values = np.random.default_rng(1).normal(0.0, 1.0, 200)
    >>> low, high = spread_ends(values, np.full(200, 0.01), 0.95)
    >>> low < 1 < high, high - low < 0.3
    (True, True)
    """
    degrees = len(values) - 1
    beyond = [(1 + sign * level) / 2 for sign in (-1, 1)]  # chances to lie above the quantile
    ends = [_where(values, errors, special.chdtri(degrees, chance)) for chance in beyond]
    found = true_spread(values, errors)
    return min(ends[0], found), max(ends[1], found)


def _where(values: Array, errors: Array, quantile: float) -> float:
    """Root of the variance at which the weighted sum of squares is the quantile."""

    def above(variance: float) -> float:
        weights = 1.0 / (errors + variance)
        middle = np.average(values, weights=weights)
        return float((weights * (values - middle) ** 2).sum() - quantile)

    if above(0.0) <= 0:
        return 0.0
    high = float(values.var(ddof=1)) + float(errors.max())
    while above(high) > 0:
        high *= 2.0
    return float(np.sqrt(optimize.brentq(above, 0.0, high)))
