"""People with Gaussian records, whose chance of keeping is known."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from credit_ml.core import Dataset
from credit_ml.response import Aftermath
from credit_ml.strategic.performative.crossing import known_chances


def nobody(rater, dataset):
    """A response of people who leave everything as it is."""
    none = np.zeros(len(dataset), dtype=bool)
    return Aftermath(X=dataset.X, probability=known_chances(dataset), acted=none, cosmetic=none,
                     spending=np.zeros(len(dataset)))  # fmt: skip


@pytest.fixture(scope="session", name="nobody")
def _nobody():
    return nobody


@pytest.fixture(scope="session")
def gaussian():
    """Make people: log-odds of keeping are 1.5 honest + 0.5 show."""

    def make(people=2000, seed=0):
        random = np.random.default_rng(seed)
        frame = pd.DataFrame(
            {"honest": random.normal(size=people), "show": random.normal(size=people)}
        )
        frame["probability"] = expit(1.5 * frame["honest"] + 0.5 * frame["show"])
        frame["paid"] = (random.random(people) < frame["probability"]).astype(int)
        frame["sex"] = np.where(frame["honest"] + random.normal(size=people) > 0, "f", "m")
        frame["income"] = random.lognormal(0, 0.6, people)
        return Dataset.from_frame(
            frame, target="paid", sensitive=["sex"], context=["probability", "income"],
            factors={"all": ["honest", "show"]},
        )  # fmt: skip

    return make
