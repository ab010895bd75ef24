"""How a society is made, told on a handful of citizens."""

import numpy as np
import pytest

from credit_ml.society.graph import (
    Fabric,
    directed,
    fill_slots,
    friend_records,
    twin_ties,
    undirected,
)
from credit_ml.society.history import History, history_records
from credit_ml.society.population import Dependence, Population, shift
from credit_ml.society.ties import Slots


def people(**features):
    rows = len(next(iter(features.values())))
    blank = {name: np.zeros(rows) for name in ("hukou", "ethnicity", "gender", "critic")}
    return blank | {"age": np.full(rows, 45.0)} | {k: np.array(v) for k, v in features.items()}


def test_a_dependence_shifts_by_its_strength_and_keeps_the_mean():
    """Half the city is rural; a rural citizen is 0.6 SD below an urban one."""
    city = Population(rural=0.5)
    moved = shift(Dependence(hukou=-0.6), city, people(hukou=[0, 1]))
    assert moved.tolist() == pytest.approx([+0.6 * 0.5, -0.6 * 0.5])


def test_age_shifts_by_fifteen_years():
    moved = shift(Dependence(age=0.3), Population(), people(age=[45.0, 60.0, 30.0]))
    assert moved.tolist() == pytest.approx([0.0, 0.3, -0.3])


def test_the_trusty_pay_late_less_often_under_the_same_chance():
    """Three citizens meet the same chance; the more trust, the fewer late bills."""
    same = np.full((2, 3), 0.9)
    records = history_records(
        History(late_rate=2.0, trust=0.5, capacity=0.0, shock=0.0),
        Population(),
        people(hukou=[0, 0, 0]),
        people(hukou=[0, 0, 0]),
        same,
        np.zeros((2, 3)),
        np.array([-1.0, 0.0, 1.0]),
        np.zeros(3),
        np.zeros(3),
    )
    # 90 % of Poisson(2 e^0.5), Poisson(2) and Poisson(2 e^-0.5) citizens have at most:
    assert records["late_payments"].tolist() == [6, 4, 3]


def test_slots_make_friends_in_the_cell_they_name():
    """Citizens 0 and 1 live together, 2 and 3 elsewhere; each picks one neighbour."""
    cells = {"district": np.array([0, 0, 1, 1], dtype=np.int32)}
    slots = Slots(np.arange(4, dtype=np.int32), np.zeros(4, np.int8), np.full(4, 0.99))
    target = fill_slots(cells, slots, cells)
    assert target.tolist() == [1, 1, 3, 3]  # the last member of the cell; 1 and 3 pick themselves
    ties = undirected(slots.owner, target, 4).toarray()
    assert ties.tolist() == [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]


def test_friends_records_are_means_of_what_friends_did():
    ties = undirected(np.array([0, 0]), np.array([1, 2]), 4)
    records = friend_records(
        ties, np.array([0, 3, 1, 9]), np.array([1.0, 2.0, 4.0, 9.0]), np.array([0, 2, 0, 0])
    )
    assert records["friends"].tolist() == [2, 1, 1, 0]
    assert records["friends_late"][:3].tolist() == [(3 + 1) / 2, 0, 0]
    assert records["friends_judgments"][:3].tolist() == [1 / 2, 0, 0]
    assert np.isnan(records["friends_late"][3])  # nobody to judge by


def test_a_twin_that_moves_meets_the_new_neighbours_and_takes_a_seat():
    """Citizen 0 moves in with 2 and 3: it picks there, and is picked as its seat was."""
    cells = {"district": np.array([0, 0, 1, 1], dtype=np.int32)}
    owner = np.array([0, 1, 2, 3], dtype=np.int32)
    slots = Slots(owner, np.zeros(4, np.int8), np.array([0.0, 0.0, 0.99, 0.0]))
    target = fill_slots(cells, slots, cells)
    assert target.tolist() == [0, 0, 3, 2]
    fabric = Fabric(cells=cells, slots=slots, target=target, seat=np.full(4, 0.99))
    moved = {"district": np.array([1, 0, 1, 1], dtype=np.int32)}
    friends = twin_ties(fabric, moved).toarray()
    assert friends[0].tolist() == [0, 0, 1, 0]  # picks 2; seat of 3, whom 2 picked
    assert friends[1].tolist() == [1, 0, 0, 0]  # citizen 1's own friends stay
    assert friends[2].tolist() == [0, 0, 0, 1]


def test_double_slots_make_one_tie_and_nobody_befriends_himself():
    graph = directed(np.array([0, 0, 1]), np.array([1, 1, 1]), 2)
    assert graph.toarray().tolist() == [[0, 1], [0, 0]]
