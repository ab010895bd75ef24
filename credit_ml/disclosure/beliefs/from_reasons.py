"""What people make of their own reasons: what each factor adds to their score."""

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import Streams
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.beliefs.weights import better
from credit_ml.explanation.shapley.block_shapley import pair_attributions

Array = NDArray[np.float64]

#: Random people beside whom everybody is told the reasons.
REFERENCES = 4


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
