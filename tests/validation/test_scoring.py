"""Scorers against the truth of a society, and against a second implementation."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from sklearn.metrics import roc_auc_score

from credit_ml.scoring import OpaqueScorer, Scorecard
from credit_ml.society import Society, World


@pytest.fixture(scope="module")
def society() -> Society:
    return World(citizens=40_000, seed=5).simulate()


@pytest.fixture(
    scope="module", params=[OpaqueScorer(max_iter=60), Scorecard()], ids=["trees", "card"]
)
def probability(request: Any, society: Society) -> np.ndarray:
    """Probabilities of the second half, by a scorer that was trained on the first."""
    half = len(society) // 2
    scorer = request.param.fit(society.records[:half], society.outcome["kept_before"][:half])
    answer: np.ndarray = scorer.predict_proba(society.records[half:])[:, 1]
    return answer


def test_scores_are_calibrated(probability: np.ndarray, society: Society) -> None:
    truth = society.truth["probability"].to_numpy()[-len(probability) :]
    tenth = pd.qcut(probability, 10, labels=False)
    table = pd.DataFrame({"said": probability, "true": truth}).groupby(tenth).mean()
    # Training on 20,000 people leaves about two hundredths of error in a tenth of them.
    np.testing.assert_allclose(table["said"], table["true"], atol=0.04)
    assert abs(probability.mean() - truth.mean()) < 0.01


def test_scores_know_much_and_less_than_the_truth(
    probability: np.ndarray, society: Society
) -> None:
    kept = society.outcome["kept"][-len(probability) :]
    truth = society.truth["probability"][-len(probability) :]
    reached, best = roc_auc_score(kept, probability), roc_auc_score(kept, truth)
    assert 0.68 < reached < best


def test_card_is_the_logistic_regression_of_statsmodels_on_its_evidence(society: Society) -> None:
    X, kept = society.records[:4_000], society.outcome["kept_before"][:4_000]
    columns = ["late_payments", "spending", "job", "seller_stars"]
    card = Scorecard(C=1e10).fit(X[columns], kept)
    evidence = card.additive_terms(X[columns]) / card.coef_
    second = sm.GLM(kept, sm.add_constant(evidence), family=sm.families.Binomial()).fit()
    np.testing.assert_allclose(second.params, [card.intercept_, *card.coef_], rtol=1e-5)
