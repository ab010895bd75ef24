"""One bundle that the rater names to each person who is refused."""

from dataclasses import replace

import numpy as np

from credit_ml.core.tables.arrays import Whole
from credit_ml.disclosure.beliefs.belief import BundleBelief
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.response.best_response.choice import Cheapest, cheapest
from credit_ml.response.economy import Economy
from credit_ml.response.moved_records import moved


def counterfactual(problem: DecisionProblem) -> BundleBelief:
    """Tell everybody the bundle that grants the first aim with the least change of records.

    The rater knows no costs: it counts how far an action moves records on average, in standard
    deviations, as counterfactual explanations do.
    """
    efforts = np.array([_size(problem, number) for number in range(len(problem.actions))])
    economy = replace(problem.economy, prices=np.zeros(len(efforts)), efforts=efforts, budget=None)
    found = _reaching(problem, economy)
    return _told(problem, np.where(found.reachable, found.masks, 0))


def recommendation(problem: DecisionProblem) -> BundleBelief:
    """Tell everybody which improvement grants the first aim, or else all that improve.

    Only actions that raise the true outcome are recommended; nobody who has the aim is told any.
    """
    improving = np.array([action.improves for action in problem.actions])
    open_to = problem.economy.open_to
    allowed = np.broadcast_to(improving, (len(problem.people), len(improving)))
    allowed = allowed if open_to is None else allowed & open_to
    economy = replace(problem.economy, open_to=np.ascontiguousarray(allowed), budget=None)
    found = _reaching(problem, economy)
    everything = (allowed * (1 << np.arange(len(improving)))).sum(axis=1)
    refused = problem.scores < problem.aims[0].threshold
    return _told(problem, np.where(found.reachable, found.masks, np.where(refused, everything, 0)))


def _reaching(problem: DecisionProblem, economy: Economy) -> Cheapest:
    needed = problem.aims[0].threshold + problem.margin
    return cheapest(problem.score, problem.people.X, problem.actions, economy, needed)


def _told(problem: DecisionProblem, masks: Whole) -> BundleBelief:
    scores = problem.score(moved(problem.people.X, problem.actions, masks))
    return BundleBelief(masks=masks.astype(np.int64), scores=scores)


def _size(problem: DecisionProblem, number: int) -> float:
    """Mean change of records that an action makes, in standard deviations, summed over columns.

    Where a column is the same for everybody, in its own unit.
    """
    standard = problem.standard
    units = np.where(np.isfinite(standard.scale), standard.scale, 1.0)
    scale = dict(zip(standard.columns, units, strict=True))
    made = problem.moves(1 << number)
    return float(sum(np.abs(change).mean() / scale[name] for name, change in made.items()))
