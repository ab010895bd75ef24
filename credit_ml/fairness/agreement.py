"""Many raters, one person (S18): who ranks alike, and who is accepted here, refused there."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from credit_ml.core import Dataset, Finding, InputError, TableError
from credit_ml.core.figure import INK, PALETTE, axes_or_new, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, kw_only=True)
class Agreement(Finding):
    """How raters agree on the same people: by pair of raters, and arbitrariness by group.

    Columns of `table`: measure, rater, other, sensitive, group, estimate, low, high, people.

    - "kendall", "spearman": rank correlation of two raters' scores; 1 means that both put
      everybody in the same order.
    - "accepted_refused": share of people whom `rater` accepts and `other` refuses.
    - "mixed": share of a group whom some rater accepts and another refuses; 0 means that it does
      not matter who rates. "mixed_difference": the group's share less the reference group's.
    """

    kind: ClassVar[str] = "agreement"
    citations: ClassVar[tuple[str, ...]] = (
        "Kendall, M. G. (1945). The treatment of ties in ranking problems. Biometrika 33, 239-251.",
        "Spearman, C. (1904). The proof and measurement of association between two things. "
        "American Journal of Psychology 15, 72-101.",
        "Creel, K. and Hellman, D. (2022). The algorithmic leviathan: arbitrariness, fairness, and "
        "opportunity in algorithmic decision-making systems. Canadian Journal of Philosophy 52.",
    )

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw Kendall's correlation of each pair of raters, with its interval."""
        rows = self.table[self.table["measure"] == "kendall"].sort_values("estimate")
        axes = axes_or_new(axes, height=1.0 + 0.26 * len(rows))
        place = np.arange(len(rows))
        error = rows[["low", "high"]].sub(rows["estimate"], axis=0).abs().to_numpy().T
        axes.errorbar(
            rows["estimate"], place, xerr=error, fmt="o", ms=4.5, color=PALETTE[0], elinewidth=1.2
        )
        names = [f"{a} and {b}" for a, b in zip(rows["rater"], rows["other"], strict=True)]
        axes.set_yticks(place, names)
        axes.axvline(1, color=INK, lw=0.8, ls="--")
        axes.set_xlabel("rank correlation (Kendall's tau-b); 1: the same order")
        axes.grid(axis="x")
        return axes

    def metrics(self) -> dict[str, float]:
        """Rank correlations of pairs, and the share of each group with mixed decisions."""
        found = {}
        for row in self.table.to_dict("records"):
            if row["measure"] == "kendall":
                key = f"agreement.kendall.{row['rater']}.{row['other']}"
            elif row["measure"] == "mixed":
                key = f"agreement.mixed.{row['sensitive']}.{row['group']}"
            else:
                continue
            found[key.replace(" ", "_").replace("(", "").replace(")", "")] = row["estimate"]
        return found


