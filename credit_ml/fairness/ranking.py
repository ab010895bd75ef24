"""Whether a score orders people rightly across groups."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from credit_ml.core import Dataset
from credit_ml.fairness.auc import placements
from credit_ml.fairness.checks import Over, finite, named_features, over_clusters
from credit_ml.fairness.intervals import checked_level
from credit_ml.fairness.members import influence_limits, members
from credit_ml.fairness.separation import (
    NOTHING,
    Limits,
    Separation,
    area,
    separation,
    separation_rows,
)


def ranking(
    scores: npt.ArrayLike,
    dataset: Dataset,
    *,
    sensitive: str | Sequence[str] | None = None,
    intervals: float = 0.95,
    intervals_over: Over = "auto",
) -> Separation:
    """Whether scores put those who keep the obligation above those who do not, across groups.

    ``xAUC(a, b)`` is the chance that a member of a who kept it scores above a member of b who
    did not; a = b is the group's own AUC (reference_group is then empty). "xauc_difference" is
    ``xAUC(a, b) - xAUC(b, a)``: 0 means that a mistake in order hits both groups alike, below
    0 that it is a's good members who stand behind b's bad ones.

    Cost: one sort for each pair of groups.

    Parameters
    ----------
    scores : array-like of float, one a person
        Larger is better.
    dataset : Dataset
        With an outcome.
    sensitive : str or sequence of str, optional
    intervals : float
        Level; DeLong's variance, over clusters as `auc_of_sorted` has it.
    intervals_over : {"auto", "people", "clusters"}
        As in `audit`.

    Raises
    ------
    TableError
        When scores or features cannot be used, or the outcome is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"score": [1.0, 2, 3, 4], "sex": list("ffmm"), "paid": [0, 1, 0, 1]})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> found = ranking(frame["score"], data).table.query("measure == 'xauc'")
    >>> found[["group", "reference_group", "estimate"]].values.tolist()
    [['f', 'm', 0.0], ['m', 'f', 1.0]]
    """
    level = checked_level(intervals)
    kept = dataset.outcome(needed_for="ranking").to_numpy() == 1
    points = finite(scores, "scores", dataset.X.index)
    clusters, reason = over_clusters(dataset, intervals_over)
    rows = []
    for name in named_features(sensitive, dataset, needed=True):
        groups = list(members(dataset, name))[1:]
        for _, group, one in groups:
            people = int(one.sum())
            own = area(points, one & kept, one & ~kept, clusters, level)
            rows += separation_rows(name, group, "", {"auc": own}, people)
            for _, other, two in groups:
                if other != group:
                    found = {"xauc": area(points, one & kept, two & ~kept, clusters, level)}
                    if group < other:
                        sides = (one & kept, two & ~kept, two & kept, one & ~kept)
                        found["xauc_difference"] = _unequal(points, sides, clusters, level)
                    rows += separation_rows(name, group, other, found, people)
    return separation(
        rows, "Whether scores order people across groups", level, clusters, reason, None
    )


def _unequal(
    points: np.ndarray,
    sides: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    clusters: np.ndarray | None,
    level: float,
) -> Limits:
    """Difference of two areas over four disjoint sets of people."""
    if not all(side.any() for side in sides):
        return NOTHING
    influence, areas = np.zeros(len(points)), []
    for sign, upper, lower in ((1, *sides[:2]), (-1, *sides[2:])):
        who = np.flatnonzero(upper | lower)
        order = who[np.argsort(points[who], kind="stable")]
        placed, above = placements(points[order], upper[order]), upper[order]
        areas.append(float(placed[above].mean()))
        share = np.where(above, 1 / above.sum(), 1 / (~above).sum())
        influence[order] += sign * (placed - areas[-1]) * share
    estimate = areas[0] - areas[1]
    low, high = influence_limits(estimate, influence, sides, clusters, level=level)
    return estimate, max(low, -1.0), min(high, 1.0)
