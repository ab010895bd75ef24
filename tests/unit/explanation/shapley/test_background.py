"""Who stands in for whom, and what that leaves of a factor that is not used."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import ModelError
from credit_ml.explanation import background_rows, factor_attributions
from credit_ml.explanation.shapley import block_shapley


@given(st.integers(2, 60), st.integers(0, 1000))
def test_people_stand_in_for_each_other_in_one_ring(people, seed):
    ring = background_rows(people, seed=seed)
    assert sorted(ring) == list(range(people))
    walk, at = [], 0
    for _ in range(people):
        walk.append(at)
        at = ring[at]
    assert at == 0
    assert sorted(walk) == list(range(people))


def blocks(names):
    return {name: [name] for name in names}


@pytest.fixture(scope="module")
def people():
    random = np.random.default_rng(3)
    job = pd.Categorical(random.choice(["a", "b"], 300))
    return pd.DataFrame(random.normal(size=(300, 3)), columns=list("xyz")).assign(job=job)


def bent(X):
    return X["x"].to_numpy() * np.exp(X["y"].to_numpy()) + 2.0 * (X["job"] == "a").to_numpy()


@pytest.mark.parametrize("background", [None, 40])
def test_a_factor_that_the_score_does_not_use_gets_exactly_nothing(people, background):
    stand_in = None if background is None else people[:background]
    found = factor_attributions(bent, people, blocks(people), background=stand_in, seed=1)
    assert (found[:, list(people).index("z")] == 0).all()
    base = bent(people if stand_in is None else stand_in).mean()
    np.testing.assert_allclose(found.sum(axis=1), bent(people) - base, atol=1e-12)


def test_an_additive_score_gives_each_factor_its_own_term_on_average(people):
    def score(X):
        return 3.0 * X["x"].to_numpy() - X["y"].to_numpy()

    draws = [factor_attributions(score, people, blocks("xy"), seed=seed) for seed in range(200)]
    term = 3.0 * (people["x"] - people["x"].mean())
    noise = np.std(draws, axis=0, ddof=1)[:, 0] / np.sqrt(len(draws))
    assert (np.abs(np.mean(draws, axis=0)[:, 0] - term) < 5 * noise).all()


def test_people_may_be_scored_in_parts(people, monkeypatch):
    whole = factor_attributions(bent, people, blocks(people), seed=4)
    monkeypatch.setattr(block_shapley, "MOST_SCORES", 2**4 * 7)
    parts = factor_attributions(bent, people, blocks(people), seed=4)
    np.testing.assert_allclose(parts, whole, atol=1e-12)


def test_a_column_belongs_to_one_factor(people):
    with pytest.raises(ModelError, match=r"factor 'b': column 'x' is in 'a' too"):
        factor_attributions(bent, people, {"a": ["x"], "b": ["y", "x"]}, seed=0)
    with pytest.raises(ModelError, match=r"column 'jobs' is absent; did you mean 'job'\?"):
        factor_attributions(bent, people, {"a": ["x", "y"], "b": ["jobs"]}, seed=0)
