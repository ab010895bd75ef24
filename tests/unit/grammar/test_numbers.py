import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.grammar.numbers import MINUS, NARROW, Amount, count, in_units, listed, percent, show

small = st.floats(-1e6, 1e6, allow_nan=False)
width = st.floats(1e-3, 1e5)


@given(small, width, width)
def test_the_shown_estimate_differs_from_the_true_one_by_less_than_half_the_interval(
    estimate, below, above
):
    measured = Amount(estimate, estimate - below, estimate + above)
    shown = float(measured.figure().replace(",", "").replace(MINUS, "-"))
    assert abs(shown - estimate) <= max((below + above) / 2, 0.5 * 10.0**-4) + 1e-9


@given(st.floats(1e-3, 1e3), st.floats(0.001, 0.999))
def test_an_interval_that_leaves_zero_out_is_not_shown_as_reaching_it(estimate, share):
    low = estimate * (1 - share)
    measured = Amount(estimate, low, estimate * (1 + share))
    shown = (measured.interval() or measured.figure()).split(" to ")[0]
    assert float(shown.replace(",", "")) > 0 or low < 0.5 * 10.0**-4


@given(small, width, st.booleans(), st.sampled_from(["", "%", "points"]))
def test_an_interval_is_never_shown_with_two_equal_ends(estimate, half, ratio, unit):
    measured = Amount(estimate, estimate - half * 1e-3, estimate + half * 1e-3, ratio=ratio)
    low, _, high = measured.interval(unit).partition(" to ")
    assert low != high or not low


@given(small, width, width, st.booleans())
def test_the_shown_estimate_lies_within_the_shown_interval(estimate, below, above, ratio):
    measured = Amount(estimate, estimate - below, estimate + above, ratio=ratio)
    low, _, high = measured.interval().partition(" to ")
    numbers = [each.replace(",", "").replace(MINUS, "-") for each in (low, measured.figure(), high)]
    assert sorted(map(float, numbers)) == list(map(float, numbers))


def test_only_the_number_that_would_be_rounded_away_gets_more_digits():
    assert Amount(-0.846, -1.688, -0.004).text() == f"{MINUS}0.8 ({MINUS}1.7 to {MINUS}0.004)"


def test_one_is_parity_for_a_ratio_and_for_nothing_else():
    assert Amount(1.2105, 1.0002, 1.4208).text() == "1.2 (1.0 to 1.4)"
    assert Amount(1.2105, 1.0002, 1.4208, ratio=True).text() == "1.2 (1.0002 to 1.4)"
    row = {"quantity": "ratio", "estimate": 1.2105, "low": 1.0002, "high": 1.4208}
    assert Amount.of(row).ratio


@pytest.mark.parametrize("share", [1e-9, 1e-6, 3e-4, 0.02])
def test_a_share_above_zero_is_not_shown_as_zero(share):
    assert any(digit in "123456789" for digit in percent(share))


@given(small, width)
def test_no_number_is_shown_as_negative_zero(estimate, half):
    text = Amount(estimate, estimate - half, estimate + half).text()
    for number in re.findall(rf"{MINUS}[\d.,]+", text):
        assert any(digit in "123456789" for digit in number)


@given(small, width, st.floats(-1e6, 1e6))
def test_a_side_is_named_only_when_the_whole_interval_lies_there(estimate, half, reference):
    measured = Amount(estimate, estimate - half, estimate + half)
    side = measured.side(reference)
    if side == "above":
        assert measured.low > reference
    elif side == "below":
        assert measured.high < reference
    else:
        assert measured.low <= reference <= measured.high


def test_a_negative_gap_without_its_sign_swaps_the_ends():
    assert Amount(-41, -44, -38).size() == Amount(41, 38, 44)


def test_an_estimate_without_an_interval_shows_none():
    assert Amount(41.0).text("points") == "41 points"
    assert Amount(5.0, 5.0, 5.0).text() == "5"


def test_exactly_one_takes_a_singular_unit():
    assert Amount(1.0, 0.2, 1.9).text("points") == "1.0 points (0.2 to 1.9)"
    assert Amount(1.0).text("points") == "1 point"
    assert Amount(1.2, -1.0, 3.4).text("points") == f"1 point ({MINUS}1 to 3)"


@pytest.mark.parametrize(("share", "text"), [(0.5, "50"), (0.034, "3.4"), (0.0, "0"), (1.0, "100")])
def test_shares_become_percentages(share, text):
    assert percent(share) == f"{text}{NARROW}%"


@pytest.mark.parametrize(
    "unit",
    [
        "difference of shares of people",
        "chance of the right order, less than with all data",
        "chance of the right order, more than before clearing",
        "share of people, less the formula",
        "share of the group less that of everybody else, whoever scores above the median accepted",
    ],
)
def test_a_share_less_another_is_in_percentage_points(unit):
    assert in_units(Amount(-0.05, -0.14, 0.04), unit)[1] == "percentage points"


def test_missing_numbers_are_a_dash():
    assert show(math.nan) == "–"


def test_counts_and_lists_read_as_prose():
    assert count(1, "person", "people") == "1 person"
    assert count(1000, "person", "people") == "1,000 people"
    assert listed(["a"]) == "a"
    assert listed([]) == ""


def test_ends_that_rounding_parts_are_one_number() -> None:
    assert Amount(1.0, 1.0 - 1e-12, 1.0).percent() == Amount(1.0).percent()
    assert Amount(0.0, -1e-13, 1e-13).text() == "0"
    assert Amount(1e-6, 5e-7, 1.5e-6).ranged


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_number_without_an_interval_lies_on_no_side(estimate, reference):
    bare = Amount(estimate)
    assert bare.side(reference) == "unclear"
    assert not bare.has_interval
    # One that cannot move has an interval, of no width, and lies where it lies.
    sure = Amount(estimate, estimate, estimate)
    assert sure.has_interval
    assert sure.side(reference) != "unclear" or estimate == reference
