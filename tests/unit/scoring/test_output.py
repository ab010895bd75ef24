"""Any model, one question: its number, and what each column adds to it."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.svm import SVC

from credit_ml.core import InputError, ModelError
from credit_ml.scoring import (
    OpaqueScorer,
    PointsToDoubleOdds,
    RangeScale,
    Scorecard,
    additive_terms,
    checked_threshold,
    score_function,
)


class FakeRater:
    """What every function of this module takes for a rater."""

    name = "fake (scorecard)"

    def __init__(self, scorer: Scorecard, scale: Any) -> None:
        self.scorer, self.scale = scorer, scale

    def score(self, X: pd.DataFrame) -> pd.Series:
        return pd.Series(self.scale.points(self.log_odds(X)), index=X.index)

    def log_odds(self, X: pd.DataFrame) -> Any:
        return self.scorer.decision_function(X)

    def predict_proba(self, X: pd.DataFrame) -> Any:
        return self.scorer.predict_proba(X)


DOUBLING = PointsToDoubleOdds(base_points=600, base_odds=8, points_to_double=40)
RANGE = RangeScale(low=350, high=950, centre_odds=6, spread=1.2)


@pytest.fixture(scope="module")
def card(table: Any) -> Scorecard:
    return Scorecard().fit(table.X, table.kept)


@pytest.fixture(scope="module")
def numbers(table: Any) -> pd.DataFrame:
    return table.X[["late", "savings"]].astype("float64")


def test_rater_answers_in_points_log_odds_and_probability(card: Scorecard, table: Any) -> None:
    rater = FakeRater(card, RANGE)
    points, log_odds, probability = (
        score_function(rater, output) for output in ("score", "log_odds", "probability")
    )
    assert [each.unit for each in (points, log_odds, probability)] == [
        "points",
        "log-odds",
        "probability",
    ]
    assert points.name == "fake (scorecard)"
    np.testing.assert_allclose(RANGE.log_odds(points(table.X)), log_odds(table.X), atol=1e-9)
    np.testing.assert_allclose(logit(probability(table.X)), log_odds(table.X), atol=1e-9)


def test_score_of_a_classifier_is_its_probability(card: Scorecard, table: Any) -> None:
    np.testing.assert_array_equal(score_function(card)(table.X), card.predict_proba(table.X)[:, 1])


@pytest.mark.parametrize("model", [LogisticRegression(), OpaqueScorer(max_iter=5), Scorecard()])
def test_log_odds_by_definition_are_taken_exactly(
    model: Any, numbers: pd.DataFrame, table: Any
) -> None:
    model.fit(numbers, table.kept)
    np.testing.assert_array_equal(
        score_function(model, "log_odds")(numbers), model.decision_function(numbers)
    )


def test_log_odds_of_other_classifiers_are_the_logit_of_their_probability(
    numbers: pd.DataFrame, table: Any
) -> None:
    forest = RandomForestClassifier(5, random_state=0).fit(numbers, table.kept)
    log_odds = score_function(forest, "log_odds")(numbers)
    assert np.isfinite(log_odds).all()
    sure = forest.predict_proba(numbers)[:, 1]
    inside = (sure > 0) & (sure < 1)
    np.testing.assert_allclose(log_odds[inside], logit(sure[inside]))


def test_regressors_and_functions_are_taken_as_they_are(numbers: pd.DataFrame, table: Any) -> None:
    line = LinearRegression().fit(numbers, table.kept)
    np.testing.assert_array_equal(score_function(line)(numbers), line.predict(numbers))
    late = score_function(lambda X: X["late"])
    assert late.unit == "score"
    assert late(numbers).dtype == np.float64
    assert score_function(late) is late


@pytest.mark.parametrize(
    ("model", "output", "words"),
    [
        (LogisticRegression(), "score", "is not fitted"),
        (SVC(), "probability", "cannot give probability"),
        (len, "log_odds", "cannot give log-odds"),
        (3, "score", "cannot give score"),
        (LogisticRegression(), "log_ods", "did you mean 'log_odds'"),
    ],
)
def test_what_a_model_cannot_give_is_refused(model: Any, output: Any, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        score_function(model, output)


def test_three_outcomes_are_refused(numbers: pd.DataFrame) -> None:
    model = LogisticRegression().fit(numbers, np.arange(len(numbers)) % 3)
    with pytest.raises(ModelError, match="has 3 classes"):
        score_function(model)


@pytest.mark.parametrize(
    ("answer", "words"), [(np.zeros((3, 2)), "shape"), (np.full(3, np.nan), "not finite")]
)
def test_bad_answers_are_refused(answer: Any, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        score_function(lambda X: answer)(pd.DataFrame({"late": [0, 1, 2]}))


def rebuilt(model: Any, X: pd.DataFrame, output: Any) -> Any:
    """The number less its terms, which must be the same for everybody."""
    return score_function(model, output)(X) - additive_terms(model, X, output).sum(axis=1)


def test_terms_of_an_affine_rater_add_up_to_points_and_log_odds(
    card: Scorecard, table: Any
) -> None:
    rater = FakeRater(card, DOUBLING)
    for output in ("score", "log_odds"):
        rest = rebuilt(rater, table.X, output)
        np.testing.assert_allclose(rest, rest.iloc[0], rtol=0, atol=1e-9)


def test_terms_of_linear_models_add_up(numbers: pd.DataFrame, table: Any) -> None:
    line = LinearRegression().fit(numbers, table.kept)
    np.testing.assert_allclose(rebuilt(line, numbers, "score"), line.intercept_)
    logistic = LogisticRegression().fit(numbers, table.kept)
    np.testing.assert_allclose(rebuilt(logistic, numbers, "log_odds"), logistic.intercept_[0])


def test_numbers_that_are_no_sums_are_refused(
    card: Scorecard, numbers: pd.DataFrame, table: Any
) -> None:
    bent = FakeRater(card, RANGE)
    logistic = LogisticRegression().fit(numbers, table.kept)
    trees = OpaqueScorer(max_iter=2).fit(table.X, table.kept)
    cases: list[tuple[Any, Any, str]] = [
        (bent, "score", "its RangeScale bends; ask for output='log_odds'"),
        (bent, "probability", "a probability is no sum"),
        (card, "score", "a probability is no sum"),
        (logistic, "probability", "a probability is no sum"),
        (trees, "log_odds", "not known to add columns up"),
        (len, "score", "not known to add columns up"),
    ]
    for model, output, words in cases:
        with pytest.raises(ModelError, match=words):
            additive_terms(model, table.X, output)


def test_linear_terms_of_categories_are_refused(numbers: pd.DataFrame, table: Any) -> None:
    line = LinearRegression().fit(numbers, table.kept)
    with pytest.raises(ModelError, match="terms of numbers only"):
        additive_terms(line, table.X[["late", "job"]].set_axis(numbers.columns, axis=1))
    with pytest.raises(ModelError, match="reads the column 'savings', which is no feature here"):
        additive_terms(line, numbers[["late"]])
    nameless = LinearRegression().fit(numbers.to_numpy(), table.kept)
    with pytest.raises(ModelError, match="fitted on 2 columns without names, and here are 1"):
        additive_terms(nameless, numbers[["late"]])


@pytest.mark.parametrize("threshold", [349.0, 951.0, float("nan")])
def test_a_threshold_off_the_scale_is_refused(threshold):
    class Shown:
        name = "sesame (opaque)"
        scale = RangeScale(low=350, high=950, centre_odds=6, spread=1)

        def log_odds(self, X):
            return X

    assert checked_threshold(Shown(), 350) == 350.0
    with pytest.raises(InputError, match=r"threshold: is .* give a number on the scale of sesame"):
        checked_threshold(Shown(), threshold)
