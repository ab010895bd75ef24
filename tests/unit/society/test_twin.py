"""A twin is the same person under the same chance, with one thing changed."""

import numpy as np
import pytest

from credit_ml.core import WorldError
from credit_ml.society import COLUMNS, MECHANISMS, load_world
from credit_ml.society.society import FEW_TWINS

FRIENDS = {name for name in COLUMNS if name.startswith("friends")}
#: What depends on whom one lives with.
FAMILY = ("partner", "children", "diapers")


@pytest.fixture(scope="module")
def society():
    return load_world("segregated", citizens=4000, seed=11).simulate()


@pytest.mark.parametrize("others", ["held", "everyone"])
def test_setting_what_one_already_is_changes_nothing(society, others):
    twin = society.twin(hukou="urban", others=others)
    same = (society.people["hukou"] == "urban").to_numpy()
    if others == "everyone":  # friends changed too: only what needs no other citizen is equal
        names = [c for c in COLUMNS if not c.startswith(("friends", "district_late", *FAMILY))]
    else:
        names = list(COLUMNS)
    for name in names:
        assert twin.records.loc[same, name].equals(society.records.loc[same, name]), name
    assert twin.outcome[same].equals(society.outcome[same])


def test_nothing_changes_in_a_world_without_dependence():
    society = load_world("no_proxy", citizens=3000, seed=4).simulate()
    for change in ({"hukou": "rural"}, {"age_band": "60+"}, {"gender": "woman", "critic": "yes"}):
        twin = society.twin(**change)
        assert twin.records.equals(society.records), change
        assert twin.outcome.equals(society.outcome)


def test_seeing_with_no_mechanism_changes_only_the_label(society):
    twin = society.twin(hukou="urban", mechanisms=[])
    assert twin.records.equals(society.records)
    assert twin.people["hukou"].eq("urban").all()


@pytest.mark.parametrize(
    ("mechanism", "columns"),
    [
        ("ratings", {"driver_stars", "seller_stars"}),
        ("phone", {"phone_years", "phone_quality", "address_years"}),
        ("reporting", {"bills_reported", "history_months"}),
        ("identity", set()),
        ("household", {"partner", "partner_late", "children", "diapers", *FRIENDS}),
        ("ties", FRIENDS),
    ],
)
def test_one_mechanism_reaches_only_its_own_columns(mechanism, columns):
    society = load_world("baseline", citizens=3000, seed=4).simulate()
    twin = society.twin(hukou="urban", mechanisms=[mechanism])
    assert {c for c in COLUMNS if not twin.records[c].equals(society.records[c])} == columns


def test_twins_of_all_mechanisms_together_are_the_full_twin(society):
    assert (
        society.twin(hukou="urban").digest()
        == society.twin(hukou="urban", mechanisms=MECHANISMS).digest()
    )


def test_outcome_moves_only_through_circumstances(society):
    twin = society.twin(hukou="urban")
    np.testing.assert_array_equal(twin.truth["trust"], society.truth["trust"])
    rural = (society.people["hukou"] == "rural").to_numpy()
    risen = twin.truth["probability"][rural] > society.truth["probability"][rural]
    assert risen.mean() > 0.8


def test_unknown_changes_are_refused(society):
    with pytest.raises(WorldError, match="'hukuo' is unknown; did you mean 'hukou'"):
        society.twin(hukuo="urban")
    with pytest.raises(WorldError, match="'Urban' is unknown"):
        society.twin(hukou="Urban")
    with pytest.raises(WorldError, match="mechanisms"):
        society.twin(hukou="urban", mechanisms=["tie"])
    with pytest.raises(WorldError, match="others"):
        society.twin(hukou="urban", others="all")


def test_who_writes_into_a_twin_does_not_write_into_the_next_ones():
    society = load_world("segregated", citizens=300, seed=2).simulate()
    first, digest = society.twin(hukou="urban"), society.twin(hukou="urban").digest()
    first.records["income"] = 0.0
    first.people["gender"] = "woman"
    assert society.twin(hukou="urban").digest() == digest
    assert society.twin(hukou="rural").digest() != digest


def test_twins_that_are_kept_are_few_and_the_same_as_those_that_are_made_again():
    society = load_world("segregated", citizens=300, seed=2).simulate()
    first = society.twin(hukou="urban").digest()
    for number in range(len(MECHANISMS)):
        society.twin(hukou="urban", mechanisms=MECHANISMS[:number])
    assert len(society._twins) == FEW_TWINS < len(MECHANISMS)
    assert society.twin(hukou="urban").digest() == first


@pytest.mark.parametrize("others", ["held", "everyone"])
def test_twins_of_some_are_theirs_alone(society, others):
    rows = np.array([3, 10, 3999])
    some = society.twin(hukou="urban", others=others, people=rows)
    whole = society.twin(hukou="urban", others=others)
    assert some.records.equals(whole.records.iloc[rows].reset_index(drop=True))
    assert some.ties.shape == (3, 4000)
    for wrong in (rows[::-1], rows + 1, np.array([], dtype=int)):
        with pytest.raises(WorldError, match="rising places from 0 to 3,999"):
            society.twin(hukou="urban", people=wrong)
