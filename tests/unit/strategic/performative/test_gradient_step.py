"""Repeated gradient descent reaches the same stable point as refitting, more slowly."""

from dataclasses import replace

import pytest
from scipy.optimize import approx_fprime
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from credit_ml.core import ModelError
from credit_ml.strategic import GradientStep, LinearShift, Retraining, repeated_refitting


@pytest.fixture(scope="module")
def people(gaussian):
    found = gaussian(1000)
    return replace(found, X=found.X.astype("float64"))


def test_a_step_follows_the_gradient_of_the_penalised_loss(people):
    model = LogisticRegression(C=0.01, tol=1e-10).fit(people.X.iloc[:50], people.y.iloc[:50])
    X, y = people.X, people.y.to_numpy()

    def loss(given):
        changed = LogisticRegression()
        changed.__dict__ |= model.__dict__
        changed.coef_, changed.intercept_ = given[None, :2], given[2:]
        chance = changed.predict_proba(X)[:, 1]
        return log_loss(y, chance) + given[:2] @ given[:2] / (2 * len(y) * 0.01)

    at = [*model.coef_[0], *model.intercept_]
    slope = approx_fprime(at, loss, 1e-6)
    found = GradientStep(rate=0.1)(model, people, X, y, seed=0)
    moved = [*(found.coef_ - model.coef_)[0], *(found.intercept_ - model.intercept_)]
    assert moved == pytest.approx(-0.1 * slope, abs=1e-5)


def test_it_ends_where_refitting_ends(people):
    model = LogisticRegression(fit_intercept=False, tol=1e-10).fit(people.X, people.y)
    respond = LinearShift(strength=0.3)
    asked = {"output": "log_odds", "earlier": people.y, "max_iter": 200, "tol": 1e-6}
    exact, steps = (
        repeated_refitting(model, people, respond, retraining=how, sensitive=[])
        for how in (Retraining(**asked), Retraining(learn=GradientStep(), **asked))
    )
    assert exact.converged
    assert steps.converged
    assert steps.raters[-1].coef_ == pytest.approx(exact.raters[-1].coef_, abs=1e-3)


def test_a_model_without_weights_has_no_gradient(people):
    with pytest.raises(ModelError, match="no weight"):
        GradientStep()(lambda X: X["show"], people, people.X, people.y, seed=0)
    with pytest.raises(ModelError, match="rate"):
        GradientStep(rate=-1.0)
