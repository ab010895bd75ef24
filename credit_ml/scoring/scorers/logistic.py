"""A score that is a weighted sum: logistic regression on standardised features."""

from typing import ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from credit_ml.core import ModelError
from credit_ml.scoring.classifier import LogOddsClassifier
from credit_ml.scoring.design import Design
from credit_ml.scoring.encoder import FeatureEncoder
from credit_ml.scoring.parameters import Settings, positive
from credit_ml.scoring.target import checked_target


class LogisticScorer(LogOddsClassifier):
    """Logistic regression: ``log-odds = intercept + sum of weight x standardised feature``.

    Categories have a weight each; a missing value has one of its own where it occurred in fit.

    Cost: a few passes over the table.

    Parameters
    ----------
    C : float, default 1.0
        Inverse strength of the pull of weights towards 0.

    Examples
    --------
    >>> people = pd.DataFrame({"late": np.arange(100) % 5, "job": pd.Categorical(["a", "b"] * 50)})
    >>> scorer = LogisticScorer().fit(people, people["late"] < 2)
    >>> scorer.additive_terms(people[:2]).columns.tolist()
    ['late', 'job']
    """

    kind = "logistic"
    source = "assumed, because it is the plainest score in use"
    settings: ClassVar[Settings] = {"C": (positive(), "inverse strength of the pull to 0")}

    coef_: NDArray[np.float64]
    """Weight of each column of the design, in log-odds."""
    intercept_: float
    """Log-odds of a person at every mean."""

    def __init__(self, *, C: float = 1.0) -> None:
        self.C = C

    def fit(self, X: pd.DataFrame | ArrayLike, y: ArrayLike) -> Self:
        """Fit the weights.

        Raises
        ------
        TableError
            When a column can be neither number nor category.
        ModelError
            When `y` has not two outcomes, or `C` is not above 0.
        """
        if not self.C > 0:
            raise ModelError("LogisticScorer, C", f"is {self.C}", "give a number above 0")
        encoder = FeatureEncoder().fit(X)
        encoded = encoder.transform(X)
        self.classes_, kept = checked_target(y, people=len(encoded))
        self.design_ = Design.of(encoded, category_counts(encoder))
        model = LogisticRegression(C=self.C, max_iter=1000, tol=1e-6)
        # Coefficients change in the last digits with the number of BLAS threads.
        with threadpool_limits(limits=1, user_api="blas"):
            model.fit(self.design_.matrix(encoded), kept)
        self.coef_, self.intercept_ = model.coef_[0], float(model.intercept_[0])
        self.n_iter_ = int(model.n_iter_[0])
        return self._remember(encoder)

    def decision_function(self, X: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
        """Log-odds of the favourable outcome, shape (people,)."""
        check_is_fitted(self)
        matrix = self.design_.matrix(self.encoder_.transform(X))
        log_odds: NDArray[np.float64] = matrix @ self.coef_ + self.intercept_
        return log_odds

    def additive_terms(self, X: pd.DataFrame | ArrayLike) -> pd.DataFrame:
        """Log-odds that each feature adds for each person, shape (people, features)."""
        check_is_fitted(self)
        encoded = self.encoder_.transform(X)
        weighted = self.design_.matrix(encoded) * self.coef_
        terms = np.zeros((len(encoded), encoded.shape[1]))
        for column, owner in enumerate(self.design_.owners):
            terms[:, owner] += weighted[:, column]
        return pd.DataFrame(terms, columns=encoded.columns, index=encoded.index)


def category_counts(encoder: FeatureEncoder) -> dict[str, int]:
    """Number of categories of each feature that has them."""
    return {str(name): len(known) for name, known in encoder.categories_.items()}
