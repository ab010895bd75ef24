"""Outcomes after an improvement: one fixed number a person, and the outcome on file."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.core import TableError
from credit_ml.response import FixedChance
from credit_ml.response.aftermath import checked_aftermath


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), gain=st.floats(0, 1))
def test_improvement_only_turns_broken_into_kept(gaussian, seed, gain):
    people = gaussian(300, seed)
    chance = FixedChance(people, seed=seed)
    before = people.context["probability"].to_numpy()
    kept = people.y.to_numpy()
    assert (chance.kept(before) == kept).all()
    after = chance.kept(before + gain * (1 - before))
    assert (after >= kept).all()
    # Asking in between changes nothing: the number is fixed.
    assert (chance.kept(before) == kept).all()


def test_outcomes_follow_the_new_chance(gaussian):
    people = gaussian(20_000)
    chance = FixedChance(people, seed=3)
    for new in (0.2, 0.9):
        kept = chance.kept(np.full(len(people), new))
        assert kept.mean() == pytest.approx(new, abs=4 * np.sqrt(new * (1 - new) / 20_000))


def test_two_periods_have_chances_of_their_own(gaussian):
    people = gaussian(5000)
    new = np.full(len(people), 0.5)
    one = FixedChance(people, seed=1).kept(new)
    earlier = FixedChance(people, outcome=people.y, seed=1, period="earlier").kept(new)
    assert 0 < (one != earlier).mean() < 1


def test_an_unknown_chance_leaves_the_outcome_on_file(gaussian):
    people = gaussian(100)
    unknown = replace(people, context=people.context[["income"]])
    assert (FixedChance(unknown, seed=0).kept(np.ones(100)) == people.y).all()
    assert (FixedChance(people, seed=0).kept(None) == people.y).all()


@pytest.mark.parametrize("wrong", [np.full(100, 1.5), np.full(100, np.nan), np.ones(3)])
def test_chances_out_of_range_are_refused(gaussian, wrong):
    with pytest.raises(TableError, match="probability"):
        FixedChance(gaussian(100), seed=0).kept(wrong)


def test_an_outcome_that_is_no_outcome_is_refused(gaussian):
    with pytest.raises(TableError, match="outcome"):
        FixedChance(gaussian(100), outcome=np.full(100, 2), seed=0)
    with pytest.raises(TableError, match="has no outcome"):
        FixedChance(replace(gaussian(100), y=None), seed=0)


def test_a_response_must_return_everybody_and_every_column(gaussian, nobody):
    people = gaussian(50)
    found = nobody(None, people)
    assert checked_aftermath(found, people) is found
    for wrong, said in (
        ({"X": people.X.iloc[:10]}, "10 rows for 50 people"),
        ({"X": people.X[["show"]]}, "lacks the column 'honest'"),
        ({"acted": np.zeros(3, dtype=bool)}, "acted"),
        ({"spending": np.zeros((50, 2))}, "spending"),
        ({"probability": np.full(50, -1.0)}, "probability"),
    ):
        with pytest.raises(TableError, match=said):
            checked_aftermath(replace(found, **wrong), people)
