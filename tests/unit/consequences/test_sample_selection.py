"""Selection: measured where it is, absent where everybody or a random half is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.agencies import load_agency
from credit_ml.agencies.view import known_to
from credit_ml.consequences import SampleSelection, sample_selection
from credit_ml.consequences.facts import optimism
from credit_ml.consequences.sample_selection import _standing_for_all
from credit_ml.core import AgencyError, StudyResults, conform
from credit_ml.reports import said
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


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 6)), min_size=1, max_size=8))
def test_the_worst_error_is_taken_over_the_companies_that_are_said_to_err(errors):
    """One whose interval holds none is no company that errs, however large its estimate."""
    of_others = {"measure": "optimism", "judged": "others", "trained": "users"}
    rows = [
        of_others
        | {"company": f"company {number}", "estimate": middle / 100}
        | {"low": (middle - half) / 100, "high": (middle + half) / 100}
        for number, (middle, half) in enumerate(errors, start=1)
    ]
    pool = of_others | {"company": "all eight", "estimate": 0.5, "low": 0.4, "high": 0.6}
    told = optimism(SampleSelection(table=conform([*rows, pool]), title=""))
    sure = [(abs(middle), middle) for middle, half in errors if abs(middle) > half]
    assert (told.wrong, told.companies) == (len(sure), len(errors))
    if not sure:
        assert told.worst is None
    else:
        assert abs(told.worst.estimate) == pytest.approx(max(sure)[0])
        assert told.worst.side() != "unclear"


def test_who_the_companies_are_is_said_and_all_together_are_none_of_them(found):
    page = StudyResults(id="a", title="", findings=(found,))
    text = said(page, "sample_selection")
    assert "Eight companies each know their own users alone" in text
    assert "before they pool what they know at the pooled credit bureau" in text
    known = found.table[found.table["measure"] == "known"]
    most = known.loc[known["company"] != "all eight", "estimate"].max()
    assert f"to {100 * most:.0f}" in text
    assert "and all together" in text
