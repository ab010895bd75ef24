"""Shapley value of a fairness metric: which factor makes a gap of decisions."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from credit_ml.core import Dataset, ModelError
from credit_ml.core.tables.arrays import Array
from credit_ml.explanation import background_rows, coalition_scores, shapley
from credit_ml.explanation.shapley.coalitions import MOST_SCORES
from credit_ml.proxies.decomposition.attribute import Attributions
from credit_ml.proxies.decomposition.estimators.estimator import ByPerson, GapComponents, GapTask
from credit_ml.scoring import CrossFitted, display_name, score_function

_METRIC = (
    "Begley, T., Schwedes, T., Frye, C. and Feige, I. (2020). Explainability for fair machine "
    "learning. arXiv:2010.07389."
)


@dataclass(frozen=True, kw_only=True)
class SelectionRateShapley(ByPerson):
    """``v(S)`` = gap of selection rates when only the factors in S are people's own."""

    id: ClassVar[str] = "selection_rate_shapley"
    measure: ClassVar[str] = "selection_rate"

    threshold: float | None = None
    """Least score selected; the median score by default."""

    def attribute(self, model: Any, dataset: Dataset, task: GapTask, seed: int) -> Attributions:
        """Attribute each person's decision, 0 or 1."""
        score = score_function(model, task.output, dataset=task.dataset)
        threshold = self.threshold
        if threshold is None:
            threshold = float(np.median(score(dataset.X)))
        ring = background_rows(len(dataset), seed=seed)
        values = np.empty((len(dataset), len(dataset.factors)))
        chosen, of_reference = np.empty(len(dataset)), np.empty(len(dataset))
        step = max(1, MOST_SCORES >> len(dataset.factors))
        for start in range(0, len(dataset), step):
            rows = slice(start, start + step)
            scores = coalition_scores(
                score, dataset.X.iloc[rows], dataset.X.iloc[ring[rows]], dataset.factors
            )
            decided = (scores >= threshold).astype(np.float64)
            values[rows] = shapley(decided).T
            chosen[rows], of_reference[rows] = decided[-1], decided[0]
        return Attributions(
            names=tuple(dataset.factors),
            values=surplus_returned(values, of_reference - chosen.mean()),
            scores=chosen,
            unit="share selected",
            rater=display_name(model),
            references=ring,
        )


@dataclass(frozen=True, kw_only=True)
class TruePositiveShapley(SelectionRateShapley):
    """The same among those who kept their obligation: equality of opportunity."""

    id: ClassVar[str] = "true_positive_shapley"
    measure: ClassVar[str] = "true_positive_rate"
    needs: ClassVar[tuple[str, ...]] = ("outcome",)

    def people(self, dataset: Dataset) -> Dataset:
        """Those who kept the obligation."""
        kept = dataset.outcome(needed_for=self.id)
        return dataset.take(np.flatnonzero(kept == 1))

    def decomposed(self, task: GapTask) -> GapComponents:
        """Ask one model: a fold's own people are not those of the outcome."""
        if isinstance(task.model, CrossFitted):
            problem = f"is several models, and {self.id} asks one of some people"
            raise ModelError(task.model.name, problem, "give a model fitted once")
        return super().decomposed(task)


def surplus_returned(values: Array, surplus: Array) -> Array:
    """Return what each person's reference has above the base to factors, by their size.

    A factor that is not used gets nothing. See `factor_attributions`.
    """
    size = np.abs(values).sum(axis=0)
    share = size / size.sum() if size.sum() > 0 else np.full(len(size), 1 / len(size))
    whole: Array = values + np.outer(surplus, share)
    return whole
