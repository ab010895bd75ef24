"""Crossing a line: cheapest moves against a convex search, and who moves at all."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from credit_ml.core import MenuError, ModelError
from credit_ml.strategic import CrossTheLine, Effort, LinearShift

WEIGHTS = st.lists(
    st.floats(-3, 3).filter(lambda weight: abs(weight) > 0.05), min_size=2, max_size=3
)


@settings(max_examples=20, deadline=None)
@given(weights=WEIGHTS, rise=st.floats(0.1, 3), seed=st.integers(0, 99))
def test_the_cheapest_quadratic_move_is_a_convex_solution(weights, rise, seed):
    weights = np.array(weights)
    prices = np.random.default_rng(seed).uniform(0.2, 3, len(weights))
    effort = Effort(prices={str(n): p for n, p in enumerate(prices)})
    move = rise * effort.step(weights, prices)
    assert weights @ move == pytest.approx(rise)
    searched = minimize(
        lambda d: prices @ d**2, np.zeros(len(weights)), method="SLSQP",
        constraints={"type": "eq", "fun": lambda d: weights @ d - rise}, options={"ftol": 1e-12},
    )  # fmt: skip
    cost = float(effort.price_of(np.array([rise]), weights, prices)[0])
    assert cost == pytest.approx(prices @ move**2)
    assert cost == pytest.approx(searched.fun, rel=1e-3)


@settings(max_examples=20, deadline=None)
@given(weights=WEIGHTS, cost=st.sampled_from(["quadratic", "linear"]), value=st.floats(0.1, 4))
def test_reach_is_where_the_price_is_the_value(weights, cost, value):
    weights = np.array(weights)
    prices = np.full(len(weights), 0.7)
    effort = Effort(prices={str(n): p for n, p in enumerate(prices)}, cost=cost, value=value)
    reach = effort.reach(weights, prices, np.array([0.5, 2.0]))
    assert effort.price_of(reach, weights, prices) == pytest.approx(value * np.array([0.5, 2.0]))
    move = effort.step(weights, prices) * reach[0]
    paid = prices @ (move**2 if cost == "quadratic" else np.abs(move))
    assert paid == pytest.approx(value * 0.5)
    size, _ = effort.smooth_size(weights, prices)
    exact = effort.size(weights, prices)
    most = 1e-8 if cost == "quadratic" else len(weights) ** (1 / 16) - 1 + 1e-6
    assert exact * (1 - 1e-6) <= size <= exact * (1 + most) + 1e-9


@pytest.mark.parametrize("cost", ["quadratic", "linear"])
def test_those_who_can_reach_the_line_land_on_it_and_nobody_else_moves(gaussian, cost):
    people = gaussian(1000)
    model = LogisticRegression().fit(people.X, people.y)
    respond = CrossTheLine(effort=Effort(prices={"show": 2.0}, cost=cost, value=0.8),
                           means="income")  # fmt: skip
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
        Effort(prices={"show": 0.0})
    model = LogisticRegression().fit(people.X, people.y)
    with pytest.raises(MenuError, match="unknown"):
        CrossTheLine(effort=Effort(prices={"shoes": 1.0}))(model, people)
