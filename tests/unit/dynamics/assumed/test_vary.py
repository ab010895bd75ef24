"""Assumptions varied: what a headline is at another value is what a run with that value says."""

import pytest

from credit_ml.core import CreditMLError
from credit_ml.dynamics import Life, changes, load_policy, policy_effects, run_rounds
from credit_ml.dynamics.assumed.vary import Variation, variations, varied_policy
from credit_ml.dynamics.facts import hangs, settled, varied
from credit_ml.society import World

LIFE = Life(order_chance=0.2)
VARY = {"joined": {"deterrence": [0.0, 1.0, 8.0], "sanctions": [0.0, 1.0], "joined": [0.0]}}


@pytest.fixture(scope="module")
def society():
    return World(citizens=4_000, seed=3).simulate()


@pytest.fixture(scope="module")
def found(society):
    of = {"years": 3, "life": LIFE, "societies": 0, "sensitive": "hukou"}
    return policy_effects(society, ["joined", "list_alone"], vary=VARY, **of)


def at(found, name, value, measure="broken"):
    told = dict(varied(found, "joined", measure, name))
    return told[value].estimate


def test_a_varied_headline_is_that_of_a_run_with_the_value(society, found):
    for fear in (0.0, 8.0):
        life = Life(order_chance=0.2, deterrence=fear)
        pair = [run_rounds(society, name, years=3, life=life) for name in ("joined", "no_list")]
        rows = changes(*pair, sensitive="hukou").where(measure="broken", group="all").table
        (expected,) = rows["estimate"]
        assert at(found, "deterrence", f"{fear:g}") == pytest.approx(expected)


def test_the_value_of_the_run_itself_changes_nothing(found):
    own = found.where(policy="joined", quantity="change", measure="broken", group="all")
    (expected,) = own.table["estimate"]
    for name in ("deterrence", "sanctions"):
        assert at(found, name, "1") == expected


def test_more_fear_keeps_more_and_larger_sanctions_fewer(found):
    assert at(found, "deterrence", "8") < at(found, "deterrence", "0")
    assert at(found, "sanctions", "1") > at(found, "sanctions", "0")
    assert at(found, "sanctions", "0", "broken_of_the_listed") < at(
        found, "sanctions", "1", "broken_of_the_listed"
    )


def test_what_a_listing_buys_is_obligations_kept_by_years_listed(society, found):
    pair = [run_rounds(society, name, years=3, life=LIFE) for name in ("joined", "no_list")]
    broken, fewer = (int(each.state.totals["broken"].sum()) for each in pair)
    listed = int(pair[0].state.totals["listed"].sum())
    assert at(found, "deterrence", "1", "kept_for_a_listing") == pytest.approx(
        (fewer - broken) / listed
    )
    own = found.where(measure="kept_for_a_listing", policy="joined", group="all").table
    assert own["low"].lt(own["estimate"]).all()


def test_what_a_listing_buys_is_not_asked_against_another_list(society):
    found = policy_effects(society, "joined", against="list_alone", years=2, societies=0)
    assert "kept_for_a_listing" not in set(found.table["measure"])


def test_what_a_policy_changes_for_nobody_is_zero_without_a_doubt():
    """Families are not feared for (care is 0): whatever happens to adults is the same."""
    society, of = World(citizens=1_000, seed=3).simulate(), {"years": 3, "life": LIFE}
    found = policy_effects(society, "joined_family", against="joined", societies=8, **of)
    own = found.where(measure="broken", quantity="change", group="all").table.iloc[0]
    assert (own["estimate"], own["low"], own["high"]) == (0.0, 0.0, 0.0)
    moved = found.where(measure="children_barred", quantity="change", group="all").table.iloc[0]
    assert moved["low"] < moved["high"]  # what may move keeps its doubt


def test_only_the_policy_that_was_named_is_varied(found):
    assert set(found.where(quantity="varied").table["policy"]) == {"joined"}
    assert set(found.table.query("quantity != 'varied'")["varied"]) == {""}


def test_the_sign_of_a_headline_is_told_by_value(found):
    words = dict(hangs(found, "joined", "broken"))
    assert "8" in words["fear worth"]["below"]
    assert settled(found, "joined", "broken") in ("", "falls")


def test_sanctions_are_multiplied_where_they_take_from_capacity_alone():
    policy = load_policy("joined")
    twice = varied_policy(policy, Variation("sanctions", 2.0))
    for one, two in zip(policy.sanctions, twice.sanctions, strict=True):
        moves = one.moves in ("capacity", "state_job", "child_capacity")
        assert two.size == one.size * (2.0 if moves else 1.0)


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ({"joined": {"feer": [1.0]}}, "'feer' is unknown"),
        ({"joined": {"deterrence": []}}, "is empty"),
        ({"joined": {"repair": [1.5]}}, "from 0 to 1"),
        ({"joined": {"sanctions": [-1.0]}}, "give 0 or more"),
        ({"joined": {"order_chance": [2.0]}}, "order_chance"),
    ],
)
def test_what_cannot_be_varied_is_one_line(vary, said):
    with pytest.raises(CreditMLError, match=said):
        variations(vary)


def test_a_policy_that_is_not_asked_about_cannot_be_varied(society):
    with pytest.raises(CreditMLError, match="vary"):
        policy_effects(society, "joined", societies=0, vary={"list_alone": {"scar": [0.0]}})


def test_shares_over_societies_stay_shares():
    society = World(citizens=300, seed=1).simulate()
    found = policy_effects(society, "joined", years=2, societies=8, sensitive="hukou").table
    values = found[(found["quantity"] == "value") & found["measure"].isin(["listed", "escape"])]
    assert values["low"].dropna().ge(0).all()
    assert values["high"].dropna().le(1).all()
