"""One way to ask any model for a number, and for what each column adds to it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn import ensemble
from sklearn.base import BaseEstimator, is_regressor
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
from sklearn.tree import DecisionTreeClassifier

from credit_ml.core import Dataset, InputError, ModelError, Origin
from credit_ml.core.tables.columns import plain
from credit_ml.scoring.classifier import LogOddsClassifier
from credit_ml.scoring.direction import (
    Direction,
    aligned,
    as_fitted,
    checked_direction,
    display_name,
    gaps_named,
    good_class,
    of_second_class,
    refuse_reversed,
)
from credit_ml.scoring.parameters import check_choice
from credit_ml.scoring.scorers.rules import RuleScorer

Output = Literal["score", "log_odds", "probability"]
Unit = Literal["points", "log-odds", "probability", "score"]
Score = Callable[[pd.DataFrame], NDArray[np.float64]]

#: Classifiers whose log-odds are a sum over trees.
BOOSTED_MODELS = (ensemble.HistGradientBoostingClassifier, ensemble.GradientBoostingClassifier)
#: Classifiers whose `decision_function` is the log-odds; of others it may be anything.
LOG_ODDS_MODELS = (LogOddsClassifier, LogisticRegression, LogisticRegressionCV, *BOOSTED_MODELS)
#: Classifiers whose probability is a mean over trees.
_FORESTS = (ensemble.RandomForestClassifier, ensemble.ExtraTreesClassifier)
MEAN_MODELS = (*_FORESTS, DecisionTreeClassifier)
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
    rising: bool = True
    """Whether more of the raw sum is more of the score: not where the first class is the good."""


@dataclass(frozen=True, kw_only=True)
class ScoreFunction:
    """A model's number for each person, as a function of their table; call it with X.

    Raises
    ------
    ModelError
        From the call, when the model returns another shape, or a number that is not finite.

    Examples
    --------
    >>> people = pd.DataFrame({"late": [0.0, 2.0]})
    >>> score_function(lambda X: 5 - X["late"])(people).tolist()
    [5.0, 3.0]
    """

    name: str
    """Display name of the model."""
    unit: Unit
    """Unit of the number; "score" for a function of the user's own."""
    raw: Score = field(repr=False)
    """What is called."""
    inner: InnerModel | None = field(default=None, repr=False)
    """The model inside, where the score is a function of its raw sum alone."""

    def __call__(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Return one number for each person of X, shape (people,)."""
        with gaps_named(self.name, X):
            scores = np.asarray(self.raw(X), dtype="float64")
        problem = f"returned shape {scores.shape} for {len(X)} people"
        ModelError.unless(scores.shape == (len(X),), self.name, problem, "return one each")
        problem = "returned scores that are not finite"
        ModelError.unless(np.isfinite(scores).all(), self.name, problem, "mend the model")
        return scores

    def knowing(self, X: pd.DataFrame, scores: NDArray[np.float64]) -> "ScoreFunction":
        """The same, where the scores of one table are at hand; that very table is not asked again.

        Examples
        --------
        >>> people = pd.DataFrame({"late": [0.0, 2.0]})
        >>> score = score_function(lambda X: 5 - X["late"])
        >>> score.knowing(people, score(people))(people).tolist()
        [5.0, 3.0]
        """
        return replace(self, raw=lambda rows: scores if rows is X else self.raw(rows))


def is_rater(model: Any) -> bool:
    """Whether a model shows points on a scale of its own, as `Rater` does.

    Examples
    --------
    >>> is_rater(LogisticRegression())
    False
    """
    return hasattr(model, "scale") and hasattr(model, "log_odds")


def score_function(
    model: Any,
    output: Output = "score",
    *,
    dataset: Dataset | None = None,
    direction: Direction | None = None,
) -> ScoreFunction:
    """Return a function from a table to one float64 number a person, high when good for them.

    The model is given the columns it was fitted on, in its order and in the types of the user's
    own table. Which class of a classifier is good follows from its `classes_` and from the
    outcomes of the dataset (`Dataset.from_frame`, ``favourable``).

    Parameters
    ----------
    model : rater, scikit-learn classifier or regressor, or callable
        A rater's score is in points, a classifier's the probability of its good class, a
        regressor's its prediction, a callable's what it returns; a classifier's without
        probabilities its decision function, or 1 where it predicts the good class, else 0. What a
        class of one's own without `classes_` predicts are numbers, high when good, or the two
        values of the outcome.
    output : {"score", "log_odds", "probability"}
        What to ask of it. Log-odds of a classifier are its `decision_function` where that is
        the log-odds by definition, else the logit of its probability.
    dataset : Dataset, optional
        Whose outcomes say which class is good. Without it, the second class is, unless the table
        given later says otherwise, which is an error.
    direction : {"higher_is_better", "lower_is_better"}, optional
        What a high number, or the second class of a classifier, means for a person, where the
        dataset does not say it or is to be overruled.

    Raises
    ------
    ModelError
        When the model cannot give the output or has not two classes; when its classes are not
        those of the outcome; when a function's numbers are lower for people with the good
        outcome (their AUC is below 0.5 by three standard errors) and no direction is given.

    Examples
    --------
    >>> people = pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0]})
    >>> model = LogisticRegression().fit(people, [1, 1, 0, 0])
    >>> score = score_function(model, "log_odds")
    >>> score.unit, score(people).shape
    ('log-odds', (4,))
    """
    check_choice("output", output, Output)
    name = display_name(model)
    checked_direction(direction)
    if isinstance(model, ScoreFunction):
        return model
    if is_rater(model):
        return _rater_function(model, output, name)
    if type(model).__module__.startswith("fairlearn."):
        problem = "is given sensitive features beside the table"
        remedy = "give credit_ml.scoring.Mitigated(model, sensitive=column), which reads them there"
        raise ModelError(name, problem, remedy)
    if hasattr(model, "predict_proba"):
        return _classifier_function(model, output, name, direction, dataset)
    if hasattr(model, "predict") and hasattr(model, "classes_") and output == "score":
        return _order_function(model, name, direction, dataset)
    if output == "score" and (_predicts(model) or callable(model)):
        return _own_function(model, name, direction, dataset)
    remedy = "give a rater, a classifier with predict_proba, or a function with output='score'"
    if hasattr(model, "classes_"):
        remedy = "give CalibratedClassifierCV(model) of scikit-learn, which has probabilities"
    raise ModelError(name, f"cannot give {output.replace('_', '-')}", remedy)


def checked_threshold(model: Any, threshold: float, output: Output = "score") -> float:
    """Return a threshold that a model's score, or another output, can reach and miss.

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
    if is_rater(model) and output == "score":
        low, high = model.scale.low, model.scale.high
        whose = f"the scale of {display_name(model)}, {low:g} to {high:g}"
    elif output == "probability" or (output == "score" and hasattr(model, "predict_proba")):
        low, high, whose = 0.0, 1.0, "a probability, 0 to 1"
    usable = np.isfinite(threshold) and low <= threshold <= high
    InputError.unless(usable, "threshold", f"is {threshold:g}", f"give a number on {whose}")
    return float(threshold)


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
    raw = {"score": rater.score, "log_odds": rater.log_odds}.get(
        output, lambda X: rater.predict_proba(X)[:, 1]
    )
    units: dict[Output, Unit] = {"score": "points", "log_odds": "log-odds"}
    unit = units.get(output, "probability")
    return ScoreFunction(name=name, unit=unit, raw=raw, inner=inner)


