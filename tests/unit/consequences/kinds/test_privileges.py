"""Who is granted what, and what the others forgo."""

import json
from types import SimpleNamespace as Record

import numpy as np
import pandas as pd
import pytest

from credit_ml.agencies import load_agency
from credit_ml.consequences import Consequences, privileges
from credit_ml.core import Dataset, ModelError, TableError
from credit_ml.core.schema import COLUMNS
from credit_ml.society import World

CAR = Record(id="car", name="car without a deposit", threshold=650, value=0.01)
VISA = Record(id="visa", name="visa without papers", threshold=750, value=0.03)


@pytest.fixture
def rater():
    schedule = Record(privileges=(CAR, VISA))
    return Record(agency=schedule, name="sketch (rules)", score=lambda X: 800 - 50 * X["late"])


@pytest.fixture
def dataset():
    frame = pd.DataFrame({"late": [0, 1, 2, 3, 4, 5], "sex": list("fffmmm")})
    return Dataset.from_frame(frame, target=None, sensitive=["sex"])


def test_shares_and_value_are_arithmetic(rater, dataset):
    # Points 800, 750, 700 | 650, 600, 550: all women get the car, two the visa; one man the car.
    found = privileges(rater, dataset).metrics()
    expected = {
        "car_without_a_deposit.share_granted": 4 / 6,
        "car_without_a_deposit.share_granted.sex.m": 1 / 3,
        "car_without_a_deposit.share_granted_difference.sex.m": 1 / 3 - 1,
        "visa_without_papers.share_granted.sex.f": 2 / 3,
        "visa_without_papers.share_granted.sex.m": 0,
        "all_privileges.privileges_held.sex.f": 5 / 3,
        "all_privileges.privileges_held.sex.m": 1 / 3,
        "all_privileges.value_forgone.sex.f": 0.03 / 3,
        "all_privileges.value_forgone.sex.m": (0.03 + 0.04 + 0.04) / 3,
        "all_privileges.value_forgone_difference.sex.m": 0.08 / 3,
    }
    for name, value in expected.items():
        assert found[f"consequences.{name}"] == pytest.approx(value), name


def test_scores_known_already_are_not_asked_for_again(rater, dataset):
    points = rater.score(dataset.X)
    asked = privileges(rater, dataset)
    given = privileges(Record(agency=rater.agency, name=rater.name), dataset, scores=points)
    pd.testing.assert_frame_equal(asked.table, given.table)


def test_table_is_as_agreed_and_survives_storage(rater, dataset):
    found = privileges(rater, dataset)
    assert found.table.columns.tolist() == [*COLUMNS, "consequence", "reason"]
    again = Consequences.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    for options in ({}, {"consequence": CAR.name}, {"measure": "privileges_held"}):
        one, other = found.plot(**options), again.plot(**options)
        assert one.get_title(loc="left") == other.get_title(loc="left")
        assert (one.lines[-1].get_xdata() == other.lines[-1].get_xdata()).all()
    with pytest.raises(TableError, match="'boat' is absent"):
        found.plot(consequence="boat")
    with pytest.raises(TableError, match="'share_granted' is absent"):
        found.plot(consequence="all privileges", measure="share_granted")


def test_an_agency_of_the_catalogue():
    society = World(citizens=2000, seed=3).simulate()
    agency = load_agency("sesame")
    rater, dataset = agency.fit(society, scorer="scorecard"), agency.view(society)
    found = privileges(rater, dataset)
    assert set(found.table["consequence"]) == {
        "all privileges",
        *(privilege.name for privilege in agency.privileges),
    }
    own = found.table[(found.table["measure"] == "share_granted") & (found.table["group"] == "all")]
    decided = [rater.decide(dataset.X, one.id).mean() for one in agency.privileges]
    np.testing.assert_allclose(own["estimate"], decided)
    assert found.parameters["rater"] == rater.name


def test_bad_input(rater, dataset):
    with pytest.raises(ModelError, match="SimpleNamespace: grants no privilege"):
        privileges(Record(score=None), dataset)
    with pytest.raises(TableError, match="scores: has shape"):
        privileges(rater, dataset, scores=[1, 2])
    with pytest.raises(TableError, match="scores: is not finite"):
        privileges(rater, dataset, scores=[1, 2, 3, 4, 5, np.nan])
    with pytest.raises(TableError, match="did you mean 'sex'"):
        privileges(rater, dataset, sensitive="sx")
    plain = Dataset.from_frame(pd.DataFrame({"late": [1, 2]}), target=None, sensitive=[])
    with pytest.raises(TableError, match="has no sensitive feature"):
        privileges(rater, plain)
