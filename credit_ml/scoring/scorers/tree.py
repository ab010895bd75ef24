"""A score that fits on a card: one small decision tree."""

from typing import ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import logit
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.validation import check_is_fitted

from credit_ml.core import ModelError
from credit_ml.core.renamed import renamed_keywords
from credit_ml.scoring.classifier import LogOddsClassifier
from credit_ml.scoring.encoder import FeatureEncoder
from credit_ml.scoring.parameters import Settings, at_least
from credit_ml.scoring.target import checked_target


@renamed_keywords(leaves="max_leaf_nodes")
class SmallTree(LogOddsClassifier):
    """A decision tree of few leaves; each leaf is one sentence and one probability.

    The log-odds of a leaf are those of ``(kept + 0.5) / (people + 1)``, so that no leaf is certain.

    Cost: one sort a feature and level.

    Parameters
    ----------
    max_leaf_nodes : int, default 8
        At most.
    fewest_share : float, default 0.01
        Least share of people in a leaf.
    random_state : int, default 0
        Order of features that split equally well.

    References
    ----------
    Breiman, L., Friedman, J., Olshen, R. and Stone, C. (1984). Classification and regression
    trees. Wadsworth.

    Examples
    --------
    >>> people = pd.DataFrame({"late": np.arange(100) % 5})
    >>> tree = SmallTree(max_leaf_nodes=2).fit(people, people["late"] < 2)
    >>> tree.sentences()["when"].tolist()
    ['late at most 1.5', 'late above 1.5']
    """

    kind = "tree"
    source = "assumed, because eight sentences fit on a card"
    settings: ClassVar[Settings] = {"max_leaf_nodes": (at_least(2), "leaves at most")}
    old_settings: ClassVar[dict[str, str]] = {"leaves": "max_leaf_nodes"}

    def __init__(
        self, *, max_leaf_nodes: int = 8, fewest_share: float = 0.01, random_state: int = 0
    ) -> None:
        self.max_leaf_nodes = max_leaf_nodes
        self.fewest_share = fewest_share
        self.random_state = random_state

    def fit(self, X: pd.DataFrame | ArrayLike, y: ArrayLike) -> Self:
        """Grow the tree, best split first.

        Raises
        ------
        TableError
            When a column can be neither number nor category.
        ModelError
            When `y` has not two outcomes, or an option is out of range.
        """
        if self.max_leaf_nodes < 2:
            raise ModelError(
                "SmallTree, max_leaf_nodes", f"is {self.max_leaf_nodes}", "give at least 2"
            )
        if not 0 <= self.fewest_share < 0.5:
            problem = f"is {self.fewest_share}"
            raise ModelError("SmallTree, fewest_share", problem, "give 0 to under 0.5")
        encoder = FeatureEncoder().fit(X)
        encoded = encoder.transform(X)
        self.classes_, kept = checked_target(y, people=len(encoded))
        tree = DecisionTreeClassifier(
            max_leaf_nodes=self.max_leaf_nodes,
            min_samples_leaf=max(1, int(np.ceil(self.fewest_share * len(encoded)))),
            random_state=self.random_state,
        )
        self.tree_ = tree.fit(encoded.to_numpy(), kept)
        nodes = self.tree_.apply(encoded.to_numpy())
        size = self.tree_.tree_.node_count
        people = np.bincount(nodes, minlength=size)
        good = np.bincount(nodes, weights=kept, minlength=size)
        self.people_ = people
        self.leaf_ = np.asarray(logit((good + 0.5) / (people + 1.0)), dtype=np.float64)
        return self._remember(encoder)

    def decision_function(self, X: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
        """Log-odds of the favourable outcome, shape (people,)."""
        check_is_fitted(self)
        leaves = self.tree_.apply(self.encoder_.transform(X).to_numpy())
        log_odds: NDArray[np.float64] = self.leaf_[leaves]
        return log_odds

    def sentences(self) -> pd.DataFrame:
        """One row a leaf: when it applies, people in fit, probability of keeping; best first."""
        check_is_fitted(self)
        rows = [
            {
                "when": " and ".join(conditions) or "always",
                "people": int(self.people_[leaf]),
                "probability": float(1 / (1 + np.exp(-self.leaf_[leaf]))),
            }
            for leaf, conditions in self._walk(0, [])
        ]
        found = pd.DataFrame(rows).sort_values("probability", ascending=False, kind="stable")
        return found.reset_index(drop=True)

    def _walk(self, node: int, said: list[str]) -> list[tuple[int, list[str]]]:
        tree = self.tree_.tree_
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left == right:
            return [(node, said)]
        name = self.encoder_.columns_[tree.feature[node]]
        below, above = self._words(name, float(tree.threshold[node]))
        # Which side a missing value takes is said where the tree saw any at this split.
        side = bool(tree.missing_go_to_left[node])
        return [
            *self._walk(left, [*said, f"{below} or missing" if side else below]),
            *self._walk(right, [*said, above]),
        ]

    def _words(self, name: object, cut: float) -> tuple[str, str]:
        known = self.encoder_.categories_.get(str(name))
        if known is None:
            return f"{name} at most {cut:.4g}", f"{name} above {cut:.4g}"
        low = [str(value) for code, value in enumerate(known) if code <= cut]
        high = [str(value) for code, value in enumerate(known) if code > cut]
        return f"{name} is {' or '.join(low)}", f"{name} is {' or '.join(high)}"
