"""Metrics of a grouping's groups with their replicates, over people or over clusters."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from credit_ml.fairness.bootstrap import replicate_means, replicate_tables, smoothed
from credit_ml.fairness.clustered import clustered_means, clustered_rates
from credit_ml.fairness.grouping import Grouping
from credit_ml.fairness.metrics import RATES, rates


@dataclass(frozen=True, kw_only=True, eq=False)
class Measured:
    """Metrics of the groups that have people; axis 0 groups, axis 1 metrics."""

    metrics: tuple[str, ...]
    estimate: np.ndarray
    centre: np.ndarray
    """Of the replicates."""
    replicates: np.ndarray
    """Shape (draws, groups, metrics)."""
    design_effect: np.ndarray
    people_variance: np.ndarray | None = None
    """As in `ClusteredDraws`; None when people are counted."""


def measure(
    grouping: Grouping,
    alive: np.ndarray,
    metrics: Sequence[str],
    generator: np.random.Generator,
    draws: int,
) -> Measured:
    """Metrics of the groups at the places `alive`, as if other people were met."""
    counts = grouping.counts[alive]
    names = [name for name in metrics if name in RATES]
    # The table is drawn whether a rate or only a mean is wanted: streams must not shift.
    tables = replicate_tables(counts, draws=draws, generator=generator)
    estimate, centre = rates(counts, names), rates(smoothed(counts), names)
    replicates = rates(tables, names)
    if "mean_score" in metrics and grouping.sums is not None and grouping.squares is not None:
        people, sums = grouping.people[alive], grouping.sums[alive]
        squares = grouping.squares[alive]
        means = replicate_means(people, sums, squares, draws=draws, generator=generator)
        mean = (sums / people)[:, np.newaxis]
        estimate = np.concatenate([estimate, mean], axis=1)
        centre = np.concatenate([centre, mean], axis=1)
        replicates = np.concatenate([replicates, means[..., np.newaxis]], axis=2)
        names.append("mean_score")
    return Measured(
        metrics=tuple(names),
        estimate=estimate,
        centre=centre,
        replicates=replicates,
        design_effect=np.ones_like(estimate),
    )


def measure_clusters(
    grouping: Grouping,
    alive: np.ndarray,
    metrics: Sequence[str],
    generator: np.random.Generator,
    weights: np.ndarray,
    level: float,
) -> Measured:
    """Metrics of the groups at the places `alive`, as if other clusters were met.

    `weights` are those of the clusters, shape (draws, clusters).
    """
    assert grouping.by_cluster is not None
    counts, by_cluster = grouping.counts[alive], grouping.by_cluster[:, alive]
    names = [name for name in metrics if name in RATES]
    drawn = [clustered_rates(by_cluster, names, weights=weights, generator=generator, level=level)]
    estimate, centre = [rates(counts, names)], [rates(smoothed(counts), names)]
    if "mean_score" in metrics and grouping.squares is not None:
        assert grouping.sums is not None
        assert grouping.cluster_scores is not None
        people, scores = by_cluster.sum(axis=(-2, -1)), grouping.cluster_scores[:, alive]
        squares = grouping.squares[alive]
        drawn.append(clustered_means(people, scores, squares, weights=weights, level=level))
        mean = (grouping.sums[alive] / people.sum(axis=0))[:, np.newaxis]
        estimate.append(mean)
        centre.append(mean)
        names.append("mean_score")
    return Measured(
        metrics=tuple(names),
        estimate=np.concatenate(estimate, axis=1),
        centre=np.concatenate(centre, axis=1),
        replicates=np.concatenate([part.replicates for part in drawn], axis=2),
        design_effect=np.concatenate([part.design_effect for part in drawn], axis=1),
        people_variance=np.concatenate([part.people_variance for part in drawn], axis=1),
    )
