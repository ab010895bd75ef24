"""The smallest rate at which a power is reached, between the rates that were tried."""

from collections.abc import Sequence

import numpy as np
from scipy import special

from credit_ml.core import Array
from credit_ml.inference import Estimate
from credit_ml.inference.quantiles import mover

#: Shares of societies of which a normal deviate is taken.
_CERTAIN = (1e-3, 1.0 - 1e-3)
#: Places between two tried rates at which ends are made.
_PLACES = 64


def first_reaching(rates: Array, powers: Array, wanted: float) -> float:
    """The smallest rate at which a power is reached, between two rates; else NaN.

    Between them the normal deviate of the power is taken to rise in proportion with the rate, as it
    does in the test of two means (`PointsLaw`); the power itself is no straight line.

    Examples
    --------
    >>> normal = special.ndtr(np.array([-1.0, 1.0]))
    >>> round(first_reaching(np.array([0.0, 0.5]), normal, 0.5), 6)
    0.25
    """
    # A curve of fewer than all societies may sink by chance; a higher rate is not found less often.
    rising = np.maximum.accumulate(powers)
    if not rising[-1] >= wanted:
        return float("nan")
    place = int(np.argmax(rising >= wanted))
    if place == 0:
        return float(rates[0])
    low, high, middle = _deviates(np.array([*rising[place - 1 : place + 1], wanted]))
    step = (middle - low) / (high - low) if high > low else 1.0
    return float(rates[place - 1] + step * (rates[place] - rates[place - 1]))


def between(
    rates: Array, power: Array, low: Array, high: Array, wanted: float, together: Array
) -> tuple[float, float]:
    """Ends of the interval of the smallest rate: where the powers' own ends reach what is wanted.

    A rate lies in it where the interval of its power holds the power wanted, so that it holds the
    smallest as often as intervals of powers hold theirs. Between two tried rates the deviate of
    the power is a mean of both, as in `first_reaching`, and its ends are joined by `mover` with
    the correlation of both powers' errors: errors that are not shared make the mean surer than
    either. Where all societies raise an alarm at the rate above, how far the power has risen on
    the way is not known, and the lower end is the rate below. NaN where it is not reached.

    Parameters
    ----------
    rates, power, low, high : ndarray of shape (rates,)
        Tried, rising; their powers and ends of these.
    wanted : float
        Power.
    together : ndarray of shape (rates - 1,)
        Correlation of the errors of powers at neighbouring rates: `neighbours`.

    Examples
    --------
    >>> rates, low, high = (np.array(x) for x in ([0.0, 0.1, 0.2], [0.0, 0.7, 0.9], [0.1, 0.85, 1]))
    >>> power = np.array([0.05, 0.8, 0.95])
    >>> [round(end, 3) for end in between(rates, power, low, high, 0.8, np.ones(2))]
    [0.092, 0.142]
    >>> [round(end, 3) for end in between(rates, power, low, high, 0.8, np.zeros(2))]
    [0.093, 0.131]
    """
    # As in `first_reaching`: a power that sinks by chance is that of a lower rate.
    power, low, high = (np.maximum.accumulate(each) for each in (power, low, high))
    reached = np.flatnonzero(high >= wanted)
    first = int(reached[0]) if len(reached) else len(rates) - 1
    known = first > 0 and wanted <= high[first] <= _CERTAIN[1]
    fine, lower, upper = _joined(rates, power, low, high, together)
    least = first_reaching(fine, upper, wanted) if known else float(rates[max(first - 1, 0)])
    return least, first_reaching(fine, lower, wanted)


def neighbours(powers: Sequence[Estimate]) -> Array:
    """Correlation of the errors of powers at neighbouring rates, shape (rates - 1,).

    1, which makes no interval narrower, where nobody differs at one of them.

    Examples
    --------
    >>> from credit_ml.inference import People
    >>> people = People(4)
    >>> alarms = ([0, 0, 0, 1], [0, 1, 0, 1], [1, 1, 1, 1])
    >>> neighbours([people.share(each) for each in alarms]).round(3).tolist()
    [0.577, 1.0]
    """
    moved = np.stack([power.influence for power in powers if power.influence is not None])
    size = np.sqrt((moved**2).sum(axis=1))
    both = (moved[1:] * moved[:-1]).sum(axis=1)
    known = (size[1:] > 0) & (size[:-1] > 0)
    return np.asarray(np.divide(both, size[1:] * size[:-1], out=np.ones(len(both)), where=known))


def _joined(
    rates: Array, power: Array, low: Array, high: Array, together: Array
) -> tuple[Array, Array, Array]:
    """Rates close by, and ends of the power at each."""
    step = np.linspace(0.0, 1.0, _PLACES, endpoint=False)
    before, after = 1.0 - step, -step  # the second is taken off
    middle, down, up = (_deviates(each)[:, None] for each in (power, low, high))
    lower, upper = mover(
        (before * middle[:-1], after * middle[1:]),
        (before * down[:-1], before * up[:-1]),
        (after * up[1:], after * down[1:]),
        -together[:, None],
    )
    fine = rates[:-1, None] + step * np.diff(rates)[:, None]
    whole = ((fine, rates), (special.ndtr(lower), low), (special.ndtr(upper), high))
    return tuple(np.append(each.ravel(), ends[-1]) for each, ends in whole)  # type: ignore[return-value]


def _deviates(shares: Array) -> Array:
    """Normal deviates; all or none of some hundred societies is no infinite one."""
    return np.asarray(special.ndtri(np.clip(shares, *_CERTAIN)))
