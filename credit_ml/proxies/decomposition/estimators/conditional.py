"""Observational Shapley: what is left out is expected from what is known."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Array, Dataset, InputError, Rows, Streams
from credit_ml.core.progress import followed
from credit_ml.explanation import shapley
from credit_ml.explanation.shapley.coalitions import MOST_FACTORS
from credit_ml.proxies.decomposition.attribute import Attributions
from credit_ml.proxies.decomposition.estimators.estimator import ByPerson, GapTask
from credit_ml.scoring import FeatureEncoder

#: Random orders that answer for all coalitions of many factors.
ORDERS = 32


@dataclass(frozen=True, kw_only=True)
class ConditionalShapley(ByPerson):
    """``v_i(S) = E[f(X) | X_S = x_i]``, one cross-fitted regression a coalition."""

    id: ClassVar[str] = "conditional_shapley"

    regression: Any = None
    """Unfitted scikit-learn regressor that takes NaN; small histogram boosting by default."""
    folds: int = 2
    """Nobody's value is expected by a regression that saw it."""
    orders: int | None = None
    """Random orders of factors, at least 4, in which they become known, instead of all coalitions;
    by default all coalitions of up to 12 factors, and 32 orders of more."""

    def attribute(self, model: Any, dataset: Dataset, task: GapTask, seed: int) -> Attributions:
        """Shapley values of what the regressions expect; the base is the mean score."""
        orders, problem = self._orders(dataset), f"is {self.orders}"
        InputError.unless(orders is None or orders >= 4, "orders", problem, "give at least 4")
        score = task.score(model)
        expected = self._expected(dataset, score(dataset.X), seed)
        number = len(dataset.factors)
        if orders is None:
            values = np.empty((2**number, len(dataset)))
            for coalition in followed(range(2**number), "coalitions of factors"):
                values[coalition] = expected(coalition)
            return Attributions.of(score, dataset, shapley(values).T)
        generator = Streams(seed).generator("proxies.conditional.orders")
        draws = np.zeros(((orders + 1) // 2, len(dataset), number))
        for draw in followed(draws, "orders of factors"):
            order = generator.permutation(number)
            # Each order is followed by its reverse: pairs of them are what is independent.
            for way in (order, order[::-1]):
                known, before = 0, expected(0)
                for factor in way.tolist():
                    known |= 1 << factor
                    draw[:, factor] += (expected(known) - before) / 2
                    before = expected(known)
        return Attributions.of(score, dataset, draws.mean(axis=0)).with_draws(draws)

    def sampled(self, dataset: Dataset) -> tuple[str, ...]:
        """Say how many orders answered, where not all coalitions were asked."""
        orders, number = self._orders(dataset), len(dataset.factors)
        if orders is None:
            return ()
        said = f"Of the {2**number:,} coalitions of {number} factors, those of {orders} random"
        return (f"{said} orders were asked; the intervals hold the error of that choice.",)

    def _orders(self, dataset: Dataset) -> int | None:
        many = len(dataset.factors) > MOST_FACTORS
        return ORDERS if self.orders is None and many else self.orders

    def _expected(self, dataset: Dataset, scores: Array, seed: int) -> Callable[[int], Array]:
        """Return what tells the scores expected from a coalition's columns, shape (people,)."""
        encoded = FeatureEncoder().fit(dataset.X).transform(dataset.X)
        generator = Streams(seed).generator("proxies.conditional")
        fold = generator.permutation(len(dataset)) % self.folds
        blocks = list(dataset.factors.values())

        @cache
        def expected(coalition: int) -> Array:
            if coalition == 0:
                return np.full(len(scores), scores.mean())
            if coalition == 2 ** len(blocks) - 1:
                return scores
            names = (block for k, block in enumerate(blocks) if coalition >> k & 1)
            return self._predicted(encoded[list(chain.from_iterable(names))], scores, fold)

        return expected

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
