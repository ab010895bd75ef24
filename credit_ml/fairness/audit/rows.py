"""Rows of an audit's table for one grouping: values, comparisons, spreads."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from credit_ml.core.schema import COLUMNS
from credit_ml.fairness.tally.grouping import EVERYBODY, Grouping
from credit_ml.inference import Estimate, difference, ratio, simultaneous_level, spread

#: Columns of an audit: the schema's, then its own.
AUDIT_COLUMNS = (*COLUMNS, "design_effect", "reason")
#: Measures that are no share, whose ratios mean nothing: the zero of a score scale is arbitrary.
NO_RATIO = ("mean_score",)


@dataclass(kw_only=True)
class AuditRows:
    """The table of one grouping, block by block; within a block, groups within measures."""

    grouping: Grouping
    level: float
    blocks: list[tuple[list[Any], ...]] = field(default_factory=list)

    def count(self) -> None:
        """Add how many people each group has, and of how many they speak: facts."""
        people, counts = self.grouping.people, {"count": self.grouping.people}
        if self.grouping.weight is not None:
            counts["sum_of_weights"] = self.grouping.size
        for name, number in counts.items():
            found = {"estimate": number[:, np.newaxis]}
            self._add("value", [name], self.grouping.groups, people, found, clusters=0)

    def values(self, names: Sequence[str], estimate: Estimate) -> None:
        """Add each group's own numbers, of shape (groups, names)."""
        places = np.arange(len(self.grouping.groups))
        self._numbers("value", names, estimate, places, level=self.level)

    def compared(
        self, quantity: str, names: Sequence[str], estimate: Estimate, against: int
    ) -> None:
        """Add differences from one group, or ratios to it, of the groups that have people."""
        others, level = np.flatnonzero(self.grouping.people), self.level
        if quantity == "four_fifths":
            # The reference was chosen because it is selected most: all pairs hold at once.
            level = simultaneous_level(level, max(2, len(others)))
        others = others[others != against]
        make = difference if quantity == "difference" else ratio
        found = make(estimate[others], estimate[[against]], disjoint=True)
        reference = self.grouping.groups[against]
        self._numbers(quantity, names, found, others, level=level, reference=reference)

    def spreads(self, names: Sequence[str], estimate: Estimate, *, ratios: bool) -> None:
        """Add the largest difference and the smallest ratio of each measure."""
        people = [int(self.grouping.people.sum())]
        for quantity in ("largest_difference", "smallest_ratio")[: 1 + ratios]:
            found = spread(estimate, ratio=quantity == "smallest_ratio", together="each")
            low, high = found.interval(self.level)
            arrays = {"estimate": found.value, "low": low, "high": high}
            arrays["reason"] = found.reasons(low)
            whole = {name: array[np.newaxis] for name, array in arrays.items()}
            self._add(quantity, names, ["all"], people, whole)

    def columns(self) -> dict[str, list[Any]]:
        """Return the table's columns."""
        parts = zip(*self.blocks, strict=True) if self.blocks else [()] * len(AUDIT_COLUMNS)
        lists = [list(itertools.chain.from_iterable(part)) for part in parts]
        return dict(zip(AUDIT_COLUMNS, lists, strict=True))

    def _numbers(
        self,
        quantity: str,
        names: Sequence[str],
        estimate: Estimate,
        places: np.ndarray,
        *,
        level: float,
        reference: str = "",
    ) -> None:
        low, high = estimate.interval(level)
        found = {"estimate": estimate.value, "low": low, "high": high}
        found["reason"] = estimate.reasons(low)
        if quantity in ("value", "difference"):
            found["design_effect"] = np.where(np.isnan(low), np.nan, estimate.design_effect)
        groups = [self.grouping.groups[place] for place in places]
        people = self.grouping.people[places]
        self._add(quantity, names, groups, people, found, reference=reference)

    def _add(
        self,
        quantity: str,
        names: Sequence[str],
        groups: Sequence[str],
        people: Sequence[int] | np.ndarray,
        found: dict[str, np.ndarray],
        *,
        clusters: int | None = None,
        reference: str = "",
    ) -> None:
        """Add numbers of shape (groups, names), by group within names."""
        size, many = len(groups), len(names)
        unknown = np.full((size, many), np.nan)
        filled = {"low": unknown, "high": unknown, "design_effect": unknown}
        filled |= {"reason": np.full((size, many), "", dtype=object)} | found
        columns: dict[str, list[Any]] = {name: list(filled[name].ravel("F")) for name in filled}
        alike = {
            "quantity": quantity,
            "sensitive": self.grouping.name,
            "reference_group": reference,
            "clusters": self.grouping.clusters if clusters is None else clusters,
        }
        columns |= {name: [value] * (size * many) for name, value in alike.items()}
        columns["measure"] = [name for name in names for _ in groups]
        columns |= {"group": list(groups) * many, "people": list(people) * many}
        self.blocks.append(tuple(columns[name] for name in AUDIT_COLUMNS))


def audit_rows(
    grouping: Grouping, metrics: Sequence[str], *, reference: int, level: float, small: int
) -> dict[str, list[Any]]:
    """Everything `Audit.table` says of one grouping, as columns.

    Parameters
    ----------
    grouping : Grouping
    metrics : sequence of str
        Of `METRICS`, possible with these counts.
    reference : int
        Position of the reference group.
    level : float
    small : int
        A most selected group has at least so many people, if any has.
    """
    rows = AuditRows(grouping=grouping, level=level)
    if "count" in metrics:
        rows.count()
    measured: list[tuple[list[str], Estimate]] = []
    shares = [name for name in metrics if name not in ("count", *NO_RATIO)]
    if shares:
        measured.append((shares, grouping.rates(shares)))
    if "mean_score" in metrics:
        measured.append((["mean_score"], grouping.mean_scores()[:, np.newaxis]))
    for names, estimate in measured:
        rows.values(names, estimate)
    if grouping.name == EVERYBODY:
        return rows.columns()
    for quantity in ("difference", "ratio"):
        for names, estimate in measured:
            if quantity == "difference" or names != ["mean_score"]:
                rows.compared(quantity, names, estimate, reference)
    for names, estimate in measured:
        rows.spreads(names, estimate, ratios=names != ["mean_score"])
    if "selection_rate" in shares:
        selected = measured[0][1][:, [shares.index("selection_rate")]]
        most = _most_selected(selected.value[:, 0], grouping.people, small)
        rows.compared("four_fifths", ["selection_rate"], selected, most)
    return rows.columns()


def _most_selected(selected: np.ndarray, people: np.ndarray, small: int) -> int:
    judged = people >= small if (people >= small).any() else people > 0
    return int(np.argmax(np.where(judged, selected, -1.0)))
