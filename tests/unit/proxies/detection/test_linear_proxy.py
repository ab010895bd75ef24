"""The strongest proxy inside a sum, against brute force."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sklearn.linear_model import LinearRegression

from credit_ml.core import Dataset, InputError, ModelError
from credit_ml.proxies import linear_proxy
from credit_ml.proxies.detection.linear_proxy import strongest_component


def brute(terms, group, association, steps):
    """Look at every component on a grid, and at those where the association just holds."""
    grid = np.array(list(product(np.linspace(0, 1, steps), repeat=terms.shape[1])))
    grid = grid[grid.any(axis=1)]
    covariance = np.cov(terms, rowvar=False, bias=True)
    along = (terms - terms.mean(axis=0)).T @ (group - group.mean()) / len(group) / group.std()
    variance = np.einsum("ij,jk,ik->i", grid, covariance, grid)
    held = (grid @ along) ** 2 >= association * variance
    whole = covariance.sum()
    return (variance[held].max() if held.any() else 0.0) / whole


def sample(columns, seed):
    random = np.random.default_rng(seed)
    group = (random.random(400) < 0.4).astype(float)
    mix = random.normal(size=(columns, columns))
    terms = random.normal(size=(400, columns)) @ mix
    return terms + np.outer(group, random.normal(size=columns) * 1.5), group


@settings(max_examples=12)
@given(columns=some.integers(2, 3), seed=some.integers(0, 9999), association=some.floats(0.02, 0.5))
def test_the_search_is_no_worse_than_brute_force(columns, seed, association):
    terms, group = sample(columns, seed)
    found = strongest_component(terms, group, association)
    best = brute(terms, group, association, 201 if columns == 2 else 41)
    assert found.influence >= best * (1 - 1e-6) - 1e-9
    assert found.bound >= best - 1e-6
    assert found.bound >= found.influence
    if found.influence > 0:
        assert found.association >= association - 1e-5
        part = terms @ found.shares
        assert np.corrcoef(part, group)[0, 1] ** 2 == pytest.approx(found.association, abs=1e-9)
        assert part.var() / terms.sum(axis=1).var() == pytest.approx(found.influence)


def test_no_component_follows_a_group_that_no_term_follows():
    random = np.random.default_rng(1)
    found = strongest_component(random.normal(size=(2000, 3)), random.choice([0.0, 1.0], 2000), 0.2)
    assert found.influence == 0
    assert (found.shares == 0).all()


def test_the_group_itself_is_the_component():
    random = np.random.default_rng(2)
    group = random.choice([0.0, 1.0], 3000)
    terms = np.column_stack([3 * group, random.normal(size=3000)])
    # With nearly the whole association asked for, the other term must stay out.
    found = strongest_component(terms, group, 0.99)
    assert found.shares[0] == pytest.approx(1, abs=1e-6)
    assert found.shares[1] < 0.2
    # With less than the whole score has, it is the whole score.
    whole = np.corrcoef(terms.sum(axis=1), group)[0, 1] ** 2
    found = strongest_component(terms, group, whole - 0.01)
    assert found.influence >= 1 - 1e-6


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(3)
    sex = random.random(800) < 0.5
    frame = pd.DataFrame(
        {
            "late": random.normal(size=800) + 2 * sex,
            "years": random.normal(size=800),
            "sex": np.where(sex, "f", "m"),
        }
    )
    return Dataset.from_frame(frame, target=None, sensitive=["sex"])


def test_a_linear_model_is_searched_column_by_column(data):
    model = LinearRegression().fit(data.X, data.X["late"] - 3 * data.X["years"])
    found = linear_proxy(model, data, sensitive="sex", association=0.4)
    rows = found.table.set_index("column")
    assert rows["estimate"]["late"] > 0.99
    assert rows["estimate"]["years"] < 0.3
    assert rows["association"]["(component)"] >= 0.4 - 1e-6
    assert list(found.metrics()) == [f"proxies.linear.sex.{rows['group'].iloc[0]}"]


def test_only_sums_and_possible_associations_are_searched(data):
    model = LinearRegression().fit(data.X, data.X["late"])
    with pytest.raises(InputError, match="between 0 and 1"):
        linear_proxy(model, data, sensitive="sex", association=1.0)
    with pytest.raises(ModelError):
        linear_proxy(lambda X: X["late"], data, sensitive="sex")
