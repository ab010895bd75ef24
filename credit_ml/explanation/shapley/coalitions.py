"""Block Shapley: what each factor adds to each person's score, all coalitions evaluated."""

from collections.abc import Callable, Mapping, Sequence
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import ModelError, Streams, known_names
from credit_ml.explanation.shapley.forest import forest_of, read_by
from credit_ml.explanation.shapley.traverse import MOST_WALKED, walked

Array = NDArray[np.float64]
Score = Callable[[pd.DataFrame], Array]

#: More factors than this need more than 4,096 coalitions a person.
MOST_FACTORS = 12
#: Scores of coalitions held at once (128 MB).
MOST_SCORES = 2**24


def shapley(values: Array) -> Array:
    """Shapley value of each of K players from the values of all 2**K coalitions.

    ``phi_k = sum_S |S|! (K - |S| - 1)! / K! (v(S + k) - v(S))`` over S without k; they sum to
    ``v(all) - v(none)``.

    Parameters
    ----------
    values : ndarray of shape (2**K, ...)
        Row c is the value of the coalition whose members are the set bits of c.

    Returns
    -------
    ndarray of shape (K, ...)

    References
    ----------
    Shapley, L. S. (1953). A value for n-person games. Contributions to the Theory of Games II.

    Examples
    --------
    >>> shapley(np.array([0.0, 1.0, 2.0, 5.0]))
    array([2., 3.])
    """
    coalitions = np.arange(len(values))
    players = (len(values) - 1).bit_length()
    size = np.array([c.bit_count() for c in range(len(values))])
    worth = []
    for player in range(players):
        without = coalitions[(coalitions >> player) & 1 == 0]
        weight = np.array([1 / (players * comb(players - 1, s)) for s in size[without]])
        worth.append(np.tensordot(weight, values[without | (1 << player)] - values[without], 1))
    return np.array(worth)


def check_factors(factors: Mapping[str, Sequence[str]], X: pd.DataFrame) -> None:
    """Raise ModelError unless 1 to 12 factors share out columns that X holds."""
    if not 1 <= len(factors) <= MOST_FACTORS:
        raise ModelError(
            "factors",
            f"number {len(factors)}, which needs 2**{len(factors)} coalitions",
            f"group the columns into at most {MOST_FACTORS} factors",
        )
    owner: dict[str, str] = {}
    for factor, columns in factors.items():
        for column in columns:
            if column not in X.columns:
                known = known_names(column, [str(name) for name in X.columns])
                raise ModelError(f"factor '{factor}'", f"column '{column}' is absent", known)
            if column in owner:
                raise ModelError(
                    f"factor '{factor}'",
                    f"column '{column}' is in '{owner[column]}' too",
                    "name it in one factor",
                )
            owner[column] = factor


def coalition_scores(
    score: Score, own: pd.DataFrame, other: pd.DataFrame, factors: Mapping[str, Sequence[str]]
) -> Array:
    """Scores of every person under all coalitions of factors.

    Row S of the result is ``f(own columns of the factors in S, the other row's columns else)``.

    Cost: 2**K calls of the model on all people. Of trees (`forest_of`), one pass over each tree
    (`walked`), exact too and some fifty times faster; of scores that add columns up, two calls.

    Parameters
    ----------
    own, other : DataFrame
        Row i of `other` stands in for person i: a reference, or the person's twin.

    Returns
    -------
    ndarray of shape (2**K, people)
    """
    check_factors(factors, own)
    other = other.set_axis(own.index)
    for shortcut in (_by_trees, _by_terms):
        found = shortcut(score, own, other, factors)
        if found is not None:
            return found
    same = [
        all(own[column].equals(other[column]) for column in columns) for columns in factors.values()
    ]
    member = {column: k for k, name in enumerate(factors) for column in factors[name]}
    columns = [column for column in own.columns if column in member]
    # A factor that is the same in both rows makes no difference: its bit is never asked about.
    free = sum(1 << k for k, equal in enumerate(same) if not equal)
    scores = np.empty((2 ** len(factors), len(own)))
    for coalition in range(len(scores)):
        if coalition & ~free:
            scores[coalition] = scores[coalition & free]
            continue
        mixed = {
            column: (own if coalition >> member[column] & 1 else other)[column]
            for column in columns
        }
        scores[coalition] = score(pd.DataFrame(mixed, index=own.index, copy=False))
    return scores


def _by_trees(
    score: Score, own: pd.DataFrame, other: pd.DataFrame, factors: Mapping[str, Sequence[str]]
) -> Array | None:
    """Scores of all coalitions from the trees inside a score; None where there are none."""
    inner = getattr(score, "inner", None)
    forest = None if inner is None or len(factors) > MOST_WALKED else forest_of(inner.model)
    if inner is None or forest is None:
        return None
    mine, theirs = inner.read(own), inner.read(other)
    owner = {column: k for k, name in enumerate(factors) for column in factors[name]}
    if not all(column in owner for column in mine.columns):
        return None
    factor = np.array([owner[column] for column in mine.columns], dtype=np.int8)
    raw = walked(forest, read_by(forest, mine), read_by(forest, theirs), factor, len(factors))
    scores: Array = inner.link(raw)
    return scores


