"""Linear beliefs: which weights people go by, and where they think they and the line stand."""

from collections.abc import Set

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import Streams
from credit_ml.disclosure.beliefs.belief import LinearBelief
from credit_ml.disclosure.beliefs.precision import Item, Precision
from credit_ml.disclosure.beliefs.reasoned import reason_weights
from credit_ml.disclosure.beliefs.setting import Setting
from credit_ml.disclosure.beliefs.standard import Standard
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


def linear_belief(setting: Setting, tells: Set[Item], precision: Precision) -> LinearBelief:
    """Return what people believe who are told some of weights, signs, reasons, scores, lines."""
    standard = setting.standard
    weights = _weights(setting, standard, tells, precision)
    start, spread = _level(setting, standard, weights, tells)
    if precision.noise and "cut_off" in tells:
        drawn = Streams(setting.seed).generator("disclosure.noise.cut_off").standard_normal()
        # A line believed too high is a score believed too low, by as much.
        start = start - precision.noise * setting.spread * drawn
    return LinearBelief(
        columns=standard.columns, weights=weights / standard.scale, start=start, spread=spread
    )


def _weights(setting: Setting, standard: Standard, tells: Set[Item], precision: Precision) -> Array:
    prior = alike(setting, standard, setting.people.factors if "factors" in tells else None)
    if tells & {"weights", "ranks", "direction"}:
        true = noisy(setting.surrogate[0], precision.noise, setting.seed)
        if "weights" in tells:
            return rounded(true, precision.rounding)
        return ranked(true, setting) if "ranks" in tells else directed(true, setting)
    if "reasons" in tells:
        return reason_weights(setting, standard)
    decisions = precision.shown == "decisions"
    if "examples" in tells:
        return from_examples(setting, standard, prior, precision.examples, decisions=decisions)
    if "friends" in tells:
        return from_friends(setting, standard, prior, decisions=decisions)
    return prior


def _level(
    setting: Setting, standard: Standard, weights: Array, tells: Set[Item]
) -> tuple[Array, Array | None]:
    """Where people take themselves to stand against the true line, and how sure they are."""
    start, variance = setting.scores, 0.0
    if "own_score" not in tells:
        reckoned = _reckoned(setting, standard, weights)
        # People know how far off such reckonings are, on average, though not in which way.
        variance += float(((setting.scores - reckoned) ** 2).mean())
        start = reckoned
    if "cut_off" not in tells:
        start = start + setting.aims[0].threshold - float(setting.everyone_scores.mean())
        variance += setting.spread**2
    return start, None if variance == 0 else np.full(len(start), np.sqrt(variance))


def _reckoned(setting: Setting, standard: Standard, weights: Array) -> Array:
    Z = standard(setting.people.X)
    middle = float(setting.everyone_scores.mean())
    found: Array = middle + ((Z * weights).sum(axis=1) if weights.ndim == 2 else Z @ weights)
    return found
