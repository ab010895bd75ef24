"""Crossing a threshold, and who moves at all; cheapest moves are those of `linear_response`."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from credit_ml.core import MenuError, ModelError
from credit_ml.strategic import CrossThreshold, LinearShift


@pytest.mark.parametrize("cost", ["quadratic", "linear"])
def test_those_who_can_reach_the_threshold_land_on_it_and_nobody_else_moves(gaussian, cost):
    people = gaussian(1000)
    model = LogisticRegression().fit(people.X, people.y)
    respond = CrossThreshold(prices={"show": 2.0}, cost=cost, value=0.8, means="income")
    found = respond(model, people)
    before = model.decision_function(people.X)
    after = model.decision_function(found.X.astype("float64"))
    assert (after[found.acted] >= 0).all()
    assert after[found.acted] == pytest.approx(0, abs=1e-4)
    assert (before[found.acted] < 0).all()
    assert (found.X["honest"] == people.X["honest"]).all()
    assert (found.X["show"].to_numpy()[~found.acted] == people.X["show"][~found.acted]).all()
    assert (found.spending <= 0.8 + 1e-6).all()
    # Whoever stays refused would have paid more than the decision is worth.
    weight = abs(float(model.coef_[0, 1]))
    income = people.context["income"].to_numpy()
    short = np.maximum(-before, 0)
    price = 2 * (short / weight) ** 2 if cost == "quadratic" else 2 * short / weight
    assert (price[(before < 0) & ~found.acted] > 0.8 * income[(before < 0) & ~found.acted]).all()


def test_a_shift_follows_the_weights_of_its_columns(gaussian):
    people = gaussian(100)
    model = LogisticRegression().fit(people.X, people.y)
    found = LinearShift(strength=3.0, columns=["show"])(model, people)
    step = found.X["show"] - people.X["show"]
    assert step.to_numpy() == pytest.approx(np.full(100, 3 * model.coef_[0, 1]), rel=1e-5)
    # Utility less cost is greatest there: weight * step - step**2 / (2 strength).
    assert found.spending[0] == pytest.approx(model.coef_[0, 1] ** 2 * 3 / 2, rel=1e-5)
    with pytest.raises(MenuError, match="'shoes' is unknown"):
        LinearShift(strength=1.0, columns=["shoes"])(model, people)


def test_categories_have_no_slope(gaussian):
    people = gaussian(60)
    model = LogisticRegression().fit(people.X, people.y)
    named = replace(people, X=people.X.assign(show="a"))
    with pytest.raises(ModelError, match="encode X"):
        LinearShift(strength=1.0)(model, named)


def test_only_a_linear_score_has_weights(gaussian):
    people = gaussian(60)
    forest = RandomForestClassifier(3).fit(people.X, people.y)
    with pytest.raises(ModelError, match="no weight"):
        LinearShift(strength=1.0)(forest, people)
    with pytest.raises(MenuError, match="price above 0"):
        CrossThreshold(prices={"show": 0.0})
    model = LogisticRegression().fit(people.X, people.y)
    with pytest.raises(MenuError, match="unknown"):
        CrossThreshold(prices={"shoes": 1.0})(model, people)
