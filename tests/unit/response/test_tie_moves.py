"""Ties that people cut, seek and report on: what must stay a graph, and whom it touches."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from credit_ml.agencies import load_agency
from credit_ml.core import MenuError
from credit_ml.disclosure import contagion
from credit_ml.disclosure.contagion.compute import assortativity
from credit_ml.response import default_menu, load_menu
from credit_ml.response.after_response import OF_FRIENDS, after_all_act
from credit_ml.response.tie_moves import TieMove, move_ties
from credit_ml.society.ties.friend_records import friends_records, friends_table

CUT = TieMove(kind="cut", number=2, by="late_payments")
ADD = TieMove(kind="add", number=2, by="spending", worst="least")
REPORT = TieMove(kind="report", number=1, by="judgments")


@pytest.fixture(scope="module")
def agency():
    return load_agency("sesame")


@pytest.fixture(scope="module")
def seen(agency):
    return default_menu().visible(list(agency.columns))


def some(society, share, seed=0):
    return np.random.default_rng(seed).random(len(society)) < share


def is_simple(ties):
    """Symmetric, without loops and double ties."""
    return abs(ties - ties.T).nnz == 0 and ties.diagonal().sum() == 0 and ties.data.max() == 1


@settings(max_examples=15, deadline=None)
@given(share=st.floats(0, 1), seed=st.integers(0, 99))
def test_ties_stay_a_simple_graph(society, share, seed):
    who = some(society, share, seed)
    moved = move_ties(society, {CUT: who, ADD: who, REPORT: ~who}, seed=seed)
    assert is_simple(moved.ties)
    assert moved.cut[who].max(initial=0) <= 2
    assert moved.added[~who].sum() == 0
    assert moved.reported.sum() == moved.cut[~who].sum()


def test_when_nobody_moves_ties_are_as_they_were(society):
    nobody = np.zeros(len(society), dtype=bool)
    moved = move_ties(society, {CUT: nobody, ADD: nobody}, seed=0)
    assert (moved.ties != society.ties).nnz == 0


def test_one_who_cuts_loses_the_friends_who_look_worst(society):
    one = int(np.argmax(np.diff(society.ties.indptr)))
    who = np.arange(len(society)) == one
    moved = move_ties(society, {CUT: who}, seed=0)
    before = set(society.ties[[one]].indices)
    after = set(moved.ties[[one]].indices)
    late = society.records["late_payments"].to_numpy()
    gone = before - after
    assert len(gone) == 2
    assert min(late[list(gone)]) >= max(late[list(after)])
    assert all(one not in moved.ties[[other]].indices for other in gone)


def test_new_friends_are_friends_of_friends_who_accept(society):
    who = some(society, 0.5)
    moved = move_ties(society, {ADD: who}, seed=1)
    gained = (moved.ties.astype(int) - society.ties.astype(int)).tocoo()
    assert gained.nnz > 0
    assert gained.data.min() == 1
    reach = (society.ties.astype(int) @ society.ties.astype(int)).tocsr()
    assert all(reach[i, j] > 0 for i, j in zip(gained.row, gained.col, strict=True))


def test_draws_are_the_same_for_the_same_seed(society):
    who = some(society, 0.5)
    one, again, other = (move_ties(society, {ADD: who}, seed=seed).ties for seed in (1, 1, 2))
    assert (one != again).nnz == 0
    assert (one != other).nnz > 0


@pytest.mark.parametrize(
    ("move", "hint"),
    [
        (TieMove(kind="cut", number=1, by="late"), "is no record"),
        (TieMove(kind="cut", number=1, by="job"), "holds no numbers"),
    ],
)
def test_friends_are_judged_by_a_record_that_holds_numbers(society, move, hint):
    with pytest.raises(MenuError, match=hint):
        move_ties(society, {move: np.ones(len(society), dtype=bool)}, seed=0)


def test_only_social_actions_move_ties(action):
    from credit_ml.response import Menu

    wrong = action("cut", kind="cosmetic", add=-1).model_copy(update={"ties": CUT})
    with pytest.raises(MenuError, match="make it social"):
        Menu.from_dict({"id": "a", "description": "", "actions": [wrong.model_dump()]})


def test_when_nobody_acts_the_agency_sees_its_view(society, agency, seen):
    met = after_all_act(society, agency, seen, np.zeros(len(society), dtype=np.int64), seed=0)
    pd.testing.assert_frame_equal(met.X, agency.view(society).X)


def test_what_friends_tell_is_brute_force_over_the_new_ties(society, agency, seen):
    """Bystanders' columns too: every mean is over the friends that one then has."""
    masks = np.random.default_rng(5).integers(0, 2 ** len(seen), len(society))
    met = after_all_act(society, agency, seen, masks, seed=0)
    improving = next(n for n, each in enumerate(seen) if each.id == "pay_on_time")
    late = society.records["late_payments"].to_numpy().astype(float)
    paid = (masks >> improving) & 1 == 1
    late = np.where(paid, np.rint(0.5 * late), late)
    for one in range(0, len(society), 25):
        friends = met.moved.ties[[one]].indices
        if len(friends):
            assert met.X["friends_late"].iloc[one] == pytest.approx(late[friends].mean(), rel=1e-5)
    assert (met.X["friends"] == np.diff(met.moved.ties.indptr)).all()


