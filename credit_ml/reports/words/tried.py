"""What interventions did to one pair of groups: gaps in percentage points, and what they cost."""

from collections.abc import Iterable
from dataclasses import dataclass

from credit_ml.core import Finding
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import GroupPair, points_unit
from credit_ml.grammar.rows import fact, values

#: The row of the score as it is.
BASELINE = "baseline"
#: How the names of those begin that only take away what tells of a group, and never ask for it.
TAKEN_AWAY = ("drop_", "rewire_", "coarsen_")
POINTS = "percentage points"


@dataclass(frozen=True)
class Tried:
    """One finding of interventions, read for one pair of groups."""

    finding: Finding
    pair: GroupPair

    @property
    def names(self) -> list[str]:
        """Everything that was done, in the order of the table."""
        return [name for name in values(self.finding, "intervention") if name != BASELINE]

    @property
    def before(self) -> Amount | None:
        """The gap in decisions as it is."""
        return self.gap(BASELINE)

    @property
    def points(self) -> Amount | None:
        """The gap in mean scores as it is, where it can be told from none."""
        where = {"intervention": BASELINE, "measure": "score_gap", "fact": "level"}
        gap = fact(self.finding, **where, **self.pair.where())
        return self._in_unit(gap) if gap and gap.side() != "unclear" else None

    @property
    def unit(self) -> str:
        """Unit of the gap in mean scores, as prose writes it."""
        return points_unit(self.finding)

    def title(self, name: str) -> str:
        """Return an intervention's name in figures."""
        return values(self.finding, "title", intervention=name)[0]

    def decides(self, name: str) -> bool:
        """Whether it decides and ranks nobody."""
        return name in self.finding.parameters["deciders"]

    def gap(self, name: str) -> Amount | None:
        """Return the gap in decisions, in percentage points."""
        where = {"intervention": name, "measure": "selection_gap", "fact": "level"}
        gap = fact(self.finding, **where, **self.pair.where())
        return gap.times(100) if gap else None

    def closed(self, name: str) -> Amount | None:
        """Return by how many percentage points the gap moves towards none, and beyond."""
        before, change = self.before, self._change(name, "selection_gap")
        if before is None or change is None:
            return None
        return change.times(100 if before.estimate < 0 else -100)

    def closed_points(self, name: str) -> Amount | None:
        """Return by how much the gap in mean scores moves towards none, and beyond."""
        before, change = self.points, self._change(name, "score_gap")
        if before is None or change is None:
            return None
        return self._in_unit(change).times(1 if before.estimate < 0 else -1)

    def auc(self, name: str) -> Amount | None:
        """Return the change of AUC, or of that of decisions, in percentage points."""
        measure = "decision_auc" if self.decides(name) else "auc"
        where = {"intervention": name, "measure": measure, "fact": "change", "group": "all"}
        change = fact(self.finding, **where)
        return change.times(100) if change else None

    def turned(self, name: str, group: str) -> tuple[Amount, Amount] | None:
        """Return which shares of a group gain and lose, or None where it was not measured."""
        where = {"intervention": name, "sensitive": self.pair.sensitive, "group": group}
        gained, lost = (fact(self.finding, measure=each, **where) for each in ("gained", "lost"))
        return (gained, lost) if gained and lost else None

    def best(self, names: Iterable[str]) -> str | None:
        """Return what closes the gap for certain and leaves least of it.

        Where several leave one that is compatible with none, that of them which costs least.
        """
        left = self._left(names)
        none_left = self.leaving_none(left)
        if none_left:
            costs = {name: self.auc(name) for name in none_left}
            return max(none_left, key=lambda name: cost.estimate if (cost := costs[name]) else 0.0)
        return min(left, key=lambda name: abs(left[name].estimate)) if left else None

    def leaving_none(self, names: Iterable[str]) -> list[str]:
        """Return those that close the gap for certain and leave one compatible with none."""
        return [name for name, after in self._left(names).items() if after.side() == "unclear"]

    def _left(self, names: Iterable[str]) -> dict[str, Amount]:
        """Return what is left of the gap under those that close it for certain."""
        before = self.before
        if before is None or before.side() == "unclear":
            return {}
        return {
            name: after
            for name in names
            if (after := self.gap(name)) is not None
            and (closed := self.closed(name)) is not None
            and closed.side() == "above"
            and abs(after.estimate) < abs(before.estimate)
        }

    def _change(self, name: str, measure: str) -> Amount | None:
        where = {"intervention": name, "measure": measure, "fact": "change"}
        return fact(self.finding, **where, **self.pair.where())

    def _in_unit(self, gap: Amount) -> Amount:
        return gap.times(100) if self.unit == POINTS else gap
