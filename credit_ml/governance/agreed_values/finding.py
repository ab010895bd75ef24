"""What was agreed, by which rule, and what comes of it."""

from typing import ClassVar

import numpy as np

from credit_ml.core import InputError, beside, cited, need_known
from credit_ml.core.figure import Axes, named_points
from credit_ml.fairness.finding import GroupFinding

#: Rules by which weights are agreed on.
RULES = ("mean", "median", "majority_judgement", "borda", "pairwise")
#: What they are held against.
GIVEN = ("state", "accurate")
#: Unit of every measure.
UNITS: dict[str, str] = beside(__file__)["units"]
#: What each rule is called in a sentence, a table and a figure.
NAMES: dict[str, str] = beside(__file__)["rules"]
#: What every reader must know.
NOTES: tuple[str, ...] = tuple(beside(__file__)["notes"])


class AgreedValues(GroupFinding):
    """Weights that citizens agree on by several rules, and the scores that these make, by group.

    Own columns of `table`: dependence (of values on the group), rule ("state", "accurate", or one
    of `RULES`), factor (of weights) and against (another proposal of the vote).

    - "weight": of a factor. "majority": share who prefer a rule's proposal to another (`against`).
    - "distance": share of weight that would have to be moved from the agreed weights to one's own.
      "loss": that, less the same of the mean weights of one's own group.
    - "ranked_high": share who are given one of as many places as the State's score gives today.
      "rank": place out of 100, 100 the best. "points": on the card's scale. "auc": how well the
      score tells who keeps.
    - "prefers_to_state", "prefers_to_accurate": share whose own weights are nearer to the agreed
      ones. "higher_than_state", "higher_than_accurate": share whose own place is higher;
      "places_over_state", "places_over_accurate": by how many on average. "auc_over_state",
      "auc_over_accurate": how much better the agreed score tells.
    - "high_over_state", "high_over_accurate": share ranked high, less by the other score.
      "high_gained_without": share ranked high if the mean of weights left a `factor` out, less with
      it.
    - "worst_defeat": largest share who prefer another proposal. "same_choice", "places_kept":
      where voters are drawn again, how often the same is agreed on, and the share of places that
      go to the same people.
    - "cycle": 1 where some majorities run in a circle. "unbeaten": 1 where some proposal is beaten
      by no other.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> row = {"measure": "auc", "dependence": "0", "rule": "mean", "estimate": 0.7}
    >>> AgreedValues(table=conform([row], factor="", against=""), title="").metrics()
    {'agreed_values.0.mean.auc': 0.7}
    """

    kind: ClassVar[str] = "agreed_values"
    labels: ClassVar[tuple[str, ...]] = ("dependence", "rule", "factor", "against")
    tracked: ClassVar[tuple[str, ...]] = (*labels, "measure", "sensitive", "group")
    citations = cited("caplin_1991", "moulin_1980", "border_1983", "balinski_2007", "mckelvey_1976")

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Shares lie from 0 to 1; so do weights, distances and areas."""
        least, most = super().possible()
        units = self.table["measure"].map(UNITS).fillna("")
        share = (self.table["quantity"] == "value") & units.str.startswith(("share", "area", "1 "))
        least[share & (self.table["measure"] != "loss")] = 0.0
        most[share] = 1.0
        return least, most

    def plot(self, axes: Axes | None = None, *, measure: str = "ranked_high") -> Axes:
        """Draw one measure of every rule, of each group of one feature, at the least dependence.

        Raises
        ------
        InputError
            When nothing of that name is measured.
        """
        need_known(InputError, "agreed values, measure", measure, UNITS)
        rows = self.table[(self.table["measure"] == measure) & (self.table["quantity"] == "value")]
        rows = rows[(rows["dependence"] == rows["dependence"].iloc[0]) & (rows["factor"] == "")]
        grouped = rows[rows["sensitive"] != "overall"]
        first = grouped["sensitive"].iloc[0] if len(grouped) else "overall"
        rows = rows[rows["sensitive"] == first]
        shares = UNITS[measure].startswith(("share", "difference of shares"))
        named = rows.assign(rule=rows["rule"].map(NAMES))
        axes = named_points(axes, named, "rule", "group", scale=100.0 if shares else 1.0)
        axes.set_xlabel(f"{UNITS[measure].replace('share', '%', 1)}\n{self.level_text} intervals")
        return axes
