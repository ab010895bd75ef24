"""Means over a reference are those of all pairs, however the model is read or asked."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.explanation import coalition_scores
from credit_ml.explanation.shapley.pair_means import mean_coalition_scores
from credit_ml.scoring import (
    BlendScorer,
    LightGBMScorer,
    LogisticScorer,
    NeuralScorer,
    OpaqueScorer,
    ScoreFunction,
    score_function,
)

PEOPLE, REFERENCE = 5, 12
FACTORS = {"history": ["late"], "work": ["job", "income"], "home": ["region"]}


def table(rows: int = 200, *, seed: int = 3) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    late = random.poisson(2, rows).astype(float)
    return pd.DataFrame(
        {
            "late": np.where(random.random(rows) < 0.2, np.nan, late),
            "job": pd.Categorical(random.choice(["farm", "shop"], rows)),
            "income": random.normal(5, 1, rows).round(1),
            "region": random.choice(["north", "south"], rows),
        }
    )


def outcomes(people: pd.DataFrame) -> pd.Series:
    random = np.random.default_rng(1)
    drawn = people["income"] - people["late"].fillna(2) + random.normal(size=len(people))
    return (drawn > 3).astype(int)


def of_all_pairs(
    score: ScoreFunction, people: pd.DataFrame, reference: pd.DataFrame, factors: Any
) -> np.ndarray:
    """Ask the model about every pair, person by person."""
    asked = ScoreFunction(name=score.name, unit=score.unit, raw=score.raw)
    size = len(reference)
    means = []
    for row in range(len(people)):
        own = people.iloc[[row] * size].reset_index(drop=True)
        means.append(coalition_scores(asked, own, reference, factors).mean(axis=1))
    return np.stack(means, axis=1)


SCORERS: list[Any] = [
    NeuralScorer(max_iter=3),
    NeuralScorer(max_iter=2, hidden_layer_sizes=(5,)),
    NeuralScorer(max_iter=2, hidden_layer_sizes=(6, 5, 4)),
    LogisticScorer(),
    LightGBMScorer(n_estimators=5),
    BlendScorer((OpaqueScorer(max_iter=5), NeuralScorer(max_iter=2), LogisticScorer())),
    BlendScorer((LightGBMScorer(n_estimators=3), NeuralScorer(max_iter=2))),
]


@pytest.mark.parametrize("scorer", SCORERS, ids=lambda scorer: type(scorer).__name__)
@pytest.mark.parametrize("output", ["score", "log_odds"])
def test_what_is_read_once_a_person_is_what_every_pair_says(scorer: Any, output: Any) -> None:
    people = table()
    score = score_function(scorer.fit(people, outcomes(people)), output)
    own, other = people.iloc[:PEOPLE], people.iloc[50 : 50 + REFERENCE].reset_index(drop=True)
    found = mean_coalition_scores(score, own, other, FACTORS)
    expected = of_all_pairs(score, own.reset_index(drop=True), other, FACTORS)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@given(seed=st.integers(0, 500), without=st.sampled_from(["", "late", "job", "region"]))
@settings(deadline=None, max_examples=15)
def test_a_model_that_is_asked_says_the_same_of_shared_halves(seed: int, without: str) -> None:
    """Also where a column is in no factor, which people keep, and where values are missing."""
    people = table(30, seed=seed)
    factors = {
        name: [column for column in block if column != without] for name, block in FACTORS.items()
    }
    factors = {name: block for name, block in factors.items() if block}

    def raw(X: pd.DataFrame) -> np.ndarray:
        shop = (X["job"] == "shop").to_numpy()
        north = (X["region"] == "north").to_numpy()
        return np.asarray(X["late"].fillna(9.0) * shop + X["income"] * north)

    score = ScoreFunction(name="own", unit="score", raw=raw)
    own, other = people.iloc[:PEOPLE], people.iloc[10 : 10 + REFERENCE].reset_index(drop=True)
    found = mean_coalition_scores(score, own, other, factors)
    expected = of_all_pairs(score, own.reset_index(drop=True), other, factors)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_what_many_have_in_common_is_asked_once() -> None:
    rows: list[int] = []

    def raw(X: pd.DataFrame) -> np.ndarray:
        rows.append(len(X))
        return X["a"].to_numpy() * 2.0 + X["b"].to_numpy()

    score = ScoreFunction(name="own", unit="score", raw=raw)
    people = pd.DataFrame({"a": np.arange(100) % 2, "b": np.arange(100) % 3})
    blocks = {"A": ["a"], "B": ["b"]}
    mean_coalition_scores(score, people, people, blocks)
    # Six kinds of people, of which each coalition mixes two halves.
    assert rows == [6, 6, 6, 6]


def test_types_of_columns_reach_the_model_as_they_are() -> None:
    people = table(40)
    seen: list[pd.Series] = []

    def raw(X: pd.DataFrame) -> np.ndarray:
        seen.append(X.dtypes)
        return X["income"].to_numpy()

    score = ScoreFunction(name="own", unit="score", raw=raw)
    mean_coalition_scores(score, people.iloc[:4], people.iloc[8:20], FACTORS)
    assert all(dtypes.equals(people.dtypes) for dtypes in seen)
