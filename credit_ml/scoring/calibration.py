"""Calibration: what a scorer calls eighty of a hundred shall be eighty of a hundred."""

from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import logit
from sklearn.base import clone
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.validation import check_is_fitted

from credit_ml.core import ModelError
from credit_ml.scoring.classifier import LogOddsClassifier
from credit_ml.scoring.encoder import FeatureEncoder
from credit_ml.scoring.scorers.logistic import LogisticScorer
from credit_ml.scoring.target import checked_target

Method = Literal["platt", "isotonic"]

#: Isotonic probabilities are kept this far from 0 and 1, so that log-odds stay finite.
EDGE = 1e-4


class CalibratedScorer(LogOddsClassifier):
    """A scorer whose log-odds are bent until its probabilities hold, order kept.

    The bend is learned from people whom the scorer did not see (folds), then put on the scorer
    that was fitted on everybody.

    Cost: (folds + 1) fits of the scorer.

    Parameters
    ----------
    scorer : LogOddsClassifier, optional
        What is calibrated; a logistic regression by default.
    method : {"platt", "isotonic"}
        A line through the log-odds, or any rising step function.
    folds : int, default 3
    random_state : int, default 0
        Of the folds.

    References
    ----------
    Platt, J. (1999). Probabilistic outputs for support vector machines. Zadrozny, B. and Elkan, C.
    (2002). Transforming classifier scores into accurate multiclass probability estimates. KDD.

    Examples
    --------
    >>> people = pd.DataFrame({"late": np.arange(300) % 5})
    >>> scorer = CalibratedScorer(method="isotonic").fit(people, people["late"] < 2)
    >>> scorer.predict(people[:3]).tolist()
    [True, True, False]
    """

    def __init__(
        self, scorer: Any = None, *, method: Method = "platt", folds: int = 3, random_state: int = 0
    ) -> None:
        self.scorer = scorer
        self.method = method
        self.folds = folds
        self.random_state = random_state

    def fit(self, X: pd.DataFrame | ArrayLike, y: ArrayLike) -> Self:
        """Fit the scorer and its bend.

        Raises
        ------
        TableError
            When a column can be neither number nor category.
        ModelError
            When `y` has not two outcomes with two people each, or the method is unknown.
        """
        if self.method not in ("platt", "isotonic"):
            problem = f"is {self.method!r}"
            raise ModelError("CalibratedScorer, method", problem, "give platt or isotonic")
        given = LogisticScorer() if self.scorer is None else self.scorer
        encoder = FeatureEncoder().fit(X)
        people = len(encoder.transform(X))
        self.classes_, kept = checked_target(y, people=people)
        least = int(np.bincount(kept).min())
        if least < 2:
            raise ModelError("y", f"has {least} people with one outcome", "give at least two")
        folds = StratifiedKFold(
            min(self.folds, least), shuffle=True, random_state=self.random_state
        )
        unseen = np.empty(people)
        for train, test in folds.split(np.zeros(people), kept):
            part = clone(given).fit(_rows(X, train), kept[train])
            unseen[test] = part.decision_function(_rows(X, test))
        self.bend_ = _bend(unseen, kept, self.method)
        self.scorer_ = clone(given).fit(X, kept)
        return self._remember(encoder)

    def decision_function(self, X: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
        """Calibrated log-odds of the favourable outcome, shape (people,)."""
        check_is_fitted(self)
        # The encoder refuses what fit did not see, in the words of every scorer.
        self.encoder_.transform(X)
        raw = np.asarray(self.scorer_.decision_function(X), dtype=np.float64)
        if self.method == "platt":
            line: NDArray[np.float64] = self.bend_.decision_function(raw[:, None])
            return line
        steps: NDArray[np.float64] = logit(np.clip(self.bend_.predict(raw), EDGE, 1 - EDGE))
        return steps


def _bend(log_odds: NDArray[np.float64], kept: NDArray[np.int8], method: Method) -> Any:
    if method == "platt":
        return LogisticRegression(C=1e6).fit(log_odds[:, None], kept)
    return IsotonicRegression(out_of_bounds="clip").fit(log_odds, kept)


def _rows(X: Any, rows: NDArray[np.intp]) -> Any:
    return X.iloc[rows] if isinstance(X, pd.DataFrame) else np.asarray(X)[rows]
