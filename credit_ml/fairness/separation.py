"""How far groups' scores lie apart: the finding of distances and of orderings."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Finding, InputError, refuse_unknown
from credit_ml.fairness.auc import auc_of_sorted
from credit_ml.fairness.finding import tracked_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What each distance is, for axis labels.
DISTANCES: dict[str, str] = {
    "wasserstein": "Wasserstein-1 distance (points; 0: alike)",
    "kolmogorov_smirnov": "Kolmogorov-Smirnov distance (share; 0: alike)",
    "standardised_mean_difference": "difference of means (pooled standard deviations; 0: alike)",
    "auc": "share of pairs in which the group scores higher (0.5: alike)",
}


@dataclass(frozen=True, kw_only=True)
class Separation(Finding):
    """Distances or orderings between groups, each with its interval.

    Columns of `table`: measure, sensitive, group, reference_group, estimate, low, high, people.
    """

    kind: ClassVar[str] = "separation"
    citations: ClassVar[tuple[str, ...]] = (
        "Kallus, N. and Zhou, A. (2019). The fairness of risk scores beyond classification: "
        "bipartite ranking and the xAUC metric. Advances in Neural Information Processing "
        "Systems, 32.",
        "Massart, P. (1990). The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality. "
        "Annals of Probability, 18(3), 1269-1283.",
    )

    def metrics(self) -> dict[str, float]:
        """Every number, such as ``separation.wasserstein.hukou.rural.urban``."""
        return {
            tracked_name(
                "separation."
                + ".".join(
                    part
                    for part in (row["measure"], row["sensitive"], row["group"],
                                 row["reference_group"])
                    if part
                )
            ): float(row["estimate"])
            for row in self.table.dropna(subset=["estimate"]).to_dict("records")
        }  # fmt: skip

    def plot(self, axes: "Axes | None" = None, *, measure: str | None = None) -> "Axes":
        """Draw one measure of every pair of groups as a dot with its interval."""
        from credit_ml.fairness.figure import dots_by_group

        known = self.table["measure"].drop_duplicates().tolist()
        chosen = measure or known[0]
        if chosen not in known:
            refuse_unknown(InputError, "measure", chosen, known)
        rows = self.table[self.table["measure"] == chosen]
        against = rows["reference_group"].where(rows["reference_group"] == "", other=", ")
        rows = rows.assign(group=rows["group"] + against + rows["reference_group"])
        return dots_by_group(
            rows, axes, line=None, title=self.title,
            label=f"{DISTANCES.get(chosen, chosen)}\n"
            f"{100 * self.parameters['intervals']:g} % intervals",
        )  # fmt: skip


Limits = tuple[float, float, float]
NOTHING: Limits = (np.nan, np.nan, np.nan)


def separation_rows(
    sensitive: str, group: str, reference: str, found: dict[str, Limits], people: int
) -> list[dict[str, object]]:
    """Rows of a `Separation`, one a measure."""
    return [
        {"measure": measure, "sensitive": sensitive, "group": group, "reference_group": reference,
         "estimate": estimate, "low": low, "high": high, "people": people}
        for measure, (estimate, low, high) in found.items()
    ]  # fmt: skip


def separation(
    rows: list[dict[str, object]], title: str, level: float, clusters: np.ndarray | None,
    reason: str, seed: int | None,
) -> Separation:  # fmt: skip
    """Make the finding of its rows and of what the intervals count."""
    over = "people" if clusters is None else "clusters"
    return Separation(
        table=pd.DataFrame(rows), title=title, seed=seed, notes=(reason,),
        parameters={"intervals": level, "intervals_over": over},
    )  # fmt: skip


def area(
    points: np.ndarray,
    upper: np.ndarray,
    lower: np.ndarray,
    clusters: np.ndarray | None,
    level: float,
) -> Limits:
    """Share of pairs in which a member of `upper` scores above one of `lower`, with limits."""
    who = np.flatnonzero(upper | lower)
    order = who[np.argsort(points[who], kind="stable")]
    apart = None if clusters is None else clusters[order]
    return auc_of_sorted(points[order], upper[order], level=level, clusters=apart)
