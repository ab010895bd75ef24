"""The widest gap of refusals: of any two groups, and widest only where intervals part it."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.core import Dataset
from credit_ml.core.results import RaterResults, StudyResults
from credit_ml.fairness.audit.compute import audit
from credit_ml.fairness.audit.facts import matrix
from credit_ml.fairness.audit.pictures import pictures
from credit_ml.fairness.audit.refused import harmed, left_out
from credit_ml.fairness.audit.widest import by_assumed_rules, widest, widest_of
from credit_ml.grammar.rows import rows
from credit_ml.reports.templating import said

#: The young are refused most, the old least, and those between are most and so the reference.
AGES = {"under 30": (0.13, 880), "45 to 60": (0.07, 5400), "30 to 45": (0.10, 3900)}
AGES |= {"60 and over": (0.03, 4800)}


def table_of(groups, raters=("trees",), seed=0, **others):
    """A study of people who are refused with these shares: by group, its share and its people."""
    random = np.random.default_rng(seed)
    names = np.repeat(list(groups), [people for _, people in groups.values()])
    shares = np.repeat([share for share, _ in groups.values()], [n for _, n in groups.values()])
    people = pd.DataFrame({"age": names, "x": 0.0} | {k: v(names) for k, v in others.items()})
    data = Dataset.from_frame(people, target=None, sensitive=["age", *others], factors={"x": ["x"]})
    made = [
        RaterResults(
            id=name,
            name=name,
            scorer_kind="opaque",
            findings=(audit(random.random(len(people)) >= shares, data, rater=name),),
        )
        for name in raters
    ]
    about = {"name": "made", "kind": "table", "people": len(people), "features": 1}
    return StudyResults(id="made", title="Made", data=about, raters=tuple(made))


def pairs_of(results):
    """Yield the ratio of refusals of every ordered pair of groups of a feature, at every rater."""
    for rater in results.raters:
        (finding,) = rater.findings
        told = rows(finding, quantity="value", measure="refusal_rate")
        for sensitive, own in told.groupby("sensitive"):
            rates = own.set_index("group")["estimate"]
            for one, other in itertools.permutations(rates.index, 2):
                if " x " not in sensitive and rates[other] > 0:
                    yield (rater.id, sensitive, one, other), rates[one] / rates[other]


def test_the_widest_gap_need_not_hold_the_reference_group():
    results = table_of(AGES, raters=("trees", "card"))
    found = widest(results)
    assert (found.pair.group, found.pair.reference) == ("under 30", "60 and over")
    assert found.times.estimate == pytest.approx(max(ratio for _, ratio in pairs_of(results)))
    assert found.times.low < found.times.estimate < found.times.high
    text = said(results, "audit", "abstract")
    assert f"refused with the {found.rater.name} {found.times.figure()} times as often" in text


def test_one_of_two_alike_raters_is_among_the_widest_and_a_clear_one_is_widest():
    alike = table_of(AGES, raters=("trees", "card"))
    assert widest_of(alike) == "among the widest of all raters"
    assert "Among the widest of all raters: people aged under 30" in said(
        alike, "audit", "abstract"
    )
    few = {"under 30": (0.5, 3000), "45 to 60": (0.2, 4000), "60 and over": (0.02, 3000)}
    assert widest_of(table_of(few)) == "widest of all groups"


def test_a_picture_sets_no_two_groups_of_one_rater_beside_others_of_another_that_divides_alike():
    """The young against the old at one rater look worse than against the rest at another."""
    alike = table_of(AGES, raters=("trees", "card"))
    (first, _) = pictures(alike)
    names = [row[0] for _, lines in first.table.bodies for row in lines]
    assert len(names) == len(set(names)) == 3
    assert all("with the trees" in name for name in names)


def test_where_nobody_is_divided_nothing_is_widest():
    same = dict.fromkeys(("a", "b", "c"), (0.1, 60))
    quiet = next(seed for seed in range(50) if widest(table_of(same, seed=seed)) is None)
    assert widest_of(table_of(same, seed=quiet)) == ""
    assert "idest" not in said(table_of(same, seed=quiet), "audit")


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(0.02, 0.9), st.integers(40, 400)), min_size=2, max_size=5),
    st.integers(0, 1000),
)
def test_no_pair_of_groups_is_divided_more_than_the_widest(groups, seed):
    names = [f"g{number}" for number in range(len(groups))]
    results = table_of(dict(zip(names, groups, strict=True)), raters=("one", "two"), seed=seed)
    found, ratios = widest(results), dict(pairs_of(results))
    if found is None:
        return
    named = (found.rater.id, found.pair.sensitive, found.pair.group, found.pair.reference)
    assert found.times.estimate == pytest.approx(ratios[named])
    own = [ratio for key, ratio in ratios.items() if key[0] == found.rater.id]
    assert ratios[named] == pytest.approx(max(own))
    if not widest_of(results).startswith("among"):
        assert ratios[named] == max(ratios.values())
        assert found.times.low >= max(
            (each for key, each in ratios.items() if key[0] != named[0]), default=0.0
        )


def test_every_group_of_the_followed_feature_is_shown_or_said_to_be_left_out():
    results = table_of(AGES, raters=("trees", "card"))
    heads = " ".join(matrix(results).head)
    for group in AGES:
        assert f"aged {group}" in heads
    assert left_out(results, "people") == ""
    _, losses = pictures(results)
    drawn = {row[0] for row in losses.table.bodies[0][1]}
    assert drawn == {group[0].upper() + group[1:] for group in AGES}


@settings(max_examples=25)
@given(st.integers(3, 12), st.lists(st.integers(2, 12), max_size=2))
def test_groups_that_are_left_out_are_named_or_counted(number, small):
    groups = {f"g{place}": (0.1 + 0.05 * place, 60) for place in range(number)}
    groups |= {f"s{place}": (0.5, people) for place, people in enumerate(small)}
    results = table_of(groups, raters=("trees", "card"))
    shown = {each for pair in harmed(results) for each in (pair.group, pair.reference)}
    absent = set(groups) - shown
    text = left_out(results, "people")
    assert bool(text) == bool(absent)
    if 0 < len(absent) <= 3:
        assert all(f"aged {group}" in text for group in absent)
    elif absent:
        assert "groups (age)" in text


def test_of_other_features_it_is_said_that_one_group_stands_for_all():
    def towns(names):
        return np.resize(["north", "south", "west"], len(names))

    results = table_of(AGES, raters=("trees", "card"), town=towns)
    text = left_out(results, "people")
    assert text == "Of every other feature only the group that some rater divides most stands here."
    assert text in said(results, "audit", "matrix")


def test_what_is_widest_of_single_features_is_said_to_be_where_crossings_are_wider():
    """Rural citizens were "widest of all features", and the rarest crossing was refused more."""

    def towns(names):
        return np.where(np.arange(len(names)) % 2, "north", "south")

    results = table_of(AGES, raters=("trees", "card"), town=towns)
    assert any(" x " in name for name in results.raters[0].findings[0].table["sensitive"])
    assert widest_of(results) == "among the widest of all raters and single features"


def critics(scorer="rules", points=-5.0, posts=3.0):
    """Critics are refused more often by rules that take points for what they post."""
    names = np.repeat(["yes", "no"], [500, 5000])
    people = pd.DataFrame({"critic": names, "x": 0.0})
    data = Dataset.from_frame(people, target=None, sensitive="critic", factors={"x": ["x"]})
    passed = np.random.default_rng(0).random(len(names)) >= np.where(names == "yes", 0.4, 0.1)
    rules = [{"column": "critical_posts", "points_per_unit": points}]
    rater = RaterResults(
        id="council", name="council (rules)", scorer_kind=scorer,
        agency={"id": "council", "rules": rules},
        findings=(audit(passed, data, rater="council"),),
    )  # fmt: skip
    about = {"name": "made", "kind": "simulated", "people": len(people), "features": 1}
    world = {"behaviour": {"posts": 0.1, "critic_posts": posts}}
    return StudyResults(id="made", title="Made", data=about, world=world, raters=(rater,))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ({}, True),
        ({"scorer": "scorecard"}, False),
        ({"points": 5.0}, False),
        ({"posts": 0.0}, False),
    ],
)
def test_what_written_rules_take_for_being_of_a_group_is_marked_as_assumed(made, expected):
    """The council's rules take points for critical posts: that it refuses critics is no finding."""
    results = critics(**made)
    found = widest(results)
    assert (found.pair.group, found.pair.reference) == ("yes", "no")
    assert by_assumed_rules(results, found) is expected
    assert (", by assumed rules†." in said(results, "audit", "abstract")) is expected
