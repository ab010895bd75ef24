"""What is learned: least risk, the shortest explanation, and what friends can show."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, Ridge

from credit_ml.core import InputError
from credit_ml.strategic.learning import examples as learning
from credit_ml.strategic.learning.examples import (
    learn_from_samples,
    learn_linear_score,
    minimum_norm,
)


def examples(rows, features, seed):
    random = np.random.default_rng(seed)
    X = random.normal(3, np.arange(1, features + 1), (rows, features))
    return X, X @ random.normal(size=features) + random.normal(size=rows) + 7, random


@given(st.integers(1, 5), st.floats(1e-3, 50), st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_samples_are_learned_as_scikit_learn_learns_them(features, alpha, seed):
    X, told, random = examples(60, features, seed)
    samples = random.integers(0, 60, (4, 12))
    found = learn_from_samples(X, told, samples, alpha=alpha)
    units = (X - X.mean(axis=0)) / X.std(axis=0)
    for row, rows in zip(found, samples, strict=True):
        model = Ridge(alpha=alpha).fit(units[rows], told[rows])
        np.testing.assert_allclose(X @ row[:-1] + row[-1], model.predict(units), rtol=1e-6)


def test_what_one_learns_does_not_depend_on_how_many_learn_at_once(monkeypatch):
    X, told, random = examples(80, 3, 1)
    samples = random.integers(0, 80, (9, 6))
    together = learn_from_samples(X, told, samples)
    monkeypatch.setattr(learning, "GATHERED", 30)
    np.testing.assert_allclose(learn_from_samples(X, told, samples), together, rtol=1e-12)


def test_linear_truth_is_found_from_enough_examples_and_its_cut_off():
    X, _, _ = examples(50, 3, 2)
    truth = np.array([1.0, -2.0, 0.5])
    found = learn_linear_score(X, X @ truth - 4, kind="least_squares", alpha=0)
    np.testing.assert_allclose(found, [*truth, -4], atol=1e-8)
    np.testing.assert_allclose(found[:-1], LinearRegression().fit(X, X @ truth).coef_, atol=1e-8)
    decided = learn_linear_score(X, X @ truth >= 4, alpha=1e-4)
    assert ((X @ decided[:-1] >= -decided[-1]) == (X @ truth >= 4)).all()


def test_logistic_learning_is_the_least_of_its_risk():
    X, _, random = examples(200, 2, 3)
    told = random.random(200) < 0.5
    found = learn_linear_score(X, told, alpha=2.0)
    spread = X.std(axis=0)

    def risk(belief):
        odds = X @ belief[:-1] + belief[-1]
        return (
            np.logaddexp(0, -np.where(told, odds, -odds)).sum()
            + ((belief[:-1] * spread) ** 2).sum()
        )

    for step in 1e-3 * np.random.default_rng(0).normal(size=(20, 3)):
        assert risk(found + step) >= risk(found) - 1e-9


def test_one_kind_of_decision_teaches_no_weights():
    X, _, _ = examples(20, 2, 4)
    found = learn_linear_score(X, np.ones(20))
    assert found[:-1].tolist() == [0, 0]
    assert found[-1] == pytest.approx(np.log(20.5 / 0.5))


@given(st.integers(1, 6), st.integers(1, 8), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_the_shortest_explanation_is_the_projection_of_the_truth(peers, features, seed):
    random = np.random.default_rng(seed)
    X, truth = random.normal(size=(peers, features)), random.normal(size=features)
    basis, _ = np.linalg.qr(X.T)
    found = minimum_norm(X, X @ truth)
    np.testing.assert_allclose(found, basis @ (basis.T @ truth), atol=1e-7)
    np.testing.assert_allclose(X @ found, X @ truth, atol=1e-7)
    codes = np.arange(peers) % 2
    for group, row in enumerate(minimum_norm(X, X @ truth, groups=codes)):
        inside = codes == group
        np.testing.assert_allclose(row, minimum_norm(X[inside], (X @ truth)[inside]), atol=1e-12)
    stacked = minimum_norm(np.stack([X, X]), np.stack([X @ truth, X @ truth]))
    np.testing.assert_allclose(stacked, np.stack([found, found]), atol=1e-12)


def test_examples_that_cannot_be_used_are_refused():
    X, told, _ = examples(5, 2, 0)
    for call in (
        lambda: learn_linear_score(X, told),
        lambda: learn_linear_score(X, told > 0, alpha=0),
        lambda: learn_linear_score(X, told, kind="quadratic"),
        lambda: learn_linear_score(X * np.nan, told, kind="least_squares"),
        lambda: learn_from_samples(X, told, [[5]]),
        lambda: learn_from_samples(X, told, [0]),
        lambda: minimum_norm(X, told[:2]),
        lambda: minimum_norm(X, told, groups=[-1] * 5),
    ):
        with pytest.raises(InputError):
            call()
