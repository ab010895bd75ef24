"""Whether a probability means the same for every group."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from credit_ml.core import Dataset, InputError, beside, cited
from credit_ml.core.figure import INK, Axes
from credit_ml.fairness.checks import old_options, probabilities
from credit_ml.fairness.finding import GroupFinding
from credit_ml.inference import (
    Estimate,
    Over,
    People,
    Weighed,
    checked_level,
    groups_of,
    means_of_sums,
    noise_of,
    norm_of,
    shares_of_counts,
    weighed_means,
)

#: Measures in one number a group, and what they are.
CALIBRATION_MEASURES: dict[str, str] = beside(__file__)["measures"]


class Calibration(GroupFinding):
    """Reliability of probabilities by group.

    Columns of `table`: the schema's, bin, forecast and reason. Rows of measure "reliability" are
    one a bin: mean forecast, and the share that kept the obligation; other measures
    (`CALIBRATION_MEASURES`) have neither bin nor forecast.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"chance": [0.2, 0.4, 0.6, 0.8], "paid": [0, 1, 0, 1]})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> found = calibration(frame["chance"], data).where(measure="balance_kept")
    >>> round(float(found.overall["balance_kept"]), 2)
    0.6
    """

    kind: ClassVar[str] = "calibration"
    labels: ClassVar[tuple[str, ...]] = ("bin",)
    called = CALIBRATION_MEASURES | {"reliability": "share that kept, of a tenth by forecast"}
    shown_in: ClassVar[dict[str, str]] = beside(__file__)["units"]
    absent = "it is measured of a whole group, and not of one tenth"
    citations = cited("cox_1958", "kleinberg_2017", "naeini_2015")
    tracked: ClassVar[tuple[str, ...]] = ("measure", "sensitive", "group")

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Rebuild a finding; slopes stored before 0.2 counted everybody in every group."""
        found = super().from_dict(stored)
        table, place = found.table, ["sensitive", "group"]
        own = table[table["measure"] == "in_the_large"].set_index(place)["people"]
        slope = table["measure"] == "slope"
        known = own.reindex(pd.MultiIndex.from_frame(table.loc[slope, place])).to_numpy()
        people = table["people"].astype("float64")
        people[slope] = np.where(np.isnan(known), people[slope], known)
        return replace(found, table=table.assign(people=people.astype(table["people"].dtype)))

    def to_track(self) -> pd.DataFrame:
        """Every measure but the bins, such as ``calibration.slope.hukou.rural``."""
        return self.table[self.table["measure"] != "reliability"]

    def plot(self, axes: Axes | None = None, *, sensitive: str | None = None) -> Axes:
        """Draw frequency against forecast, a line a group of one feature; the diagonal is right.

        Raises
        ------
        TableError
            When the finding has no such feature.
        """
        from credit_ml.fairness.figure import curves_by_group

        across = f"share with the favourable outcome\n{self.level_text} intervals"
        axes = curves_by_group(
            self.of_feature(self.table[self.table["measure"] == "reliability"], sensitive),
            axes,
            across="forecast",
            points=True,
            title=self.title,
            labels=("mean probability foretold", across),
        )
        axes.axline((0, 0), slope=1, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
        return axes


@old_options()
def calibration(
    probability: "npt.ArrayLike",
    dataset: Dataset,
    *,
    sensitive: str | Sequence[str] | None = None,
    bins: int = 10,
    rater: str = "",
    intervals: float = 0.95,
    over: Over = "auto",
) -> Calibration:
    """Reliability curves, calibration error, slope and balance of probabilities by group.

    - reliability: in each of `bins` bins of equally many of the group's people (of equal weight,
      where people have weights), the mean
      probability and the share that kept the obligation; Wilson's interval, of the people over
      the design effect where clusters are counted.
    - expected_calibration_error: ``sum_b n_b / n |share_b - forecast_b|``; 0 when every bin is
      right. It is a norm of the vector of deviations d, never negative, and positive by chance
      alone; since ``| ||d|| - ||delta|| | <= ||d - delta||``, its interval is
      ``[max(0, ECE - q), ECE + q]`` with q the quantile of the norm of pure noise (drawn with
      the bins' variances, at least those of right forecasts, over clusters where they are
      counted), as in `spread`: it holds 0 when the group is calibrated, which the interval of a
      plain bootstrap never does.
    - in_the_large: mean of y - probability; 0 is right on average.
    - slope: of the logistic regression of y on the log-odds; 1 is right. Undefined where
      probabilities are 0 or 1, or separate the outcomes.
    - balance_kept, balance_not_kept: mean probability of those who did and did not keep it
      (balance for the classes); equal over groups when met. It cannot hold together with
      calibration where base rates differ.

    Cost: one sort a group.

    Parameters
    ----------
    probability : array-like of float in [0, 1], one a person
    dataset : Dataset
        With an outcome.
    sensitive : str or sequence of str, optional
        All by default.
    bins : int
        At least 2; a group of fewer than ten people a bin gets fewer bins.
    rater : str
        Whose probabilities, for titles.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        As in `audit`.

    Raises
    ------
    TableError
        When the outcome is unknown or a probability is missing or outside [0, 1].
    InputError
        When an option is out of range.

    Examples
    --------
    >>> import pandas as pd
    >>> chance = np.repeat([0.2, 0.8], 50)
    >>> frame = pd.DataFrame({"x": chance, "paid": ([1] + [0] * 4) * 10 + ([0] + [1] * 4) * 10})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> found = calibration(chance, data, bins=2).metrics()
    >>> round(found["calibration.expected_calibration_error"], 9)
    0.0
    """
    level = checked_level(intervals)
    if isinstance(bins, bool) or not isinstance(bins, int) or bins < 2:
        raise InputError("bins", f"is {bins!r}", "give at least 2")
    kept = dataset.outcome(needed_for="calibration").to_numpy() == 1
    chance = probabilities(probability, dataset)
    people = People.of(dataset, over=over)
    rows: list[dict[str, object]] = []
    for name, group, who in groups_of(dataset, sensitive):
        labels = {"sensitive": name, "group": group}
        found = _of_group(chance, kept, who, people, bins)
        rows += [labels | own | each.facts(level) for own, each in found]
    return Calibration.of_rows(
        rows,
        f"{rater}: what probabilities mean" if rater else "What probabilities mean, by group",
        people,
        level,
        "Bins hold equally many people of the group, so that they differ between groups. "
        "Where base rates differ, calibration and balance exclude each other.",
        rater=rater,
        bins=bins,
    )


def _of_group(
    chance: np.ndarray, kept: np.ndarray, who: np.ndarray, people: People, bins: int
) -> list[tuple[dict[str, object], Estimate]]:
    """Own columns and number of every measure of one group."""
    places = np.flatnonzero(who)
    own, miss = people.each[who], kept - chance
    bin_of = _bin_of(chance[who], bins, None if people.relative is None else own)
    forecasts = np.bincount(bin_of, own * chance[who]) / np.bincount(bin_of, own)
    width, clustered = len(forecasts), people.counted == "clusters"
    counts = [people.sums(bin_of, width, each, places) for each in (kept[who], miss[who], None)]
    good, missed, number = counts if clustered else [each[0] for each in counts]
    squares = [
        people.square_sums(bin_of, width, each, places)
        for each in (kept[who], miss[who] ** 2, miss[who], None, (chance * (1 - chance))[who])
    ]
    weighed = Weighed(number, squares[3], np.bincount(bin_of).astype("float64"))
    if people.relative is None:
        shares = shares_of_counts(good, number, clustered=clustered)
    else:
        asked: dict[str, Any] = {"clustered": clustered, "family": "share"}
        shares = weighed_means(good, weighed, squares[0], squares[0], **asked)
    found: list[tuple[dict[str, object], Estimate]] = [
        ({"measure": "reliability", "bin": place + 1, "forecast": float(share)}, shares[place])
        for place, share in enumerate(forecasts)
    ]
    # A bin in which all happened to keep shows no spread; were its forecasts right it had theirs.
    mean = (missed.sum(axis=0) if clustered else missed) / np.bincount(bin_of, own)
    foretold = squares[4] * (1 - 1 / weighed.people)
    spread = np.maximum(squares[1], foretold + 2 * mean * squares[2] - mean**2 * squares[3])
    numbers = {
        "expected_calibration_error": _error(missed, weighed, spread, squares[2], people),
        "in_the_large": people.mean(miss, who, bounds=(-1.0, 1.0)),
        "slope": _slope(chance, kept, who, people),
        "balance_kept": people.mean(chance, who & kept, bounds=(0.0, 1.0)),
        "balance_not_kept": people.mean(chance, who & ~kept, bounds=(0.0, 1.0)),
    }
    found += [({"measure": measure}, each) for measure, each in numbers.items()]
    return found


def _bin_of(chance: np.ndarray, bins: int, weights: np.ndarray | None) -> np.ndarray:
    """Bins of equally many people (or weight); people with the same probability share one."""
    number = max(1, min(bins, len(chance) // 10))
    how: Any = {} if weights is None else {"weights": weights, "method": "inverted_cdf"}
    edges = np.unique(np.quantile(chance, np.arange(1, number) / number, **how))
    found = np.searchsorted(edges, chance, side="right")
    # Bins that nobody is in are left out.
    return np.asarray((np.cumsum(np.bincount(found) > 0) - 1)[found])


def _error(
    sums: np.ndarray, weighed: Weighed, squares: np.ndarray, crossed: np.ndarray, people: People
) -> Estimate:
    """Mean over bins of the distance of forecast and frequency, whose noise is a norm's."""
    number, bounds = weighed.weight, (-1.0, 1.0)
    if clustered := number.ndim > 1:
        there = number.any(axis=1)
        clustered = there.sum() > 1
        sums, number = (each[there] if clustered else each.sum(axis=0) for each in (sums, number))
    if people.relative is None:
        errors = means_of_sums(sums, number, squares, clustered=clustered, bounds=bounds)
    else:
        own = weighed._replace(weight=number)
        errors = weighed_means(sums, own, squares, crossed, clustered=clustered, bounds=bounds)
    size = number.sum(axis=0) if clustered else number
    weights = size / size.sum()
    value = float((np.abs(errors.value) * weights).sum())
    noise = noise_of(errors, weights, clustered=False)
    shared = noise_of(errors, weights, clustered=True) if clustered else None
    norm = norm_of(value, noise, shared, people, bounds=(0.0, 1.0))
    return replace(norm, people=np.asarray(errors.people.sum()))


def _slope(chance: np.ndarray, kept: np.ndarray, who: np.ndarray, people: People) -> Estimate:
    """Logistic slope by Newton's method, with the sandwich variance over people or clusters."""
    pull, sides = np.zeros(len(chance)), (who & kept, who & ~kept)
    slope, influence = _newton(chance[who], kept[who], people.each[who])
    pull[who] = influence
    found = people.from_influence(slope, pull, parts=sides)
    return replace(found, people=np.asarray(float((people.each[who] > 0).sum())))


def _newton(chance: np.ndarray, kept: np.ndarray, weights: np.ndarray) -> tuple[float, np.ndarray]:
    """Slope, and each person's contribution to its error; NaN where there is none."""
    nothing = (float("nan"), np.zeros(len(chance)))
    if chance.min() <= 0 or chance.max() >= 1 or kept.all() or not kept.any():
        return nothing
    odds = special.logit(chance)
    squares = odds**2
    beta = np.array([0.0, 1.0])
    for _ in range(50):
        fitted = special.expit(beta[0] + beta[1] * odds)
        weight, miss = weights * fitted * (1 - fitted), weights * (kept - fitted)
        cross = weight @ odds
        curve = np.array([[weight.sum(), cross], [cross, weight @ squares]])
        if np.linalg.cond(curve) > 1e12:  # one probability, or apart
            return nothing
        step = np.linalg.solve(curve, [miss.sum(), miss @ odds])
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            pull = np.linalg.inv(curve)[:, 1]
            return float(beta[1]), miss * (pull[0] + pull[1] * odds)
    return nothing
