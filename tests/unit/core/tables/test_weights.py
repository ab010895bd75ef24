"""Weights of people are refused wherever they might be given, with what to do instead."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, InputError, refuse_weights
from credit_ml.fairness import audit
from credit_ml.proxies import decompose


@pytest.fixture
def data():
    frame = pd.DataFrame({"late": [0.0, 1, 2, 3], "sex": list("ffmm"), "paid": [1, 0, 1, 0]})
    return Dataset.from_frame(frame, target="paid", sensitive=["sex"])


@pytest.mark.parametrize("weights", [[1, 1, 1, 3.0], np.ones(4), pd.Series([0, 1, 1, 0])])
def test_they_are_refused_by_audits_and_decompositions(data, weights):
    worth = np.sum(weights) ** 2 / np.sum(np.square(weights))
    said = f"are worth {worth:,.1f} people.*frame.sample"
    with pytest.raises(InputError, match=said):
        audit([1, 0, 1, 1], data, weights=weights)
    with pytest.raises(InputError, match=said):
        decompose(lambda X: X["late"], data, sensitive="sex", weights=weights)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([1, 2], "have shape \\(2,\\) for 4 people"),
        ([1, 1, -1, 1], "in 1 rows"),
        ([1, 1, np.nan, np.inf], "in 2 rows"),
        ([0, 0, 0, 0], "are all 0"),
        ("paid", "are no numbers"),
    ],
)
def test_what_is_wrong_with_them_is_told_first(weights, said):
    with pytest.raises(InputError, match=said):
        refuse_weights(weights, 4)


def test_none_are_no_weights():
    refuse_weights(None, 4)
