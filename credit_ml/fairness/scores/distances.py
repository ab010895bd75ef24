"""Distances between the distributions of the groups' scores."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from credit_ml.core import Dataset
from credit_ml.fairness.checks import finite, named_features, old_options
from credit_ml.fairness.scores.separation import Separation
from credit_ml.inference import (
    Estimate,
    Over,
    People,
    checked_level,
    comparisons_of,
    distribution_noise,
    norm_of,
)

#: Points at which distribution functions are compared at most, equally many people apart.
POINTS = 500


@old_options(reference_group="reference_groups")
def distribution_distances(
    scores: "npt.ArrayLike",
    dataset: Dataset,
    *,
    sensitive: str | Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | str | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
) -> Separation:
    """Distances between each group's scores and the reference group's.

    - wasserstein: area between the distribution functions, ``integral |F_g - F_r|``: how many
      points people must move on average to make the groups alike.
    - kolmogorov_smirnov: ``max |F_g - F_r|``: the largest gap in selection rates that any
      threshold makes.
    - standardised_mean_difference: difference of means over ``sqrt((v_g + v_r) / 2)``.
    - auc: share of pairs in which the group's member scores higher, ties half.

    0 (0.5 for auc) means alike. The first two are norms of F_g - F_r, never negative, so their
    intervals are ``distance +- q``, cut at 0, with q the quantile of the norm of pure noise, as
    in `spread`; noise is drawn at no more than `POINTS` points (the estimates are exact). That of
    the third comes from each person's contribution, the last one's from DeLong's variance.

    Cost: one sort a feature, then points x (people or clusters) once and draws.

    Parameters
    ----------
    scores : array-like of float, one a person
    dataset : Dataset
    sensitive : str or sequence of str, optional
    reference_groups : mapping of feature to group, or one group, optional
        The most numerous by default.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        As in `audit`.

    Raises
    ------
    TableError
        When scores or features cannot be used.
    InputError
        When an option is out of range.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"score": [1.0, 2, 3, 2, 3, 4], "sex": list("fffmmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> found = distribution_distances(frame["score"], data).table
    >>> found.set_index("measure")["estimate"].round(3)["wasserstein"]
    np.float64(1.0)
    """
    level = checked_level(intervals)
    points = finite(scores, "scores", dataset.X.index)
    people = People.of(dataset, over=over)
    rows: list[dict[str, object]] = []
    features = named_features(sensitive, dataset)
    for pair in comparisons_of(dataset, features, reference_groups):
        one, two = pair.inside, pair.outside
        estimates = _norms(points, one, two, people)
        estimates["standardised_mean_difference"] = _standardised(points, one, two, people)
        estimates["auc"] = people.auc(points, one, one | two)
        labels = {**pair.labels, "quantity": "distance", "people": int(one.sum())}
        rows += [
            {"measure": measure, **each.facts(level), **labels}
            for measure, each in estimates.items()
        ]
    return Separation.of_rows(rows, "How far the groups' scores lie apart", people, level)


def _standardised(points: np.ndarray, one: np.ndarray, two: np.ndarray, people: People) -> Estimate:
    """Difference of means in pooled standard deviations; its influence by the delta method."""
    parts, influence = (one, two), np.zeros(len(points))
    weights = people.each
    values = [points[part] for part in parts]
    shares = [weights[part] / weights[part].sum() for part in parts]
    means = [float(np.average(points[part], weights=weights[part])) for part in parts]
    moments = [
        float(share @ (own - mean) ** 2)
        for share, own, mean in zip(shares, values, means, strict=True)
    ]
    gap, pooled = means[0] - means[1], float(np.sqrt(sum(moments) / 2))
    # Of scores that are all alike, weights leave rounding errors.
    if pooled <= 1e-12 * float(np.abs(points).max(initial=0.0)):
        return people.from_influence(np.nan, influence, parts=parts)
    for place, (part, own, share) in enumerate(zip(parts, values, shares, strict=True)):
        far = (own - means[place]) / pooled
        beyond = far**2 - moments[place] / pooled**2
        influence[part] = ((1 - 2 * place) * far - gap / pooled / 4 * beyond) * share
    return people.from_influence(gap / pooled, influence, parts=parts)


def _norms(
    points: np.ndarray, one: np.ndarray, two: np.ndarray, people: People
) -> dict[str, Estimate]:
    where = np.sort(points[one | two])
    shares = [_shares(points, part, people.relative, where) for part in (one, two)]
    gap = shares[0] - shares[1]
    steps = np.diff(where)
    # Noise at a thinned grid: between its points distribution functions move by 1 / POINTS.
    grid = where[:: max(1, len(where) // POINTS)]
    widths = np.append(np.diff(grid), 0.0)
    noise, shared = distribution_noise(points, grid, (one, two), people)

    far, gaps = np.abs(noise, out=noise), np.abs(gap)
    together = None if shared is None else np.abs(shared, out=shared)
    alone = None if together is None else together @ widths
    area = norm_of(float((gaps[:-1] * steps).sum()), far @ widths, alone, people)
    alone = None if together is None else together.max(axis=1)
    furthest = norm_of(float(gaps.max()), far.max(axis=1), alone, people, bounds=(0.0, 1.0))
    return {"wasserstein": area, "kolmogorov_smirnov": furthest}


def _shares(
    points: np.ndarray, part: np.ndarray, weights: np.ndarray | None, where: np.ndarray
) -> np.ndarray:
    """Share of a part's points, or of their weight, at or below each place."""
    own = points[part]
    if weights is None:
        return np.asarray(np.searchsorted(np.sort(own), where, side="right") / len(own))
    order = np.argsort(own, kind="stable")
    total = np.concatenate([[0.0], np.cumsum(weights[part][order])])
    return np.asarray(total[np.searchsorted(own[order], where, side="right")] / total[-1])
