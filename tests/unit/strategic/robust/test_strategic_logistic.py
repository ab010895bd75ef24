"""Training through the response: against scikit-learn, closed forms and brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, minimize
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import estimator_checks_generator

from credit_ml.core import MenuError, ModelError
from credit_ml.strategic import (
    CrossThreshold,
    LinearScore,
    OneSided,
    Quadratic,
    StrategicLogistic,
    linear_response,
)
from credit_ml.strategic.robust.strategic_logistic import Reach, _Problem


@pytest.mark.parametrize(
    ("estimator", "check"),
    [
        pytest.param(estimator, check, id=getattr(check, "func", check).__name__)
        for estimator, check in estimator_checks_generator(StrategicLogistic())
    ],
)
def test_it_is_a_scikit_learn_estimator(estimator, check):
    check(estimator)


@pytest.mark.parametrize("C", [0.1, 1.0, 100.0])
@pytest.mark.parametrize("quiet", [{"value": 0.0}, {"price": {}}, {"price": 1e14}])
def test_without_response_it_is_logistic_regression(gaussian, C, quiet):
    people = gaussian(500)
    plain = LogisticRegression(C=C, tol=1e-10, max_iter=1000).fit(
        people.X.astype("float64"), people.y
    )
    found = StrategicLogistic(C=C, **quiet).fit(people.X, people.y)
    assert found.coef_ == pytest.approx(plain.coef_, abs=1e-4)
    assert found.intercept_ == pytest.approx(plain.intercept_, abs=1e-4)
    assert found.predict_proba(people.X) == pytest.approx(
        plain.predict_proba(people.X.astype("float64")), abs=1e-4
    )


@pytest.mark.parametrize("cost", ["quadratic", "linear"])
def test_for_people_alike_it_is_a_raised_threshold(gaussian, cost):
    """Hardt et al. (2016): the naive score, its line raised by everybody's reach."""
    people = gaussian(800)
    plain = LogisticRegression(tol=1e-10).fit(people.X.astype("float64"), people.y)
    found = StrategicLogistic(price={"show": 0.5}, cost=cost, value=2.0).fit(people.X, people.y)
    weight = abs(plain.coef_[0, 1])
    reach = np.sqrt(2.0 * weight**2 / 0.5) if cost == "quadratic" else 2.0 * weight / 0.5
    assert found.coef_ == pytest.approx(plain.coef_, abs=1e-4)
    assert found.intercept_[0] == pytest.approx(plain.intercept_[0] - reach, abs=1e-3)


def _reach_of(prices, names, **others):
    each = np.array([prices.get(name, np.inf) for name in names])
    return Reach(prices=each, **others)


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 1000),
    cost=st.sampled_from(["quadratic", "linear"]),
    value=st.floats(0.1, 3),
)
def test_its_gradient_is_that_of_its_loss(seed, cost, value):
    random = np.random.default_rng(seed)
    X = random.normal(size=(40, 3)) * [1, 5, 0.1]
    reach = _reach_of({"a": 0.5, "c": 2.0}, ["a", "b", "c"], cost=cost, value=value)
    sign = random.choice([-1.0, 1.0], 40)
    problem = _Problem(X, sign, reach, reach.scales(random.uniform(0, 3, 40)), 0.7)
    at = random.normal(size=4)
    numeric = approx_fprime(at, lambda x: problem.loss(x, problem.scales)[0], 1e-7)
    assert problem.loss(at, problem.scales)[1] == pytest.approx(numeric, abs=1e-3, rel=1e-4)


def test_where_means_differ_no_other_search_finds_better(gaussian):
    people = gaussian(400)
    means = people.context["income"].to_numpy()
    found = StrategicLogistic(price={"show": 0.3}).fit(people.X, people.y, means=means)
    sign = np.where(people.y == 1, 1.0, -1.0)
    X = people.X.to_numpy("float64")

    def loss(given):
        reach = np.sqrt(means * given[1] ** 2 / 0.3)
        margin = sign * (X @ given[:2] + given[2] + reach)
        return np.logaddexp(0, -margin).sum() + given[:2] @ given[:2] / 2

    ours = loss(np.append(found.coef_[0], found.intercept_))
    starts = np.random.default_rng(0).normal(size=(6, 3)) * 2
    others = [
        minimize(loss, start, method="Nelder-Mead", options={"maxiter": 3000}).fun
        for start in starts
    ]
    assert ours <= min(others) + 1e-4


def test_it_beats_the_naive_rater_once_people_respond(gaussian):
    train, fresh = gaussian(3000, 1), gaussian(6000, 2)
    respond = CrossThreshold(prices={"show": 1.0}, value=4.0)
    naive = LogisticRegression().fit(train.X.astype("float64"), train.y)
    wary = StrategicLogistic(price={"show": 1.0}, value=4.0).fit(train.X, train.y)
    right = {
        name: model.predict(respond(model, fresh).X.astype("float64")) == fresh.y.to_numpy()
        for name, model in (("naive", naive), ("wary", wary))
    }
    gain = right["wary"].astype(float) - right["naive"]
    assert gain.mean() - 2.58 * gain.std() / np.sqrt(len(gain)) > 0


def test_bad_input_is_refused(gaussian):
    people = gaussian(60)
    for wrong, error, said in (
        ({"C": 0}, ModelError, "C"),
        ({"price": -1.0}, MenuError, "price"),
        ({"price": {"shoes": 1.0}}, ModelError, "shoes"),
        ({"value": -1.0}, MenuError, "value"),
        ({"cost": "cubic"}, MenuError, "cubic"),
    ):
        with pytest.raises(error, match=said):
            StrategicLogistic(**wrong).fit(people.X, people.y)
    with pytest.raises(ModelError, match="did not converge"):
        StrategicLogistic(max_iter=1, C=1e6).fit(people.X, people.y)
    with pytest.raises(ModelError, match="means"):
        StrategicLogistic().fit(people.X, people.y, means=-np.ones(60))


WEIGHTS = st.lists(
    st.floats(-3, 3).filter(lambda weight: abs(weight) > 0.05), min_size=2, max_size=3
)


@settings(max_examples=20, deadline=None)
@given(weights=WEIGHTS, cost=st.sampled_from(["quadratic", "linear"]), value=st.floats(0.1, 4))
def test_reach_is_where_the_price_is_the_value(weights, cost, value):
    weights, prices, means = np.array(weights), np.full(len(weights), 0.7), np.array([0.5, 2.0])
    names = [str(number) for number in range(len(weights))]
    reach = _reach_of(dict.fromkeys(names, 0.7), names, cost=cost, value=value)
    size, _ = reach.size(weights)
    priced = Quadratic(weights=prices) if cost == "quadratic" else OneSided(up=prices, down=prices)
    start = np.zeros((2, len(weights)))
    # The smooth maximum of a linear cost is at most so much beyond the largest.
    beyond = 1e-6 if cost == "quadratic" else len(weights) ** (1 / 16) - 1 + 1e-6
    for share, able in ((1 / (1 + beyond) - 1e-6, True), (1 + 1e-3, False)):
        for scale, worth in zip(reach.scales(means), value * means, strict=True):
            score = LinearScore(weights=weights, threshold=share * scale * size)
            found = linear_response(start[:1], score, cost=priced, value=worth)
            assert found.moved[0] == able


def test_nobody_reaches_anything_without_prices():
    reach = _reach_of({}, ["a", "b"], cost="linear", value=1.0)
    size, slope = reach.size(np.array([1.0, 2.0]))
    assert size == 0
    assert slope.tolist() == [0, 0]
    assert reach.scales(np.ones(1)) == pytest.approx([1.0])
