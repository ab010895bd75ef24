"""Linear beliefs: which weights people go by, and where they think they and the threshold stand."""

from collections.abc import Set

import numpy as np

from credit_ml.core import Streams
from credit_ml.core.arrays import Array
from credit_ml.disclosure.beliefs import weights as learned
from credit_ml.disclosure.beliefs.belief import LinearBelief
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.beliefs.from_reasons import reason_weights
from credit_ml.disclosure.beliefs.precision import Item, Precision


def linear_belief(
    problem: DecisionProblem, discloses: Set[Item], precision: Precision
) -> LinearBelief:
    """Return what people believe who are told some of weights, reasons, scores, thresholds."""
    standard = problem.standard
    weights = _weights(problem, discloses, precision)
    start, spread = _level(problem, weights, discloses)
    if precision.noise and "threshold" in discloses:
        drawn = Streams(problem.seed).generator("disclosure.noise.cut_off").standard_normal()
        # A threshold believed too high is a score believed too low, by as much.
        start = start - precision.noise * problem.spread * drawn
    by_unit = weights / standard.scale
    return LinearBelief(columns=standard.columns, weights=by_unit, start=start, spread=spread)


def _weights(problem: DecisionProblem, discloses: Set[Item], precision: Precision) -> Array:
    prior = learned.alike(problem, problem.people.factors if "factors" in discloses else None)
    if discloses & {"weights", "ranks", "direction"}:
        true = learned.noisy(problem.surrogate[0], precision.noise, problem.seed)
        if "weights" in discloses:
            return learned.rounded(true, precision.rounding)
        known = learned.ranked if "ranks" in discloses else learned.directed
        return known(true, problem)
    if "reasons" in discloses:
        return reason_weights(problem)
    if "examples" in discloses:
        return learned.from_examples(problem, prior, precision)
    return learned.from_friends(problem, prior, precision) if "friends" in discloses else prior


def _level(
    problem: DecisionProblem, weights: Array, discloses: Set[Item]
) -> tuple[Array, Array | None]:
    """Where people take themselves to stand against the true threshold, and how sure they are."""
    start, variance, middle = problem.scores, 0.0, float(problem.everyone_scores.mean())
    if "own_score" not in discloses:
        Z = problem.standard(problem.people.X)
        start = middle + ((Z * weights).sum(axis=1) if weights.ndim == 2 else Z @ weights)
        # People know how far off such reckonings are, on average, though not in which way.
        variance += float(((problem.scores - start) ** 2).mean())
    if "threshold" not in discloses:
        start = start + problem.aims[0].threshold - middle
        variance += problem.spread**2
    return start, None if variance == 0 else np.full(len(start), np.sqrt(variance))
