"""Outcomes: whether a citizen keeps an obligation, in two periods."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_ml.society.mechanisms.chance import logistic
from credit_ml.society.mechanisms.knobs import Knobs, knob
from credit_ml.society.mechanisms.population import Dependence, Population, shift

Array = NDArray[np.float64]


class Outcome(Knobs):
    """Log-odds of keeping: ``base + trust + capacity - shock``, never who one is by default.

    A penalty (S22) raises them by ``penalty * 2 * logistic(-trust)``: most for those who would
    break an obligation, little for those who keep it anyway.
    """

    base: float = knob(
        default=2.2,
        unit="log-odds at mean trust and capacity",
        low=-10,
        high=10,
        source="assumed: about 85 of 100 keep an obligation",
    )
    trust: float = knob(
        default=1.0, unit="log-odds per SD of trust", low=-10, high=10, source="assumed"
    )
    capacity: float = knob(
        default=0.5, unit="log-odds per SD of capacity", low=-10, high=10, source="assumed"
    )
    shock: float = knob(
        default=0.25,
        unit="log-odds lost per SD of the local shock",
        low=-10,
        high=10,
        source="assumed",
    )
    penalty: float = knob(
        default=0.0,
        unit="log-odds gained at mean trust because breaking is punished",
        low=0,
        high=10,
        source="off; S22 names the benefit: penalties raise the cost of not performing",
    )
    dependence: Dependence = Dependence()
    """Direct effect of who one is on the log-odds; off."""


def keeping_log_odds(
    spec: Outcome,
    population: Population,
    people: Mapping[str, Any],
    trust: Array,
    capacity: Array,
    shock: Array,
) -> Array:
    """True log-odds that each citizen keeps an obligation in one period."""
    total: Array = (
        spec.base
        + spec.trust * trust
        + spec.capacity * capacity
        - spec.shock * shock
        + shift(spec.dependence, population, people)
    )
    if spec.penalty:
        total = total + spec.penalty * 2.0 * logistic(-trust)
    return total
