"""Shapley value of a fairness metric: which factor makes a gap of decisions."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from credit_ml.core import Array, Dataset, ModelError
from credit_ml.proxies.decomposition.attribute import Attributions, references_of
from credit_ml.proxies.decomposition.estimators.estimator import ByPerson, GapComponents, GapTask
from credit_ml.scoring import CrossFitted, ScoreFunction

_METRIC = (
    "Begley, T., Schwedes, T., Frye, C. and Feige, I. (2020). Explainability for fair machine "
    "learning. arXiv:2010.07389."
)


@dataclass(frozen=True, kw_only=True)
class SelectionRateShapley(ByPerson):
    """``v(S)`` = gap of selection rates when only the factors in S are people's own."""

    id: ClassVar[str] = "selection_rate_shapley"
    weighted: ClassVar[bool] = True
    mixes: ClassVar[bool] = True
    measure: ClassVar[str] = "selection_rate"

    threshold: float | None = None
    """Least score selected; the median score by default."""
    references: int | None = None
    """As of block Shapley."""

    def attribute(self, model: Any, dataset: Dataset, task: GapTask, seed: int) -> Attributions:
        """Attribute each person's decision, 0 or 1."""
        score, threshold = task.score(model), self.threshold
        if threshold is None:
            threshold = median(score(dataset.X), dataset.relative_weights())
        decided = _decisions(score, threshold)
        often = references_of(len(task.dataset), self.references)
        told: dict[str, Any] = {"references": often, "seed": seed}
        made = Attributions.against_others(decided, dataset, **told)
        return replace(made, unit="share selected")


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


def median(scores: Array, weights: Array | None) -> float:
    """Median of scores; with weights a number just below the score that holds half of them."""
    if weights is None:
        return float(np.median(scores))
    middle = float(np.quantile(scores, 0.5, weights=weights, method="inverted_cdf"))
    # Between two scores, so that rounding decides of nobody.
    lower = scores[scores < middle]
    return (middle + float(lower.max())) / 2 if len(lower) else middle


def _decisions(score: ScoreFunction, threshold: float) -> ScoreFunction:
    """Whether a score reaches a threshold, 1 or 0, read from inside the model where that can be."""

    def reached(scores: Array) -> Array:
        return (scores >= threshold).astype(np.float64)

    inner = score.inner
    if inner is not None:
        link = inner.link
        inner = replace(inner, link=lambda raw: reached(link(raw)))
    return replace(score, raw=lambda X: reached(score(X)), inner=inner)
