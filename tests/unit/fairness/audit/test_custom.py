"""Metrics that are functions: of anybody, of scikit-learn, of fairlearn."""

import warnings
from functools import partial

import fairlearn.metrics
import numpy as np
import pandas as pd
import pytest
import sklearn.metrics

from credit_ml.core import Dataset, InputError, Streams
from credit_ml.fairness import audit
from credit_ml.fairness.audit.functions import NamedMetric, chosen_metrics
from credit_ml.fairness.audit.tables import audit_tables
from credit_ml.fairness.metrics import METRICS, RATES
from credit_ml.inference import difference
from credit_ml.inference.counts import stacked_jackknife


@pytest.fixture(scope="module")
def people():
    random = np.random.default_rng(7)
    frame = pd.DataFrame(
        {
            "x": random.normal(size=900),
            "sex": random.choice(["f", "m"], 900, p=[0.3, 0.7]),
            "town": random.choice(list("ab"), 900),
            "place": random.integers(0, 30, 900),
        }
    )
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
        metrics=metrics,
        y_true=people["paid"],
        y_pred=decisions.astype(int),
        sensitive_features=people[["sex", "town"]],
    )
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
    found = audit(
        frame["x"] > 0,
        _dataset(frame),
        metrics={"area": sklearn.metrics.roc_auc_score, "f1": sklearn.metrics.f1_score},
        scores=frame["x"],
    )
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
        "balanced_accuracy_score is undefined: all or none had the favourable outcome"
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
    [
        "demographic_parity_difference",
        "demographic_parity_ratio",
        "equalized_odds_difference",
        "accuracy_score_difference",
        "MetricFrame",
    ],
)
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


def _weighted(y_true, y_pred, sample_weight=None):
    return float(np.average(y_pred * (2 - y_true), weights=sample_weight))


@pytest.mark.parametrize("cluster", [None, "place"])
@pytest.mark.parametrize("weights", [None, "persons"])
def test_ends_are_those_of_blocks_left_out_by_hand(people, cluster, weights):
    """Blocks are clusters, or fifty drawn by lot; who has no weight is in none of them."""
    frame = people.assign(persons=people.index % 4 * 1.5)
    data, decisions = _dataset(frame, cluster=cluster, weights=weights), frame["x"] > 0.2
    named = {"mine": _weighted, "my_score": _weighted}
    found = audit(decisions, data, metrics=named, sensitive="sex", reference_groups="f")
    order = Streams(0).generator("fairness.audit.blocks").permutation(len(frame))
    blocks = data.clusters() if cluster else order % 50
    own = np.ones(len(frame)) if weights is None else frame["persons"].to_numpy()

    def value(who):
        part = frame["paid"][who], decisions[who].astype(int)
        return _weighted(*part, None if weights is None else own[who])

    groups, reasons = [frame["sex"].to_numpy() == group for group in "fm"], ("", "")
    groups = [group & (own > 0) for group in groups]
    size = blocks.max() + 1
    left = np.array([[value(who & (blocks != each)) for who in groups] for each in range(size)])
    members = np.array([[(who & (blocks == each)).sum() for who in groups] for each in range(size)])
    estimate = stacked_jackknife(
        np.array([value(who) for who in groups]),
        left,
        members=members,
        reasons=reasons,
        clustered=cluster is not None,
    )
    low, high = estimate.interval(0.95)
    rows = found.table[(found.table["sensitive"] == "sex") & (found.table["measure"] == "mine")]
    assert rows["quantity"].tolist() == ["value", "value", "difference", "largest_difference"]
    for column, wanted in (
        ("estimate", estimate.value),
        ("low", low),
        ("high", high),
        ("design_effect", [1.0, 1.0]),
    ):
        assert rows[column].tolist()[:2] == pytest.approx(wanted), column
    gap = difference(estimate[[1]], estimate[[0]], disjoint=True)
    assert rows.iloc[2][["group", "reference_group"]].tolist() == ["m", "f"]
    assert rows.iloc[2][["estimate", "low", "high"]].tolist() == pytest.approx(
        [float(gap.value[0]), *(float(end[0]) for end in gap.interval())]
    )
    assert set(rows["over"]) == {"clusters" if cluster else "people"}
    assert set(rows["clusters"]) == {30 if cluster else 0}
    # A name that says a share has ratios too.
    shares = found.table[found.table["measure"] == "my_score"]
    kinds = ["value", "difference", "ratio", "largest_difference", "smallest_ratio"]
    assert shares[shares["sensitive"] == "sex"]["quantity"].drop_duplicates().tolist() == kinds
    assert shares[shares["sensitive"] == "overall"]["quantity"].tolist() == ["value"]
    assert found.parameters["metrics"] == ["mine", "my_score"]
    # Beside metrics of ours, whose rows come first.
    both = audit(decisions, data, metrics=["accuracy", "sklearn.metrics.f1_score"], sensitive="sex")
    assert both.parameters["metrics"] == ["accuracy", "f1_score"]
    assert both.table["measure"].drop_duplicates().tolist() == ["accuracy", "f1_score"]


def test_a_rate_of_ours_by_a_functions_name_has_all_its_rows(people):
    data, decisions = _dataset(people), people["x"] > 0.2
    asked = {"reference_groups": {"town": "a", "sex": "f"}, "intersections": False}
    keys = ["sensitive", "quantity", "group"]
    ours, theirs = (
        audit(decisions, data, metrics=metric, **asked)
        .table.drop(columns="measure")
        .sort_values(keys, ignore_index=True)
        for metric in ("true_positive_rate", sklearn.metrics.recall_score)
    )
    assert len(ours) == 1 + 2 * (2 + 1 + 1 + 2)
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False)