def _classifier_function(
    model: Any, output: Output, name: str, direction: Direction | None, dataset: Dataset | None
) -> ScoreFunction:
    check_two_classes(model, name)
    place = good_class(model, dataset=dataset, direction=direction)
    given = _reader(model, name, dataset, guarded=dataset is None and direction is None)
    summed = output == "log_odds"
    inner = _inner_of(model, name, summed=summed, rising=place == 1)

    def raw(X: pd.DataFrame) -> NDArray[np.float64]:
        if not summed:
            return np.asarray(model.predict_proba(given(X)))[:, place]
        if not isinstance(model, LOG_ODDS_MODELS):
            return _sure(np.asarray(model.predict_proba(given(X)))[:, place])
        log_odds: NDArray[np.float64] = model.decision_function(given(X))
        return log_odds if place == 1 else -log_odds

    unit: Unit = "log-odds" if summed else "probability"
    return ScoreFunction(name=name, unit=unit, raw=raw, inner=inner)


def _order_function(
    model: Any, name: str, direction: Direction | None, dataset: Dataset | None
) -> ScoreFunction:
    """Score of a classifier without probabilities: its decision function, or the good label."""
    check_two_classes(model, name)
    place = good_class(model, dataset=dataset, direction=direction)
    given = _reader(model, name, dataset, guarded=dataset is None and direction is None)

    def raw(X: pd.DataFrame) -> NDArray[np.float64]:
        second = of_second_class(model, given(X))
        if place == 1:
            return second
        return -second if hasattr(model, "decision_function") else 1.0 - second

    return ScoreFunction(name=name, unit="score", raw=raw)


def _predicts(model: Any) -> bool:
    """Whether a model without classes says its number or label by `predict`, as a regression."""
    if isinstance(model, BaseEstimator):
        return bool(is_regressor(model))
    return hasattr(model, "predict") and not callable(model)


