"""Pieces of the estimators, worked out by hand or held against another implementation."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset
from credit_ml.inference import Comparison, People
from credit_ml.proxies import decompose
from credit_ml.proxies.decomposition.estimators.design import NumericDesign, indicators
from credit_ml.proxies.decomposition.estimators.regression import Regression
from credit_ml.proxies.decomposition.estimators.repair import repaired
from credit_ml.society import World


@pytest.mark.parametrize(("drop_first", "width"), [(True, 2), (False, 3)])
def test_categories_become_one_column_each_but_perhaps_the_first(
    drop_first: bool, width: int
) -> None:
    column = pd.Series(pd.Categorical(["a", "b", "c", "a"]))
    assert indicators(column, drop_first=drop_first).shape == (4, width)


def test_gaps_are_a_column_and_numbers_take_the_mean() -> None:
    assert indicators(pd.Series([1.0, np.nan, 3.0]), drop_first=True).tolist() == [
        [1.0, 0.0],
        [2.0, 1.0],
        [3.0, 0.0],
    ]
    gaps = indicators(pd.Series(pd.Categorical(["a", None, "b"])), drop_first=False)
    assert gaps[:, -1].tolist() == [0.0, 1.0, 0.0]


def test_unequal_groups_are_repaired_to_the_median_of_their_own_quantiles() -> None:
    column = pd.Series([0.0, 1.0, 10.0, 20.0, 30.0, 40.0, 100.0, 100.0])
    groups = np.array([0, 0, 1, 1, 1, 1, 2, 2])
    made = repaired(column, groups, np.random.default_rng(0))
    # The median of three groups at each rank is the second group's quantile there.
    assert made.tolist() == [20.0, 40.0, 10.0, 20.0, 30.0, 40.0, 20.0, 40.0]


def test_repaired_categories_have_the_mean_of_the_groups_shares() -> None:
    groups = np.repeat([0, 1], 400)
    column = pd.Series(pd.Categorical(["a"] * 400 + ["a", "b"] * 200, categories=["a", "b", "c"]))
    made = repaired(column, groups, np.random.default_rng(0))
    shares = [made[groups == group].value_counts(normalize=True) for group in (0, 1)]
    for own in shares:
        assert own["a"] == pytest.approx(0.75, abs=0.01)
        assert own["b"] == pytest.approx(0.25, abs=0.01)
        assert own["c"] == 0.0
    assert made.notna().all()


@pytest.mark.parametrize("output", ["score", "log_odds"])
def test_shap_values_sum_to_the_gap_of_the_number_asked_for(output: str) -> None:
    society = World(citizens=400, seed=3).simulate()
    rater = load_agency("bureau").fit(society)
    dataset = rater.agency.view(society)
    found = decompose(rater, dataset, sensitive="hukou", method="shap_by_factor", output=output)
    numbers = rater.score(dataset.X) if output == "score" else rater.log_odds(dataset.X)
    rural = (dataset.groups("hukou") == "rural").to_numpy()
    gap = np.asarray(numbers)[rural].mean() - np.asarray(numbers)[~rural].mean()
    table = found.table.set_index("factor")["estimate"]
    assert table["(gap)"] == pytest.approx(gap, rel=1e-6)
    assert table.drop("(gap)").sum() == pytest.approx(gap, rel=1e-6)


def test_a_factor_that_a_regression_prices_by_chance_has_the_usual_error() -> None:
    statsmodels = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(1)

    x = rng.normal(size=(40, 2))
    y = x @ [1.0, -2.0] + rng.normal(size=40)
    inside = np.arange(40) < 20

    pair = Comparison("sex", "f", "m", inside, ~inside)
    regression = Regression(design=NumericDesign.of(x), scores=y, people=People(40))
    prices = regression.prices(np.ones(40, dtype=bool))
    slope, terms = (
        prices.slope,
        regression.influence(pair, np.zeros((2, 2)), (prices, np.eye(2)))[:-1].T,
    )
    fitted = statsmodels.OLS(y, statsmodels.add_constant(x)).fit(cov_type="HC1")
    assert slope == pytest.approx(fitted.params[1:])
    assert np.sqrt((terms**2).sum(axis=0)) == pytest.approx(fitted.bse[1:] * np.sqrt(39 / 40))


def test_one_factor_carries_the_whole_gap() -> None:
    frame = pd.DataFrame({"late": [0.0, 1.0, 5.0], "sex": ["f", "m", "m"]})
    data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    found = decompose(lambda X: X["late"], data, sensitive="sex", method="swap_shapley")
    assert found.table["estimate"].tolist() == pytest.approx([-3.0, -3.0])
