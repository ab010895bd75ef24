"""Consequences by group: one tidy table, drawn as dots with intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from credit_ml.core import Finding, TableError, known_names
from credit_ml.fairness import Audit, tracked_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = (
    "consequence",
    "sensitive",
    "group",
    "reference_group",
    "measure",
    "estimate",
    "low",
    "high",
)


@dataclass(frozen=True, kw_only=True)
class Consequences(Finding):
    """What a score or a list does to people, group by group, each with its interval.

    Columns of `table`: consequence, sensitive, group, reference_group, measure, estimate, low,
    high. Without a reference_group the estimate is the group's own (sensitive "overall", group
    "all": everybody's); with one it is group minus reference_group, and 0 means alike.
    ``parameters["units"]`` holds the unit of each measure, ``parameters["lead"]`` the
    consequence and measure that `plot` draws.
    """

    kind: ClassVar[str] = "consequences"
    citations: ClassVar[tuple[str, ...]] = (
        "Li, G. (2018). A cunning State control. 22nd ITS Biennial Conference, Seoul.",
    )

    def metrics(self) -> dict[str, float]:
        """Every number, with names such as ``consequences.black_list.share_listed.hukou.rural``.

        Differences have ``_difference`` after the measure; undefined numbers are left out.
        """
        found = {}
        for row in self.table.dropna(subset=["estimate"]).to_dict("records"):
            suffix = "_difference" if row["reference_group"] else ""
            name = f"consequences.{row['consequence']}.{row['measure']}{suffix}"
            place = "" if row["sensitive"] == "overall" else f".{row['sensitive']}.{row['group']}"
            found[tracked_name(name + place)] = float(row["estimate"])
        return found

    def plot(
        self,
        axes: "Axes | None" = None,
        *,
        consequence: str | None = None,
        measure: str | None = None,
    ) -> "Axes":
        """Draw one measure of one consequence for every group; the line is everybody.

        Raises
        ------
        TableError
            When there is no such consequence, or no such measure of it.
        """
        from credit_ml.fairness.figure import dots_by_group

        lead = self.parameters["lead"]
        rows = self.table[self.table["reference_group"] == ""]
        for column, asked in (("consequence", consequence), ("measure", measure)):
            known = rows[column].unique().tolist()
            named = asked or (lead[column] if lead[column] in known else known[0])
            if named not in known:
                raise TableError(
                    f"consequences, {column}", f"'{named}' is absent", known_names(named, known)
                )
            rows = rows[rows[column] == named]
        consequence, measure = rows["consequence"].iloc[0], rows["measure"].iloc[0]
        everybody = rows["sensitive"] == "overall"
        unit = self.parameters["units"][measure]
        return dots_by_group(
            rows[~everybody],
            axes,
            label=f"{measure.replace('_', ' ')} ({unit})\n"
            f"{100 * self.parameters['intervals']:g} % intervals",
            line=float(rows[everybody]["estimate"].iloc[0]),
            title=f"{self.title}: {consequence}",
        )


def rows_of(
    audit: Audit, consequence: str, measures: Mapping[str, str], *, times: float = 1.0
) -> pd.DataFrame:
    """Rows of an audit as rows of a consequence: a metric's values and differences.

    Parameters
    ----------
    audit : Audit
    consequence : str
    measures : mapping of str to str
        Metric of the audit to what the consequence calls it; absent metrics are left out.
    times : float
        Multiplies estimates and intervals, at least 0.
    """
    wanted = audit.table["quantity"].isin(["value", "difference"])
    rows = audit.table[wanted & audit.table["metric"].isin(list(measures))].copy()
    rows["consequence"] = consequence
    rows["measure"] = rows["metric"].map(dict(measures))
    for column in ("estimate", "low", "high"):
        rows[column] = rows[column] * times
    return rows[list(COLUMNS)]
