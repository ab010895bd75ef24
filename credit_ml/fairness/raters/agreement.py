"""Many raters, one person (S18): who ranks alike, and who is accepted here, refused there."""

import re
from collections.abc import Mapping
from itertools import combinations, permutations
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, Finding, InputError, beside, cited, conform, refuse_weights
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, points
from credit_ml.fairness.checks import aligned
from credit_ml.inference import (
    Over,
    People,
    checked_level,
    comparisons_of,
    groups_of,
    rank_correlation,
)

#: Measures that are tracked, and the columns of their names.
TRACKED = {"kendall": ("rater", "other"), "mixed": ("sensitive", "group")}


class Agreement(Finding):
    """How raters agree on the same people: by pair of raters, and arbitrariness by group.

    Columns of `table`: the schema's, rater and other. Measures:

    - "kendall", "spearman": rank correlation of two raters' scores; 1 means that both put
      everybody in the same order.
    - "accepted_refused": share of people whom `rater` accepts and `other` refuses.
    - "mixed": share of a group whom some rater accepts and another refuses; 0 means that it does
      not matter who rates. "mixed_difference": the group's share less the reference group's.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": [1, 2, 3, 4], "sex": list("ffmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> scores = {"a": [1, 2, 3, 4], "b": [1, 3, 2, 4]}
    >>> found = agreement(scores, {"a": [0, 1, 1, 1], "b": [0, 1, 0, 1]}, data)
    >>> found.where(measure="mixed").by("sex")["mixed"].to_dict()
    {'f': 0.0, 'm': 0.5}
    """

    kind: ClassVar[str] = "agreement"
    labels: ClassVar[tuple[str, ...]] = ("rater", "other")
    called: ClassVar[dict[str, str]] = beside(__file__)["called"]
    shown_in: ClassVar[dict[str, str]] = beside(__file__)["units"]
    citations = cited("kendall_1945", "spearman_1904", "creel_2022")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw Kendall's correlation of each pair of raters, with its interval."""
        rows = self.table[self.table["measure"] == "kendall"].sort_values("estimate")
        axes = axes_or_new(axes, height=1.0 + 0.26 * len(rows))
        place = np.arange(len(rows))
        points(axes, rows, place, color=PALETTE[0])
        names = [f"{a} and {b}" for a, b in zip(rows["rater"], rows["other"], strict=True)]
        axes.set_yticks(place, names)
        axes.axvline(1, color=INK, lw=0.8, ls="--")
        axes.set_xlabel("rank correlation (Kendall's tau-b); 1: the same order")
        axes.grid(axis="x")
        return axes

    def metrics(self) -> dict[str, float]:
        """Rank correlations of pairs, and the share of each group with mixed decisions."""
        found = {}
        for row in self.table[self.table["measure"].isin(TRACKED)].to_dict("records"):
            parts = [str(row[name]) for name in ("measure", *TRACKED[row["measure"]])]
            found["agreement." + re.sub("[()]", "", ".".join(parts)).replace(" ", "_")] = float(
                row["estimate"]
            )
        return found


