"""The four-fifths rule with its significance, over many groups, and in groups too small to say."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from credit_ml.core import Dataset, Finding, InputError, clustered_difference
from credit_ml.fairness.audit import SMALL
from credit_ml.fairness.checks import Over, binary, named_features, over_clusters
from credit_ml.fairness.finding import FOUR_FIFTHS, tracked_name
from credit_ml.fairness.grouping import CROSS, EVERYBODY, groupings_of
from credit_ml.fairness.intervals import checked_level
from credit_ml.fairness.many import adjusted, shrunken_rates
from credit_ml.fairness.tally import Tally

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, kw_only=True)
class Impact(Finding):
    """Selection rates against the most selected group, tested and shrunken.

    Columns of `table`: sensitive, group, reference_group (the most selected), rate,
    reference_rate, ratio, test, p_value, p_holm, p_benjamini_hochberg, estimate (the shrunken
    rate), low, high, people, spoken (whether the group is large enough to be spoken of).
    """

    kind: ClassVar[str] = "impact"
    citations: ClassVar[tuple[str, ...]] = (
        "Equal Employment Opportunity Commission (1978). Uniform guidelines on employee selection "
        "procedures, 29 CFR 1607.4 D (the four-fifths rule).",
        "Fisher, R. A. (1935). The logic of inductive inference. Journal of the Royal Statistical "
        "Society, 98(1), 39-82.",
        "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian "
        "Journal of Statistics, 6(2), 65-70.",
        "Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of "
        "the Royal Statistical Society B, 57(1), 289-300.",
    )

    @property
    def adverse(self) -> pd.DataFrame:
        """Groups spoken of, below four fifths, and too far below to be chance (Holm)."""
        table = self.table
        short = table["spoken"].astype(bool) & (table["ratio"] < FOUR_FIFTHS)
        short &= table["p_holm"] < 1 - self.parameters["intervals"]
        found: pd.DataFrame = table[short].reset_index(drop=True)
        return found

    def metrics(self) -> dict[str, float]:
        """Ratios and adjusted p-values, such as ``impact.ratio.hukou.rural``."""
        return {
            tracked_name(f"impact.{name}.{row['sensitive']}.{row['group']}"): float(row[name])
            for row in self.table.to_dict("records")
            for name in ("ratio", "p_holm")
            if np.isfinite(row[name])
        }

    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw the shrunken rate of every group as a dot with its interval."""
        from credit_ml.fairness.figure import dots_by_group

        level = 100 * self.parameters["intervals"]
        return dots_by_group(
            self.table, axes, line=None, title=self.title,
            label=f"selection rate, drawn towards the other groups'\n{level:g} % intervals",
        )  # fmt: skip


def adverse_impact(
    decisions: npt.ArrayLike,
    dataset: Dataset,
    *,
    sensitive: str | Sequence[str] | None = None,
    intersections: bool = True,
    small: int = SMALL,
    intervals: float = 0.95,
    intervals_over: Over = "auto",
) -> Impact:
    """The four-fifths rule, with tests adjusted for the number of groups, and shrunken rates.

    Each group's rate is compared with that of the most selected group of at least `small`
    people. A ratio below 0.8 is the guidelines' evidence of adverse impact, "significant in
    both statistical and practical terms": the tests say whether it is chance.

    - test: "fisher", exact and two-sided, where any expected count of the pair's table is
      below 5; else "z" of two proportions (pooled); where clusters are counted, "t" of the
      difference over them (`clustered_difference`), never smaller than z's p-value.
    - p_holm: holds the chance of any false alarm over all groups of the table;
      p_benjamini_hochberg: the expected share of false ones among the alarms. The reference is
      the most selected of several, which favours small p-values: another reason to adjust.
    - estimate, low, high: posterior mean and quantiles of the rate under a beta prior fitted to
      the feature's groups (empirical Bayes): a group of ten borrows from the others, one of
      ten thousand stands for itself. They treat people as independent, and the prior as known.

    Cost: one pass over the people.

    Parameters
    ----------
    decisions : array-like of bool or of 0 and 1, one a person
    dataset : Dataset
    sensitive : str or sequence of str, optional
    intersections : bool
        Also every pair of features, and all of them together.
    small : int
        Groups of fewer people have spoken False: their numbers are shown and no verdict is.
    intervals : float
        Level of the posterior intervals; one minus it is the size of the test in `adverse`.
    intervals_over : {"auto", "people", "clusters"}
        As in `audit`, for the tests.

    Raises
    ------
    TableError
        When decisions or features cannot be used.
    InputError
        When an option is out of range.

    References
    ----------
    Efron, B. and Morris, C. (1975). Data analysis using Stein's estimator and its
    generalizations. Journal of the American Statistical Association, 70(350), 311-319.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": range(200), "sex": ["f"] * 100 + ["m"] * 100})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> found = adverse_impact(frame["x"] % 100 < 40 + 30 * (frame["x"] > 99), data)
    >>> found.adverse[["group", "reference_group"]].values.tolist()
    [['f', 'm']]
    """
    level = checked_level(intervals)
    if isinstance(small, bool) or not isinstance(small, int) or small < 1:
        raise InputError("small", f"is {small!r}", "give at least 1")
    features = dataset.sensitive[named_features(sensitive, dataset, needed=True)]
    chosen = binary(decisions, "decisions", dataset.X.index)
    clusters, reason = over_clusters(dataset, intervals_over)
    rows: list[dict[str, object]] = []
    for name, grouping in groupings_of(
        Tally.of(chosen, features), intersections=intersections
    ).items():
        if name != EVERYBODY:
            member = _member_of(features, name, grouping.groups)
            counts = grouping.counts[:, 0]
            rows += _rows(name, grouping.groups, counts, member, chosen, clusters, small, level)
    table = pd.DataFrame(rows)
    table["p_holm"], table["p_benjamini_hochberg"] = adjusted(table["p_value"].to_numpy())
    order = ["sensitive", "group", "reference_group", "rate", "reference_rate", "ratio", "test",
             "p_value", "p_holm", "p_benjamini_hochberg", "estimate", "low", "high", "people",
             "spoken"]  # fmt: skip
    return Impact(
        table=table[order],
        title="Four fifths of the most selected group's rate, and whether it is chance",
        parameters={"intervals": level, "small": small,
                    "intervals_over": "people" if clusters is None else "clusters"},
        notes=("Rates with their intervals are drawn towards the other groups of the feature; "
               f"of groups of fewer than {small} people no verdict is given.", reason),
    )  # fmt: skip


