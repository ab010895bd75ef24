"""Encoding: float32, order of categories, missing and unseen alike."""

from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import TableError
from credit_ml.scoring import FeatureEncoder
from credit_ml.scoring import encoder as encoding


def jobs(*values: str | None) -> pd.DataFrame:
    return pd.DataFrame({"job": pd.Categorical(values, ["none", "state", "office"])})


def test_codes_follow_the_order_of_categories_not_the_alphabet() -> None:
    encoder = FeatureEncoder().fit(jobs("office", "none"))
    assert encoder.transform(jobs("none", "state", "office"))["job"].tolist() == [0.0, 1.0, 2.0]


def test_codes_do_not_depend_on_how_another_table_orders_its_categories() -> None:
    encoder = FeatureEncoder().fit(jobs("office", "none"))
    other = pd.DataFrame({"job": pd.Categorical(["state", "none"], ["state", "none"])})
    assert encoder.transform(other)["job"].tolist() == [1.0, 0.0]


def test_missing_and_unseen_categories_are_nan() -> None:
    encoder = FeatureEncoder().fit(jobs("office", "none"))
    other = pd.DataFrame({"job": pd.Categorical(["monk", None, "state"])})
    np.testing.assert_array_equal(encoder.transform(other)["job"], [np.nan, np.nan, 1.0])


def test_text_is_a_category_in_alphabetical_order() -> None:
    encoder = FeatureEncoder().fit(pd.DataFrame({"job": ["state", "none", None]}))
    encoded = encoder.transform(pd.DataFrame({"job": ["none", "state", "monk"]}))
    np.testing.assert_array_equal(encoded["job"], [0.0, 1.0, np.nan])


def test_everything_becomes_float32_with_the_rows_of_the_table() -> None:
    people = pd.DataFrame(
        {"late": [1, 2], "known": [True, False], "years": pd.array([1, None], dtype="Int64")},
        index=[7, 9],
    )
    encoded = FeatureEncoder().fit(people).transform(people)
    assert set(encoded.dtypes) == {np.dtype("float32")}
    assert encoded.index.tolist() == [7, 9]
    assert np.isnan(encoded["years"].iloc[1])


def test_arrays_get_names() -> None:
    encoded = FeatureEncoder().fit(np.eye(3)).transform(np.eye(3))
    assert encoded.columns.tolist() == ["x0", "x1", "x2"]


def test_absent_column_is_named_with_the_nearest_one() -> None:
    encoder = FeatureEncoder().fit(pd.DataFrame({"late": [1.0], "years": [2.0]}))
    with pytest.raises(TableError, match="column 'years' is absent; did you mean 'year'"):
        encoder.transform(pd.DataFrame({"late": [1.0], "year": [2.0], "more": [3.0]}))


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e300])
def test_what_float32_cannot_hold_is_refused(value: float) -> None:
    people = pd.DataFrame({"income": [1.0, value]})
    with pytest.raises(TableError, match="column 'income': has infinite values"):
        FeatureEncoder().fit(people).transform(people)


def test_dates_are_refused() -> None:
    people = pd.DataFrame({"born": [pd.Timestamp("2000-01-01"), object()]})
    with pytest.raises(TableError, match="column 'born': holds object values"):
        FeatureEncoder().fit(people).transform(people)


def test_number_in_fit_cannot_become_a_category() -> None:
    encoder = FeatureEncoder().fit(pd.DataFrame({"job": [1.0, 2.0]}))
    with pytest.raises(TableError, match="was a number in fit"):
        encoder.transform(jobs("none"))


def test_category_in_fit_cannot_become_a_number() -> None:
    encoder = FeatureEncoder().fit(jobs("none", "office"))
    with pytest.raises(TableError, match="was a category in fit; known categories: none, state"):
        encoder.transform(pd.DataFrame({"job": [0, 1]}))


def test_column_without_any_value_is_missing() -> None:
    encoder = FeatureEncoder().fit(jobs("none", "office"))
    assert encoder.transform(pd.DataFrame({"job": [np.nan, np.nan]}))["job"].isna().all()


def test_empty_table_is_refused() -> None:
    with pytest.raises(TableError, match="at least one person"):
        FeatureEncoder().fit(pd.DataFrame({"late": []}))


KINDS = ("float64", "float32", "int64", "int8", "uint16", "bool", "category", "Int64")


@given(
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=6),
    numbers=st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=5),
)
def test_all_columns_at_once_and_one_at_a_time_are_the_same_bits(kinds, numbers) -> None:
    values = np.array(numbers)
    people = pd.DataFrame(
        {
            f"c{at}": pd.Series(values / 3 if kind.startswith("float") else values % 100)
            .astype("int64" if kind in ("category", "Int64") else kind)
            .astype(kind)
            for at, kind in enumerate(kinds)
        }
    )
    encoder = FeatureEncoder().fit(people)
    at_once = encoder.arrays(people)
    with patch.object(encoding, "FEW", -1):
        one_by_one = encoder.arrays(people)
    for some, others in zip(at_once, one_by_one, strict=True):
        assert some.dtype == others.dtype == np.float32
        assert some.tobytes() == others.tobytes()
