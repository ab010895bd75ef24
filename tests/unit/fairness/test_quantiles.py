"""Quantiles of replicates are numpy's, whatever the layout in memory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.fairness import Tally, audit_tally
from credit_ml.fairness.intervals import quantiles


@settings(max_examples=30, deadline=None)
@given(
    draws=st.integers(1, 60),
    level=st.floats(0, 1),
    seed=st.integers(0, 1000),
    turned=st.booleans(),
)
def test_they_are_those_of_numpy(draws, level, seed, turned):
    values = np.random.default_rng(seed).normal(size=(3, 2, draws)).round(1)
    replicates = values.T if turned else np.ascontiguousarray(values.T)
    (found,) = quantiles(replicates, (level,))
    np.testing.assert_allclose(found, np.quantile(replicates, level, axis=0), atol=1e-12)


def test_nan_makes_nan_and_nothing_else():
    replicates = np.array([[1.0, np.nan], [2.0, 0.0], [3.0, 1.0]])
    (middle,) = quantiles(replicates, (0.5,))
    assert middle[0] == 2
    assert np.isnan(middle[1])
    # Both neighbours without end: their mean is too, and not unknown.
    assert quantiles(np.array([np.inf, np.inf]), (0.5,))[0] == np.inf


def test_spreads_of_metrics_do_not_depend_on_the_company_they_are_measured_in():
    random = np.random.default_rng(3)
    counts = random.integers(0, 40, (4, 2, 2))
    counts[0, 1] = 0  # nobody kept the obligation: no true positive rate
    tally = Tally(groups={"place": tuple("abcd")}, counts=counts)
    together = audit_tally(tally, replicates=200).table
    for metric in ("selection_rate", "true_positive_rate", "precision"):
        alone = audit_tally(tally, replicates=200, metrics=[metric]).table
        for quantity in ("largest_difference", "smallest_ratio"):
            one, other = (
                table[(table["quantity"] == quantity) & (table["metric"] == metric)]
                for table in (alone, together)
            )
            ends = ["estimate", "low", "high"]
            assert one[ends].to_numpy() == pytest.approx(other[ends].to_numpy())
