"""What each column adds to each person's number, for models that only add."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn import linear_model as linear

from credit_ml.core import Dataset, ModelError, Origin
from credit_ml.scoring.classifier import LogOddsClassifier
from credit_ml.scoring.direction import (
    Direction,
    aligned,
    checked_direction,
    display_name,
    good_class,
)
from credit_ml.scoring.output import Output, check_two_classes, is_rater
from credit_ml.scoring.parameters import check_choice

_LOGISTIC_MODELS = (linear.LogisticRegression, linear.LogisticRegressionCV)
_LEAST_SQUARES = (linear.LinearRegression, linear.Ridge, linear.RidgeCV)
_SPARSE = (linear.Lasso, linear.LassoCV, linear.ElasticNet, linear.ElasticNetCV)
_LINEAR_MODELS = (*_LEAST_SQUARES, *_SPARSE)


def additive_terms(
    model: Any,
    X: pd.DataFrame,
    output: Output = "score",
    *,
    dataset: Dataset | None = None,
    direction: Direction | None = None,
) -> pd.DataFrame:
    """What each column adds to each person's number, for models that only add.

    ``number = constant + additive_terms(model, X, output).sum(axis=1)``, the constant the same
    for everybody, so that it cancels in every gap.

    Parameters
    ----------
    model : rater, Scorecard, RuleScorer, or linear or logistic regression
        What scores.
    X : pandas.DataFrame
        People, with the columns of `fit`.
    output : {"score", "log_odds", "probability"}
        The number that the terms add up to.
    dataset, direction
        Which class is good, as for `score_function`.

    Raises
    ------
    ModelError
        When that number is no sum of columns: trees, probabilities, a scale that bends.

    Examples
    --------
    >>> people = pd.DataFrame({"late": [1.0, 2.0], "years": [3.0, 3.0]})
    >>> model = linear.LinearRegression().fit(people, [2.0, 1.0])
    >>> additive_terms(model, people)["late"].round(6).tolist()
    [-1.0, -2.0]
    """
    check_choice("output", output, Output)
    if is_rater(model):
        return _rater_terms(model, X, output)
    name = display_name(model)
    checked_direction(direction)
    if isinstance(model, _LINEAR_MODELS) and output == "score":
        return _linear_terms(model, X, name) * (-1.0 if direction == "lower_is_better" else 1.0)
    if hasattr(model, "predict_proba") and output != "log_odds":
        raise _not_additive(model, output, "a probability is no sum of terms", "log_odds")
    own = isinstance(model, LogOddsClassifier) and hasattr(model, "additive_terms")
    if not (own or isinstance(model, _LOGISTIC_MODELS)):
        raise _not_additive(model, output, "the model is not known to add columns up", None)
    check_two_classes(model, name)
    seen = X[aligned(model, name, list(X.columns))[0]] if isinstance(X, pd.DataFrame) else X
    terms: pd.DataFrame = model.additive_terms(seen) if own else _linear_terms(model, seen, name)
    good = good_class(model, dataset=dataset, direction=direction, origin=Origin.of(X))
    return terms if good == 1 else -terms


def _rater_terms(rater: Any, X: pd.DataFrame, output: Output) -> pd.DataFrame:
    if output == "probability":
        raise _not_additive(rater, output, "a probability is no sum of terms", "log_odds")
    if output == "score" and not rater.scale.affine:
        bends = f"its {type(rater.scale).__name__} bends"
        raise _not_additive(rater, output, bends, "log_odds")
    terms = additive_terms(rater.scorer, X[list(rater.scorer.feature_names_in_)], "log_odds")
    if output == "log_odds":
        return terms
    ends = rater.scale.points(np.array([0.0, 1.0]))
    return terms * float(ends[1] - ends[0])


def _linear_terms(model: Any, X: pd.DataFrame, name: str) -> pd.DataFrame:
    slopes, X = np.ravel(model.coef_), X[aligned(model, name, list(X.columns))[0]]
    try:
        values = X.to_numpy(dtype="float64", na_value=np.nan)
    except (TypeError, ValueError) as error:
        problem = "has terms of numbers only, and X holds others"
        raise ModelError(name, problem, "encode X") from error
    return pd.DataFrame(values * slopes, index=X.index, columns=X.columns)


def _not_additive(model: Any, output: str, reason: str, instead: str | None) -> ModelError:
    name = display_name(model)
    remedy = f"ask for output='{instead}'" if instead else "use a method for any model"
    return ModelError(name, f"{output.replace('_', '-')} is not additive: {reason}", remedy)
