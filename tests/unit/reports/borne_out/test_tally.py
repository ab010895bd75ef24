"""A claim of most worlds is counted world by world, each by its own interval."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import conform
from credit_ml.core.results import StudyResults
from credit_ml.grammar.cited import unmarked
from credit_ml.proxies.decomposition.leaderboard.compute import Leaderboard
from credit_ml.reports import check
from credit_ml.reports.borne_out.tally import HowMany, things_of

OUTCOMES = st.lists(st.sampled_from(["held", "failed", "undecided", "vacuous"]), max_size=14)


@given(OUTCOMES)
def test_most_is_more_than_half_of_those_that_are_known(outcomes):
    found, number = HowMany(outcomes).outcome, len(outcomes)
    assert (found == "held") == (2 * outcomes.count("held") > number)
    assert (found == "failed") == (number > 0 and 2 * outcomes.count("failed") >= number)


@given(OUTCOMES, st.integers(0, 3))
def test_what_decides_nothing_holds_for_nobody(outcomes, unknown):
    """Rows that are open or without a number make no clause hold, however many there are."""
    more = HowMany([*outcomes, *["undecided"] * (len(outcomes) + 1)], unknown=unknown)
    assert more.outcome == "undecided"


def test_what_the_rows_are_is_the_column_of_which_several_are_named():
    assert things_of({"measure": "top", "world": ["a", "b"]}) == "worlds"
    assert things_of({"measure": "top"}) == "rows"


def shares(**worlds):
    """How often the largest part is named rightly, in each world and on the mean of them."""
    rows = [
        {"world": world, "estimate": middle, "low": middle - half, "high": middle + half}
        for world, (middle, half) in worlds.items()
    ]
    made = conform(rows, measure="top", estimator="leave_out")
    return Leaderboard(table=made, title="Errors")


def asked(found, **worlds):
    names = [*worlds, "of_no_part"]
    one = {"claim": "in most worlds less than half", "kind": "leaderboard", "relation": "below"}
    one |= {"value": 0.5, "where": {"measure": "top", "world": names}, "most": True}
    settings = {"checks": [one]}
    (told, *_) = check(
        StudyResults(id="l", title="L", prediction="", findings=(found,), settings=settings)
    )
    return told


@pytest.mark.parametrize(
    ("low", "outcome"), [(("a", "b"), "held"), (("a",), "undecided"), ((), "failed")]
)
def test_a_mean_below_a_half_holds_no_claim_of_most_worlds(low, outcome):
    """Where one of three worlds pulls the mean below a half, most of them are not below it."""
    worlds = {name: (0.1 if name in low else 0.6, 0.05) for name in "abc"}
    worlds["c"] = (0.5, 0.3) if low else (0.6, 0.05)
    told = asked(shares(**worlds, **{"(all)": (0.4, 0.05)}), **worlds)
    assert told.outcome == outcome
    assert f"surely so in {len(low)} of 3 worlds" in told.text()


def test_a_world_without_a_largest_part_is_counted_as_having_no_number():
    worlds = {"a": (0.1, 0.05), "b": (0.2, 0.05)}
    found = shares(**worlds)
    none = conform([{"world": "of_no_part", "measure": "top", "estimator": "leave_out"}])
    found = replace(found, table=pd.concat([found.table, none], ignore_index=True))
    told = asked(found, **worlds)
    assert told.outcome == "held"
    assert unmarked(told.marked()).endswith("2 of 2 worlds; 1 more has no such number.")
