"""Scorers count people by their weights, and so can be trained by fairlearn's reductions."""

import numpy as np
import pandas as pd
import pytest
import sklearn
from fairlearn import metrics, reductions
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from credit_ml.core import Dataset, ModelError
from credit_ml.scoring import (
    CalibratedScorer,
    LogisticScorer,
    OpaqueScorer,
    Scorecard,
    SmallTree,
    cross_fit,
)

SIZE = 600


@pytest.fixture(scope="module")
def people():
    random = np.random.default_rng(2)
    sex = random.choice(["f", "m"], SIZE)
    late = random.normal(size=SIZE) + (sex == "m")
    job = pd.Categorical(random.choice(["a", "b", "c"], SIZE))
    kept = (random.random(SIZE) < 1 / (1 + np.exp(late - 0.3))).astype(int)
    return pd.DataFrame({"late": late, "job": job}), kept, sex


@pytest.mark.parametrize("scorer", [LogisticScorer(), SmallTree(), Scorecard()])
def test_whole_weights_are_a_table_written_out(people, scorer):
    """Also of categories, which scikit-learn's own check does not have."""
    X, kept, _ = people
    weights = np.random.default_rng(4).integers(0, 4, SIZE)
    rows = np.repeat(np.arange(SIZE), weights)
    weighted = sklearn.clone(scorer).fit(X, kept, sample_weight=weights)
    written = sklearn.clone(scorer).fit(X.iloc[rows], kept[rows])
    np.testing.assert_allclose(
        weighted.decision_function(X), written.decision_function(X), atol=1e-4
    )


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
@pytest.mark.parametrize("scorer", [LogisticScorer(), OpaqueScorer(max_iter=10), SmallTree()])
@pytest.mark.parametrize("reduction", ["ExponentiatedGradient", "GridSearch"])
def test_fairlearns_reductions_train_scorers(people, scorer, reduction):
    X, kept, sex = people
    options = {"max_iter": 8} if reduction == "ExponentiatedGradient" else {"grid_size": 9}
    made = getattr(reductions, reduction)(scorer, reductions.DemographicParity(), **options)
    made.fit(X, kept, sensitive_features=sex)
    before = sklearn.clone(scorer).fit(X, kept).predict(X)
    asked = {"y_true": kept, "sensitive_features": sex}
    gaps = [
        metrics.demographic_parity_difference(y_pred=each, **asked)
        for each in (before, np.asarray(made.predict(X)))
    ]
    assert gaps[1] < gaps[0] - 0.1


def test_weights_are_routed(people):
    X, kept, _ = people
    weights = np.random.default_rng(4).gamma(1.0, size=SIZE)
    direct = LogisticScorer().fit(X[["late"]], kept, sample_weight=weights)
    with sklearn.config_context(enable_metadata_routing=True):
        scorer = LogisticScorer().set_fit_request(sample_weight=True)
        scorer.set_score_request(sample_weight=False)
        search = GridSearchCV(scorer, {"C": [1.0]}, cv=2)
        search.fit(X[["late"]], kept, sample_weight=weights)
    np.testing.assert_array_equal(
        search.best_estimator_.decision_function(X[["late"]]), direct.decision_function(X[["late"]])
    )


def _table(people, weights):
    X, kept, sex = people
    return Dataset.from_arrays(X[["late"]], y_true=kept, sensitive_features=sex, weights=weights)


def test_cross_fitting_passes_weights_on_whatever_their_scale(people):
    weights = np.where(people[0]["late"] > 0, 9.0, 0.1)
    plain = cross_fit(LogisticScorer(), _table(people, None)).log_odds
    one, other = (cross_fit(LogisticScorer(), _table(people, weights * by)) for by in (1.0, 8.0))
    assert np.abs(one.log_odds - plain).max() > 0.01
    np.testing.assert_allclose(one.log_odds, other.log_odds, atol=1e-9)
    steps = make_pipeline(StandardScaler(), LogisticScorer())
    piped = cross_fit(steps, _table(people, weights)).log_odds
    np.testing.assert_allclose(piped, one.log_odds, atol=0.05)


def test_a_model_without_weights_is_refused_by_name(people):
    for scorer in (KNeighborsClassifier(), make_pipeline(StandardScaler(), KNeighborsClassifier())):
        with pytest.raises(ModelError, match=r"^KNeighborsClassifier: takes no sample_weight"):
            cross_fit(scorer, _table(people, np.arange(1.0, SIZE + 1)))
    with pytest.raises(ModelError, match=r"^KNeighborsClassifier: takes no sample_weight"):
        CalibratedScorer(KNeighborsClassifier()).fit(
            people[0][["late"]], people[1], sample_weight=np.arange(SIZE)
        )


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (np.full(SIZE, -1.0), "is negative"),
        (np.full(SIZE, np.nan), "missing"),
        (np.zeros(SIZE), "is zero for everybody"),
        (np.ones((SIZE, 2)), "has shape"),
    ],
)
def test_bad_weights_are_one_line(people, weights, said):
    with pytest.raises(ModelError, match=f"^sample_weight: .*{said}") as refused:
        LogisticScorer().fit(people[0], people[1], sample_weight=weights)
    assert "\n" not in str(refused.value)
