"""Few places on a society: the total stays, ranks sum to nothing, and the theory's threshold."""

from dataclasses import replace

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.consequences import PlaceContest, place_contest
from credit_ml.core import AgencyError, InputError
from credit_ml.response import Economy, cheapest
from credit_ml.response.menu import menu_of
from credit_ml.response.menu_checks import actions_on
from credit_ml.society import World


@pytest.fixture(scope="module")
def society():
    return World(citizens=2_000, seed=5).simulate()


@pytest.fixture(scope="module", params=["council", "sesame"])
def rater(request, society):
    agency = load_agency(request.param)
    chosen = agency if request.param == "council" else agency.with_scorer("scorecard")
    return chosen.fit(society)


@pytest.fixture(scope="module")
def found(rater, society):
    return place_contest(rater, society, places=0.25, sensitive="hukou")


def of(found, measure, group="all"):
    rows = found.table.query("quantity == 'value' and measure == @measure and group == @group")
    return rows.set_index("schedule")["estimate"]


def test_a_quota_holds_the_total_whatever_people_spend(found, society):
    granted = of(found, "granted")
    assert granted["quota"] * len(society) == pytest.approx(500, abs=1e-9)
    assert granted["today"] == granted["quota"]
    assert granted["threshold"] >= granted["quota"]


def test_ranks_that_some_gain_others_lose(found, society):
    people = society.people["hukou"].value_counts(normalize=True)
    assert of(found, "rank_change").to_numpy() == pytest.approx(0, abs=1e-9)
    parts = sum(of(found, "rank_change", group) * share for group, share in people.items())
    assert parts.to_numpy() == pytest.approx(0, abs=1e-9)


def test_trying_costs_everybody_and_brings_nobody_in_together(found):
    gain, spent = of(found, "gain"), of(found, "spending")
    assert spent["quota"] > 0
    assert gain["quota"] < gain["today"]
    assert (of(found, "burnt")[["today", "threshold", "quota"]] <= spent + 1e-15).all()


def test_places_go_to_those_who_reach_furthest_and_cost_their_worth_at_the_margin(
    found, rater, society
):
    """At the quota's points no more can and want to be there than there are places; a hair
    below, at least as many do (the threshold of an all-pay contest)."""
    dataset, actions = actions_on(menu_of(None), rater, rater.agency.view(society))
    economy = Economy.of(actions, 12.0 * society.records["income"].to_numpy())
    worth, price = found.parameters["worth"], found.parameters["threshold_quota"]

    def wanting(points):
        costs = cheapest(rater, dataset.X, actions, economy, points).costs
        return int((np.nan_to_num(costs, nan=np.inf) <= worth).sum())

    assert wanting(price) <= found.parameters["places"] <= wanting(price - 0.05)


def test_spending_alone_changes_no_ranks_and_burns_most_where_incomes_are_low(found):
    assert of(found, "rank_change")["status"] == 0
    assert of(found, "burnt", "rural")["status"] > of(found, "burnt", "urban")["status"] > 0


def test_a_place_worth_nothing_moves_nobody(rater, society):
    idle = rater.agency.privileges[0].model_copy(update={"value": 0.0})
    agency = rater.agency.model_copy(update={"privileges": (idle,)})
    found = place_contest(replace(rater, agency=agency), society, places=0.25, sensitive="hukou")
    assert of(found, "acted")[["today", "threshold", "quota"]].tolist() == [0.0, 0.0, 0.0]


def test_what_cannot_be_is_refused_in_one_line(rater, society):
    with pytest.raises(InputError, match="give a share between"):
        place_contest(rater, society, places=1.0)
    with pytest.raises(AgencyError, match="carr"):
        place_contest(rater, society, privilege="carr", places=0.2)
    with pytest.raises(AgencyError, match="grants nothing"):
        place_contest(load_agency("clearing").fit(society), society)


def test_a_finding_draws_each_measure(found):
    axes = found.plot(measure="gain")
    assert "own yearly income" in axes.get_xlabel()
    with pytest.raises(InputError, match="burnt"):
        found.plot(measure="brnt")
    assert PlaceContest.from_dict(found.to_dict()).metrics() == found.metrics()
