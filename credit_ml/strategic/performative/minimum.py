"""The linear rater that does best on the people it makes, by search."""

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from credit_ml.core import Dataset, ModelError
from credit_ml.response.aftermath import Respond
from credit_ml.scoring import display_name, score_function
from credit_ml.strategic.arrays import Array
from credit_ml.strategic.performative.optimum import Loss, performative_risk
from credit_ml.strategic.performative.responses import linear_weights

#: A simplex in more dimensions than this needs too many responses to be trusted.
MOST_DIMENSIONS = 8


@dataclass(frozen=True, kw_only=True)
class LinearMinimum:
    """A linear rater that was searched for, and whether the search ended well.

    Examples
    --------
    >>> LinearMinimum(rater=None, risk=0.3, converged=True, responses=120).risk
    0.3
    """

    rater: Any
    risk: float
    """Performative risk, with the penalty."""
    converged: bool
    responses: int
    """Responses that the search took."""


def performative_minimum(
    model: Any,
    dataset: Dataset,
    respond: Respond,
    *,
    loss: Loss = "log",
    penalty: float = 0.0,
    max_iter: int = 400,
    seed: int = 0,
) -> LinearMinimum:
    """A linear model of least performative risk, by simplex search (Nelder and Mead).

    Minimised is ``PR(w, b) + penalty |w|**2 / 2`` from the model's own weights, and from them
    with the threshold raised and lowered by half an SD of the score; the best end is kept. A
    local search: nothing says that no better rater exists.

    Cost: one response a step.

    Parameters
    ----------
    model : linear classifier
        Fitted, such as LogisticRegression of at most 7 columns; it is not changed.
    dataset : Dataset
        People to train on.
    respond : Respond
        What people do about a rater.
    loss : {"log", "zero_one"}
        See `performative_risk`.
    penalty : float
        Pull of the weights towards 0; ``1 / (n C)`` for LogisticRegression's C.
    max_iter : int
        Responses at most, from each start.
    seed : int
        Of chance in improvements.

    Raises
    ------
    ModelError
        When the model is not linear, or has too many weights for a simplex.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn.linear_model import LogisticRegression
    >>> from credit_ml.strategic import LinearShift, performative_risk
    >>> frame = pd.DataFrame({"late": [0.0, 2.0, 1.0, 3.0], "paid": [1, 1, 0, 0]})
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> respond = LinearShift(strength=0.5)
    >>> best = performative_minimum(model, people, respond, max_iter=50)
    >>> best.risk < performative_risk(model, people, respond)
    True
    """
    weights, intercept = linear_weights(model, dataset.X)
    if len(weights) + 1 > MOST_DIMENSIONS:
        problem = f"has {len(weights)} weights and an intercept"
        remedy = f"give at most {MOST_DIMENSIONS} numbers to search over"
        raise ModelError(display_name(model), problem, remedy)
    names = [str(name) for name in getattr(model, "feature_names_in_", dataset.X.columns)]
    order = [list(map(str, dataset.X.columns)).index(name) for name in names]

    def risk(given: Array) -> float:
        force = _with_weights(model, given)
        there = performative_risk(force, dataset, respond, loss=loss, seed=seed)
        return there + penalty * float(given[:-1] @ given[:-1]) / 2

    start = np.append(weights[order], intercept)
    spread = float(np.std(score_function(model, "log_odds")(dataset.X)))
    options = {"maxfev": max_iter, "xatol": 1e-5, "fatol": 1e-8}
    ends = []
    for by in (0.0, -0.5, 0.5):
        at = start.copy()
        at[-1] += by * spread
        ends.append(minimize(risk, at, method="Nelder-Mead", options=options))
    best = min(ends, key=lambda end: float(end.fun))
    return LinearMinimum(
        rater=_with_weights(model, best.x),
        risk=float(best.fun),
        converged=bool(best.success),
        responses=sum(int(end.nfev) for end in ends),
    )


def _with_weights(model: Any, given: Array) -> Any:
    changed = copy.deepcopy(model)
    changed.coef_, changed.intercept_ = given[None, :-1].copy(), given[-1:].copy()
    return changed
