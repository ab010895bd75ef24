"""What an audit found, group by group, and its figure."""

from typing import ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import TableError, cited, refuse_unknown
from credit_ml.core.figure import Axes
from credit_ml.core.schema import CROSS
from credit_ml.fairness.finding import GroupFinding
from credit_ml.fairness.metrics import COUNTS, MEANINGS, RATES

#: A group selected at less than this share of the most selected group's rate is taken as
#: evidence of adverse impact (Uniform Guidelines, 29 CFR 1607.4 D).
FOUR_FIFTHS = 0.8
#: Quantities that are tracked, and what is put after their measure.
SUFFIXES = {"value": "", "largest_difference": "_difference", "smallest_ratio": "_ratio"}


class Audit(GroupFinding):
    """Metrics of decisions by group, their differences and ratios, each with its interval.

    Columns of `table`: the schema's, design_effect (of values and differences: variance over
    clusters by variance over independent people, 1 when people are counted) and reason (why an
    estimate is NaN, or which groups a spread leaves out). Quantities:

    - "value": a group's own metric; sensitive "overall", group "all" for everybody.
    - "difference": group minus reference_group; 0 means alike. "ratio": group over
      reference_group; 1 means alike (rates only: the zero of a score scale is arbitrary).
    - "largest_difference": largest minus smallest value of any group. "smallest_ratio":
      smallest over largest value.
    - "four_fifths": selection rate over that of the most selected group with at least
      ``parameters["small"]`` people. That group was chosen by its rate, so that the intervals of
      all pairs of groups hold at once, by the studentised range.

    An intersection has the name ``"hukou x gender"`` and groups such as ``"rural x woman"``.

    Examples
    --------
    >>> from credit_ml.core import Dataset
    >>> from credit_ml.fairness import audit
    >>> frame = pd.DataFrame({"late": range(8), "sex": list("ffffmmmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> found = audit(frame["late"] < 6, data)
    >>> found.by_group["selection_rate"].to_dict()
    {'f': 1.0, 'm': 0.5}
    >>> float(found.difference()["selection_rate"])
    0.5
    """

    kind: ClassVar[str] = "audit"
    tracked: ClassVar[tuple[str, ...]] = ("measure", "sensitive", "group")
    tracked_under: ClassVar[str] = "fairness"
    citations = cited(
        "bird_2020",
        "equal_employment_opportunity_commission_1978",
        "newcombe_1998",
        "mackinnon_2023",
    )

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Smallest and largest value that each row's estimate can have."""
        least, most = super().possible()
        rate = self.table["measure"].isin(tuple(RATES)).to_numpy()
        # A score whose threshold is a probability is one.
        chances = str(self.parameters.get("decision", "")).startswith("a probability")
        mean = (self.table["measure"] == "mean_score").to_numpy() & chances
        share = (rate | mean) & (self.table["quantity"] == "value").to_numpy()
        least[share], most[share] = 0.0, 1.0
        apart = rate & (self.table["quantity"] == "difference").to_numpy()
        least[apart], most[apart] = -1.0, 1.0
        widest = self.table["quantity"].isin(("largest_difference", "smallest_ratio")).to_numpy()
        most[widest & rate] = 1.0
        return least, most

    @property
    def four_fifths(self) -> pd.DataFrame:
        """Groups selected at less than four fifths of the most selected group's rate.

        Columns: sensitive, group, reference_group (the most selected), estimate, low, high,
        people. With `high` below 0.8 the shortfall is more than chance would make of it. No
        rows: every group passes.
        """
        rows = self.table[self.table["quantity"] == "four_fifths"]
        rows = rows[rows["estimate"] < FOUR_FIFTHS]
        return rows.drop(columns=["quantity", "measure"]).reset_index(drop=True)

    def to_track(self) -> pd.DataFrame:
        """Largest differences and smallest ratios, and values of single features' groups.

        Names such as ``fairness.selection_rate_difference.hukou`` and
        ``fairness.selection_rate.hukou.rural``; undefined ones and counts are left out.
        """
        table = self.table[~self.table["measure"].isin(COUNTS)]
        suffix = table["quantity"].map(SUFFIXES)
        crossed = (suffix == "") & table["sensitive"].str.contains(CROSS, regex=False)
        named = table.assign(
            measure=table["measure"] + suffix, group=table["group"].replace("all", "")
        )
        return named[suffix.notna() & ~crossed]

    def plot(
        self,
        axes: Axes | None = None,
        *,
        metric: str = "selection_rate",
        sensitive: str | None = None,
    ) -> Axes:
        """Draw one metric of every group as a dot with its interval.

        Parameters
        ----------
        axes : matplotlib.axes.Axes, optional
        metric : str
            Such as "true_positive_rate".
        sensitive : str, optional
            One sensitive feature or intersection; by default every single feature. The line
            is the metric of everybody.

        Raises
        ------
        TableError
            When the audit has no such metric or sensitive feature.
        """
        rows = self.table[(self.table["quantity"] == "value") & (self.table["measure"] == metric)]
        if rows.empty:
            refuse_unknown(TableError, "audit, metric", metric, self.table["measure"].unique())
        overall = rows[rows["sensitive"] == "overall"]["estimate"].iloc[0]
        groups = rows[(rows["sensitive"] != "overall") & (rows["people"] > 0)]
        known = groups["sensitive"].unique()
        if sensitive is not None and sensitive not in known:
            refuse_unknown(TableError, "audit, sensitive", sensitive, known)
        chosen = [sensitive] if sensitive else [name for name in known if CROSS not in name]
        label = metric.replace("_", " ")
        if metric in RATES:
            label = f"{label} (share {MEANINGS[metric]})"
        groups = groups[groups["sensitive"].isin(chosen)]
        return self.dots(groups, axes, label, line=float(overall))
