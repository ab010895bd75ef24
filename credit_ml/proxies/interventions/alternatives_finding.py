"""The frontier of accuracy against gap, and the least discriminatory scorer near the best."""

from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from credit_ml.core import Finding
from credit_ml.core.bibliography import cited
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, styled
from credit_ml.proxies.interventions.finding import MEASURES


@dataclass(frozen=True, kw_only=True)
class Alternatives(Finding):
    """AUC and gap of many scorers, chosen on some people and measured on others.

    Own columns of `table`: candidate, setting, factors, part ("validation", on which is chosen, or
    "test"), fact ("level", or "change" of the chosen from the baseline), frontier, chosen.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> row = {"candidate": "card: late", "part": "test", "measure": "auc", "fact": "level"}
    >>> asked = {"chosen": "card: late", "baseline": "card: all"}
    >>> table = conform([row | {"estimate": 0.7}])
    >>> Alternatives(table=table, title="", parameters=asked).metrics()
    {'alternatives.chosen.auc.level': 0.7}
    """

    kind: ClassVar[str] = "alternatives"
    labels: ClassVar[tuple[str, ...]] = ("candidate", "part", "fact")
    citations = cited("gillis_2024", "black_2024", "coston_2021")

    @styled
    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw every scorer by its gap and AUC on the test part, the frontier joined by a line.

        The frontier was found on other people, so that on these some of it may lie inside.
        """
        wide = self.wide("test")
        axes = axes_or_new(axes, width=6.4, height=4.0)
        rest = wide[~wide["frontier"]]
        axes.scatter(rest["gap"], rest["auc"], s=14, color="#999999", lw=0, label="other scorers")
        front = wide[wide["frontier"]].sort_values("gap")
        look: dict[str, Any] = {"marker": "o", "ms": 5, "color": PALETTE[0]}
        axes.plot(front["gap"], front["auc"], label="frontier on the validation part", **look)
        for name, colour, label in (
            (self.parameters["baseline"], INK, "baseline"),
            (self.parameters["chosen"], PALETTE[1], "least discriminatory within tolerance"),
        ):
            row = wide.loc[name]
            across, along = (
                [[row[name] - row[f"{name}_low"]], [row[f"{name}_high"] - row[name]]]
                for name in ("gap", "auc")
            )
            look = {"fmt": "D", "ms": 6, "color": colour, "elinewidth": 1.2, "label": label}
            axes.errorbar(row["gap"], row["auc"], xerr=across, yerr=along, **look)
        axes.axvline(0, color=INK, lw=0.8)
        group, reference = self.table["group"].iloc[0], self.table["reference_group"].iloc[0]
        names = {"group": group, "reference": reference, "unit": self.parameters["unit"]}
        axes.set_xlabel(MEASURES[self.parameters["by"]].format(**names))
        axes.set_ylabel(MEASURES["auc"])
        axes.grid(axis="both")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2)
        return axes

    def wide(self, part: str) -> pd.DataFrame:
        """One row a scorer: auc, gap and their limits on one part, and whether on the frontier."""
        rows = self.table[(self.table["part"] == part) & (self.table["fact"] == "level")]
        found = rows.drop_duplicates("candidate").set_index("candidate")
        found = found[["setting", "factors", "frontier", "chosen"]].copy()
        for measure, own in rows.groupby("measure"):
            name = "auc" if measure == "auc" else "gap"
            limits = own.set_index("candidate")[["estimate", "low", "high"]]
            limits.columns = pd.Index([name, f"{name}_low", f"{name}_high"])
            found = found.join(limits)
        return found

    def metrics(self) -> dict[str, float]:
        """The chosen scorer and the baseline on the test part, and the chosen's change."""
        test = self.table[self.table["part"] == "test"]
        found: dict[str, float] = {}
        for role in ("baseline", "chosen"):
            rows = test[test["candidate"] == self.parameters[role]]
            for row in rows.to_dict("records"):
                if role == "chosen" or row["fact"] == "level":
                    found[f"alternatives.{role}.{row['measure']}.{row['fact']}"] = row["estimate"]
        return found
