"""Columns of boosters and pipelines add up to the model's own log-odds, or it is said why not."""

import numpy as np
import pandas as pd
import pytest
from catboost import CatBoostClassifier
from lightgbm import LGBMClassifier
from sklearn.compose import make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler, TargetEncoder
from xgboost import XGBClassifier

from credit_ml.core import Dataset
from credit_ml.explanation import feature_attributions, why_not_attributable
from credit_ml.explanation.shapley.pipelines import inside

NUMBERS = ["late", "income"]


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(5)
    rows = 500
    frame = pd.DataFrame(
        {
            "job": pd.Categorical(random.choice(list("abcd"), rows)),
            "late": random.poisson(2, rows),
            "income": random.normal(size=rows),
            "sex": random.choice(["f", "m"], rows),
        }
    )
    frame.loc[::9, "income"] = np.nan
    odds = frame["income"].fillna(0) + 2 * frame["job"].isin(["a", "c"]) - frame["late"] / 2
    frame["paid"] = (random.random(rows) < 1 / (1 + np.exp(-odds))).astype(int)
    return Dataset.from_frame(frame, target="paid", sensitive="sex")


def boosters():
    light = LGBMClassifier(n_estimators=30, verbose=-1, n_jobs=1)
    cat = CatBoostClassifier(
        iterations=30,
        cat_features=["job"],
        verbose=False,
        allow_writing_files=False,
        thread_count=1,
    )
    return [XGBClassifier(n_estimators=200, n_jobs=1, enable_categorical=True), light, cat]


def raw(model, X):
    """Log-odds as each library calls them."""
    words = {"XGBClassifier": ("output_margin", True), "LGBMClassifier": ("raw_score", True)}
    name, value = words.get(type(model).__name__, ("prediction_type", "RawFormulaVal"))
    return np.asarray(model.predict(X, **{name: value}), dtype="float64")


@pytest.mark.parametrize("model", boosters(), ids=lambda model: type(model).__name__)
@pytest.mark.parametrize("good", [0, 1])
def test_boosters_with_native_categories_add_up_to_the_librarys_own_log_odds(data, model, good):
    X, y = data.X, data.y if good else 1 - data.y
    fitted = model.fit(X, y)
    frame = data.raw.frame.assign(paid=y.to_numpy())
    turned = Dataset.from_frame(frame, target="paid", favourable=good, sensitive="sex")
    values = feature_attributions(fitted, turned.X)
    assert list(values) == ["job", *NUMBERS]
    rest = (1 if good else -1) * raw(fitted, X) - values.sum(axis=1)
    assert np.ptp(rest) < 2e-5
    assert values.abs().mean().min() > 0.01


def test_one_that_stopped_early_is_taken_apart_as_it_predicts(data):
    X, y = data.X, data.y
    model = XGBClassifier(
        n_estimators=400,
        early_stopping_rounds=3,
        learning_rate=1.0,
        n_jobs=1,
        enable_categorical=True,
    )
    model.fit(X[:300], y[:300], eval_set=[(X[300:], y[300:])], verbose=False)
    assert model.best_iteration < 399
    rest = raw(model, X) - feature_attributions(model, X).sum(axis=1)
    assert np.ptp(rest) < 2e-5


def test_another_objective_has_no_log_odds(data):
    X, y = data.X[NUMBERS], data.y
    model = XGBClassifier(objective="binary:hinge", n_estimators=5, n_jobs=1).fit(X, y)
    assert "is no log-odds" in why_not_attributable(model, X)


def prepared(*more):
    numbers = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler(), *more)
    one_hot = OneHotEncoder(handle_unknown="ignore", min_frequency=5)
    return make_column_transformer((one_hot, ["job"]), (numbers, NUMBERS))


def pipelines():
    encoded = make_column_transformer((TargetEncoder(), ["job"]), remainder="passthrough")
    named = make_pipeline(prepared(), LGBMClassifier(n_estimators=10, verbose=-1, n_jobs=1))
    searched = GridSearchCV(
        make_pipeline(prepared(), LogisticRegression()), {"logisticregression__C": [0.1, 1]}, cv=2
    )
    trees = make_pipeline(prepared(), GradientBoostingClassifier(n_estimators=20))
    boosted = make_pipeline(encoded, XGBClassifier(n_estimators=20, n_jobs=1))
    return {
        "logistic": make_pipeline(prepared(), LogisticRegression()),
        "LightGBM": named.set_output(transform="default"),
        "search": searched,
        "trees": trees,
        "target": boosted,
        "cat": make_pipeline(
            prepared(), CatBoostClassifier(iterations=20, verbose=False, allow_writing_files=False)
        ),
    }


@pytest.mark.parametrize("kind", pipelines())
def test_a_pipelines_columns_are_the_tables_and_add_up(data, kind):
    model = pipelines()[kind].fit(data.X, data.y)
    values = feature_attributions(model, data.X)
    assert list(values) == list(data.X)
    chance = model.predict_proba(data.X)[:, 1].astype("float64")
    rest = np.log(chance / (1 - chance)) - values.sum(axis=1)
    assert np.ptp(rest) < 2e-5


def test_a_logistic_pipelines_value_is_slope_times_distance_from_the_mean(data):
    model = make_pipeline(StandardScaler(), LogisticRegression())
    X = data.X[NUMBERS].fillna(0)
    values = feature_attributions(model.fit(X, data.y), X)
    slopes = model[-1].coef_[0] / model[0].scale_
    pd.testing.assert_frame_equal(values, (X - X.mean()) * slopes, check_dtype=False)


def test_a_column_made_of_several_is_refused_by_name(data):
    X = data.X[NUMBERS].fillna(0)
    model = make_pipeline(StandardScaler(), PCA(), LogisticRegression()).fit(X, data.y)
    reason = why_not_attributable(model, X)
    assert "mixes late and income into one column" in reason or "mixes income and late" in reason


def test_who_made_a_column_is_tried_and_not_read_off_its_name(data):
    X = data.X[NUMBERS].fillna(0)
    swap = FunctionTransformer(lambda X: X[["income", "late"]].to_numpy())
    model = make_pipeline(swap, LogisticRegression()).fit(X, data.y)
    assert inside(model, X).owner == ("income", "late")
    # One person's values change nothing when dealt out: names say it, and the sum is checked.
    one = make_pipeline(prepared(), LogisticRegression()).fit(data.X, data.y)
    assert set(inside(one, data.X[:1]).owner) == {"job", *NUMBERS}
