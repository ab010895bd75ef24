"""Weights that people learn for themselves: from examples, from friends, from their own reasons."""

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from credit_ml.core import Array, MenuError, Rows, Streams
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.beliefs.precision import Precision
from credit_ml.disclosure.beliefs.weights import better
from credit_ml.explanation.shapley.block_shapley import pair_attributions

#: What people believe before they see anybody counts as much as one person seen.
RIDGE = 1.0
#: Random people beside whom everybody is told the reasons.
REFERENCES = 4


def from_examples(problem: DecisionProblem, prior: Array, precision: Precision) -> Array:
    """Weights learned from random people's records and scores, or decisions on the first aim.

    Ridge regression towards the prior (Ghalme et al. 2021 minimise empirical risk); as the
    number of examples grows, the prior counts for nothing.
    """
    generator = Streams(problem.seed).generator("disclosure.examples")
    people, number = len(problem.everyone), precision.examples
    rows = generator.choice(people, number, replace=number > people)
    Z = problem.standard(problem.everyone.X.iloc[rows])
    shown = _shown(problem, precision)[rows]
    centred = Z - Z.mean(axis=0)
    gram = centred.T @ centred + RIDGE * np.eye(Z.shape[1])
    left = shown - shown.mean() - centred @ prior
    learned: Array = prior + np.linalg.solve(gram, centred.T @ left)
    return learned


def _shown(problem: DecisionProblem, precision: Precision) -> Array:
    """What is seen of others: scores, or decisions in the scores' spread."""
    scores = problem.everyone_scores
    if precision.shown == "scores":
        return scores
    granted = (scores >= problem.aims[0].threshold).astype(np.float64)
    spread = float(granted.std())
    return granted * (problem.spread / spread if spread > 0 else 0.0)


def from_friends(problem: DecisionProblem, prior: Array, precision: Precision) -> Array:
    """Weights by person, learned from one's own and one's friends' records and scores.

    Ridge regression towards the prior, so that who has no friends keeps it (Bechavod et al. 2022:
    information follows friendship).

    Raises
    ------
    MenuError
        When it is unknown who is friends with whom.
    """
    if problem.ties is None:
        raise MenuError("regime 'friends'", "needs ties", "give the society of the dataset")
    Z = problem.standard(problem.everyone.X)
    left = _shown(problem, precision) - Z @ prior
    return prior + learned_from_friends(problem.ties, Z, left, problem.rows, ridge=RIDGE)


def learned_from_friends(
    ties: csr_array, Z: Array, shown: Array, rows: Rows, *, ridge: float
) -> Array:
    """Ridge regression of what is shown on records, over each person and their friends.

    ``argmin_w sum_f (shown_f - mean - (z_f - mean) w)^2 + ridge |w|^2``, f over oneself and one's
    friends: weights that peers' scores tell of (Bechavod et al. 2022). As the ridge goes to zero
    it is the least weights that fit, which lie in the span of the friends' differences; who has no
    friends has none.

    Cost: the smaller of friends and columns cubed, and friends times columns squared, a person.

    Parameters
    ----------
    ties : csr_array of shape (everyone, everyone)
    Z : ndarray of shape (everyone, columns)
        Records in standard units.
    shown : ndarray of shape (everyone,)
        What each shows to friends, such as the score.
    rows : ndarray of shape (people,)
        Who learns.
    ridge : float
        Above 0.

    Returns
    -------
    ndarray of shape (people, columns)

    Examples
    --------
    >>> pair = csr_array(np.array([[0, 1], [1, 0]]))
    >>> Z = np.array([[0.0, 1.0], [2.0, 1.0]])
    >>> learned_from_friends(pair, Z, 3 * Z[:, 0], np.array([0]), ridge=1e-9).round(6).tolist()
    [[3.0, 0.0]]
    """
    found, seen = np.zeros((len(rows), Z.shape[1])), np.ascontiguousarray(shown, dtype=np.float64)
    graph = (ties.indptr.astype(np.int64), ties.indices.astype(np.int64))
    _learn(graph, (np.ascontiguousarray(Z), seen), rows.astype(np.int64), ridge, found)
    return found


@njit(cache=True, nogil=True)
def _learn(graph, people, rows, ridge, found):  # type: ignore[no-untyped-def]
    (indptr, friends), (Z, shown) = graph, people
    for number in range(len(rows)):
        own = rows[number]
        begin, end = indptr[own], indptr[own + 1]
        seen = end - begin + 1
        if seen < 2:
            continue
        z = np.empty((seen, Z.shape[1]))
        told = np.empty(seen)
        z[0], told[0] = Z[own], shown[own]
        for place in range(begin, end):
            z[place - begin + 1] = Z[friends[place]]
            told[place - begin + 1] = shown[friends[place]]
        for column in range(z.shape[1]):
            z[:, column] -= z[:, column].mean()
        told -= told.mean()
        # The dual form: as many unknowns as friends, of which most people have few.
        gram = z @ z.T
        for place in range(seen):
            gram[place, place] += ridge
        found[number] = z.T @ np.linalg.solve(gram, told)


def reason_weights(problem: DecisionProblem) -> Array:
    """Weights by person: a factor that costs points gives them back for a standard deviation.

    A person's factor with reason ``phi_ik < 0`` (block Shapley beside `REFERENCES` random people)
    and m_k columns that people think they know which way to move has ``-phi_ik / m_k better_j``
    for each of them; factors that add points have no weight.

    Cost: 2**K model calls, or one pass over trees, for each reference.
    """
    reasons = own_reasons(problem)
    ways = better(problem.standard.columns, problem.actions)
    place = {name: number for number, name in enumerate(problem.standard.columns)}
    weights = np.zeros((len(problem.people), len(problem.standard.columns)))
    for number, members in enumerate(problem.people.factors.values()):
        known = [place[name] for name in members if name in place and ways[place[name]]]
        if known:
            cost = np.maximum(-reasons[:, number], 0.0) / len(known)
            weights[:, known] = cost[:, None] * ways[known]
    return weights


def own_reasons(problem: DecisionProblem) -> Array:
    """What each factor adds to each person's score, shape (people, factors)."""
    people, everyone = problem.people.X, problem.everyone.X
    generator = Streams(problem.seed).generator("disclosure.reasons")
    total: Array = np.zeros((len(people), len(problem.people.factors)))
    for draw in range(REFERENCES):
        rows = generator.integers(0, len(everyone), len(people))
        other = everyone.iloc[rows].set_axis(people.index)
        asked = (problem.score, people, other, problem.people.factors)
        total += pair_attributions(*asked, seed=problem.seed + draw)[0] / REFERENCES
    return total
