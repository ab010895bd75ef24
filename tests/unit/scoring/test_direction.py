"""Which way round a model ranks: a matter of the whole table."""

import pickle

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, ModelError
from credit_ml.scoring import score_function


def table(people, bad):
    late = np.r_[np.zeros(people - bad), np.ones(bad)]
    return pd.DataFrame({"late": late, "default": late.astype(int)})


def dataset(people=5_000, bad=40):
    return Dataset.from_frame(table(people, bad), target="default", favourable=0, sensitive=[])


def test_a_rare_outcome_is_tried_on_everybody_who_has_it():
    trial = dataset().trial
    assert len(trial.y) == 2_000
    assert (trial.y == 0).sum() == 40
    np.testing.assert_array_equal(trial.X["late"], 1 - trial.y)
    assert np.bincount(dataset(bad=2_400).trial.y).tolist() == [1_000, 1_000]
    assert len(dataset(people=6, bad=2).trial.y) == 6


def test_what_is_taken_shares_the_people_of_the_whole_table():
    data = dataset()
    one, many = data.take([0]), data.take(np.arange(4_000))
    assert one.whole is many.take([5]).whole is data.trial
    assert data.whole is None
    assert len(pickle.dumps(one)) < len(pickle.dumps(data))


def test_a_table_without_an_origin_is_judged_whole_too():
    data = dataset()
    bare = Dataset(
        X=pd.DataFrame({"late": data.X["late"]}),
        y=data.y,
        sensitive=data.sensitive,
        factors=data.factors,
        context=data.context,
    )
    with pytest.raises(ModelError, match="is lower for people with the good outcome"):
        score_function(lambda X: X["late"], dataset=bare.take([0]))


def test_features_of_other_names_are_followed():
    people = table(200, 100).assign(years=1.0)
    data = Dataset.from_frame(people, target="default", favourable=0, sensitive=[])
    taken = data.take([0, 1])
    assert taken.whole.read(pd.Index(["late"])).X.columns.tolist() == ["late"]
    assert taken.whole.read(pd.Index(["late", "new"])) is None
