"""Wrong entries planted, noticed, contested and mended: one finding."""

from typing import Any, ClassVar

import numpy as np

from credit_ml.core import beside, cited, need_known
from credit_ml.core.errors import TableError
from credit_ml.core.figure import Axes, named_points
from credit_ml.fairness.finding import GroupFinding
from credit_ml.governance.due_process.entries import KINDS

#: What is told under each rule, and the unit of each measure.
RULES: dict[str, dict[str, Any]] = beside(__file__)["rules"]
UNITS: dict[str, str] = beside(__file__)["units"]
#: The unit of sums over years, which exceed a year's income where an error stands for long.
OF_INCOME = "share of a year's income"
#: What entries are called: each kind, and all of them together.
ENTRIES: dict[str, str] = {
    "all": "all errors",
    **{name: each["name"] for name, each in KINDS.items()},
}


class DueProcess(GroupFinding):
    """What becomes of wrong entries in people's records under each rule of what is told.

    Own columns of `table`: rule ("" where it is the same under every rule), entry (a kind of
    wrong entry, or "all") and unit.

    - "planted": share of people of whom one is filed. "harmful": share of those that lower the
      score, or put one on a list. "noticed", "contested", "mended": shares of the harmful ones.
    - "points": what a harmful entry costs that stands. "refused": share of people who are refused
      something by the score, or whom it puts on the list, for it alone. "lost": what
      they forgo while it stands.
    - "in_vain": share of people who contest though nothing is wrong. "spent": on all contests.
    - Of court orders, "wrongly_held": share of people with no order on whom a wrong one stands.
      "let_off": share of people with right orders whose are struck. "deterrence": 1 less both, how
      dear an obligation is still kept for fear of a fine (`dearest_kept`, Png 1986).

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> row = {"measure": "mended", "rule": "full", "entry": "all", "estimate": 0.3}
    >>> DueProcess(table=conform([row]), title="").metrics()
    {'due_process.full.all.mended': 0.3}
    """

    kind: ClassVar[str] = "due_process"
    labels: ClassVar[tuple[str, ...]] = ("rule", "entry")
    tracked: ClassVar[tuple[str, ...]] = ("rule", "entry", "measure", "sensitive", "group")
    citations = cited("federal_trade_commission_2012", "png_1986")

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Shares of a count lie from 0 to 1; a year's incomes add up over years, so have no top."""
        least, most = super().possible()
        value = (self.table["quantity"] == "value").to_numpy()
        units = self.table["measure"].map(UNITS).fillna("")
        of_income = (units == OF_INCOME).to_numpy()
        share = value & units.str.startswith("share").to_numpy() & ~of_income
        least[share | (value & (self.table["measure"] == "spent").to_numpy())] = 0.0
        most[share] = 1.0
        return least, most

    def plot(self, axes: Axes | None = None, *, measure: str = "mended") -> Axes:
        """Draw one measure of all wrong entries under each rule, by group.

        Raises
        ------
        TableError
            When nothing of that name is measured.
        """
        need_known(TableError, "due process, measure", measure, UNITS)
        rows = self.table[(self.table["measure"] == measure) & (self.table["quantity"] == "value")]
        rows = rows[(rows["entry"] == rows["entry"].iloc[0]) & (rows["rule"] != "")]
        first = rows["sensitive"].drop_duplicates().iloc[:2]
        rows = rows[rows["sensitive"].isin(first)]
        rows = rows.assign(of=rows["rule"].map(lambda name: RULES[name]["name"]))
        scale = 100.0 if UNITS[measure].startswith("share") else 1.0
        axes = named_points(axes, rows, "of", "group", scale=scale)
        axes.set_xlabel(f"{UNITS[measure].replace('share', '%', 1)}\n{self.level_text} intervals")
        return axes
