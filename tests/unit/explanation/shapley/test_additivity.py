"""Attributions add up: by coalition, by factor, by column, or they are refused."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset, ModelError, TableError
from credit_ml.explanation import (
    Explanation,
    background_rows,
    coalition_scores,
    explain,
    factor_attributions,
    feature_attributions,
    shapley,
)
from credit_ml.explanation.shapley import shap_values as features_module
from credit_ml.scoring import OpaqueScorer, Scorecard, score_function
from credit_ml.society import load_world


def by_permutations(values):
    players = int(math.log2(len(values)))
    total = np.zeros(players)
    for order in itertools.permutations(range(players)):
        coalition = 0
        for player in order:
            total[player] += values[coalition | 1 << player] - values[coalition]
            coalition |= 1 << player
    return total / math.factorial(players)


@given(
    st.integers(1, 4).flatmap(
        lambda k: st.lists(st.floats(-100, 100), min_size=2**k, max_size=2**k)
    )
)
def test_shapley_values_are_means_over_orders(values):
    found = shapley(np.array(values))
    np.testing.assert_allclose(found, by_permutations(values), atol=1e-9)
    assert found.sum() == pytest.approx(values[-1] - values[0], abs=1e-9)


def test_a_player_that_adds_nothing_gets_nothing():
    values = np.array([0.0, 3.0, 0.0, 3.0])  # the second player never matters
    assert shapley(values).tolist() == [3.0, 0.0]


@given(st.integers(1, 200), st.integers(1, 30))
def test_every_reference_serves_equally_often(people, background):
    count = np.bincount(background_rows(people, background, seed=1), minlength=background)
    assert count.max() - count.min() <= 1


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(8)
    rows = 600
    frame = pd.DataFrame(
        {
            "late": np.where(rng.random(rows) < 0.1, np.nan, rng.poisson(2, rows)),
            "job": pd.Series(rng.choice(["a", "b", "c"], rows)).where(rng.random(rows) > 0.1),
            "income": rng.normal(5, 1, rows),
            "group": rng.choice(["x", "y"], rows),
        }
    )
    kept = 1.5 - 0.6 * frame["late"].fillna(2) + 0.5 * (frame["job"] == "a") + 0.3 * frame["income"]
    frame["kept"] = (rng.random(rows) < 1 / (1 + np.exp(-kept))).astype(int)
    return Dataset.from_frame(
        frame,
        target="kept",
        sensitive=["group"],
        factors={"history": ["late"], "work": ["job", "income"]},
    )


@pytest.mark.parametrize("scorer", [OpaqueScorer(max_iter=30), Scorecard()])
def test_columns_add_up_with_categories_and_missing_values(table, scorer):
    model = scorer.fit(table.X, table.y)
    values = feature_attributions(model, table.X)
    odds = score_function(model, "log_odds")(table.X)
    missing = odds - values.to_numpy().sum(axis=1)
    assert np.ptp(missing) < 2e-5  # one base for everybody


@pytest.mark.parametrize("agency", ["sesame", "council", "national"])
@pytest.mark.parametrize("kind", ["opaque", "scorecard"])
def test_columns_of_every_agency_add_up(agency, kind):
    society = load_world("baseline", citizens=500, seed=2).simulate()
    told = load_agency(agency)
    rater = told.fit(society, scorer=None if told.scorer.kind == "rules" else kind)
    X = told.view(society).X
    missing = rater.log_odds(X) - feature_attributions(rater, X).to_numpy().sum(axis=1)
    assert np.ptp(missing) < 2e-5


def test_a_wrong_explanation_is_refused(table, monkeypatch):
    model = OpaqueScorer(max_iter=10).fit(table.X, table.y)
    right = features_module._tree_values

    def wrong(scorer, X):
        values, base = right(scorer, X)
        return values + 0.01, base

    monkeypatch.setattr(features_module, "_tree_values", wrong)
    with pytest.raises(ModelError, match="misses the model by"):
        feature_attributions(model, table.X)


def test_factors_add_up_to_the_score_less_one_base(table):
    score = score_function(Scorecard().fit(table.X, table.y))
    values = factor_attributions(score, table.X, table.factors, background=table.X, seed=0)
    base = score(table.X).mean()
    np.testing.assert_allclose(values.sum(axis=1), score(table.X) - base, atol=1e-12)


def test_a_factor_that_is_the_same_is_never_asked_about(table):
    asked = []

    def score(X):
        asked.append(1)
        return X["income"].to_numpy() + X["late"].fillna(0).to_numpy()

    other = table.X.assign(income=table.X["income"] + 1)
    values = coalition_scores(score, table.X, other, table.factors)
    assert len(asked) == 2
    brute = [
        score(table.X.assign(income=(table.X if s & 2 else other)["income"])) for s in range(4)
    ]
    np.testing.assert_allclose(values, brute)


def test_too_many_coalitions_are_refused():
    wide = pd.DataFrame(np.ones((2, 13))).rename(columns="x{}".format)
    with pytest.raises(ModelError, match="at most 12"):
        coalition_scores(lambda X: X["x0"], wide, wide, {name: [name] for name in wide})


def test_reasons_add_up_and_read_like_a_notice(table):
    found = explain(Scorecard().fit(table.X, table.y), table, people=200)
    reasons = found.reasons(3)
    assert reasons.factors["points"].sum() == pytest.approx(reasons.score - reasons.reference)
    assert "typical" in reasons.text()
    assert len(reasons.text().splitlines()) == 3
    with pytest.raises(TableError, match="is not in the table"):
        found.reasons(600)
    stored = Explanation.from_dict(found.to_dict())
    assert stored.metrics() == found.metrics()
    with pytest.raises(ModelError, match="stored explanation"):
        stored.reasons(3)
