"""Columns are attributed where they add up to the model, and else it is said why not."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from credit_ml.core import Dataset, ModelError
from credit_ml.explanation import can_attribute, explain, feature_attributions, why_not_attributable
from credit_ml.explanation.shapley import shap_values as features_module
from credit_ml.explanation.shapley.shap_values import load_shap
from credit_ml.scoring import LightGBMScorer, NeuralScorer, OpaqueScorer, score_function


@pytest.fixture(scope="module")
def people():
    random = np.random.default_rng(3)
    rows = 800
    X = pd.DataFrame(
        {
            "job": pd.Categorical(random.choice(list("abcdefgh"), rows)),
            "late": random.poisson(2, rows).astype("float32"),
            "income": random.normal(size=rows).astype("float32"),
        }
    )
    # Every other job is safe, so that an order of the codes says nothing.
    safe = np.where(X["job"].cat.codes % 2 == 0, 3.0, -3.0)
    y = (random.random(rows) < 1 / (1 + np.exp(X["late"] - 2 - safe))).astype(int)
    return X, y


def numbers_of(people):
    return people[0][["late", "income"]], people[1]


def test_native_categories_are_refused_because_shap_would_be_wrong(people):
    X, y = people
    model = HistGradientBoostingClassifier(max_iter=40, categorical_features="from_dtype").fit(X, y)
    coded = X.assign(job=X["job"].cat.codes.astype("float32"))
    explainer = load_shap().TreeExplainer(model, feature_perturbation="tree_path_dependent")
    told = explainer.shap_values(coded).sum(axis=1) + np.ravel(explainer.expected_value)[-1]
    assert np.abs(told - model.decision_function(X)).max() > 1  # and shap says nothing
    assert "splits categories natively" in why_not_attributable(model, X)
    assert not can_attribute(model, X)
    with pytest.raises(ModelError, match="splits categories natively"):
        feature_attributions(model, X)


def test_a_refusal_is_a_note_of_the_explanation(people):
    X, y = people
    data = Dataset.from_frame(X.assign(kept=y), target="kept", sensitive=[])
    model = HistGradientBoostingClassifier(max_iter=5, categorical_features="from_dtype")
    found = explain(model.fit(data.X, data.y), data, people=60)
    assert set(found.table["level"]) == {"factor"}
    assert "Columns are left out" in found.notes[0]
    assert "splits categories natively" in found.notes[0]


@pytest.mark.parametrize(
    "model",
    [
        HistGradientBoostingClassifier(max_iter=20),
        GradientBoostingClassifier(n_estimators=20),
        LightGBMScorer(n_estimators=20),
        OpaqueScorer(max_iter=20),
    ],
    ids=lambda model: type(model).__name__,
)
def test_boosted_trees_add_up_to_their_log_odds(people, model):
    own = isinstance(model, (LightGBMScorer, OpaqueScorer))
    X, y = people if own else numbers_of(people)
    fitted = model.fit(X, y)
    assert why_not_attributable(fitted, X) is None
    values = feature_attributions(fitted, X)
    assert list(values.columns) == list(X.columns)
    rest = score_function(fitted, "log_odds")(X) - values.to_numpy().sum(axis=1)
    assert np.ptp(rest) < 2e-5
    assert "no sum" in why_not_attributable(fitted, X, output="probability")


def test_lightgbm_gives_one_column_all_and_a_constant_nothing(people):
    X, y = people
    one = X[["late"]].assign(same=np.float32(1))
    model = LightGBMScorer(n_estimators=15).fit(one, y)
    values = feature_attributions(model, one)
    odds = model.decision_function(one)
    # Path-dependent expectations weigh leaves by the people who learned them: here, these.
    np.testing.assert_allclose(values["late"], odds - odds.mean(), atol=1e-6)
    assert (values["same"] == 0).all()


@pytest.mark.parametrize(
    "model",
    [
        RandomForestClassifier(n_estimators=15, random_state=0),
        DecisionTreeClassifier(max_depth=4),
        ExtraTreesClassifier(n_estimators=15, max_depth=5, random_state=0),
    ],
    ids=lambda model: type(model).__name__,
)
def test_forests_add_up_to_their_probability_alone(people, model):
    X, y = numbers_of(people)
    fitted = model.fit(X, y)
    values = feature_attributions(fitted, X, output="probability")
    rest = fitted.predict_proba(X)[:, 1] - values.to_numpy().sum(axis=1)
    assert np.ptp(rest) < 2e-5
    assert "mean of its trees' probabilities" in why_not_attributable(fitted, X)
    with pytest.raises(ModelError, match="log-odds are no sum of columns"):
        feature_attributions(fitted, X)


def test_models_of_another_kind_are_named(people):
    X, y = numbers_of(people)
    for model in (KNeighborsClassifier(), NeuralScorer()):
        reason = why_not_attributable(model.fit(X, y), X)
        assert type(model).__name__ in reason
        assert "not known to add columns up" in reason
    three = HistGradientBoostingClassifier(max_iter=2).fit(X, np.arange(len(X)) % 3)
    assert "3 classes" in why_not_attributable(three, X)


def test_a_miss_is_said_in_log_odds(people, monkeypatch):
    X, y = people
    model = OpaqueScorer(max_iter=5).fit(X, y)
    right = features_module._tree_values

    def wrong(scorer, X):
        values, base = right(scorer, X)
        return values, base + 0.25

    monkeypatch.setattr(features_module, "_tree_values", wrong)
    assert "misses the model by 0.25 log-odds" in why_not_attributable(model, X)
    assert not can_attribute(model, X)
