"""What every scorer of this package shares: probabilities from log-odds."""

from abc import abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from credit_ml.core import ModelError
from credit_ml.core.progress import awaited
from credit_ml.core.tables.frames import with_columns
from credit_ml.scoring.encoder import FeatureEncoder
from credit_ml.scoring.parameters import Settings
from credit_ml.scoring.target import checked_sample_weight, checked_target

Kept = NDArray[np.int8]
Weights = NDArray[np.float64]


class LogOddsClassifier(ClassifierMixin, BaseEstimator):
    """A classifier of two outcomes whose `decision_function` is the log-odds of the second.

    Examples
    --------
    >>> from credit_ml.scoring import LogisticScorer
    >>> people = pd.DataFrame({"late": np.arange(10)})
    >>> scorer = LogisticScorer().fit(people, people["late"] < 5)
    >>> chance = scorer.predict_proba(people)[:, 1]
    >>> bool(np.allclose(chance, expit(scorer.decision_function(people))))
    True
    """

    kind: ClassVar[str] = ""
    """What an agency's file calls it; a scorer that no file names has none."""
    source: ClassVar[str] = ""
    """Why its defaults are what they are; "" where every file must say it."""
    settings: ClassVar[Settings] = {}
    """Parameters that a file may set, with what is allowed and the unit."""
    old_settings: ClassVar[dict[str, str]] = {}
    """What those were called before."""

    classes_: NDArray[Any]
    """The two outcomes; the second, class 1 of `int` outcomes, is the favourable one."""
    encoder_: FeatureEncoder
    """Turns a table into the float32 numbers that the scorer reads."""
    n_features_in_: int
    """Number of features in `fit`."""

    @abstractmethod
    def decision_function(self, X: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
        """Log-odds of the favourable outcome, shape (people,)."""

    def predict_proba(self, X: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
        """Probabilities of both outcomes, ``expit`` of the log-odds; shape (people, 2)."""
        log_odds = self.decision_function(X)
        return np.column_stack([expit(-log_odds), expit(log_odds)])

    def predict(self, X: pd.DataFrame | ArrayLike) -> NDArray[Any]:
        """The likelier outcome of each person; the favourable one when both are equally likely."""
        check_is_fitted(self)
        return np.asarray(self.classes_[(self.decision_function(X) >= 0).astype(int)])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.classifier_tags.multi_class = False
        return tags

    def _started(
        self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None
    ) -> tuple[FeatureEncoder, pd.DataFrame, Kept, Weights | None]:
        """Encode people, check their outcomes and weights, as every `fit` does first."""
        encoder = FeatureEncoder().fit(X)
        encoded = encoder.transform(X)
        self.classes_, kept = checked_target(y, people=len(encoded))
        weights = checked_sample_weight(sample_weight, people=len(encoded))
        if weights is not None:
            both = all(weights[kept == code].any() for code in (0, 1))
            problem = "is zero for one class of outcomes"
            ModelError.unless(both, "sample_weight", problem, "give weight to both")
        return encoder, encoded, kept, weights

    def _remember(self, encoder: FeatureEncoder) -> Self:
        self.encoder_, self.n_features_in_ = encoder, encoder.n_features_in_
        self.__dict__.pop("feature_names_in_", None)
        if hasattr(encoder, "feature_names_in_"):
            self.feature_names_in_ = encoder.feature_names_in_
        return self


class EncodedScorer(LogOddsClassifier):
    """A scorer that learns from encoded columns: float32 numbers, NaN where missing."""

    @awaited("a fit")
    def fit(
        self, X: pd.DataFrame | ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Learn from people and their outcomes.

        Parameters
        ----------
        X, y
            People and outcomes.
        sample_weight : array_like of shape (people,), optional
            As how many people each one counts; whoever has 0 is not learned from.

        Raises
        ------
        TableError
            When a column can be neither number nor category.
        ModelError
            When `y` has not two outcomes, an option is out of range, or a library is missing.
        """
        self._check_options()
        encoder, encoded, kept, weights = self._started(X, y, sample_weight)
        if weights is not None:
            there = weights > 0
            encoded, kept, weights = encoded[there], kept[there], weights[there]
        unknown = encoded.columns[encoded.isna().all()]  # of nobody: learned as a constant
        known = with_columns(encoded, dict.fromkeys(unknown, 0.0))
        self._remember(encoder)._learn(known, kept, weights)
        return self

    def decision_function(self, X: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
        """Log-odds of the favourable outcome, shape (people,)."""
        check_is_fitted(self)
        return np.asarray(self._log_odds(self.encoder_.transform(X)), dtype=np.float64)

    def _check_options(self) -> None:
        """Raise ModelError when an option is out of range."""

    @abstractmethod
    def _learn(self, encoded: pd.DataFrame, kept: Kept, weights: Weights | None) -> None:
        """Learn from encoded columns, outcomes 0 and 1, and weights above 0 or none.

        `encoder_` is there already.
        """

    def _log_odds(self, encoded: pd.DataFrame) -> Any:
        """Log-odds of the second outcome, shape (people,)."""
