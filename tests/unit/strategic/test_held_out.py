"""What is measured of people held out: every measure and difference, and the first decision."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from credit_ml.core import InputError, ModelError
from credit_ml.core.schema import COLUMNS, conform
from credit_ml.strategic.held_out import HeldOut, Measures, decided, first_threshold


def test_measures_are_what_they_say(gaussian):
    people = gaussian(400)
    model = LogisticRegression().fit(people.X, people.y)
    scores = model.predict_proba(people.X)[:, 1]
    granted, kept = scores >= 0.5, people.y.to_numpy(dtype=np.int8)
    found = HeldOut(
        scores=scores, granted=granted, kept=kept, acted=granted, spending=np.full(400, 0.1)
    )
    asked = {"sensitive": "sex", "reference_groups": {"sex": "m"}, "over": "people"}
    table = conform(Measures(dataset=people, intervals=0.9, **asked).rows(found))
    assert list(table.columns[: len(COLUMNS)]) == list(COLUMNS)
    values = table[table["quantity"] == "value"].set_index("measure")["estimate"]
    assert values["accuracy"] == pytest.approx((granted == (kept == 1)).mean())
    assert values["auc"] == pytest.approx(roc_auc_score(kept, scores))
    assert values["selection_rate"] == values["share_who_act"] == pytest.approx(granted.mean())
    assert values["spending"] == pytest.approx(0.1)
    (gap,) = table[table["quantity"] == "difference"].to_dict("records")
    women = people.groups("sex").to_numpy() == "f"
    assert gap["estimate"] == pytest.approx(granted[women].mean() - granted[~women].mean())
    assert (gap["group"], gap["reference_group"]) == ("f", "m")
    assert gap["low"] < gap["estimate"] < gap["high"]


def test_the_first_decision_has_a_threshold(gaussian):
    people = gaussian(60)
    model = LogisticRegression().fit(people.X, people.y)
    assert first_threshold(model, None) == 0.5
    assert (decided(model, people.X, None) == (model.predict(people.X) == 1)).all()
    assert first_threshold(model, 0.8) == 0.8
    with pytest.raises(InputError, match="threshold"):
        first_threshold(model, 3.0)
    with pytest.raises(ModelError, match="no first decision"):
        first_threshold(lambda X: X["show"], None)
