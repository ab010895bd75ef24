"""Block Shapley: what each factor adds to each person's score, all coalitions evaluated."""

import warnings
from collections.abc import Mapping, Sequence
from math import comb
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Array, Rows, Streams
from credit_ml.core.progress import followed
from credit_ml.core.renamed import outside
from credit_ml.explanation.shapley.background import background_rows
from credit_ml.explanation.shapley.coalitions import (
    MOST_EXACT,
    MOST_SCORES,
    MixedRows,
    Score,
    all_coalitions,
    check_factors,
    coalition_scores,
    scores_of_rows,
    terms_by_factor,
)
from credit_ml.explanation.shapley.pair_means import mean_coalition_scores


class ManyFactors(UserWarning):
    """Factors are too many for all coalitions, and random orders answer for them."""


#: Rows of one model call about orders of factors.
MOST_MIXED = 2**17
#: Random orders of factors, where not all coalitions are asked; an even number.
ORDERS = 8


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
    players = (len(values) - 1).bit_length()
    size = np.array([c.bit_count() for c in range(len(values) // 2)])
    weight = np.array([1 / (players * comb(players - 1, s)) for s in size])
    worth = []
    for player in range(players):
        # Coalitions without the player, and beside each the same with the player.
        pairs = values.reshape(len(weight) >> player, 2, 1 << player, *values.shape[1:])
        joining = np.subtract(pairs[:, 1], pairs[:, 0], order="C")
        worth.append(np.tensordot(weight, joining.reshape(len(weight), *values.shape[1:]), 1))
    return np.array(worth)


def factor_attributions(
    score: Score,
    X: pd.DataFrame,
    factors: Mapping[str, Sequence[str]],
    *,
    background: pd.DataFrame | None = None,
    weights: Array | None = None,
    seed: int,
) -> Array:
    """What each factor adds to each person's score, against a pooled background.

    Block Shapley values of ``v_i(S) = f(x_i on S, r_i elsewhere)`` with one background row
    r_i a person (`background_rows`). They sum to ``f(x_i) - f(r_i)``. What the person's reference
    happens to score above the base, the mean score of the background, is then given back to
    the factors in proportion to their mean absolute values, so that

    - each person's attributions sum exactly to ``f(x_i) - base``, with one base for all groups;
    - a factor that the score does not use gets exactly 0 for everybody.

    Cost: 2**K model calls on all people, K factors, and `ORDERS` times K where they are many
    (`pair_attributions`); memory for at most 16 million scores.

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
    weights : ndarray of shape (people,), optional
        Of the people where they are the background: how often each stands in, and counts in the
        base.
    seed : int
        Of the assignment of background rows.

    Returns
    -------
    ndarray of shape (people, K)

    Raises
    ------
    ModelError
        When a factor has an unknown column.

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
    size = None if background is None else len(background)
    rows = background_rows(len(X), size, weights=weights, seed=seed)
    chosen = rows if background is None else background.iloc[rows].reset_index(drop=True)
    parts, own, met = pair_attributions(score, X, chosen, factors, seed=seed)
    if background is not None:
        base = np.mean(score(background))
    else:
        base = own.mean() if weights is None else np.average(own, weights=weights)
    return surplus_returned(parts, met - base)


def pair_attributions(
    score: Score,
    own: pd.DataFrame,
    other: pd.DataFrame | Rows,
    factors: Mapping[str, Sequence[str]],
    *,
    seed: int = 0,
) -> tuple[Array, Array, Array]:
    """Shapley values of factors between each row and the row of `other` beside it.

    Where rows of `own` stand in for each other, `other` may be their positions, and the table is
    read once.

    They sum to ``f(own) - f(other)``, exactly 0 for a factor that the score does not use. With
    too many factors for all coalitions (`all_coalitions`) they are averages over `ORDERS` random
    orders of factors, drawn for each row by itself and each followed by its reverse: unbiased,
    with errors that are independent between rows, so that an interval of a mean over rows holds
    them. A warning says so.

    Cost: 2**K model calls on all rows (`coalition_scores`); with random orders as many rows as
    ``ORDERS`` times the factors in which a row and the one beside it differ, in few calls of at
    most `MOST_MIXED` rows.

    Returns
    -------
    parts : ndarray of shape (rows, K)
    own_scores, other_scores : ndarray of shape (rows,)

    References
    ----------
    Castro, J., Gomez, D. and Tejada, J. (2009). Polynomial calculation of the Shapley value
    based on sampling. Computers and Operations Research 36, 1726-1730.
    """
    check_factors(factors, own)
    exact = all_coalitions(score, factors)
    read = scores_of_rows(score, own, other, factors) if exact else None
    beside: Any = own.iloc[other] if isinstance(other, np.ndarray) and read is None else other
    if not exact:
        return _over_orders(score, own, beside.set_axis(own.index), factors, seed)

    def scores_of(part: slice) -> Array:
        if read is not None:
            return read(part)
        return coalition_scores(score, own.iloc[part], beside.iloc[part], factors)

    parts, scores = np.empty((len(own), len(factors))), np.empty((2, len(own)))
    step = max(1, MOST_SCORES >> len(factors))
    for start in range(0, len(own), step):
        part = slice(start, start + step)
        values = scores_of(part)
        parts[part], scores[:, part] = shapley(values).T, values[[-1, 0]]
    return parts, scores[0], scores[1]


def mean_attributions(
    score: Score,
    people: pd.DataFrame,
    reference: pd.DataFrame,
    factors: Mapping[str, Sequence[str]],
    *,
    seed: int = 0,
) -> tuple[Array, Array, Array]:
    """Shapley values of factors of each person, averaged over all reference people.

    What `pair_attributions` gives for every pair, and the mean over the reference. Where a score
    adds columns up on its own scale, pairs need not be met one by one: a factor's points are its
    terms less their mean.

    Cost: at most ``2**K`` scores a pair (`mean_coalition_scores`); of scores that add up, one pass
    over people and reference.

    Returns
    -------
    points : ndarray of shape (people, K)
    scores : ndarray of shape (people,)
    base : ndarray of shape (people,)
        Mean score of the reference; each person keeps their own columns that are in no factor.

    Examples
    --------
    >>> people, reference = pd.DataFrame({"a": [4.0]}), pd.DataFrame({"a": [0.0, 2.0]})
    >>> mean_attributions(lambda X: X["a"], people, reference, {"A": ["a"]})
    (array([[3.]]), array([4.]), array([1.]))
    """
    check_factors(factors, people)
    summed = _summed(score, people, reference, factors)
    if summed is not None:
        return summed
    if all_coalitions(score, factors):
        values = mean_coalition_scores(score, people, reference, factors)
        return shapley(values).T, values[-1], values[0]
    many, size = len(people), len(reference)
    points, (scores, base) = np.empty((many, len(factors))), np.empty((2, many))
    step = max(1, MOST_SCORES // (size << len(factors)))
    for start in range(0, many, step):
        rows = np.arange(start, min(start + step, many))
        own = people.iloc[np.repeat(rows, size)].reset_index(drop=True)
        other = reference.iloc[np.tile(np.arange(size), len(rows))].reset_index(drop=True)
        parts, mine, theirs = pair_attributions(score, own, other, factors, seed=seed)
        points[rows] = parts.reshape(len(rows), size, -1).mean(axis=1)
        scores[rows] = mine.reshape(len(rows), size)[:, 0]
        base[rows] = theirs.reshape(len(rows), size).mean(axis=1)
    return points, scores, base


def _summed(
    score: Score,
    people: pd.DataFrame,
    reference: pd.DataFrame,
    factors: Mapping[str, Sequence[str]],
) -> tuple[Array, Array, Array] | None:
    """Points of a score that is a sum of columns on its own scale; None of any other."""
    mine, theirs = (terms_by_factor(score, rows, factors) for rows in (people, reference))
    if mine is None or theirs is None:
        return None
    inner = score.inner  # type: ignore[attr-defined]
    every = np.concatenate([mine, theirs])
    raw = inner.model.intercept_ + every.sum(axis=1)
    ends = inner.model.intercept_ + np.array([every.min(axis=0).sum(), every.max(axis=0).sum()])
    shown, (low, high) = np.asarray(inner.link(raw)), np.asarray(inner.link(ends))
    width = ends[1] - ends[0]
    slope = (high - low) / width if width else 0.0
    # A scale that bends makes factors interact, though their terms add up.
    if np.abs(low + slope * (raw - ends[0]) - shown).max() > 1e-9 * max(1.0, np.abs(shown).max()):
        return None
    points = slope * (mine - theirs.mean(axis=0))
    mean = np.full(len(people), shown[len(people) :].mean())
    return points, shown[: len(people)], mean


def warn_many(factors: int) -> None:
    """Warn that so many factors are not asked about in all coalitions."""
    said = f"{factors} factors: what each adds is averaged over {ORDERS} random orders a person"
    remedy = f"up to {MOST_EXACT} factors of several columns are answered exactly"
    told = f"{said}, and intervals of groups hold that error; {remedy}"
    warnings.warn(told, ManyFactors, outside())


def _over_orders(
    score: Score,
    own: pd.DataFrame,
    other: pd.DataFrame,
    factors: Mapping[str, Sequence[str]],
    seed: int,
) -> tuple[Array, Array, Array]:
    warn_many(len(factors))
    number, people = len(factors), len(own)
    generator = Streams(seed).generator("explanation.orders")
    mixed = MixedRows.of(own, other, factors)
    ends = np.asarray(score(own[mixed.columns])), np.asarray(score(other[mixed.columns]))
    places = np.tile(np.arange(number, dtype=np.int16), (people, 1))
    drawn = np.stack([generator.permuted(places, axis=1) for _ in range(ORDERS // 2)])
    parts = np.empty((people, number))
    step = max(1, MOST_MIXED // (ORDERS * number))
    for start in followed(range(0, people, step), "orders of factors"):
        rows = np.arange(start, min(start + step, people))
        some = drawn[:, rows]
        # A person's own columns are taken over factor by factor, in each of the person's orders.
        orders = np.stack([some, some[:, :, ::-1]], axis=1).reshape(-1, len(rows), number)
        met = ends[1][rows], ends[0][rows]
        parts[rows] = _of_orders(score, mixed, rows, orders, met).sum(axis=0) / ORDERS
    return parts, ends[0], ends[1]


def _of_orders(
    score: Score, mixed: MixedRows, rows: Rows, orders: NDArray[np.int16], ends: tuple[Array, Array]
) -> Array:
    """What each factor adds in each order, shape (orders, rows, K).

    A step that changes nothing in a row, and the last that does, are not asked about.
    """
    changes = np.take_along_axis(mixed.differ[rows][np.newaxis], orders, axis=2)
    done = changes.cumsum(axis=2)
    left = done < done[:, :, -1:]
    rank = np.argsort(orders, axis=2)
    asked = np.nonzero(changes & left)
    order, person, place = asked
    answer = np.empty(orders.shape)
    if len(place):
        taken = rank[order, person] <= place[:, np.newaxis]
        answer[asked] = score(mixed.table(rows[person], taken))
    scores = np.empty((*orders.shape[:2], orders.shape[2] + 1))
    scores[:, :, 0] = ends[0]
    for at in range(orders.shape[2]):
        after = np.where(changes[:, :, at], answer[:, :, at], scores[:, :, at])
        scores[:, :, at + 1] = np.where(left[:, :, at], after, ends[1])
    return np.take_along_axis(np.diff(scores, axis=2), rank, axis=2)


def surplus_returned(parts: Array, surplus: Array) -> Array:
    """Return what each person's reference has above the base to factors, by their size."""
    size = np.abs(parts).sum(axis=0)
    whole = size.sum()
    share = size / whole if whole > 0 else np.full(len(size), 1 / len(size))
    return np.asarray(parts + np.outer(surplus, share))
