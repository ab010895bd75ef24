"""From one number a person and factor to a group's components of the gap, with intervals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import FEWEST_CLUSTERS, Dataset, InputError, TableError, known_names
from credit_ml.core.clusters import cluster_correction, cluster_sums

Array = NDArray[np.float64]

#: Rows of a decomposition that are no factor: the gap, unequal folds, what no factor explains.
GAP, FOLDS, UNEXPLAINED = "(gap)", "(folds)", "(unexplained)"


class Pair(NamedTuple):
    """A group beside the reference group: names, and who belongs to them."""

    group: str
    inside: NDArray[np.bool_]
    reference: str
    outside: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Components:
    """Components of one pair's gap, and what each term of the data adds to their error.

    ``estimate - truth = sum of terms`` to first order; a term belongs to one person, or to two,
    when a second person stood in for what a coalition leaves out.
    """

    names: tuple[str, ...]
    """Of the components, the gap among them."""
    estimate: Array
    """Shape (components,)."""
    terms: Array
    """Shape (terms, components)."""
    owner: NDArray[np.intp]
    """Position of each term's person, shape (terms,)."""
    partner: NDArray[np.intp] | None = None
    """Position of each term's second person; None when there is none."""

    def limits(self, level: float, clusters: NDArray[np.intp] | None) -> tuple[Array, Array]:
        """Ends of the intervals, shape (parts,) each: normal, or t where clusters are counted."""
        half = spread_of(level, clusters) * np.sqrt(
            term_variance(self.terms, self.owner, self.partner, clusters)
        )
        return self.estimate - half, self.estimate + half


def pairs(dataset: Dataset, sensitive: str, reference_group: str | None) -> Iterator[Pair]:
    """Yield each group with people beside the reference group: names and who they are.

    The reference is the most numerous group unless one is named.

    Raises
    ------
    TableError
        When the feature or group is unknown, or only one group has people.
    """
    values = dataset.groups(sensitive)
    counts = values.value_counts(sort=False)
    present = [str(group) for group, people in counts.items() if people]
    if len(present) < 2:
        raise TableError(
            f"{dataset.name}, sensitive feature '{sensitive}'",
            f"has people in one group only ({present[0]})",
            "give a feature with at least two",
        )
    reference = str(counts.idxmax()) if reference_group is None else reference_group
    if reference not in present:
        place = f"reference_group of '{sensitive}'"
        raise TableError(place, f"'{reference}' has nobody", known_names(reference, present))
    base = (values == reference).to_numpy()
    for group in present:
        if group != reference:
            yield Pair(group, (values == group).to_numpy(), reference, base)


def mean_difference(
    group: Array, reference: Array, *, quantile: float, shared: Array | float = 0.0
) -> tuple[Array, Array, Array]:
    """Differences of column means with normal intervals, variances unequal.

    Parameters
    ----------
    group, reference : ndarray of shape (people, parts)
    quantile : float
        Of the standard normal: 1.96 for 95 %.
    shared : ndarray of shape (parts,), optional
        What dependence between people adds to the variance (`shared_variance`).

    Returns
    -------
    estimate, low, high : ndarray of shape (parts,)
        No interval (NaN) where a group has one member.
    """
    estimate = group.mean(axis=0) - reference.mean(axis=0)
    half = quantile * np.sqrt(_variance(group) + _variance(reference) + shared)
    return estimate, estimate - half, estimate + half


def _variance(values: Array) -> Array:
    if len(values) < 2:
        return np.full(values.shape[1], np.nan)
    variance: Array = values.var(axis=0, ddof=1) / len(values)
    return variance


def group_terms(values: Array, inside: NDArray[np.bool_], outside: NDArray[np.bool_]) -> Array:
    """What each person adds to the error of a difference of group means, shape (people, parts).

    Their squares sum to the usual ``var / n`` of both groups; NaN where a group has one member.
    """
    terms = np.zeros_like(values)
    for who, sign in ((inside, 1.0), (outside, -1.0)):
        people = int(who.sum())
        own = values[who]
        scale = np.nan if people < 2 else sign / np.sqrt(people * (people - 1.0))
        terms[who] = (own - own.mean(axis=0)) * scale
    return terms


