"""How long a listing lasts: the Markov chain, its closed form, and histories."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.dynamics import Life, expected_trap, go_on, load_policy, run_rounds
from credit_ml.dynamics.policy import Policy
from credit_ml.inference import People
from credit_ml.society import World

JOINED = load_policy("joined").model_dump(exclude_none=True)
COURTS, SANCTIONS = JOINED["lists"][0], {each["id"]: each for each in JOINED["sanctions"]}
GRADE = COURTS["grades"][0] | {"share": 1.0}
COURTS |= {"grades": [GRADE]}
SHAME = SANCTIONS["services"] | {"office": "courts"}
POLICY = JOINED | {"lists": [COURTS], "sanctions": [SHAME], "joined": 0.0}

CHANCE = st.floats(0.0, 0.95)


def policy(years: int, repair: float = 0.0) -> Policy:
    lists = [COURTS | {"grades": [GRADE | {"years": years}]}]
    return Policy.from_dict(POLICY | {"lists": lists, "sanctions": [SHAME], "repair": repair})


@given(st.integers(1, 12), CHANCE, CHANCE, CHANCE)
def test_of_one_grade_the_length_is_that_of_the_closed_form(years, broken, order_chance, repair):
    again, mended = broken * order_chance, (1 - broken) * repair
    on = 1 - again - mended
    total = sum(on**k for k in range(years))
    rule = policy(years).lists[0]
    trap = expected_trap(rule, broken=broken, order_chance=order_chance, repair=repair)
    # Of a trap of many years the last digits are lost in 1 - again * total.
    exact = max(1e-12, 1e-13 * trap.years)
    assert trap.years == pytest.approx(total / (1 - again * total), rel=exact)
    assert trap.escape == pytest.approx(1 / trap.years, rel=1e-12)


def test_grades_mix_by_their_shares_when_nobody_breaks_again():
    courts = load_policy("joined").lists[0]
    pairs = zip(courts.grades, (1.0, 3.0), strict=True)
    grades = tuple(grade.model_copy(update={"years": years}) for grade, years in pairs)
    rule = courts.model_copy(update={"grades": grades})
    trap = expected_trap(rule, broken=0.0, order_chance=0.5)
    assert trap.years == pytest.approx(0.73 * 1 + 0.27 * 3, abs=1e-12)


@pytest.mark.parametrize("repair", [0.0, 0.3])
def test_histories_of_two_states_have_the_escape_of_their_chain(repair):
    flat = {"trust": 0.0, "capacity": 0.0, "shock": 0.0, "base": 0.0}
    world = World.from_dict({"citizens": 4_000, "seed": 3, "outcome": flat})
    life = Life(order_chance=0.4, deterrence=0.0)
    history = run_rounds(world.simulate(), policy(3, repair), years=20, life=life)
    # From nobody listed to as many as ever: what comes after is the chain at rest.
    before = {name: each.copy() for name, each in history.state.totals.items()}
    history = go_on(history, 20)
    totals = {name: each - before[name] for name, each in history.state.totals.items()}
    # Independent people: a year on the list ends with the chance of the chain.
    escape = People(4_000).rate(totals["exits"], totals["listed_years"]).interval(0.999)
    expected = expected_trap(
        history.rules.policy.lists[0], broken=0.5, order_chance=0.4, repair=repair
    )
    assert escape.low < expected.escape < escape.high
    assert np.mean(history.state.kept[0]) == pytest.approx(0.5, abs=0.03)
