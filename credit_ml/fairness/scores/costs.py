"""What the mistakes of a threshold cost, by group."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import Dataset, InputError, cited
from credit_ml.core.figure import Axes
from credit_ml.core.renamed import renamed_keywords
from credit_ml.fairness.checks import finite
from credit_ml.fairness.finding import GroupFinding
from credit_ml.inference import (
    Estimate,
    Over,
    People,
    Weighed,
    checked_level,
    groups_of,
    means_of_sums,
    weighed_means,
)


class ErrorCosts(GroupFinding):
    """Cost of mistakes a person at each threshold, by group.

    Columns of `table`: the schema's, of the measure "cost", and threshold.

    Examples
    --------
    >>> frame = pd.DataFrame({"score": [1.0, 2, 3, 4], "paid": [0, 0, 1, 1]})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> error_costs(frame["score"], data, thresholds=[1, 3]).cheapest["threshold"].tolist()
    [3.0]
    """

    kind: ClassVar[str] = "error_costs"
    labels: ClassVar[tuple[str, ...]] = ("threshold",)
    citations = cited("drummond_2006")
    tracked: ClassVar[tuple[str, ...]] = ("measure", "sensitive", "group")

    @property
    def cheapest(self) -> pd.DataFrame:
        """Each group's threshold of least cost, the lowest of equal ones, and that cost."""
        best = self.table.groupby(["sensitive", "group"], sort=False)["estimate"].idxmin()
        return self.table.loc[best].reset_index(drop=True)

    def to_track(self) -> pd.DataFrame:
        """Cheapest thresholds, such as ``error_costs.cheapest_threshold.hukou.rural``."""
        best = self.cheapest
        return best.assign(estimate=best["threshold"], measure="cheapest_threshold")

    def plot(self, axes: Axes | None = None, *, sensitive: str | None = None) -> Axes:
        """Draw cost against threshold, a line a group of one feature.

        Raises
        ------
        TableError
            When the finding has no such feature.
        """
        from credit_ml.fairness.figure import curves_by_group

        return curves_by_group(
            self.of_feature(self.table, sensitive),
            axes,
            across="threshold",
            title=self.title,
            labels=(
                "selected from this score on",
                f"cost of mistakes a person\n{self.level_text} bands",
            ),
        )


@renamed_keywords(intervals_over="over")
def error_costs(
    scores: "npt.ArrayLike",
    dataset: Dataset,
    *,
    thresholds: Sequence[float] | int = 41,
    cost_false_positive: float = 1.0,
    cost_false_negative: float = 1.0,
    sensitive: str | Sequence[str] | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
) -> ErrorCosts:
    """Cost of selecting who does not keep the obligation and of refusing who would.

    At threshold t, ``c_fp P(s >= t, not kept) + c_fn P(s < t, kept)`` of each group: 0 means no
    mistakes. Groups whose curves lie apart pay differently for one threshold; where their
    minima lie apart, no threshold is cheapest for all. Costs are those of the one who decides
    unless you price the person's own loss.

    Cost: one pass over the people for each group, whatever the number of thresholds.

    Parameters
    ----------
    scores : array-like of float, one a person
        Larger is better.
    dataset : Dataset
        With an outcome.
    thresholds : sequence of float, or int
        Where to measure; a number makes as many, at equal shares of all people.
    cost_false_positive, cost_false_negative : float
        Of selecting one who does not keep it, and of refusing one who would; at least 0.
    sensitive : str or sequence of str, optional
    intervals : float
        Level of Student's intervals, one at a time: a band does not hold the whole curve.
    over : {"auto", "people", "clusters"}
        As in `audit`.

    Raises
    ------
    TableError
        When scores cannot be used, or the outcome is unknown.
    InputError
        When an option is out of range.

    Examples
    --------
    >>> frame = pd.DataFrame({"score": [1.0, 2, 3, 4], "paid": [0, 0, 1, 1]})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> error_costs(frame["score"], data, thresholds=[1, 3]).table["estimate"].tolist()
    [0.5, 0.0]
    """
    level = checked_level(intervals)
    costs = {"cost_false_positive": cost_false_positive, "cost_false_negative": cost_false_negative}
    for name, cost in costs.items():
        if not (np.isfinite(cost) and cost >= 0):
            raise InputError(name, f"is {cost!r}", "give a cost of at least 0")
    kept = dataset.outcome(needed_for="error_costs").to_numpy() == 1
    points = finite(scores, "scores", dataset.X.index)
    cuts = _cuts(thresholds, points)
    people = People.of(dataset, over=over)
    rows = []
    prices = (float(cost_false_positive), float(cost_false_negative))
    for feature, group, who in groups_of(dataset, sensitive):
        curve = _curve(points, kept, who, cuts, prices, people)
        low, high = curve.interval(level)
        labels = {"measure": "cost", "sensitive": feature, "group": group, "threshold": cuts}
        counted = curve.clusters if curve.over == "clusters" else 0
        facts = {"estimate": curve.value, "low": low, "high": high, "people": curve.people}
        rows.append(pd.DataFrame(labels | facts | {"clusters": counted}))
    return ErrorCosts.of_rows(
        pd.concat(rows, ignore_index=True),
        "What mistakes cost, by threshold and group",
        people,
        level,
        "Bands hold each point of a curve, not the whole curve at once.",
        cost_false_positive=prices[0],
        cost_false_negative=prices[1],
    )


