"""Fitted trees of any library here, as flat arrays that one loop can walk."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier

from credit_ml.core import Array
from credit_ml.scoring import LightGBMScorer, OpaqueScorer, SmallTree
from credit_ml.scoring.output import MEAN_MODELS


@dataclass(frozen=True, kw_only=True, eq=False)
class FlatTrees:
    """Trees whose leaf values add up to a raw score: ``base + sum over trees of leaf(x)``.

    The raw score of boosted trees is their log-odds, that of a forest its probability.

    A node with `left` below 0 is a leaf. A value at most the threshold goes left; a missing one
    goes where `missing_left` says.
    """

    feature: NDArray[np.int32]
    threshold: Array
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    missing_left: NDArray[np.bool_]
    value: Array
    """Of a leaf, in units of the raw score."""
    roots: NDArray[np.int32]
    """First node of each tree."""
    base: float
    single: bool
    """Whether the model rounds features to float32 before it compares them."""
    walkers: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    """What was made to walk them, by the factors that were asked about."""

    @cached_property
    def order(self) -> NDArray[np.int32]:
        """Place of each inner node among those of its tree, from 0; of no meaning for leaves."""
        inner = self.left >= 0
        before = np.concatenate([[0], np.cumsum(inner)])
        tree = np.searchsorted(self.roots, np.arange(len(inner)), side="right") - 1
        order: NDArray[np.int32] = (before[:-1] - before[self.roots[tree]]).astype(np.int32)
        return order

    @cached_property
    def most_inner(self) -> int:
        """Inner nodes of the largest tree."""
        ends = np.append(self.roots[1:], len(self.left))
        inner = np.concatenate([[0], np.cumsum(self.left >= 0)])
        return int((inner[ends] - inner[self.roots]).max())


#: Trees of boosters, as long as those are there.
_GROWN: WeakKeyDictionary[Any, FlatTrees | None] = WeakKeyDictionary()


def flat_trees(model: Any) -> FlatTrees | None:
    """Return a fitted model's trees, or None when it has none that add up on numbers alone.

    Taken are boosted trees (histogram boosting without native categories, gradient boosting
    from a constant), forests and single trees of scikit-learn with two classes, and this
    package's `OpaqueScorer`, `LightGBMScorer` and `SmallTree`.

    Cost: linear in nodes; those of the first two, whose booster nobody fits again, once.
    """
    if isinstance(model, OpaqueScorer | LightGBMScorer):
        grown = model.booster_
        if grown not in _GROWN:
            of_own = isinstance(model, OpaqueScorer)
            _GROWN[grown] = _of_histograms(grown) if of_own else _of_lightgbm(grown)
        return _GROWN[grown]
    if isinstance(model, SmallTree):
        return _joined([_nodes(model.tree_.tree_, model.leaf_)], 0.0, single=True)
    if isinstance(model, HistGradientBoostingClassifier):
        return _of_histograms(model)
    if isinstance(model, GradientBoostingClassifier):
        return _of_boosting(model)
    if isinstance(model, MEAN_MODELS) and len(model.classes_) == 2:
        return _of_means(model)
    return None


def read_by(forest: FlatTrees, X: pd.DataFrame) -> NDArray[Any]:
    """Return a table as the trees compare it: float32 where nothing is lost by it."""
    small = all(dtype == np.float32 for dtype in X.dtypes)
    kind = np.float32 if forest.single or small else np.float64
    return np.ascontiguousarray(X.to_numpy(dtype=kind, na_value=np.nan))


def _of_histograms(model: Any) -> FlatTrees | None:
    predictors = model._predictors
    if any(len(each) != 1 for each in predictors):
        return None  # more than two classes
    trees = []
    for (predictor,) in predictors:
        nodes = predictor.nodes
        if nodes["is_categorical"].any():
            return None
        leaf = nodes["is_leaf"].astype(bool)
        trees.append(
            (
                nodes["feature_idx"],
                nodes["num_threshold"],
                np.where(leaf, -1, nodes["left"].astype(np.int64)),
                np.where(leaf, -1, nodes["right"].astype(np.int64)),
                nodes["missing_go_to_left"],
                nodes["value"],
            )
        )
    base = float(np.ravel(model._baseline_prediction)[0])
    return _joined(trees, base, single=False)


def _of_lightgbm(booster: Any) -> FlatTrees | None:
    """Trees of a Booster of LightGBM that compares numbers alone."""
    trees = []
    for each in booster.dump_model()["tree_info"]:
        nodes: list[tuple[Any, ...]] = []
        if not _laid_down(each["tree_structure"], nodes):
            return None
        trees.append(tuple(np.array(part) for part in zip(*nodes, strict=True)))
    return _joined(trees, 0.0, single=False)


def _laid_down(node: dict[str, Any], nodes: list[tuple[Any, ...]]) -> bool:
    """Append a node and all below it; False where one asks anything but for a number."""
    place = len(nodes)
    if "leaf_value" in node:
        nodes.append((0, 0.0, -1, -1, False, node["leaf_value"]))
        return True
    if node["decision_type"] != "<=" or node["missing_type"] == "Zero":
        return False
    limit = node["threshold"]
    # Where nothing was missing in training, LightGBM takes what is missing for 0.
    left_if_missing = node["default_left"] if node["missing_type"] == "NaN" else limit >= 0
    nodes.append(())
    below = []
    for side in ("left_child", "right_child"):
        below.append(len(nodes))
        if not _laid_down(node[side], nodes):
            return False
    nodes[place] = (node["split_feature"], limit, *below, left_if_missing, 0.0)
    return True


def _of_boosting(model: GradientBoostingClassifier) -> FlatTrees | None:
    constant = isinstance(model.init_, DummyClassifier) and model.loss == "log_loss"
    if len(model.classes_) != 2 or not constant:
        return None
    share, rate = float(model.init_.class_prior_[1]), model.learning_rate
    grown = [each.tree_ for each in model.estimators_[:, 0]]
    trees = [_nodes(tree, rate * tree.value[:, 0, 0]) for tree in grown]
    return _joined(trees, float(np.log(share / (1 - share))), single=True)


def _of_means(model: Any) -> FlatTrees:
    members = getattr(model, "estimators_", None) or [model]
    trees = []
    for member in members:
        counts = member.tree_.value[:, 0, :]
        share = counts[:, 1] / counts.sum(axis=1)
        trees.append(_nodes(member.tree_, share / len(members)))
    return _joined(trees, 0.0, single=True)


def _nodes(tree: Any, value: Array) -> tuple[Any, ...]:
    sides = tree.children_left, tree.children_right, tree.missing_go_to_left
    return tree.feature, tree.threshold, *sides, value


def _joined(trees: list[tuple[Any, ...]], base: float, *, single: bool) -> FlatTrees:
    sizes = np.array([len(tree[0]) for tree in trees])
    roots = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32)
    feature, threshold, left, right, missing_left, value = (
        np.concatenate(part) for part in zip(*trees, strict=True)
    )
    shift = np.repeat(roots, sizes)
    return FlatTrees(
        feature=feature.astype(np.int32),
        threshold=threshold.astype(np.float64),
        left=np.where(left < 0, -1, left + shift).astype(np.int32),
        right=np.where(right < 0, -1, right + shift).astype(np.int32),
        missing_left=missing_left.astype(np.bool_),
        value=value.astype(np.float64),
        roots=roots,
        base=base,
        single=single,
    )
