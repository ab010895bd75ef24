"""A curve of thresholds is the audit of each, whatever intervals count and people weigh."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import Dataset, InputError
from credit_ml.fairness import audit, threshold_curve
from credit_ml.fairness.decisions.thresholds import round_numbers

PEOPLE = 600
ROWS = ["quantity", "measure", "sensitive", "group", "reference_group"]


@pytest.fixture(scope="module")
def frame():
    random = np.random.default_rng(1)
    score = np.round(random.normal(600, 80, PEOPLE))
    return pd.DataFrame(
        {
            "score": score,
            "sex": random.choice(["f", "m"], PEOPLE, p=[0.3, 0.7]),
            "town": random.choice(["a", "b", "c"], PEOPLE),
            "paid": (random.random(PEOPLE) < 0.7).astype(int),
            "place": random.integers(0, 20, PEOPLE),
            "weight": random.integers(0, 4, PEOPLE),
        }
    )


@pytest.mark.parametrize("target", ["paid", None])
@pytest.mark.parametrize("weights", ["weight", None])
@pytest.mark.parametrize("cluster", ["place", None])
def test_each_threshold_is_the_audit_of_its_decisions(frame, target, weights, cluster):
    told = {"sensitive": ["sex", "town"], "weights": weights, "cluster": cluster}
    data = Dataset.from_frame(frame, target=target, **told)
    curve = threshold_curve(frame["score"], data, thresholds=[500, 600, 650, 2000]).table
    for threshold, found in curve.groupby("threshold"):
        theirs = audit(frame["score"] >= threshold, data, intersections=False).table
        both = found.merge(theirs, on=ROWS, suffixes=("", "_audit"), validate="1:1")
        assert len(both) == len(found) == (27 if target else 9)
        for column in ("estimate", "low", "high", "people", "clusters"):
            np.testing.assert_allclose(both[column], both[f"{column}_audit"], atol=1e-12)


def test_fewer_pass_a_higher_threshold(frame):
    data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    found = threshold_curve(frame["score"], data, named={"a car": 650.0})
    values = found.where(quantity="value").table
    assert found.parameters["named"] == {"a car": 650.0}
    assert 650.0 in set(values["threshold"])
    for _, line in values.groupby(["measure", "sensitive", "group"]):
        assert (line.sort_values("threshold")["estimate"].diff().dropna() <= 0).all()


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 100))
def test_round_numbers_lie_between_and_are_few(low, span, most):
    found = round_numbers(low, low + span, most=most)
    assert 1 <= len(found) <= most
    slack = 1e-6 * max(abs(low), span)
    assert low - slack <= found.min() <= found.max() <= low + span + slack
    assert np.allclose(np.diff(found), np.diff(found)[:1])


def test_thresholds_that_are_none_are_refused(frame):
    data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    for wrong in ([], [np.nan], 1):
        with pytest.raises(InputError, match="thresholds"):
            threshold_curve(frame["score"], data, thresholds=wrong)


def test_people_of_one_score_have_one_threshold(frame):
    data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    found = threshold_curve(np.full(PEOPLE, 0.25), data)
    assert set(found.table["threshold"]) == {0.25}
