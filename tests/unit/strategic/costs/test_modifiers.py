"""What comes on top of a cost, and in which order."""

import numpy as np
import pytest

from credit_ml.strategic import OneSided, WithDetection, WithMultiplier, WithSetup, WithSubsidy


def test_modifiers_come_on_top_of_a_cost():
    before, after = np.zeros((3, 1)), np.array([[0.0], [1.0], [2.0]])
    alone = OneSided(up=[0.1])
    assert WithSetup(cost=alone, setup=0.05).of(before, after) == pytest.approx([0, 0.15, 0.25])
    assert WithMultiplier(cost=alone, multiplier=[1, 1, 3]).of(before, after) == pytest.approx(
        [0, 0.1, 0.6]
    )
    assert WithSubsidy(cost=alone, share=1.0, most=0.15).of(before, after) == pytest.approx(
        [0, 0, 0.05]
    )
    found = WithDetection(cost=alone, rate=1.0, penalty=2.0, weights=[1.0])
    assert found.of(before, after) == pytest.approx(
        [0, 0.1 + 2 * (1 - np.exp(-1)), 0.2 + 2 * (1 - np.exp(-2))]
    )
    # Free even to move is not free of the set-up; the impossible stays impossible for anybody.
    free = WithSetup(cost=OneSided(up=[0.0]), setup=0.05)
    assert free.of(before, after) == pytest.approx([0, 0.05, 0.05])
    never = OneSided(up=[np.inf])
    for cost in (WithMultiplier(cost=never, multiplier=0.0), WithSubsidy(cost=never, share=1.0)):
        assert cost.of(before, after).tolist() == [0.0, np.inf, np.inf]
    cannot = WithMultiplier(cost=alone, multiplier=[np.inf, 1.0, np.inf])
    assert cannot.of(before, after).tolist() == [0.0, 0.1, np.inf]


def test_modifiers_nest_in_the_order_in_which_they_are_written():
    before, after = np.zeros((1, 1)), np.ones((1, 1))
    alone = OneSided(up=[1.0])
    outside = WithSetup(cost=WithMultiplier(cost=alone, multiplier=2.0), setup=0.5)
    inside = WithMultiplier(cost=WithSetup(cost=alone, setup=0.5), multiplier=2.0)
    assert outside.of(before, after).tolist() == [2.5]
    assert inside.of(before, after).tolist() == [3.0]
