"""Penalties, lists, limited places and advice in what people do: each off, and where it points."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import MenuError
from credit_ml.disclosure import disclose
from credit_ml.inference.quantiles import student
from credit_ml.response import Action, Aim, ColumnChange, Menu, ResponseOptions
from credit_ml.society import World

SOCIETIES = 20
FALLS = {"name": "the black list", "below": 80.0, "cost": 0.01}
WATCHED = {"name": "the watch", "share": 0.1, "cost": 0.1}


@pytest.fixture(scope="module")
def councils():
    made = []
    for seed in range(SOCIETIES):
        society = World(citizens=1_200, seed=seed).simulate()
        rater = load_agency("council").fit(society)
        made.append((rater, rater.agency.view(society)))
    return made


def clearly_above(values, null=0.0):
    """Whether the mean over societies is above a number by more than its doubt at 99 %."""
    values = np.asarray(values, dtype=float)
    half = student(0.99, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean() - half > null


def told(council, regime="full", sensitive="hukou", **response):
    return disclose(
        *council,
        regimes=regime,
        sensitive=[sensitive],
        people=None,
        response=ResponseOptions(**response),
    )


def of(finding, measure):
    return finding.where(measure=measure, quantity="value").table.set_index("group")["estimate"]


def test_no_penalty_and_one_that_costs_nothing_leave_every_choice_as_it_was(councils):
    for council in councils[:3]:
        none = told(council, penalties=())
        pd.testing.assert_frame_equal(told(council).table, none.table)
        free = told(council, penalties=[FALLS | {"cost": 0.0}]).table
        left = free[~free["measure"].str.startswith("penalties_")].reset_index(drop=True)
        # Whoever is spared what costs nothing has escaped a penalty, and so has won something.
        same = left["measure"] != "wasted"
        pd.testing.assert_frame_equal(left[same], none.table[same])


@pytest.mark.parametrize("regime", ["full", "weights", "counterfactual", "factors"])
def test_a_tenfold_penalty_moves_every_group_under_every_regime(councils, regime):
    rises = []
    for council in councils:
        one, ten = (
            of(told(council, regime, penalties=[FALLS | {"cost": cost}], privileges=()), "spending")
            for cost in (0.005, 0.05)
        )
        rises.append(ten - one)
    for group, each in pd.DataFrame(rises).items():
        assert clearly_above(each), group


def test_an_agency_that_only_punishes_is_answered_by_those_below_alone(councils):
    rater, dataset = councils[0]
    found = told(councils[0], penalties=[FALLS | {"cost": 0.5}], privileges=())
    points = rater.score(dataset.X)
    assert found.parameters["privileges"] == {}
    assert of(found, "share_who_act")["all"] <= (points < 80).mean()
    assert of(found, "penalties_escaped")["all"] > 0
    assert of(found, "welfare")["all"] < 0


def test_limited_places_are_held_by_as_many_before_and_after(councils):
    jobs = {"name": "jobs", "share": 0.3, "value": 0.05}
    for council in councils[:5]:
        found = told(council, privileges=[jobs], penalties=())
        won, lost = (of(found, name)["all"] for name in ("privileges_won", "privileges_lost"))
        assert won == pytest.approx(lost, abs=1e-12)
        assert of(found, "spending")["all"] > 0


def test_places_end_at_the_last_who_holds_one():
    points = np.array([600.0, 640.0, 640.0, 500.0])
    jobs = Aim(id="jobs", name="jobs", share=0.5, value=0.1)
    assert jobs.placed(points).threshold == 640.0
    assert jobs.holds(points).tolist() == [False, True, True, False]
    worst = Aim(id="list", name="list", share=0.25, value=0.1, imposed=True)
    assert worst.placed(points).threshold == 600.0  # the lowest who is spared
    assert worst.holds(points).tolist() == [True, True, True, False]


def test_a_rater_who_sells_advice_tells_less_than_one_beside_an_independent_adviser():
    """S15: the conflict of interest costs people what they know, and earns the rater fees."""
    earned, known = [], []
    for seed in range(SOCIETIES):
        society = World(citizens=1_200, seed=seed).simulate()
        rater = load_agency("sesame").fit(society, scorer="scorecard")
        found = disclose(
            rater,
            rater.agency.view(society),
            regimes=["adviser", "adviser_rater"],
            people=None,
            sensitive=["hukou"],
        )
        at = found.where(sensitive="overall").table.set_index(["measure", "regime"])["estimate"]
        for measure, rises in (("advice_revenue", earned), ("knowledge", known)):
            rises.append(at[measure, "adviser_rater"] - at[measure, "adviser"])
        offers = found.parameters["offers"]
        worth = {name: each["revenue"] + each["accuracy"] for name, each in offers.items()}
        assert worth["adviser_rater"] >= worth["adviser"]
    assert clearly_above(earned)
    assert clearly_above(-np.array(known))


def test_who_is_caught_has_nothing_of_it_and_pays():
    boost = {
        "id": "boost",
        "name": "buy gifts",
        "kind": "bought",
        "source": "assumed",
        "changes": (ColumnChange(column="gifts", add=5),),
        "price": 0.0,
        "effort": 0.001,
    }
    for seed in range(SOCIETIES):
        society = World(citizens=400, seed=seed).simulate()
        rater = load_agency("council").fit(society)
        council = rater, rater.agency.view(society)
        found = {}
        for detection in (0.0, 1.0):
            risky = Action(**boost, detection=detection, penalty=0.002 * detection)
            found[detection] = told(council, menu=Menu(id="m", description="", actions=(risky,)))
        safe, caught = found[0.0], found[1.0]
        assert of(safe, "points_gained")["all"] > 0
        assert "caught" not in set(safe.table["measure"])
        assert of(caught, "points_gained")["all"] == 0
        acting = of(caught, "share_who_act")["all"]
        assert of(caught, "caught")["all"] == acting > 0
        assert of(caught, "spending")["all"] == pytest.approx(0.003 * acting)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"penalties": [{"name": "list", "below": 100.0, "cost": 1.0}]}, "falls below 100, and"),
        ({"penalties": [{"name": "list", "cost": 1.0}]}, "lacks below"),
        ({"penalties": [{"name": "list", "threshold": 1.0, "cost": 1.0}]}, "threshold"),
        ({"privileges": [{"name": "jobs", "share": 1.5, "value": 1.0}]}, "more than 0 and less"),
        ({"privileges": [{"name": "jobs", "share": 0.0001, "value": 1.0}]}, "0 places of 1200"),
        ({"privileges": (), "penalties": ()}, "are missing"),
    ],
)
def test_schedules_that_contradict_themselves_are_refused(councils, options, said):
    with pytest.raises(MenuError, match=said):
        told(councils[0], **options)


def test_a_watch_that_grants_nothing_is_answered_with_the_menu_of_payments():
    society = World(citizens=1_200, seed=2).simulate()
    rater = load_agency("clearing").fit(society, scorer="scorecard")
    assert not rater.agency.privileges
    dataset = rater.agency.view(society)
    response = ResponseOptions(menu="payments", penalties=[WATCHED])
    found = disclose(rater, dataset, regimes="full", people=None, response=response)
    assert 0 < of(found, "share_who_act")["all"] < 0.5
    escaped, met = (of(found, f"penalties_{how}")["all"] for how in ("escaped", "met"))
    assert escaped == pytest.approx(met)
