"""Costs that count in other people: percentiles, and ties."""

import numpy as np
import pytest

from credit_ml.strategic import PercentileShift


def test_a_percentile_shift_is_the_same_on_any_scale_of_the_feature():
    rng = np.random.default_rng(0)
    reference, before, after = rng.normal(size=(99, 2)), *rng.normal(size=(2, 20, 2))
    for form in ("largest", "total_log"):
        plain = PercentileShift(reference=reference, form=form)
        bent = PercentileShift(reference=np.exp(reference), form=form)
        assert bent.of(np.exp(before), np.exp(after)) == pytest.approx(plain.of(before, after))
        # There and back is as far.
        assert plain.of(after, before) == pytest.approx(plain.of(before, after))
    # Of 9 people, from above 2 to above 8: six tenths of ten places; the last are the dearest.
    few = {"reference": np.arange(9.0)[:, None]}
    start, end = np.array([[1.5]]), np.array([[7.5]])
    assert PercentileShift(**few).of(start, end) == pytest.approx([0.8 - 0.2])
    assert PercentileShift(form="total_log", **few).of(start, end) == pytest.approx(
        [np.log((1 - 0.2) / (1 - 0.8))]
    )
