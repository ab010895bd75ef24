"""How far means take people: the reach is where the cheapest move costs its value."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.strategic import LinearScore, OneSided, Quadratic, linear_response
from credit_ml.strategic.robust.strategic_logistic import Reach

WEIGHTS = st.lists(
    st.floats(-3, 3).filter(lambda weight: abs(weight) > 0.05), min_size=2, max_size=3
)


@settings(max_examples=20, deadline=None)
@given(weights=WEIGHTS, cost=st.sampled_from(["quadratic", "linear"]), value=st.floats(0.1, 4))
def test_reach_is_where_the_price_is_the_value(weights, cost, value):
    weights, prices, means = np.array(weights), np.full(len(weights), 0.7), np.array([0.5, 2.0])
    names = [str(number) for number in range(len(weights))]
    reach = Reach.of(dict.fromkeys(names, 0.7), names, cost=cost, value=value)
    size, _ = reach.size(weights)
    priced = Quadratic(weights=prices) if cost == "quadratic" else OneSided(up=prices, down=prices)
    start = np.zeros((2, len(weights)))
    # The smooth maximum of a linear cost is at most so much beyond the largest.
    beyond = 1e-6 if cost == "quadratic" else len(weights) ** (1 / 16) - 1 + 1e-6
    for share, able in ((1 / (1 + beyond) - 1e-6, True), (1 + 1e-3, False)):
        for scale, worth in zip(reach.scales(means), value * means, strict=True):
            score = LinearScore(weights=weights, threshold=share * scale * size)
            found = linear_response(start[:1], score, cost=priced, value=worth)
            assert found.moved[0] == able


def test_nobody_reaches_anything_without_prices():
    reach = Reach.of({}, ["a", "b"], cost="linear", value=1.0)
    size, slope = reach.size(np.array([1.0, 2.0]))
    assert size == 0
    assert slope.tolist() == [0, 0]
    assert reach.scales(np.ones(1)) == pytest.approx([1.0])
