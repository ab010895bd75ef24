"""Measures and their intervals, against formulas and scikit-learn."""

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.metrics import roc_auc_score

from credit_ml.core import Dataset, InputError
from credit_ml.disclosure.beliefs.belief import staying
from credit_ml.disclosure.case import case_of
from credit_ml.disclosure.measures import (
    auc_row,
    burden,
    concentration_row,
    difference_row,
    mean_row,
    normal_quantile,
    per_person,
    rank_inflation,
    ratio_row,
)
from credit_ml.disclosure.outcome import responded
from credit_ml.response import Aim, Bounds, Menu
from credit_ml.response.aim import worth

LEAD = Aim(id="car", name="car", threshold=3.0, value=0.1)


def sketch(table):
    return (4.0 - table["late"] + 0.5 * table["diapers"]).to_numpy()


def setting_of(X, menu, *, score=sketch, lead=LEAD, yearly=None, most=2):
    """People in a problem of their own, everybody followed."""
    frame = X.assign(sex="f")
    case = case_of(
        score, Dataset.from_frame(frame, target=None, sensitive=["sex"]), menu=menu,
        privileges=[lead], probability=None, income=None if yearly is None else yearly / 12,
        cost_factor=None, society=None, people=None, margin=0.0, bundle=most, bounds=Bounds(),
        seed=0,
    )  # fmt: skip
    return case.problem


@pytest.fixture
def problem(menu):
    """Twelve people and every pair of the menu's actions."""
    X = pd.DataFrame({"late": range(12), "diapers": [0, 6] * 6, "books": [1] * 12})
    return setting_of(X, menu, yearly=np.linspace(12, 120, 12))


def follow(problem, mask, **truth):
    """Let everybody take the same actions."""
    masks = np.full(len(problem.people), mask)
    choice = replace(staying(problem), masks=masks, costs=problem.economy.cost(masks))
    return responded(choice, problem, **({"probability": None, "outcome": None} | truth))


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1)), min_size=2, max_size=40))
def test_auc_with_a_known_outcome_is_that_of_scikit_learn(people):
    scores, kept = (np.array(values, dtype=float) for values in zip(*people, strict=True))
    row = auc_row(scores, kept, quantile=1.96)
    if 0 < kept.sum() < len(kept):
        assert row["estimate"] == pytest.approx(roc_auc_score(kept, scores))
        assert row["low"] <= row["estimate"] <= row["high"]
    else:
        assert np.isnan(row["estimate"])


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 9)), min_size=2, max_size=12))
def test_auc_with_chances_is_the_weighted_share_of_pairs(people):
    scores, kept = (np.array(values, dtype=float) for values in zip(*people, strict=True))
    kept /= 10
    won = total = 0.0
    for one, other in itertools.product(range(len(scores)), repeat=2):
        weight = kept[one] * (1 - kept[other])
        won += weight * ((scores[one] > scores[other]) + 0.5 * (scores[one] == scores[other]))
        total += weight
    assert auc_row(scores, kept, quantile=1)["estimate"] == pytest.approx(won / total)


def test_the_interval_of_auc_is_about_that_of_delong():
    random = np.random.default_rng(2)
    kept = np.repeat([1.0, 0.0], [60, 40])
    scores = random.normal(size=100) + kept
    wins = (scores[:60, None] > scores[None, 60:]).astype(float)
    variance = wins.mean(axis=1).var(ddof=1) / 60 + wins.mean(axis=0).var(ddof=1) / 40
    row = auc_row(scores, kept, quantile=2.0)
    assert row["high"] - row["estimate"] == pytest.approx(2 * np.sqrt(variance), rel=0.03)


def test_a_mean_has_the_usual_interval():
    values = np.array([1.0, 2.0, 4.0, 9.0])
    row = mean_row(values, None, quantile=1.96)
    half = 1.96 * values.std(ddof=1) / np.sqrt(4)
    assert list(row.values()) == pytest.approx([4.0, 4 - half, 4 + half])
    assert list(mean_row(values, np.full(4, 7.0), quantile=1.96).values()) == pytest.approx(
        list(row.values())
    )