class _Least:
    """A function without a name of its own."""

    def __call__(self, y_true, y_pred):
        return float(y_pred.min())


def test_what_has_no_name_is_called_by_its_class(people):
    found = audit(people["x"] > 9, _dataset(people), metrics=[_Least()])
    assert found.overall.to_dict() == {"_Least": 0.0}
    assert NamedMetric("Least", _Least()).same_as == ""


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("f1_score", True),
        ("selection_rate", True),
        ("precision", True),
        ("my_recall", True),
        ("balanced_accuracy", True),
        ("mean_prediction", True),
        ("cost", False),
        ("r2_score", False),
        ("d2_log_loss_score", False),
        ("cohen_kappa_score", False),
        ("adjusted_rand_score", False),
        ("matthews_score", False),
        ("score_of_costs", False),
    ],
)
def test_bounds_are_those_that_a_name_says(name, share):
    assert NamedMetric(name, _weighted).bounds == ((0.0, 1.0) if share else (-np.inf, np.inf))


@pytest.mark.parametrize(
    ("function", "same"),
    [
        (sklearn.metrics.accuracy_score, "accuracy"),
        (sklearn.metrics.precision_score, "precision"),
        (sklearn.metrics.recall_score, "true_positive_rate"),
        (sklearn.metrics.f1_score, ""),
        (fairlearn.metrics.selection_rate, "selection_rate"),
        (_weighted, ""),
        (fairlearn.metrics.false_positive_rate, "false_positive_rate"),
        (fairlearn.metrics.count, ""),
        (fairlearn.metrics.mean_prediction, ""),
    ],
)
def test_rates_that_are_ours_are_known_by_package_and_name(function, same):
    assert NamedMetric("x", function).same_as == same


def test_what_a_metric_is_given_and_says():
    kept, chosen = np.array([1, 0, 1, 0]), np.array([1, 0, 0, 1])
    area = NamedMetric("area", partial(sklearn.metrics.roc_auc_score, max_fpr=1.0))
    loss = NamedMetric("loss", sklearn.metrics.log_loss)
    plain = NamedMetric("plain", sklearn.metrics.f1_score)
    assert (area.of_scores, loss.of_scores, plain.of_scores) == (True, True, False)
    scores = np.array([0.0, 0.4, 1.0, 0.2])
    assert plain.given(chosen, None) is chosen
    assert area.given(chosen, scores * 9 - 3) is not chosen
    assert loss.given(chosen, scores) is scores
    assert loss.given(chosen, scores[:0]).size == 0
    for wrong, end in ((scores + 0.5, "1.5"), (scores - 0.5, "-0.5")):
        with pytest.raises(InputError, match=rf"'loss': takes probabilities, .* hold {end};"):
            loss.given(chosen, wrong)
    assert plain.value(kept, chosen) == (pytest.approx(0.5), "")
    assert plain.value(kept[:0], chosen[:0])[1] == "nobody is counted"
    number, why = area.value(kept[[0, 2]], scores[[0, 2]])
    assert np.isnan(number)
    assert why == "area is undefined: all or none had the favourable outcome"
    weights = np.array([3.0, 1.0, 1.0, 1.0])
    hand = sklearn.metrics.f1_score(kept, chosen, sample_weight=weights)
    assert plain.value(kept, chosen, weights)[0] == pytest.approx(hand)
    assert plain.value(kept, chosen, weights)[0] != pytest.approx(0.5)
    number, why = NamedMetric("nothing", lambda y, p: np.nan).value(kept, chosen)
    assert np.isnan(number)
    assert why == "nothing is undefined"

    def strict(y_true, y_pred):
        raise ValueError("no. Not at all")

    number, why = NamedMetric("strict", strict).value(kept, chosen)
    assert np.isnan(number)
    assert why == "strict is undefined: no"

    def silent(y_true, y_pred):
        raise ValueError

    assert NamedMetric("silent", silent).value(kept, chosen)[1] == (
        "silent is undefined: ValueError"
    )

    def loud(y_true, y_pred):
        warnings.warn("loud", UserWarning, stacklevel=1)
        return True

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert NamedMetric("loud", loud).value(kept, chosen, again=True) == (1.0, "")
    with pytest.raises(InputError, match="'loud': takes no sample_weight"):
        NamedMetric("loud", loud).refuse_weights()
    plain.refuse_weights()


def test_what_a_function_needs_beside_the_two_is_named():
    def more(y_true, y_pred, cost, *, share, level=2):
        return 0.0

    with pytest.raises(InputError, match="'x': also needs cost, share; give a function"):
        NamedMetric("x", more)
    # A function written in C may say nothing of what it needs.
    assert NamedMetric("top", max).name == "top"


def test_names_and_functions_are_told_apart():
    assert chosen_metrics(None) == (None, [])
    assert chosen_metrics("accuracy") == (["accuracy"], [])
    names, functions = chosen_metrics(_weighted)
    assert (names, [each.name for each in functions]) == ([], ["_weighted"])
    names, functions = chosen_metrics({"a": _weighted, 3: _Least()})
    assert (names, [each.name for each in functions]) == ([], ["a", "3"])
    asked = ["precision", "sklearn.f1_score", "fairlearn.metrics.selection_rate", "accuracy"]
    names, functions = chosen_metrics(asked)
    assert names == ["precision", "accuracy"]
    assert [each.function for each in functions] == [
        sklearn.metrics.f1_score,
        fairlearn.metrics.selection_rate,
    ]
    with pytest.raises(InputError, match="name 'accuracy' twice"):
        chosen_metrics(["accuracy", "accuracy"])
    with pytest.raises(InputError, match=r"'sklearn.metrics.nothing', which is absent"):
        chosen_metrics(["sklearn.metrics.nothing"])
