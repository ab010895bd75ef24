"""An opaque score by another maker: LightGBM, when it is installed."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from credit_ml.core.renamed import renamed_keywords
from credit_ml.scoring.classifier import EncodedScorer, Kept, Weights
from credit_ml.scoring.needed import needed
from credit_ml.scoring.parameters import Count, Settings, Share


@renamed_keywords(trees="n_estimators")
@dataclass(kw_only=True, eq=False, repr=False)
class LightGBMScorer(EncodedScorer):
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
    >>> import numpy as np
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

    n_estimators: int = 60
    learning_rate: float = 0.1
    max_leaf_nodes: int = 15
    min_samples_leaf: int = 20
    l2_regularization: float = 1.0
    random_state: int = 0
    threads: int = 0

    booster_: Any = field(init=False)
    """LightGBM's Booster on ``encoder_.transform(X)``."""

    def _learn(self, encoded: pd.DataFrame, kept: Kept, weights: Weights | None) -> None:
        lightgbm = needed("lightgbm", of="LightGBMScorer", extra="lightgbm")
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
        rows = lightgbm.Dataset(encoded.to_numpy(), label=kept, weight=weights)
        self.booster_ = lightgbm.train(told, rows, num_boost_round=self.n_estimators)
        self.n_iter_ = self.n_estimators

    def _log_odds(self, encoded: pd.DataFrame) -> Any:
        return self.booster_.predict(encoded.to_numpy(), raw_score=True)
