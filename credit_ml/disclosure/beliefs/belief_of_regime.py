"""The belief that a regime forms: from the most that people are told to the least."""

from collections.abc import Set
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from credit_ml.core import Array, Streams
from credit_ml.disclosure.beliefs import learned
from credit_ml.disclosure.beliefs import weights as told
from credit_ml.disclosure.beliefs.advice import Advised, Offered
from credit_ml.disclosure.beliefs.belief import Belief, Inert, LinearBelief, ScoreBelief
from credit_ml.disclosure.beliefs.counterfactual import counterfactual, recommendation
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.beliefs.disclosed_models import distorted, released
from credit_ml.disclosure.beliefs.precision import Item, Precision

if TYPE_CHECKING:
    from credit_ml.disclosure.regime import Disclosed


def belief_of_regime(regime: "Disclosed", problem: DecisionProblem) -> Belief:
    """Return what people hold to be true under a regime, advice included where it is sold."""
    if regime.advice is not None and regime.advice.may_disclose:
        level = regime.discloses & {"own_score", "threshold"}
        return Offered(
            advice=regime.advice,
            form=lambda told: _formed(replace(regime, discloses=level | set(told)), problem),
        )
    formed = _formed(regime, problem)
    return formed if regime.advice is None else Advised(advice=regime.advice, before=formed)


def _formed(regime: "Disclosed", problem: DecisionProblem) -> Belief:
    if "model" in regime.discloses:
        return ScoreBelief(distorted(problem, regime.precision))
    if "models" in regime.discloses:
        return ScoreBelief(released(problem, regime.precision))
    if "counterfactual" in regime.discloses:
        return counterfactual(problem)
    if "recommendation" in regime.discloses:
        return recommendation(problem)
    if regime.prior == "inert" and not regime.discloses:
        return Inert()
    told_with = (regime.discloses, regime.precision)
    return linear_belief(problem, *told_with, prior_scale=regime.prior_scale)


def linear_belief(
    problem: DecisionProblem,
    discloses: Set[Item],
    precision: Precision,
    *,
    prior_scale: float = 1.0,
) -> LinearBelief:
    """Return what people believe who are told some of weights, reasons, scores, thresholds."""
    standard = problem.standard
    guessed = told.alike(problem, problem.people.factors if "factors" in discloses else None)
    weights = _weights(problem, discloses, precision, prior_scale * guessed)
    start, spread = _level(problem, weights, discloses)
    if precision.noise and "threshold" in discloses:
        drawn = Streams(problem.seed).generator("disclosure.noise.cut_off").standard_normal()
        # A threshold believed too high is a score believed too low, by as much.
        start = start - precision.noise * problem.spread * drawn
    by_unit = weights / standard.scale
    return LinearBelief(columns=standard.columns, weights=by_unit, start=start, spread=spread)


def _weights(
    problem: DecisionProblem, discloses: Set[Item], precision: Precision, prior: Array
) -> Array:
    if discloses & {"weights", "ranks", "direction"}:
        true = told.noisy(problem.surrogate[0], precision.noise, problem.seed)
        if "weights" in discloses:
            return told.rounded(true, precision.rounding)
        known = told.ranked if "ranks" in discloses else told.directed
        return known(true, problem)
    if "reasons" in discloses:
        return learned.reason_weights(problem)
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