def term_variance(
    terms: Array,
    owner: NDArray[np.intp],
    partner: NDArray[np.intp] | None,
    clusters: NDArray[np.intp] | None,
) -> Array:
    """Variance of a sum of terms, of which those that share a person or a cluster depend.

    ``sum_g (T_g + R_g)^2 - sum_i t_i^2``, where T_g sums the terms of the people of cluster g
    (of one person without clusters), R_g those of outsiders whose partner is in g, and the last
    sum takes out what is then counted twice: the terms whose partner is in another cluster.
    At least ``sum_g T_g^2``, which is all without partners. With C clusters, times C / (C - 1).

    Parameters
    ----------
    terms : ndarray of shape (terms, parts)
    owner, partner : ndarray of shape (terms,)
    clusters : ndarray of shape (people,), or None

    Returns
    -------
    ndarray of shape (parts,)

    References
    ----------
    Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear
    models. Biometrika 73, 13-22. Aronow, P. M., Samii, C. and Assenova, V. A. (2015).
    Cluster-robust variance estimation for dyadic data. Political Analysis 23, 564-577.
    """
    place = owner if clusters is None else clusters[owner]
    size = int(owner.max() if clusters is None else clusters.max()) + 1
    factor = 1.0 if clusters is None else cluster_correction(clusters)
    if partner is None:
        alone: Array = factor * (cluster_sums(terms, place, size) ** 2).sum(axis=0)
        return alone
    mate = partner if clusters is None else clusters[partner]
    size = max(size, int(mate.max()) + 1)
    own = cluster_sums(terms, place, size)
    away = place != mate
    met = cluster_sums(terms[away], mate[away], size)
    both = ((own + met) ** 2).sum(axis=0) - (terms[away] ** 2).sum(axis=0)
    variance: Array = factor * np.maximum(both, (own**2).sum(axis=0))
    return variance


def spread_of(level: float, clusters: NDArray[np.intp] | None) -> float:
    """Standard errors on each side: of the normal, or of t with one less than the clusters."""
    normal = quantile_of(level)
    if clusters is None:
        return normal
    from scipy import stats

    freedom = len(np.unique(clusters)) - 1
    return float(stats.t.ppf((1 + level) / 2, freedom)) if freedom > 0 else float("nan")


def clusters_of(dataset: Dataset, *, clustered: bool | None) -> NDArray[np.intp] | None:
    """Return each person's cluster where intervals shall count clusters, else None.

    By default they do when the table names a cluster column with at least `FEWEST_CLUSTERS`.

    Raises
    ------
    TableError
        When clusters are demanded of a table that names none, or has one only.
    """
    if clustered is False:
        return None
    found = dataset.clusters()
    number = 0 if found is None else len(np.unique(found))
    if clustered and number < 2:
        raise TableError(
            dataset.name, f"has {number} clusters to count", "name a column in cluster="
        )
    if clustered or number >= FEWEST_CLUSTERS:
        return found
    return None


def shared_variance(
    values: Array,
    inside: NDArray[np.bool_],
    outside: NDArray[np.bool_],
    references: NDArray[np.intp] | None,
) -> Array:
    """What each person's second part, as somebody's reference, adds to a gap's variance.

    The gap is ``sum_i t_i`` with ``t_i = w_i (phi_i - group mean)``, w_i one over the group's
    size, negative in the reference group. t_i and t_r(i) both hold person r(i), so the variance
    is ``sum t_i^2 + 2 sum t_i t_r(i)``; this is the second term, where it is positive. In
    expectation it is 0 when both groups use the factor alike, and when the score is additive.

    Parameters
    ----------
    values : ndarray of shape (people, parts)
    inside, outside : ndarray of bool, shape (people,)
        Members of the group and of the reference group.
    references : ndarray of shape (people,), or None
        Who stood in for whom; None adds nothing.

    Returns
    -------
    ndarray of shape (parts,)
    """
    if references is None:
        return np.zeros(values.shape[1])
    terms = group_terms(values, inside, outside)
    whole = term_variance(terms, np.arange(len(terms)), references, None)
    return np.asarray(whole - (terms**2).sum(axis=0))


def quantile_of(intervals: float) -> float:
    """Normal quantile of a two-sided level; raises InputError unless it lies in (0, 1)."""
    from scipy import stats

    if not 0 < intervals < 1:
        raise InputError("intervals", f"is {intervals!r}", "give a level such as 0.95")
    return float(stats.norm.ppf((1 + intervals) / 2))


def component_rows(
    names: list[str], estimates: tuple[Array, Array, Array], labels: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Rows of a decomposition's table: one a part, labelled."""
    return [
        {**labels, "factor": name, "estimate": float(e), "low": float(lo), "high": float(hi)}
        for name, e, lo, hi in zip(names, *estimates, strict=True)
    ]


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the rows in the column order of every decomposition."""
    names = "method estimand sensitive group reference_group factor estimate low high".split()
    return pd.DataFrame(rows, columns=names)