def test_own_columns_are_those_of_ones_own_bundle(society, agency, seen):
    from credit_ml.response.moved_records import moved

    masks = np.random.default_rng(6).integers(0, 2 ** len(seen), len(society))
    met = after_all_act(society, agency, seen, masks, seed=0)
    alone = moved(agency.view(society).X, seen, masks)
    own = [name for name in alone.columns if name not in OF_FRIENDS]
    pd.testing.assert_frame_equal(met.X[own], alone[own])


def test_being_reported_costs_a_star_among_contacts(society, agency):
    menu = load_menu("twelve").visible(list(agency.columns))
    number = next(n for n, each in enumerate(menu) if each.id == "report_friends")
    masks = np.where(some(society, 0.3), 1 << number, 0)
    met = after_all_act(society, agency, menu, masks, seed=0)
    before, after = agency.view(society).X["contact_stars"], met.X["contact_stars"]
    hit = (met.moved.reported > 0) & (masks == 0)
    assert hit.any()
    assert (after[hit] < before[hit]).any()
    assert not (after[hit] > before[hit]).any()
    untouched = (met.moved.reported == 0) & (masks == 0)
    pd.testing.assert_series_equal(after[untouched], before[untouched])
    # To report pays: those who do and are not reported themselves gain among contacts.
    gain = (met.moved.reported == 0) & (masks > 0) & (before < 5)
    assert (after[gain] > before[gain]).all()


@pytest.fixture(scope="module")
def spread(society, agency):
    return contagion(agency.fit(society), society, sensitive=["hukou"])


def test_contagion_is_of_those_who_did_nothing(spread):
    table = spread.table.set_index(["measure", "when", "group"])["estimate"]
    assert 0 < table["bystanders", "", "all"] < 1
    assert 0 < table["touched", "", "all"] <= 1
    assert table["ties_cut", "", "all"] > 0
    urban, rural = table["bystanders", "", "urban"], table["bystanders", "", "rural"]
    assert min(urban, rural) <= table["bystanders", "", "all"] <= max(urban, rural)
    for when in ("before", "after"):
        assert -1 <= table["score_assortativity", when, "all"] <= 1


def test_where_nothing_is_told_nobody_is_touched(society, agency):
    found = contagion(agency.fit(society), society, regime="nothing", sensitive=["hukou"])
    table = found.table.set_index(["measure", "when", "group"])["estimate"]
    assert table["bystanders", "", "all"] == 1
    for measure in ("touched", "points", "lost", "won", "ties_cut", "ties_added"):
        assert table[measure, "", "all"] == 0
    for group in ("urban", "rural"):
        assert table["homophily", "before", group] == table["homophily", "after", group]


def test_a_rater_without_contacts_has_no_contagion(society):
    council = load_agency("council")
    with pytest.raises(MenuError, match="moves ties"):
        contagion(council.fit(society), society)


def test_contagion_draws_and_survives_storage(spread):
    import json

    from credit_ml.disclosure import Contagion

    again = Contagion.from_dict(json.loads(json.dumps(spread.to_dict(), sort_keys=True)))
    assert again.plot().get_xlabel() == spread.plot().get_xlabel()
    assert set(again.metrics()) == set(spread.metrics())


def test_assortativity_is_one_between_equals_and_minus_one_between_opposites():
    square = csr_array(np.array([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]]))
    assert assortativity(square, np.array([0.0, 1.0, 0.0, 1.0])) == pytest.approx(-1)
    assert np.isnan(assortativity(square, np.ones(4)))


def test_friends_records_of_a_society_are_what_is_on_file(society):
    names = ("late_payments", "spending", "gaming_hours", "driver_stars", "judgments")
    told = friends_records(
        society.ties.indptr,
        society.ties.indices,
        friends_table({name: society.records[name].to_numpy() for name in names}),
    )
    for name in OF_FRIENDS:
        np.testing.assert_array_equal(told[name], society.records[name].to_numpy())
