"""Pages are made of rounded numbers: the last bits of a processor reach no byte of them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.reports import render
from credit_ml.reports.cells.steady import DIGITS, steady, steady_column
from tests.unit.conftest import study

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14)


@given(NUMBERS)
def test_rounding_moves_little_and_twice_as_once(value):
    made = steady(value)
    assert abs(made - value) <= 10 ** (1 - DIGITS) * abs(value) + 1e-12
    assert steady(made) == made
    assert steady_column(np.array([value]))[0] == made


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_stay(value):
    assert steady(float(value)) == value


def shaken(finding, random):
    """The same finding as another processor has it."""
    floats = finding.table.select_dtypes("float64")
    noise = 1 + 1e-14 * random.uniform(-1, 1, floats.shape)
    told = (floats * noise).assign(estimate=floats["estimate"] * noise[:, 0] + 1e-61)
    # An estimate stays inside its interval.
    ends = {"low": np.fmin(told["low"], told["estimate"])}
    ends |= {"high": np.fmax(told["high"], told["estimate"])}
    return replace(finding, table=finding.table.assign(**told).assign(**ends))


@pytest.mark.parametrize("seed", range(2))
def test_a_page_of_shaken_numbers_is_the_same_bytes(seed):
    random, made = np.random.default_rng(seed), study()
    raters = tuple(
        replace(each, findings=tuple(shaken(one, random) for one in each.findings))
        for each in made.raters
    )
    assert render(replace(made, raters=raters)) == render(made)
