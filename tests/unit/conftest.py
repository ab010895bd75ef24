"""A rater of three columns with a menu; Gaussian people whose chance of keeping is known."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from credit_ml.core import Dataset
from credit_ml.response import Action, Aftermath, Aim, ColumnChange, Menu
from credit_ml.scoring import ScoreFunction
from credit_ml.society import World


@pytest.fixture
def action():
    """Make an action on one column, with what matters to the test named."""

    def make(name, column="late", *, kind="cosmetic", price=0.0, effort=0.0, effect=0.0, **moves):
        return Action(
            id=name,
            name=name,
            kind=kind,
            changes=(ColumnChange(column=column, **moves),),
            price=price,
            effort=effort,
            outcome_effect=effect,
            source="assumed, because this is a test",
        )

    return make


@pytest.fixture
def menu(action):
    actions = (
        action("pay", "late", kind="improving", price=0.2, effect=0.5, add=-1, low=0),
        action("shop", "diapers", price=0.3, add=2, high=12),
        action("read", "books", effort=0.001, add=1),
    )
    return Menu(id="three", description="Three ways.", actions=actions)


@pytest.fixture
def aim():
    return Aim(id="car", name="car", threshold=3.0, value=0.05)


@pytest.fixture
def rater():
    """A known score: late bills count against, diapers for, books not at all."""
    return ScoreFunction(
        name="sketch (rules)",
        unit="points",
        raw=lambda X: (4.0 - X["late"] + 0.5 * X["diapers"]).to_numpy(),
    )


@pytest.fixture
def dataset():
    random = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "late": random.integers(0, 6, 300),
            "diapers": random.integers(0, 4, 300),
            "books": random.integers(0, 9, 300),
            "sex": random.choice(["f", "m"], 300, p=[0.4, 0.6]),
            "paid": random.integers(0, 2, 300),
            "income": random.uniform(1, 9, 300),
            "probability": random.uniform(0.05, 0.95, 300),
        }
    )
    return Dataset.from_frame(
        frame,
        target="paid",
        sensitive=["sex"],
        context=["income", "probability"],
        factors={"bills": ["late"], "shopping": ["diapers", "books"]},
    )


@pytest.fixture(scope="session")
def society():
    return World(citizens=500, seed=11).simulate()


def nobody(rater, dataset):
    """A response of people who leave everything as it is."""
    none = np.zeros(len(dataset), dtype=bool)
    chances = dataset.context.get("probability")
    free = np.zeros(len(dataset))
    return Aftermath(X=dataset.X, probability=chances, acted=none, cosmetic=none, spending=free)


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
