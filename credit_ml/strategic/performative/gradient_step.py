"""Retraining by one step of gradient descent a round, instead of to the end."""

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from credit_ml.core import Dataset, ModelError
from credit_ml.strategic.performative.responses import linear_weights


@dataclass(frozen=True, kw_only=True)
class GradientStep:
    """One gradient step of the penalised mean log loss: repeated gradient descent.

    ``theta' = theta - rate * gradient of (mean log loss + |w|**2 / (2 n C))`` on what people
    present to theta; the intercept is not penalised, and is left alone by a model without one.
    A way to learn for ``repeated_refitting(..., retrain=GradientStep(...))``: its steps shrink
    with the rate, so stillness within a tolerance says less than after a refit.

    Cost: one pass over the table.

    References
    ----------
    Perdomo, Zrnic, Mendler-Dünner and Hardt (2020), section 3.2.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> frame = pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0], "paid": [1, 1, 0, 0]})
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> best = LogisticRegression(tol=1e-10).fit(people.X.astype("float64"), people.y)
    >>> step = GradientStep(rate=0.5)
    >>> same = step(best, people, people.X, people.y.to_numpy(), seed=0)
    >>> bool(np.allclose(same.coef_, best.coef_, atol=1e-4))
    True
    """

    rate: float | None = None
    """Step; by default 2 / (smoothness + 2 / (n C)), as published, where the smoothness is a
    quarter of the mean squared length of a record with its constant."""

    def __post_init__(self) -> None:
        if self.rate is not None and not self.rate > 0:
            raise ModelError("GradientStep, rate", f"is {self.rate}", "give a step above 0")

    def __call__(
        self, rater: Any, dataset: Dataset, X: pd.DataFrame, y: NDArray[np.int8], *, seed: int
    ) -> Any:
        """Return the rater a step further.

        Raises
        ------
        ModelError
            When it is no logistic regression with weights, or X has columns it does not read.
        """
        del dataset, seed
        weights, intercept = linear_weights(rater, X)
        if rater.coef_.size != X.shape[1] or not hasattr(rater, "C"):
            problem = "needs a logistic regression of every column"
            raise ModelError("GradientStep", problem, "give LogisticRegression of the table")
        values = X[list(getattr(rater, "feature_names_in_", X.columns))].to_numpy(np.float64)
        weights = np.ravel(rater.coef_).astype(np.float64)
        pull = 1 / (len(X) * float(rater.C))
        free = bool(getattr(rater, "fit_intercept", True))
        rate = self.rate
        if rate is None:
            smoothness = (float((values**2).sum()) / len(X) + free) / 4
            rate = 2 / (smoothness + 2 * pull)
        residual = expit(values @ weights + intercept) - y
        further = copy.deepcopy(rater)
        gradient = values.T @ residual / len(X) + pull * weights
        further.coef_ = (weights - rate * gradient)[None, :]
        further.intercept_ = np.array([intercept - rate * free * float(residual.mean())])
        return further
