"""Take the gap of a score between groups apart by factor, without the truth."""

from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, InputError, refuse_unknown
from credit_ml.proxies.attribute import Attributed, attribute, checked
from credit_ml.proxies.finding import GAP, Decomposition
from credit_ml.proxies.oaxaca import additive_parts, least_squares_rows
from credit_ml.proxies.parts import (
    frame,
    mean_difference,
    pairs,
    part_rows,
    quantile_of,
    shared_variance,
)
from credit_ml.scoring import Output

Method = Literal["block_shapley", "kitagawa_oaxaca_blinder"]

ESTIMANDS = {
    "block_shapley": "what the model is given: Shapley value of factors, others drawn from the "
    "pooled population",
    "kitagawa_oaxaca_blinder": "difference of group means, priced by one additive score",
    "least_squares": "difference of group means, priced by the reference group's least squares",
}
NOTES = {
    "block_shapley": "Block Shapley breaks the dependence between factors: what two factors "
    "share is split by what the model was given, not by what causes what.",
    "kitagawa_oaxaca_blinder": "The additive score is the same function for both groups, so "
    "nothing stays unexplained.",
    "least_squares": "Scores given without a model are fitted by least squares in each group; "
    "(unexplained) is the reference group's pricing missing the other group's scores.",
}


def decompose(
    model: Any,
    dataset: Dataset,
    *,
    sensitive: str,
    method: Method = "block_shapley",
    output: Output = "score",
    reference_group: str | None = None,
    attributions: Attributed | None = None,
    scores: pd.Series | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> Decomposition:
    """Parts of a score's gap that come in through each factor; they sum to the gap.

    ``E[s | group] - E[s | reference] = sum_k (E[phi_k | group] - E[phi_k | reference])``.
    Zero means that the factor carries nothing of the gap into this score.

    Cost: 2**K model calls for block Shapley (once for all features with `attributions`), one
    pass for Kitagawa-Oaxaca-Blinder.

    Parameters
    ----------
    model : rater, scikit-learn model, callable, CrossFitted, or None
        None with `scores`.
    method : {"block_shapley", "kitagawa_oaxaca_blinder"}
        The second needs an additive score, or `scores`.
    output : {"score", "log_odds", "probability"}
        What is decomposed.
    reference_group : str, optional
        The most numerous group by default; every other group is compared with it.
    attributions : Attributed, optional
        From `attribute` of the same model, dataset and output.
    scores : Series, optional
        Given scores without a model: decomposed by least squares.
    intervals : float
        Level. Normal intervals of differences of means. In block Shapley everybody is the
        reference of one other person, by chance, and the intervals hold that error too.
    seed : int

    Raises
    ------
    TableError
        When the feature is unknown or has one group only.
    ModelError
        When the model cannot be asked, or is not additive where that is needed.

    Examples
    --------
    >>> table = pd.DataFrame({"late": [0.0, 1.0, 2.0, 5.0], "sex": list("ffmm"), "y": [1, 1, 0, 0]})
    >>> data = Dataset.from_frame(table, target="y", sensitive=["sex"])
    >>> found = decompose(lambda X: -10.0 * X["late"], data, sensitive="sex")
    >>> found.table.set_index("factor")["estimate"].round(6).to_dict()
    {'late': -30.0, '(gap)': -30.0}
    """
    if method not in get_args(Method):
        refuse_unknown(InputError, "method", str(method), get_args(Method))
    quantile = quantile_of(intervals)
    if scores is not None:
        return _from_scores(
            scores, dataset, sensitive=sensitive, reference_group=reference_group,
            quantile=quantile, intervals=intervals,
        )  # fmt: skip
    list(pairs(dataset, sensitive, reference_group))  # refuse before any work
    if method == "kitagawa_oaxaca_blinder":
        found = additive_parts(model, dataset, output)
    elif attributions is not None:
        found = checked(attributions, dataset)
    else:
        found = attribute(model, dataset, output=output, seed=seed)
    rows: list[dict[str, Any]] = []
    values = np.column_stack([found.values, found.scores])
    for group, inside, reference, outside in pairs(dataset, sensitive, reference_group):
        labels = _labels(method, method, sensitive, group, reference)
        shared = shared_variance(found.values, inside, outside, found.references)
        parts = mean_difference(
            values[inside], values[outside], quantile=quantile, shared=np.append(shared, 0.0)
        )
        rows += part_rows([*found.names, GAP], parts, labels)
    return _decomposition(rows, found.rater, found.unit, output, method, intervals, seed)


def _from_scores(
    scores: pd.Series, dataset: Dataset, *, sensitive: str, reference_group: str | None,
    quantile: float, intervals: float,
) -> Decomposition:  # fmt: skip
    rows: list[dict[str, Any]] = []
    for group, inside, reference, outside in pairs(dataset, sensitive, reference_group):
        labels = _labels("kitagawa_oaxaca_blinder", "least_squares", sensitive, group, reference)
        rows += least_squares_rows(scores, dataset, inside, outside, quantile, labels)
    return _decomposition(rows, "given scores", "score", "score", "least_squares", intervals, None)


def _labels(
    method: str, estimand: str, sensitive: str, group: str, reference: str
) -> dict[str, str]:
    return {
        "method": method,
        "estimand": ESTIMANDS[estimand],
        "sensitive": sensitive,
        "group": group,
        "reference_group": reference,
    }


def _decomposition(
    rows: list[dict[str, Any]], rater: str, unit: str, output: str, method: str,
    intervals: float, seed: int | None,
) -> Decomposition:  # fmt: skip
    return Decomposition(
        table=frame(rows),
        title=f"What carries the gap: {rater}",
        parameters={
            "rater": rater, "model": rater, "output": output, "unit": unit, "intervals": intervals,
        },
        seed=seed,
        notes=(NOTES[method],),
    )  # fmt: skip
