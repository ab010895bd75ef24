"""How alike the reasons of refitted models are, by group and by factor."""

import math
from typing import ClassVar

from credit_ml.core import Finding, InputError, cited
from credit_ml.core.figure import Axes, points_by_group

AGREEMENT, SAME, DEVIATION = "rank_agreement", "same_costliest", "deviation"
#: What each can be at least and at most, and its unit.
MEASURES = {
    AGREEMENT: ((-1.0, 1.0), "Kendall's tau"),
    SAME: ((0.0, 1.0), "share of pairs"),
    DEVIATION: ((0.0, math.inf), "log-odds"),
}
SHOWN = {
    AGREEMENT: "agreement of the order of factors (Kendall's tau)",
    SAME: "share of pairs of refits with the same costliest factor",
}


class Stability(Finding):
    """How alike the reasons are that a model gives when trained on other people, by group.

    Own columns of `table`: factor (of "deviation"), unit. "rank_agreement" and "same_costliest"
    are 1 where reasons do not depend on who happened to be in the training set; "deviation" is in
    log-odds, and 0 there.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> row = {"measure": "deviation", "factor": "history", "estimate": 0.2}
    >>> Stability(table=conform([row]), title="").metrics()
    {'explanation_stability.deviation.history.overall.all': 0.2}
    """

    kind: ClassVar[str] = "explanation_stability"
    tracked: ClassVar[tuple[str, ...]] = ("measure", "factor", "sensitive", "group")
    labels: ClassVar[tuple[str, ...]] = ("factor",)
    citations = cited("alvarez_melis_2018", "kendall_1945", "shapley_1953")

    def plot(self, axes: Axes | None = None, *, measure: str = AGREEMENT) -> Axes:
        """Draw one measure of everybody and of each group; the line is full agreement."""
        if measure not in SHOWN:
            raise InputError("measure", f"is '{measure}'", f"known: {', '.join(SHOWN)}")
        rows = self.table[self.table["measure"] == measure]
        return points_by_group(axes, rows, SHOWN[measure], perfect=1.0)
