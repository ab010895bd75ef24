"""A gap that cannot be told, or is small, hides no parts that offset each other."""

import numpy as np
import pandas as pd
import pytest

import credit_ml as cm
from credit_ml.reports import said


@pytest.mark.parametrize("address", [1.0, 0.7])
def test_parts_that_offset_each_other_are_in_the_first_words(address):
    rng = np.random.default_rng(1)
    people = 4000
    sex = rng.choice(["f", "m"], people)
    table = pd.DataFrame(
        {
            "friends": rng.normal(0, 1, people) + (sex == "f"),
            "address": rng.normal(0, 1, people) - 1.02 * (sex == "f"),
            "sex": sex,
        }
    )
    data = cm.Dataset.from_frame(table, target=None, sensitive="sex")

    def model(X):
        return 20 * X["friends"] + 20 * address * X["address"]

    results = cm.report(model, data, progress=False)
    parts = next(results.of_kind("comparison"))[1].table.set_index("factor")["estimate"].abs()
    for block in ("headline", "abstract"):
        words = said(results, "comparison", block)
        if address == 1.0:
            assert "its parts offset each other: " in words
            assert "down attributed to address and " in words
            assert words.endswith("up attributed to friends.")
        else:
            assert "are attributed to friends; address works the other way, by " in words
        assert f"{parts['address']:.0f} (" in words
        assert "points" in words or address == 1.0
