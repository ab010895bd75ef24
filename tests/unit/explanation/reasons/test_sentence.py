"""Values as people read them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.explanation import readable


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (72183.4, "72,183"),
        (72183, "72,183"),
        (3.0, "3"),
        (0.70891, "0.709"),
        (999.7, "1,000"),
        (-1234567.0, "-1,234,567"),
        (np.float32(2.5), "2.5"),
        (0.0, "0"),
        (np.int8(7), "7"),
        (True, "yes"),
        (None, "missing"),
        (pd.NA, "missing"),
        ("own", "own"),
    ],
)
def test_values_are_written_without_exponents(value, text):
    assert readable(value) == text


@given(st.floats(1e-9, 1e12))
def test_the_number_read_is_the_number_meant(value):
    text = readable(value)
    assert "e" not in text
    assert float(text.replace(",", "")) == pytest.approx(value, rel=5.1e-3)
