"""Aims: what a score opens, what it spares, and places that are limited."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from credit_ml.core import MenuError
from credit_ml.response import Aim
from credit_ml.response.aim import worth_of

SCORES = arrays(np.float64, st.integers(4, 40), elements=st.integers(0, 9).map(float))


@given(SCORES, st.floats(0.15, 0.85), st.booleans())
def test_limited_places_are_held_by_as_many_whatever_the_scores(scores, share, imposed):
    aim = Aim(id="a", name="a", share=share, value=1.0, imposed=imposed)
    places = round(share * len(scores))
    held = aim.holds(scores)
    assert held.sum() == (len(scores) - places if imposed else places)
    if not 0 < places < len(scores):
        with pytest.raises(MenuError, match="places of"):
            aim.placed(scores)
        return
    threshold = aim.placed(scores).threshold
    # Whoever holds one has the points it takes; whoever has more than them holds one.
    assert (scores[held] >= threshold).all()
    assert held[scores > threshold].all()
    # Of equals the first by row comes first, into a place or on the list.
    at = held[scores == threshold]
    assert (at == np.sort(at)[:: 1 if imposed else -1]).all()


@given(SCORES, st.floats(0, 9), st.floats(0, 2), st.floats(0, 2))
def test_a_penalty_is_worth_its_cost_to_be_spared_and_nothing_more(scores, below, value, cost):
    aims = [
        Aim(id="p", name="p", threshold=below, value=value),
        Aim(id="f", name="f", threshold=below, value=cost, imposed=True),
    ]
    worth = worth_of(aims, scores)
    np.testing.assert_allclose(worth, np.where(scores >= below, value, -cost))


@pytest.mark.parametrize("wrong", [{}, {"share": 0.0}, {"share": 1.0}, {"share": -1.0}])
def test_an_aim_has_points_or_a_share_of_people(wrong):
    with pytest.raises(MenuError, match=r"threshold|share"):
        Aim(id="a", name="a", value=1.0, **wrong)
