"""What changed between two runs, as a finding."""

from collections.abc import Iterator
from typing import ClassVar

import pandas as pd

from credit_ml.core import Finding, cited
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import plain
from credit_ml.grammar.tables import cell

#: What is compared one by one, as tables say it.
PAIRED = {
    "people": "same citizens",
    "societies": "same societies",
    "cities": "same cities",
    "": "no",
}
#: Rows of the page's table; all are in the finding.
SHOWN = 200


class RunComparison(Finding):
    """Numbers that differ between two runs, the surest changes first.

    Columns of `table`: the schema's (estimate is the second run's number less the first's), then
    rater, finding, row (what else tells the number apart), before, after, and paired: "people"
    where the same simulated citizens are compared one by one, "societies" or "cities" where the
    same ones of these are, else "". What is the same is counted in `parameters`.

    Examples
    --------
    >>> from credit_ml.core import StudyResults
    >>> from credit_ml.fairness import audit
    >>> from credit_ml.reports import compare_runs
    >>> import pandas as pd
    >>> from credit_ml.core import Dataset
    >>> data = Dataset.from_frame(pd.DataFrame({"x": range(8), "sex": list("fmfmfmfm")}),
    ...                           target=None, sensitive="sex")
    >>> runs = [StudyResults(id="one", title="One", findings=(audit(data.X["x"] < most, data),))
    ...         for most in (4, 6)]
    >>> found = compare_runs(*runs)
    >>> rates = found.where(measure="selection_rate", sensitive="overall").table
    >>> rates[["before", "after", "estimate"]].values.tolist()
    [[0.5, 0.75, 0.25]]
    """

    kind: ClassVar[str] = "run_comparison"
    labels: ClassVar[tuple[str, ...]] = ("rater", "finding", "row")
    citations = cited("newcombe_1998")

    @property
    def changed(self) -> pd.DataFrame:
        """Rows whose interval leaves 0 out."""
        return self.table[(self.table["low"] > 0) | (self.table["high"] < 0)]


def described(row: pd.Series) -> str:
    """Say which number a row is: measure, groups and whatever else tells it apart.

    Examples
    --------
    >>> described(pd.Series({"measure": "selection_rate", "sensitive": "hukou", "group": "rural",
    ...                      "reference_group": "urban", "row": "ratio"}))
    'selection rate, hukou: rural against urban, ratio'
    """
    group = f"{row['sensitive']}: {row['group']}" if row["sensitive"] != "overall" else "everybody"
    against = f" against {row['reference_group']}" if row["reference_group"] else ""
    parts = (str(row["measure"]).replace("_", " "), group + against, str(row["row"]))
    return ", ".join(part for part in parts if part)


def shown_rows(finding: Finding, most: int) -> pd.DataFrame:
    """Return the first rows as they are read: rater, what, before, after, change, and how sure."""
    rows = finding.table.head(most)
    change = [
        cell(each) + ("" if low != low else f" ({cell(low)} to {cell(high)})")
        for each, low, high in zip(rows["estimate"], rows["low"], rows["high"], strict=True)
    ]
    return pd.DataFrame(
        {
            "Rater": rows["rater"],
            "Finding": rows["finding"].map(plain),
            "Number": [described(row) for _, row in rows.iterrows()],
            "Before": rows["before"].map(cell),
            "After": rows["after"].map(cell),
            "Change": change,
            "Paired": rows["paired"].map(PAIRED),
        }
    )


def comparison_tables(finding: Finding) -> Iterator[TableView]:
    """Yield the settings that differ, and the numbers."""
    differs = tuple(tuple(map(str, each)) for each in finding.parameters["settings"])
    if differs:
        head = ("Setting", "First run", "Second run")
        yield TableView(
            caption="Settings that differ", head=head, bodies=(("", differs),), words=(0, 1, 2)
        )
    shown = shown_rows(finding, SHOWN)
    body = tuple(tuple(row) for row in shown.itertuples(index=False))
    more = "; the stored finding holds the others" if len(shown) < len(finding.table) else ""
    caption = f"Numbers that differ, the surest first{more}"
    yield TableView(
        caption=caption, head=tuple(shown.columns), bodies=(("", body),), words=(0, 1, 2, 6)
    )
