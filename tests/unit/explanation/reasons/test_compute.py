"""Reasons are those of the person asked about, beside values that people have."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from credit_ml.agencies import agency_ids, load_agency
from credit_ml.core import Dataset, TableError
from credit_ml.explanation import explain, reasons_for
from credit_ml.scoring import OpaqueScorer, Scorecard, cross_fit, score_function
from credit_ml.society import World


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
        frame,
        target="kept",
        sensitive=["sex"],
        factors={"history": ["late", "years"], "work": ["job"]},
    )


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
    """Half the people have two late payments and half three."""
    frame = pd.DataFrame({"late": [2, 3] * 20, "kept": [1, 0] * 20})
    few = Dataset.from_frame(frame, target="kept", sensitive=[])
    reasons = explain(Scorecard().fit(few.X, few.y), few).reasons(1)
    assert reasons.table.set_index("column")["typical"].to_dict() == {"late": 2}


def test_what_everybody_lacks_is_no_reason():
    frame = pd.DataFrame({"late": [2, 3] * 20, "savings": np.nan, "kept": [1, 0] * 20})
    few = Dataset.from_frame(frame, target="kept", sensitive=[])
    reasons = explain(Scorecard().fit(few.X, few.y), few).reasons(1)
    assert not any("avings" in line for line in reasons.sentences())
    assert set(reasons.factors["factor"]) == {"late", "savings"}


@pytest.fixture(scope="module")
def judged():
    """Models of several kinds and the people they score."""
    random = np.random.default_rng(2)
    X = pd.DataFrame(random.normal(size=(400, 6)), columns=list("abcdef"))
    # Bent and crossed, so that signs of blocks and of single columns part.
    chance = X["a"] * X["b"] + X["c"] ** 2 - np.abs(X["d"]) + X["e"]
    y = (chance + random.normal(size=400) > 0.5).astype(int)
    factors = {"one": ["a", "b", "c"], "two": ["d", "e"], "three": ["f"]}
    data = Dataset.from_frame(X.assign(kept=y), target="kept", sensitive=[], factors=factors)
    pipeline = make_pipeline(PolynomialFeatures(2), StandardScaler(), LogisticRegression())
    models = (pipeline, GradientBoostingClassifier(n_estimators=30), OpaqueScorer(max_iter=30))
    cases = [(model.fit(X, y), data) for model in (*models, Scorecard())]
    society = World(citizens=800, seed=4).simulate()
    for name in agency_ids():
        rater = load_agency(name).fit(society)
        cases.append((rater, rater.agency.view(society)))
    return cases


@settings(max_examples=40, deadline=None)
@given(which=st.integers(0, 7), citizen=st.integers(0, 399), seed=st.integers(0, 3))
def test_no_reason_is_contradicted_by_the_model(judged, which, citizen, seed):
    model, data = judged[which % len(judged)]
    score = score_function(model)
    found = reasons_for(model, data, citizen, most=len(data.factors), seed=seed)
    now, here = data.X.iloc[[citizen]], found.factors["points"].to_numpy()
    assert here.sum() == pytest.approx(found.score - found.reference)
    for row in found.table.to_dict("records"):
        assert row["column"] in data.factors[row["factor"]]
        other = now.copy()
        value = pd.Series([row["typical"]], index=now.index).astype(now[row["column"]].dtype)
        other[row["column"]] = value
        moved = float(score(other)[0] - score(now)[0])
        assert moved == pytest.approx(row["effect"], abs=1e-9)
        assert np.sign(moved) == -np.sign(row["points"])
        assert abs(moved) >= abs(row["points"]) / 4 - 1e-9
    printed = found.factors[found.factors["effect"].notna()]
    assert len(found.sentences()) == len(printed)
    assert (np.sign(printed["effect"]) == -np.sign(printed["points"])).all()


def test_records_that_only_work_together_name_none():
    """The score falls by 4 when both columns differ from the typical, and by neither alone."""
    frame = pd.DataFrame({"a": [0] * 9 + [1], "b": [0] * 9 + [1]})
    data = Dataset.from_frame(frame, target=None, sensitive=[], factors={"both": ["a", "b"]})
    either = reasons_for(lambda X: -4.0 * ((X["a"] + X["b"]) > 0), data, 9)
    assert not len(either.table)
    assert either.factors["effect"].item() == 4
    assert "together, none of them alone" in either.sentences(costs=True)[0]
