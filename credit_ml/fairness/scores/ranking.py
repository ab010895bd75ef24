"""Whether a score orders people rightly across groups."""

from collections.abc import Sequence

import numpy.typing as npt

from credit_ml.core import Dataset
from credit_ml.core.renamed import renamed_keywords
from credit_ml.fairness.checks import finite, named_features
from credit_ml.fairness.scores.separation import Separation
from credit_ml.inference import Over, People, checked_level, groups_of


@renamed_keywords(intervals_over="over")
def ranking(
    scores: "npt.ArrayLike",
    dataset: Dataset,
    *,
    sensitive: str | Sequence[str] | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
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
        Level; DeLong's variance, over clusters the jackknife's.
    over : {"auto", "people", "clusters"}
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
    people = People.of(dataset, over=over)
    rows: list[dict[str, object]] = []
    for name in named_features(sensitive, dataset):
        groups = list(groups_of(dataset, name))[1:]
        for _, group, one in groups:
            labels = {"sensitive": name, "group": group, "people": int(one.sum())}
            own = people.auc(points, kept, one)
            rows.append({"measure": "auc", **own.facts(level), **labels})
            for _, other, two in groups:
                if other == group:
                    continue
                labels["reference_group"] = other
                ours = people.auc(points, one & kept, (one & kept) | (two & ~kept))
                rows.append({"measure": "xauc", **ours.facts(level), **labels})
                if group < other:
                    theirs = people.auc(points, two & kept, (two & kept) | (one & ~kept))
                    labels_of_gap = {"quantity": "difference", "measure": "xauc_difference"}
                    rows.append(labels_of_gap | (ours - theirs).facts(level) | labels)
    return Separation.of_rows(rows, "Whether scores order people across groups", people, level)
