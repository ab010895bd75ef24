"""With many factors, orders are sampled: sums stay exact, averages are right, intervals hold."""

import numpy as np
import pandas as pd
import pytest

from credit_ml import Dataset, decompose
from credit_ml.core import Streams
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


def one_by_one(score, own, other, factors, seed):
    """What the definition says: each order of each person, step by step, one row at a time."""
    generator = Streams(seed).generator("explanation.orders")
    names, parts = list(factors), np.zeros((len(own), len(factors)))
    for _ in range(block_shapley.ORDERS // 2):
        drawn = generator.permuted(np.tile(np.arange(len(names)), (len(own), 1)), axis=1)
        for order in (drawn, drawn[:, ::-1]):
            for person, places in enumerate(order):
                row, mine = other.iloc[[person]].copy(), own.iloc[[person]]
                before = float(score(row).iloc[0])
                for place in places:
                    for column in factors[names[place]]:
                        row[column] = mine[column].array
                    after = float(score(row).iloc[0])
                    parts[person, place] += (after - before) / block_shapley.ORDERS
                    before = after
    return parts


def test_many_rows_in_one_call_are_the_steps_of_each_order(monkeypatch):
    X = people(7, columns=11)
    X.loc[2, "x3"] = np.nan
    other = X.iloc[[3, 0, 1, 2, 6, 4, 5]].set_axis(X.index)
    factors = {name: [name] for name in X if name != "x10"} | {"two": ["x10"]}
    expected = one_by_one(filled, X, other, factors, seed=5)
    for most in (block_shapley.MOST_MIXED, 100):
        monkeypatch.setattr(block_shapley, "MOST_MIXED", most)
        with pytest.warns(UserWarning, match=SAMPLED):
            found, *_ = pair_attributions(filled, X, other, factors, seed=5)
        np.testing.assert_allclose(found, expected, atol=1e-12)


def filled(X):
    return score(X.fillna({"x3": 0.5})) + 1.0 * X["x3"].isna() * X["x10"]


def test_a_model_meets_people_by_the_labels_of_their_rows_and_seldom():
    X = people(30, columns=10).set_axis(np.arange(30) * 3)
    asked = []

    def known(rows):
        assert rows.index.isin(X.index).all()
        np.testing.assert_array_equal(rows["x9"].isin(X["x9"]), True)
        asked.append(len(rows))
        return score(rows) + rows.index.to_numpy()

    other = X.iloc[np.roll(np.arange(30), 1)].assign(x5=X["x5"].to_numpy())
    with pytest.warns(UserWarning, match=SAMPLED):
        parts, own, theirs = pair_attributions(known, X, other.set_axis(X.index), each(X))
    np.testing.assert_allclose(parts.sum(axis=1), own - theirs)
    # Both ends, and one table: nobody is asked about x5, nor about an order's end.
    assert len(asked) == 3
    assert asked[2] <= 30 * 8 * block_shapley.ORDERS


def test_those_who_stand_in_may_be_named_by_their_places():
    X = people(50, columns=5)
    rows = np.roll(np.arange(50), 7)
    card = score_function(Scorecard().fit(X, (X["x0"] > 0).astype(int)), "log_odds")
    for of in (card, score_function(score)):
        found = pair_attributions(of, X, rows, each(X))
        named = pair_attributions(of, X, X.iloc[rows], each(X))
        for one, two in zip(found, named, strict=True):
            np.testing.assert_array_equal(one, two)
