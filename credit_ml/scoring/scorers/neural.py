"""A score that nobody can read: a neural network on standardised features."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logit
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from credit_ml.core.renamed import renamed_keywords
from credit_ml.scoring.classifier import EncodedScorer, Kept, Weights
from credit_ml.scoring.design import Design
from credit_ml.scoring.parameters import Count, Settings, check_least

#: Probabilities are kept this far from 0 and 1, so that log-odds stay finite.
EDGE = 1e-9


@renamed_keywords(
    hidden="hidden_layer_sizes", epochs="max_iter", learning_rate="learning_rate_init"
)
@dataclass(kw_only=True, eq=False, repr=False)
class NeuralScorer(EncodedScorer):
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

    hidden_layer_sizes: tuple[int, ...] = (32, 16)
    max_iter: int = 12
    alpha: float = 1e-3
    learning_rate_init: float = 2e-3
    random_state: int = 0

    def _check_options(self) -> None:
        check_least(self, 1, "max_iter")

    def _learn(self, encoded: pd.DataFrame, kept: Kept, weights: Weights | None) -> None:
        self.design_ = Design.of(encoded, self.encoder_.categories_, weights)
        # The options are scikit-learn's own, by its names.
        patience = self.max_iter + 1
        network = MLPClassifier(tol=0.0, n_iter_no_change=patience, **self.get_params())
        with warnings.catch_warnings():
            # The number of epochs is chosen; that more would fit closer is no news.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.network_ = network.fit(self.design_.matrix(encoded), kept, sample_weight=weights)
        self.n_iter_ = self.network_.n_iter_

    def first_sums(
        self, encoded: pd.DataFrame, owner: Sequence[int], blocks: int
    ) -> NDArray[np.float64]:
        """What each block of columns adds to the first layer, shape (blocks, people, units).

        Parameters
        ----------
        encoded : DataFrame
            As the encoder makes it.
        owner : sequence of int
            The number of each column's block.
        blocks : int
            How many there are.
        """
        told, weights = self.design_.matrix(encoded), self.network_.coefs_[0]
        whose = np.asarray(owner)[self.design_.owners]
        of_block = [whose == block for block in range(blocks)]
        return np.array([told[:, own] @ weights[own] for own in of_block])

    def from_first_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds from the sum of all blocks in the first layer, whose last axis is its units.

        The sums are used up.
        """
        network, values = self.network_, sums
        for number, bias in enumerate(network.intercepts_):
            values += bias
            if number < len(network.intercepts_) - 1:
                values = np.maximum(values, 0.0, out=values) @ network.coefs_[number + 1]
        return np.clip(values[..., 0], logit(EDGE), -logit(EDGE))

    def _log_odds(self, encoded: pd.DataFrame) -> NDArray[np.float64]:
        kept = self.network_.predict_proba(self.design_.matrix(encoded))[:, 1]
        return np.asarray(logit(np.clip(kept, EDGE, 1 - EDGE)))
