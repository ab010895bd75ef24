"""A strategy is one module of the folder, found by walking it."""

from importlib import import_module

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from credit_ml.strategic import CrossThreshold, Retraining, rater_strategies

HOW = Retraining(max_iter=3)


@pytest.fixture(scope="module")
def people(gaussian):
    return gaussian(1000, 3)


@pytest.fixture(scope="module")
def model(people):
    return LogisticRegression().fit(people.X, people.y)


@pytest.mark.parametrize("name", sorted(rater_strategies()))
def test_where_nobody_responds_every_strategy_is_the_naive_rater(people, model, nobody, name):
    found = rater_strategies()[name](model, people, nobody, retraining=HOW)
    assert found is not model
    assert found.coef_ == pytest.approx(model.coef_, abs=1e-6)


def test_those_that_look_at_the_response_differ_once_people_respond(people, model):
    game = CrossThreshold(prices={"show": 1.0}, value=4.0)
    raters = {
        name: train(model, people, game, retraining=HOW)
        for name, train in rater_strategies().items()
    }
    assert raters["naive"].coef_ == pytest.approx(model.coef_)
    for name in ("refitted", "robust"):
        assert not np.allclose(raters[name].coef_, model.coef_, atol=1e-3)


def test_a_new_module_needs_no_list(monkeypatch, tmp_path):
    (tmp_path / "stubborn.py").write_text(
        "def train(rater, dataset, respond, *, retraining):\n    return rater\n"
    )
    folder = import_module("credit_ml.strategic.strategies")
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path)])
    assert list(rater_strategies()) == ["naive", "refitted", "robust", "stubborn"]
    assert rater_strategies()["stubborn"]("rater", None, None, retraining=HOW) == "rater"
