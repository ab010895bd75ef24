"""With many factors, orders are sampled: sums stay exact, averages are right, intervals hold."""

import numpy as np
import pandas as pd
import pytest

from credit_ml import Dataset, decompose
from credit_ml.explanation import factor_attributions
from credit_ml.explanation.shapley import block_shapley, coalitions
from credit_ml.explanation.shapley.block_shapley import pair_attributions
from credit_ml.scoring import Scorecard, score_function

SAMPLED = "random orders"


def people(number, columns=9, seed=0):
    random = np.random.default_rng(seed)
    X = pd.DataFrame(random.normal(size=(number, columns))).rename(columns="x{}".format)
    return X.assign(x1=(X["x1"] > 0).map({True: "a", False: "b"}).astype("category"))


def score(X):
    return X["x0"] * X["x2"] * (X["x1"] == "a") + X["x3"].clip(0) * X["x4"]


def each(X):
    return {name: [name] for name in X}


def test_sums_are_exact_and_what_is_not_used_gets_nothing():
    X = people(40)
    with pytest.warns(UserWarning, match=SAMPLED):
        parts, own, other = pair_attributions(score, X, X[::-1], each(X), seed=3)
    np.testing.assert_allclose(parts.sum(axis=1), own - other)
    np.testing.assert_allclose(own, score(X))
    np.testing.assert_allclose(other, score(X)[::-1])
    assert (parts[:, 5:] == 0).all()
    assert (parts[:, :5] != 0).any(axis=0).all()


def test_means_agree_with_all_coalitions(monkeypatch):
    X = people(3000)
    with pytest.warns(UserWarning, match=SAMPLED):
        sampled, *_ = pair_attributions(score, X, X[::-1], each(X), seed=1)
    monkeypatch.setattr(coalitions, "MOST_EXACT", 9)
    exact, *_ = pair_attributions(score, X, X[::-1], each(X))
    error = sampled - exact
    deviation = error[:, :5].mean(axis=0) / (error[:, :5].std(axis=0) / np.sqrt(len(X)))
    assert (np.abs(deviation) < 4).all()
    # More orders, less error: that of one person falls as one over their number.
    monkeypatch.undo()
    monkeypatch.setattr(block_shapley, "ORDERS", 32)
    with pytest.warns(UserWarning, match=SAMPLED):
        finer, *_ = pair_attributions(score, X, X[::-1], each(X), seed=2)
    assert 3 < error.var() / (finer - exact).var() < 5


def test_an_additive_score_is_asked_about_exactly():
    X = people(200, columns=11).drop(columns="x1")
    y = (X["x0"] + X["x2"] > 0).astype(int)
    card = score_function(Scorecard().fit(X, y), "log_odds")
    found = factor_attributions(card, X, each(X), seed=0)
    np.testing.assert_allclose(found.sum(axis=1), card(X) - card(X).mean())


def test_twenty_factors_are_decomposed_and_the_page_says_how():
    X = people(300, columns=20)
    sex = np.where(X["x0"] > 0, "f", "m")
    data = Dataset.from_frame(X.assign(sex=sex), target=None, sensitive="sex")
    for method in ("block_shapley", "swap_shapley"):
        with pytest.warns(UserWarning, match="20 factors"):
            found = decompose(score, data, sensitive="sex", method=method)
        parts = found.table.set_index("factor")["estimate"]
        assert parts.drop("(gap)").sum() == pytest.approx(parts["(gap)"])
        assert any(SAMPLED in note for note in found.notes)
