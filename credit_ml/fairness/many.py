"""Many groups at once: p-values adjusted for their number, rates that borrow from each other."""

import numpy as np
from scipy import optimize, special, stats


def adjusted(p_values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """p-values adjusted after Holm and after Benjamini and Hochberg; NaN stays NaN.

    Examples
    --------
    >>> [part.round(3).tolist() for part in adjusted(np.array([0.01, 0.04, 0.03]))]
    [[0.03, 0.06, 0.06], [0.03, 0.04, 0.04]]
    """
    known = np.flatnonzero(~np.isnan(p_values))
    holm, hochberg = np.full((2, len(p_values)), np.nan)
    order = known[np.argsort(p_values[known], kind="stable")]
    rising, number = p_values[order], len(order)
    if number:
        ranks = np.arange(1, number + 1)
        holm[order] = np.minimum(1, np.maximum.accumulate(rising * (number + 1 - ranks)))
        down = np.minimum.accumulate((rising * number / ranks)[::-1])[::-1]
        hochberg[order] = np.minimum(1, down)
    return holm, hochberg


def shrunken_rates(
    selected: np.ndarray, people: np.ndarray, *, level: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posterior means and limits of rates under one beta prior, fitted by maximum likelihood.

    ``(k + a) / (n + a + b)``, with a and b those of the beta-binomial distribution that makes
    the groups' counts most probable. Where groups differ no more than chance the prior is
    narrow and all rates are drawn together (the strength a + b is held to at most ten times
    all the people).

    Examples
    --------
    >>> selected, people = np.array([0, 480, 520, 500]), np.array([5, 1000, 1000, 1000])
    >>> shrunken_rates(selected, people, level=0.95)[0].round(1).tolist()
    [0.5, 0.5, 0.5, 0.5]
    """
    pooled = (selected.sum() + 0.5) / (people.sum() + 1)
    most = np.log(10.0 * people.sum() + 10)

    def surprise(place: np.ndarray) -> float:
        share, strength = special.expit(place[0]), np.exp(place[1])
        a, b = share * strength, (1 - share) * strength
        likely = special.betaln(selected + a, people - selected + b) - special.betaln(a, b)
        return -float(likely.sum())

    start = np.array([special.logit(pooled), np.log(20.0)])
    bounds = [(start[0] - 6, start[0] + 6), (np.log(0.5), most)]
    found = optimize.minimize(surprise, start, method="L-BFGS-B", bounds=bounds).x
    share, strength = special.expit(found[0]), np.exp(found[1])
    above, below = selected + share * strength, people - selected + (1 - share) * strength
    tail = (1 - level) / 2
    low, high = (stats.beta.ppf(q, above, below) for q in (tail, 1 - tail))
    return above / (above + below), low, high
