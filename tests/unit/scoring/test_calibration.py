"""Probabilities that hold, and scores that only rise where they must."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from credit_ml.core import ModelError
from credit_ml.scoring import CalibratedScorer, LogOddsClassifier, OpaqueScorer


class Boastful(LogOddsClassifier):
    """Says three times the log-odds that it has, less one."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.is_fitted_ = True
        return self

    def decision_function(self, X):
        return 3.0 * np.asarray(X["x"], dtype=float) - 1.0


@pytest.fixture(scope="module")
def people():
    rng = np.random.default_rng(2)
    X = pd.DataFrame({"x": rng.normal(size=6000)})
    return X, (rng.random(6000) < expit(X["x"])).astype(int)


@pytest.mark.parametrize("method", ["platt", "isotonic"])
def test_a_boastful_scorer_is_brought_down_to_what_happens(people, method):
    X, kept = people
    model = CalibratedScorer(Boastful(), method=method).fit(X, kept)
    said = model.predict_proba(X)[:, 1]
    tenth = pd.qcut(X["x"], 10, labels=False)
    table = pd.DataFrame({"said": said, "true": expit(X["x"])}).groupby(tenth).mean()
    np.testing.assert_allclose(table["said"], table["true"], atol=0.03)
    order = np.argsort(X["x"].to_numpy())
    assert (np.diff(said[order]) >= -1e-12).all()


def test_platt_finds_the_line(people):
    X, kept = people
    model = CalibratedScorer(Boastful()).fit(X, kept)
    # The truth is x; what was said is 3 x - 1, so the line is (said + 1) / 3.
    assert model.bend_.coef_[0, 0] == pytest.approx(1 / 3, abs=0.03)
    assert model.bend_.intercept_[0] == pytest.approx(1 / 3, abs=0.06)


def test_an_unknown_method_is_refused(people):
    with pytest.raises(ModelError, match="known: platt, isotonic"):
        CalibratedScorer(method="guess").fit(*people)


def test_a_feature_that_may_only_lower_the_score_never_raises_it():
    rng = np.random.default_rng(5)
    X = pd.DataFrame({"late": rng.integers(0, 8, 800), "noise": rng.normal(size=800)})
    kept = (rng.random(800) < 0.5).astype(int)  # nothing to learn but noise
    free = OpaqueScorer(max_iter=40, min_samples_leaf=5).fit(X, kept)
    held = OpaqueScorer(max_iter=40, min_samples_leaf=5, monotonic_cst={"late": -1}).fit(X, kept)

    def rises(model):
        grid = pd.DataFrame({"late": np.arange(8), "noise": 0.1})
        return bool((np.diff(model.decision_function(grid)) > 1e-9).any())

    assert rises(free)
    assert not rises(held)
    with pytest.raises(ModelError, match="did you mean 'late'"):
        OpaqueScorer(monotonic_cst={"lat": 1}).fit(X, kept)
    with pytest.raises(ModelError, match="is 2; give -1, 0 or 1"):
        OpaqueScorer(monotonic_cst={"late": 2}).fit(X, kept)
