"""Eight companies that each see their own users, and their pool (S4)."""

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import AgencyError
from credit_ml.society import COMPANIES, load_world


@pytest.fixture(scope="module")
def society():
    return load_world("baseline", citizens=6000, seed=9).simulate()


def test_a_company_knows_its_users_and_nothing_of_others(society):
    for number in (1, 4):
        dataset = load_agency("bureau").of_company(number).view(society)
        known = dataset.context["known"].to_numpy()
        np.testing.assert_array_equal(known, society.holders[f"company_{number}"])
        assert dataset.X[~known].isna().all(axis=None)
        assert dataset.X.loc[known, "spending"].notna().all()


def test_the_pool_knows_whom_any_company_knows_and_sees_what_they_see_together(society):
    pool = load_agency("bureau").view(society)
    alone = [load_agency("bureau").of_company(n + 1).view(society) for n in range(COMPANIES)]
    known = np.column_stack([each.context["known"] for each in alone])
    np.testing.assert_array_equal(pool.context["known"], known.any(axis=1))
    together = np.column_stack([each.X["spending"].fillna(0) for each in alone]).sum(axis=1)
    np.testing.assert_allclose(pool.X["spending"].fillna(0), together, rtol=1e-5)


def test_a_company_learns_from_its_users_alone(society):
    company = load_agency("bureau").of_company(2)
    rater = company.fit(society)
    dataset = company.view(society)
    known = dataset.context["known"]
    mine = type(rater.scorer)().fit(dataset.X[known], society.outcome["kept_before"][known])
    np.testing.assert_allclose(rater.log_odds(dataset.X), mine.decision_function(dataset.X))


def test_there_is_no_ninth_company():
    with pytest.raises(AgencyError, match="hold 9; give 1 to 8"):
        load_agency("bureau").of_company(9)


def test_a_penalty_falls_on_those_below_its_line(society):
    rater = load_agency("government").fit(society)
    X = rater.agency.view(society).X
    line = rater.agency.penalty("joint_punishment").below
    np.testing.assert_array_equal(rater.punish(X, "joint_punishment"), rater.score(X) < line)
    with pytest.raises(AgencyError, match="did you mean 'joint_punishment'"):
        rater.punish(X, "joint_punishmend")


@pytest.mark.parametrize("kind", ["logistic", "neural", "tree", "blend", "ebm", "lightgbm"])
def test_every_kind_of_scorer_can_be_tried_at_every_agency(society, kind):
    rater = load_agency("sesame").fit(society, scorer=kind)
    points = rater.score(rater.agency.view(society).X)
    assert points.between(350, 950).all()
    assert points.std() > 30
    assert rater.name == f"sesame ({kind})"
