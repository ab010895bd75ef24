"""An opaque score by another maker: LightGBM, when it is installed."""

from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

from credit_ml.core.renamed import renamed_keywords
from credit_ml.scoring.classifier import LogOddsClassifier
from credit_ml.scoring.encoder import FeatureEncoder
from credit_ml.scoring.needed import needed
from credit_ml.scoring.parameters import Count, Settings, Share
from credit_ml.scoring.target import checked_target


@renamed_keywords(trees="n_estimators")
class LightGBMScorer(LogOddsClassifier):
    """Gradient-boosted trees of LightGBM on encoded features.

    The same trees every time: LightGBM is told to be deterministic, and to read row by row
    whatever the number of threads.

    Cost: about two thirds of `OpaqueScorer`'s for the same trees.

    Parameters
    ----------
    n_estimators : int, default 60
        Trees.
    learning_rate : float, default 0.1
        Share of each tree that is added.
    max_leaf_nodes : int, default 15
        Leaves a tree.
    min_samples_leaf : int, default 20
        People a leaf.
    l2_regularization : float, default 1.0
        Pull of each leaf towards 0.
    random_state : int, default 0
        Of LightGBM's own draws.
    threads : int, default 0
        OpenMP threads; 0 takes what the process allows.

    References
    ----------
    Ke, G. et al. (2017). LightGBM: a highly efficient gradient boosting decision tree. NeurIPS 30.

    Examples
    --------
    >>> people = pd.DataFrame({"late": np.arange(100) % 5})
    >>> scorer = LightGBMScorer(n_estimators=5).fit(people, people["late"] < 2)
    >>> scorer.predict(people[:3]).tolist()
    [True, True, False]
    """

    kind = "lightgbm"
    source = "assumed, because no agency publishes its learner"
    settings: ClassVar[Settings] = {
        "n_estimators": (Count, "trees"),
        "learning_rate": (Share, "share of each tree added"),
    }
    old_settings: ClassVar[dict[str, str]] = {"trees": "n_estimators"}

    booster_: Any
    """LightGBM's Booster on ``encoder_.transform(X)``."""

    def __init__(
        self,
        *,
        n_estimators: int = 60,
        learning_rate: float = 0.1,
        max_leaf_nodes: int = 15,
        min_samples_leaf: int = 20,
        l2_regularization: float = 1.0,
        random_state: int = 0,
        threads: int = 0,
    ) -> None:
        self.n_estimators = n_estimators
        self.learning_rate = learning_rate
        self.max_leaf_nodes = max_leaf_nodes
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization
        self.random_state = random_state
        self.threads = threads

    def fit(self, X: pd.DataFrame | ArrayLike, y: ArrayLike) -> Self:
        """Grow the trees.

        Raises
        ------
        TableError
            When a column can be neither number nor category.
        ModelError
            When `y` has not two outcomes, or LightGBM is not installed.
        """
        lightgbm = needed("lightgbm", of="LightGBMScorer", extra="lightgbm")
        encoder = FeatureEncoder().fit(X)
        encoded = encoder.transform(X)
        self.classes_, kept = checked_target(y, people=len(encoded))
        told = {
            "objective": "binary",
            "learning_rate": self.learning_rate,
            "num_leaves": self.max_leaf_nodes,
            "min_data_in_leaf": self.min_samples_leaf,
            "lambda_l2": self.l2_regularization,
            "seed": self.random_state,
            "num_threads": self.threads,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }
        rows = lightgbm.Dataset(encoded.to_numpy(), label=kept, free_raw_data=True)
        self.booster_ = lightgbm.train(told, rows, num_boost_round=self.n_estimators)
        self.n_iter_ = self.n_estimators
        return self._remember(encoder)

    def decision_function(self, X: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
        """Log-odds of the favourable outcome: the trees' raw sum, shape (people,)."""
        check_is_fitted(self)
        encoded = self.encoder_.transform(X).to_numpy()
        raw: NDArray[np.float64] = self.booster_.predict(encoded, raw_score=True)
        return raw
