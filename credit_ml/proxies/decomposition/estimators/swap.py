"""Swap Shapley: each member of a group against a member of the other."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Streams
from credit_ml.core.tables.arrays import Array, Rows
from credit_ml.explanation import coalition_scores, shapley
from credit_ml.explanation.shapley.coalitions import MOST_SCORES
from credit_ml.inference import Comparison
from credit_ml.inference.clusters import cluster_sums
from credit_ml.proxies.decomposition.components import Components, paired
from credit_ml.proxies.decomposition.estimators.estimator import (
    Estimator,
    GapComponents,
    GapTask,
    one_model,
)
from credit_ml.scoring import ScoreFunction, display_name, score_function


@dataclass(frozen=True, kw_only=True)
class SwapShapley(Estimator):
    """``v(S)`` = mean score with the factors in S of the group, the others of the reference."""

    id: ClassVar[str] = "swap_shapley"

    def decomposed(self, task: GapTask) -> GapComponents:
        """Swap each pair of groups by itself."""
        model = one_model(self, task)
        score = score_function(model, task.output, dataset=task.dataset)
        streams = Streams(task.seed)
        by_pair = tuple((pair, swapped(score, task, pair, streams)) for pair in task.pairs())
        return GapComponents(rater=display_name(model), unit=score.unit, by_pair=by_pair)


def swapped(score: ScoreFunction, task: GapTask, pair: Comparison, streams: Streams) -> Components:
    """Shapley values of one pair, by a random pairing with exact shares of both groups."""
    X, factors = task.dataset.X, task.dataset.factors
    generator = streams.generator(f"proxies.swap.{pair.group}")
    inside, outside = np.flatnonzero(pair.inside), np.flatnonzero(pair.outside)
    own, other, weight = random_pairing(len(inside), len(outside), generator)
    own, other = inside[own], outside[other]
    moves, scores = np.empty((len(own), len(factors))), np.empty(len(X))
    step = max(1, MOST_SCORES >> len(factors))
    for start in range(0, len(own), step):
        part = slice(start, start + step)
        values = coalition_scores(score, _rows(X, own[part]), _rows(X, other[part]), factors)
        moves[part] = shapley(values).T
        scores[own[part]], scores[other[part]] = values[-1], values[0]
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


def _rows(X: pd.DataFrame, rows: NDArray[Any]) -> pd.DataFrame:
    # A person of the smaller group is in several pairs, and labels must not repeat.
    return X.iloc[rows].reset_index(drop=True)
