"""Who signs up, what silence says, and what trust does: one finding."""

from typing import ClassVar

import numpy as np

from credit_ml.core import beside, cited, need_known
from credit_ml.core.errors import TableError
from credit_ml.core.figure import Axes, named_points
from credit_ml.fairness.finding import GroupFinding

#: Unit of every measure; what schemes of sign-up and rules are called.
UNITS: dict[str, str] = beside(__file__)["units"]
SCHEMES: dict[str, str] = beside(__file__)["schemes"]
RULES: dict[str, str] = beside(__file__)["rules"]


class Enrolment(GroupFinding):
    """Who joins a score under each scheme of sign-up and each rule of openness.

    Own columns of `table`: scheme (voluntary, firms_compelled, compulsory) and rule (no_errors,
    open, opaque).

    - "joined": share who sign up. "believed": place, from 0 to 1, that the silent are thought to
      have. "misjudged": share of the silent who stand above it. "keep_joined", "keep_silent":
      share who keep their obligations.
    - "gain": worth of the place one is thought to have, and treats, less what privacy is worth.
    - "in_reach": share of people whose records the State has; "unwilling": those of them who would
      stay out of their own will, if firms could refuse.
    - "hurt_by_silence": share of people who are silent and stand above what is thought of it.
      "joined_alike": share who would sign up were privacy worth the same to all; "off_formula":
      that less ``1 - 2 (cost - treat) / worth`` of places spread evenly, where trust is one.
    - "trust", and "honest": share who report as things are. "auc": order of the score then.
      "joined_over_open", "trust_over_open", "honest_over_open", "auc_over_open": how much more
      that is than under open rules, of the same people.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> row = {"measure": "joined", "scheme": "voluntary", "rule": "open", "estimate": 0.6}
    >>> Enrolment(table=conform([row]), title="").metrics()
    {'enrolment.voluntary.open.joined': 0.6}
    """

    kind: ClassVar[str] = "enrolment"
    labels: ClassVar[tuple[str, ...]] = ("scheme", "rule")
    tracked: ClassVar[tuple[str, ...]] = ("scheme", "rule", "measure", "sensitive", "group")
    citations = cited("grossman_1981", "milgrom_1981", "li_2018")

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Shares, places and chances lie from 0 to 1."""
        least, most = super().possible()
        free = self.table["measure"].str.endswith(("gain", "_over_open", "off_formula"))
        value = (self.table["quantity"] == "value") & ~free
        least[value.to_numpy()], most[value.to_numpy()] = 0.0, 1.0
        return least, most

    def plot(self, axes: Axes | None = None, *, measure: str = "joined") -> Axes:
        """Draw one measure of everybody under every scheme, a colour a rule."""
        need_known(TableError, "enrolment, measure", measure, UNITS)
        rows = self.table[(self.table["measure"] == measure) & (self.table["group"] == "all")]
        rows = rows.assign(of=rows["scheme"].map(SCHEMES))
        axes = named_points(axes, rows, "of", "rule", RULES, scale=100.0)
        axes.set_xlabel(f"{UNITS[measure].replace('share', '%', 1)}\n{self.level_text} intervals")
        return axes
