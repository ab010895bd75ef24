"""A score that is a weighted sum: logistic regression on standardised features."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from credit_ml.scoring.classifier import EncodedScorer, Kept, Weights
from credit_ml.scoring.design import Design
from credit_ml.scoring.parameters import Settings, check_positive, positive


@dataclass(kw_only=True, eq=False, repr=False)
class LogisticScorer(EncodedScorer):
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

    C: float = 1.0
    coef_: NDArray[np.float64] = field(init=False)
    """Weight of each column of the design, in log-odds."""
    intercept_: float = field(init=False)
    """Log-odds of a person at every mean."""

    def _check_options(self) -> None:
        check_positive(self, "C")

    def _learn(self, encoded: pd.DataFrame, kept: Kept, weights: Weights | None) -> None:
        self.design_ = Design.of(encoded, self.encoder_.categories_, weights)
        model = LogisticRegression(C=self.C, max_iter=1000, tol=1e-6)
        # Coefficients change in the last digits with the number of BLAS threads.
        with threadpool_limits(limits=1, user_api="blas"):
            model.fit(self.design_.matrix(encoded), kept, sample_weight=weights)
        self.coef_, self.intercept_ = model.coef_[0], float(model.intercept_[0])
        self.n_iter_ = int(model.n_iter_[0])

    def _log_odds(self, encoded: pd.DataFrame) -> NDArray[np.float64]:
        return self.design_.matrix(encoded) @ self.coef_ + self.intercept_

    def additive_terms(self, X: pd.DataFrame | ArrayLike) -> pd.DataFrame:
        """Log-odds that each feature adds for each person, shape (people, features)."""
        check_is_fitted(self)
        encoded = self.encoder_.transform(X)
        weighted = self.design_.matrix(encoded) * self.coef_
        terms = np.zeros((len(encoded), encoded.shape[1]))
        for column, owner in enumerate(self.design_.owners):
            terms[:, owner] += weighted[:, column]
        return pd.DataFrame(terms, columns=encoded.columns, index=encoded.index)
