"""One way to ask any model for a number, and for what each column adds to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, is_regressor
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import (
    ElasticNet,
    ElasticNetCV,
    Lasso,
    LassoCV,
    LinearRegression,
    LogisticRegression,
    LogisticRegressionCV,
    Ridge,
    RidgeCV,
)
from sklearn.tree import DecisionTreeClassifier

from credit_ml.core import InputError, ModelError, refuse_unknown
from credit_ml.scoring.classifier import LogOddsClassifier
from credit_ml.scoring.scorers.rules import RuleScorer

Output = Literal["score", "log_odds", "probability"]
Score = Callable[[pd.DataFrame], NDArray[np.float64]]

#: Classifiers whose `decision_function` is the log-odds; of others it may be anything.
_LOG_ODDS_MODELS = (
    LogOddsClassifier,
    LogisticRegression,
    LogisticRegressionCV,
    HistGradientBoostingClassifier,
    GradientBoostingClassifier,
)
#: Classifiers whose probability is a mean over trees.
_MEAN_MODELS = (RandomForestClassifier, ExtraTreesClassifier, DecisionTreeClassifier)
_LOGISTIC_MODELS = (LogisticRegression, LogisticRegressionCV)
_LINEAR_MODELS = (
    LinearRegression, Ridge, RidgeCV, Lasso, LassoCV, ElasticNet, ElasticNetCV,
)  # fmt: skip
#: A model that is sure (probability 0 or 1) gets the log-odds of one in 10**15.
_SURE = 1e-15


@dataclass(frozen=True, kw_only=True)
class InnerModel:
    """The fitted model inside a score, for those who can read it faster than by asking."""

    model: Any
    """A scorer of this package or a scikit-learn model."""
    read: Callable[[pd.DataFrame], pd.DataFrame]
    """From the table to the columns that the model itself compares."""
    seen: Callable[[pd.DataFrame], pd.DataFrame]
    """From the table to the columns that the model is given."""
    link: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    """From the model's raw sum (log-odds, of forests a probability) to the score."""


@dataclass(frozen=True, kw_only=True)
class ScoreFunction:
    """A model's number for each person, as a function of their table; call it with X.

    Raises
    ------
    ModelError
        From the call, when the model returns another shape, or a number that is not finite.
    """

    name: str
    """Display name of the model."""
    unit: Literal["points", "log-odds", "probability", "score"]
    """Unit of the number; "score" for a function of the user's own."""
    raw: Score = field(repr=False)
    """What is called."""
    inner: InnerModel | None = field(default=None, repr=False)
    """The model inside, where the score is a function of its raw sum alone."""

    def __call__(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Return one number for each person of X, shape (people,)."""
        scores = np.asarray(self.raw(X), dtype="float64")
        if scores.shape != (len(X),):
            raise ModelError(
                self.name, f"returned shape {scores.shape} for {len(X)} people", "return one each"
            )
        if not np.isfinite(scores).all():
            raise ModelError(self.name, "returned scores that are not finite", "mend the model")
        return scores


def display_name(model: Any) -> str:
    """Return what reports call a model: its `name`, or that of its class or function."""
    name = getattr(model, "name", None) or getattr(model, "__name__", None)
    return str(name or type(model).__name__)


def is_rater(model: Any) -> bool:
    """Whether a model shows points on a scale of its own, as `Rater` does."""
    return hasattr(model, "scale") and hasattr(model, "log_odds")


def score_function(model: Any, output: Output = "score") -> ScoreFunction:
    """Return a function from a table to one float64 number a person.

    Parameters
    ----------
    model : rater, scikit-learn classifier or regressor, or callable
        A rater's score is in points, a classifier's the probability of its second class, a
        regressor's its prediction, a callable's what it returns.
    output : {"score", "log_odds", "probability"}
        What to ask of it. Log-odds of a classifier are its `decision_function` where that is
        the log-odds by definition, else the logit of its probability.

    Raises
    ------
    ModelError
        When the model cannot give the output, or has not two classes.

    Examples
    --------
    >>> people = pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0]})
    >>> model = LogisticRegression().fit(people, [1, 1, 0, 0])
    >>> score = score_function(model, "log_odds")
    >>> score.unit, score(people).shape
    ('log-odds', (4,))
    """
    if output not in get_args(Output):
        refuse_unknown(ModelError, "output", str(output), get_args(Output))
    name = display_name(model)
    if isinstance(model, ScoreFunction):
        return model
    if is_rater(model):
        return _rater_function(model, output, name)
    if hasattr(model, "predict_proba"):
        return _classifier_function(model, output, name)
    if output == "score" and isinstance(model, BaseEstimator) and is_regressor(model):
        return ScoreFunction(name=name, unit="score", raw=model.predict)
    if output == "score" and callable(model):
        return ScoreFunction(name=name, unit="score", raw=model)
    raise ModelError(
        name,
        f"cannot give {output.replace('_', '-')}",
        "give a rater, a classifier with predict_proba, or a function with output='score'",
    )


def checked_threshold(model: Any, threshold: float) -> float:
    """Return a threshold that a model's score can reach and miss.

    Raises
    ------
    InputError
        When it is no number, or lies outside a rater's scale or the range of a probability.

    Examples
    --------
    >>> checked_threshold(LogisticRegression(), 0.5)
    0.5
    """
    low, high, whose = -np.inf, np.inf, "the score's scale"
    if is_rater(model):
        low, high = model.scale.low, model.scale.high
        whose = f"the scale of {display_name(model)}, {low:g} to {high:g}"
    elif hasattr(model, "predict_proba"):
        low, high, whose = 0.0, 1.0, "a probability, 0 to 1"
    if not (np.isfinite(threshold) and low <= threshold <= high):
        raise InputError("threshold", f"is {threshold:g}", f"give a number on {whose}")
    return float(threshold)


def additive_terms(model: Any, X: pd.DataFrame, output: Output = "score") -> pd.DataFrame:
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

    Raises
    ------
    ModelError
        When that number is no sum of columns: trees, probabilities, a scale that bends.

    Examples
    --------
    >>> people = pd.DataFrame({"late": [1.0, 2.0], "years": [3.0, 3.0]})
    >>> model = LinearRegression().fit(people, [2.0, 1.0])
    >>> additive_terms(model, people)["late"].round(6).tolist()
    [-1.0, -2.0]
    """
    if output not in get_args(Output):
        refuse_unknown(ModelError, "output", str(output), get_args(Output))
    if is_rater(model):
        return _rater_terms(model, X, output)
    if isinstance(model, _LINEAR_MODELS) and output == "score":
        return _linear_terms(model, X)
    if hasattr(model, "predict_proba") and output != "log_odds":
        raise _not_additive(model, output, "a probability is no sum of terms", "log_odds")
    if isinstance(model, LogOddsClassifier) and hasattr(model, "additive_terms"):
        terms: pd.DataFrame = model.additive_terms(X)
        return terms
    if isinstance(model, _LOGISTIC_MODELS):
        _check_two_classes(model, display_name(model))
        return _linear_terms(model, X)
    raise _not_additive(model, output, "the model is not known to add columns up", None)


