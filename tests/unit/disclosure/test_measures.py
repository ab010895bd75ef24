"""Measures, against formulas."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from credit_ml.core import Dataset
from credit_ml.disclosure.beliefs.belief import staying
from credit_ml.disclosure.case import DisclosureCase, case_of
from credit_ml.disclosure.measures import burden, per_person, rank_inflation
from credit_ml.disclosure.outcome import outcome_of
from credit_ml.inference import GroupedPeople, People
from credit_ml.response import Aim, Menu, Objective, ResponseOptions

LEAD = Aim(id="car", name="car", threshold=3.0, value=0.1)


def sketch(table):
    return (4.0 - table["late"] + 0.5 * table["diapers"]).to_numpy()


def setting_of(X, menu, *, score=sketch, lead=LEAD, yearly=None, most=2):
    """People in a problem of their own, everybody followed."""
    frame = X.assign(sex="f")
    yearly = None if yearly is None else yearly / 12
    response = ResponseOptions(menu=menu, privileges=[lead], income=yearly, bundle=most)
    dataset = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    return case_of(score, dataset, response).problem


@pytest.fixture
def problem(menu):
    """Twelve people and every pair of the menu's actions."""
    X = pd.DataFrame({"late": range(12), "diapers": [0, 6] * 6, "books": [1] * 12})
    return setting_of(X, menu, yearly=np.linspace(12, 120, 12))


def follow(problem, mask, **truth):
    """Let everybody take the same actions."""
    masks = np.full(len(problem.people), mask)
    choice = replace(staying(problem), masks=masks, costs=problem.economy.cost(masks))
    known = {"chances": truth.get("probability"), "outcome": truth.get("outcome")}
    case = DisclosureCase(problem=problem, heard=None, society=None, notes=(), **known)
    return outcome_of(case, choice)


def test_concentration_is_zero_for_equal_money_and_has_the_sign_of_who_spends():
    income, groups = np.arange(1.0, 101), GroupedPeople(People(100), [np.ones(100, dtype=bool)])
    for money, sign in ((np.ones(100), 0), (income, 1), (1 / income, -1)):
        found = float(groups.concentration(money, income).value[0])
        assert np.sign(round(found, 12)) == sign
    richest = (income == 100).astype(float)
    assert groups.concentration(richest, income).value[0] == pytest.approx(1 - 1 / 100)


def test_cosmetic_actions_never_change_the_truth_and_improving_ones_do(problem):
    chances = np.linspace(0, 1, 12)
    for mask in range(8):
        kept = follow(problem, mask, probability=chances).kept
        if mask & 1:  # the first action improves
            assert kept[1:-1] == pytest.approx(expit(logit(chances[1:-1]) + 0.5))
            assert kept[[0, -1]].tolist() == [0, 1]
        else:
            assert kept.tolist() == chances.tolist()


def test_accuracy_is_the_chance_that_the_decision_is_right(problem):
    chances = np.linspace(0.1, 0.9, 12)
    found = follow(problem, 0, probability=chances)
    granted = problem.scores >= 3
    assert found.right == pytest.approx(np.where(granted, chances, 1 - chances))
    on_file = follow(problem, 0, outcome=granted.astype("int8"))
    assert on_file.right.tolist() == [1] * 12
    assert np.isnan(follow(problem, 0).right).all()


def test_burden_never_falls_as_the_threshold_rises(problem):
    before = np.zeros(12)
    for threshold in np.arange(-12, 12, 0.5):
        lead = Aim(id="a", name="a", threshold=threshold, value=1)
        cost, never = burden(replace(problem, aims=(lead,)))
        assert (cost >= before - 1e-12).all()
        assert set(never) <= {0, 1}
        before = cost
    assert never.all()
    # Of three actions the two dearest.
    assert cost.tolist() == pytest.approx((0.5 / problem.economy.yearly_income).tolist())


def test_burden_of_who_cannot_reach_it_counts_what_everything_costs_them(problem):
    """Where costs are three times the menu's, so is the dearest bundle."""
    lead = Aim(id="a", name="a", threshold=99, value=1)
    dearer = replace(problem.economy, cost_multiplier=np.full(12, 3.0))
    once, _ = burden(replace(problem, aims=(lead,)))
    thrice, _ = burden(replace(problem, aims=(lead,), economy=dearer))
    assert thrice == pytest.approx(3 * once)


def test_burden_is_finite_when_an_action_cannot_be_paid(action):
    menu = Menu(id="dear", description="", actions=(action("pay", price=np.inf, add=-9),))
    lead = Aim(id="a", name="a", threshold=0, value=1)
    X = pd.DataFrame({"late": [0.0, 5.0]})
    problem = setting_of(X, menu, score=lambda table: -table["late"].to_numpy(), lead=lead)
    cost, never = burden(problem)
    assert cost.tolist() == [0, 0]
    assert never.tolist() == [0, 1]


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_rank_inflation_has_the_mean_of_the_gains(data):
    """Places are only exchanged, so that what is no rank is points for nothing."""
    people = data.draw(st.integers(1, 20))
    points = st.lists(st.integers(0, 9).map(float), min_size=people, max_size=people)
    before, after = np.array(data.draw(points)), np.array(data.draw(points))
    found = SimpleNamespace(before=before, after=after)
    assert rank_inflation(found).mean() == pytest.approx((after - before).mean())


def test_points_that_all_gain_alike_are_inflation_only(problem):
    found = follow(problem, 0)
    assert rank_inflation(replace(found, after=found.before + 7)) == pytest.approx(7.0)


def test_who_acts_and_wins_nothing_has_wasted_it(problem):
    shop = 2  # the second action
    found = follow(problem, shop, probability=np.full(12, 0.5))
    values = per_person(found, [LEAD], (np.zeros(12), np.zeros(12)))
    won = (found.before < 3) & (found.before + 1 >= 3)
    assert values["points_gained"].tolist() == [1.0] * 12
    assert values["privileges_won"].tolist() == won.tolist()
    assert values["wasted"].tolist() == (~won).tolist()
    assert values["refused_after_acting"].tolist() == (found.before + 1 < 3).tolist()
    assert found.improving.sum() == 0
    assert found.actions.sum() == 12


def test_harm_is_to_end_up_with_less_than_by_staying(problem):
    """Diapers cost 0.3 thousand yuan; what they win is worth a tenth of a year's income."""
    found = follow(problem, 2)
    values = per_person(found, [LEAD], (np.zeros(12), np.zeros(12)))
    won = (found.before < 3) & (found.after >= 3)
    cost = 0.3 / problem.economy.yearly_income
    assert values["information_gain"] == pytest.approx(0.1 * won - cost)
    assert values["harmed"].tolist() == (0.1 * won < cost).tolist()
    worth = Objective.of([LEAD]).worth(found.after)
    assert values["welfare"] == pytest.approx(worth - cost)
