"""How strong an unmeasured common cause must be to explain an effect away."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from credit_ml.inference import Estimate

#: Log risk ratio of a standardised difference, about (VanderWeele and Ding 2017).
LOG_RATIO = 0.91


def robustness_value(t: ArrayLike, freedom: ArrayLike, *, critical: ArrayLike = 0.0) -> Any:
    """Share of what is left of cause and outcome that a confounder must explain: 0 is fragile.

    ``RV = (sqrt(f**4 + 4 f**2) - f**2) / 2`` with ``f = |t| / sqrt(freedom)``. A confounder that
    explains as much of the residual variance of the cause and of the outcome brings a least
    squares coefficient to 0; none that explains less of both can.

    Parameters
    ----------
    t : array_like
        Coefficient by its standard error.
    freedom : array_like
        Residual degrees of freedom of the regression.
    critical : array_like
        Of the t test: then the interval is brought to 0, and not the coefficient.

    References
    ----------
    Cinelli, C. and Hazlett, C. (2020). Making sense of sensitivity: extending omitted variable
    bias. Journal of the Royal Statistical Society B 82, 39-67.

    Examples
    --------
    >>> robustness_value(4.18, 783).round(3), robustness_value(4.18, 783, critical=1.963).round(3)
    (np.float64(0.139), np.float64(0.076))
    """
    whole = np.abs(t) / np.sqrt(freedom)
    limit = np.abs(critical) / np.sqrt(np.asarray(freedom) - 1)
    f = np.maximum(whole - limit, 0.0)
    # Of a cause that explains nearly everything, a confounder of the cause alone does it sooner.
    alone = np.maximum(whole**2 - limit**2, 0.0) / (1 + whole**2)
    return np.where(whole * limit > 1, alone, (np.sqrt(f**4 + 4 * f**2) - f**2) / 2)[()]


def e_value(ratio: ArrayLike) -> Any:
    """Risk ratio that a confounder must have with cause and outcome to explain one: 1 is fragile.

    ``RR + sqrt(RR (RR - 1))``, with 1 / RR for ratios below 1. Of an interval, the end nearer to 1.

    References
    ----------
    VanderWeele, T. J. and Ding, P. (2017). Sensitivity analysis in observational research:
    introducing the E-value. Annals of Internal Medicine 167, 268-274.

    Examples
    --------
    >>> e_value([3.9, 1.8, 1.0]).round(2).tolist()
    [7.26, 3.0, 1.0]
    """
    away = np.exp(np.abs(np.log(ratio)))
    return (away + np.sqrt(away * (away - 1)))[()]


def sensitivity_of(
    estimate: Estimate, spread: float, freedom: int, level: float
) -> dict[str, float]:
    """Robustness value and E-value of an effect and of its interval, as columns of a finding.

    Errors of people say how much of the variance an effect is; the interval may be wider, over
    clusters. The risk ratio is that of the standardised effect, about.
    """
    low, high = estimate.interval(level)
    error = float(estimate.error(over="people"))
    value = float(estimate) if spread > 0 else np.nan
    nearest = np.sign(value) * max(0.0, low, -high)
    # Where all are alike there is nothing to explain, and no number.
    with np.errstate(divide="ignore", invalid="ignore"):
        t, critical = np.array([value, (high - low) / 2]) / error
        robust = robustness_value([t, t], freedom, critical=[0.0, critical])
        ratios = e_value(np.exp(LOG_RATIO * np.array([value, nearest]) / spread))
    names = ("robustness_value", "robustness_value_interval", "e_value", "e_value_interval")
    return dict(zip(names, (*map(float, robust), *map(float, ratios)), strict=True))
