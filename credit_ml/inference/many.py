"""Many groups at once: p-values adjusted for their number, rates that borrow from each other."""

from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from credit_ml.inference.options import checked_level
from credit_ml.inference.quantiles import Array, two_sided


class Adjusted(NamedTuple):
    """p-values that are adjusted for their number."""

    holm: Array
    """Chance that any is so small among true hypotheses."""
    benjamini_hochberg: Array
    """Share of false ones among those found."""


def adjusted(p_values: ArrayLike) -> Adjusted:
    """p-values adjusted after Holm and after Benjamini and Hochberg; NaN stays NaN.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics 6, 65-70. Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery
    rate. Journal of the Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> [part.round(3).tolist() for part in adjusted([0.01, 0.04, 0.03])]
    [[0.03, 0.06, 0.06], [0.03, 0.04, 0.04]]
    """
    values = np.asarray(p_values, dtype="float64")
    known = np.flatnonzero(~np.isnan(values))
    holm, hochberg = np.full((2, len(values)), np.nan)
    order = known[np.argsort(values[known], kind="stable")]
    rising, number = values[order], len(order)
    if number:
        ranks = np.arange(1, number + 1)
        holm[order] = np.minimum(1, np.maximum.accumulate(rising * (number + 1 - ranks)))
        down = np.minimum.accumulate((rising * number / ranks)[::-1])[::-1]
        hochberg[order] = np.minimum(1, down)
    return Adjusted(holm, hochberg)


def equal_shares_test(
    hits: ArrayLike, people: ArrayLike, *, alternative: Literal["two-sided", "less"] = "two-sided"
) -> tuple[str, float]:
    """Name and p-value of a test that two shares of different people are equal.

    Fisher's exact test where any expected count is below 5, else the z test with the pooled share;
    "less" asks whether the first share is the smaller.

    References
    ----------
    Fisher, R. A. (1935). The logic of inductive inference. Journal of the Royal Statistical
    Society 98, 39-82.

    Examples
    --------
    >>> name, p = equal_shares_test([30, 45], [100, 100])
    >>> name, round(p, 3)
    ('z', 0.028)
    """
    selected, number = np.asarray(hits, dtype="float64"), np.asarray(people, dtype="float64")
    pooled = selected.sum() / number.sum()
    if min(number) * min(pooled, 1 - pooled) < 5:
        from scipy import stats

        table = np.stack([number - selected, selected], axis=1).astype(int)
        # The odds of the first not to hit are greater.
        turned = "greater" if alternative == "less" else alternative
        return "fisher", float(stats.fisher_exact(table, alternative=turned)[1])
    error = np.sqrt(pooled * (1 - pooled) * (1 / number).sum())
    shares = selected / number
    far = (shares[0] - shares[1]) / error
    return "z", float(special.ndtr(far) if alternative == "less" else two_sided(far))


@lru_cache(maxsize=256)
def simultaneous_level(level: float, groups: int) -> float:
    """Level at which the intervals of all pairs of groups hold together with another level.

    By the studentised range of normal numbers (Tukey and Kramer; at least so where groups differ
    in size), so that a group may be compared with the largest, the smallest or any other that was
    chosen by its number.

    References
    ----------
    Hayter, A. J. (1984). A proof of the conjecture that the Tukey-Kramer multiple comparisons
    procedure is conservative. Annals of Statistics 12, 61-75.

    Examples
    --------
    >>> [round(simultaneous_level(0.95, groups), 4) for groups in (2, 3, 10)]
    [0.95, 0.9809, 0.9984]
    """
    from scipy import optimize

    place = np.linspace(-8.0, 8.0, 401)
    density = np.exp(-(place**2) / 2)
    density /= density.sum()

    def beyond(width: float) -> float:
        inside = special.ndtr(place) - special.ndtr(place - width)
        return float(groups * (density * inside ** (groups - 1)).sum()) - level

    return float(1 - 2 * special.ndtr(-optimize.brentq(beyond, 0.0, 30.0) / np.sqrt(2)))


def shrunken_rates(
    selected: Array, people: Array, *, level: float = 0.95
) -> tuple[Array, Array, Array]:
    """Posterior means and limits of rates that share a beta prior of which little is known.

    Each group's rate has the prior Beta(s m, (1 - s) m); the share s is uniform, and so is
    ``1 / sqrt(m)``, which is about how far rates lie apart (m from half a person to ten times all
    of them). A group of few people borrows from the others as far as those agree. Limits count
    that s and m are unknown; with m at its most probable value they held 42 to 95 % of the rates
    of two to four groups.

    Cost: a grid of 80 strengths by 11 shares; each rate's posterior is taken as the beta of the
    same mean and variance.

    References
    ----------
    Gelman, A., Carlin, J. B., Stern, H. S., Dunson, D. B., Vehtari, A. and Rubin, D. B. (2013).
    Bayesian data analysis. 3rd edition, Chapman & Hall, chapter 5.3. Morris, C. N. (1983).
    Parametric empirical Bayes inference. Journal of the American Statistical Association 78,
    47-55, on what limits miss that take the prior as known.

    Examples
    --------
    >>> selected, people = np.array([0, 480, 520, 500]), np.array([5, 1000, 1000, 1000])
    >>> shrunken_rates(selected, people)[0].round(2).tolist()
    [0.4, 0.48, 0.51, 0.5]
    """
    checked_level(level)
    rate, size = selected / np.maximum(people, 1), np.asarray(people, dtype="float64")
    strength = np.geomspace(0.5, 10 * size.sum() + 10, 80)[:, np.newaxis, np.newaxis]
    # Of each strength the shares about the most probable one, on the scale of log-odds.
    worth = size * (strength + 1) / (strength + size)
    whole = worth.sum(axis=-1, keepdims=True) + 1
    middle = ((worth * rate).sum(axis=-1, keepdims=True) + 0.5) / whole
    step = 1 / np.sqrt(middle * (1 - middle) * whole)
    share = special.expit(special.logit(middle) + step * np.linspace(-4, 4, 11)[:, np.newaxis])
    a, b = share * strength, (1 - share) * strength
    above, below = selected + a, people - selected + b
    likely = (special.betaln(above, below) - special.betaln(a, b)).sum(axis=-1, keepdims=True)
    likely += np.log(share * (1 - share) * step) - np.log(strength) / 2
    weight = special.softmax(likely)
    each = above / (above + below)
    spread = each * (1 - each) / (above + below + 1)
    mean = (weight * each).sum(axis=(0, 1))
    variance = (weight * (spread + (each - mean) ** 2)).sum(axis=(0, 1))
    alike = mean * (1 - mean) / variance - 1
    tail = (1 - level) / 2
    ends = (special.betaincinv(mean * alike, (1 - mean) * alike, at) for at in (tail, 1 - tail))
    low, high = ends
    # Where all are selected, or nobody, rounding puts the mean beside its own quantiles.
    return mean, np.minimum(low, mean), np.maximum(high, mean)
