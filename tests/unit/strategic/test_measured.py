"""Measures of one round, against scikit-learn, fairlearn and the bootstrap."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from credit_ml.core import InputError, ModelError
from credit_ml.strategic.measured import (
    auc_of,
    decided,
    difference_of,
    line_of,
    mean_of,
    quantile_of,
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=4, max_size=40))
def test_auc_is_that_of_scikit_learn_with_ties(pairs):
    scores = np.array([float(score) for score, _ in pairs])
    kept = np.array([int(each) for _, each in pairs], dtype=np.int8)
    found = auc_of(scores, kept, 1.96)
    if 0 < kept.sum() < len(kept):
        assert found[0] == pytest.approx(roc_auc_score(kept, scores))
        assert found[1] <= found[0] <= found[2]
    else:
        assert np.isnan(found).all()


def test_the_interval_of_auc_is_as_wide_as_the_bootstrap():
    random = np.random.default_rng(0)
    kept = random.integers(0, 2, 600).astype(np.int8)
    scores = random.normal(size=600) + kept
    found = auc_of(scores, kept, 1.0)
    drawn = [random.integers(0, 600, 600) for _ in range(400)]
    error = np.std([roc_auc_score(kept[rows], scores[rows]) for rows in drawn])
    assert found[2] - found[0] == pytest.approx(error, rel=0.15)


def test_means_and_differences_have_textbook_errors():
    values, others = np.array([0.0, 1.0, 1.0, 1.0]), np.array([0.0, 0.0, 1.0])
    mean, low, high = mean_of(values, 2.0)
    assert mean == 0.75
    assert high - mean == mean - low == pytest.approx(2 * values.std(ddof=1) / 2)
    gap, low, high = difference_of(values, others, 1.0)
    assert gap == pytest.approx(0.75 - 1 / 3)
    assert (high - low) / 2 == pytest.approx(
        np.sqrt(values.var(ddof=1) / 4 + others.var(ddof=1) / 3)
    )
    assert np.isnan(mean_of([], 1.0)).all()
    assert np.isnan(mean_of([1.0], 1.0)[1:]).all()


def test_the_first_decision_has_a_line(gaussian):
    people = gaussian(60)
    model = LogisticRegression().fit(people.X, people.y)
    assert line_of(model, None) == 0.5
    assert (decided(model, people.X, None) == (model.predict(people.X) == 1)).all()
    assert line_of(model, 0.8) == 0.8
    with pytest.raises(InputError, match="threshold"):
        line_of(model, 3.0)
    with pytest.raises(ModelError, match="no first decision"):
        line_of(lambda X: X["show"], None)
    for level in (0, 1, 95):
        with pytest.raises(InputError, match="intervals"):
            quantile_of(level)
