import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.grammar.numbers import MINUS, NARROW, Amount, count, listed, percent, show

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
    shown = Amount(estimate, low, estimate * (1 + share)).interval().split(" to ")[0]
    assert float(shown.replace(",", "")) > 0 or low < 0.5 * 10.0**-4


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
