"""The interval of a ratio of two numbers that are not negative, from the intervals of both."""

import numpy as np

from credit_ml.inference.quantiles import Array, Ends, mover


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
