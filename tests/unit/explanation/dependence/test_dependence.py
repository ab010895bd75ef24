"""Partial dependence is the mean over people of what the model says of each value."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.inspection import partial_dependence as of_sklearn

from credit_ml.core import Dataset, InputError, TableError
from credit_ml.explanation import PartialDependence, partial_dependence
from credit_ml.scoring import OpaqueScorer, Scorecard, cross_fit, score_function


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(11)
    rows = 400
    late = random.poisson(1.5, rows)
    frame = pd.DataFrame(
        {
            "late": late,
            "years": np.where(random.random(rows) < 0.1, np.nan, random.gamma(2, 3, rows)),
            "income": random.normal(5, 1, rows) - 0.5 * late,
            "job": pd.Categorical(random.choice(["state", "own", None], rows)),
            "sex": random.choice(["f", "m"], rows),
            "branch": random.integers(0, 12, rows),
            "kept": (random.random(rows) < 1 / (1 + np.exp(late - 1.5))).astype(int),
        }
    )
    return Dataset.from_frame(frame, target="kept", sensitive=["sex"], cluster="branch")


def means(found, group="all"):
    mean = found.table["measure"] == "partial_dependence"
    rows = found.table[mean & (found.table["group"] == group)]
    return rows.reset_index(drop=True)


def test_it_is_that_of_scikit_learn_by_brute_force(table):
    numbers = table.X[["late", "years", "income"]].astype(float)
    data = Dataset.from_frame(
        numbers.assign(sex=table.sensitive["sex"], kept=table.y), target="kept", sensitive=["sex"]
    )
    model = HistGradientBoostingClassifier(max_iter=15).fit(numbers, table.y)
    for column in ("late", "income"):
        found = means(partial_dependence(model, data, column=column, grid=8))
        theirs = of_sklearn(
            model,
            numbers,
            [column],
            method="brute",
            kind="average",
            response_method="predict_proba",
            custom_values={column: found["value"].to_numpy(float)},
        )
        np.testing.assert_allclose(found["estimate"], theirs["average"][0], atol=1e-12)


def test_a_sum_has_parallel_curves_with_its_own_slope(table):
    found = partial_dependence(
        lambda X: 2.0 * X["income"] - X["late"], table, column="income", sensitive="sex"
    )
    for (_, _, _), curve in found.table.groupby(["measure", "group", "person"]):
        slope = np.diff(curve["estimate"]) / np.diff(curve["value"].astype(float))
        np.testing.assert_allclose(slope, 2.0, rtol=1e-4)
    for group in ("f", "m"):
        member = (table.sensitive["sex"] == group).to_numpy()
        level = means(found, group)
        term = level["estimate"] - 2.0 * level["value"]
        np.testing.assert_allclose(term, -table.X["late"][member].mean(), atol=1e-5)


def test_a_column_that_is_not_read_leaves_the_curve_level(table):
    found = partial_dependence(lambda X: X["income"], table, column="late", sensitive="sex")
    for _, curve in found.table.groupby(["measure", "group", "person"]):
        assert np.ptp(curve["estimate"]) == pytest.approx(0, abs=1e-12)
    assert list(found.metrics().values()) == pytest.approx([0.0] * 3, abs=1e-12)


def test_one_point_a_category_and_one_for_missing(table):
    model = OpaqueScorer(max_iter=8).fit(table.X, table.y)
    job = means(partial_dependence(model, table, column="job", people=100))
    assert job["value"].tolist()[:2] == ["own", "state"]
    assert job["value"].isna().tolist() == [False, False, True]
    years = means(partial_dependence(model, table, column="years", people=400, grid=5))
    assert years["value"].isna().tolist() == [False] * 5 + [True]
    nobody = table.X.assign(years=np.float32("nan"))
    told = score_function(model)(nobody).mean()
    assert years["estimate"].iloc[-1] == pytest.approx(told, abs=1e-12)
    late = means(partial_dependence(model, table, column="late", people=50))
    assert late["value"].tolist() == sorted(table.X["late"].unique())
    assert years["value"].max() < table.X["years"].max()


def test_intervals_count_clusters(table):
    """A score that is the same within a branch has as many independent values as branches."""
    branch = table.context["branch"].to_numpy()
    worth = np.random.default_rng(1).normal(size=12)[branch]
    found = means(partial_dependence(lambda X: worth - X["late"], table, column="late"))
    from scipy import stats

    sums = np.bincount(branch, worth - worth.mean()) / len(table)
    half = stats.t.ppf(0.975, 11) * np.sqrt(12 / 11 * (sums**2).sum())
    # The jackknife of branches lies near.
    np.testing.assert_allclose(found["high"] - found["estimate"], half, rtol=0.01)


def test_a_cross_fitted_model_is_asked_about_people_it_did_not_see(table):
    model = cross_fit(Scorecard(), table, folds=3, seed=0)
    found = partial_dependence(model, table, column="late", people=60, curves=60)
    people = found.table.query("measure == 'individual_expectation'")["person"]
    assert set(people) <= set(model.folds[0].rows)
    assert people.nunique() == 60


@pytest.mark.parametrize("column", ["late", "years", "job"])
@pytest.mark.parametrize("sensitive", [None, "sex"])
def test_it_is_drawn_from_its_stored_table(table, column, sensitive):
    model = Scorecard().fit(table.X, table.y)
    found = partial_dependence(
        model, table, column=column, sensitive=sensitive, people=80, curves=4, grid=6
    )
    stored = PartialDependence.from_dict(found.to_dict())
    assert stored.metrics() == found.metrics()
    axes, again = found.plot(), stored.plot()
    assert [t.get_text() for t in axes.get_xticklabels()] == [
        t.get_text() for t in again.get_xticklabels()
    ]
    assert ("missing" in [t.get_text() for t in axes.get_xticklabels()]) == (column != "late")
    assert (axes.get_legend() is None) == (sensitive is None)
    plt.close("all")


def test_what_cannot_be_asked_is_refused(table):
    def score(X):
        return X["late"]

    with pytest.raises(TableError, match="did you mean 'late'"):
        partial_dependence(score, table, column="lat")
    with pytest.raises(TableError, match="no sensitive feature"):
        partial_dependence(score, table, column="late", sensitive="age")
    with pytest.raises(InputError, match="grid: is 1"):
        partial_dependence(score, table, column="late", grid=1)
    with pytest.raises(InputError, match="intervals"):
        partial_dependence(score, table, column="late", intervals=95)


def test_the_note_says_with_which_column_it_goes(table):
    found = partial_dependence(lambda X: -X["late"], table, column="late")
    assert "late goes most with income (rank correlation -0." in found.notes[1]
