"""Replicates of group metrics when people of a cluster share chances: districts, not people."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from credit_ml.core import InputError
from credit_ml.core.clusters import cluster_freedom, jackknife_variance
from credit_ml.fairness.bootstrap import MOST_DRAWS, PSEUDO_PEOPLE, smoothed
from credit_ml.fairness.intervals import student_factor
from credit_ml.fairness.metrics import parts_of, rates


@dataclass(frozen=True, kw_only=True, eq=False)
class ClusteredDraws:
    """Replicates of each group's metrics, and how they compare with those of single people."""

    replicates: np.ndarray
    """Shape (draws, groups, metrics)."""
    design_effect: np.ndarray
    """Variance over clusters by variance over people, at least 1, shape (groups, metrics)."""
    people_variance: np.ndarray
    """Variance over people, times the square of Student's over the normal quantile."""


def cluster_weights(clusters: int, *, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Exponential weights of clusters: the Bayesian bootstrap of districts.

    Returns
    -------
    ndarray, shape (draws, clusters)

    Raises
    ------
    InputError
        When draws x clusters is more than memory should hold.
    """
    if clusters * draws > 4 * MOST_DRAWS:
        raise InputError(
            "replicates", f"makes {draws:,} draws of {clusters:,} clusters", "give fewer replicates"
        )
    return generator.standard_exponential((draws, clusters))


def clustered_rates(
    counts: np.ndarray,
    names: Sequence[str],
    *,
    weights: np.ndarray,
    generator: np.random.Generator,
    level: float,
) -> ClusteredDraws:
    """Replicate rates as if other districts of the same kind had been met.

    Each cluster's people get one exponential weight together (`replicate_tables` gives one to
    each person), and each cell of each group half a person of its own weight: with one person
    a cluster this is the bootstrap over people, exactly. All groups share the weights, so what
    moves a whole district cancels from differences.

    A bootstrap of C clusters is too narrow by the order of 1 / C. So each rate's deviations
    are stretched, on the logit scale, until their standard deviation is the jackknife's over
    clusters (or the one over people, where that is larger), times Student's over the normal
    quantile at the group's own degrees of freedom (`cluster_freedom`).

    Cost: draws x clusters x groups x cells multiplications.

    Parameters
    ----------
    counts : ndarray, shape (clusters, groups, outcomes, 2)
        Of groups that have people.
    names : sequence of str
        Of `RATES`.
    weights : ndarray, shape (draws, clusters)
    generator : numpy.random.Generator
        Of the half people.
    level : float
        Of the intervals that the replicates are for.

    References
    ----------
    Rubin, D. B. (1981). The Bayesian bootstrap. Annals of Statistics, 9(1), 130-134.
    Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2008). Bootstrap-based improvements for
    inference with clustered errors. Review of Economics and Statistics, 90(3), 414-427.
    """
    whole = counts.sum(axis=0)
    cells = whole.shape[-1] * whole.shape[-2]
    # Draws lie last in memory, so that every later quantile reads contiguous numbers.
    drawn = counts.reshape(len(counts), -1).T.astype("float64") @ weights.T
    drawn += generator.standard_gamma(PSEUDO_PEOPLE / cells, size=drawn.shape)
    tables = np.moveaxis(drawn.reshape(*whole.shape, -1), -1, 0)
    replicates, centre = rates(tables, names), rates(smoothed(whole), names)
    over_clusters, over_people = np.zeros((2, *centre.shape))
    student = np.ones(centre.shape)
    for place, name in enumerate(names):
        above, below = parts_of(counts, name)
        pseudo = parts_of(np.full(whole.shape, PSEUDO_PEOPLE / cells), name)[1]
        over_clusters[:, place] = _jackknife(above, below)
        share = centre[:, place]
        over_people[:, place] = share * (1 - share) / (below.sum(axis=0) + pseudo + 1)
        student[:, place] = student_factor(cluster_freedom(below), level=level)
    wanted = np.maximum(over_clusters, over_people)
    stretch = student * np.sqrt(wanted) / replicates.std(axis=0)
    middle = special.logit(centre)
    return ClusteredDraws(
        replicates=special.expit(middle + stretch * (special.logit(replicates) - middle)),
        design_effect=wanted / over_people,
        people_variance=over_people * student**2,
    )


def clustered_means(
    people: np.ndarray,
    sums: np.ndarray,
    squares: np.ndarray,
    *,
    weights: np.ndarray,
    level: float,
) -> ClusteredDraws:
    """Replicate mean scores over clusters: `clustered_rates` for a number that is no share.

    Deviations are ``sum_c (w_c - 1) psi_c`` with the influence psi_c = (sum - mean x people) / n
    of each cluster, stretched in the same way. Of one person the spread is unknown: NaN.

    Parameters
    ----------
    people, sums : ndarray, shape (clusters, groups)
    squares : ndarray, shape (groups,)
        Sum of squared scores.
    weights : ndarray, shape (draws, clusters)
    level : float
    """
    number = people.sum(axis=0)
    mean = sums.sum(axis=0) / number
    influence = (sums - mean * people) / number
    over_clusters = _jackknife(sums, people)
    rest = np.maximum(number - 1, 1)
    over_people = np.maximum(squares - number * mean**2, 0.0) / rest / number
    over_people = np.where(number > 1, over_people, np.nan)
    # Both the number of people and that of clusters limit what is known of the spread.
    freedom = 1 / (1 / rest + 1 / cluster_freedom(people))
    student = student_factor(freedom, level=level)
    wanted = np.fmax(over_clusters, over_people)
    drawn = (weights - 1) @ influence
    noise = drawn.std(axis=0)
    stretch = np.where(number > 1, 0.0, np.nan)
    np.divide(student * np.sqrt(wanted), noise, out=stretch, where=(noise > 0) & (number > 1))
    # Nobody varies: neither do the replicates, and there is nothing to compare.
    effect = np.ones(len(number))
    np.divide(wanted, over_people, out=effect, where=over_people > 0)
    return ClusteredDraws(
        replicates=(mean + stretch * drawn)[..., np.newaxis],
        design_effect=effect[:, np.newaxis],
        people_variance=(over_people * student**2)[:, np.newaxis],
    )


def _jackknife(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Variance of sum(above) / sum(below) over clusters; 0 where one cluster holds everybody."""
    total, size = above.sum(axis=0), below.sum(axis=0)
    left_out = np.full(above.shape, np.nan)
    rest = size - below
    np.divide(total - above, rest, out=left_out, where=(below > 0) & (rest > 0))
    whole = np.zeros(total.shape)
    np.divide(total, size, out=whole, where=size > 0)
    return jackknife_variance(left_out, whole)
