"""Outcomes: whether a citizen keeps an obligation, in two periods."""

from credit_ml.society.arrays import Array
from credit_ml.society.mechanisms.chance import logistic
from credit_ml.society.mechanisms.knobs import Knobs, knob
from credit_ml.society.mechanisms.population import Citizens, Dependence


class Outcome(Knobs):
    """Log-odds of keeping: ``base + trust + capacity - shock``, never who one is by default.

    A penalty (S22) raises them by ``penalty * 2 * logistic(-trust)``: most for those who would
    break an obligation, little for those who keep it anyway.
    """

    base: float = knob(
        2.2,
        "log-odds at mean trust and capacity",
        (-10, 10),
        "assumed: about 85 of 100 keep an obligation",
    )
    trust: float = knob(1.0, "log-odds per SD of trust", (-10, 10))
    capacity: float = knob(0.5, "log-odds per SD of capacity", (-10, 10))
    shock: float = knob(0.25, "log-odds lost per SD of the local shock", (-10, 10))
    penalty: float = knob(
        0.0,
        "log-odds gained at mean trust because breaking is punished",
        (0, 10),
        "off; S22 names the benefit: penalties raise the cost of not performing",
    )
    dependence: Dependence = Dependence()
    """Direct effect of who one is on the log-odds; off."""


def keeping_log_odds(
    spec: Outcome, people: Citizens, trust: Array, capacity: Array, shock: Array
) -> Array:
    """True log-odds that each citizen keeps an obligation in one period."""
    total: Array = (
        spec.base
        + spec.trust * trust
        + spec.capacity * capacity
        - spec.shock * shock
        + people.shift(spec.dependence)
    )
    if spec.penalty:
        total = total + spec.penalty * 2.0 * logistic(-trust)
    return total
