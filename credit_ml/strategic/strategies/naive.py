"""Fit to records as they are, as if nobody would respond."""

from typing import Any

from credit_ml.agencies.refit import refit
from credit_ml.core import Dataset
from credit_ml.response.aftermath import Respond
from credit_ml.strategic.performative.retraining import Retraining


def train(rater: Any, dataset: Dataset, respond: Respond, *, retraining: Retraining) -> Any:
    """Return the rater fitted to untouched records."""
    del respond
    outcome = dataset.outcome(needed_for="a strategy")
    return refit(rater, dataset, dataset.X, outcome, seed=retraining.seed)
