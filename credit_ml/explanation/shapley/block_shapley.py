"""Block Shapley: what each factor adds to each person's score, all coalitions evaluated."""

from collections.abc import Mapping, Sequence
from math import comb

import numpy as np
import pandas as pd

from credit_ml.explanation.shapley.background import background_rows
from credit_ml.explanation.shapley.coalitions import (
    MOST_SCORES,
    Array,
    Score,
    check_factors,
    coalition_scores,
)


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
    r_i a person (`background_rows`). They sum to ``f(x_i) - f(r_i)``. What the person's reference
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
    rows = background_rows(len(X), None if background is None else len(background), seed=seed)
    parts = np.empty((len(X), len(factors)))
    own, met = np.empty(len(X)), np.empty(len(X))
    step = max(1, MOST_SCORES >> len(factors))
    for start in range(0, len(X), step):
        part = slice(start, start + step)
        values = coalition_scores(score, X.iloc[part], others.iloc[rows[part]], factors)
        parts[part], own[part], met[part] = shapley(values).T, values[-1], values[0]
    base = own.mean() if background is None else np.mean(score(background))
    return np.asarray(parts + np.outer(met - base, _shares(parts)))


def _shares(parts: Array) -> Array:
    size = np.abs(parts).sum(axis=0)
    whole = size.sum()
    return size / whole if whole > 0 else np.full(len(size), 1 / len(size))