def _own_function(
    model: Any, name: str, direction: Direction | None, dataset: Dataset | None
) -> ScoreFunction:
    """Score of a function of the user's own, of a regression, or of a class that only predicts."""
    call = model.predict if _predicts(model) else model
    given = _reader(model, name, dataset)
    sign = -1.0 if direction == "lower_is_better" else 1.0
    outcomes = None if dataset is None or dataset.origin is None else dataset.origin.outcomes

    def raw(X: pd.DataFrame) -> NDArray[np.float64]:
        try:
            return sign * _as_numbers(call(given(X)), name, outcomes)
        except KeyError as error:
            problem = f"reads {error}, and the features are {', '.join(map(str, X.columns))}"
            raise ModelError(name, problem, "put what it reads into a factor") from error

    score = ScoreFunction(name=name, unit="score", raw=raw)
    if direction is None and dataset is not None:
        refuse_reversed(name, score, dataset.reading(model))
    return score


def _as_numbers(told: Any, name: str, outcomes: tuple[Any, Any] | None) -> NDArray[np.float64]:
    """Return what a function says as numbers; of the outcome's own words 1 is the good one."""
    said: NDArray[Any] = np.asarray(told)
    if said.dtype.kind in "OUST" and outcomes is not None:
        other, good = map(str, outcomes)
        words = said.astype(str)
        if set(np.unique(words)) <= {other, good}:
            return np.asarray(words == good, dtype="float64")
    try:
        return said.astype("float64")
    except (TypeError, ValueError) as error:
        problem = "says words that are no values of the outcome"
        remedy = "let it say numbers, high when good, or the two values of the target"
        raise ModelError(name, problem, remedy) from error


def _inner_of(model: Any, name: str, *, summed: bool, rising: bool) -> InnerModel | None:
    def seen(X: pd.DataFrame) -> pd.DataFrame:
        return X[aligned(model, name, list(X.columns))[0]]

    averages = isinstance(model, MEAN_MODELS)
    if not averages and not isinstance(model, LOG_ODDS_MODELS):
        return None
    encoder = getattr(model, "encoder_", None)
    if encoder is not None and not hasattr(model, "feature_names_in_"):
        return None  # fitted on an array, and asked by column no faster
    sure: Any = (_sure if summed else _same) if averages else (_same if summed else expit)
    whole = 1.0 if averages else 0.0  # of both classes together
    return InnerModel(
        model=model,
        read=seen if encoder is None else lambda X: encoder.transform(seen(X)),
        seen=seen,
        link=sure if rising else lambda raw: sure(whole - raw),
        rising=rising,
    )


def _reader(
    model: Any, name: str, dataset: Dataset | None, *, guarded: bool = False
) -> Callable[[pd.DataFrame], Any]:
    """Return what turns features into what a model is given: its columns, in its order and types.

    Parameters
    ----------
    guarded : bool
        Whether the second class was taken for the good one without anybody having said so: then
        features that say otherwise are refused.
    """
    own = isinstance(model, LogOddsClassifier)  # encodes its columns itself

    @lru_cache(maxsize=2)
    def second_is_good(origin: Origin) -> bool:
        return good_class(model, origin=origin) == 1

    def given(X: Any) -> Any:
        if not isinstance(X, pd.DataFrame):
            return X
        origin = Origin.of(X) if dataset is None or dataset.origin is None else dataset.origin
        if guarded and origin is not None and not second_is_good(origin):
            second = plain(model.classes_[1])
            problem = f"has the second class {second!r}, which is not the good outcome here"
            remedy = "call score_function(model, dataset=...), which turns it round"
            raise ModelError(name, problem, remedy)
        X = dataset.reading(model).X if dataset is not None and X is dataset.X else X
        columns, named = aligned(model, name, list(X.columns))
        seen = X if len(columns) == X.shape[1] and columns == list(X.columns) else X[columns]
        if origin is not None and not own:
            seen = origin.restored(seen)
        if not own:
            as_fitted(model, name, seen)
        return seen if named else seen.to_numpy()

    return given


def _same(given: Any) -> Any:
    return given


def _sure(probability: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    return np.asarray(logit(np.clip(probability.astype("float64"), _SURE, 1 - _SURE)))


def check_two_classes(model: Any, name: str) -> None:
    """Raise ModelError unless a model is fitted, on two classes."""
    classes: Any = getattr(model, "classes_", None)
    if classes is None and not hasattr(model, "fit"):
        problem = "has no classes_, so that nobody knows which of its columns is good"
        remedy = "give a function: lambda X: model.predict_proba(X)[:, 1], where 1 is good"
        raise ModelError(name, problem, remedy)
    ModelError.unless(classes is not None, name, "is not fitted", "call fit first")
    problem = f"has {len(classes)} classes"
    ModelError.unless(len(classes) == 2, name, problem, "give a model of two outcomes")
