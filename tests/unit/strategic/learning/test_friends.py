"""What ties tell: by Bayes' rule over all worlds of two friends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from credit_ml.core import InputError
from credit_ml.strategic import friendship_chances, type_from_ties

CHANCE = st.floats(0.05, 1.0)


@settings(max_examples=40, deadline=None)
@given(
    error=st.floats(0.05, 0.5),
    same=CHANCE,
    different=CHANCE,
    prior=st.floats(0.1, 0.9),
    own=st.booleans(),
    friend=st.booleans(),
)
def test_two_friends_are_judged_by_bayes_rule(error, same, different, prior, own, friend):
    pair = csr_array(np.array([[0, 1], [1, 0]]))
    found = type_from_ties(
        pair, [own, friend], error=error, same=same, different=different, prior=prior
    )
    joint = {}
    for mine in (True, False):
        signal = 1 - error if mine == own else error
        # The friend is of either type with one half, and a friend with the chance of that.
        met = sum(
            0.5
            * (same if mine == theirs else different)
            * (1 - error if theirs == friend else error)
            for theirs in (True, False)
        )
        joint[mine] = (prior if mine else 1 - prior) * signal * met
    assert found[0] == pytest.approx(joint[True] / (joint[True] + joint[False]))


def test_noise_in_seeing_types_brings_the_chances_together():
    clean = friendship_chances(0.0, above_noise=0.9, above_rest=0.2)
    assert clean == (0.9, 0.2)
    same, different = friendship_chances(0.3, above_noise=0.9, above_rest=0.2)
    assert clean[1] < different < same < clean[0]


def test_what_is_no_chance_is_refused():
    pair, signals = csr_array(np.array([[0, 1], [1, 0]])), [True, False]
    good = {"error": 0.2, "same": 0.5, "different": 0.3}
    for wrong in (
        {"error": 0.0},
        {"error": 0.6},
        {"same": 1.1},
        {"different": 0.0},
        {"prior": 1.0},
    ):
        with pytest.raises(InputError, match=next(iter(wrong))):
            type_from_ties(pair, signals, **(good | wrong))
    with pytest.raises(InputError, match="one boolean a person"):
        type_from_ties(pair, [1.0, 0.0], **good)
    with pytest.raises(InputError, match="noise"):
        friendship_chances(0.5, above_noise=0.9, above_rest=0.2)
    with pytest.raises(InputError, match="falling chances"):
        friendship_chances(0.1, above_noise=0.2, above_rest=0.9)
