"""The part of a gap that a score infers: its distance from the nearest admissible price."""

from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from credit_ml.core import Array, Dataset, ModelError
from credit_ml.proxies.decomposition.admissible import nearest_admissible, price_of
from credit_ml.proxies.decomposition.attribute import Attributions, references_of
from credit_ml.proxies.decomposition.estimators.estimator import ByPerson, GapComponents, GapTask
from credit_ml.scoring import display_name

#: The row of what an admissible price carries.
ADMISSIBLE = "(admissible)"


@dataclass(frozen=True, kw_only=True)
class InferredPart(ByPerson):
    """Block Shapley of what a probability has beyond the nearest admissible price."""

    id: ClassVar[str] = "proxy_discrimination"
    weighted: ClassVar[bool] = True
    mixes: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = ("outcome", "probability")

    outcome: Any = None
    """Unfitted classifier trained in each group; `LogisticScorer` by default."""
    references: int | None = None
    """As of block Shapley."""

    def decomposed(self, task: GapTask) -> GapComponents:
        """Take one model apart, on its probability."""
        task.dataset.outcome(needed_for=self.id)
        model = task.one_model(self)
        if hasattr(model, "predict_proba") and task.output == "log_odds":
            problem = "has log-odds, and a price is an expectation of outcomes"
            raise ModelError(display_name(model), problem, "ask for output='probability'")
        return super().decomposed(task)

    def attribute(self, model: Any, dataset: Dataset, task: GapTask, seed: int) -> Attributions:
        """Attribute the distance; the admissible price is a row of its own."""
        score = price_of(model, dataset)
        nearest = nearest_admissible(score(dataset.X), dataset, task.sensitive, self.outcome)

        def beyond(X: pd.DataFrame) -> Array:
            return score(X) - nearest(X)

        often = references_of(len(task.dataset), self.references)
        told: dict[str, Any] = {"references": often, "seed": seed}
        return Attributions.against_others(score, dataset, of=beyond, rest=ADMISSIBLE, **told)
