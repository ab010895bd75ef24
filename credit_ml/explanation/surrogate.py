"""How much of a score a sum over features says, and for whom it says less."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, TypedDict, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import (
    Array,
    Dataset,
    Finding,
    InputError,
    Streams,
    beside,
    cited,
    conform,
    refuse_weights,
)
from credit_ml.core.figure import Axes, points_by_group
from credit_ml.explanation.sample import sample_of
from credit_ml.inference import Estimate, Over, People
from credit_ml.scoring import FeatureEncoder, Output, checked_threshold, score_function

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


class SurrogateFidelity(Finding):
    """How well a sum over features reproduces a model's number, by group.

    Own column of `table`: unit. "r_squared":
    1 where a sum over features says everything of the group's scores, 0 where it says no more
    than the group's mean, below 0 where it misleads; "absolute_error": mean distance between sum
    and model; "alike": share of people whom both put on the same side of the threshold.

    Examples
    --------
    >>> row = {"measure": "r_squared", "estimate": 0.9, "unit": "share of variance"}
    >>> SurrogateFidelity(table=conform([row]), title="").metrics()
    {'surrogate_fidelity.r_squared.overall.all': 0.9}
    """

    kind: ClassVar[str] = "surrogate_fidelity"
    tracked: ClassVar[tuple[str, ...]] = ("measure", "sensitive", "group")
    citations = cited("balagopalan_2022", "dai_2022", "hastie_1986")

    def plot(self, axes: Axes | None = None, *, measure: str = "r_squared") -> Axes:
        """Draw one measure of everybody and of each group; the line is where nothing is lost."""
        if measure not in set(self.table["measure"]):
            known = ", ".join(self.table["measure"].unique())
            raise InputError("measure", f"is '{measure}'", f"known: {known}")
        label, perfect = SHOWN[measure]
        rows = self.table[self.table["measure"] == measure]
        label = label.format(unit=self.parameters["unit"])
        return points_by_group(axes, rows, label, perfect=perfect)


class SampleOptions(TypedDict, total=False):
    """Whom `surrogate_fidelity` learns from and judges on."""

    people: int
    seed: int


def surrogate_fidelity(
    model: Any,
    dataset: Dataset,
    *,
    sensitive: str | Sequence[str] | None = None,
    output: Output = "log_odds",
    threshold: float | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
    **options: Unpack[SampleOptions],
) -> SurrogateFidelity:
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
    sensitive : str or sequence of str, optional
        Also by group of these sensitive features.
    output : {"score", "log_odds", "probability"}
        The number reproduced; the log-odds of a sure forest are far from all others.
    threshold : float, optional
        In the unit of the output; with it, the share of people decided alike.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        What intervals count.
    people : int
        Sample that it is learned from and judged on, 20,000; all when there are fewer.
    seed : int
        Of the sample and the halves, 0.

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
    refuse_weights(dataset, "surrogate_fidelity")
    seed, size = options.get("seed", 0), options.get("people", 20_000)
    sample = sample_of(
        model, dataset, sensitive, people=size, intervals=intervals, over=over, seed=seed
    )
    people, size = sample.people, len(sample.rows)
    InputError.unless(size >= FEWEST, "people", f"are {size}", f"give at least {FEWEST}")
    score = score_function(sample.model, output, dataset=sample.dataset)
    own = score(sample.dataset.X)
    summed = _by_sums(sample.dataset.X[sample.dataset.features], own, seed)
    explained = partial(r_squared, people, own, summed)
    table = sample.facts(explained, measure="r_squared", unit="share of variance")
    missed = {"measure": "absolute_error", "unit": score.unit}
    table += sample.means(np.abs(own - summed), (0, np.inf), **missed)
    if threshold is not None:
        threshold = checked_threshold(sample.model, threshold, output)
        alike = partial(people.share, (own >= threshold) == (summed >= threshold))
        table += sample.facts(alike, measure="alike", unit="share of people")
    asked = {"sensitive": sensitive, "output": output, "unit": score.unit, "threshold": threshold}
    return SurrogateFidelity(
        table=conform(table),
        title=f"How much of {sample.name} a sum over features says",
        parameters=sample.parameters(**asked),
        seed=seed,
        notes=(people.note, *beside(__file__)["notes"]),
    )


def sum_of_stumps(X: pd.DataFrame, values: Array) -> Any:
    """Fit a sum of stumps, one feature each, to numbers of people."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    stumps = HistGradientBoostingRegressor(
        max_depth=1, max_iter=STUMPS, learning_rate=0.25, early_stopping=False, random_state=0
    )
    return stumps.fit(X, values)


def _by_sums(X: pd.DataFrame, own: Array, seed: int) -> Array:
    """What a sum of stumps that did not see a person says of the person."""
    encoded = FeatureEncoder().fit(X).transform(X)
    order = Streams(seed).generator("explanation.halves").permutation(len(X))
    summed = np.empty(len(X))
    for judged in (0, 1):
        mine, others = order[judged::2], order[1 - judged :: 2]
        stumps = sum_of_stumps(encoded.iloc[others], own[others])
        summed[mine] = stumps.predict(encoded.iloc[mine])
    return summed


def r_squared(people: People, own: Array, summed: Array, who: NDArray[np.bool_]) -> Estimate:
    """Share of a group's variance that a sum explains; NaN where all have the same number."""
    # Of a ratio of means; the influence of the mean itself on the variance is 0.
    away = (own - own[who].mean()) ** 2 if np.ptp(own[who]) else np.zeros(len(own))
    return people.rate((own - summed) ** 2, away, who, bounds=(0, np.inf)).scaled(-1, 1)
