"""People for the tests of fairness."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset


def made_people(rows=800, seed=0, shift=0.0, cluster=None):
    random = np.random.default_rng(seed)
    sex = random.choice(["f", "m"], rows, p=[0.4, 0.6])
    chance = 1 / (1 + np.exp(-random.normal(shift * (sex == "f"), 1.0, rows)))
    frame = pd.DataFrame(
        {
            "chance": chance.astype("float32").astype(float),
            "job": random.choice(["desk", "field", "none"], rows),
            "sex": sex,
            "paid": (random.random(rows) < chance).astype(int),
            "place": random.integers(0, 40, rows),
        }
    )
    return Dataset.from_frame(
        frame, target="paid", sensitive=["sex"], context=["job", "place"], cluster=cluster
    ), frame


def only_row(found, **where):
    rows = found.table
    for column, value in where.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1, rows
    return rows.iloc[0]


@pytest.fixture(scope="session")
def people():
    """Make people of two sexes, with jobs, places and outcomes."""
    return made_people


@pytest.fixture(scope="session")
def row_of():
    """Find the one row of a finding's table that holds these values."""
    return only_row
