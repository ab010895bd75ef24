"""fairlearn's models as classifiers that read the sensitive feature from the table."""

import numpy as np
import pandas as pd
import pytest
from fairlearn.postprocessing import ThresholdOptimizer
from sklearn.linear_model import LogisticRegression

import credit_ml as cm
from credit_ml.core import ModelError
from credit_ml.scoring import Mitigated


@pytest.fixture(scope="module")
def frame():
    random = np.random.default_rng(0)
    sex = random.choice(["f", "m"], 400)
    late = random.normal(0.8 * (sex == "m"))
    paid = (random.normal(size=400) > late).astype(int)
    return pd.DataFrame({"late": late, "sex": sex, "paid": paid})


@pytest.fixture(scope="module")
def fair(frame):
    tuned = ThresholdOptimizer(estimator=LogisticRegression(), predict_method="predict_proba")
    return Mitigated(tuned, sensitive="sex").fit(frame[["late", "sex"]], frame["paid"])


def test_chances_are_those_by_which_fairlearn_draws(frame, fair):
    chances = fair.predict_proba(frame)[:, 1]
    drawn = [
        fair.model_.predict(frame[["late"]], sensitive_features=frame["sex"], random_state=seed)
        for seed in range(300)
    ]
    np.testing.assert_allclose(np.mean(drawn, axis=0), chances, atol=0.15)


def test_the_gap_that_was_made_equal_is_small_and_taken_apart_exactly(frame, fair):
    data = cm.Dataset.from_frame(frame, target="paid", sensitive="sex", factors={"late": "late"})
    found = cm.decompose(fair, data, sensitive="sex", reference_groups="f").table
    parts = found.set_index("factor")["estimate"]
    assert abs(parts["(gap)"]) < 0.01
    assert parts["late"] < -0.1
    assert parts[["late", "(no factor)"]].sum() == pytest.approx(parts["(gap)"])


def test_what_it_cannot_do_is_said_in_a_line(frame, fair):
    with pytest.raises(ModelError, match="no threshold for the group 'x' of 'sex'"):
        fair.predict_proba(frame.assign(sex="x"))
    with pytest.raises(ModelError, match="is given one group of sex"):
        Mitigated(fair.model, sensitive="sex").fit(frame.assign(sex="f"), frame["paid"])
    with pytest.raises(ModelError, match=r"give credit_ml.scoring.Mitigated\(model, sensitive"):
        cm.score_function(fair.model_)
