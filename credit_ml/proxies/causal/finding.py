"""Direct, indirect and spurious components of a gap, as one finding."""

from typing import ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Finding, cited
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, points
from credit_ml.fairness import tracked_name
from credit_ml.proxies.decomposition.components import GAP


class CausalEffects(Finding):
    """A gap as direct, indirect and spurious components.

    Own columns of `table`: effect, estimand, and of the direct and the total effect what an
    unmeasured common cause of the sensitive feature and the outcome must be to explain it away:
    robustness_value and e_value (`robustness_value`, `e_value`), and those of the interval,
    robustness_value_interval and e_value_interval. rosenbaum_gamma (`rosenbaum_gamma`) is of
    strata of people without clusters, and missing else.
    direct + indirect + spurious = (gap); total = direct + indirect; with several blocks of
    mediators, the rows ``indirect: BLOCK`` sum to indirect.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> row = {"sensitive": "sex", "group": "f", "effect": "direct", "estimate": 0.3}
    >>> CausalEffects(table=conform([row]), title="").metrics()
    {'proxies.causal.sex.f.direct': 0.3}
    """

    kind: ClassVar[str] = "causal_effects"
    labels: ClassVar[tuple[str, ...]] = ("effect",)
    tracked_as: ClassVar[str] = "proxies.causal.{sensitive}.{group}.{effect}"
    citations = cited(
        "zhang_2018",
        "plecko_2024",
        "zhou_2022",
        "chernozhukov_2018",
        "cinelli_2020",
        "vanderweele_2017",
        "rosenbaum_2002",
        "gastwirth_2000",
    )

    def explanation_formula(self) -> pd.DataFrame:
        """The same components with the signs of Plecko and Bareinboim.

        With x0 the group and x1 the reference group, ``TV = ctf-DE - ctf-IE - ctf-SE``:
        TV_x0,x1 = E[Y | x1] - E[Y | x0], ctf-DE_x0,x1(y | x0), ctf-IE_x1,x0(y | x0),
        ctf-SE_x1,x0. One row a group.
        """
        pairs = ["sensitive", "group", "reference_group"]
        wide = self.table.pivot_table(index=pairs, columns="effect", values="estimate")
        signed = wide[[GAP, "direct", "indirect", "spurious"]] * [-1, -1, 1, 1]
        names = ["TV", "ctf-DE", "ctf-IE", "ctf-SE"]
        return signed.set_axis(names, axis=1).reset_index()

    def metrics(self) -> dict[str, float]:
        """Each effect, with names such as ``proxies.causal.sex.woman.direct``."""
        return {
            tracked_name(name.replace(": ", ".")): value
            for name, value in super().metrics().items()
        }

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the first group's components with their intervals, the whole gap apart below."""
        first = self.table[["sensitive", "group", "reference_group"]].iloc[[0]]
        lead = self.table.merge(first)
        axes = axes_or_new(axes, height=1.1 + 0.42 * len(lead))
        place = -np.arange(len(lead), dtype=np.float64)
        whole = lead["effect"].isin(["total", GAP]).to_numpy()
        place[whole] -= 0.4
        for rows, colour in ((~whole, PALETTE[0]), (whole, INK)):
            points(axes, lead[rows], place[rows], color=colour)
        axes.axvline(0, color=INK, lw=0.8)
        axes.axhline(place[whole].max() + 0.7, color="#bbbbbb", lw=0.8)
        axes.set_yticks(place, ["whole gap" if e == GAP else e for e in lead["effect"]])
        axes.set_xlabel(f"{lead['group'].iloc[0]} minus {lead['reference_group'].iloc[0]}")
        axes.grid(axis="x")
        return axes
