"""A score that is several scores: a stacked blend."""

from dataclasses import KW_ONLY, dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from credit_ml.core import ModelError
from credit_ml.core.renamed import renamed_keywords
from credit_ml.scoring.classifier import LogOddsClassifier
from credit_ml.scoring.parameters import Settings, at_least
from credit_ml.scoring.scorers.logistic import LogisticScorer
from credit_ml.scoring.scorers.neural import NeuralScorer
from credit_ml.scoring.scorers.opaque import OpaqueScorer
from credit_ml.scoring.target import fitted, unseen_log_odds


@renamed_keywords(folds="cv")
@dataclass(eq=False, repr=False)
class BlendScorer(LogOddsClassifier):
    """Logistic regression on the log-odds of other scorers, learned from people they did not see.

    Cost: (cv + 1) fits of each scorer.

    Parameters
    ----------
    scorers : tuple of LogOddsClassifier, optional
        Boosted trees, a neural network and a logistic regression by default.
    cv : int, default 3
        Folds from which the weights are learned.
    random_state : int, default 0
        Of the folds, and of the scorers where none are given.

    References
    ----------
    Wolpert, D. H. (1992). Stacked generalization. Neural Networks 5, 241-259.

    Examples
    --------
    >>> people = pd.DataFrame({"late": np.arange(200) % 5})
    >>> blend = BlendScorer((LogisticScorer(), OpaqueScorer(max_iter=5)))
    >>> blend.fit(people, people["late"] < 2).weights_.shape
    (2,)
    """

    kind = "blend"
    source = "assumed, because winning scores are blends"
    settings: ClassVar[Settings] = {"cv": (at_least(2), "folds that weigh the parts")}
    old_settings: ClassVar[dict[str, str]] = {"folds": "cv"}

    scorers: tuple[LogOddsClassifier, ...] | None = None
    _: KW_ONLY
    cv: int = 3
    random_state: int = 0
    scorers_: list[LogOddsClassifier] = field(init=False)
    """The scorers, fitted on everybody."""
    weights_: NDArray[np.float64] = field(init=False)
    """Weight of each scorer's log-odds."""

    def fit(
        self, X: pd.DataFrame | ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Fit the scorers on folds to learn the weights, then on everybody.

        Raises
        ------
        TableError
            When a column can be neither number nor category.
        ModelError
            When `y` has not two outcomes, too few of one for the folds, or no scorer is given.
        """
        given = self._given()
        encoder, _, kept, weights = self._started(X, y, sample_weight)
        unseen = unseen_log_odds(
            given, X, kept, weights, folds=self.cv, random_state=self.random_state
        )
        model = LogisticRegression(C=1.0).fit(unseen, kept, sample_weight=weights)
        self.weights_, self.intercept_ = model.coef_[0], float(model.intercept_[0])
        self.scorers_ = [fitted(clone(scorer), X, kept, weights) for scorer in given]
        return self._remember(encoder)

    def decision_function(self, X: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
        """Log-odds of the favourable outcome, shape (people,)."""
        check_is_fitted(self)
        # The encoder refuses what fit did not see, in the words of every scorer.
        self.encoder_.transform(X)
        each = np.column_stack([scorer.decision_function(X) for scorer in self.scorers_])
        return np.asarray(each @ self.weights_ + self.intercept_)

    def _given(self) -> tuple[Any, ...]:
        if self.scorers is None:
            seed = self.random_state
            others = NeuralScorer(random_state=seed), LogisticScorer()
            return OpaqueScorer(random_state=seed), *others
        if not len(self.scorers):
            raise ModelError("BlendScorer, scorers", "are none", "give at least one")
        return tuple(self.scorers)
