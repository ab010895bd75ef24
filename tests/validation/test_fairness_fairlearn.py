"""Metrics are fairlearn's, on random tables with empty and one-member groups."""

import warnings

import numpy as np
import pandas as pd
from fairlearn import metrics as fairlearn
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn
from sklearn.exceptions import UndefinedMetricWarning

from credit_ml.core import Dataset
from credit_ml.fairness import RATES, Tally, audit, audit_tally, rates

THEIRS = {
    "selection_rate": fairlearn.selection_rate,
    "refusal_rate": lambda y, d: fairlearn.selection_rate(y, 1 - d),
    "true_positive_rate": fairlearn.true_positive_rate,
    "false_positive_rate": fairlearn.false_positive_rate,
    "precision": sklearn.precision_score,
    "accuracy": sklearn.accuracy_score,
    "false_negative_rate": fairlearn.false_negative_rate,
    "true_negative_rate": fairlearn.true_negative_rate,
    # Of the refused: scikit-learn's precision of the other decision.
    "false_discovery_rate": lambda y, d: sklearn.precision_score(1 - y, d),
    "false_omission_rate": lambda y, d: sklearn.precision_score(y, 1 - d),
    "negative_predictive_value": lambda y, d: sklearn.precision_score(1 - y, 1 - d),
}

person = st.tuples(
    st.sampled_from("abc"), st.sampled_from("xyz"), st.booleans(), st.booleans(), st.integers(0, 9)
)


@st.composite
def tables(draw):
    columns = zip(*draw(st.lists(person, min_size=1, max_size=30)), strict=True)
    first, second, y, decisions, scores = (list(column) for column in columns)
    sensitive = pd.DataFrame(
        {"s": pd.Categorical(first, list("abc")), "t": pd.Categorical(second, list("wxyz"))}
    )
    return sensitive, np.array(y, int), np.array(decisions, int), np.array(scores, float)


def _frame(metrics, y, decisions, sensitive):
    with warnings.catch_warnings():
        # Theirs warns where a group has nobody selected, and answers 0.
        warnings.filterwarnings("ignore", category=UndefinedMetricWarning)
        return fairlearn.MetricFrame(
            metrics=metrics, y_true=y, y_pred=decisions, sensitive_features=sensitive.astype(str)
        )


def _values(found, names):
    name = " x ".join(names)
    rows = found.table[(found.table["quantity"] == "value") & (found.table["sensitive"] == name)]
    return rows.pivot_table("estimate", "group", "measure", dropna=False, sort=False)


@settings(max_examples=5, deadline=None)
@given(tables())
def test_every_value_is_theirs(table):
    sensitive, y, decisions, scores = table
    found = audit_tally(Tally.of(decisions, sensitive, y=y, scores=scores))
    for names in (["s"], ["t"], ["s", "t"]):
        metrics = {**THEIRS, "count": fairlearn.count, "base_rate": lambda y, _: y.mean()}
        theirs = _frame(metrics, y, decisions, sensitive[names]).by_group
        mean = _frame({"mean": fairlearn.mean_prediction}, y, scores, sensitive[names])
        theirs["mean_score"] = mean.by_group["mean"]
        theirs.index = [" x ".join(key) if isinstance(key, tuple) else key for key in theirs.index]
        ours = _values(found, names)
        assert set(ours.index) == set(theirs.index)
        ours = ours.loc[theirs.index, theirs.columns]
        # Two stated departures: a group of nobody has count 0, not NaN; and where a rate's
        # denominator is empty ours is NaN, theirs 0.
        assert (ours["count"] == theirs["count"].fillna(0)).all()
        undefined = ours.isna() & theirs.notna()
        assert (theirs.to_numpy()[undefined] == 0).all()
        ours, theirs = (part.drop(columns="count").astype(float) for part in (ours, theirs))
        np.testing.assert_allclose(ours.fillna(0), theirs.fillna(0), rtol=1e-12)


@settings(max_examples=6, deadline=None)
@given(tables())
def test_with_their_zero_over_zero_everything_is_theirs(table):
    sensitive, y, decisions, _ = table
    tally = Tally.of(decisions, sensitive, y=y).marginal(["s"])
    there = tally.counts.sum(axis=(1, 2)) > 0
    ours = rates(tally.counts[there], list(THEIRS), undefined=0.0)
    theirs = _frame(THEIRS, y, decisions, sensitive[["s"]])
    np.testing.assert_allclose(ours, theirs.by_group.astype(float), rtol=1e-12)
    np.testing.assert_allclose(
        ours.max(axis=0) - ours.min(axis=0), theirs.difference().astype(float), rtol=1e-12
    )
    overall = rates(tally.marginal([]).counts, list(THEIRS), undefined=0.0)
    np.testing.assert_allclose(overall, theirs.overall.astype(float), rtol=1e-12)


@settings(max_examples=6, deadline=None)
@given(tables())
def test_summaries_are_theirs_where_all_groups_have_the_rate(table):
    sensitive, y, decisions, _ = table
    found = audit_tally(Tally.of(decisions, sensitive[["s"]], y=y))
    rows = found.table[found.table["sensitive"] == "s"]
    theirs = _frame(THEIRS, y, decisions, sensitive[["s"]])
    pairs = {"largest_difference": theirs.difference(), "smallest_ratio": theirs.ratio()}
    values = _values(found, ["s"])
    for name in THEIRS:
        if values[name].isna().any() or len(values) == 1:
            continue
        for quantity, expected in pairs.items():
            mine = rows[(rows["quantity"] == quantity) & (rows["measure"] == name)]["estimate"]
            np.testing.assert_allclose(mine.iloc[0], float(expected[name]), rtol=1e-12)


def test_every_rate_of_ours_is_compared():
    assert set(RATES) == {*THEIRS, "base_rate"}


@given(tables(), st.sampled_from(["between_groups", "to_overall"]))
@settings(max_examples=50)
def test_differences_within_a_control_feature_are_fairlearns(table, method):
    sensitive, y, decisions, _ = table
    sensitive = sensitive.astype(str)
    dataset = Dataset.from_frame(
        sensitive.assign(y=y), target=None, sensitive=["s", "t"], factors={"none": ["y"]}
    )
    ours = audit(decisions, dataset, metrics=["selection_rate"])
    theirs = fairlearn.MetricFrame(
        metrics={"selection_rate": fairlearn.selection_rate},
        y_true=y,
        y_pred=decisions,
        sensitive_features=sensitive[["s"]],
        control_features=sensitive[["t"]],
    )
    if sensitive["t"].nunique() < 2 or sensitive["s"].nunique() < 2:
        return
    expected = theirs.difference(method)["selection_rate"].fillna(0.0)
    found = ours.difference(method, sensitive=["s", "t"], control="t")["selection_rate"].fillna(0.0)
    np.testing.assert_allclose(found.loc[expected.index].astype(float), expected, atol=1e-12)
