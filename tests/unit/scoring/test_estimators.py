"""Every fitted scorer keeps scikit-learn's contract."""

from typing import Any

from sklearn.utils.estimator_checks import parametrize_with_checks

from credit_ml.scoring import (
    BlendScorer,
    CalibratedScorer,
    LogisticScorer,
    NeuralScorer,
    OpaqueScorer,
    Scorecard,
    SmallTree,
)

SCORERS = [
    OpaqueScorer(max_iter=10, min_samples_leaf=5),
    Scorecard(),
    LogisticScorer(),
    NeuralScorer(epochs=60, learning_rate=0.02),
    SmallTree(),
    BlendScorer((LogisticScorer(), OpaqueScorer(max_iter=10, min_samples_leaf=5))),
    CalibratedScorer(),
    CalibratedScorer(method="isotonic"),
]


@parametrize_with_checks(SCORERS)
def test_scikit_learn_contract(estimator: Any, check: Any) -> None:
    check(estimator)
