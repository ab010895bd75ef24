"""One walk of the trees gives what asking the model for every coalition gives."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.tree import DecisionTreeClassifier

from credit_ml.explanation import background_rows, coalition_scores, factor_attributions
from credit_ml.explanation.shapley.flat_trees import flat_trees, read_by
from credit_ml.explanation.shapley.shap_values import load_shap
from credit_ml.explanation.shapley.tree_walk import walked
from credit_ml.scoring import (
    LightGBMScorer,
    LogisticScorer,
    OpaqueScorer,
    Scorecard,
    ScoreFunction,
    SmallTree,
    score_function,
)

ROWS, COLUMNS = 240, 6


def table(seed: int, *, missing: float = 0.15) -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(seed)
    values = random.normal(size=(ROWS, COLUMNS)).round(1).astype("float32")
    values[random.random(values.shape) < missing] = np.nan
    known = np.nan_to_num(values)
    log_odds = known[:, 0] + known[:, 1] * known[:, 2] - known[:, 3] + random.normal(size=ROWS)
    return pd.DataFrame(values, columns=list("abcdef")), (log_odds > 0).astype(int)


def split(seed: int, factors: int) -> dict[str, list[str]]:
    random = np.random.default_rng(seed)
    owner = np.concatenate([np.arange(factors), random.integers(0, factors, COLUMNS - factors)])
    random.shuffle(owner)
    return {
        f"f{k}": [c for c, o in zip("abcdef", owner, strict=True) if o == k] for k in range(factors)
    }


def asked(score: ScoreFunction) -> ScoreFunction:
    """Return the same score without the model inside, so that it must be asked."""
    return ScoreFunction(name=score.name, unit=score.unit, raw=score.raw)


MODELS: list[Any] = [
    OpaqueScorer(max_iter=8, min_samples_leaf=5),
    LightGBMScorer(n_estimators=8, min_samples_leaf=5),
    OpaqueScorer(max_iter=4, max_leaf_nodes=40, min_samples_leaf=2),
    SmallTree(max_leaf_nodes=6),
    HistGradientBoostingClassifier(max_iter=5, max_leaf_nodes=60, min_samples_leaf=2),
    RandomForestClassifier(n_estimators=5, random_state=0),
    ExtraTreesClassifier(n_estimators=4, max_depth=3, random_state=0),
    DecisionTreeClassifier(max_depth=5, random_state=0),
    GradientBoostingClassifier(n_estimators=6, random_state=0),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("output", ["score", "log_odds"])
@given(seed=st.integers(0, 1000), factors=st.integers(1, 5))
@settings(deadline=None, max_examples=4)
def test_trees_walked_are_the_model_asked(model, output, seed, factors):
    X, y = table(seed, missing=0.0 if isinstance(model, GradientBoostingClassifier) else 0.15)
    score = score_function(model.fit(X, y), output)
    assert score.inner is not None
    assert flat_trees(score.inner.model) is not None
    other = X.iloc[background_rows(ROWS, seed=seed)]
    blocks = split(seed, factors)
    np.testing.assert_allclose(
        coalition_scores(score, X, other, blocks),
        coalition_scores(asked(score), X, other, blocks),
        rtol=1e-9,
        atol=1e-9,
    )


@pytest.mark.parametrize("model", [Scorecard(), LogisticScorer()], ids=["card", "logistic"])
@pytest.mark.parametrize("output", ["score", "log_odds"])
def test_sums_over_columns_are_the_model_asked(model, output):
    X, y = table(7)
    score = score_function(model.fit(X, y), output)
    other = X.iloc[background_rows(ROWS, seed=1)]
    np.testing.assert_allclose(
        coalition_scores(score, X, other, split(3, 4)),
        coalition_scores(asked(score), X, other, split(3, 4)),
        rtol=1e-9,
        atol=1e-9,
    )


def test_results_do_not_depend_on_threads_or_on_the_people_beside_one():
    X, y = table(1)
    forest = flat_trees(OpaqueScorer(max_iter=8, min_samples_leaf=5).fit(X, y))
    assert forest is not None
    many = np.tile(read_by(forest, X), (40, 1))
    other, factor = many[::-1].copy(), np.array([0, 0, 1, 1, 2, 2], dtype=np.int8)
    whole = walked(forest, many, other, factor, 3, threads=1)
    np.testing.assert_array_equal(walked(forest, many, other, factor, 3, threads=2), whole)
    np.testing.assert_array_equal(
        walked(forest, many[100:130], other[100:130], factor, 3), whole[:, 100:130]
    )


def test_one_column_a_factor_is_interventional_shap():
    X, y = table(2, missing=0.0)
    model = HistGradientBoostingClassifier(max_iter=6, min_samples_leaf=5).fit(X, y)
    shap = load_shap()
    found = factor_attributions(
        score_function(model, "log_odds"), X, {name: [name] for name in X}, background=X[:1], seed=0
    )
    explainer = shap.TreeExplainer(model, X[:1], feature_perturbation="interventional")
    np.testing.assert_allclose(found, explainer.shap_values(X), atol=1e-6)


def test_more_factors_than_a_walk_bears_are_asked_for():
    X, y = table(3)
    wide = pd.concat([X, X.add_suffix("2")], axis=1)
    score = score_function(OpaqueScorer(max_iter=3, min_samples_leaf=5).fit(wide, y), "log_odds")
    blocks = {name: [name] for name in wide.columns[:8]} | {"rest": list(wide.columns[8:])}
    values = coalition_scores(score, wide[:20], wide[20:40], blocks)
    assert values.shape == (2**9, 20)
    np.testing.assert_allclose(values[-1], score(wide[:20]))


def test_native_categories_are_left_to_the_model():
    X, y = table(4)
    coded = X.assign(a=pd.Categorical(X["a"].round().fillna(0).astype(int)))
    model = HistGradientBoostingClassifier(max_iter=3, categorical_features="from_dtype")
    assert flat_trees(model.fit(coded, y)) is None