def _by_terms(
    score: Score, own: pd.DataFrame, other: pd.DataFrame, factors: Mapping[str, Sequence[str]]
) -> Array | None:
    """Scores of all coalitions of a sum over columns; None where the model is no such sum."""
    inner = getattr(score, "inner", None)
    if inner is None or not hasattr(inner.model, "additive_terms"):
        return None
    mine, theirs = (inner.model.additive_terms(inner.seen(rows)) for rows in (own, other))
    owner = {column: k for k, name in enumerate(factors) for column in factors[name]}
    if not all(column in owner for column in mine.columns):
        return None
    factor = np.array([owner[column] for column in mine.columns])
    parts = np.zeros((2, len(own), len(factors)))
    for part, terms in zip(parts, (mine, theirs), strict=True):
        for column, k in enumerate(factor):
            part[:, k] += terms.iloc[:, column].to_numpy()
    members = (np.arange(2 ** len(factors))[:, None] >> np.arange(len(factors))) & 1
    raw = inner.model.intercept_ + parts[1].sum(axis=1) + members @ (parts[0] - parts[1]).T
    scores: Array = inner.link(raw)
    return scores


def references(people: int, background: int | None = None, *, seed: int) -> NDArray[np.intp]:
    """Assign one background row to each person by chance, every row equally often.

    Without a background the people stand in for each other: in a shuffled ring each is
    everyone's reference once and nobody their own. Either way the assignment knows nothing of
    groups, so that references differ between groups by chance only.

    Parameters
    ----------
    people : int
        How many need a reference.
    background : int, optional
        How many rows there are to choose from.
    seed : int
        Of the shuffle.

    Returns
    -------
    ndarray of shape (people,)
        Positions in the background, or among the people.

    Examples
    --------
    >>> ring = references(4, seed=0)
    >>> sorted(ring.tolist()), bool((ring == np.arange(4)).any())
    ([0, 1, 2, 3], False)
    """
    rng = Streams(seed).generator("explanation.references")
    if background is None:
        order = rng.permutation(people)
        ring = np.empty(people, dtype=np.intp)
        ring[order] = np.roll(order, -1)
        return ring
    turns = np.concatenate([rng.permutation(background) for _ in range(-(-people // background))])
    return turns[:people]


def factor_attributions(
    score: Score,
    X: pd.DataFrame,
    factors: Mapping[str, Sequence[str]],
    *,
    background: pd.DataFrame | None = None,
    seed: int,
) -> Array:
    """What each factor adds to each person's score, against a pooled background.

    Block Shapley values of ``v_i(S) = f(x_i on S, r_i elsewhere)`` with one background row
    r_i a person (`references`). They sum to ``f(x_i) - f(r_i)``. What the person's reference
    happens to score above the base, the mean score of the background, is then given back to
    the factors in proportion to their mean absolute values, so that

    - each person's attributions sum exactly to ``f(x_i) - base``, with one base for all groups;
    - a factor that the score does not use gets exactly 0 for everybody.

    Cost: 2**K model calls on all people, K factors; memory for at most 16 million scores.

    Parameters
    ----------
    score : callable
        From a table to one number a person.
    X : DataFrame
        People.
    factors : mapping of str to sequence of str
        Blocks of columns of X.
    background : DataFrame, optional
        Rows that stand for the population, the same for every group; the people themselves by
        default. A background much smaller than X is met again and again, and its sampling
        error is then in no interval that is computed from people.
    seed : int
        Of the assignment of background rows.

    Returns
    -------
    ndarray of shape (people, K)

    Raises
    ------
    ModelError
        When a factor has an unknown column, or there are more than 12 factors.

    References
    ----------
    Shapley (1953); Owen, G. (1977). Values of games with a priori unions. Mathematical
    Economics and Game Theory; Janzing, D., Minorics, L. and Bloebaum, P. (2020). Feature
    relevance quantification in explainable AI: a causal problem. AISTATS.

    Examples
    --------
    >>> X = pd.DataFrame({"a": [0.0, 1.0], "b": [0.0, 3.0]})
    >>> factor_attributions(lambda x: x["a"] + x["b"], X, {"A": ["a"], "B": ["b"]},
    ...                     background=X[:1], seed=0)
    array([[0., 0.],
           [1., 3.]])
    """
    check_factors(factors, X)
    others = X if background is None else background
    rows = references(len(X), None if background is None else len(background), seed=seed)
    parts = np.empty((len(X), len(factors)))
    own, met = np.empty(len(X)), np.empty(len(X))
    step = max(1, MOST_SCORES >> len(factors))
    for start in range(0, len(X), step):
        part = slice(start, start + step)
        values = coalition_scores(score, X.iloc[part], others.iloc[rows[part]], factors)
        parts[part], own[part], met[part] = shapley(values).T, values[-1], values[0]
    base = own.mean() if background is None else np.mean(score(background))
    attributions: Array = parts + np.outer(met - base, _shares(parts))
    return attributions


def _shares(parts: Array) -> Array:
    size = np.abs(parts).sum(axis=0)
    whole = size.sum()
    return size / whole if whole > 0 else np.full(len(size), 1 / len(size))
