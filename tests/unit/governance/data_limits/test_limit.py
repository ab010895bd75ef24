"""Limits on data: off they change nothing; on they hide what they say, and nothing else."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import AgencyError, InputError
from credit_ml.governance import HOLDERS, OFFICES, PURPOSES, DataLimit, share_reaching
from credit_ml.society import COLUMNS, STREAMS, World


@pytest.fixture(scope="module")
def society():
    return World(citizens=1_500, seed=3).simulate()


@pytest.fixture(scope="module")
def national():
    return load_agency("national")


def test_a_limit_that_limits_nothing_returns_what_it_is_given(society, national):
    limit = DataLimit()
    assert limit.society(society) is society
    assert limit.agency(national) is national
    assert DataLimit(holders=tuple(HOLDERS)).agency(national) is national


def test_the_knob_of_merchants_off_or_cleared_leaves_every_byte(society, national):
    own = society.world.from_dict({**society.world.to_dict()})
    assert own.simulate().digest() == society.digest()
    before = DataLimit(cleared=False).society(society)
    assert before.digest() == society.digest()  # the records stay; the view hides
    cleared = DataLimit(cleared=True).society(society)
    seen = national.view(cleared).X
    pd.testing.assert_series_equal(seen["merchants"], national.view(society).X["merchants"])


def test_every_stream_has_one_holder():
    held = [stream for streams in HOLDERS.values() for stream in streams]
    assert sorted(held) == sorted(STREAMS)
    assert set().union(*PURPOSES.values()) <= set(STREAMS)


def test_before_clearing_merchants_of_other_companies_are_missing(society, national):
    seen = national.view(DataLimit(cleared=False).society(society)).X
    own = society.holders["company_1"].to_numpy()
    assert seen["merchants"].isna().to_numpy()[~own].all()
    known = seen["merchants"].notna().to_numpy()
    assert (known == own).all()  # the clearing stream is not joined by identity
    true = society.records["merchants"].to_numpy()[known]
    assert (seen["merchants"].to_numpy()[known] <= true).all()
    assert seen["merchants"].to_numpy()[known].sum() < 0.9 * true.sum()


def test_pooling_before_clearing_shows_more_and_less_than_all(society, national):
    def mean(**limit):
        merchants = national.view(DataLimit(**limit).society(society)).X["merchants"]
        return merchants.fillna(0).mean()

    assert mean(cleared=False) < mean(cleared=False, pooled=True) < mean(cleared=True)


def test_companies_apart_are_the_first_alone(society):
    bureau = load_agency("bureau")
    alone = DataLimit(pooled=False).agency(bureau)
    assert alone.companies == (1,)
    assert DataLimit(pooled=True).agency(bureau) is bureau


@pytest.mark.parametrize("offices", [0, 22, 38])
def test_offices_that_do_not_share_hide_their_part_of_their_own_streams(society, offices):
    limited = DataLimit(offices=offices).society(society)
    held = [name for name, each in COLUMNS.items() if each.stream in HOLDERS["offices"]]
    rest = society.records.columns.difference(held)
    pd.testing.assert_frame_equal(limited.records[rest], society.records[rest])
    there = limited.records["income"].notna().mean()
    error = 4 * np.sqrt(0.25 / len(society))
    assert there == pytest.approx(offices / OFFICES, abs=error)
    both = limited.records["income"].notna() & society.records["income"].notna()
    assert (limited.records["income"][both] == society.records["income"][both]).all()


def test_more_offices_share_what_fewer_do(society):
    few = DataLimit(offices=10).society(society).records["judgments"].notna()
    many = DataLimit(offices=30).society(society).records["judgments"].notna()
    assert (many | ~few).all()


def test_the_share_that_reaches_falls_with_every_limit(society, national):
    def reaching(**limit):
        return share_reaching(DataLimit(**limit), national, society)

    whole = reaching(cleared=True)
    assert whole > reaching() > reaching(offices=38) > reaching(offices=22) > reaching(offices=0)
    assert reaching() > reaching(cleared=False)
    assert 0 < reaching(holders=("lenders",)) < reaching(holders=("lenders", "offices"))


def test_an_agency_with_some_streams_reads_those_alone():
    council = load_agency("council").with_streams(["bills", "courts"])
    assert {COLUMNS[name].stream for name in council.columns} == {"bills", "courts"}
    assert [rule.column for rule in council.rules] == ["late_payments", "judgments"]
    with pytest.raises(AgencyError, match="streams"):
        load_agency("council").with_streams(["chat"])
    with pytest.raises(AgencyError, match="empty"):
        DataLimit(holders=("contacts",)).agency(load_agency("government"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"holders": ("lender",)}, "holders.*lenders"),
        ({"purpose": "credits"}, "purpose.*credit"),
        ({"offices": 45}, "offices: are 45; give a whole number from 0 to 44"),
        ({"offices": True}, "offices"),
    ],
)
def test_bad_limits_are_one_line(given, said):
    with pytest.raises(InputError, match=said) as refused:
        DataLimit(**given)
    assert "\n" not in str(refused.value)
