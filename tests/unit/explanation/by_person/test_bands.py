"""Means of attributions by band: what theory says of a linear score, and nobody alone."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from credit_ml.core import Dataset
from credit_ml.core.instrument import finding_from_dict
from credit_ml.explanation import attribution_bands
from credit_ml.explanation.by_person.bands import LEAST, THIRDS, bands


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(4)
    frame = pd.DataFrame(random.normal(size=(600, 2)), columns=["wage", "debt"])
    kept = random.random(600) < 1 / (1 + np.exp(frame["debt"] - frame["wage"]))
    return Dataset.from_frame(frame.assign(kept=kept.astype(int)), target="kept", sensitive=[])


@pytest.fixture(scope="module")
def model(data):
    return LogisticRegression().fit(data.X, data.y)


def test_of_a_linear_score_a_band_is_its_coefficient_times_how_far_it_lies(data, model):
    table = attribution_bands(model, data).table
    for name, coefficient in zip(data.X, model.coef_[0], strict=True):
        own = table[table["name"] == name].set_index("band")
        parts = bands(data.X[name])
        means = {band: data.X[name][who].mean() for band, who in parts.items()}
        far = (means["most of it"] - means["least of it"]) * coefficient
        estimate = own["estimate"]
        assert estimate["most of it"] - estimate["least of it"] == pytest.approx(far)
        assert own["people"].sum() == len(data)
        assert (own["low"] < estimate).all()
        assert (estimate < own["high"]).all()


def test_what_is_stored_draws_the_same(data, model):
    found = attribution_bands(model, data, people=90, seed=2)
    assert set(found.table["people"]) == {30}
    axes = finding_from_dict(found.to_dict()).plot()
    said = {each.get_text() for each in axes.get_legend().get_texts()}
    assert said == set(THIRDS)


def test_a_score_that_is_no_sum_of_columns_has_no_bands(data):
    found = attribution_bands(lambda X: np.tanh(X["wage"] * X["debt"]), data, people=40)
    assert found.table.empty


@given(
    st.lists(
        st.one_of(st.none(), st.sampled_from("abcdefgh"), st.just("rare")), min_size=2, max_size=80
    ),
    st.booleans(),
)
def test_no_band_is_of_few_and_nobody_is_in_two(values, ordered):
    column = pd.Series([None if each is None else ord(each[0]) for each in values], dtype="float64")
    parts = bands(column if ordered else pd.Series(values, dtype="object"))
    assert all(who.sum() >= LEAST for who in parts.values())
    assert sum((who.astype(int) for who in parts.values()), np.zeros(len(values), int)).max() <= 1


@given(st.lists(st.integers(0, 6), min_size=2, max_size=90).filter(lambda told: len(set(told)) > 1))
def test_bands_are_named_by_their_order_however_many_are_alike(told):
    """Nobody is called middling who has the least there is, and equals are kept together."""
    column = pd.Series(told, dtype="float64")
    parts = {band: column[who] for band, who in bands(column).items()}
    order = [parts[band] for band in THIRDS if band in parts]
    for lower, higher in itertools.pairwise(order):
        assert lower.max() < higher.min()
    least, most = column == column.min(), column == column.max()
    if least.sum() >= LEAST:
        assert parts[THIRDS[0]].min() == column.min()
    if most.sum() >= LEAST:
        assert parts[THIRDS[-1]].max() == column.max()


def test_a_column_of_two_values_has_no_middle():
    assert list(bands(pd.Series([0.0] * 957 + [1.0] * 42))) == ["least of it", "most of it"]
