"""A number as a sensitive feature is refused with a remedy."""

import pandas as pd
import pytest

from credit_ml.core import Dataset, TableError


def test_numbers_as_a_sensitive_feature_offer_bands():
    frame = pd.DataFrame({"x": range(41), "age": range(20, 61)})
    with pytest.raises(TableError, match=r"bands\(frame\['age'\], \[30\.0, 40\.0, 50\.0\]\)"):
        Dataset.from_frame(frame, target=None, sensitive=["age"])
