"""Weights of people: taken from a column or an array, or refused in one line."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, InputError, TableError, refuse_weights, worth

SIZE = 400
ANY = np.random.default_rng(6).gamma(2.0, 10.0, SIZE)


@pytest.fixture(scope="module")
def frame():
    number = np.arange(SIZE)
    places = {"late": number % 5, "place": number % 20, "paid": number % 2}
    return pd.DataFrame({**places, "sex": np.where(number % 3, "f", "m")})


def test_equal_weights_are_none():
    data = Dataset.from_arrays([[0.0], [1.0], [2.0]], weights=[7, 7, 7])
    assert data.relative_weights() is None
    refuse_weights(data, "recourse")


def test_others_are_relative_to_the_mean_of_those_that_count():
    data = Dataset.from_arrays([[0.0], [1.0], [2.0]], weights=[0, 10, 30])
    np.testing.assert_array_equal(data.relative_weights(), [0.0, 0.5, 1.5])


def test_a_refusal_says_how_many_rows_may_be_drawn_instead():
    data = Dataset.from_arrays([[0.0], [1.0], [2.0]], weights=[1, 1, 2])
    assert worth(np.array([1.0, 1.0, 2.0])) == pytest.approx(16 / 6)
    said = "^recourse: takes no weights of people.*draw 3 of them in proportion to the weights"
    with pytest.raises(InputError, match=said):
        refuse_weights(data, "recourse")


BAD = {
    "no column": ("persons", "weights: column 'persons' is absent"),
    "target": ("paid", "weights 'paid': is also the target"),
    "sensitive": ("sex", "weights 'sex': is a sensitive feature"),
    "factor": ("late", "weights 'late': is a factor"),
    "cluster": ("place", "weights 'place': is also the cluster"),
    "text": (["a"] * SIZE, "weights: hold str values"),
    "too few": ([1.0, 2.0], r"weights: have shape \(2,\) for 400 rows"),
    "negative": (np.r_[-1.0, ANY[1:]], "weights: are negative in 1 row"),
    "missing": (np.r_[np.nan, ANY[1:]], "weights: are missing or endless in 1 row"),
    "all zero": (np.zeros(SIZE), "weights: are all 0"),
    "yes and no": (ANY > 3, "weights: hold bool values"),
}


@pytest.mark.parametrize(("given", "said"), BAD.values(), ids=BAD)
def test_bad_weights_are_one_line(frame, given, said):
    with pytest.raises(TableError, match=said) as refused:
        Dataset.from_frame(
            frame,
            target="paid",
            sensitive="sex",
            factors={"late": "late"},
            cluster="place",
            weights=given,
        )
    assert "\n" not in str(refused.value)


def test_a_column_of_weights_is_no_feature(frame):
    table = frame[["late", "sex", "paid"]].assign(persons=ANY)
    data = Dataset.from_frame(table, target="paid", sensitive="sex", weights="persons")
    assert list(data.X) == ["late"]
    np.testing.assert_array_equal(data.weights, ANY)
    assert (
        data.digest()
        != Dataset.from_frame(
            table.drop(columns="persons"), target="paid", sensitive="sex"
        ).digest()
    )
    some = data.take([3, 5])
    np.testing.assert_array_equal(some.weights, ANY[[3, 5]])
    arrays = Dataset.from_arrays(frame[["late"]], y_true=frame["paid"], weights=ANY)
    np.testing.assert_array_equal(arrays.weights, ANY)
