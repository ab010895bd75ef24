"""What is told of a model: importance by column and by factor."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.tree import DecisionTreeClassifier

from credit_ml.core import Dataset
from credit_ml.explanation import (
    explain,
    explanation_stability,
    feature_attributions,
    partial_dependence,
)
from credit_ml.scoring import LogisticScorer, OpaqueScorer, Scorecard, score_function


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(5)
    rows = 500
    late = random.poisson(1.5, rows)
    frame = pd.DataFrame(
        {
            "late": late,
            "years": np.where(random.random(rows) < 0.1, np.nan, random.gamma(2, 3, rows)),
            "job": pd.Categorical(random.choice(["state", "own", None], rows)),
            "sex": random.choice(["f", "m"], rows),
            "kept": (random.random(rows) < 1 / (1 + np.exp(late - 1.5))).astype(int),
        }
    )
    return Dataset.from_frame(
        frame,
        target="kept",
        sensitive=["sex"],
        factors={"history": ["late", "years"], "work": ["job"]},
    )


def importance(found, level, group="all"):
    rows = found.table[(found.table["level"] == level) & (found.table["group"] == group)]
    assert (rows["sensitive"] == ("overall" if group == "all" else "sex")).all()
    return rows.set_index("name")["estimate"]


@pytest.mark.parametrize("scorer", [OpaqueScorer(max_iter=20), Scorecard()])
def test_columns_of_a_factor_are_added_before_the_absolute_value_is_taken(table, scorer):
    model = scorer.fit(table.X, table.y)
    found = explain(model, table, people=len(table), sensitive="sex")
    values = feature_attributions(model, table.X)
    assert importance(found, "feature").to_dict() == pytest.approx(values.abs().mean().to_dict())
    history = values[["late", "years"]].sum(axis=1)
    assert importance(found, "factor")["history"] == pytest.approx(history.abs().mean())
    men = table.sensitive["sex"] == "m"
    of_men = importance(found, "factor", "m")["history"]
    assert of_men == pytest.approx(history[men].abs().mean())


def test_a_model_that_shap_cannot_be_held_to_is_explained_by_factor(table):
    numbers = Dataset.from_frame(
        pd.DataFrame(
            {
                "late": table.X["late"],
                "noise": np.arange(500) % 7,
                "sex": table.sensitive["sex"],
                "kept": table.y,
            }
        ),
        target="kept",
        sensitive=["sex"],
    )
    tree = DecisionTreeClassifier(max_depth=1).fit(numbers.X, numbers.y)
    found = explain(tree, numbers, people=200)
    assert set(found.table["level"]) == {"factor"}
    size = importance(found, "factor")
    assert size["noise"] == 0  # a stump reads one column
    assert size["late"] > 0
    axes = found.plot()
    assert sorted(label.get_text() for label in axes.get_yticklabels()) == ["late", "noise"]
    plt.close(axes.figure)


def test_importance_by_factor_is_not_blown_up_by_the_reference(table):
    """An additive score by both ways: SHAP is exact, ten references come near."""
    model = Scorecard().fit(table.X, table.y)
    exact = importance(explain(model, table, people=500), "factor")
    plain = score_function(model, "log_odds")

    class Closed:
        classes_ = np.array([0, 1])

        def predict_proba(self, X):
            kept = 1 / (1 + np.exp(-plain(X)))
            return np.column_stack([1 - kept, kept])

    near = importance(explain(Closed(), table, people=500), "factor")
    assert near["history"] == pytest.approx(exact["history"], rel=0.1)


def test_every_table_says_its_unit(table):
    """Log-odds of importance beside reasons in probabilities are not to be taken for one."""
    model = LogisticScorer().fit(table.X, table.y)
    found = explain(model, table, people=60)
    stability = explanation_stability(LogisticScorer(), table, refits=2, people=40)
    deviates = stability.where(measure="deviation")
    curve = partial_dependence(model, table, column="late", people=40)
    reasons = found.reasons(0)
    for shown, unit in (
        (found.table, "log-odds"),
        (deviates.table, "log-odds"),
        (curve.table, "probability"),
        (reasons.factors, "probability"),
    ):
        assert set(shown["unit"]) == {unit}
    assert reasons.unit in reasons.text()
    assert any("log-odds" in note for note in found.notes)
