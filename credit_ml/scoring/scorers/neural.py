"""A score that nobody can read: a neural network on standardised features."""

import warnings
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import logit
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.utils.validation import check_is_fitted

from credit_ml.core import ModelError
from credit_ml.core.renamed import renamed_keywords
from credit_ml.scoring.classifier import LogOddsClassifier
from credit_ml.scoring.design import Design
from credit_ml.scoring.encoder import FeatureEncoder
from credit_ml.scoring.parameters import Count, Settings
from credit_ml.scoring.scorers.logistic import category_counts
from credit_ml.scoring.target import checked_target

#: Probabilities are kept this far from 0 and 1, so that log-odds stay finite.
EDGE = 1e-9


@renamed_keywords(
    hidden="hidden_layer_sizes", epochs="max_iter", learning_rate="learning_rate_init"
)
class NeuralScorer(LogOddsClassifier):
    """Fully connected network with rectified units, trained by Adam for a fixed number of epochs.

    Cost: max_iter x people x weights.

    Parameters
    ----------
    hidden_layer_sizes : tuple of int, default (32, 16)
        Units of each hidden layer.
    max_iter : int, default 12
        Passes over the people; fixed, so that nothing depends on a split held out.
    alpha : float, default 1e-3
        Pull of weights towards 0.
    learning_rate_init : float, default 2e-3
        Step of Adam at the start.
    random_state : int, default 0
        First weights and order of people.

    References
    ----------
    Kingma, D. P. and Ba, J. (2015). Adam: a method for stochastic optimization. ICLR.

    Examples
    --------
    >>> people = pd.DataFrame({"late": np.arange(400) % 5})
    >>> scorer = NeuralScorer(max_iter=40).fit(people, people["late"] < 2)
    >>> scorer.predict(people[:3]).tolist()
    [True, True, False]
    """

    kind = "neural"
    source = "assumed, because no agency publishes its learner"
    settings: ClassVar[Settings] = {"max_iter": (Count, "passes over the people")}
    old_settings: ClassVar[dict[str, str]] = {"epochs": "max_iter"}

    def __init__(
        self,
        *,
        hidden_layer_sizes: tuple[int, ...] = (32, 16),
        max_iter: int = 12,
        alpha: float = 1e-3,
        learning_rate_init: float = 2e-3,
        random_state: int = 0,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.max_iter = max_iter
        self.alpha = alpha
        self.learning_rate_init = learning_rate_init
        self.random_state = random_state

    def fit(self, X: pd.DataFrame | ArrayLike, y: ArrayLike) -> Self:
        """Train the network.

        Raises
        ------
        TableError
            When a column can be neither number nor category.
        ModelError
            When `y` has not two outcomes, or there is no epoch.
        """
        if self.max_iter < 1:
            raise ModelError("NeuralScorer, max_iter", f"is {self.max_iter}", "give at least 1")
        encoder = FeatureEncoder().fit(X)
        encoded = encoder.transform(X)
        self.classes_, kept = checked_target(y, people=len(encoded))
        self.design_ = Design.of(encoded, category_counts(encoder))
        network = MLPClassifier(
            hidden_layer_sizes=self.hidden_layer_sizes,
            alpha=self.alpha,
            learning_rate_init=self.learning_rate_init,
            max_iter=self.max_iter,
            tol=0.0,
            n_iter_no_change=self.max_iter + 1,
            random_state=self.random_state,
        )
        with warnings.catch_warnings():
            # The number of epochs is chosen; that more would fit closer is no news.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.network_ = network.fit(self.design_.matrix(encoded), kept)
        self.n_iter_ = self.network_.n_iter_
        return self._remember(encoder)

    def decision_function(self, X: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
        """Log-odds of the favourable outcome, shape (people,)."""
        check_is_fitted(self)
        matrix = self.design_.matrix(self.encoder_.transform(X))
        kept = self.network_.predict_proba(matrix)[:, 1]
        log_odds: NDArray[np.float64] = logit(np.clip(kept, EDGE, 1 - EDGE))
        return log_odds
