"""How a society is made, told on a handful of citizens."""

import numpy as np
import pytest
from scipy.special import ndtr

from credit_ml.core import WorldError
from credit_ml.society.mechanisms.history import History, history_records, lateness
from credit_ml.society.mechanisms.household import Household, children, pair
from credit_ml.society.mechanisms.outcome import Outcome, granted_before, keeping_log_odds
from credit_ml.society.mechanisms.place import Address, draw_city
from credit_ml.society.mechanisms.platforms import OUTSIDE, SHARES, Platforms, payment_records
from credit_ml.society.mechanisms.population import Citizens, Dependence, Population, draw_people
from credit_ml.society.ties.graph import (
    adjacency,
    fill_closure,
    friend_means,
    members,
    pick,
    taken_seats,
)


def people(city=None, **features):
    rows = len(next(iter(features.values())))
    blank = {name: np.zeros(rows) for name in ("hukou", "ethnicity", "gender", "critic")}
    given = {k: np.array(v) for k, v in features.items()}
    return Citizens(city or Population(), blank | {"age": np.full(rows, 45.0)} | given)


def test_a_dependence_shifts_by_its_strength_and_keeps_the_mean():
    """Half the city is rural; a rural citizen is 0.6 SD below an urban one."""
    city = Population(rural=0.5)
    moved = people(city, hukou=[0, 1]).shift(Dependence(hukou=-0.6))
    assert moved.tolist() == pytest.approx([+0.6 * 0.5, -0.6 * 0.5])


def test_age_shifts_by_fifteen_years():
    moved = people(age=[45.0, 60.0, 30.0]).shift(Dependence(age=0.3))
    assert moved.tolist() == pytest.approx([0.0, 0.3, -0.3])


def test_the_trusty_pay_late_less_often_under_the_same_chance():
    """Three citizens meet the same chance; the more trust, the fewer late bills."""
    same = np.full((3, 3), 0.9)
    spec = History(late_rate=2.0, trust=0.5, capacity=0.0, shock=0.0, depth=0.0)
    trust = np.array([-1.0, 0.0, 1.0])
    three = people(hukou=[0, 0, 0])
    burden = lateness(spec, three, trust, np.zeros(3), np.zeros(3))
    assert burden.tolist() == [0.5 * 1, 0.0, -0.5 * 1]
    records = history_records(spec, three, same, np.zeros((3, 3)), burden)
    # 90 % of Poisson(2 e^0.5), Poisson(2) and Poisson(2 e^-0.5) citizens have at most:
    assert records["late_payments"].tolist() == [6, 4, 3]


def levels(citizens, people_per_district):
    spec = Address(
        people_per_district=people_per_district, least_districts=8, even_levels=True, unevenness=0.0
    )
    return draw_city(spec, seed=1, citizens=citizens, number=0).level


@pytest.mark.parametrize("citizens", [300, 1000, 4000, 50_000])
def test_levels_have_the_same_mean_and_variance_in_every_size(citizens):
    """Quantiles of few ranks would vary less: 0.45 of two districts, 0.99 of a hundred."""
    found = levels(citizens, 500)
    assert len(found) == max(8, round(citizens / 500))
    assert found.mean() == pytest.approx(0.0, abs=1e-12)
    assert found.var() == pytest.approx(1.0)


def test_who_broke_an_obligation_pays_late_after_it():
    burden = lateness(
        History(after_break=0.7), people(hukou=[0, 0]), *np.zeros((3, 2)), np.array([0, 1])
    )
    assert burden.tolist() == pytest.approx([0.0, 0.7])


def test_thin_files_are_those_of_who_pays_late_and_of_who_does_not_join():
    """Two citizens of like chance; then the same one with and without the key."""
    chance, noise = np.full((3, 2), 0.5), np.zeros((3, 2))
    spec = History(depth=0.5, reported=0.5, reporting=Dependence())
    two = people(hukou=[0, 0])
    found = history_records(spec, two, chance, noise, np.array([-1.0, 1.0]))
    assert found["bills_reported"].tolist() == [60, 36]  # 96 L(0.5) and 96 L(-0.5)
    half = history_records(spec, two, chance, noise, np.zeros(2), np.array([1.0, 0.5]))
    assert half["bills_reported"].tolist() == [48, 24]


