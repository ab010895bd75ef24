"""Answers that a rater may give to people who respond, each made into a rater."""

from typing import Any, Protocol

import numpy as np

from credit_ml.agencies.refit import refit
from credit_ml.core import Dataset
from credit_ml.response.aftermath import Respond
from credit_ml.strategic.performative.rounds import Setting, rounds_of
from credit_ml.strategic.robust.robust import robust_by_rounds


class Answer(Protocol):
    """How a rater meets people who respond: from the rater as it is to the one in force.

    It sees only `dataset`, the people trained on, and is measured on others.
    """

    def __call__(
        self, rater: Any, dataset: Dataset, respond: Respond, *, threshold: float | None, seed: int
    ) -> Any:
        """Return the rater that goes into force."""
        ...


def naive(
    rater: Any, dataset: Dataset, respond: Respond, *, threshold: float | None, seed: int
) -> Any:
    """The rater fitted to records as they are, as if nobody would respond."""
    del respond, threshold
    return refit(rater, dataset, dataset.X, dataset.outcome(needed_for="an answer"), seed=seed)


def refitted(
    rater: Any, dataset: Dataset, respond: Respond, *, threshold: float | None, seed: int
) -> Any:
    """The last rater of repeated refitting, stable or not."""
    del threshold
    return _after_rounds(rater, dataset, respond, 10, seed)


def robust(
    rater: Any, dataset: Dataset, respond: Respond, *, threshold: float | None, seed: int
) -> Any:
    """The best round of training with the response inside, trained again on everybody."""
    found = robust_by_rounds(rater, dataset, respond, threshold=threshold, seed=seed)
    return _after_rounds(rater, dataset, respond, int(found.parameters["chosen"]), seed)


def _after_rounds(rater: Any, dataset: Dataset, respond: Respond, rounds: int, seed: int) -> Any:
    everybody = np.arange(len(dataset))
    setting = Setting(dataset=dataset, respond=respond, train=everybody, rounds=rounds,
                      tolerance=0.01, seed=seed)  # fmt: skip
    *_, last = rounds_of(rater, setting)
    return last.rater


ANSWERS: dict[str, Answer] = {"naive": naive, "refitted": refitted, "robust": robust}