def agreement(
    scores: pd.DataFrame | Mapping[str, npt.ArrayLike],
    accepted: pd.DataFrame | Mapping[str, npt.ArrayLike],
    dataset: Dataset,
    *,
    intervals: float = 0.95,
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
        Level. Normal intervals: Fisher's z for correlations with the variance of Fieller, Hartley
        and Pearson (1957), Wald's for shares.

    Raises
    ------
    InputError
        When there are fewer than two raters, or a decision belongs to no rater.
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
    points = _columns(scores, dataset, "scores")
    decided = {name: values.astype(bool) for name, values in
               _columns(accepted, dataset, "accepted").items()}  # fmt: skip
    if len(points) < 2:
        raise InputError("scores", f"are of {len(points)} rater", "give at least two raters")
    for name in decided:
        if name not in points:
            raise InputError("accepted", f"has '{name}', who gives no scores", "give both or none")
    if not 0 < intervals < 1:
        raise InputError("intervals", f"is {intervals!r}", "give a level such as 0.95")
    quantile = float(stats.norm.ppf((1 + intervals) / 2))
    rows: list[dict[str, Any]] = []
    for one, other in combinations(points, 2):
        both = np.isfinite(points[one]) & np.isfinite(points[other])
        a, b = points[one][both], points[other][both]
        kendall, spearman = stats.kendalltau(a, b).statistic, stats.spearmanr(a, b).statistic
        rows.append(_row("kendall", one, other, *_fisher(kendall, 0.437, 4, len(a), quantile)))
        rows.append(_row("spearman", one, other, *_fisher(spearman, 1.06, 3, len(a), quantile)))
    for one in decided:
        for other in decided:
            if one != other:
                split = decided[one] & ~decided[other]
                rows.append(_row("accepted_refused", one, other, *_share(split, quantile)))
    if len(decided) > 1:
        rows += _mixed(decided, dataset, quantile)
    return Agreement(
        table=pd.DataFrame(rows),
        title="Many raters, one person",
        parameters={"raters": list(points), "intervals": intervals},
        notes=(
            "Rank correlations compare orders, so scales need not be alike; decisions are each "
            "rater's own line.",
        ),
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
    decided: Mapping[str, NDArray[np.bool_]], dataset: Dataset, quantile: float
) -> list[dict[str, Any]]:
    table = np.column_stack(list(decided.values()))
    accepting = table.sum(axis=1)
    mixed: NDArray[np.bool_] = (accepting > 0) & (accepting < table.shape[1])
    rows = [_row("mixed", "any", "any", *_share(mixed, quantile))]
    for feature in dataset.sensitive.columns:
        groups = dataset.groups(feature)
        counts = groups.value_counts(sort=False)
        reference = str(counts.idxmax())
        base = mixed[(groups == reference).to_numpy()]
        for group in map(str, counts.index[counts > 0]):
            own = mixed[(groups == group).to_numpy()]
            labels = {"sensitive": str(feature), "group": group}
            rows.append(_row("mixed", "any", "any", *_share(own, quantile)) | labels)
            if group != reference:
                gap = float(own.mean() - base.mean())
                half = quantile * np.sqrt(_variance(own) + _variance(base))
                found = _row("mixed_difference", "any", "any", gap, gap - half, gap + half,
                             len(own))  # fmt: skip
                rows.append(found | labels)
    return rows


def _columns(
    given: pd.DataFrame | Mapping[str, npt.ArrayLike], dataset: Dataset, place: str
) -> dict[str, NDArray[np.float64]]:
    columns = {}
    for name, values in given.items():
        array = np.asarray(values, dtype=np.float64)
        if array.shape != (len(dataset),):
            raise TableError(
                f"{place}, rater '{name}'", f"has shape {array.shape}",
                f"give one for each of {len(dataset)} people",
            )  # fmt: skip
        columns[str(name)] = array
    return columns


def _fisher(
    correlation: float, factor: float, lost: int, people: int, quantile: float
) -> tuple[float, float, float, int]:
    if people <= lost or not abs(correlation) < 1:
        return float(correlation), np.nan, np.nan, people
    half = quantile * np.sqrt(factor / (people - lost))
    middle = np.arctanh(correlation)
    return float(correlation), float(np.tanh(middle - half)), float(np.tanh(middle + half)), people


def _share(event: NDArray[np.bool_], quantile: float) -> tuple[float, float, float, int]:
    share = float(event.mean())
    half = quantile * np.sqrt(_variance(event))
    return share, max(0.0, share - half), min(1.0, share + half), len(event)


def _variance(event: NDArray[np.bool_]) -> float:
    share = float(event.mean())
    return share * (1 - share) / len(event)


def _row(
    measure: str, rater: str, other: str, estimate: float, low: float, high: float, people: int
) -> dict[str, Any]:
    return {
        "measure": measure, "rater": rater, "other": other, "sensitive": "overall",
        "group": "all", "estimate": estimate, "low": low, "high": high, "people": people,
    }  # fmt: skip
