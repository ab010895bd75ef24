"""Groups and intersections of a tally, and why a rate of theirs is not known."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, TableError
from credit_ml.fairness import Tally, audit
from credit_ml.fairness.metrics import RATES
from credit_ml.fairness.tally.grouping import (
    cluster_count,
    groupings_of,
    members_of,
    people_only,
    references_of,
)
from credit_ml.inference import People


@pytest.fixture
def features() -> pd.DataFrame:
    sex = pd.Categorical(list("ffmmmf"))
    age = pd.Categorical(["old", "old", "old", "young", "young", "old"], ["young", "old", "none"])
    return pd.DataFrame({"sex": sex, "age": age, "city": pd.Categorical(list("aabbab"))})


def test_groupings_are_everybody_features_pairs_and_all(features: pd.DataFrame) -> None:
    tally = Tally.of([1, 0, 1, 0, 1, 1], features)
    names = list(groupings_of(tally, intersections=True))
    assert names == [
        "overall",
        "sex",
        "age",
        "city",
        "sex x age",
        "sex x city",
        "age x city",
        "sex x age x city",
    ]
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
    tally = Tally.of(
        [1, 0, 1, 0, 1, 1], features[["sex"]], clusters=list("xxyyzz"), scores=np.arange(6.0)
    )
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


@pytest.mark.parametrize("cluster", [None, "place"])
@pytest.mark.parametrize("weights", [None, "persons"])
def test_rates_and_means_of_a_tally_are_those_of_its_people(cluster, weights) -> None:
    """Every rate of every group, with what its interval is made of: the two ways to count."""
    rng = np.random.default_rng(9)
    size = 500
    frame = pd.DataFrame(
        {
            "s": rng.normal(size=size),
            "sex": rng.choice(["f", "m"], size),
            "town": rng.choice(list("abc"), size),
            "place": rng.integers(0, 25, size),
            "persons": rng.integers(0, 5, size) / 2.0,
            "paid": rng.integers(0, 2, size),
        }
    )
    data = Dataset.from_frame(
        frame, target="paid", sensitive=["sex", "town"], cluster=cluster, weights=weights
    )
    people, chosen = People.of(data), rng.random(size) < 0.4
    kept = frame["paid"].to_numpy() == 1
    tally = Tally.of(
        chosen,
        data.sensitive,
        y=data.y,
        scores=frame["s"],
        clusters=data.clusters(),
        weights=None if weights is None else people.relative,
    )
    rates = {
        "selection_rate": (chosen, chosen | True),
        "base_rate": (kept, chosen | True),
        "true_positive_rate": (chosen & kept, kept),
        "false_positive_rate": (chosen & ~kept, ~kept),
        "precision": (chosen & kept, chosen),
        "accuracy": (chosen == kept, chosen | True),
    }
    rates = {name: each for name, each in rates.items() if name in RATES}
    for grouping in groupings_of(tally, intersections=True).values():
        member = members_of(data.sensitive, grouping)
        found, means = grouping.rates(list(rates)), grouping.mean_scores()
        for place in range(len(grouping.groups)):
            who = (member == place) & (people.each > 0)
            assert grouping.people[place] == who.sum()
            assert grouping.size[place] == pytest.approx(people.each[who].sum())
            own = people.mean(frame["s"], who)
            for of, theirs in (
                *(
                    (found[place, at], people.share(hits, who & of))
                    for at, (hits, of) in enumerate(rates.values())
                ),
                (means[place], own),
            ):
                for fact in ("value", "variance", "freedom", "worth"):
                    assert float(getattr(of, fact)) == pytest.approx(
                        float(getattr(theirs, fact)), nan_ok=True
                    ), (grouping.name, fact)
                assert of.interval() == pytest.approx(theirs.interval(), nan_ok=True)
                assert (of.over, of.clusters) == (theirs.over, theirs.clusters)
                if cluster:
                    assert float(of.cluster_freedom) == pytest.approx(float(theirs.cluster_freedom))
        assert (found.people == grouping.people[:, np.newaxis]).all()
        assert means.people.tolist() == grouping.people.tolist()


def test_one_reference_group_is_that_of_every_single_feature(features: pd.DataFrame) -> None:
    tally = Tally.of([1, 0, 1, 0, 1, 1], features[["sex", "age"]], clusters=list("xxyyzz"))
    assert references_of("f", tally) == {"sex": "f", "age": "f"}
    assert references_of({"sex": "m"}, tally) == {"sex": "m"}
    assert references_of(None, tally) == {}
    empty = Tally.of([1], features[["sex"]][:1], clusters=["x"])
    assert cluster_count(empty) == 1
    assert cluster_count(tally) == 3


def test_of_equal_numbers_the_heavier_group_is_the_reference() -> None:
    features = pd.DataFrame({"sex": pd.Categorical(list("ffmm"))})
    for weights, place in (([1.0, 1, 2, 2], 1), ([2.0, 2, 1, 1], 0), ([1.0, 1, 1, 1], 0)):
        tally = Tally.of([1, 0, 1, 0], features, weights=weights)
        grouping = groupings_of(tally, intersections=False)["sex"]
        assert grouping.reference(None) == place
        assert grouping.size.tolist() == [sum(weights[:2]), sum(weights[2:])]
