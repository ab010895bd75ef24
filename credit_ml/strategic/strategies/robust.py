"""Keep the best round of training with the response inside."""

from dataclasses import replace
from typing import Any

import numpy as np

from credit_ml.core import Dataset
from credit_ml.response.aftermath import Respond
from credit_ml.strategic.performative.retraining import Retraining, rounds_of
from credit_ml.strategic.robust.training import robust_retraining


def train(rater: Any, dataset: Dataset, respond: Respond, *, retraining: Retraining) -> Any:
    """Return the rater of the best round (by some of the people), trained again on everybody."""
    found = robust_retraining(rater, dataset, respond, retraining=retraining)
    best = int(found.parameters["chosen"])
    how = replace(retraining, max_iter=max(best, 1))
    for each in rounds_of(rater, dataset, respond, how, np.arange(len(dataset))):
        if each.number == best:
            break
    return each.rater
