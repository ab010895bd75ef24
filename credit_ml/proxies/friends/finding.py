"""Guilt by association: table, figure, metrics."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from credit_ml.core import Finding
from credit_ml.core.figure import INK, PALETTE, axes_or_new, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What each part of the table answers.
PARTS: dict[str, str] = {
    "score": "the score as it is",
    "from_friends": "what one's own friends add to the score, against friends of a random person",
    "other_friends": "what the score would be with as many friends drawn by chance",
    "graph": "how apart scores lie among friends",
    "truth": "what the score would be in the world in which nobody chooses friends by likeness",
}


@dataclass(frozen=True, kw_only=True)
class FriendInfluence(Finding):
    """What of a score is the friends' doing, and what other friends would change.

    Columns of `table`: part (`PARTS`), measure, sensitive, group ("all" for everybody),
    reference_group, estimate, low, high, unit.
    """

    kind: ClassVar[str] = "friend_influence"
    citations: ClassVar[tuple[str, ...]] = (
        "Fosdick, B. K., Larremore, D. B., Nishimura, J. and Ugander, J. (2018). Configuring "
        "random graph models with fixed degree sequences. SIAM Review 60, 315-355.",
        "Newman, M. E. J. (2003). Mixing patterns in networks. Physical Review E 67, 026126.",
        "Wei, Y., Yildirim, P., Van den Bulte, C. and Dellarocas, C. (2016). Credit scoring with "
        "social network data. Marketing Science 35, 234-258.",
        "Woodruff, R. S. (1952). Confidence intervals for medians and other position measures. "
        "Journal of the American Statistical Association 47, 635-646.",
        "Kott, P. S. (2001). The delete-a-group jackknife. Journal of Official Statistics 17, "
        "521-526.",
    )

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw how many points other friends would bring: nine of ten people, median, mean."""
        rows = self.table[self.table["part"] == "other_friends"]
        wide = rows.pivot_table(index="group", columns="measure", values="estimate", sort=False)
        names = [name for name in rows["group"].unique() if np.isfinite(wide.loc[name, "median"])]
        axes = axes_or_new(axes, width=6.2, height=1.2 + 0.4 * len(names))
        for place, name in enumerate(names):
            row = wide.loc[name]
            colour = INK if name == "all" else PALETTE[0]
            label = place == 0
            axes.plot([row["5 %"], row["95 %"]], [-place, -place], color=colour, lw=2.2, alpha=0.6,
                      label="nine of ten people" if label else None)  # fmt: skip
            axes.plot(row["median"], -place, "|", ms=12, mew=1.6, color=colour,
                      label="median" if label else None)  # fmt: skip
            mean = rows[(rows["group"] == name) & (rows["measure"] == "mean")].iloc[0]
            error = np.abs([[mean["low"] - mean["estimate"]], [mean["high"] - mean["estimate"]]])
            axes.errorbar(
                mean["estimate"], -place, xerr=error, fmt="D", ms=5, color=PALETTE[1],
                elinewidth=1.2, label="mean, with interval" if label else None,
            )  # fmt: skip
        axes.axvline(0, color=INK, lw=0.8)
        axes.set_yticks([-place for place in range(len(names))], names)
        axes.set_ylim(0.5 - len(names), 0.5)
        axes.set_xlabel("points more with as many friends drawn by chance")
        axes.grid(axis="x")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.25), ncols=3)
        return axes

    def metrics(self) -> dict[str, float]:
        """Every number that is known."""
        return {
            ".".join(["friends", row["part"], row["measure"].replace(" %", "th"), row["group"]]):
                float(row["estimate"])
            for row in self.table.dropna(subset=["estimate"]).to_dict("records")
        }  # fmt: skip
