"""Who would pass at other thresholds: selection and both kinds of mistakes, group by group."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import Array, Dataset, InputError, Mask, cited
from credit_ml.core.figure import Axes
from credit_ml.fairness.checks import finite
from credit_ml.fairness.finding import GroupFinding
from credit_ml.fairness.metrics import MEANINGS
from credit_ml.inference import (
    Comparison,
    Estimate,
    Over,
    People,
    Weighed,
    checked_level,
    comparisons_of,
    difference,
    groups_of,
    shares_of_counts,
    weighed_means,
)

#: What is measured at each threshold; without an outcome the first alone.
CURVES = ("selection_rate", "true_positive_rate", "false_positive_rate")
#: Shares of people below whose score, and above whose, no threshold is proposed.
ENDS = (0.005, 0.995)


class ThresholdCurve(GroupFinding):
    """Selection, true positive and false positive rates by group, at each of many thresholds.

    Columns of `table`: the schema's, and threshold. Quantities: "value", a group's own rate, and
    "difference", group minus reference_group at the same threshold.

    Examples
    --------
    >>> frame = pd.DataFrame({"score": [1.0, 2, 3, 4], "sex": list("ffmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> found = threshold_curve(frame["score"], data, thresholds=[2, 3])
    >>> found.where(group="f", quantity="value").table["estimate"].tolist()
    [0.5, 0.0]
    """

    kind: ClassVar[str] = "threshold_curve"
    labels: ClassVar[tuple[str, ...]] = ("threshold",)
    citations = cited("newcombe_1998", "hardt_2016")
    tracked: ClassVar[tuple[str, ...]] = ("measure", "sensitive", "group")

    def to_track(self) -> pd.DataFrame:
        """Nothing: an audit has the numbers of the threshold that holds."""
        return self.table.head(0)

    def plot(
        self,
        axes: Axes | None = None,
        *,
        measure: str = "selection_rate",
        sensitive: str | None = None,
    ) -> Axes:
        """Draw one rate against the threshold, a line a group of one feature.

        Raises
        ------
        TableError
            When the finding has no such feature.
        """
        from credit_ml.fairness.figure import curves_by_group

        rows = self.where(quantity="value", measure=measure).table
        return curves_by_group(
            self.of_feature(rows, sensitive),
            axes,
            across="threshold",
            title=self.title,
            labels=("selected from this score on", f"share {MEANINGS[measure]}"),
        )


def threshold_curve(
    scores: "npt.ArrayLike",
    dataset: Dataset,
    *,
    thresholds: Sequence[float] | int = 41,
    named: Mapping[str, float] | None = None,
    sensitive: str | Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | str | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
) -> ThresholdCurve:
    """Who would pass at each threshold t, ``P(s >= t | group)``, and who of those who keep or not.

    The true positive rate is that of people who kept the obligation, the false positive rate of
    those who did not; 0 means that nobody passes. Intervals are those of `audit` at one threshold:
    Wilson's of shares, Newcombe's of differences, over people or clusters, one at a time.

    Cost: one pass over the people for each group, whatever the number of thresholds.

    Parameters
    ----------
    scores : array-like of float, one a person
        Larger is better.
    dataset : Dataset
    thresholds : sequence of float, or int
        Where to measure; a number makes at most as many, at round numbers.
    named : mapping of str to float, optional
        Thresholds that must be among them: those in force, by what is then granted.
    sensitive : str or sequence of str, optional
    reference_groups : mapping of str to str, or str, optional
        Reference group of a feature; its most numerous group by default.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        As in `audit`.

    Raises
    ------
    TableError
        When scores, a feature or a group cannot be used.
    InputError
        When an option is out of range.

    Examples
    --------
    >>> frame = pd.DataFrame({"score": range(100), "sex": ["f", "m"] * 50, "paid": [0, 1] * 50})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> found = threshold_curve(frame["score"], data, thresholds=5, named={"a car": 33})
    >>> sorted(set(found.table["threshold"]))
    [20.0, 33.0, 40.0, 60.0, 80.0]
    """
    level = checked_level(intervals)
    points = finite(scores, "scores", dataset.X.index)
    cuts = np.union1d(
        _cuts(thresholds, points), np.array([*(named or {}).values()], dtype="float64")
    )
    kept = None if dataset.y is None else dataset.y.to_numpy() == 1
    people = People.of(dataset, over=over)
    reached = np.searchsorted(cuts, points, side="right")
    rates: dict[tuple[str, str], Estimate] = {}
    parts = []
    for feature, group, who in groups_of(dataset, sensitive):
        found = _rates(reached, kept, who, len(cuts), people)
        rates[feature, group] = found
        parts.append(_rows(found, int(who.sum()), cuts, level, sensitive=feature, group=group))
    pairs = comparisons_of(dataset, sensitive, reference_groups)
    parts += [_compared(rates, pair, cuts, level) for pair in pairs]
    return ThresholdCurve.of_rows(
        pd.concat(parts, ignore_index=True),
        "Who would pass, by threshold and group",
        people,
        level,
        "Each threshold is measured by itself, on the people as they are: moving it does not move "
        "what they do.",
        named=named,
    )


def _cuts(thresholds: Sequence[float] | int, points: Array) -> Array:
    if isinstance(thresholds, int):
        InputError.unless_at_least(2, "thresholds", thresholds)
        return round_numbers(*np.quantile(points, ENDS), most=thresholds)
    cuts = np.asarray(list(thresholds), dtype="float64")
    usable = cuts.size and np.isfinite(cuts).all()
    InputError.unless(usable, "thresholds", f"are {list(thresholds)}", "give finite numbers")
    return np.unique(cuts)


def round_numbers(low: float, high: float, *, most: int) -> Array:
    """Return at most so many round numbers from low to high; the middle where there are none.

    Examples
    --------
    >>> round_numbers(403.0, 871.0, most=6).tolist()
    [500.0, 600.0, 700.0, 800.0]
    """
    if high <= low:
        return np.array([float(low)])
    least = (high - low) / most
    power = 10.0 ** np.floor(np.log10(least))
    step = power * next(each for each in (1, 2, 5, 10) if power * each >= least * (1 - 1e-9))
    places = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1)
    # Divided by whole numbers, 0.7 is not written 0.7000000000000001.
    found = places * step if step >= 1 else places / np.round(1 / step)
    return np.asarray(found if len(found) else [(low + high) / 2])[:most]


def _rates(reached: Any, kept: Mask | None, who: Mask, cuts: int, people: People) -> Estimate:
    """Rates of a group at each cut, shape (cuts, measures), from counts of people between cuts."""
    outcomes, width, clustered = 1 if kept is None else 2, cuts + 1, people.counted == "clusters"
    cells = reached[who] * outcomes + (0 if kept is None else kept[who])
    shape = (width, outcomes)
    counts = people.sums(cells, width * outcomes, who=who).reshape(-1, *shape)
    hits, whole = _parts(counts if clustered else counts[0])
    if people.relative is None:
        return shares_of_counts(hits, whole, clustered=clustered)
    squares = _parts(people.square_sums(cells, width * outcomes, who=who).reshape(shape))
    number = _parts(np.bincount(cells, minlength=width * outcomes).reshape(shape))[1]
    weighed = Weighed(whole, squares[1], number)
    return weighed_means(hits, weighed, squares[0], squares[0], clustered=clustered, family="share")


def _parts(counts: Any) -> tuple[Array, Array]:
    """Who passes at each cut, and of whom it is a share, of counts (..., between cuts, kept)."""
    total = counts.sum(axis=-2, keepdims=True)
    above = total - counts.cumsum(axis=-2)[..., :-1, :]
    total = np.broadcast_to(total, above.shape)
    # Everybody, then those who kept, then those who did not.
    own = range(counts.shape[-1] - 1, -1, -1) if counts.shape[-1] > 1 else ()
    hits, whole = (
        np.stack([part.sum(axis=-1), *(part[..., each] for each in own)], axis=-1)
        for part in (above, total)
    )
    return hits.astype("float64"), whole.astype("float64")


def _compared(
    rates: dict[tuple[str, str], Estimate], pair: Comparison, cuts: Array, level: float
) -> pd.DataFrame:
    one, other = (rates[pair.sensitive, each] for each in (pair.group, pair.reference_group))
    found = difference(one, other, disjoint=True)
    counted = int(pair.inside.sum())
    return _rows(found, counted, cuts, level, quantity="difference", **pair.labels)


def _rows(found: Estimate, people: int, cuts: Array, level: float, **labels: str) -> pd.DataFrame:
    low, high = found.interval(level)
    names = CURVES[: found.value.shape[1]]
    return pd.DataFrame(
        {
            **labels,
            "measure": np.repeat(names, len(cuts)),
            "threshold": np.tile(cuts, len(names)),
            "estimate": found.value.ravel("F"),
            "low": np.asarray(low).ravel("F"),
            "high": np.asarray(high).ravel("F"),
            "people": people,
            "clusters": found.clusters if found.over == "clusters" else 0,
        }
    )
