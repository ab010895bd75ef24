"""Observational Shapley: what is left out is expected from what is known."""

from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Array, Dataset, Rows, Streams
from credit_ml.explanation import shapley
from credit_ml.explanation.shapley.coalitions import check_coalitions
from credit_ml.proxies.decomposition.attribute import Attributions
from credit_ml.proxies.decomposition.estimators.estimator import ByPerson, GapTask
from credit_ml.scoring import FeatureEncoder


@dataclass(frozen=True, kw_only=True)
class ConditionalShapley(ByPerson):
    """``v_i(S) = E[f(X) | X_S = x_i]``, one cross-fitted regression a coalition."""

    id: ClassVar[str] = "conditional_shapley"

    regression: Any = None
    """Unfitted scikit-learn regressor that takes NaN; small histogram boosting by default."""
    folds: int = 2
    """Nobody's value is expected by a regression that saw it."""

    def attribute(self, model: Any, dataset: Dataset, task: GapTask, seed: int) -> Attributions:
        """Shapley values of what the regressions expect; the base is the mean score."""
        check_coalitions(dataset.factors)
        score = task.score(model)
        values = self._expected(dataset, score(dataset.X), seed)
        return Attributions.of(score, dataset, shapley(values).T)

    def _expected(self, dataset: Dataset, scores: Array, seed: int) -> Array:
        """Scores expected from each coalition's columns, shape (2**K, people)."""
        encoded = FeatureEncoder().fit(dataset.X).transform(dataset.X)
        generator = Streams(seed).generator("proxies.conditional")
        fold = generator.permutation(len(dataset)) % self.folds
        values = np.empty((2 ** len(dataset.factors), len(dataset)))
        values[0], values[-1] = scores.mean(), scores
        for coalition in range(1, len(values) - 1):
            blocks = enumerate(dataset.factors.values())
            known = chain.from_iterable(names for k, names in blocks if coalition >> k & 1)
            values[coalition] = self._predicted(encoded[list(known)], scores, fold)
        return values

    def _predicted(self, X: pd.DataFrame, scores: Array, fold: Rows) -> Array:
        from sklearn.base import clone
        from sklearn.ensemble import HistGradientBoostingRegressor

        regression = self.regression
        if regression is None:
            size: dict[str, Any] = {"max_iter": 100, "max_leaf_nodes": 15, "min_samples_leaf": 40}
            regression = HistGradientBoostingRegressor(**size, early_stopping=False, random_state=0)
        expected = np.empty(len(scores))
        for number in range(self.folds):
            mine = fold == number
            fitted = clone(regression).fit(X[~mine], scores[~mine])
            expected[mine] = fitted.predict(X[mine])
        return expected
