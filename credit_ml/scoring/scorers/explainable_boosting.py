"""A readable score nearly as sharp as an opaque one: the Explainable Boosting Machine."""

import warnings
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

from credit_ml.core.renamed import renamed_keywords
from credit_ml.scoring.classifier import EncodedScorer, Kept, Weights
from credit_ml.scoring.needed import needed
from credit_ml.scoring.parameters import Count, Settings, check_least


@renamed_keywords(bags="outer_bags", rounds="max_iter", bins="max_bins")
@dataclass(kw_only=True, eq=False, repr=False)
class ExplainableBoostingScorer(EncodedScorer):
    """A sum of one curve a feature, each boosted by small trees, of the library interpret.

    ``log-odds = intercept + sum over features of curve(feature)``: no pairs of features, so
    that a person's reasons are complete. Missing values have a place of their own on each curve.

    Cost: max_iter x features x people; about four times that of boosted trees.

    Parameters
    ----------
    outer_bags : int, default 1
        Fits on samples of people whose curves are averaged.
    max_iter : int, default 300
        Passes over the features at most; 15 % of the people are held out to stop sooner.
    learning_rate : float, default 0.04
        Share of each step that is added.
    max_bins : int, default 64
        Steps of a curve at most.
    random_state : int, default 0
        Of the bags and the people held out.

    References
    ----------
    Lou, Y., Caruana, R. and Gehrke, J. (2012). Intelligible models for classification and
    regression. KDD. Nori, H. et al. (2019). InterpretML: a unified framework for machine
    learning interpretability. arXiv:1909.09223.

    Examples
    --------
    >>> people = pd.DataFrame({"late": np.arange(400) % 5})
    >>> scorer = ExplainableBoostingScorer(max_iter=50)
    >>> scorer.fit(people, people["late"] < 2).predict(people[:3]).tolist()
    [True, True, False]
    """

    kind = "ebm"
    source = "assumed, because more bags and rounds cost minutes and rank no better here"
    settings: ClassVar[Settings] = {
        "max_iter": (Count, "passes over the features"),
        "outer_bags": (Count, "fits averaged"),
    }
    old_settings: ClassVar[dict[str, str]] = {"bags": "outer_bags", "rounds": "max_iter"}

    outer_bags: int = 1
    max_iter: int = 300
    learning_rate: float = 0.04
    max_bins: int = 64
    random_state: int = 0

    machine_: Any = field(init=False)
    """interpret's ExplainableBoostingClassifier on ``encoder_.transform(X)``."""

    def _check_options(self) -> None:
        check_least(self, 1, "outer_bags", "max_iter")

    def _learn(self, encoded: pd.DataFrame, kept: Kept, weights: Weights | None) -> None:
        glassbox = needed("interpret.glassbox", of="ExplainableBoostingScorer", extra="ebm")
        machine = glassbox.ExplainableBoostingClassifier(
            interactions=0,
            outer_bags=self.outer_bags,
            max_rounds=self.max_iter,
            learning_rate=self.learning_rate,
            max_bins=self.max_bins,
            feature_types=["continuous"] * encoded.shape[1],
            n_jobs=1,
            random_state=self.random_state,
        )
        with warnings.catch_warnings():
            # It warns of missing values, which it handles, and of tables it thinks too small.
            warnings.simplefilter("ignore", UserWarning)
            self.machine_ = machine.fit(encoded.to_numpy(), kept, sample_weight=weights)
        self.n_iter_ = max(1, int(np.max(self.machine_.best_iteration_)))
        self.intercept_ = float(np.ravel(self.machine_.intercept_)[0])

    def _log_odds(self, encoded: pd.DataFrame) -> NDArray[np.float64]:
        return np.asarray(self.intercept_ + self._terms(encoded).sum(axis=1))

    def additive_terms(self, X: pd.DataFrame | ArrayLike) -> pd.DataFrame:
        """Log-odds that each feature adds for each person, shape (people, features)."""
        check_is_fitted(self)
        encoded = self.encoder_.transform(X)
        terms, found = np.zeros(encoded.shape), self._terms(encoded)
        for column, (owner,) in enumerate(self.machine_.term_features_):
            terms[:, owner] = found[:, column]
        return pd.DataFrame(terms, columns=encoded.columns, index=encoded.index)

    def _terms(self, encoded: pd.DataFrame) -> NDArray[np.float64]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return np.asarray(self.machine_.eval_terms(encoded.to_numpy()))
