"""One person, two verdicts: both lines are really crossed, and the parts add up."""

import pytest

from credit_ml.agencies import load_agency
from credit_ml.consequences import opposite_case
from credit_ml.core import AgencyError, TableError
from credit_ml.society import World


@pytest.fixture(scope="module")
def society():
    return World(citizens=3000, seed=3).simulate()


@pytest.fixture(scope="module")
def raters(society):
    return {name: load_agency(name).fit(society) for name in ("sesame", "government", "council")}


@pytest.fixture(scope="module")
def case(society, raters):
    return opposite_case(raters["sesame"], raters["government"], society)


def test_the_person_is_above_one_line_and_below_the_other(case, society, raters):
    citizen = case.parameters["citizen"]
    for name, above in (("sesame", True), ("government", False)):
        rater = raters[name]
        points = rater.score(rater.agency.view(society).X).iloc[citizen]
        line = rater.agency.privileges[0].threshold if above else rater.agency.penalties[0].below
        assert (points >= line) == above
        told = case.table[(case.table["rater"] == rater.name) & (case.table["factor"] == "(score)")]
        assert told["estimate"].iloc[0] == pytest.approx(points)


def test_nobody_lies_further_apart(case, society, raters):
    scores = {
        name: raters[name].score(raters[name].agency.view(society).X).rank(pct=True)
        for name in ("sesame", "government")
    }
    apart = scores["sesame"] - scores["government"]
    both = raters["sesame"].decide(raters["sesame"].agency.view(society).X, "car_without_deposit")
    both &= raters["government"].punish(
        raters["government"].agency.view(society).X, "joint_punishment"
    )
    assert case.parameters["people"] == both.sum()
    assert case.parameters["apart"] == pytest.approx(apart[both].max())


def test_raters_without_a_line_and_pairs_without_a_case_are_refused(society, raters):
    with pytest.raises(AgencyError, match="imposes none"):
        opposite_case(raters["sesame"], raters["sesame"], society)
    few = World(citizens=5, seed=1).simulate()
    with pytest.raises(TableError, match="have no citizen whom one rewards"):
        opposite_case(raters["sesame"], raters["government"], few)


def test_it_is_drawn_from_what_is_stored(case):
    again = type(case).from_dict(case.to_dict())
    assert len(again.plot().patches) == len(case.plot().patches) == 10
