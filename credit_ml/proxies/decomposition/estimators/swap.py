"""Swap Shapley: each member of a group against a member of the other."""

from typing import ClassVar

import numpy as np

from credit_ml.core import Array, Rows, Streams
from credit_ml.explanation.shapley.block_shapley import pair_attributions
from credit_ml.inference import Comparison
from credit_ml.inference.clusters import cluster_sums
from credit_ml.proxies.decomposition.components import Components, paired
from credit_ml.proxies.decomposition.estimators.estimator import Estimator, GapComponents, GapTask
from credit_ml.scoring import ScoreFunction


class SwapShapley(Estimator):
    """``v(S)`` = mean score with the factors in S of the group, the others of the reference."""

    id: ClassVar[str] = "swap_shapley"
    mixes: ClassVar[bool] = True

    def decomposed(self, task: GapTask) -> GapComponents:
        """Swap each pair of groups by itself."""
        score, streams = task.score(task.one_model(self)), Streams(task.seed)
        return task.answer(score.name, score.unit, lambda pair: swapped(score, task, pair, streams))


def swapped(score: ScoreFunction, task: GapTask, pair: Comparison, streams: Streams) -> Components:
    """Shapley values of one pair, by a random pairing with exact shares of both groups."""
    X, factors = task.dataset.X, task.dataset.factors
    generator = streams.generator(f"proxies.swap.{pair.group}")
    inside, outside = np.flatnonzero(pair.inside), np.flatnonzero(pair.outside)
    own, other, weight = random_pairing(len(inside), len(outside), generator)
    own, other = inside[own], outside[other]
    # A person of the smaller group is in several pairs, and labels must not repeat.
    mine, theirs = (X.iloc[rows].reset_index(drop=True) for rows in (own, other))
    moves, own_scores, other_scores = pair_attributions(
        score, mine, theirs, factors, seed=task.seed
    )
    scores = np.empty(len(X))
    scores[own], scores[other] = own_scores, other_scores
    estimate, people = weight @ moves, task.people
    terms = (moves - estimate) * weight[:, None]
    alone = people.from_influence(
        estimate, cluster_sums(terms, own, people.size), parts=(pair.inside, pair.outside)
    )
    return Components(
        names=tuple(factors),
        estimate=paired(alone, people, terms, own, other),
        total=pair.difference(people.mean, scores),
    )


def random_pairing(
    first: int, second: int, generator: np.random.Generator
) -> tuple[Rows, Rows, Array]:
    """Pair two groups by chance so that everybody of each counts equally.

    Both are shuffled and laid side by side on the unit interval; who overlaps is a pair, weighted
    by the overlap (north-west corner rule).

    Returns
    -------
    first, second : ndarray of int
        At most ``first + second - 1`` pairs.
    weight : ndarray
        Sums to 1; to 1 / first over each of the first group, 1 / second over each of the second.

    Examples
    --------
    >>> own, other, weight = random_pairing(2, 4, np.random.default_rng(0))
    >>> np.bincount(own, weights=weight).tolist(), np.bincount(other, weights=weight).tolist()
    ([0.5, 0.5], [0.25, 0.25, 0.25, 0.25])
    """
    # In units of 1 / (first second) all ends are whole numbers, so that no overlap is rounding.
    ends = np.union1d(
        np.arange(1, first + 1, dtype=np.int64) * second,
        np.arange(1, second + 1, dtype=np.int64) * first,
    )
    length = np.diff(ends, prepend=0)
    start = ends - length
    own = generator.permutation(first)[start // second]
    other = generator.permutation(second)[start // first]
    return own, other, length / (first * second)
