"""Rules of transparency in one table, and which of them another beats."""

from typing import Any, ClassVar

import numpy as np

from credit_ml.core import Finding, InputError, beside, cited, need_known
from credit_ml.core.figure import INK, Axes, drawn_points, named_points
from credit_ml.grammar.numbers import Amount, in_units

_FILE: dict[str, Any] = beside(__file__)
RULES: dict[str, dict[str, Any]] = _FILE["rules"]
CRITERIA: dict[str, dict[str, Any]] = _FILE["criteria"]
#: What a parliament would ask too, and this table does not hold.
ABSENT: tuple[str, ...] = tuple(_FILE["absent"]["names"])


def _ends(less: Amount) -> tuple[float, float]:
    """Return both ends of a difference; of one without an interval nothing is ruled out."""
    return (less.low, less.high) if less.has_interval else (-np.inf, np.inf)


class Transparency(Finding):
    """Every rule by every criterion, and every rule less every other, over the same societies.

    Own columns of `table`: rule, against ("" for values), unit. Rows of quantity "value" are a
    rule's; those of "difference" are a rule less the one it is held against, paired by society;
    those of "dominated" are 1 where the other dominates the rule, and else 0; where intervals leave
    it open they reach from 0 to 1 (`domination`).

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> row = {"measure": "gaming", "rule": "full", "against": "", "estimate": 0.2}
    >>> Transparency(table=conform([row]), title="").metrics()
    {'transparency.full.gaming': 0.2}
    """

    kind: ClassVar[str] = "transparency"
    labels: ClassVar[tuple[str, ...]] = ("rule", "against")
    tracked: ClassVar[tuple[str, ...]] = ("rule", "measure")
    tracked_rows: ClassVar[dict[str, Any]] = {"quantity": "value"}
    citations = cited("hardt_2016", "milli_2019")

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Shares and chances lie from 0 to 1; incomes have no top, knowledge no least."""
        least, most = super().possible()
        value = (self.table["quantity"] == "value").to_numpy()
        measure = self.table["measure"]
        least[value & (measure != "knowledge").to_numpy()] = 0.0
        most[value & (measure != "burden").to_numpy()] = 1.0
        return least, most

    @property
    def rules(self) -> list[str]:
        """Rules in the order in which they tell more."""
        return list(dict.fromkeys(self.table["rule"]))

    def value(self, rule: str, criterion: str, *, against: str = "") -> Amount:
        """One rule by one criterion, or less another rule."""
        table = self.table
        at = (table["rule"] == rule) & (table["measure"] == criterion)
        rows = table[at & (table["against"] == against)]
        problem, remedy = f"has no '{criterion}' of '{rule}'", "name a rule and a criterion"
        InputError.unless(len(rows), "transparency", problem, remedy)
        return Amount.of(rows.iloc[0].to_dict())  # type: ignore[arg-type]

    def verdict(self, rule: str, other: str, criterion: str) -> str:
        """Whether a rule is "better", "worse", "alike" or "unclear" beside another.

        By the ends of the interval of the paired difference: better or worse where all of it lies
        on one side of 0, beyond the margin; alike where all of it lies within the margin;
        unclear elsewhere.
        """
        known = CRITERIA[criterion]
        less = self.value(rule, criterion, against=other).times(known["better"])
        (low, high), margin = _ends(less), known["margin"]
        if low > margin:
            return "better"
        if high < -margin:
            return "worse"
        return "alike" if low >= -margin and high <= margin else "unclear"

    def dominated(self) -> dict[str, list[str]]:
        """Rules that another beats: no worse by any criterion for sure, and better by one.

        No worse for sure is that the interval's worse end lies within the margin; better, that
        all of the interval lies beyond it. No rule is in it that the table does not hold.
        """
        found: dict[str, list[str]] = {}
        for rule in self.rules:
            beaten = [other for other in self.rules if other != rule and self._beats(other, rule)]
            if beaten:
                found[rule] = beaten
        return found

    def domination(self, rule: str, other: str) -> str:
        """Whether a rule dominates another: "yes", "no", or "open" where intervals leave it so.

        For sure it does not where it is worse by one criterion for sure, or better by none; an
        interval that lies within the margin is no better and no worse.
        """
        if self._beats(rule, other):
            return "yes"
        verdicts = {self.verdict(rule, other, name) for name in CRITERIA}
        if "worse" in verdicts:
            return "no"
        return "open" if any(self._may_be_better(rule, other, name) for name in CRITERIA) else "no"

    def _may_be_better(self, rule: str, other: str, criterion: str) -> bool:
        known = CRITERIA[criterion]
        less = self.value(rule, criterion, against=other).times(known["better"])
        return not _ends(less)[1] <= known["margin"]  # what is unknown may be

    def _beats(self, rule: str, other: str) -> bool:
        better = False
        for criterion, known in CRITERIA.items():
            less = self.value(rule, criterion, against=other).times(known["better"])
            low = _ends(less)[0]
            if not low >= -known["margin"]:  # an unknown criterion saves a rule
                return False
            better |= low > known["margin"]
        return better

    def plot(self, axes: Axes | None = None, *, measure: str = "") -> Axes:
        """Draw how far every rule is from opacity, in margins, or one criterion by rule."""
        first = self.rules[0]
        if measure:
            need_known(InputError, "transparency, measure", measure, CRITERIA)
            rows = self.table[(self.table["measure"] == measure) & (self.table["against"] == "")]
            scale = in_units(Amount(1.0), CRITERIA[measure]["unit"])[0].estimate
            shown = rows.assign(
                name=[RULES[each]["name"] for each in rows["rule"]], who=CRITERIA[measure]["name"]
            )
            axes = named_points(axes, shown, "name", "who", scale=scale)
            axes.set_xlabel(f"{CRITERIA[measure]['name']} ({CRITERIA[measure]['unit']})")
            return axes
        told = self.table["measure"].isin(CRITERIA)
        rows = self.table[told & (self.table["against"] == first)].copy()
        sign = rows["measure"].map(lambda name: CRITERIA[name]["better"]).to_numpy(dtype=float)
        by = rows["measure"].map(lambda name: CRITERIA[name]["margin"]).to_numpy(dtype=float)
        ends = np.sort(rows[["low", "high"]].to_numpy() * (sign / by)[:, None], axis=1)
        rows = rows.assign(
            estimate=np.arcsinh(rows["estimate"] * sign / by),
            low=np.arcsinh(ends[:, 0]),
            high=np.arcsinh(ends[:, 1]),
            name=rows["measure"].map(lambda name: CRITERIA[name]["name"]),
            told=rows["rule"].map(lambda name: RULES[name]["name"]),
        )
        axes = named_points(axes, rows, "name", "told")
        # Places on an axis that is drawn together are no numbers to be said.
        drawn_points.pop(axes, None)
        axes.axvline(0.0, color=INK, lw=0.8)
        axes.set_xlabel(
            f"worse   ← than {RULES[first]['name']} →   better\n"
            "(in margins, drawn closer the farther they are)"
        )
        axes.set_xticks(
            np.arcsinh([-100, -10, -1, 0, 1, 10, 100]), ["100", "10", "1", "0", "1", "10", "100"]
        )
        return axes
