"""A group beside its reference group, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, TableError
from credit_ml.inference import (
    Comparison,
    People,
    comparisons_of,
    features_of,
    groups_of,
    kept_references,
)

VALUES = np.array([1.0, 3.0, 10.0, 20.0, 60.0, 100.0])
GROUPS = ["a", "a", "b", "b", "b", "c"]


@pytest.fixture
def dataset() -> Dataset:
    frame = pd.DataFrame({"x": VALUES, "kind": GROUPS})
    return Dataset.from_frame(frame, target=None, sensitive=["kind"])


def test_a_difference_is_the_group_less_its_reference(dataset: Dataset) -> None:
    people = People(6)
    means = {
        pair.group: float(pair.difference(people.mean, VALUES)) for pair in comparisons_of(dataset)
    }
    assert means == {"a": 2.0 - 30.0, "c": 100.0 - 30.0}


def test_who_is_in_and_who_is_compared_with(dataset: Dataset) -> None:
    first, second = comparisons_of(dataset, reference_groups={"kind": "a"})
    assert first.inside.tolist() == [False, False, True, True, True, False]
    assert first.outside.tolist() == [True, True, False, False, False, False]
    assert second.labels == {"sensitive": "kind", "group": "c", "reference_group": "a"}


def test_people_of_no_weight_are_in_no_group_and_the_heaviest_is_the_reference() -> None:
    frame = pd.DataFrame({"x": VALUES, "kind": GROUPS, "w": [5.0, 0.0, 1.0, 1.0, 1.0, 0.0]})
    data = Dataset.from_frame(frame, target=None, sensitive=["kind"], weights="w")
    found = [(name, group, who.tolist()) for name, group, who in groups_of(data)]
    assert found == [
        ("overall", "all", [True, False, True, True, True, False]),
        ("kind", "a", [True, False, False, False, False, False]),
        ("kind", "b", [False, False, True, True, True, False]),
    ]
    (pair,) = comparisons_of(data)
    assert pair.labels == {"sensitive": "kind", "group": "b", "reference_group": "a"}
    assert pair.outside.tolist() == [True] + [False] * 5
    assert pair.inside.tolist() == [False, False, True, True, True, False]
    with pytest.raises(TableError, match=r"reference_groups, 'kind': 'c' has nobody"):
        list(comparisons_of(data, reference_groups="c"))
    one = data.take(np.array([0, 1]))
    assert list(comparisons_of(one)) == []
    with pytest.raises(TableError, match=r"has people in one group only \(a\)"):
        list(comparisons_of(one, needed=True))


def test_groups_may_have_any_name_and_one_reference_is_that_of_all_features() -> None:
    frame = pd.DataFrame({"x": range(4), "age": [1, 1, 2, 2], "size": [2, 1, 2, 1]})
    data = Dataset.from_frame(frame, target=None, sensitive=["age", "size"])
    pairs = [pair.labels for pair in comparisons_of(data, reference_groups=2)]
    assert pairs == [
        {"sensitive": name, "group": "1", "reference_group": "2"} for name in ("age", "size")
    ]
    assert features_of(data, None) == ["age", "size"]
    assert features_of(data, "size") == ["size"]
    assert features_of(data, ("size", "age")) == ["size", "age"]
    with pytest.raises(TableError, match="names 'age' twice"):
        features_of(data, ["age", "size", "age"])
    # Of equally many the first is the reference.
    assert [pair.reference_group for pair in comparisons_of(data)] == ["1", "1"]


def test_a_pair_of_names_alone_holds_nobody() -> None:
    pair = Comparison("sex", "f", "m")
    assert (pair.inside.shape, pair.outside.shape) == ((0,), (0,))
    assert pair.inside.dtype == bool
    assert pair == Comparison("sex", "f", "m", np.ones(3, dtype=bool), np.zeros(3, dtype=bool))


def test_some_of_a_table_are_held_against_the_reference_of_the_whole(dataset: Dataset) -> None:
    some = dataset.take(np.array([0, 1, 2, 5]))
    assert {pair.reference_group for pair in comparisons_of(some)} == {"a"}
    kept = kept_references(dataset, some)
    assert kept == {"kind": "b"}
    assert {pair.reference_group for pair in comparisons_of(some, None, kept)} == {"b"}
    assert kept_references(dataset, some, "kind", "c") == {"kind": "c"}
    # A group that nobody named, and nobody of the part is of, is no reference there.
    none_of_it = dataset.take(np.array([0, 1, 5]))
    assert kept_references(dataset, none_of_it) == {}
    with pytest.raises(TableError, match="'b' has nobody"):
        list(comparisons_of(none_of_it, None, kept_references(dataset, none_of_it, "kind", "b")))
