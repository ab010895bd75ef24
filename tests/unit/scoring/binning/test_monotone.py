"""Optimal binning: the best of all bins in order, found without trying them all."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.core import ModelError
from credit_ml.scoring import Scorecard, monotone_cuts, weight_of_evidence

PEOPLE = st.integers(8, 60)


def people(seed: int, number: int, values: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    x = random.integers(0, values, number).astype("float64")
    kept = (random.random(number) < 0.2 + 0.6 * x / values).astype("int8")
    kept[:2] = 0, 1
    return x, kept


def information(x: np.ndarray, kept: np.ndarray, cuts: list[float]) -> tuple[float, np.ndarray]:
    """Information value of some cuts, and the weights of the bins, by their definition."""
    bins = np.searchsorted(cuts, x, side="right")
    number = len(cuts) + 1
    weights = weight_of_evidence(bins, kept, number=number, smoothing=1.0)
    good = np.bincount(bins, kept, number) / kept.sum()
    bad = np.bincount(bins, 1 - kept, number) / (1 - kept).sum()
    return float(((good - bad) * weights).sum()), weights


@given(st.integers(0, 10_000), PEOPLE, st.integers(2, 4), st.integers(1, 6))
@settings(deadline=None, max_examples=60)
def test_no_bins_in_order_are_worth_more(seed, number, most, fewest):
    x, kept = people(seed, number, 7)
    found = monotone_cuts(x, kept, most=most, fewest_people=fewest, smoothing=1.0)
    candidates = [float(value) for value in np.unique(x)[1:]]
    best = 0.0
    for size in range(most):
        for cuts in itertools.combinations(candidates, size):
            bins = np.bincount(np.searchsorted(cuts, x, side="right"), minlength=size + 1)
            worth, weights = information(x, kept, list(cuts))
            steps = np.diff(weights)
            if bins.min() >= fewest and ((steps >= 0).all() or (steps <= 0).all()):
                best = max(best, worth)
    assert found.information == pytest.approx(best, abs=1e-9)


@given(st.integers(0, 10_000), st.sampled_from(["rising", "falling"]))
@settings(deadline=None, max_examples=30)
def test_evidence_goes_the_way_that_is_asked(seed, direction):
    x, kept = people(seed, 200, 40)
    found = monotone_cuts(x, kept, most=6, fewest_people=5, smoothing=1.0, direction=direction)
    worth, weights = information(x, kept, found.cuts)
    assert (np.diff(weights) * (1 if direction == "rising" else -1) >= 0).all()
    assert found.information == pytest.approx(worth, abs=1e-9)
    assert len(found.cuts) < 6


def test_a_constant_feature_and_a_single_outcome_make_one_bin():
    x, kept = np.ones(20), np.arange(20, dtype="int8") % 2
    assert monotone_cuts(x, kept, most=5, fewest_people=1, smoothing=1.0) == ([], 0.0)
    rising, alike = np.arange(20.0), np.ones(20, dtype="int8")
    assert monotone_cuts(rising, alike, most=5, fewest_people=1, smoothing=1.0) == ([], 0.0)


def test_the_card_has_no_humps(table):
    card = Scorecard(C=1e9).fit(table.X, table.kept)
    for own, term in zip(card.bins_, card.terms_, strict=True):
        if not own.bin_of_code:
            steps = np.diff(term[:-1])  # the last bin is for missing values
            assert (steps >= 0).all() or (steps <= 0).all()


def test_an_unknown_binning_is_refused(table):
    with pytest.raises(ModelError, match="did you mean 'monotone'"):
        Scorecard(binning="monoton").fit(table.X, table.kept)
