"""Answers against a slow reckoning of every bundle of everybody, as docs/dynamics.md has it."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from credit_ml.agencies import load_agency
from credit_ml.dynamics import Life, Policy, load_policy, run_rounds
from credit_ml.response import Bundle, load_menu
from credit_ml.society import World

BECAUSE = "assumed, because a test asks for it"
TOLD = {"agency": "council", "source": BECAUSE}
PLACES = {"id": "posts", "agency": "council", "share": 0.25, "worth": 0.03, "source": BECAUSE}
LOW = {
    "id": "low",
    "by": "score",
    "office": "courts",
    "agency": "council",
    "share": 0.1,
    "grades": [{"id": "low", "share": 1.0, "years": 1.0, "source": BECAUSE}],
    "source": BECAUSE,
}


@pytest.fixture(scope="module")
def society():
    return World(citizens=250, seed=4).simulate()


def policy_of(**parts):
    given = load_policy("joined").model_dump(exclude_none=True)
    parts.setdefault("response", TOLD)
    return Policy.from_dict(given | parts)


def every_bundle(rater, dataset):
    """Actions that the council sees, masks of at most two, and everybody's points under each."""
    actions = load_menu("default").visible(list(dataset.X.columns))
    masks = [0] + [
        sum(1 << a for a in some)
        for size in (1, 2)
        for some in combinations(range(len(actions)), size)
    ]
    points = []
    for mask in masks:
        bundle = Bundle(tuple(a for n, a in enumerate(actions) if mask >> n & 1))
        points.append(rater.score(bundle.apply(dataset.X)).to_numpy())
    return actions, masks, np.array(points)


def worth_of(points, now, agency, cost_of_list):
    worth = sum(each.value * (points >= each.threshold) for each in agency.privileges)
    worth = worth + 0.03 * (points >= np.sort(now)[::-1][round(0.25 * len(now)) - 1])
    return worth + cost_of_list * (points >= np.sort(now)[round(0.1 * len(now))])


@pytest.mark.parametrize("fear", [0.0, 3.0])
def test_everybody_does_what_pays_most_of_every_bundle(society, fear):
    policy = policy_of(places=[PLACES], lists=[*load_policy("joined").model_dump()["lists"], LOW])
    life = Life(deterrence=fear, order_chance=0.2, shock_persistence=1.0)
    history = run_rounds(society, policy, years=1, life=life)
    # Their records before they answer are those of the same year without answers; what the list
    # by score takes from them the council does not see.
    before = run_rounds(
        society, policy_of(lists=policy.model_dump()["lists"], response=None), years=1, life=life
    )
    rater = load_agency("council").fit(society)
    dataset = rater.agency.view(before.after())
    actions, masks, points = every_bundle(rater, dataset)
    p = dataset.context["probability"].to_numpy(dtype=np.float64)
    believed = 0.0
    if fear:
        breaches, orders = (before.state.totals[name].sum() for name in ("broken", "orders"))
        believed = (
            orders
            / breaches
            * sum(each.worth for each in policy.sanctions if not each.grades)
            * 2.0
        )
        serious = sum(each.worth for each in policy.sanctions if each.grades)
        believed += orders / breaches * serious * 0.27 * 2.0
    relief = np.zeros((len(p), len(actions)))
    for rows in np.array_split(np.argsort(logit(p), kind="stable"), 10):
        for number, action in enumerate(actions):
            shift = expit(logit(p[rows]) + action.outcome_effect) - p[rows]
            relief[rows, number] = believed * shift.mean()
    income = 12 * dataset.context["income"].to_numpy(dtype=np.float64)
    own_list = sum(
        each.worth
        for each, falls in zip(policy.sanctions, policy.follows(policy.lists[1]), strict=True)
        if falls and not each.grades
    )
    best, gain = np.zeros(len(p), dtype=int), None
    for place, mask in enumerate(masks):
        cost = np.zeros(len(p))
        for number, action in enumerate(actions):
            if mask >> number & 1:
                cost += action.price / income + np.maximum(action.effort - relief[:, number], 0.0)
        mine = worth_of(points[place], points[0], rater.agency, own_list) - cost
        if gain is None:
            gain = mine
            continue
        better = mine > gain + 1e-12
        best, gain = np.where(better, mask, best), np.where(better, mine, gain)
    np.testing.assert_array_equal(history.state.answers.masks, best)
    assert (best > 0).any()


def test_answers_end_where_they_were_told_and_are_told_of_the_year_alone(society):
    history = run_rounds(society, policy_of(), years=2)
    behaviour = history.behaviour
    assert behaviour["year"].tolist() == sorted(behaviour["year"])
    own = history.after().records
    alone = run_rounds(society, "joined", years=2).after().records
    for row in behaviour[behaviour["year"] == 2].to_dict("records"):
        off = own[row["column"]] - alone[row["column"]]
        assert row["moved"] == pytest.approx(np.mean(off != 0))
        assert row["distance"] == pytest.approx(off.abs().mean(), rel=1e-6)
    assert isinstance(behaviour, pd.DataFrame)


def test_a_record_moved_in_a_share_of_those_who_have_it(society):
    told = {"agency": "partners", "menu": "twelve", "source": BECAUSE}
    rater = load_agency("partners").fit(society)
    middle = float(rater.score(society.records).median())
    first = rater.agency.privileges[0].model_copy(update={"threshold": middle, "value": 0.3})
    rater = replace(rater, agency=rater.agency.model_copy(update={"privileges": (first,)}))
    raters = {"partners": rater}
    history = run_rounds(society, policy_of(response=told), years=1, raters=raters)
    own = history.after().records["dating_likes"]
    off = (own - run_rounds(society, "joined", years=1).after().records["dating_likes"]).dropna()
    assert 0 < len(off) < len(society)
    assert (off != 0).any()
    likes = history.behaviour.set_index("column").loc["dating_likes"]
    assert likes["moved"] == pytest.approx(np.mean(off != 0))
    assert likes["distance"] == pytest.approx(off.abs().mean(), rel=1e-6)
