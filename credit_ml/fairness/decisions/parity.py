"""Parity in one number a feature: fairlearn's summaries of group differences, with intervals."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy.typing as npt
import pandas as pd

from credit_ml.core import Dataset, InputError, cited, need_known
from credit_ml.core.figure import Axes
from credit_ml.fairness.checks import named_features, old_options
from credit_ml.fairness.finding import GroupFinding
from credit_ml.fairness.tally.grouping import EVERYBODY, Grouping, groupings_of
from credit_ml.fairness.tally.tally import Tally
from credit_ml.inference import Against, Over, People, checked_level, spread
from credit_ml.inference.largest import Together

#: Each criterion, and the rates that it asks to be alike.
CRITERIA: dict[str, tuple[str, ...]] = {
    "demographic_parity": ("selection_rate",),
    "equal_opportunity": ("true_positive_rate",),
    "predictive_equality": ("false_positive_rate",),
    "predictive_parity": ("precision",),
    "overall_accuracy_equality": ("accuracy",),
    "equalized_odds": ("true_positive_rate", "false_positive_rate"),
    "equalized_odds_mean": ("true_positive_rate", "false_positive_rate"),
}
NAMES = tuple(dict.fromkeys(name for names in CRITERIA.values() for name in names))


class Parity(GroupFinding):
    """How far each criterion of parity is missed, by sensitive feature and intersection.

    The measures of `table` are the criteria (`CRITERIA`, also in the column criterion); quantities
    are "difference", 0 when met, and "ratio", 1 when met; `reason` says why one is NaN, or which
    groups it leaves out.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"late": range(8), "sex": list("ffffmmmm"), "paid": [1, 0] * 4})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> found = parity(frame["late"] < 6, data).where(quantity="difference", sensitive="sex")
    >>> float(found.table.set_index("measure")["estimate"]["demographic_parity"])
    0.5
    """

    kind: ClassVar[str] = "parity"
    citations = cited("hardt_2016", "bird_2020")
    tracked: ClassVar[tuple[str, ...]] = ("measure", "sensitive")

    def to_track(self) -> pd.DataFrame:
        """Every number, with names such as ``parity.equalized_odds_difference.hukou``."""
        return self.table.assign(measure=self.table["measure"] + "_" + self.table["quantity"])

    def plot(self, axes: Axes | None = None, *, quantity: str = "difference") -> Axes:
        """Draw each criterion as a dot with its interval, under its feature's name."""
        need_known(InputError, "quantity", quantity, ("difference", "ratio"))
        rows = self.table[self.table["quantity"] == quantity].dropna(subset=["estimate"])
        rows = rows.assign(group=rows["measure"].str.replace("_", " "))
        label = f"{quantity} ({0 if quantity == 'difference' else 1}: alike)"
        return self.dots(rows.drop(columns="people"), axes, label)


@old_options()
def parity(
    decisions: "npt.ArrayLike",
    dataset: Dataset,
    *,
    sensitive: str | Sequence[str] | None = None,
    method: Against = "between_groups",
    intersections: bool = True,
    intervals: float = 0.95,
    over: Over = "auto",
) -> Parity:
    """Parity criteria in one difference and one ratio each, 0 and 1 when met.

    For one rate m, between groups: ``max_g m_g - min_g m_g`` and ``min_g m_g / max_g m_g``; to
    overall, with M everybody's rate: ``max_g |m_g - M|`` and ``min_g min(m_g / M, M / m_g)``.
    equalized_odds takes the worse of two rates, equalized_odds_mean their mean. These are
    fairlearn's demographic_parity, equal_opportunity and equalized_odds functions (agg
    "worst_case" and "mean"), except that a rate of nobody is left out here, which `reason` says,
    and that of one group alone nothing is said: NaN, not the 0 that would read as perfect.

    All are seminorms of the vector of rates (of their logarithms, for ratios), so that intervals
    cover also where the truth is 0: see `credit_ml.inference.spread`. The ends of a mean of two
    are the means of ends that hold for both at once.

    Cost: one pass over the people, then groups x rates.

    Parameters
    ----------
    decisions : array-like of bool or of 0 and 1, one a person
    dataset : Dataset
        With an outcome.
    sensitive : str or sequence of str, optional
    method : {"between_groups", "to_overall"}
    intersections : bool
        Also every pair of features, and all of them together.
    intervals, over
        As in `audit`.

    Raises
    ------
    TableError
        When decisions cannot be used, or the outcome is unknown.
    InputError
        When an option is out of range.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"late": range(8), "sex": list("ffffmmmm"), "paid": [1, 0] * 4})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> parity(frame["late"] < 6, data).metrics()["parity.equalized_odds_difference.sex"]
    0.5
    """
    level = checked_level(intervals)
    outcome = dataset.outcome(needed_for="parity")
    asked = named_features(sensitive, dataset)
    features = dataset.sensitive[asked]
    people = People.of(dataset, over=over)
    clusters = people.clusters if people.counted == "clusters" else None
    tally = Tally.of(decisions, features, y=outcome, clusters=clusters, weights=people.weights)
    rows: list[dict[str, object]] = []
    for name, grouping in groupings_of(tally, intersections=intersections).items():
        if name != EVERYBODY:
            rows += _rows(grouping, method, level)
    return Parity.of_rows(
        [row | {"people": len(dataset)} for row in rows],
        "How far parity is missed",
        people,
        level,
        "A rate of nobody is undefined and left out of its criterion.",
        method=method,
    )


def _rows(grouping: Grouping, method: Against, level: float) -> list[dict[str, object]]:
    rates = grouping.rates(NAMES)
    counts = grouping.counts if grouping.weight is None else grouping.weight
    weights = grouping.parts(NAMES, counts)[1]
    rows = []
    for quantity in ("difference", "ratio"):
        common: dict[str, Any] = {"against": method, "ratio": quantity == "ratio"}
        each = spread(rates, weights=weights, together="each", **common)
        low, high = each.interval(level)
        for criterion, names in CRITERIA.items():
            places = [NAMES.index(name) for name in names]
            labels = {"quantity": quantity, "measure": criterion, "criterion": criterion}
            labels["sensitive"] = grouping.name
            if len(names) == 1:
                at = places[0]
                facts = {"estimate": each.value[at], "low": low[at], "high": high[at]}
                facts["reason"] = each.reasons(low)[at]
            else:
                how: Together = "mean" if criterion.endswith("_mean") else "largest"
                own = weights[:, places]
                facts = spread(rates[:, places], weights=own, together=how, **common).facts(level)
            rows.append(labels | facts | {"clusters": grouping.clusters})
    return rows
