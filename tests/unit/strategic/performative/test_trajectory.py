"""Repeated refitting: limits, fixed points in closed form, and honesty about failure."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from credit_ml.agencies import load_agency
from credit_ml.core import InputError, ModelError
from credit_ml.disclosure.responding import respond_fully
from credit_ml.response import Aftermath, default_menu
from credit_ml.society import World
from credit_ml.strategic import (
    CrossThreshold,
    LinearShift,
    Retraining,
    Trajectory,
    over_runs,
    repeated_refitting,
)


def refitted(rater, dataset, respond, *, sensitive=(), intervals=0.95, **how):
    """Refit again and again, with the options of retraining as keywords."""
    return repeated_refitting(
        rater,
        dataset,
        respond,
        retraining=Retraining(**how),
        sensitive=sensitive,
        intervals=intervals,
    )


@pytest.fixture(scope="module")
def people(gaussian):
    return gaussian()


@pytest.fixture(scope="module")
def model(people):
    return LogisticRegression(C=1e6, tol=1e-10).fit(people.X, people.y)


@pytest.mark.parametrize(
    "still",
    [
        "nobody",
        LinearShift(strength=0.0),
        CrossThreshold(prices={"show": 1e12}, value=1e-12),
        CrossThreshold(prices={}),
    ],
)
def test_where_nobody_moves_one_refit_changes_nothing(people, model, nobody, still):
    respond = nobody if still == "nobody" else still
    found = refitted(model, people, respond, tol=0.0)
    assert found.converged_at == 1
    assert found.by_round["shift"][1] == 0
    assert (found.by_round["share_who_act"] == 0).all()
    assert np.ptp(found.by_round["accuracy"]) == 0


def test_an_intercept_absorbs_a_uniform_shift_after_one_refit(people, model):
    """Everybody moves by the same vector: the weights stay, the intercept takes it up."""
    found = refitted(
        model, people, LinearShift(strength=50.0, columns=["show"]), output="log_odds", tol=1e-3
    )
    assert found.converged_at == 2
    first, second = found.raters[0], found.raters[1]
    assert second.coef_ == pytest.approx(first.coef_, abs=1e-4)
    by = 50 * first.coef_[0, 1] ** 2
    assert second.intercept_[0] == pytest.approx(first.intercept_[0] - by, rel=1e-3)
    assert found.by_round["shift"][1] == pytest.approx(
        by / np.std(first.decision_function(people.X)), rel=1e-3
    )


class MeanRater(LogisticRegression):
    """A rater of one number: its mean is the threshold, so that retraining is a linear map."""

    def fit(self, X, y, sample_weight=None):
        super().fit(X, y)
        self.coef_ = np.array([[1.0]])
        self.intercept_ = -np.array([float(np.asarray(X).mean())])
        return self


@pytest.mark.parametrize(("sensitivity", "ends"), [(0.5, True), (-0.5, True), (1.5, False)])
def test_a_linear_map_converges_exactly_when_it_contracts(people, sensitivity, ends):
    """x' = x + a theta makes theta' = mean(x) + a theta: the fixed point is mean(x) / (1 - a)."""
    one = replace(people, X=people.X[["honest"]] + 1, factors={"all": ("honest",)})

    def respond(rater, dataset):
        step = -sensitivity * float(rater.intercept_[0])
        all_of_them = np.ones(len(dataset), dtype=bool)
        return Aftermath(
            X=dataset.X + step,
            probability=None,
            acted=all_of_them,
            cosmetic=all_of_them,
            spending=np.zeros(len(dataset)),
        )

    found = refitted(
        MeanRater().fit(one.X, one.y), one, respond, output="log_odds", max_iter=40, tol=1e-8
    )
    assert found.converged is ends
    shifts = found.by_round["shift"].to_numpy()[1:]
    assert shifts[1:6] / shifts[:5] == pytest.approx(np.full(5, abs(sensitivity)), rel=1e-4)
    if ends:
        mean = -float(found.raters[0].intercept_[0])
        assert -found.raters[-1].intercept_[0] == pytest.approx(mean / (1 - sensitivity), rel=1e-4)
    else:
        assert "did not converge within 40 rounds" in found.notes[0]
        assert len(found.by_round) == 41


def test_gaming_costs_accuracy_and_improvement_does_not(people, model):
    cheap = CrossThreshold(prices={"show": 1.0}, value=4.0)
    gamed = refitted(model, people, cheap, max_iter=1, tol=0).by_round
    assert gamed["share_who_act"][0] > 0.1
    assert gamed["spending"][0] > 0

    def improve(rater, dataset):
        found = cheap(rater, dataset)
        return replace(found, probability=np.where(found.acted, 1.0, found.probability))

    improved = refitted(model, people, improve, max_iter=1, tol=0).by_round
    assert improved["accuracy"][0] > gamed["accuracy"][0]


def test_differences_are_followed_by_group(people, model, nobody):
    found = refitted(model, people, nobody, max_iter=1, sensitive="sex")
    gaps = found.table.query("measure == 'selection_rate' and quantity == 'difference'")
    assert set(gaps["round"]) == {0, 1}
    assert (gaps["group"] != gaps["reference_group"]).all()
    assert gaps["estimate"].abs().min() > 0.1
    assert ((gaps["low"] < gaps["estimate"]) & (gaps["estimate"] < gaps["high"])).all()


def test_an_agency_answers_people_with_a_menu():
    society = World(citizens=800, seed=2).simulate()
    rater = load_agency("sesame").fit(society, scorer="scorecard")
    dataset = rater.agency.view(society)
    respond = respond_fully(default_menu(), bundle=1)
    found = refitted(
        rater,
        dataset,
        respond,
        max_iter=2,
        tol=0.0,
        sensitive="hukou",
        earlier=society.outcome["kept_before"],
    )
    # With its own seed, round 0 is the agency itself: it trains on the period before.
    assert np.array_equal(found.raters[0].score(dataset.X), rater.score(dataset.X))
    assert found.by_round["share_who_act"][0] > 0
    assert found.parameters["measured"] == 800
    assert any("earlier period" in note for note in found.notes)


def test_rules_stand_still_and_the_finding_says_why():
    society = World(citizens=300, seed=2).simulate()
    rater = load_agency("council").fit(society)
    found = refitted(rater, rater.agency.view(society), respond_fully(default_menu(), bundle=1))
    assert found.converged_at == 1
    assert any("never refitted" in note for note in found.notes)


def test_several_runs_have_intervals_over_them(people, model):
    respond = LinearShift(strength=0.5)
    runs = [refitted(model, people, respond, output="log_odds", seed=seed) for seed in range(3)]
    found = over_runs(runs)
    one = found.table.query("measure == 'accuracy' and round == 0").iloc[0]
    each = [run.by_round["accuracy"][0] for run in runs]
    assert one["estimate"] == pytest.approx(np.mean(each))
    assert one["low"] < min(one["estimate"], max(each))
    assert found.parameters["runs"] == 3
    assert found.converged
    never = refitted(model, people, respond, output="log_odds", max_iter=1, tol=0)
    assert not over_runs([runs[0], never]).converged
    with pytest.raises(InputError, match="two or more"):
        over_runs(runs[:1])


def test_a_stored_trajectory_draws_the_same_figure(people, model):
    found = refitted(model, people, LinearShift(strength=0.5), output="log_odds")
    stored = Trajectory.from_dict(json.loads(json.dumps(found.to_dict())))
    assert stored.converged_at == found.converged_at
    for each in (found, stored):
        axes = each.plot()
        assert axes.get_yscale() == "log"
        drawn = axes.lines[0].get_ydata()
        assert len(drawn) == found.table["round"].max()
    assert found.metrics()["trajectory.converged"] == 1
    pd.testing.assert_frame_equal(stored.table, found.table, check_dtype=False)


@pytest.mark.parametrize(
    "wrong",
    [{"max_iter": 0}, {"tol": -1}, {"tol": float("nan")}, {"held_out": 1.0}, {"intervals": 2}],
)
def test_settings_out_of_range_are_refused(people, model, nobody, wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        refitted(model, people, nobody, **wrong)


def test_a_score_without_a_decision_is_refused(people, nobody):
    with pytest.raises(ModelError, match="cannot be fitted again"):
        refitted(lambda X: X["show"], people, nobody)
