"""Who is in which group, and intervals from each person's influence on a number."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import stats

from credit_ml.core import Dataset, TableError, cluster_freedom, clustered_variance, known_names
from credit_ml.fairness.checks import named_features


def members(
    dataset: Dataset, sensitive: str | Sequence[str] | None
) -> Iterator[tuple[str, str, np.ndarray]]:
    """Yield everybody, then each group that has people: feature, group, mask."""
    yield "overall", "all", np.ones(len(dataset), dtype=bool)
    for name in named_features(sensitive, dataset, needed=False):
        values = dataset.groups(name)
        codes = values.cat.codes.to_numpy()
        for code, group in enumerate(values.cat.categories):
            if (codes == code).any():
                yield name, str(group), codes == code


def compared(
    dataset: Dataset, sensitive: str, reference_group: str | None
) -> Iterator[tuple[str, np.ndarray, str, np.ndarray]]:
    """Yield each group beside the reference, the most numerous by default: names and masks.

    Raises
    ------
    TableError
        When the feature or the reference group is unknown.
    """
    masks = {group: mask for _, group, mask in list(members(dataset, sensitive))[1:]}
    reference = reference_group or max(masks, key=lambda group: int(masks[group].sum()))
    if reference not in masks:
        raise TableError(
            f"reference_group of '{sensitive}'",
            f"'{reference}' has nobody",
            known_names(reference, masks),
        )
    for group, mask in masks.items():
        if group != reference:
            yield group, mask, reference, masks[reference]


def influence_limits(
    estimate: float,
    influence: np.ndarray,
    parts: Sequence[np.ndarray],
    clusters: np.ndarray | None,
    *,
    level: float,
) -> tuple[float, float]:
    """Limits ``estimate +- t se`` of a number that is a sum of people's influences.

    Parameters
    ----------
    estimate : float
    influence : ndarray, shape (people,)
        Sums to 0.
    parts : sequence of ndarrays of bool
        Groups whose smallest sets the degrees of freedom.
    clusters : ndarray of int from 0, or None
        Who shares chances with whom.
    level : float
    """
    freedom = min(int(part.sum()) for part in parts) - 1.0
    if freedom < 1:
        return np.nan, np.nan
    if clusters is None:
        # The smallest part's n / (n - 1), which the sum of squares of its influence lacks.
        variance = float((influence**2).sum()) * (freedom + 1) / freedom
    else:
        variance = float(clustered_variance(influence, clusters))
        for part in parts:
            sizes = np.bincount(clusters, part).astype("float64")
            freedom = min(freedom, float(cluster_freedom(sizes)))
    half = float(stats.t.ppf((1 + level) / 2, freedom) * np.sqrt(variance))
    return estimate - half, estimate + half


def mean_influence(values: np.ndarray, part: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean of a part's values, and everybody's influence on it: (x - mean) / n inside it."""
    mean = float(values[part].mean())
    return mean, np.where(part, values - mean, 0.0) / int(part.sum())
