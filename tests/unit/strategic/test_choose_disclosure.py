"""Choosing a disclosure: null cases, dominance, and what each criterion needs."""

import json

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from credit_ml.agencies import load_agency
from credit_ml.core import InputError
from credit_ml.disclosure.responding import respond_fully
from credit_ml.response import default_menu
from credit_ml.society import World
from credit_ml.strategic import (
    Criterion,
    CrossThreshold,
    DisclosureChoice,
    choose_disclosure,
    rater_strategies,
)

GAME = CrossThreshold(prices={"show": 1.0}, value=4.0)


@pytest.fixture(scope="module")
def people(gaussian):
    return gaussian(4000, 9)


@pytest.fixture(scope="module")
def model(people):
    return LogisticRegression().fit(people.X, people.y)


@pytest.fixture(scope="module")
def found(people, model, nobody):
    return choose_disclosure(model, people, {"nothing": nobody, "full": GAME})


def test_where_nobody_responds_every_strategy_is_the_naive_one(found):
    rows = found.table.query("regime == 'nothing' and measure in ['accuracy', 'auc']")
    assert set(rows["strategy"]) == {"naive", "refitted", "robust"}
    assert (rows.groupby("measure")["estimate"].nunique() == 1).all()


def test_gaming_makes_secrecy_pay_for_the_naive_rater_alone(found):
    accuracy = found.table.query("measure == 'accuracy'").set_index(["regime", "strategy"])
    price = accuracy["estimate"]["nothing"] - accuracy["estimate"]["full"]
    assert price["naive"] > 0.02
    assert price["robust"] < price["naive"]


def test_the_best_is_behind_nobody(found):
    behind = found.table.query("measure == 'behind_best'").set_index(["regime", "strategy"])
    assert behind["estimate"][found.best] == 0
    assert (behind["estimate"] >= 0).all()
    worst = behind.loc[behind["estimate"].idxmax()]
    assert worst["low"] > 0


def test_smallest_gap_and_most_welfare_may_choose_otherwise(people, model, nobody):
    told = {"nothing": nobody, "full": GAME}
    fair = choose_disclosure(model, people, told, criterion=Criterion(by="gap", sensitive="sex"))
    gaps = fair.table.query("quantity == 'largest_difference'").set_index(["regime", "strategy"])
    assert gaps["estimate"][fair.best] == gaps["estimate"].min()
    assert (gaps["low"] <= gaps["estimate"]).all()

    def worth(rater, X):
        return 10.0 * (rater.predict_proba(X)[:, 1] >= 0.5)

    glad = choose_disclosure(model, people, told, criterion=Criterion(by="welfare", worth=worth))
    # What is granted is worth more than it costs, so people are best off where they may game.
    assert glad.best[0] == "full"
    stored = DisclosureChoice.from_dict(json.loads(json.dumps(glad.to_dict())))
    assert stored.best == glad.best
    assert "welfare" in stored.plot().get_xlabel()


def test_an_agency_brings_the_worth_of_its_privileges(nobody):
    society = World(citizens=600, seed=8).simulate()
    rater = load_agency("sesame").fit(society, scorer="logistic")
    dataset = rater.agency.view(society)
    told = {"nothing": nobody, "full": respond_fully(default_menu(), bundle=1)}
    criterion = Criterion(by="welfare", sensitive="hukou")
    naive = {"naive": rater_strategies()["naive"]}
    found = choose_disclosure(rater, dataset, told, using=naive, criterion=criterion)
    welfare = found.table.query("measure == 'welfare'").set_index("regime")["estimate"]
    # Who knows everything gains by acting, or does not act.
    assert welfare["full"] >= welfare["nothing"]
    assert np.isfinite(list(found.metrics().values())).all()


def test_a_criterion_without_what_it_needs_is_refused(people, model, nobody):
    told = {"nothing": nobody}
    for wrong, said in (({"by": "luck"}, "luck"), ({"by": "gap"}, "sensitive")):
        with pytest.raises(InputError, match=said):
            Criterion(**wrong)
    with pytest.raises(InputError, match="worth"):
        choose_disclosure(model, people, told, criterion=Criterion(by="welfare"))
    with pytest.raises(InputError, match="nothing to choose"):
        choose_disclosure(model, people, told, using={})