def test_one_person_has_a_mean_and_no_interval_and_nobody_has_neither():
    assert mean_row(np.array([3.0]), None, quantile=2)["estimate"] == 3
    assert np.isnan(mean_row(np.array([3.0]), None, quantile=2)["low"])
    assert np.isnan(mean_row(np.zeros(0), None, quantile=2)["estimate"])
    assert np.isnan(mean_row(np.ones(3), np.zeros(3), quantile=2)["estimate"])


def test_a_ratio_has_the_interval_of_the_delta_method():
    top, bottom = np.array([1.0, 0.0, 2.0, 0.0]), np.array([2.0, 1.0, 2.0, 0.0])
    ratio = 3 / 5
    half = 2 * (top - ratio * bottom).std(ddof=1) / bottom.mean() / np.sqrt(4)
    row = ratio_row(top, bottom, quantile=2.0)
    assert list(row.values()) == pytest.approx([ratio, ratio - half, ratio + half])
    assert np.isnan(ratio_row(np.zeros(3), np.zeros(3), quantile=2.0)["estimate"])


def test_a_difference_has_the_interval_of_welch():
    one, other = np.array([1.0, 2.0, 6.0]), np.array([0.0, 0.0, 3.0, 5.0])
    half = 2 * np.sqrt(one.var(ddof=1) / 3 + other.var(ddof=1) / 4)
    row = difference_row((one, None), (other, None), quantile=2.0)
    assert list(row.values()) == pytest.approx([3 - 2, 1 - half, 1 + half])
    weighted = difference_row((one, np.full(3, 0.5)), (other, np.full(4, 9.0)), quantile=2.0)
    assert list(weighted.values()) == pytest.approx(list(row.values()))


def test_concentration_is_zero_for_equal_money_and_has_the_sign_of_who_spends():
    income = np.arange(1.0, 101)
    for money, sign in ((np.ones(100), 0), (income, 1), (1 / income, -1)):
        found = concentration_row(money, income, quantile=2.0)["estimate"]
        assert np.sign(round(found, 12)) == sign
    richest = (income == 100).astype(float)
    found = concentration_row(richest, income, quantile=2.0)["estimate"]
    assert found == pytest.approx(1 - 1 / 100)


def test_quantiles_are_two_sided():
    assert normal_quantile(0.95) == pytest.approx(1.959964, abs=1e-6)
    for wrong in (0, 1, 95):
        with pytest.raises(InputError):
            normal_quantile(wrong)


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
        assert 0 <= never <= 1
        before = cost
    assert never == 1
    # Of three actions the two dearest.
    assert cost.tolist() == pytest.approx((0.5 / problem.economy.yearly_income).tolist())


def test_burden_is_finite_when_an_action_cannot_be_paid(action):
    menu = Menu(id="dear", description="", actions=(action("pay", price=np.inf, add=-9),))
    lead = Aim(id="a", name="a", threshold=0, value=1)
    X = pd.DataFrame({"late": [0.0, 5.0]})
    problem = setting_of(X, menu, score=lambda table: -table["late"].to_numpy(), lead=lead)
    cost, never = burden(problem)
    assert cost.tolist() == [0, 0]
    assert never == 0.5


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
    values = per_person(found, found, [LEAD], np.zeros(12))
    won = (found.before < 3) & (found.before + 1 >= 3)
    assert values["points_gained"].tolist() == [1.0] * 12
    assert values["privileges_won"].tolist() == won.tolist()
    assert values["wasted"].tolist() == (~won).tolist()
    assert values["refused_after_acting"].tolist() == (found.before + 1 < 3).tolist()
    assert values["price_of_opacity"].tolist() == [0] * 12
    assert found.improving.sum() == 0
    assert found.actions.sum() == 12


def test_harm_is_to_end_up_with_less_than_by_staying(problem):
    """Diapers cost 0.3 thousand yuan; what they win is worth a tenth of a year's income."""
    found = follow(problem, 2)
    values = per_person(found, found, [LEAD], np.zeros(12))
    won = (found.before < 3) & (found.after >= 3)
    cost = 0.3 / problem.economy.yearly_income
    assert values["information_gain"] == pytest.approx(0.1 * won - cost)
    assert values["harmed"].tolist() == (0.1 * won < cost).tolist()
    assert values["welfare"] == pytest.approx(worth(found.after, [LEAD]) - cost)
