"""What an audit says of groups that nobody recorded: one finding."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from credit_ml.core import beside, cited
from credit_ml.core.figure import INK, Axes, named_points
from credit_ml.fairness.finding import GroupFinding

#: Unit of every measure, and what each method is called.
UNITS: dict[str, str] = beside(__file__)["units"]
METHODS: dict[str, str] = beside(__file__)["methods"]


class HiddenGroups(GroupFinding):
    """The gap in selection between a group and everybody else, as each way without groups has it.

    Own columns of `table`: proxy (from what the group is inferred) and method: "truth" where it is
    known; "surveyed": of the people of the data set that knows groups, by decisions made there;
    "inferred": of those more likely than not of the group, against the rest; "weighted":
    each counts by the chance to be of it; "least" and "largest": sharp bounds (`gap_bounds`);
    "corrected": inferred groups, with the guess's known errors taken out (`corrected_gaps`), taken
    to be alike among the selected and the refused; "by_decision": the same with errors known of
    each decision.

    - "gap": share selected of the group less that of others. "error": that less the truth.
      "worse": how much larger an error is than that of inferred groups, whatever its sign.
    - "auc", "right": of the guess. "width": the largest gap less the least. "holds": 1 if the truth
      lies between the bounds; "signed": 1 if both bounds have one sign.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> row = {"measure": "gap", "proxy": "address", "method": "inferred", "estimate": -0.2}
    >>> HiddenGroups(table=conform([row]), title="").metrics()
    {'hidden_groups.address.inferred.gap': -0.2}
    """

    kind: ClassVar[str] = "hidden_groups"
    shown_in: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("worse", "width"), "difference of shares"
    )
    labels: ClassVar[tuple[str, ...]] = ("proxy", "method")
    tracked: ClassVar[tuple[str, ...]] = ("proxy", "method", "measure", "sensitive", "group")
    citations = cited("kallus_2022", "chen_2019", "rogan_1978")

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Gaps lie from -1 to 1, shares from 0 to 1."""
        least, most = super().possible()
        gap = self.table["measure"].isin(("gap",)).to_numpy()
        share = self.table["measure"].isin(("auc", "right", "holds", "signed")).to_numpy()
        least[(self.table["measure"] == "width").to_numpy()] = 0.0
        least[gap], most[gap | share], least[share] = -1.0, 1.0, 0.0
        return least, most

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the gap by every method, a colour a proxy; the line is no gap."""
        rows = self.table[self.table["measure"] == "gap"].copy()
        rows["way"] = rows["method"].map(METHODS)
        axes = named_points(axes, rows, "way", "proxy", scale=100.0)
        axes.axvline(0.0, color=INK, lw=0.8)
        axes.set_xlabel(f"gap in selection (percentage points)\n{self.level_text} intervals")
        return axes
