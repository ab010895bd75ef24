"""The screen on one's own table."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from credit_ml.core import InputError, StudyResults, TableError
from credit_ml.governance import political_screen
from credit_ml.reports.templating import said


@pytest.fixture
def table() -> pd.DataFrame:
    random = np.random.default_rng(5)
    size = 3_000
    made = pd.DataFrame({"late": random.poisson(1.0, size), "job": random.choice(["a", "b"], size)})
    made["posts"] = random.random(size) < np.where(made["late"] > 1, 0.1, 0.03)
    made["score"] = 600 - 30 * made["late"] + 10 * (made["job"] == "a") + random.normal(size=size)
    return made


def of(found, measure):
    rows = found.table[found.table["measure"] == measure]
    return rows.set_index("information")["estimate"].to_dict()


def test_worse_records_alarm_whoever_lacks_them(table) -> None:
    found = political_screen(table["score"], table["posts"], table[["late", "job"]])
    assert of(found, "alarm")["posts"] == 1.0
    assert abs(of(found, "difference")["records"]) < 1.0
    assert of(found, "explained")["records"] > 0.95
    assert of(found, "detectable")["records"] < of(found, "detectable")["posts"] / 5


def test_a_penalty_is_what_records_do_not_explain(table) -> None:
    scores = table["score"] - 5 * table["posts"]
    found = political_screen(scores, table["posts"], table[["late", "job"]])
    rows = found.table.query("measure == 'difference' and information == 'records'").iloc[0]
    assert rows["low"] < -5 < rows["high"] < 0
    assert of(found, "alarm")["records"] == 1.0
    results = StudyResults(id="one", title="One", findings=(found,))
    assert "with the same records: an alarm." in said(results, "political_use", "headline")
    assert "would be found four times in five" in said(results, "political_use")
    assert "points of marked people" in found.plot().get_xlabel()


def test_without_records_it_is_a_test_of_two_means(table) -> None:
    found = political_screen(table["score"], table["posts"])
    one, other = (table.loc[table["posts"] == each, "score"] for each in (True, False))
    known = stats.ttest_ind(one, other, alternative="less")
    assert of(found, "p_value")["posts"] == pytest.approx(known.pvalue)


def test_what_counts_as_detectable_is_found_four_times_in_five(table) -> None:
    random = np.random.default_rng(6)
    mark, noise = table["posts"].to_numpy(), random.normal(size=(200, 3_000))
    fewest = of(political_screen(noise[0], mark), "detectable")["posts"]
    alarms = [of(political_screen(each - fewest * mark, mark), "alarm")["posts"] for each in noise]
    assert np.mean(alarms) == pytest.approx(0.8, abs=0.09)


@pytest.mark.parametrize(
    ("change", "error", "problem"),
    [
        ({"marked": np.zeros(3_000, dtype=bool)}, InputError, "marked: are 0 of 3,000 people"),
        ({"marked": np.ones(3_000, dtype=bool)}, InputError, "marked: are 3,000 of 3,000 people"),
        ({"marked": np.full(3_000, 2)}, InputError, "marked: are not all true or false"),
        ({"marked": [True, False]}, InputError, "marked: are of 2 people, and scores of 3,000"),
        ({"scores": np.full(3_000, np.nan)}, InputError, "scores: are of nobody, or missing"),
        ({"records": pd.DataFrame({"a": [1.0]})}, TableError, "records: are no table"),
        ({"records": "posts"}, TableError, "records: leave nothing of who is marked"),
        ({"alpha": 0.7}, InputError, "alpha: is 0.7"),
    ],
)
def test_bad_input_is_one_line(table, change, error, problem) -> None:
    if change.get("records") is not None and isinstance(change["records"], str):
        change = {"records": table[["posts"]]}
    given = {"scores": table["score"], "marked": table["posts"]} | change
    with pytest.raises(error, match=problem):
        political_screen(**given)
