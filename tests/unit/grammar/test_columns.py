"""Rows of a table are found by value as comparing whole columns finds them."""

import gc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import Finding
from credit_ml.grammar import columns as kept
from credit_ml.grammar.cited import ROW
from credit_ml.grammar.columns import columns_of
from credit_ml.grammar.rows import fact, facts, records, rows, values

SEX, AGE = st.sampled_from(["f", "m", ""]), st.sampled_from([1, 2, 3])
NUMBER = st.sampled_from([0.5, 1.0, np.nan])
PEOPLE = st.lists(st.tuples(SEX, AGE, NUMBER), max_size=12)
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "sex": st.one_of(SEX, st.tuples(SEX, SEX), st.just("other")),
        "age": st.one_of(AGE, st.just("1"), st.just(1.0)),
        "number": NUMBER,
    },
)


@given(PEOPLE, ASKED)
def test_rows_are_those_that_hold_the_values(people, asked):
    table = pd.DataFrame(people, columns=["sex", "age", "number"])
    expected = [
        place
        for place, row in enumerate(table.to_dict("records"))
        if all(
            any(row[name] == each for each in (value if isinstance(value, tuple) else (value,)))
            for name, value in asked.items()
        )
    ]
    assert columns_of(table).places(asked).tolist() == expected
    found = rows(Finding(table=table, title=""), **asked)
    pd.testing.assert_frame_equal(found, table.iloc[expected])


def test_a_column_that_is_absent_has_no_rows():
    finding = Finding(table=pd.DataFrame({"sex": ["f"], "estimate": [1.0]}), title="")
    assert rows(finding, group="f").empty
    assert fact(finding, group="f") is None
    assert values(finding, "group") == []
    assert fact(finding, sex="f").estimate == 1.0


def test_values_stand_in_the_order_of_the_table_and_records_know_their_row():
    table = pd.DataFrame({"sex": ["m", "f", "m"], "estimate": [1.0, 2.0, 3.0], "people": [1, 2, 3]})
    finding = Finding(table=table.assign(**{ROW: [7, 8, 9]}), title="")
    assert values(finding, "sex") == ["m", "f"]
    assert values(finding, "people", sex="m") == ["1", "3"]
    assert [each["estimate"].row for each in records(finding.table)] == [7, 8, 9]
    assert [type(each["people"] + 0) for each in records(table)] == [int] * 3
    assert facts(finding.told_as(table=finding.table.assign(low=0.0, high=9.0)), "people")[
        ("2",)
    ].estimate == pytest.approx(2.0)


def test_what_is_kept_of_a_table_goes_with_it():
    gc.collect()
    table = pd.DataFrame({"sex": ["f"]})
    key = id(table)
    assert columns_of(table) is columns_of(table)
    assert key in kept._KNOWN
    del table
    gc.collect()
    assert key not in kept._KNOWN
