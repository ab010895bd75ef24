"""What findings by group have in common: what they say of themselves, their names, their dots."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import pandas as pd

from credit_ml.core import Finding, TableError, conform, refuse_unknown
from credit_ml.core.figure import Axes
from credit_ml.fairness.checks import tracked_name
from credit_ml.inference import People

Rows = Sequence[Mapping[str, Any]] | pd.DataFrame


class GroupFinding(Finding):
    """Numbers by group, each with its interval over people or clusters."""

    tracked_under: ClassVar[str] = ""
    """First part of a tracked name; the kind by default."""

    @classmethod
    def of_rows(
        cls, rows: Rows, title: str, people: People, level: float, *notes: str, **parameters: Any
    ) -> Self:
        """Make the finding of its rows, and of what its intervals count."""
        said = {name: value for name, value in parameters.items() if value != ""}
        return cls(
            table=conform(rows),
            title=title,
            parameters=said | {"intervals": level, "intervals_over": people.counted},
            notes=(*notes, people.note),
        )

    def to_track(self) -> pd.DataFrame:
        """Rows whose estimates a tracker is given."""
        return self.table

    def metrics(self) -> dict[str, float]:
        """Each tracked number by its `tracked` columns; everybody's have no group's name."""
        rows = self.to_track().dropna(subset=["estimate"])
        found = {}
        for *parts, estimate in rows[[*self.tracked, "estimate"]].itertuples(index=False):
            name = ".".join([self.tracked_under or self.kind, *filter(None, parts)])
            found[tracked_name(name.replace(".overall.all", ""))] = float(estimate)
        return found

    @property
    def level_text(self) -> str:
        """The level of the intervals, for an axis."""
        return f"{100 * self.parameters['intervals']:g} %"

    def dots(
        self, rows: pd.DataFrame, axes: Axes | None, label: str, *, line: float | None = None
    ) -> Axes:
        """Draw rows as dots with intervals."""
        from credit_ml.fairness.figure import dots_by_group

        label = f"{label}\n{self.level_text} intervals"
        return dots_by_group(rows, axes, label=label, line=line, title=self.title)

    def of_feature(self, rows: pd.DataFrame, sensitive: str | None) -> pd.DataFrame:
        """Rows of one sensitive feature: the first there is by default, else everybody's."""
        known = rows["sensitive"].drop_duplicates().tolist()
        chosen = sensitive or known[min(1, len(known) - 1)]
        if chosen not in known:
            place = f"{self.kind.replace('_', ' ')}, sensitive"
            refuse_unknown(TableError, place, chosen, known)
        return rows[rows["sensitive"] == chosen]
