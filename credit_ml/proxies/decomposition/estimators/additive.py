"""Sums of what columns add: Kitagawa-Oaxaca-Blinder for additive scores, SHAP by factor."""

from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Array, Dataset, ModelError
from credit_ml.explanation import feature_attributions
from credit_ml.proxies.decomposition.attribute import Attributions
from credit_ml.proxies.decomposition.estimators.estimator import ByPerson, GapTask
from credit_ml.scoring import additive_terms, display_name, is_rater


class AdditiveTerms(ByPerson):
    """Differences of group means, priced by the additive score itself."""

    id: ClassVar[str] = "kitagawa_oaxaca_blinder"
    weighted: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = ("additive score",)

    def attribute(self, model: Any, dataset: Dataset, task: GapTask, seed: int) -> Attributions:
        """Terms of the score, summed by factor."""
        del seed
        terms = additive_terms(model, dataset.X, task.output, dataset=task.dataset)
        return Attributions.of(task.score(model), dataset, _by_factor(terms, dataset))


class ShapByFactor(ByPerson):
    """SHAP values of columns, summed by factor."""

    id: ClassVar[str] = "shap_by_factor"
    weighted: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = ("trees of OpaqueScorer, or an additive score", "log-odds")

    def attribute(self, model: Any, dataset: Dataset, task: GapTask, seed: int) -> Attributions:
        """SHAP values in log-odds, times the slope of an affine scale where points are wanted."""
        del seed
        score = task.score(model)
        values = _by_factor(feature_attributions(model, dataset.X), dataset)
        values *= _slope(model, task.output)
        # Trees are explained in single precision: what is rounded goes to the largest value.
        miss = score(dataset.X) - values.sum(axis=1)
        largest = np.abs(values).argmax(axis=1)
        values[np.arange(len(values)), largest] += miss - miss.mean()
        return Attributions.of(score, dataset, values)


def _by_factor(terms: pd.DataFrame, dataset: Dataset) -> Array:
    """Sum a table of columns within each factor, shape (people, factors)."""
    columns = [[c for c in names if c in terms.columns] for names in dataset.factors.values()]
    return np.column_stack([terms[own].sum(axis=1).to_numpy("float64") for own in columns])


def _slope(model: Any, output: str) -> float:
    if output == "log_odds":
        return 1.0
    if output == "score" and is_rater(model) and model.scale.affine:
        ends = model.scale.points(np.array([0.0, 1.0]))
        return float(ends[1] - ends[0])
    problem = f"has SHAP values in log-odds, and {output} is no multiple of them"
    raise ModelError(display_name(model), problem, "ask for output='log_odds'")
