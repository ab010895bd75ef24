"""Take the gap of a score between groups apart by factor, without the truth."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, InputError, refuse_weights
from credit_ml.proxies.decomposition.attribute import Attributed
from credit_ml.proxies.decomposition.components import (
    clusters_of,
    frame,
    pairs,
    part_rows,
    quantile_of,
)
from credit_ml.proxies.decomposition.estimators import Answer, Estimator, Question, estimator
from credit_ml.proxies.decomposition.finding import Decomposition
from credit_ml.scoring import Output

#: Methods whose answer to scores without a model is the reference group's least squares.
_PRICED = ("block_shapley", "kitagawa_oaxaca_blinder")


def decompose(
    model: Any,
    dataset: Dataset,
    *,
    sensitive: str,
    method: str | Estimator = "block_shapley",
    output: Output = "score",
    reference_group: str | None = None,
    attributions: Attributed | None = None,
    scores: pd.Series | None = None,
    intervals: float = 0.95,
    clustered: bool | None = None,
    seed: int = 0,
    weights: object = None,
) -> Decomposition:
    """Parts of a score's gap that come in through each factor; they sum to the gap.

    ``E[s | group] - E[s | reference] = sum_k (E[phi_k | group] - E[phi_k | reference])``.
    Zero means that the factor carries nothing of the gap into this score. What phi is depends
    on the method: `estimators_frame` lists each method's estimand, assumptions and failures.
    Methods of kind "intervention" say how much the gap would fall; they sum to nothing.

    Intervals that count people are too narrow for factors that neighbours share; those that count
    clusters cover the gap and what people of one cluster share, too rarely a factor that ties to
    other clusters carry, too often one that hangs on the cluster alone. Where the data are
    simulated, `met_anew` covers every part (``benchmarks/results/coverage.md``).

    Cost: 2**K model calls for block Shapley (once for all features with `attributions`), one
    pass for Kitagawa-Oaxaca-Blinder; others as `estimators_frame` says.

    Parameters
    ----------
    model : rater, scikit-learn model, callable, CrossFitted, or None
        None with `scores`.
    method : str or Estimator
        An id, or `estimator` of an id with options.
    output : {"score", "log_odds", "probability"}
        What is decomposed.
    reference_group : str, optional
        The most numerous group by default; every other group is compared with it.
    attributions : Attributed, optional
        From `attribute` of the same model, dataset and output; of block Shapley.
    scores : Series, optional
        Given scores without a model: decomposed by least squares.
    intervals : float
        Level. Normal intervals of differences of means. In block Shapley everybody is the
        reference of one other person, by chance, and the intervals hold that error too.
    clustered : bool, optional
        Whether intervals count clusters of the dataset, not people: t intervals from sums over
        clusters. By default where the dataset names a cluster column with at least
        `credit_ml.core.FEWEST_CLUSTERS` of them.
    seed : int
    weights : None
        Weights of people are refused (`credit_ml.core.refuse_weights`).

    Raises
    ------
    TableError
        When the feature is unknown or has one group only, or clusters are demanded of a table
        without any.
    ModelError
        When the model cannot be asked, or is not additive where that is needed.
    InputError
        When the method is unknown, or cannot use what is given, or people have weights.

    Examples
    --------
    >>> table = pd.DataFrame({"late": [0.0, 1.0, 2.0, 5.0], "sex": list("ffmm"), "y": [1, 1, 0, 0]})
    >>> data = Dataset.from_frame(table, target="y", sensitive=["sex"])
    >>> found = decompose(lambda X: -10.0 * X["late"], data, sensitive="sex")
    >>> found.table.set_index("factor")["estimate"].round(6).to_dict()
    {'late': -30.0, '(gap)': -30.0}
    """
    refuse_weights(weights, len(dataset))
    named, used = _method(method, scores)
    quantile_of(intervals)  # refuse before any work
    list(pairs(dataset, sensitive, reference_group))
    clusters_of(dataset, clustered=clustered)
    if attributions is not None and named != "block_shapley":
        raise InputError("attributions", f"are not what {named} uses", "leave them out")
    people = used.people(dataset)
    asked = Question(
        model=model, dataset=people, sensitive=sensitive, output=output, scores=scores,
        reference_group=reference_group, attributions=attributions, seed=seed,
    )  # fmt: skip
    answer = used.answer(asked)
    clusters = clusters_of(people, clustered=clustered)
    labels = {"method": named, "estimand": used.estimand, "sensitive": sensitive}
    return Decomposition(
        table=frame(_rows(answer, labels, intervals, clusters)),
        title=f"What carries the gap: {answer.rater}",
        parameters={
            "rater": answer.rater,
            "model": answer.rater,
            "output": output,
            "unit": answer.unit,
            "intervals": intervals,
            "kind": used.kind,
            "intervals_over": "people" if clusters is None else "clusters",
            "clusters": None if clusters is None else len(np.unique(clusters)),
        },
        seed=None if scores is not None else seed,
        notes=(used.note,),
    )


def _method(method: str | Estimator, scores: pd.Series | None) -> tuple[str, Estimator]:
    """Name in the table, and the estimator that answers."""
    used = method if isinstance(method, Estimator) else estimator(method)
    if scores is not None and used.id in _PRICED:
        return "kitagawa_oaxaca_blinder", estimator("oaxaca_reference")
    return used.id, used


def _rows(
    answer: Answer, labels: dict[str, str], level: float, clusters: NDArray[np.intp] | None
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for pair, parts in answer.parts:
        low, high = parts.limits(level, clusters)
        named = {**labels, "group": pair.group, "reference_group": pair.reference}
        rows += part_rows(list(parts.names), (parts.estimate, low, high), named)
    return rows
