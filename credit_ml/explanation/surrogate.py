"""How much of a score a sum over features says, and for whom it says less."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, Finding, InputError, Streams
from credit_ml.core.figure import axes_or_new, styled
from credit_ml.explanation.figure import dots
from credit_ml.explanation.intervals import (
    Array,
    Clusters,
    checked_level,
    half_width,
    of_means,
    of_share,
)
from credit_ml.explanation.sample import groups_of, sampled, unseen_by
from credit_ml.scoring import (
    FeatureEncoder,
    Output,
    checked_threshold,
    display_name,
    score_function,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Fewer people than this leave each half too few to learn curves from.
FEWEST = 200
#: Of each sum. With 150, a scorecard of 31 features was reproduced to an R squared of 0.965 only;
#: with 400 to 0.990, with 800 to 0.995 (6,000 people of the baseline world).
STUMPS = 400
#: Label of the figure's axis, and the value at which nothing is lost.
SHOWN = {
    "r_squared": ("explained by a sum over features (R squared)", 1.0),
    "absolute_error": ("mean absolute error ({unit})", 0.0),
    "alike": ("share of decisions alike", 1.0),
}


@dataclass(frozen=True, kw_only=True)
class SurrogateFidelity(Finding):
    """How well a sum over features reproduces a model's number, by group.

    Columns of `table`: measure, sensitive, group, estimate, low, high, people, unit. "r_squared":
    1 where a sum over features says everything of the group's scores, 0 where it says no more
    than the group's mean, below 0 where it misleads; "absolute_error": mean distance between sum
    and model; "alike": share of people whom both put on the same side of the threshold.
    """

    kind: ClassVar[str] = "surrogate_fidelity"
    citations: ClassVar[tuple[str, ...]] = (
        "Balagopalan, A., Zhang, H., Hamidieh, K., Hartvigsen, T., Rudzicz, F. and Ghassemi, M. "
        "(2022). The road to explainability is paved with bias: measuring the fairness of "
        "explanations. FAccT.",
        "Dai, J., Upadhyay, S., Aivodji, U., Bach, S. H. and Lakkaraju, H. (2022). Fairness via "
        "explanation quality: evaluating disparities in the quality of post hoc explanations. "
        "AIES.",
        "Hastie, T. and Tibshirani, R. (1986). Generalized additive models. Statistical Science "
        "1(3), 297-310.",
    )

    @styled
    def plot(self, axes: "Axes | None" = None, *, measure: str = "r_squared") -> "Axes":
        """Draw one measure of everybody and of each group; the line is where nothing is lost."""
        if measure not in set(self.table["measure"]):
            known = ", ".join(self.table["measure"].unique())
            raise InputError("measure", f"is '{measure}'", f"known: {known}")
        label, perfect = SHOWN[measure]
        rows = self.table[self.table["measure"] == measure]
        return dots(
            rows, axes_or_new(axes, height=1.0 + 0.3 * len(rows)),
            label=label.format(unit=self.parameters["unit"]), perfect=perfect,
        )  # fmt: skip

    def metrics(self) -> dict[str, float]:
        """Each measure by feature and group."""
        return {
            f"surrogate_fidelity.{row['measure']}.{row['sensitive']}.{row['group']}":
                row["estimate"]
            for row in self.table.to_dict("records")
            if np.isfinite(row["estimate"])
        }  # fmt: skip


def surrogate_fidelity(
    model: Any, dataset: Dataset, *, sensitive: str | None = None, output: Output = "log_odds",
    threshold: float | None = None, people: int = 20_000, intervals: float = 0.95, seed: int = 0,
) -> SurrogateFidelity:  # fmt: skip
    """How well a sum over features reproduces a model's number, overall and by group.

    The sum g is of boosted stumps, one feature each, learned from the model's own numbers f on one
    half of the people and judged on the other, then the other way round. In each group

        R squared = 1 - mean (f - g)**2 / mean (f - group mean)**2

    1: reasons by feature are complete; 0: they say no more than the group's mean. A group with a
    lower one is told reasons that are less true of it. Intervals are by influence functions, with
    the two sums as they are.

    Cost: one scoring of `people`, and two fits of 400 stumps.

    Parameters
    ----------
    model : rater, classifier, regressor, CrossFitted or function
        Of a CrossFitted, the first fold's model on the people that it did not see.
    dataset : Dataset
    sensitive : str, optional
        Also by group of this sensitive feature.
    output : {"score", "log_odds", "probability"}
        The number reproduced; the log-odds of a sure forest are far from all others.
    threshold : float, optional
        In the unit of the output; with it, the share of people decided alike.
    people : int
        Sample that it is learned from and judged on; all when there are fewer.
    intervals : float
        Level, over people, or over the dataset's clusters.
    seed : int
        Of the sample and the halves.

    Raises
    ------
    InputError
        When there are fewer than 200 people, or the threshold or level is out of range.
    TableError
        When there is no such sensitive feature.
    ModelError
        When the model cannot give the output.

    References
    ----------
    Balagopalan, A. et al. (2022). The road to explainability is paved with bias. FAccT.
    Hampel, F. R. (1974). The influence curve and its role in robust estimation. Journal of the
    American Statistical Association 69, 383-393.

    Examples
    --------
    >>> people = pd.DataFrame({"a": np.arange(400) % 20, "b": np.arange(400) // 20})
    >>> data = Dataset.from_frame(people, target=None, sensitive=[])
    >>> found = surrogate_fidelity(lambda X: X["a"] + X["b"], data, output="score")
    >>> found.metrics()["surrogate_fidelity.r_squared.overall.all"] > 0.97
    True
    """
    level = checked_level(intervals)
    asked, known, _ = unseen_by(model, dataset)
    line = None if threshold is None else _checked_line(asked, threshold, output)
    rows = sampled(known, people, seed=seed, stream="explanation.sample")
    if len(rows) < FEWEST:
        raise InputError("people", f"are {len(rows)}", f"give at least {FEWEST}")
    sample = known.take(rows)
    score = score_function(asked, output)
    told = score(sample.X)
    summed = _by_sums(sample.X, told, seed)
    clusters = sample.clusters()
    table = []
    for group in groups_of(sample, sensitive):
        own = None if clusters is None else clusters[group.member]
        found = _measured(told[group.member], summed[group.member], own, line, level)
        labels = {"sensitive": group.sensitive, "group": group.name}
        units = {"r_squared": "share of variance", "absolute_error": score.unit,
                 "alike": "share of people"}  # fmt: skip
        table += [
            {"measure": measure, **labels, "estimate": estimate, "low": low, "high": high,
             "people": int(group.member.sum()), "unit": units[measure]}
            for measure, (estimate, low, high) in found.items()
        ]  # fmt: skip
    return SurrogateFidelity(
        table=pd.DataFrame(table).sort_values("measure", key=_order, kind="stable",
                                              ignore_index=True),
        title=f"How much of {display_name(model)} a sum over features says",
        parameters={
            "rater": display_name(model), "sensitive": sensitive, "output": output,
            "unit": score.unit, "threshold": line, "people": len(sample), "intervals": intervals,
        },
        seed=seed,
        notes=(
            "The sum is learned, so that the best one may say a little more than is shown: a score "
            "that is a sum comes near 1 and not quite to it.",
            "R squared of a group is against the group's own mean: with the same error it is lower "
            "where scores differ less.",
        ),
    )  # fmt: skip


def _order(measures: pd.Series) -> pd.Series:
    return measures.map({measure: number for number, measure in enumerate(SHOWN)})


def _checked_line(model: Any, threshold: float, output: Output) -> float:
    if output == "score":
        return checked_threshold(model, threshold)
    low, high = (0.0, 1.0) if output == "probability" else (-np.inf, np.inf)
    if not (np.isfinite(threshold) and low <= threshold <= high):
        raise InputError("threshold", f"is {threshold:g}", "give a number that the output takes")
    return float(threshold)


def _by_sums(X: pd.DataFrame, told: Array, seed: int) -> Array:
    """What a sum of stumps that did not see a person says of the person."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    encoded = FeatureEncoder().fit(X).transform(X)
    order = Streams(seed).generator("explanation.halves").permutation(len(X))
    summed = np.empty(len(X))
    for judged in (0, 1):
        mine, others = order[judged::2], order[1 - judged :: 2]
        stumps = HistGradientBoostingRegressor(max_depth=1, max_iter=STUMPS, learning_rate=0.25,
                                               early_stopping=False, random_state=0)  # fmt: skip
        stumps.fit(encoded.iloc[others], told[others])
        summed[mine] = stumps.predict(encoded.iloc[mine])
    return summed


def _measured(
    told: Array, summed: Array, clusters: Clusters, line: float | None, level: float
) -> dict[str, tuple[float, float, float]]:
    missed = np.abs(told - summed)
    mean, low, high = (float(part) for part in of_means(missed, clusters, level=level))
    found = {
        "r_squared": _r_squared(told, missed**2, clusters, level),
        "absolute_error": (mean, max(0.0, low) if low == low else low, high),
    }
    if line is not None:
        alike: NDArray[np.bool_] = (told >= line) == (summed >= line)
        found["alike"] = of_share(alike, clusters, level=level)
    return found


def _r_squared(
    told: Array, squared: Array, clusters: Clusters, level: float
) -> tuple[float, float, float]:
    """R squared, undefined where everybody has the same score."""
    if np.ptp(told) == 0:
        return np.nan, np.nan, np.nan
    away = (told - told.mean()) ** 2
    ratio = squared.mean() / away.mean()
    # Of a ratio of means; the influence of the mean itself on the variance is 0.
    influence = -(squared - ratio * away) / away.mean()
    half = float(half_width(influence, clusters, level=level))
    return 1 - ratio, 1 - ratio - half, min(1.0, 1 - ratio + half) if half == half else half
