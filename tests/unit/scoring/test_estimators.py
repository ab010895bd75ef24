"""Both fitted scorers keep scikit-learn's contract."""

from typing import Any

from sklearn.utils.estimator_checks import parametrize_with_checks

from credit_ml.scoring import OpaqueScorer, Scorecard


@parametrize_with_checks([OpaqueScorer(max_iter=10, min_samples_leaf=5), Scorecard()])
def test_scikit_learn_contract(estimator: Any, check: Any) -> None:
    check(estimator)
