"""Packed cities give back every bit of what was packed, whatever it was."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from credit_ml.society import World
from credit_ml.society.society import TABLES
from credit_ml.society.storage.archive import society_table
from credit_ml.society.storage.packing import FRIENDS, packed, unpacked
from credit_ml.society.ties.halves import both_ways, upper_friends, upper_steps

PEOPLE = 40
FLOATS = [
    *("truth_habits", "truth_burden", "tax_paid", "spending", "truth_payments", "truth_trust"),
    *("truth_capacity", "truth_shock", "income", "age", "district_late", "truth_level"),
]


@pytest.fixture(scope="module")
def society():
    return World(citizens=PEOPLE, seed=4).simulate()


@pytest.fixture(scope="module")
def frame(society):
    return society_table({name: getattr(society, name) for name in TABLES}).to_pandas()


def the_same_bits(one, two):
    pd.testing.assert_frame_equal(one, two)
    for name in (each for each in one if one[each].dtype == np.float32):
        bits = [each[name].to_numpy().view(np.int32) for each in (one, two)]
        np.testing.assert_array_equal(*bits, err_msg=name)


def without_friends(frame):
    return frame[[name for name in frame if name not in FRIENDS]]


def test_a_city_comes_back(frame):
    table = packed(frame, 0)
    the_same_bits(unpacked(table), without_friends(frame))
    assert "partner_late" not in table.column_names


values = st.floats(width=32, allow_nan=False) | st.just(np.nan)


@settings(max_examples=40, deadline=None)
@given(
    drawn=st.dictionaries(st.sampled_from(FLOATS), arrays(np.float32, PEOPLE, elements=values)),
    partner=arrays(np.int32, PEOPLE, elements=st.integers(-1, 2 * PEOPLE)),
    district=arrays(np.int32, PEOPLE, elements=st.integers(0, 3)),
    used=arrays(np.bool_, PEOPLE),
    start=st.sampled_from([0, 16]),
)
def test_any_values_come_back(frame, drawn, partner, district, used, start):
    other = frame.assign(
        **drawn, partner_row=partner, district=district, held_company_1=used, partner=7
    )
    other["partner"] = other["partner"].astype(np.int32)
    the_same_bits(unpacked(packed(other, start)), without_friends(other))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 12).flatmap(
        lambda n: arrays(np.bool_, (n, n)).map(lambda known: np.triu(known, 1))
    ),
    st.integers(0, 12),
)
def test_ties_come_back_from_their_halves(known, cut):
    """Of two cities, each with its own half."""
    whole = known | known.T
    rows = [np.flatnonzero(row).astype(np.int32) for row in whole]
    cut = min(cut, len(rows))
    first, friends = [0], [np.zeros(0, dtype=np.int32)]
    for start, some in ((0, rows[:cut]), (cut, rows[cut:])):
        indptr = np.concatenate([[0], np.cumsum([len(row) for row in some], dtype=np.int64)])
        indices = np.concatenate([np.zeros(0, dtype=np.int32), *some])
        half = upper_steps(indptr.astype(np.int64), indices, start)
        friends.append(upper_friends(*half, start))
        first = [*first, *(half[0][1:] + first[-1]).tolist()]
    indptr, indices = both_ways(np.array(first, dtype=np.int64), np.concatenate(friends))
    found = [indices[indptr[i] : indptr[i + 1]].tolist() for i in range(len(rows))]
    assert found == [row.tolist() for row in rows]
