"""Calibration: what a scorer calls eighty of a hundred shall be eighty of a hundred."""

from dataclasses import KW_ONLY, dataclass
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import logit
from sklearn.base import clone
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from credit_ml.scoring.classifier import LogOddsClassifier
from credit_ml.scoring.parameters import check_choice
from credit_ml.scoring.scorers.logistic import LogisticScorer
from credit_ml.scoring.target import fitted, unseen_log_odds

Method = Literal["platt", "isotonic"]

#: Isotonic probabilities are kept this far from 0 and 1, so that log-odds stay finite.
EDGE = 1e-4


@dataclass(eq=False, repr=False)
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

    scorer: Any = None
    _: KW_ONLY
    method: Method = "platt"
    folds: int = 3
    random_state: int = 0

    def fit(
        self, X: pd.DataFrame | ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Fit the scorer and its bend.

        Raises
        ------
        TableError
            When a column can be neither number nor category.
        ModelError
            When `y` has not two outcomes with two people each, or the method is unknown.
        """
        check_choice("CalibratedScorer, method", self.method, Method)
        given = LogisticScorer() if self.scorer is None else self.scorer
        encoder, _, kept, weights = self._started(X, y, sample_weight)
        seed = self.random_state
        unseen = unseen_log_odds([given], X, kept, weights, folds=self.folds, random_state=seed)
        if self.method == "platt":
            self.bend_ = LogisticRegression(C=1e6).fit(unseen, kept, sample_weight=weights)
        else:
            self.bend_ = IsotonicRegression(out_of_bounds="clip").fit(
                unseen[:, 0], kept, sample_weight=weights
            )
        self.scorer_ = fitted(clone(given), X, kept, weights)
        return self._remember(encoder)

    def decision_function(self, X: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
        """Calibrated log-odds of the favourable outcome, shape (people,)."""
        check_is_fitted(self)
        # The encoder refuses what fit did not see, in the words of every scorer.
        self.encoder_.transform(X)
        raw = np.asarray(self.scorer_.decision_function(X), dtype=np.float64)
        if self.method == "platt":
            return np.asarray(self.bend_.decision_function(raw[:, None]))
        return np.asarray(logit(np.clip(self.bend_.predict(raw), EDGE, 1 - EDGE)))
