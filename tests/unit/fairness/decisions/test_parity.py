"""Criteria of parity, worked out by hand on small tables."""

import pandas as pd
import pytest

from credit_ml.core import Dataset
from credit_ml.fairness import parity

#: Selected of kept and of not kept: a 3 of 4 and 1 of 4, b 1 of 4 and 1 of 4.
ROWS = [
    (group, kept, place < selected)
    for group, kept, selected in (("a", 1, 3), ("a", 0, 1), ("b", 1, 1), ("b", 0, 1))
    for place in range(4)
]


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=["kind", "kept", "selected"]).assign(x=1)


@pytest.fixture
def dataset(frame: pd.DataFrame) -> Dataset:
    return Dataset.from_frame(
        frame[["x", "kind", "kept"]], target="kept", sensitive=["kind"], factors={"x": ["x"]}
    )


def test_criteria_are_the_largest_or_mean_difference_of_rates(
    frame: pd.DataFrame, dataset: Dataset
) -> None:
    found = parity(frame["selected"], dataset).table.set_index(["quantity", "measure"])["estimate"]
    values = {f"{measure}_{quantity}": value for (quantity, measure), value in found.items()}
    differences = {name: value for name, value in values.items() if "difference" in name}
    assert differences["demographic_parity_difference"] == pytest.approx(0.25)
    assert differences["equal_opportunity_difference"] == pytest.approx(0.5)
    assert differences["equalized_odds_difference"] == pytest.approx(0.5)
    assert values["demographic_parity_ratio"] == pytest.approx(0.5)
    assert values["equal_opportunity_ratio"] == pytest.approx(1 / 3)


def test_a_mean_of_rates_is_between_the_smallest_and_the_largest(
    frame: pd.DataFrame, dataset: Dataset
) -> None:
    found = parity(frame["selected"], dataset).table
    named = {str(each) for each in found["measure"]}
    means = [name for name in named if name.endswith("_mean")]
    for name in means:
        whole = name.removesuffix("_mean")
        pair = found[found["quantity"] == "difference"].set_index("measure")["estimate"]
        assert pair[name] == pytest.approx(0.25)
        assert pair[name] <= pair[whole]


def test_rows_say_of_whom_they_are(frame: pd.DataFrame, dataset: Dataset) -> None:
    table = parity(frame["selected"], dataset).table
    assert set(table["sensitive"]) == {"kind"}
    assert (table["low"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["high"]).all()


def test_a_criterion_of_nobody_is_unknown_and_says_why(frame: pd.DataFrame) -> None:
    frame.loc[frame["kind"] == "b", "kept"] = 0
    data = Dataset.from_frame(
        frame[["x", "kind", "kept"]], target="kept", sensitive=["kind"], factors={"x": ["x"]}
    )
    table = parity(frame["selected"], data).table
    row = table[(table["measure"] == "equal_opportunity") & (table["quantity"] == "difference")]
    assert row[["estimate", "low", "high"]].isna().all(axis=None)
    assert row["reason"].str.len().gt(0).all()
