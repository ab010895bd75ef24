"""Numbers of many groups in one pass: those of `People`, group by group."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.inference import Estimate, GroupedPeople, People, difference

PARTS = ("value", "variance", "people", "freedom", "worth", "cluster_variance", "cluster_freedom")


def people_of(random: np.random.Generator, size: int, kind: str) -> People:
    """People alone or in clusters, of whom some may count more and some not at all."""
    weights = None
    if "weights" in kind:
        weights = random.choice([0.0, 0.5, 1.0, 3.0], size)
        weights[0] = 1.0
    clusters = random.integers(0, 12, size) if "clusters" in kind else None
    return People(size, clusters=clusters, over="auto", weights=weights)


def groups_of_some(random: np.random.Generator, people: People) -> list[np.ndarray]:
    """Everybody, two partitions and a group that overlaps, none of them empty."""
    codes = random.integers(0, 3, (2, people.size))
    masks = [np.ones(people.size, dtype=bool), random.random(people.size) < 0.3]
    masks += [part == code for part in codes for code in range(3)]
    return [mask for mask in masks if (mask & (people.each > 0)).any()]


def assert_alike(found: Estimate, single: Estimate) -> None:
    """Every number, and both ends of every interval."""
    for name in PARTS:
        mine, theirs = getattr(found, name), getattr(single, name)
        assert (mine is None) == (theirs is None), name
        if mine is not None:
            np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-14, err_msg=name)
    assert found.reason.tolist() == single.reason.tolist()
    assert (found.family, found.bounds, found.clusters, found.over) == (
        single.family,
        single.bounds,
        single.clusters,
        single.over,
    )
    for over in {"people", single.over}:
        for mine, theirs in zip(found.interval(over=over), single.interval(over=over), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-11, atol=1e-12)


@settings(max_examples=30)
@given(
    st.integers(0, 999),
    st.integers(8, 60),
    st.sampled_from(["people", "weights", "clusters", "clusters, weights"]),
)
def test_each_group_has_the_numbers_that_its_people_have_alone(seed, size, kind):
    random = np.random.default_rng(seed)
    people = people_of(random, size, kind)
    masks = groups_of_some(random, people)
    scores, chance = random.integers(0, 6, size) * 1.0, random.random(size)
    kept = random.integers(0, 2, size)
    several = np.stack([scores, chance, np.full(size, 0.3)], axis=1)
    above = np.stack([kept, chance * kept], axis=1)
    below = np.stack([np.ones(size), kept * 1.0], axis=1)
    asked = {
        "mean": (scores,),
        "share": (np.stack([kept, scores > 3], axis=1),),
        "rate": (above, below),
        "auc": (scores, random.choice([0.0, 1.0], size)),
    }
    grouped = GroupedPeople(people, masks)
    for method, values in (
        *asked.items(),
        ("mean", (several,)),
        ("auc", (scores, chance)),
        ("share", (chance,)),
        ("rate", (kept * (scores > 2), kept)),
    ):
        found = getattr(grouped, method)(*values)
        for group, mask in enumerate(masks):
            assert_alike(found[group], getattr(people, method)(*values, mask))


def test_values_that_are_missing_hide_the_numbers_of_their_groups_alone():
    values, first = np.array([1.0, np.nan, 3.0, 5.0]), np.array([True, True, False, False])
    grouped = GroupedPeople(People(4), [first, ~first])
    for found in (grouped.mean(values), grouped.auc(values, [1, 0, 1, 0])):
        assert np.isnan(found.value).tolist() == [True, False]
        assert found.reason.tolist() == ["a value is missing", ""]


def test_groups_are_compared_as_their_people_are():
    random = np.random.default_rng(0)
    people = People(300, clusters=np.arange(300) % 30, over="clusters")
    hit, woman = random.random(300) < 0.4, random.random(300) < 0.5
    grouped = GroupedPeople(people, [woman, ~woman]).share(hit)
    gap = difference(grouped[0], grouped[1], disjoint=True)
    alone = people.share(hit, woman) - people.share(hit, ~woman)
    assert gap.interval() == pytest.approx(alone.interval())


def test_money_of_the_rich_alone_is_concentrated_among_them_in_each_group():
    incomes = np.array([1.0, 2.0, 3.0, 1.0, 2.0, 3.0])
    money = np.array([0.0, 0.0, 1.0, 1.0, 1.0, 1.0])
    first = np.arange(6) < 3
    found = GroupedPeople(People(6), [first, ~first]).concentration(money, incomes)
    assert found.value == pytest.approx([2 / 3, 0.0])
