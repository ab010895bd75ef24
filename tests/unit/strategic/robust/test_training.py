"""Robust raters: better than naive after the response, equal to it without one."""

import json

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from credit_ml.agencies import load_agency
from credit_ml.core import InputError, MenuError, ModelError
from credit_ml.disclosure.responding import respond_fully
from credit_ml.response import Action, ColumnChange, Menu, default_menu
from credit_ml.scoring import score_function
from credit_ml.society import World
from credit_ml.strategic import (
    CrossThreshold,
    Retraining,
    RobustTraining,
    drop_manipulable,
    manipulable,
    robust_retraining,
    shifted_threshold,
)

GAME = CrossThreshold(prices={"show": 1.0}, value=4.0)


@pytest.fixture(scope="module")
def people(gaussian):
    return gaussian(8000, 4)


@pytest.fixture(scope="module")
def model(people):
    return LogisticRegression().fit(people.X, people.y)


def test_a_raised_threshold_undoes_gaming_that_costs_all_alike(people, model):
    """Everybody's reach is 2 |w|: the threshold raised by it decides as if nobody had moved."""
    weight = abs(float(model.coef_[0, 1]))
    found = shifted_threshold(model, people, GAME)
    assert found.gain[1] > 0
    # Candidates are apart by a tenth of those granted.
    assert found.parameters["chosen"] == pytest.approx(2 * weight, abs=0.4)
    only = shifted_threshold(model, people, GAME, shifts=[2 * weight])
    base = only.naive.predict(people.X)
    again = only.rater.predict(GAME(only.rater, people).X)
    assert (base == again).mean() > 0.98


def test_without_a_response_the_naive_rater_is_kept(people, model, nobody):
    found = robust_retraining(model, people, nobody)
    assert found.parameters["chosen"] == 0
    assert found.gain == pytest.approx((0, 0, 0), abs=1e-3)
    low = shifted_threshold(model, people, nobody, shifts=[3.0])
    assert low.parameters["chosen"] == 0


def test_rounds_with_the_response_inside_beat_the_naive_rater(people, model):
    found = robust_retraining(model, people, GAME)
    assert found.gain[1] > 0
    assert found.metrics()["robust_training.gain"] == found.gain[0]
    assert found.plot().get_xlabel() == "round of training"
    assert found.rater is not found.naive
    rows = found.table.query("quantity == 'value' and part == 'choosing'")
    best = rows.loc[rows["estimate"].idxmax(), "candidate"]
    assert best == found.parameters["chosen"]


def test_an_agency_can_be_raised_and_trained(nobody):
    society = World(citizens=900, seed=6).simulate()
    rater = load_agency("sesame").fit(society, scorer="scorecard")
    dataset = rater.agency.view(society)
    respond = respond_fully(default_menu(), bundle=1)
    how = Retraining(max_iter=1, earlier=society.outcome["kept_before"])
    found = shifted_threshold(rater, dataset, respond, shifts=[0.3], retraining=how)
    assert found.rater.agency == rater.agency
    assert np.array_equal(found.naive.score(dataset.X), rater.score(dataset.X))
    rounds = robust_retraining(rater, dataset, respond, retraining=how)
    assert "round 1" in rounds.notes[0]


def test_rules_cannot_be_raised():
    society = World(citizens=300, seed=6).simulate()
    rater = load_agency("council").fit(society)
    with pytest.raises(ModelError, match="published rules"):
        shifted_threshold(rater, rater.agency.view(society), respond_fully(default_menu()))
    with pytest.raises(ModelError, match="published rules"):
        drop_manipulable(rater, rater.agency.view(society), default_menu())


def test_it_can_be_stored_and_drawn(people, model):
    found = shifted_threshold(model, people, GAME, shifts=[0.5, 1.0])
    stored = RobustTraining.from_dict(json.loads(json.dumps(found.to_dict())))
    assert stored.gain == found.gain
    assert stored.plot().get_xlabel() == "thresholds raised by (log-odds)"
    with pytest.raises(InputError, match="shifts"):
        shifted_threshold(model, people, GAME, shifts=[float("inf")])


@pytest.fixture
def menu():
    def action(name, column, kind):
        return Action(
            id=name,
            name=name,
            kind=kind,
            changes=(ColumnChange(column=column, add=1),),
            price=0,
            effort=0.01,
            source="assumed, because this is a test",
        )

    return Menu(
        id="two",
        description="Two ways.",
        actions=(action("pose", "show", "cosmetic"), action("work", "honest", "improving")),
    )


@pytest.mark.parametrize("kind", [LogisticRegression(), RandomForestClassifier(9)])
def test_a_dropped_column_cannot_be_gamed(people, menu, kind):
    part = people.take(np.arange(500))
    rater = kind.fit(part.X, part.y)
    assert manipulable(menu) == ["show"]
    narrow = drop_manipulable(rater, part, menu)
    score = score_function(narrow)
    assert np.array_equal(score(part.X.assign(show=9.0)), score(part.X))
    assert not np.array_equal(score(part.X.assign(honest=9.0)), score(part.X))


def test_an_agency_reads_fewer_records_and_keeps_the_rest():
    society = World(citizens=600, seed=6).simulate()
    rater = load_agency("sesame").fit(society, scorer="logistic")
    dataset = rater.agency.view(society)
    narrow = drop_manipulable(rater, dataset, default_menu())
    gone = set(rater.columns) - set(narrow.columns)
    assert gone == set(manipulable(default_menu())) & set(rater.columns) != set()
    assert sum(narrow.factors.values(), ()) != ()
    assert not gone & set(sum(narrow.factors.values(), ()))
    assert narrow.agency == rater.agency
    respond_fully(default_menu(), bundle=1)(narrow, dataset)


def test_nothing_to_drop_or_nothing_left_is_refused(people, model, menu):
    with pytest.raises(MenuError, match="moves nothing the rater reads"):
        drop_manipulable(model, people, menu, kinds=("bought",))
    with pytest.raises(ModelError, match="would read no column"):
        drop_manipulable(model, people, menu, kinds=("cosmetic", "improving"))
