"""How good a rater's probabilities are, for everybody and for each group."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from credit_ml.core import Dataset, Mask, TableError, beside, cited, need_known
from credit_ml.core.figure import Axes
from credit_ml.core.renamed import renamed_keywords
from credit_ml.fairness.checks import probabilities
from credit_ml.fairness.finding import GroupFinding
from credit_ml.inference import Estimate, Over, People, checked_level, groups_of

#: Measures of quality and what they are, for axis labels.
MEASURES: dict[str, str] = beside(__file__)["measures"]


class Quality(GroupFinding):
    """Measures of a rater's probabilities by group, each with its interval.

    Columns of `table`: the schema's, with `MEASURES`, and reason.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"late": [0, 4, 1, 3], "sex": list("ffmm"), "paid": [1, 0, 1, 0]})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> quality([0.9, 0.1, 0.8, 0.6], data).by_group["auc"].to_dict()
    {'f': 1.0, 'm': 1.0}
    """

    kind: ClassVar[str] = "quality"
    citations = cited("delong_1988", "brier_1950")
    tracked: ClassVar[tuple[str, ...]] = ("measure", "sensitive", "group")

    def plot(self, axes: Axes | None = None, *, measure: str = "auc") -> Axes:
        """Draw one measure of every group as a dot with its interval; the line is everybody.

        Raises
        ------
        TableError
            When there is no such measure.
        """
        need_known(TableError, "quality, measure", measure, MEASURES)
        rows = self.table[self.table["measure"] == measure]
        everybody = rows["sensitive"] == "overall"
        groups = rows[~everybody] if (~everybody).any() else rows
        line = float(rows[everybody]["estimate"].iloc[0])
        return self.dots(groups, axes, MEASURES[measure], line=line)


@renamed_keywords(intervals_over="over")
def quality(
    probability: "npt.ArrayLike",
    dataset: Dataset,
    *,
    sensitive: str | Sequence[str] | None = None,
    rater: str = "",
    intervals: float = 0.95,
    over: Over = "auto",
) -> Quality:
    """Discrimination and calibration of probabilities that the obligation is kept.

    - auc: share of pairs (kept, not kept) in the right order; 0.5 tells nothing. Interval
      from DeLong's variance on the logit scale.
    - brier: mean of (probability - y) squared; 0 is perfect. Student's interval of the mean.
    - log_loss: mean of -log(probability of what happened), probabilities clipped to the
      machine's precision as in scikit-learn; 0 is perfect. Student's interval.
    - accuracy: share with y = (probability > 0.5). Wilson's interval.

    Where the dataset names a cluster, the variances are those over clusters (with Student's
    quantile, and never below those over people), and accuracy's interval is Wilson's of the
    number of people over the design effect.

    Cost: one sort of the people, then one pass for each sensitive feature.

    Parameters
    ----------
    probability : array-like of float in [0, 1], one a person
        Of keeping the obligation; for an honest answer from a model that did not see it.
    dataset : Dataset
        With an outcome. Without sensitive features only everybody is measured.
    sensitive : str or sequence of str, optional
        Sensitive features; all by default.
    rater : str
        Whose probabilities, for titles.
    intervals : float
        Level of the intervals.
    over : {"auto", "people", "clusters"}
        As in `audit`.

    Raises
    ------
    TableError
        When the outcome is unknown or a probability is missing or outside [0, 1].

    References
    ----------
    See `Quality.citations`.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"late": [0, 4, 1, 3], "sex": list("ffmm"), "paid": [1, 0, 1, 0]})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> quality([0.9, 0.1, 0.8, 0.6], data).metrics()["quality.auc.sex.f"]
    1.0
    """
    people = People.of(dataset, over=over)
    kept = dataset.outcome(needed_for="quality").to_numpy() == 1
    chance = probabilities(probability, dataset)
    edge = np.finfo("float64").eps
    likelihood = np.clip(np.where(kept, chance, 1 - chance), edge, 1 - edge)

    def measured(who: Mask) -> dict[str, Estimate]:
        return {
            "auc": people.auc(chance, kept, who),
            "brier": people.mean((chance - kept) ** 2, who, bounds=(0.0, 1.0)),
            "log_loss": people.mean(-np.log(likelihood), who, bounds=(0.0, np.inf)),
            "accuracy": people.share((chance > 0.5) == kept, who),
        }

    title = f"{rater}: how good the probabilities are" if rater else "Quality of probabilities"
    return _by_group(measured, dataset, sensitive, people, checked_level(intervals), title, rater)


def quality_of_order(scores: "npt.ArrayLike", dataset: Dataset, *, rater: str) -> Quality:
    """Discrimination of scores that are no probabilities: the AUC alone, as in `quality`."""
    people = People.of(dataset)
    kept = dataset.outcome(needed_for="quality").to_numpy() == 1
    points = np.asarray(scores, dtype="float64")

    def measured(who: Mask) -> dict[str, Estimate]:
        return {"auc": people.auc(points, kept, who)}

    title = f"{rater}: how well the score ranks people"
    return _by_group(measured, dataset, None, people, 0.95, title, rater)


def _by_group(
    measured: Callable[[Mask], dict[str, Estimate]],
    dataset: Dataset,
    sensitive: str | Sequence[str] | None,
    people: People,
    level: float,
    title: str,
    rater: str,
) -> Quality:
    rows: list[dict[str, object]] = []
    for name, group, who in groups_of(dataset, sensitive):
        rows += [
            {"measure": measure, "sensitive": name, "group": group, **each.facts(level)}
            for measure, each in measured(who).items()
        ]
    return Quality.of_rows(
        rows,
        title,
        people,
        level,
        "AUC and losses of a group tell how well its members are told apart among "
        "themselves; a group in which all or none had the favourable outcome has no AUC.",
        rater=rater,
    )
