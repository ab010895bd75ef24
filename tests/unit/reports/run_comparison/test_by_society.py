"""Numbers that are held once a society: what changes runs over societies, in pairs where it may."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from credit_ml.core import RaterResults, StudyResults, conform
from credit_ml.fairness.nation.finding import Nation
from credit_ml.reports import compare_runs, write_report

CITIES = 12


def run(values, *, seed=3, everybody=0.5):
    """A nation's run: a gap in every city, and one number of all."""
    labels = {"measure": "selection_rate", "sensitive": "hukou", "group": "rural"}
    labels |= {"reference_group": "urban", "quantity": "difference"}
    rows = [
        labels | {"city": city, "estimate": value, "low": value - 0.01, "high": value + 0.01}
        for city, value in enumerate(values)
    ]
    rows.append({"measure": "cities", "city": -1, "estimate": everybody})
    found = Nation(table=conform(rows), title="", parameters={"intervals": 0.95})
    rater = RaterResults(id="a", name="the rater", scorer_kind="given", findings=(found,))
    return StudyResults(id="one", title="One", raters=(rater,), world={"seed": seed})


@pytest.fixture(scope="module")
def before():
    return np.random.default_rng(0).normal(-0.1, 0.05, CITIES)


@pytest.fixture(scope="module")
def after(before):
    return before + np.random.default_rng(1).normal(0.02, 0.004, CITIES)


def over(found):
    return found.table[found.table["row"].str.contains("mean over cities")]


def test_the_same_societies_are_compared_in_pairs(before, after):
    row = over(compare_runs(run(before), run(after))).iloc[0]
    ends = stats.ttest_rel(after, before).confidence_interval(0.95)
    assert (row["low"], row["high"]) == pytest.approx((ends.low, ends.high))
    assert row["estimate"] == pytest.approx((after - before).mean())
    assert (row["paired"], row["over"], row["clusters"]) == ("cities", "societies", CITIES)
    assert (row["before"], row["after"]) == pytest.approx((before.mean(), after.mean()))


def test_other_societies_are_two_samples(before, after):
    row = over(compare_runs(run(before), run(after[:9], seed=4))).iloc[0]
    ends = stats.ttest_ind(after[:9], before, equal_var=False).confidence_interval(0.95)
    assert (row["low"], row["high"]) == pytest.approx((ends.low, ends.high))
    assert row["paired"] == ""


def test_pairs_are_matched_by_number_and_not_by_place(before, after):
    straight = over(compare_runs(run(before), run(after))).iloc[0]
    shuffled = run(after)
    (found,) = shuffled.raters[0].findings
    turned = replace(found, table=found.table.iloc[::-1].reset_index(drop=True))
    shuffled = replace(shuffled, raters=(replace(shuffled.raters[0], findings=(turned,)),))
    row = over(compare_runs(run(before), shuffled)).iloc[0]
    assert (row["low"], row["high"]) == pytest.approx((straight["low"], straight["high"]))


def test_numbers_of_all_are_compared_as_before_and_each_society_is_told_once(before, after):
    found = compare_runs(run(before), run(after, everybody=0.7))
    assert found.parameters["compared"] == 2
    assert found.parameters["differ"] == 2
    assert found.parameters["over_societies"] == 1
    assert compare_runs(run(before), run(before)).table.empty


def test_two_societies_leave_no_interval(before, after):
    found = compare_runs(run(before[:2]), run(after[:2]))
    assert over(found).empty


def test_the_page_says_which_are_the_same(before, after, tmp_path):
    page = write_report(compare_runs(run(before), run(after)), tmp_path / "page.html").read_text()
    assert "same cities" in page
    assert "of them over societies" in page
