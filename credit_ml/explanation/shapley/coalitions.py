"""Scores of every person under all coalitions of factors."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Array, ModelError, known_names
from credit_ml.core.progress import followed
from credit_ml.explanation.shapley.flat_trees import flat_trees, read_by
from credit_ml.explanation.shapley.tree_walk import MOST_WALKED, walked
from credit_ml.scoring.output import InnerModel

Score = Callable[[pd.DataFrame], Array]

#: With more factors, coalitions of a score that adds nothing up by column are not all asked.
MOST_EXACT = 8
#: More factors than this need more than 4,096 coalitions a person.
MOST_FACTORS = 12
#: Scores of coalitions held at once (128 MB).
MOST_SCORES = 2**24


def check_factors(factors: Mapping[str, Sequence[str]], X: pd.DataFrame) -> None:
    """Raise ModelError unless factors share out columns that X holds.

    Examples
    --------
    >>> check_factors({"history": ["late"], "work": ["job"]}, pd.DataFrame({"late": [0]}))
    Traceback (most recent call last):
    credit_ml.core.errors.ModelError: factor 'work': column 'job' is absent; known: late
    """
    ModelError.unless(factors, "factors", "are none", "name at least one")
    owner: dict[str, str] = {}
    for factor, columns in factors.items():
        for column in columns:
            if column not in X.columns:
                known = known_names(column, [str(name) for name in X.columns])
                raise ModelError(f"factor '{factor}'", f"column '{column}' is absent", known)
            if column in owner:
                problem = f"column '{column}' is in '{owner[column]}' too"
                raise ModelError(f"factor '{factor}'", problem, "name it in one factor")
            owner[column] = factor


def check_coalitions(factors: Mapping[str, Sequence[str]], most: int = MOST_FACTORS) -> None:
    """Raise ModelError where all coalitions of the factors are too many to ask about."""
    problem = f"number {len(factors)}, which needs 2**{len(factors)} coalitions"
    remedy = f"group the columns into at most {most} factors"
    ModelError.unless(len(factors) <= most, "factors", problem, remedy)


def all_coalitions(score: Score, factors: Mapping[str, Sequence[str]]) -> bool:
    """Whether all coalitions are asked: up to 8 factors, 12 of a score that adds columns up."""
    inner: Any = getattr(score, "inner", None)
    adds = inner is not None and hasattr(inner.model, "additive_terms")
    return len(factors) <= (MOST_FACTORS if adds else MOST_EXACT)


def coalition_scores(
    score: Score, own: pd.DataFrame, other: pd.DataFrame, factors: Mapping[str, Sequence[str]]
) -> Array:
    """Scores of every person under all coalitions of factors.

    Row S of the result is ``f(own columns of the factors in S, the other row's columns else)``;
    columns in no factor are one's own in every row.

    Cost: 2**K calls of the model on all people. Of trees (`flat_trees`), one pass over each tree
    (`walked`), exact too and some fifty times faster; of scores that add columns up, two calls.

    Parameters
    ----------
    own, other : DataFrame
        Row i of `other` stands in for person i: a reference, or the person's twin.

    Returns
    -------
    ndarray of shape (2**K, people)

    Examples
    --------
    >>> own, other = pd.DataFrame({"a": [1], "b": [3]}), pd.DataFrame({"a": [0], "b": [0]})
    >>> blocks = {"A": ["a"], "B": ["b"]}
    >>> coalition_scores(lambda X: X["a"] + X["b"], own, other, blocks).ravel().tolist()
    [0.0, 1.0, 3.0, 4.0]
    """
    check_factors(factors, own)
    check_coalitions(factors)
    other = other.set_axis(own.index)
    owner = {column: k for k, block in enumerate(factors.values()) for column in block}
    inner: Any = getattr(score, "inner", None)
    for shortcut in () if inner is None else (_by_trees, _by_terms):
        raw = shortcut(inner, own, other, owner, len(factors))
        if raw is not None:
            return np.asarray(inner.link(raw))
    columns = [column for column in own.columns if column in owner]
    # A factor that is the same in both rows makes no difference: its bit is never asked about.
    free = 0
    for column in columns:
        free |= (not own[column].equals(other[column])) << owner[column]
    scores = np.empty((2 ** len(factors), len(own)))
    for coalition in followed(range(len(scores)), "coalitions of factors"):
        if coalition & ~free:
            scores[coalition] = scores[coalition & free]
            continue
        others = [column for column in columns if not coalition >> owner[column] & 1]
        mixed = {column: (other if column in others else own)[column] for column in own.columns}
        scores[coalition] = score(pd.DataFrame(mixed, index=own.index, copy=False))
    return scores


def _by_trees(
    inner: InnerModel, own: pd.DataFrame, other: pd.DataFrame, owner: dict[str, int], factors: int
) -> Array | None:
    """Raw scores of all coalitions from the trees inside a score; None where there are none."""
    forest = None if factors > MOST_WALKED else flat_trees(inner.model)
    if forest is None:
        return None
    mine, theirs = inner.read(own), inner.read(other)
    if not owner.keys() >= set(mine.columns):
        return None
    factor = np.array([owner[column] for column in mine.columns], dtype=np.int8)
    return walked(forest, read_by(forest, mine), read_by(forest, theirs), factor, factors)


def _by_terms(
    inner: InnerModel, own: pd.DataFrame, other: pd.DataFrame, owner: dict[str, int], factors: int
) -> Array | None:
    """Raw scores of all coalitions of a sum over columns; None where the model is no such sum."""
    if not hasattr(inner.model, "additive_terms"):
        return None
    mine, theirs = (inner.model.additive_terms(inner.seen(rows)) for rows in (own, other))
    if not owner.keys() >= set(mine.columns):
        return None
    parts = np.zeros((2, len(own), factors))
    for part, terms in zip(parts, (mine, theirs), strict=True):
        for column in terms.columns:
            part[:, owner[column]] += terms[column].to_numpy()
    members = (np.arange(2**factors)[:, None] >> np.arange(factors)) & 1
    start = inner.model.intercept_ + parts[1].sum(axis=1)
    return np.asarray(start + members @ (parts[0] - parts[1]).T)