def agreement(
    scores: "pd.DataFrame | Mapping[str, npt.ArrayLike]",
    accepted: "pd.DataFrame | Mapping[str, npt.ArrayLike]",
    dataset: Dataset,
    *,
    intervals: float = 0.95,
    over: Over = "auto",
) -> Agreement:
    """Compare what several raters say of the same people.

    Cost: a sort for each pair of raters.

    Parameters
    ----------
    scores : DataFrame or mapping
        Points by rater, one a person; scales may differ, since only order counts. A rater who
        does not know a person may leave NaN: pairs are compared over those whom both know.
    accepted : DataFrame or mapping
        Each rater's decision, True in favour, under the same names. A rater without a decision
        may be left out.
    dataset : Dataset
        The people, with their sensitive features.
    intervals : float
        Level. Wilson's and Newcombe's intervals for shares and their differences; for rank
        correlations, over people always, Fisher's z with the variance of Fieller, Hartley and
        Pearson (1957).
    over : {"auto", "people", "clusters"}
        As in `audit`.

    Raises
    ------
    InputError
        When there are fewer than two raters, a decision belongs to no rater, or people have
        weights, of which no rank correlation here knows the error.
    TableError
        When a rater's scores or decisions are not one a person.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": [1, 2, 3, 4], "sex": list("ffmm"), "paid": [0, 1, 0, 1]})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> found = agreement({"a": [1, 2, 3, 4], "b": [1, 3, 2, 4]},
    ...                   {"a": [False, True, True, True], "b": [False, True, False, True]}, data)
    >>> found.table.set_index("measure").loc["kendall", "estimate"].round(3)
    np.float64(0.667)
    """
    refuse_weights(dataset, "agreement")
    scored = _columns(scores, dataset, "scores")
    decided = {
        name: values.astype(bool)
        for name, values in _columns(accepted, dataset, "accepted").items()
    }
    if len(scored) < 2:
        raise InputError("scores", f"are of {len(scored)} rater", "give at least two raters")
    for name in decided:
        if name not in scored:
            raise InputError("accepted", f"has '{name}', who gives no scores", "give both or none")
    level, people = checked_level(intervals), People.of(dataset, over=over)
    rows: list[dict[str, Any]] = []
    for one, other in combinations(scored, 2):
        both = np.isfinite(scored[one]) & np.isfinite(scored[other])
        for kind in ("kendall", "spearman"):
            found = rank_correlation(scored[one][both], scored[other][both], kind)
            rows.append({"measure": kind, "rater": one, "other": other, **found.facts(level)})
    for one, other in permutations(decided, 2):
        split = people.share(decided[one] & ~decided[other])
        labels = {"measure": "accepted_refused", "rater": one, "other": other}
        rows.append({**labels, **split.facts(level)})
    if len(decided) > 1:
        rows += _mixed(decided, dataset, people, level)
    return Agreement(
        table=conform(rows).drop(columns="reason"),
        title="Many raters, one person",
        parameters={"raters": list(scored), "intervals": level, "intervals_over": people.counted},
        notes=tuple(beside(__file__)["notes"]),
    )


def opposite_cases(
    scores: pd.DataFrame, accepted: pd.Series, punished: pd.Series, *, people: int = 5
) -> pd.DataFrame:
    """People whom one rater accepts and another punishes, the widest apart first (S18).

    Parameters
    ----------
    scores : DataFrame
        Points by rater, one row a person; the first column is the rater who accepts, the second
        the one who punishes.
    accepted, punished : Series of bool
        Decisions of the two.
    people : int
        Rows at most.

    Returns
    -------
    DataFrame
        Points of the people found and ``apart``, the difference of their ranks among all.

    Examples
    --------
    >>> scores = pd.DataFrame({"sesame": [700, 400, 660], "government": [60, 120, 90]})
    >>> opposite_cases(scores, scores["sesame"] >= 650, scores["government"] < 80).index.tolist()
    [0]
    """
    first, second = scores.columns[:2]
    apart = scores[first].rank(pct=True) - scores[second].rank(pct=True)
    # Before the rows are chosen: of no rows, pandas would take the new column's.
    rows = scores.assign(apart=apart)[accepted & punished]
    return rows.sort_values("apart", ascending=False, kind="stable").head(people)


def _mixed(
    decided: Mapping[str, NDArray[np.bool_]], dataset: Dataset, people: People, level: float
) -> list[dict[str, Any]]:
    table = np.column_stack(list(decided.values()))
    accepting = table.sum(axis=1)
    mixed: NDArray[np.bool_] = (accepting > 0) & (accepting < table.shape[1])
    common = {"rater": "any", "other": "any"}
    rows: list[dict[str, Any]] = []
    for name, group, who in groups_of(dataset):
        labels = {"measure": "mixed", "sensitive": name, "group": group, **common}
        rows.append({**labels, **people.share(mixed, who).facts(level)})
    for pair in comparisons_of(dataset):
        labels = {"quantity": "difference", "measure": "mixed_difference", **common}
        rows.append({**labels, **pair.labels, **pair.difference(people.share, mixed).facts(level)})
    return rows


def _columns(
    given: pd.DataFrame | Mapping[str, npt.ArrayLike], dataset: Dataset, place: str
) -> dict[str, NDArray[np.float64]]:
    return {
        str(name): aligned(
            np.asarray(values, dtype=np.float64), f"{place}, rater '{name}'", dataset.X.index
        )
        for name, values in given.items()
    }
