"""Logistic regression, network, small tree and blend on a table with categories and gaps."""

import pickle

import mlflow
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from credit_ml.core import ModelError
from credit_ml.scoring import (
    BlendScorer,
    LogisticScorer,
    NeuralScorer,
    OpaqueScorer,
    Scorecard,
    SmallTree,
)

SCORERS = [
    LogisticScorer(),
    NeuralScorer(max_iter=10),
    SmallTree(),
    BlendScorer((LogisticScorer(), OpaqueScorer(max_iter=10))),
]


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(4)
    rows = 3000
    late = random.poisson(1.5, rows).astype("float32")
    job = pd.Categorical(random.choice(["none", "own", "state"], rows))
    log_odds = 1.5 - late + 0.8 * (job == "state")
    kept = (random.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(int)
    late[random.random(rows) < 0.1] = np.nan
    return pd.DataFrame({"late": late, "job": job, "same": np.float32(3)}), kept


@pytest.mark.parametrize("scorer", SCORERS, ids=lambda s: type(s).__name__)
def test_a_scorer_ranks_as_well_as_a_card_and_survives_pickling(scorer, table):
    X, kept = table
    model = clone(scorer).fit(X[:2000], kept[:2000])
    card = Scorecard().fit(X[:2000], kept[:2000])
    auc = roc_auc_score(kept[2000:], model.predict_proba(X[2000:])[:, 1])
    assert auc > roc_auc_score(kept[2000:], card.predict_proba(X[2000:])[:, 1]) - 0.03
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.decision_function(X), model.decision_function(X))


@pytest.mark.parametrize("scorer", SCORERS, ids=lambda s: type(s).__name__)
def test_unseen_categories_and_gaps_have_a_score(scorer, table):
    X, kept = table
    model = clone(scorer).fit(X, kept)
    odd = pd.DataFrame(
        {
            "late": np.array([np.nan, 1.0], dtype="float32"),
            "job": pd.Categorical(["pirate", None]),
            "same": np.array([np.nan, 99.0], dtype="float32"),
        }
    )
    assert np.isfinite(model.decision_function(odd)).all()


def test_terms_of_the_logistic_scorer_add_up_and_a_constant_says_nothing(table):
    X, kept = table
    model = LogisticScorer().fit(X, kept)
    terms = model.additive_terms(X)
    np.testing.assert_allclose(
        terms.sum(axis=1) + model.intercept_, model.decision_function(X), atol=1e-9
    )
    assert (terms["same"] == 0).all()


def test_the_sentences_of_a_tree_are_its_decisions(table):
    X, kept = table
    model = SmallTree(max_leaf_nodes=5).fit(X, kept)
    said = model.sentences()
    assert len(said) == 5
    assert said["people"].sum() == len(X)
    assert said["probability"].is_monotonic_decreasing
    found = np.unique(model.predict_proba(X)[:, 1].round(9))
    np.testing.assert_allclose(np.sort(said["probability"]), found, atol=1e-8)
    assert said["when"].str.contains("late").any()


def test_leaves_with_everybody_alike_are_not_certain():
    X = pd.DataFrame({"x": np.arange(20.0)})
    model = SmallTree(max_leaf_nodes=2, fewest_share=0.0).fit(X, X["x"] > 9)
    expected = [0.5 / 11] * 10 + [10.5 / 11] * 10
    assert model.predict_proba(X)[:, 1].tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("scorer", "words"),
    [
        (LogisticScorer(C=0), "C: is 0"),
        (NeuralScorer(max_iter=0), "max_iter: is 0"),
        (SmallTree(max_leaf_nodes=1), "max_leaf_nodes: is 1"),
        (SmallTree(fewest_share=0.6), "fewest_share: is 0.6"),
        (BlendScorer(()), "are none"),
    ],
)
def test_options_out_of_range_are_refused(scorer, words, table):
    with pytest.raises(ModelError, match=words):
        scorer.fit(*table)


@pytest.mark.parametrize("scorer", SCORERS, ids=lambda s: type(s).__name__)
def test_one_outcome_is_refused(scorer, table):
    with pytest.raises(ModelError, match="one class"):
        clone(scorer).fit(table[0], np.ones(len(table[0])))


# mlflow warns of every pickle; ours is read back in the same test.
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("scorer", SCORERS, ids=lambda s: type(s).__name__)
def test_a_scorer_survives_mlflow(scorer, table, tmp_path):
    X, kept = table
    model = clone(scorer).fit(X[["late", "same"]], kept)
    mlflow.sklearn.save_model(
        model,
        str(tmp_path / "model"),
        pip_requirements=["credit-ml"],
        serialization_format="cloudpickle",
    )
    again = mlflow.sklearn.load_model(str(tmp_path / "model"))
    np.testing.assert_array_equal(
        again.decision_function(X[["late", "same"]]), model.decision_function(X[["late", "same"]])
    )