def _member_of(features: pd.DataFrame, name: str, groups: tuple[str, ...]) -> np.ndarray:
    """Everybody's place in the groups of a feature or of an intersection."""
    chosen = [features[feature].cat for feature in features if feature in name.split(CROSS)]
    places = {group: place for place, group in enumerate(groups)}
    levels = itertools.product(*(part.categories.astype(str) for part in chosen))
    lookup = np.array([places.get(CROSS.join(level), -1) for level in levels])
    code = np.zeros(len(features), dtype=np.intp)
    for part in chosen:
        code = code * len(part.categories) + part.codes.to_numpy()
    return lookup[code]


def _rows(
    sensitive: str,
    groups: tuple[str, ...],
    table: np.ndarray,
    member: np.ndarray,
    chosen: np.ndarray,
    clusters: np.ndarray | None,
    small: int,
    level: float,
) -> list[dict[str, object]]:
    """One row a group with people; `table` holds those refused and those selected."""
    people, selected = table.sum(axis=1), table[:, 1]
    rate = np.full(len(people), np.nan)
    np.divide(selected, people, out=rate, where=people > 0)
    alive = np.flatnonzero(people)
    judged = people >= small
    able = np.where(judged, rate, -1.0) if judged.any() else np.nan_to_num(rate, nan=-1.0)
    best = int(np.argmax(able))
    shrunken = np.full((3, len(people)), np.nan)
    shrunken[:, alive] = shrunken_rates(selected[alive], people[alive], level=level)
    rows = []
    for place in alive:
        test, p_value = ("", np.nan)
        if place != best:
            test, p_value = _test(table[np.array([place, best])])
            if clusters is not None and test == "z":
                over = _clustered_p(chosen, member == place, member == best, clusters)
                test, p_value = "t", max(p_value, over)
        rows.append({
            "sensitive": sensitive, "group": groups[place],
            "reference_group": groups[best] if place != best else "",
            "rate": rate[place], "reference_rate": rate[best],
            "ratio": rate[place] / rate[best] if rate[best] > 0 else np.nan,
            "test": test, "p_value": p_value,
            **dict(zip(("estimate", "low", "high"), shrunken[:, place].tolist(), strict=True)),
            "people": int(people[place]), "spoken": bool(people[place] >= small),
        })  # fmt: skip
    return rows


def _test(table: np.ndarray) -> tuple[str, float]:
    """Name and two-sided p-value of a 2 x 2 table: rows groups, columns refused and selected."""
    total = table.sum()
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    if expected.min() < 5:
        return "fisher", float(stats.fisher_exact(table)[1])
    people = table.sum(axis=1)
    rates = table[:, 1] / people
    pooled = table[:, 1].sum() / total
    error = np.sqrt(pooled * (1 - pooled) * (1 / people).sum())
    return "z", float(2 * stats.norm.sf(abs(rates[0] - rates[1]) / error))


def _clustered_p(
    chosen: np.ndarray, one: np.ndarray, two: np.ndarray, clusters: np.ndarray
) -> float:
    values = chosen.astype("float64")[:, np.newaxis]
    variance, freedom = clustered_difference(values, one, two, clusters)
    gap = abs(values[one].mean() - values[two].mean())
    if not variance[0] > 0:
        return 0.0 if gap else 1.0
    return float(2 * stats.t.sf(gap / np.sqrt(variance[0]), freedom))
