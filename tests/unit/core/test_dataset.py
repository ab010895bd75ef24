"""Tables are taken apart as asked, or refused with place, value and remedy."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import Dataset, TableError, bands


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "late": [1.0, np.nan, 3.0, 4.0],
            "job": ["x", "y", None, "x"],
            "flag": [True, False, True, True],
            "sex": ["f", "m", "f", "m"],
            "default": [0, 1, 0, 1],
        }
    )


def test_columns_become_float32_integers_or_categories(frame):
    data = Dataset.from_frame(frame, target="default", sensitive=["sex"], favourable=0)
    assert str(data.X["late"].dtype) == "float32"
    assert isinstance(data.X["job"].dtype, pd.CategoricalDtype)
    assert str(data.X["flag"].dtype) == "int8"
    assert data.X["job"].isna().tolist() == [False, False, True, False]
    assert data.y.tolist() == [1, 0, 1, 0]


def test_columns_in_no_factor_are_not_used(frame):
    data = Dataset.from_frame(
        frame, target="default", sensitive=["sex"], factors={"history": ["late"]}
    )
    assert list(data.X.columns) == ["late"]


def test_nullable_numbers_keep_their_gaps():
    frame = pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "y": [0, 1]})
    data = Dataset.from_frame(frame, target="y", sensitive=[])
    assert data.X["n"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "defualt"}, "column 'defualt' is absent; did you mean 'default'"),
        ({"target": "late"}, "missing in 1 rows"),
        ({"target": "job"}, "missing in 1 rows"),
        ({"favourable": 3}, "has no value 3; give favourable=0 or 1"),
        ({"sensitive": ["job"]}, "sensitive feature 'job': is missing in 1 rows"),
        ({"factors": {"a": ["late"], "b": ["late"]}}, "also in factor 'a'"),
        ({"factors": {"a": ["lat"]}}, "column 'lat' is absent; did you mean 'late'"),
        ({"factors": {"a": []}}, "factor 'a': has no columns"),
        ({"factors": {"a": ["default"]}}, "holds the target"),
    ],
)
def test_what_cannot_be_used_is_refused(frame, options, message):
    asked = {"target": "default", "sensitive": ["sex"], **options}
    with pytest.raises(TableError, match=message):
        Dataset.from_frame(frame, **asked)


def test_target_with_three_values_is_refused():
    frame = pd.DataFrame({"x": [1, 2, 3], "y": [0, 1, 2]})
    with pytest.raises(TableError, match="has 3 values"):
        Dataset.from_frame(frame, target="y", sensitive=[])


def test_infinite_and_continuous_values_are_refused():
    frame = pd.DataFrame({"x": [1.0, np.inf], "y": [0, 1]})
    with pytest.raises(TableError, match="infinite in 1 rows"):
        Dataset.from_frame(frame, target="y", sensitive=[])
    many = pd.DataFrame({"x": 1.0, "age": np.arange(40.0), "y": [0, 1] * 20})
    with pytest.raises(TableError, match="40 different values"):
        Dataset.from_frame(many, target="y", sensitive=["age"])


def test_an_empty_table_is_refused():
    with pytest.raises(TableError, match="no rows"):
        Dataset.from_frame(pd.DataFrame({"x": [], "y": []}), target="y", sensitive=[])


def test_digest_follows_the_values(frame):
    def digest(table):
        return Dataset.from_frame(table, target="default", sensitive=["sex"]).digest()

    assert digest(frame) == digest(frame.copy())
    assert digest(frame) != digest(frame.assign(late=[1.0, np.nan, 3.0, 5.0]))
    assert digest(frame) != digest(frame.assign(sex=["f", "m", "m", "m"]))


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30),
    st.lists(st.integers(-100, 100), min_size=1, max_size=4, unique=True),
)
def test_bands_hold_their_lower_edge(values, edges):
    edges = sorted(edges)
    banded = bands(pd.Series(values, name="v"), edges)
    codes = banded.cat.codes.to_numpy()
    assert (codes == np.searchsorted(edges, values, side="right")).all()


def test_bands_need_rising_edges():
    with pytest.raises(TableError, match="rising"):
        bands(pd.Series([1.0]), [5, 2])


def test_a_cluster_is_kept_in_the_context_and_numbered(frame):
    table = frame.assign(branch=["b", "a", "b", "a"])
    data = Dataset.from_frame(
        table, target="default", sensitive=["sex"], factors={"late": ["late"]}, cluster="branch"
    )
    assert list(data.context.columns) == ["branch"]
    assert data.clusters().tolist() == [0, 1, 0, 1]
    assert data.take([1, 3]).clusters().tolist() == [0, 0]


def test_a_cluster_that_is_missing_somewhere_is_refused(frame):
    table = frame.assign(branch=["b", None, "b", "a"])
    with pytest.raises(TableError, match="cluster 'branch': is missing in 1 rows"):
        Dataset.from_frame(table, target="default", sensitive=["sex"], cluster="branch")
