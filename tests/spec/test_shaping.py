"""Exam lists, values written by hand, reports and shaped behaviour: each points where it should."""

from dataclasses import replace

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import InputError
from credit_ml.disclosure import disclose
from credit_ml.dynamics import Life, Policy, PolicyError, load_policy, run_rounds, shaping
from credit_ml.inference.quantiles import student
from credit_ml.response import ResponseOptions, load_menu
from credit_ml.society import World

SOCIETIES = 20
BECAUSE = "assumed, because a test asks for it"


@pytest.fixture(scope="module")
def societies():
    return [World(citizens=1_000, seed=seed).simulate() for seed in range(SOCIETIES)]


def clearly_above(values, null=0.0):
    """Whether the mean over societies is above a number by more than its doubt at 99 %."""
    values = np.asarray(values, dtype=float)
    half = student(0.99, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean() - half > null


def exams(years):
    """The exam list, standing for some years."""
    given = load_policy("exam_list").model_dump(exclude_none=True)
    given["lists"][0]["grades"][0]["years"] = years
    return Policy.from_dict(given)


def test_an_exam_list_follows_the_young_as_they_age_and_costs_them_capacity(societies):
    found = []
    for society in societies:
        lasting, short, none = (
            run_rounds(society, policy, years=5) for policy in ("exam_list", exams(2.0), "no_list")
        )
        cheats = society.records["exam_cheating"].to_numpy() > 0
        assert (lasting.state.listed == cheats).all()
        assert not short.state.listed.any()
        assert not (lasting.state.loss[~cheats]).any()
        lost = [float(each.state.loss.sum()) for each in (lasting, short, none)]
        assert lost[2] == 0
        assert lost[0] > lost[1] or not cheats.any()
        broken = [each.state.totals["broken"][cheats].sum() for each in (lasting, none)]
        found.append(broken[0] - broken[1])
    assert clearly_above(found)


def test_values_written_by_hand_hold_gamers_down_and_lift_parents(societies):
    """Beside the same agency when it learns from who keeps obligations (S12)."""
    places = {"id": "posts", "agency": "values", "share": 0.2, "worth": 0.02, "source": BECAUSE}
    told = {"agency": "values", "learns": True, "source": BECAUSE}
    policy = Policy.from_dict(
        {
            "id": "posts",
            "title": "Posts",
            "rows": ["S12"],
            "description": "Posts for the top fifth.",
            "places": [places],
            "response": told,
        }
    )
    gamers, parents = [], []
    for society in societies:
        learned = load_agency("values").with_scorer("scorecard").fit(society)
        found = [
            run_rounds(society, policy, years=2, raters=raters)
            .by_group(sensitive=["gamer", "parent"])
            .by_group["placed"]
            for raters in (None, {"values": learned})
        ]
        by_hand, by_outcome = found
        gamers.append(by_outcome["gamer", "yes"] - by_hand["gamer", "yes"])
        parents.append(by_hand["parent", "yes"] - by_outcome["parent", "yes"])
    assert clearly_above(gamers)
    assert clearly_above(parents)


def test_a_score_shapes_what_it_reads_and_nothing_where_nobody_is_told(societies):
    told = load_policy("few_places").model_dump(exclude_none=True)
    told["response"]["agency"] = told["places"][0]["agency"] = "values"
    alike = []
    for society in societies:
        pair = [
            run_rounds(society, policy, years=2) for policy in (Policy.from_dict(told), "no_list")
        ]
        found = shaping(*pair, sensitive=["hukou"])
        moved = set(found.table["column"])
        assert {"gaming_hours", "diapers"} <= moved
        assert not {"phone_quality", "trips"} & moved
        alike.append(found.overall["conformity", "gaming_hours"])
    # Who plays most has most to hide, and hides it: what is on file grows alike.
    assert clearly_above(alike)
    told = load_policy("few_places").model_dump(exclude_none=True)
    told["response"]["regime"] = "nothing"
    silent = run_rounds(societies[0], Policy.from_dict(told), years=2)
    with pytest.raises(InputError, match="no record that differs"):
        shaping(silent, run_rounds(societies[0], "no_list", years=2))
    with pytest.raises(InputError, match="pair them"):
        shaping(silent, run_rounds(societies[0], "no_list", years=1))


def test_reports_pay_who_makes_them_cost_who_is_reported_and_are_counted(societies):
    society = societies[0]
    council = load_agency("council").fit(society)
    dataset = council.agency.view(society)

    def told(menu):
        response = ResponseOptions(menu=menu)
        found = disclose(
            council,
            dataset,
            regimes="full",
            people=None,
            society=society,
            response=response,
            sensitive=["hukou"],
        )
        return found.overall

    reports = told("reports")
    assert reports["reported_truly"] > 0
    assert reports["reported_falsely"] > 0
    kind = load_menu("default").model_copy(
        update={"actions": [each for each in load_menu("reports").actions if each.ties is None]}
    )
    assert "reported_truly" not in told(kind)
    policy = load_policy("answered").model_dump(exclude_none=True)
    policy["response"]["menu"] = "reports"
    history = run_rounds(society, Policy.from_dict(policy), years=1)
    reported = sum(history.state.totals[f"reported_{how}"] for how in ("truly", "falsely"))
    broke = history.state.kept[0] == 0
    assert not history.state.totals["reported_truly"][~broke].any()
    assert not history.state.totals["reported_falsely"][broke].any()
    before, after = (each.records["contact_stars"] for each in (society, history.after()))
    stars = (after - before).fillna(0)
    assert (stars.to_numpy()[reported > 0] <= 0).all()
    assert (stars.to_numpy()[reported == 0] == 0).all()


def test_deterrence_lowers_breaches_the_more_the_more_it_is_feared(societies):
    steps = []
    for society in societies:
        broken = [
            run_rounds(society, "joined", years=4, life=Life(order_chance=0.2, deterrence=fear))
            .state.totals["broken"]
            .sum()
            for fear in (0.0, 1.0, 4.0)
        ]
        steps.append(-np.diff(np.array(broken, dtype=float)))
    for step in np.array(steps).T:
        assert clearly_above(step)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"record": None}, "record"),
        ({"record": "exam_cheatin"}, "exam_cheating"),
        ({"record": "job"}, "record"),
        ({"by": "orders"}, "leave it out"),
        ({"grades": [{"id": "a", "share": 1.0, "years": -1.0, "source": BECAUSE}]}, "years"),
        ({"grades": [{"id": "a", "share": 0.5, "source": BECAUSE}] * 2}, "'a' twice"),
    ],
)
def test_lists_that_cannot_be_kept_are_refused(rule, said):
    given = load_policy("exam_list").model_dump(exclude_none=True)
    given["lists"] = [given["lists"][0] | rule]
    with pytest.raises(PolicyError, match=said) as refused:
        Policy.from_dict(given)
    assert "\n" not in str(refused.value)


def test_a_policy_of_an_agency_that_sees_what_a_society_lacks_is_refused(societies):
    poor = societies[0].records.drop(columns="volunteer_hours")
    with pytest.raises(InputError, match="volunteer_hours"):
        run_rounds(replace(societies[0], records=poor), "few_places", years=1)
