"""Performative risk, its optimum and the stable point, in closed form where there is one."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from credit_ml.agencies import raised
from credit_ml.core import InputError, ModelError
from credit_ml.strategic import (
    CrossThreshold,
    LinearShift,
    PerformativeOptimum,
    Retraining,
    performative_minimum,
    performative_optimum,
    performative_risk,
    repeated_refitting,
)


@pytest.fixture(scope="module")
def people(gaussian):
    found = gaussian(1500)
    return replace(found, X=found.X.astype("float64"))


@pytest.fixture(scope="module")
def model(people):
    return LogisticRegression(C=1e8, tol=1e-10).fit(people.X, people.y)


def test_without_response_it_is_the_plain_risk(people, model, nobody):
    assert performative_risk(model, people, nobody) == pytest.approx(
        log_loss(people.y, model.predict_proba(people.X)[:, 1])
    )
    wrong = (model.predict(people.X) != people.y).mean()
    assert performative_risk(model, people, nobody, loss="zero_one") == pytest.approx(wrong)


def test_where_an_intercept_absorbs_the_response_stable_is_optimal(people, model):
    """PR(w, b) is the plain risk of (w, b + strength |w_S|**2): the same minimum."""
    respond = LinearShift(strength=2.0, columns=["show"])
    least = log_loss(people.y, model.predict_proba(people.X)[:, 1])
    how = Retraining(earlier=people.y, output="log_odds")
    run = repeated_refitting(model, people, respond, retraining=how, sensitive=[])
    stable = run.raters[-1]
    assert performative_risk(stable, people, respond) == pytest.approx(least, abs=1e-5)
    searched = performative_minimum(model, people, respond)
    assert searched.risk == pytest.approx(least, abs=1e-5)
    assert searched.converged
    raters = {"naive": model, "stable": stable, "searched": searched.rater}
    found = performative_optimum(raters, people, respond)
    assert found.parameters["optimum"] != "naive"
    assert found.above_optimum("stable")[0] == pytest.approx(0, abs=1e-5)


def test_a_stable_rater_need_not_be_optimal(people):
    """Without an intercept the response is not absorbed, and retraining does not look ahead."""
    model = LogisticRegression(C=1e8, fit_intercept=False).fit(people.X, people.y)
    respond = LinearShift(strength=0.3)
    how = Retraining(earlier=people.y, output="log_odds", tol=1e-6, max_iter=100)
    run = repeated_refitting(model, people, respond, retraining=how, sensitive=[])
    assert run.converged
    stable = run.raters[-1]
    risks = {
        share: performative_risk(scaled(stable, share), people, respond)
        for share in np.linspace(0.5, 1.2, 15)
    }
    assert min(risks, key=risks.get) < 1
    raters = {"stable": stable, "smaller": scaled(stable, min(risks, key=risks.get))}
    found = performative_optimum(raters, people, respond)
    assert found.parameters["optimum"] == "smaller"
    assert found.above_optimum("stable")[0] > 0


def scaled(model, share):
    changed = LogisticRegression(fit_intercept=False)
    changed.__dict__ |= model.__dict__
    changed.coef_ = model.coef_ * share
    return changed


def test_the_optimum_among_raised_thresholds_undoes_gaming(people, model):
    respond = CrossThreshold(prices={"show": 1.0}, value=4.0)
    reach = 2 * abs(float(model.coef_[0, 1]))
    lines = {f"{share:g}": raised(model, share * reach) for share in (0, 0.5, 1, 2)}
    found = performative_optimum(lines, people, respond, loss="zero_one")
    assert found.parameters["optimum"] == "1"
    assert found.above_optimum("0")[1] > 0
    rows = found.where(quantity="value").table.set_index(["rater", "measure"])["estimate"]
    # The best threshold decides after the response as the naive one does before it.
    assert rows["1", "performative_risk"] == pytest.approx(rows["0", "risk_before"], abs=1e-3)
    assert found.above_optimum("1")[0] == 0
    stored = PerformativeOptimum.from_dict(json.loads(json.dumps(found.to_dict())))
    assert stored.above_optimum("0") == pytest.approx(found.above_optimum("0"))
    assert "zero-one" in stored.plot().get_xlabel()


def test_bad_input_is_refused(people, model, nobody):
    with pytest.raises(InputError, match="hinge"):
        performative_risk(model, people, nobody, loss="hinge")
    with pytest.raises(InputError, match="empty"):
        performative_optimum({}, people, nobody)
    with pytest.raises(InputError, match="'stabel' is unknown"):
        performative_optimum({"stable": model}, people, nobody).above_optimum("stabel")
    wide = pd.concat(
        [people.X[["show"]].rename(columns={"show": str(n)}) for n in range(9)], axis=1
    )
    broad = replace(people, X=wide, factors={"all": tuple(wide.columns)})
    with pytest.raises(ModelError, match="9 weights"):
        performative_minimum(LogisticRegression().fit(wide, people.y), broad, nobody)
