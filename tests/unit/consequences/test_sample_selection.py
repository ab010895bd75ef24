"""Selection: measured where it is, absent where everybody or a random half is known."""

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.agencies.view import known_to
from credit_ml.consequences import SampleSelection, sample_selection
from credit_ml.consequences.sample_selection import _standing_for_all
from credit_ml.core import AgencyError
from credit_ml.society import World


@pytest.fixture(scope="module")
def society():
    return World(citizens=3000, seed=1).simulate()


@pytest.fixture(scope="module")
def found(society):
    return sample_selection(load_agency("bureau"), society)


def test_known_and_kept_are_the_society_s_own(found, society):
    users = known_to(load_agency("bureau").of_company(3), society)
    own = found.table[found.table["company"] == "company 3"]
    told = own.set_index(["measure", "judged", "trained"])["estimate"]
    kept = society.outcome["kept"].to_numpy()
    assert told["known", "all", ""] == pytest.approx(users.mean())
    assert told["kept", "users", ""] == pytest.approx(kept[users].mean())
    assert told["kept", "others", ""] == pytest.approx(kept[~users].mean())


def test_reweighted_users_look_like_everybody():
    random = np.random.default_rng(0)
    income = random.normal(size=(20_000, 1))
    users = random.random(20_000) < 1 / (1 + np.exp(-income[:, 0]))
    drawn = _standing_for_all(income, users, random)
    assert income[users].mean() > 0.3
    assert abs(income[drawn].mean() - income.mean()) < 0.05


def test_it_is_stored_and_drawn(found):
    again = SampleSelection.from_dict(found.to_dict())
    assert again.metrics() == found.metrics()
    assert len(again.plot().get_yticklabels()) == found.table["company"].nunique()


def test_an_agency_that_knows_everybody_is_refused(society):
    with pytest.raises(AgencyError, match="is no pool of companies"):
        sample_selection(load_agency("sesame"), society)