def _rater_function(rater: Any, output: Output, name: str) -> ScoreFunction:
    inner = None
    scorer = getattr(rater, "scorer", None)
    # Published rules give points of their own, not the scale's of their log-odds.
    if isinstance(scorer, LogOddsClassifier) and not isinstance(scorer, RuleScorer):
        columns = list(getattr(scorer, "feature_names_in_", ()))
        links = {"score": rater.scale.points, "log_odds": _same, "probability": expit}
        inner = InnerModel(
            model=scorer,
            read=lambda X: scorer.encoder_.transform(X[columns]),
            seen=lambda X: X[columns],
            link=links[output],
        )
    if output == "score":
        return ScoreFunction(name=name, unit="points", raw=rater.score, inner=inner)
    if output == "log_odds":
        return ScoreFunction(name=name, unit="log-odds", raw=rater.log_odds, inner=inner)
    return ScoreFunction(
        name=name, unit="probability", raw=lambda X: rater.predict_proba(X)[:, 1], inner=inner
    )


def _classifier_function(model: Any, output: Output, name: str) -> ScoreFunction:
    _check_two_classes(model, name)
    inner = None
    if isinstance(model, _LOG_ODDS_MODELS):
        encoder = getattr(model, "encoder_", None)
        inner = InnerModel(
            model=model,
            read=_same if encoder is None else encoder.transform,
            seen=_same,
            link=_same if output == "log_odds" else expit,
        )
    elif isinstance(model, _MEAN_MODELS):
        link = _sure if output == "log_odds" else _same
        inner = InnerModel(model=model, read=_same, seen=_same, link=link)
    if output != "log_odds":
        return ScoreFunction(
            name=name, unit="probability", raw=lambda X: model.predict_proba(X)[:, 1], inner=inner
        )
    if isinstance(model, _LOG_ODDS_MODELS):
        return ScoreFunction(name=name, unit="log-odds", raw=model.decision_function, inner=inner)

    return ScoreFunction(
        name=name, unit="log-odds", raw=lambda X: _sure(model.predict_proba(X)[:, 1]), inner=inner
    )


def _same(given: Any) -> Any:
    return given


def _sure(probability: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    log_odds: NDArray[np.float64] = logit(np.clip(probability.astype("float64"), _SURE, 1 - _SURE))
    return log_odds


def _check_two_classes(model: Any, name: str) -> None:
    classes = getattr(model, "classes_", None)
    if classes is None:
        raise ModelError(name, "is not fitted", "call fit first")
    if len(classes) != 2:
        raise ModelError(name, f"has {len(classes)} classes", "give a model of two outcomes")


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


def _linear_terms(model: Any, X: pd.DataFrame) -> pd.DataFrame:
    slopes = np.ravel(model.coef_)
    try:
        values = X.to_numpy(dtype="float64", na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ModelError(
            display_name(model), "has terms of numbers only, and X holds others", "encode X"
        ) from error
    if values.shape[1] != len(slopes):
        raise ModelError(
            display_name(model),
            f"has {len(slopes)} coefficients for {values.shape[1]} columns",
            "give the columns of fit",
        )
    return pd.DataFrame(values * slopes, index=X.index, columns=X.columns)


def _not_additive(model: Any, output: str, reason: str, instead: str | None) -> ModelError:
    name = display_name(model)
    remedy = f"ask for output='{instead}'" if instead else "use a method for any model"
    return ModelError(name, f"{output.replace('_', '-')} is not additive: {reason}", remedy)
