"""A group beside its reference group, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset
from credit_ml.inference import People, comparisons_of

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
