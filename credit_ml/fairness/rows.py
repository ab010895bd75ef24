"""Rows of an audit's table for one grouping: values, comparisons, spreads."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from credit_ml.fairness.grouping import EVERYBODY, Grouping
from credit_ml.fairness.intervals import percentile, spread
from credit_ml.fairness.measured import Measured, measure, measure_clusters

COLUMNS = (
    "quantity", "sensitive", "group", "reference_group", "metric", "estimate", "low", "high",
    "people", "design_effect",
)  # fmt: skip


def audit_rows(
    grouping: Grouping,
    metrics: Sequence[str],
    *,
    reference: int,
    generator: np.random.Generator,
    draws: int,
    level: float,
    small: int,
    weights: np.ndarray | None = None,
) -> dict[str, list[Any]]:
    """Everything `Audit.table` says of one grouping, as columns.

    Parameters
    ----------
    grouping : Grouping
    metrics : sequence of str
        Of `METRICS`, possible with these counts.
    reference : int
        Position of the reference group.
    generator, draws, level : numpy.random.Generator, int, float
        Of the bootstrap.
    small : int
        A most selected group has at least so many people, if any has.
    weights : ndarray, shape (draws, clusters), optional
        Of the clusters; without them people are counted.
    """
    people = grouping.people
    alive = np.flatnonzero(people)
    wanted = [metric for metric in metrics if metric != "count"]
    if weights is None:
        measured = measure(grouping, alive, wanted, generator, draws)
    else:
        measured = measure_clusters(grouping, alive, wanted, generator, weights, level)
    writer = _Writer(grouping, measured.metrics)
    if "count" in metrics:
        writer.count()
    values = np.full((4, len(people), len(measured.metrics)), np.nan)
    limits = percentile(measured.estimate, measured.replicates, level=level)
    effect = np.where(np.isnan(limits[0]), np.nan, measured.design_effect)
    values[:, alive] = measured.estimate, *limits, effect
    writer.write("value", *values, who=np.arange(len(people)))
    if grouping.name != EVERYBODY:
        place = int(np.flatnonzero(alive == reference)[0])
        for quantity in ("difference", "ratio"):
            _compare(writer, measured, quantity, place, alive, level)
        _spreads(writer, measured, level)
        if "selection_rate" in measured.metrics:
            most = _most_selected(measured, people[alive], small)
            _compare(writer, measured, "four_fifths", most, alive, level)
    return writer.columns()


def _compare(
    writer: "_Writer",
    measured: Measured,
    quantity: str,
    against: int,
    alive: np.ndarray,
    level: float,
) -> None:
    """Write each group against one of them, by difference or by ratio."""
    # The zero of a score scale is arbitrary, so ratios of scores mean nothing.
    left_out = {"difference": (), "ratio": ("mean_score",)}
    names = [name for name in measured.metrics if name not in left_out.get(quantity, ())]
    if quantity == "four_fifths":
        names = ["selection_rate"]
    chosen = [measured.metrics.index(name) for name in names]
    value, draws = measured.estimate[:, chosen], measured.replicates[:, :, chosen]
    if quantity == "difference":
        estimate, moved = value - value[against], draws - draws[:, [against]]
    else:
        estimate, moved = np.full_like(value, np.nan), draws / draws[:, [against]]
        np.divide(value, value[against], out=estimate, where=value[against] > 0)
    low, high = percentile(estimate, moved, level=level)
    effect = np.full_like(estimate, np.nan)
    if quantity == "difference":
        effect = _effect_of_difference(measured, moved, chosen, against)
        effect[np.isnan(low)] = np.nan
    others = np.delete(np.arange(len(alive)), against)
    writer.write(
        quantity,
        *(part[others] for part in (estimate, low, high, effect)),
        who=alive[others],
        metrics=names,
        reference=writer.grouping.groups[alive[against]],
    )


def _effect_of_difference(
    measured: Measured, moved: np.ndarray, chosen: list[int], against: int
) -> np.ndarray:
    """Variance of each difference over clusters by that over people, who are independent."""
    if measured.people_variance is None:
        return np.ones(moved.shape[1:])
    alone: np.ndarray = measured.people_variance[:, chosen]
    alone = alone + alone[against]
    effect = np.full_like(alone, np.nan)
    np.divide(moved.var(axis=0), alone, out=effect, where=alone > 0)
    return effect


def _spreads(writer: "_Writer", measured: Measured, level: float) -> None:
    """Write the largest difference and the smallest ratio of every metric."""
    differences = _spread_of(measured, level, ratio=False)
    ratios = _spread_of(measured, level, ratio=True)
    for place, metric in enumerate(measured.metrics):
        writer.whole("largest_difference", metric, *differences[:, place])
        if metric != "mean_score":
            writer.whole("smallest_ratio", metric, *ratios[:, place])


def _spread_of(measured: Measured, level: float, *, ratio: bool) -> np.ndarray:
    """Estimate, low and high of each metric's spread, shape (3, metrics); NaN where undefined.

    Metrics that the same groups have are taken together.
    """
    found = np.full((3, len(measured.metrics)), np.nan)
    defined = ~np.isnan(measured.estimate)
    for pattern in np.unique(defined, axis=1).T:
        alike = np.flatnonzero((defined == pattern[:, np.newaxis]).all(axis=0))
        value = measured.estimate[pattern][:, alike]
        if ratio:
            rate = np.array([measured.metrics[place] != "mean_score" for place in alike])
            alike = alike[rate & (value.max(axis=0, initial=0) > 0)]
            value = measured.estimate[pattern][:, alike]
        if pattern.sum() < 2 or not len(alike):
            continue
        centre = measured.centre[pattern][:, alike]
        draws = measured.replicates[:, pattern][:, :, alike]
        low, high = spread(centre, draws, level=level, scale=np.log if ratio else np.asarray)
        whole = value.min(axis=0) / value.max(axis=0) if ratio else np.ptp(value, axis=0)
        if ratio:
            low, high = np.exp(-high), np.exp(-low)
        found[:, alike] = whole, np.minimum(low, whole), np.maximum(high, whole)
    return found


def _most_selected(measured: Measured, people: np.ndarray, small: int) -> int:
    selected = measured.estimate[:, measured.metrics.index("selection_rate")]
    judged = people >= small
    return int(np.argmax(np.where(judged, selected, -1.0) if judged.any() else selected))


class _Writer:
    """Columns of the table, filled block by block; within a block, groups within metrics."""

    def __init__(self, grouping: Grouping, metrics: Sequence[str]) -> None:
        self.grouping = grouping
        self._metrics = metrics
        self._names = np.array(grouping.groups, dtype=object)
        self._blocks: list[tuple[list[Any], ...]] = []

    def write(
        self,
        quantity: str,
        estimate: np.ndarray,
        low: np.ndarray,
        high: np.ndarray,
        effect: np.ndarray,
        *,
        who: np.ndarray,
        metrics: Sequence[str] | None = None,
        reference: str = "",
    ) -> None:
        """Add a block of arrays of shape (groups in `who`, metrics)."""
        names = self._metrics if metrics is None else metrics
        rows = estimate.size
        self._blocks.append(
            (
                [quantity] * rows,
                [self.grouping.name] * rows,
                self._names[who].tolist() * len(names),
                [reference] * rows,
                [name for name in names for _ in who],
                *(part.T.ravel().tolist() for part in (estimate, low, high)),
                self.grouping.people[who].tolist() * len(names),
                effect.T.ravel().tolist(),
            )
        )

    def whole(self, quantity: str, metric: str, *found: float) -> None:
        """Add a row about all the groups together."""
        people = int(self.grouping.people.sum())
        row = (quantity, self.grouping.name, "all", "", metric, *map(float, found), people, np.nan)
        self._blocks.append(tuple([value] for value in row))

    def count(self) -> None:
        """Add how many people each group has: a fact, without an interval."""
        people = self.grouping.people.astype("float64")[:, np.newaxis]
        unknown = np.full_like(people, np.nan)
        everyone = np.arange(len(people))
        self.write("value", people, *[unknown] * 3, who=everyone, metrics=["count"])

    def columns(self) -> dict[str, list[Any]]:
        """Return the table's columns."""
        parts = zip(*self._blocks, strict=True)
        return {
            name: list(itertools.chain.from_iterable(part))
            for name, part in zip(COLUMNS, parts, strict=True)
        }
