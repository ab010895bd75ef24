"""What people take the weights of a score to be, from what they are told of them.

All beliefs here are linear in the numeric columns, in standard units: a weight is the score that
a standard deviation of the column is believed to bring.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from credit_ml.core import Array, Streams
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.response.menu import Action
from credit_ml.society import COLUMNS


def better(columns: Sequence[str], actions: Sequence[Action]) -> Array:
    """Which way of each column people take to be the better one: 1, -1, or 0 for no opinion.

    As `credit_ml.society.COLUMNS` has it; of an unknown column, the way in which the first
    action moves it, for nobody does anything deliberate for the worse.
    """
    moves: dict[str, float] = {}
    for action in actions:
        for change in action.changes:
            shrinks = change.add < 0 or (change.add == 0 and change.multiply < 1)
            moves.setdefault(change.column, -1.0 if shrinks else 1.0)
    return np.array(
        [COLUMNS[name].better if name in COLUMNS else moves.get(name, 0.0) for name in columns],
        dtype=np.float64,
    )


def alike(problem: DecisionProblem, factors: Mapping[str, Sequence[str]] | None) -> Array:
    """Every factor weighs the same, and within a factor every column.

    ``sd(s) / sqrt(K) / sqrt(m_k) better_j`` for a column of a factor with m_k columns, of K
    factors: so that the score would spread as the true one does, were columns independent.
    Without names of factors, all columns are one.
    """
    columns = problem.standard.columns
    blocks = factors or {"all": [str(name) for name in problem.people.X.columns]}
    share = dict.fromkeys(columns, 0.0)
    for members in blocks.values():
        for name in members:
            if name in share:
                share[name] = 1 / np.sqrt(len(members) * len(blocks))
    size = np.array([share[name] for name in columns])
    return problem.spread * size * better(columns, problem.actions)


def directed(weights: Array, problem: DecisionProblem) -> Array:
    """Signs are told, sizes are not: the mean of all weights of these signs with one sum.

    The mean of the uniform Dirichlet distribution; weights of zero are told to be zero.
    """
    known = np.sign(
        np.where(np.abs(weights) > 1e-9 * max(np.abs(weights).max(), 1e-300), weights, 0.0)
    )
    return _spread_as(known, problem)


def ranked(weights: Array, problem: DecisionProblem) -> Array:
    """Signs and the order of sizes are told: means of ordered uniform Dirichlet weights."""
    order = np.argsort(-np.abs(weights), kind="stable")
    sizes = np.empty(len(weights))
    sizes[order] = ordered_means(len(weights))
    return _spread_as(sizes * np.sign(weights), problem)


def ordered_means(number: int) -> Array:
    """Means of uniform Dirichlet weights from the largest to the smallest.

    The j-th largest of K has the mean ``1/K sum_{i=j..K} 1/i`` (spacings of uniform variables:
    David and Nagaraja 2003, Order Statistics).

    Examples
    --------
    >>> ordered_means(2).tolist()
    [0.75, 0.25]
    """
    parts = 1 / np.arange(1, number + 1)
    found: Array = parts[::-1].cumsum()[::-1] / number
    return found


def _spread_as(weights: Array, problem: DecisionProblem) -> Array:
    """Scale weights so that the score would spread as it does, were columns independent."""
    size = float(np.sqrt((weights**2).sum()))
    return weights * (problem.spread / size if size > 0 else 0.0)


def rounded(weights: Array, step: float) -> Array:
    """Round weights to multiples of a share of the largest."""
    unit = step * float(np.abs(weights).max(initial=0.0))
    return weights if unit == 0 else np.rint(weights / unit) * unit


def noisy(weights: Array, noise: float, seed: int) -> Array:
    """Add normal noise, a share of the weights' root mean square; the same for everybody."""
    if noise == 0:
        return weights
    size = float(np.sqrt((weights**2).mean()))
    drawn = Streams(seed).generator("disclosure.noise.weights").standard_normal(len(weights))
    return weights + noise * size * drawn
