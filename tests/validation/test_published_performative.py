"""Perdomo et al. (2020) met again on Give Me Some Credit, where the data are there."""

import sys

import numpy as np
import pytest
from scipy.special import expit

#: A free intercept absorbs the shift, so that retraining converges where the figure has it not.
MISSED = {"retraining converges at a sensitivity of 1000, free intercept (1: yes)"}


@pytest.fixture
def replications(repository, shared_data, monkeypatch):
    """Make the script importable, for one test."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(repository / "experiments" / "replications")
    import perdomo2020

    if not perdomo2020.DATA.is_file():
        pytest.skip("Give Me Some Credit is absent")
    yield repository / "experiments" / "replications"
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(repository / "exp")):
            del sys.modules[name]


def test_retraining_converges_as_published_with_a_penalised_intercept(replications):
    import perdomo2020
    from claims import row

    claims = perdomo2020.claims()
    assert {claim.claim for claim in claims if not claim.met} == MISSED
    written = (replications / "perdomo2020.md").read_text(encoding="utf-8")
    lines = [*map(row, claims), *perdomo2020.found()]
    # The tables in the repository are what the script writes.
    assert [line for line in lines if line not in written] == []

    # A free intercept: the first refit moves it by the shift of everybody's score, no weight.
    free = perdomo2020.retrained(1000.0, penalised=False)
    first, second = free.raters[:2]
    assert second.coef_ == pytest.approx(first.coef_, abs=1e-8)
    names = list(first.feature_names_in_)
    moved = first.coef_[0, [names.index(name) for name in perdomo2020.STRATEGIC]]
    assert first.intercept_[0] - second.intercept_[0] == pytest.approx(1000 * moved @ moved)

    # Where it stands still it is stable: its own gradient on what people present to it is 0.
    data = perdomo2020.people(bias=True)
    stable = perdomo2020.retrained(100.0, penalised=True).raters[-1]
    from credit_ml.strategic import LinearShift

    X = LinearShift(strength=100.0, columns=perdomo2020.STRATEGIC)(stable, data).X.to_numpy()
    weights = stable.coef_[0]
    gradient = X.T @ (expit(X @ weights) - data.y.to_numpy()) + weights
    assert np.abs(gradient).max() / len(data) < 1e-8
