"""How far groups' scores lie apart: the finding of distances and of orderings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from credit_ml.core import Finding, InputError, conform, refuse_unknown
from credit_ml.core.bibliography import cited
from credit_ml.fairness.checks import tracked_name
from credit_ml.inference import People

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

    Columns of `table`: the schema's, and reason.

    Examples
    --------
    >>> import pandas as pd
    >>> from credit_ml.core import Dataset
    >>> from credit_ml.fairness import distribution_distances
    >>> frame = pd.DataFrame({"score": [1.0, 2, 3, 2, 3, 4], "sex": list("fffmmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> found = distribution_distances(frame["score"], data).where(measure="wasserstein")
    >>> round(float(found.table["estimate"].iloc[0]), 6)
    1.0
    """

    kind: ClassVar[str] = "separation"
    citations = cited("kallus_2019", "massart_1990")

    def metrics(self) -> dict[str, float]:
        """Every number, such as ``separation.wasserstein.hukou.rural.urban``."""
        return {
            tracked_name(
                "separation."
                + ".".join(
                    part
                    for part in (
                        row["measure"],
                        row["sensitive"],
                        row["group"],
                        row["reference_group"],
                    )
                    if part
                )
            ): float(row["estimate"])
            for row in self.table.dropna(subset=["estimate"]).to_dict("records")
        }

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
            rows,
            axes,
            line=None,
            title=self.title,
            label=f"{DISTANCES.get(chosen, chosen)}\n"
            f"{100 * self.parameters['intervals']:g} % intervals",
        )


def separation(
    rows: Sequence[Mapping[str, Any]], title: str, level: float, people: People
) -> Separation:
    """Make the finding of its rows and of what the intervals count."""
    return Separation(
        table=conform(rows),
        title=title,
        notes=(people.note,),
        parameters={"intervals": level, "intervals_over": people.counted},
    )
