"""Replicates of a table of counts: the row bootstrap without the rows."""

import numpy as np

from credit_ml.core import InputError

#: Pseudo-people that one table of a group holds before any is seen, shared by its cells: half a
#: person in each of the four cells (outcome x decision), Jeffreys' prior.
PSEUDO_PEOPLE = 2.0

#: Groups x replicates held in memory at once (about 64 bytes each).
MOST_DRAWS = 4_000_000


def smoothed(counts: np.ndarray) -> np.ndarray:
    """Counts with `PSEUDO_PEOPLE` added, equally over the cells: the centre of the replicates.

    Parameters
    ----------
    counts : ndarray, shape (..., outcomes, 2)
    """
    return np.asarray(counts + PSEUDO_PEOPLE / (counts.shape[-1] * counts.shape[-2]))


def replicate_tables(
    counts: np.ndarray, *, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Draw tables as if other people of the same groups had been met.

    Each group's shares are drawn from Dirichlet(counts + 1/2), as independent gamma weights
    of the cells: the Bayesian bootstrap of the rows, which weights people instead of drawing
    them, with Jeffreys' half person in each cell. It agrees with the multinomial row bootstrap
    to first order, holds every group (none vanishes), and stays right in small groups, where
    the multinomial fails: 0 selected of 10 has the multinomial interval [0, 0], and 95 %
    intervals of a 10 % rate of 20 people cover it in 88 of 100 tables, against 95 of these
    (tests/validation). One draw serves every metric of the table.

    Cost: groups x cells x draws gamma variates, whatever the number of people.

    Parameters
    ----------
    counts : ndarray, shape (groups, outcomes, 2)
    draws : int
    generator : numpy.random.Generator

    Returns
    -------
    ndarray, shape (draws, groups, outcomes, 2)
        Weights; only ratios of sums of them mean anything.

    Raises
    ------
    InputError
        When groups x draws is more than memory should hold.

    References
    ----------
    Efron, B. and Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall.
    Rubin, D. B. (1981). The Bayesian bootstrap. Annals of Statistics, 9(1), 130-134.
    Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Interval estimation for a binomial
    proportion. Statistical Science, 16(2), 101-133.

    Examples
    --------
    >>> counts = np.array([[[30, 10], [20, 40]]])
    >>> replicate_tables(counts, draws=5, generator=np.random.default_rng(0)).shape
    (5, 1, 2, 2)
    """
    if len(counts) * draws > MOST_DRAWS:
        raise InputError(
            "replicates",
            f"makes {draws:,} tables of {len(counts):,} groups",
            "give fewer replicates, or intersections=False",
        )
    # Draws lie last in memory, so that every later quantile reads contiguous numbers.
    weights = generator.standard_gamma(
        smoothed(counts)[..., np.newaxis], size=(*counts.shape, draws)
    )
    return np.moveaxis(weights, -1, 0)


def replicate_means(
    people: np.ndarray,
    sums: np.ndarray,
    squares: np.ndarray,
    *,
    draws: int,
    generator: np.random.Generator,
) -> np.ndarray:
    """Draw the mean of each group's scores from its first two moments.

    mean + s / sqrt(n) x t, with t of Student's distribution with n - 1 degrees of freedom and s
    the standard deviation: exact for normal scores; for others the row bootstrap has the same
    first two moments, and its 95 % limits differ by about skewness / (2 n) standard deviations
    of one score. Of one person the spread is unknown: NaN.

    Parameters
    ----------
    people, sums, squares : ndarrays, shape (groups,)
        Number of scores, their sum, the sum of their squares.
    draws : int
    generator : numpy.random.Generator

    Returns
    -------
    ndarray, shape (draws, groups)
    """
    freedom = np.maximum(people - 1, 1)
    mean = sums / people
    variance = np.maximum(squares - sums * mean, 0.0) / freedom
    error = np.where(people > 1, np.sqrt(variance / people), np.nan)
    noise = generator.standard_t(freedom[:, np.newaxis], size=(len(people), draws)).T
    return np.asarray(mean + error * noise)