def _curve(
    points: np.ndarray,
    kept: np.ndarray,
    who: np.ndarray,
    cuts: np.ndarray,
    prices: tuple[float, float],
    people: People,
) -> Estimate:
    """Costs of a group at each cut, from counts (or weights) of people between cuts."""
    # How many cuts a person's score reaches: selected at cut t when more than t of them.
    reached, width = np.searchsorted(cuts, points[who], side="right"), len(cuts) + 1
    cells, clustered = reached * 2 + kept[who], people.counted == "clusters"
    counts = people.sums(cells, width * 2, who=who).reshape(-1, width, 2)
    counts = counts if clustered else counts[0]
    sums = _mistakes(counts, *prices).astype("float64")
    number = np.broadcast_to(counts.sum(axis=(-2, -1))[..., np.newaxis], sums.shape)
    both = people.square_sums(cells, width * 2, who=who).reshape(width, 2)
    squares, crossed = _mistakes(both, prices[0] ** 2, prices[1] ** 2), _mistakes(both, *prices)
    asked: dict[str, Any] = {"clustered": clustered, "bounds": (0.0, max(prices))}
    if people.relative is None:
        return means_of_sums(sums, number.astype("float64"), squares, **asked)
    whole, people_of = (np.full(len(cuts), float(each)) for each in (both.sum(), who.sum()))
    weighed = Weighed(number, whole, people_of)
    return weighed_means(sums, weighed, squares, crossed, **asked)


def _mistakes(counts: np.ndarray, selected: float, refused: float) -> np.ndarray:
    """Price of both mistakes at each cut, of counts (..., between cuts, not kept and kept)."""
    below = counts.cumsum(axis=-2)[..., :-1, :]
    above = counts[..., 0].sum(axis=-1, keepdims=True) - below[..., 0]
    return np.asarray(selected * above + refused * below[..., 1])


def _cuts(thresholds: Sequence[float] | int, points: np.ndarray) -> np.ndarray:
    if isinstance(thresholds, int):
        if thresholds < 2:
            raise InputError("thresholds", f"is {thresholds}", "give at least 2, or a list")
        return np.unique(np.quantile(points, np.linspace(0, 1, thresholds)))
    cuts = np.asarray(list(thresholds), dtype="float64")
    if cuts.size == 0 or not np.isfinite(cuts).all():
        raise InputError("thresholds", f"are {list(thresholds)}", "give finite numbers")
    return np.unique(cuts)
