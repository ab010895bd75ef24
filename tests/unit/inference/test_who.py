"""Who is compared with whom, what options mean, and many groups at once."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from credit_ml.core import Dataset, InputError, TableError
from credit_ml.inference import (
    People,
    adjusted,
    checked_level,
    checked_over,
    comparisons_of,
    groups_of,
    shrunken_rates,
)


@pytest.fixture
def dataset():
    frame = pd.DataFrame({
        "x": np.arange(12.0), "sex": list("fm") * 6, "town": list("aaabbbbbbbbb"),
        "place": np.arange(12) % 9,
    })  # fmt: skip
    return Dataset.from_frame(frame, target=None, sensitive=["sex", "town"], cluster="place")


def test_everybody_then_each_group(dataset):
    found = [(name, group, int(who.sum())) for name, group, who in groups_of(dataset)]
    assert found[0] == ("overall", "all", 12)
    assert found[1:3] == [("sex", "f", 6), ("sex", "m", 6)]
    assert found[3:] == [("town", "a", 3), ("town", "b", 9)]


def test_the_reference_is_the_most_numerous_or_the_named(dataset):
    assert [pair.group for pair in comparisons_of(dataset, "town")] == ["a"]
    (pair,) = comparisons_of(dataset, "town", "a")
    assert (pair.group, pair.reference_group) == ("b", "a")
    (pair,) = comparisons_of(dataset, ["town"], {"town": "a"})
    assert pair.inside.sum() == 9


@pytest.mark.parametrize(
    ("sensitive", "references"),
    [("hair", None), (["sex", "sex"], None), ("sex", "x"), ("sex", {"hair": "f"})],
)
def test_unknown_names_are_refused(dataset, sensitive, references):
    with pytest.raises(TableError):
        list(comparisons_of(dataset, sensitive, references))


def test_a_feature_of_one_group_is_refused_where_two_are_needed(dataset):
    few = dataset.take(np.arange(3))
    with pytest.raises(TableError, match="one group only"):
        list(comparisons_of(few, "town", needed=True))


def test_people_of_a_dataset_count_its_clusters(dataset):
    assert People.of(dataset).counted == "clusters"
    assert People.of(dataset, over="people").counted == "people"
    assert "9 clusters" in People.of(dataset).note


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, True, "0.95"])
def test_a_level_is_between_0_and_1(level):
    with pytest.raises(InputError, match="intervals"):
        checked_level(level)


def test_over_is_one_of_four():
    with pytest.raises(InputError, match="over"):
        checked_over("districts", 9)
    with pytest.raises(InputError, match="resample_societies"):
        checked_over("societies", 9)


def test_adjusted_p_values_are_those_of_statsmodels():
    p = np.random.default_rng(0).random(30) ** 3
    holm, hochberg = adjusted(p)
    assert holm == pytest.approx(multipletests(p, method="holm")[1])
    assert hochberg == pytest.approx(multipletests(p, method="fdr_bh")[1])


def test_shrunken_rates_lie_between_own_and_pooled():
    selected, people = np.array([1, 9, 50]), np.array([10, 10, 100])
    rate, low, high = shrunken_rates(selected, people)
    assert np.all((low < rate) & (rate < high))
    assert 0.1 < rate[0] < rate[2] < rate[1] < 0.9
