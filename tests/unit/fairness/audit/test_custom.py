"""Metrics that are functions: of anybody, of scikit-learn, of fairlearn."""

import fairlearn.metrics
import numpy as np
import pandas as pd
import pytest
import sklearn.metrics

from credit_ml.core import Dataset, InputError
from credit_ml.fairness import audit


@pytest.fixture(scope="module")
def people():
    random = np.random.default_rng(7)
    frame = pd.DataFrame({
        "x": random.normal(size=900), "sex": random.choice(["f", "m"], 900, p=[0.3, 0.7]),
        "town": random.choice(list("ab"), 900), "place": random.integers(0, 30, 900),
    })  # fmt: skip
    frame["paid"] = (frame["x"] + random.normal(size=900) > 0).astype(int)
    return frame


def _dataset(people, **options):
    return Dataset.from_frame(
        people, target="paid", sensitive=["sex", "town"], context=["place"], **options
    )


def test_functions_have_the_values_of_fairlearns_metric_frame(people):
    decisions = people["x"] > 0.2
    metrics = {
        "balanced": sklearn.metrics.balanced_accuracy_score,
        "f1": sklearn.metrics.f1_score,
        "agree": lambda y_true, y_pred: (y_true == y_pred).mean(),
    }
    found = audit(decisions, _dataset(people), metrics=metrics)
    theirs = fairlearn.metrics.MetricFrame(
        metrics=metrics, y_true=people["paid"], y_pred=decisions.astype(int),
        sensitive_features=people[["sex", "town"]],
    )  # fmt: skip
    pd.testing.assert_frame_equal(
        found.by_group[list(metrics)], theirs.by_group.astype(float), check_names=False
    )
    assert found.overall[list(metrics)].tolist() == pytest.approx(theirs.overall.tolist())
    assert found.difference()["f1"] == pytest.approx(theirs.difference()["f1"])


@pytest.mark.parametrize("cluster", [None, "place"])
def test_a_share_by_the_jackknife_is_nearly_the_share_by_its_formula(people, cluster):
    dataset = _dataset(people, cluster=cluster)
    decisions = people["x"] > 0.2

    def accuracy(y_true, y_pred):
        return (y_true == y_pred).mean()

    found = audit(decisions, dataset, metrics="accuracy")
    table = audit(decisions, dataset, metrics={"agree": accuracy}).table
    for quantity in ("value", "difference"):
        one, two = (
            rows[(rows["quantity"] == quantity) & (rows["sensitive"] == "sex")]
            for rows in (found.table, table)
        )
        assert one["estimate"].tolist() == pytest.approx(two["estimate"].tolist())
        widths = [(rows["high"] - rows["low"]).to_numpy() for rows in (one, two)]
        assert widths[0] == pytest.approx(widths[1], rel=0.35)
        assert one["clusters"].tolist() == two["clusters"].tolist()


def test_names_stand_for_functions_and_ours_need_no_jackknife(people):
    dataset, decisions = _dataset(people), people["x"] > 0.2
    named = audit(decisions, dataset, metrics=["sklearn.recall_score", "sklearn.metrics.f1_score"])
    assert list(named.overall.index) == ["recall_score", "f1_score"]
    ours = audit(decisions, dataset, metrics="true_positive_rate")
    assert named.by("sex", column="high")["recall_score"].tolist() == (
        ours.by("sex", column="high")["true_positive_rate"].tolist()
    )
    one = audit(decisions, dataset, metrics=fairlearn.metrics.selection_rate)
    assert list(one.overall.index) == ["selection_rate"]


def test_what_is_undefined_is_nan_and_says_so(people):
    frame = people.copy()
    frame.loc[frame["sex"] == "f", "paid"] = 0
    found = audit(frame["x"] > 0, _dataset(frame), metrics={
        "area": sklearn.metrics.roc_auc_score, "f1": sklearn.metrics.f1_score})  # fmt: skip
    rows = found.table[(found.table["sensitive"] == "sex") & (found.table["group"] == "f")]
    area = rows[(rows["measure"] == "area") & (rows["quantity"] == "value")].iloc[0]
    assert np.isnan(area["estimate"])
    assert "area is undefined" in area["reason"]
    assert rows[rows["measure"] == "area"]["low"].isna().all()


@pytest.mark.parametrize(
    ("metrics", "message"),
    [
        (["sklearn.metrics.no_score"], "which is absent"),
        (["pandas.mean"], "holds 'pandas.mean'"),
        ([3], "give a name or a function"),
        (["selection_rate", "fairlearn.selection_rate"], "name 'selection_rate' twice"),
    ],
)
def test_bad_metrics(people, metrics, message):
    with pytest.raises(InputError, match=message):
        audit(people["x"] > 0, _dataset(people), metrics=metrics)
