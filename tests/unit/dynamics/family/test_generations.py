"""Generations: capacity passes on as its law says, and what closed schools take adds up."""

from dataclasses import replace

import numpy as np
import pytest

from credit_ml.core import InputError, StudyResults
from credit_ml.dynamics import (
    Life,
    Policy,
    PolicyError,
    family_effects,
    load_policy,
    next_generation,
    run_rounds,
)
from credit_ml.dynamics.family.facts import generations_tables
from credit_ml.reports.templating import said
from credit_ml.society import World

LIFE = Life(order_chance=0.2, deterrence=0.0)
GENERATIONS, YEARS = 4, 3
BECAUSE = "assumed, because a test asks for it"
#: Every critic is listed each year, whatever they kept, and schools are closed to their children.
CRITICS = Policy.from_dict(
    {
        "id": "critics",
        "title": "Critics",
        "rows": ["S9", "S17"],
        "description": "All critics.",
        "lists": [
            {
                "id": "security",
                "by": "will",
                "office": "security",
                "critics": 1.0,
                "grades": [{"id": "all", "share": 1.0, "years": 1.0, "source": BECAUSE}],
                "source": BECAUSE,
            }
        ],
        "sanctions": [
            {
                "id": "schools",
                "office": "security",
                "moves": "child_capacity",
                "size": 0.1,
                "worth": 0.1,
                "source": BECAUSE,
            }
        ],
    }
)


@pytest.fixture(scope="module")
def society():
    return World(citizens=6_000, seed=3).simulate()


def lineage(society, policy, life=LIFE):
    found = [run_rounds(society, policy, years=YEARS, life=life)]
    for _ in range(GENERATIONS):
        found.append(next_generation(found[-1]))
    return found


def test_the_gap_of_those_kept_out_follows_its_recursion_to_its_limit(society):
    pair = [lineage(society, policy) for policy in (CRITICS, "no_list")]
    parents = society.records["children"].to_numpy() > 0
    out = parents & (society.people["critic"] == "yes").to_numpy()
    # Listed at the end of the first year, and kept out in each of the others.
    loss, rest = 0.1 * (YEARS - 1), LIFE.inheritance
    for number, (one, two) in enumerate(zip(*pair, strict=True)):
        gap = one.capacity - two.capacity
        expected = -loss * (1 - rest**number) / (1 - rest)
        np.testing.assert_allclose(gap[out], expected, atol=2e-6)
        assert not gap[~out].any()
    assert expected == pytest.approx(-loss / (1 - rest), rel=rest**GENERATIONS)


def test_pairs_differ_by_the_loss_alone_whatever_the_policy(society):
    one, two = (lineage(society, name) for name in ("joined_family", "no_list"))
    for number in range(GENERATIONS):
        gap = one[number].capacity - two[number].capacity
        lost = one[number].state.child_loss
        after = one[number + 1].capacity - two[number + 1].capacity
        np.testing.assert_allclose(after, LIFE.inheritance * gap - lost, atol=1e-6)
        assert lost.any()


def test_the_elasticity_of_income_is_within_what_was_found_in_china():
    slopes = []
    for seed in range(5):
        society = World(citizens=6_000, seed=seed).simulate()
        parents = run_rounds(society, "no_list", years=1)
        incomes = [np.log(each.after().records["income"]) for each in (parents,)]
        incomes.append(np.log(next_generation(parents).after().records["income"]))
        capacity = parents.capacity, parents.child_capacity
        slopes.append(np.polyfit(*capacity, 1)[0])
        assert np.corrcoef(*incomes)[0, 1] > 0.3
    # 0.390 to 0.442 (Fan, Yi and Zhang 2021); the noise of five societies beside it.
    assert 0.39 < np.mean(slopes) < 0.442


