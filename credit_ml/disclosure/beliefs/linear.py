"""Linear beliefs: which weights people go by, and where they think they and the line stand."""

from collections.abc import Set

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import Streams
from credit_ml.disclosure.beliefs.belief import LinearBelief
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.beliefs.from_reasons import reason_weights
from credit_ml.disclosure.beliefs.precision import Item, Precision
from credit_ml.disclosure.beliefs.standard_units import StandardUnits
from credit_ml.disclosure.beliefs.weights import (
    alike,
    directed,
    from_examples,
    from_friends,
    noisy,
    ranked,
    rounded,
)

Array = NDArray[np.float64]


def linear_belief(
    problem: DecisionProblem, discloses: Set[Item], precision: Precision
) -> LinearBelief:
    """Return what people believe who are told some of weights, signs, reasons, scores, lines."""
    standard = problem.standard
    weights = _weights(problem, standard, discloses, precision)
    start, spread = _level(problem, standard, weights, discloses)
    if precision.noise and "threshold" in discloses:
        drawn = Streams(problem.seed).generator("disclosure.noise.cut_off").standard_normal()
        # A line believed too high is a score believed too low, by as much.
        start = start - precision.noise * problem.spread * drawn
    return LinearBelief(
        columns=standard.columns, weights=weights / standard.scale, start=start, spread=spread
    )


def _weights(
    problem: DecisionProblem, standard: StandardUnits, discloses: Set[Item], precision: Precision
) -> Array:
    prior = alike(problem, standard, problem.people.factors if "factors" in discloses else None)
    if discloses & {"weights", "ranks", "direction"}:
        true = noisy(problem.surrogate[0], precision.noise, problem.seed)
        if "weights" in discloses:
            return rounded(true, precision.rounding)
        return ranked(true, problem) if "ranks" in discloses else directed(true, problem)
    if "reasons" in discloses:
        return reason_weights(problem, standard)
    decisions = precision.shown == "decisions"
    if "examples" in discloses:
        return from_examples(problem, standard, prior, precision.examples, decisions=decisions)
    if "friends" in discloses:
        return from_friends(problem, standard, prior, decisions=decisions)
    return prior


def _level(
    problem: DecisionProblem, standard: StandardUnits, weights: Array, discloses: Set[Item]
) -> tuple[Array, Array | None]:
    """Where people take themselves to stand against the true line, and how sure they are."""
    start, variance = problem.scores, 0.0
    if "own_score" not in discloses:
        reckoned = _reckoned(problem, standard, weights)
        # People know how far off such reckonings are, on average, though not in which way.
        variance += float(((problem.scores - reckoned) ** 2).mean())
        start = reckoned
    if "threshold" not in discloses:
        start = start + problem.aims[0].threshold - float(problem.everyone_scores.mean())
        variance += problem.spread**2
    return start, None if variance == 0 else np.full(len(start), np.sqrt(variance))


def _reckoned(problem: DecisionProblem, standard: StandardUnits, weights: Array) -> Array:
    Z = standard(problem.people.X)
    middle = float(problem.everyone_scores.mean())
    found: Array = middle + ((Z * weights).sum(axis=1) if weights.ndim == 2 else Z @ weights)
    return found
