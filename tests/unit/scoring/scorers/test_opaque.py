"""The opaque scorer: exact log-odds, explanations that add up, the same bits every time."""

import pickle
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from sklearn.base import clone

from credit_ml.core import ModelError
from credit_ml.scoring import OpaqueScorer


@pytest.fixture(scope="module")
def scorer(table: Any) -> OpaqueScorer:
    return OpaqueScorer(max_iter=60).fit(table.X, table.kept)


def test_log_odds_are_the_logit_of_the_probability(scorer: OpaqueScorer, table: Any) -> None:
    probability = scorer.predict_proba(table.X)[:, 1]
    np.testing.assert_allclose(scorer.decision_function(table.X), logit(probability), atol=1e-9)


def test_booster_on_encoded_features_is_the_scorer(scorer: OpaqueScorer, table: Any) -> None:
    encoded = scorer.encoder_.transform(table.X)
    np.testing.assert_array_equal(
        scorer.booster_.decision_function(encoded), scorer.decision_function(table.X)
    )
    np.testing.assert_allclose(
        scorer.booster_.predict_proba(encoded), scorer.predict_proba(table.X), atol=1e-12
    )


@pytest.mark.parametrize("perturbation", ["tree_path_dependent", "interventional"])
def test_shap_adds_up_on_categories_and_missing_values(
    scorer: OpaqueScorer, table: Any, perturbation: Any
) -> None:
    with warnings.catch_warnings():
        # Importing shap calls what matplotlib is about to deprecate.
        warnings.simplefilter("ignore")
        import shap

    encoded = scorer.encoder_.transform(table.X)
    assert encoded.isna().any().any()
    background = encoded[:50] if perturbation == "interventional" else None
    explainer = shap.TreeExplainer(
        scorer.booster_, background, feature_perturbation=perturbation, model_output="raw"
    )
    attributions = explainer.shap_values(encoded[:300])
    rebuilt = attributions.sum(axis=1) + explainer.expected_value
    np.testing.assert_allclose(rebuilt, scorer.decision_function(table.X[:300]), atol=1e-5)


def test_number_of_threads_changes_no_bit(scorer: OpaqueScorer, table: Any) -> None:
    again = OpaqueScorer(max_iter=60, threads=1).fit(table.X, table.kept)
    other = clone(again).set_params(threads=2).fit(table.X, table.kept)
    for one in (again, other):
        np.testing.assert_array_equal(
            one.decision_function(table.X), scorer.decision_function(table.X)
        )


def test_pickle_gives_the_same_scores(scorer: OpaqueScorer, table: Any) -> None:
    copy = pickle.loads(pickle.dumps(scorer))
    np.testing.assert_array_equal(
        copy.decision_function(table.X), scorer.decision_function(table.X)
    )


def test_unseen_category_scores_as_missing(scorer: OpaqueScorer, table: Any) -> None:
    unseen, missing = table.X[:5].copy(), table.X[:5].copy()
    unseen["job"] = pd.Categorical(["monk"] * 5)
    missing["job"] = pd.Categorical([None] * 5, table.X["job"].cat.categories)
    np.testing.assert_array_equal(
        scorer.decision_function(unseen), scorer.decision_function(missing)
    )


def test_learns_what_made_the_outcome(scorer: OpaqueScorer, table: Any) -> None:
    score = pd.Series(scorer.decision_function(table.X))
    assert score.groupby(table.X["late"]).mean()[:4].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (None, "requires y"),
        ([1] * 4, "one class"),
        ([0, 1, 2, 0], "Only binary"),
        ([0, 1], "2 values for 4 people"),
    ],
)
def test_bad_outcomes_are_refused(outcome: Any, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        OpaqueScorer().fit(pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0]}), outcome)
