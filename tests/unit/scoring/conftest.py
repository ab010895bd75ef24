"""A table with what real tables have: categories, missing values, skewed counts."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Streams


class Table(NamedTuple):
    X: pd.DataFrame
    kept: pd.Series


def make_table(people: int, *, seed: int = 1) -> Table:
    rng = Streams(seed).generator("table")
    late = rng.poisson(1.0, people)
    years = rng.gamma(2.0, 3.0, people)
    job = rng.integers(0, 4, people)
    X = pd.DataFrame(
        {
            "late": late.astype("int32"),
            "years": np.where(rng.random(people) < 0.2, np.nan, years).astype("float32"),
            "job": pd.Categorical.from_codes(
                np.where(rng.random(people) < 0.1, -1, job), ["none", "informal", "state", "office"]
            ),
            "savings": rng.normal(50, 20, people).astype("float32"),
        }
    )
    log_odds = 1.5 - 0.6 * late + 0.1 * years + 0.3 * job
    kept = pd.Series((rng.random(people) < 1 / (1 + np.exp(-log_odds))).astype("int8"), name="kept")
    return Table(X, kept)


@pytest.fixture(scope="session")
def table() -> Table:
    return make_table(1_500)
