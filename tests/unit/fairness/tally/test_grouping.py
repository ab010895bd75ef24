"""Groups and intersections of a tally, and why a rate of theirs is not known."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, TableError
from credit_ml.fairness import Tally, audit
from credit_ml.fairness.tally.grouping import cluster_count, groupings_of, members_of, people_only


@pytest.fixture
def features() -> pd.DataFrame:
    sex = pd.Categorical(list("ffmmmf"))
    age = pd.Categorical(["old", "old", "old", "young", "young", "old"], ["young", "old", "none"])
    return pd.DataFrame({"sex": sex, "age": age, "city": pd.Categorical(list("aabbab"))})


def test_groupings_are_everybody_features_pairs_and_all(features: pd.DataFrame) -> None:
    tally = Tally.of([1, 0, 1, 0, 1, 1], features)
    names = list(groupings_of(tally, intersections=True))
    assert names == ["overall", "sex", "age", "city", "sex x age", "sex x city", "age x city",
                     "sex x age x city"]  # fmt: skip
    assert list(groupings_of(tally, intersections=False)) == names[:4]
    two = Tally.of([1, 0, 1, 0, 1, 1], features[["sex", "age"]])
    assert list(groupings_of(two, intersections=True)) == ["overall", "sex", "age", "sex x age"]


def test_groups_without_people_are_left_out_and_intersections_keep_all_that_exist(
    features: pd.DataFrame,
) -> None:
    grouping = groupings_of(Tally.of([1, 0, 1, 0, 1, 1], features), intersections=True)
    assert grouping["age"].groups == ("young", "old")
    assert grouping["sex x age"].groups == ("f x young", "f x old", "m x young", "m x old")
    assert grouping["sex x age"].people.tolist() == [0, 3, 2, 1]
    assert grouping["sex x age"].features == ("sex", "age")
    assert grouping["overall"].features == ()
    for each in grouping.values():
        places = members_of(features, each)
        assert np.bincount(places, minlength=len(each.groups)).tolist() == each.people.tolist()
        assert each.clusters == 0


def test_a_rate_of_nobody_says_of_whom_there_are_none(features: pd.DataFrame) -> None:
    tally = Tally.of([1, 0, 1, 0, 1, 1], features, y=[0, 0, 1, 1, 1, 0])
    grouping = groupings_of(tally, intersections=True)["sex x age"]
    found = grouping.rates(["selection_rate", "true_positive_rate"])
    assert found.reason[0].tolist() == ["nobody is counted"] * 2  # no young woman
    assert found.reason[1, 0] == ""
    assert found.reason[1, 1].startswith("there are none ")  # no old woman kept it
    assert found.people[:, 1].tolist() == [0, 3, 2, 1]
    assert found.value[3].tolist() == [1.0, 1.0]


def test_the_reference_is_the_first_most_numerous_or_the_one_that_is_named(
    features: pd.DataFrame,
) -> None:
    grouping = groupings_of(Tally.of([1, 0, 1, 0, 1, 1], features), intersections=True)
    assert grouping["sex"].reference(None) == 0  # three each
    assert grouping["sex"].reference("m") == 1
    assert grouping["age"].reference(None) == 1
    with pytest.raises(TableError, match=r"reference_groups, 'sex x age'"):
        grouping["sex x age"].reference("f x young")


def test_clusters_stay_apart_until_people_are_asked_for(features: pd.DataFrame) -> None:
    tally = Tally.of([1, 0, 1, 0, 1, 1], features[["sex"]], clusters=list("xxyyzz"),
                     scores=np.arange(6.0))  # fmt: skip
    assert cluster_count(tally) == 3
    plain = people_only(tally)
    assert cluster_count(plain) == 0
    assert plain.counts.tolist() == Tally.of([1, 0, 1, 0, 1, 1], features[["sex"]]).counts.tolist()
    grouping = groupings_of(tally, intersections=True)["sex"]
    assert grouping.clusters == 3
    assert grouping.by_cluster.sum(axis=(0, 2, 3)).tolist() == [3, 3]
    means = grouping.mean_scores()
    assert means.value.tolist() == pytest.approx([2.0, 3.0])
    assert means.clusters == 3


def test_counts_of_people_are_facts_that_no_cluster_moves() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": 1, "sex": rng.choice(["f", "m"], 600), "place": np.arange(600) % 20})
    data = Dataset.from_frame(frame, target=None, sensitive=["sex"], cluster="place")
    table = audit(rng.random(600) < 0.4, data).table
    counts = table[table["measure"] == "count"]
    assert (counts["clusters"] == 0).all()
    assert counts[["low", "high"]].isna().all(axis=None)
    assert (table[table["measure"] == "selection_rate"]["clusters"] == 20).all()
    assert counts["estimate"].tolist() == counts["people"].tolist()
