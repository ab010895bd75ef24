"""Guilt by association: table, figure, metrics."""

from typing import Any, ClassVar

import numpy as np

from credit_ml.core import Finding, cited
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, points

#: What the marks of the figure are.
LEGEND = ("nine of ten people", "median", "mean, with interval")


class FriendInfluence(Finding):
    """What of a score is the friends' doing, and what other friends would change.

    Own columns of `table`: part and unit; the group "all" is everybody. Parts:

    - score: the score as it is.
    - from_friends: what one's own friends add to it, against friends of a random person.
    - other_friends: what it would be with as many friends drawn by chance.
    - graph: how apart scores lie among friends.
    - truth: what it would be in the world in which nobody chooses friends by likeness.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> row = {"part": "other_friends", "measure": "mean", "group": "rural", "estimate": 4.0}
    >>> FriendInfluence(table=conform([row]), title="").metrics()
    {'friends.other_friends.mean.rural': 4.0}
    """

    kind: ClassVar[str] = "friend_influence"
    labels: ClassVar[tuple[str, ...]] = ("part",)
    tracked: ClassVar[tuple[str, ...]] = ("part", "measure", "group")
    tracked_as: ClassVar[str] = "friends.{part}.{measure}.{group}"
    citations = cited("fosdick_2018", "newman_2003", "wei_2016", "woodruff_1952", "kott_2001")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw how many points other friends would bring: nine of ten people, median, mean."""
        rows = self.table[self.table["part"] == "other_friends"]
        wide = rows.pivot_table(index="group", columns="measure", values="estimate", sort=False)
        names = [name for name in rows["group"].unique() if np.isfinite(wide.loc[name, "median"])]
        axes = axes_or_new(axes, width=6.2, height=1.2 + 0.4 * len(names))
        for place, name in enumerate(names):
            row, colour = wide.loc[name], INK if name == "all" else PALETTE[0]
            band, middle, mean = LEGEND if place == 0 else (None, None, None)
            ends: dict[str, Any] = {"color": colour, "lw": 2.2, "alpha": 0.6, "label": band}
            axes.plot([row["5 %"], row["95 %"]], [-place, -place], **ends)
            axes.plot(row["median"], -place, "|", ms=12, mew=1.6, color=colour, label=middle)
            own = rows[(rows["group"] == name) & (rows["measure"] == "mean")]
            points(axes, own, [-place], fmt="D", ms=5, color=PALETTE[1], label=mean)
        axes.axvline(0, color=INK, lw=0.8)
        axes.set_yticks([-place for place in range(len(names))], names)
        axes.set_ylim(0.5 - len(names), 0.5)
        axes.set_xlabel("points more with as many friends drawn by chance")
        axes.grid(axis="x")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.25), ncols=3)
        return axes

    def metrics(self) -> dict[str, float]:
        """Every number that is known."""
        return {name.replace(" %", "th"): value for name, value in super().metrics().items()}
