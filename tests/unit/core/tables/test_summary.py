"""Sums of parts are those of the whole, whatever the cut, and survive a round trip."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core.tables.summary import Summary, merged, rows_of

CLUSTERS = 6
people = st.lists(st.tuples(st.integers(0, CLUSTERS - 1), st.integers(0, 9)), min_size=1)


def summary(chosen):
    """Counts and values of some people, by cluster."""
    codes, values = np.array(chosen).T
    by = np.stack([np.bincount(codes, each, CLUSTERS) for each in (None, values)], axis=1)
    return Summary(
        sums={"people": np.array(len(codes))}, rows={"by": rows_of(by)}, lists={"values": values}
    )


@given(st.lists(people, min_size=1, max_size=5))
def test_parts_add_up_to_everybody(parts):
    found = merged(map(summary, parts))
    whole = summary([person for part in parts for person in part])
    assert found.sums["people"] == whole.sums["people"]
    assert (found.row_sums("by", CLUSTERS) == whole.row_sums("by", CLUSTERS)).all()
    assert (found.lists["values"] == whole.lists["values"]).all()


@given(people, people)
def test_no_part_is_changed_by_being_added(one, two):
    first, second = summary(one), summary(two)
    before = {name: each.copy() for name, each in first.arrays().items()}
    merged([first, second, second])
    assert all((before[name] == each).all() for name, each in first.arrays().items())


@given(people)
def test_arrays_hold_all_of_it(chosen):
    first = summary(chosen)
    again = Summary.of_arrays(first.arrays("a.") | summary([(0, 1)]).arrays("b."), "a.")
    assert again.arrays().keys() == first.arrays().keys()
    assert all((again.arrays()[name] == each).all() for name, each in first.arrays().items())