def test_features_owe_to_hukou_what_a_world_says_and_keep_their_shares():
    spec = Population(rural=0.5, women=0.5, women_by_hukou=-0.2, young_by_hukou=0.1)
    assert spec.with_hukou(1)["women"] == pytest.approx(0.4)
    assert spec.with_hukou(0)["women"] == pytest.approx(0.6)
    drawn = draw_people(spec, np.zeros((1, 2)), np.array([[0.1, 0.9]] + [[0.5] * 2] * 5))
    assert drawn["gender"].tolist() == [0, 1]  # the rural citizen's share of women is below 0.5
    with pytest.raises(WorldError, match="share of women"):
        Population(women_by_hukou=0.9)


def test_a_common_cause_moves_trust_with_the_chance_of_hukou():
    spec = Population(rural=0.5, common_cause=0.6)
    drawn = draw_people(spec, np.ones((1, 2)), np.array([[ndtr(-1), ndtr(1)]] + [[0.5] * 2] * 5))
    assert drawn["hukou"].tolist() == [1, 0]
    assert drawn["trust_noise"].tolist() == pytest.approx([0.8 - 0.6, 0.8 + 0.6])


def test_a_rater_learns_of_those_to_whom_somebody_granted():
    spec = Outcome(labelled=0.5, screening=1.0)
    granted = granted_before(spec, people(hukou=[0, 0]), np.array([-1.0, 1.0]), np.full(2, 0.5))
    assert granted.tolist() == [False, True]


def ints(*values):
    return np.array(values, dtype=np.int32)


def picks(cells, chance, edges, where):
    """Whom each of the citizens picks with one slot each."""
    placed = members(np.array(cells, dtype=np.int32))
    size = placed.cells.shape[1]
    target, context = np.empty(size, np.int32), np.empty(size, np.int8)
    slots, edges, where, chance = map(np.array, (np.ones(size, np.int32), edges, where, chance))
    pick(placed, placed.cells, slots, edges, where, chance, target, context)
    return target.tolist(), context.tolist()


def dense(number, target, partner, far=(), far_friend=(), offset=0, size=None):
    indptr, indices = adjacency(
        ints(*number), ints(*target), ints(*partner), ints(*far), ints(*far_friend), offset
    )
    table = np.zeros((len(number), size or len(number)), int)
    for row in range(len(number)):
        table[row, indices[indptr[row] : indptr[row + 1]]] += 1
    return table.tolist()


def test_slots_make_friends_in_the_cell_they_name():
    """Citizens 0 and 1 live together, 2 and 3 elsewhere; each picks the last of its neighbours."""
    cells = [[0, 0, 1, 1], [0, 0, 0, 0]]  # districts, and the city
    target, context = picks(cells, [0.99] * 4, edges=[0.5, 1.0], where=[0.1] * 4)
    assert target == [1, 1, 3, 3]  # 1 and 3 pick themselves, which makes no tie
    assert context == [0, 0, 0, 0]
    ties = dense([1] * 4, target, [-1] * 4)
    assert ties == [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]


def test_a_context_that_offers_nobody_sends_the_slot_to_the_city():
    """Citizen 0 has no work; its slot for work picks anybody, here the last of all."""
    target, context = picks([[-1, 0], [0, 0]], [0.99, 0.0], edges=[0.5, 1.0], where=[0.1, 0.7])
    assert target == [1, 0]
    assert context == [1, 1]


def test_a_slot_of_closure_picks_a_friend_of_a_friend():
    """0 and 1 are friends, and so are 1 and 2; 0 looks beyond 1 and finds 2."""
    near = adjacency(ints(1, 1, 0), ints(1, 2), ints(-1, -1, -1), ints(), ints())
    # 0's only friend is 1 (0.75 * 1 -> friend 0, rest 0.75); of 1's two friends it takes number
    # 0.75 * 2 -> 1, which is 2.
    target = ints(-2)
    fill_closure(ints(1, 0, 0), target, np.array([0.75]), *near)
    assert target.tolist() == [2]


def test_households_and_other_cities_make_ties_too():
    """0 and 1 are partners; 1 has a friend elsewhere, who is number 7 of all. Here starts at 4."""
    ties = dense([0, 0], [], [1, 0], far=[1], far_friend=[7], offset=4, size=8)
    assert ties == [[0, 0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0, 0, 1]]


def test_double_slots_make_one_tie_and_nobody_befriends_himself():
    assert dense([2, 1], [1, 1, 1], [1, 0]) == [[0, 1], [1, 0]]


