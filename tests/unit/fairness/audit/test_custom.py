"""Metrics that are functions: of anybody, of scikit-learn, of fairlearn."""

import warnings
from functools import partial

import fairlearn.metrics
import numpy as np
import pandas as pd
import pytest
import sklearn.metrics

from credit_ml.core import Dataset, InputError
from credit_ml.fairness import audit
from credit_ml.fairness.audit.tables import audit_tables
from credit_ml.fairness.metrics import METRICS, RATES


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
        "area": sklearn.metrics.roc_auc_score, "f1": sklearn.metrics.f1_score},
        scores=frame["x"])  # fmt: skip
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


def _row(found, measure, group, sensitive="sex"):
    table = found.table[(found.table["quantity"] == "value") & (found.table["measure"] == measure)]
    return table[(table["sensitive"] == sensitive) & (table["group"] == group)].iloc[0]


def test_metrics_that_take_scores_get_scores(people):
    data, chance = _dataset(people), 1 / (1 + np.exp(-people["x"]))
    names = ["roc_auc_score", "average_precision_score", "log_loss", "brier_score_loss"]
    found = audit(
        people["x"] > 0.2,
        data,
        scores=chance,
        metrics=[f"sklearn.metrics.{each}" for each in names],
    )
    for name in names:
        theirs = getattr(sklearn.metrics, name)(people["paid"], chance)
        assert found.overall[name] == pytest.approx(theirs)
    fixed = {"part": partial(sklearn.metrics.roc_auc_score, max_fpr=0.5)}
    assert audit(people["x"] > 0, data, scores=chance, metrics=fixed).overall["part"] == (
        pytest.approx(sklearn.metrics.roc_auc_score(people["paid"], chance, max_fpr=0.5))
    )


def test_metrics_that_take_scores_are_refused_without(people):
    data, decisions = _dataset(people), people["x"] > 0.2
    with pytest.raises(InputError, match=r"'area': takes scores, not decisions; give `scores=`"):
        audit(decisions, data, metrics={"area": sklearn.metrics.roc_auc_score})
    with pytest.raises(InputError, match=r"takes probabilities, and scores hold -"):
        audit(decisions, data, scores=people["x"], metrics="sklearn.metrics.log_loss")


@pytest.mark.parametrize("chosen", ["all", "some"])
def test_where_nobody_kept_what_compares_outcomes_is_nan_without_warnings(people, chosen):
    frame = people.copy()
    frame.loc[frame["sex"] == "f", "paid"] = 0
    decisions = (frame["x"] > 0) & ((frame["sex"] == "m") | (chosen == "some"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = audit(decisions, _dataset(frame), metrics="sklearn.metrics.balanced_accuracy_score")
    row = _row(found, "balanced_accuracy_score", "f")
    assert np.isnan(row["estimate"])
    assert np.isnan(row["low"])
    assert row["reason"] == (
        "balanced_accuracy_score is undefined: all or none kept the obligation"
    )
    assert np.isfinite(_row(found, "balanced_accuracy_score", "m")["estimate"])


def test_a_number_that_scikit_learn_warns_of_is_nan_with_its_warning(people):
    frame = people.copy()
    frame.loc[frame["sex"] == "f", "paid"] = 0

    def balanced(y_true, y_pred):
        return sklearn.metrics.balanced_accuracy_score(y_true, y_pred)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = audit(frame["x"] > 0, _dataset(frame), metrics=balanced)
    row = _row(found, "balanced", "f")
    assert np.isnan(row["estimate"])
    assert row["reason"] == "balanced is undefined: y_pred contains classes not in y_true"


def test_a_functions_own_warning_is_said_once_a_group(people):
    def loud(y_true, y_pred):
        warnings.warn("loud", UserWarning, stacklevel=1)
        return 0.5

    with pytest.warns(UserWarning, match="loud") as said:
        found = audit(people["x"] > 0, _dataset(people), metrics=loud, sensitive="sex")
    assert len(said) == 3
    assert found.overall["loud"] == 0.5


@pytest.mark.parametrize(
    "name",
    ["demographic_parity_difference", "demographic_parity_ratio", "equalized_odds_difference",
     "accuracy_score_difference", "MetricFrame"],
)  # fmt: skip
def test_what_compares_groups_by_itself_is_refused(people, name):
    with pytest.raises(InputError, match=rf"'{name}': compares groups.*\.difference\(\).*parity"):
        audit(people["x"] > 0, _dataset(people), metrics=f"fairlearn.metrics.{name}")


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (sklearn.metrics.confusion_matrix, "returns no number but ndarray"),
        (sklearn.metrics.classification_report, "returns no number but str"),
        (sklearn.metrics.fbeta_score, "also needs beta"),
        (lambda y_true: 1.0, "cannot be called with"),
        (lambda y_true, y_pred: None, "returns no number but NoneType"),
    ],
)
def test_what_is_no_function_of_the_two_to_a_number_is_refused(people, function, message):
    with pytest.raises(InputError, match=rf"'mine'.*{message}.*returns one number"):
        audit(people["x"] > 0, _dataset(people), metrics={"mine": function})


def test_an_unknown_name_says_that_dotted_names_work(people):
    with pytest.raises(InputError, match=r"'sklearn\.metrics\.balanced_accuracy_score'"):
        audit(people["x"] > 0, _dataset(people), metrics=["balanced_accuracy_score"])


def test_every_share_is_a_percentage_in_the_table(people):
    names = [name for name in METRICS if name in RATES]
    values, _ = audit_tables(audit(people["x"] > 0, _dataset(people), metrics=names))
    for _, body in values.bodies:
        for row in body:
            assert all("%" in each for each in row[2:])