def test_where_no_school_is_closed_children_live_as_without_a_list(society):
    given = load_policy("joined").model_dump(exclude_none=True)
    worth = [each | {"moves": "worth", "size": 0} for each in given["sanctions"]]
    felt = Policy.from_dict(given | {"sanctions": worth})
    pair = [lineage(society, policy)[-1] for policy in (felt, "no_list")]
    assert pair[0].after().digest() == pair[1].after().digest()
    np.testing.assert_array_equal(pair[0].capacity, pair[1].capacity)


def test_children_begin_with_an_empty_file_and_a_chance_of_their_own(society):
    parents = run_rounds(society, "joined", years=1, life=Life(order_chance=0.0))
    heirs = next_generation(parents)
    assert heirs.rules.seed != parents.rules.seed
    assert not heirs.after().records["judgments"].any()
    assert (heirs.state.kept[0] != parents.state.kept[0]).any()
    again = next_generation(parents, workers=3)
    assert again.digest() == heirs.digest()


def test_the_family_is_feared_for_where_people_care(society):
    for policy, fears in (("joined_family", True), ("joined", False)):
        calm, caring = (
            run_rounds(society, policy, years=2, life=replace(LIFE, deterrence=1.0, care=care))
            for care in (0.0, 5.0)
        )
        differ = calm.state.totals["broken"] != caring.state.totals["broken"]
        assert differ.any() == fears
        assert not differ[~calm.state.fixed.family].any() or fears
    first = [
        run_rounds(society, "joined_family", years=1, life=replace(LIFE, deterrence=1.0, care=care))
        for care in (0.0, 5.0)
    ]
    kept = [each.state.kept[0] for each in first]
    assert (kept[1] >= kept[0]).all()
    assert (kept[1] == kept[0])[~first[0].state.fixed.family].all()


def test_a_finding_counts_children_and_says_what_it_changes(society):
    found = family_effects(
        society,
        ["joined", "joined_family"],
        generations=2,
        years=YEARS,
        life=LIFE,
        agency="council",
        societies=0,
        sensitive="hukou",
    )
    at = found.table.query("sensitive == 'overall'").set_index(
        ["policy", "quantity", "generation", "measure"]
    )["estimate"]
    history = run_rounds(society, "joined", years=YEARS, life=LIFE)
    children = society.records["children"].to_numpy()
    lost = (children * history.state.child_loss).sum() / children.sum()
    assert at["joined", "value", "1", "child_capacity_lost"] == pytest.approx(lost)
    assert at["joined", "change", "1", "child_capacity"] == pytest.approx(-lost, abs=1e-7)
    assert at["joined", "value", "1", "long_run_loss"] == pytest.approx(lost / (1 - 0.42))
    family = at["joined_family"], at["joined"]
    assert family[0]["change", "2", "child_capacity"] < family[1]["change", "2", "child_capacity"]
    tables = list(generations_tables(found))
    assert [len(each.bodies) for each in tables] == [2, 2, 2, 2]
    assert found.plot(measure="capacity_persistence").get_xlabel()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"generations": 0}, "generations: are 0; give a whole number from 1"),
        ({"generations": True}, "generations"),
        ({"years": 0}, "years"),
        ({"societies": 3}, "at least 8"),
        ({"agency": "nationl"}, "national"),
        ({"against": "no_lst"}, "no_list"),
    ],
)
def test_what_cannot_be_is_one_line(told, said):
    small = World(citizens=300, seed=1).simulate()
    whole = {"generations": 1, "years": 1, "agency": "council", "societies": 0}
    with pytest.raises((InputError, PolicyError), match=said) as refused:
        family_effects(small, "joined", **(whole | told))
    assert "\n" not in str(refused.value)


def test_of_which_generation_slopes_are_is_a_sentence(society):
    asked = {"generations": 2, "years": YEARS, "life": LIFE, "agency": "council", "societies": 0}
    found = family_effects(society, "joined", sensitive="hukou", **asked)
    study = StudyResults(id="one", title="One", findings=(found,))
    told = said(study, found.kind, "paragraphs")
    assert "This is the first generation; in generation 2 the slope of capacity " in told
    assert " and that of points " in told.partition("in generation 2")[2]
