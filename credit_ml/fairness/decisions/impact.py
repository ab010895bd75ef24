"""The four-fifths rule with its significance, over many groups, and in groups too small to say.

How reports say that a ratio is below four fifths stands in `fairness/audit/words.md.j2`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import Dataset, InputError, cited
from credit_ml.core.figure import Axes
from credit_ml.core.renamed import renamed_keywords
from credit_ml.fairness.audit.compute import SMALL
from credit_ml.fairness.audit.finding import FOUR_FIFTHS
from credit_ml.fairness.checks import binary, named_features
from credit_ml.fairness.finding import GroupFinding
from credit_ml.fairness.tally.grouping import EVERYBODY, Grouping, groupings_of, members_of
from credit_ml.fairness.tally.tally import Tally
from credit_ml.inference import (
    Over,
    People,
    Weighed,
    adjusted,
    checked_level,
    difference,
    equal_shares_test,
    shares_of_counts,
    shrunken_rates,
    weighed_means,
)


class Impact(GroupFinding):
    """Selection rates against the most selected group, tested and shrunken.

    Columns of `table`: the schema's (the estimate is the shrunken rate, the reference group the
    most selected), rate, reference_rate, ratio, test, p_value, p_holm, p_benjamini_hochberg, and
    spoken (whether the group is large enough to be spoken of).

    Examples
    --------
    >>> frame = pd.DataFrame({"x": range(200), "sex": ["f"] * 100 + ["m"] * 100})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> found = adverse_impact(frame["x"] % 100 < 40 + 30 * (frame["x"] > 99), data)
    >>> round(float(found.adverse["ratio"].iloc[0]), 2)
    0.57
    """

    kind: ClassVar[str] = "impact"
    tracked: ClassVar[tuple[str, ...]] = ("measure", "sensitive", "group")
    citations = cited(
        "equal_employment_opportunity_commission_1978", "fisher_1935", "holm_1979", "benjamini_1995"
    )

    @property
    def adverse(self) -> pd.DataFrame:
        """Groups spoken of, below four fifths, and too far below to be chance (Holm)."""
        table = self.table
        short = table["spoken"].astype(bool) & (table["ratio"] < FOUR_FIFTHS)
        short &= table["p_holm"] < 1 - self.parameters["intervals"]
        found: pd.DataFrame = table[short].reset_index(drop=True)
        return found

    def to_track(self) -> pd.DataFrame:
        """Ratios and adjusted p-values, such as ``impact.ratio.hukou.rural``."""
        numbers = self.table.drop(columns=["measure", "estimate"])
        return numbers.melt(
            ["sensitive", "group"], ["ratio", "p_holm"], var_name="measure", value_name="estimate"
        )

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the shrunken rate of every group as a dot with its interval."""
        label = "selection rate, drawn towards the other groups'"
        return self.dots(self.table, axes, label)


