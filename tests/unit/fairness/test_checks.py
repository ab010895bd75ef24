"""What instruments of fairness take, and how an old call is answered."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import Dataset, TableError
from credit_ml.fairness import audit
from credit_ml.fairness.checks import (
    aligned,
    binary,
    finite,
    named_features,
    old_options,
    probabilities,
    tracked_name,
)

INDEX = pd.RangeIndex(3)


def measure(
    values: list[int], *, over: str = "auto", reference_groups: str = ""
) -> tuple[str, str]:
    """Answer with what was asked."""
    assert values
    return over, reference_groups


def test_old_options_are_taken_under_their_new_names() -> None:
    call = old_options(reference_group="reference_groups")(measure)
    assert call.__name__ == "measure"
    assert call.__doc__ == measure.__doc__
    assert call([1], over="people", reference_groups="f") == ("people", "f")
    with pytest.warns(FutureWarning, match=r"measure\(intervals_over=\) is called over="):
        assert call([1], intervals_over="clusters") == ("clusters", "")
    with pytest.warns(FutureWarning, match=r"measure\(reference_group=\)"):
        assert call([1], reference_group="m") == ("auto", "m")


@pytest.mark.parametrize("name", ["replicates", "seed"])
def test_what_does_nothing_now_is_said_where_it_was_written(name: str) -> None:
    call = old_options()(measure)
    with pytest.warns(FutureWarning, match=rf"measure\({name}=\) does nothing") as warned:
        assert call([1], **{name: 0}) == ("auto", "")
    assert warned[0].filename == __file__
    assert str(warned[0].message).endswith("intervals have no chance in them")
    assert call([1], **{name: None}) == ("auto", "")  # and no warning, which would be an error


def test_values_are_one_a_person_in_the_order_of_the_table() -> None:
    assert aligned([1, 2, 3], "scores", INDEX).tolist() == [1, 2, 3]
    with pytest.raises(TableError, match=r"^scores: has shape \(2,\).*each of 3 people"):
        aligned([1, 2], "scores", INDEX)
    with pytest.raises(TableError, match=r"^scores: has shape \(3, 1\)"):
        aligned([[1], [2], [3]], "scores", INDEX)
    with pytest.raises(TableError, match="other row labels"):
        aligned(pd.Series([1, 2, 3], index=[2, 1, 0]), "scores", INDEX)
    assert aligned(pd.Series([1, 2, 3]), "scores", INDEX).tolist() == [1, 2, 3]


def test_decisions_are_yes_or_no() -> None:
    for good in ([True, False, True], [1, 0, 1], [1.0, 0.0, 1.0]):
        made = binary(good, "decisions", INDEX)
        assert made.dtype == np.uint8
        assert made.tolist() == [1, 0, 1]
    with pytest.raises(TableError, match=r"^decisions: is missing in 2 rows; leave "):
        binary([1.0, np.nan, np.nan], "decisions", INDEX)
    with pytest.raises(TableError, match=r"^decisions: holds 2; give True"):
        binary([0, 2, 3], "decisions", INDEX)


def test_scores_are_numbers() -> None:
    for good in ([1, 2, 3], np.array([1, 2, 3], dtype="uint8"), [1.0, 2.0, 3.0]):
        made = finite(good, "scores", INDEX)
        assert made.dtype == np.float64
        assert made.tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(TableError, match=r"^scores: holds <U1 values; give numbers"):
        finite(["a", "b", "c"], "scores", INDEX)
    with pytest.raises(TableError, match=r"^scores: is not finite in 2 rows"):
        finite([1.0, np.nan, np.inf], "scores", INDEX)


@given(st.lists(st.floats(-1, 2), min_size=3, max_size=3))
def test_probabilities_lie_from_0_to_1(values: list[float]) -> None:
    frame = pd.DataFrame({"x": range(3), "sex": list("ffm")})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    if min(values) >= 0 and max(values) <= 1:
        assert probabilities(values, dataset).tolist() == values
    else:
        wrong = min(values) if min(values) < 0 else max(values)
        with pytest.raises(TableError) as caught:
            probabilities(values, dataset)
        said = f"probability: holds {wrong:g}; give numbers from 0 to 1"
        assert str(caught.value).startswith(said)


def test_features_are_named_once_and_there_is_one() -> None:
    frame = pd.DataFrame({"x": range(3), "sex": list("ffm"), "age": list("yoo")})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["sex", "age"])
    assert named_features(None, dataset) == ["sex", "age"]
    assert named_features("age", dataset) == ["age"]
    none = Dataset.from_frame(frame[["x"]], target=None, sensitive=[])
    with pytest.raises(TableError, match=r"has no sensitive feature; name one in sensitive="):
        named_features(None, none)


def test_tracked_names_hold_what_trackers_take() -> None:
    assert tracked_name("audit.rate-2/a b.<30") == "audit.rate-2/a_b._30"


def test_a_metric_that_lacks_its_data_says_what_to_give() -> None:
    frame = pd.DataFrame({"x": range(4), "sex": list("ffmm")})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    with pytest.raises(TableError, match=r"'mean_score' needs scores; give them$"):
        audit([1, 0, 1, 0], dataset, metrics=["mean_score"])
    with pytest.raises(TableError, match=r"'accuracy' needs an outcome; give the dataset a target"):
        audit([1, 0, 1, 0], dataset, metrics=["accuracy"])
