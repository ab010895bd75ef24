"""What interventions on proxies change, and the least discriminatory scorer near the best."""

from collections.abc import Mapping
from typing import Any, ClassVar

import pandas as pd

from credit_ml.core import Finding, InputError, beside, cited, need_known
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, points

#: The row of the scorer as it is, with which every intervention is compared.
BASELINE = "baseline"

#: In which units a claim's numbers are shown.
_UNITS = {
    "selection_gap": "share of people",
    "auc": "chance to rank right",
    "decision_auc": "chance to rank right",
}
#: Smaller changes of an AUC come from rounding.
LEAST_SHOWN = 5e-6


class Interventions(Finding):
    """Gaps, quality and changed decisions under each intervention, on people held out.

    Own columns of `table`: intervention, title, fact ("level", or "change" from the baseline on
    the same people).

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> row = {"intervention": "permute", "measure": "auc", "fact": "change", "estimate": -0.1}
    >>> Interventions(table=conform([row]), title="").changes("auc")["estimate"].tolist()
    [-0.1]
    """

    kind: ClassVar[str] = "interventions"
    labels: ClassVar[tuple[str, ...]] = ("intervention", "fact")
    shown_in: ClassVar[Mapping[str, str]] = _UNITS
    shares = ("gained", "lost", "selected", "accuracy", "auc", "decision_auc")
    amounts = ("brier", "calibration_error")
    tracked: ClassVar[tuple[str, ...]] = ("intervention", "measure", "fact", "group")
    citations = cited(
        "lindholm_2022", "agarwal_2018", "hardt_2016", "johndrow_2019", "cameron_2015"
    )

    def plot(self, axes: Axes | None = None, *, measure: str = "selection_gap") -> Axes:
        """Draw each intervention's gap beside the baseline's, and what its AUC loses at the right.

        A grey line joins the baseline's gap (dashed) with what is left of it; hollow dots stand
        for what decides without ranking people: of them, and of the baseline, the AUC of decisions.

        Raises
        ------
        InputError
            When the measure is neither selection_gap nor score_gap.
        """
        need_known(InputError, "measure", measure, ("selection_gap", "score_gap"))
        level = self.table[self.table["fact"] == "level"]
        gaps = level[level["measure"] == measure].dropna(subset=["estimate"])
        lead = gaps[["group", "reference_group"]].iloc[0]
        gaps = gaps[gaps["group"] == lead["group"]].reset_index(drop=True)
        auc = pd.concat([self.changes("decision_auc"), self.changes("auc")])
        auc = auc.drop_duplicates("intervention", keep="last").set_index("intervention")
        auc.loc[BASELINE] = level[level["measure"] == "auc"].iloc[0]
        axes = axes_or_new(axes, width=7.2, height=1.2 + 0.34 * len(gaps))
        before = float(gaps.loc[gaps["intervention"] == BASELINE, "estimate"].iloc[0])
        axes.axvline(before, color=INK, lw=0.8, ls="--")
        axes.axvline(0, color=INK, lw=0.8)
        at_right: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center"}
        for place, name in enumerate(gaps["intervention"]):
            row, colour = gaps.iloc[[place]], INK if name == BASELINE else PALETTE[0]
            inside = "white" if name in self.parameters["deciders"] else colour
            left = [before, float(row["estimate"].iloc[0])]
            axes.plot(left, [-place, -place], color="#bbbbbb", lw=3, zorder=1)
            points(axes, row, [-place], ms=5, color=colour, mfc=inside)
            axes.text(1.02, -place, _text(auc.loc[name]), fontsize=8, color=INK, **at_right)
        title: dict[str, Any] = {"transform": axes.transAxes, "va": "bottom", "fontsize": 8.5}
        axes.text(1.02, 1.0, "AUC and its change", **title)
        axes.set_yticks([-place for place in range(len(gaps))], list(gaps["title"]))
        label = beside(__file__)["measure"][measure].format(
            group=lead["group"], reference=lead["reference_group"], unit=self.parameters["unit"]
        )
        axes.set_xlabel(f"{label}; {100 * self.parameters['intervals']:g} % intervals")
        axes.grid(axis="x")
        return axes

    def metrics(self) -> dict[str, float]:
        """Every level and change that is known."""
        return {name.removesuffix(".all"): value for name, value in super().metrics().items()}

    def changes(self, measure: str) -> pd.DataFrame:
        """Changes of one measure from the baseline, one row an intervention and group."""
        rows = self.table[(self.table["fact"] == "change") & (self.table["measure"] == measure)]
        return rows.reset_index(drop=True)


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
    shown_in: ClassVar[Mapping[str, str]] = _UNITS
    citations = cited("gillis_2024", "black_2024", "coston_2021")

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
        labels = beside(__file__)["measure"]
        axes.set_xlabel(labels[self.parameters["by"]].format(**names))
        axes.set_ylabel(labels["auc"])
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


def _text(row: "pd.Series[Any]") -> str:
    """Write an AUC or its change with half its interval, of which a digit is always seen."""
    estimate, half = float(row["estimate"]), float(row["high"] - row["low"]) / 2
    if row.name != BASELINE and max(abs(estimate), half) < LEAST_SHOWN:
        return "no change"
    decimals = 3
    while decimals < 5 and half > 0 and round(half, decimals) == 0:
        decimals += 1
    shown = f"{estimate:.{decimals}f}" if row.name == BASELINE else f"{estimate:+.{decimals}f}"
    if not any(digit in "123456789" for digit in shown):
        shown = shown.lstrip("+-")
    return f"{shown} ± {half:.{decimals}f}".replace("-", "\N{MINUS SIGN}")