@renamed_keywords(intervals_over="over")
def adverse_impact(
    decisions: "npt.ArrayLike",
    dataset: Dataset,
    *,
    sensitive: str | Sequence[str] | None = None,
    intersections: bool = True,
    small: int = SMALL,
    intervals: float = 0.95,
    over: Over = "auto",
) -> Impact:
    """The four-fifths rule, with tests adjusted for the number of groups, and shrunken rates.

    Each group's rate is divided by that of the most selected group of at least `small` people. A
    ratio below 0.8 is the guidelines' evidence of adverse impact, "significant in both statistical
    and practical terms": the tests say whether it is chance. They ask of each group whether it is
    selected less than all others of its feature together: a test against the most selected of ten
    equal groups, chosen because luck favoured it, finds "adverse" in 14 of 100 audits, not in 5.

    - test: one-sided; "fisher", exact, where any expected count is below 5; else "z" of two
      proportions (pooled); where clusters are counted, "t" of the difference over them, never
      smaller than z's p-value. People with weights count as the number who would make the share
      as uncertain, for the tests and for the prior.
    - p_holm: holds the chance of any false alarm over all groups of the table;
      p_benjamini_hochberg: the expected share of false ones among the alarms.
    - estimate, low, high: posterior mean and quantiles of the rate under a beta prior that the
      feature's groups share and that is itself unknown (full Bayes, `shrunken_rates`): a group of
      ten borrows from the others, one of ten thousand stands for itself. They treat people as
      independent.

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
    over : {"auto", "people", "clusters"}
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
    asked = named_features(sensitive, dataset)
    features = dataset.sensitive[asked]
    chosen = binary(decisions, "decisions", dataset.X.index)
    people = People.of(dataset, over=over)
    parts = []
    tally = Tally.of(chosen, features, weights=people.relative)
    for name, grouping in groupings_of(tally, intersections=intersections).items():
        if name != EVERYBODY:
            shared = None
            if people.counted == "clusters":
                shared = _p_over_clusters(members_of(features, grouping), chosen, people)
            parts.append(_rows(grouping, shared, small, level))
    found = Impact.of_rows(
        pd.concat(parts, ignore_index=True),
        "Four fifths of the most selected group's rate, and whether it is chance",
        people,
        level,
        "Rates with their intervals are drawn towards the other groups of the feature; "
        f"of groups of fewer than {small} people no verdict is given. Ratios are to the most "
        "selected group; tests compare with all other groups together.",
        small=small,
    )
    table = found.table
    spoken, (holm, hochberg) = table.pop("spoken"), adjusted(table["p_value"].to_numpy())
    return replace(
        found, table=table.assign(p_holm=holm, p_benjamini_hochberg=hochberg, spoken=spoken)
    )


def _rows(grouping: Grouping, shared: np.ndarray | None, small: int, level: float) -> pd.DataFrame:
    """One row a group with people; `shared` are p-values over clusters."""
    number, (hits, sizes) = grouping.people, _selected(grouping)
    rate = np.divide(hits[:, 0], sizes[:, 0], out=np.full(len(number), np.nan), where=number > 0)
    alive = np.flatnonzero(number)
    judged = number >= small
    able = np.where(judged, rate, -1.0) if judged.any() else np.nan_to_num(rate, nan=-1.0)
    best = int(np.argmax(able))
    shrunken = shrunken_rates(hits[alive, 0], sizes[alive, 0], level=level)
    others = [
        _against_others(hits[each], sizes[each], None if shared is None else float(shared[each]))
        for each in alive
    ]
    return pd.DataFrame(
        {
            "measure": "shrunken_selection_rate",
            "sensitive": grouping.name,
            "group": [grouping.groups[each] for each in alive],
            "reference_group": ["" if each == best else grouping.groups[best] for each in alive],
            **dict(zip(("estimate", "low", "high"), shrunken, strict=True)),
            "people": number[alive],
            "rate": rate[alive],
            "reference_rate": rate[best],
            "ratio": rate[alive] / rate[best] if rate[best] > 0 else np.nan,
            "test": [test for test, _ in others],
            "p_value": [p_value for _, p_value in others],
            "spoken": judged[alive],
        }
    )


def _against_others(hits: np.ndarray, sizes: np.ndarray, shared: float | None) -> tuple[str, float]:
    """Test whether a group is selected less than everybody else."""
    if not sizes.all():
        return "", np.nan
    test, p_value = equal_shares_test(hits, sizes, alternative="less")
    return (test, p_value) if shared is None or test != "z" else ("t", max(p_value, shared))


def _p_over_clusters(member: np.ndarray, chosen: np.ndarray, people: People) -> np.ndarray:
    """One-sided p-value over clusters of each group against everybody else."""
    counts = [people.sums(member, int(member.max()) + 1, each) for each in (chosen, None)]
    inside, outside = (
        shares_of_counts(*sides, clustered=True)
        for sides in (counts, [each.sum(axis=1, keepdims=True) - each for each in counts])
    )
    gap = difference(inside, outside, disjoint=True)
    tail = gap.p_value(over="clusters") / 2
    return np.asarray(np.where(gap.value < 0, tail, 1 - tail))


def _selected(grouping: Grouping) -> tuple[np.ndarray, np.ndarray]:
    """Selected and all of each group and of everybody else, both of shape (groups, 2).

    Of people with weights as many as would make the share as uncertain.
    """
    counts = grouping.counts[:, 0, :]
    if grouping.weight is None or grouping.weight_squares is None:
        several = [counts[:, 1], grouping.people]
        hits, sizes = (np.stack([own, own.sum() - own], axis=1) for own in several)
        return hits, sizes
    parts = [counts, grouping.weight[:, 0, :], grouping.weight_squares[:, 0, :]]
    people, weight, squares = (np.stack([own, own.sum(axis=0) - own], axis=1) for own in parts)
    everybody = Weighed(weight.sum(axis=-1), squares.sum(axis=-1), people.sum(axis=-1))
    chosen = squares[..., 1]
    share = weighed_means(weight[..., 1], everybody, chosen, chosen, family="share")
    spread, size = share.value * (1 - share.value), np.array(share.worth)
    np.divide(spread, share.variance, out=size, where=(spread > 0) & (share.variance > 0))
    return np.nan_to_num(share.value) * size, size