def test_friends_records_are_means_of_what_friends_did():
    """Friends 1 and 2 of citizen 0; what nobody knows of 2 is left out; 3 has no friends."""
    ties = np.array([0, 2, 3, 4, 4]), ints(1, 2, 0, 0)
    table = np.array([[0, 5], [3, 2], [1, np.nan], [9, 9]], dtype=np.float32)
    means = friend_means(*ties, table)
    assert means[0].tolist() == [(3 + 1) / 2, 2 / 1]
    assert means[1].tolist() == [0, 5]
    assert np.isnan(means[3]).all()


def test_a_twin_that_moves_takes_the_seat_of_somebody_there():
    """Citizen 0 of the first cell stands in the second, where 2 and 3 are; chance takes 3."""
    placed = members(np.array([[0, 0, 1, 1]], dtype=np.int32))
    chosen = np.array([[1, 0, 1, 1]], dtype=np.int32)
    seats = taken_seats(placed, chosen, np.full(4, 0.99), np.arange(4))
    assert seats.tolist() == [[3, 1, 2, 3]]  # everybody else keeps its own


def looking(strict, hukou, woman):
    """Everybody looks, in one district and age band."""
    hukou, woman, strict = np.array(hukou), np.array(woman, bool), np.array(strict, bool)
    cell = (np.where(strict, hukou, 2) * 2 + woman).astype(np.int32)
    place = np.zeros(len(cell), np.int32)
    return {"market": cell, "market_place": place, "strict": strict, "woman": woman}


def test_partners_are_paired_in_the_order_of_their_queue():
    """Men 0 and 1, women 2 and 3: the first man meets the first woman."""
    where = looking([0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 1])
    # The left over of the first round stand first, so high chance is the head of this queue.
    assert pair(Household(), where, np.array([0.9, 0.1, 0.2, 0.8])).tolist() == [3, 2, 1, 0]


def test_who_wants_the_own_hukou_gets_it_while_there_is_somebody():
    """Man 0 is urban and strict, woman 1 too; man 2 is open and finds rural woman 3."""
    where = looking([1, 1, 0, 0], [0, 0, 0, 1], [0, 1, 0, 1])
    assert pair(Household(), where, np.array([0.5, 0.5, 0.9, 0.9])).tolist() == [1, 0, 3, 2]


def test_without_gender_anybody_may_live_with_anybody():
    where = looking([0, 0, 0], [0, 0, 0], [0, 0, 0])
    pairs = pair(Household(by_gender=False), where, np.array([0.1, 0.9, 0.5]))
    assert pairs.tolist() == [-1, 2, 1]  # one is left over


def test_children_follow_age_and_partner():
    spec = Household(children_middle=2.0, children_old=0.0, children_single=0.0)
    band = np.array([1, 3, 1])
    partnered = np.array([True, True, False])
    born = children(spec, band, partnered, np.zeros(3), np.full(3, 0.6))
    # P(Poisson(2) <= 1) = 0.41, P(<= 2) = 0.68
    assert born.tolist() == [2, 0, 0]


def test_the_app_sees_its_users_the_bureau_everybodys_companies_the_house_all():
    """One citizen uses company 1 and 2, one company 2 alone, one none of them."""
    users = np.zeros((8, 3), bool)
    users[0, 0] = users[1, :2] = True
    spent = np.array([10.0, 10.0, 10.0])
    zero = np.zeros(3)

    def seen(spec):
        return payment_records(spec, users, zero, zero, spent, zero)["spending"].tolist()

    both = SHARES[0] + SHARES[1] + OUTSIDE
    app = seen(Platforms())
    assert app[0] == pytest.approx(10 * SHARES[0] / both)
    assert np.isnan(app[1:]).all()
    pooled = seen(Platforms(pooled=True))
    assert pooled[0] == pytest.approx(10 * (SHARES[0] + SHARES[1]) / both)
    assert pooled[1] == pytest.approx(10 * SHARES[1] / (SHARES[1] + OUTSIDE))
    assert np.isnan(pooled[2])
    assert seen(Platforms(cleared=True)) == [10.0, 10.0, 10.0]


def test_a_penalty_deters_by_its_strength_at_mean_trust():
    zero = np.zeros(1)
    nobody = people(hukou=[0])
    plain = keeping_log_odds(Outcome(base=1.0), nobody, zero, zero, zero)
    deterred = keeping_log_odds(Outcome(base=1.0, penalty=0.8), nobody, zero, zero, zero)
    assert plain.tolist() == [1.0]
    assert deterred.tolist() == pytest.approx([1.0 + 0.8 * 2 * 0.5])
