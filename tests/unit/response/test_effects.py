"""True effects of actions against the model that made the outcomes."""

import numpy as np
import pytest
from scipy.special import expit, logit

from credit_ml.response import action_effects, default_menu
from credit_ml.society import load_world


@pytest.mark.parametrize("name", ["baseline", "deterrent"])
def test_a_cause_that_changes_moves_the_probability_by_the_worlds_own_rule(name):
    society = load_world(name, citizens=800, seed=3).simulate()
    spec, truth = society.world.outcome, society.truth.astype(float)

    def rule(trust, capacity):
        odds = spec.base + spec.trust * trust + spec.capacity * capacity
        return expit(odds - spec.shock * truth["shock"] + spec.penalty * 2 * expit(-trust))

    np.testing.assert_allclose(society.probability_if(), truth["probability"], rtol=1e-5)
    moved = society.probability_if(trust=0.4, capacity=-0.3)
    np.testing.assert_allclose(
        moved, rule(truth["trust"] + 0.4, truth["capacity"] - 0.3), rtol=1e-4
    )


def test_improving_actions_add_their_log_odds_and_others_nothing():
    society = load_world("baseline", citizens=500, seed=3).simulate()
    effects = action_effects(society)
    for action in default_menu().actions:
        gain = logit(effects[action.id]) - logit(effects["nothing"])
        np.testing.assert_allclose(gain, action.outcome_effect, atol=1e-6)
        assert (action.kind == "improving") == bool((gain.abs() > 1e-6).all())
