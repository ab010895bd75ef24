"""Reasons are those of the person asked about, beside values that people have."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, TableError
from credit_ml.explanation import explain
from credit_ml.scoring import Scorecard, cross_fit


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(5)
    rows = 500
    late = random.poisson(1.5, rows)
    frame = pd.DataFrame(
        {
            "late": late,
            "years": np.where(random.random(rows) < 0.1, np.nan, random.gamma(2, 3, rows)),
            "job": pd.Categorical(random.choice(["state", "own", None], rows)),
            "sex": random.choice(["f", "m"], rows),
            "kept": (random.random(rows) < 1 / (1 + np.exp(late - 1.5))).astype(int),
        }
    )
    return Dataset.from_frame(
        frame, target="kept", sensitive=["sex"],
        factors={"history": ["late", "years"], "work": ["job"]},
    )  # fmt: skip


def test_reasons_of_a_cross_fitted_model_are_of_the_person_asked_about(table):
    model = cross_fit(Scorecard(), table, folds=4, seed=1)
    found = explain(model, table, people=50)
    for citizen in (0, 17, 499):
        reasons = found.reasons(citizen)
        assert reasons.citizen == citizen
        assert reasons.score == pytest.approx(model.probability[citizen])
        for row in reasons.table.to_dict("records"):
            own = table.X[row["column"]].iloc[citizen]
            assert row["value"] == own or (pd.isna(own) and pd.isna(row["value"]))
    with pytest.raises(TableError, match="give 0 to 499"):
        found.reasons(500)
    with pytest.raises(TableError, match="the table that it was fitted on"):
        explain(model, table.take(range(100)))


def test_the_typical_value_is_one_that_somebody_has(table):
    """Half the people have two late payments and half three; nobody has any savings on file."""
    frame = pd.DataFrame({"late": [2, 3] * 20, "savings": np.nan, "kept": [1, 0] * 20})
    frame["job"] = pd.Categorical([None] * 40, categories=["state", "own"])
    few = Dataset.from_frame(frame, target="kept", sensitive=[])
    model = Scorecard().fit(few.X, few.y)
    reasons = explain(model, few).reasons(1)
    typical = reasons.table.set_index("column")["typical"]
    assert typical["late"] == 2
    assert pd.isna(typical["savings"])
    assert "savings: yours missing, typical missing" in reasons.text()
