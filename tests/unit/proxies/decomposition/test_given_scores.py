"""Scores that come without a model: what is refused, and what columns may hold."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, TableError
from credit_ml.proxies import decompose

ROWS = 400


@pytest.fixture(scope="module")
def frame():
    random = np.random.default_rng(2)
    return pd.DataFrame(
        {
            "years": np.where(random.random(ROWS) < 0.2, np.nan, random.normal(size=ROWS)),
            "job": pd.Categorical(random.choice(["state", "own", None], ROWS)),
            "empty": np.nan,
            "same": 1,
            "sex": random.choice(["f", "m"], ROWS),
        }
    )


@pytest.fixture(scope="module")
def data(frame):
    return Dataset.from_frame(frame, target=None, sensitive=["sex"])


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        (pd.Series(np.arange(3.0)), "have other rows than the table; give one score a person"),
        (pd.Series(np.arange(ROWS) + 0.0, index=range(1, ROWS + 1)), "have other rows"),
        (pd.Series([1.0, np.nan, np.inf, *np.zeros(ROWS - 3)]), "missing or infinite in 2 rows"),
        (pd.Series(["good"] * ROWS), "give numbers"),
    ],
)
def test_scores_are_one_finite_number_a_person(data, scores, said):
    with pytest.raises(TableError, match=said):
        decompose(scores, data, sensitive="sex")


def test_the_old_keyword_warns(data):
    scores = pd.Series(np.arange(ROWS) + 0.0)
    with pytest.warns(FutureWarning, match="decompose\\(scores, dataset\\)"):
        old = decompose(None, data, sensitive="sex", scores=scores)
    assert old.table.equals(decompose(scores, data, sensitive="sex").table)


def test_missing_values_and_categories_have_a_price(frame, data):
    """A score that is linear in the categories and in what is missing leaves nothing over."""
    known = frame["years"].astype("float32").astype("float64").fillna(0)
    scores = 3 * known - 2 * frame["years"].isna() + 5 * (frame["job"] == "own").astype(float)
    found = decompose(scores, data, sensitive="sex").table.set_index("factor")
    assert abs(found["estimate"]["(unexplained)"]) < 1e-9
    own = (frame["job"] == "own").groupby(frame["sex"]).mean()
    group, reference = found["group"].iloc[0], found["reference_group"].iloc[0]
    assert found["estimate"]["job"] == pytest.approx(5 * (own[group] - own[reference]))


def test_a_column_without_variation_carries_nothing(frame, data):
    scores = frame["years"].fillna(0.0)
    found = decompose(scores, data, sensitive="sex").table.set_index("factor")
    assert (found.loc[["empty", "same"], ["estimate", "low", "high"]] == 0).all(axis=None)
    bare = Dataset.from_frame(frame[["empty", "same", "sex"]], target=None, sensitive=["sex"])
    whole = decompose(scores, bare, sensitive="sex").table.set_index("factor")
    assert whole["estimate"]["(unexplained)"] == whole["estimate"]["(gap)"]


def test_a_group_too_small_for_its_regression_is_refused(frame):
    few = Dataset.from_frame(
        frame.assign(sex=["f"] * 3 + ["m"] * (ROWS - 3)), target=None, sensitive=["sex"]
    )
    scores = pd.Series(np.arange(ROWS) + 0.0)
    with pytest.raises(TableError, match="a group of 3 people for a regression on"):
        decompose(scores, few, sensitive="sex", reference_groups="f")
    # Only the reference group is in a regression: the means of three people can be priced by it.
    found = decompose(scores, few, sensitive="sex").table.set_index("factor")["estimate"]
    assert found.drop("(gap)").sum() == pytest.approx(found["(gap)"])
    assert found["(gap)"] == pytest.approx(1.0 - scores[3:].mean())
