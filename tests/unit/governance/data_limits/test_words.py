"""What the page says of limits on data: of which noise, of whom, and beside what."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.core import conform
from credit_ml.core.results import StudyResults
from credit_ml.governance.data_limits.facts import (
    beside_pool,
    most_for_certain,
    pool_tells_less,
    which_change,
)
from credit_ml.governance.data_limits.finding import Inferable, PrivateRelease
from credit_ml.governance.data_limits.inferable import ALL
from credit_ml.grammar.cited import unmarked
from credit_ml.grammar.numbers import Amount
from credit_ml.reports.templating import said


def noise(*widths, epsilons=("1", "0.1")):
    """Intervals of groups that are so much wider, with ends, at every epsilon alike."""
    rows = [
        {"measure": measure, "epsilon": eps, "sensitive": "age_band", "group": f"g{place}"}
        | {"reference_group": "r", "estimate": middle, "low": low, "high": high}
        for eps in epsilons
        for measure in ("width", "width_randomised")
        for place, (middle, low, high) in enumerate(widths)
    ]
    for eps in epsilons:
        for measure, value in (("auc_lost", 0.2), ("attack", 0.73)):
            rows.append({"measure": measure, "epsilon": eps, "estimate": value})
    return PrivateRelease(table=conform(rows), title="Noise", parameters={"intervals": 0.95})


def told(*findings):
    data = {"kind": "simulated", "name": "baseline"}
    results = StudyResults(id="d", title="D", data=data, findings=findings)
    return lambda block: unmarked(said(results, "data_limits", block))


def test_what_noise_costs_names_its_epsilon_wherever_it_is_said():
    page = told(noise((1.1, 1.0, 1.36), (1.02, 1.0, 1.03)))
    assert "(privacy loss 1) widens the interval of g0 by 10\u202f% (0 to 36)" in page("answer")
    assert "At an epsilon of 1 answers by lot" in page("abstract")
    assert "not certainly at all" in page("answer")


def test_a_group_is_hit_most_only_where_its_interval_is_clear():
    unsure = noise((1.5, 1.1, 1.9), (1.4, 1.2, 1.6))
    assert not most_for_certain(unsure, "1", "width")
    assert "by estimate the most" in told(unsure)("answer")
    sure = noise((1.5, 1.45, 1.55), (1.1, 1.0, 1.2))
    assert most_for_certain(sure, "1", "width")
    assert ", the most" in told(sure)("answer")
    assert "by estimate" not in told(sure)("answer")


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(1, 3), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=5)
)
def test_most_is_said_of_no_group_whose_interval_meets_another(widths):
    ends = [(middle, max(1.0, middle - down), middle + up) for middle, down, up in widths]
    first, *others = sorted(ends, reverse=True)
    if most_for_certain(noise(*ends), "1", "width"):
        assert all(first[1] > high or first[0] == middle for middle, _, high in others)


def holders(alone, together):
    """How well contacts tell critics, and all data together."""
    rows = [
        {"holder": name, "estimate": middle, "low": low, "high": high}
        for name, (middle, low, high) in (("contacts", alone), (ALL, together))
    ]
    made = conform(rows, measure="auc", sensitive="critic")
    return Inferable(table=made, title="Told", parameters={"intervals": 0.95})


def test_a_holder_that_tells_more_than_all_data_is_explained():
    page = told(holders((0.92, 0.85, 0.99), (0.88, 0.80, 0.95)))("paragraphs")
    assert "from all data together in 88\u202f% (80 to 95), not told apart from it" in page
    assert "All data together** need not tell more than one holder's do" in page
    page = told(holders((0.92, 0.91, 0.93), (0.80, 0.79, 0.81)))("paragraphs")
    assert ", which is less" in page
    page = told(holders((0.80, 0.79, 0.81), (0.92, 0.91, 0.93)))("paragraphs")
    assert "need not tell more" not in page
    assert pool_tells_less(holders((0.9, 0.8, 1.0), (0.8, 0.7, 0.9)))


@pytest.mark.parametrize(
    ("pool", "text"),
    [
        (Amount(0.8, 0.7, 0.9), ", not told apart from it"),
        (Amount(0.5, 0.4, 0.6), ", which is less"),
        (Amount(0.99, 0.98, 1.0), ""),
    ],
)
def test_a_pool_is_held_against_one_holder_by_their_intervals(pool, text):
    assert beside_pool(Amount(0.85, 0.8, 0.9), pool) == text


def test_only_limits_that_certainly_change_the_order_are_said_to():
    none, some = Amount(0.0, -0.1, 0.1), Amount(0.2, 0.1, 0.3)
    both = {"Clearing": some, "Fewer offices": some}
    assert which_change(both) == "Clearing and fewer offices certainly change the order."
    neither = {"Clearing": none, "Fewer offices": none}
    assert which_change(neither) == "Neither certainly changes the order."
    assert which_change({**neither, "Fewer offices": some}) == (
        "Fewer offices certainly change the order."
    )
