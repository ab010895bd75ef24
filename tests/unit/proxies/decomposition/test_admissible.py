"""Distance from prices that infer nothing: closed forms and null cases."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from credit_ml.core import Dataset, ModelError, TableError
from credit_ml.proxies import decompose, proxy_discrimination
from credit_ml.proxies.decomposition.admissible import simplex_weights
from credit_ml.proxies.decomposition.estimators.inferred import ADMISSIBLE
from credit_ml.scoring import LogisticScorer

#: Chance of keeping an obligation in each group; `late` matters in neither.
KEPT = {"f": 0.3, "m": 0.7}


def people(number=6000, seed=0, follows=0.0):
    """`proxy` follows the group, which alone moves the outcome, beside `late` by `follows`."""
    random = np.random.default_rng(seed)
    sex = random.choice(["f", "m"], number)
    late = random.random(number)
    chance = np.where(sex == "m", KEPT["m"], KEPT["f"]) + follows * (late - 0.5)
    frame = pd.DataFrame(
        {
            "proxy": (sex == "m") + random.normal(size=number),
            "late": late,
            "sex": sex,
            "kept": (random.random(number) < chance) + 0,
        }
    )
    return Dataset.from_frame(frame, target="kept", sensitive=["sex"])


def inferring(X):
    """E[Y | X]: two normals one apart in equal shares."""
    return KEPT["f"] + (KEPT["m"] - KEPT["f"]) / (1 + np.exp(0.5 - X["proxy"].astype(float)))


def measured(found):
    return found.table.set_index("measure")


def test_a_price_that_only_infers_is_all_proxy_discrimination():
    found = measured(proxy_discrimination(inferring, people(90_000), sensitive="sex"))
    # In each group the outcome depends on nothing, so admissible prices are constant but for
    # the noise of the fits.
    assert found["estimate"]["proxy_discrimination"] == pytest.approx(1, abs=0.15)
    assert found["low"]["demographic_unfairness"] > 0.05


def test_an_average_of_what_is_expected_of_each_group_infers_nothing():
    data = people(follows=0.5)
    parts = [
        LogisticScorer().fit(data.X[own], data.y[own])
        for own in ((data.sensitive["sex"] == sex).to_numpy() for sex in ("f", "m"))
    ]

    def averaged(X):
        return 0.1 + sum(
            weight * part.predict_proba(X)[:, 1]
            for weight, part in zip((0.2, 0.8), parts, strict=True)
        )

    found = proxy_discrimination(averaged, data, sensitive="sex")
    assert measured(found)["estimate"]["proxy_discrimination"] < 1e-8
    assert found.parameters["weights"]["m"] == pytest.approx(0.8, abs=0.01)
    parts = decompose(averaged, data, sensitive="sex", method="proxy_discrimination").table
    parts = parts.set_index("factor")["estimate"]
    assert abs(parts["proxy"]) < 1e-4
    assert parts[ADMISSIBLE] == pytest.approx(parts["(gap)"], abs=1e-4)


def test_what_is_inferred_comes_in_through_the_proxy():
    data = people(90_000)
    parts = decompose(inferring, data, sensitive="sex", method="proxy_discrimination").table
    parts = parts.set_index("factor")
    assert parts["estimate"]["proxy"] == pytest.approx(parts["estimate"]["(gap)"], rel=0.1)
    assert abs(parts["estimate"][ADMISSIBLE]) < 0.1 * abs(parts["estimate"]["(gap)"])


def test_equal_means_are_no_unfairness():
    data = people(2000)
    found = measured(proxy_discrimination(lambda X: X["late"], data, sensitive="sex"))
    assert found["low"]["demographic_unfairness"] == 0
    assert found["estimate"]["demographic_unfairness"] < 0.005


@settings(max_examples=20)
@given(seed=some.integers(0, 999), groups=some.integers(2, 4))
def test_weights_are_the_nearest_on_the_simplex(seed, groups):
    random = np.random.default_rng(seed)
    columns, target = random.normal(size=(60, groups)), random.normal(size=60)
    weights = simplex_weights(target, columns)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    reached = ((target - columns @ weights) ** 2).mean()
    others = random.dirichlet(np.full(groups, 0.5), 500)
    assert reached <= ((target[:, None] - columns @ others.T) ** 2).mean(axis=0).min() + 1e-8


def test_what_cannot_be_priced_is_refused():
    data = people(200)
    with pytest.raises(ModelError, match="gives everybody one score"):
        proxy_discrimination(lambda X: 0 * X["late"], data, sensitive="sex")
    blind = Dataset(
        X=data.X, y=None, sensitive=data.sensitive, factors=data.factors, context=data.context
    )
    with pytest.raises(TableError, match="no outcome"):
        proxy_discrimination(inferring, blind, sensitive="sex")
    model = LogisticScorer().fit(data.X, data.y)
    with pytest.raises(ModelError, match="expectation of outcomes"):
        decompose(model, data, sensitive="sex", method="proxy_discrimination", output="log_odds")
