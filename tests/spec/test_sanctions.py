"""Each sanction, the scar and the list at will: off is off to the byte, on moves what it names.

The directions are held over twenty societies; `test_rounds` and `test_shaping` hold the others.
"""

import numpy as np
import pytest

from credit_ml.dynamics import Life, load_policy, run_rounds
from credit_ml.inference.quantiles import student
from credit_ml.society import World

SOCIETIES, YEARS = 20, 6
LIFE = Life(order_chance=0.15, deterrence=0.0)
JOINED = load_policy("joined")
SANCTIONS = {each.id: each.model_copy(update={"office": "courts"}) for each in JOINED.sanctions}
RECORDS = {
    "flights": "trips",
    "fast_trains": "trips",
    "hotels": "trips",
    "internet": "online_hours",
    "deposits": "assets",
    "dating": "dating_likes",
}


@pytest.fixture(scope="module")
def societies():
    return [World(citizens=2_000, seed=seed).simulate() for seed in range(SOCIETIES)]


@pytest.fixture(scope="module")
def unpunished(societies):
    return [lived(society) for society in societies]


def lived(society, *sanctions, life=LIFE):
    policy = JOINED.model_copy(update={"sanctions": sanctions})
    return run_rounds(society, policy, years=YEARS, life=life)


def clearly_above(values):
    values = np.asarray(values, dtype=float)
    half = student(0.99, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean() > half


def same(one, two):
    """Whether two histories end in the same tables, to the byte."""
    one, two = one.after(), two.after()
    return (
        one.records.equals(two.records)
        and one.outcome.equals(two.outcome)
        and (one.ties != two.ties).nnz == 0
    )


@pytest.mark.parametrize("name", [name for name in SANCTIONS if name != "jobs"])
def test_a_sanction_of_no_size_is_none(societies, unpunished, name):
    none = SANCTIONS[name].model_copy(update={"size": 0.0})
    assert same(lived(societies[0], none), unpunished[0])


@pytest.mark.parametrize(("name", "column"), RECORDS.items())
def test_a_sanction_takes_from_the_record_that_it_names_and_from_no_other(
    societies, unpunished, name, column
):
    taken = []
    for society, before in zip(societies, unpunished, strict=True):
        free, barred = before.after().records, lived(society, SANCTIONS[name]).after().records
        assert free.drop(columns=column).equals(barred.drop(columns=column))
        less = (free[column] - barred[column]).dropna()
        assert (less >= 0).all()
        taken.append(float(less.sum()))
    assert clearly_above(taken)


@pytest.mark.parametrize("name", ["loans", "jobs"])
def test_capacity_that_is_lost_makes_more_obligations_broken(societies, unpunished, name):
    more = [
        float(lived(society, SANCTIONS[name]).state.totals["broken"].sum())
        - float(before.state.totals["broken"].sum())
        for society, before in zip(societies, unpunished, strict=True)
    ]
    assert clearly_above(more)


def test_shaming_breaks_ties_off_and_adds_none(societies, unpunished):
    lost = []
    for society, before in zip(societies, unpunished, strict=True):
        free, shamed = before.after().ties, lived(society, SANCTIONS["shaming"]).after().ties
        assert (shamed > free).nnz == 0
        lost.append(free.nnz - shamed.nnz)
    assert clearly_above(lost)


def test_what_is_only_felt_moves_no_record(societies, unpunished):
    assert same(lived(societies[0], SANCTIONS["services"]), unpunished[0])


def test_schools_that_are_closed_take_from_children_alone(societies, unpunished):
    lost = []
    for society, before in zip(societies, unpunished, strict=True):
        found = lived(society, SANCTIONS["schools"])
        assert same(found, before)
        lost.append(float(found.state.child_loss.sum() - before.state.child_loss.sum()))
    assert clearly_above(lost)


def test_a_scar_makes_more_obligations_broken_and_none_without_sanctions(societies, unpunished):
    more = []
    for society, before in zip(societies, unpunished, strict=True):
        deep, none = (Life(order_chance=0.15, deterrence=0.0, scar=scar) for scar in (0.9, 0.0))
        assert same(lived(society, life=deep), before)
        broken = [
            float(lived(society, SANCTIONS["jobs"], life=life).state.totals["broken"].sum())
            for life in (deep, none)
        ]
        more.append(broken[0] - broken[1])
    assert clearly_above(more)


def test_a_list_at_will_takes_critics_alone_and_more_of_them_with_its_chance(societies):
    policy = load_policy("at_will")
    by_will = next(each for each in policy.lists if each.by == "will")
    steps = []
    for society in societies:
        critic = (society.people["critic"] == "yes").to_numpy()
        counts = []
        for chance in (0.0, 0.02, 0.2):
            only = by_will.model_copy(update={"critics": chance})
            policy = policy.model_copy(update={"lists": (only,)})
            listed = run_rounds(society, policy, years=YEARS, life=LIFE).state.totals["listed"]
            assert listed[~critic].sum() == 0
            counts.append(float(listed[critic].sum()))
        assert counts[0] == 0
        steps.append(np.diff(counts))
    for step in np.array(steps).T:
        assert clearly_above(step)


def test_care_for_the_family_deters_parents_alone_and_is_off_at_zero(societies):
    fewer, less = [], []
    for society in societies:
        histories = [
            run_rounds(society, "joined_family", years=YEARS, life=Life(order_chance=0.15, **care))
            for care in ({}, {"care": 0.0}, {"care": 20.0})
        ]
        assert same(*histories[:2])
        broken = [each.state.totals["broken"].astype(float) for each in histories[1:]]
        fewer.append(float((broken[0] - broken[1]).sum()))
        couples = society.people["partner_row"].to_numpy() >= 0
        family = couples & (society.records["children"].to_numpy() > 0)
        less.append(float((broken[0] - broken[1])[family].mean()))
    assert clearly_above(fewer)
    assert clearly_above(less)
