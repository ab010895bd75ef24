"""Who may take an action."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, MenuError
from credit_ml.response import Condition
from credit_ml.response.conditions import all_hold


@pytest.fixture
def people():
    frame = pd.DataFrame(
        {
            "friends": [1, 4, 9],
            "job": pd.Categorical(["none", "clerk", "clerk"]),
            "sex": list("fmf"),
            "income": [1.0, 2.0, np.nan],
        }
    )
    return Dataset.from_frame(frame, target=None, sensitive=["sex"], context=["income"])


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        (Condition(column="friends", low=4), [False, True, True]),
        (Condition(column="friends", high=4), [True, True, False]),
        (Condition(column="income", low=0), [True, True, False]),
        (Condition(column="job", among=("clerk",)), [False, True, True]),
        (Condition(column="sex", among=("f",)), [True, False, True]),
    ],
)
def test_conditions_look_at_features_context_and_groups(people, condition, met):
    assert all_hold([condition], people, "here").tolist() == met


def test_all_of_them_must_hold_and_none_is_no_condition(people):
    both = [Condition(column="friends", low=4), Condition(column="sex", among=("f",))]
    assert all_hold(both, people, "here").tolist() == [False, False, True]
    assert all_hold([], people, "here").all()


def test_what_the_rater_does_not_see_is_looked_up_in_the_records(people):
    records = pd.DataFrame({"assets": [0.0, 10.0, 20.0]})
    rich = Condition(column="assets", low=10)
    assert all_hold([rich], people, "here", records).tolist() == [False, True, True]
    with pytest.raises(MenuError, match="asks of column 'assets', which is unknown"):
        all_hold([rich], people, "here")


def test_a_range_of_words_is_refused(people):
    with pytest.raises(MenuError, match="holds no numbers"):
        all_hold([Condition(column="job", low=1)], people, "here")
