"""Every fitted scorer keeps scikit-learn's contract."""

from importlib.util import find_spec
from typing import Any

from sklearn.utils.estimator_checks import parametrize_with_checks

from credit_ml.scoring import (
    BlendScorer,
    CalibratedScorer,
    ExplainableBoostingScorer,
    LightGBMScorer,
    LogisticScorer,
    NeuralScorer,
    OpaqueScorer,
    Rule,
    RuleScorer,
    Scorecard,
    SmallTree,
)

SCORERS = [
    OpaqueScorer(max_iter=10, min_samples_leaf=5),
    Scorecard(),
    LogisticScorer(),
    NeuralScorer(max_iter=60, learning_rate_init=0.02),
    SmallTree(),
    BlendScorer((LogisticScorer(), OpaqueScorer(max_iter=10, min_samples_leaf=5))),
    CalibratedScorer(),
    CalibratedScorer(method="isotonic"),
    RuleScorer([Rule(column="x0", points_per_unit=1.0)], start=0.0),
]
# Extras: tested where they are installed, as `make test` does.
if find_spec("interpret"):
    SCORERS.append(ExplainableBoostingScorer(max_iter=20))
if find_spec("lightgbm"):
    SCORERS.append(LightGBMScorer(n_estimators=10, min_samples_leaf=5, threads=1))


#: Whole weights are a table written out, but for folds, bags, batches and leaves of so many rows.
WRITTEN_OUT = ("LogisticScorer", "NeuralScorer", "Scorecard", "SmallTree", "RuleScorer")


def _expected_to_fail(estimator: Any) -> dict[str, str]:
    if type(estimator).__name__ in WRITTEN_OUT:
        return {}
    return dict.fromkeys(
        (
            "check_sample_weight_equivalence_on_dense_data",
            "check_sample_weight_equivalence_on_sparse_data",
        ),
        "folds, bags, batches or least leaves count rows",
    )


@parametrize_with_checks(SCORERS, expected_failed_checks=_expected_to_fail)
def test_scikit_learn_contract(estimator: Any, check: Any) -> None:
    check(estimator)
