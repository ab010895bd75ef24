"""Other packages' simulators met again: ours against their committed numbers, none installed."""

import sys

import numpy as np
import pytest

#: The gym's line under its own reward turns down people whose loans pay in some of these states.
MISSED = "max utility lends otherwise"


@pytest.fixture
def replications(repository, monkeypatch):
    """Make the scripts importable, for one test, without the peers."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(repository / "experiments" / "replications")
    for name in ("GYM_PYTHON", "GYM_CHECKOUT", "WHYNOT_PYTHON"):
        monkeypatch.delenv(name, raising=False)
    yield repository / "experiments" / "replications"
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(repository / "exp")):
            del sys.modules[name]


def test_lending_rules_are_the_gyms_policies(replications):
    import gym_lending

    policies = gym_lending.policies()
    assert [MISSED in claim.claim for claim in policies if not claim.met] == [True]
    # Where its line for the largest reward differs, it turns down people whose loans pay.
    kept = gym_lending.peer.kept("gym")
    gain = gym_lending.REPAY - gym_lending.LOSS * (1 - gym_lending.REPAY)
    for state, chance in zip(kept["states"], kept["chances"]["maximize_reward"], strict=True):
        weights, theirs = np.array(state), np.array(chance)
        best = gym_lending.loans(weights, "max_utility")
        assert (weights * theirs * gain).sum() <= (weights * best * gain).sum() + 1e-9


def test_a_lender_of_ours_leaves_the_groups_where_the_gyms_does(replications):
    import gym_lending

    made = gym_lending.ours((gym_lending.STEPS[0],), seeds=6)
    made |= {
        ("max_utility", step): {
            name: (value, 0.0)
            for name, value in gym_lending.numbers(gym_lending.expected(step)).items()
        }
        for step in gym_lending.STEPS
    }
    claims = gym_lending.claims(made)
    assert len(claims) == 3 * 19
    assert [claim for claim in claims if not claim.met] == []


def test_expected_shares_are_what_simulated_people_come_to(replications):
    import gym_lending

    runs = [next(gym_lending.simulate("max_utility", seed, (400,))) for seed in range(200)]
    exact = gym_lending.numbers(gym_lending.expected(400))
    for name, (mean, error) in gym_lending.summary(runs).items():
        assert mean == pytest.approx(exact[name], abs=max(4.5 * error, 1e-12)), name


def test_delayed_impact_is_whynots_under_its_conventions(replications):
    import whynot_simulators

    theirs = whynot_simulators.peer.kept("whynot")["impact"]
    claims = whynot_simulators.impact_claims(theirs)
    assert [claim for claim in claims if not claim.met] == []
    written = (replications / "whynot_simulators.md").read_text(encoding="utf-8")
    from claims import row

    lines = [*map(row, claims), *whynot_simulators.conventions(theirs)]
    assert [line for line in lines if line not in written] == []


def test_whynots_ends_of_the_scale_move_people_without_a_loan(replications):
    """The disagreement: a repaid loan can cost points, and the denied are lifted to 350."""
    import whynot_simulators

    from credit_ml.consequences import LoanTerms

    kept = whynot_simulators.peer.kept("whynot")
    black, white = whynot_simulators.groups(theirs=False)
    for group, drawn in zip((black, white), whynot_simulators.groups(theirs=True), strict=True):
        theirs = kept["impact"]["default"][group.name]
        below = drawn.mass[drawn.points < whynot_simulators.LOW].sum()
        assert theirs["moved without a loan"] == pytest.approx(below, abs=0.007)
        mean, error = theirs["change"]
        plain = whynot_simulators.impact(group, 650.0, LoanTerms(), all_move=False)["change"]
        assert (plain - mean > 10 * error) == (group is white)


def test_people_respond_to_a_classifier_as_in_whynot(replications, shared_data):
    import perdomo2020
    import whynot_simulators

    if not perdomo2020.DATA.is_file():
        pytest.skip("Give Me Some Credit is absent")
    kept = whynot_simulators.peer.kept("whynot")
    claims = whynot_simulators.response_claims(kept["asked"], kept["response"])
    assert len(claims) == 12
    assert [claim for claim in claims if not claim.met] == []
