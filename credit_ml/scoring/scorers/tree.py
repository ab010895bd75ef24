"""A score that fits on a card: one small decision tree."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.validation import check_is_fitted

from credit_ml.core.renamed import renamed_keywords
from credit_ml.scoring.classifier import EncodedScorer, Kept, Weights
from credit_ml.scoring.parameters import Settings, at_least, check_fewest_share, check_least


@renamed_keywords(leaves="max_leaf_nodes")
@dataclass(kw_only=True, eq=False, repr=False)
class SmallTree(EncodedScorer):
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

    max_leaf_nodes: int = 8
    fewest_share: float = 0.01
    random_state: int = 0

    def _check_options(self) -> None:
        check_least(self, 2, "max_leaf_nodes")
        check_fewest_share(self)

    def _learn(self, encoded: pd.DataFrame, kept: Kept, weights: Weights | None) -> None:
        fewest: dict[str, Any] = {"min_weight_fraction_leaf": self.fewest_share}
        if weights is None:
            fewest = {"min_samples_leaf": max(1, int(np.ceil(self.fewest_share * len(encoded))))}
        options = {"max_leaf_nodes": self.max_leaf_nodes, "random_state": self.random_state}
        tree = DecisionTreeClassifier(**fewest, **options)
        self.tree_ = tree.fit(encoded.to_numpy(), kept, sample_weight=weights)
        nodes = self.tree_.apply(encoded.to_numpy())
        size = self.tree_.tree_.node_count
        self.people_ = np.bincount(nodes, minlength=size)
        counts = np.ones(len(kept)) if weights is None else weights
        good, number = (
            np.bincount(nodes, weights=each, minlength=size) for each in (kept * counts, counts)
        )
        self.leaf_ = np.asarray(logit((good + 0.5) / (number + 1.0)), dtype=np.float64)

    def _log_odds(self, encoded: pd.DataFrame) -> NDArray[np.float64]:
        return np.asarray(self.leaf_[self.tree_.apply(encoded.to_numpy())])

    def sentences(self) -> pd.DataFrame:
        """One row a leaf: when it applies, people in fit, probability of keeping; best first."""
        check_is_fitted(self)
        leaves = self._walk(0, [])
        at = [leaf for leaf, _ in leaves]
        when = [" and ".join(conditions) or "always" for _, conditions in leaves]
        columns = {"people": self.people_[at], "probability": expit(self.leaf_[at])}
        found = pd.DataFrame({"when": when, **columns})
        return found.sort_values("probability", ascending=False, kind="stable", ignore_index=True)

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
