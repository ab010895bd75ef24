"""Models that name their columns are trained without some of them, by holding those constant."""

import numpy as np
import pandas as pd
import pytest
from catboost import CatBoostClassifier
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

import credit_ml as cm
from credit_ml.core import ModelError
from credit_ml.proxies.interventions.kinds import DiscriminationFree, Drop
from credit_ml.proxies.interventions.training import completed, named_columns, trained


@pytest.fixture(scope="module")
def frame():
    random = np.random.default_rng(0)
    sex = random.choice(["f", "m"], 600)
    late = random.normal(0.8 * (sex == "m"))
    job = pd.Categorical(random.choice(["farm", "shop"], 600))
    paid = (random.normal(size=600) > late).astype(int)
    return pd.DataFrame({"late": late, "job": job, "sex": sex, "paid": paid})


def by_name(rest="drop"):
    parts = make_column_transformer(
        (OneHotEncoder(), ["job"]), ("passthrough", ["late"]), remainder=rest
    )
    return make_pipeline(parts, LogisticRegression())


def test_a_constant_column_teaches_nothing(frame):
    X, kept, rows = frame[["late", "job"]], frame["paid"].to_numpy(), np.arange(600)
    model = trained(by_name(), X[["job"]], X, kept, rows)
    scores = model.predict_proba(completed(X[["job"]], ["late"], X))[:, 1]
    only = make_pipeline(OneHotEncoder(), LogisticRegression()).fit(X[["job"]], kept)
    np.testing.assert_allclose(scores, only.predict_proba(X[["job"]])[:, 1], atol=1e-3)


def test_catboost_is_trained_without_a_category_that_it_names(frame):
    cat = CatBoostClassifier(
        iterations=5, cat_features=["job"], verbose=False, allow_writing_files=False, thread_count=1
    )
    assert named_columns(cat) == ["job"]
    X, kept = frame[["late", "job"]], frame["paid"].to_numpy()
    model = trained(cat, X[["late"]], X, kept, np.arange(600))
    assert model.get_feature_importance()[list(model.feature_names_).index("job")] == 0


def test_what_reads_no_new_column_is_left_out_with_a_line(frame):
    data = cm.Dataset.from_frame(frame, target="paid", sensitive="sex")
    found = cm.intervene(by_name(), data, sensitive="sex")
    told = [note for note in found.notes if note.startswith("Left out: discrimination_free")]
    assert len(told) == 1
    assert "remainder='passthrough'" in told[0]
    assert "drop_late" in set(found.table["intervention"])
    with pytest.raises(ModelError, match="names its columns and reads no other"):
        cm.intervene(by_name(), data, sensitive="sex", interventions=[DiscriminationFree()])
    several = [DiscriminationFree(), Drop(what="late", columns="late")]
    found = cm.intervene(by_name("passthrough"), data, sensitive="sex", interventions=several)
    assert "discrimination_free" in set(found.table["intervention"])
